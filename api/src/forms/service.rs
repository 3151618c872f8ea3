//! A call's form: read by whoever sees the call, written by its officers.

use serde_json::json;
use shared::audit::Resource;
use shared::forms::{CallForm, CallFormView, FormFreedom, eased};
use shared::ids::CallId;
use shared::problem::ProblemCode;
use shared::programmes::CallState;

use crate::applications;
use crate::caller::Caller;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{CallRecord, calls};

/// The form of a call.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: CallId) -> Result<CallFormView, Error> {
    let call = calls::visible(caller, calls::store::call(platform.db.read(), id).await?)?;
    Ok(view(call, caller))
}

const fn freedom(state: CallState) -> FormFreedom {
    match state {
        CallState::Draft | CallState::Announced => FormFreedom::Free,
        CallState::Open => FormFreedom::Eased,
        CallState::Closed
        | CallState::UnderReview
        | CallState::ResultsPublished
        | CallState::Archived
        | CallState::Withdrawn => FormFreedom::Fixed,
    }
}

fn view(call: CallRecord, caller: &Caller) -> CallFormView {
    let freedom = freedom(call.state);
    let programme = call.programme_id;
    CallFormView {
        call_id: call.id,
        version: call.version,
        call_title: call.title,
        currency: call.rules.currency,
        sections: call.sections,
        questions: call.questions,
        freedom,
        can_update: freedom != FormFreedom::Fixed && policy::allows(&caller.actor, &Action::ManageCalls { programme }),
    }
}

/// Sets the form in place of the former one. Drafts that were begun before the call opens lose their agreements where it
/// asks something else: nobody has agreed to an answer to that.
///
/// # Errors
/// `NotFound`, not an officer, a stale version, invalid fields, an open call's form that would ask more, a call that takes
/// no more applications, and those of the database.
pub async fn replace(platform: &Platform, caller: &Caller, id: CallId, form: CallForm) -> Result<CallFormView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut call = calls::opened(tx, id).await?;
            refuse(form.faults())?;
            let before = CallForm {
                sections: std::mem::take(&mut call.sections),
                questions: std::mem::take(&mut call.questions),
            };
            let asks_more = eased(&before, &form);
            match freedom(call.state) {
                FormFreedom::Fixed => return Err(Error::conflict(ProblemCode::StateConflict)),
                FormFreedom::Eased => refuse(asks_more)?,
                FormFreedom::Free if asks_more.is_empty() => {}
                FormFreedom::Free => applications::ready::store::clear_sign_offs(tx, id).await?,
            }
            call.sections.clone_from(&form.sections);
            call.questions.clone_from(&form.questions);
            call.version += 1;
            calls::store::save_call(tx, &call).await?;
            applications::ready::settle_all(tx, &call).await?;
            let changed: Vec<&str> = form
                .questions
                .iter()
                .filter(|question| !before.questions.contains(question))
                .map(|question| question.key.as_str())
                .collect();
            let gone: Vec<&str> = before
                .questions
                .iter()
                .filter(|known| !form.questions.iter().any(|question| question.key == known.key))
                .map(|question| question.key.as_str())
                .collect();
            let details = json!({
                "sections": form.sections.len(),
                "questions": form.questions.len(),
                "changed": changed,
                "gone": gone,
            });
            tx.record("set_form", Resource::Call, id.0, call.version, details)
                .await?;
            Ok(view(call, caller))
        })
        .await
}
