//! Notices: what has happened to a file, told to those whom it concerns, in the transaction in which it happens.
//!
//! They are no digests: each tells one thing once, and is not chosen in the account's settings.

use minijinja::context;
use shared::applications::ReopeningView;
use shared::ids::{CityId, ProgrammeId};
use shared::language::Language;

use super::store;
use super::words::{self, Texts};
use crate::applications::store::ApplicationRecord;
use crate::db::Tx;
use crate::error::Error;

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
