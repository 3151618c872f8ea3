//! The life of a round: prepared by its officers, opened to wishes, matched, shown, closed.

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{ProgrammeId, RoundId};
use shared::jobs::{JobKind, JobState, JobView};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::rounds::{RoundAction, RoundDraft, RoundPage, RoundPatch, RoundState, RoundView, end_faults};
use uuid::Uuid;

use super::store::{self, RoundScope};
use super::{Round, pairs};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::jobs::{self, Job};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};
use crate::programmes;

/// Which rounds are asked for.
#[derive(Debug, Clone, Default)]
pub struct RoundFilter {
    /// In this state.
    pub state: Option<RoundState>,
    /// Of this programme.
    pub programme_id: Option<ProgrammeId>,
}

/// A page of rounds, the latest first.
///
/// # Errors
/// A cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &RoundFilter,
    paging: &Paging,
) -> Result<RoundPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<RoundId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let scope = RoundScope {
        state: filter.state,
        programme_id: filter.programme_id,
        drafts_of: caller.actor.drafts_of(),
    };
    let limit = paging.limit.0 as usize;
    let mut rounds = store::list(&platform.db, &scope, after, limit as u64 + 1).await?;
    let next = page::cut(&mut rounds, limit, |last| last.id);
    Ok(RoundPage {
        next: next.map(|place| page::cursor(&place)).transpose()?,
        items: rounds.into_iter().map(|round| view(round, caller)).collect(),
        total: if paging.count {
            Some(store::count(&platform.db, &scope).await?)
        } else {
            None
        },
    })
}

/// A round.
///
/// # Errors
/// `NotFound`, also for a draft of others, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: RoundId) -> Result<RoundView, Error> {
    let round = store::round(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    require_visible(caller, &round)?;
    Ok(view(round, caller))
}

/// Requires that the caller may know of a round.
///
/// # Errors
/// `NotFound`.
pub fn require_visible(caller: &Caller, round: &Round) -> Result<(), Error> {
    let action = Action::ReadRound {
        programme: round.programme_id,
        hidden: round.state.is_hidden(),
    };
    policy::require(&caller.actor, &action)
}

/// Requires that the caller is one of its officers.
///
/// # Errors
/// `Denied`, `Unauthenticated`.
pub fn require_manager(caller: &Caller, programme: ProgrammeId) -> Result<(), Error> {
    policy::require(&caller.actor, &Action::ManageRounds { programme })
}

/// Adds a round, to be prepared.
///
/// # Errors
/// Not an officer of the programme, invalid fields, and those of the database.
pub async fn create(platform: &Platform, caller: &Caller, draft: &RoundDraft) -> Result<Answer<RoundView>, Error> {
    require_manager(caller, draft.programme_id)?;
    refuse(draft.faults())?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let programme = programmes::store::programme(tx.conn(), draft.programme_id)
                .await?
                .ok_or_else(|| Error::field(FieldError::new("/programme_id", FieldCode::Reference)))?;
            let round = Round {
                id: RoundId(Uuid::now_v7()),
                version: 1,
                programme_id: programme.id,
                programme_name: programme.name,
                name: draft.name.clone(),
                about: draft.about.clone(),
                state: RoundState::Draft,
                rules: draft.rules.clone(),
                wishes_until: draft.wishes_until.map(|until| until.trunc_subsecs(3)),
                answers_until: draft.answers_until.map(|until| until.trunc_subsecs(3)),
                members: [0, 0],
                outcome: None,
                job: None,
                created_at: tx.now(),
                updated_at: tx.now(),
            };
            store::insert(tx, &round).await?;
            record(tx, "create", &round).await?;
            Ok(view(round, caller))
        })
        .await
}

/// A round that its officer changes: locked, seen, of the version that was read, and not being matched.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `InProgress`.
pub async fn begin_change(tx: &Tx<'_>, id: RoundId) -> Result<Round, Error> {
    let caller = tx.caller();
    let round = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    require_visible(caller, &round)?;
    require_manager(caller, round.programme_id)?;
    caller.expect_version(round.version)?;
    if round.is_at_work() {
        return Err(Error::conflict(ProblemCode::InProgress));
    }
    Ok(round)
}

/// Changes what a round says. How it is matched is changed only before it was matched and shown.
///
/// # Errors
/// Those of [`begin_change`], invalid fields, and a round that was shown.
pub async fn update(platform: &Platform, caller: &Caller, id: RoundId, patch: &RoundPatch) -> Result<RoundView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut round = begin_change(tx, id).await?;
            refuse(patch.faults())?;
            let changes_matching = patch.rules.is_some() || patch.wishes_until.is_some();
            if matches!(round.state, RoundState::Closed | RoundState::Cancelled)
                || (changes_matching && !round.state.is_editable())
            {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            if let Some(rules) = patch.rules.clone() {
                // Members of a side that is taken away would be lost.
                if rules.sides.len() < round.rules.sides.len() && round.members[1] > 0 {
                    return Err(Error::field(FieldError::new("/rules/sides", FieldCode::Inconsistent)));
                }
                round.rules = rules;
            }
            if let Some(until) = patch.wishes_until {
                round.wishes_until = until.map(|until| until.trunc_subsecs(3));
            }
            if let Some(until) = patch.answers_until {
                round.answers_until = until.map(|until| until.trunc_subsecs(3));
            }
            refuse(end_faults(round.wishes_until, round.answers_until))?;
            if let Some(name) = patch.name.clone() {
                round.name = name;
            }
            if let Some(about) = patch.about.clone() {
                round.about = about;
            }
            round.version += 1;
            round.updated_at = tx.now();
            store::save(tx, &round).await?;
            record(tx, "update", &round).await?;
            Ok(view(round, caller))
        })
        .await
}

/// Moves a round: opens, publishes, closes or cancels it.
///
/// # Errors
/// Those of [`begin_change`], and a move that is not drawn.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    action: RoundAction,
) -> Result<Answer<RoundView>, Error> {
    signed_in(caller)?;
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut round = begin_change(tx, id).await?;
            let from = round.state;
            round.state = from.after(action).ok_or(Error::conflict(ProblemCode::StateConflict))?;
            match action {
                RoundAction::Publish => {
                    // Nobody could answer.
                    allow(!round.answers_are_over(tx.now()), ProblemCode::DeadlinePassed)?;
                    let shown = pairs::service::show(tx, &round).await?;
                    // Publishing again shows what was matched again: there has to be something.
                    let is_idle = shown == 0 && from == RoundState::Published;
                    allow(!is_idle, ProblemCode::StateConflict)?;
                }
                RoundAction::Open => {
                    let is_over = round.wishes_until.is_some_and(|until| until <= tx.now());
                    allow(!is_over, ProblemCode::DeadlinePassed)?;
                }
                RoundAction::Close => pairs::store::delete_unshown(tx, id).await?,
                _ => {}
            }
            round.version += 1;
            round.updated_at = tx.now();
            store::save(tx, &round).await?;
            record(tx, action.code(), &round).await?;
            Ok(view(round, caller))
        })
        .await
}

/// Asks for the matching of a round, on trial or for good.
///
/// # Errors
/// Those of [`begin_change`], a state that does not allow it, and a round without members.
pub async fn ask_for_work(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    kind: JobKind,
) -> Result<Answer<JobView>, Error> {
    signed_in(caller)?;
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut round = begin_change(tx, id).await?;
            let may = match kind {
                JobKind::SimulateRound => round.state.may_simulate(),
                JobKind::RunRound => round.may_run(tx.now()),
                JobKind::SearchDoubles => false,
            };
            let has_members = round.members[0] > 0 && (round.rules.sides.len() == 1 || round.members[1] > 0);
            if !may || !has_members {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let job = Job::new(kind, id.0, Some(round.programme_id), tx.now());
            let asked = jobs::service::ask(tx, &job).await?;
            round.job = Some((job.id, JobState::Queued));
            round.version += 1;
            round.updated_at = tx.now();
            store::save(tx, &round).await?;
            record(tx, kind.code(), &round).await?;
            Ok(asked)
        })
        .await
}

fn allow(condition: bool, otherwise: ProblemCode) -> Result<(), Error> {
    if condition {
        Ok(())
    } else {
        Err(Error::conflict(otherwise))
    }
}

/// Without a session nobody learns whether a round exists, and a browser learns that its session is over.
///
/// # Errors
/// `Unauthenticated`.
pub fn signed_in(caller: &Caller) -> Result<(), Error> {
    if caller.actor.is_public() {
        return Err(Error::Unauthenticated(ProblemCode::Unauthenticated));
    }
    Ok(())
}

/// Records a change of a round.
///
/// # Errors
/// Those of the database.
pub async fn record(tx: &Tx<'_>, verb: &str, round: &Round) -> Result<(), Error> {
    let details = json!({
        "programme_id": round.programme_id,
        "state": round.state,
        "members": round.members,
        "job_id": round.job.map(|(id, _)| id),
    });
    tx.record(verb, Resource::Round, round.id.0, round.version, details)
        .await
}

/// A round as the caller sees it now.
pub fn view(round: Round, caller: &Caller) -> RoundView {
    let allowed = allowed(&round, &caller.actor, caller.now);
    let is_officers = policy::allows(
        &caller.actor,
        &Action::ReadRound {
            programme: round.programme_id,
            hidden: true,
        },
    );
    let job = round.job.filter(|_| is_officers);
    RoundView {
        takes_wishes: round.takes_wishes(caller.now),
        allowed,
        id: round.id,
        version: round.version,
        programme_id: round.programme_id,
        programme_name: round.programme_name,
        name: round.name,
        about: round.about,
        state: round.state,
        rules: if is_officers {
            round.rules
        } else {
            // What the programme excludes is between it and those concerned.
            shared::rounds::RoundRules {
                excluded: Vec::new(),
                ..round.rules
            }
        },
        wishes_until: round.wishes_until,
        answers_until: round.answers_until,
        members: round.members,
        outcome: round.outcome.filter(|_| is_officers),
        job_id: job.map(|(id, _)| id),
        job_state: job.map(|(_, state)| state),
        created_at: round.created_at,
        updated_at: round.updated_at,
    }
}

fn allowed(round: &Round, actor: &Actor, now: DateTime<Utc>) -> Vec<RoundAction> {
    let programme = round.programme_id;
    let manages = policy::allows(actor, &Action::ManageRounds { programme });
    let reads = policy::allows(
        actor,
        &Action::ReadRound {
            programme,
            hidden: true,
        },
    );
    let idle = !round.is_at_work();
    let has_members = round.members[0] > 0 && (round.rules.sides.len() == 1 || round.members[1] > 0);
    RoundAction::ALL
        .iter()
        .copied()
        .filter(|&action| match action {
            RoundAction::Update => {
                manages && idle && !matches!(round.state, RoundState::Closed | RoundState::Cancelled)
            }
            RoundAction::ManageMembers => manages && idle && round.state.is_editable(),
            RoundAction::Simulate => manages && idle && has_members && round.state.may_simulate(),
            RoundAction::Run => manages && idle && has_members && round.may_run(now),
            RoundAction::ReadResult => reads && round.outcome.is_some(),
            RoundAction::Wish => {
                round.takes_wishes(now)
                    && actor
                        .cities()
                        .any(|city| policy::allows(actor, &Action::WishInRound { city }))
            }
            RoundAction::Open | RoundAction::Publish | RoundAction::Close | RoundAction::Cancel => {
                manages && idle && round.state.after(action).is_some()
            }
        })
        .collect()
}
