//! The candidates of the list on a map, with the city that looks for a partner among them.

use super::Search;
use crate::map::{MapPoint, WorldMap};
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{browser, cities, split, t, text};
use leptos::html;
use leptos::prelude::*;
use shared::cities::CityView;
use shared::matches::Suggestion;

/// The map of the cards that are shown; it comes once somebody opens it, and follows the ranking when no slider moves.
pub(super) fn on_map(search: Search, ranked: impl Fn() -> Vec<usize> + Send + Sync + 'static) -> AnyView {
    let shown = State::new(untrack(&ranked));
    effect(move || {
        if !search.moving.get() {
            // The map is the same in whichever order the places are named.
            let mut places = ranked();
            places.sort_unstable();
            shown.set(places);
        }
    });
    let open = State::new(browser::is_wide());
    let node = NodeRef::<html::Details>::new();
    view! {
        <details
            class="disclosure"
            open=browser::is_wide()
            node_ref=node
            on:toggle=on(move |_| open.set(node.get_untracked().is_some_and(|details| details.open())))
        >
            <summary>{t!("partners.map")}</summary>
            {live(move || open.get().then(|| later(10, move || drawn(search, shown))))}
        </details>
    }
    .into_any()
}

split!(
    map,
    fn drawn(search: Search, shown: State<Vec<usize>>) -> AnyView {
        map_of(search, shown)
    }
);

fn map_of(search: Search, shown: State<Vec<usize>>) -> AnyView {
    let points = memo(move || {
        let own = search.own.with(|own| own.as_ref().and_then(own_point));
        let candidates = search.candidates.items.with(|items| {
            let items = items.as_deref().unwrap_or_default();
            let shown = shown.get();
            let points = shown.iter().filter_map(|&at| point(items.get(at)?));
            points.collect::<Vec<_>>()
        });
        own.into_iter().chain(candidates).collect::<Vec<_>>()
    });
    // Besides the city itself: places of some may not be known.
    let placed = move || points.with(|points| points.iter().filter(|point| !point.is_own).count());
    let label = Signal::derive(move || text!("partners.map_label", count = placed()));
    live(move || (placed() > 0).then(|| view! { <WorldMap label=label points=points/> }))
}

fn own_point(city: &CityView) -> Option<MapPoint> {
    Some(MapPoint {
        name: cities::name(&city.summary),
        country: city.summary.country.clone(),
        href: format!("/cities/{}", city.summary.id),
        at: city.summary.location?,
        is_own: true,
    })
}

fn point(candidate: &Suggestion) -> Option<MapPoint> {
    Some(MapPoint {
        name: cities::name(&candidate.city),
        country: candidate.city.country.clone(),
        href: format!("/cities/{}", candidate.city.id),
        at: candidate.facts.location?,
        is_own: false,
    })
}
