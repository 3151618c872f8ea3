//! The story of a match: interest, answer, contact, partnership.
//!
//! One row stands for each unordered pair, and is locked while it moves, so that two who act at once act one after the
//! other: the second finds another version (412) or another state (409).

use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::{CityId, MatchId};
use shared::matches::{AgreementDraft, MatchAction, MatchDraft, MatchPage, MatchReply, MatchView, Side};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::bans;
use super::pair::Pair;
use super::store::{self, MatchFilter, Place};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Answer, Db, Tx};
use crate::error::{Error, refuse};
use crate::http::page;
use crate::partnerships;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Interests that one sweep ends in one transaction.
const OVERDUE_AT_ONCE: u64 = 500;

/// Tells interest in a city: begins a match, or answers the other side's interest, which opens the contact.
///
/// # Errors
/// `Denied`, `Invalid` for a city that is not there, `AlreadyExists`, and `PairNotPossible` without telling why: banned,
/// partners already, or declined not long ago.
pub async fn create(platform: &Platform, caller: &Caller, draft: &MatchDraft) -> Result<Answer<MatchView>, Error> {
    let (from, to) = (draft.from_city_id, draft.to_city_id);
    policy::require(&caller.actor, &Action::TellInterest { city: from })?;
    let mut faults = Vec::new();
    if draft.message.trim().is_empty() {
        faults.push(FieldError::new("/message", FieldCode::Required));
    }
    if platform.directory.summary(from).is_none() {
        faults.push(FieldError::new("/from_city_id", FieldCode::Reference));
    }
    if from == to {
        faults.push(FieldError::new("/to_city_id", FieldCode::Inconsistent));
    } else if platform.directory.summary(to).is_none() {
        faults.push(FieldError::new("/to_city_id", FieldCode::Reference));
    }
    refuse(faults)?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let pair = tell_interest(tx, draft).await?;
            let verb = if pair.reply.is_some() { "accept" } else { "interest" };
            tx.record(verb, Resource::Match, pair.id.0, pair.version, facts(&pair))
                .await?;
            view(platform, caller, &pair)
        })
        .await
}

async fn tell_interest(tx: &Tx<'_>, draft: &MatchDraft) -> Result<Pair, Error> {
    let (from, to, now) = (draft.from_city_id, draft.to_city_id, tx.now());
    let message = || draft.message.clone();
    let mut known = store::of_pair_for_update(tx, from, to).await?;
    if bans::store::is_banned(tx, from, to).await? || partnerships::store::are_partners(tx, from, to).await? {
        return Err(Error::conflict(ProblemCode::PairNotPossible));
    }
    if known.is_none() {
        let pair = Pair::begin(MatchId(Uuid::now_v7()), from, to, message(), now);
        if store::insert(tx, &pair).await? {
            return Ok(pair);
        }
        // The other side began at the same moment: its row is there now.
        known = store::of_pair_for_update(tx, from, to).await?;
    }
    let mut pair = known.ok_or(Error::Busy)?.at(now);
    pair.tell_interest(from, message(), now)?;
    store::save(tx, &pair).await?;
    Ok(pair)
}

/// A match, for the staff of its cities.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn read(platform: &Platform, caller: &Caller, id: MatchId) -> Result<MatchView, Error> {
    signed_in(caller)?;
    let pair = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    require_read(caller, &pair)?;
    view(platform, caller, &pair.at(caller.now))
}

/// Moves a match by `action`; `body` tells repeated requests apart.
///
/// # Errors
/// `NotFound` for strangers, `Denied` where it is for the other city to act, `Stale`, `StateConflict`.
pub async fn act(
    platform: &Platform,
    caller: &Caller,
    id: MatchId,
    action: MatchAction,
    reply: &MatchReply,
) -> Result<Answer<MatchView>, Error> {
    signed_in(caller)?;
    platform
        .db
        .write_once(caller, reply, async |tx| {
            let (mut pair, side) = begin_move(tx, id, action).await?;
            // A ban does not come while a match is open, except at the same moment as the interest.
            if action == MatchAction::Accept && bans::store::is_banned(tx, pair.initiator, pair.responder).await? {
                return Err(Error::conflict(ProblemCode::PairNotPossible));
            }
            pair.act(action, side, said(reply), tx.now())?;
            store::save(tx, &pair).await?;
            tx.record(action.code(), Resource::Match, id.0, pair.version, facts(&pair))
                .await?;
            view(platform, caller, &pair)
        })
        .await
}

/// Makes a match a partnership, in the same transaction: an idea of both cities, led by the one that began.
///
/// # Errors
/// Those of [`act`].
pub async fn agree(
    platform: &Platform,
    caller: &Caller,
    id: MatchId,
    draft: &AgreementDraft,
) -> Result<Answer<MatchView>, Error> {
    signed_in(caller)?;
    if draft.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::field(FieldError::new("/name", FieldCode::Required)));
    }
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let (mut pair, side) = begin_move(tx, id, MatchAction::Agree).await?;
            pair.act(MatchAction::Agree, side, None, tx.now())?;
            let (initiator, responder) = (city(platform, pair.initiator)?, city(platform, pair.responder)?);
            let partnership = partnerships::service::found(tx, &initiator, &responder, draft.name.as_deref()).await?;
            pair.partnership_id = Some(partnership);
            store::save(tx, &pair).await?;
            tx.record("agree", Resource::Match, id.0, pair.version, facts(&pair))
                .await?;
            view(platform, caller, &pair)
        })
        .await
}

/// Locks a match for an action and finds the side that acts.
async fn begin_move(tx: &Tx<'_>, id: MatchId, action: MatchAction) -> Result<(Pair, Side), Error> {
    let pair = store::for_update(tx, id).await?.ok_or(Error::NotFound)?.at(tx.now());
    let caller = tx.caller();
    require_read(caller, &pair)?;
    let can = |side: &Side| pair.state.after(action, *side).is_some();
    let sides: Vec<Side> = [Side::Initiator, Side::Responder].into_iter().filter(can).collect();
    let cities: Vec<CityId> = if sides.is_empty() {
        vec![pair.initiator, pair.responder]
    } else {
        sides.iter().map(|side| pair.city_of(*side)).collect()
    };
    policy::require(&caller.actor, &Action::ActOnMatch { cities: &cities })?;
    caller.expect_version(pair.version)?;
    let side = pair
        .sides_of(&caller.actor)
        .find(can)
        .ok_or(Error::conflict(ProblemCode::StateConflict))?;
    Ok((pair, side))
}

/// Matches of the caller's cities; an administrator sees those of all.
///
/// # Errors
/// `Unauthenticated`, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    city: Option<CityId>,
    mut filter: MatchFilter,
    after: Option<Place>,
    limit: u32,
    count: bool,
) -> Result<MatchPage, Error> {
    signed_in(caller)?;
    let own: Vec<CityId> = caller.actor.cities().collect();
    filter.cities = match city {
        // Of a city that is not one's own nothing is to be seen: an empty list, as if it had no match.
        Some(city) => Some(
            (caller.actor.is_admin() || own.contains(&city))
                .then_some(city)
                .into_iter()
                .collect(),
        ),
        // A side is seen from one's own cities.
        None if caller.actor.is_admin() && filter.side.is_none() => None,
        None => Some(own),
    };
    let mut pairs = store::list(&platform.db, &filter, caller.now, after, u64::from(limit) + 1).await?;
    let next = page::cut(&mut pairs, limit as usize, |last| Place {
        at: last.updated_at,
        id: last.id,
    });
    let next = next.as_ref().map(page::cursor).transpose()?;
    let total = if count {
        Some(store::count(&platform.db, &filter, caller.now).await?)
    } else {
        None
    };
    let items = pairs
        .into_iter()
        .map(|pair| view(platform, caller, &pair.at(caller.now)))
        .collect::<Result<_, _>>()?;
    Ok(MatchPage { items, next, total })
}

/// Ends interests that nobody answered in time; the server calls it now and then. Readers see them ended before.
///
/// # Errors
/// Those of the database.
pub async fn expire_overdue(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let mut ended = 0;
    loop {
        let caller = Caller::system(clock.now());
        let some = db
            .write(&caller, async |tx| {
                let overdue = store::overdue_for_update(tx, OVERDUE_AT_ONCE).await?;
                let mut changes = Vec::with_capacity(overdue.len());
                for pair in overdue {
                    let pair = pair.at(tx.now());
                    store::save(tx, &pair).await?;
                    changes.push((pair.id.0, pair.version));
                }
                tx.record_all("expire", Resource::Match, &changes, &json!({})).await?;
                Ok(changes.len())
            })
            .await?;
        ended += some;
        if (some as u64) < OVERDUE_AT_ONCE {
            return Ok(ended);
        }
    }
}

/// Without a session nobody learns whether a match exists, and a browser learns that its session is over.
fn signed_in(caller: &Caller) -> Result<(), Error> {
    if caller.actor.is_public() {
        return Err(Error::Unauthenticated(ProblemCode::Unauthenticated));
    }
    Ok(())
}

fn require_read(caller: &Caller, pair: &Pair) -> Result<(), Error> {
    let cities = [pair.initiator, pair.responder];
    policy::require(&caller.actor, &Action::ReadMatch { cities })
}

/// What somebody said, without a message of blanks only.
fn said(reply: &MatchReply) -> Option<String> {
    reply.message.clone().filter(|message| !message.trim().is_empty())
}

/// What the journal keeps of a match: never what people wrote.
fn facts(pair: &Pair) -> serde_json::Value {
    json!({
        "initiator": pair.initiator,
        "responder": pair.responder,
        "state": pair.state,
        "partnership_id": pair.partnership_id,
    })
}

fn city(platform: &Platform, id: CityId) -> Result<CitySummary, Error> {
    let city = platform.directory.summary(id).ok_or(Error::Busy)?;
    Ok((*city).clone())
}

fn view(platform: &Platform, caller: &Caller, pair: &Pair) -> Result<MatchView, Error> {
    Ok(MatchView {
        id: pair.id,
        version: pair.version,
        state: pair.state,
        initiator: city(platform, pair.initiator)?,
        responder: city(platform, pair.responder)?,
        message: pair.message.clone(),
        reply: pair.reply.clone(),
        created_at: pair.told_at,
        updated_at: pair.updated_at,
        expires_at: pair.expires_at,
        partnership_id: pair.partnership_id,
        allowed: pair.allowed(&caller.actor),
    })
}
