//! `/cities/{id}/contacts`.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use shared::cities::{ContactList, ContactsDraft};
use shared::ids::CityId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::valid::Valid;
use crate::platform::Platform;

/// The routes of contact persons.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_contacts).service(replace_contacts);
}

impl Versioned for ContactList {
    fn version(&self) -> i64 {
        self.version
    }
}

/// List the contact persons of a city
///
/// Personal data: for the city's staff, for the staff of cities in contact with it, and for administrators. The version is
/// the city's.
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
/// What is sent stands in the place of all former ones; an empty list removes them. The city's version grows by one.
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
