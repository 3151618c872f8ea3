//! `/applications/{id}/decision-letter`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use shared::applications::DecisionLetter;
use shared::ids::ApplicationId;
use shared::language::Language;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::http::valid::{Path, Query};
use crate::platform::Platform;

/// The routes of letters of decision.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_decision_letter);
}

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LetterQuery {
    /// The letter's language; that of the answer where it is absent.
    language: Option<Language>,
}

/// Read the letter about a decision
///
/// To print: whoever may read the application reads it, once the call's results are published. At that moment, and for what is
/// decided later at once, mails say the same to the staff of its lead and partners, each in the reader's language.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id"), LetterQuery),
    responses(
        (status = 200, description = "The letter", body = DecisionLetter),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/decision-letter")]
async fn read_decision_letter(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    query: Query<LetterQuery>,
) -> Result<HttpResponse, Error> {
    let language = query.0.language.unwrap_or(caller.language);
    let letter = super::read(&platform, &caller, id.0, language).await?;
    answer::list(&request, &letter, None, false)
}
