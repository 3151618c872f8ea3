//! What the Barcelona meeting recommends, and what became of it: invented, and marked so.

use anyhow::Context as _;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::RecommendationId;
use shared::recommendations::{Addressee, RecommendationState, RecommendationStep};
use uuid::Uuid;

use super::lessons::{INVENTED, MEETING_KEY, keys, rows, texts};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::lessons::listed::store as meetings;
use crate::lessons::store as lessons;
use crate::recommendations::store::{self, Recommendation, Sources};

const RECOMMENDATIONS: &str = include_str!("../../data/demo/recommendations.csv");
/// Days between the steps of a recommendation.
const STEP_DAYS: i64 = 45;

#[derive(Debug, Deserialize)]
struct RecommendationRow {
    key: String,
    addressee: Addressee,
    addressee_name: String,
    state: RecommendationState,
    reason: String,
    /// Places on the meeting's list, separated by `|`.
    places: String,
    /// Keys of proposed lessons, separated by `|`.
    lessons: String,
    fr: String,
    en: String,
    uk: String,
}

/// Adds what is missing; says how many recommendations.
///
/// # Errors
/// Those of the database, or where the meeting is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let mut added = 0;
    for row in rows::<RecommendationRow>(RECOMMENDATIONS)? {
        added += db
            .write(&caller, async |tx| add(tx, &row).await.map_err(Error::internal))
            .await
            .with_context(|| format!("recommendation {}", row.key))?;
    }
    Ok(added)
}

async fn add(tx: &Tx<'_>, row: &RecommendationRow) -> anyhow::Result<usize> {
    let key = format!("demo:{}", row.key);
    if store::has_source_key(tx, &key).await? {
        return Ok(0);
    }
    let meeting = meetings::by_source_key(tx, MEETING_KEY)
        .await?
        .context("the meeting is missing")?;
    let list = meetings::list(tx.conn(), meeting.id).await?;
    let mut sources = Sources::default();
    for place in row.places.split('|') {
        let place: i32 = place.parse()?;
        let listed = list.iter().find(|lesson| lesson.position == Some(place));
        sources.listed.push(listed.context("no lesson at that place")?.id);
    }
    for key in keys(&row.lessons) {
        let id = lessons::by_source_key(tx, &key).await?.context(key)?;
        sources.lessons.push(id);
    }
    let made = Recommendation {
        id: RecommendationId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        meeting_id: meeting.id,
        meeting_name: meeting.name,
        host: meeting.host,
        addressee: row.addressee,
        addressee_name: row.addressee_name.clone(),
        text: texts([&row.fr, &row.en, &row.uk]),
        state: row.state,
        steps: steps(row, tx.now()),
        deleted_at: None,
        source_key: Some(key),
    };
    store::insert(tx, &made, &sources).await?;
    let details = json!({ "meeting_id": meeting.id, "source": INVENTED });
    tx.record("import", Resource::Recommendation, made.id.0, 1, details)
        .await?;
    Ok(1)
}

/// The way to a state: a step at a time.
fn way(to: RecommendationState) -> Vec<RecommendationState> {
    let before = RecommendationState::ALL.iter().find(|state| state.next().contains(&to));
    let mut way = before.map(|before| way(*before)).unwrap_or_default();
    way.push(to);
    way
}

fn steps(row: &RecommendationRow, now: chrono::DateTime<chrono::Utc>) -> Vec<RecommendationStep> {
    let way = way(row.state);
    let count = way.len();
    let steps = way.into_iter().enumerate().map(|(index, state)| RecommendationStep {
        state,
        at: now - TimeDelta::days(STEP_DAYS * i64::try_from(count - 1 - index).unwrap_or_default()),
        reason: (index + 1 == count && !row.reason.is_empty()).then(|| row.reason.clone()),
    });
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_from_the_list_and_took_only_drawn_steps() -> anyhow::Result<()> {
        let all = rows::<RecommendationRow>(RECOMMENDATIONS)?;
        for state in RecommendationState::ALL {
            assert!(all.iter().any(|row| row.state == *state), "{state:?}");
        }
        for row in all {
            assert!(!row.places.is_empty(), "{}", row.key);
            let way = way(row.state);
            assert_eq!(way[0], RecommendationState::Draft);
            assert!(
                way.windows(2).all(|step| step[0].next().contains(&step[1])),
                "{}",
                row.key
            );
            assert!(!row.state.needs_reason() || !row.reason.is_empty(), "{}", row.key);
        }
        Ok(())
    }
}
