//! The OpenAPI document: its base, what all operations have in common, and where it is read.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::language::Language;
use shared::problem::{FieldError, Problem, ProblemCode};
use utoipa::OpenApi as _;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Type};

use super::actor::KEY_MAX;
use super::edge::language_of;
use super::operations::Proof;
use super::page::CountryCode;
use super::problem::MEDIA_TYPE;
use crate::error::Error;

/// The security scheme of a session's access token in its cookie.
const SESSION: &str = "session";
/// The security scheme of a session's access token as a bearer token.
const BEARER: &str = "bearer";
/// The security scheme of the refresh token.
pub(super) const REFRESH: &str = "refresh";

/// The base of the document.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Passerelle",
        version = "1.0.0",
        description = "Local and regional authorities find partners in other countries, run partnerships, and apply together to calls for projects.\n\n\
            Public reads need no key. The web app signs in with cookies; programs get a bearer token at `/api/v1/oauth/token` with an id and a secret: those of \
            `POST /api/v1/api-clients`, asked for in the session of somebody who has the role, or of `api admin create-client` on the server. \
            Errors are RFC 9457 problems with stable codes. Changes need `If-Match` with the version read; POST requests take an `Idempotency-Key`. \
            Times are RFC 3339 in UTC with milliseconds: `2026-11-20T17:30:00.000Z`; any offset is read.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Passerelle", url = "https://passerelle.example")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "session", description = "Signing in and out, one's own account"),
        (name = "api clients", description = "Programs and their tokens"),
        (name = "cities", description = "The directory of authorities and their profiles"),
        (name = "mandates", description = "Elections, and contacts to be confirmed after them"),
        (name = "doubles", description = "Cities and partnerships that may stand twice, reviewed by people"),
        (name = "matches", description = "Finding partners: ranked suggestions, interest, contact"),
        (name = "partnerships", description = "Partnerships of several parties, with pairs inside"),
        (name = "activities", description = "What partnerships do, as lists and calendars; bookings of exhibitions"),
        (name = "results", description = "What partnerships achieve, with the evidence"),
        (name = "grants", description = "Grants: contract, instalments, reports"),
        (name = "lessons", description = "What partnerships learn, and the ten lessons of a meeting"),
        (name = "cohorts", description = "Turnkey cohorts: cities that join a programme together, and their letters of engagement"),
        (name = "recommendations", description = "What meetings recommend, and what became of it"),
        (name = "assessments", description = "What the sides of a partnership make of it, each for itself"),
        (name = "sustainability", description = "What keeps a partnership alive when funding ends: its plan in three parts"),
        (name = "stories", description = "The story of a partnership, for anybody, with a picture whose people agreed"),
        (name = "networks", description = "Networks that accompany authorities"),
        (name = "organisations", description = "Who funds and accompanies, with their names of today and of then"),
        (name = "programmes", description = "Programmes and calls for projects"),
        (name = "applications", description = "Joint applications: file, budget, sign-off, decision"),
        (name = "reviews", description = "Criteria, reviewers, score sheets, and the committee that decides"),
        (name = "common-grants", description = "Calls, applications and grants in the words of the CommonGrants protocol"),
        (name = "rounds", description = "Matching rounds: whole cohorts at once, with a certificate"),
        (name = "jobs", description = "Long work: its progress, and how to cancel it"),
        (name = "observatory", description = "Figures, each with its date"),
        (name = "journal", description = "What changed, and who did it")
    ),
    components(schemas(Problem, ProblemCode, FieldError, CountryCode))
)]
struct Base;

/// The document before the features have added to it.
#[must_use]
pub fn base() -> OpenApi {
    let mut document = Base::openapi();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        BEARER,
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(
                    "A session's access token, for tools without cookies; no CSRF token is needed then.",
                ))
                .build(),
        ),
    );
    components.add_security_scheme(
        SESSION,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            super::actor::ACCESS_COOKIE,
            "Set by `POST /api/v1/session`; requests that change something also send `X-CSRF-Token`.",
        ))),
    );
    components.add_security_scheme(
        REFRESH,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            super::actor::REFRESH_COOKIE,
            "Set by `POST /api/v1/session`; it outlives the access token, and is good once.",
        ))),
    );
    components.add_security_scheme(
        "client",
        SecurityScheme::OAuth2(OAuth2::with_description(
            [Flow::ClientCredentials(ClientCredentials::new(
                "/api/v1/oauth/token",
                Scopes::from_iter([
                    ("read", "Read what its grant may read"),
                    ("write", "Change what its grant may change"),
                ]),
            ))],
            "For programs.",
        )),
    );
    document
}

/// Adds what all operations have in common: the forms of their headers, and the problems that each can answer with.
#[must_use]
pub fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations_mut(item) {
            offer_bearer(operation);
            super::city::describe(path, operation);
            describe_headers(operation);
            add_problems(path, &method, operation);
        }
    }
    document
}

/// The operations of a path with their methods.
pub(super) fn operations_mut(
    item: &mut utoipa::openapi::PathItem,
) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

/// Where a session is good, its access token is good as a bearer token too: tools have no cookies.
fn offer_bearer(operation: &mut Operation) {
    let none = [] as [&str; 0];
    if let Some(security) = &mut operation.security
        && security.contains(&SecurityRequirement::new(SESSION, none))
    {
        security.push(SecurityRequirement::new(BEARER, none));
    }
}

/// The forms of the headers that operations share.
fn describe_headers(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        let text = ObjectBuilder::new().schema_type(Type::String);
        let schema = match parameter.name.as_str() {
            "If-Match" => text
                .pattern(Some(r#"^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$"#))
                .examples(["\"3\""]),
            "Idempotency-Key" => text
                .pattern(Some(r#"^[!#-~]+$"#))
                .min_length(Some(1))
                .max_length(Some(KEY_MAX))
                .examples(["01980a5c-7c00-7000-8000-000000000001"]),
            _ => continue,
        };
        parameter.schema = Some(schema.into());
    }
}

fn add_problems(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let reads = *method == HttpMethod::Get;
    let secured = Proof::of(operation) != Proof::None;
    let conditional = has_header(operation, "If-Match");
    // A token that does not hold is told everywhere, also where none is needed.
    let mut codes = vec![
        ProblemCode::Malformed,
        ProblemCode::Unauthenticated,
        ProblemCode::RateLimited,
        ProblemCode::Busy,
    ];
    if path.contains('{') {
        codes.push(ProblemCode::NotFound);
    }
    if secured || !reads {
        codes.push(ProblemCode::Forbidden);
    }
    if operation.request_body.is_some() {
        codes.extend([
            ProblemCode::TooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::Invalid,
        ]);
    }
    if has_several_formats(operation) {
        codes.push(ProblemCode::NotAcceptable);
    }
    if !reads {
        codes.push(ProblemCode::StateConflict);
    }
    if has_header(operation, "Idempotency-Key") {
        codes.push(ProblemCode::IdempotencyMismatch);
    }
    if conditional {
        codes.extend([ProblemCode::Stale, ProblemCode::PreconditionRequired]);
    }
    for code in codes {
        let status = code.status().to_string();
        operation
            .responses
            .responses
            .entry(status)
            .or_insert_with(|| RefOr::T(problem_response(code.status())));
    }
}

fn has_several_formats(operation: &Operation) -> bool {
    operation
        .responses
        .responses
        .get("200")
        .is_some_and(|response| match response {
            RefOr::T(response) => response.content.len() > 1,
            RefOr::Ref(_) => false,
        })
}

fn has_header(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name.eq_ignore_ascii_case(name),
        RefOr::Ref(_) => false,
    })
}

fn problem_response(status: u16) -> utoipa::openapi::Response {
    let codes: Vec<String> = ProblemCode::ALL
        .iter()
        .filter(|code| code.status() == status)
        .map(|code| format!("`{}`: {}", code.code(), code.title(Language::En)))
        .collect();
    ResponseBuilder::new()
        .description(codes.join(" "))
        .content(
            MEDIA_TYPE,
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build(),
        )
        .build()
}

/// The document as JSON, made once.
fn json() -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| super::openapi().to_json().unwrap_or_default())
}

/// The OpenAPI document.
#[get("/api/v1/openapi.json")]
pub(super) async fn read_document() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "public, max-age=60"))
        .body(json())
}

/// The OpenAPI document at its short address.
#[get("/api/openapi.json")]
pub(super) async fn read_document_alias() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "public, max-age=60"))
        .body(json())
}

/// What a problem's code means, in three languages.
#[get("/problems/{code}")]
pub(super) async fn read_problem_page(request: HttpRequest, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let code = ProblemCode::ALL
        .iter()
        .copied()
        .find(|known| known.code() == *code)
        .ok_or(Error::NotFound)?;
    let language = language_of(request.headers());
    let titles: BTreeMap<&str, &str> = Language::ALL
        .iter()
        .map(|&language| (language.tag(), code.title(language)))
        .collect();
    Ok(HttpResponse::Ok().json(serde_json::json!({
        "code": code.code(),
        "status": code.status(),
        "title": code.title(language),
        "titles": titles,
    })))
}
