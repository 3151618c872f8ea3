//! Calls for projects: who sees them, when they open, and how their window may move.

mod formats;
pub mod store;

use std::str::FromStr;

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{CallId, ProgrammeId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::programmes::{CallAction, CallAdvance, CallDraft, CallPage, CallPatch, CallState, CallView, CallWindow};
use shared::reviews::ReviewPlan;
use uuid::Uuid;

use self::store::{CallPosition, CallRecord, CallScope};
use crate::applications::letters;
use crate::applications::store::granted_by;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};
use crate::programmes;

/// Which calls are asked for.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// In this state.
    pub state: Option<CallState>,
    /// Of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// That take applications.
    pub open: bool,
}

/// A page of calls: open ones first, by deadline.
///
/// # Errors
/// A cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &CallFilter,
    paging: &Paging,
) -> Result<CallPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<CallPosition> = paging.cursor.as_deref().map(page::position).transpose()?;
    let scope = CallScope {
        state: filter.state,
        programme_id: filter.programme_id,
        open: filter.open,
        drafts_of: caller.actor.drafts_of(),
    };
    let (records, next) = store::list_calls(&platform.db, &scope, caller.now, after, paging.limit.0).await?;
    Ok(CallPage {
        items: records.into_iter().map(|record| view(record, caller)).collect(),
        next: next.map(|position| page::cursor(&position)).transpose()?,
        total: if paging.count {
            Some(store::count_calls(&platform.db, &scope, caller.now).await?)
        } else {
            None
        },
    })
}

/// A call.
///
/// # Errors
/// `NotFound`, also for a draft of others, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: CallId) -> Result<CallView, Error> {
    let record = visible(caller, store::call(platform.db.read(), id).await?)?;
    Ok(view(record, caller))
}

/// A call that was found, where the caller may see it.
///
/// # Errors
/// `NotFound`, also for a draft of others.
pub fn visible(caller: &Caller, found: Option<CallRecord>) -> Result<CallRecord, Error> {
    let record = found.ok_or(Error::NotFound)?;
    require_visible(caller, &record)?;
    Ok(record)
}

fn require_visible(caller: &Caller, record: &CallRecord) -> Result<(), Error> {
    let action = Action::ReadCall {
        programme: record.programme_id,
        hidden: record.state.is_hidden(),
    };
    policy::require(&caller.actor, &action)
}

fn require_manager(caller: &Caller, programme: ProgrammeId) -> Result<(), Error> {
    policy::require(&caller.actor, &Action::ManageCalls { programme })
}

/// A call that an officer changes, locked until the transaction ends: visible to them, theirs, and as they read it.
///
/// # Errors
/// `NotFound`, not an officer of the programme, a stale version, and those of the database.
pub async fn opened(tx: &Tx<'_>, id: CallId) -> Result<CallRecord, Error> {
    let caller = tx.caller();
    let record = visible(caller, store::call_for_update(tx, id).await?)?;
    require_manager(caller, record.programme_id)?;
    caller.expect_version(record.version)?;
    Ok(record)
}

/// Adds a call as a draft.
///
/// # Errors
/// Not an officer of the programme, invalid fields, and those of the database.
pub async fn create(platform: &Platform, caller: &Caller, draft: CallDraft) -> Result<Answer<CallView>, Error> {
    require_manager(caller, draft.programme_id)?;
    let mut faults = draft.faults();
    faults.extend(zone_fault(&draft.window));
    refuse(faults)?;
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let reference = |pointer: &str| Error::field(FieldError::new(pointer, FieldCode::Reference));
            let programme = programmes::store::programme(tx.conn(), draft.programme_id)
                .await?
                .ok_or_else(|| reference("/programme_id"))?;
            let rules = programmes::store::rule_set(tx.conn(), programme.id, draft.rule_set_id)
                .await?
                .ok_or_else(|| reference("/rule_set_id"))?;
            let record = CallRecord {
                id: CallId(Uuid::now_v7()),
                version: 1,
                programme_id: programme.id,
                programme_name: programme.name,
                title: draft.title.clone(),
                about: draft.about.clone(),
                state: CallState::Draft,
                window: to_millis(draft.window.clone()),
                rules,
                sections: Vec::new(),
                questions: draft.questions.clone(),
                envelope_minor: draft.envelope_minor,
                plan: ReviewPlan::default(),
            };
            store::insert_call(tx, &record).await?;
            tx.record(
                "create",
                Resource::Call,
                record.id.0,
                1,
                json!({"programme_id": record.programme_id, "rule_set_id": record.rules.id}),
            )
            .await?;
            Ok(view(record, caller))
        })
        .await
}

/// Changes a call. The window of an open call can only be prolonged: who relies on it is not let down. Its envelope may be
/// raised, lowered or taken away, never below what is granted: whoever grants waits for this transaction.
///
/// # Errors
/// `NotFound`, not an officer, a stale version, invalid fields, a call that is over, and those of the database.
pub async fn update(platform: &Platform, caller: &Caller, id: CallId, patch: CallPatch) -> Result<CallView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut record = opened(tx, id).await?;
            let mut faults = patch.faults();
            faults.extend(patch.window.as_ref().and_then(zone_fault));
            refuse(faults)?;
            if !record.state.is_editable() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            if let Some(window) = patch.window.clone().map(to_millis) {
                move_window(&mut record, window)?;
            }
            if let Some(envelope) = patch.envelope_minor {
                if let Some(envelope) = envelope {
                    let granted = granted_by(tx.conn(), id).await?;
                    if envelope < granted {
                        let fault = FieldError::new("/envelope_minor", FieldCode::Range).with("min", granted);
                        return Err(Error::field(fault.with("difference", granted - envelope)));
                    }
                }
                record.envelope_minor = envelope;
            }
            if let Some(title) = patch.title.clone() {
                record.title = title;
            }
            if let Some(about) = patch.about.clone() {
                record.about = about;
            }
            record.version += 1;
            store::save_call(tx, &record).await?;
            tx.record(
                "update",
                Resource::Call,
                id.0,
                record.version,
                json!({"title": patch.title.is_some(), "about": patch.about.is_some(), "window": patch.window,
                    "envelope_minor": patch.envelope_minor}),
            )
            .await?;
            Ok(view(record, caller))
        })
        .await
}

fn move_window(record: &mut CallRecord, window: CallWindow) -> Result<(), Error> {
    match record.state {
        CallState::Draft | CallState::Announced => {}
        CallState::Open if window.prolongs(&record.window) => {}
        CallState::Open => {
            return Err(Error::field(
                FieldError::new("/window/closes_at", FieldCode::Range)
                    .with("min", shared::time::text(&record.window.closes_at)),
            ));
        }
        _ if window == record.window => {}
        _ => return Err(Error::conflict(ProblemCode::StateConflict)),
    }
    record.window = window;
    Ok(())
}

/// Moves a call to another state. Publishing its results sends the letters about what was decided.
///
/// # Errors
/// `NotFound`, not an officer, a stale version, a move that is not drawn or too early, and those of the database.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    advance: CallAdvance,
) -> Result<Answer<CallView>, Error> {
    platform
        .db
        .write_once(caller, &advance, async |tx| {
            let mut record = opened(tx, id).await?;
            if !record.window.next_states(record.state, tx.now()).contains(&advance.to) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let from = std::mem::replace(&mut record.state, advance.to);
            record.version += 1;
            store::save_call(tx, &record).await?;
            let letters = match record.state {
                CallState::ResultsPublished => letters::publish(tx, platform, &record).await?,
                _ => 0,
            };
            tx.record(
                "advance",
                Resource::Call,
                id.0,
                record.version,
                json!({"from": from, "to": record.state, "letters": letters}),
            )
            .await?;
            Ok(view(record, caller))
        })
        .await
}

fn zone_fault(window: &CallWindow) -> Option<FieldError> {
    chrono_tz::Tz::from_str(&window.zone)
        .is_err()
        .then(|| FieldError::new("/window/zone", FieldCode::Choice))
}

/// What is saved is what the wire shows: times to the millisecond.
fn to_millis(mut window: CallWindow) -> CallWindow {
    window.opens_at = window.opens_at.trunc_subsecs(3);
    window.closes_at = window.closes_at.trunc_subsecs(3);
    window
}

/// A call as the caller sees it now.
fn view(record: CallRecord, caller: &Caller) -> CallView {
    let next_states = record.window.next_states(record.state, caller.now);
    CallView {
        takes_applications: record.takes(caller.now),
        server_time: caller.now,
        allowed: allowed(&record, &next_states, &caller.actor, caller.now),
        next_states,
        id: record.id,
        version: record.version,
        programme_id: record.programme_id,
        programme_name: record.programme_name,
        title: record.title,
        about: record.about,
        state: record.state,
        window: record.window,
        rules: record.rules,
        sections: record.sections,
        questions: record.questions,
        envelope_minor: record.envelope_minor,
    }
}

fn allowed(record: &CallRecord, next: &[CallState], actor: &Actor, now: DateTime<Utc>) -> Vec<CallAction> {
    let programme = record.programme_id;
    let manages = policy::allows(actor, &Action::ManageCalls { programme });
    let applies = actor
        .cities()
        .any(|city| policy::allows(actor, &Action::CreateApplication { city }));
    [
        (CallAction::Update, manages && record.state.is_editable()),
        (CallAction::Advance, manages && !next.is_empty()),
        (CallAction::Apply, applies && record.can_be_prepared(now)),
        (
            CallAction::ListApplications,
            policy::allows(actor, &Action::JudgeApplications { programme }),
        ),
        (
            CallAction::ReadCommittee,
            policy::allows(actor, &Action::ReadCommittee { programme }),
        ),
    ]
    .into_iter()
    .filter_map(|(action, may)| may.then_some(action))
    .collect()
}
