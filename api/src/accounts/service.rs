//! One's own account, and the keys of access tokens.

use serde_json::json;
use shared::accounts::{AccountPatch, AccountView, Digest, Grant, GrantView, NAME_MAX};
use shared::audit::Resource;
use shared::language::{Language, text_for};
use shared::problem::{FieldCode, FieldError};

use crate::accounts::store::{self, Account, NamedGrant};
use crate::accounts::tokens::Tokens;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// Loads the signing keys; makes the first one where there is none.
///
/// # Errors
/// Those of the database.
pub async fn load_tokens(db: &Db, clock: &Clock) -> Result<Tokens, Error> {
    if store::signing_keys(db).await?.is_empty() {
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::internal(anyhow::anyhow!("no randomness: {error}")))?;
        let caller = Caller::system(clock.now());
        db.write(&caller, async |tx| {
            store::insert_signing_key(tx, secret, caller.now).await
        })
        .await?;
    }
    // Read again: another process may have made its own at the same time, and both have to be known.
    Ok(Tokens::new(store::signing_keys(db).await?))
}

/// An e-mail address as it is kept and compared.
#[must_use]
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account that is signed in.
///
/// # Errors
/// `Unauthenticated`, `Denied` for programs, and those of the database.
pub async fn read_me(platform: &Platform, caller: &Caller) -> Result<AccountView, Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    let Actor::Account { id, .. } = caller.actor else {
        return Err(Error::NotFound);
    };
    let db = platform.db.read();
    let account = store::account(db, id).await?.ok_or(Error::NotFound)?;
    let grants = store::grants(db, id).await?;
    Ok(view_of(platform, account, grants))
}

/// Changes the account that is signed in.
///
/// # Errors
/// `Unauthenticated`, `Denied` for programs, `Stale`, `Invalid`, and those of the database.
pub async fn update_me(platform: &Platform, caller: &Caller, patch: AccountPatch) -> Result<AccountView, Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    let Actor::Account { id, .. } = caller.actor else {
        return Err(Error::NotFound);
    };
    let (account, grants) = platform
        .db
        .write(caller, async |tx| {
            let mut account = store::account_for_update(tx, id).await?;
            caller.expect_version(account.version)?;
            let mut changed = Vec::new();
            if let Some(name) = &patch.name {
                account.name = normal_name(name).map_err(Error::field)?;
                changed.push("name");
            }
            if let Some(language) = patch.language {
                account.language = language.tag().to_owned();
                changed.push("language");
            }
            if let Some(digest) = patch.digest {
                account.digest = digest.code().to_owned();
                changed.push("digest");
            }
            account.version += 1;
            store::update_account(tx, &account).await?;
            let details = json!({ "fields": changed });
            tx.record("update", Resource::Account, id, account.version, details)
                .await?;
            let grants = store::grants(tx.conn(), id).await?;
            Ok((account, grants))
        })
        .await?;
    Ok(view_of(platform, account, grants))
}

/// A person's name as it is kept.
///
/// # Errors
/// Where nothing but space is in it, or it holds what cannot be seen.
pub fn normal_name(name: &str) -> Result<String, FieldError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(FieldError::new("/name", FieldCode::Required));
    }
    if name.chars().count() as u64 > NAME_MAX {
        return Err(FieldError::new("/name", FieldCode::Length).with("max", NAME_MAX));
    }
    if name.chars().any(char::is_control) {
        return Err(FieldError::new("/name", FieldCode::Format));
    }
    Ok(name.to_owned())
}

/// An account as its owner sees it.
#[must_use]
pub fn view_of(platform: &Platform, account: Account, grants: Vec<NamedGrant>) -> AccountView {
    let language = Language::from_tag(&account.language).unwrap_or_default();
    let name_of = |named: &NamedGrant| match named.grant {
        Grant::CityStaff { city_id } => platform.directory.summary(city_id).map(|city| city.name.clone()),
        Grant::NetworkCoordinator { .. } => named.network_name.clone(),
        Grant::ProgrammeOfficer { .. } | Grant::Reviewer { .. } => {
            let texts = named.programme_name.as_ref();
            texts.and_then(|texts| text_for(texts, language)).map(str::to_owned)
        }
        Grant::Admin => None,
    };
    AccountView {
        id: account.id,
        version: account.version,
        language,
        digest: Digest::from_code(&account.digest).unwrap_or(Digest::Off),
        email: account.email,
        name: account.name,
        grants: grants
            .into_iter()
            .map(|named| GrantView {
                id: named.id,
                grant: named.grant,
                scope_name: name_of(&named),
            })
            .collect(),
    }
}
