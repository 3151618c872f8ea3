use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;
use uuid::Uuid;

use crate::support::{Server, assert_problem, json as body};

fn path(id: CityId) -> String {
    format!("/api/v1/cities/{id}")
}

#[actix_web::test]
async fn absent_fields_stay_and_null_clears() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let patch = async |version: i64, patch: Value| {
        let response = staff
            .request("PATCH", &path(id))
            .header("if-match", format!("\"{version}\""))
            .json(&patch)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{patch}");
        assert_eq!(response.headers()["etag"], format!("\"{}\"", version + 1));
        body(response).await
    };
    let city = patch(
        1,
        json!({
            "website": "https://www.grenoble.fr",
            "descriptions": {"fr": " Ville alpine ", "en": "Alpine town"},
            "languages": ["fr", "en", "uk"],
            "need_statements": [
                {"theme": "climate", "urgency": "high", "sentence": "Cool the schoolyards", "place": "Villeneuve"},
                {"theme": "housing", "urgency": "low"},
            ],
            "offer_statements": [{"theme": "culture", "urgency": "medium", "sentence": "A museum"}],
            "looking_for": {"countries": ["UA", "AM"], "levels": ["local"], "engagement": "start"},
            "open_to_partners": true,
        }),
    )
    .await;
    assert_eq!(city["descriptions"]["fr"], "Ville alpine");
    assert_eq!(
        (city["version"].as_i64(), city["completeness"]["percent"].as_u64()),
        (Some(2), Some(85))
    );
    assert_eq!(city["completeness"]["missing"], json!(["contact"]));
    assert_eq!(city["needs"], json!(["climate", "housing"]));

    let city = patch(
        2,
        json!({"descriptions": {"en": null, "uk": "Місто в Альпах"}, "offer_statements": []}),
    )
    .await;
    assert_eq!(
        city["descriptions"],
        json!({"fr": "Ville alpine", "uk": "Місто в Альпах"})
    );
    assert_eq!(
        (city["website"].as_str(), city["offers"].as_array().unwrap().len()),
        (Some("https://www.grenoble.fr"), 0)
    );
    assert_eq!(city["need_statements"][0]["place"], "Villeneuve");

    let city = patch(3, json!({"website": null})).await;
    assert!(city["website"].is_null());
    assert_eq!(city["languages"], json!(["fr", "en", "uk"]));
    let listed = body(server.get("/api/v1/cities?needs=housing&open_to_partners=true").await).await;
    assert_eq!(listed["items"][0]["version"], 4);
    server.stop().await;
}

#[actix_web::test]
async fn a_change_names_the_version_that_it_changes() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let change = || {
        staff
            .request("PATCH", &path(id))
            .json(&json!({"open_to_partners": true}))
    };
    assert_problem(change().send().await.unwrap(), 428, "precondition_required").await;
    for stale in ["\"7\"", "W/\"1\"", "\"x\""] {
        let response = change().header("if-match", stale).send().await.unwrap();
        assert_eq!(response.headers()["etag"], "\"1\"", "{stale}");
        assert_problem(response, 412, "stale").await;
    }
    assert_eq!(change().header("if-match", "\"1\"").send().await.unwrap().status(), 200);
    assert_eq!(change().header("if-match", "*").send().await.unwrap().status(), 200);
    server.stop().await;
}

#[actix_web::test]
async fn of_two_editors_one_is_told_that_the_other_was_first() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let change = |open: bool| {
        staff
            .request("PATCH", &path(id))
            .header("if-match", "\"1\"")
            .json(&json!({"open_to_partners": open}))
            .send()
    };
    let (one, other) = tokio::join!(change(true), change(false));
    let mut statuses = [one.unwrap().status().as_u16(), other.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    server.stop().await;
}

#[actix_web::test]
async fn only_the_citys_staff_its_network_and_administrators_change_it() {
    let server = Server::start().await;
    let network_id = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let id = server.city("Grenoble", "FR").subdivision("FR-38").add().await;
    let other = server.add_city("Lille", "FR").await;
    let patch = json!({"open_to_partners": true});
    let nobody = server.request("PATCH", &path(id)).json(&patch).send().await.unwrap();
    assert_problem(nobody, 401, "unauthenticated").await;
    let stranger = server.sign_in_as(Grant::CityStaff { city_id: other }).await;
    let refused = stranger.request("PATCH", &path(id)).json(&patch).send().await.unwrap();
    assert_problem(refused, 403, "forbidden").await;
    let missing = stranger
        .request("PATCH", &path(CityId(Uuid::now_v7())))
        .json(&patch)
        .send()
        .await
        .unwrap();
    assert_problem(missing, 404, "not_found").await;
    let coordinator = server.sign_in_as(Grant::NetworkCoordinator { network_id }).await;
    let changed = coordinator
        .request("PATCH", &path(id))
        .header("if-match", "\"1\"")
        .json(&patch)
        .send()
        .await
        .unwrap();
    assert_eq!(changed.status(), 200);
    let refused = coordinator
        .request("PATCH", &path(other))
        .header("if-match", "\"1\"")
        .json(&patch)
        .send()
        .await
        .unwrap();
    assert_problem(refused, 403, "forbidden").await;
    server.stop().await;
}

#[actix_web::test]
async fn every_fault_of_a_patch_has_its_place() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let need = |theme: &str| json!({"theme": theme, "urgency": "low"});
    for (patch, pointer, code) in [
        (json!({"website": "grenoble.fr"}), "/website", "format"),
        (json!({"website": "javascript:alert(1)"}), "/website", "format"),
        (json!({"languages": ["fr", "fr"]}), "/languages/1", "duplicate"),
        (json!({"languages": ["français"]}), "/languages/0", "format"),
        (json!({"languages": vec!["fr"; 31]}), "/languages", "length"),
        (
            json!({"descriptions": {"fr": "x".repeat(4_001)}}),
            "/descriptions/fr",
            "length",
        ),
        (json!({"descriptions": {"a/b": "x"}}), "/descriptions/a~1b", "format"),
        (
            json!({"need_statements": [need("climate"), need("climate")]}),
            "/need_statements/1/theme",
            "duplicate",
        ),
        (
            json!({"need_statements": [need("magic")]}),
            "/need_statements/0/theme",
            "choice",
        ),
        (
            json!({"offer_statements": [{"theme": "peace", "urgency": "low", "sentence": "x".repeat(301)}]}),
            "/offer_statements/0/sentence",
            "length",
        ),
        (
            json!({"looking_for": {"countries": ["FR", "EU"]}}),
            "/looking_for/countries/1",
            "choice",
        ),
        (json!({"population": 5}), "/population", "unknown"),
    ] {
        let response = staff
            .request("PATCH", &path(id))
            .header("if-match", "\"1\"")
            .json(&patch)
            .send()
            .await
            .unwrap();
        let problem = assert_problem(response, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (error["pointer"].as_str(), error["code"].as_str()),
            (Some(pointer), Some(code)),
            "{problem}"
        );
    }
    assert_eq!(body(server.get(&path(id)).await).await["version"], 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_change_is_in_the_journal() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let patch = json!({"website": "https://www.grenoble.fr", "languages": ["fr"]});
    staff
        .request("PATCH", &path(id))
        .header("if-match", "\"1\"")
        .json(&patch)
        .send()
        .await
        .unwrap();
    let entries = server.journal_of(id.0).await;
    let (verb, version, details) = entries.last().unwrap();
    assert_eq!((verb.as_str(), *version), ("update", 2));
    assert_eq!(details["fields"], json!(["languages", "website"]));
    server.stop().await;
}
