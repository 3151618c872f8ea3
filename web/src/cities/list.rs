//! The directory: searched, filtered, sorted, and shown as cards that lead to each city. Its whole state is in the address.

use super::model::{FILTERS, SORTS};
use crate::app::{self, address};
use crate::form::Field;
use crate::ui::prelude::*;
use crate::{client, i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::cities::{CityKind, CityPage, CitySummary};
use shared::themes::Theme;
use wasm_bindgen_futures::spawn_local;

const STEP: &str = "24";

/// The directory.
#[component]
pub fn CitiesPage() -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
    let sort = app::query("sort");
    let set = app::query_setter();
    let path = memo(move || {
        let order = sort.get();
        let order = if SORTS.contains(&order.as_str()) {
            order
        } else {
            String::new()
        };
        let mut pairs: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, value.get())).collect();
        pairs.push(("sort", order));
        pairs.push(("limit", STEP.to_owned()));
        address("/cities", &pairs)
    });
    let first = load(move || client::get::<CityPage>(format!("{}&count=true", path.get())));
    // What "show more" added to the first page; gone as soon as another question is asked.
    let added = State::new(Vec::<CitySummary>::new());
    let next = State::new(None::<String>);
    let more_busy = State::new(false);
    effect(move || {
        added.set(Vec::new());
        next.set(first.ready().and_then(|page| page.next));
    });
    let more = move |()| {
        let Some(cursor) = next.get_untracked() else { return };
        let asked = path.get_untracked();
        let question = format!("{asked}&cursor={}", crate::address::encode(&cursor));
        more_busy.set(true);
        spawn_local(async move {
            let answer = client::get::<CityPage>(question).await;
            more_busy.try_set(false);
            if path.try_get_untracked().as_deref() != Some(asked.as_str()) {
                return;
            }
            match answer {
                Ok(page) => {
                    let at = added.try_with_untracked(Vec::len).unwrap_or(0);
                    let first_new = page.items.first().map(|city| format!("city-{}", city.id));
                    added.try_update(|added| added.extend(page.items));
                    next.try_set(page.next);
                    // The press came from a button that may be gone now: the focus goes on to the first of the new ones.
                    if let Some(id) = first_new.filter(|_| at < 10_000) {
                        crate::browser::focus_soon(id);
                    }
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    let count = move || match first.get() {
        Load::Ready(page) => match page.total {
            Some(total) => text!("cities.count", count = total),
            None => text!("cities.shown", count = page.items.len() + added.with(Vec::len)),
        },
        _ => String::new(),
    };
    view! {
        <PageHeader title=t!("nav.cities") lead=t!("cities.lead")/>
        <div class="split split-filters">
            <Filters set=set/>
            <section class="stack" aria-label=t!("cities.results")>
                <div class="row row-apart">
                    <p class="results-count" role="status">{count}</p>
                    <SortChoice set=set/>
                </div>
                <Tags set=set/>
                {live(move || match first.get() {
                    Load::Waiting => view! { <Skeleton lines=8/> }.into_any(),
                    Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| first.reload()/> }.into_any(),
                    Load::Ready(page) if page.items.is_empty() => {
                        view! {
                            <EmptyState title=t!("cities.none") words=t!("cities.none_words")>
                                <Button
                                    label=t!("cities.clear")
                                    look=Look::Secondary
                                    on_press=move |()| set.run(FILTERS.map(|name| (name, String::new())).to_vec())
                                />
                            </EmptyState>
                        }
                            .into_any()
                    }
                    Load::Ready(page) => {
                        view! {
                            <ul class="grid plain-grid">
                                {page.items.into_iter().map(city_card).collect_any()}
                                {each(move || added.get(), |city| city.id, city_card)}
                            </ul>
                        }
                            .into_any()
                    }
                })}
                <More there=Signal::derive(move || next.with(Option::is_some)) busy=more_busy on_more=more/>
            </section>
        </div>
    }
    .into_any()
}

/// A city among others: name, official name, kind and country, inhabitants, what it needs and offers.
pub fn city_card(city: CitySummary) -> AnyView {
    let id = city.id;
    let city = Kept::new(city);
    let themes = |label: Signal<String>, slugs: Vec<Theme>| {
        (!slugs.is_empty()).then(|| {
            view! {
                <p class="small soft theme-line">
                    {label} " "
                    {live(move || intl::list(&slugs.iter().map(|theme| textf!("theme.", theme.slug())).collect::<Vec<_>>()))}
                </p>
            }
        })
    };
    let (population, open, needs, offers) = city.with_value(|city| {
        (
            city.population,
            city.open_to_partners,
            city.needs.clone(),
            city.offers.clone(),
        )
    });
    view! {
        <li>
            <article class="card">
                <p class="card-over">{live(move || city.with_value(super::kind_and_country))}</p>
                <h2 class="card-title">
                    <a class="card-link" id=format!("city-{id}") href=format!("/cities/{id}")>{live(move || city.with_value(super::name))}</a>
                </h2>
                {live(move || city.with_value(super::official_name).map(|name| view! { <p class="small soft">{name}</p> }))}
                {population.map(|count| view! { <p class="small">{t!("cities.population", count = count)}</p> })}
                {themes(t!("cities.needs"), needs)}
                {themes(t!("cities.offers"), offers)}
                {open.then(|| view! { <p><Badge label=t!("cities.open") tone=BadgeTone::Accent/></p> })}
            </article>
        </li>
    }
    .into_any()
}

/// The filters beside the list; each change asks anew at once, words after a moment's rest.
#[component]
fn Filters(set: Callback<Vec<(&'static str, String)>>) -> impl IntoView {
    let fields = [
        ("q", "q"),
        ("country", "filter-country"),
        ("kind", "filter-kind"),
        ("need", "filter-need"),
        ("offer", "filter-offer"),
    ]
    .map(|(name, id)| {
        let value = app::query(name);
        let field = Field::alone(id, value.get_untracked());
        // The address changes the field (a tag taken away, the way back), the field changes the address.
        effect(move || {
            let wanted = value.get();
            if field.text.with_untracked(|text| text.trim() != wanted) {
                field.text.set(wanted);
            }
        });
        let turn = Kept::new(0u32);
        Effect::new(move |before: Option<String>| {
            let text = field.text.with(|text| text.trim().to_owned());
            if before.as_ref().is_some_and(|before| *before != text) && value.get_untracked() != text {
                turn.update_value(|turn| *turn = turn.wrapping_add(1));
                let mine = turn.get_value();
                let sent = text.clone();
                spawn_local(async move {
                    crate::browser::rest(if name == "q" { 250 } else { 0 }).await;
                    if turn.try_get_value() == Some(mine) {
                        set.try_run(vec![(name, sent)]);
                    }
                });
            }
            text
        });
        field
    });
    let [q, country, kind, need, offer] = fields;
    let open_value = app::query("open_to_partners");
    let open = State::new(open_value.get_untracked() == "true");
    effect(move || open.set(open_value.get() == "true"));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) && (open_value.get_untracked() == "true") != now {
            set.run(vec![(
                "open_to_partners",
                if now { "true".to_owned() } else { String::new() },
            )]);
        }
        now
    });
    let wide = crate::browser::is_wide();
    let kinds = Signal::derive(|| {
        CityKind::ALL
            .iter()
            .map(|kind| (kind.code().to_owned(), textf!("city_kind.", kind.code())))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="filters stack" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <TextField field=q label=t!("cities.words") hint=t!("cities.words_hint") kind=Kind::Search optional=false/>
            // Folded on a narrow screen, where the results would otherwise begin below it.
            <details class="filters-fold" prop:open=wide>
            <summary>{t!("cities.more_filters")}</summary>
            <div class="stack">
            <Select field=country label=t!("cities.country") options=Signal::derive(intl::countries) none=t!("cities.any_country")/>
            <Select field=kind label=t!("cities.kind") options=kinds none=t!("cities.any_kind")/>
            <Select field=need label=t!("cities.need") options=Signal::derive(i18n::themes) none=t!("cities.any_theme")/>
            <Select field=offer label=t!("cities.offer") options=Signal::derive(i18n::themes) none=t!("cities.any_theme")/>
            <Checkbox id="filter-open" label=t!("cities.only_open") checked=open/>
            </div>
            </details>
        </form>
    }
    .into_any()
}

#[component]
fn SortChoice(set: Callback<Vec<(&'static str, String)>>) -> impl IntoView {
    let sort = app::query("sort");
    let options = ["", SORTS[0], SORTS[1], SORTS[2]];
    view! {
        <label class="sort-choice">
            <span>{t!("cities.sort")}</span>
            <span class="select">
                <select class="input" on:change=on(move |event| set.run(vec![("sort", crate::browser::event_text(&event))]))>
                    {options
                        .into_iter()
                        .map(|value| {
                            let words = tf!("cities_sort.", if value.is_empty() { "best" } else { value });
                            view! { <option value=value selected=by(move || sort.with(|sort| sort == value))>{words}</option> }
                        })
                        .collect_any()}
                </select>
                {icon(Icon::ChevronDown)}
            </span>
        </label>
    }
    .into_any()
}

/// The active filters; a press takes one away.
#[component]
fn Tags(set: Callback<Vec<(&'static str, String)>>) -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
    let words = |name: &str, value: &str| match name {
        "q" => text!("cities.tag_words", text = value),
        "country" => intl::country(value),
        "kind" => textf!("city_kind.", value),
        "need" => text!("cities.tag_need", theme = textf!("theme.", value)),
        "offer" => text!("cities.tag_offer", theme = textf!("theme.", value)),
        _ => text!("cities.only_open"),
    };
    view! {
        {live(move || {
            let active: Vec<_> = values.iter().map(|(name, value)| (*name, value.get())).filter(|(_, value)| !value.is_empty()).collect();
            (!active.is_empty())
                .then(|| {
                    view! {
                        <ul class="plain-list" aria-label=t!("cities.active_filters")>
                            {active
                                .into_iter()
                                .map(|(name, value)| {
                                    let label = Signal::derive(move || words(name, &value));
                                    view! { <li><Tag label=label on_remove=move |()| set.run(vec![(name, String::new())])/></li> }
                                })
                                .collect_any()}
                        </ul>
                    }
                })
        })}
    }
    .into_any()
}
