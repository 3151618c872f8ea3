//! Partnerships: several parties over several countries, with pairs inside. [`life`] says how they live.

pub mod life;
pub mod past;

pub use life::{LINK_MAX, PartnershipAdvance, PartnershipState, Provenance, REASON_MAX, Signature, StepNeed};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::{CityKind, codes};
use crate::geo::Point;
use crate::ids::{ActorId, CityId, NetworkId, PairingId, PartnershipId};
use crate::organisations::{ActorKind, FormerName};
use crate::themes::Theme;

/// Longest name, in characters.
pub const NAME_MAX: u64 = 200;
/// Longest summary, in characters.
pub const SUMMARY_MAX: u64 = 4_000;
/// Most parties of a partnership, and most pairs inside it.
pub const PARTIES_MAX: u64 = 100;
/// Longest name of a platform, in characters.
pub const PLATFORM_MAX: u64 = 120;
/// Most themes.
pub const THEMES_MAX: u64 = 16;
/// Most territories.
pub const TERRITORIES_MAX: u64 = 30;
/// Longest name of a territory, in characters.
pub const TERRITORY_MAX: u64 = 200;
/// Longest source of a fact, in characters.
pub const SOURCE_MAX: u64 = 500;

codes!(
    /// What kind of bond it is.
    PartnershipKind {
        /// Lasting link between authorities (jumelage).
        Twinning = "twinning",
        /// Agreement with projects (coopération décentralisée).
        DecentralisedCooperation = "decentralised_cooperation",
        /// Friendship.
        Friendship = "friendship",
        /// A project with a beginning and an end.
        Project = "project",
        /// A network.
        Network = "network",
    }
);

codes!(
    /// What a party is in the partnership.
    PartyRole {
        /// Leads it.
        Lead = "lead",
        /// Partner.
        Partner = "partner",
        /// Takes part without being a partner; counted apart.
        Associated = "associated",
    }
);

/// Who a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PartyRef {
    /// An authority.
    City {
        /// Which one.
        city_id: CityId,
    },
    /// A network.
    Network {
        /// Which one.
        network_id: NetworkId,
    },
    /// An associated actor.
    Actor {
        /// Which one.
        actor_id: ActorId,
    },
}

/// A party with what a reader wants to see of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyView {
    /// Who it is.
    pub party: PartyRef,
    /// What it is in the partnership.
    pub role: PartyRole,
    /// Its name.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// What kind of authority it is, if it is one.
    pub city_kind: Option<CityKind>,
    /// What an associated actor is, if it is one.
    #[serde(default)]
    pub actor_kind: Option<ActorKind>,
    /// Where it is, where known.
    pub location: Option<Point>,
    /// What a network or an actor was called before its name of today, where it took another one; told where the partnership of today
    /// is read.
    #[serde(default)]
    pub formerly: Option<FormerName>,
}

/// Two parties that work with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairingView {
    /// The pair's id.
    pub id: PairingId,
    /// One authority.
    pub a: CityId,
    /// The other.
    pub b: CityId,
    /// Who says that the two work together, and since when they say so here; the first who said it first.
    #[serde(default)]
    pub sources: Vec<Provenance>,
}

/// A partnership in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartnershipSummary {
    /// The partnership's id.
    pub id: PartnershipId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What kind of bond it is.
    pub kind: PartnershipKind,
    /// Where it stands.
    pub state: PartnershipState,
    /// The named platform, for example IRAPA.
    pub platform: Option<String>,
    /// Countries of its authorities.
    pub countries: Vec<String>,
    /// Names of its parties, the lead first; associated actors are left out.
    pub party_names: Vec<String>,
    /// Authorities that are party to it.
    pub city_count: u32,
    /// Themes.
    pub themes: Vec<Theme>,
    /// Since when.
    #[serde(default, with = "crate::time::day_option")]
    pub started_on: Option<NaiveDate>,
    /// The last day of its term, where it has one.
    #[serde(default, with = "crate::time::day_option")]
    pub ends_on: Option<NaiveDate>,
    /// Where it stands in the words of IATI (codelist `ActivityStatus`, 1 to 6).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 6, example = 2))]
    pub iati_activity_status: u8,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of partnerships.
    PartnershipPage of PartnershipSummary
);

/// What the caller may do with a partnership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartnershipAction {
    /// Change its description, parties and pairs.
    Update,
    /// Move it to another state.
    Advance,
    /// Delete it (it can be restored for 30 days).
    Delete,
}

/// A partnership.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartnershipView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: PartnershipSummary,
    /// What it is about.
    pub about: String,
    /// Who takes part: the lead first, then partners, then associated actors.
    pub parties: Vec<PartyView>,
    /// Pairs inside it.
    pub pairings: Vec<PairingView>,
    /// Where it works, in words.
    pub territories: Vec<String>,
    /// The twinning or programme that it hangs on.
    pub parent_id: Option<PartnershipId>,
    /// The phase before this one.
    pub predecessor_id: Option<PartnershipId>,
    /// Why it stands where it stands, where a reason was told.
    pub state_reason: Option<String>,
    /// What has to hold for it to go on, while it is suspended.
    pub condition: Option<String>,
    /// Since when it stands there.
    #[serde(default, with = "crate::time::option")]
    pub state_since: Option<DateTime<Utc>>,
    /// Who has signed the agreement: for each authority the body, the day and the document.
    pub signatures: Vec<Signature>,
    /// The states that it may be moved to.
    pub next_states: Vec<PartnershipState>,
    /// The moment whose state this is, where a past one was asked for.
    #[serde(default, with = "crate::time::option")]
    pub as_of: Option<DateTime<Utc>>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// What you may do with it.
    pub allowed: Vec<PartnershipAction>,
}

/// A party to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PartyDraft {
    /// Who it is.
    pub party: PartyRef,
    /// What it is in the partnership.
    pub role: PartyRole,
}

/// A pair to be: two authorities that are parties too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PairingDraft {
    /// One authority.
    pub a: CityId,
    /// The other.
    pub b: CityId,
}

/// A partnership to be: it begins as an idea.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct PartnershipDraft {
    /// Its name.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// What kind of bond it is.
    pub kind: PartnershipKind,
    /// The named platform.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = PLATFORM_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 120))]
    pub platform: Option<String>,
    /// What it is about.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SUMMARY_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub about: String,
    /// Who takes part; exactly one leads, an authority or a network, and authorities of at least two countries take part.
    /// Associated actors are `associated`.
    #[cfg_attr(feature = "validate", validate(length(min = 2, max = PARTIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 100))]
    pub parties: Vec<PartyDraft>,
    /// Pairs inside it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = PARTIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub pairings: Vec<PairingDraft>,
    /// Themes.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = THEMES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 16))]
    pub themes: Vec<Theme>,
    /// Where it works, in words.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = TERRITORIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub territories: Vec<String>,
    /// Since when.
    #[serde(default, with = "crate::time::day_option")]
    pub started_on: Option<NaiveDate>,
    /// The last day of its term, where it has one.
    #[serde(default, with = "crate::time::day_option")]
    pub ends_on: Option<NaiveDate>,
    /// The partnership that it hangs on: a twinning's project names the twinning.
    #[serde(default)]
    pub parent_id: Option<PartnershipId>,
    /// The phase before this one.
    #[serde(default)]
    pub predecessor_id: Option<PartnershipId>,
    /// Who says so, where it is not the parties themselves: a document or a list.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub source: Option<String>,
}

/// Changes to a partnership: an absent field stays as it is, null clears it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct PartnershipPatch {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// What kind of bond it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartnershipKind>,
    /// The named platform; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "validate", validate(length(max = PLATFORM_MAX)))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 120))]
    pub platform: Option<Option<String>>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = SUMMARY_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub about: Option<String>,
    /// All parties, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 2, max = PARTIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 100))]
    pub parties: Option<Vec<PartyDraft>>,
    /// All pairs, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = PARTIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub pairings: Option<Vec<PairingDraft>>,
    /// All themes, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = THEMES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 16))]
    pub themes: Option<Vec<Theme>>,
    /// All territories, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = TERRITORIES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub territories: Option<Vec<String>>,
    /// The last day of its term; null clears it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<NaiveDate>))]
    pub ends_on: Option<Option<NaiveDate>>,
    /// The partnership that it hangs on; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<PartnershipId>))]
    pub parent_id: Option<Option<PartnershipId>>,
    /// The phase before this one; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<PartnershipId>))]
    pub predecessor_id: Option<Option<PartnershipId>>,
    /// Who says so; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub source: Option<Option<String>>,
}

/// Partnerships to be drawn on a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartnershipMap {
    /// Authorities with at least one arc.
    pub points: Vec<MapPoint>,
    /// Arcs between points: pairs where a partnership has some, else the lead with each other authority.
    pub arcs: Vec<MapArc>,
}

/// An authority on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapPoint {
    /// The authority.
    pub city_id: CityId,
    /// Its name.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Where it is.
    pub location: Point,
}

/// A line between two points of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapArc {
    /// Index of one end in `points`.
    pub a: u32,
    /// Index of the other.
    pub b: u32,
    /// The partnership.
    pub partnership_id: PartnershipId,
}
