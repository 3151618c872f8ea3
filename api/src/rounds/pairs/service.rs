//! Inspecting a result, showing it, and answering: a row is locked while it moves, so that of two who answer at once one
//! finds another version (412) or another state (409).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::{CityId, ProgrammeId, RoundId, RoundPairId};
use shared::problem::ProblemCode;
use shared::rounds::{
    RoundPairAction, RoundPairPage, RoundPairSort, RoundPairState, RoundPairView, RoundSide, RoundState,
};

use super::RoundPair;
use super::store::{self, PairPosition, PairScope};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Answer, Db, Tx};
use crate::error::Error;
use crate::http::page;
use crate::matches;
use crate::partnerships;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::rounds::{Round, service, store as rounds};

/// Which pairs a list asks for.
#[derive(Debug, Clone, Default)]
pub struct PairFilter {
    /// Only those of this city.
    pub city: Option<CityId>,
    /// Only these states; empty for all.
    pub states: Vec<RoundPairState>,
    /// Only those with a city of one of these countries; empty for all.
    pub countries: Vec<String>,
    /// Only those that a city wished for.
    pub only_wished: bool,
}

/// Which page, in which order.
#[derive(Debug, Clone)]
pub struct PairPaging {
    /// In which order.
    pub sort: RoundPairSort,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many.
    pub limit: u32,
    /// Whether to count those of all pages.
    pub count: bool,
}

/// The pairs of a round: all for its officers, those that they see for the staff of its cities.
///
/// # Errors
/// `NotFound`, a cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    filter: PairFilter,
    paging: &PairPaging,
) -> Result<RoundPairPage, Error> {
    service::signed_in(caller)?;
    let round = rounds::round(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    service::require_visible(caller, &round)?;
    page_of(platform, caller, Some(round), filter, paging).await
}

/// The pairs of the caller's cities, of all rounds.
///
/// # Errors
/// `Unauthenticated`, a cursor of another list, and those of the database.
pub async fn list_own(
    platform: &Platform,
    caller: &Caller,
    filter: PairFilter,
    paging: &PairPaging,
) -> Result<RoundPairPage, Error> {
    service::signed_in(caller)?;
    page_of(platform, caller, None, filter, paging).await
}

async fn page_of(
    platform: &Platform,
    caller: &Caller,
    round: Option<Round>,
    filter: PairFilter,
    paging: &PairPaging,
) -> Result<RoundPairPage, Error> {
    let after: Option<PairPosition> = paging.cursor.as_deref().map(page::position).transpose()?;
    if after.as_ref().is_some_and(|after| after.sort != paging.sort) {
        return Err(page::foreign_cursor());
    }
    let sees_all = round
        .as_ref()
        .is_some_and(|round| is_officers(caller, round.programme_id));
    let own: Vec<CityId> = caller.actor.cities().collect();
    let cities = match filter.city {
        Some(city) if sees_all || own.contains(&city) => Some(vec![city]),
        // Of a city that is not one's own nothing is to be seen.
        Some(_) => Some(Vec::new()),
        None if sees_all => None,
        None => Some(own),
    };
    let scope = PairScope {
        round: round.as_ref().map(|round| round.id),
        cities,
        only_shown: !sees_all,
        states: filter.states,
        countries: filter.countries,
        // Whom a city wished for is its own.
        only_wished: filter.only_wished && sees_all,
    };
    let (pairs, next) = store::list(&platform.db, &scope, paging.sort, after, paging.limit).await?;
    let mut known: HashMap<RoundId, Round> = round.into_iter().map(|round| (round.id, round)).collect();
    let mut items = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let round = match known.entry(pair.round_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let round = rounds::round(platform.db.read(), pair.round_id).await?;
                unknown.insert(round.ok_or(Error::Busy)?)
            }
        };
        items.push(view(platform, caller, round, &pair)?);
    }
    Ok(RoundPairPage {
        items,
        next: next.map(|position| page::cursor(&position)).transpose()?,
        total: if paging.count {
            Some(store::count(&platform.db, &scope).await?)
        } else {
            None
        },
    })
}

/// A pair, for the staff of its two cities and the round's officers.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn read(platform: &Platform, caller: &Caller, id: RoundPairId) -> Result<RoundPairView, Error> {
    service::signed_in(caller)?;
    let pair = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    let round = rounds::round(platform.db.read(), pair.round_id).await?;
    let round = round.ok_or(Error::NotFound)?;
    require_read(caller, &round, &pair)?;
    view(platform, caller, &round, &pair)
}

fn require_read(caller: &Caller, round: &Round, pair: &RoundPair) -> Result<(), Error> {
    policy::require(
        &caller.actor,
        &Action::ReadRoundPair {
            programme: round.programme_id,
            cities: [pair.first, pair.second],
            shown: pair.state.is_shown(),
        },
    )
}

/// Shows what was made to its cities; says how many pairs.
///
/// # Errors
/// Those of the database.
pub async fn show(tx: &Tx<'_>, round: &Round) -> Result<usize, Error> {
    let shown = store::show(tx, round.id).await?;
    let changes: Vec<_> = shown.iter().map(|(id, version)| (id.0, *version)).collect();
    tx.record_all(
        "propose",
        Resource::RoundPair,
        &changes,
        &json!({ "round_id": round.id }),
    )
    .await?;
    Ok(changes.len())
}

/// Lets lapse what was not answered by both in time, round by round, and says how many pairs that were. Whoever answers at
/// the last moment holds the pair's row: it lapses after that answer, or not at all.
///
/// # Errors
/// Those of the database.
pub async fn lapse_overdue(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let mut lapsed = 0;
    for id in rounds::overdue(db, clock.now()).await? {
        let caller = Caller::system(clock.now());
        lapsed += db
            .write(&caller, async |tx| {
                let round = rounds::for_share(tx, id).await?;
                // Its officer may have moved the end, or ended the round.
                let is_due = |round: &Round| round.state == RoundState::Published && round.answers_are_over(tx.now());
                if !round.as_ref().is_some_and(is_due) {
                    return Ok(0);
                }
                let changed = store::lapse(tx, id).await?;
                let changes: Vec<_> = changed.iter().map(|(id, version)| (id.0, *version)).collect();
                tx.record_all("lapse", Resource::RoundPair, &changes, &json!({ "round_id": id }))
                    .await?;
                Ok(changes.len())
            })
            .await?;
    }
    Ok(lapsed)
}

/// Answers for a city: accepts, declines, or takes an acceptance back. Once both have accepted, they have a partnership.
///
/// # Errors
/// `NotFound` for strangers, `Denied` where it is for the other city to answer, `Stale`, `StateConflict`,
/// `DeadlinePassed`, and `PairNotPossible` where the two are partners by now or one of them bans the other, without telling which.
pub async fn answer(
    platform: &Platform,
    caller: &Caller,
    id: RoundPairId,
    action: RoundPairAction,
) -> Result<Answer<RoundPairView>, Error> {
    service::signed_in(caller)?;
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut pair = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
            let round = rounds::for_share(tx, pair.round_id).await?.ok_or(Error::NotFound)?;
            require_read(caller, &round, &pair)?;
            let side = side_for(caller, &pair, action)?;
            caller.expect_version(pair.version)?;
            if round.state != RoundState::Published {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            if pair.state.waits() && round.answers_are_over(tx.now()) {
                return Err(Error::conflict(ProblemCode::DeadlinePassed));
            }
            let side = side.ok_or(Error::conflict(ProblemCode::StateConflict))?;
            if action == RoundPairAction::Accept && matches::bans::store::is_banned(tx, pair.first, pair.second).await?
            {
                return Err(Error::conflict(ProblemCode::PairNotPossible));
            }
            pair.answer(action, side, tx.now())?;
            if pair.state == RoundPairState::Agreed {
                agree(tx, platform, &mut pair).await?;
            }
            store::save(tx, &pair).await?;
            tx.record(action.code(), Resource::RoundPair, id.0, pair.version, facts(&pair))
                .await?;
            view(platform, caller, &round, &pair)
        })
        .await
}

/// The side that answers; none where the state allows nobody to.
fn side_for(caller: &Caller, pair: &RoundPair, action: RoundPairAction) -> Result<Option<RoundSide>, Error> {
    let sides: Vec<RoundSide> = pair.sides_for(action).collect();
    let cities: Vec<CityId> = if sides.is_empty() {
        vec![pair.first, pair.second]
    } else {
        sides.iter().map(|side| pair.city_of(*side)).collect()
    };
    policy::require(&caller.actor, &Action::AnswerRoundPair { cities: &cities })?;
    let mut own = sides
        .into_iter()
        .filter(|side| caller.actor.is_staff_of(pair.city_of(*side)));
    Ok(own.next())
}

/// Makes the partnership, and settles the match of the two in the same transaction: whoever else makes them partners waits
/// for its row, and finds them partners.
async fn agree(tx: &Tx<'_>, platform: &Platform, pair: &mut RoundPair) -> Result<(), Error> {
    let held = matches::settle::hold(tx, pair.first, pair.second).await?;
    if partnerships::store::are_partners(tx, pair.first, pair.second).await? {
        return Err(Error::conflict(ProblemCode::PairNotPossible));
    }
    let (first, second) = (city(platform, pair.first)?, city(platform, pair.second)?);
    let partnership = partnerships::service::found(tx, &first, &second, None).await?;
    matches::settle::settle(tx, held, partnership).await?;
    pair.partnership_id = Some(partnership);
    Ok(())
}

fn facts(pair: &RoundPair) -> serde_json::Value {
    json!({
        "round_id": pair.round_id,
        "first": pair.first,
        "second": pair.second,
        "state": pair.state,
        "partnership_id": pair.partnership_id,
    })
}

fn city(platform: &Platform, id: CityId) -> Result<CitySummary, Error> {
    let city = platform.directory.summary(id).ok_or(Error::Busy)?;
    Ok((*city).clone())
}

fn is_officers(caller: &Caller, programme: ProgrammeId) -> bool {
    policy::allows(
        &caller.actor,
        &Action::ReadRound {
            programme,
            hidden: true,
        },
    )
}

fn view(platform: &Platform, caller: &Caller, round: &Round, pair: &RoundPair) -> Result<RoundPairView, Error> {
    let pair = pair.clone().at(round, caller.now);
    let sees_all = is_officers(caller, round.programme_id);
    Ok(RoundPairView {
        id: pair.id,
        version: pair.version,
        round_id: round.id,
        round_name: round.name.clone(),
        state: pair.state,
        first: city(platform, pair.first)?,
        second: city(platform, pair.second)?,
        gain_to_first: pair.gain_to_first,
        gain_to_second: pair.gain_to_second,
        wish_of_first: pair.wish_of_first.filter(|_| sees_all),
        wish_of_second: pair.wish_of_second.filter(|_| sees_all),
        total: Some(pair.total).filter(|_| sees_all),
        accepted_by: pair.accepted_by,
        answers_until: round.answers_until,
        partnership_id: pair.partnership_id,
        updated_at: pair.updated_at,
        allowed: if round.state == RoundState::Published {
            pair.allowed(&caller.actor)
        } else {
            Vec::new()
        },
    })
}
