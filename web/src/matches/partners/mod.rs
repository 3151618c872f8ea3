//! Finding a partner: ranked cities with the reasons in both directions, ranked anew at once when a weight moves.
//!
//! The server ranks the whole directory and sends the best, with the values that the scores were made of. The browser runs the same function over what
//! it holds ([`shared::scoring::reweigh`]); when the weights have rested for a moment the server is asked with them, since the best of the whole directory
//! may be others.

mod candidate;
mod compare;
mod filters;
mod on_map;
mod own_weights;
mod reasons;
mod why_not;

use super::interest::InterestDialog;
use super::model::{self, CANDIDATES_MAX, Filters};
use super::searches::{self, Watched};
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, session, t, text};
use candidate::candidate;
use compare::compared;
use filters::{empty, filter_form, filter_words, weight_form};
use leptos::prelude::*;
use on_map::on_map;
use own_weights::OwnWeights;
use shared::cities::{CityAction, CityView};
use shared::ids::CityId;
use shared::matches::{MatchView, Suggestion, SuggestionPage};
use shared::preferences::WeightsView;
use shared::scoring::{Criterion, Facts, Weights};
use wasm_bindgen_futures::spawn_local;
use why_not::Question;

/// How many cards one press adds.
const STEP: usize = 12;

/// What the cards share. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
struct Search {
    own: State<Option<CityView>>,
    facts: State<Option<Facts>>,
    weights: State<Weights>,
    /// Whether a slider is being moved: what nobody sees follows when it rests.
    moving: State<bool>,
    candidates: Growing<Suggestion>,
    /// The cards that the browser says it draws; empty where it does not say.
    in_sight: Kept<Vec<CityId>>,
    compared: State<Vec<Suggestion>>,
    /// Hears that a city is ruled out, or is not any more. It outlives the card.
    ruled_out: Callback<(CityId, bool)>,
    /// The city of the interest dialog: id and name.
    wanted: State<Option<(CityId, String)>>,
    asking: State<bool>,
}

impl Search {
    /// A slider is being moved. Told once: each time all cards would ask whether it is news for them.
    fn moves(self) {
        if !self.moving.get_untracked() {
            self.moving.set(true);
        }
    }

    /// The browser begins or stops to draw a card.
    fn sees(self, id: CityId, seen: bool) {
        self.in_sight.try_update_value(|cards| {
            cards.retain(|known| *known != id);
            if seen {
                cards.push(id);
            }
        });
    }

    /// How many of these places reach down to the last card in sight; all where the browser does not say.
    fn depth_in_sight(self, places: &[usize]) -> usize {
        let is_seen = |at: &usize| {
            let id = candidate_id(self.candidates, *at);
            id.is_some_and(|id| self.in_sight.with_value(|cards| cards.contains(&id)))
        };
        places.iter().rposition(is_seen).map_or(places.len(), |last| last + 1)
    }
}

/// A city has been ruled out: it leaves the list at once, and the focus goes to the one that takes its place. One that is let in again is fetched with the others.
fn leave(
    candidates: Growing<Suggestion>,
    ranking: Derived<Vec<usize>>,
    compared: State<Vec<Suggestion>>,
    (id, out): (CityId, bool),
) {
    if !out {
        return candidates.reload();
    }
    let following = ranking.with_untracked(|ranking| {
        candidates.items.with_untracked(|items| {
            let items = items.as_deref().unwrap_or_default();
            let mut ranked = ranking.iter().filter_map(|&at| Some(items.get(at)?.city.id));
            ranked.find(|known| *known == id).and_then(|_| ranked.next())
        })
    });
    compared.try_update(|compared| compared.retain(|known| known.city.id != id));
    candidates.update(|items| items.retain(|known| known.city.id != id));
    candidates
        .total
        .try_update(|total| *total = total.map(|total| total.saturating_sub(1)));
    browser::focus_soon(following.map_or_else(|| "partners-count".to_owned(), |next| format!("partner-{next}")));
}

/// Finding a partner.
#[component]
pub fn PartnersPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    // Only the city's own staff has these; for others the usual weights count.
    let kept = load(move || client::get::<WeightsView>(format!("/cities/{}/weights", id.get())));
    let both = move |city: CityView| {
        live(move || match kept.get() {
            Load::Waiting => view! { <Skeleton lines=10/> }.into_any(),
            Load::Ready(kept) => view! { <Finder city=city.clone() kept=Some(kept)/> }.into_any(),
            Load::Failed(_) => view! { <Finder city=city.clone() kept=None/> }.into_any(),
        })
    };
    view! {
        <Loaded
            of=city
            view=move |city: CityView| {
                if !city.allowed.contains(&CityAction::FindPartners) {
                    let page = format!("/cities/{}", city.summary.id);
                    return view! {
                        <PageHeader title=t!("nav.find")/>
                        <EmptyState title=t!("partners.not_allowed") words=t!("partners.not_allowed_words")>
                            {(!session::is_signed_in()).then(|| view! { <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/> })}
                            <LinkButton href=page label=t!("edit.see_page") look=Look::Secondary/>
                        </EmptyState>
                    }
                        .into_any();
                }
                both(city)
            }
        />
    }
    .into_any()
}

#[component]
fn Finder(city: CityView, kept: Option<WeightsView>) -> impl IntoView {
    let id = city.summary.id;
    let population = city.summary.population;
    let set = app::query_setter();
    let names = Filters::NAMES.map(app::query);
    let filters = memo(move || {
        let [country, needs, offers, level, size, distance, open] = names.map(|value| value.get());
        Filters {
            country,
            needs,
            offers,
            level,
            size,
            distance,
            open,
        }
    });
    let in_address = app::query("weights");
    let own_weights = OwnWeights::of(id, kept);
    // Without weights in the address the city's own count.
    let from_address = move |text: &str| match text {
        "" => own_weights.now(),
        text => model::weights_from(text),
    };
    let weights = State::new(from_address(&in_address.get_untracked()));
    let facts = State::new(None::<Facts>);
    let shown = State::new(STEP);

    let asked_weights = memo(move || from_address(&in_address.get()));
    let candidates = grow(move |cursor: Option<String>| {
        let filters = filters.get();
        let weights = asked_weights.get();
        let mut query = vec![("limit", "100".to_owned())];
        query.extend(filters.request(population));
        if weights != Weights::default() {
            query.extend(
                Criterion::ALL
                    .iter()
                    .map(|criterion| (weight_name(*criterion), weights.of(*criterion).to_string())),
            );
        }
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let path = app::address(&format!("/cities/{id}/matches"), &query);
        async move {
            let page = client::get::<SuggestionPage>(path).await?;
            facts.try_set(Some(page.facts));
            Ok(Slice {
                items: page.items,
                next: page.next,
                total: Some(page.total),
            })
        }
    });
    let ranking = memo(move || {
        let weights = weights.get();
        candidates.items.with(|items| {
            items
                .as_ref()
                .map(|items| model::rank(items, &weights))
                .unwrap_or_default()
        })
    });
    let chosen = State::new(Vec::new());
    let search = Search {
        own: State::new(Some(city.clone())),
        facts,
        weights,
        moving: State::new(false),
        candidates,
        in_sight: Kept::new(Vec::new()),
        compared: chosen,
        ruled_out: Callback::new(move |news| leave(candidates, ranking, chosen, news)),
        wanted: State::new(None),
        asking: State::new(false),
    };

    effect(move || {
        filters.track();
        shown.set(STEP);
    });

    // The address follows the sliders when they rest; the way back moves the sliders, unless one is being moved.
    let turn = Kept::new(0u32);
    let moving = search.moving;
    Effect::new(move |before: Option<Weights>| {
        let now = weights.get();
        if before.is_some_and(|before| before != now) {
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let mine = turn.get_value();
            search.moves();
            spawn_local(async move {
                browser::rest(700).await;
                if turn.try_get_value() == Some(mine) {
                    moving.set(false);
                    let text = if now == own_weights.now() {
                        String::new()
                    } else {
                        model::weights_code(&now)
                    };
                    set.try_run(vec![("weights", text)]);
                }
            });
        }
        now
    });
    effect(move || {
        let wanted = asked_weights.get();
        if weights.get_untracked() != wanted && !moving.get_untracked() {
            weights.set(wanted);
        }
    });

    let held = move || candidates.items.with(|items| items.as_ref().map_or(0, Vec::len));
    let some = memo(move || held() > 0);
    let count = move || {
        if candidates.items.with(Option::is_none) {
            return String::new();
        }
        match candidates.total.get() {
            Some(total) => text!("partners.count", count = total),
            None => text!("partners.count", count = held()),
        }
    };
    let more = move |()| {
        let now = shown.get_untracked() + STEP;
        shown.set(now);
        if now + STEP > held() && held() < CANDIDATES_MAX {
            candidates.more();
        }
    };
    let there = Signal::derive(move || {
        shown.get() < held() || (candidates.next.with(Option::is_some) && held() < CANDIDATES_MAX)
    });
    let question = Question {
        search,
        filters,
        set,
        about: State::new(None),
    };
    let manages = city.allowed.contains(&CityAction::ManagePrivate);
    let watched = manages.then(|| Watched::of(id));
    let poor = city.need_statements.is_empty() || city.offer_statements.is_empty();
    let edit = Kept::new(format!("/cities/{id}/edit#needs"));
    let own_name = cities::label(&city.summary);
    let active = Signal::derive(move || filters.with(Filters::active));
    // What the filters say is a first name for the search.
    let name_of_search = Signal::derive(move || {
        let words: Vec<String> = active
            .get()
            .iter()
            .map(|(name, value)| filter_words(name, value))
            .collect();
        match words.is_empty() {
            true => text!("watch.any"),
            false => words.join(", "),
        }
    });
    let places = Kept::new(Vec::new());
    // Where they are in what is held: the same places may have others after one has left, so that this is no memo.
    let cards = move || {
        let shown = shown.get();
        let ranked = ranking.with(|ranking| ranking.iter().take(shown).copied().collect::<Vec<_>>());
        let now = match moving.get() {
            true => places.with_value(|before: &Vec<usize>| {
                model::settled_in_sight(before, &ranked, search.depth_in_sight(before))
            }),
            false => ranked,
        };
        places.set_value(now.clone());
        now
    };
    view! {
        <PageHeader
            title=t!("nav.find")
            crumbs=vec![Crumb::new("/cities", t!("nav.cities")), Crumb::new(format!("/cities/{id}"), own_name)]
            lead=t!("partners.lead", city = own_name.get())
        />
        {poor
            .then(|| {
                view! {
                    <div class="notice-frame">
                        <Notice>
                            <p>{t!("partners.poor")}</p>
                            <p><a href=edit.get_value()>{t!("partners.complete")}</a></p>
                        </Notice>
                    </div>
                }
            })}
        <div class="split split-filters">
            <div class="stack partners-side">
                <details class="disclosure" open=browser::is_wide()>
                    <summary>{t!("cities.filters")}</summary>
                    {filter_form(set, city.summary.country.clone())}
                </details>
                <details class="disclosure">
                    <summary>{t!("partners.weights")}</summary>
                    {weight_form(search, own_weights, own_name)}
                </details>
                {why_not::ask(question)}
                {watched.map(searches::list)}
                {manages
                    .then(|| {
                        view! { <p class="side-link"><a href=format!("/cities/{id}/bans")>{icon(Icon::Hidden)} <span>{t!("bans.title")}</span></a></p> }
                    })}
            </div>
            <section class="stack" aria-label=t!("cities.results")>
                <div class="row row-apart">
                    <p class="results-count" role="status" id="partners-count" tabindex="-1">{count}</p>
                    {watched.map(|watched| searches::save(watched, filters, weights, population, name_of_search))}
                </div>
                {filter_tags(active, filter_words, set)}
                {why_not::answer(question)}
                {live(move || {
                    if let Some(failure) = candidates.failure.get() {
                        return view! { <ProblemView failure=failure retry=move |()| candidates.reload()/> }.into_any();
                    }
                    match candidates.items.with(|items| items.as_ref().map(Vec::is_empty)) {
                        None => view! { <Skeleton lines=10/> }.into_any(),
                        Some(true) => empty(set, edit.get_value()),
                        Some(false) => ().into_any(),
                    }
                })}
                {live(move || some.get().then(|| on_map(search, cards)))}
                <ol class="partner-list">
                    {each(cards, move |at| candidate_id(candidates, *at), move |at| candidate(search, at))}
                </ol>
                <More there=there busy=candidates.busy on_more=more/>
                <p class="small soft">
                    {live(move || (candidates.total.get().is_some_and(|total| total > held() as u64)).then(|| text!("partners.held", count = held())))}
                </p>
                {compared(search)}
            </section>
        </div>
        {live(move || {
            let own = search.own.get();
            search
                .wanted
                .get()
                .zip(own)
                .map(|((to, to_name), own)| {
                    let told = move |made: MatchView| {
                        candidates.update(|items| {
                            if let Some(item) = items.iter_mut().find(|item| item.city.id == to) {
                                item.match_id = Some(made.id);
                            }
                        });
                    };
                    view! {
                        <InterestDialog
                            from=own.summary.id
                            from_name=cities::name(&own.summary)
                            to=to
                            to_name=Signal::stored(to_name)
                            open=search.asking
                            on_sent=told
                        />
                    }
                })
        })}
    }
    .into_any()
}

fn candidate_id(candidates: Growing<Suggestion>, at: usize) -> Option<CityId> {
    candidates
        .items
        .with_untracked(|items| items.as_ref()?.get(at).map(|item| item.city.id))
}

/// The name of a weight in the request.
const fn weight_name(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Needs => "w_needs",
        Criterion::Sdgs => "w_sdgs",
        Criterion::History => "w_history",
        Criterion::Size => "w_size",
        Criterion::Level => "w_level",
        Criterion::Languages => "w_languages",
        Criterion::Distance => "w_distance",
        Criterion::Country => "w_country",
        Criterion::Ties => "w_ties",
    }
}
