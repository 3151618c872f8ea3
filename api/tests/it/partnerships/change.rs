use chrono::TimeDelta;
use serde_json::json;
use shared::accounts::Grant;
use shared::ids::CityId;

use super::{city, create, draft, path, version};
use crate::support::{Server, Visitor, assert_problem, friday_evening, json};

async fn staff(server: &Server, city: CityId) -> Visitor {
    server.sign_in_as(Grant::CityStaff { city_id: city }).await
}

#[actix_web::test]
async fn a_partnership_has_pairs_of_any_level_and_begins_as_an_idea() {
    let server = Server::start().await;
    let ids = [("Grenoble", "FR"), ("Sevan", "AM"), ("Vienne", "FR"), ("Goris", "AM")];
    let mut cities = Vec::new();
    for (name, country) in ids {
        cities.push(server.add_city(name, country).await);
    }
    let french = staff(&server, cities[0]).await;
    let mut draft = draft("IRAPA", &cities);
    draft["pairings"] = json!([{ "a": cities[0], "b": cities[1] }, { "a": cities[2], "b": cities[3] }]);
    draft["themes"] = json!(["culture"]);
    let made = create(&french, &draft).await;
    assert_eq!((&made["state"], &made["version"]), (&json!("idea"), &json!(1)));
    assert_eq!(made["party_names"], json!(["Grenoble", "Sevan", "Vienne", "Goris"]));
    assert_eq!(made["countries"], json!(["FR", "AM"]));
    assert_eq!(made["allowed"], json!(["update", "advance", "delete"]));
    assert_eq!(made["pairings"].as_array().unwrap().len(), 2);
    let seen = json(server.get(&path(&made)).await).await;
    assert_eq!(seen["allowed"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn what_a_partnership_must_be_is_told_with_its_place() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let vienne = server.add_city("Vienne", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let french = staff(&server, grenoble).await;
    let nobody = CityId(uuid::Uuid::nil());
    let mut blank = draft(" ", &[grenoble, sevan]);
    blank["themes"] = json!(["culture", "culture"]);
    blank["territories"] = json!([""]);
    blank["pairings"] = json!([{ "a": grenoble, "b": vienne }]);
    for (draft, pointers) in [
        (draft("One country", &[grenoble, vienne]), vec!["/parties"]),
        (draft("Nobody", &[grenoble, nobody]), vec!["/parties/1/party"]),
        (draft("Twice", &[grenoble, sevan, sevan]), vec!["/parties/2/party"]),
        (blank, vec!["/name", "/pairings/0/b", "/themes/1", "/territories/0"]),
    ] {
        let response = french.post("/api/v1/partnerships", &draft).await;
        let problem = assert_problem(response, 422, "invalid").await;
        let found: Vec<&str> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(found, pointers, "{problem}");
    }
    let mut alone = draft("Alone", &[grenoble]);
    alone["name"] = json!("x".repeat(201));
    let response = french.post("/api/v1/partnerships", &alone).await;
    assert_problem(response, 422, "invalid").await;
    server.stop().await;
}

#[actix_web::test]
async fn who_takes_part_changes_it_and_who_leads_decides() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let vienne = server.add_city("Vienne", "FR").await;
    let (french, armenian) = (staff(&server, grenoble).await, staff(&server, sevan).await);
    let stranger = staff(&server, vienne).await;
    let ours = draft("Ours", &[grenoble, sevan]);
    assert_problem(stranger.post("/api/v1/partnerships", &ours).await, 403, "forbidden").await;
    assert_problem(
        server.anybody().post("/api/v1/partnerships", &ours).await,
        401,
        "unauthenticated",
    )
    .await;
    let made = create(&french, &ours).await;
    let path = path(&made);

    let renamed = armenian
        .patch(&path, 1, &json!({ "name": "Theirs", "platform": "IRAPA" }))
        .await;
    assert_eq!(renamed.status(), 200);
    assert_eq!(renamed.headers()["etag"], "\"2\"");
    let answer = french.patch(&path, 1, &json!({ "about": "…" })).await;
    assert_problem(answer, 412, "stale").await;
    let unchanged = json(french.patch(&path, 2, &json!({ "name": "Theirs" })).await).await;
    assert_eq!(version(&unchanged), 2, "nothing changed");
    let cleared = json(french.patch(&path, 2, &json!({ "platform": null })).await).await;
    assert_eq!(
        (&cleared["platform"], &cleared["name"]),
        (&json!(null), &json!("Theirs"))
    );
    let strange = stranger.patch(&path, 3, &json!({ "name": "Mine" })).await;
    assert_problem(strange, 403, "forbidden").await;

    let takeover = json!({ "parties": [
        { "party": city(sevan), "role": "lead" }, { "party": city(grenoble), "role": "partner" } ] });
    assert_problem(armenian.patch(&path, 3, &takeover).await, 403, "forbidden").await;
    let step = json!({ "to": "letter_of_intent" });
    let advance = format!("{path}/advance");
    assert_problem(armenian.act(&advance, 3, &step).await, 403, "forbidden").await;
    assert_problem(armenian.delete(&path, 3).await, 403, "forbidden").await;
    let given = json(french.patch(&path, 3, &takeover).await).await;
    assert_eq!(given["party_names"], json!(["Sevan", "Grenoble"]));
    assert_eq!(armenian.act(&advance, 4, &step).await.status(), 200);
    server.stop().await;
}

#[actix_web::test]
async fn a_pair_cannot_outlive_its_parties() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let goris = server.add_city("Goris", "AM").await;
    let french = staff(&server, grenoble).await;
    let mut draft = draft("Three", &[grenoble, sevan, goris]);
    draft["pairings"] = json!([{ "a": grenoble, "b": goris }]);
    let made = create(&french, &draft).await;
    let without = json!({ "parties": [
        { "party": city(grenoble), "role": "lead" }, { "party": city(sevan), "role": "partner" } ] });
    let answer = french.patch(&path(&made), 1, &without).await;
    let problem = assert_problem(answer, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/pairings/0/b");
    let mut with_pairs = without.clone();
    with_pairs["pairings"] = json!([{ "a": grenoble, "b": sevan }]);
    let changed = json(french.patch(&path(&made), 1, &with_pairs).await).await;
    assert_eq!(changed["city_count"], 2);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_deleted_comes_back_within_thirty_days() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let (french, armenian) = (staff(&server, grenoble).await, staff(&server, sevan).await);
    let made = create(&french, &draft("Ours", &[grenoble, sevan])).await;
    let (path, restore) = (path(&made), format!("{}/restore", path(&made)));
    assert_problem(french.act(&restore, 1, &json!({})).await, 409, "state_conflict").await;
    let deleted = french.delete(&path, 1).await;
    assert_eq!(
        (deleted.status().as_u16(), &deleted.headers()["etag"]),
        (204, &"\"2\"".parse().unwrap())
    );
    assert_problem(french.get(&path).await, 404, "not_found").await;
    assert_eq!(json(server.get("/api/v1/partnerships").await).await["items"], json!([]));
    let suggestions = format!("/api/v1/cities/{grenoble}/matches");
    assert_eq!(
        json(french.get(&suggestions).await).await["total"],
        1,
        "partners no more"
    );
    assert_problem(armenian.act(&restore, 2, &json!({})).await, 404, "not_found").await;
    let back = json(french.act(&restore, 2, &json!({})).await).await;
    assert_eq!(version(&back), 3);
    assert_eq!(json(french.get(&suggestions).await).await["total"], 0);
    assert_eq!(french.delete(&path, 3).await.status(), 204);
    server
        .platform
        .clock
        .set(friday_evening() + TimeDelta::days(30) + TimeDelta::seconds(1));
    let french = staff(&server, grenoble).await;
    assert_problem(french.act(&restore, 4, &json!({})).await, 404, "not_found").await;
    server.stop().await;
}
