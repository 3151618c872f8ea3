//! What a merge changed, kept to take it back exactly.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::ids::CityId;
use shared::partnerships::Provenance;
use uuid::Uuid;

use crate::partnerships::store::Partnership;

/// Everything that a merge changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct Record {
    /// The city that went; none where partnerships were merged.
    pub(in crate::doubles) city: Option<GoneCity>,
    /// Partnerships as they stood before, in the order in which they were changed.
    pub(in crate::doubles) partnerships: Vec<Touched>,
}

/// A city that went into another, with what of the other changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct GoneCity {
    /// Its row.
    pub(in crate::doubles) row: CityRow,
    /// Its names.
    pub(in crate::doubles) names: Vec<NameRow>,
    /// Its codes, with those that were closed.
    pub(in crate::doubles) codes: Vec<CodeRow>,
    /// Names that the other one was given.
    pub(in crate::doubles) added_names: Vec<Uuid>,
    /// Search keys that the other one was given.
    pub(in crate::doubles) added_keys: Vec<String>,
    /// Whether the other one was given its place.
    pub(in crate::doubles) gave_place: bool,
    /// Whether the other one was given its number of inhabitants.
    pub(in crate::doubles) gave_population: bool,
    /// Whether the other one lay in it.
    pub(in crate::doubles) was_parent: bool,
}

/// The columns of a city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct CityRow {
    pub(in crate::doubles) id: CityId,
    pub(in crate::doubles) version: i64,
    pub(in crate::doubles) created_at: chrono::DateTime<chrono::Utc>,
    pub(in crate::doubles) kind: String,
    pub(in crate::doubles) name: String,
    pub(in crate::doubles) labels: serde_json::Value,
    pub(in crate::doubles) country: String,
    pub(in crate::doubles) subdivision: Option<String>,
    pub(in crate::doubles) population: Option<i64>,
    pub(in crate::doubles) lat: Option<f64>,
    pub(in crate::doubles) lng: Option<f64>,
    pub(in crate::doubles) parent_id: Option<CityId>,
    pub(in crate::doubles) network_id: Option<shared::ids::NetworkId>,
    pub(in crate::doubles) open_to_partners: bool,
    pub(in crate::doubles) descriptions: serde_json::Value,
    pub(in crate::doubles) languages: serde_json::Value,
    pub(in crate::doubles) looking_for: serde_json::Value,
    pub(in crate::doubles) website: Option<String>,
    pub(in crate::doubles) search_keys: String,
}

/// A name of a city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct NameRow {
    pub(in crate::doubles) id: Uuid,
    pub(in crate::doubles) text: String,
    pub(in crate::doubles) language: Option<String>,
    pub(in crate::doubles) kind: String,
}

/// A code of a city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct CodeRow {
    pub(in crate::doubles) id: Uuid,
    pub(in crate::doubles) scheme: String,
    pub(in crate::doubles) value: String,
    pub(in crate::doubles) valid_from: Option<NaiveDate>,
    pub(in crate::doubles) valid_to: Option<NaiveDate>,
}

/// A partnership that a merge changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::doubles) struct Touched {
    /// How it stood before.
    pub(in crate::doubles) before: Partnership,
    /// Its version after the merge: where it still has it, it is put back as it stood.
    pub(in crate::doubles) version: i64,
    /// What was folded into it said so.
    pub(in crate::doubles) sources: Vec<Provenance>,
}
