//! The picture of a story: taken in by what its bytes are, without what they tell of where and when it was taken, given out, and
//! gone for good once it is taken away.

use std::io::{BufReader, Read as _};

use chrono::TimeDelta;
use imagesize::{ImageError, ImageType};
use shared::ids::{PartnershipId, StoryPictureId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::stories::{
    STORY_PICTURE_BYTES_MAX, STORY_PICTURE_SIDE_MAX, StoryPicture, StoryPictureKind, StoryState, StoryView,
};
use uuid::Uuid;

use super::service::{begin_change, may_read, opened, save, view};
use super::store::{self, Story};
use super::strip::stripped;
use crate::activities::views::require_change;
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::Error;
use crate::files::content::Refused;
use crate::files::{Pieces, Spooled, Stream};
use crate::partnerships::store::parties_of;
use crate::platform::Platform;

/// After how long bytes that no story shows are swept up.
const SWEPT_AFTER: TimeDelta = TimeDelta::days(1);
/// Swept up at once.
const SWEPT_AT_ONCE: u64 = 100;

/// Where a picture is in the object store.
#[must_use]
pub fn key(id: StoryPictureId) -> String {
    format!("stories/{id}")
}

/// What a picture is: its kind by its first bytes, its sides by its header.
///
/// # Errors
/// `Unreadable` with `attachment_type` where it is no PNG or JPEG, `Invalid` where a side is too long.
pub fn measured(id: StoryPictureId, spooled: &Spooled) -> Result<StoryPicture, Error> {
    let mut file = BufReader::new(spooled.reopen()?);
    let broken = |error: ImageError| match error {
        ImageError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Error::internal(error),
        _ => Refused::Kind.problem(),
    };
    let (kind, known) = match imagesize::reader_type(&mut file).map_err(broken)? {
        ImageType::Png => (StoryPictureKind::Png, ImageType::Png),
        ImageType::Jpeg => (StoryPictureKind::Jpeg, ImageType::Jpeg),
        _ => return Err(Refused::Kind.problem()),
    };
    let sides = known.reader_size(&mut file).map_err(broken)?;
    let side = |pixels: usize| match u32::try_from(pixels) {
        Ok(0) => Err(Refused::Kind.problem()),
        Ok(pixels) if u64::from(pixels) <= STORY_PICTURE_SIDE_MAX => Ok(pixels),
        _ => Err(Error::field(
            FieldError::new("", FieldCode::Range)
                .with("max", STORY_PICTURE_SIDE_MAX)
                .with("actual", pixels),
        )),
    };
    Ok(StoryPicture {
        id,
        kind,
        size_bytes: i64::try_from(spooled.size).map_err(Error::internal)?,
        width: side(sides.width)?,
        height: side(sides.height)?,
        sha256: spooled.sha256.clone(),
    })
}

/// Takes a picture in, in place of the one that a draft has. Who agreed to that one did not agree to this one.
///
/// # Errors
/// `NotFound`, `Denied`; `StateConflict` for a story that is no draft; a picture that is too large, of another kind, or
/// infected; and those of the database and of the store.
pub async fn add(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    body: impl Pieces,
) -> Result<Answer<StoryView>, Error> {
    // Before anything of it is read, though it is judged again once it is here.
    let conn = platform.db.read();
    let parties = parties_of(conn, &[partnership]).await?.remove(&partnership);
    require_change(caller, &parties.ok_or(Error::NotFound)?)?;
    let story = store::of_partnership(conn, partnership).await?.ok_or(Error::NotFound)?;
    require_draft(&story)?;
    let spooled = Spooled::receive(body, STORY_PICTURE_BYTES_MAX).await?;
    platform.files.look(&spooled).await?;
    let id = StoryPictureId(Uuid::now_v7());
    let spooled = without_traces(measured(id, &spooled)?.kind, spooled).await?;
    let picture = measured(id, &spooled)?;
    platform
        .db
        .write(caller, async |tx| store::insert_picture(tx, story.id, id).await)
        .await?;
    let mut replaced = None;
    let answer = match platform.files.put(&key(id), &spooled).await {
        Ok(()) => attach(platform, caller, partnership, picture, &mut replaced).await,
        Err(error) => Err(error),
    };
    // What the story does not show goes at once; where that fails, it is swept up later.
    let is_shown = matches!(&answer, Ok(answer) if answer.value.picture.as_ref().is_some_and(|now| now.id == id));
    let unused = replaced.or((!is_shown).then_some(id));
    if let Some(unused) = unused {
        discard(platform, caller, unused).await.ok();
    }
    answer
}

/// The picture without where, when and by whom it was taken: what is stored and shown is that only.
async fn without_traces(kind: StoryPictureKind, spooled: Spooled) -> Result<Spooled, Error> {
    let mut file = spooled.reopen()?;
    let read = move || {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map(|_| stripped(kind, &bytes))
    };
    let kept = tokio::task::spawn_blocking(read).await.map_err(Error::internal)?;
    // Which way is up may take some bytes more than it took.
    Spooled::receive(Some(kept.map_err(Error::internal)?.into()), 2 * STORY_PICTURE_BYTES_MAX).await
}

async fn attach(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    picture: StoryPicture,
    replaced: &mut Option<StoryPictureId>,
) -> Result<Answer<StoryView>, Error> {
    platform
        .db
        .write_once(caller, &picture.sha256, async |tx| {
            let of = opened(tx, partnership).await?;
            let mut story = store::of_partnership(tx.conn(), of.id).await?.ok_or(Error::NotFound)?;
            require_draft(&story)?;
            if let Some(before) = story.picture.take() {
                store::use_picture(tx, before.id, false).await?;
                story.words.forget_picture();
                *replaced = Some(before.id);
            }
            store::use_picture(tx, picture.id, true).await?;
            story.picture = Some(picture.clone());
            save(tx, &mut story, "add_picture").await?;
            Ok(view(caller, &of.parties, story))
        })
        .await
}

fn require_draft(of: &Story) -> Result<(), Error> {
    if of.state == StoryState::Draft {
        Ok(())
    } else {
        Err(Error::conflict(ProblemCode::StateConflict))
    }
}

/// Takes the picture away, also from a published story, with all that is said of it. Answers with the story's new version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
pub async fn remove(platform: &Platform, caller: &Caller, partnership: PartnershipId) -> Result<i64, Error> {
    let (version, removed) = platform
        .db
        .write(caller, async |tx| {
            let (_, mut story) = begin_change(tx, partnership).await?;
            let before = story.picture.take().ok_or(Error::NotFound)?;
            store::use_picture(tx, before.id, false).await?;
            story.words.forget_picture();
            save(tx, &mut story, "remove_picture").await?;
            Ok((story.version, before.id))
        })
        .await?;
    // Whoever is in it may have asked for this: the bytes go now, and where that fails, they are swept up.
    discard(platform, caller, removed).await.ok();
    Ok(version)
}

/// A picture with its bytes, and whether anybody may read it.
///
/// # Errors
/// `NotFound`, also for one that its story shows no more, and for one of a story that is not published, unless the caller
/// writes it.
pub async fn open(
    platform: &Platform,
    caller: &Caller,
    id: StoryPictureId,
) -> Result<(StoryPicture, bool, Stream), Error> {
    let conn = platform.db.read();
    let story = store::of_picture(conn, id).await?.ok_or(Error::NotFound)?;
    let parties = parties_of(conn, &[story.partnership_id]).await?;
    let parties = parties.get(&story.partnership_id).map(Vec::as_slice);
    let is_public = story.state == StoryState::Published;
    may_read(caller, parties.unwrap_or_default(), !is_public)?;
    let picture = story
        .picture
        .filter(|picture| picture.id == id)
        .ok_or(Error::NotFound)?;
    let bytes = platform.files.get(&key(id)).await?;
    Ok((picture, is_public, bytes))
}

/// Deletes bytes and row of a picture.
async fn discard(platform: &Platform, caller: &Caller, id: StoryPictureId) -> Result<(), Error> {
    platform.files.delete(&key(id)).await?;
    platform
        .db
        .write(caller, async |tx| store::delete_picture(tx, id).await)
        .await
}

/// Deletes pictures that no story shows: what broke off on its way in, and what could not be deleted at once. Says how many.
///
/// # Errors
/// Those of the database and of the store.
pub async fn sweep(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let due = store::unused_pictures(platform.db.read(), caller.now - SWEPT_AFTER, SWEPT_AT_ONCE).await?;
    for &id in &due {
        discard(platform, &caller, id).await?;
    }
    Ok(due.len() as u64)
}
