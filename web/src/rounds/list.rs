//! The rounds that one may know of, and what they have proposed to one's own cities.

use super::answers::OwnPairs;
use super::state_badge;
use crate::ui::prelude::*;
use crate::{app, i18n, session, t, text};
use leptos::prelude::*;
use shared::rounds::{RoundPage as Found, RoundView};

/// Matching rounds.
#[component]
pub fn RoundsPage() -> impl IntoView {
    let known = memo(session::is_known);
    let list = grow(move |cursor: Option<String>| {
        // Who is asked for decides what is seen: drafts are the officers'.
        known.track();
        let mut query = vec![("limit", "20".to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let path = app::address("/rounds", &query);
        slice::<Found>(path)
    });
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=6/> }.into_any(),
            Some(true) => view! {
                <EmptyState title=t!("rounds.none") words=t!("rounds.none_words")>
                    {session::is_officer().then(|| view! { <LinkButton href="/rounds/new" label=t!("rounds.new")/> })}
                </EmptyState>
            }
            .into_any(),
            Some(false) => view! {
                <ul class="calls">
                    {each(move || list.items.get().unwrap_or_default(), |round| (round.id, round.version), card)}
                </ul>
            }
            .into_any(),
        }
    };
    view! {
        <PageHeader title=t!("nav.rounds") lead=t!("rounds.lead")>
            {live(move || session::is_officer().then(|| view! { <LinkButton href="/rounds/new" label=t!("rounds.new") icon=Icon::Plus/> }))}
        </PageHeader>
        <div class="stack stack-l">
        {live(move || {
            (!session::own_cities().is_empty())
                .then(|| {
                    view! {
                        <section class="stack" aria-labelledby="own-pairs">
                            <h2 id="own-pairs">{t!("round_pairs.title")}</h2>
                            <OwnPairs/>
                        </section>
                    }
                })
        })}
        <section class="stack" aria-labelledby="all-rounds">
            <h2 id="all-rounds">{t!("rounds.all")}</h2>
            {live(body)}
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

fn card(round: RoundView) -> AnyView {
    let href = format!("/rounds/{}", round.id);
    let (state, members, until) = (
        round.state,
        round.members,
        round.wishes_until.filter(|_| round.takes_wishes),
    );
    let (programme, name) = (round.programme_name, round.name);
    view! {
        <li>
            <article class="card call-card">
                <div class="stack call-card-words">
                    <p class="card-over">{live(move || i18n::own_text(&programme))}</p>
                    <h3 class="card-title"><a class="card-link" href=href>{live(move || i18n::own_text(&name))}</a></h3>
                    <p>{state_badge(state)}</p>
                    <p class="small soft">{live(move || text!("rounds.members", count = members[0] + members[1]))}</p>
                    {until.map(|until| view! { <p class="small">{live(move || text!("rounds.wishes_until", time = intl::date_time(until)))}</p> })}
                </div>
            </article>
        </li>
    }
    .into_any()
}
