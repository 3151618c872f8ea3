//! From the agreement of each city to the funder's decision.
//!
//! A deadline is judged in [`submit`], by the server's clock at the arrival of the request, in the transaction that hands
//! the file in.

use chrono::{DateTime, Utc};
use serde_json::json;
use shared::applications::{
    ApplicationAction, ApplicationState, ApplicationView, DecisionDraft, Receipt, Section, SignOffDraft,
};
use shared::ids::ApplicationId;
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError, ProblemCode};

use super::content::content;
use super::decisions::{account_of, conclude, ranks, require_affordable};
use super::gaps::{Gap, gaps};
use super::letters;
use super::service::{advance, opened, readable, require_editable, require_state};
use super::store;
use super::view::{facts, told_state, view};
use super::waitlist::store as waitlist;
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::grants;
use crate::hash::sha256;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{self, CallRecord};

/// Agrees, for one's own city, to what the file says now. To agree again changes nothing.
///
/// # Errors
/// `NotFound`, not the city's staff, a stale version, a city that has nothing to sign, a file that is handed in, and those
/// of the database.
pub async fn sign_off(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: SignOffDraft,
) -> Result<Answer<ApplicationView>, Error> {
    let city = draft.city_id;
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::SignOff).await?;
            let file = facts(&record, &call, tx.now());
            policy::require(&caller.actor, &Action::SignOffApplication { city, file: &file })?;
            require_editable(&record)?;
            let sha256 = sha256(&content(&record, &call)?);
            let party = record
                .parties
                .iter_mut()
                .find(|party| party.city_id == city && party.role != PartyRole::Associated)
                .ok_or_else(|| Error::field(FieldError::new("/city_id", FieldCode::Reference)))?;
            if !party.has_signed(&sha256) {
                party.signed_off_at = Some(tx.now());
                party.signed_sha256 = Some(sha256.clone());
                store::sign_off(tx, id, city, &sha256, account_of(&caller.actor)).await?;
                let details = json!({"city_id": city, "sha256": sha256});
                advance(tx, platform, &mut record, "sign_off", details).await?;
            }
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// Hands the file in, or its correction, and keeps what it says with its hash.
///
/// # Errors
/// `NotFound`, not the lead's staff, a stale version; a call that is not open, a deadline that is over, be it that of a
/// correction, an incomplete file, missing agreements: each with its code and places; and those of the database.
pub async fn submit(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut record, _) = opened(tx, id, ApplicationAction::Submit).await?;
            let corrects = record.state == ApplicationState::CorrectionRequested;
            record.state = require_state(&record, ApplicationAction::Submit)?;
            // Read again under a lock: an officer may be closing or prolonging the call at this moment.
            let call = programmes::calls::store::call_for_share(tx, record.call_id).await?;
            let call = call.ok_or(Error::NotFound)?;
            if !corrects {
                require_open(&call, tx.now())?;
                grants::require_no_overdue_report(tx, &record, &call).await?;
            }
            let content = content(&record, &call)?;
            let sha256 = sha256(&content);
            require_complete(gaps(&record, &call, &sha256))?;
            if corrects {
                record.take_correction(tx.now());
            } else {
                record.submitted_at = Some(tx.now());
            }
            record.receipt_content = Some(content);
            record.receipt_sha256 = Some(sha256.clone());
            let details = json!({"sha256": sha256, "call_id": call.id});
            let verb = if corrects { "correct" } else { "submit" };
            advance(tx, platform, &mut record, verb, details).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// The state after `action`, where that is drawn.
fn after(state: ApplicationState, action: ApplicationAction) -> Result<ApplicationState, Error> {
    state.after(action).ok_or(Error::conflict(ProblemCode::StateConflict))
}

fn require_open(call: &CallRecord, now: DateTime<Utc>) -> Result<(), Error> {
    if call.takes(now) {
        Ok(())
    } else if call.window.is_over(now) {
        Err(Error::conflict(ProblemCode::DeadlinePassed))
    } else {
        Err(Error::conflict(ProblemCode::CallNotOpen))
    }
}

fn require_complete(gaps: Vec<Gap>) -> Result<(), Error> {
    let (unsigned, incomplete): (Vec<Gap>, Vec<Gap>) =
        gaps.into_iter().partition(|gap| gap.section == Section::SignOff);
    let conflict = |code, gaps: Vec<Gap>| Error::Conflict {
        code,
        errors: gaps.into_iter().map(|gap| gap.error).collect(),
    };
    if !incomplete.is_empty() {
        Err(conflict(ProblemCode::Incomplete, incomplete))
    } else if !unsigned.is_empty() {
        Err(conflict(ProblemCode::SignOffMissing, unsigned))
    } else {
        Ok(())
    }
}

/// Takes the file back. Who does not know of a decision yet does so as if there was none: what it had granted is free again.
///
/// # Errors
/// `NotFound`, not the lead's staff, a stale version, a file whose decision is told, and those of the database.
pub async fn withdraw(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut record, _) = opened(tx, id, ApplicationAction::Withdraw).await?;
            // Read again under a lock: an officer may be publishing the results at this moment.
            let call = programmes::calls::store::call_for_share(tx, record.call_id).await?;
            let call = call.ok_or(Error::NotFound)?;
            let from = record.state;
            let told = told_state(&record, &facts(&record, &call, tx.now()), &caller.actor);
            record.state = after(told, ApplicationAction::Withdraw)?;
            record.decision = None;
            advance(tx, platform, &mut record, "withdraw", json!({"from": from})).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// Begins to judge the file.
///
/// # Errors
/// `NotFound`, not an officer of the programme, a stale version, a file that is not waiting, and those of the database.
pub async fn start_review(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Answer<ApplicationView>, Error> {
    step(platform, caller, id, ApplicationAction::StartReview).await
}

/// Brings the file to the state after an action that says nothing more.
///
/// # Errors
/// `NotFound`, who may not do it, a stale version, a state that does not allow it, and those of the database.
pub(super) async fn step(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    action: ApplicationAction,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut record, call) = opened(tx, id, action).await?;
            let from = record.state;
            record.state = after(from, action)?;
            advance(tx, platform, &mut record, action.code(), json!({"from": from})).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// Accepts the file, puts it on the waiting list, or rejects it, with a reason.
///
/// # Errors
/// `NotFound`, not an officer of the programme, a stale version, a file that is not to be decided, a grant above what was
/// asked for, above the ceiling or above what is left of the envelope, and those of the database.
pub async fn decide(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: DecisionDraft,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::Decide).await?;
            refuse(draft.faults())?;
            let ranks = ranks(tx, platform, &call, &[draft.outcome]).await?;
            let by = account_of(&caller.actor);
            let granted_minor = conclude(&mut record, &call, &draft, &ranks, tx.now(), by)?;
            if let Some(granted) = granted_minor {
                require_affordable(tx, call.id, &[("/granted_minor".to_owned(), granted)]).await?;
            }
            // Read again under a lock: an officer may be publishing the results, with the letters about decisions.
            let call = programmes::calls::store::call_for_share(tx, call.id).await?;
            let call = call.ok_or(Error::NotFound)?;
            let details = json!({"outcome": draft.outcome, "granted_minor": granted_minor});
            advance(tx, platform, &mut record, "decide", details).await?;
            waitlist::find_places(tx.conn(), std::slice::from_mut(&mut record)).await?;
            letters::send(tx, platform, &call, std::slice::from_ref(&record)).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// The proof that the file was handed in: what it said, byte for byte, with its hash and the server's time, both signed.
///
/// # Errors
/// `NotFound`, also for a file that was never handed in, and those of the database.
pub async fn receipt(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<Receipt, Error> {
    let (record, _) = readable(platform, caller, id).await?;
    platform.receipts.receipt(&record)?.ok_or(Error::NotFound)
}
