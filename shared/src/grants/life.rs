//! The life of a grant: contract, instalments and reports, and which moves they allow. Pure.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    GrantAction, GrantInstalment, GrantReport, GrantReportDraft, GrantReturn, GrantState, GrantStep, InstalmentRequest,
    InstalmentState, ReportState,
};
use crate::budget::RuleSet;
use crate::money::split;

/// The contract, the instalments and the reports of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantLife {
    /// Where it stands.
    pub state: GrantState,
    /// The contract's date.
    #[serde(with = "crate::time::day")]
    pub contracted_on: NaiveDate,
    /// When the city that leads signed.
    #[serde(default, with = "crate::time::option")]
    pub lead_signed_at: Option<DateTime<Utc>>,
    /// When the funder signed.
    #[serde(default, with = "crate::time::option")]
    pub funder_signed_at: Option<DateTime<Utc>>,
    /// How the award is paid: parts that add up to it.
    pub instalments: Vec<GrantInstalment>,
    /// The final report.
    pub final_report: GrantReport,
}

/// A move in the life of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantMove<'a> {
    /// The lead signs.
    LeadSigns,
    /// The funder signs.
    FunderSigns,
    /// The lead asks for an instalment.
    Request(&'a InstalmentRequest),
    /// The funder approves it.
    Approve(u32),
    /// The funder sends the request back.
    Return(&'a GrantReturn),
    /// The funder pays.
    Pay(u32),
    /// The lead hands in the final report.
    HandInReport(&'a GrantReportDraft),
    /// The funder accepts it.
    AcceptReport,
    /// The funder sends it back.
    ReturnReport(&'a GrantReturn),
    /// The funder ends the grant.
    Close,
}

impl GrantMove<'_> {
    /// The action that it is.
    #[must_use]
    pub const fn action(&self) -> GrantAction {
        match self {
            Self::LeadSigns | Self::FunderSigns => GrantAction::Sign,
            Self::Request(_) => GrantAction::Request,
            Self::Approve(_) => GrantAction::Approve,
            Self::Return(_) => GrantAction::Return,
            Self::Pay(_) => GrantAction::Pay,
            Self::HandInReport(_) => GrantAction::HandInReport,
            Self::AcceptReport => GrantAction::AcceptReport,
            Self::ReturnReport(_) => GrantAction::ReturnReport,
            Self::Close => GrantAction::Close,
        }
    }
}

/// The instalments of an award: one a year, and the last year's in the parts that the rules tell. They add up to the award
/// exactly. All but the first are asked for with an interim report; the last one of several is paid upon the final report.
#[must_use]
pub fn instalments(rules: &RuleSet, awarded_minor: i64, years: u32, contracted_on: NaiveDate) -> Vec<GrantInstalment> {
    let mut amounts = split(awarded_minor, &vec![1; years.max(1) as usize]);
    let last_year = amounts.pop().unwrap_or_default();
    amounts.extend(rules.instalments(last_year));
    let count = amounts.len();
    amounts
        .into_iter()
        .zip(1..)
        .map(|(amount_minor, number)| {
            let is_last = count > 1 && number as usize == count;
            // One that does not begin a year comes when that year is over.
            let due_on = after_months(contracted_on, 12 * (number - 1).min(years));
            GrantInstalment {
                number,
                amount_minor,
                state: InstalmentState::Planned,
                report: (number > 1 && !is_last).then(|| GrantReport::due(due_on)),
                after_final_report: is_last,
                reason: None,
                paid_on: None,
            }
        })
        .collect()
}

fn after_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

impl GrantLife {
    /// A contract that nobody has signed yet.
    #[must_use]
    pub fn new(
        rules: &RuleSet,
        awarded_minor: i64,
        (contracted_on, years): (NaiveDate, u32),
        final_report_due_on: Option<NaiveDate>,
    ) -> Self {
        let due_on = final_report_due_on.unwrap_or_else(|| after_months(contracted_on, 12 * years + 3));
        Self {
            state: GrantState::Contracted,
            contracted_on,
            lead_signed_at: None,
            funder_signed_at: None,
            instalments: instalments(rules, awarded_minor, years, contracted_on),
            final_report: GrantReport::due(due_on),
        }
    }

    /// What has been paid, in minor units.
    #[must_use]
    pub fn disbursed_minor(&self) -> i64 {
        let paid = self
            .instalments
            .iter()
            .filter(|instalment| instalment.state == InstalmentState::Paid);
        paid.map(|instalment| instalment.amount_minor).sum()
    }

    /// The first instalment that is not paid.
    #[must_use]
    pub fn current(&self) -> Option<&GrantInstalment> {
        self.instalments
            .iter()
            .find(|instalment| instalment.state != InstalmentState::Paid)
    }

    fn current_mut(&mut self) -> Option<&mut GrantInstalment> {
        self.instalments
            .iter_mut()
            .find(|instalment| instalment.state != InstalmentState::Paid)
    }

    /// Until when the next report is to be handed in; none before the contract holds and once all are in.
    #[must_use]
    pub fn report_due_on(&self) -> Option<NaiveDate> {
        if !matches!(self.state, GrantState::Running | GrantState::FinalReport) {
            return None;
        }
        let interim = self
            .instalments
            .iter()
            .filter_map(|instalment| instalment.report.as_ref());
        interim
            .chain([&self.final_report])
            .filter(|report| report.is_missing())
            .map(|report| report.due_on)
            .min()
    }

    /// What is to be done next. What is with the funder comes before what is with the lead.
    #[must_use]
    pub fn next_step(&self) -> GrantStep {
        match self.state {
            GrantState::Contracted if self.lead_signed_at.is_none() => return GrantStep::LeadSigns,
            GrantState::Contracted => return GrantStep::FunderSigns,
            GrantState::Closed => return GrantStep::Done,
            GrantState::Running | GrantState::FinalReport => {}
        }
        let current = self.current();
        match current.map(|instalment| instalment.state) {
            Some(InstalmentState::Requested) => return GrantStep::Answer,
            Some(InstalmentState::Approved) => return GrantStep::Pay,
            _ => {}
        }
        if self.final_report.state == ReportState::HandedIn {
            GrantStep::JudgeReport
        } else if current.is_some_and(|instalment| self.is_unlocked(instalment)) {
            GrantStep::Request
        } else if self.final_report.is_missing() {
            GrantStep::FinalReport
        } else {
            GrantStep::Close
        }
    }

    fn is_unlocked(&self, instalment: &GrantInstalment) -> bool {
        !instalment.after_final_report || self.final_report.state == ReportState::Accepted
    }

    /// Whether some move of this action is possible now.
    #[must_use]
    pub fn allows(&self, action: GrantAction) -> bool {
        if self.state.after(action, false).is_none() {
            return false;
        }
        let current = self.current();
        let is_in = |state| current.is_some_and(|instalment| instalment.state == state);
        match action {
            GrantAction::Sign => true,
            GrantAction::Request => current.is_some_and(|instalment| {
                matches!(instalment.state, InstalmentState::Planned | InstalmentState::Returned)
                    && self.is_unlocked(instalment)
            }),
            GrantAction::Approve | GrantAction::Return => is_in(InstalmentState::Requested),
            GrantAction::Pay => is_in(InstalmentState::Approved),
            GrantAction::HandInReport => self.final_report.is_missing(),
            GrantAction::AcceptReport | GrantAction::ReturnReport => self.final_report.state == ReportState::HandedIn,
            GrantAction::Close => current.is_none() && self.final_report.state == ReportState::Accepted,
        }
    }

    /// Makes a move; nothing changes and `false` is answered where the state does not allow it.
    #[must_use]
    pub fn go(&mut self, step: &GrantMove<'_>, now: DateTime<Utc>) -> bool {
        let action = step.action();
        let is_last = match step {
            GrantMove::LeadSigns if self.lead_signed_at.is_none() => self.funder_signed_at.is_some(),
            GrantMove::FunderSigns if self.funder_signed_at.is_none() => self.lead_signed_at.is_some(),
            GrantMove::LeadSigns | GrantMove::FunderSigns => return false,
            _ => false,
        };
        let number = match step {
            GrantMove::Request(request) => Some(request.number),
            GrantMove::Approve(number) | GrantMove::Pay(number) => Some(*number),
            _ => None,
        };
        let is_current = number.is_none_or(|number| self.current().is_some_and(|current| current.number == number));
        let Some(next) = self
            .state
            .after(action, is_last)
            .filter(|_| is_current && self.allows(action))
        else {
            return false;
        };
        self.state = next;
        match step {
            GrantMove::LeadSigns => self.lead_signed_at = Some(now),
            GrantMove::FunderSigns => self.funder_signed_at = Some(now),
            GrantMove::HandInReport(draft) => hand_in(&mut self.final_report, draft, now),
            GrantMove::AcceptReport => self.final_report.state = ReportState::Accepted,
            GrantMove::ReturnReport(back) => send_back(&mut self.final_report, back),
            GrantMove::Close => {}
            GrantMove::Request(_) | GrantMove::Approve(_) | GrantMove::Return(_) | GrantMove::Pay(_) => {
                if let Some(current) = self.current_mut() {
                    go_on(current, step, now);
                }
            }
        }
        true
    }
}

fn go_on(instalment: &mut GrantInstalment, step: &GrantMove<'_>, now: DateTime<Utc>) {
    match step {
        GrantMove::Request(request) => {
            instalment.state = InstalmentState::Requested;
            if let (Some(report), Some(draft)) = (&mut instalment.report, &request.report) {
                hand_in(report, draft, now);
            }
        }
        GrantMove::Approve(_) => {
            instalment.state = InstalmentState::Approved;
            instalment.reason = None;
            if let Some(report) = &mut instalment.report {
                report.state = ReportState::Accepted;
            }
        }
        GrantMove::Return(back) => {
            instalment.state = InstalmentState::Returned;
            instalment.reason = Some(back.reason.trim().to_owned());
            if let Some(report) = &mut instalment.report {
                send_back(report, back);
            }
        }
        GrantMove::Pay(_) => {
            instalment.state = InstalmentState::Paid;
            instalment.paid_on = Some(now.date_naive());
        }
        _ => {}
    }
}

fn hand_in(report: &mut GrantReport, draft: &GrantReportDraft, now: DateTime<Utc>) {
    report.state = ReportState::HandedIn;
    report.text = draft.text.trim().to_owned();
    report.spent_minor = Some(draft.spent_minor);
    report.handed_in_at = Some(now);
    report.reason = None;
}

fn send_back(report: &mut GrantReport, back: &GrantReturn) {
    report.state = ReportState::Returned;
    report.reason = Some(back.reason.trim().to_owned());
    report.due_on = back.due_on.unwrap_or(report.due_on);
}

#[cfg(test)]
mod tests;
