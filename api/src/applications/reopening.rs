//! Taking a decision back: by an administrator, with a reason, as long as no contract rests on it.
//!
//! What it had granted is free again for the call's other files: a new decision is held against the envelope as any other.

use serde_json::json;
use shared::applications::{ApplicationAction, ApplicationView, ReopeningDraft, ReopeningView};
use shared::ids::ApplicationId;
use shared::problem::ProblemCode;

use super::decisions::account_of;
use super::service::{advance, opened};
use super::view::view;
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::grants;
use crate::mail::notice;
use crate::platform::Platform;
use crate::programmes;

/// Takes the decision on a file back, so that it is judged again, and tells those whom it concerns.
///
/// # Errors
/// `NotFound`, not an administrator, a stale version, no reason, a file that is not decided, a decision that a contract
/// rests on, and those of the database.
pub async fn reopen(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: ReopeningDraft,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let (mut record, _) = opened(tx, id, ApplicationAction::Reopen).await?;
            refuse(draft.faults())?;
            let state = record.state.after(ApplicationAction::Reopen);
            let (Some(state), Some(was)) = (state, record.decision.take()) else {
                return Err(Error::conflict(ProblemCode::StateConflict));
            };
            // Whoever makes a contract holds the file: none is being made at this moment.
            if grants::store::is_granted(tx.conn(), id).await? {
                return Err(Error::conflict(ProblemCode::DecisionBound));
            }
            // Read again under a lock: an officer may be publishing the results at this moment.
            let call = programmes::calls::store::call_for_share(tx, record.call_id).await?;
            let call = call.ok_or(Error::NotFound)?;
            let reopening = ReopeningView {
                reopened_at: tx.now(),
                reopened_by: account_of(&caller.actor),
                reason: draft.reason.trim().to_owned(),
                after_publication: call.state.has_public_results(),
                outcome: was.outcome,
                granted_minor: was.granted_minor,
                decision_reason: was.reason,
                decided_at: was.decided_at,
            };
            record.state = state;
            record.reopenings.insert(0, reopening.clone());
            let told = notice::reopened(tx, &record, &reopening).await?;
            let details = json!({
                "outcome": reopening.outcome,
                "granted_minor": reopening.granted_minor,
                "reason": reopening.reason,
                "after_publication": reopening.after_publication,
                "told": told,
            });
            advance(tx, platform, &mut record, "reopen", details).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}
