//! `/digest/stop`.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::stop;
use crate::error::Error;
use crate::http::valid::Query;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(stop_digest);
}

/// Which mails to stop.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Proof {
    /// The proof that the mail carries.
    token: String,
}

/// Stop the digest by mail
///
/// For mail programs, with one click (RFC 8058): the address is in the mail's `List-Unsubscribe`, and its token is the
/// permission. Whatever the body says is not read. Asking again does no harm; in the account's settings the digest is
/// chosen again.
#[utoipa::path(
    tag = "session",
    params(Proof),
    responses((status = 204, description = "No more digests"), (status = 404, description = "`not_found`: no such token")),
)]
#[post("/digest/stop")]
async fn stop_digest(platform: web::Data<Platform>, proof: Query<Proof>) -> Result<HttpResponse, Error> {
    stop::stop(&platform, &proof.0.token).await?;
    Ok(HttpResponse::NoContent().finish())
}
