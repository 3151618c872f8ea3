//! Gives files to reviewers: by hand, or balanced automatically.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{AccountId, ApplicationId, CallId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::programmes::CallState;
use shared::reviews::{
    AssignmentDraft, AssignmentReport, AssignmentsDraft, BalanceDraft, ConflictReason, ReviewState, ReviewerList,
    ReviewerView, Shortage,
};

use super::balance::{Seeking, balance};
use super::conflicts::conflict_of;
use super::store::{self, FileRow, ReviewRecord, Reviewer};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::directory::Directory;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{CallRecord, calls};

/// The reviewers of a call's programme with their load, by name.
///
/// # Errors
/// `NotFound`, not an officer, and those of the database.
pub async fn reviewers(platform: &Platform, caller: &Caller, id: CallId) -> Result<ReviewerList, Error> {
    let conn = platform.db.read();
    let call = calls::visible(caller, calls::store::call(conn, id).await?)?;
    let programme = call.programme_id;
    policy::require(&caller.actor, &Action::ReadCommittee { programme })?;
    let reviewers = store::reviewers(conn, programme).await?;
    let reviews = store::of_call(conn, id).await?;
    let count = |reviewer: AccountId, wanted: fn(ReviewState) -> bool| {
        let of_them = reviews.iter().filter(|review| review.reviewer_id == reviewer);
        u32::try_from(of_them.filter(|review| wanted(review.state)).count()).unwrap_or(u32::MAX)
    };
    let mut items: Vec<ReviewerView> = reviewers
        .into_iter()
        .map(|reviewer| ReviewerView {
            assigned: count(reviewer.id, |state| state != ReviewState::Conflict),
            filed: count(reviewer.id, |state| state == ReviewState::Filed),
            conflicts: count(reviewer.id, |state| state == ReviewState::Conflict),
            id: reviewer.id,
            name: reviewer.name,
        })
        .collect();
    items.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(ReviewerList { items })
}

/// What there is to give: a call under review with its files, reviewers and what is given already.
struct Desk {
    call: CallRecord,
    files: Vec<FileRow>,
    reviewers: Vec<Reviewer>,
    given: HashMap<ApplicationId, Vec<ReviewRecord>>,
}

impl Desk {
    /// Opens it: nobody else gives files of this call until the transaction ends.
    async fn open(tx: &Tx<'_>, id: CallId) -> Result<Self, Error> {
        let caller = tx.caller();
        let call = calls::store::call_for_update(tx, id).await?;
        let call = calls::visible(caller, call)?;
        let programme = call.programme_id;
        policy::require(&caller.actor, &Action::AssignReviews { programme })?;
        if call.state != CallState::UnderReview || call.plan.criteria.is_empty() {
            return Err(Error::conflict(ProblemCode::StateConflict));
        }
        Ok(Self {
            files: store::files_of(tx.conn(), id).await?,
            reviewers: store::reviewers(tx.conn(), programme).await?,
            given: store::by_file(store::of_call(tx.conn(), id).await?),
            call,
        })
    }

    fn given_to(&self, file: ApplicationId) -> &[ReviewRecord] {
        self.given.get(&file).map(Vec::as_slice).unwrap_or_default()
    }

    /// Why somebody may not judge a file.
    fn conflict(&self, directory: &Directory, file: &FileRow, reviewer: &Reviewer) -> Option<ConflictReason> {
        let declared = self
            .given_to(file.id)
            .iter()
            .any(|review| review.reviewer_id == reviewer.id && review.state == ReviewState::Conflict);
        if declared {
            return Some(ConflictReason::Declared);
        }
        conflict_of(directory, &reviewer.grants, file.parties.iter().map(|&(city, _)| city))
    }

    async fn give(&self, tx: &Tx<'_>, pairs: &[(&FileRow, &Reviewer)]) -> Result<Vec<AssignmentDraft>, Error> {
        let of = (self.call.programme_id, self.call.id);
        let records: Vec<ReviewRecord> = pairs
            .iter()
            .map(|(file, reviewer)| ReviewRecord::new(file, of, reviewer))
            .collect();
        store::insert(tx, &records).await?;
        for record in &records {
            let details = json!({"application_id": record.application_id, "reviewer_id": record.reviewer_id});
            tx.record("assign", Resource::Review, record.id.0, 1, details).await?;
        }
        let items = records.iter().map(|record| AssignmentDraft {
            application_id: record.application_id,
            reviewer_id: record.reviewer_id,
        });
        Ok(items.collect())
    }
}

/// Gives files to reviewers as told: all of them, or none.
///
/// # Errors
/// `NotFound`, not an officer, a call that is not under review; files and people that are not of the call, a file that is
/// decided, and whoever has the file already or may not judge it: each with its place; and those of the database.
pub async fn assign(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    draft: AssignmentsDraft,
) -> Result<Answer<AssignmentReport>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let desk = Desk::open(tx, id).await?;
            refuse(draft.faults())?;
            let files: HashMap<ApplicationId, &FileRow> = desk.files.iter().map(|file| (file.id, file)).collect();
            let people: HashMap<AccountId, &Reviewer> = desk.reviewers.iter().map(|one| (one.id, one)).collect();
            let (mut pairs, mut faults, mut conflicts) = (Vec::new(), Vec::new(), Vec::new());
            for (index, item) in draft.items.iter().enumerate() {
                let at = |field: &str| format!("/items/{index}/{field}");
                let (file, reviewer) = (files.get(&item.application_id), people.get(&item.reviewer_id));
                if file.is_none() {
                    faults.push(FieldError::new(at("application_id"), FieldCode::Reference));
                }
                if reviewer.is_none() {
                    faults.push(FieldError::new(at("reviewer_id"), FieldCode::Reference));
                }
                let (Some(&file), Some(&reviewer)) = (file, reviewer) else {
                    continue;
                };
                if !file.state.is_judged() {
                    faults.push(FieldError::new(at("application_id"), FieldCode::Inconsistent));
                } else if let Some(reason) = desk.conflict(&platform.directory, file, reviewer) {
                    let fault = FieldError::new(at("reviewer_id"), FieldCode::Inconsistent);
                    conflicts.push(fault.with("reason", reason.code()));
                } else if desk
                    .given_to(file.id)
                    .iter()
                    .any(|review| review.reviewer_id == reviewer.id)
                {
                    faults.push(FieldError::new(at("reviewer_id"), FieldCode::Duplicate));
                } else {
                    pairs.push((file, reviewer));
                }
            }
            refuse(faults)?;
            if !conflicts.is_empty() {
                return Err(Error::Conflict {
                    code: ProblemCode::ConflictOfInterest,
                    errors: conflicts,
                });
            }
            Ok(AssignmentReport {
                items: desk.give(tx, &pairs).await?,
                short: Vec::new(),
            })
        })
        .await
}

/// Gives every undecided file as many reviewers as it should have, the load as even as conflicts of interest allow. What
/// is given already stays.
///
/// # Errors
/// `NotFound`, not an officer, a call that is not under review, invalid fields, and those of the database.
pub async fn assign_balanced(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    draft: BalanceDraft,
) -> Result<Answer<AssignmentReport>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let desk = Desk::open(tx, id).await?;
            refuse(draft.faults())?;
            let per_file = draft.reviewers_per_file.unwrap_or(desk.call.plan.reviewers_per_file) as usize;
            let number: BTreeMap<AccountId, usize> = desk.reviewers.iter().map(|one| one.id).zip(0..).collect();
            let files: Vec<&FileRow> = desk.files.iter().filter(|file| file.state.is_judged()).collect();
            let mut load = vec![0; desk.reviewers.len()];
            for review in desk.given.values().flatten() {
                if let Some(&person) = number.get(&review.reviewer_id)
                    && review.state != ReviewState::Conflict
                {
                    load[person] += 1;
                }
            }
            let seeking: Vec<Seeking> = files
                .iter()
                .map(|file| seeking(&desk, &platform.directory, file, desk.reviewers.len()))
                .collect();
            let chosen = balance(&seeking, &load, per_file);
            let mut pairs = Vec::new();
            let mut short = Vec::new();
            for ((file, seeking), people) in files.iter().zip(&seeking).zip(&chosen) {
                pairs.extend(people.iter().map(|&person| (*file, &desk.reviewers[person])));
                let missing = per_file.saturating_sub(seeking.has.len() + people.len());
                if missing > 0 {
                    short.push(Shortage {
                        application_id: file.id,
                        missing: u32::try_from(missing).unwrap_or(u32::MAX),
                    });
                }
            }
            Ok(AssignmentReport {
                items: desk.give(tx, &pairs).await?,
                short,
            })
        })
        .await
}

fn seeking(desk: &Desk, directory: &Directory, file: &FileRow, nobody: usize) -> Seeking {
    let place = |reviewer: AccountId| desk.reviewers.iter().position(|one| one.id == reviewer);
    let has: Vec<usize> = desk
        .given_to(file.id)
        .iter()
        .filter(|review| review.state != ReviewState::Conflict)
        // Who has left the programme is nobody's number, but the sheet counts.
        .map(|review| place(review.reviewer_id).unwrap_or(nobody))
        .collect();
    let may = desk
        .reviewers
        .iter()
        .enumerate()
        .filter(|(person, reviewer)| !has.contains(person) && desk.conflict(directory, file, reviewer).is_none())
        .map(|(person, _)| person)
        .collect();
    Seeking { has, may }
}
