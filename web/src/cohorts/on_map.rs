//! The cities of a cohort on a map, beside the table that says the same.

use super::city_name;
use crate::map::{MapPoint, WorldMap};
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{browser, session, split, t, text};
use leptos::html;
use leptos::prelude::*;
use shared::cohorts::CohortMemberView;

/// The map of the cities that are listed; it comes once somebody opens it. Without a place to show there is none.
pub(super) fn on_map(list: Growing<CohortMemberView>) -> AnyView {
    let is_placed = memo(move || {
        list.items
            .with(|items| items.iter().flatten().any(|member| member.location.is_some()))
    });
    live(move || is_placed.get().then(|| folded(list)))
}

fn folded(list: Growing<CohortMemberView>) -> AnyView {
    let open = State::new(browser::is_wide());
    let node = NodeRef::<html::Details>::new();
    view! {
        <details
            class="disclosure no-print"
            open=browser::is_wide()
            node_ref=node
            on:toggle=on(move |_| open.set(node.get_untracked().is_some_and(|details| details.open())))
        >
            <summary>{t!("cohorts.map")}</summary>
            {live(move || open.get().then(|| later(10, move || drawn_cohort(list))))}
        </details>
    }
    .into_any()
}

split!(
    map,
    fn drawn_cohort(list: Growing<CohortMemberView>) -> AnyView {
        map_of(list)
    }
);

fn map_of(list: Growing<CohortMemberView>) -> AnyView {
    let points = memo(move || {
        let own = session::own_cities();
        let is_own = |member: &CohortMemberView| own.iter().any(|(id, _)| *id == member.city.id);
        list.items.with(|items| {
            let placed = items.iter().flatten();
            placed
                .filter_map(|member| point(member, is_own(member)))
                .collect::<Vec<_>>()
        })
    });
    let label = Signal::derive(move || text!("cohorts.map_label", count = points.with(Vec::len)));
    view! { <WorldMap label=label points=points/> }.into_any()
}

fn point(member: &CohortMemberView, is_own: bool) -> Option<MapPoint> {
    Some(MapPoint {
        name: city_name(&member.city),
        country: member.country.clone(),
        href: format!("/cities/{}", member.city.id),
        at: member.location?,
        is_own,
    })
}
