//! One round: for its officers all of its life, for the staff of its cities their wishes and what it proposed to them, for
//! everybody what it says.

use super::answers::OwnPairs;
use super::members::Members;
use super::result::Outcome;
use super::state_badge;
use super::steps::{JobProgress, Moves};
use super::wishes::Wishes;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, tf};
use leptos::prelude::*;
use shared::rounds::{RoundAction, RoundState, RoundView, SideRules};

/// A round.
#[component]
pub fn RoundPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let round = load(move || {
        // Who asks decides what is told.
        known.track();
        client::get::<RoundView>(format!("/rounds/{}", id.get()))
    });
    view! { <Loaded of=round lines=10 view=move |view: RoundView| page(round, view)/> }.into_any()
}

fn page(round: Loading<RoundView>, view: RoundView) -> AnyView {
    let id = view.id;
    let title = {
        let name = view.name.clone();
        Signal::derive(move || i18n::own_text(&name))
    };
    let may = |action: RoundAction| view.allowed.contains(&action);
    let manages = may(RoundAction::Update) || may(RoundAction::ReadResult) || view.job_id.is_some();
    let about = view.about.clone();
    let programme = view.programme_name.clone();
    let (state, edits) = (view.state, may(RoundAction::Update));
    let shown = matches!(state, RoundState::Published | RoundState::Closed);
    let all = Kept::new(view.clone());
    let own = memo(|| !session::own_cities().is_empty());
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/rounds", t!("nav.rounds"))]>
            {edits.then(|| view! { <LinkButton href=format!("/rounds/{id}/edit") label=t!("rounds.edit") look=Look::Secondary icon=Icon::Edit/> })}
        </PageHeader>
        <div class="stack stack-l">
            <div class="stack">
                <p class="row">{state_badge(state)} <span class="soft">{live(move || i18n::own_text(&programme))}</span></p>
                {live(move || {
                    let words = i18n::own_text(&about);
                    (!words.is_empty()).then(|| view! { <p class="measure">{words}</p> })
                })}
            </div>
            {facts(&view)}
            {manages
                .then(|| {
                    view! {
                        <Moves round=round view=all/>
                        <JobProgress round=round view=all/>
                        <Outcome view=all/>
                        <Members round=round view=all/>
                    }
                })}
            {live(move || {
                (own.get() && !state.is_hidden())
                    .then(|| {
                        view! {
                            <Wishes view=all/>
                            {shown
                                .then(|| {
                                    view! {
                                        <section class="stack" aria-labelledby="own-pairs">
                                            <h2 id="own-pairs">{t!("round_pairs.title")}</h2>
                                            <OwnPairs round=id.to_string()/>
                                        </section>
                                    }
                                })}
                        }
                    })
            })}
        </div>
    }
    .into_any()
}

/// What a round says of itself.
fn facts(view: &RoundView) -> AnyView {
    let rules = &view.rules;
    let until = view.wishes_until;
    let mut rows: Vec<(Signal<String>, Signal<String>)> =
        vec![(t!("round_facts.mode"), tf!("round_mode.", rules.mode.code()))];
    for (index, side) in rules.sides.iter().enumerate() {
        let label = match (rules.sides.len(), index) {
            (1, _) => t!("round_facts.only_side"),
            (_, 0) => t!("round_facts.first_side"),
            _ => t!("round_facts.second_side"),
        };
        let (side, count) = (side.clone(), view.members.get(index).copied().unwrap_or(0));
        rows.push((label, Signal::derive(move || side_words(&side, count))));
    }
    if let Some(until) = until {
        rows.push((t!("round_facts.wishes"), Signal::derive(move || intl::date_time(until))));
    }
    if let Some(until) = view.answers_until {
        rows.push((
            t!("round_facts.answers"),
            Signal::derive(move || intl::date_time(until)),
        ));
    }
    if !rules.caps.is_empty() {
        let caps = rules.caps.clone();
        let words = move || {
            let caps = caps.iter().map(|cap| {
                format!(
                    "{} {}",
                    intl::country(&cap.country),
                    intl::number(f64::from(cap.places))
                )
            });
            intl::list(&caps.collect::<Vec<_>>())
        };
        rows.push((t!("round_facts.caps"), Signal::derive(words)));
    }
    if !rules.priorities.is_empty() {
        let priorities = rules.priorities.clone();
        let words = move || {
            let all = priorities
                .iter()
                .map(|priority| format!("{} +{}", priority.region, priority.points));
            intl::list(&all.collect::<Vec<_>>())
        };
        rows.push((t!("round_facts.priorities"), Signal::derive(words)));
    }
    let rows = rows
        .into_iter()
        .map(|(label, words)| view! { <div><dt>{label}</dt><dd>{words}</dd></div> })
        .collect_any();
    view! { <dl class="facts">{rows}</dl> }.into_any()
}

/// A side in words: its name, its members, whom it takes.
fn side_words(side: &SideRules, count: u32) -> String {
    let mut parts = vec![i18n::own_text(&side.name), text!("rounds.members", count = count)];
    if !side.countries.is_empty() {
        let countries: Vec<String> = side.countries.iter().map(|code| intl::country(code)).collect();
        parts.push(intl::list(&countries));
    }
    parts.push(text!("rounds.places", count = side.places));
    parts.join(" · ")
}
