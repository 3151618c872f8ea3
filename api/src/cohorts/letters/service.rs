//! Moving letters of engagement: who leads the cohort sends, files and takes back; the city signs or refuses.

use std::collections::HashSet;

use serde_json::json;
use shared::audit::Resource;
use shared::cohorts::{
    CohortMemberView, EngagementLetter, Filing, LetterAction, LetterReason, LetterSignature, LetterState,
    SendingReport, Signing, is_late,
};
use shared::ids::{AccountId, CityId, CohortId, CohortMemberId};
use shared::language::{Language, Texts, text_for};
use shared::problem::{FieldCode, FieldError, ProblemCode};

use super::text::{LetterFacts, Named, filled};
use crate::accounts::store::Account;
use crate::caller::Caller;
use crate::cities::kin;
use crate::cohorts::members::store::{self, Member};
use crate::cohorts::store as cohorts;
use crate::cohorts::{Cohort, views};
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::mail::{Letter, notice, store as mail};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::zone::day_in;

/// A letter as it is read and printed.
///
/// # Errors
/// `NotFound`, also for who is neither of the city nor leads the cohort.
pub async fn read(platform: &Platform, caller: &Caller, id: CohortMemberId) -> Result<EngagementLetter, Error> {
    let conn = platform.db.read();
    let member = store::find(conn, id).await?.filter(|member| member.left_at.is_none());
    let member = member.ok_or(Error::NotFound)?;
    let cohort = cohorts::find(conn, member.cohort_id).await?;
    let cohort = cohort
        .filter(|cohort| cohort.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let reading = Action::ReadCohortMember {
        city: member.city_id,
        // Of a letter that is signed, too, others know only that it is.
        signed: false,
        cohort: &cohort.facts(),
    };
    policy::require(&caller.actor, &reading)?;
    Ok(EngagementLetter {
        text: match &member.letter {
            Some(text) => text.clone(),
            None => text_of(platform, &member, &cohort),
        },
        late: is_late(member.signed_at(), cohort.closes_at),
        member_id: member.id,
        cohort_id: cohort.id,
        version: member.version,
        state: member.letter_state,
        signature: member.signature,
        reference: member.reference,
    })
}

/// What a city's letter says today.
pub(in crate::cohorts) fn text_of(platform: &Platform, member: &Member, cohort: &Cohort) -> Texts {
    let named = |id: CityId| {
        let city = kin::named(platform, id);
        city.map(|city| Named {
            name: city.name,
            labels: city.labels,
        })
    };
    let cities = platform.directory.cities();
    let networks = cohort.networks.iter().filter_map(|id| {
        let mut all = cities.networks().iter();
        all.find(|network| network.id == *id)
            .map(|network| network.name.clone())
    });
    let networks: Vec<String> = networks.collect();
    drop(cities);
    let facts = LetterFacts {
        city: named(member.city_id).unwrap_or(Named {
            name: String::new(),
            labels: Texts::new(),
        }),
        cohort: &cohort.name,
        programme: &cohort.programme_name,
        networks,
        way: member.way,
        levels: cohort
            .levels
            .iter()
            .filter(|level| member.levels.contains(&level.key))
            .collect(),
        partner: member.partner_id.and_then(named),
        closes_on: cohort.closes_on,
    };
    filled(&cohort.letter, &facts)
}

/// Sends a letter to its city, and tells the city's staff by mail.
///
/// # Errors
/// Those of [`begin`]; `CohortClosed` once the cohort's day is over.
pub async fn send(platform: &Platform, caller: &Caller, id: CohortMemberId) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (member, cohort, _) = begin(tx, id, LetterAction::Send).await?;
            cohort.expect_open(tx)?;
            let mut sent = vec![member];
            send_all(platform, tx, &mut sent, &cohort).await?;
            let member = sent.pop().ok_or(Error::NotFound)?;
            Ok(views::member(platform, caller, member, &cohort))
        })
        .await
}

/// Sends all letters of a cohort that are drafted. Two who ask at once send each letter once.
///
/// # Errors
/// `NotFound`, `Denied`; `CohortClosed` once the cohort's day is over.
pub async fn send_drafted(platform: &Platform, caller: &Caller, id: CohortId) -> Result<Answer<SendingReport>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let cohort = cohorts::for_update(tx, id).await?;
            let cohort = cohort
                .filter(|cohort| cohort.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            policy::require(
                &caller.actor,
                &Action::ManageCohort {
                    cohort: &cohort.facts(),
                },
            )?;
            cohort.expect_open(tx)?;
            let mut drafted = store::all_for_update(tx, id).await?;
            drafted.retain(|member| member.letter_state == LetterState::Drafted);
            send_all(platform, tx, &mut drafted, &cohort).await
        })
        .await
}

/// Sends these letters, which are drafted, and tells who acts for their cities: a mail a letter and person.
async fn send_all(
    platform: &Platform,
    tx: &Tx<'_>,
    members: &mut [Member],
    cohort: &Cohort,
) -> Result<SendingReport, Error> {
    let cities: Vec<CityId> = members.iter().map(|member| member.city_id).collect();
    let readers = mail::readers_by_city(tx.conn(), &cities).await?;
    let mut mails: Vec<Letter> = Vec::new();
    let mut told: HashSet<AccountId> = HashSet::new();
    for member in members.iter_mut() {
        member.letter = Some(text_of(platform, member, cohort));
        member.sent_at = Some(tx.now());
        member.step(LetterState::Sent, tx.now(), None);
        save(tx, member, LetterAction::Send.code()).await?;
        for reader in readers.get(&member.city_id).into_iter().flatten() {
            mails.push(mail_of(reader, member, cohort)?);
            told.insert(reader.id);
        }
    }
    mail::put_all(tx, &mails).await?;
    Ok(SendingReport {
        sent: u32::try_from(members.len()).map_err(Error::internal)?,
        told: u32::try_from(told.len()).map_err(Error::internal)?,
    })
}

fn mail_of(reader: &Account, member: &Member, cohort: &Cohort) -> Result<Letter, Error> {
    let language = Language::from_tag(&reader.language).unwrap_or_default();
    let name = text_for(&cohort.name, language).unwrap_or_default();
    let until = cohort.closes_on.format("%d.%m.%Y").to_string();
    notice::engagement_letter(reader, (member.id, name), (&until, &cohort.zone))
}

/// Signs a letter, by the city's staff: in whose name, in which function, on which day.
///
/// # Errors
/// Those of [`begin`], `Invalid` for a day before it was sent or in the future.
pub async fn sign(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    signing: &Signing,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, signing, async |tx| {
            let (mut member, cohort, state) = begin(tx, id, LetterAction::Sign).await?;
            let mut faults = signing.faults();
            let day = |at| day_in(at, &cohort.zone);
            let (sent, today) = (member.sent_at.map(day), day(tx.now()));
            if signing.on > today {
                faults.push(FieldError::new("/on", FieldCode::Range).with("max", today));
            } else if let Some(sent) = sent.filter(|&sent| signing.on < sent) {
                faults.push(FieldError::new("/on", FieldCode::Range).with("min", sent));
            }
            refuse(faults)?;
            member.signature = Some(LetterSignature {
                name: signing.name.trim().to_owned(),
                function: signing.function.trim().to_owned(),
                on: signing.on,
                at: tx.now(),
            });
            member.step(state, tx.now(), None);
            save(tx, &mut member, LetterAction::Sign.code()).await?;
            Ok(views::member(platform, caller, member, &cohort))
        })
        .await
}

/// Refuses a letter, by the city's staff, with the reason.
///
/// # Errors
/// Those of [`begin`], `Invalid`.
pub async fn decline(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    told: &LetterReason,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, told, async |tx| {
            let (mut member, cohort, state) = begin(tx, id, LetterAction::Refuse).await?;
            refuse(told.faults())?;
            member.step(state, tx.now(), Some(told.reason.trim()));
            save(tx, &mut member, LetterAction::Refuse.code()).await?;
            Ok(views::member(platform, caller, member, &cohort))
        })
        .await
}

/// Files a letter that is signed, under a reference.
///
/// # Errors
/// Those of [`begin`], `Invalid`.
pub async fn file(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    filing: &Filing,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, filing, async |tx| {
            let (mut member, cohort, state) = begin(tx, id, LetterAction::File).await?;
            refuse(filing.faults())?;
            let reference = filing.reference.trim();
            member.step(state, tx.now(), Some(reference));
            member.reference = Some(reference.to_owned());
            save(tx, &mut member, LetterAction::File.code()).await?;
            Ok(views::member(platform, caller, member, &cohort))
        })
        .await
}

/// Takes a letter that is not signed back into a draft, with the reason.
///
/// # Errors
/// Those of [`begin`], `Invalid`.
pub async fn withdraw(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    told: &LetterReason,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, told, async |tx| {
            let (mut member, cohort, _) = begin(tx, id, LetterAction::Withdraw).await?;
            refuse(told.faults())?;
            member.draft_again(tx.now(), Some(told.reason.trim()));
            save(tx, &mut member, LetterAction::Withdraw.code()).await?;
            Ok(views::member(platform, caller, member, &cohort))
        })
        .await
}

/// Drafts a letter again that was sent, because what it says has changed.
///
/// # Errors
/// Those of the database.
pub(in crate::cohorts) async fn draft_again(tx: &Tx<'_>, member: &mut Member) -> Result<(), Error> {
    member.draft_again(tx.now(), None);
    save(tx, member, LetterAction::Withdraw.code()).await
}

/// A letter that is to be moved, locked after its cohort, for who may and knows its version; with the state that it comes to.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`; `LetterSigned` for what is done before a signature only, `StateConflict` for every other step
/// that is not drawn.
async fn begin(tx: &Tx<'_>, id: CohortMemberId, action: LetterAction) -> Result<(Member, Cohort, LetterState), Error> {
    let known = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let cohort = cohorts::for_update(tx, known.cohort_id).await?;
    let cohort = cohort
        .filter(|cohort| cohort.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let member = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    if member.left_at.is_some() {
        return Err(Error::NotFound);
    }
    let judged = Action::ActOnLetter {
        action,
        city: member.city_id,
        cohort: &cohort.facts(),
    };
    policy::require(&tx.caller().actor, &judged)?;
    tx.caller().expect_version(member.version)?;
    let state = member.letter_state;
    let next = state.after(action).ok_or_else(|| {
        let bound = state.is_signed() && matches!(action, LetterAction::Refuse | LetterAction::Withdraw);
        Error::conflict(if bound {
            ProblemCode::LetterSigned
        } else {
            ProblemCode::StateConflict
        })
    })?;
    Ok((member, cohort, next))
}

/// Writes the next version of a city's place, and records what was done. Names of people are not for the journal.
async fn save(tx: &Tx<'_>, member: &mut Member, verb: &str) -> Result<(), Error> {
    member.version += 1;
    member.updated_at = tx.now();
    store::save(tx, member).await?;
    let details = json!({
        "cohort_id": member.cohort_id, "city_id": member.city_id, "letter": member.letter_state,
        "reference": member.reference,
    });
    tx.record(verb, Resource::CohortMember, member.id.0, member.version, details)
        .await
}
