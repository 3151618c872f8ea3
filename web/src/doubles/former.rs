//! What a city took the place of: shown on its page where there is something, and fetched apart, as most cities have nothing.

use crate::client;
use crate::split;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{t, text, textf};
use leptos::prelude::*;
use shared::doubles::{SuccessionList, SuccessionView};
use shared::ids::CityId;

/// The former ones of a city.
pub fn former(id: CityId) -> AnyView {
    split!(
        referent,
        fn draw(id: CityId) -> AnyView {
            view! { <Former id=id/> }.into_any()
        }
    );
    later(0, move || draw(id))
}

#[component]
fn Former(id: CityId) -> impl IntoView {
    let found = load(move || client::get::<SuccessionList>(format!("/cities/{id}/successions")));
    live(move || {
        let items = found.ready().map(|list| list.items).filter(|items| !items.is_empty());
        items.map(|items| {
            view! {
                <section class="stack" aria-labelledby="former">
                    <h2 id="former" class="former-title">{t!("former.title")}</h2>
                    <ul class="former">{items.into_iter().map(entry).collect_any()}</ul>
                </section>
            }
        })
    })
    .into_any()
}

fn entry(of: SuccessionView) -> AnyView {
    let SuccessionView {
        name, reason, note, at, ..
    } = of;
    let words = move || {
        text!(
            "former.words",
            reason = textf!("succession_reason.", reason.code()),
            day = intl::day_of(at)
        )
    };
    view! {
        <li>
            <span class="former-name">{name}</span>
            <span class="small soft">{live(words)}</span>
            {(!note.is_empty()).then(|| view! { <span class="small">{note}</span> })}
        </li>
    }
    .into_any()
}
