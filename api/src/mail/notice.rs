//! Notices: what has happened to a file, told to those whom it concerns, in the transaction in which it happens.
//!
//! They are no digests: each tells one thing once, and is not chosen in the account's settings.

use minijinja::context;
use shared::applications::ReopeningView;
use shared::ids::{CityId, CohortMemberId, ProgrammeId};
use shared::language::Language;

use super::words::{self, Texts};
use super::{Letter, store};
use crate::accounts::store::Account;
use crate::applications::store::ApplicationRecord;
use crate::db::Tx;
use crate::error::Error;
use crate::programmes::CallRecord;

/// The words about a decision that is made again.
const REOPENED: Texts = [
    (Language::Fr, include_str!("texts/reopened.fr.txt")),
    (Language::En, include_str!("texts/reopened.en.txt")),
    (Language::Uk, include_str!("texts/reopened.uk.txt")),
];

/// Tells the officers who decide again that the decision on a file was taken back, and its cities where they knew of it: once
/// the results were public. Says to how many people.
///
/// # Errors
/// Those of the database.
pub async fn reopened(tx: &Tx<'_>, file: &ApplicationRecord, of: &ReopeningView) -> Result<usize, Error> {
    let parties = file.parties.iter().filter(|_| of.after_publication);
    let cities: Vec<CityId> = parties.map(|party| party.city_id).collect();
    tell(tx, &cities, Some(file.programme_id), &REOPENED, |name| {
        context! {
            name => name,
            title => file.title.clone(),
            outcome => of.outcome.code(),
            day => of.decided_at.date_naive().to_string(),
            reason => of.reason.clone(),
            public => of.after_publication,
            link => format!("{}/applications/{}", words::URL, file.id),
        }
    })
    .await
}

/// The words about a correction.
const CORRECTION: Texts = [
    (Language::Fr, include_str!("texts/correction.fr.txt")),
    (Language::En, include_str!("texts/correction.en.txt")),
    (Language::Uk, include_str!("texts/correction.uk.txt")),
];

/// Tells the cities of a file what they are to correct, and until when; says to how many people.
///
/// # Errors
/// Those of the database.
pub async fn correction(tx: &Tx<'_>, file: &ApplicationRecord, call: &CallRecord) -> Result<usize, Error> {
    let Some(of) = &file.correction else { return Ok(0) };
    let cities: Vec<CityId> = file.parties.iter().map(|party| party.city_id).collect();
    let until = crate::zone::time_in(of.until, &call.window.zone)
        .format("%d.%m.%Y, %H:%M")
        .to_string();
    tell(tx, &cities, None, &CORRECTION, |name| {
        context! {
            name => name,
            title => file.title.clone(),
            reason => of.reason.clone(),
            until => until.clone(),
            zone => call.window.zone.clone(),
            link => format!("{}/applications/{}", words::URL, file.id),
        }
    })
    .await
}

/// Puts a letter for each of those who act for these cities, or decide for this programme, into the outbox.
async fn tell(
    tx: &Tx<'_>,
    cities: &[CityId],
    programme: Option<ProgrammeId>,
    texts: &Texts,
    facts: impl Fn(&str) -> minijinja::Value,
) -> Result<usize, Error> {
    let readers = store::readers(tx.conn(), cities, programme).await?;
    for reader in &readers {
        let language = Language::from_tag(&reader.language).unwrap_or_default();
        let mut letter = words::letter(reader.id, texts, language, facts(&reader.name))?;
        letter.stoppable = false;
        store::put(tx, &letter).await?;
    }
    Ok(readers.len())
}

/// The words about a letter of engagement.
const ENGAGEMENT: Texts = [
    (Language::Fr, include_str!("texts/engagement.fr.txt")),
    (Language::En, include_str!("texts/engagement.en.txt")),
    (Language::Uk, include_str!("texts/engagement.uk.txt")),
];

/// Tells somebody who acts for a city that its letter of engagement waits for a signature until a day in a time zone.
///
/// # Errors
/// Internal, where the text cannot be filled in.
pub fn engagement_letter(
    reader: &Account,
    (member, cohort): (CohortMemberId, &str),
    (until, zone): (&str, &str),
) -> Result<Letter, Error> {
    let language = Language::from_tag(&reader.language).unwrap_or_default();
    let facts = context! {
        name => reader.name.clone(),
        cohort => cohort,
        until => until,
        zone => zone,
        link => format!("{}/cohort-members/{member}", words::URL),
    };
    let mut letter = words::letter(reader.id, &ENGAGEMENT, language, facts)?;
    letter.stoppable = false;
    Ok(letter)
}
