use shared::accounts::Grant;
use shared::cities::Urgency;
use shared::themes::Theme;

use crate::support::{Server, assert_problem, json};

#[actix_web::test]
async fn a_profile_is_read_by_its_id_and_by_each_of_its_codes() {
    let server = Server::start().await;
    let id = server
        .city("Grenoble", "FR")
        .code("fr:insee", "38185")
        .code("geonames", "3014728")
        .name("Гренобль")
        .need(Theme::Climate, Urgency::High)
        .add()
        .await;
    for name in [
        id.to_string().as_str(),
        "fr:insee:38185",
        "geonames:3014728",
        "fr%3Ainsee%3A38185",
    ] {
        let response = server.get(&format!("/api/v1/cities/{name}")).await;
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(response.headers()["etag"], "\"1\"");
        assert_eq!(response.headers()["cache-control"], "public, max-age=60");
        let city = json(response).await;
        assert_eq!(city["id"], id.to_string());
        assert_eq!(city["need_statements"][0]["theme"], "climate");
        assert_eq!(city["names"][0]["text"], "Гренобль");
        assert_eq!(city["codes"].as_array().unwrap().len(), 2);
        assert_eq!(city["completeness"]["percent"], 20);
        assert_eq!(city["allowed"].as_array().unwrap().len(), 0);
    }
    for name in [
        "fr:insee:38186",
        "fr:insee:",
        ":38185",
        "38185",
        "x:y:z",
        "fr:insee:%00",
    ] {
        assert_problem(server.get(&format!("/api/v1/cities/{name}")).await, 404, "not_found").await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_code_of_a_merged_commune_leads_to_todays() {
    let server = Server::start().await;
    server
        .city("Annecy", "FR")
        .code("fr:insee", "74010")
        .former_code("fr:insee", "74268", "2017-01-01")
        .former_code("old", "7", "2017-01-01")
        .add()
        .await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let base = server.base();
    let response = http
        .get(format!("{base}/api/v1/cities/fr:insee:74268"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 308);
    assert_eq!(response.headers()["location"], "/api/v1/cities/fr:insee:74010");
    let city = json(server.get("/api/v1/cities/fr:insee:74268").await).await;
    assert_eq!(city["name"], "Annecy");
    let response = http.get(format!("{base}/api/v1/cities/old:7")).send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap();
    assert_eq!(location, format!("/api/v1/cities/{}", city["id"].as_str().unwrap()));
    server.stop().await;
}

#[actix_web::test]
async fn a_known_version_is_not_sent_again_and_a_change_is_seen_at_once() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let path = format!("/api/v1/cities/{id}");
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    for version in 1..5_i64 {
        let etag = format!("\"{version}\"");
        let read = server
            .request("GET", &path)
            .header("if-none-match", &etag)
            .send()
            .await
            .unwrap();
        assert_eq!(read.status(), 304);
        let website = format!("https://v{version}.example.org");
        let change = staff
            .request("PATCH", &path)
            .header("if-match", &etag)
            .json(&serde_json::json!({ "website": website }))
            .send()
            .await
            .unwrap();
        assert_eq!(change.status(), 200);
        let read = server
            .request("GET", &path)
            .header("if-none-match", &etag)
            .send()
            .await
            .unwrap();
        assert_eq!(read.status(), 200);
        assert_eq!(json(read).await["website"], website);
    }
    server.stop().await;
}

#[actix_web::test]
async fn staff_is_told_what_it_may_do() {
    let server = Server::start().await;
    let network = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let id = server.city("Grenoble", "FR").subdivision("FR-38").add().await;
    let path = format!("/api/v1/cities/{id}");
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let response = staff.get(&path).await;
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    let city = json(response).await;
    assert_eq!(city["network_id"], network.to_string());
    assert_eq!(
        city["allowed"],
        serde_json::json!(["update", "manage_contacts", "find_partners", "manage_private"])
    );
    let coordinator = server
        .sign_in_as(Grant::NetworkCoordinator { network_id: network })
        .await;
    let city = json(coordinator.get(&path).await).await;
    assert_eq!(city["allowed"], serde_json::json!(["update", "find_partners"]));
    server.stop().await;
}

#[actix_web::test]
async fn a_cold_read_takes_three_statements_at_most_and_a_hot_one_none() {
    let server = Server::start().await;
    let mut cold = Vec::new();
    let mut hot = Vec::new();
    for number in 0..5 {
        let code = format!("3818{number}");
        server.city("Grenoble", "FR").code("fr:insee", &code).add().await;
        let path = format!("/api/v1/cities/fr:insee:{code}");
        for spent in [&mut cold, &mut hot] {
            let before = server.statement_count();
            assert_eq!(server.get(&path).await.status(), 200);
            spent.push(server.statement_count() - before);
        }
    }
    // The tail of the journal asks now and then: the least is what a read takes.
    assert_eq!(
        (cold.iter().min(), hot.iter().min()),
        (Some(&3), Some(&0)),
        "{cold:?} {hot:?}"
    );
    server.stop().await;
}
