use serde_json::json;
use shared::accounts::{ClientScope, Grant};
use shared::ids::{CityId, NetworkId};
use uuid::Uuid;

use crate::support::{Server, assert_problem, json as body};

const CITIES: &str = "/api/v1/cities";

#[actix_web::test]
async fn an_administrator_adds_a_city_that_is_found_at_once() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let draft = json!({
        "kind": "municipality", "name": "Tandil", "country": "AR", "subdivision": "AR-B", "population": 116_916,
        "location": {"lat": -37.32, "lng": -59.13}, "labels": {"uk": "Тандиль"},
    });
    let response = admin.request("POST", CITIES).json(&draft).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(response.headers()["etag"], "\"1\"");
    let created = body(response).await;
    assert_eq!(
        created["allowed"],
        json!(["update", "manage_contacts", "find_partners", "manage_private"])
    );
    let read = body(admin.get(&location).await).await;
    assert_eq!(read, created);
    let found = body(
        server
            .get("/api/v1/cities/search?q=%D1%82%D0%B0%D0%BD%D0%B4%D0%B8")
            .await,
    )
    .await;
    assert_eq!(found["items"][0]["id"], created["id"]);
    let page = body(server.get("/api/v1/cities?country=AR").await).await;
    assert_eq!(page["items"][0]["population"], 116_916);
    server.stop().await;
}

#[actix_web::test]
async fn the_same_key_gives_the_first_answer_again_and_serves_no_other_request() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let post = |draft: serde_json::Value| {
        admin
            .request("POST", CITIES)
            .header("idempotency-key", "k1")
            .json(&draft)
            .send()
    };
    let draft = json!({"kind": "municipality", "name": "Sevan", "country": "AM"});
    let first = post(draft.clone()).await.unwrap();
    assert_eq!(
        (first.status().as_u16(), first.headers().get("idempotency-replayed")),
        (201, None)
    );
    let first = body(first).await;
    let again = post(draft).await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(body(again).await, first);
    let other = post(json!({"kind": "municipality", "name": "Goris", "country": "AM"}))
        .await
        .unwrap();
    assert_problem(other, 422, "idempotency_mismatch").await;
    let page = body(server.get("/api/v1/cities?count=true").await).await;
    assert_eq!(page["total"], 1);
    server.stop().await;
}

#[actix_web::test]
async fn only_coordinators_and_administrators_add_cities() {
    let server = Server::start().await;
    let draft = json!({"kind": "municipality", "name": "Sevan", "country": "AM"});
    let nobody = server.request("POST", CITIES).json(&draft).send().await.unwrap();
    assert_problem(nobody, 401, "unauthenticated").await;
    let city_id = CityId(Uuid::now_v7());
    let staff = server.sign_in_as(Grant::CityStaff { city_id }).await;
    let refused = staff.request("POST", CITIES).json(&draft).send().await.unwrap();
    assert_problem(refused, 403, "forbidden").await;
    let network_id = NetworkId(Uuid::now_v7());
    let reader = server.program(Grant::NetworkCoordinator { network_id }, &[ClientScope::Read]);
    let refused = reader.request("POST", CITIES).json(&draft).send().await.unwrap();
    assert_problem(refused, 403, "forbidden").await;
    let writer = server.program(
        Grant::NetworkCoordinator { network_id },
        &[ClientScope::Read, ClientScope::Write],
    );
    let added = writer.request("POST", CITIES).json(&draft).send().await.unwrap();
    assert_eq!(added.status(), 201);
    server.stop().await;
}

#[actix_web::test]
async fn every_fault_of_a_draft_has_its_place() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let draft = json!({
        "kind": "municipality", "name": " ", "country": "UK", "population": -5,
        "location": {"lat": 0.0, "lng": 181.0}, "labels": {"Français": "x"},
    });
    let response = admin.request("POST", CITIES).json(&draft).send().await.unwrap();
    let problem = assert_problem(response, 422, "invalid").await;
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/name", "/country", "/population", "/location/lng", "/labels/Français"]
    );
    for (draft, pointer) in [
        (json!({"kind": "village", "name": "a", "country": "FR"}), "/kind"),
        (
            json!({"kind": "municipality", "name": "a", "country": "FR", "x": 1}),
            "/x",
        ),
        (json!({"kind": "municipality", "country": "FR"}), "/name"),
    ] {
        let response = admin.request("POST", CITIES).json(&draft).send().await.unwrap();
        let problem = assert_problem(response, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_city_comes_with_its_codes_and_a_code_is_one_citys() {
    let server = Server::start().await;
    let admin = server.sign_in_as(Grant::Admin).await;
    let draft = |name: &str, country: &str, codes: &[(&str, &str)]| {
        let codes: Vec<_> = codes
            .iter()
            .map(|(scheme, value)| json!({"scheme": scheme, "value": value}))
            .collect();
        json!({"kind": "municipality", "name": name, "country": country, "codes": codes})
    };
    let sevan = draft("Sevan", "AM", &[("geonames", "616250"), ("wikidata", "Q39564")]);
    let response = admin
        .request("POST", CITIES)
        .header("idempotency-key", "sevan")
        .json(&sevan)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    let made = body(response).await;
    assert_eq!(made["codes"][0]["scheme"], "geonames");
    for path in ["/geonames:616250", "/wikidata:Q39564"] {
        let found = body(server.get(&format!("{CITIES}{path}")).await).await;
        assert_eq!((&found["id"], &found["codes"]), (&made["id"], &made["codes"]));
    }
    // Whoever repeats the request gets the first answer; whoever tells the code of another city hears which one it is.
    let again = admin
        .request("POST", CITIES)
        .header("idempotency-key", "sevan")
        .json(&sevan);
    let again = again.send().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let other = draft("Goris", "AM", &[("wikidata", "Q1"), ("geonames", "616250")]);
    let problem = assert_problem(admin.post(CITIES, &other).await, 409, "already_exists").await;
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/codes/1/value"), &json!("duplicate"))
    );
    // Of two who tell one code at the same time, one adds the city.
    let (one, two) = (
        draft("Goris", "AM", &[("geonames", "174895")]),
        draft("Գորիս", "AM", &[("geonames", "174895")]),
    );
    let (one, two) = tokio::join!(admin.post(CITIES, &one), admin.post(CITIES, &two));
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    // What is wrong with a code is told at its place.
    for (codes, pointer, code) in [
        (&[("fr:insee", "38185")][..], "/codes/0/value", "inconsistent"),
        (&[("geonames", "1"), ("geonames", "2")], "/codes/1/scheme", "duplicate"),
        (&[("geonames", "Sevan")], "/codes/0/value", "format"),
        (&[("fr:postal", "38000")], "/codes/0/scheme", "choice"),
    ] {
        let answer = admin.post(CITIES, &draft("Vardenis", "AM", codes)).await;
        let problem = assert_problem(answer, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (error["pointer"].as_str(), error["code"].as_str()),
            (Some(pointer), Some(code))
        );
    }
    server.stop().await;
}
