//! `/audit` and `/changes`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use shared::audit::{AuditPage, ChangePage, PublicResource, Resource};
use shared::ids::AccountId;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::service;
use super::store::EntryFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::http::page::Limit;
use crate::http::valid::Query;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_audit_entries).service(list_changes);
}

/// Which entries to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditFilter {
    /// Of this kind of thing only.
    resource: Option<Resource>,
    /// Of this thing only.
    id: Option<Uuid>,
    /// Done by this account only.
    account: Option<AccountId>,
    /// Where to go on: the `next` of the page before.
    cursor: Option<String>,
    /// How many to answer.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// Read the audit journal
///
/// Who did what to which thing, latest first, with the facts of each change; never secrets. For administrators.
#[utoipa::path(
    tag = "journal",
    params(AuditFilter),
    responses((status = 200, description = "A page of the journal", body = AuditPage)),
    security(("session" = []), ("client" = [])),
)]
#[get("/audit")]
async fn list_audit_entries(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    filter: Query<AuditFilter>,
) -> Result<HttpResponse, Error> {
    let asked = filter.0;
    let filter = EntryFilter {
        resource: asked.resource,
        id: asked.id,
        account: asked.account,
        before: None,
    };
    let page = service::list_entries(&platform, &caller, filter, asked.cursor.as_deref(), asked.limit.0).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Which changes to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangeFilter {
    /// Of this kind of thing only.
    #[param(inline)]
    resource: Option<PublicResource>,
    /// Only what came after this `seq`: the last one that you have.
    #[param(minimum = 0)]
    since: Option<i64>,
    /// Where to go on: the `next` of the page before.
    cursor: Option<String>,
    /// How many to answer.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// Follow what changes
///
/// Every change of public things in its order, to keep a copy current: read until `next` is null, then ask again with
/// `since` set to the last `seq` that you have. It tells what changed, not how: read the thing itself.
#[utoipa::path(
    tag = "journal",
    params(ChangeFilter),
    responses((status = 200, description = "A page of changes", body = ChangePage)),
)]
#[get("/changes")]
async fn list_changes(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    filter: Query<ChangeFilter>,
) -> Result<HttpResponse, Error> {
    let asked = filter.0;
    let cursor = asked.cursor.as_deref();
    let page = service::list_changes(
        &platform,
        &caller,
        asked.resource.map(Into::into),
        asked.since,
        cursor,
        asked.limit.0,
    )
    .await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}
