//! What the map shows, as a table; its code comes when it is opened.

use super::{MapArc, MapPoint};
use crate::split;
use crate::t;
use crate::text;
use crate::ui::later::later;
use crate::ui::prelude::*;
use leptos::html;
use leptos::prelude::*;

/// Rows that are added at a time.
const ROWS: usize = 200;

/// The way to the table, and the table.
pub(super) fn twin(label: Signal<String>, points: Signal<Vec<MapPoint>>, arcs: Signal<Vec<MapArc>>) -> AnyView {
    split!(
        map_table,
        fn draw_table(label: Signal<String>, points: Signal<Vec<MapPoint>>, arcs: Signal<Vec<MapArc>>) -> AnyView {
            table(label, points, arcs)
        }
    );
    let open = State::new(false);
    let node = NodeRef::<html::Details>::new();
    view! {
        <details class="twin" node_ref=node on:toggle=on(move |_| open.set(node.get_untracked().is_some_and(|details| details.open())))>
            <summary>{t!("map.table")}</summary>
            {live(move || open.get().then(|| later(6, || draw_table(label, points, arcs))))}
        </details>
    }
    .into_any()
}

fn table(label: Signal<String>, points: Signal<Vec<MapPoint>>, arcs: Signal<Vec<MapArc>>) -> AnyView {
    let shown = State::new(ROWS);
    let place = |point: &MapPoint| {
        let (name, href, country) = (point.name.clone(), point.href.clone(), point.country.clone());
        view! { <a href=href>{name}</a> ", " {live(move || intl::country(&country))} }
    };
    let rows = move || {
        let points = points.read();
        let arcs = arcs.read();
        if arcs.is_empty() {
            return points
                .iter()
                .take(shown.get())
                .map(|point| view! { <tr><th scope="row">{place(point)}</th></tr> }.into_any())
                .collect_any();
        }
        arcs.iter()
            .take(shown.get())
            .filter_map(|arc| {
                let (a, b) = (points.get(arc.a)?, points.get(arc.b)?);
                let distance = a.at.distance_km(b.at);
                let href = arc.href.clone();
                Some(
                    view! {
                        <tr>
                            <th scope="row">{place(a)}</th>
                            <td data-label=t!("map.to")>{place(b)}</td>
                            <td class="numeric" data-label=t!("map.distance")>{live(move || intl::kilometres(distance))}</td>
                            <td><a href=href>{t!("map.open")}<span class="unseen">{format!(" {} – {}", a.name, b.name)}</span></a></td>
                        </tr>
                    }
                    .into_any(),
                )
            })
            .collect_any()
    };
    let columns = if arcs.with_untracked(Vec::is_empty) {
        vec![Column::plain(t!("map.place"))]
    } else {
        vec![
            Column::plain(t!("map.from")),
            Column::plain(t!("map.to")),
            Column::plain(t!("map.distance")).numeric(),
            Column::plain(Signal::derive(|| text!("map.partnership"))),
        ]
    };
    let rest = Signal::derive(move || {
        let all = match arcs.with(Vec::len) {
            0 => points.with(Vec::len),
            arcs => arcs,
        };
        shown.get() < all
    });
    view! {
        <Table caption=label caption_unseen=true columns=columns>{rows}</Table>
        <More there=rest busy=Signal::stored(false) on_more=move |()| shown.update(|shown| *shown += ROWS)/>
    }
    .into_any()
}
