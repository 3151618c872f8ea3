//! Reading and changing profiles.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::json;
use shared::audit::Resource;
use shared::cities::{CityAction, CityDraft, CityPatch, CityView, LIST_MAX};
use shared::doubles::{DoubleSubject, SuccessionView};
use shared::ids::CityId;
use shared::problem::{FieldCode, FieldError};
use uuid::Uuid;

use super::{history, kin, rules, store};
use crate::caller::Caller;
use crate::db::Answer;
use crate::directory::Profile;
use crate::directory::list::{Page, Wanted};
use crate::directory::{Found, Search};
use crate::doubles::successions;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A city as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// This one.
    Here(CityId),
    /// The code belongs to the past: this one holds today.
    Moved(String),
    /// It is there no more: this took its place.
    Succeeded(SuccessionView),
}

/// The city behind an id or one of its codes such as `fr:insee:38185`. An id that is there is not looked up.
///
/// # Errors
/// `NotFound` for a code that nobody has or had, and those of the database.
pub async fn named(platform: &Platform, now: DateTime<Utc>, wanted: &str) -> Result<Named, Error> {
    if let Ok(id) = Uuid::try_parse(wanted) {
        if platform.directory.summary(CityId(id)).is_none()
            && let Some(succession) = successions::successor(platform, DoubleSubject::City, id).await?
        {
            return Ok(Named::Succeeded(succession));
        }
        return Ok(Named::Here(CityId(id)));
    }
    let (scheme, value) = wanted.rsplit_once(':').ok_or(Error::NotFound)?;
    if scheme.is_empty() || value.is_empty() || wanted.contains('\0') {
        return Err(Error::NotFound);
    }
    let (db, directory) = (&platform.db, &platform.directory);
    let profile = directory.published_by_code(db, scheme, value).await?;
    let today = now.date_naive();
    let holds = |until: Option<chrono::NaiveDate>| until.is_none_or(|until| until > today);
    let codes = || profile.view.codes.iter().filter(|code| code.scheme == scheme);
    let id = profile.view.summary.id;
    if codes().any(|code| code.value == value && holds(code.valid_to)) {
        return Ok(Named::Here(id));
    }
    let present = codes().find(|code| holds(code.valid_to));
    Ok(Named::Moved(match present {
        Some(code) => format!("{scheme}:{}", code.value),
        None => id.to_string(),
    }))
}

/// A city's public profile.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, city: CityId) -> Result<Arc<Profile>, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    platform.directory.published(&platform.db, city).await
}

/// A city's public profile as it stood at a past moment.
///
/// # Errors
/// `NotFound` where it was not there yet, and those of the database.
pub async fn read_past(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    at: DateTime<Utc>,
) -> Result<CityView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    history::at(platform, city, at).await
}

/// A profile with what the caller may do with the city.
#[must_use]
pub fn for_caller(platform: &Platform, caller: &Caller, mut view: CityView) -> CityView {
    let city = view.summary.id;
    let network = platform.directory.cities().network_of(city);
    view.allowed = [
        (CityAction::Update, Action::UpdateCity { city, network }),
        (CityAction::ManageContacts, Action::ManageContacts { city }),
        (CityAction::FindPartners, Action::FindPartners { city, network }),
        (CityAction::ManagePrivate, Action::ManagePrivate { city }),
    ]
    .into_iter()
    .filter(|(_, action)| policy::allows(&caller.actor, action))
    .map(|(name, _)| name)
    .collect();
    view
}

/// A page of cities.
///
/// # Errors
/// None: anybody may read the directory.
pub fn list(platform: &Platform, caller: &Caller, wanted: &Wanted<'_>) -> Result<Page, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    Ok(platform.directory.cities().list(wanted))
}

/// Cities found while typing, as `write` writes them.
///
/// # Errors
/// Those of `write`: anybody may read the directory.
pub fn search(
    platform: &Platform,
    caller: &Caller,
    search: &Search,
    write: impl FnOnce(&[Found]) -> Result<Vec<u8>, Error>,
) -> Result<Bytes, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    platform.directory.search(search, write)
}

/// Adds a city to the directory.
///
/// # Errors
/// `Unauthenticated` or `Denied`, `Invalid`, `Conflict` where another city has one of the codes, `IdempotencyMismatch`, and those
/// of the database.
pub async fn create(platform: &Platform, caller: &Caller, draft: &CityDraft) -> Result<Answer<CityView>, Error> {
    policy::require(&caller.actor, &Action::CreateCity)?;
    refuse(rules::check_draft(draft))?;
    let mut answer = platform
        .db
        .write_once(caller, draft, async |tx| {
            let id = CityId(Uuid::now_v7());
            let codes: Vec<store::NewCode> = draft.codes.iter().map(store::NewCode::from).collect();
            let new = store::NewCity {
                id,
                draft,
                names: &[],
                codes: &codes,
            };
            let view = if codes.is_empty() {
                store::insert(tx, &new)?
            } else {
                store::insert_told(tx, &new).await?
            };
            let details = json!({ "name": draft.name, "country": draft.country });
            tx.record("create", Resource::City, id.0, 1, details).await?;
            Ok(view)
        })
        .await?;
    answer.value.network_id = platform.directory.cities().network_of(answer.value.summary.id);
    answer.value = for_caller(platform, caller, answer.value);
    Ok(answer)
}

/// Changes a city's profile.
///
/// # Errors
/// `NotFound`, `Unauthenticated` or `Denied`, `PreconditionRequired` or `Stale`, `Invalid`, and those of the database.
pub async fn update(platform: &Platform, caller: &Caller, city: CityId, patch: &CityPatch) -> Result<CityView, Error> {
    let mut view = platform
        .db
        .write(caller, async |tx| {
            let held = store::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            let network = platform.directory.cities().network_of(city).or(held.network_id);
            policy::require(&caller.actor, &Action::UpdateCity { city, network })?;
            caller.expect_version(held.version)?;
            let mut faults = rules::check_patch(patch);
            faults.extend(kin::parent_fault(platform, tx, city, patch.parent_id).await?);
            refuse(faults)?;
            let version = held.version + 1;
            let details = history::facts(tx, city, json!({ "fields": changed_fields(patch) })).await?;
            let descriptions = store::save_patch(tx, &held, version, patch).await?;
            if descriptions as u64 > LIST_MAX {
                let fault = FieldError::new("/descriptions", FieldCode::Length);
                return Err(Error::field(fault.with("min", 0).with("max", LIST_MAX)));
            }
            tx.record("update", Resource::City, city.0, version, details).await?;
            store::profile(tx.conn(), city).await?.ok_or(Error::NotFound)
        })
        .await?;
    view.network_id = view.network_id.or(platform.directory.cities().network_of(city));
    Ok(for_caller(platform, caller, view))
}

fn changed_fields(patch: &CityPatch) -> Vec<&'static str> {
    [
        ("descriptions", patch.descriptions.is_some()),
        ("languages", patch.languages.is_some()),
        ("need_statements", patch.need_statements.is_some()),
        ("offer_statements", patch.offer_statements.is_some()),
        ("looking_for", patch.looking_for.is_some()),
        ("open_to_partners", patch.open_to_partners.is_some()),
        ("website", patch.website.is_some()),
        ("parent_id", patch.parent_id.is_some()),
    ]
    .into_iter()
    .filter(|(_, is_changed)| *is_changed)
    .map(|(name, _)| name)
    .collect()
}
