//! What the files of a call are judged by. Everybody may read it; its officers set it before the files are judged.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::CallId;
use shared::problem::ProblemCode;
use shared::programmes::CallState;
use shared::reviews::{ReviewPlan, ReviewPlanView};

use crate::caller::Caller;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls;
use crate::programmes::{self, CallRecord};

/// The plan of a call.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: CallId) -> Result<ReviewPlanView, Error> {
    let call = calls::visible(caller, calls::store::call(platform.db.read(), id).await?)?;
    Ok(view(call, caller))
}

/// Whether it may still be set: until the files are judged, and where that has begun without criteria, once.
fn is_open(call: &CallRecord) -> bool {
    match call.state {
        CallState::Draft | CallState::Announced | CallState::Open | CallState::Closed => true,
        CallState::UnderReview => call.plan.criteria.is_empty(),
        CallState::ResultsPublished | CallState::Archived | CallState::Withdrawn => false,
    }
}

fn view(call: CallRecord, caller: &Caller) -> ReviewPlanView {
    let programme = call.programme_id;
    ReviewPlanView {
        call_id: call.id,
        version: call.version,
        can_update: is_open(&call) && policy::allows(&caller.actor, &Action::ManageCalls { programme }),
        plan: call.plan,
    }
}

/// Sets the plan in place of the former one.
///
/// # Errors
/// `NotFound`, not an officer, a stale version, invalid fields, a call whose files are being judged, and those of the
/// database.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    plan: ReviewPlan,
) -> Result<ReviewPlanView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut call = calls::opened(tx, id).await?;
            refuse(plan.faults())?;
            if !is_open(&call) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            call.plan = plan.clone();
            call.version += 1;
            programmes::calls::store::save_call(tx, &call).await?;
            let keys: Vec<&str> = plan.criteria.iter().map(|criterion| criterion.key.as_str()).collect();
            let details = json!({
                "criteria": keys,
                "blind": plan.blind,
                "reviewers_per_file": plan.reviewers_per_file,
            });
            tx.record("set_review_plan", Resource::Call, id.0, call.version, details)
                .await?;
            Ok(view(call, caller))
        })
        .await
}
