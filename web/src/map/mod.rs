//! The world as SVG: countries, points, arcs; with buttons, keys, and a table that says the same.
//!
//! ```ignore
//! view! { <WorldMap label=t!("home.map") points=points arcs=arcs/> }
//! ```
//!
//! The shapes are fetched once and kept. Dots and lines keep their size on screen at every zoom (`vector-effect: non-scaling-stroke`). Up to sixty points
//! are links that take the focus; with more of them the table is the way for the keyboard. Thousands are drawn as a few shapes, and the point nearest to the
//! pointer becomes the link.

pub mod model;
mod twin;

use crate::browser;
use crate::json;
use crate::split;
use crate::t;
use crate::ui::later::later;
use crate::ui::prelude::*;
use leptos::prelude::*;
use model::{Atlas, Frame, dot, great_circle, layers, nearest, project, speck};
use shared::geo::Point;
use std::cell::RefCell;
use std::rc::Rc;
use twin::twin;
use wasm_bindgen_futures::spawn_local;

/// The name of the `<meta>` that tells the file's hashed address, and the address while there is none (`trunk serve`).
const SHAPES: (&str, &str) = ("map-world", "/map/world.json");
const FOCUSABLE: usize = 60;
/// With more points or arcs than this, each is no element of its own: a browser takes seconds to lay out twenty thousand.
const MANY: usize = 1_000;
/// How near to a point, in pixels, the pointer must be to mean it.
const REACH: f64 = 14.0;

/// A place on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPoint {
    /// Its name.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Where it leads.
    pub href: String,
    /// Where it is.
    pub at: Point,
    /// Whether it is the one from which all is seen.
    pub is_own: bool,
}

/// A line between two places.
#[derive(Clone, Debug, PartialEq)]
pub struct MapArc {
    /// Index of one end in the points.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// What it leads to.
    pub href: String,
}

thread_local! {
    static ATLAS: RefCell<Option<Rc<Atlas>>> = const { RefCell::new(None) };
}

async fn atlas() -> Option<Rc<Atlas>> {
    if let Some(known) = ATLAS.with(|atlas| atlas.borrow().clone()) {
        return Some(known);
    }
    let address = browser::meta(SHAPES.0).unwrap_or_else(|| SHAPES.1.to_owned());
    let read = Rc::new(Atlas::of(json::read(browser::fetch_json(&address).await?)?)?);
    ATLAS.with(|atlas| *atlas.borrow_mut() = Some(read.clone()));
    Some(read)
}

/// The map; its code comes when a page shows one.
#[component]
pub fn WorldMap(
    /// What it shows.
    #[prop(into)]
    label: Signal<String>,
    /// Places.
    #[prop(into)]
    points: Signal<Vec<MapPoint>>,
    /// Lines between them.
    #[prop(optional, into)]
    arcs: Signal<Vec<MapArc>>,
) -> impl IntoView {
    split!(
        map,
        fn draw(label: Signal<String>, points: Signal<Vec<MapPoint>>, arcs: Signal<Vec<MapArc>>) -> AnyView {
            drawing(label, points, arcs)
        }
    );
    later(10, || draw(label, points, arcs))
}

fn drawing(label: Signal<String>, points: Signal<Vec<MapPoint>>, arcs: Signal<Vec<MapArc>>) -> AnyView {
    let land = State::new((String::new(), String::new()));
    let frame = State::new(Frame::WORLD);
    let active = State::new(None::<usize>);
    let svg = NodeRef::<leptos::svg::Svg>::new();
    let grip = Kept::new(None::<(f64, f64, Frame)>);
    // Many arcs are out of sight while the map moves under the pointer: painting them takes longer than a movement.
    let moving = State::new(false);
    let many = memo(move || points.with(Vec::len).max(arcs.with(Vec::len)) > MANY);

    let fit = move || {
        Frame::around(
            points
                .with(|points| points.iter().map(|point| point.at).collect::<Vec<_>>())
                .into_iter(),
        )
    };
    effect(move || {
        frame.set(fit());
        let countries = points.with(|points| {
            let mut countries = Vec::new();
            for point in points {
                if !countries.contains(&point.country) {
                    countries.push(point.country.clone());
                }
            }
            countries
        });
        spawn_local(async move {
            if let Some(atlas) = atlas().await {
                let on = |code: &str| countries.iter().any(|country| country == code);
                land.try_set((atlas.path(|code| !on(code)), atlas.path(on)));
            }
        });
    });
    let zoom = move |factor: f64| frame.update(|frame| *frame = frame.zoomed(factor));
    let on_key = move |event: web_sys::KeyboardEvent| {
        let step = 0.15;
        match event.key().as_str() {
            "ArrowLeft" => frame.update(|frame| *frame = frame.moved(-step, 0.0)),
            "ArrowRight" => frame.update(|frame| *frame = frame.moved(step, 0.0)),
            "ArrowUp" => frame.update(|frame| *frame = frame.moved(0.0, -step)),
            "ArrowDown" => frame.update(|frame| *frame = frame.moved(0.0, step)),
            "+" | "=" => zoom(0.7),
            "-" => zoom(1.0 / 0.7),
            "0" => frame.set(Frame::WORLD),
            _ => return,
        }
        event.prevent_default();
    };
    let point_at = move |event: &web_sys::PointerEvent| {
        let Some(svg) = svg.get_untracked() else { return };
        let (corner, frame) = (svg.get_bounding_client_rect(), frame.get_untracked());
        let unit = frame.width / corner.width().max(1.0);
        let place = (
            frame.x + (f64::from(event.client_x()) - corner.left()) * unit,
            // On a narrow screen the drawing is taller than what is in view, which stands in its middle.
            frame.y
                + frame.width * Frame::RATIO / 2.0
                + (f64::from(event.client_y()) - corner.top() - corner.height() / 2.0) * unit,
        );
        let found = points.with_untracked(|points| nearest(points.iter().map(|point| point.at), place, REACH * unit));
        if found != active.get_untracked() {
            active.set(found);
        }
    };
    // Dragging moves the map under the pointer; a link below it is still a link when the pointer has not moved.
    let on_down = move |event: web_sys::PointerEvent| {
        if many.get_untracked() {
            // A finger has not been anywhere before.
            point_at(&event);
        }
        if event.button() == 0 && event.pointer_type() == "mouse" {
            grip.set_value(Some((
                f64::from(event.client_x()),
                f64::from(event.client_y()),
                frame.get_untracked(),
            )));
        }
    };
    let on_move = move |event: web_sys::PointerEvent| {
        if let (Some((x, y, from)), Some(svg)) = (grip.get_value(), svg.get_untracked()) {
            let width = f64::from(svg.client_width().max(1));
            let (right, down) = (
                (x - f64::from(event.client_x())) / width,
                (y - f64::from(event.client_y())) / width / Frame::RATIO,
            );
            if right.abs() + down.abs() > 0.004 {
                moving.set(true);
                frame.set(from.moved(right, down));
            }
        } else if many.get_untracked() {
            point_at(&event);
        }
    };
    let release = move || {
        grip.set_value(None);
        moving.set(false);
    };

    let drawn_arcs = move || {
        let points = points.read();
        let arcs = arcs.read();
        let ends = |arc: &MapArc| Some((points.get(arc.a)?.at, points.get(arc.b)?.at));
        if many.get() {
            return layers(arcs.iter().filter_map(ends))
                .into_iter()
                .map(|d| view! { <path class="map-arc map-arc-many" d=d></path> }.into_any())
                .collect_any();
        }
        arcs.iter()
            .filter_map(|arc| {
                let (from, to) = ends(arc)?;
                let (a, b) = (arc.a, arc.b);
                let lit = by(move || active.get().is_some_and(|at| at == a || at == b));
                Some(view! { <path class="map-arc" class:map-arc-on=lit d=great_circle(from, to)></path> })
            })
            .collect_any()
    };
    // A point as a link. Inside a `g`, so that the link is SVG's own and not HTML's, which would not be drawn here.
    let link = move |point: &MapPoint, at: usize| {
        let mut d = String::new();
        dot(&mut d, point.at);
        let (name, country) = (point.name.clone(), point.country.clone());
        let reachable = points.with_untracked(|points| points.len() <= FOCUSABLE);
        view! {
            <g>
                <a
                    class="map-point"
                    class:map-point-own=point.is_own
                    href=point.href.clone()
                    tabindex=if reachable { "0" } else { "-1" }
                    aria-label=by(move || format!("{name}, {}", intl::country(&country)))
                    on:pointerenter=on(move |_| active.set(Some(at)))
                    on:pointerleave=on(move |_| active.set(None))
                    on:focus=on(move |_| active.set(Some(at)))
                    on:blur=on(move |_| active.set(None))
                    draggable="false"
                >
                    <path class="map-target" d=d.clone()></path>
                    <path class="map-ring" d=d.clone()></path>
                    <path class="map-dot" d=d></path>
                </a>
            </g>
        }
        .into_any()
    };
    let drawn_points = move || {
        let points = points.read();
        if many.get() {
            let mut d = String::new();
            for point in points.iter() {
                speck(&mut d, point.at);
            }
            return view! { <path class="map-dot map-dot-many" d=d></path> }.into_any();
        }
        points
            .iter()
            .enumerate()
            .map(|(at, point)| link(point, at))
            .collect_any()
    };
    // Of many, the one that is meant: with its arcs, and as a link.
    let meant = move || {
        let at = active.get().filter(|_| many.get())?;
        let points = points.read();
        let arcs = arcs.read();
        let ways = arcs
            .iter()
            .filter(|arc| arc.a == at || arc.b == at)
            .filter_map(|arc| Some(great_circle(points.get(arc.a)?.at, points.get(arc.b)?.at)))
            .collect::<String>();
        Some(view! {
            <path class="map-arc map-arc-on" d=ways></path>
            {link(points.get(at)?, at)}
        })
    };
    let name_tag = move || {
        let at = active.get()?;
        let point = points.with(|points| points.get(at).cloned())?;
        let frame = frame.get();
        let unit = frame.width / f64::from(svg.get()?.client_width().max(1));
        let (x, y) = project(point.at);
        let right = x > frame.x + frame.width * 0.7;
        Some(view! {
            <text
                class="map-name"
                x=((x + if right { -12.0 * unit } else { 12.0 * unit }).round() as i32).to_string()
                y=((y - 8.0 * unit).round() as i32).to_string()
                text-anchor=if right { "end" } else { "start" }
                font-size=((16.0 * unit).round() as i32).to_string()
                stroke-width=((5.0 * unit).round() as i32).to_string()
                aria-hidden="true"
            >
                {format!("{}, {}", point.name, intl::country(&point.country))}
            </text>
        })
    };
    view! {
        <figure class="map">
            <div class="map-frame" role="group" aria-label=label on:keydown=on_key>
                <svg
                    node_ref=svg
                    viewBox=by(move || frame.get().view_box())
                    role="group"
                    aria-label=label
                    on:pointerdown=on_down
                    on:pointermove=on_move
                    on:pointerup=on(move |_| release())
                    on:pointerleave=on(move |_| {
                        release();
                        if many.get_untracked() {
                            active.set(None);
                        }
                    })
                >
                    <path class="map-land" d=by(move || land.with(|(rest, _)| rest.clone()))></path>
                    <path class="map-land map-land-on" d=by(move || land.with(|(_, on)| on.clone()))></path>
                    <g aria-hidden="true" class:map-away=by(move || many.get() && moving.get())>{drawn_arcs}</g>
                    {drawn_points}
                    {meant}
                    {name_tag}
                </svg>
                <div class="map-tools no-print">
                    <IconButton label=t!("map.closer") icon=Icon::Plus on_press=move |()| zoom(0.6)/>
                    <IconButton label=t!("map.farther") icon=Icon::Minus on_press=move |()| zoom(1.0 / 0.6)/>
                    <IconButton label=t!("map.fit") icon=Icon::Fit on_press=move |()| frame.set(fit())/>
                    <IconButton label=t!("map.world") icon=Icon::Globe on_press=move |()| frame.set(Frame::WORLD)/>
                </div>
            </div>
            <figcaption class="small soft">{t!("map.keys")}</figcaption>
            {twin(label, points, arcs)}
        </figure>
    }
    .into_any()
}
