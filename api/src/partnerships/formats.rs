//! Partnerships as a table, and their map as places.

use serde_json::json;
use shared::partnerships::{PartnershipMap, PartnershipPage};

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};
use crate::http::geojson::{Feature, FeatureCollection, Geometry};

impl Formatted for PartnershipPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "name",
            "kind",
            "state",
            "platform",
            "countries",
            "parties",
            "city_count",
            "themes",
            "started_on",
            "ends_on",
            "iati_activity_status",
            "updated_at",
        ])?;
        for partnership in &self.items {
            table
                .value(Some(partnership.id))
                .words(&partnership.name)
                .value(Some(partnership.kind.code()))
                .value(Some(partnership.state.code()))
                .words(partnership.platform.as_deref().unwrap_or_default())
                .several(partnership.countries.iter().map(String::as_str))
                .several(partnership.party_names.iter().map(String::as_str))
                .value(Some(partnership.city_count))
                .several(partnership.themes.iter().map(|theme| theme.slug()))
                .value(partnership.started_on)
                .value(partnership.ends_on)
                .value(Some(partnership.iati_activity_status))
                .value(Some(shared::time::text(&partnership.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}

impl Formatted for PartnershipMap {
    const FORMATS: &'static [Format] = &[Format::Json, Format::GeoJson];

    /// The points first, then the arcs between them.
    fn places(&self) -> Result<FeatureCollection, Error> {
        let points = self.points.iter().map(|point| {
            let told = json!({ "city_id": point.city_id, "name": point.name, "country": point.country });
            Feature::new(
                Some(point.city_id.to_string()),
                Some(Geometry::point(point.location)),
                told,
            )
        });
        let arcs = self.arcs.iter().filter_map(|arc| {
            let [a, b] = [arc.a, arc.b].map(|index| self.points.get(usize::try_from(index).ok()?));
            let (a, b) = a.zip(b)?;
            let told = json!({ "partnership_id": arc.partnership_id, "cities": [a.city_id, b.city_id] });
            Some(Feature::new(None, Some(Geometry::line(a.location, b.location)), told))
        });
        Ok(FeatureCollection::of(points.chain(arcs)))
    }
}
