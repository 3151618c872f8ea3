//! The files that one takes part in: what is missing, until when, what came of it.

use super::model::{complete_count, step_of};
use super::{missing_words, state_badge};
use crate::programmes::deadline::Deadline;
use crate::ui::filters::SetQuery;
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationPage as Found, ApplicationState, ApplicationSummary, ApplicationView};

const FILTERS: [&str; 2] = ["q", "state"];

/// The files that one takes part in.
#[component]
pub fn ApplicationsPage() -> impl IntoView {
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        <PageHeader title=t!("nav.applications") lead=t!("files.lead")>
            <LinkButton href="/calls?open=true" label=t!("files.calls") look=Look::Secondary/>
            <LinkButton href="/grants" label=t!("nav.grants") look=Look::Secondary/>
        </PageHeader>
        {live(move || match signed_in.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <EmptyState title=t!("problem.unauthenticated") words=t!("files.sign_in")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Files/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Files() -> impl IntoView {
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
        let path = app::address("/applications", &query);
        slice::<Found>(path)
    });
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("files.count", count = total),
        _ => String::new(),
    };
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) if filters.with(|filters| !filters.is_empty()) => {
                let clear = move |()| set.run(FILTERS.map(|name| (name, String::new())).to_vec());
                view! {
                    <EmptyState title=t!("files.none_found")>
                        <Button label=t!("cities.clear") look=Look::Secondary on_press=clear/>
                    </EmptyState>
                }
                .into_any()
            }
            Some(true) => view! {
                <EmptyState title=t!("files.none") words=t!("files.none_words")>
                    <LinkButton href="/calls?open=true" label=t!("files.calls")/>
                </EmptyState>
            }
            .into_any(),
            Some(false) => view! {
                <ul class="calls">
                    {each(move || list.items.get().unwrap_or_default(), |file| (file.id, file.version), file_card)}
                </ul>
            }
            .into_any(),
        }
    };
    view! {
        <div class="split split-filters">
            <FilterForm set=set/>
            <section class="stack" aria-label=t!("cities.results")>
                <p class="results-count" role="status">{count}</p>
                {filter_tags(filters.into(), filter_words, set)}
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

/// A filter of files in words.
pub fn filter_words(name: &str, value: &str) -> String {
    match name {
        "q" => text!("cities.tag_words", text = value),
        "state" => textf!("application_state.", value),
        _ => value.to_owned(),
    }
}

#[component]
fn FilterForm(set: SetQuery) -> impl IntoView {
    let q = query_field("q", "q", 250, set);
    let state = query_field("state", "filter-state", 0, set);
    let states = Signal::derive(|| {
        ApplicationState::ALL
            .iter()
            .map(|state| (state.code().to_owned(), textf!("application_state.", state.code())))
            .collect::<Vec<_>>()
    });
    view! {
        <form class="filters stack" role="search" aria-label=t!("cities.filters") on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <TextField field=q label=t!("files.words") kind=Kind::Search optional=false/>
            <Select field=state label=t!("files.state") options=states none=t!("files.any_state")/>
        </form>
    }
    .into_any()
}

/// A file among others; a draft also tells what is missing and until when.
fn file_card(file: ApplicationSummary) -> AnyView {
    let draft = file.state.is_written();
    let id = file.id;
    let submitted = file.submitted_at;
    let (amount, currency) = (file.grant_asked_minor, file.currency.clone());
    let mut names = vec![file.lead_name.clone()];
    names.extend(file.partner_names.clone());
    let call_title = file.call_title.clone();
    view! {
        <li>
            <article class="card call-card">
                <div class="stack call-card-words">
                    <p class="card-over">{live(move || i18n::own_text(&call_title))}</p>
                    <h2 class="card-title"><a class="card-link" href=format!("/applications/{id}")>{file.title}</a></h2>
                    <p class="small">{live(move || intl::list(&names))}</p>
                    <p>{state_badge(file.state)}</p>
                    {(amount > 0)
                        .then(|| view! { <p class="small soft">{live(move || text!("files.asked", amount = intl::money_short(amount, &currency)))}</p> })}
                    {submitted.map(|at| view! { <p class="small soft">{live(move || text!("files.submitted", time = intl::date_time(at)))}</p> })}
                </div>
                {draft.then(|| view! { <DraftState id=id.to_string()/> })}
            </article>
        </li>
    }
    .into_any()
}

/// What a draft misses, with the way to the first of it, and its deadline.
#[component]
fn DraftState(id: String) -> impl IntoView {
    let path = format!("/applications/{id}");
    let file = load(move || client::get::<ApplicationView>(path.clone()));
    let shown = move |view: ApplicationView| {
        let done = complete_count(&view.sections);
        let all = view.sections.len();
        let first = view
            .sections
            .iter()
            .find(|section| !section.complete)
            .map(|section| section.section);
        let missing = view
            .sections
            .iter()
            .filter(|section| !section.complete)
            .map(|section| {
                let words = section
                    .missing
                    .first()
                    .map(|name| missing_words(&view, section.section, name))
                    .unwrap_or_default();
                let more = section.missing.len().saturating_sub(1);
                view! {
                    <li>
                        <strong>{textf!("step_name.", section.section.code())}</strong>
                        " – "
                        {words}
                        {(more > 0).then(|| format!(" {}", text!("files.more", count = more)))}
                    </li>
                }
            })
            .collect_any();
        let step = first.map_or("check", |section| step_of(section.code()));
        view! {
            <div class="stack draft-state">
                <Deadline window=view.window.clone() server_time=view.server_time/>
                <Meter
                    label=t!("files.complete")
                    share=Signal::stored(done as f64 / all.max(1) as f64)
                    words=Signal::derive(move || text!("files.parts", done = done, all = all))
                />
                <ul class="small">{missing}</ul>
                <div class="row">
                    <a class="button button-secondary" href=format!("/applications/{}?step={step}", view.summary.id)>
                        {tf!("files_next.", if first.is_some() { "continue" } else { "check" })}
                    </a>
                </div>
            </div>
        }
        .into_any()
    };
    view! { <Loaded of=file view=shown lines=3/> }.into_any()
}
