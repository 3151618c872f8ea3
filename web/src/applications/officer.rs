//! The files of a programme that were handed in: a dense table to work through by keyboard.

use super::list::filter_words;
use super::model::FILTERS;
use super::{handed_in_states, state_badge};
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text};
use leptos::ev;
use leptos::prelude::*;
use shared::applications::{ApplicationPage as Found, ApplicationSummary};
use shared::programmes::CallPage;
use wasm_bindgen::JsCast;

/// The orders of the table, as the API names them.
const SORTS: [&str; 6] = [
    "submitted_at",
    "-submitted_at",
    "title",
    "-title",
    "grant_asked_minor",
    "-grant_asked_minor",
];

/// The files that an officer decides on.
#[component]
pub fn OfficerPage() -> impl IntoView {
    let officer = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        <PageHeader title=t!("nav.officer") lead=t!("officer.lead")>
            <LinkButton href="/grants" label=t!("nav.grants") look=Look::Secondary/>
        </PageHeader>
        {live(move || match officer.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Triage/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Triage() -> impl IntoView {
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
        let mut query = filters.get();
        query.push(("sort", order.get()));
        query.push(("limit", "50".to_owned()));
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        let path = app::address("/applications", &query);
        slice::<Found>(path)
    });
    let calls = load(|| client::get::<CallPage>("/calls?limit=100"));
    let call_options = Signal::derive(move || {
        calls.ready().map_or_else(Vec::new, |page| {
            let calls = page.items.iter();
            calls
                .map(|call| (call.id.to_string(), i18n::own_text(&call.title)))
                .collect::<Vec<_>>()
        })
    });
    listen_for_triage();
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("files.count", count = total),
        _ => String::new(),
    };
    let active = Signal::derive(move || {
        filters
            .get()
            .into_iter()
            .map(|(name, value)| {
                let title = call_options.with(|options| {
                    options
                        .iter()
                        .find(|(id, _)| name == "call_id" && *id == value)
                        .map(|(_, title)| title.clone())
                });
                (name, title.unwrap_or(value))
            })
            .collect::<Vec<_>>()
    });
    let on_sort = move |wanted: String| set.run(vec![("sort", wanted)]);
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
                    <EmptyState title=t!("officer.none") words=t!("officer.none_words")>
                        {filtered.then(|| view! { <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/> })}
                    </EmptyState>
                }
                .into_any()
            }
            Some(false) => view! {
                <div class="dense">
                    <Table
                        caption=t!("nav.officer")
                        caption_unseen=true
                        columns=vec![
                            Column::sorted("title", t!("officer.project")),
                            Column::plain(t!("officer.cities")),
                            Column::plain(t!("files.state")),
                            Column::sorted("grant_asked_minor", t!("officer.asked")).numeric(),
                            Column::plain(t!("officer.cost")).numeric(),
                            Column::sorted("submitted_at", t!("officer.submitted")),
                        ]
                        sort=order
                        on_sort=on_sort
                    >
                        {each(move || list.items.get().unwrap_or_default(), |file| (file.id, file.version), row)}
                    </Table>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <div class="stack">
            <FilterForm set=set calls=call_options/>
            <div class="row row-apart">
                <p class="results-count" role="status">{count}</p>
                <p class="small soft no-print triage-keys"><kbd>"j"</kbd> " " <kbd>"k"</kbd> " " <kbd>"Enter"</kbd> " " {t!("officer.keys")}</p>
            </div>
            {filter_tags(active, filter_words, set)}
            {body}
            <More
                there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                busy=list.busy
                on_more=move |()| list.more()
            />
        </div>
    }
    .into_any()
}

fn row(file: ApplicationSummary) -> AnyView {
    let ApplicationSummary {
        id,
        title,
        state,
        lead_name,
        partner_names,
        countries,
        cost_minor,
        grant_asked_minor,
        currency,
        submitted_at,
        call_title,
        ..
    } = file;
    let mut names = vec![lead_name];
    names.extend(partner_names);
    let own_currency = currency.clone();
    view! {
        <tr>
            <th scope="row">
                <a class="triage-link" href=format!("/applications/{id}")>{title}</a>
                <span class="small soft triage-call">{live(move || i18n::own_text(&call_title))}</span>
            </th>
            <td data-label=t!("officer.cities")>
                {live(move || intl::list(&names))}
                <span class="small soft triage-call">{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</span>
            </td>
            <td data-label=t!("files.state")>{state_badge(state)}</td>
            <td class="numeric" data-label=t!("officer.asked")>{live(move || intl::money_short(grant_asked_minor, &currency))}</td>
            <td class="numeric" data-label=t!("officer.cost")>{live(move || intl::money_short(cost_minor, &own_currency))}</td>
            <td data-label=t!("officer.submitted")>{live(move || submitted_at.map_or_else(|| "–".to_owned(), intl::date_time))}</td>
        </tr>
    }
    .into_any()
}

/// `j` and `k` move between the files; the focus really moves, so that Enter opens the one it is on.
fn listen_for_triage() {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || !app::shortcuts_are_on()
            || browser::is_typing(&event)
        {
            return;
        }
        let step: i32 = match event.key().as_str() {
            "j" => 1,
            "k" => -1,
            _ => return,
        };
        let Some(document) = browser::document() else { return };
        let Ok(links) = document.query_selector_all("a.triage-link") else {
            return;
        };
        let focused = document.active_element();
        let at = (0..links.length()).find(|at| {
            let link = links.get(*at).and_then(|node| node.dyn_into::<web_sys::Element>().ok());
            link.is_some() && link == focused
        });
        let count = links.length() as i32;
        let to = match at {
            Some(at) => (at as i32 + step).clamp(0, count - 1),
            None if step > 0 => 0,
            None => count - 1,
        };
        if let Some(link) = links
            .get(to.max(0) as u32)
            .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        {
            event.prevent_default();
            link.focus().ok();
        }
    });
    on_cleanup(move || handle.remove());
}

#[component]
fn FilterForm(set: SetQuery, calls: Signal<Vec<(String, String)>>) -> impl IntoView {
    let q = query_field("q", "q", 250, set);
    let call = query_field("call_id", "filter-call", 0, set);
    let state = query_field("state", "filter-state", 0, set);
    view! {
        <form class="triage-filters" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <TextField field=q label=t!("files.words") kind=Kind::Search/>
            <Select field=call label=t!("officer.call") options=calls none=t!("officer.any_call")/>
            <Select field=state label=t!("files.state") options=Signal::derive(handed_in_states) none=t!("files.any_state")/>
        </form>
    }
    .into_any()
}
