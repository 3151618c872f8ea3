use api::housekeeping::tidy_up;
use chrono::TimeDelta;
use serde_json::json;
use shared::accounts::Grant;

use crate::support::{Server, friday_evening};

#[actix_web::test]
async fn what_is_over_is_deleted_and_what_holds_stays() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let draft = json!({ "name": "Annuaire", "scopes": ["read"], "grant": { "role": "admin" } });
    let create = admin
        .request("POST", "/api/v1/api-clients")
        .header("idempotency-key", "one");
    assert_eq!(create.json(&draft).send().await.unwrap().status(), 201);
    let wrong = json!({ "email": "nobody@test.passerelle.example", "password": "wrong" });
    server.anybody().post("/api/v1/session", &wrong).await;

    assert_eq!(tidy_up(&server.platform).await.unwrap(), 0);
    // After an hour the two counted attempts go (the address's and the account's), after a day the answer and the session.
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(61));
    assert_eq!(tidy_up(&server.platform).await.unwrap(), 2);
    server.platform.clock.set(friday_evening() + TimeDelta::hours(25));
    assert_eq!(tidy_up(&server.platform).await.unwrap(), 2);
    server.stop().await;
}
