//! `/organisations` and `/programmes/{id}/funders`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::ids::{OrganisationId, ProgrammeId};
use shared::organisations::{
    FunderList, OrganisationDraft, OrganisationKind, OrganisationMerger, OrganisationPage, OrganisationRenaming,
    OrganisationView, SEARCH_MAX,
};
use shared::problem::ProblemCode;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, OrganisationFilter};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{AsOf, Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_organisations)
        .service(create_organisation)
        .service(read_organisation)
        .service(rename_organisation)
        .service(merge_organisation)
        .service(undo_organisation_change)
        .service(list_programme_funders);
}

impl Versioned for OrganisationView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Others go into it, and it funds more, without a new version.
        answer::variant_of(self)
    }
}

/// Which organisations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrganisationQuery {
    /// Words of a name or a short name, of today or of before.
    #[param(max_length = 100, example = "DAECT")]
    q: Option<String>,
    /// Kinds of organisation, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<OrganisationKind>>, style = Form, explode = false, example = json!(["body"]))]
    kind: Several<OrganisationKind>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count those of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// Which day is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrganisationMoment {
    /// As it was called on this day: a day, or a time, which stands for its day (UTC).
    #[param(value_type = Option<String>, format = DateTime, example = "2022-10-01T12:00:00Z")]
    as_of: Option<AsOf>,
}

/// List organisations
///
/// Bodies that fund, networks and associated actors, by name. One that has another name now, or went into another one, is found
/// by what it was called before.
#[utoipa::path(
    tag = "organisations",
    params(OrganisationQuery),
    responses((status = 200, description = "A page of organisations", body = OrganisationPage), (status = 304, description = "Not modified")),
)]
#[get("/organisations")]
async fn list_organisations(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<OrganisationQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    if query.q.as_ref().is_some_and(|words| words.chars().count() > SEARCH_MAX) {
        return Err(Error::Unreadable {
            code: ProblemCode::QueryInvalid,
            detail: format!("q has {SEARCH_MAX} characters at most"),
            errors: Vec::new(),
        });
    }
    let filter = OrganisationFilter {
        q: query.q,
        kinds: query.kind.0,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Add an organisation
///
/// An organisation that the register lacks. A body (a ministry, a directorate, an agency) or a network: by administrators. An
/// associated actor of partnerships (an association, a hospital, a university), with its `actor_kind`: by cities' staff, network
/// coordinators and administrators. The `id` of the answer is the `network_id` or the `actor_id` of a party.
#[utoipa::path(
    tag = "organisations",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = OrganisationDraft,
    responses((status = 201, description = "The organisation", body = OrganisationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/organisations")]
async fn create_organisation(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<OrganisationDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/organisations/{}", answer.value.id))
}

/// Read an organisation
///
/// Its name, what it was called before with the reason, what it went into or what went into it, and the programmes that it funds;
/// with `as_of`, as it was called on that day.
#[utoipa::path(
    tag = "organisations",
    params(("id" = OrganisationId, Path, description = "The organisation's id"), OrganisationMoment),
    responses((status = 200, description = "The organisation", body = OrganisationView), (status = 304, description = "Not modified")),
)]
#[get("/organisations/{id}")]
async fn read_organisation(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<OrganisationId>,
    query: Query<OrganisationMoment>,
) -> Result<HttpResponse, Error> {
    let day = query.0.as_of.map(|at| at.0.date_naive());
    let view = service::read(&platform, &caller, id.0, day).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Rename an organisation
///
/// From a day on it has another name; the old one stays for the days before, is found by search, and is told with the reason and
/// the source. By administrators. One that went into another is not renamed (409 `state_conflict`).
#[utoipa::path(
    tag = "organisations",
    params(
        ("id" = OrganisationId, Path, description = "The organisation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = OrganisationRenaming,
    responses((status = 200, description = "The organisation as it now is", body = OrganisationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/organisations/{id}/rename")]
async fn rename_organisation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<OrganisationId>,
    told: Valid<OrganisationRenaming>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::rename(&platform, &caller, id.0, &told.0).await?)
}

/// Merge an organisation into another
///
/// From a day on the other one takes its place; it stays to be read, with the way to the other. By administrators. One that went
/// into another already is refused with 409 `state_conflict`.
#[utoipa::path(
    tag = "organisations",
    params(
        ("id" = OrganisationId, Path, description = "The organisation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = OrganisationMerger,
    responses((status = 200, description = "The organisation as it now is", body = OrganisationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/organisations/{id}/merge")]
async fn merge_organisation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<OrganisationId>,
    told: Valid<OrganisationMerger>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::merge(&platform, &caller, id.0, &told.0).await?)
}

/// Take back what became of an organisation
///
/// The latest new name, or the merger, as if it had never been entered. By administrators. Where nothing became of it the answer
/// is 409 `state_conflict`.
#[utoipa::path(
    tag = "organisations",
    params(
        ("id" = OrganisationId, Path, description = "The organisation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The organisation as it now is", body = OrganisationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/organisations/{id}/undo")]
async fn undo_organisation_change(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<OrganisationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::undo(&platform, &caller, id.0).await?)
}

/// List the funders of a programme
///
/// Those that are in the register, in the order in which the programme names them; with `as_of`, as they were called on that day.
#[utoipa::path(
    tag = "organisations",
    params(("id" = ProgrammeId, Path, description = "The programme's id"), OrganisationMoment),
    responses((status = 200, description = "The funders", body = FunderList), (status = 304, description = "Not modified")),
)]
#[get("/programmes/{id}/funders")]
async fn list_programme_funders(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ProgrammeId>,
    query: Query<OrganisationMoment>,
) -> Result<HttpResponse, Error> {
    let day = query.0.as_of.map(|at| at.0.date_naive());
    let funders = service::funders(&platform, &caller, id.0, day).await?;
    answer::list(&request, &funders, None, caller.actor.is_public())
}
