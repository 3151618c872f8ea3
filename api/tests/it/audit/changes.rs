use serde_json::json;
use shared::accounts::Grant;

use crate::support::{Server, assert_problem, json};

const CHANGES: &str = "/api/v1/changes";

#[actix_web::test]
async fn anybody_follows_what_changes_about_public_things_and_nothing_else() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    admin.patch("/api/v1/me", 1, &json!({ "name": "Camille" })).await;
    let mut cities = Vec::new();
    for name in ["Grenoble", "Sevan", "Vienne"] {
        cities.push(server.add_city(name, "FR").await.to_string());
    }
    let first = json(server.get(&format!("{CHANGES}?limit=2")).await).await;
    let ids = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|change| change["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&first), cities[..2]);
    let next = first["next"].as_str().unwrap();
    let second = json(server.get(&format!("{CHANGES}?limit=2&cursor={next}")).await).await;
    assert_eq!(ids(&second), cities[2..]);
    assert!(second["next"].is_null());
    assert_eq!(second["items"][0]["resource"], "city");

    let seq = second["items"][0]["seq"].as_i64().unwrap();
    assert_eq!(
        json(server.get(&format!("{CHANGES}?since={seq}")).await).await["items"],
        json!([])
    );
    let networks = json(server.get(&format!("{CHANGES}?resource=network")).await).await;
    assert_eq!(networks["items"], json!([]));
    assert_problem(
        server.get(&format!("{CHANGES}?resource=account")).await,
        400,
        "query_invalid",
    )
    .await;
    server.stop().await;
}
