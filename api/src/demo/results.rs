//! What the nine projects have achieved so far: invented, and marked so. Days are told from the day of loading.

use anyhow::Context as _;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::ResultId;
use shared::results::{Evidence, Measure};
use shared::themes::Theme;
use uuid::Uuid;

use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::partnerships::store as partnerships;
use crate::results::store::{self, Achieved};

const RESULTS: &str = include_str!("../../data/demo/results.csv");

/// What says that it is invented.
const INVENTED: &str = "Exemple de démonstration.";

#[derive(Debug, Deserialize)]
struct ResultRow {
    project: u8,
    key: String,
    theme: String,
    title: String,
    unit: String,
    baseline: f64,
    target: f64,
    /// Days from today with their values: `-40:12|-5:14`.
    measures: String,
    author: String,
}

fn rows() -> anyhow::Result<Vec<ResultRow>> {
    Ok(csv::Reader::from_reader(RESULTS.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?)
}

/// Adds what is missing; says how many results.
///
/// # Errors
/// Those of the database, or where a project is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let mut added = 0;
    for row in rows()? {
        added += db
            .write(&caller, async |tx| add(tx, &row).await.map_err(Error::internal))
            .await
            .with_context(|| format!("result {}", row.key))?;
    }
    Ok(added)
}

/// The measures of a cell, as far as they can be read.
fn measures(row: &ResultRow) -> impl Iterator<Item = (i64, f64)> + '_ {
    row.measures.split('|').filter_map(|told| {
        let (day, value) = told.split_once(':')?;
        Some((day.parse().ok()?, value.parse().ok()?))
    })
}

async fn add(tx: &Tx<'_>, row: &ResultRow) -> anyhow::Result<usize> {
    let key = format!("demo:{}", row.key);
    if store::has_source_key(tx, &key).await? {
        return Ok(0);
    }
    let of = partnerships::by_source_key(tx, &format!("aap2025:{}", row.project))
        .await?
        .context("the project is missing")?;
    let theme = Theme::from_slug(&row.theme).context("unknown theme")?;
    let made = Achieved {
        id: ResultId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        partnership_id: of.id,
        theme,
        title: row.title.clone(),
        about: INVENTED.to_owned(),
        sdgs: theme.sdgs().to_vec(),
        evidence: Evidence::Indicator {
            unit: row.unit.clone(),
            baseline: row.baseline,
            target: row.target,
        },
        measures: measures(row)
            .map(|(in_days, value)| Measure {
                measured_on: (tx.now() + TimeDelta::days(in_days)).date_naive(),
                value,
                author: row.author.clone(),
            })
            .collect(),
        deleted_at: None,
        source_key: Some(key),
    };
    store::insert(tx, &made).await?;
    let details = json!({ "partnership_id": of.id, "source": INVENTED });
    tx.record("import", Resource::Result, made.id.0, 1, details).await?;
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_can_be_read_and_is_measured_in_the_order_of_days() -> anyhow::Result<()> {
        for row in rows()? {
            assert!(Theme::from_slug(&row.theme).is_some(), "{}", row.theme);
            let read: Vec<(i64, f64)> = measures(&row).collect();
            assert_eq!(read.len(), row.measures.split('|').count(), "{}", row.key);
            assert!(read.windows(2).all(|two| two[0].0 < two[1].0), "{}", row.key);
            assert!(read.iter().all(|(day, _)| *day <= 0), "{}", row.key);
        }
        Ok(())
    }
}
