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

    /// The great-circle distance in kilometres (haversine).
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((lat_b - lat_a) / 2.0).sin();
        let half_lng = ((other.lng - self.lng).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lng * half_lng;
        2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
    }
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
}
