//! Programmes and their calls for projects.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::applications::PARTIES_MAX;
use crate::budget::{Budget, RuleSet, RuleSetDraft};
use crate::cities::codes;
use crate::forms::FormSection;
use crate::ids::{CallId, OrganisationId, ProgrammeId, RuleSetId};
use crate::language::Texts;
use crate::problem::{FieldCode, FieldError};

mod faults;
mod published;

pub use crate::forms::{ANSWER_MAX, QUESTIONS_MAX, Question};
pub use faults::text_faults;
pub use published::{PublishedProject, PublishedResults, PublishedState};

/// Longest title, in characters.
pub const TITLE_MAX: u64 = 200;
/// Longest text of a call or programme in one language, in characters.
pub const TEXT_MAX: u64 = 8_000;
/// Longest grace after the deadline, in seconds.
pub const GRACE_MAX_S: u32 = 86_400;
/// Most funders of a programme.
pub const FUNDERS_MAX: usize = 30;

/// A funder's programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgrammeView {
    /// The programme's id.
    pub id: ProgrammeId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// Who funds it.
    pub funders: Vec<String>,
    /// Where the facts come from.
    pub source: Option<String>,
}

crate::page!(
    /// A page of programmes.
    ProgrammePage of ProgrammeView
);

/// A programme to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ProgrammeDraft {
    /// Its name by language; at least one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// Who funds it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub funders: Vec<String>,
    /// Those of its funders that are in the register of organisations: they are told by their name of the day.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub funder_ids: Vec<OrganisationId>,
}

crate::page!(
    /// Rule sets of a programme, latest first.
    RuleSetPage of RuleSet
);

/// Rules tried on a budget, before anybody is held to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RuleTrial {
    /// The rules.
    pub rules: RuleSetDraft,
    /// The budget.
    pub budget: Budget,
    /// How many authorities are in the file, associated ones left out.
    #[cfg_attr(feature = "openapi", schema(maximum = 50, example = 3))]
    pub cities: u32,
}

impl RuleTrial {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let below = |part: &str, mut fault: FieldError| {
            fault.pointer = format!("{part}{}", fault.pointer);
            fault
        };
        let rules = self.rules.faults().into_iter().map(|fault| below("/rules", fault));
        let budget = self.budget.faults().into_iter().map(|fault| below("/budget", fault));
        let mut faults: Vec<FieldError> = rules.chain(budget).collect();
        if u64::from(self.cities) > PARTIES_MAX {
            faults.push(FieldError::new("/cities", FieldCode::Range).with("max", PARTIES_MAX));
        }
        faults
    }
}

codes!(
    /// Where a call stands.
    CallState {
        /// Being written.
        Draft = "draft",
        /// Told to the public, not yet open.
        Announced = "announced",
        /// Takes applications until its deadline.
        Open = "open",
        /// Takes no more applications.
        Closed = "closed",
        /// Its applications are being judged.
        UnderReview = "under_review",
        /// Its results are public.
        ResultsPublished = "results_published",
        /// Kept for the record.
        Archived = "archived",
        /// Taken back before it opened.
        Withdrawn = "withdrawn",
    }
);

impl CallState {
    /// The states that may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Announced, Self::Open, Self::Withdrawn],
            Self::Announced => &[Self::Open, Self::Withdrawn],
            Self::Open => &[Self::Closed],
            Self::Closed => &[Self::UnderReview],
            Self::UnderReview => &[Self::ResultsPublished],
            Self::ResultsPublished => &[Self::Archived],
            Self::Archived | Self::Withdrawn => &[],
        }
    }

    /// Whether only the programme's officers see it.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Whether everybody may know what was decided.
    #[must_use]
    pub const fn has_public_results(self) -> bool {
        matches!(self, Self::ResultsPublished | Self::Archived)
    }

    /// Whether its words may still change.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        !matches!(self, Self::Archived | Self::Withdrawn)
    }
}

/// The time for which a call takes applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CallWindow {
    /// When it opens.
    #[serde(with = "crate::time")]
    pub opens_at: DateTime<Utc>,
    /// The deadline: the last millisecond at which an application is in time.
    #[serde(with = "crate::time")]
    pub closes_at: DateTime<Utc>,
    /// The IANA time zone in which the deadline is told.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Paris"))]
    pub zone: String,
    /// Seconds after the deadline in which an application is still taken.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 86400))]
    pub grace_s: u32,
}

impl CallWindow {
    /// The last instant at which an application is taken, grace included.
    #[must_use]
    pub fn last_instant(&self) -> DateTime<Utc> {
        self.closes_at + chrono::TimeDelta::seconds(i64::from(self.grace_s))
    }

    /// Whether an application that arrives `now` is taken.
    #[must_use]
    pub fn takes(&self, now: DateTime<Utc>) -> bool {
        self.opens_at <= now && now <= self.last_instant()
    }

    /// Whether the deadline, with its grace, is over.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now > self.last_instant()
    }

    /// The states that a call with this window may be moved to `now`: it opens before its deadline, and closes once the
    /// deadline with its grace is over.
    #[must_use]
    pub fn next_states(&self, state: CallState, now: DateTime<Utc>) -> Vec<CallState> {
        state
            .next()
            .iter()
            .copied()
            .filter(|next| match next {
                CallState::Open => !self.is_over(now),
                CallState::Closed => self.is_over(now),
                _ => true,
            })
            .collect()
    }

    /// Whether applicants who trust `before` may trust this window too: it opens no later and ends no earlier.
    #[must_use]
    pub fn prolongs(&self, before: &Self) -> bool {
        self.opens_at <= before.opens_at
            && self.closes_at >= before.closes_at
            && self.last_instant() >= before.last_instant()
    }
}

/// What the caller may do with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallAction {
    /// Change it.
    Update,
    /// Move it to another state.
    Advance,
    /// Begin an application.
    Apply,
    /// See the applications that were submitted.
    ListApplications,
    /// See the committee's sheet, and give files to reviewers.
    ReadCommittee,
}

/// A call for projects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallView {
    /// The call's id.
    pub id: CallId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// The programme's name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub programme_name: Texts,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// What it is about, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// Where it stands.
    pub state: CallState,
    /// When it takes applications.
    pub window: CallWindow,
    /// Whether it takes applications at the moment of the answer.
    pub takes_applications: bool,
    /// The server's time, for a countdown that does not trust the browser's clock.
    #[serde(with = "crate::time")]
    pub server_time: DateTime<Utc>,
    /// The funding rules.
    pub rules: RuleSet,
    /// The parts that the questions are in, in their order; none where they are in none.
    #[serde(default)]
    pub sections: Vec<FormSection>,
    /// The questions of an application.
    pub questions: Vec<Question>,
    /// The envelope in minor units of the rules' currency, where it is public.
    pub envelope_minor: Option<i64>,
    /// The states that it may be moved to.
    pub next_states: Vec<CallState>,
    /// What you may do with it.
    pub allowed: Vec<CallAction>,
}

crate::page!(
    /// A page of calls: open ones first, by deadline.
    CallPage of CallView
);

/// A call to be: it begins as a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CallDraft {
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Its title by language; at least one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// What it is about, by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// When it takes applications.
    pub window: CallWindow,
    /// The funding rules that hold.
    pub rule_set_id: RuleSetId,
    /// The questions of an application.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub questions: Vec<Question>,
    /// The envelope in minor units.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub envelope_minor: Option<i64>,
}

/// Changes to a call; the window of an open call can only be prolonged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CallPatch {
    /// Its title by language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub title: Option<Texts>,
    /// What it is about, by language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub about: Option<Texts>,
    /// When it takes applications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<CallWindow>,
    /// The envelope in minor units: never less than is granted already; null for none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub envelope_minor: Option<Option<i64>>,
}

/// A move of a call to another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CallAdvance {
    /// The state to move to.
    pub to: CallState,
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    #[test]
    fn the_deadline_is_exact_to_the_millisecond() {
        let closes_at = Utc
            .with_ymd_and_hms(2025, 10, 31, 22, 59, 59)
            .single()
            .unwrap_or_default();
        let window = CallWindow {
            opens_at: closes_at - TimeDelta::days(60),
            closes_at,
            zone: "Europe/Paris".into(),
            grace_s: 60,
        };
        let last = closes_at + TimeDelta::seconds(60);
        assert!(window.takes(last));
        assert!(!window.takes(last + TimeDelta::milliseconds(1)));
        assert!(!window.takes(window.opens_at - TimeDelta::milliseconds(1)));
        assert!(!window.is_over(last) && window.is_over(last + TimeDelta::milliseconds(1)));
    }

    #[test]
    fn a_call_opens_before_its_deadline_and_closes_after_it() {
        let closes_at = Utc
            .with_ymd_and_hms(2025, 10, 31, 22, 59, 59)
            .single()
            .unwrap_or_default();
        let window = CallWindow {
            opens_at: closes_at - TimeDelta::days(60),
            closes_at,
            zone: "Europe/Paris".into(),
            grace_s: 0,
        };
        let after = closes_at + TimeDelta::milliseconds(1);
        assert_eq!(window.next_states(CallState::Open, closes_at), []);
        assert_eq!(window.next_states(CallState::Open, after), [CallState::Closed]);
        assert_eq!(window.next_states(CallState::Announced, after), [CallState::Withdrawn]);
        let mut longer = window.clone();
        longer.closes_at = after;
        assert!(longer.prolongs(&window) && !window.prolongs(&longer));
        longer.opens_at = after + TimeDelta::days(1);
        assert_eq!(longer.faults()[0].pointer, "/window/closes_at");
    }
}
