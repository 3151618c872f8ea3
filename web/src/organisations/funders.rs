//! Who funds a programme, on the page of its call: named as today, with what they were called before.

use super::{formerly, full, names};
use crate::client;
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::ids::ProgrammeId;
use shared::organisations::{FunderList, OrganisationView};

/// The funders; nothing where none is in the register.
pub fn funders(id: ProgrammeId) -> AnyView {
    let found = load(move || client::get::<FunderList>(format!("/programmes/{id}/funders")));
    live(move || {
        let items = found.ready().map(|list| list.items).filter(|items| !items.is_empty());
        items.map(|items| {
            view! {
                <section class="stack" aria-labelledby="call-funders">
                    <h2 id="call-funders">{t!("organisations.funders")}</h2>
                    <ul class="organisation-list">{items.into_iter().map(entry).collect_any()}</ul>
                </section>
            }
        })
    })
}

fn entry(of: OrganisationView) -> AnyView {
    let (href, name) = (format!("/organisations/{}", of.id), full(names(&of)));
    let part_of = of.part_of.clone();
    view! {
        <li>
            <p><a href=href>{name}</a></p>
            {part_of.map(|whole| view! { <p class="small soft">{whole}</p> })}
            {live(move || formerly(&of).map(|words| view! { <p class="small soft">{words}</p> }))}
        </li>
    }
    .into_any()
}
