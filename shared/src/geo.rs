//! Places on the globe.

use serde::{Deserialize, Serialize};

/// A point in decimal degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Latitude in degrees north.
    #[cfg_attr(feature = "openapi", schema(minimum = -90.0, maximum = 90.0, example = 45.18))]
    pub lat: f64,
    /// Longitude in degrees east.
    #[cfg_attr(feature = "openapi", schema(minimum = -180.0, maximum = 180.0, example = 5.72))]
    pub lng: f64,
}

/// Mean radius of the Earth in kilometres (IUGG).
const EARTH_RADIUS_KM: f64 = 6371.0088;

impl Point {
    /// Whether both coordinates are inside their bounds.
    #[must_use]
    pub fn is_valid(self) -> bool {
        (-90.0..=90.0).contains(&self.lat) && (-180.0..=180.0).contains(&self.lng)
    }

    /// The great-circle distance in kilometres.
    ///
    /// Made of additions, multiplications, divisions and square roots only, which every machine rounds alike: the server
    /// and the browser get the same digits. The sines of a machine's own library differ in the last one.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        Direction::of(self).distance_km(Direction::of(other))
    }
}

/// A place as a unit vector from the centre of the Earth: the distance to many others costs no sine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction([f64; 3]);

impl Direction {
    /// The direction of a point.
    #[must_use]
    pub fn of(point: Point) -> Self {
        let (sin_lat, cos_lat) = sin_cos_degrees(point.lat);
        let (sin_lng, cos_lng) = sin_cos_degrees(point.lng);
        Self([cos_lat * cos_lng, cos_lat * sin_lng, sin_lat])
    }

    /// Its three coordinates: toward longitude 0 and 90 on the equator, and toward the pole.
    #[must_use]
    pub const fn axes(self) -> [f64; 3] {
        self.0
    }

    /// The great-circle distance in kilometres.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let square: f64 = (0..3).map(|axis| self.0[axis] - other.0[axis]).map(|d| d * d).sum();
        2.0 * EARTH_RADIUS_KM * arc_sine((square / 4.0).min(1.0))
    }

    /// Whole kilometres on the straight line through the Earth: below 500 km within one of the great circle's.
    #[must_use]
    pub fn chord_km(self, other: Self) -> u32 {
        let square: f64 = (0..3).map(|axis| self.0[axis] - other.0[axis]).map(|d| d * d).sum();
        (EARTH_RADIUS_KM * square.sqrt()).round() as u32
    }

    /// How far north of the equator's plane, in the Earth's radius.
    #[must_use]
    pub const fn height(self) -> f64 {
        self.0[2]
    }
}

/// Sine and cosine of an angle in degrees, by their series on −45° to 45°.
fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let quarters = (degrees / 90.0).round();
    let x = (degrees - quarters * 90.0) * (std::f64::consts::PI / 180.0);
    let square = x * x;
    let (mut sin, mut cos) = (0.0, 0.0);
    for step in (1..=8).rev() {
        let n = f64::from(2 * step);
        cos = (1.0 + cos) * -square / (n * (n - 1.0));
        sin = (1.0 + sin) * -square / (n * (n + 1.0));
    }
    let (sin, cos) = (x * (1.0 + sin), 1.0 + cos);
    match (quarters as i64).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Terms of the series of the arc sine.
const ARC_TERMS: usize = 14;

/// Each coefficient of that series divided by the one before it: (2k − 1)² / (2k · (2k + 1)).
const ARC_RATIOS: [f64; ARC_TERMS] = {
    let mut ratios = [0.0; ARC_TERMS];
    let mut k = 0;
    while k < ARC_TERMS {
        let n = 2.0 * (k + 1) as f64;
        ratios[k] = (n - 1.0) * (n - 1.0) / (n * (n + 1.0));
        k += 1;
    }
    ratios
};

/// The arc sine of the square root of `square` (0 to 1), by its series on 0 to ½; right to a tenth of a millimetre on Earth.
fn arc_sine(square: f64) -> f64 {
    if square > 0.25 {
        return std::f64::consts::FRAC_PI_2 - 2.0 * arc_sine((1.0 - square.sqrt()) / 2.0);
    }
    let sum = ARC_RATIOS
        .iter()
        .rev()
        .fold(0.0, |sum, ratio| (1.0 + sum) * (square * ratio));
    square.sqrt() * (1.0 + sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grenoble_is_some_3100_km_from_sevan() {
        let grenoble = Point { lat: 45.17, lng: 5.72 };
        let sevan = Point { lat: 40.55, lng: 44.95 };
        let km = grenoble.distance_km(sevan);
        assert!((3050.0..3250.0).contains(&km), "{km}");
        assert!((km - sevan.distance_km(grenoble)).abs() < 1e-9);
    }

    #[test]
    fn distances_are_those_of_the_haversine() {
        let places = [
            (0.0, 0.0),
            (45.17, 5.72),
            (-54.8, -68.3),
            (89.9, 170.0),
            (-89.9, -10.0),
            (1e-4, 179.9999),
        ];
        for (lat, lng) in places {
            for (other_lat, other_lng) in places {
                let (a, b) = (
                    Point { lat, lng },
                    Point {
                        lat: other_lat,
                        lng: other_lng,
                    },
                );
                let half_lat = ((b.lat - a.lat).to_radians() / 2.0).sin();
                let half_lng = ((b.lng - a.lng).to_radians() / 2.0).sin();
                let chord =
                    half_lat * half_lat + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half_lng * half_lng;
                let known = 2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin();
                assert!((a.distance_km(b) - known).abs() < 1e-3, "{a:?} {b:?} {known}");
            }
        }
    }
}
