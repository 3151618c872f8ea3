//! A cohort: what it offers, until when, who has signed and what is missing; how one joins it; for who leads it, all its letters.

use super::members::Members;
use super::place::Place;
use super::{letter_badge, letter_parts, signed_words, state_badge};
use crate::programmes::deadline::Deadline;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::cohorts::{CohortAction, CohortState, CohortView};
use shared::programmes::CallWindow;
use wasm_bindgen_futures::spawn_local;

/// A cohort.
#[component]
pub fn CohortPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let cohort = load(move || {
        // What one may do depends on who one is.
        known.track();
        client::get::<CohortView>(format!("/cohorts/{}", id.get()))
    });
    view! { <Loaded of=cohort lines=10 view=move |view: CohortView| page(cohort, view)/> }.into_any()
}

fn page(loading: Loading<CohortView>, of: CohortView) -> AnyView {
    let id = of.id;
    let may = |action: CohortAction| of.allowed.contains(&action);
    let (name, about, programme) = (of.name.clone(), of.about.clone(), of.programme_name.clone());
    let networks: Vec<String> = of.networks.iter().map(|network| network.name.clone()).collect();
    let (edits, adds, joins) = (
        may(CohortAction::Update),
        may(CohortAction::AddMember),
        may(CohortAction::Join),
    );
    let (joining, adding) = (State::new(false), State::new(false));
    let source = of.source.clone();
    view! {
        <PageHeader title=Signal::derive(move || i18n::own_text(&name)) crumbs=vec![Crumb::new("/cohorts", t!("cohorts.title"))]>
            {edits.then(|| view! { <LinkButton href=format!("/cohorts/{id}/edit") label=t!("cohorts.edit") look=Look::Secondary icon=Icon::Edit/> })}
        </PageHeader>
        <div class="split call-split">
            <aside class="call-aside">
                <div class="sheet stack">
                    {closing(&of)}
                    {joins.then(|| view! { <div><Button label=t!("cohorts.join") on_press=move |()| joining.set(true)/></div> })}
                    {adds.then(|| view! { <div><Button label=t!("cohorts.add") look=Look::Secondary icon=Icon::Plus on_press=move |()| adding.set(true)/></div> })}
                    {moves(&of, loading)}
                </div>
            </aside>
            <div class="stack stack-l call-words">
                <div class="stack">
                    <p class="row">{state_badge(of.state)} <span class="soft">{live(move || i18n::own_text(&programme))}</span></p>
                    <p class="measure">{live(move || i18n::own_text(&about))}</p>
                    <p class="small soft">{live(move || text!("cohorts.led_by", networks = intl::list(&networks)))}</p>
                    {source.map(|source| view! { <p class="small soft">{live(move || text!("cohorts.source", source = source.clone()))}</p> })}
                </div>
                {own(&of)}
                {standing(&of)}
                {levels(&of)}
                <Members of=of.clone() cohort=loading/>
            </div>
        </div>
        {joins.then(|| view! { <Place id="cohort-join" of=of.clone() own=true open=joining cohort=loading/> })}
        {adds.then(|| view! { <Place id="cohort-add" of=of.clone() own=false open=adding cohort=loading/> })}
    }
    .into_any()
}

/// Until when it is open, counted down; or since when it is closed.
fn closing(of: &CohortView) -> AnyView {
    if of.state == CohortState::Closed {
        let (closes_at, zone) = (of.closes_at, of.zone.clone());
        return view! { <p>{live(move || text!("cohorts.closed_at", time = intl::date_time_in(closes_at, &zone)))}</p> }
            .into_any();
    }
    let window = CallWindow {
        opens_at: of.server_time - chrono::TimeDelta::days(1),
        closes_at: of.closes_at,
        zone: of.zone.clone(),
        grace_s: 0,
    };
    view! { <Deadline window=window server_time=of.server_time/> }.into_any()
}

/// The places of the reader's own cities, with the way to their letters.
fn own(of: &CohortView) -> Option<AnyView> {
    if of.own.is_empty() {
        return None;
    }
    let items = of.own.iter().map(|member| {
        let (href, state, city) = (
            format!("/cohort-members/{}", member.id),
            member.letter_state,
            member.city_id,
        );
        let name = Signal::derive(move || {
            let cities = session::own_cities();
            cities
                .into_iter()
                .find(|(id, _)| *id == city)
                .map(|(_, name)| name)
                .unwrap_or_default()
        });
        view! {
            <li class="row">
                <a href=href>{live(move || text!("cohorts.letter_of", city = name.get()))}</a>
                {letter_badge(state, false)}
            </li>
        }
    });
    Some(
        view! {
            <section class="sheet stack" aria-labelledby="own-letters">
                <h2 id="own-letters">{t!("cohorts.own")}</h2>
                <ul class="organisation-list">{items.collect_any()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// How far it is: the letters as a bar, and what is missing.
fn standing(of: &CohortView) -> AnyView {
    let (counts, missing, late) = (of.counts, of.missing(), of.counts.late);
    let known = of.clone();
    let parts = Signal::derive(move || letter_parts(counts));
    let tone = if missing == 0 { Tone::Success } else { Tone::Info };
    view! {
        <section class="stack" aria-labelledby="cohort-standing">
            <h2 id="cohort-standing">{t!("cohorts.standing")}</h2>
            <Notice tone=tone>
                <p>
                    {live(move || signed_words(&known))} " "
                    {live(move || if missing == 0 { text!("cohorts.enough") } else { text!("cohorts.missing", count = missing) })}
                </p>
            </Notice>
            {(counts.all() > 0).then(|| view! { <StackedBar label=t!("cohorts.letters", count = counts.all()) parts=parts/> })}
            {(late > 0).then(|| view! { <p class="small">{t!("cohorts.late", count = late)}</p> })}
        </section>
    }
    .into_any()
}

fn levels(of: &CohortView) -> AnyView {
    let items = of.levels.iter().map(|level| {
        let (name, about) = (level.name.clone(), level.about.clone());
        view! {
            <li>
                <p><strong>{live(move || i18n::own_text(&name))}</strong></p>
                <p class="small">{live(move || i18n::own_text(&about))}</p>
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="cohort-levels">
            <h2 id="cohort-levels">{t!("cohorts.levels")}</h2>
            <ul class="organisation-list">{items.collect_any()}</ul>
        </section>
    }
    .into_any()
}

/// What who leads it does with all of it: close it early, open it again, delete it. Each has its way back.
fn moves(of: &CohortView, loading: Loading<CohortView>) -> AnyView {
    let (id, version) = (of.id, of.version);
    let may = |action: CohortAction| of.allowed.contains(&action);
    let busy = State::new(false);
    let go = app::navigator();
    let delete = move |()| {
        busy.set(true);
        spawn_local(async move {
            let gone = client::delete(format!("/cohorts/{id}"), version).await;
            busy.try_set(false);
            match gone {
                Ok(()) => {
                    let restore = Callback::new(move |()| {
                        spawn_local(async move {
                            // Deleting made a version; taking it back names that one.
                            let path = format!("/cohorts/{id}/restore");
                            match client::act::<_, CohortView>(path, version + 1, &()).await {
                                Ok(_) => {
                                    toast::say(text!("cohorts.restored"));
                                    go.try_run(format!("/cohorts/{id}"));
                                }
                                Err(failure) => toast::say(failure_sentence(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("cohorts.deleted"), restore);
                    go.try_run("/cohorts".to_owned());
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    view! {
        {may(CohortAction::Close)
            .then(|| view! { <div><Button label=t!("cohorts.close") look=Look::Secondary busy=busy on_press=move |()| close(loading, busy, id, version)/></div> })}
        {may(CohortAction::Reopen)
            .then(|| view! { <div><Button label=t!("cohorts.reopen") look=Look::Secondary busy=busy on_press=move |()| reopen(loading, id, version)/></div> })}
        {may(CohortAction::Delete)
            .then(|| view! { <div><Button label=t!("cohorts.delete") look=Look::Quiet icon=Icon::Delete busy=busy on_press=delete/></div> })}
    }
    .into_any()
}

fn close(loading: Loading<CohortView>, busy: State<bool>, id: shared::ids::CohortId, version: i64) {
    busy.set(true);
    spawn_local(async move {
        let answer = client::act::<_, CohortView>(format!("/cohorts/{id}/close"), version, &()).await;
        busy.try_set(false);
        match answer {
            Ok(view) => {
                let version = view.version;
                let undo = Callback::new(move |()| reopen(loading, id, version));
                toast::say_with_undo(text!("cohorts.closed"), undo);
                loading.set(view);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
    });
}

fn reopen(loading: Loading<CohortView>, id: shared::ids::CohortId, version: i64) {
    spawn_local(async move {
        match client::act::<_, CohortView>(format!("/cohorts/{id}/reopen"), version, &()).await {
            Ok(view) => {
                toast::say(text!("cohorts.reopened"));
                loading.set(view);
            }
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
    });
}
