//! The files that were given to a reviewer: what is still to be done first.

use super::{points, review_badge};
use crate::ui::prelude::*;
use crate::{i18n, session, t, text};
use leptos::prelude::*;
use shared::reviews::{ReviewPage as Found, ReviewState, ReviewSummary};

/// The reviewer's list.
#[component]
pub fn ReviewsPage() -> impl IntoView {
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        <PageHeader title=t!("nav.reviews") lead=t!("reviews.lead")/>
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
            Some(true) => view! { <Reviews/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Reviews() -> impl IntoView {
    let list = grow(move |cursor: Option<String>| {
        let path = match cursor {
            Some(cursor) => format!("/reviews?limit=50&cursor={cursor}"),
            None => "/reviews?limit=50&count=true".to_owned(),
        };
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
            Some(true) => view! { <EmptyState title=t!("reviews.none") words=t!("reviews.none_words")/> }.into_any(),
            Some(false) => view! {
                <div class="dense">
                    <Table
                        caption=t!("nav.reviews")
                        caption_unseen=true
                        columns=vec![
                            Column::plain(t!("officer.project")),
                            Column::plain(t!("officer.cities")),
                            Column::plain(t!("files.state")),
                            Column::plain(t!("reviews.scored")).numeric(),
                            Column::plain(t!("reviews.total")).numeric(),
                            Column::plain(t!("officer.asked")).numeric(),
                        ]
                    >
                        {each(move || list.items.get().unwrap_or_default(), |review| (review.id, review.version), row)}
                    </Table>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <div class="stack">
            <p class="results-count" role="status">{count}</p>
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

fn row(review: ReviewSummary) -> AnyView {
    let ReviewSummary {
        id,
        state,
        title,
        call_title,
        blind,
        city_names,
        countries,
        grant_asked_minor,
        currency,
        scored,
        criteria,
        total,
        ..
    } = review;
    let counts = state != ReviewState::Conflict;
    view! {
        <tr>
            <th scope="row">
                <a class="triage-link" href=format!("/reviews/{id}")>{title}</a>
                <span class="small soft triage-call">{live(move || i18n::own_text(&call_title))}</span>
            </th>
            <td data-label=t!("officer.cities")>
                {live(move || if blind { text!("reviews.blind_short") } else { intl::list(&city_names) })}
                <span class="small soft triage-call">{live(move || intl::list(&countries.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</span>
            </td>
            <td data-label=t!("files.state")>{review_badge(state)}</td>
            <td class="numeric" data-label=t!("reviews.scored")>{if counts { format!("{scored}/{criteria}") } else { "–".to_owned() }}</td>
            <td class="numeric" data-label=t!("reviews.total")>{live(move || total.map_or_else(|| "–".to_owned(), points))}</td>
            <td class="numeric" data-label=t!("officer.asked")>{live(move || intl::money_short(grant_asked_minor, &currency))}</td>
        </tr>
    }
    .into_any()
}
