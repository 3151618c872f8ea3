//! Lists of cities as a table and as places.

use std::sync::Arc;

use serde::Serialize;
use shared::cities::CitySummary;
use shared::language::Language;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};
use crate::http::geojson::{Feature, FeatureCollection, Geometry};

/// A page that borrows its cities: what [`shared::cities::CityPage`] tells.
#[derive(Serialize)]
pub(super) struct Listed<'a> {
    pub(super) items: &'a [Arc<CitySummary>],
    pub(super) next: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<u64>,
}

impl Formatted for Listed<'_> {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::GeoJson];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "kind",
            "name",
            "name_fr",
            "name_en",
            "name_uk",
            "country",
            "subdivision",
            "population",
            "lat",
            "lng",
            "open_to_partners",
            "needs",
            "offers",
        ])?;
        for city in self.items {
            table
                .value(Some(city.id))
                .value(Some(city.kind.code()))
                .words(&city.name);
            for language in Language::ALL {
                table.words(city.labels.get(language.tag()).map(String::as_str).unwrap_or_default());
            }
            table
                .words(&city.country)
                .words(city.subdivision.as_deref().unwrap_or_default())
                .value(city.population)
                .value(city.location.map(|at| at.lat))
                .value(city.location.map(|at| at.lng))
                .value(Some(city.open_to_partners))
                .several(city.needs.iter().map(|theme| theme.slug()))
                .several(city.offers.iter().map(|theme| theme.slug()));
            table.end_line()?;
        }
        Ok(table)
    }

    fn places(&self) -> Result<FeatureCollection, Error> {
        let mut features = Vec::with_capacity(self.items.len());
        for city in self.items {
            let mut properties = serde_json::to_value(&**city)?;
            if let Some(fields) = properties.as_object_mut() {
                fields.remove("location");
            }
            let place = city.location.map(Geometry::point);
            features.push(Feature::new(Some(city.id.to_string()), place, properties));
        }
        Ok(FeatureCollection::of(features))
    }
}
