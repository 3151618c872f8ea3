//! `/receipt-keys`, and the same where programs look for such keys.

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::applications::ReceiptKeySet;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::Error;
use crate::http::answer;
use crate::platform::Platform;

/// The routes of receipts.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_receipt_keys);
}

/// Read the keys of receipts
///
/// The public keys (JSON Web Keys, RFC 8037) that receipts of applications are signed with; also at
/// `/.well-known/receipt-keys.json`. Who keeps them can check a receipt without this server: `signature` is the Ed25519
/// signature of the bytes of `statement` by the key `key_id`, and the statement's `sha256` is that of the bytes of `content`.
#[utoipa::path(
    tag = "applications",
    responses(
        (status = 200, description = "The public keys", body = ReceiptKeySet),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/receipt-keys")]
async fn list_receipt_keys(request: HttpRequest, platform: web::Data<Platform>) -> Result<HttpResponse, Error> {
    answer::list(&request, &platform.receipts.published(), None, true)
}

/// The keys at their well-known address.
#[get("/.well-known/receipt-keys.json")]
pub(crate) async fn read_well_known_keys(
    request: HttpRequest,
    platform: web::Data<Platform>,
) -> Result<HttpResponse, Error> {
    answer::list(&request, &platform.receipts.published(), None, true)
}
