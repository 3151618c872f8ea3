//! Adding and taking out cities, and their wishes while the window is open.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::{CityId, RoundId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::rounds::{
    MEMBERS_AT_ONCE, MEMBERS_MAX, PLACES_MAX, RoundMemberDraft, RoundMemberPage, RoundMemberView, RoundMembersDraft,
    RoundSide, RoundView, WISHES_MAX, WishList,
};

use super::{Member, store};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::rounds::{Round, service, store as rounds};

/// The cities of a round, for its officers and for the staff of any of them.
///
/// # Errors
/// `NotFound`, `Denied`, a cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    side: Option<RoundSide>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<RoundMemberPage, Error> {
    let round = readable(platform, caller, id).await?;
    let after = cursor.map(page::position).transpose()?;
    let mut members = store::list(&platform.db, id, side, after, u64::from(limit) + 1).await?;
    let next = page::cut(&mut members, limit as usize, |last| last.city);
    let total = match side {
        Some(side) => round.members[side as usize],
        None => round.members.iter().sum(),
    };
    Ok(RoundMemberPage {
        next: next.map(|place| page::cursor(&place)).transpose()?,
        items: members
            .into_iter()
            .filter_map(|member| view(platform, caller, &round, &member, false))
            .collect(),
        total: Some(u64::from(total)),
    })
}

/// A round whose members the caller may see.
async fn readable(platform: &Platform, caller: &Caller, id: RoundId) -> Result<Round, Error> {
    service::signed_in(caller)?;
    let round = rounds::round(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    service::require_visible(caller, &round)?;
    let cities: Vec<CityId> = caller.actor.cities().collect();
    let own = store::sides_of(platform.db.read(), id, &cities).await?;
    let own: Vec<CityId> = own.into_iter().map(|(city, _)| city).collect();
    policy::require(
        &caller.actor,
        &Action::ReadRoundMembers {
            programme: round.programme_id,
            own: &own,
        },
    )?;
    Ok(round)
}

/// A city of a round; with its wishes for its own staff.
///
/// # Errors
/// `NotFound`, `Denied`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: RoundId, city: CityId) -> Result<RoundMemberView, Error> {
    let round = readable(platform, caller, id).await?;
    let member = store::find(platform.db.read(), id, city).await?;
    let member = member.ok_or(Error::NotFound)?;
    view(platform, caller, &round, &member, true).ok_or(Error::Busy)
}

/// Adds cities, gives them other places, takes them out; and adds all that a side's rules allow.
///
/// # Errors
/// Those of [`service::begin_change`], and invalid fields.
pub async fn change(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    draft: &RoundMembersDraft,
) -> Result<Answer<RoundView>, Error> {
    service::signed_in(caller)?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let mut round = service::begin_change(tx, id).await?;
            if !round.state.is_editable() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            refuse(faults(platform, &round, draft))?;
            let (put, removed) = sorted(tx, platform, &round, draft).await?;
            if put.len() > MEMBERS_MAX as usize {
                return Err(Error::field(
                    FieldError::new("/all_of", FieldCode::Length).with("max", MEMBERS_MAX),
                ));
            }
            store::put(tx, id, &put).await?;
            store::remove(tx, id, &removed).await?;
            round.members = store::count(tx.conn(), id).await?;
            round.version += 1;
            round.updated_at = tx.now();
            rounds::save(tx, &round).await?;
            service::record(tx, "change_members", &round).await?;
            Ok(service::view(round, caller))
        })
        .await
}

fn faults(platform: &Platform, round: &Round, draft: &RoundMembersDraft) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if draft.items.len() > MEMBERS_AT_ONCE {
        faults.push(FieldError::new("/items", FieldCode::Length).with("max", MEMBERS_AT_ONCE));
        return faults;
    }
    let mut seen = HashSet::new();
    for (index, item) in draft.items.iter().enumerate() {
        let at = |field: &str| format!("/items/{index}/{field}");
        let Some(side) = round.rules.side(item.side) else {
            faults.push(FieldError::new(at("side"), FieldCode::Choice));
            continue;
        };
        if !seen.insert(item.city_id) {
            faults.push(FieldError::new(at("city_id"), FieldCode::Duplicate));
        }
        match platform.directory.summary(item.city_id) {
            None => faults.push(FieldError::new(at("city_id"), FieldCode::Reference)),
            Some(city) if item.places != Some(0) && !side.takes(&city) => {
                faults.push(FieldError::new(at("city_id"), FieldCode::Inconsistent));
            }
            Some(_) => {}
        }
        if item.places.is_some_and(|places| places > PLACES_MAX) {
            faults.push(FieldError::new(at("places"), FieldCode::Range).with("max", PLACES_MAX));
        }
    }
    for (index, side) in draft.all_of.iter().enumerate() {
        if round.rules.side(*side).is_none() {
            faults.push(FieldError::new(format!("/all_of/{index}"), FieldCode::Choice));
        }
    }
    faults
}

/// Who is put in, with side and places, and who is taken out.
async fn sorted(
    tx: &Tx<'_>,
    platform: &Platform,
    round: &Round,
    draft: &RoundMembersDraft,
) -> Result<(Vec<(CityId, RoundSide, u32)>, Vec<CityId>), Error> {
    let mut put: HashMap<CityId, (RoundSide, u32)> = HashMap::new();
    for &side in &draft.all_of {
        let Some(rules) = round.rules.side(side) else { continue };
        let cities: Vec<CityId> = {
            let cities = platform.directory.cities();
            cities
                .iter()
                .filter(|city| rules.takes(city))
                .map(|city| city.id)
                .collect()
        };
        // Who is in the round keeps its side and its places.
        let known = store::sides_of(tx.conn(), round.id, &cities).await?;
        let known: HashSet<CityId> = known.into_iter().map(|(city, _)| city).collect();
        for city in cities.into_iter().filter(|city| !known.contains(city)) {
            put.entry(city).or_insert((side, rules.places));
        }
    }
    let mut removed = Vec::new();
    for &RoundMemberDraft { city_id, side, places } in &draft.items {
        let usual = round.rules.side(side).map_or(1, |rules| rules.places);
        match places.unwrap_or(usual) {
            0 => {
                put.remove(&city_id);
                removed.push(city_id);
            }
            places => {
                put.insert(city_id, (side, places));
            }
        }
    }
    let mut put: Vec<_> = put
        .into_iter()
        .map(|(city, (side, places))| (city, side, places))
        .collect();
    put.sort_unstable_by_key(|(city, _, _)| *city);
    Ok((put, removed))
}

/// Replaces a city's wishes, while the window is open.
///
/// # Errors
/// `NotFound`, `Denied` for who is not its staff, `Stale`, `DeadlinePassed`, invalid wishes.
pub async fn wish(
    platform: &Platform,
    caller: &Caller,
    id: RoundId,
    city: CityId,
    wishes: &WishList,
) -> Result<RoundMemberView, Error> {
    service::signed_in(caller)?;
    platform
        .db
        .write(caller, async |tx| {
            let round = rounds::for_share(tx, id).await?.ok_or(Error::NotFound)?;
            service::require_visible(caller, &round)?;
            policy::require(&caller.actor, &Action::WishInRound { city })?;
            let member = store::for_update(tx, id, city).await?;
            let mut member = member.ok_or(Error::NotFound)?;
            caller.expect_version(member.version)?;
            if !round.takes_wishes(tx.now()) {
                return Err(Error::conflict(ProblemCode::DeadlinePassed));
            }
            refuse(wish_faults(tx, platform, &round, &member, wishes).await?)?;
            member.wishes.clone_from(&wishes.city_ids);
            member.version += 1;
            store::save_wishes(tx, id, &member).await?;
            // How many, never whom: wishes are the city's own.
            let details = json!({ "city_id": city, "wishes": member.wishes.len() });
            tx.record("wish", Resource::Round, id.0, round.version, details).await?;
            view(platform, caller, &round, &member, true).ok_or(Error::Busy)
        })
        .await
}

async fn wish_faults(
    tx: &Tx<'_>,
    platform: &Platform,
    round: &Round,
    member: &Member,
    wishes: &WishList,
) -> Result<Vec<FieldError>, Error> {
    let wished = &wishes.city_ids;
    if wished.len() > WISHES_MAX as usize {
        let fault = FieldError::new("/city_ids", FieldCode::Length).with("max", WISHES_MAX);
        return Ok(vec![fault]);
    }
    let sides: HashMap<CityId, RoundSide> = store::sides_of(tx.conn(), round.id, wished)
        .await?
        .into_iter()
        .collect();
    let is_one_sided = round.rules.sides.len() == 1;
    let country = |city: CityId| platform.directory.summary(city).map(|city| city.country.clone());
    let own_country = country(member.city);
    let mut faults = Vec::new();
    for (index, city) in wished.iter().enumerate() {
        let fits = *city != member.city
            && (round.rules.same_country || country(*city) != own_country)
            && sides.get(city).is_some_and(|side| is_one_sided || *side != member.side);
        let code = if wished[..index].contains(city) {
            FieldCode::Duplicate
        } else if sides.contains_key(city) && !fits {
            FieldCode::Inconsistent
        } else if !fits {
            FieldCode::Reference
        } else {
            continue;
        };
        faults.push(FieldError::new(format!("/city_ids/{index}"), code));
    }
    Ok(faults)
}

/// A member as the caller sees it; its wishes where `whole` and it is its own.
fn view(platform: &Platform, caller: &Caller, round: &Round, member: &Member, whole: bool) -> Option<RoundMemberView> {
    let summary =
        |city: CityId| -> Option<CitySummary> { platform.directory.summary(city).map(|city| (*city).clone()) };
    let is_own = caller.actor.is_staff_of(member.city);
    let is_officers = policy::allows(
        &caller.actor,
        &Action::ReadRound {
            programme: round.programme_id,
            hidden: true,
        },
    );
    Some(RoundMemberView {
        version: member.version,
        city: summary(member.city)?,
        side: member.side,
        places: member.places,
        wish_count: (is_own || is_officers).then_some(member.wishes.len() as u32),
        wishes: (whole && is_own).then(|| member.wishes.iter().filter_map(|city| summary(*city)).collect()),
        can_wish: round.takes_wishes(caller.now)
            && policy::allows(&caller.actor, &Action::WishInRound { city: member.city }),
    })
}
