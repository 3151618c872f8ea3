//! What a city keeps to itself when it looks for partners: how much each criterion counts for it, and searches that it
//! watches. Nobody else reads it, and it changes no other city's ranking.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::{CityKind, CitySummary, Level};
use crate::ids::{CityId, SavedSearchId};
use crate::scoring::Weights;
use crate::themes::Theme;

/// Most searches that a city watches.
pub const SEARCHES_MAX: usize = 20;
/// Longest name of a saved search, in characters.
pub const SEARCH_NAME_MAX: u64 = 120;
/// Most cities that one call marks as seen.
pub const SEEN_MAX: u64 = 100;
/// Cities from the top of a ranking of which a saved search takes its measure: who fits as well as the last of them fits.
pub const MEASURE: usize = 25;

/// How much each criterion counts for a city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WeightsView {
    /// For `If-Match`; 0 as long as the city has kept none of its own.
    pub version: i64,
    /// Its own weights, or the usual ones where it has kept none.
    pub weights: Weights,
    /// When it last kept some.
    #[serde(with = "crate::time::option")]
    pub updated_at: Option<DateTime<Utc>>,
}

/// Weights to be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct WeightsDraft {
    /// The weights, each 0 to 100.
    pub weights: Weights,
}

/// Which partners are wanted: the filters of a ranking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SearchFilter {
    /// Only these countries, ISO 3166-1 alpha-2; any where it is empty.
    #[cfg_attr(feature = "openapi", schema(max_items = 50, example = json!(["UA"])))]
    pub countries: Vec<String>,
    /// Whether cities of the own country are wanted too; they are if `countries` names it.
    pub include_own_country: bool,
    /// Only authorities of this level.
    pub level: Option<Level>,
    /// Only authorities of this kind.
    pub kind: Option<CityKind>,
    /// At least so many inhabitants.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub population_min: Option<i64>,
    /// At most so many inhabitants.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub population_max: Option<i64>,
    /// Only who needs this theme.
    pub needs: Option<Theme>,
    /// Only who offers this theme.
    pub offers: Option<Theme>,
    /// At most so many kilometres away.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 50_000))]
    pub distance_max_km: Option<u32>,
    /// Only who says, or does not say, that it looks for partners.
    pub open_to_partners: Option<bool>,
}

/// A search to be watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct SavedSearchDraft {
    /// What the city calls it.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = SEARCH_NAME_MAX)))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 120, example = "Water, in Ukraine")
    )]
    pub name: String,
    /// Which partners are wanted.
    #[serde(default)]
    pub filter: SearchFilter,
    /// How much each criterion counts; where absent, as the city keeps it.
    #[serde(default)]
    pub weights: Option<Weights>,
}

/// A search that a city watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedSearchView {
    /// The search's id.
    pub id: SavedSearchId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// What the city calls it.
    pub name: String,
    /// Which partners are wanted.
    pub filter: SearchFilter,
    /// How much each criterion counts.
    pub weights: Weights,
    /// The least share of the highest score, in per mille, with which a city fits: that of the 25th when the search was
    /// saved; 0 where fewer were found.
    pub least_per_mille: u32,
    /// Cities that fit and that nobody has marked as seen, best first; at most 100.
    pub new_cities: Vec<CitySummary>,
    /// Since when it is watched.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

crate::page!(
    /// The searches that a city watches, the latest first; always on one page.
    SavedSearchPage of SavedSearchView
);

/// Cities that have been looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct SeenDraft {
    /// The cities, of `new_cities`.
    #[cfg_attr(feature = "validate", validate(length(max = SEEN_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub city_ids: Vec<CityId>,
}
