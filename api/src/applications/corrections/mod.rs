//! Corrections: an officer asks the cities of a file to mend it until the end of a day; they correct it, all sign again and hand
//! it in again. Until then, and where they do not, the file counts as it was handed in: the funder reads nothing else.
//!
//! A deadline is kept as the call's is: by the server's clock at the arrival of each request.

pub mod record;

use chrono::TimeDelta;
use serde_json::json;
use shared::applications::{ApplicationAction, ApplicationView, CORRECTION_DAYS_MAX, CorrectionDraft};
use shared::ids::ApplicationId;
use shared::problem::{FieldCode, FieldError};

use super::attachments::store as attachments;
use super::decisions::account_of;
use super::service::{advance, opened, require_state};
use super::store;
use super::view::view;
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::mail::notice;
use crate::platform::Platform;
use crate::zone::end_of_day;

/// Asks the cities of a file to correct it, and tells them by mail.
///
/// # Errors
/// `NotFound`, not an officer of the programme, a stale version, no reason, a day that is over or too far, a file that is not
/// being judged, and those of the database.
pub async fn request(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: CorrectionDraft,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let action = ApplicationAction::RequestCorrection;
            let (mut record, call) = opened(tx, id, action).await?;
            let until = end_of_day(draft.until_on, &call.window.zone);
            let mut faults = draft.faults();
            let days = TimeDelta::days(CORRECTION_DAYS_MAX);
            let Some(until) = until.filter(|until| *until > tx.now() && *until <= tx.now() + days) else {
                faults.push(FieldError::new("/until_on", FieldCode::Range).with("days", CORRECTION_DAYS_MAX));
                return Err(Error::Invalid(faults));
            };
            refuse(faults)?;
            let from = record.state;
            record.state = require_state(&record, action)?;
            let left_over = record.ask_correction((tx.now(), until), account_of(&caller.actor), draft.reason.trim());
            attachments::leave(tx, &left_over).await?;
            store::clear_sign_offs(tx, id).await?;
            let told = notice::correction(tx, &record, &call).await?;
            let details = json!({"from": from, "until": shared::time::text(&until), "told": told});
            advance(tx, platform, &mut record, "request_correction", details).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}
