//! The result of a round: its figures, its certificate in words, and its pairs in a dense table that sorts, filters and goes
//! out as a sheet.

use super::check::CertificateCheck;
use super::model::{self, FILTERS, SORTS};
use super::pair_badge;
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, browser, cities, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::ids::RoundId;
use shared::rounds::{
    RoundAction, RoundMode, RoundOutcome, RoundPairPage, RoundPairState, RoundPairView, RoundView, SideRules,
};
use wasm_bindgen_futures::spawn_local;

/// What the last computation found.
#[component]
pub fn Outcome(
    /// The round as it is shown.
    view: Kept<RoundView>,
) -> impl IntoView {
    let (id, outcome, sides, may) = view.with_value(|view| {
        (
            view.id,
            view.outcome.clone(),
            view.rules.sides.clone(),
            view.allowed.contains(&RoundAction::ReadResult),
        )
    });
    let Some(outcome) = outcome.filter(|_| may) else {
        return ().into_any();
    };
    let mode = outcome.mode;
    view! {
        <section class="stack" aria-labelledby="round-result">
            <h2 id="round-result">{if outcome.trial { t!("round_result.trial") } else { t!("round_result.title") }}</h2>
            {figures(&outcome, &sides)}
            <Notice tone=if outcome.verdict.blocking == 0 { Tone::Success } else { Tone::Info }>
                <p class="notice-title">{t!("round_result.certificate")}</p>
                <p>{certificate_words(&outcome)}</p>
            </Notice>
            <CertificateCheck round=id mode=mode/>
            <Pairs round=id sides=sides/>
        </section>
    }
    .into_any()
}

fn figures(outcome: &RoundOutcome, sides: &[SideRules]) -> AnyView {
    let mut rows: Vec<(Signal<String>, Signal<String>)> = Vec::new();
    let pairs = outcome.pairs;
    rows.push((
        t!("round_result.pairs"),
        Signal::derive(move || intl::number(f64::from(pairs))),
    ));
    for (side, (matched, members)) in sides.iter().zip(outcome.matched.into_iter().zip(outcome.members)) {
        let name = side.name.clone();
        rows.push((
            Signal::derive(move || i18n::own_text(&name)),
            Signal::derive(move || {
                text!(
                    "round_result.matched",
                    count = matched,
                    of = intl::number(f64::from(members))
                )
            }),
        ));
    }
    let (total, made_at) = (outcome.total, outcome.made_at);
    rows.push((
        t!("round_result.total"),
        Signal::derive(move || intl::number((total / 1_000) as f64)),
    ));
    rows.push((
        t!("round_result.made_at"),
        Signal::derive(move || intl::date_time(made_at)),
    ));
    let rows = rows
        .into_iter()
        .map(|(label, words)| view! { <div><dt>{label}</dt><dd>{words}</dd></div> })
        .collect_any();
    view! { <dl class="facts">{rows}</dl> }.into_any()
}

fn certificate_words(outcome: &RoundOutcome) -> Signal<String> {
    let (mode, compared, blocking) = (outcome.mode, outcome.verdict.compared, outcome.verdict.blocking);
    Signal::derive(move || match mode {
        RoundMode::Stable => text!("round_result.stable_words", count = compared),
        RoundMode::Maximum => text!(
            "round_result.maximum_words",
            count = blocking,
            of = intl::number(compared as f64)
        ),
    })
}

#[component]
fn Pairs(round: RoundId, sides: Vec<SideRules>) -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
    let sort = app::query("sort");
    let set = app::query_setter();
    let filters = memo(move || {
        values
            .iter()
            .map(|(name, value)| (*name, value.get()))
            .filter(|(_, value)| !value.is_empty())
            .collect::<Vec<_>>()
    });
    let order = memo(move || {
        let wanted = sort.get();
        if SORTS.contains(&wanted.as_str()) {
            wanted
        } else {
            SORTS[0].to_owned()
        }
    });
    let list = grow(move |cursor: Option<String>| {
        let path = address(round, filters.get(), order.get(), 50, cursor);
        slice::<RoundPairPage>(path)
    });
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("round_result.count", count = total),
        _ => String::new(),
    };
    let exporting = State::new(false);
    let export = move |()| {
        if exporting.get_untracked() {
            return;
        }
        exporting.set(true);
        let (filters, order) = (filters.get_untracked(), order.get_untracked());
        spawn_local(async move {
            match all(round, filters, order).await {
                Ok(pairs) => save(round, &pairs),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            exporting.try_set(false);
        });
    };
    let names = Kept::new(sides);
    let head = move |index: usize, otherwise: &'static str| {
        Signal::derive(move || {
            let name = names.with_value(|sides| sides.get(index).map(|side| i18n::own_text(&side.name)));
            name.filter(|name| !name.is_empty())
                .unwrap_or_else(|| textf!("round_side.", otherwise))
        })
    };
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => {
                let clear = move |()| set.run(FILTERS.map(|name| (name, String::new())).to_vec());
                let filtered = filters.with(|filters| !filters.is_empty());
                view! {
                    <EmptyState title=t!("round_result.none") words=t!("round_result.none_words")>
                        {filtered.then(|| view! { <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/> })}
                    </EmptyState>
                }
                .into_any()
            }
            Some(false) => view! {
                <div class="dense">
                    <Table
                        caption=t!("round_result.title")
                        caption_unseen=true
                        columns=vec![
                            Column::sorted("first", head(0, "first")),
                            Column::sorted("second", head(1, "second")),
                            Column::plain(t!("round_result.gain_to_first")).numeric(),
                            Column::plain(t!("round_result.gain_to_second")).numeric(),
                            Column::plain(t!("round_result.wishes")),
                            Column::sorted("total", t!("round_result.pair_total")).numeric(),
                            Column::plain(t!("round_result.state")),
                        ]
                        sort=order
                        on_sort=move |wanted: String| set.run(vec![("sort", wanted)])
                    >
                        {each(move || list.items.get().unwrap_or_default(), |pair| (pair.id, pair.version), row)}
                    </Table>
                </div>
            }
            .into_any(),
        }
    };
    let active = Signal::derive(move || filters.get());
    view! {
        <div class="stack">
            <FilterForm set=set/>
            <div class="row row-apart">
                <p class="results-count" role="status">{live(count)}</p>
                <Button label=t!("round_result.export") look=Look::Secondary icon=Icon::Download busy=exporting on_press=export/>
            </div>
            {filter_tags(active, filter_words, set)}
            {live(body)}
            <More
                there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                busy=list.busy
                on_more=move |()| list.more()
            />
        </div>
    }
    .into_any()
}

fn address(
    round: RoundId,
    mut query: Vec<(&'static str, String)>,
    sort: String,
    limit: u32,
    cursor: Option<String>,
) -> String {
    query.push(("sort", sort));
    query.push(("limit", limit.to_string()));
    match cursor {
        Some(cursor) => query.push(("cursor", cursor)),
        None => query.push(("count", "true".to_owned())),
    }
    app::address(&format!("/rounds/{round}/pairs"), &query)
}

/// All pairs that the filters let through, page by page.
async fn all(
    round: RoundId,
    filters: Vec<(&'static str, String)>,
    order: String,
) -> client::Answer<Vec<RoundPairView>> {
    let mut pairs = Vec::new();
    let mut cursor = None;
    loop {
        let path = address(round, filters.clone(), order.clone(), 100, cursor);
        let page = client::get::<RoundPairPage>(path).await?;
        pairs.extend(page.items);
        if page.next.is_none() {
            return Ok(pairs);
        }
        cursor = page.next;
    }
}

/// Hands the sheet to the reader as a file.
fn save(round: RoundId, pairs: &[RoundPairView]) {
    let heads = [
        text!("round_side.first"),
        text!("round_members.country"),
        text!("round_side.second"),
        text!("round_members.country"),
        text!("round_result.gain_to_first"),
        text!("round_result.gain_to_second"),
        text!("round_result.wish_of_first"),
        text!("round_result.wish_of_second"),
        text!("round_result.pair_total"),
        text!("round_result.state"),
    ];
    let sheet = model::table(pairs, &heads, |pair| textf!("round_pair_state.", pair.state.code()));
    if browser::hand_over(&format!("round-{round}.csv"), sheet).is_err() {
        toast::say(text!("round_result.export_failed"));
    }
}

fn row(pair: RoundPairView) -> AnyView {
    let city = |city: &shared::cities::CitySummary| {
        let (name, id, country) = (cities::label(city), city.id, city.country.clone());
        view! {
            <a href=format!("/cities/{id}")>{name}</a>
            <span class="small soft triage-call">{live(move || intl::country(&country))}</span>
        }
        .into_any()
    };
    let (gain, gives) = (pair.gain_to_first, pair.gain_to_second);
    let (total, wishes) = (pair.total.unwrap_or(0), (pair.wish_of_first, pair.wish_of_second));
    let points = |points: u32| live(move || intl::decimal(f64::from(points) / 1_000.0, 1));
    let wish_words = move || match wishes {
        (None, None) => "–".to_owned(),
        (Some(place), None) => text!("round_result.wish_first", place = place),
        (None, Some(place)) => text!("round_result.wish_second", place = place),
        (Some(_), Some(_)) => text!("round_result.wish_both"),
    };
    view! {
        <tr>
            <th scope="row">{city(&pair.first)}</th>
            <td data-label=t!("round_side.second")>{city(&pair.second)}</td>
            <td class="numeric" data-label=t!("round_result.gain_to_first")>{points(gain)}</td>
            <td class="numeric" data-label=t!("round_result.gain_to_second")>{points(gives)}</td>
            <td data-label=t!("round_result.wishes")>{live(wish_words)}</td>
            <td class="numeric" data-label=t!("round_result.pair_total")>{points(total)}</td>
            <td data-label=t!("round_result.state")>{pair_badge(pair.state)}</td>
        </tr>
    }
    .into_any()
}

fn filter_words(name: &str, value: &str) -> String {
    match name {
        "state" => textf!("round_pair_state.", value),
        "country" => intl::country(value),
        _ => text!("round_result.only_wished"),
    }
}

#[component]
fn FilterForm(set: SetQuery) -> impl IntoView {
    let state = query_field("state", "pair-state", 0, set);
    let country = query_field("country", "pair-country", 0, set);
    let wished_value = app::query("wished");
    let wished = State::new(wished_value.get_untracked() == "true");
    effect(move || wished.set(wished_value.get() == "true"));
    Effect::new(move |before: Option<bool>| {
        let now = wished.get();
        if before.is_some_and(|before| before != now) && (wished_value.get_untracked() == "true") != now {
            set.run(vec![("wished", if now { "true".to_owned() } else { String::new() })]);
        }
        now
    });
    let states = Signal::derive(|| {
        RoundPairState::ALL
            .iter()
            .map(|state| (state.code().to_owned(), textf!("round_pair_state.", state.code())))
            .collect::<Vec<_>>()
    });
    let countries = Signal::derive(intl::countries);
    view! {
        <form class="triage-filters" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Select field=state label=t!("round_result.state") options=states none=t!("round_result.any_state")/>
            <Select field=country label=t!("round_members.country") options=countries none=t!("round_result.any_country")/>
            <Checkbox id="pair-wished" label=t!("round_result.only_wished") checked=wished/>
        </form>
    }
    .into_any()
}
