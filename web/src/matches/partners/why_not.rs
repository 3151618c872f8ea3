//! "Why not this city?": for any city by its name, what keeps it from being suggested, or where it stands and why, in both directions.
//!
//! All of it is asked of the same ranking and the same lists that the rest of the app reads; a city that the other side does not want to be matched with looks as one
//! that cannot be suggested for any other reason.

use super::Search;
use super::filters::filter_words;
use super::reasons::reasons;
use crate::matches::model::{self, COMPARED_MAX, Filters};
use crate::matches::saved;
use crate::ui::chart;
use crate::ui::filters::SetQuery;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, split, t, text};
use leptos::prelude::*;
use shared::cities::CityView;
use shared::ids::CityId;
use shared::matches::{BanPage, MatchPage, MatchState, Suggestion, SuggestionPage};
use shared::partnerships::PartnershipPage;
use shared::scoring::{Criterion, Weights, reweigh};

/// Pages of cities as large as the one that is asked about: so many are looked through for it.
const PAGES_MAX: usize = 5;

/// What the question needs of the page.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub(super) search: Search,
    pub(super) filters: Derived<Filters>,
    pub(super) set: SetQuery,
    /// The city that is asked about.
    pub(super) about: State<Option<CityId>>,
}

/// The field that asks.
pub(super) fn ask(question: Question) -> AnyView {
    let words = State::new(String::new());
    let pick = move |choice: Choice| {
        question.about.set(choice.value.parse().ok());
        words.set(String::new());
    };
    view! {
        <Combobox
            id="why-not-search"
            label=t!("why_not.ask")
            hint=t!("parties.add_hint")
            text=words
            source=cities::search_source()
            on_pick=pick
        />
    }
    .into_any()
}

/// The answer, above the ranking.
pub(super) fn answer(question: Question) -> AnyView {
    live(move || question.about.get().map(|id| later(4, move || answered(question, id))))
}

// Few come to ask.
split!(
    why_not,
    fn answered(question: Question, id: CityId) -> AnyView {
        answer_for(question, id)
    }
);

fn answer_for(question: Question, id: CityId) -> AnyView {
    let city = load(move || client::get::<CityView>(format!("/cities/{id}")));
    view! { <Loaded of=city lines=4 view=move |city: CityView| told(question, city)/> }.into_any()
}

fn told(question: Question, city: CityView) -> AnyView {
    let Some(own) = question.search.own.get_untracked() else {
        return ().into_any();
    };
    let (own_id, id) = (own.summary.id, city.summary.id);
    let partnerships = load(move || {
        let query = [("city_id", id.to_string()), ("limit", "1".to_owned())];
        client::get::<PartnershipPage>(app::address(&format!("/cities/{own_id}/partnerships"), &query))
    });
    let matches = load(move || {
        client::get::<MatchPage>(app::address(
            "/matches",
            &[("city_id", own_id.to_string()), ("limit", "100".to_owned())],
        ))
    });
    let bans = load(move || client::get::<BanPage>(format!("/cities/{own_id}/bans?limit=100")));
    let asked = city.clone();
    let weights = question.search.weights.get_untracked();
    let found = load(move || find(own_id, asked.clone(), weights));
    let same_country = own.summary.country == city.summary.country;
    let name = cities::label(&city.summary);
    let close = move |()| {
        question.about.set(None);
        browser::focus_soon("why-not-search");
    };
    let facts = move || {
        let (partnerships, matches, bans) = (partnerships.ready(), matches.ready(), bans.ready());
        let mut lines: Vec<AnyView> = Vec::new();
        if own_id == id {
            lines.push(line(t!("why_not.own"), None));
        } else if same_country {
            lines.push(line(t!("why_not.own_country"), None));
        }
        if let Some(shared) = partnerships.and_then(|page| page.items.into_iter().next()) {
            lines.push(line(
                t!("why_not.partners", name = shared.name.clone()),
                Some((format!("/partnerships/{}", shared.id), t!("map.open"))),
            ));
        }
        let told = matches.and_then(|page| {
            page.items
                .into_iter()
                .find(|item| item.initiator.id == id || item.responder.id == id)
        });
        match told.map(|item| item.state) {
            Some(state) if state.is_open() => lines.push(line(
                t!("why_not.in_contact"),
                Some(("/matches".to_owned(), t!("nav.matches"))),
            )),
            Some(MatchState::Declined) => lines.push(line(t!("why_not.declined"), None)),
            _ => {}
        }
        if bans.is_some_and(|page| page.items.iter().any(|ban| ban.city.id == id)) {
            lines.push(line(
                t!("why_not.banned"),
                Some((format!("/cities/{own_id}/bans"), t!("bans.title"))),
            ));
        }
        lines
    };
    let body = move || match found.get() {
        Load::Waiting => view! { <Skeleton lines=4/> }.into_any(),
        Load::Failed(failure) => view! { <ProblemView failure=failure/> }.into_any(),
        Load::Ready(found) => {
            let known = facts();
            match found {
                Some(item) => {
                    let lines = (!known.is_empty()).then(|| view! { <ul class="why-not-lines">{known}</ul> });
                    view! { {lines} {standing(question, item)} }.into_any()
                }
                None if known.is_empty() => {
                    view! { <ul class="why-not-lines">{line(t!("why_not.unknown"), None)}</ul> }.into_any()
                }
                None => view! { <ul class="why-not-lines">{known}</ul> }.into_any(),
            }
        }
    };
    browser::focus_soon("why-not");
    view! {
        <section class="card why-not" aria-labelledby="why-not">
            <div class="row row-apart">
                <h2 id="why-not" class="card-title" tabindex="-1">{t!("why_not.title", city = name.get())}</h2>
                <IconButton label=t!("action.close") icon=Icon::Close on_press=close/>
            </div>
            {live(body)}
        </section>
    }
    .into_any()
}

fn line(words: Signal<String>, link: Option<(String, Signal<String>)>) -> AnyView {
    view! {
        <li>
            {icon(Icon::Info)}
            <span>{words} {link.map(|(href, label)| view! { " " <a href=href>{label}</a> })}</span>
        </li>
    }
    .into_any()
}

/// The city as the ranking has it, whatever the filters of the page say.
async fn find(own: CityId, city: CityView, weights: Weights) -> client::Answer<Option<Suggestion>> {
    let mut query = vec![
        ("limit", "100".to_owned()),
        ("include_own_country", "true".to_owned()),
        ("kind", city.summary.kind.code().to_owned()),
    ];
    // Of the same size are few: among them it is found at once.
    if let Some(population) = city.summary.population {
        query.push(("population_min", population.to_string()));
        query.push(("population_max", population.to_string()));
    }
    query.extend(
        Criterion::ALL
            .iter()
            .map(|criterion| (super::weight_name(*criterion), weights.of(*criterion).to_string())),
    );
    let mut cursor = None::<String>;
    for _ in 0..PAGES_MAX {
        let mut asked = query.clone();
        asked.extend(cursor.take().map(|cursor| ("cursor", cursor)));
        let page = client::get::<SuggestionPage>(app::address(&format!("/cities/{own}/matches"), &asked)).await?;
        let found = page.items.into_iter().find(|item| item.city.id == city.summary.id);
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        cursor = page.next;
    }
    Ok(None)
}

/// Where it stands among the others, which filters leave it out, and its reasons.
fn standing(question: Question, item: Suggestion) -> AnyView {
    let search = question.search;
    let score = {
        let given = item.score.clone();
        memo(move || reweigh(&given, &search.weights.get()))
    };
    let own_population = search
        .own
        .with_untracked(|own| own.as_ref().and_then(|own| own.summary.population));
    let id = item.city.id;
    let name = cities::label(&item.city);
    let own_name = Signal::derive(move || {
        search
            .own
            .with(|own| own.as_ref().map(|own| cities::name(&own.summary)).unwrap_or_default())
    });
    let item = Kept::new(item);
    let whole = Signal::derive(move || score.with(|score| model::share(score.total, score)));
    let out = memo(move || {
        question
            .filters
            .with(|filters| item.with_value(|item| saved::left_out(filters, own_population, item)))
    });
    let place = move || {
        let mine = score.with(|score| score.total);
        let weights = search.weights.get();
        search.candidates.items.with(|items| {
            let items = items.as_deref().unwrap_or_default();
            let before = items
                .iter()
                .filter(|other| other.city.id != id && reweigh(&other.score, &weights).total > mine)
                .count();
            match before < items.len() || search.candidates.next.with(Option::is_none) {
                true => text!("why_not.place", place = intl::number((before + 1) as f64)),
                false => text!("why_not.after", count = items.len()),
            }
        })
    };
    let why = Signal::derive(move || {
        search.facts.with(|us| {
            us.as_ref()
                .map(|us| item.with_value(|item| score.with(|score| reasons(us, item, score))))
                .unwrap_or_default()
        })
    });
    let is_compared = Signal::derive(move || {
        search
            .compared
            .with(|compared| compared.iter().any(|known| known.city.id == id))
    });
    let compare = move |()| {
        search
            .compared
            .update(|compared| match compared.iter().position(|known| known.city.id == id) {
                Some(at) => {
                    compared.remove(at);
                }
                None if compared.len() < COMPARED_MAX => compared.push(item.get_value()),
                None => toast::say(text!("partners.compare_full", count = COMPARED_MAX)),
            });
    };
    let drop = move |()| {
        let names = out.with_untracked(|out| out.iter().map(|(name, _)| (*name, String::new())).collect::<Vec<_>>());
        question.set.run(names);
    };
    view! {
        <p class="why-not-score">
            <span>{t!("partners.score")} " "</span>
            <strong class="numeric">{live(move || intl::percent((whole.get() * 100.0).round() / 100.0))}</strong>
            {live(move || chart::bar(whole.get(), "bar-a"))}
        </p>
        {live(move || {
            let out = out.get();
            if out.is_empty() {
                return view! { <p>{live(place)}</p> }.into_any();
            }
            let words = intl::list(&out.iter().map(|(name, value)| filter_words(name, value)).collect::<Vec<_>>());
            view! {
                <p>{t!("why_not.filtered", filters = words.clone())}</p>
                <p><Button label=t!("why_not.drop") look=Look::Secondary icon=Icon::Filter on_press=drop/></p>
            }
                .into_any()
        })}
        <p class="small soft">{t!("partners.why_words")}</p>
        <Reasons
            label=t!("partners.reasons", city = name.get())
            forward=t!("partners.for", city = own_name.get())
            backward=t!("partners.for", city = name.get())
            reasons=why
        />
        <div class="row">
            <LinkButton href=format!("/cities/{id}") label=t!("why_not.page") look=Look::Secondary icon=Icon::Place/>
            <Button label=t!("partners.compare") about=name look=Look::Secondary icon=Icon::Compare pressed=is_compared on_press=compare/>
        </div>
    }
    .into_any()
}
