//! The door: the only place where HTTP becomes domain and a domain error becomes a status.
//!
//! A request passes, in this order: [`edge`] (request id, log line, limits, common headers, problems in the caller's
//! language; 405, and 401 for strangers, by what the document says) → [`actor`] (who calls, CSRF, `If-Match`,
//! `Idempotency-Key`) → [`valid`] (body and query: syntax, then fields) → the feature's `routes`, which unwrap, call the
//! `service` and wrap its answer ([`answer`]).
//!
//! [`app`] is the one list of features; the server, the tests and the OpenAPI document are made of it.

pub mod actor;
pub mod answer;
mod bounds;
pub mod city;
pub mod document;
pub mod edge;
pub mod form;
pub mod format;
pub mod geojson;
pub mod health;
pub mod limits;
pub mod operations;
pub mod page;
pub mod problem;
pub mod spa;
pub mod upload;
pub mod valid;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, middleware, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::Platform;

/// What the door needs beside the platform.
#[derive(Debug, Clone)]
pub struct Door {
    /// The platform.
    pub platform: Platform,
    /// Requests by address.
    pub limits: Arc<limits::Limits>,
    /// The built web app, if there is one.
    pub web_app: Arc<spa::WebApp>,
}

/// Every feature's routes, below `/api/v1`.
fn features(config: &mut ServiceConfig<'_>) {
    config
        .configure(crate::accounts::routes::configure)
        .configure(crate::mail::routes::configure)
        .configure(crate::cities::routes::configure)
        .configure(crate::mandates::routes::configure)
        .configure(crate::matches::routes::configure)
        .configure(crate::partnerships::routes::configure)
        .configure(crate::doubles::routes::configure)
        .configure(crate::radar::routes::configure)
        .configure(crate::programmes::routes::configure)
        .configure(crate::forms::routes::configure)
        .configure(crate::programmes::published::routes::configure)
        .configure(crate::applications::routes::configure)
        .configure(crate::applications::letters::routes::configure)
        .configure(crate::applications::attachments::routes::configure)
        .configure(crate::applications::comments::routes::configure)
        .configure(crate::applications::versions::routes::configure)
        .configure(crate::applications::presence::routes::configure)
        .configure(crate::applications::receipts::routes::configure)
        .configure(crate::activities::routes::configure)
        .configure(crate::results::routes::configure)
        .configure(crate::lessons::routes::configure)
        .configure(crate::recommendations::routes::configure)
        .configure(crate::assessments::routes::configure)
        .configure(crate::sustainability::routes::configure)
        .configure(crate::stories::routes::configure)
        .configure(crate::reviews::routes::configure)
        .configure(crate::grants::routes::configure)
        .configure(crate::campaigns::routes::configure)
        .configure(crate::cohorts::routes::configure)
        .configure(crate::common_grants::routes::configure)
        .configure(crate::rounds::routes::configure)
        .configure(crate::jobs::routes::configure)
        .configure(crate::networks::routes::configure)
        .configure(crate::organisations::routes::configure)
        .configure(crate::observatory::routes::configure)
        .configure(crate::audit::routes::configure);
}

/// The application, as the server and the tests run it.
#[must_use]
pub fn app(
    door: &Door,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let (app, _) = parts();
    app.app_data(web::Data::new(door.platform.clone()))
        .app_data(web::Data::new(door.clone()))
        .app_data(web::PayloadConfig::new(valid::BODY_MAX))
        .service(health::livez)
        .service(health::readyz)
        .service(document::read_document_alias)
        .service(document::read_problem_page)
        .service(crate::applications::receipts::routes::read_well_known_keys)
        .default_service(web::to(spa::fallback))
        .wrap(middleware::from_fn(edge::edge))
        .wrap(middleware::Compress::default())
}

/// The features and the document that they make.
fn parts() -> (
    App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        >,
    >,
    OpenApi,
) {
    App::new()
        // Before the scope, which takes all that is below its path.
        .service(document::read_document)
        .into_utoipa_app()
        .openapi(document::base())
        .service(utoipa_actix_web::scope("/api/v1").configure(features))
        .split_for_parts()
}

/// The OpenAPI document of all features.
#[must_use]
pub fn openapi() -> OpenApi {
    document::complete(parts().1)
}
