//! Grants: what follows an accepted application, from the contract to the last payment. The life of a grant is pure
//! ([`GrantLife`]); the server and the browser read it alike.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{ApplicationId, CallId, FundingId};
use crate::language::Texts;
use crate::money::AMOUNT_MAX;
use crate::problem::{FieldCode, FieldError};

mod life;
mod together;

pub use life::{GrantLife, GrantMove, instalments};
pub use together::{ContractItem, ContractsDraft, ContractsReport, MadeContract, reference_after};

/// Longest reference of a contract, in characters.
pub const REFERENCE_MAX: u64 = 80;
/// Longest report, in characters.
pub const REPORT_MAX: u64 = 20_000;
/// Longest reason why something is sent back, in characters.
pub const RETURN_REASON_MAX: u64 = 2_000;
/// Most years of a grant.
pub const YEARS_MAX: u32 = 5;

codes!(
    /// Where a grant stands.
    GrantState {
        /// The contract is made, and not yet signed by both.
        Contracted = "contracted",
        /// The project is under way.
        Running = "running",
        /// The final report is handed in.
        FinalReport = "final_report",
        /// All is reported and paid.
        Closed = "closed",
    }
);

codes!(
    /// What can be done with a grant.
    GrantAction {
        /// Sign the contract.
        Sign = "sign",
        /// Ask for the next instalment.
        Request = "request",
        /// Approve the instalment that is asked for.
        Approve = "approve",
        /// Send the request back.
        Return = "return",
        /// Pay the instalment that is approved.
        Pay = "pay",
        /// Hand in the final report.
        HandInReport = "hand_in_report",
        /// Accept the final report.
        AcceptReport = "accept_report",
        /// Send the final report back.
        ReturnReport = "return_report",
        /// End the grant.
        Close = "close",
    }
);

impl GrantAction {
    /// Whether it is for the funder; otherwise for the city that leads. Both sign.
    #[must_use]
    pub const fn is_of_funder(self) -> bool {
        matches!(
            self,
            Self::Approve | Self::Return | Self::Pay | Self::AcceptReport | Self::ReturnReport | Self::Close
        )
    }
}

impl GrantState {
    /// The state after `action`; none where the state does not allow it. `is_last` says of a signature that the other
    /// side has signed already.
    #[must_use]
    pub const fn after(self, action: GrantAction, is_last: bool) -> Option<Self> {
        use GrantAction as Action;
        match (self, action) {
            (Self::Contracted, Action::Sign) if is_last => Some(Self::Running),
            (Self::Contracted, Action::Sign) => Some(Self::Contracted),
            (Self::Running | Self::FinalReport, Action::Request | Action::Approve | Action::Return | Action::Pay) => {
                Some(self)
            }
            (Self::Running, Action::HandInReport) => Some(Self::FinalReport),
            (Self::FinalReport, Action::ReturnReport) => Some(Self::Running),
            (Self::FinalReport, Action::AcceptReport) => Some(Self::FinalReport),
            (Self::FinalReport, Action::Close) => Some(Self::Closed),
            _ => None,
        }
    }
}

codes!(
    /// Where an instalment stands.
    InstalmentState {
        /// Not asked for yet.
        Planned = "planned",
        /// Asked for.
        Requested = "requested",
        /// Sent back with a reason.
        Returned = "returned",
        /// To be paid.
        Approved = "approved",
        /// Paid.
        Paid = "paid",
    }
);

codes!(
    /// Where a report stands.
    ReportState {
        /// To be handed in.
        Due = "due",
        /// Handed in.
        HandedIn = "handed_in",
        /// Sent back with a reason.
        Returned = "returned",
        /// Accepted.
        Accepted = "accepted",
    }
);

/// A report on a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantReport {
    /// Until when it is to be handed in.
    #[serde(with = "crate::time::day")]
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: ReportState,
    /// What it says.
    pub text: String,
    /// What was spent until then, in minor units.
    pub spent_minor: Option<i64>,
    /// When it was handed in last.
    #[serde(default, with = "crate::time::option")]
    pub handed_in_at: Option<DateTime<Utc>>,
    /// Why it was sent back.
    pub reason: Option<String>,
}

impl GrantReport {
    /// A report that is to come.
    #[must_use]
    pub const fn due(due_on: NaiveDate) -> Self {
        Self {
            due_on,
            state: ReportState::Due,
            text: String::new(),
            spent_minor: None,
            handed_in_at: None,
            reason: None,
        }
    }

    /// Whether it is still to be handed in, or handed in again.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self.state, ReportState::Due | ReportState::Returned)
    }
}

/// A part of the grant that is paid at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantInstalment {
    /// Its number, from 1.
    pub number: u32,
    /// In minor units.
    pub amount_minor: i64,
    /// Where it stands.
    pub state: InstalmentState,
    /// The interim report that it is asked for with; null where none is needed.
    pub report: Option<GrantReport>,
    /// Whether it is paid upon the final report only.
    pub after_final_report: bool,
    /// Why the request was sent back.
    pub reason: Option<String>,
    /// When it was paid.
    #[serde(default, with = "crate::time::day_option")]
    pub paid_on: Option<NaiveDate>,
}

codes!(
    /// What is to be done next for a grant.
    GrantStep {
        /// The city that leads signs.
        LeadSigns = "lead_signs",
        /// The funder signs.
        FunderSigns = "funder_signs",
        /// The lead asks for the next instalment.
        Request = "request",
        /// The funder answers a request.
        Answer = "answer",
        /// The funder pays.
        Pay = "pay",
        /// The lead hands in the final report.
        FinalReport = "final_report",
        /// The funder judges the final report.
        JudgeReport = "judge_report",
        /// The funder ends the grant.
        Close = "close",
        /// Nothing.
        Done = "done",
    }
);

/// A grant in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantSummary {
    /// The grant's id.
    pub id: FundingId,
    /// Grows by one with each change.
    pub version: i64,
    /// The application that was accepted.
    pub application_id: ApplicationId,
    /// Its call.
    pub call_id: CallId,
    /// The call's title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub call_title: Texts,
    /// The project's title.
    pub title: String,
    /// The name of the city that leads.
    pub lead_name: String,
    /// Names of the other cities.
    pub partner_names: Vec<String>,
    /// Countries of all cities.
    pub countries: Vec<String>,
    /// Where it stands.
    pub state: GrantState,
    /// The contract's reference.
    pub reference: String,
    /// The currency, ISO 4217.
    pub currency: String,
    /// What was applied for, in minor units.
    pub asked_minor: i64,
    /// What was awarded, in minor units.
    pub awarded_minor: i64,
    /// What has been paid, in minor units.
    pub disbursed_minor: i64,
    /// What is to be done next.
    pub next_step: GrantStep,
    /// Until when the next report is to be handed in.
    #[serde(default, with = "crate::time::day_option")]
    pub report_due_on: Option<NaiveDate>,
    /// Whether that day is over.
    pub overdue: bool,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of grants: those with the earliest report due first.
    GrantPage of GrantSummary
);

/// A grant, as its cities and its funder see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundingView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: GrantSummary,
    /// The contract, the instalments and the reports.
    pub life: GrantLife,
    /// What you may do now.
    pub allowed: Vec<GrantAction>,
}

/// A contract to be: it makes a grant of an accepted application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct FundingDraft {
    /// The accepted application.
    pub application_id: ApplicationId,
    /// The contract's reference.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 80, example = "MEAE-2025-017")
    )]
    pub reference: String,
    /// The contract's date.
    #[serde(with = "crate::time::day")]
    pub contracted_on: NaiveDate,
    /// For how many years: each brings an instalment, and the last one is paid in the parts that the rules tell.
    #[serde(default = "one")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5, default = 1))]
    pub years: u32,
    /// Until when the final report is to be handed in; three months after the last year where it is not told.
    #[serde(default, with = "crate::time::day_option")]
    pub final_report_due_on: Option<NaiveDate>,
}

const fn one() -> u32 {
    1
}

impl FundingDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = text_fault("/reference", &self.reference, REFERENCE_MAX);
        if !(1..=YEARS_MAX).contains(&self.years) {
            faults.push(range("/years", 1, i64::from(YEARS_MAX)));
        }
        if self.final_report_due_on.is_some_and(|due| due <= self.contracted_on) {
            faults.push(FieldError::new("/final_report_due_on", FieldCode::Inconsistent));
        }
        faults
    }
}

/// A report to be handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct GrantReportDraft {
    /// What was done, and what came of it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20000))]
    pub text: String,
    /// What was spent until now, in minor units.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub spent_minor: i64,
}

impl GrantReportDraft {
    /// What is wrong with it; pointers below `prefix`.
    #[must_use]
    pub fn faults(&self, prefix: &str) -> Vec<FieldError> {
        let mut faults = text_fault(&format!("{prefix}/text"), &self.text, REPORT_MAX);
        if !(0..=AMOUNT_MAX).contains(&self.spent_minor) {
            faults.push(range(&format!("{prefix}/spent_minor"), 0, AMOUNT_MAX));
        }
        faults
    }
}

/// An instalment to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct InstalmentRequest {
    /// Which one.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub number: u32,
    /// The interim report, where the instalment needs one.
    #[serde(default)]
    pub report: Option<GrantReportDraft>,
}

/// An instalment, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct InstalmentChoice {
    /// Which one.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub number: u32,
}

/// Something is sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct GrantReturn {
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub reason: String,
    /// The report's new date; the former one where it is not told.
    #[serde(default, with = "crate::time::day_option")]
    pub due_on: Option<NaiveDate>,
}

impl GrantReturn {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        text_fault("/reason", &self.reason, RETURN_REASON_MAX)
    }
}

fn text_fault(pointer: &str, text: &str, max: u64) -> Vec<FieldError> {
    if text.trim().is_empty() {
        vec![FieldError::new(pointer, FieldCode::Required)]
    } else if text.chars().count() as u64 > max {
        vec![
            FieldError::new(pointer, FieldCode::Length)
                .with("min", 1)
                .with("max", max),
        ]
    } else {
        Vec::new()
    }
}

fn range(pointer: &str, min: i64, max: i64) -> FieldError {
    FieldError::new(pointer, FieldCode::Range)
        .with("min", min)
        .with("max", max)
}
