//! What became of a partnership: when its kind, its state and its name changed, and who changed it.

use crate::ui::prelude::*;
use crate::{client, t, text, textf};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::past::{PartnershipChange, PartnershipChangeList};

/// The changes of a partnership, the latest first.
#[component]
pub fn Past(
    /// The partnership.
    id: PartnershipId,
) -> impl IntoView {
    let list = load(move || client::get::<PartnershipChangeList>(format!("/partnerships/{id}/history")));
    view! {
        <section class="stack" aria-labelledby="past">
            <h2 id="past">{t!("past.title")}</h2>
            <Loaded
                of=list
                lines=3
                view=move |list: PartnershipChangeList| {
                    let made = list.created_at;
                    view! {
                        <ol class="agenda">
                            {list.items.into_iter().map(entry).collect_any()}
                            <li class="agenda-entry agenda-past">
                                <p class="agenda-days small">{live(move || intl::day_of(made))}</p>
                                <div class="agenda-words"><p class="agenda-title">{t!("past.made")}</p></div>
                            </li>
                        </ol>
                    }
                        .into_any()
                }
            />
        </section>
    }
    .into_any()
}

fn entry(of: PartnershipChange) -> AnyView {
    let PartnershipChange {
        at,
        kind,
        state,
        name,
        reason,
        by_name,
        ..
    } = of;
    let kind = kind.map(|kind| {
        let words = move || {
            let (from, to) = (
                textf!("partnership_kind.", kind.from.code()),
                textf!("partnership_kind.", kind.to.code()),
            );
            text!("past.kind", from = from, to = to)
        };
        view! { <p class="agenda-title">{live(words)}</p> }
    });
    let state = state.map(|state| {
        let words = move || {
            let (from, to) = (
                textf!("partnership_state.", state.from.code()),
                textf!("partnership_state.", state.to.code()),
            );
            text!("past.state", from = from, to = to)
        };
        view! { <p class="agenda-title">{live(words)}</p> }
    });
    let name = name.map(|name| {
        let words = move || text!("past.name", from = name.from.clone(), to = name.to.clone());
        view! { <p class="agenda-title">{live(words)}</p> }
    });
    let who =
        by_name.map(|who| view! { <p class="small soft">{live(move || text!("past.by", name = who.clone()))}</p> });
    view! {
        <li class="agenda-entry agenda-past">
            <p class="agenda-days small">{live(move || intl::day_of(at))}</p>
            <div class="agenda-words">
                {kind}
                {state}
                {name}
                {reason.map(|reason| view! { <p>{reason}</p> })}
                {who}
            </div>
        </li>
    }
    .into_any()
}
