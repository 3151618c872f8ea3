//! Partnerships on record: searched, filtered, sorted, as cards or as a table, with the same ones on a map. The whole state is in the address.

use super::model::{FILTERS, MAP_FILTERS, SORTS};
use crate::map::WorldMap;
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::partnerships::{
    PartnershipKind, PartnershipMap, PartnershipPage as Found, PartnershipState, PartnershipSummary,
};

/// Partnerships on record.
#[component]
pub fn PartnershipsPage() -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
    let sort = app::query("sort");
    let shape = app::query("view");
    let set = app::query_setter();
    let filters = memo(move || {
        values
            .iter()
            .map(|(name, value)| (*name, value.get()))
            .filter(|(_, value)| !value.is_empty())
            .collect::<Vec<_>>()
    });
    let list = grow(move |cursor: Option<String>| {
        let mut query = filters.get();
        let order = sort.get();
        if SORTS.contains(&order.as_str()) {
            query.push(("sort", order));
        }
        query.push(("limit", "24".to_owned()));
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        let path = app::address("/partnerships", &query);
        slice::<Found>(path)
    });
    let map = load(move || {
        let mut known = filters.get();
        known.retain(|(name, _)| MAP_FILTERS.contains(name));
        client::get::<PartnershipMap>(app::address("/partnerships/map", &known))
    });
    let held = move || list.items.with(|items| items.as_ref().map_or(0, Vec::len));
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (false, _) => String::new(),
        (true, Some(total)) => text!("partnerships.count", count = total),
        (true, None) => text!("partnerships.count", count = held()),
    };
    let as_table = memo(move || shape.with(|shape| shape == "table"));
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => {
                let clear = move |()| set.run(FILTERS.map(|name| (name, String::new())).to_vec());
                view! {
                    <EmptyState title=t!("partnerships.none") words=t!("partnerships.none_words")>
                        <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/>
                    </EmptyState>
                }
                .into_any()
            }
            Some(false) if as_table.get() => table(list, sort, set),
            Some(false) => view! {
                <ul class="grid plain-grid">
                    {each(move || list.items.get().unwrap_or_default(), |item| (item.id, item.version), |item| view! { <li>{super::card(item, 2)}</li> })}
                </ul>
            }
            .into_any(),
        }
    };
    let shape_button = move |code: &'static str, label: Signal<String>| {
        let on = Signal::derive(move || as_table.get() == (code == "table"));
        view! { <Button label=label look=Look::Secondary pressed=on on_press=move |()| set.run(vec![("view", if code == "table" { code.to_owned() } else { String::new() })])/> }
    };
    view! {
        <PageHeader title=t!("nav.partnerships") lead=t!("partnerships.lead")>
            <LinkButton href="/stories" label=t!("story.stories") look=Look::Secondary/>
            {live(move || {
                (!session::own_cities().is_empty())
                    .then(|| view! { <LinkButton href="/partnerships/new" label=t!("partnerships.new") look=Look::Secondary icon=Icon::Plus/> })
            })}
        </PageHeader>
        <div class="split split-filters">
            <details class="disclosure" open=browser::is_wide()>
                <summary>{t!("cities.filters")}</summary>
                <FilterForm set=set/>
            </details>
            <section class="stack" aria-label=t!("cities.results")>
                {live(move || {
                    map.ready()
                        .filter(|map| !map.arcs.is_empty())
                        .map(|map| {
                            let (points, arcs) = super::drawn(map);
                            view! {
                                <details class="disclosure" open>
                                    <summary>{t!("partnerships.map")}</summary>
                                    <WorldMap label=t!("partnerships.map") points=Signal::stored(points) arcs=Signal::stored(arcs)/>
                                </details>
                            }
                        })
                })}
                <div class="row row-apart">
                    <p class="results-count" role="status">{count}</p>
                    <div class="row no-print">
                        <div class="row" role="group" aria-label=t!("partnerships.shape")>
                            {shape_button("cards", t!("partnerships.as_cards"))}
                            {shape_button("table", t!("partnerships.as_table"))}
                        </div>
                        <SortChoice set=set/>
                    </div>
                </div>
                {filter_tags(filters.into(), filter_words, set)}
                {body}
                <More there=Signal::derive(move || list.next.with(Option::is_some)) busy=list.busy on_more=move |()| list.more()/>
            </section>
        </div>
    }
    .into_any()
}

fn filter_words(name: &str, value: &str) -> String {
    match name {
        "q" => text!("cities.tag_words", text = value),
        "country" => intl::country(value),
        "kind" => textf!("partnership_kind.", value),
        "state" => textf!("partnership_state.", value),
        _ => textf!("theme.", value),
    }
}

fn table(list: Growing<PartnershipSummary>, sort: Signal<String>, set: SetQuery) -> AnyView {
    let columns = vec![
        Column::sorted("name", t!("partnership_edit.name")),
        Column::plain(t!("partnership_edit.kind")),
        Column::plain(t!("partnerships.state")),
        Column::plain(t!("partnership.countries")),
        Column::plain(t!("partnership.since")),
    ];
    let rows = move || {
        let items = list.items.get().unwrap_or_default();
        items
            .into_iter()
            .map(|item| {
                let countries = item.countries;
                let since = item.started_on;
                view! {
                    <tr>
                        <th scope="row"><a href=format!("/partnerships/{}", item.id)>{item.name}</a></th>
                        <td data-label=t!("partnership_edit.kind")>{tf!("partnership_kind.", item.kind.code())}</td>
                        <td data-label=t!("partnerships.state")>{super::state_badge(item.state)}</td>
                        <td data-label=t!("partnership.countries")>
                            {live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}
                        </td>
                        <td data-label=t!("partnership.since")>{live(move || since.map(intl::date).unwrap_or_else(|| "–".to_owned()))}</td>
                    </tr>
                }
            })
            .collect_any()
    };
    let on_sort = move |wanted: String| set.run(vec![("sort", wanted)]);
    view! { <Table caption=t!("nav.partnerships") caption_unseen=true columns=columns sort=sort on_sort=on_sort>{rows}</Table> }.into_any()
}

#[component]
fn FilterForm(set: SetQuery) -> impl IntoView {
    let q = query_field("q", "q", 250, set);
    let country = query_field("country", "filter-country", 0, set);
    let kind = query_field("kind", "filter-kind", 0, set);
    let state = query_field("state", "filter-state", 0, set);
    let theme = query_field("theme", "filter-theme", 0, set);
    let kinds = Signal::derive(|| {
        PartnershipKind::ALL
            .iter()
            .map(|kind| (kind.code().to_owned(), textf!("partnership_kind.", kind.code())))
            .collect::<Vec<_>>()
    });
    let states = Signal::derive(|| {
        PartnershipState::ALL
            .iter()
            .map(|state| (state.code().to_owned(), textf!("partnership_state.", state.code())))
            .collect::<Vec<_>>()
    });
    let themes = Signal::derive(i18n::themes);
    view! {
        <form class="filters stack" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <TextField field=q label=t!("partnerships.words") hint=t!("partnerships.words_hint") kind=Kind::Search/>
            <Select field=country label=t!("cities.country") options=Signal::derive(intl::countries) none=t!("cities.any_country")/>
            <Select field=kind label=t!("partnership_edit.kind") options=kinds none=t!("cities.any_kind")/>
            <Select field=state label=t!("partnerships.state") options=states none=t!("partnerships.any_state")/>
            <Select field=theme label=t!("partnerships.theme") options=themes none=t!("cities.any_theme")/>
        </form>
    }
    .into_any()
}

#[component]
fn SortChoice(set: SetQuery) -> impl IntoView {
    let sort = app::query("sort");
    let options = ["", SORTS[0]].map(|value| {
        let words = tf!("partnership_sort.", if value.is_empty() { "usual" } else { value });
        view! { <option value=value selected=by(move || sort.with(|sort| sort == value))>{words}</option> }
    });
    view! {
        <label class="sort-choice">
            <span>{t!("cities.sort")}</span>
            <span class="select">
                <select class="input" on:change=on(move |event| set.run(vec![("sort", browser::event_text(&event))]))>{options.into_iter().collect_any()}</select>
                {icon(Icon::ChevronDown)}
            </span>
        </label>
    }
    .into_any()
}
