//! Writing a story, publishing it, withdrawing it, and reading it.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{PartnershipId, StoryId};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::stories::{StoryAction, StoryAdvance, StoryDraft, StoryPage, StoryState, StorySummary, StoryView};
use uuid::Uuid;

use super::store::{self, Place, Story, StoryFilter};
use crate::activities::views::{authorities, lead, require_change};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::partnerships::store::{self as partnerships, Partnership, Party, parties_of};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of stories, the latest published first; of one partnership also what is not published, for who writes it.
///
/// # Errors
/// `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    partnership: Option<PartnershipId>,
    paging: &Paging,
) -> Result<StoryPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<Place> = paging.cursor.as_deref().map(page::position).transpose()?;
    let mut filter = StoryFilter {
        partnership_id: partnership,
        hidden: false,
    };
    if let Some(id) = partnership.filter(|_| !caller.actor.is_public()) {
        let parties = parties_of(platform.db.read(), &[id]).await?.remove(&id);
        filter.hidden = parties.is_some_and(|parties| may_read(caller, &parties, true).is_ok());
    }
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, &filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.published_at, last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let total = if paging.count {
        Some(store::count(&platform.db, &filter).await?)
    } else {
        None
    };
    Ok(StoryPage {
        items: found.into_iter().map(summary).collect(),
        next,
        total,
    })
}

fn summary(of: Story) -> StorySummary {
    StorySummary {
        partnership_id: of.partnership_id,
        partnership_name: of.partnership_name,
        state: of.state,
        published_at: of.published_at,
        title: of.words.title,
        lead: of.words.lead,
        picture: of.picture,
        alt: of.words.alt,
    }
}

/// Requires that the caller may read a story of a partnership with these parties.
///
/// # Errors
/// `NotFound` where it is hidden.
pub(super) fn may_read(caller: &Caller, parties: &[Party], hidden: bool) -> Result<(), Error> {
    let action = Action::ReadStory {
        cities: &authorities(parties),
        lead: lead(parties)?,
        hidden,
    };
    policy::require(&caller.actor, &action)
}

/// The story of a partnership.
///
/// # Errors
/// `NotFound`, also for one that is not published, unless the caller writes it.
pub async fn read(platform: &Platform, caller: &Caller, partnership: PartnershipId) -> Result<StoryView, Error> {
    let conn = platform.db.read();
    let of = store::of_partnership(conn, partnership).await?.ok_or(Error::NotFound)?;
    let parties = parties_of(conn, &[partnership]).await?.remove(&partnership);
    let parties = parties.unwrap_or_default();
    may_read(caller, &parties, of.state != StoryState::Published)?;
    Ok(view(caller, &parties, of))
}

/// Begins a story, as a draft.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`; `AlreadyExists` where the partnership has one.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &StoryDraft,
) -> Result<Answer<StoryView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = opened(tx, partnership).await?;
            if store::of_partnership(tx.conn(), of.id).await?.is_some() {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            refuse(draft.faults(tx.now().date_naive()))?;
            let made = Story {
                id: StoryId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                partnership_id: of.id,
                partnership_name: of.name,
                state: StoryState::Draft,
                state_reason: None,
                published_at: None,
                words: draft.clone().tidied(),
                picture: None,
            };
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            Ok(view(caller, &of.parties, made))
        })
        .await
}

/// Changes what a story says. A published one stays whole.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid`; `StateConflict` for one that is withdrawn.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &StoryDraft,
) -> Result<StoryView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (of, before) = begin_change(tx, partnership).await?;
            if before.state == StoryState::Withdrawn {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let mut after = before.clone();
            after.words = draft.clone().tidied();
            refuse(after.words.faults(tx.now().date_naive()))?;
            if after.state == StoryState::Published {
                refuse(lacking(&after))?;
            }
            if after != before {
                save(tx, &mut after, "update").await?;
            }
            Ok(view(caller, &of.parties, after))
        })
        .await
}

/// Moves a story to its next state: published only once it lacks nothing.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`; `StateConflict` for a step that is not drawn, `Invalid` where something lacks.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    step: &StoryAdvance,
) -> Result<Answer<StoryView>, Error> {
    platform
        .db
        .write_once(caller, step, async |tx| {
            let (of, mut story) = begin_change(tx, partnership).await?;
            if !story.state.next().contains(&step.to) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let reason = step.reason.as_deref().map(str::trim).filter(|words| !words.is_empty());
            if step.to.needs_reason() && reason.is_none() {
                return Err(Error::field(FieldError::new("/reason", FieldCode::Required)));
            }
            if step.to == StoryState::Published {
                refuse(lacking(&story))?;
                story.published_at = Some(tx.now());
            }
            story.state = step.to;
            story.state_reason = reason.filter(|_| step.to.needs_reason()).map(str::to_owned);
            save(tx, &mut story, "advance").await?;
            Ok(view(caller, &of.parties, story))
        })
        .await
}

fn lacking(of: &Story) -> Vec<FieldError> {
    let missing = of.words.missing(of.picture.is_some()).into_iter();
    missing
        .map(|field| FieldError::new(field, FieldCode::Required))
        .collect()
}

/// The partnership, locked, for who may change it.
pub(super) async fn opened(tx: &Tx<'_>, partnership: PartnershipId) -> Result<Partnership, Error> {
    let of = partnerships::for_update(tx, partnership)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    require_change(tx.caller(), &of.parties)?;
    Ok(of)
}

/// The partnership, locked, with its story, for who may change it and knows its version.
pub(super) async fn begin_change(tx: &Tx<'_>, partnership: PartnershipId) -> Result<(Partnership, Story), Error> {
    let of = opened(tx, partnership).await?;
    let story = store::of_partnership(tx.conn(), of.id).await?.ok_or(Error::NotFound)?;
    tx.caller().expect_version(story.version)?;
    Ok((of, story))
}

/// Writes the next version of a story.
pub(super) async fn save(tx: &Tx<'_>, of: &mut Story, verb: &str) -> Result<(), Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Story) -> Result<(), Error> {
    let details = json!({
        "state": of.state,
        "reason": of.state_reason,
        "picture_id": of.picture.as_ref().map(|picture| picture.id),
        "consent_on": of.words.consent_on,
    });
    tx.record(verb, Resource::Story, of.partnership_id.0, of.version, details)
        .await
}

/// A story as it is read; who agreed to its picture is told only to who may change it.
pub(super) fn view(caller: &Caller, parties: &[Party], of: Story) -> StoryView {
    let may = require_change(caller, parties).is_ok();
    let knows = may_read(caller, parties, true).is_ok();
    let mut allowed = Vec::new();
    if may {
        if of.state != StoryState::Withdrawn {
            allowed.push(StoryAction::Update);
        }
        if of.state == StoryState::Draft {
            allowed.push(StoryAction::AddPicture);
        }
        if of.picture.is_some() {
            allowed.push(StoryAction::RemovePicture);
        }
        allowed.push(StoryAction::Advance);
    }
    let missing = of.words.missing(of.picture.is_some());
    let mut words = of.words;
    if !knows {
        words.consent_by.clear();
    }
    StoryView {
        partnership_id: of.partnership_id,
        partnership_name: of.partnership_name,
        version: of.version,
        state: of.state,
        state_reason: of.state_reason,
        published_at: of.published_at,
        words,
        picture: of.picture,
        missing,
        next_states: of.state.next().to_vec(),
        allowed,
        updated_at: of.updated_at,
    }
}
