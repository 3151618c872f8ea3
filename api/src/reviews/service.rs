//! What a reviewer does with a review: reads the file, scores, files, or says that there is a conflict of interest.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::ReviewId;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::programmes::CallState;
use shared::reviews::{ConflictDraft, ReviewAction, ReviewState, ReviewView, ScoreSheet, tally};

use super::conflicts::conflict_of;
use super::store::{self, ReviewRecord};
use super::view::{self, Shown, facts};
use crate::applications::store::{self as applications, ApplicationRecord};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{CallRecord, calls};

/// Whether a file may be scored: its call is under review, and it is not decided yet.
#[must_use]
pub fn is_judged(file: &ApplicationRecord, call: &CallRecord) -> bool {
    call.state == CallState::UnderReview && file.state.is_judged()
}

/// A review with its file; sheets of others where the caller may see them by now.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ReviewId) -> Result<ReviewView, Error> {
    let conn = platform.db.read();
    let review = store::review(conn, id).await?.ok_or(Error::NotFound)?;
    let file = applications::application(conn, review.application_id).await?;
    let file = file.ok_or(Error::NotFound)?;
    let call = calls::store::call(conn, review.call_id).await?.ok_or(Error::NotFound)?;
    let facts = facts(&review, &file, &call, caller);
    policy::require(&caller.actor, &Action::ReadReview { review: facts })?;
    // Until one's own is filed, those of others are not read at all.
    let others = if review.state == ReviewState::Filed {
        others_of(store::of_file(conn, file.id).await?, id)
    } else {
        Vec::new()
    };
    let shown = Shown {
        review: &review,
        file: &file,
        call: &call,
        others,
    };
    Ok(view::view(&platform.directory, shown, caller))
}

fn others_of(reviews: Vec<ReviewRecord>, own: ReviewId) -> Vec<ReviewRecord> {
    let others = reviews.into_iter();
    others
        .filter(|review| review.id != own && review.state == ReviewState::Filed)
        .collect()
}

/// A review that is to be changed, locked; the caller may do `action` with the version that it knows.
async fn opened(
    tx: &Tx<'_>,
    id: ReviewId,
    action: ReviewAction,
) -> Result<(ReviewRecord, ApplicationRecord, CallRecord), Error> {
    let review = store::review_for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let file = applications::application(tx.conn(), review.application_id).await?;
    let file = file.ok_or(Error::NotFound)?;
    let call = calls::store::call(tx.conn(), review.call_id).await?;
    let call = call.ok_or(Error::NotFound)?;
    let caller = tx.caller();
    let facts = facts(&review, &file, &call, caller);
    policy::require(&caller.actor, &Action::ActOnReview { action, review: facts })?;
    caller.expect_version(review.version)?;
    Ok((review, file, call))
}

/// Requires that the caller is free to judge: roles change after a file was given.
fn require_free(platform: &Platform, caller: &Caller, file: &ApplicationRecord) -> Result<(), Error> {
    let cities = file.parties.iter().map(|party| party.city_id);
    match conflict_of(&platform.directory, caller.actor.grants(), cities) {
        None => Ok(()),
        Some(reason) => Err(Error::Conflict {
            code: ProblemCode::ConflictOfInterest,
            errors: vec![FieldError::new("", FieldCode::Inconsistent).with("reason", reason.code())],
        }),
    }
}

/// Moves a review on; `change` puts in what is new.
async fn move_on(
    tx: &Tx<'_>,
    platform: &Platform,
    id: ReviewId,
    action: ReviewAction,
    change: impl FnOnce(&mut ReviewRecord, &CallRecord) -> Result<(), Error>,
) -> Result<ReviewView, Error> {
    let caller = tx.caller();
    let (mut review, file, call) = opened(tx, id, action).await?;
    if action != ReviewAction::DeclareConflict {
        require_free(platform, caller, &file)?;
    }
    let next = review.state.after(action).filter(|_| is_judged(&file, &call));
    let next = next.ok_or(Error::conflict(ProblemCode::StateConflict))?;
    change(&mut review, &call)?;
    review.state = next;
    review.version += 1;
    review.updated_at = tx.now();
    store::save(tx, &review).await?;
    // Neither scores nor reasons: the journal is read by others.
    let details = json!({"application_id": review.application_id, "scored": review.scored});
    tx.record(action.code(), Resource::Review, id.0, review.version, details)
        .await?;
    let others = if review.state == ReviewState::Filed {
        others_of(store::of_file(tx.conn(), file.id).await?, id)
    } else {
        Vec::new()
    };
    let shown = Shown {
        review: &review,
        file: &file,
        call: &call,
        others,
    };
    Ok(view::view(&platform.directory, shown, caller))
}

/// Writes the sheet in place of the former one; it need not be complete.
///
/// # Errors
/// `NotFound`, not its reviewer, a stale version, invalid fields, a review that is filed or a file that is not judged, a
/// conflict of interest, and those of the database.
pub async fn replace_sheet(
    platform: &Platform,
    caller: &Caller,
    id: ReviewId,
    sheet: ScoreSheet,
) -> Result<ReviewView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            move_on(tx, platform, id, ReviewAction::Save, |review, call| {
                refuse(sheet.faults(&call.plan.criteria))?;
                let told = tally(&call.plan.criteria, &sheet.scores);
                review.total = told.total;
                review.scored = told.scored;
                review.sheet = sheet.clone();
                Ok(())
            })
            .await
        })
        .await
}

/// Files the sheet as it was last written.
///
/// # Errors
/// Those of [`replace_sheet`], and a criterion without a score.
pub async fn file(platform: &Platform, caller: &Caller, id: ReviewId) -> Result<Answer<ReviewView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            move_on(tx, platform, id, ReviewAction::File, |review, call| {
                let errors = review.sheet.gaps(&call.plan.criteria);
                if !errors.is_empty() {
                    let code = ProblemCode::Incomplete;
                    return Err(Error::Conflict { code, errors });
                }
                review.filed_at = Some(caller.now);
                Ok(())
            })
            .await
        })
        .await
}

/// Says that the reviewer is not free to judge. What was written is left out of everything.
///
/// # Errors
/// Those of [`replace_sheet`], but for a conflict of interest.
pub async fn declare_conflict(
    platform: &Platform,
    caller: &Caller,
    id: ReviewId,
    draft: ConflictDraft,
) -> Result<Answer<ReviewView>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            move_on(tx, platform, id, ReviewAction::DeclareConflict, |review, _| {
                refuse(draft.faults())?;
                review.conflict = Some(draft.reason.trim().to_owned());
                review.sheet = ScoreSheet::default();
                (review.total, review.scored) = (None, 0);
                Ok(())
            })
            .await
        })
        .await
}

/// Takes a file from its reviewer, by an officer, as long as the sheet is not filed.
///
/// # Errors
/// `NotFound`, not an officer, a stale version, a review that is filed, and those of the database.
pub async fn delete(platform: &Platform, caller: &Caller, id: ReviewId) -> Result<(), Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (review, file, call) = opened(tx, id, ReviewAction::Delete).await?;
            let may = review.state.after(ReviewAction::Delete).is_some() && is_judged(&file, &call);
            if !may {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            store::delete(tx, id).await?;
            let details = json!({"application_id": review.application_id, "reviewer_id": review.reviewer_id});
            tx.record("delete", Resource::Review, id.0, review.version + 1, details)
                .await
        })
        .await
}
