//! What some sides make of their projects: invented, and marked so. Years are told from the day of loading.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::Datelike as _;
use serde::Deserialize;
use serde_json::json;
use shared::assessments::{AssessmentSheet, AssessmentState, Principle, PrincipleScore};
use shared::audit::Resource;
use shared::ids::AssessmentId;
use uuid::Uuid;

use crate::activities::views::authorities;
use crate::assessments::store::{self, Assessment};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::partnerships::store as partnerships;

const ASSESSMENTS: &str = include_str!("../../data/demo/assessments.csv");

/// What says that it is invented.
const INVENTED: &str = "Exemple de démonstration.";

#[derive(Debug, Deserialize)]
struct ScoreRow {
    project: u8,
    /// Which of the project's authorities, in their order.
    side: usize,
    years_ago: i32,
    state: AssessmentState,
    principle: Principle,
    value: Option<u8>,
    evidence: String,
}

/// The scores of each side and year.
fn sheets() -> anyhow::Result<BTreeMap<(u8, usize, i32), Vec<ScoreRow>>> {
    let mut sheets: BTreeMap<_, Vec<ScoreRow>> = BTreeMap::new();
    for row in csv::Reader::from_reader(ASSESSMENTS.as_bytes()).deserialize() {
        let row: ScoreRow = row?;
        sheets
            .entry((row.project, row.side, row.years_ago))
            .or_default()
            .push(row);
    }
    Ok(sheets)
}

fn sheet(rows: &[ScoreRow]) -> AssessmentSheet {
    let scores = rows.iter().map(|row| PrincipleScore {
        principle: row.principle,
        value: row.value,
        evidence: row.evidence.clone(),
    });
    AssessmentSheet {
        scores: scores.collect(),
    }
    .whole()
}

/// Adds what is missing; says how many assessments.
///
/// # Errors
/// Those of the database, or where a project is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let mut added = 0;
    for ((project, side, years_ago), rows) in sheets()? {
        let whose = (project, side, years_ago);
        added += db
            .write(&caller, async |tx| add(tx, whose, &rows).await.map_err(Error::internal))
            .await
            .with_context(|| format!("assessment of project {project}, side {side}"))?;
    }
    Ok(added)
}

async fn add(tx: &Tx<'_>, whose: (u8, usize, i32), rows: &[ScoreRow]) -> anyhow::Result<usize> {
    let (project, side, years_ago) = whose;
    let of = partnerships::by_source_key(tx, &format!("aap2025:{project}"))
        .await?
        .context("the project is missing")?;
    let sides = authorities(&of.parties);
    let city_id = *sides.get(side).context("the side is missing")?;
    let year = tx.now().year() - years_ago;
    let mut of_year = store::of_years(tx.conn(), of.id, &[year]).await?;
    if of_year.iter().any(|known| known.city_id == city_id) {
        return Ok(0);
    }
    let state = rows.first().map_or(AssessmentState::Draft, |row| row.state);
    let mut made = Assessment {
        id: AssessmentId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        partnership_id: of.id,
        partnership_name: of.name,
        city_id,
        year,
        state,
        sheet: sheet(rows),
        filed_at: state.is_filed().then(|| tx.now()),
    };
    of_year.retain(|other| other.state.is_filed());
    if state.is_filed() && of_year.len() + 1 == sides.len() {
        // The last one of its year: anybody reads them all.
        made.state = AssessmentState::Shared;
        for other in &mut of_year {
            other.state = AssessmentState::Shared;
            store::save(tx, other).await?;
        }
    }
    store::insert(tx, &made).await?;
    let details = json!({ "partnership_id": of.id, "year": year, "source": INVENTED });
    tx.record("import", Resource::Assessment, made.id.0, 1, details).await?;
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filed_is_whole_and_in_bounds() -> anyhow::Result<()> {
        let sheets = sheets()?;
        assert!(sheets.values().any(|rows| !rows.iter().any(|row| row.state.is_filed())));
        for (whose, rows) in sheets {
            let sheet = sheet(&rows);
            assert!(sheet.faults().is_empty(), "{whose:?}");
            assert!(rows.iter().all(|row| row.state == rows[0].state), "{whose:?}");
            assert_eq!(sheet.missing().is_empty(), rows[0].state.is_filed(), "{whose:?}");
        }
        Ok(())
    }
}
