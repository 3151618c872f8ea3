//! Calls for projects: the open ones first, each with its deadline. The filters are in the address.

use super::deadline::Deadline;
use super::model::FILTERS;
use super::state_badge;
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, t, text, textf};
use leptos::prelude::*;
use shared::programmes::{CallPage as Found, CallState, CallView, ProgrammePage};

/// Calls for projects.
#[component]
pub fn CallsPage() -> impl IntoView {
    let values = FILTERS.map(|name| (name, app::query(name)));
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
        query.push(("limit", "20".to_owned()));
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        let path = app::address("/calls", &query);
        slice::<Found>(path)
    });
    let programmes = load(|| client::get::<ProgrammePage>("/programmes?limit=100"));
    let programme_options = Signal::derive(move || {
        programmes.ready().map_or_else(Vec::new, |page| {
            page.items
                .iter()
                .map(|programme| (programme.id.to_string(), i18n::own_text(&programme.name)))
                .collect::<Vec<_>>()
        })
    });
    let count = move || match list.items.with(|items| items.as_ref().map(Vec::len)) {
        None => String::new(),
        Some(held) => match list.total.get() {
            Some(total) => text!("calls.count", count = total),
            None => text!("calls.count", count = held),
        },
    };
    let active = Signal::derive(move || {
        filters
            .get()
            .into_iter()
            .map(|(name, value)| {
                let shown = programme_options.with(|options| {
                    options
                        .iter()
                        .find(|(id, _)| name == "programme_id" && *id == value)
                        .map(|(_, words)| words.clone())
                });
                (name, shown.unwrap_or(value))
            })
            .collect::<Vec<_>>()
    });
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
                    <EmptyState title=t!("calls.none") words=t!("calls.none_words")>
                        {if filtered {
                            view! { <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/> }.into_any()
                        } else {
                            view! { <LinkButton href="/cities" label=t!("calls.meanwhile") look=Look::Secondary/> }.into_any()
                        }}
                    </EmptyState>
                }
                .into_any()
            }
            Some(false) => view! {
                <ul class="calls">
                    {each(move || list.items.get().unwrap_or_default(), |call| (call.id, call.version), call_card)}
                </ul>
            }
            .into_any(),
        }
    };
    view! {
        <PageHeader title=t!("nav.calls") lead=t!("calls.lead")>
            <LinkButton href="/campaigns" label=t!("campaign.link") look=Look::Secondary/>
        </PageHeader>
        <div class="split split-filters">
            <FilterForm set=set programmes=programme_options/>
            <section class="stack" aria-label=t!("cities.results")>
                <p class="results-count" role="status">{count}</p>
                {filter_tags(active, filter_words, set)}
                {body}
                <More
                    there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                    busy=list.busy
                    on_more=move |()| list.more()
                />
            </section>
        </div>
    }
    .into_any()
}

fn filter_words(name: &str, value: &str) -> String {
    match name {
        "open" => text!("calls.only_open"),
        "state" => textf!("call_state.", value),
        _ => value.to_owned(),
    }
}

/// A call among others: whose it is, what it is called, where it stands, and until when.
fn call_card(call: CallView) -> AnyView {
    let href = format!("/calls/{}", call.id);
    let badge = state_badge(&call);
    let announced = matches!(call.state, CallState::Announced | CallState::Draft);
    let dated = announced || call.takes_applications;
    let (window, server_time, currency) = (call.window.clone(), call.server_time, call.rules.currency.clone());
    let zone = window.zone.clone();
    let closed_at = window.closes_at;
    let envelope = call.envelope_minor;
    let call = Kept::new(call);
    view! {
        <li>
            <article class="card call-card">
                <div class="stack call-card-words">
                    <p class="card-over">{live(move || call.with_value(|call| i18n::own_text(&call.programme_name)))}</p>
                    <h2 class="card-title">
                        <a class="card-link" href=href>{live(move || call.with_value(|call| i18n::own_text(&call.title)))}</a>
                    </h2>
                    <p>{badge}</p>
                    {envelope
                        .map(|amount| {
                            view! { <p class="small soft">{live(move || text!("calls.envelope", amount = intl::money_short(amount, &currency)))}</p> }
                        })}
                </div>
                {if dated {
                    view! { <Deadline window=window server_time=server_time announced=announced/> }.into_any()
                } else {
                    view! { <p class="small soft">{live(move || text!("calls.closed_on", time = intl::date_time_in(closed_at, &zone)))}</p> }.into_any()
                }}
            </article>
        </li>
    }
    .into_any()
}

#[component]
fn FilterForm(set: SetQuery, programmes: Signal<Vec<(String, String)>>) -> impl IntoView {
    let state = query_field("state", "filter-state", 0, set);
    let programme = query_field("programme_id", "filter-programme", 0, set);
    let open_value = app::query("open");
    let open = State::new(open_value.get_untracked() == "true");
    effect(move || open.set(open_value.get() == "true"));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before.is_some_and(|before| before != now) && (open_value.get_untracked() == "true") != now {
            set.run(vec![("open", if now { "true".to_owned() } else { String::new() })]);
        }
        now
    });
    let states = Signal::derive(|| {
        CallState::ALL
            .iter()
            .filter(|state| !state.is_hidden())
            .map(|state| (state.code().to_owned(), textf!("call_state.", state.code())))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="filters stack" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Checkbox id="filter-open" label=t!("calls.only_open") checked=open/>
            <details class="filters-fold" prop:open=browser::is_wide()>
                <summary>{t!("cities.more_filters")}</summary>
                <div class="stack">
                    <Select field=state label=t!("calls.state") options=states none=t!("calls.any_state")/>
                    <Select field=programme label=t!("calls.programme") options=programmes none=t!("calls.any_programme")/>
                </div>
            </details>
        </form>
    }
    .into_any()
}
