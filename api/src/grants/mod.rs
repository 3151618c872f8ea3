//! Grants: what follows an accepted application, from the contract to the last payment.
//!
//! Which moves there are is pure ([`shared::grants::GrantLife`]); [`service`] makes them, one at a time: whoever moves a grant
//! holds its row, so that nobody pays twice. [`together`] makes the contracts of several files at once. [`list`] shows them, [`reminders`] tells by mail what is due, [`require_no_overdue_report`] keeps a city that owes a
//! report from applying again.

mod formats;
pub mod list;
pub mod reminders;
pub mod routes;
pub mod service;
pub mod store;
pub mod together;

use chrono::{DateTime, Datelike, Utc};
use shared::problem::{FieldCode, FieldError, ProblemCode};

use crate::applications::store::ApplicationRecord;
use crate::db::Tx;
use crate::error::Error;
use crate::programmes::CallRecord;

/// The day of a time, as the tables count days.
fn day_number(at: DateTime<Utc>) -> i32 {
    at.date_naive().num_days_from_ce()
}

/// Requires that the city that leads the file owes the programme no report, where the call's rules say so.
///
/// # Errors
/// `report_overdue` with the grant, its reference and the day; and those of the database.
pub async fn require_no_overdue_report(tx: &Tx<'_>, file: &ApplicationRecord, call: &CallRecord) -> Result<(), Error> {
    let Some(lead) = file.lead().filter(|_| call.rules.overdue_report_blocks) else {
        return Ok(());
    };
    let Some(owed) = store::overdue_of(tx, lead, call.programme_id, day_number(tx.now())).await? else {
        return Ok(());
    };
    let mut error = FieldError::new("/parties/0/city_id", FieldCode::Rule)
        .with("rule", "report_overdue")
        .with("grant_id", owed.id)
        .with("reference", &owed.reference);
    if let Some(due_on) = owed.life.report_due_on() {
        error = error.with("due_on", due_on);
    }
    Err(Error::Conflict {
        code: ProblemCode::ReportOverdue,
        errors: vec![error],
    })
}
