//! What the projects have learned, and the list of ten lessons of the Barcelona meeting. The meeting is public fact; what is
//! learned is invented, and marked so.

use anyhow::Context as _;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{ActivityId, LessonId, ListedLessonId, MeetingId, ResultId};
use shared::language::{Language, Texts};
use shared::partnerships::PartyRef;
use shared::themes::Theme;
use uuid::Uuid;

use crate::accounts::store::city_by_code;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::lessons::listed::store::{self as listed, ListedLesson, Meeting};
use crate::lessons::store::{self, Grounds, Lesson};
use crate::partnerships::store as partnerships;
use crate::{activities, results};

const LESSONS: &str = include_str!("../../data/demo/lessons.csv");
const LISTED: &str = include_str!("../../data/demo/listed_lessons.csv");

/// What says that it is invented.
pub(super) const INVENTED: &str = "Exemple de démonstration.";
/// Barcelona, where the meeting was.
const BARCELONA: &str = "geonames:3128760";
/// What the meeting is known by.
pub(super) const MEETING_KEY: &str = "demo:barcelona-2024";

#[derive(Debug, Deserialize)]
struct LessonRow {
    key: String,
    project: u8,
    theme: String,
    language: String,
    /// Keys of results, separated by `|`.
    results: String,
    /// Keys of activities, separated by `|`.
    activities: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct ListedRow {
    theme: String,
    /// Keys of lessons, separated by `|`.
    sources: String,
    fr: String,
    en: String,
    uk: String,
}

/// The rows of a table that the binary carries.
pub(super) fn rows<T: for<'a> Deserialize<'a>>(table: &str) -> anyhow::Result<Vec<T>> {
    Ok(csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?)
}

/// Keys that a cell names, separated by `|`.
pub(super) fn keys(cell: &str) -> impl Iterator<Item = String> + '_ {
    let named = cell.split('|').filter(|key| !key.is_empty());
    named.map(|key| format!("demo:{key}"))
}

/// Adds what is missing; says how many lessons.
///
/// # Errors
/// Those of the database, or where a project is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let mut added = 0;
    for row in rows::<LessonRow>(LESSONS)? {
        added += db
            .write(&caller, async |tx| add(tx, &row).await.map_err(Error::internal))
            .await
            .with_context(|| format!("lesson {}", row.key))?;
    }
    let list: Vec<ListedRow> = rows(LISTED)?;
    added += db
        .write(&caller, async |tx| hold(tx, &list).await.map_err(Error::internal))
        .await
        .context("the meeting")?;
    Ok(added)
}

async fn add(tx: &Tx<'_>, row: &LessonRow) -> anyhow::Result<usize> {
    let key = format!("demo:{}", row.key);
    if store::by_source_key(tx, &key).await?.is_some() {
        return Ok(0);
    }
    let of = partnerships::by_source_key(tx, &format!("aap2025:{}", row.project))
        .await?
        .context("the project is missing")?;
    let mut grounds = Grounds::default();
    for key in keys(&row.results) {
        let id: ResultId = results::store::by_source_key(tx, &key).await?.context(key)?;
        grounds.results.push(id);
    }
    for key in keys(&row.activities) {
        let id: ActivityId = activities::store::by_source_key(tx, &key).await?.context(key)?;
        grounds.activities.push(id);
    }
    let made = Lesson {
        id: LessonId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        partnership_id: of.id,
        partnership_name: of.name,
        theme: Theme::from_slug(&row.theme).context("unknown theme")?,
        text: row.text.clone(),
        language: Language::from_tag(&row.language).context("unknown language")?,
        source_key: Some(key),
        deleted_at: None,
    };
    store::insert(tx, &made, &grounds).await?;
    let details = json!({ "partnership_id": of.id, "source": INVENTED });
    tx.record("import", Resource::Lesson, made.id.0, 1, details).await?;
    Ok(1)
}

/// The meeting of 12 to 14 March 2024 with its list.
async fn hold(tx: &Tx<'_>, rows: &[ListedRow]) -> anyhow::Result<usize> {
    if listed::has_source_key(tx, MEETING_KEY).await? {
        return Ok(0);
    }
    let city_id = city_by_code(tx.conn(), BARCELONA)
        .await?
        .context("Barcelona is missing")?;
    let day = |day| NaiveDate::from_ymd_opt(2024, 3, day).context("a day of March");
    let meeting = Meeting {
        id: MeetingId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        name: texts([
            "Deuxième réunion mondiale des Partenariats pour des villes durables",
            "Second global meeting of the Partnerships for Sustainable Cities",
            "Друга глобальна зустріч програми «Партнерства заради сталих міст»",
        ]),
        host: PartyRef::City { city_id },
        place: "Barcelona".to_owned(),
        days: (day(12)?, day(14)?),
        source: Some(format!(
            "Union européenne (DG INTPA), avec l'Aire métropolitaine de Barcelone. Leçons : {}",
            INVENTED.to_lowercase()
        )),
        source_key: Some(MEETING_KEY.to_owned()),
    };
    listed::insert_meeting(tx, &meeting).await?;
    for (position, row) in (1..).zip(rows) {
        let mut sources = Vec::new();
        for key in keys(&row.sources) {
            sources.push(store::by_source_key(tx, &key).await?.context(key)?);
        }
        let made = ListedLesson {
            id: ListedLessonId(Uuid::now_v7()),
            version: 1,
            created_at: tx.now(),
            updated_at: tx.now(),
            meeting_id: meeting.id,
            position: Some(position),
            theme: Theme::from_slug(&row.theme).context("unknown theme")?,
            text: texts([&row.fr, &row.en, &row.uk]),
        };
        listed::insert(tx, &made, &sources).await?;
    }
    let details = json!({ "host": meeting.host, "source": meeting.source });
    tx.record("import", Resource::Meeting, meeting.id.0, 1, details).await?;
    Ok(rows.len())
}

/// A text in French, English and Ukrainian.
pub(super) fn texts(words: [&str; 3]) -> Texts {
    let told = Language::ALL.iter().zip(words);
    told.map(|(language, words)| (language.tag().to_owned(), words.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use shared::lessons::LISTED_MAX;

    use super::*;

    #[test]
    fn the_list_holds_ten_lessons_that_come_from_proposed_ones() -> anyhow::Result<()> {
        let proposed: HashMap<String, LessonRow> = rows::<LessonRow>(LESSONS)?
            .into_iter()
            .map(|row| (format!("demo:{}", row.key), row))
            .collect();
        for row in proposed.values() {
            assert!(Theme::from_slug(&row.theme).is_some(), "{}", row.theme);
            assert!(
                keys(&row.results).chain(keys(&row.activities)).count() > 0,
                "{}",
                row.key
            );
        }
        let list: Vec<ListedRow> = rows(LISTED)?;
        assert_eq!(list.len() as u64, LISTED_MAX);
        for row in list {
            assert!(Theme::from_slug(&row.theme).is_some(), "{}", row.theme);
            let sources: Vec<String> = keys(&row.sources).collect();
            assert!(
                !sources.is_empty() && sources.iter().all(|key| proposed.contains_key(key)),
                "{}",
                row.fr
            );
        }
        Ok(())
    }
}
