//! Finding a partner: ranked cities with the reasons in both directions, ranked anew at once when a weight moves.
//!
//! The server ranks the whole directory and sends the best, with the values that the scores were made of. The browser runs the same function over what
//! it holds ([`shared::scoring::reweigh`]); when the weights have rested for a moment the server is asked with them, since the best of the whole directory
//! may be others.

use super::interest::InterestDialog;
use super::model::{self, CANDIDATES_MAX, COMPARED_MAX, Filters};
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::{CityAction, CityView, Level};
use shared::ids::CityId;
use shared::matches::{MatchView, Suggestion, SuggestionPage};
use shared::scoring::{Criterion, Facts, Score, Weights, reweigh};
use shared::themes::Theme;
use wasm_bindgen_futures::spawn_local;

/// How many cards one press adds.
const STEP: usize = 12;

/// What the cards share. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
struct Search {
    own: RwSignal<Option<CityView>>,
    facts: RwSignal<Option<Facts>>,
    weights: RwSignal<Weights>,
    candidates: Growing<Suggestion>,
    compared: RwSignal<Vec<Suggestion>>,
    /// The city of the interest dialog: id and name.
    wanted: RwSignal<Option<(CityId, String)>>,
    asking: RwSignal<bool>,
}

/// Finding a partner.
#[component]
pub fn PartnersPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
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
                view! { <Finder city=city/> }.into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn Finder(city: CityView) -> impl IntoView {
    let id = city.summary.id;
    let population = city.summary.population;
    let set = app::query_setter();
    let names = Filters::NAMES.map(app::query);
    let filters = Memo::new(move |_| {
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
    let weights = RwSignal::new(model::weights_from(&in_address.get_untracked()));
    let facts = RwSignal::new(None::<Facts>);
    let shown = RwSignal::new(STEP);

    let asked_weights = Memo::new(move |_| model::weights_from(&in_address.get()));
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
    let compared = RwSignal::new(Vec::new());
    let search = Search {
        own: RwSignal::new(Some(city.clone())),
        facts,
        weights,
        candidates,
        compared,
        wanted: RwSignal::new(None),
        asking: RwSignal::new(false),
    };

    Effect::new(move |_| {
        filters.track();
        shown.set(STEP);
    });

    // The address follows the sliders when they rest; the way back moves the sliders, unless one is being moved.
    let turn = StoredValue::new(0u32);
    let moving = StoredValue::new(false);
    Effect::new(move |before: Option<Weights>| {
        let now = weights.get();
        if before.is_some_and(|before| before != now) {
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let mine = turn.get_value();
            moving.set_value(true);
            spawn_local(async move {
                browser::rest(700).await;
                if turn.try_get_value() == Some(mine) {
                    moving.try_set_value(false);
                    set.try_run(vec![("weights", model::weights_text(&now))]);
                }
            });
        }
        now
    });
    Effect::new(move |_| {
        let wanted = asked_weights.get();
        if weights.get_untracked() != wanted && !moving.get_value() {
            weights.set(wanted);
        }
    });

    let ranking = Memo::new(move |_| {
        let weights = weights.get();
        candidates.items.with(|items| {
            items
                .as_ref()
                .map(|items| model::rank(items, &weights))
                .unwrap_or_default()
        })
    });
    let held = move || candidates.items.with(|items| items.as_ref().map_or(0, Vec::len));
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
    let poor = city.need_statements.is_empty() || city.offer_statements.is_empty();
    let edit = StoredValue::new(format!("/cities/{id}/edit#needs"));
    let own_name = cities::label(&city.summary);
    let active = Signal::derive(move || filters.with(Filters::active));
    let cards = move || {
        let shown = shown.get();
        ranking.with(|ranking| ranking.iter().take(shown).copied().collect::<Vec<_>>())
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
                <details class="disclosure" open>
                    <summary>{t!("cities.filters")}</summary>
                    <FilterForm set=set own_country=city.summary.country.clone()/>
                </details>
                <details class="disclosure">
                    <summary>{t!("partners.weights")}</summary>
                    <WeightForm weights=weights/>
                </details>
            </div>
            <section class="stack" aria-label=t!("cities.results")>
                <p class="results-count" role="status">{count}</p>
                {filter_tags(active, filter_words, set)}
                {move || {
                    if let Some(failure) = candidates.failure.get() {
                        return view! { <ProblemView failure=failure retry=move |()| candidates.reload()/> }.into_any();
                    }
                    match candidates.items.with(|items| items.as_ref().map(Vec::is_empty)) {
                        None => view! { <Skeleton lines=10/> }.into_any(),
                        Some(true) => empty(set, edit.get_value()),
                        Some(false) => ().into_any(),
                    }
                }}
                <ol class="partner-list">
                    <For each=cards key=move |at| candidate_id(candidates, *at) let:at>
                        {candidate(search, at)}
                    </For>
                </ol>
                <More there=there busy=candidates.busy on_more=more/>
                <p class="small soft">
                    {move || (candidates.total.get().is_some_and(|total| total > held() as u64)).then(|| text!("partners.held", count = held()))}
                </p>
                <Compared search=search/>
            </section>
        </div>
        {move || {
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
        }}
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
        Criterion::Size => "w_size",
        Criterion::Level => "w_level",
        Criterion::Languages => "w_languages",
        Criterion::Distance => "w_distance",
        Criterion::Country => "w_country",
        Criterion::Ties => "w_ties",
    }
}

fn filter_words(name: &str, value: &str) -> String {
    match name {
        "country" => intl::country(value),
        "level" => textf!("level.", value),
        "size" => textf!("partner_size.", value),
        "needs" => text!("cities.tag_need", theme = textf!("theme.", value)),
        "offers" => text!("cities.tag_offer", theme = textf!("theme.", value)),
        "distance" => text!(
            "partners.within",
            distance = intl::kilometres(value.parse().unwrap_or_default())
        ),
        _ => text!("cities.only_open"),
    }
}

fn empty(set: SetQuery, edit: String) -> AnyView {
    let clear = move |()| set.run(Filters::NAMES.map(|name| (name, String::new())).to_vec());
    view! {
        <EmptyState title=t!("partners.none") words=t!("partners.none_words")>
            <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/>
            <LinkButton href=edit label=t!("partners.complete") look=Look::Secondary/>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn FilterForm(set: SetQuery, own_country: String) -> impl IntoView {
    let field = |name: &'static str, id: &'static str| query_field(name, id, 0, set);
    let (country, level, size) = (
        field("country", "filter-country"),
        field("level", "filter-level"),
        field("size", "filter-size"),
    );
    let (needs, offers) = (field("needs", "filter-needs"), field("offers", "filter-offers"));
    let distance = field("distance", "filter-distance");
    let open_value = app::query("open");
    let open = RwSignal::new(open_value.get_untracked() == "yes");
    Effect::new(move |_| open.set(open_value.get() == "yes"));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) && (open_value.get_untracked() == "yes") != now {
            set.run(vec![("open", if now { "yes".to_owned() } else { String::new() })]);
        }
        now
    });
    // Partners are abroad.
    let countries = Signal::derive(move || {
        let mut all = intl::countries();
        all.retain(|(code, _)| *code != own_country);
        all
    });
    let levels = Signal::derive(|| {
        Level::ALL
            .iter()
            .map(|level| (level.code().to_owned(), textf!("level.", level.code())))
            .collect::<Vec<_>>()
    });
    let sizes = Signal::derive(|| {
        Filters::SIZES
            .iter()
            .map(|size| ((*size).to_owned(), textf!("partner_size.", *size)))
            .collect::<Vec<_>>()
    });
    let themes = Signal::derive(|| {
        Theme::ALL
            .iter()
            .map(|theme| (theme.slug().to_owned(), textf!("theme.", theme.slug())))
            .collect::<Vec<_>>()
    });
    let distances = Signal::derive(|| {
        Filters::DISTANCES
            .iter()
            .map(|far| ((*far).to_owned(), filter_words("distance", far)))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="stack" role="search" aria-label=t!("cities.filters") on:submit=|event| event.prevent_default()>
            <Select field=country label=t!("cities.country") options=countries none=t!("cities.any_country")/>
            <Select field=offers label=t!("partners.offers") options=themes none=t!("cities.any_theme")/>
            <Select field=needs label=t!("partners.needs") options=themes none=t!("cities.any_theme")/>
            <Select field=level label=t!("partners.level") options=levels none=t!("partners.any_level")/>
            <Select field=size label=t!("partners.size") options=sizes none=t!("partners.any_size")/>
            <Select field=distance label=t!("map.distance") options=distances none=t!("partners.any_distance")/>
            <Checkbox id="filter-open" label=t!("cities.only_open") checked=open/>
        </form>
    }
    .into_any()
}

/// A slider for each criterion; the list follows at once.
#[component]
fn WeightForm(weights: RwSignal<Weights>) -> impl IntoView {
    let sliders = Criterion::ALL
        .iter()
        .map(|&criterion| {
            let value = RwSignal::new(f64::from(weights.with_untracked(|weights| weights.of(criterion))));
            Effect::new(move |_| {
                let wanted = f64::from(weights.with(|weights| weights.of(criterion)));
                if value.get_untracked() != wanted {
                    value.set(wanted);
                }
            });
            Effect::new(move |before: Option<f64>| {
                let now = value.get();
                if before.is_some_and(|before| before != now) {
                    let changed = model::with_weight(weights.get_untracked(), criterion, now as u32);
                    if changed != weights.get_untracked() {
                        weights.set(changed);
                    }
                }
                now
            });
            view! {
                <Slider
                    id=format!("weight-{}", criterion.code())
                    label=tf!("criterion.", criterion.code())
                    value=value
                    words=|value: f64| match value as u32 {
                        0 => text!("partners.weight_none"),
                        _ => intl::number(value),
                    }
                />
            }
        })
        .collect_view();
    view! {
        <div class="stack">
            <p class="small soft">{t!("partners.weights_words")}</p>
            {sliders}
            <div>
                <Button label=t!("partners.reset") look=Look::Secondary icon=Icon::Undo on_press=move |()| weights.set(Weights::default())/>
            </div>
        </div>
    }
    .into_any()
}

/// One candidate: who, how well it fits, what each would gain, why.
fn candidate(search: Search, at: usize) -> AnyView {
    let Some(item) = search
        .candidates
        .items
        .with_untracked(|items| items.as_ref()?.get(at).cloned())
    else {
        return ().into_any();
    };
    let id = item.city.id;
    // The match can come while the card is there.
    let in_contact = Memo::new(move |_| {
        search.candidates.items.with(|items| {
            items
                .as_ref()
                .and_then(|items| items.iter().find(|item| item.city.id == id))
                .is_some_and(|item| item.match_id.is_some())
        })
    });
    let score = {
        let given = item.score.clone();
        Memo::new(move |_| reweigh(&given, &search.weights.get()))
    };
    let item = StoredValue::new(item);
    let city = move || item.with_value(|item| item.city.clone());
    let name = Signal::derive(move || item.with_value(|item| cities::name(&item.city)));
    let own_name = Signal::derive(move || {
        search
            .own
            .with(|own| own.as_ref().map(|own| cities::name(&own.summary)).unwrap_or_default())
    });
    let line = move || {
        let city = city();
        let mut parts = vec![cities::kind_and_country(&city)];
        parts.extend(city.population.map(|count| text!("cities.population", count = count)));
        parts.extend(
            item.with_value(|item| item.distance_km)
                .map(|km| intl::kilometres(f64::from(km))),
        );
        parts.join(" · ")
    };
    let whole = Signal::derive(move || score.with(|score| model::share(score.total, score)));
    let gains = move || {
        search.facts.with(|us| {
            us.as_ref()
                .map(|us| item.with_value(|item| gains(us, &item.facts, name)))
        })
    };
    let reasons = Signal::derive(move || {
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
    let interested = move |()| {
        search.wanted.set(Some((id, name.get_untracked())));
        // The dialog is made with the city; it opens once it is there.
        spawn_local(async move {
            browser::rest(0).await;
            search.asking.try_set(true);
        });
    };
    let why_open = RwSignal::new(false);
    let why = NodeRef::<leptos::html::Details>::new();
    view! {
        <li>
            <article class="card partner">
                <div class="partner-head">
                    <div>
                        <h2 class="card-title"><a href=format!("/cities/{id}")>{name}</a></h2>
                        {move || cities::official_name(&city()).map(|official| view! { <p class="small soft">{official}</p> })}
                        <p class="small">{line}</p>
                    </div>
                    <p class="partner-score">
                        <span class="unseen">{t!("partners.score")} " "</span>
                        <strong class="numeric">{move || intl::percent((whole.get() * 100.0).round() / 100.0)}</strong>
                        {move || bar(whole.get())}
                    </p>
                </div>
                {move || city().open_to_partners.then(|| view! { <p><Badge label=t!("cities.open") tone=BadgeTone::Accent/></p> })}
                {gains}
                <details class="twin why" node_ref=why on:toggle=move |_| why_open.set(why.get_untracked().is_some_and(|details| details.open()))>
                    <summary>{t!("partners.why")} <span class="unseen">" " {name}</span></summary>
                    {move || {
                        why_open
                            .get()
                            .then(|| {
                                view! {
                                    <p class="small soft">{t!("partners.why_words")}</p>
                                    <Reasons
                                        label=t!("partners.reasons", city = name.get())
                                        forward=t!("partners.for", city = own_name.get())
                                        backward=t!("partners.for", city = name.get())
                                        reasons=reasons
                                    />
                                }
                            })
                    }}
                </details>
                <div class="row">
                    {move || {
                        if in_contact.get() {
                            view! { <a class="button button-secondary" href="/matches">{icon(Icon::Mail)} <span>{t!("partners.in_contact")}</span></a> }.into_any()
                        } else {
                            view! { <Button label=t!("interest.begin") about=name icon=Icon::Send on_press=interested/> }.into_any()
                        }
                    }}
                    <Button label=t!("partners.compare") about=name look=Look::Secondary icon=Icon::Compare pressed=is_compared on_press=compare/>
                </div>
            </article>
        </li>
    }
    .into_any()
}

fn bar(share: f64) -> AnyView {
    crate::ui::chart::bar(share, "bar-a")
}

/// What each side would gain, in words: the sentence that decides.
fn gains(us: &Facts, them: &Facts, name: Signal<String>) -> AnyView {
    let themes = |met: Vec<(Theme, shared::cities::Urgency)>| -> Vec<Theme> {
        met.into_iter().map(|(theme, _)| theme).collect()
    };
    let (for_us, for_them) = (
        themes(model::met(&us.needs, &them.offers)),
        themes(model::met(&them.needs, &us.offers)),
    );
    let words = |themes: Vec<Theme>| {
        move || {
            intl::list(
                &themes
                    .iter()
                    .map(|theme| textf!("theme.", theme.slug()))
                    .collect::<Vec<_>>(),
            )
        }
    };
    let nothing = for_us.is_empty() && for_them.is_empty();
    view! {
        <dl class="gains">
            {(!for_us.is_empty()).then(|| view! { <div class="gains-a"><dt>{t!("partners.brings", city = name.get())}</dt> <dd>{words(for_us)}</dd></div> })}
            {(!for_them.is_empty()).then(|| view! { <div class="gains-b"><dt>{t!("partners.receives", city = name.get())}</dt> <dd>{words(for_them)}</dd></div> })}
            {nothing.then(|| view! { <div><dt class="unseen">{t!("chart.detail")}</dt> <dd class="soft">{t!("partners.no_exchange")}</dd></div> })}
        </dl>
    }
    .into_any()
}

/// The reasons of a score as bars, the weightiest first.
fn reasons(us: &Facts, item: &Suggestion, score: &Score) -> Vec<Reason> {
    let mut all: Vec<Reason> = score
        .reasons
        .iter()
        .filter(|reason| reason.weight > 0)
        .map(|reason| Reason {
            label: textf!("criterion.", reason.criterion.code()),
            detail: finding(reason.criterion, us, item),
            forward: model::share(reason.contribution_for_us, score),
            backward: model::share(reason.contribution_for_them, score),
        })
        .collect();
    all.sort_by(|a, b| (b.forward + b.backward).total_cmp(&(a.forward + a.backward)));
    all
}

/// What was found for one criterion, in words.
fn finding(criterion: Criterion, us: &Facts, item: &Suggestion) -> String {
    let them = &item.facts;
    match criterion {
        Criterion::Needs => {
            let (ours, theirs) = (
                model::met(&us.needs, &them.offers).len(),
                model::met(&them.needs, &us.offers).len(),
            );
            let theirs = text!("finding.needs_theirs", count = theirs);
            format!("{} {theirs}", text!("finding.needs_ours", count = ours))
        }
        Criterion::Sdgs => match model::shared_goals(us, them)[..] {
            [] => text!("finding.no_goals"),
            ref goals => text!(
                "finding.goals",
                goals = intl::list(&goals.iter().map(ToString::to_string).collect::<Vec<_>>())
            ),
        },
        Criterion::Size => match (us.population, them.population) {
            (Some(ours), Some(theirs)) => text!("finding.size", ours = intl::count(ours), theirs = intl::count(theirs)),
            _ => text!("finding.unknown"),
        },
        Criterion::Level if us.level == them.level => {
            text!("finding.same_level", level = textf!("level.", us.level.code()))
        }
        Criterion::Level => text!(
            "finding.levels",
            ours = textf!("level.", us.level.code()),
            theirs = textf!("level.", them.level.code())
        ),
        Criterion::Languages => match &model::shared_languages(us, them)[..] {
            [] => text!("finding.no_language"),
            shared => intl::list(&shared.iter().map(|tag| intl::language_name(tag)).collect::<Vec<_>>()),
        },
        Criterion::Distance => item
            .distance_km
            .map_or_else(|| text!("finding.unknown"), |km| intl::kilometres(f64::from(km))),
        Criterion::Country => {
            let wanted = us.wanted_countries.contains(&them.country);
            let wants = them.wanted_countries.contains(&us.country);
            match (wanted, wants) {
                (true, true) => text!("finding.country_both"),
                (true, false) => text!("finding.country_ours"),
                (false, true) => text!("finding.country_theirs"),
                (false, false) => text!("finding.country_none"),
            }
        }
        Criterion::Ties => match (
            us.partner_countries.contains(&them.country),
            them.partner_countries.contains(&us.country),
        ) {
            (false, false) => text!("finding.no_ties"),
            (true, false) => text!("finding.ties_ours", country = intl::country(&them.country)),
            (false, true) => text!("finding.ties_theirs", country = intl::country(&us.country)),
            (true, true) => text!("finding.ties_both"),
        },
    }
}

/// Two or three candidates side by side.
#[component]
fn Compared(search: Search) -> impl IntoView {
    let open = RwSignal::new(false);
    let picked = search.compared;
    Effect::new(move |_| {
        if picked.with(Vec::len) < 2 {
            open.set(false);
        }
    });
    let table = move || {
        let picked = picked.get();
        let us = search.facts.get();
        let columns: Vec<Column> = std::iter::once(Column::plain(t!("chart.criterion")))
            .chain(picked.iter().map(|item| Column::plain(cities::label(&item.city))))
            .collect();
        let row = |label: Signal<String>, cell: &dyn Fn(&Suggestion) -> AnyView| {
            let cells = picked
                .iter()
                .map(|item| view! { <td data-label=cities::label(&item.city)>{cell(item)}</td> })
                .collect_view();
            view! { <tr><th scope="row">{label}</th> {cells}</tr> }.into_any()
        };
        let weights = search.weights.get();
        let mut rows = vec![
            row(t!("partners.score"), &|item| {
                let score = reweigh(&item.score, &weights);
                let share = model::share(score.total, &score);
                view! { <strong class="numeric">{move || intl::percent((share * 100.0).round() / 100.0)}</strong> {bar(share)} }.into_any()
            }),
            row(t!("city.population"), &|item| {
                let count = item.city.population;
                (move || count.map_or_else(|| text!("finding.unknown"), intl::count)).into_any()
            }),
        ];
        if let Some(us) = &us {
            let list = |met: Vec<(Theme, shared::cities::Urgency)>| {
                (move || match met.is_empty() {
                    true => text!("partners.nothing"),
                    false => intl::list(
                        &met.iter()
                            .map(|(theme, _)| textf!("theme.", theme.slug()))
                            .collect::<Vec<_>>(),
                    ),
                })
                .into_any()
            };
            rows.push(row(t!("partners.brings_us"), &|item| {
                list(model::met(&us.needs, &item.facts.offers))
            }));
            rows.push(row(t!("partners.receives_from_us"), &|item| {
                list(model::met(&item.facts.needs, &us.offers))
            }));
            for &criterion in Criterion::ALL
                .iter()
                .filter(|criterion| **criterion != Criterion::Needs)
            {
                rows.push(row(tf!("criterion.", criterion.code()), &|item| {
                    let (us, item) = (us.clone(), item.clone());
                    (move || finding(criterion, &us, &item)).into_any()
                }));
            }
        }
        view! { <Table caption=t!("partners.comparison") caption_unseen=true columns=columns>{rows}</Table> }
    };
    view! {
        {move || {
            let count = picked.with(Vec::len);
            (count > 0)
                .then(|| {
                    view! {
                        <div class="comparebar no-print" role="region" aria-label=t!("partners.comparison")>
                            <p role="status">
                                {if count < 2 { t!("partners.compare_one_more") } else { t!("partners.compare_count", count = count) }}
                            </p>
                            <div class="row">
                                {(count > 1)
                                    .then(|| view! { <Button label=t!("partners.compare_open") icon=Icon::Compare on_press=move |()| open.set(true)/> })}
                                <Button label=t!("partners.compare_clear") look=Look::Quiet on_press=move |()| search.compared.set(Vec::new())/>
                            </div>
                        </div>
                    }
                })
        }}
        <div class="dialog-wide">
            <Dialog id="comparison" title=t!("partners.comparison") open=open>{table}</Dialog>
        </div>
    }
    .into_any()
}
