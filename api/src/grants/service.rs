//! Making grants of accepted applications, and moving them on.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use shared::applications::ApplicationState;
use shared::audit::Resource;
use shared::grants::{
    FundingDraft, FundingView, GrantAction, GrantLife, GrantMove, GrantReportDraft, GrantReturn, GrantSummary,
    InstalmentRequest,
};
use shared::ids::{CityId, FundingId, ProgrammeId};
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, FundingRecord, TitledGrant};
use crate::applications::list::store::parties_of;
use crate::applications::store::{self as applications, ApplicationRecord};
use crate::applications::view::names;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor, FundingFacts};
use crate::programmes::{self, CallRecord};

/// A grant, as the caller sees it.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: FundingId) -> Result<FundingView, Error> {
    let found = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    let mut parties = parties_of(&platform.db, &[found.grant.application_id]).await?;
    let facts = FundingFacts {
        programme: found.grant.programme_id,
        parties: parties.remove(&found.grant.application_id).unwrap_or_default(),
    };
    policy::require(&caller.actor, &Action::ReadGrant { grant: &facts })?;
    Ok(view(platform, caller, found, &facts))
}

/// Makes the contract of an accepted application; its rules say how the award is paid.
///
/// # Errors
/// Not an officer of the programme, invalid fields, a file that is not accepted or has its grant already, a call whose results
/// are not published, and those of the database.
pub async fn create(platform: &Platform, caller: &Caller, draft: FundingDraft) -> Result<Answer<FundingView>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let file = applications::application_for_update(tx, draft.application_id).await?;
            let Some(file) = file.filter(|file| file.deleted_at.is_none()) else {
                return Err(unknown_file(&caller.actor));
            };
            let programme = file.programme_id;
            policy::require(&caller.actor, &Action::CreateGrant { programme })?;
            refuse(draft.faults())?;
            let call = programmes::calls::store::call(tx.conn(), file.call_id).await?;
            let call = call.ok_or(Error::NotFound)?;
            let grant = contracted(&file, &call, &draft, tx.now());
            let grant = grant.ok_or_else(|| Error::conflict(ProblemCode::StateConflict))?;
            if store::is_granted(tx.conn(), file.id).await? {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            // A contract would tell the cities of a decision that is not told yet.
            if !call.state.has_public_results() {
                return Err(Error::conflict(ProblemCode::ResultsUnpublished));
            }
            store::insert(tx, &grant).await?;
            record(tx, "create", &grant).await?;
            let facts = FundingFacts {
                programme,
                parties: file.roles(),
            };
            let titled = TitledGrant {
                grant,
                title: file.title,
                call_title: call.title,
            };
            Ok(view(platform, caller, titled, &facts))
        })
        .await
}

/// The grant that a contract makes of a file; none where the file was not accepted.
pub(crate) fn contracted(
    file: &ApplicationRecord,
    call: &CallRecord,
    draft: &FundingDraft,
    now: DateTime<Utc>,
) -> Option<FundingRecord> {
    let decision = file
        .decision
        .as_ref()
        .filter(|_| file.state == ApplicationState::Accepted)?;
    let awarded_minor = decision.granted_minor?;
    let contract = (draft.contracted_on, draft.years);
    Some(FundingRecord {
        id: FundingId(Uuid::now_v7()),
        version: 1,
        created_at: now,
        updated_at: now,
        application_id: file.id,
        call_id: call.id,
        programme_id: call.programme_id,
        lead_city_id: file.lead()?,
        reference: draft.reference.trim().to_owned(),
        currency: file.currency.clone(),
        asked_minor: file.budget.grant_asked_minor,
        awarded_minor,
        life: GrantLife::new(&call.rules, awarded_minor, contract, draft.final_report_due_on),
    })
}

/// What is said of a file that is not there: only officers learn that.
fn unknown_file(actor: &Actor) -> Error {
    let nothing = Action::CreateGrant {
        programme: ProgrammeId(Uuid::nil()),
    };
    let is_officer = actor.drafts_of().is_none_or(|programmes| !programmes.is_empty());
    match policy::require(actor, &nothing) {
        Err(error) if !is_officer => error,
        _ => Error::field(FieldError::new("/application_id", FieldCode::Reference)),
    }
}

/// What is asked of a grant, as it came in.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// To sign, for the side of the caller.
    Sign,
    /// For an instalment.
    Request(InstalmentRequest),
    /// To approve the request for an instalment.
    Approve(u32),
    /// To send the request back.
    Return(GrantReturn),
    /// To pay an instalment.
    Pay(u32),
    /// To take the final report.
    HandInReport(GrantReportDraft),
    /// To accept it.
    AcceptReport,
    /// To send it back.
    ReturnReport(GrantReturn),
    /// To end the grant.
    Close,
}

impl Asked {
    /// The move that it is, where the caller is of the city that leads or not.
    const fn as_move(&self, of_lead: bool) -> GrantMove<'_> {
        match self {
            Self::Sign if of_lead => GrantMove::LeadSigns,
            Self::Sign => GrantMove::FunderSigns,
            Self::Request(request) => GrantMove::Request(request),
            Self::Approve(number) => GrantMove::Approve(*number),
            Self::Return(back) => GrantMove::Return(back),
            Self::Pay(number) => GrantMove::Pay(*number),
            Self::HandInReport(report) => GrantMove::HandInReport(report),
            Self::AcceptReport => GrantMove::AcceptReport,
            Self::ReturnReport(back) => GrantMove::ReturnReport(back),
            Self::Close => GrantMove::Close,
        }
    }

    fn faults(&self, life: &GrantLife) -> Vec<FieldError> {
        match self {
            Self::Request(request) => request_faults(request, life),
            Self::Return(back) | Self::ReturnReport(back) => back.faults(),
            Self::HandInReport(report) => report.faults(""),
            _ => Vec::new(),
        }
    }
}

/// An instalment with an interim report is asked for with it, others without.
fn request_faults(request: &InstalmentRequest, life: &GrantLife) -> Vec<FieldError> {
    let Some(instalment) = life.instalments.iter().find(|one| one.number == request.number) else {
        let fault = FieldError::new("/number", FieldCode::Range);
        return vec![fault.with("min", 1).with("max", life.instalments.len())];
    };
    match (&instalment.report, &request.report) {
        (Some(_), Some(report)) => report.faults("/report"),
        (Some(_), None) => vec![FieldError::new("/report", FieldCode::Required)],
        (None, Some(_)) => vec![FieldError::new("/report", FieldCode::Inconsistent)],
        (None, None) => Vec::new(),
    }
}

/// Moves a grant on. Its row is held from here to the commit: of two who pay at once, one does.
///
/// # Errors
/// `NotFound`, not the side whose move it is, a stale version, invalid fields, a move that the state does not allow, and
/// those of the database.
pub async fn go(
    platform: &Platform,
    caller: &Caller,
    id: FundingId,
    asked: Asked,
) -> Result<Answer<FundingView>, Error> {
    platform
        .db
        .write_once(caller, &asked, async |tx| {
            let mut found = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
            let file = applications::application(tx.conn(), found.grant.application_id).await?;
            let file = file.ok_or(Error::NotFound)?;
            let facts = FundingFacts {
                programme: found.grant.programme_id,
                parties: file.roles(),
            };
            let step = asked.as_move(facts.is_led_by(&caller.actor));
            let action = step.action();
            policy::require(&caller.actor, &Action::ActOnGrant { action, grant: &facts })?;
            caller.expect_version(found.grant.version)?;
            refuse(asked.faults(&found.grant.life))?;
            if !found.grant.life.go(&step, tx.now()) || found.grant.life.disbursed_minor() > found.grant.awarded_minor {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            found.grant.version += 1;
            found.grant.updated_at = tx.now();
            store::save(tx, &found.grant).await?;
            record(tx, action.code(), &found.grant).await?;
            Ok(view(platform, caller, found, &facts))
        })
        .await
}

/// Tells the journal of a grant.
pub(super) async fn record(tx: &Tx<'_>, verb: &str, of: &FundingRecord) -> Result<(), Error> {
    let details = json!({
        "application_id": of.application_id,
        "state": of.life.state,
        "awarded_minor": of.awarded_minor,
        "disbursed_minor": of.life.disbursed_minor(),
    });
    tx.record(verb, Resource::Grant, of.id.0, of.version, details).await
}

/// A grant as lists show it.
pub(super) fn summary(
    platform: &Platform,
    of: TitledGrant,
    parties: &[(CityId, PartyRole)],
    now: DateTime<Utc>,
) -> GrantSummary {
    let (lead_name, partner_names, countries) = names(&platform.directory, parties);
    let TitledGrant {
        grant,
        title,
        call_title,
    } = of;
    let report_due_on = grant.life.report_due_on();
    GrantSummary {
        id: grant.id,
        version: grant.version,
        application_id: grant.application_id,
        call_id: grant.call_id,
        call_title,
        title,
        lead_name,
        partner_names,
        countries,
        state: grant.life.state,
        reference: grant.reference,
        currency: grant.currency,
        asked_minor: grant.asked_minor,
        awarded_minor: grant.awarded_minor,
        disbursed_minor: grant.life.disbursed_minor(),
        next_step: grant.life.next_step(),
        report_due_on,
        overdue: report_due_on.is_some_and(|due_on| due_on < now.date_naive()),
        updated_at: grant.updated_at,
    }
}

fn view(platform: &Platform, caller: &Caller, of: TitledGrant, facts: &FundingFacts) -> FundingView {
    let life = of.grant.life.clone();
    let signed = if facts.is_led_by(&caller.actor) {
        life.lead_signed_at
    } else {
        life.funder_signed_at
    };
    let may = |action: GrantAction| {
        let is_open = action != GrantAction::Sign || signed.is_none();
        is_open && life.allows(action) && policy::allows(&caller.actor, &Action::ActOnGrant { action, grant: facts })
    };
    FundingView {
        allowed: GrantAction::ALL.iter().copied().filter(|&action| may(action)).collect(),
        summary: summary(platform, of, &facts.parties, caller.now),
        life,
    }
}
