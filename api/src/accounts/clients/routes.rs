//! `/api-clients` and `/oauth/token`.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use shared::accounts::{
    ApiClientDraft, ApiClientPage, ApiClientView, TokenError, TokenProblem, TokenRequest, TokenView,
};
use shared::ids::ApiClientId;
use shared::problem::{Problem, ProblemCode};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Proof, Refusal};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::actor::Visitor;
use crate::http::answer::{self, Versioned};
use crate::http::form::Form;
use crate::http::page::Limit;
use crate::http::problem::MEDIA_TYPE;
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_api_clients)
        .service(create_api_client)
        .service(read_api_client)
        .service(delete_api_client)
        .service(create_token);
}

impl Versioned for ApiClientView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which programs to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ApiClientFilter {
    /// Where to go on: the `next` of the page before.
    cursor: Option<String>,
    /// How many to answer.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List programs
///
/// The programs that act for one of your grants, latest first; for administrators all. Secrets are never shown again.
#[utoipa::path(
    tag = "api clients",
    params(ApiClientFilter),
    responses((status = 200, description = "A page of programs", body = ApiClientPage)),
    security(("session" = [])),
)]
#[get("/api-clients")]
async fn list_api_clients(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    filter: Query<ApiClientFilter>,
) -> Result<HttpResponse, Error> {
    let filter = filter.0;
    let page = service::list(&platform, &caller, filter.cursor.as_deref(), filter.limit.0).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Let a program in
///
/// Makes a client for `/oauth/token` that acts for one of your grants. Its secret is in this answer and nowhere else:
/// the same request repeated under its `Idempotency-Key` answers the same client without the secret.
#[utoipa::path(
    tag = "api clients",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request answer what the first one did")),
    request_body = ApiClientDraft,
    responses((status = 201, description = "The program with its secret", body = ApiClientView)),
    security(("session" = [])),
)]
#[post("/api-clients")]
async fn create_api_client(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<ApiClientDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, draft.0).await?;
    let location = format!("/api/v1/api-clients/{}", answer.value.id);
    answer::created(&answer, &location)
}

/// Read a program
///
/// Never shows its secret.
#[utoipa::path(
    tag = "api clients",
    params(("id" = ApiClientId, Path, description = "The program's id")),
    responses((status = 200, description = "The program", body = ApiClientView), (status = 304, description = "Not modified")),
    security(("session" = [])),
)]
#[get("/api-clients/{id}")]
async fn read_api_client(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApiClientId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Revoke a program
///
/// Its secret and its tokens stop at once.
#[utoipa::path(
    tag = "api clients",
    params(
        ("id" = ApiClientId, Path, description = "The program's id"),
        ("If-Match" = String, Header, description = "The version that you know, for example `\"1\"`"),
    ),
    responses((status = 204, description = "Revoked")),
    security(("session" = [])),
)]
#[delete("/api-clients/{id}")]
async fn delete_api_client(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApiClientId>,
) -> Result<HttpResponse, Error> {
    service::revoke(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Get a token
///
/// OAuth 2 client credentials (RFC 6749, section 4.4): the program proves itself by HTTP Basic, or with `client_id` and
/// `client_secret` in the body, and gets a bearer token for ten minutes. Errors are problems that also have the `error`
/// of RFC 6749, section 5.2.
#[utoipa::path(
    tag = "api clients",
    operation_id = "create_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A bearer token", body = TokenView),
        (status = 400, description = "`malformed`: the request, the grant type or the scope is wrong.", body = TokenProblem, content_type = "application/problem+json"),
        (status = 401, description = "`invalid_client`: the client is not recognised.", body = TokenProblem, content_type = "application/problem+json"),
    ),
)]
#[post("/oauth/token")]
async fn create_token(
    request: HttpRequest,
    platform: web::Data<Platform>,
    visitor: Visitor,
    form: Result<Form<TokenRequest>, Error>,
) -> Result<HttpResponse, Error> {
    let caller = visitor.0;
    let form = match form {
        Err(Error::Unreadable {
            detail,
            code: ProblemCode::Malformed,
            ..
        }) => {
            return Ok(refusal(&request, &caller, TokenError::InvalidRequest, Some(detail)));
        }
        form => form?,
    };
    match service::token(&platform, &caller, basic(&request), form.0).await {
        Ok(view) => Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(view)),
        Err(Refusal::Told(error)) => Ok(refusal(&request, &caller, error, None)),
        Err(Refusal::Other(error)) => Err(error),
    }
}

/// What a program told by HTTP Basic.
fn basic(request: &HttpRequest) -> Option<Proof> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Proof {
        id: id.to_owned(),
        secret: secret.to_owned(),
    })
}

fn refusal(request: &HttpRequest, caller: &Caller, error: TokenError, detail: Option<String>) -> HttpResponse {
    let code = match error {
        TokenError::InvalidClient => ProblemCode::ClientInvalid,
        TokenError::InvalidRequest | TokenError::UnsupportedGrantType | TokenError::InvalidScope => {
            ProblemCode::Malformed
        }
    };
    let problem = Problem {
        kind: format!("/problems/{}", code.code()),
        title: code.title(caller.language).to_owned(),
        status: code.status(),
        detail,
        instance: Some(request.path().to_owned()),
        code,
        request_id: caller.request_id.map(|id| id.to_string()),
        errors: Vec::new(),
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"passerelle\""));
    }
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type(MEDIA_TYPE)
        .body(serde_json::to_string(&TokenProblem { problem, error }).unwrap_or_default())
}
