//! Places as GeoJSON (RFC 7946): longitude before latitude, lines cut where they cross the 180th meridian.

use serde::Serialize;
use shared::geo::Point;
use utoipa::ToSchema;

/// Longitude and latitude in decimal degrees (WGS 84).
type Position = [f64; 2];

/// A list of things with their places.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FeatureCollection {
    /// Always `FeatureCollection`.
    pub r#type: CollectionType,
    /// The things.
    pub features: Vec<Feature>,
}

/// The word that begins a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub enum CollectionType {
    /// The only one.
    FeatureCollection,
}

/// A thing with its place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Feature {
    /// Always `Feature`.
    pub r#type: FeatureType,
    /// The thing's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it is; null where that is not known.
    pub geometry: Option<Geometry>,
    /// What is told of it: the fields of the list in JSON, without the place.
    #[schema(value_type = Object)]
    pub properties: serde_json::Value,
}

/// The word that begins a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub enum FeatureType {
    /// The only one.
    Feature,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type")]
pub enum Geometry {
    /// A point.
    Point {
        /// Where it is.
        #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
        coordinates: Position,
    },
    /// A line.
    LineString {
        /// Its ends.
        #[schema(value_type = Vec<Vec<f64>>)]
        coordinates: Vec<Position>,
    },
    /// A line in several pieces.
    MultiLineString {
        /// The pieces.
        #[schema(value_type = Vec<Vec<Vec<f64>>>)]
        coordinates: Vec<Vec<Position>>,
    },
}

impl FeatureCollection {
    /// A collection of these.
    #[must_use]
    pub fn of(features: impl IntoIterator<Item = Feature>) -> Self {
        Self {
            r#type: CollectionType::FeatureCollection,
            features: features.into_iter().collect(),
        }
    }
}

impl Feature {
    /// A thing at a place.
    #[must_use]
    pub fn new(id: Option<String>, geometry: Option<Geometry>, properties: serde_json::Value) -> Self {
        Self {
            r#type: FeatureType::Feature,
            id,
            geometry,
            properties,
        }
    }
}

impl Geometry {
    /// A point.
    #[must_use]
    pub const fn point(at: Point) -> Self {
        Self::Point {
            coordinates: [at.lng, at.lat],
        }
    }

    /// The shorter line between two points, on a flat map.
    #[must_use]
    pub fn line(a: Point, b: Point) -> Self {
        let (start, end) = ([a.lng, a.lat], [b.lng, b.lat]);
        if (a.lng - b.lng).abs() <= 180.0 {
            return Self::LineString {
                coordinates: vec![start, end],
            };
        }
        // The other end, seen past the meridian from this one.
        let edge = 180.0_f64.copysign(a.lng);
        let unrolled = b.lng + 360.0_f64.copysign(a.lng);
        let lat = a.lat + (b.lat - a.lat) * (edge - a.lng) / (unrolled - a.lng);
        Self::MultiLineString {
            coordinates: vec![vec![start, [edge, lat]], vec![[-edge, lat], end]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_over_the_pacific_is_cut_at_the_meridian() {
        let (suva, apia) = (
            Point { lat: -18.0, lng: 178.0 },
            Point {
                lat: -14.0,
                lng: -172.0,
            },
        );
        let line = Geometry::line(suva, apia);
        let coordinates = vec![
            vec![[178.0, -18.0], [180.0, -17.2]],
            vec![[-180.0, -17.2], [-172.0, -14.0]],
        ];
        assert_eq!(line, Geometry::MultiLineString { coordinates });
        let short = Geometry::line(Point { lat: 45.0, lng: 5.0 }, Point { lat: 40.0, lng: 45.0 });
        assert!(matches!(short, Geometry::LineString { .. }));
    }
}
