//! Marking: whom nobody has confirmed since a mandate ended or an election was held, and the one mail about them to each of the
//! city's staff. It may be done at any time by any number of processes: a city is held while it is looked at, and who is marked is
//! not marked again.

use chrono::{NaiveDate, TimeDelta};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;
use shared::audit::Resource;
use shared::cities::{CitySummary, ContactView};
use shared::ids::{AccountId, CityId, ContactId, ElectionId};
use shared::language::{Language, label_for};
use shared::mandates::{LINK_DAYS, ToConfirm, due};

use super::store;
use crate::accounts::secrets;
use crate::accounts::store::Account;
use crate::caller::Caller;
use crate::cities::contacts::store as contacts;
use crate::cities::store as cities;
use crate::db::Tx;
use crate::error::Error;
use crate::mail::words::{self, Texts};
use crate::mail::{Letter, store as mail};
use crate::platform::Platform;

/// Elections that are looked at in one go.
const ELECTIONS_AT_ONCE: u64 = 50;
/// Cities that are looked for in one go.
const CITIES_AT_ONCE: u64 = 200;
/// How often cities are looked for before others have their turn: the rest is left to the next time.
const ROUNDS_MAX: usize = 50;

/// The words in each language.
const TEXTS: Texts = [
    (Language::Fr, include_str!("../mail/texts/mandates.fr.txt")),
    (Language::En, include_str!("../mail/texts/mandates.en.txt")),
    (Language::Uk, include_str!("../mail/texts/mandates.uk.txt")),
];

/// Marks whoever is due; says how many contact persons that were.
///
/// # Errors
/// Those of the database.
pub async fn mark_due(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let today = caller.now.date_naive();
    let elections = store::unapplied(&platform.db, today, ELECTIONS_AT_ONCE).await?;
    let mut marked = 0;
    for _ in 0..ROUNDS_MAX {
        let waiting = store::cities_due(&platform.db, &elections, today, CITIES_AT_ONCE).await?;
        if waiting.is_empty() {
            if !elections.is_empty() {
                let ids: Vec<ElectionId> = elections.iter().map(|of| of.id).collect();
                let noted = platform
                    .db
                    .write(&caller, async |tx| store::note_applied(tx, &ids).await);
                noted.await?;
            }
            return Ok(marked);
        }
        let before = marked;
        for id in waiting {
            let Some(city) = platform.directory.summary(id) else {
                continue;
            };
            let days: Vec<NaiveDate> = elections
                .iter()
                .filter(|of| of.is_held_in(id, &city.country, city.kind))
                .map(|of| of.day)
                .collect();
            let of_city = platform.db.write(&caller, async |tx| mark(tx, &city, &days).await);
            marked += of_city.await?;
        }
        // Where others were quicker with all of them, the rest is theirs too.
        if marked == before {
            break;
        }
    }
    Ok(marked)
}

/// Marks whoever is due in a city, and writes to its staff.
async fn mark(tx: &Tx<'_>, city: &CitySummary, elections: &[NaiveDate]) -> Result<u64, Error> {
    let Some(held) = cities::for_update(tx, city.id).await? else {
        return Ok(0);
    };
    let today = tx.now().date_naive();
    let found: Vec<(ContactView, ToConfirm)> = contacts::of_city(tx.conn(), city.id)
        .await?
        .into_iter()
        .filter(|view| view.to_confirm.is_none())
        .filter_map(|view| {
            let mark = due(&view.contact, view.confirmed_on, elections, today)?;
            Some((view, mark))
        })
        .collect();
    if found.is_empty() {
        return Ok(0);
    }
    for (view, mark) in &found {
        contacts::mark(tx, view.id, *mark).await?;
    }
    write(tx, city, &found).await?;
    let version = held.version + 1;
    cities::touch(tx, &held, version).await?;
    // How many, never who: the journal keeps no personal data.
    let details = json!({ "contacts": found.len() });
    tx.record("mark_contacts", Resource::City, city.id.0, version, details)
        .await?;
    Ok(found.len() as u64)
}

/// A contact as the mail tells it.
#[derive(Debug, Serialize)]
struct Told<'a> {
    name: &'a str,
    function: &'a str,
    reason: &'static str,
    day: NaiveDate,
    link: String,
}

async fn write(tx: &Tx<'_>, city: &CitySummary, found: &[(ContactView, ToConfirm)]) -> Result<(), Error> {
    let readers = mail::readers(tx.conn(), &[city.id], None).await?;
    let (mut letters, mut links) = (Vec::new(), Vec::new());
    for reader in &readers {
        let (letter, own) = letter(reader, city, found)?;
        letters.push(letter);
        links.extend(own);
    }
    store::add_links(tx, &links, tx.now() + TimeDelta::days(LINK_DAYS)).await?;
    mail::put_all(tx, &letters).await
}

/// What is kept of a link: whom it confirms, who has it, and the hash of its token.
type Kept = (ContactId, AccountId, Vec<u8>);

/// The mail to one reader, whose links nobody else has.
fn letter(
    reader: &Account,
    city: &CitySummary,
    found: &[(ContactView, ToConfirm)],
) -> Result<(Letter, Vec<Kept>), Error> {
    let language = Language::from_tag(&reader.language).unwrap_or_default();
    let (mut told, mut kept) = (Vec::new(), Vec::new());
    for (view, mark) in found {
        let token = secrets::random()?;
        kept.push((view.id, reader.id, secrets::hash(&token)));
        told.push(Told {
            name: &view.contact.name,
            function: &view.contact.function,
            reason: mark.reason.code(),
            day: mark.day,
            link: link(city.id, &token),
        });
    }
    let facts = context! {
        name => reader.name.clone(),
        city => label_for(&city.name, &city.labels, language),
        contacts => Serde(&told),
        days => LINK_DAYS,
        all => format!("{}/cities/{}/contacts", words::URL, city.id),
    };
    let mut letter = words::letter(reader.id, &TEXTS, language, facts)?;
    // It tells of these persons once, and is not chosen in the account's settings.
    letter.stoppable = false;
    Ok((letter, kept))
}

/// Where a link leads: a page that changes nothing by being opened.
fn link(city: CityId, token: &str) -> String {
    format!("{}/confirm?city={city}&token={token}", words::URL)
}
