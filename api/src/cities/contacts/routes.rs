//! `/cities/{id}/contacts`.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use shared::cities::{ContactList, ContactsDraft};
use shared::ids::{CityId, ContactId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::valid::{Path, Valid};
use crate::platform::Platform;

/// The routes of contact persons.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_contacts)
        .service(replace_contacts)
        .service(confirm_contact);
}

impl Versioned for ContactList {
    fn version(&self) -> i64 {
        self.version
    }
}

/// List the contact persons of a city
///
/// Personal data: for the city's staff, for the staff of cities in contact with it, and for administrators. The version is
/// the city's. A contact whose mandate ended, or whose election was held, since somebody last confirmed the person says so in
/// `to_confirm`.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city")),
    responses(
        (status = 200, description = "The contact persons", body = ContactList),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/cities/{id}/contacts")]
async fn list_contacts(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let contacts = service::list(&platform, &caller, city.0).await?;
    answer::read(&request, &contacts, false)
}

/// Replace the contact persons of a city
///
/// What is sent stands in the place of all former ones; an empty list removes them. The city's version grows by one. Who has the
/// same name and e-mail address as before is the same person, with the same id; a new function, mandate or `elected` confirms the
/// person.
#[utoipa::path(
    tag = "cities",
    params(
        ("id" = CityId, Path, description = "The city"),
        ("If-Match" = String, Header, description = "The version of the city that you read, for example `\"3\"`"),
    ),
    request_body = ContactsDraft,
    responses((status = 200, description = "The contact persons as they now are", body = ContactList)),
    security(("session" = []), ("client" = [])),
)]
#[put("/cities/{id}/contacts")]
async fn replace_contacts(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    draft: Valid<ContactsDraft>,
) -> Result<HttpResponse, Error> {
    let contacts = service::replace(&platform, &caller, city.0, &draft.0).await?;
    answer::changed(&contacts)
}

/// Which contact person of the city.
#[derive(Debug, Deserialize)]
struct ContactStep {
    contact_id: ContactId,
}

/// Confirm a contact person
///
/// Somebody of the city says that it is still the right person, after a mandate or an election. The city's version grows by one.
#[utoipa::path(
    tag = "cities",
    params(
        ("id" = CityId, Path, description = "The city"),
        ("contact_id" = ContactId, Path, description = "The contact's id"),
        ("If-Match" = String, Header, description = "The version of the city that you read, for example `\"3\"`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The contact persons as they now are", body = ContactList)),
    security(("session" = []), ("client" = [])),
)]
#[post("/cities/{id}/contacts/{contact_id}/confirm")]
async fn confirm_contact(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    step: Path<ContactStep>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::confirm(&platform, &caller, city.0, step.0.contact_id).await?)
}
