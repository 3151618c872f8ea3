//! Who is signed in, as one signal for the whole app.
//!
//! The tokens are in HttpOnly cookies that no script can read; what is here is the account, the CSRF token, and when the session ends. A `lang`-like
//! marker in localStorage (`signed-in`, no secret) saves signed-out readers a request that could only fail.

use crate::{browser, client};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::accounts::{AccountView, Credentials, Grant, SessionView};
use shared::ids::{CityId, ProgrammeId};
use std::sync::LazyLock;

const MARKER: &str = "signed-in";

/// What is known of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Not asked yet.
    Unknown,
    /// Nobody.
    SignedOut,
    /// Somebody.
    SignedIn(Box<SessionView>),
}

static SESSION: LazyLock<ArcRwSignal<Session>> = LazyLock::new(|| ArcRwSignal::new(Session::Unknown));

/// The session; tracked.
pub fn session() -> Session {
    SESSION.get()
}

/// The account that is signed in; tracked.
pub fn account() -> Option<AccountView> {
    SESSION.with(|session| match session {
        Session::SignedIn(view) => Some(view.account.clone()),
        _ => None,
    })
}

/// Whether somebody is signed in; tracked.
pub fn is_signed_in() -> bool {
    SESSION.with(|session| matches!(session, Session::SignedIn(_)))
}

/// Whether nobody is signed in, for sure; not tracked.
pub fn is_signed_out() -> bool {
    SESSION.with_untracked(|session| *session == Session::SignedOut)
}

/// Whether the question who is signed in has been answered; tracked.
pub fn is_known() -> bool {
    SESSION.with(|session| *session != Session::Unknown)
}

/// The cities that the account works for, with their names; tracked.
pub fn own_cities() -> Vec<(CityId, String)> {
    account()
        .map(|account| {
            account
                .grants
                .into_iter()
                .filter_map(|view| match view.grant {
                    Grant::CityStaff { city_id } => Some((city_id, view.scope_name.unwrap_or_default())),
                    _ => None,
                })
                .collect()
        })
        .unwrap_or_default()
}

/// Whether the account decides on the applications of a programme; tracked.
pub fn is_officer() -> bool {
    account().is_some_and(|account| {
        account
            .grants
            .iter()
            .any(|view| matches!(view.grant, Grant::ProgrammeOfficer { .. } | Grant::Admin))
    })
}

/// Whether the account reviews likely doubles; tracked.
pub fn reviews_doubles() -> bool {
    account().is_some_and(|account| {
        let mut grants = account.grants.iter();
        grants.any(|view| matches!(view.grant, Grant::NetworkCoordinator { .. } | Grant::Admin))
    })
}

/// Whether the account administers the platform; tracked.
pub fn is_admin() -> bool {
    account().is_some_and(|account| account.grants.iter().any(|view| view.grant == Grant::Admin))
}

/// Whether the account writes the rules and calls of this programme; tracked.
pub fn is_officer_of(programme: ProgrammeId) -> bool {
    account().is_some_and(|account| {
        account.grants.iter().any(|view| match view.grant {
            Grant::ProgrammeOfficer { programme_id } => programme_id == programme,
            Grant::Admin => true,
            _ => false,
        })
    })
}

/// Whether the account reviews for a programme; tracked.
pub fn is_reviewer() -> bool {
    account().is_some_and(|account| {
        let mut grants = account.grants.iter();
        grants.any(|view| matches!(view.grant, Grant::Reviewer { .. }))
    })
}

/// When the session ends, to warn before; tracked.
pub fn ends_at() -> Option<DateTime<Utc>> {
    SESSION.with(|session| match session {
        Session::SignedIn(view) => Some(view.session_expires_at),
        _ => None,
    })
}

/// What requests that change something send back.
pub(crate) fn csrf_token() -> Option<String> {
    SESSION.with_untracked(|session| match session {
        Session::SignedIn(view) => Some(view.csrf_token.clone()),
        _ => None,
    })
}

/// Whether a refused request is worth a refresh.
pub(crate) fn may_refresh() -> bool {
    SESSION.with_untracked(|session| matches!(session, Session::SignedIn(_)))
}

/// Asks who is signed in, once, when the app starts.
pub async fn begin() {
    if browser::preference(MARKER).as_deref() != Some("yes") {
        SESSION.set(Session::SignedOut);
        return;
    }
    match client::get::<SessionView>("/session").await {
        Ok(view) => take(view),
        Err(failure) if failure.status == 401 => {
            refresh().await;
        }
        Err(_) => SESSION.set(Session::SignedOut),
    }
}

/// Asks for a new access token; says whether somebody is still signed in.
pub(crate) async fn refresh() -> bool {
    match client::refresh().await {
        Ok(view) => {
            take(view);
            true
        }
        Err(failure) => {
            if failure.status == 401 {
                forget();
            } else if !SESSION.with_untracked(|session| matches!(session, Session::SignedIn(_))) {
                SESSION.set(Session::SignedOut);
            }
            false
        }
    }
}

/// Signs in.
pub async fn sign_in(credentials: &Credentials) -> client::Answer<()> {
    let view = client::post::<_, SessionView>("/session", credentials).await?;
    take(view);
    Ok(())
}

/// Takes over what the person changed about the account.
pub fn know(account: AccountView) {
    SESSION.update(|session| {
        if let Session::SignedIn(view) = session {
            view.account = account;
        }
    });
}

/// Signs out, here even when the server cannot be reached.
pub async fn sign_out() -> client::Answer<()> {
    let answer = client::end("/session").await;
    forget();
    answer
}

fn take(view: SessionView) {
    browser::remember_preference(MARKER, "yes");
    SESSION.set(Session::SignedIn(Box::new(view)));
}

fn forget() {
    browser::remember_preference(MARKER, "no");
    SESSION.set(Session::SignedOut);
}

/// The sign-in page, with the way back to where the reader is now.
pub fn sign_in_address() -> String {
    let here = browser::window()
        .map(|window| {
            let location = window.location();
            format!(
                "{}{}",
                location.pathname().unwrap_or_default(),
                location.search().unwrap_or_default()
            )
        })
        .unwrap_or_default();
    format!("/sign-in?return={}", crate::address::encode(&here))
}

/// Where to go after signing in: a path of our own, never another site.
pub fn return_path(wanted: Option<&str>) -> String {
    match wanted {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && !path.starts_with("/sign-in") =>
        {
            path.to_owned()
        }
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_returns_only_to_our_own_pages() {
        assert_eq!(return_path(Some("/cities?q=Lviv")), "/cities?q=Lviv");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/sign-in",
            "",
        ] {
            assert_eq!(return_path(Some(foreign)), "/", "{foreign}");
        }
        assert_eq!(return_path(None), "/");
    }

    #[test]
    fn a_query_value_is_encoded_by_bytes() {
        assert_eq!(
            crate::address::encode("/cities?q=Лю&a"),
            "/cities%3Fq%3D%D0%9B%D1%8E%26a"
        );
    }
}
