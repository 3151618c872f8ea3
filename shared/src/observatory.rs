//! Figures: each computed from the database, with its date.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The figures of the home page, computed when they are asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Authorities in the directory.
    pub cities: u64,
    /// Countries with at least one authority that is party to a partnership.
    pub partner_countries: u64,
    /// Partnerships on record.
    pub partnerships: u64,
    /// Authorities that are party to at least one partnership.
    pub partnered_cities: u64,
    /// Calls that are open now.
    pub open_calls: u64,
    /// When the figures were computed.
    #[serde(with = "crate::time")]
    pub computed_at: DateTime<Utc>,
}
