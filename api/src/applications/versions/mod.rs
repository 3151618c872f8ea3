//! What a file said before: kept with each change, read by its cities alone, and brought back part by part.
//!
//! What one person writes on in one place becomes one version, as long as nothing gets shorter: what is lost can always be
//! brought back.

pub mod routes;
pub mod service;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::budget::Budget;
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use shared::themes::Theme;
use uuid::Uuid;

use self::store::Kept;
use super::decisions::account_of;
use super::store::ApplicationRecord;
use crate::db::Tx;
use crate::error::Error;

/// For how long what somebody writes is one version, from its beginning.
const TOGETHER: TimeDelta = TimeDelta::minutes(10);

/// What a version says: the part of a file's content that is told about it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Said {
    pub(super) title: String,
    pub(super) themes: Vec<Theme>,
    pub(super) answers: std::collections::BTreeMap<String, String>,
    pub(super) budget: Budget,
    pub(super) parties: Vec<SaidParty>,
    #[serde(default)]
    pub(super) attachments: Vec<SaidDocument>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct SaidParty {
    pub(super) city_id: CityId,
    pub(super) role: PartyRole,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct SaidDocument {
    pub(super) name: String,
}

/// Parts of the content that are no answers, by the names that people know them by.
const PARTS: [(&str, &str); 5] = [
    ("title", "title"),
    ("themes", "themes"),
    ("parties", "parties"),
    ("budget", "budget"),
    ("attachments", "documents"),
];

/// Keeps the first version of a file.
///
/// # Errors
/// Those of the database.
pub(super) async fn begin(tx: &Tx<'_>, record: &ApplicationRecord, content: &str) -> Result<(), Error> {
    store::insert(tx, record.id, &anew(tx, record, Vec::new()), content).await
}

/// Keeps what a file says `now` that `verb` was done to it, and what it said `before` where nothing is kept of it yet.
///
/// # Errors
/// Those of the database.
pub(super) async fn keep(
    tx: &Tx<'_>,
    record: &ApplicationRecord,
    before: (&str, DateTime<Utc>),
    now: &str,
    verb: &str,
) -> Result<(), Error> {
    let (was, is): (Value, Value) = (serde_json::from_str(before.0)?, serde_json::from_str(now)?);
    let changed = changed(&was, &is);
    let latest = store::latest(tx, record.id).await?;
    let Some(mut last) = latest else {
        let first = Kept {
            version: record.version - 1,
            begun_at: before.1,
            saved_at: before.1,
            author_id: None,
            ..anew(tx, record, Vec::new())
        };
        store::insert(tx, record.id, &first, before.0).await?;
        return store::insert(tx, record.id, &anew(tx, record, changed), now).await;
    };
    let goes_on = verb == "update"
        && !last.changed.is_empty()
        && last.changed.iter().all(|place| is_text(place))
        && last.author_id == account_of(&tx.caller().actor)
        && tx.now() - last.begun_at <= TOGETHER
        && is_continued(&was, &is, &changed);
    if !goes_on {
        return store::insert(tx, record.id, &anew(tx, record, changed), now).await;
    }
    last.version = record.version;
    last.saved_at = tx.now();
    for place in changed {
        if !last.changed.contains(&place) {
            last.changed.push(place);
        }
    }
    store::replace(tx, record.id, &last, now).await
}

fn anew(tx: &Tx<'_>, record: &ApplicationRecord, changed: Vec<String>) -> Kept {
    Kept {
        id: Uuid::now_v7(),
        version: record.version,
        begun_at: tx.now(),
        saved_at: tx.now(),
        author_id: account_of(&tx.caller().actor),
        changed,
    }
}

fn answers(content: &Value) -> Option<&Map<String, Value>> {
    content.get("answers")?.as_object()
}

/// What differs between two contents: parts first, then questions in the order of their keys.
fn changed(was: &Value, is: &Value) -> Vec<String> {
    let parts = PARTS.iter().filter(|(field, _)| was.get(*field) != is.get(*field));
    let mut changed: Vec<String> = parts.map(|(_, name)| (*name).to_owned()).collect();
    let nothing = Map::new();
    let (old, new) = (answers(was).unwrap_or(&nothing), answers(is).unwrap_or(&nothing));
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let differ = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    changed.extend(differ.cloned());
    changed
}

/// Whether all that changed is text that somebody goes on writing.
fn is_continued(was: &Value, is: &Value, changed: &[String]) -> bool {
    let length = |content: &Value, place: &str| {
        let text = match place {
            "title" => content.get("title"),
            key => answers(content).and_then(|answers| answers.get(key)),
        };
        text.and_then(Value::as_str).map_or(0, |text| text.chars().count())
    };
    let goes_on = |place: &String| is_text(place) && length(is, place) >= length(was, place);
    changed.iter().all(goes_on)
}

/// Whether a place is a text that people write: the title, or an answer.
fn is_text(place: &str) -> bool {
    place == "title" || PARTS.iter().all(|(_, name)| *name != place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(title: &str, water: &str) -> Value {
        json!({"title": title, "themes": [], "answers": {"water": water}, "parties": [], "budget": {}})
    }

    #[test]
    fn what_differs_is_told_by_the_names_that_people_know() {
        let (was, mut is) = (content("A", "one"), content("B", "one"));
        assert_eq!(changed(&was, &is), ["title"]);
        is["answers"] = json!({"air": "clean"});
        is["attachments"] = json!([{"name": "letter.pdf"}]);
        assert_eq!(changed(&was, &is), ["title", "documents", "air", "water"]);
        assert_eq!(changed(&was, &was), Vec::<String>::new());
    }

    #[test]
    fn only_text_that_does_not_get_shorter_is_written_on() {
        let go_on = |was: &Value, is: &Value| is_continued(was, is, &changed(was, is));
        assert!(go_on(&content("A", "one"), &content("A", "one two")));
        assert!(go_on(&content("A", "one"), &content("AB", "uno")));
        assert!(!go_on(&content("A", "one two"), &content("A", "one")));
        let mut other = content("A", "one two");
        other["themes"] = json!(["peace"]);
        assert!(!go_on(&content("A", "one"), &other));
    }
}
