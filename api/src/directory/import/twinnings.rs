//! Pairs of twinned cities become partnerships between authorities of the directory.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use shared::ids::CityId;

use super::entry::{Code, Refused, Row};
use super::names::NameIndex;
use super::pairs::{Pair, Side};
use super::{Import, ROWS_AT_ONCE, Report, load_country, store};
use crate::db::Tx;
use crate::error::Error;
use crate::partnerships::store::insert_twinnings;

/// The name of these imports in reports.
const SOURCE: &str = "twinnings";

/// Takes in pairs, one transaction for some thousands of them.
pub(super) async fn import(to: &Import<'_>, mut rows: impl Iterator<Item = Row<Pair>>) -> Result<Report, Error> {
    let began = Instant::now();
    let mut report = Report::new(SOURCE);
    let mut names = NameIndex::default();
    loop {
        let mut pairs = Vec::with_capacity(ROWS_AT_ONCE);
        let read_before = report.read;
        for row in rows.by_ref().take(ROWS_AT_ONCE) {
            report.read += 1;
            match row {
                Ok(pair) => pairs.push(pair),
                Err(refused) => report.refuse(refused),
            }
        }
        if report.read == read_before {
            break;
        }
        let batch = to
            .db
            .write(&to.caller(), async |tx| take(tx, &pairs, &mut names).await)
            .await?;
        report.added += batch.added;
        report.unchanged += batch.unchanged;
        batch.refused.into_iter().for_each(|refused| report.refuse(refused));
        report.took = began.elapsed();
        (to.progress)(&report);
    }
    report.took = began.elapsed();
    to.db
        .write(&to.caller(), async |tx| store::remember(tx, &report, None).await)
        .await?;
    Ok(report)
}

#[derive(Default)]
struct Batch {
    added: u64,
    unchanged: u64,
    refused: Vec<Refused>,
}

async fn take(tx: &Tx<'_>, pairs: &[Pair], names: &mut NameIndex) -> Result<Batch, Error> {
    let codes: HashSet<&Code> = pairs.iter().flat_map(|pair| [&pair.a.code, &pair.b.code]).collect();
    let by_code = store::cities_by_code(tx, &codes).await?;
    for side in pairs.iter().flat_map(|pair| [&pair.a, &pair.b]) {
        if side.label.is_some() && !by_code.contains_key(&side.code) {
            load_names(tx, names, side.country.as_deref()).await?;
        }
    }

    let mut batch = Batch::default();
    let mut found: Vec<(CityId, CityId)> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let sides = city(&pair.a, &by_code, names).and_then(|a| Ok((a, city(&pair.b, &by_code, names)?)));
        match sides {
            Ok((a, b)) if a == b => batch.refused.push(Refused::new(
                pair.line,
                format!(
                    "`{}` and `{}` are the same authority",
                    pair.a.code.value, pair.b.code.value
                ),
            )),
            Ok((a, b)) => found.push((a, b)),
            Err(reason) => batch.refused.push(Refused::new(pair.line, reason)),
        }
    }

    let twinned = insert_twinnings(tx, &found, SOURCE).await?;
    batch.added = twinned.added;
    batch.unchanged = twinned.known;
    Ok(batch)
}

/// Names of one country, or of all where the file does not tell the country.
async fn load_names(tx: &Tx<'_>, names: &mut NameIndex, country: Option<&str>) -> Result<(), Error> {
    if let Some(country) = country {
        return load_country(tx, names, country).await;
    }
    for country in store::countries(tx).await? {
        load_country(tx, names, &country).await?;
    }
    Ok(())
}

/// The authority that one side means, or why it is not known.
fn city(side: &Side, by_code: &HashMap<Code, CityId>, names: &NameIndex) -> Result<CityId, String> {
    if let Some(id) = by_code.get(&side.code) {
        return Ok(*id);
    }
    let Some(label) = &side.label else {
        return Err(format!(
            "the directory has no authority with the code {} {}",
            side.code.scheme, side.code.value
        ));
    };
    match names.towns_named(label, side.country.as_deref()).as_slice() {
        [id] => Ok(*id),
        [] => Err(format!(
            "the directory knows neither {} nor a town named {label}",
            side.code.value
        )),
        several => Err(format!(
            "{} is not known, and {} towns are named {label}",
            side.code.value,
            several.len()
        )),
    }
}
