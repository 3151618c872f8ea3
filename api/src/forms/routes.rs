//! `/calls/{id}/form`.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use shared::forms::{CallForm, CallFormView};
use shared::ids::CallId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::valid::{Path, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_call_form).service(replace_call_form);
}

impl Versioned for CallFormView {
    fn version(&self) -> i64 {
        self.version
    }

    /// Whether it may be changed depends on who reads it.
    fn variant(&self) -> Option<String> {
        self.can_update.then(|| "open".to_owned())
    }
}

/// Read what a call asks
///
/// The sections and questions of its applications, with their kinds, limits and conditions. Anybody who sees the call may
/// read it. An answer is always text: each kind says how it is written.
#[utoipa::path(
    tag = "programmes",
    params(("id" = CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The form", body = CallFormView), (status = 304, description = "Not modified")),
)]
#[get("/calls/{id}/form")]
async fn read_call_form(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Say what a call asks
///
/// The whole form in place of the former one, by an officer of the programme. Until the call opens it may become another
/// one, and agreements to drafts are taken back. Once it is open, applicants rely on it: it may only ask less (a hint, another
/// language, a wider limit, a choice more, a question that needs no answer); whatever would ask more or something else is
/// refused with `fixed`. Once it is closed it stays. The version is the call's.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("If-Match" = String, Header, description = "The version of the call that was read"),
    ),
    request_body = CallForm,
    responses((status = 200, description = "The form as it now is", body = CallFormView)),
    security(("session" = []), ("client" = [])),
)]
#[put("/calls/{id}/form")]
async fn replace_call_form(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<CallForm>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace(&platform, &caller, id.0, body.0).await?)
}
