//! The life of a partnership: its states, which may follow which, what each step asks for, and what IATI calls them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{CityId, LessonId};

/// Longest reason of a state, and longest condition, in characters.
pub const REASON_MAX: u64 = 1_000;
/// Longest name of a competent body, in characters.
pub const BODY_MAX: u64 = 200;
/// Longest address of a document, in characters.
pub const LINK_MAX: u64 = 500;
/// Most lessons that a renewal names.
pub const LESSONS_MAX: u64 = 30;
/// Most signatures of an agreement.
pub const SIGNATURES_MAX: u64 = 100;
/// Days before the end of a term that are its final phase.
pub const FINAL_DAYS: i64 = 90;

codes!(
    /// Where a partnership stands.
    PartnershipState {
        /// Two or more want to work together.
        Idea = "idea",
        /// They have said so in writing.
        LetterOfIntent = "letter_of_intent",
        /// The agreement is being written.
        AgreementDrafted = "agreement_drafted",
        /// Signed by the competent bodies.
        Signed = "signed",
        /// At work.
        Active = "active",
        /// Nothing has happened for a while.
        Dormant = "dormant",
        /// Stopped for a reason, until a condition holds.
        Suspended = "suspended",
        /// Its term is over.
        Expired = "expired",
        /// Ended early.
        Terminated = "terminated",
        /// Ended at its term.
        Ended = "ended",
        /// Given up before anything was signed.
        Abandoned = "abandoned",
    }
);

codes!(
    /// What has to be told to take a step.
    StepNeed {
        /// Why.
        Reason = "reason",
        /// What has to hold for it to go on.
        Condition = "condition",
        /// Who has signed: authorities of at least two countries, each with its competent body and the day.
        Signatures = "signatures",
    }
);

impl PartnershipState {
    /// The states that may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Idea => &[Self::LetterOfIntent, Self::Abandoned],
            Self::LetterOfIntent => &[Self::AgreementDrafted, Self::Abandoned],
            Self::AgreementDrafted => &[Self::Signed, Self::Abandoned],
            Self::Signed => &[Self::Active],
            Self::Active => &[Self::Dormant, Self::Suspended, Self::Expired],
            Self::Dormant => &[Self::Active, Self::Suspended],
            Self::Suspended => &[Self::Active, Self::Terminated],
            Self::Expired => &[Self::Active, Self::Ended],
            Self::Terminated | Self::Ended | Self::Abandoned => &[],
        }
    }

    /// Whether `to` may follow.
    #[must_use]
    pub fn can_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }

    /// Whether going to `to` renews what had expired.
    #[must_use]
    pub fn is_renewed_by(self, to: Self) -> bool {
        self == Self::Expired && to == Self::Active
    }

    /// What has to be told to get here.
    #[must_use]
    pub const fn needs(self) -> &'static [StepNeed] {
        match self {
            Self::Suspended => &[StepNeed::Reason, StepNeed::Condition],
            Self::Terminated | Self::Abandoned => &[StepNeed::Reason],
            Self::Signed => &[StepNeed::Signatures],
            _ => &[],
        }
    }

    /// Whether a reason has to be told to get here.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        self.needs().contains(&StepNeed::Reason)
    }

    /// Whether nothing follows.
    #[must_use]
    pub const fn is_over(self) -> bool {
        self.next().is_empty()
    }

    /// The state in the words of IATI (codelist `ActivityStatus`): 1 pipeline, 2 implementation, 3 finalisation (the last
    /// days of the term), 4 closed, 5 cancelled (it never began), 6 suspended.
    #[must_use]
    pub fn iati_activity_status(self, ends_on: Option<NaiveDate>, today: NaiveDate) -> u8 {
        match self {
            Self::Idea | Self::LetterOfIntent | Self::AgreementDrafted | Self::Signed => 1,
            Self::Active if ends_on.is_some_and(|day| day - TimeDelta::days(FINAL_DAYS) <= today) => 3,
            Self::Active | Self::Dormant => 2,
            Self::Expired | Self::Ended | Self::Terminated => 4,
            Self::Abandoned => 5,
            Self::Suspended => 6,
        }
    }
}

/// The signature of one side's competent body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The authority that signed, one of those that take part.
    pub city_id: CityId,
    /// Its competent body.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, example = "Conseil municipal")
    )]
    pub body: String,
    /// The day on which it signed, up to today.
    #[serde(with = "crate::time::day")]
    pub signed_on: NaiveDate,
    /// Where the decision or the agreement is read: an `https` address.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 500, example = "https://example.org/deliberation.pdf")
    )]
    pub document: Option<String>,
}

/// Who says something, and since when that is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// Who says so: a document, a list, or the authority or network whose staff entered it.
    #[cfg_attr(feature = "openapi", schema(example = "RESACOOP, 25 août 2025"))]
    pub source: String,
    /// When it was entered.
    #[serde(with = "crate::time")]
    pub told_at: DateTime<Utc>,
}

/// A move to another state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct PartnershipAdvance {
    /// The state to move to.
    pub to: PartnershipState,
    /// Why; required for a suspension, a termination, and to give up an idea.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub reason: Option<String>,
    /// What has to hold for it to go on; required for a suspension.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub condition: Option<String>,
    /// Who has signed; required for `signed`: authorities of at least two countries that take part.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SIGNATURES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub signatures: Vec<Signature>,
    /// The last day of the term that begins, with a signature or a renewal.
    #[serde(default, with = "crate::time::day_option")]
    pub ends_on: Option<NaiveDate>,
    /// The lessons that a renewal uses, whoever proposed them; only where an expired partnership becomes active again. At
    /// least one is named where the partnership, or another one of its authorities, has proposed lessons.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = LESSONS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub lesson_ids: Vec<LessonId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_partnership_stays_ended_and_a_suspended_one_can_revive() {
        assert!(PartnershipState::Ended.is_over());
        assert!(PartnershipState::Suspended.can_become(PartnershipState::Active));
        assert!(!PartnershipState::Idea.can_become(PartnershipState::Active));
    }

    /// The codelist `ActivityStatus` of the IATI standard 2.03, with the names that it gives its codes.
    const ACTIVITY_STATUS: [(u8, &str); 6] = [
        (1, "Pipeline/identification"),
        (2, "Implementation"),
        (3, "Finalisation"),
        (4, "Closed"),
        (5, "Cancelled"),
        (6, "Suspended"),
    ];

    #[test]
    fn every_state_has_its_word_in_iatis_code_list() {
        use PartnershipState as S;
        let today = crate::time::parse_day("2026-11-27").unwrap_or_default();
        // With no end, with one that is far, and with one that is near or over.
        let ends = [
            None,
            Some(today + TimeDelta::days(3_650)),
            Some(today),
            Some(today - TimeDelta::days(30)),
        ];
        for &state in PartnershipState::ALL {
            let [open, far, near, over] = ends.map(|ends_on| {
                let code = state.iati_activity_status(ends_on, today);
                let listed = ACTIVITY_STATUS.iter().find(|(known, _)| *known == code);
                listed.map_or("not in the list", |(_, name)| name)
            });
            let wanted = match state {
                S::Idea | S::LetterOfIntent | S::AgreementDrafted | S::Signed => ["Pipeline/identification"; 4],
                // What is carried on is being finished as its term ends, and open as long as nobody has closed it.
                S::Active => ["Implementation", "Implementation", "Finalisation", "Finalisation"],
                S::Dormant => ["Implementation"; 4],
                S::Expired | S::Ended | S::Terminated => ["Closed"; 4],
                S::Abandoned => ["Cancelled"; 4],
                S::Suspended => ["Suspended"; 4],
            };
            assert_eq!([open, far, near, over], wanted, "{state:?}");
        }
    }

    #[test]
    fn no_word_of_iatis_code_list_is_left_out() {
        let today = crate::time::parse_day("2026-11-27").unwrap_or_default();
        let mut used: Vec<u8> = PartnershipState::ALL
            .iter()
            .flat_map(|state| [None, Some(today)].map(|ends_on| state.iati_activity_status(ends_on, today)))
            .collect();
        used.sort_unstable();
        used.dedup();
        assert_eq!(used, ACTIVITY_STATUS.map(|(code, _)| code));
    }

    #[test]
    fn iati_knows_the_last_days_of_a_term() {
        let day = |text: &str| crate::time::parse_day(text).unwrap_or_default();
        let status =
            |ends_on: Option<&str>| PartnershipState::Active.iati_activity_status(ends_on.map(day), day("2026-11-27"));
        assert_eq!(status(None), 2);
        assert_eq!(status(Some("2027-02-26")), 2);
        assert_eq!(status(Some("2027-02-25")), 3);
        assert_eq!(status(Some("2026-01-01")), 3);
    }
}
