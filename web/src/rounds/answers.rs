//! What rounds have proposed to one's own cities, and answering it.

use super::pair_badge;
use crate::ui::prelude::*;
use crate::{app, cities, client, i18n, session, t, text, textf};
use leptos::prelude::*;
use shared::cities::CitySummary;
use shared::ids::CityId;
use shared::problem::ProblemCode;
use shared::rounds::{RoundPairAction, RoundPairPage, RoundPairState, RoundPairView};
use wasm_bindgen_futures::spawn_local;

/// The pairs of one's own cities; of one round, where one is named.
#[component]
pub fn OwnPairs(
    /// The round; all of them without one.
    #[prop(optional, into)]
    round: MaybeProp<String>,
) -> impl IntoView {
    let items = grow(move |cursor: Option<String>| {
        let path = match round.get() {
            Some(id) => format!("/rounds/{id}/pairs"),
            None => "/round-pairs".to_owned(),
        };
        let mut query = vec![("limit", "50".to_owned())];
        // An officer's own cities are asked for, not the whole round.
        if session::is_officer() {
            query.extend(session::own_cities().first().map(|(id, _)| ("city_id", id.to_string())));
        }
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let path = app::address(&path, &query);
        slice::<RoundPairPage>(path)
    });
    let body = move || {
        if let Some(failure) = items.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| items.reload()/> }.into_any();
        }
        match items.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=4/> }.into_any(),
            Some(true) => view! { <EmptyState title=t!("round_pairs.none") words=t!("round_pairs.none_words")/> }.into_any(),
            Some(false) => view! {
                <ul class="match-list">
                    {each(move || items.items.get().unwrap_or_default(), |pair| (pair.id, pair.version), move |pair| card(items, pair))}
                </ul>
            }
            .into_any(),
        }
    };
    view! {
        <div class="stack">
            {live(body)}
            <More
                there=Signal::derive(move || items.next.with(Option::is_some) && items.failure.with(Option::is_none))
                busy=items.busy
                on_more=move |()| items.more()
            />
        </div>
    }
    .into_any()
}

/// Which of the two is ours, and which is the other.
fn sides(pair: &RoundPairView, own: &[CityId]) -> (CitySummary, CitySummary, u32, u32) {
    if own.contains(&pair.second.id) && !own.contains(&pair.first.id) {
        (
            pair.second.clone(),
            pair.first.clone(),
            pair.gain_to_second,
            pair.gain_to_first,
        )
    } else {
        (
            pair.first.clone(),
            pair.second.clone(),
            pair.gain_to_first,
            pair.gain_to_second,
        )
    }
}

fn card(items: Growing<RoundPairView>, pair: RoundPairView) -> AnyView {
    let own: Vec<CityId> = session::own_cities().into_iter().map(|(id, _)| id).collect();
    let (ours, theirs, gain, gives) = sides(&pair, &own);
    let (id, state, round, version) = (pair.id, pair.state, pair.round_id, pair.version);
    let name = cities::label(&theirs);
    let busy = State::new(false);
    let answer = move |action: RoundPairAction| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let path = format!("/round-pairs/{id}/{}", action.code());
            match client::act::<_, RoundPairView>(path, version, &()).await {
                Ok(now) => {
                    toast::say(textf!("round_pair_done.", now.state.code()));
                    items.update(|items| {
                        for known in items.iter_mut().filter(|known| known.id == now.id) {
                            *known = now.clone();
                        }
                    });
                }
                Err(failure) => {
                    if failure.is(ProblemCode::Stale) || failure.is(ProblemCode::StateConflict) {
                        items.reload();
                    }
                    toast::say(failure_sentence(&failure));
                }
            }
            busy.try_set(false);
        });
    };
    let buttons = pair
        .allowed
        .iter()
        .map(|&action| {
            let (look, sign) = match action {
                RoundPairAction::Accept => (Look::Primary, Icon::Check),
                RoundPairAction::Decline | RoundPairAction::Withdraw => (Look::Secondary, Icon::Close),
            };
            let label = crate::tf!("round_pair_action.", action.code());
            view! { <Button label=label about=name look=look icon=sign busy=busy on_press=move |()| answer(action)/> }
        })
        .collect_any();
    let partnership = pair.partnership_id;
    let waits_for_them = state == RoundPairState::Accepted && !pair.allowed.contains(&RoundPairAction::Accept);
    let waits_for_us = state == RoundPairState::Accepted && pair.allowed.contains(&RoundPairAction::Accept);
    let (ours_name, theirs_place) = (cities::label(&ours), theirs.clone());
    let round_name = pair.round_name.clone();
    let until = pair.answers_until.filter(|_| state.waits());
    view! {
        <li>
            <article class="card match-card stack">
                <p class="card-over">
                    <a href=format!("/rounds/{round}")>{live(move || i18n::own_text(&round_name))}</a>
                    " · " {ours_name}
                </p>
                <h3 class="card-title"><a href=format!("/cities/{}", theirs.id)>{name}</a></h3>
                <p class="soft">{live(move || cities::kind_and_country(&theirs_place))}</p>
                <p>{pair_badge(state)}</p>
                {until.map(|until| view! { <p class="small">{live(move || text!("round_pairs.answer_until", time = intl::date_time(until)))}</p> })}
                <p class="small">{live(move || text!("round_pairs.gains", gain = gain / 1_000, gives = gives / 1_000))}</p>
                {waits_for_them.then(|| view! { <p class="small soft">{t!("round_pairs.waits_for_them")}</p> })}
                {waits_for_us.then(|| view! { <p class="small">{t!("round_pairs.waits_for_us")}</p> })}
                <div class="row">
                    {buttons}
                    {partnership.map(|id| view! { <LinkButton href=format!("/partnerships/{id}") label=t!("inbox.see_partnership") look=Look::Secondary/> })}
                </div>
            </article>
        </li>
    }
    .into_any()
}
