//! `/session` and `/me`. The tokens go in cookies that no script reads; the page gets the CSRF token.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use chrono::{DateTime, Utc};
use shared::accounts::{AccountPatch, AccountView, Credentials, SessionView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::sessions::SignedIn;
use super::{clients, service, sessions};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::Door;
use crate::http::actor::{self, ACCESS_COOKIE, OwnPage, REFRESH_COOKIE};
use crate::http::answer::{self, Versioned};
use crate::http::valid::Valid;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session)
        .service(read_session)
        .service(refresh_session)
        .service(delete_session)
        .service(read_me)
        .service(update_me)
        .configure(clients::routes::configure);
}

impl Versioned for AccountView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Sign in
///
/// Sets two cookies that no script can read: `__Host-access` for ten minutes and `__Host-refresh` for the session. The
/// `csrf_token` of the answer goes with every request that changes something, in `X-CSRF-Token`. A wrong address and a
/// wrong password are the same `credentials_invalid`; after five failures each further one makes the next attempt wait
/// longer (429 with `Retry-After`). Requests from pages of other sites (`Sec-Fetch-Site`, `Origin`) are refused.
#[utoipa::path(
    tag = "session",
    request_body = Credentials,
    responses((status = 200, description = "Signed in", body = SessionView)),
)]
#[post("/session")]
async fn create_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    visitor: OwnPage,
    credentials: Valid<Credentials>,
) -> Result<HttpResponse, Error> {
    let caller = visitor.0;
    let signed_in = sessions::sign_in(&platform, &caller, address_of(&request), credentials.0).await?;
    Ok(with_cookies(&signed_in, caller.now))
}

/// Who is signed in
///
/// The session of the access cookie; 401 where there is none or where it is over. Refresh it then.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The session", body = SessionView)),
    security(("session" = [])),
)]
#[get("/session")]
async fn read_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    let view = sessions::read(&platform, &caller, actor::verified(&request)).await?;
    answer::list(&request, &view, None, false)
}

/// Refresh the session
///
/// Needs the cookie `__Host-refresh` only, and replaces it: each refresh token is good once, with ten seconds' grace for
/// tabs that refresh at the same moment (they get a new access cookie and keep the refresh cookie that came first). One
/// that comes back later ends the session, because somebody has a copy. No CSRF header is needed: the cookies are
/// `SameSite=Lax`, and requests from pages of other sites (`Sec-Fetch-Site`, `Origin`) are refused.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The session with a new access token", body = SessionView)),
    security(("refresh" = [])),
)]
#[post("/session/refresh")]
async fn refresh_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    visitor: OwnPage,
) -> Result<HttpResponse, Error> {
    let caller = visitor.0;
    let presented = refresh_cookie(&request);
    let signed_in = sessions::refresh(&platform, &caller, presented.as_deref()).await?;
    Ok(with_cookies(&signed_in, caller.now))
}

/// Sign out
///
/// Ends the session: its refresh token and every access token of it stop at once, in every API process.
#[utoipa::path(
    tag = "session",
    responses((status = 204, description = "Signed out")),
    security(("session" = []), ("refresh" = [])),
)]
#[delete("/session")]
async fn delete_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    sessions::sign_out(&platform, &caller, refresh_cookie(&request).as_deref()).await?;
    let mut response = HttpResponse::NoContent();
    for name in [ACCESS_COOKIE, REFRESH_COOKIE] {
        response.cookie(cookie(name, String::new(), Duration::ZERO));
    }
    Ok(response.finish())
}

/// Read one's own account
///
/// The person who is signed in, with the roles and what each is for.
#[utoipa::path(
    tag = "session",
    responses((status = 200, description = "The account", body = AccountView), (status = 304, description = "Not modified")),
    security(("session" = [])),
)]
#[get("/me")]
async fn read_me(request: HttpRequest, platform: web::Data<Platform>, caller: Caller) -> Result<HttpResponse, Error> {
    let view = service::read_me(&platform, &caller).await?;
    answer::read(&request, &view, false)
}

/// Change one's own account
///
/// Changes the name, the language, or how often a digest comes by mail; what is absent stays.
#[utoipa::path(
    tag = "session",
    params(("If-Match" = String, Header, description = "The version that you know, for example `\"1\"`")),
    request_body = AccountPatch,
    responses((status = 200, description = "The account as it now is", body = AccountView)),
    security(("session" = [])),
)]
#[patch("/me")]
async fn update_me(
    platform: web::Data<Platform>,
    caller: Caller,
    patch: Valid<AccountPatch>,
) -> Result<HttpResponse, Error> {
    let view = service::update_me(&platform, &caller, patch.0).await?;
    answer::changed(&view)
}

fn refresh_cookie(request: &HttpRequest) -> Option<String> {
    request.cookie(REFRESH_COOKIE).map(|cookie| cookie.value().to_owned())
}

fn address_of(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr();
    match request.app_data::<web::Data<Door>>() {
        Some(door) => door.limits.address_of(peer, request.headers()),
        None => peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip()),
    }
}

fn with_cookies(signed_in: &SignedIn, now: DateTime<Utc>) -> HttpResponse {
    let view = &signed_in.view;
    let until = |end: DateTime<Utc>| Duration::seconds((end - now).num_seconds().max(0));
    let mut response = HttpResponse::Ok();
    response.cookie(cookie(
        ACCESS_COOKIE,
        signed_in.access.clone(),
        until(view.access_expires_at),
    ));
    if let Some(refresh) = &signed_in.refresh {
        response.cookie(cookie(REFRESH_COOKIE, refresh.clone(), until(view.session_expires_at)));
    }
    response
        .insert_header(("cache-control", "private, no-store"))
        .json(view)
}

/// A cookie of the session. `__Host-` asks for `Secure`, `Path=/` and no domain; browsers take it from loopback without
/// TLS.
fn cookie(name: &'static str, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}
