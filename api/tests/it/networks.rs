//! Networks.

use serde_json::json as object;
use shared::accounts::Grant;

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
    let alone = server.get(&path).await;
    let known = alone.headers()["etag"].clone();
    assert!(json(alone).await["network_id"].is_null());
    let id = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    // The city is in its first version still, but tells something else: who kept it must not be told that it is current.
    let again = server
        .request("GET", &path)
        .header("if-none-match", &known)
        .send()
        .await;
    let accompanied = again.unwrap();
    assert_eq!(accompanied.status(), 200);
    let tag = accompanied.headers()["etag"].clone();
    assert_ne!(tag, known);
    assert_eq!(json(accompanied).await["network_id"], id.to_string());
    let again = server.request("GET", &path).header("if-none-match", &tag).send().await;
    assert_eq!(again.unwrap().status(), 304);
    // A change asks for the version: the new tag serves, and so does the one from before, for nobody changed the city.
    let staff = server.sign_in_as(Grant::CityStaff { city_id: city }).await;
    for (tag, status) in [(&tag, 200), (&tag, 412), (&known, 412)] {
        let request = staff.request("PATCH", &path).header("if-match", tag);
        let answer = request.json(&object!({"website": null})).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let response = server.get(&format!("/api/v1/networks/{id}")).await;
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(json(response).await["kind"], "regional_multi_actor");
    let nobody = "/api/v1/networks/01980a5c-7c00-7000-8000-000000000001";
    assert_problem(server.get(nobody).await, 404, "not_found").await;
    server.stop().await;
}
