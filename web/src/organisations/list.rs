//! All organisations by name, found by what they are called and by what they were called before.

use super::edit::AddOrganisation;
use super::{formerly, full, kind_and_country, names};
use crate::ui::prelude::*;
use crate::{app, session, t, text};
use leptos::prelude::*;
use shared::accounts::Grant;
use shared::organisations::{OrganisationPage as Found, OrganisationView};

/// The organisations.
#[component]
pub fn OrganisationsPage() -> impl IntoView {
    let words = app::query("q");
    let set = app::query_setter();
    let field = query_field("q", "organisation-words", 250, set);
    let list = grow(move |cursor: Option<String>| {
        let mut query = vec![("limit", "25".to_owned())];
        query.extend(Some(("q", words.get())).filter(|(_, words)| !words.is_empty()));
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        slice::<Found>(app::address("/organisations", &query))
    });
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("organisations.count", count = total),
        _ => String::new(),
    };
    let shown = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => {
                view! { <EmptyState title=t!("organisations.none") words=t!("organisations.none_words")/> }.into_any()
            }
            Some(false) => view! {
                <ul class="organisation-list">
                    {each(move || list.items.get().unwrap_or_default(), |of| (of.id, of.version), entry)}
                </ul>
            }
            .into_any(),
        }
    };
    // Who makes partnerships adds their actors; administrators add all kinds.
    let adds = memo(|| {
        let may = |grant| {
            matches!(
                grant,
                Grant::Admin | Grant::CityStaff { .. } | Grant::NetworkCoordinator { .. }
            )
        };
        session::account().is_some_and(|account| account.grants.iter().any(|held| may(held.grant)))
    });
    view! {
        <PageHeader title=t!("organisations.title") lead=t!("organisations.lead")>
            {live(move || adds.get().then(|| view! { <AddOrganisation/> }))}
        </PageHeader>
        <div class="stack stack-l measure">
            <form role="search" novalidate on:submit=submit(State::new(false), || {})>
                <TextField field=field label=t!("organisations.search") hint=t!("organisations.search_hint") kind=Kind::Search/>
            </form>
            <section class="stack" aria-label=t!("organisations.title")>
                <p class="results-count" role="status">{count}</p>
                {shown}
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

fn entry(of: OrganisationView) -> AnyView {
    let (href, name) = (format!("/organisations/{}", of.id), full(names(&of)));
    let gone = of.successor().and_then(|change| change.into.clone());
    let known = of.clone();
    view! {
        <li>
            <p><a class="organisation-name" href=href>{name}</a></p>
            <p class="small soft">{live(move || kind_and_country(&known))}</p>
            {live(move || formerly(&of).map(|words| view! { <p class="small">{words}</p> }))}
            {gone
                .map(|into| {
                    let label = full((&into.name, into.short_name.as_deref()));
                    view! { <p class="small">{live(move || text!("organisations.now_in", name = label.clone()))}</p> }
                })}
        </li>
    }
    .into_any()
}
