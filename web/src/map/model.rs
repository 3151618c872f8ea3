//! Shapes, projection and arcs: what the map thinks, without a browser.
//!
//! `web/public/map/world.json` holds country borders as shared arcs of steps on a grid (made by `world.mjs` beside this file, which tells the source). They are
//! put together here, projected with the Natural Earth projection (T. Patterson; the polynomial of B. Šavrič et al., 2011), and written as SVG path data in
//! whole units of a canvas 10,000 wide, so that no code for printing fractions is needed.

use serde::Deserialize;
use shared::geo::Point;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Width of the canvas.
pub const WIDTH: f64 = 10_000.0;
/// Height of the canvas.
pub const HEIGHT: f64 = WIDTH * 0.52;

/// The file as it is.
#[derive(Deserialize)]
pub struct World {
    scale: [f64; 2],
    translate: [f64; 2],
    /// By ISO 3166-1 alpha-2: polygons, each of rings, each of arcs; a negative index means the arc backwards.
    countries: BTreeMap<String, Vec<Vec<Vec<i32>>>>,
    /// x and y of the first point, then steps.
    arcs: Vec<Vec<i32>>,
}

/// A ring of points.
pub type Ring = Vec<Point>;

/// Country shapes by ISO 3166-1 alpha-2 code.
pub struct Atlas {
    shapes: BTreeMap<String, Vec<Vec<Ring>>>,
}

impl Atlas {
    /// Puts the shapes of the file together; nothing where it is not whole.
    pub fn of(world: World) -> Option<Atlas> {
        let arcs: Vec<Ring> = world
            .arcs
            .iter()
            .map(|steps| {
                let (mut x, mut y) = (0, 0);
                steps
                    .chunks_exact(2)
                    .map(|step| {
                        x += step[0];
                        y += step[1];
                        Point {
                            lng: f64::from(x) * world.scale[0] + world.translate[0],
                            lat: f64::from(y) * world.scale[1] + world.translate[1],
                        }
                    })
                    .collect()
            })
            .collect();
        let ring = |indexes: &Vec<i32>| -> Option<Ring> {
            let mut points = Vec::new();
            for &index in indexes {
                let forwards = index >= 0;
                let arc = arcs.get(usize::try_from(if forwards { index } else { !index }).ok()?)?;
                // The last point of an arc is the first of the next.
                points.pop();
                if forwards {
                    points.extend(arc.iter().copied());
                } else {
                    points.extend(arc.iter().rev().copied());
                }
            }
            Some(points)
        };
        let shapes = world
            .countries
            .iter()
            .map(|(code, polygons)| {
                let polygons = polygons
                    .iter()
                    .map(|rings| rings.iter().map(ring).collect::<Option<Vec<_>>>())
                    .collect::<Option<Vec<_>>>()?;
                Some((code.clone(), polygons))
            })
            .collect::<Option<_>>()?;
        Some(Atlas { shapes })
    }

    /// The country whose shape holds a point.
    pub fn country_at(&self, point: Point) -> Option<&str> {
        self.shapes
            .iter()
            .find(|(_, polygons)| {
                polygons
                    .iter()
                    .any(|rings| rings.iter().filter(|ring| holds(ring, point)).count() % 2 == 1)
            })
            .map(|(code, _)| code.as_str())
    }

    /// SVG path data of the countries that are wanted.
    pub fn path(&self, wanted: impl Fn(&str) -> bool) -> String {
        let mut out = String::with_capacity(120_000);
        for (_, polygons) in self.shapes.iter().filter(|(code, _)| wanted(code)) {
            for ring in polygons.iter().flatten().flat_map(|ring| sides(ring)) {
                let mut before = None;
                for point in ring {
                    let (x, y) = grid(point);
                    match before {
                        None => push(&mut out, 'M', x, y),
                        Some((a, b)) if (a, b) == (x, y) => continue,
                        Some((a, b)) => push(&mut out, 'l', x - a, y - b),
                    }
                    before = Some((x, y));
                }
                out.push('z');
            }
        }
        out
    }
}

fn push(out: &mut String, verb: char, x: i32, y: i32) {
    out.push(verb);
    // Writing to a String cannot fail.
    write!(out, "{x} {y}").ok();
}

/// A ring as a map shows it: one that goes over the date line is on both sides, cut at the edge.
fn sides(ring: &[Point]) -> Vec<Ring> {
    // Its longitudes without the jump, which may go beyond the edge.
    let (mut turned, mut last) = (0.0, None::<f64>);
    let whole: Ring = ring
        .iter()
        .map(|point| {
            let step = point.lng - last.unwrap_or(point.lng);
            last = Some(point.lng);
            if step.abs() > 180.0 {
                turned -= 360_f64.copysign(step);
            }
            Point {
                lng: point.lng + turned,
                ..*point
            }
        })
        .collect();
    [0.0, -360.0, 360.0]
        .into_iter()
        .filter(|moved| whole.iter().any(|point| (point.lng + moved).abs() < 180.0))
        .map(|moved| {
            let cut = |point: &Point| Point {
                lng: (point.lng + moved).clamp(-180.0, 180.0),
                ..*point
            };
            whole.iter().map(cut).collect()
        })
        .collect()
}

/// Whether a ring goes round a point (even-odd rule).
fn holds(ring: &Ring, point: Point) -> bool {
    let mut inside = false;
    let mut before = ring.last();
    for corner in ring {
        if let Some(last) = before
            && (corner.lat > point.lat) != (last.lat > point.lat)
            && point.lng < (last.lng - corner.lng) * (point.lat - corner.lat) / (last.lat - corner.lat) + corner.lng
        {
            inside = !inside;
        }
        before = Some(corner);
    }
    inside
}

/// A point on the canvas.
pub fn project(point: Point) -> (f64, f64) {
    let (lambda, phi) = (point.lng.to_radians(), point.lat.to_radians());
    let p2 = phi * phi;
    let p4 = p2 * p2;
    let x = lambda * (0.8707 - 0.131_979 * p2 + p4 * (-0.013_791 + p4 * (0.003_971 * p2 - 0.001_529 * p4)));
    let y = phi * (1.007_226 + p2 * (0.015_085 + p4 * (-0.044_475 + 0.028_874 * p2 - 0.005_916 * p4)));
    let unit = WIDTH / 2.0 / (std::f64::consts::PI * 0.8707);
    (WIDTH / 2.0 + x * unit, HEIGHT / 2.0 - y * unit)
}

fn grid(point: Point) -> (i32, i32) {
    let (x, y) = project(point);
    (x.round() as i32, y.round() as i32)
}

/// Angles: the browser has them, and the module need not carry them. The tests run without a browser.
mod trig {
    #[cfg(target_family = "wasm")]
    pub(super) use js_sys::Math::{acos, atan2, cos, sin};

    #[cfg(not(target_family = "wasm"))]
    pub(super) use native::*;

    #[cfg(not(target_family = "wasm"))]
    mod native {
        pub(crate) fn acos(x: f64) -> f64 {
            x.acos()
        }

        pub(crate) fn atan2(y: f64, x: f64) -> f64 {
            y.atan2(x)
        }

        pub(crate) fn cos(x: f64) -> f64 {
            x.cos()
        }

        pub(crate) fn sin(x: f64) -> f64 {
            x.sin()
        }
    }
}

/// SVG path data of the shortest way over the globe between two points.
pub fn great_circle(a: Point, b: Point) -> String {
    let mut out = String::new();
    trace(&mut out, a, b, 0.04);
    out
}

/// Paths over which many ways are spread, so that where many of them run, there is more colour: a path paints no spot twice.
pub const LAYERS: usize = 8;

/// SVG path data of many ways over the globe, in layers; in wider steps than a single one, of which one sees each bend.
pub fn layers(ways: impl Iterator<Item = (Point, Point)>) -> [String; LAYERS] {
    let mut layers = [const { String::new() }; LAYERS];
    for (at, (a, b)) in ways.enumerate() {
        trace(&mut layers[at % LAYERS], a, b, 0.08);
    }
    layers
}

/// The dot of a point: strokes have round joins.
pub fn dot(out: &mut String, point: Point) {
    let (x, y) = grid(point);
    push(out, 'M', x, y);
    out.push_str("h1v1h-1z");
}

/// The dot of one point among many: a stroke with round ends, which is painted in a third of the time.
pub fn speck(out: &mut String, point: Point) {
    let (x, y) = grid(point);
    push(out, 'M', x, y);
    out.push_str("h1");
}

/// The point that is nearest to a place on the canvas, within a distance.
pub fn nearest(points: impl Iterator<Item = Point>, (x, y): (f64, f64), within: f64) -> Option<usize> {
    let (mut best, mut found) = (within * within, None);
    for (at, point) in points.enumerate() {
        let (right, down) = project(point);
        let far = (right - x) * (right - x) + (down - y) * (down - y);
        if far < best {
            (best, found) = (far, Some(at));
        }
    }
    found
}

/// Writes the shortest way over the globe between two points, in steps of an angle (radians).
fn trace(out: &mut String, a: Point, b: Point, stride: f64) {
    let vector = |point: Point| {
        let (lat, lng) = (point.lat.to_radians(), point.lng.to_radians());
        [
            trig::cos(lat) * trig::cos(lng),
            trig::cos(lat) * trig::sin(lng),
            trig::sin(lat),
        ]
    };
    let (from, to) = (vector(a), vector(b));
    let dot: f64 = from.iter().zip(to).map(|(a, b)| a * b).sum();
    let angle = trig::acos(dot.clamp(-1.0, 1.0));
    let steps = ((angle / stride).ceil() as usize).clamp(2, 64);
    let mut last_lng = f64::NAN;
    for step in 0..=steps {
        let part = step as f64 / steps as f64;
        let point = if angle < 1e-9 {
            a
        } else {
            let (p, q) = (
                trig::sin((1.0 - part) * angle) / trig::sin(angle),
                trig::sin(part * angle) / trig::sin(angle),
            );
            let [x, y, z] = std::array::from_fn(|at| from[at] * p + to[at] * q);
            Point {
                lat: trig::atan2(z, (x * x + y * y).sqrt()).to_degrees(),
                lng: trig::atan2(y, x).to_degrees(),
            }
        };
        let (x, y) = grid(point);
        // Across the date line the pen is lifted.
        let verb = if step == 0 || (point.lng - last_lng).abs() > 180.0 {
            'M'
        } else {
            'L'
        };
        push(out, verb, x, y);
        last_lng = point.lng;
    }
}

/// The part of the canvas that is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width; the height follows.
    pub width: f64,
}

impl Frame {
    /// Height over width of what is shown.
    pub const RATIO: f64 = 0.52;
    /// The whole world.
    pub const WORLD: Frame = Frame {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
    };
    const CLOSEST: f64 = WIDTH / 24.0;

    /// The frame that shows all of some points with room around them; the world where there are none.
    pub fn around(points: impl Iterator<Item = Point>) -> Frame {
        let mut bounds: Option<(f64, f64, f64, f64)> = None;
        for point in points {
            let (x, y) = project(point);
            bounds = Some(bounds.map_or((x, y, x, y), |(left, top, right, bottom)| {
                (left.min(x), top.min(y), right.max(x), bottom.max(y))
            }));
        }
        let Some((left, top, right, bottom)) = bounds else {
            return Frame::WORLD;
        };
        let width = ((right - left) * 1.25)
            .max((bottom - top) * 1.35 / Frame::RATIO)
            .clamp(WIDTH / 8.0, WIDTH);
        Frame {
            x: (left + right - width) / 2.0,
            y: (top + bottom - width * Frame::RATIO) / 2.0,
            width,
        }
        .kept()
    }

    /// Closer (a factor below one) or farther, around the middle.
    pub fn zoomed(self, factor: f64) -> Frame {
        let width = (self.width * factor).clamp(Frame::CLOSEST, WIDTH);
        let shrunk = self.width - width;
        Frame {
            x: self.x + shrunk / 2.0,
            y: self.y + shrunk * Frame::RATIO / 2.0,
            width,
        }
        .kept()
    }

    /// Moved by parts of its own width and height.
    pub fn moved(self, right: f64, down: f64) -> Frame {
        Frame {
            x: self.x + right * self.width,
            y: self.y + down * self.width * Frame::RATIO,
            ..self
        }
        .kept()
    }

    /// Held inside the canvas.
    fn kept(self) -> Frame {
        let x = self.x.clamp(0.0, (WIDTH - self.width).max(0.0));
        let y = self.y.clamp(0.0, (HEIGHT - self.width * Frame::RATIO).max(0.0));
        Frame { x, y, ..self }
    }

    /// As an SVG `viewBox`.
    pub fn view_box(self) -> String {
        format!(
            "{} {} {} {}",
            self.x.round() as i32,
            self.y.round() as i32,
            self.width.round() as i32,
            (self.width * Frame::RATIO).round() as i32
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atlas() -> Atlas {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/map/world.json");
        Atlas::of(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn crimea_is_in_ukraine() {
        let atlas = atlas();
        for (name, lat, lng) in [
            ("Simferopol", 44.95, 34.10),
            ("Kerch", 45.33, 36.40),
            ("Yevpatoriia", 45.21, 33.40),
            ("Kremenchuk", 49.07, 33.42),
            ("Luhansk", 48.57, 39.31),
        ] {
            assert_eq!(atlas.country_at(Point { lat, lng }), Some("UA"), "{name}");
        }
    }

    #[test]
    fn cities_lie_in_their_countries() {
        let atlas = atlas();
        for (country, lat, lng) in [
            ("FR", 45.18, 5.72),
            ("AM", 40.55, 44.95),
            ("AR", -37.32, -59.13),
            ("GN", 10.37, -12.09),
            ("LB", 34.25, 36.0),
            ("XK", 42.21, 20.74),
            ("CO", 6.69, -73.02),
            ("PS", 31.9, 35.2),
        ] {
            assert_eq!(atlas.country_at(Point { lat, lng }), Some(country), "{lat} {lng}");
        }
        assert_eq!(atlas.country_at(Point { lat: 40.0, lng: -40.0 }), None);
    }

    #[test]
    fn paths_are_closed_and_whole() {
        let path = atlas().path(|code| code == "UA");
        assert!(
            path.starts_with('M') && path.ends_with('z') && !path.contains('.'),
            "{path}"
        );
    }

    #[test]
    fn a_country_on_both_sides_of_the_date_line_does_not_run_across_the_map() {
        let path = atlas().path(|code| code == "RU");
        let steps = path.split(['M', 'l', 'z']).filter_map(|pair| pair.split_once(' '));
        let (mut at, mut edges) = (0, (i32::MAX, i32::MIN));
        for ((x, _), verb) in steps.zip(path.matches(['M', 'l'])) {
            let x: i32 = x.parse().unwrap();
            assert!(verb == "M" || x.abs() < 500, "a step of {x}");
            at = if verb == "M" { x } else { at + x };
            edges = (edges.0.min(at), edges.1.max(at));
        }
        // At the latitude of Chukotka, the map is narrower than the canvas.
        assert!(edges.0 < 1_300 && edges.1 > 8_700, "{edges:?}");
    }

    #[test]
    fn the_projection_is_centred_and_symmetric() {
        assert_eq!(project(Point { lat: 0.0, lng: 0.0 }), (WIDTH / 2.0, HEIGHT / 2.0));
        let (west, _) = project(Point { lat: 40.0, lng: -30.0 });
        let (east, _) = project(Point { lat: 40.0, lng: 30.0 });
        assert!((west + east - WIDTH).abs() < 1e-6);
    }

    #[test]
    fn an_arc_over_the_pacific_is_cut_at_the_date_line() {
        let arc = great_circle(Point { lat: 35.0, lng: 139.0 }, Point { lat: 37.0, lng: -122.0 });
        assert_eq!(arc.matches('M').count(), 2);
        let here = Point { lat: 45.0, lng: 5.0 };
        assert_eq!(great_circle(here, here).matches('M').count(), 1);
    }

    #[test]
    fn many_ways_are_spread_over_layers() {
        let (a, b) = (Point { lat: 48.0, lng: 2.0 }, Point { lat: 52.0, lng: 13.0 });
        let layers = layers(std::iter::repeat_n((a, b), LAYERS + 1));
        assert_eq!(layers[0].matches('M').count(), 2);
        assert!(layers[1..].iter().all(|layer| layer.matches('M').count() == 1));
    }

    #[test]
    fn the_nearest_point_is_found_within_reach() {
        let points = [Point { lat: 48.0, lng: 2.0 }, Point { lat: 48.0, lng: 3.0 }];
        let (x, y) = project(points[1]);
        assert_eq!(nearest(points.into_iter(), (x - 4.0, y + 1.0), 30.0), Some(1));
        assert_eq!(nearest(points.into_iter(), (x, y + 40.0), 30.0), None);
    }

    #[test]
    fn frames_stay_on_the_canvas() {
        let far = Frame::around([Point { lat: 60.0, lng: 170.0 }].into_iter());
        assert!(far.x + far.width <= WIDTH && far.zoomed(0.01).width >= WIDTH / 24.0 - 1.0);
        assert_eq!(Frame::around(std::iter::empty()), Frame::WORLD);
        assert_eq!(Frame::WORLD.moved(1.0, 1.0), Frame::WORLD);
    }
}
