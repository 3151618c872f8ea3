//! What a decision grants, and that all grants of a call together never pass its envelope.
//!
//! Whoever decides locks the files first, in the order of their ids, and then the call: the sum of its grants stays as it
//! is from there to the commit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use shared::applications::{ApplicationState, DecisionDraft, Outcome};
use shared::ids::{AccountId, ApplicationId, CallId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::reviews::{BulkDecision, BulkDecisionDraft, DecidedFile, DecisionReport};

use super::gaps::assessment;
use super::letters;
use super::service::advance;
use super::store::{self, ApplicationRecord, DecisionRecord};
use super::view::facts;
use super::waitlist::store as waitlist;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};
use crate::programmes::{self, CallRecord};
use crate::reviews;

/// Why a file is not decided so.
pub(super) enum Refusal {
    /// It is not to be decided now.
    State,
    /// A field does not fit.
    Field(FieldError),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::State => Self::conflict(ProblemCode::StateConflict),
            Refusal::Field(fault) => Self::field(fault),
        }
    }
}

/// Who decides, where it is a person.
pub(super) const fn account_of(actor: &Actor) -> Option<AccountId> {
    match actor {
        Actor::Account { id, .. } => Some(*id),
        _ => None,
    }
}

/// Puts a decision in the file; answers what it grants.
pub(super) fn conclude(
    record: &mut ApplicationRecord,
    call: &CallRecord,
    draft: &DecisionDraft,
    ranks: &Ranks,
    now: DateTime<Utc>,
    by: Option<AccountId>,
) -> Result<Option<i64>, Refusal> {
    record.state = record.state.decided(draft.outcome).ok_or(Refusal::State)?;
    let granted_minor = granted(record, call, draft).map_err(Refusal::Field)?;
    record.decision = Some(DecisionRecord {
        outcome: draft.outcome,
        reason: draft.reason.trim().to_owned(),
        granted_minor,
        decided_at: now,
        decided_by: by,
        waitlist_rank: ranks
            .get(&record.id)
            .copied()
            .filter(|_| draft.outcome == Outcome::Waitlisted),
        waitlist_place: None,
    });
    Ok(granted_minor)
}

/// Places of files in the committee's ranking.
pub(super) type Ranks = HashMap<ApplicationId, u32>;

/// The committee's ranking, where one of these decisions asks for it: a waiting list is in its order.
///
/// # Errors
/// Those of the database.
pub(super) async fn ranks(
    tx: &Tx<'_>,
    platform: &Platform,
    call: &CallRecord,
    outcomes: &[Outcome],
) -> Result<Ranks, Error> {
    if outcomes.contains(&Outcome::Waitlisted) {
        reviews::committee::ranks(tx, &platform.directory, call).await
    } else {
        Ok(Ranks::new())
    }
}

/// What an acceptance grants: what was asked for unless less is said, never above the ceiling.
fn granted(record: &ApplicationRecord, call: &CallRecord, draft: &DecisionDraft) -> Result<Option<i64>, FieldError> {
    if draft.outcome != Outcome::Accepted {
        return Ok(None);
    }
    let asked = record.budget.grant_asked_minor;
    let max = asked.min(assessment(record, call).ceiling_minor);
    let granted = draft.granted_minor.unwrap_or(asked);
    if granted > max {
        return Err(FieldError::new("/granted_minor", FieldCode::Range).with("max", max));
    }
    Ok(Some(granted))
}

/// Requires that the envelope holds these grants beside those that are made already, and keeps others from granting before
/// this transaction ends. Answers with what is then granted, and the envelope.
///
/// # Errors
/// `envelope_exceeded` with the place of each grant that is too much, and those of the database.
pub(super) async fn require_affordable(
    tx: &Tx<'_>,
    call: CallId,
    grants: &[(String, i64)],
) -> Result<(i64, Option<i64>), Error> {
    let call = programmes::calls::store::call_for_update(tx, call).await?;
    let call = call.ok_or(Error::NotFound)?;
    let mut sum = store::granted_by(tx.conn(), call.id).await?;
    let mut errors = Vec::new();
    for (pointer, grant) in grants {
        sum = sum.saturating_add(*grant);
        if let Some(envelope) = call.envelope_minor.filter(|&envelope| sum > envelope) {
            errors.push(
                FieldError::new(pointer, FieldCode::Rule)
                    .with("rule", "envelope")
                    .with("limit", envelope)
                    .with("actual", sum)
                    .with("difference", sum - envelope),
            );
        }
    }
    if errors.is_empty() {
        Ok((sum, call.envelope_minor))
    } else {
        Err(Error::Conflict {
            code: ProblemCode::EnvelopeExceeded,
            errors,
        })
    }
}

/// Decides on several files of a call: on all of them, or on none.
///
/// # Errors
/// `NotFound`, not an officer of the programme; invalid fields, files that have changed or are not to be decided, grants
/// that the envelope does not hold: each with its place; and those of the database.
pub async fn decide_many(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    draft: BulkDecisionDraft,
) -> Result<Answer<DecisionReport>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let call = programmes::calls::store::call(tx.conn(), id).await?;
            let call = programmes::calls::visible(caller, call)?;
            let programme = call.programme_id;
            policy::require(&caller.actor, &Action::DecideApplications { programme })?;
            refuse(draft.faults())?;
            let outcomes: Vec<Outcome> = draft.items.iter().map(|item| item.outcome).collect();
            let ranks = ranks(tx, platform, &call, &outcomes).await?;
            let (mut decided, grants) = concluded(tx, &call, &draft.items, &ranks).await?;
            // It holds the call, too: an officer may be publishing the results, with the letters about decisions.
            let (committed_minor, envelope_minor) = require_affordable(tx, id, &grants).await?;
            let call = programmes::calls::store::call(tx.conn(), id).await?;
            let call = call.ok_or(Error::NotFound)?;
            for record in &mut decided {
                let decision = record.decision.as_ref();
                let details = json!({
                    "outcome": decision.map(|decision| decision.outcome),
                    "granted_minor": decision.and_then(|decision| decision.granted_minor),
                    "together": draft.items.len(),
                });
                advance(tx, platform, record, "decide", details).await?;
            }
            waitlist::find_places(tx.conn(), &mut decided).await?;
            letters::send(tx, platform, &call, &decided).await?;
            Ok(report(&decided, committed_minor, envelope_minor))
        })
        .await
}

/// What was done together, as it is told.
pub(super) fn report(files: &[ApplicationRecord], committed_minor: i64, envelope_minor: Option<i64>) -> DecisionReport {
    let decided = files.iter().map(|record| DecidedFile {
        application_id: record.id,
        version: record.version,
        state: record.state,
        granted_minor: record.decision.as_ref().and_then(|decision| decision.granted_minor),
    });
    DecisionReport {
        items: decided.collect(),
        committed_minor,
        envelope_minor,
    }
}

/// The files of a call that something is done with together, locked, and what stands against it, each with its place.
pub(crate) struct Chosen {
    files: Vec<(usize, ApplicationRecord)>,
    faults: Vec<(usize, FieldError)>,
    conflicts: Vec<(usize, FieldError)>,
}

/// Errors in the order of their files.
fn in_order(mut errors: Vec<(usize, FieldError)>) -> Vec<FieldError> {
    errors.sort_by_key(|(index, _)| *index);
    errors.into_iter().map(|(_, error)| error).collect()
}

impl Chosen {
    /// Finds files by their ids and the versions that are known.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn of(
        tx: &Tx<'_>,
        call: &CallRecord,
        wanted: impl Iterator<Item = (ApplicationId, i64)>,
    ) -> Result<Self, Error> {
        let wanted: Vec<(ApplicationId, i64)> = wanted.collect();
        let ids: Vec<ApplicationId> = wanted.iter().map(|(id, _)| *id).collect();
        let mut files = store::applications_for_update(tx, &ids).await?;
        let mut chosen = Self {
            files: Vec::with_capacity(wanted.len()),
            faults: Vec::new(),
            conflicts: Vec::new(),
        };
        for (index, (id, version)) in wanted.into_iter().enumerate() {
            let known = files.remove(&id).filter(|file| {
                file.call_id == call.id && file.deleted_at.is_none() && facts(file, call, tx.now()).handed_in
            });
            let Some(mut record) = known else {
                let fault = FieldError::new(place(index, "application_id"), FieldCode::Reference);
                chosen.faults.push((index, fault));
                continue;
            };
            record.at(tx.now());
            if record.version != version {
                let fault = FieldError::new(place(index, "version"), FieldCode::Inconsistent);
                chosen.conflicts.push((index, fault.with("current", record.version)));
            }
            chosen.files.push((index, record));
        }
        Ok(chosen)
    }

    /// The files, each with its place.
    pub(crate) fn take(&mut self) -> Vec<(usize, ApplicationRecord)> {
        std::mem::take(&mut self.files)
    }

    /// It cannot be done with a file in this state.
    pub(crate) fn conflict(&mut self, index: usize, state: ApplicationState) {
        let fault = FieldError::new("/application_id", FieldCode::Inconsistent);
        self.against(index, fault.with("state", state.code()));
    }

    /// Something else stands against it, as things are; the pointer is that within the item.
    pub(crate) fn against(&mut self, index: usize, fault: FieldError) {
        let pointer = format!("/items/{index}{}", fault.pointer);
        self.conflicts.push((index, FieldError { pointer, ..fault }));
    }

    /// Requires that nothing stands against it.
    ///
    /// # Errors
    /// What does.
    pub(crate) fn require(self) -> Result<(), Error> {
        refuse(in_order(self.faults))?;
        if self.conflicts.is_empty() {
            Ok(())
        } else {
            Err(Error::Conflict {
                code: ProblemCode::StateConflict,
                errors: in_order(self.conflicts),
            })
        }
    }
}

fn place(index: usize, field: &str) -> String {
    format!("/items/{index}/{field}")
}

/// The files with their decisions, locked, and what each grants with its place.
async fn concluded(
    tx: &Tx<'_>,
    call: &CallRecord,
    items: &[BulkDecision],
    ranks: &Ranks,
) -> Result<(Vec<ApplicationRecord>, Vec<(String, i64)>), Error> {
    let wanted = items.iter().map(|item| (item.application_id, item.version));
    let mut chosen = Chosen::of(tx, call, wanted).await?;
    let by = account_of(&tx.caller().actor);
    let (mut decided, mut grants) = (Vec::new(), Vec::new());
    for (index, mut record) in chosen.take() {
        let item = &items[index];
        let draft = DecisionDraft {
            outcome: item.outcome,
            reason: item.reason.clone(),
            granted_minor: item.granted_minor,
        };
        let from = record.state;
        match conclude(&mut record, call, &draft, ranks, tx.now(), by) {
            Ok(granted) => {
                grants.extend(granted.map(|granted| (place(index, "granted_minor"), granted)));
                decided.push(record);
            }
            Err(Refusal::State) => chosen.conflict(index, from),
            Err(Refusal::Field(fault)) => {
                let pointer = format!("/items/{index}{}", fault.pointer);
                chosen.faults.push((index, FieldError { pointer, ..fault }));
            }
        }
    }
    chosen.require()?;
    Ok((decided, grants))
}
