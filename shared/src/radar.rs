//! A city's radar: what of its partnerships needs attention, and what to do about it. It proposes and never does.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{ApplicationId, CohortMemberId, FundingId, PartnershipId};
use crate::language::Texts;
use crate::partnerships::PartnershipState;

/// Days without an activity, a result or a step, after which dormancy is proposed.
pub const QUIET_DAYS: i64 = 365;
/// Days that a letter of intent or a drafted agreement may wait.
pub const UNSIGNED_DAYS: i64 = 90;
/// Days before the end of a grant at which it is told.
pub const FUNDING_DAYS: i64 = 180;
/// Days before the end of a term at which it is told.
pub const ENDING_DAYS: i64 = 180;
/// Days before the end of a term or of a grant at which a sustainability plan is missed: it takes more than one council to write.
pub const PLAN_DAYS: i64 = 365;

codes!(
    /// Why something needs attention; the most pressing first.
    RadarReason {
        /// Its term is over.
        TermOver = "term_over",
        /// Its term ends soon.
        TermEnding = "term_ending",
        /// A funder asked for a correction of an application, until that day.
        CorrectionAsked = "correction_asked",
        /// A report on a grant that it leads is overdue.
        ReportOverdue = "report_overdue",
        /// A letter of engagement was sent to it, and waits for its signature.
        LetterUnsigned = "letter_unsigned",
        /// The last report of a grant is due soon, and no other grant or application follows.
        FundingEnding = "funding_ending",
        /// Its term or its grant ends, and it has no sustainability plan.
        PlanMissing = "plan_missing",
        /// The mandate of a contact person is over.
        MandateOver = "mandate_over",
        /// An election was held, and nobody has confirmed a contact person since.
        ElectionHeld = "election_held",
        /// The letter of intent or the drafted agreement has waited long for a signature.
        Unsigned = "unsigned",
        /// Its sides judge it very differently.
        AssessmentGap = "assessment_gap",
        /// Nothing has happened for a year: it may be dormant.
        Quiet = "quiet",
        /// It is suspended until a condition holds.
        Suspended = "suspended",
        /// It is dormant.
        Dormant = "dormant",
    }
);

codes!(
    /// What can be done about it.
    RadarAction {
        /// Move it to one of `states`.
        Advance = "advance",
        /// Enter what has been done.
        AddActivity = "add_activity",
        /// Set the new term.
        SetTerm = "set_term",
        /// Open the grant.
        OpenGrant = "open_grant",
        /// Open the application.
        OpenApplication = "open_application",
        /// Look for a call that goes on from there.
        FindCall = "find_call",
        /// Write its sustainability plan.
        WritePlan = "write_plan",
        /// Compare what its sides make of it.
        CompareAssessments = "compare_assessments",
        /// Read the letter of engagement, and sign it.
        SignLetter = "sign_letter",
        /// Look through the contact persons.
        CheckContacts = "check_contacts",
    }
);

impl RadarReason {
    /// What can be done about it, the usual thing first.
    #[must_use]
    pub const fn actions(self) -> &'static [RadarAction] {
        match self {
            Self::TermOver | Self::Unsigned | Self::Suspended => &[RadarAction::Advance],
            Self::TermEnding => &[RadarAction::SetTerm],
            Self::MandateOver | Self::ElectionHeld => &[RadarAction::CheckContacts],
            Self::PlanMissing => &[RadarAction::WritePlan],
            Self::AssessmentGap => &[RadarAction::CompareAssessments],
            Self::CorrectionAsked => &[RadarAction::OpenApplication],
            Self::ReportOverdue => &[RadarAction::OpenGrant],
            Self::LetterUnsigned => &[RadarAction::SignLetter],
            Self::FundingEnding => &[RadarAction::FindCall, RadarAction::OpenGrant],
            Self::Quiet | Self::Dormant => &[RadarAction::AddActivity, RadarAction::Advance],
        }
    }

    /// The states that are proposed; a person decides.
    #[must_use]
    pub const fn states(self, from: PartnershipState) -> &'static [PartnershipState] {
        match self {
            Self::TermOver if matches!(from, PartnershipState::Expired) => from.next(),
            Self::TermOver => &[PartnershipState::Expired],
            Self::Quiet => &[PartnershipState::Dormant],
            Self::Unsigned | Self::Suspended | Self::Dormant => from.next(),
            Self::TermEnding
            | Self::MandateOver
            | Self::ElectionHeld
            | Self::CorrectionAsked
            | Self::ReportOverdue
            | Self::FundingEnding
            | Self::LetterUnsigned
            | Self::PlanMissing
            | Self::AssessmentGap => &[],
        }
    }
}

/// A partnership that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarPartnership {
    /// Which one.
    pub id: PartnershipId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: PartnershipState,
}

/// A grant that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarGrant {
    /// Which one.
    pub id: FundingId,
    /// The project's title.
    pub title: String,
}

/// A letter of engagement that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarLetter {
    /// The city's place in the cohort.
    pub id: CohortMemberId,
    /// The cohort's name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub cohort_name: Texts,
}

/// An application that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarApplication {
    /// Which one.
    pub id: ApplicationId,
    /// The project's title.
    pub title: String,
}

/// One thing that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarItem {
    /// Why.
    pub reason: RadarReason,
    /// Since when, or the day on which it is due.
    #[serde(with = "crate::time::day")]
    pub day: NaiveDate,
    /// The partnership; none where it concerns the city itself.
    pub partnership: Option<RadarPartnership>,
    /// The grant; none where it does not concern one.
    pub grant: Option<RadarGrant>,
    /// The letter of engagement; none where it does not concern one.
    #[serde(default)]
    pub letter: Option<RadarLetter>,
    /// The application; none where it does not concern one.
    pub application: Option<RadarApplication>,
    /// How many contact persons it concerns, or on how many principles the sides are far apart.
    pub count: Option<u32>,
    /// What can be done about it, the usual thing first.
    pub actions: Vec<RadarAction>,
    /// The states that are proposed; a person decides.
    pub states: Vec<PartnershipState>,
}

/// What needs attention, the most pressing first, and of one kind the longest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadarList {
    /// The things.
    pub items: Vec<RadarItem>,
}
