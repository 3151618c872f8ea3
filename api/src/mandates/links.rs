//! The links of mails: whoever has the mail says that a contact is still the right person, without signing in. Opening a link shows
//! the contact's name and function and changes nothing: programs that look through mails open links too.

use chrono::{DateTime, Utc};
use shared::ids::SessionId;
use shared::mandates::ContactConfirmation;
use shared::problem::ProblemCode;
use uuid::Uuid;

use super::store::{self, Link};
use crate::accounts::secrets;
use crate::caller::Caller;
use crate::cities::contacts::service::confirmed;
use crate::cities::store as cities;
use crate::db::Answer;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// What a link is about.
///
/// # Errors
/// `NotFound` for a token that was never given out, or whose reader acts for the city no more; `LinkUsed`, `LinkExpired`.
pub async fn read(platform: &Platform, caller: &Caller, token: &str) -> Result<ContactConfirmation, Error> {
    let link = store::link(platform.db.read(), secrets::hash(token)).await?;
    let of = open(link, caller.now)?.contact.contact;
    Ok(ContactConfirmation {
        name: of.name,
        function: of.function,
    })
}

/// Confirms the contact of a link, once.
///
/// # Errors
/// Those of [`read`].
pub async fn confirm(platform: &Platform, caller: &Caller, token: &str) -> Result<Answer<ContactConfirmation>, Error> {
    let hash = secrets::hash(token);
    platform
        .db
        .write_once(caller, &hash, async |tx| {
            let city = open(store::link(tx.conn(), hash.clone()).await?, tx.now())?.city_id;
            let held = cities::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            // Read again: of two who press at once, one had to wait for the city.
            let of = open(store::link(tx.conn(), hash.clone()).await?, tx.now())?.contact;
            confirmed(tx, &held, of.id, "mail").await?;
            Ok(ContactConfirmation {
                name: of.contact.name,
                function: of.contact.function,
            })
        })
        .await
}

/// The link, where it can still be used: nobody is signed in, the token stands for who got the mail.
fn open(link: Option<Link>, now: DateTime<Utc>) -> Result<Link, Error> {
    let link = link.ok_or(Error::NotFound)?;
    let reader = Actor::Account {
        id: link.account_id,
        session_id: SessionId(Uuid::nil()),
        grants: link.grants.clone(),
    };
    if !policy::allows(&reader, &Action::ManageContacts { city: link.city_id }) {
        return Err(Error::NotFound);
    }
    if link.used_at.is_some() || link.contact.to_confirm.is_none() {
        return Err(Error::conflict(ProblemCode::LinkUsed));
    }
    if link.expires_at <= now {
        return Err(Error::conflict(ProblemCode::LinkExpired));
    }
    Ok(link)
}
