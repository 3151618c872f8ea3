//! Stories of the demonstration: two that anybody reads, with pictures drawn for them, and one that is being written. What
//! they tell is in the announcements that the projects come from.

use anyhow::Context as _;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{PartnershipId, StoryId, StoryPictureId};
use shared::stories::{STORY_PICTURE_BYTES_MAX, StoryDraft, StoryPicture, StoryState};
use uuid::Uuid;

use super::documents::Page;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::files::{Files, Spooled};
use crate::partnerships::store as partnerships;
use crate::stories::pictures::{key, measured};
use crate::stories::store::{self, Story};

const STORIES: &str = include_str!("../../data/demo/stories.json");
const PICTURES: [(&str, &[u8]); 2] = [
    ("irapa", include_bytes!("../../data/demo/stories/irapa.png")),
    (
        "clermont-kremenchuk",
        include_bytes!("../../data/demo/stories/clermont-kremenchuk.png"),
    ),
];
/// What says that the page was made for the demonstration.
const INVENTED: &str = "Exemple de démonstration.";

#[derive(Debug, Deserialize)]
struct Told {
    /// What the partnership is known by at its source.
    partnership: String,
    /// The name of its picture; a story without one is a draft.
    picture: Option<String>,
    words: StoryDraft,
}

/// Adds the stories that are missing; says how many.
///
/// # Errors
/// Those of the database and of the store, or where a partnership is not there.
pub async fn load(db: &Db, clock: &Clock, files: &Files) -> anyhow::Result<usize> {
    let caller = Caller::system(clock.now());
    let mut added = 0;
    for mut told in serde_json::from_str::<Vec<Told>>(STORIES)? {
        let of = db
            .write(&caller, async |tx| {
                missing(tx, &told.partnership).await.map_err(Error::internal)
            })
            .await?;
        let Some((partnership_id, partnership_name)) = of else {
            continue;
        };
        let mut picture = None;
        if let Some(name) = &told.picture {
            picture = Some(put(files, name).await.with_context(|| format!("the picture {name}"))?);
            told.words.consent_on = Some((caller.now - TimeDelta::days(40)).date_naive());
        }
        let state = if picture.is_some() {
            StoryState::Published
        } else {
            StoryState::Draft
        };
        let at = caller.now - TimeDelta::days(30 + i64::try_from(added)?);
        let story = Story {
            id: StoryId(Uuid::now_v7()),
            version: 1,
            created_at: at,
            updated_at: at,
            partnership_id,
            partnership_name,
            state,
            state_reason: None,
            published_at: (state == StoryState::Published).then_some(at),
            words: told.words,
            picture,
        };
        db.write(&caller, async |tx| add(tx, &story).await).await?;
        added += 1;
    }
    Ok(added)
}

/// The partnership, where it has no story yet.
async fn missing(tx: &Tx<'_>, key: &str) -> anyhow::Result<Option<(PartnershipId, String)>> {
    let of = partnerships::by_source_key(tx, key)
        .await?
        .with_context(|| format!("the partnership {key} is missing"))?;
    let has_story = store::of_partnership(tx.conn(), of.id).await?.is_some();
    Ok((!has_story).then_some((of.id, of.name)))
}

async fn put(files: &Files, name: &str) -> anyhow::Result<StoryPicture> {
    let mut known = PICTURES.iter();
    let (_, bytes) = known.find(|(known, _)| *known == name).context("it is not drawn")?;
    let spooled = Spooled::receive(Page::of(bytes), STORY_PICTURE_BYTES_MAX).await?;
    let picture = measured(StoryPictureId(Uuid::now_v7()), &spooled)?;
    files.put(&key(picture.id), &spooled).await?;
    Ok(picture)
}

async fn add(tx: &Tx<'_>, story: &Story) -> Result<(), Error> {
    store::insert(tx, story).await?;
    if let Some(picture) = &story.picture {
        store::insert_picture(tx, story.id, picture.id).await?;
        store::use_picture(tx, picture.id, true).await?;
    }
    let details = json!({ "state": story.state, "source": INVENTED });
    tx.record(
        "import",
        Resource::Story,
        story.partnership_id.0,
        story.version,
        details,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_hold_and_those_with_a_picture_lack_nothing() {
        let told: Vec<Told> = serde_json::from_str(STORIES).unwrap();
        let today = chrono::NaiveDate::default();
        for mut told in told {
            assert!(told.words.faults(today).is_empty(), "{}", told.partnership);
            let Some(name) = &told.picture else { continue };
            assert!(PICTURES.iter().any(|(known, _)| known == name), "{name}");
            told.words.consent_on = Some(today);
            assert!(told.words.missing(true).is_empty(), "{}", told.partnership);
        }
    }
}
