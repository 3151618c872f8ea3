//! The budget of a file: kept as its cities write it, and held against the rules of its call at every look.

use std::collections::BTreeSet;

use serde_json::json;
use shared::applications::{ApplicationAction, BudgetView};
use shared::budget::Budget;
use shared::ids::{ApplicationId, BudgetLineId};
use shared::problem::{FieldCode, FieldError};
use uuid::Uuid;

use super::content::content;
use super::gaps::assessment;
use super::service::{opened, readable, require_editable, save};
use super::store::ApplicationRecord;
use crate::caller::Caller;
use crate::directory::Directory;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::programmes::CallRecord;

fn view(record: &ApplicationRecord, call: &CallRecord) -> BudgetView {
    BudgetView {
        version: record.version,
        currency: record.currency.clone(),
        budget: record.budget.clone(),
        assessment: assessment(record, call),
    }
}

/// The budget with what the rules make of it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<BudgetView, Error> {
    let (record, call) = readable(platform, caller, id).await?;
    Ok(view(&record, &call))
}

/// Replaces the budget. One that breaks a funding rule is kept: it can be mended later, and the answer says how far off it
/// is.
///
/// # Errors
/// `NotFound`, not its staff, a stale version, invalid fields, a file that is handed in, and those of the database.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    budget: Budget,
) -> Result<BudgetView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::Update).await?;
            let mut faults = budget.faults();
            faults.extend(unknown_places(&platform.directory, &record, &budget));
            refuse(faults)?;
            require_editable(&record)?;
            let before = content(&record, &call)?;
            record.budget = budget.clone();
            for line in &mut record.budget.lines {
                line.id.get_or_insert_with(|| BudgetLineId(Uuid::now_v7()));
            }
            let details = json!({
                "lines": budget.lines.len(),
                "contributions": budget.contributions.len(),
                "cost_minor": budget.cost_minor(),
                "grant_asked_minor": budget.grant_asked_minor,
            });
            save(tx, platform, &mut record, &call, &before, "replace_budget", details).await?;
            Ok(view(&record, &call))
        })
        .await
}

/// Ids that this budget does not have, cities that are not in the file, and countries that are not theirs.
fn unknown_places(directory: &Directory, record: &ApplicationRecord, budget: &Budget) -> Vec<FieldError> {
    let known: BTreeSet<BudgetLineId> = record.budget.lines.iter().filter_map(|line| line.id).collect();
    let mut faults = Vec::new();
    for (index, line) in budget.lines.iter().enumerate() {
        if line.id.is_some_and(|id| !known.contains(&id)) {
            faults.push(FieldError::new(format!("/lines/{index}/id"), FieldCode::Reference));
        }
    }
    for (index, contribution) in budget.contributions.iter().enumerate() {
        let Some(id) = contribution.city_id else {
            continue;
        };
        match directory.summary(id).filter(|_| record.party(id).is_some()) {
            None => faults.push(FieldError::new(
                format!("/contributions/{index}/city_id"),
                FieldCode::Reference,
            )),
            Some(city) if city.country != contribution.country => faults.push(
                FieldError::new(format!("/contributions/{index}/country"), FieldCode::Inconsistent)
                    .with("country", &city.country),
            ),
            Some(_) => {}
        }
    }
    faults
}
