//! The city that a path below `/cities/{id}` speaks of: told by its id, or by a code such as `fr:insee:38185`. A code of
//! the past answers with the way to today's, to the same place below it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use shared::doubles::SuccessionView;
use shared::ids::CityId;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ObjectBuilder, RefOr, ResponseBuilder, Type};

use crate::cities::service::{self, Named};
use crate::error::Error;
use crate::platform::Platform;

/// The step of a path that names a city.
const STEP: &str = "{id}";

#[derive(Deserialize)]
struct Step {
    id: String,
}

/// The city of the path.
#[derive(Debug, Clone, Copy)]
pub struct City(pub CityId);

impl FromRequest for City {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let platform = request.app_data::<web::Data<Platform>>().ok_or(Error::Busy)?;
            let wanted = web::Path::<Step>::extract(&request)
                .await
                .map_err(|_| Error::NotFound)?;
            match service::named(platform, platform.clock.now(), &wanted.id).await? {
                Named::Here(city) => Ok(Self(city)),
                Named::Moved(present) => Err(moved(&request, &present, None).into()),
                Named::Succeeded(succession) => {
                    let present = succession.to_id.to_string();
                    Err(moved(&request, &present, Some(&succession)).into())
                }
            }
        })
    }
}

/// The way to the same place below the present name, with the reason where there is one.
fn moved(request: &HttpRequest, present: &str, why: Option<&SuccessionView>) -> InternalError<&'static str> {
    InternalError::from_response("the name is one of the past", redirect(request, present, why))
}

/// Answers with the way to what took the place of a thing, and the reason where there is one.
pub fn redirect(request: &HttpRequest, present: &str, why: Option<&SuccessionView>) -> HttpResponse {
    let pattern = request.match_pattern().unwrap_or_default();
    let steps: Vec<&str> = request
        .uri()
        .path()
        .split('/')
        .zip(pattern.split('/'))
        .map(|(step, known)| if known == STEP { present } else { step })
        .collect();
    let query = request.uri().query().map(|query| format!("?{query}"));
    let mut response = HttpResponse::PermanentRedirect();
    response.insert_header((LOCATION, steps.join("/") + &query.unwrap_or_default()));
    if request.method() == Method::GET {
        response.insert_header((CACHE_CONTROL, "public, max-age=60"));
    }
    match why {
        Some(succession) => response.json(succession),
        None => response.finish(),
    }
}

/// Documents the ways to name a city, where a path speaks of one.
pub(super) fn describe(path: &str, operation: &mut Operation) {
    if !path.starts_with("/api/v1/cities/{id}") {
        return;
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        if parameter.name == "id" {
            let who = parameter.description.take().unwrap_or_default();
            parameter.description = Some(format!(
                "{who}: its id, or a list and a code in it: `fr:insee:38185`, `ua:katottg:UA…`, `geonames:…`, `wikidata:Q…`"
            ));
            let schema = ObjectBuilder::new().schema_type(Type::String);
            parameter.schema = Some(schema.examples(["fr:insee:38185"]).into());
        }
    }
    let moved = ResponseBuilder::new().description(
        "The code, or the city, is one of the past; `Location` has the way by today's. Where it went into another city, the body \
         is a `SuccessionView` with the reason",
    );
    operation
        .responses
        .responses
        .insert("308".to_owned(), RefOr::T(moved.build()));
}
