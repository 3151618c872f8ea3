//! Letters of decision, in the language of who reads them: by mail at the moment at which the call's results are published, and of
//! what is decided later at once; and as a page to print.
//!
//! They are written in the transaction that publishes or decides, so each goes out once. Whoever publishes holds the call, and
//! whoever decides waits for that: no decision is made between the letters and the publication.

pub mod routes;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use minijinja::context;
use shared::applications::DecisionLetter;
use shared::ids::{AccountId, ApplicationId, CityId};
use shared::language::{Language, Texts, label_for};
use shared::money;
use shared::partnerships::PartyRole;

use super::service::readable;
use super::store::{self as applications, ApplicationRecord, DecisionRecord};
use super::waitlist::store as waitlist;
use crate::accounts::store::Account;
use crate::caller::Caller;
use crate::db::Tx;
use crate::directory::Directory;
use crate::error::Error;
use crate::mail::store as mail;
use crate::mail::words::{self, Texts as Words};
use crate::platform::Platform;
use crate::programmes::CallRecord;

/// The words in each language.
const WORDS: Words = [
    (Language::Fr, include_str!("../../mail/texts/decision.fr.txt")),
    (Language::En, include_str!("../../mail/texts/decision.en.txt")),
    (Language::Uk, include_str!("../../mail/texts/decision.uk.txt")),
];

/// The letter about the decision on a file, in a language.
///
/// # Errors
/// `NotFound`, also for a file that is not decided, or whose call's results are not published; those of the database.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    language: Language,
) -> Result<DecisionLetter, Error> {
    let (record, call) = readable(platform, caller, id).await?;
    let decision = record.decision.as_ref().filter(|_| call.state.has_public_results());
    let decision = decision.ok_or(Error::NotFound)?;
    let facts = facts(&platform.directory, (&record, decision), &call, language, None);
    let (subject, text) = words::fill(&WORDS, language, facts)?;
    Ok(DecisionLetter {
        application_id: id,
        language,
        subject,
        text,
    })
}

/// What a letter says; with a reader it is a mail, with a link.
fn facts(
    directory: &Directory,
    (file, decision): (&ApplicationRecord, &DecisionRecord),
    call: &CallRecord,
    language: Language,
    reader: Option<&str>,
) -> minijinja::Value {
    let name = |city: CityId| {
        let city = directory.summary(city)?;
        Some(label_for(&city.name, &city.labels, language).to_owned())
    };
    let others = file.parties.iter().filter(|party| party.role != PartyRole::Lead);
    let partners: Vec<String> = others.filter_map(|party| name(party.city_id)).collect();
    context! {
        name => reader,
        city => file.lead().and_then(name),
        title => file.title.clone(),
        call => own_text(&call.title, language),
        programme => own_text(&call.programme_name, language),
        partners => partners.join(", "),
        day => day(decision.decided_at, &call.window.zone, language),
        outcome => decision.outcome.code(),
        place => decision.waitlist_place,
        amount => decision.granted_minor.map(|amount| money::words(amount, &file.currency, language)),
        reason => decision.reason.clone(),
        link => reader.map(|_| format!("{}/applications/{}", words::URL, file.id)),
    }
}

fn own_text(texts: &Texts, language: Language) -> String {
    let own = texts.get(language.tag()).or_else(|| texts.values().next());
    own.cloned().unwrap_or_default()
}

/// The day of a time where the call is at home.
fn day(at: DateTime<Utc>, zone: &str, language: Language) -> String {
    let pattern = match language {
        Language::Fr => "%d/%m/%Y",
        Language::En => "%-d %B %Y",
        Language::Uk => "%d.%m.%Y",
    };
    crate::zone::time_in(at, zone).format(pattern).to_string()
}

/// Sends the letters of all that is decided for a call whose results are being published; says how many.
///
/// # Errors
/// Those of the database.
pub async fn publish(tx: &Tx<'_>, platform: &Platform, call: &CallRecord) -> Result<usize, Error> {
    let mut files = applications::decided(tx.conn(), call.id).await?;
    waitlist::find_places(tx.conn(), &mut files).await?;
    send(tx, platform, call, &files).await
}

/// Sends the letters about decisions on these files, where the results of their call are published: to those who act for the
/// cities that answer for them. Says how many.
///
/// # Errors
/// Those of the database.
pub(super) async fn send(
    tx: &Tx<'_>,
    platform: &Platform,
    call: &CallRecord,
    files: &[ApplicationRecord],
) -> Result<usize, Error> {
    if !call.state.has_public_results() {
        return Ok(0);
    }
    let cities: Vec<CityId> = files.iter().flat_map(answering).collect();
    let readers = mail::readers_by_city(tx.conn(), &cities).await?;
    let mut letters = Vec::new();
    for file in files {
        let Some(decision) = &file.decision else { continue };
        // Who acts for two of them gets one letter.
        let to: HashMap<AccountId, &Account> = answering(file)
            .filter_map(|city| readers.get(&city))
            .flatten()
            .map(|reader| (reader.id, reader))
            .collect();
        for reader in to.into_values() {
            let language = Language::from_tag(&reader.language).unwrap_or_default();
            let facts = facts(
                &platform.directory,
                (file, decision),
                call,
                language,
                Some(&reader.name),
            );
            let mut letter = words::letter(reader.id, &WORDS, language, facts)?;
            letter.stoppable = false;
            letters.push(letter);
        }
    }
    mail::put_all(tx, &letters).await?;
    Ok(letters.len())
}

/// The cities that answer for a file.
fn answering(file: &ApplicationRecord) -> impl Iterator<Item = CityId> + '_ {
    let parties = file.parties.iter().filter(|party| party.role != PartyRole::Associated);
    parties.map(|party| party.city_id)
}
