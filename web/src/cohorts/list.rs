//! The cohorts, those that are open longest first; and those of a programme, on the page of its call.

use super::{may_lead, signed_words, state_badge};
use crate::ui::prelude::*;
use crate::{app, client, i18n, session, t, text};
use leptos::prelude::*;
use shared::cohorts::{CohortPage as Found, CohortState, CohortView};
use shared::ids::ProgrammeId;

/// Turnkey cohorts.
#[component]
pub fn CohortsPage() -> impl IntoView {
    let known = memo(session::is_known);
    let programme = app::query("programme");
    let list = grow(move |cursor: Option<String>| {
        // What one may do depends on who one is.
        known.track();
        let programme = programme.get();
        let mut query = vec![("limit", "20".to_owned())];
        query.extend(Some(("programme_id", programme)).filter(|(_, id)| !id.is_empty()));
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        slice::<Found>(app::address("/cohorts", &query))
    });
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=6/> }.into_any(),
            Some(true) => view! { <EmptyState title=t!("cohorts.none") words=t!("cohorts.none_words")/> }.into_any(),
            Some(false) => view! {
                <ul class="calls">
                    {each(move || list.items.get().unwrap_or_default(), |of| (of.id, of.version, of.counts.all()), card)}
                </ul>
            }
            .into_any(),
        }
    };
    view! {
        <PageHeader title=t!("cohorts.title") lead=t!("cohorts.lead")>
            {live(move || may_lead().then(|| view! { <LinkButton href="/cohorts/new" label=t!("cohorts.new") icon=Icon::Plus/> }))}
        </PageHeader>
        <div class="stack">
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

fn card(of: CohortView) -> AnyView {
    let href = format!("/cohorts/{}", of.id);
    let (programme, name) = (of.programme_name.clone(), of.name.clone());
    let (state, closes_on) = (of.state, of.closes_on);
    view! {
        <li>
            <article class="card call-card">
                <div class="stack call-card-words">
                    <p class="card-over">{live(move || i18n::own_text(&programme))}</p>
                    <h2 class="card-title"><a class="card-link" href=href>{live(move || i18n::own_text(&name))}</a></h2>
                    <p>{state_badge(state)}</p>
                    <p class="small soft">{live(move || signed_words(&of))}</p>
                    <p class="small">
                        {live(move || match state {
                            CohortState::Open => text!("cohorts.until", day = intl::date(closes_on)),
                            CohortState::Closed => text!("cohorts.was_until", day = intl::date(closes_on)),
                        })}
                    </p>
                </div>
            </article>
        </li>
    }
    .into_any()
}

/// The cohorts of a programme; nothing where it has none.
pub fn of_programme(id: ProgrammeId) -> AnyView {
    let found = load(move || {
        let query = [("programme_id", id.to_string()), ("limit", "3".to_owned())];
        client::get::<Found>(app::address("/cohorts", &query))
    });
    live(move || {
        let page = found.ready().filter(|page| !page.items.is_empty())?;
        let more = page.next.is_some();
        let items = page.items.into_iter().map(|of| {
            let (href, name, state) = (format!("/cohorts/{}", of.id), of.name.clone(), of.state);
            view! {
                <li>
                    <p><a href=href>{live(move || i18n::own_text(&name))}</a> " " {state_badge(state)}</p>
                    <p class="small soft">{live(move || signed_words(&of))}</p>
                </li>
            }
        });
        Some(view! {
            <section class="stack" aria-labelledby="call-cohorts">
                <h2 id="call-cohorts">{t!("cohorts.title")}</h2>
                <ul class="organisation-list">{items.collect_any()}</ul>
                {more.then(|| view! { <p><a href=format!("/cohorts?programme={id}")>{t!("cohorts.all")}</a></p> })}
            </section>
        })
    })
}
