//! Networks.

use crate::support::{Server, assert_problem, json};

#[actix_web::test]
async fn networks_are_listed_by_name_in_pages() {
    let server = Server::start().await;
    for (name, subdivisions) in [
        ("SO Coopération", ["FR-33"]),
        ("Lianes", ["FR-59"]),
        ("RESACOOP", ["FR-38"]),
    ] {
        server.add_network(name, "FR", &subdivisions).await;
    }
    let first = json(server.get("/api/v1/networks?limit=2&count=true").await).await;
    assert_eq!(
        (first["items"][0]["name"].as_str(), first["total"].as_u64()),
        (Some("Lianes"), Some(3))
    );
    let next = first["next"].as_str().unwrap();
    let second = json(server.get(&format!("/api/v1/networks?limit=2&cursor={next}")).await).await;
    assert_eq!(
        (second["items"][0]["name"].as_str(), second["next"].is_null()),
        (Some("SO Coopération"), true)
    );
    let of_isere = json(server.get("/api/v1/networks?subdivision=FR-38").await).await;
    assert_eq!(of_isere["items"][0]["name"], "RESACOOP");
    assert_problem(server.get("/api/v1/networks?kind=club").await, 400, "query_invalid").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_network_is_read_and_accompanies_the_cities_of_its_region_at_once() {
    let server = Server::start().await;
    let city = server.city("Grenoble", "FR").subdivision("FR-38").add().await;
    let path = format!("/api/v1/cities/{city}");
    assert!(json(server.get(&path).await).await["network_id"].is_null());
    let id = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    assert_eq!(json(server.get(&path).await).await["network_id"], id.to_string());
    let response = server.get(&format!("/api/v1/networks/{id}")).await;
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(json(response).await["kind"], "regional_multi_actor");
    let nobody = "/api/v1/networks/01980a5c-7c00-7000-8000-000000000001";
    assert_problem(server.get(nobody).await, 404, "not_found").await;
    server.stop().await;
}
