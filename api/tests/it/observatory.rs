//! The observatory.

use crate::support::{Server, json};

#[actix_web::test]
async fn figures_count_what_is_there() {
    let server = Server::start().await;
    server.add_city("Grenoble", "FR").await;
    server.add_city("Sevan", "AM").await;
    let figures = json(server.get("/api/v1/observatory/figures").await).await;
    assert_eq!(
        (figures["cities"].as_u64(), figures["partnerships"].as_u64()),
        (Some(2), Some(0))
    );
    assert_eq!(figures["computed_at"], "2026-11-20T17:30:00.000Z");
    server.stop().await;
}
