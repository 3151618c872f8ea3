//! Whether the process lives, and whether it is ready.

use actix_web::{HttpResponse, get, web};

use crate::error::Error;
use crate::platform::Platform;

/// Answers as long as the process does.
#[get("/livez")]
pub(super) async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Answers 200 when the database is there and its schema is up to date, else 503.
#[get("/readyz")]
pub(super) async fn readyz(platform: web::Data<Platform>) -> Result<HttpResponse, Error> {
    match platform.db.is_migrated().await {
        Ok(true) => Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n")),
        Ok(false) => Err(Error::Busy),
        Err(error) => {
            tracing::warn!(?error, "not ready");
            Err(Error::Busy)
        }
    }
}
