//! What a city lies in, what lies in it, and what it took the place of.

use serde::{Deserialize, Serialize};

use super::CityKind;
use crate::doubles::SuccessionView;
use crate::ids::CityId;
use crate::language::Texts;

/// Most cities that are told of those that lie in one: the first by name.
pub const CHILDREN_MAX: usize = 100;

/// A city as its kin name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityRef {
    /// Which one.
    pub id: CityId,
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Its official name.
    #[cfg_attr(feature = "openapi", schema(example = "Grenoble"))]
    pub name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs from the official one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Texts,
}

/// The kin of a city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityKin {
    /// What it lies in, the nearest first: a commune's department, and the region of that.
    pub within: Vec<CityRef>,
    /// What lies in it, by name, at most a hundred.
    pub children: Vec<CityRef>,
    /// How many lie in it.
    pub children_total: u64,
    /// What it took the place of, the latest first.
    pub former: Vec<SuccessionView>,
}
