//! What a call decided, for everybody: the projects that are accepted or on the waiting list, and those whose decision was reopened after that was public.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::CallState;
use crate::cities::codes;
use crate::ids::{ApplicationId, CallId};
use crate::language::Texts;

codes!(
    /// Where a project of the published results stands.
    PublishedState {
        /// It is accepted.
        Accepted = "accepted",
        /// It is on the waiting list.
        Waitlisted = "waitlisted",
        /// It was published as accepted; its decision is reopened and not made again yet.
        Reopened = "reopened",
        /// It was published as accepted, and is not any more.
        Removed = "removed",
    }
);

/// A project in the published results of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedProject {
    /// The application.
    pub application_id: ApplicationId,
    /// The project's title.
    pub title: String,
    /// Where it stands.
    pub state: PublishedState,
    /// The name of the city that leads.
    pub lead_name: String,
    /// Names of the other cities.
    pub partner_names: Vec<String>,
    /// Countries of all cities.
    pub countries: Vec<String>,
    /// What is granted, in minor units; null for what is not accepted now.
    pub granted_minor: Option<i64>,
    /// Its place on the waiting list; null for what is not on it, or was never ranked.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub waitlist_place: Option<u32>,
    /// When its decision was last reopened after the results were public; null for most.
    #[serde(default, with = "crate::time::option")]
    pub reopened_at: Option<DateTime<Utc>>,
}

/// A page of the results of a call, with the figures of all of them: the projects by title, then the waiting list by place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedResults {
    /// The call.
    pub call_id: CallId,
    /// The call's title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub call_title: Texts,
    /// Where the call stands; before its results are published only its funder reads them.
    pub call_state: CallState,
    /// The currency, ISO 4217.
    pub currency: String,
    /// How many applications were handed in.
    pub applications: u64,
    /// How many are accepted.
    pub accepted: u64,
    /// How many are on the waiting list.
    #[serde(default)]
    pub waitlisted: u64,
    /// How many that were published as accepted are not accepted now: reopened, or removed.
    pub reopened: u64,
    /// What is granted in all, in minor units.
    pub granted_minor: i64,
    /// The projects.
    pub items: Vec<PublishedProject>,
    /// The cursor of the next page; null on the last one.
    pub next: Option<String>,
}
