//! Filling the directory from what operators have: GeoNames, INSEE, the Ukrainian register, lists of twinned cities, and the tables that the
//! binary carries.
//!
//! A parser makes an [`Entry`](entry::Entry) of each row and knows no database; [`authorities`] finds out which authority is meant (by code, else by name and place), lets
//! [`merge`] decide what changes, and writes by the thousand. A row that cannot be taken is refused with its line and the reason, and never stops the rest. The same file a
//! second time changes nothing.

mod bundled;
mod columns;
pub mod command;
pub mod entry;
pub mod geonames;
pub mod insee;
pub mod katottg;
mod merge;
mod names;
pub mod pairs;
pub mod report;
mod store;
mod twinnings;

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::time::Instant;

use serde_json::json;
use shared::audit::Resource;
use shared::ids::CityId;
use uuid::Uuid;

use self::entry::{Code, Entry, Refused, Row, TWIN};
use self::merge::{Known, State};
use self::names::{NameIndex, Spot};
pub use self::report::Report;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;

/// Rows in one transaction.
const ROWS_AT_ONCE: usize = 4_000;

/// Where an import writes, and who hears of its progress.
pub struct Import<'a> {
    /// The database.
    pub db: &'a Db,
    /// The source of the present time.
    pub clock: &'a Clock,
    /// Told after each transaction.
    pub progress: &'a (dyn Fn(&Report) + Send + Sync),
}

impl Import<'_> {
    /// GeoNames' table of places.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn geonames(&self, input: impl Read) -> Result<Report, Error> {
        self.authorities("GeoNames places", geonames::read_places(input).map(|row| row.map(Some)))
            .await
    }

    /// GeoNames' table of alternate names, for places that the directory has.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn geonames_names(&self, input: impl Read) -> Result<Report, Error> {
        let known = store::geonames_ids(self.db.read()).await?;
        self.authorities("GeoNames names", geonames::read_names(input, &known))
            .await
    }

    /// French communes.
    ///
    /// # Errors
    /// Those of the database, and where the file has not the columns it needs.
    pub async fn insee(&self, input: impl Read) -> Result<Report, Error> {
        self.authorities(
            "INSEE communes",
            insee::read(input).map_err(Error::internal)?.map(|row| row.map(Some)),
        )
        .await
    }

    /// The Ukrainian register of territorial units.
    ///
    /// # Errors
    /// Those of the database, and where the file has not the columns it needs.
    pub async fn katottg(&self, input: impl Read) -> Result<Report, Error> {
        self.authorities(
            "KATOTTG",
            katottg::read(input).map_err(Error::internal)?.map(|row| row.map(Some)),
        )
        .await
    }

    /// Cities of a file of twinnings.
    ///
    /// # Errors
    /// Those of the database, and where the file has not the columns it needs.
    pub async fn twin_cities(&self, input: impl Read) -> Result<Report, Error> {
        self.authorities(
            "twinned cities",
            pairs::read_cities(input)
                .map_err(Error::internal)?
                .map(|row| row.map(Some)),
        )
        .await
    }

    /// Pairs of twinned cities.
    ///
    /// # Errors
    /// Those of the database, and where the file has not the columns it needs.
    pub async fn pairs(&self, input: impl Read) -> Result<Report, Error> {
        twinnings::import(self, pairs::read_pairs(input).map_err(Error::internal)?).await
    }

    /// The tables that the binary carries, unless they have been loaded before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bundled(&self) -> Result<Option<Report>, Error> {
        if store::last_digest(self.db.read(), BUNDLED).await? == Some(bundled::digest()) {
            return Ok(None);
        }
        self.authorities(
            BUNDLED,
            bundled::read().map_err(Error::internal)?.map(|row| row.map(Some)),
        )
        .await
        .map(Some)
    }

    fn caller(&self) -> Caller {
        Caller::system(self.clock.now())
    }

    /// Takes in rows about authorities, one transaction for some thousands of them.
    async fn authorities(
        &self,
        source: &str,
        mut rows: impl Iterator<Item = Row<Option<Entry>>>,
    ) -> Result<Report, Error> {
        let began = Instant::now();
        let mut report = Report::new(source);
        let mut names = NameIndex::default();
        let mut orphans: Vec<Orphan> = Vec::new();
        loop {
            let read_before = report.read;
            let entries = read_some(&mut rows, &mut report);
            if report.read == read_before {
                break;
            }
            let batch = self
                .db
                .write(&self.caller(), async |tx| take(tx, source, &entries, &mut names).await)
                .await?;
            report.added += batch.added;
            report.changed += batch.changed;
            report.unchanged += batch.unchanged;
            batch.refused.into_iter().for_each(|refused| report.refuse(refused));
            orphans.extend(batch.orphans);
            report.took = began.elapsed();
            (self.progress)(&report);
        }
        for orphans in orphans.chunks(ROWS_AT_ONCE) {
            let changed = self
                .db
                .write(&self.caller(), async |tx| adopt(tx, source, orphans).await)
                .await?;
            report.changed += changed;
            report.unchanged -= changed;
        }
        report.took = began.elapsed();
        let digest = (source == BUNDLED).then(bundled::digest);
        self.db
            .write(&self.caller(), async |tx| store::remember(tx, &report, digest).await)
            .await?;
        Ok(report)
    }
}

/// The name of the bundled tables in reports.
const BUNDLED: &str = "bundled directory";

/// The next rows worth a transaction.
fn read_some(rows: &mut impl Iterator<Item = Row<Option<Entry>>>, report: &mut Report) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(ROWS_AT_ONCE);
    for row in rows {
        report.read += 1;
        match row {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => report.passed += 1,
            Err(refused) => report.refuse(refused),
        }
        if entries.len() == ROWS_AT_ONCE {
            break;
        }
    }
    entries
}

/// What a transaction did.
#[derive(Default)]
struct Batch {
    added: u64,
    changed: u64,
    unchanged: u64,
    refused: Vec<Refused>,
    /// Authorities whose parent was not known yet.
    orphans: Vec<Orphan>,
}

/// An authority whose parent may come later in the file.
struct Orphan {
    id: CityId,
    parent: Code,
    counts_as_unchanged: bool,
}

/// Takes in some rows.
async fn take(tx: &Tx<'_>, source: &str, entries: &[Entry], names: &mut NameIndex) -> Result<Batch, Error> {
    let codes: HashSet<&Code> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .codes
                .iter()
                .chain(entry.former_codes.iter().map(|(code, _)| code))
                .chain(&entry.parent)
                .chain(&entry.seat)
                .chain(&entry.commune)
        })
        .collect();
    let mut by_code = store::cities_by_code(tx, &codes).await?;

    let mut wanted: HashSet<CityId> = HashSet::new();
    for entry in entries {
        let by_its_codes = entry
            .codes
            .iter()
            .chain(&entry.commune)
            .chain(&entry.seat)
            .filter_map(|code| by_code.get(code));
        wanted.extend(by_its_codes);
        if entry.by_name && !entry.codes.iter().any(|code| by_code.contains_key(code)) {
            load_country(tx, names, &entry.country).await?;
            wanted.extend(names.candidates(entry));
        }
    }
    let mut known = store::known(tx, &wanted.into_iter().collect::<Vec<_>>()).await?;

    let mut batch = Batch::default();
    for entry in entries {
        let id = match recognise(entry, &by_code, &known, names) {
            Ok(id) => id,
            Err(reason) => {
                batch.refused.push(Refused::new(entry.line, reason));
                continue;
            }
        };
        let parent = entry.parent.as_ref().and_then(|code| by_code.get(code)).copied();
        let seat = entry
            .seat
            .as_ref()
            .and_then(|code| known.get(by_code.get(code)?)?.location);
        let is_new = id.is_none();
        let mut city = match id.and_then(|id| known.remove(&id)) {
            Some(city) => city,
            None => Known::new(entry),
        };
        let me = city.id;
        let changed = city.take(entry, parent, seat, |code| {
            by_code.get(code).is_none_or(|owner| *owner == me)
        });
        for code in entry
            .codes
            .iter()
            .chain(entry.former_codes.iter().map(|(code, _)| code))
            .filter(|code| city.has(code))
        {
            by_code.entry(code.clone()).or_insert(city.id);
        }
        if let (None, Some(code)) = (parent, &entry.parent) {
            batch.orphans.push(Orphan {
                id: city.id,
                parent: code.clone(),
                counts_as_unchanged: !is_new && !changed,
            });
        }
        match (is_new, changed) {
            (true, _) => {
                batch.added += 1;
                if names.has(&city.country) {
                    names.add(&city.country, &city.search_keys(), &Spot::of(&city));
                }
            }
            (false, true) => batch.changed += 1,
            (false, false) => batch.unchanged += 1,
        }
        known.insert(city.id, city);
    }

    let mut touched: Vec<&Known> = known.values().filter(|city| city.state != State::Stored).collect();
    touched.sort_by_key(|city| city.id);
    store::save(tx, &touched).await?;
    let changes: Vec<(Uuid, i64)> = touched.iter().map(|city| (city.id.0, city.version)).collect();
    tx.record_all("import", Resource::City, &changes, &json!({ "source": source }))
        .await?;
    Ok(batch)
}

/// Which authority of the directory an entry means: none if it is new, or the reason why it cannot be taken.
fn recognise(
    entry: &Entry,
    by_code: &HashMap<Code, CityId>,
    known: &HashMap<CityId, Known>,
    names: &NameIndex,
) -> Result<Option<CityId>, String> {
    // What an earlier import decided for a row of a file of twins stays: its other codes may since belong to a neighbour.
    let (own, official): (Vec<&Code>, Vec<&Code>) = entry.codes.iter().partition(|code| code.scheme == TWIN);
    if let Some(id) = own.into_iter().chain(official).find_map(|code| by_code.get(code)) {
        return Ok(Some(*id));
    }
    if entry.known_only {
        let code = entry
            .codes
            .first()
            .map(|code| format!("{} {}", code.scheme, code.value))
            .unwrap_or_default();
        return Err(format!("the directory has no authority with the code {code}"));
    }
    if let Some(commune) = entry.commune.as_ref().and_then(|code| known.get(by_code.get(code)?)) {
        return if commune.is_called(&entry.name) && commune.can_be(entry) {
            Ok(Some(commune.id))
        } else {
            Err(format!("{} is a part of the commune {}", entry.name, commune.name))
        };
    }
    if entry.by_name {
        return Ok(names
            .candidates(entry)
            .into_iter()
            .find(|id| known.get(id).is_some_and(|city| city.can_be(entry))));
    }
    Ok(None)
}

async fn load_country(tx: &Tx<'_>, names: &mut NameIndex, country: &str) -> Result<(), Error> {
    if names.has(country) {
        return Ok(());
    }
    names.open(country);
    store::each_named(tx, country, |search_keys, spot| names.add(country, search_keys, &spot)).await
}

/// Gives authorities the parent that came after them in the file. Says how many rows thereby changed something after all.
async fn adopt(tx: &Tx<'_>, source: &str, orphans: &[Orphan]) -> Result<u64, Error> {
    let codes: HashSet<&Code> = orphans.iter().map(|orphan| &orphan.parent).collect();
    let by_code = store::cities_by_code(tx, &codes).await?;
    let parents: HashMap<CityId, CityId> = orphans
        .iter()
        .filter_map(|orphan| Some((orphan.id, *by_code.get(&orphan.parent)?)))
        .filter(|(id, parent)| id != parent)
        .collect();
    let changes = store::set_parents(tx, &parents).await?;
    let changed: HashSet<Uuid> = changes.iter().map(|(id, _)| *id).collect();
    tx.record_all("import", Resource::City, &changes, &json!({ "source": source }))
        .await?;
    Ok(orphans
        .iter()
        .filter(|orphan| orphan.counts_as_unchanged && changed.contains(&orphan.id.0))
        .count() as u64)
}
