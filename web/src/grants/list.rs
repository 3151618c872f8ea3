//! The grants of one's cities, or of one's programmes: what is overdue first, then what is due next.

use super::contract::Accepted;
use super::state_badge;
use crate::ui::chart::bar;
use crate::ui::prelude::*;
use crate::{app, i18n, session, t, text, tf};
use leptos::prelude::*;
use shared::grants::{GrantPage as Found, GrantState, GrantStep, GrantSummary};

/// The grants.
#[component]
pub fn GrantsPage() -> impl IntoView {
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        <PageHeader title=t!("nav.grants") lead=t!("grants.lead")/>
        {live(move || match signed_in.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Grants/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Grants() -> impl IntoView {
    let (overdue, state) = (app::query("overdue"), app::query("state"));
    let list = grow(move |cursor: Option<String>| {
        let mut query = vec![("limit", "50".to_owned())];
        for (name, value) in [("overdue", overdue.get()), ("state", state.get())] {
            if !value.is_empty() {
                query.push((name, value));
            }
        }
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        let path = app::address("/grants", &query);
        slice::<Found>(path)
    });
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("grants.count", count = total),
        _ => String::new(),
    };
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => view! { <EmptyState title=t!("grants.none") words=t!("grants.none_words")/> }.into_any(),
            Some(false) => view! {
                <div class="dense">
                    <Table
                        caption=t!("nav.grants")
                        caption_unseen=true
                        columns=vec![
                            Column::plain(t!("officer.project")),
                            Column::plain(t!("files.state")),
                            Column::plain(t!("grants.next")),
                            Column::plain(t!("grants.report_due")),
                            Column::plain(t!("grants.paid_of")).numeric(),
                        ]
                    >
                        {each(move || list.items.get().unwrap_or_default(), |grant| (grant.id, grant.version), row)}
                    </Table>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <div class="stack stack-l">
            {live(move || session::is_officer().then(|| view! { <Accepted on_made=Callback::new(move |()| list.reload())/> }))}
            <section class="stack" aria-labelledby="grants-all">
                <h2 id="grants-all">{t!("grants.all")}</h2>
                <Choices/>
                <p class="results-count" role="status">{count}</p>
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

/// All, the overdue, and state by state.
#[component]
fn Choices() -> impl IntoView {
    let (overdue, state) = (app::query("overdue"), app::query("state"));
    let now = memo(move || (overdue.get(), state.get()));
    let choice = move |label: Signal<String>, href: String, here: (&'static str, &'static str)| {
        let current = move || now.with(|now| (now.0 == here.0 && now.1 == here.1).then_some("true"));
        view! { <li><a href=href aria-current=current>{label}</a></li> }.into_any()
    };
    view! {
        <nav aria-label=t!("grants.show")>
            <ul class="grant-choices">
                {choice(t!("grants.show_all"), "/grants".to_owned(), ("", ""))}
                {choice(t!("grants.overdue"), "/grants?overdue=true".to_owned(), ("true", ""))}
                {GrantState::ALL
                    .iter()
                    .map(|&state| choice(tf!("grant_state.", state.code()), format!("/grants?state={}", state.code()), ("", state.code())))
                    .collect_any()}
            </ul>
        </nav>
    }
    .into_any()
}

fn row(grant: GrantSummary) -> AnyView {
    let GrantSummary {
        id,
        title,
        call_title,
        lead_name,
        partner_names,
        state,
        next_step,
        report_due_on,
        overdue,
        awarded_minor,
        disbursed_minor,
        currency,
        ..
    } = grant;
    let cities: Vec<String> = std::iter::once(lead_name).chain(partner_names).collect();
    let share = disbursed_minor as f64 / awarded_minor.max(1) as f64;
    view! {
        <tr>
            <th scope="row">
                <a class="triage-link" href=format!("/grants/{id}")>{title}</a>
                <span class="small soft triage-call">{live(move || intl::list(&cities))}</span>
                <span class="small soft triage-call">{live(move || i18n::own_text(&call_title))}</span>
            </th>
            <td data-label=t!("files.state")>{state_badge(state)}</td>
            <td data-label=t!("grants.next")>{if next_step == GrantStep::Done { t!("grants.nothing") } else { tf!("grant_step.", next_step.code()) }}</td>
            <td data-label=t!("grants.report_due")>
                {match report_due_on {
                    Some(day) => live(move || intl::date(day)),
                    None => view! { <span class="soft">"–"</span> }.into_any(),
                }}
                {overdue.then(|| view! { " " <Badge label=t!("grants.overdue") tone=BadgeTone::Danger/> })}
            </td>
            <td class="numeric grant-money" data-label=t!("grants.paid_of")>
                {live(move || text!("grants.of", paid = intl::money_short(disbursed_minor, &currency), whole = intl::money_short(awarded_minor, &currency)))}
                {bar(share, "bar-a")}
            </td>
        </tr>
    }
    .into_any()
}
