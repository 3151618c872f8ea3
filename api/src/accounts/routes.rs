//! Sessions, one's own account, programs.

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn configure(_config: &mut ServiceConfig<'_>) {}
