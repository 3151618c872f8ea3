//! The shortlist: the files among which a funder makes its last choice, put there one by one or many together.
//!
//! Like a decision it stays in the funder's house until the results are public.

use serde_json::json;
use shared::applications::{ApplicationAction, ApplicationState, ApplicationView};
use shared::ids::{ApplicationId, CallId};
use shared::reviews::{DecisionReport, ShortlistDraft};

use super::decisions::{Chosen, report};
use super::service::advance;
use super::{handover, store};
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes;

/// Puts a file on the shortlist. Beginning to judge it again takes it off.
///
/// # Errors
/// `NotFound`, not an officer of the programme, a stale version, a file that is not being judged, and those of the database.
pub async fn shortlist(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Answer<ApplicationView>, Error> {
    handover::step(platform, caller, id, ApplicationAction::Shortlist).await
}

/// Puts several files of a call on the shortlist, or takes them off: all of them, or none.
///
/// # Errors
/// `NotFound`, not an officer of the programme; files that are not of the call, that have changed, or that are not judged or
/// not on the shortlist: each with its place; and those of the database.
pub async fn shortlist_many(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    draft: ShortlistDraft,
) -> Result<Answer<DecisionReport>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let call = programmes::calls::store::call(tx.conn(), id).await?;
            let call = programmes::calls::visible(caller, call)?;
            let programme = call.programme_id;
            policy::require(&caller.actor, &Action::DecideApplications { programme })?;
            refuse(draft.faults())?;
            let action = if draft.shortlisted {
                ApplicationAction::Shortlist
            } else {
                ApplicationAction::StartReview
            };
            let wanted = draft.items.iter().map(|item| (item.application_id, item.version));
            let mut chosen = Chosen::of(tx, &call, wanted).await?;
            let mut changed = Vec::new();
            for (index, mut record) in chosen.take() {
                let from = record.state;
                let takes_off = from == ApplicationState::Shortlisted;
                match from.after(action).filter(|_| draft.shortlisted || takes_off) {
                    Some(state) => {
                        record.state = state;
                        changed.push((record, from));
                    }
                    None => chosen.conflict(index, from),
                }
            }
            chosen.require()?;
            let mut files = Vec::with_capacity(changed.len());
            for (mut record, from) in changed {
                let details = json!({"from": from, "together": draft.items.len()});
                advance(tx, platform, &mut record, action.code(), details).await?;
                files.push(record);
            }
            let committed_minor = store::granted_by(tx.conn(), id).await?;
            Ok(report(&files, committed_minor, call.envelope_minor))
        })
        .await
}
