//! Likely doubles: proposed with what speaks for them, merged and rejected by a person, and taken back exactly.

mod imported;
mod merge;

use api::jobs::worker::work_one;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::ok;
use crate::support::{Server, Visitor, assert_problem};

async fn admin(server: &Server) -> Visitor {
    server.sign_in_as(Grant::Admin).await
}

/// Looks for doubles; what was found.
async fn search(server: &Server, who: &Visitor) -> Value {
    let job = ok(who.post("/api/v1/doubles/search", &json!({})).await, 202).await;
    assert_eq!((&job["kind"], &job["report"]), (&json!("search_doubles"), &json!(null)));
    assert!(work_one(&server.platform).await.unwrap());
    ok(
        who.get(&format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())).await,
        200,
    )
    .await["report"]
        .clone()
}

async fn items(who: &Visitor, query: &str) -> Vec<Value> {
    let page = ok(who.get(&format!("/api/v1/doubles?{query}")).await, 200).await;
    page["items"].as_array().unwrap().clone()
}

/// What is proposed: the names, the likelihood.
fn told(items: &[Value]) -> Vec<(String, String)> {
    let name = |side: &Value| side["name"].as_str().unwrap().to_owned();
    items.iter().map(|item| (name(&item["a"]), name(&item["b"]))).collect()
}

fn hints(item: &Value) -> Vec<&str> {
    let hints = item["hints"].as_array().unwrap().iter();
    hints.map(|hint| hint["kind"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn doubles_are_proposed_with_evidence_and_what_is_two_is_not() {
    let server = Server::start().await;
    let boiarka = server
        .city("Boiarka", "UA")
        .at(50.32, 30.29)
        .population(34_394)
        .add()
        .await;
    let boyarka = server
        .city("Boyarka", "UA")
        .at(50.33, 30.29)
        .population(34_394)
        .add()
        .await;
    server.city("Pitești", "RO").at(44.85, 24.87).add().await;
    server.city("Piteşti", "RO").at(44.85, 24.87).add().await;
    // Two communes of one name, each with its code; neighbours whose names say so; two of one name far apart.
    for (name, code, lat) in [("Saint-Aubin", "39476", 47.03), ("Saint-Aubin", "21541", 47.04)] {
        server.city(name, "FR").code("fr:insee", code).at(lat, 5.33).add().await;
    }
    for name in ["East Hendred", "West Hendred"] {
        server.city(name, "GB").at(51.58, -1.33).add().await;
    }
    for lat in [49.0, 53.0] {
        server
            .city("Neustadt", "DE")
            .at(lat, 10.0)
            .population(9_000)
            .add()
            .await;
    }
    let who = admin(&server).await;
    assert_eq!(items(&who, "").await, Vec::<Value>::new());
    assert_eq!(
        search(&server, &who).await,
        json!({ "cities": 10, "proposed": 2, "added": 2, "withdrawn": 0 })
    );
    let found = items(&who, "").await;
    assert_eq!(
        told(&found),
        [
            ("Boiarka".to_owned(), "Boyarka".to_owned()),
            ("Pitești".to_owned(), "Piteşti".to_owned())
        ]
    );
    assert_eq!(hints(&found[0]), ["name_spelling", "distance", "population_same"]);
    assert_eq!(
        found[0]["hints"][2],
        json!({ "kind": "population_same", "speaks_for": true, "value": "34394" })
    );
    assert!(found[0]["score"].as_u64() > found[1]["score"].as_u64(), "{found:?}");
    assert_eq!(found[0]["allowed"], json!(["merge", "reject"]));
    // A second search changes nothing; another country, another likelihood, another city find their own.
    let again = json!({ "cities": 10, "proposed": 2, "added": 0, "withdrawn": 0 });
    assert_eq!(search(&server, &who).await, again);
    assert_eq!(told(&items(&who, "country=RO").await), told(&found[1..]));
    assert_eq!(told(&items(&who, &format!("of={boiarka}")).await), told(&found[..1]));
    assert_eq!(items(&who, "score_min=100").await.len(), 0);
    let first = ok(who.get("/api/v1/doubles?limit=1&count=true").await, 200).await;
    assert_eq!(first["total"], 2);
    let rest = items(&who, &format!("cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(told(&rest), told(&found[1..]));
    // Once they partner with each other they are two.
    let draft = json!({ "name": "Two", "kind": "project", "parties": [
        { "party": { "type": "city", "city_id": boiarka }, "role": "lead" },
        { "party": { "type": "city", "city_id": boyarka }, "role": "partner" },
        { "party": { "type": "city", "city_id": server.add_city("Sevan", "AM").await }, "role": "partner" },
    ] });
    ok(who.post("/api/v1/partnerships", &draft).await, 201).await;
    let less = search(&server, &who).await;
    assert_eq!(less["proposed"], 2, "the rest speaks for it still");
    let now = items(&who, "country=UA").await;
    assert!(now[0]["score"].as_u64() < found[0]["score"].as_u64());
    assert!(hints(&now[0]).contains(&"partners_of_each_other"));
    assert_problem(who.get("/api/v1/doubles?cursor=nonsense").await, 400, "cursor_invalid").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_list_of_doubles_takes_few_statements() {
    let server = Server::start().await;
    for at in 0..8 {
        let lat = 44.0 + f64::from(at);
        server.city(&format!("Piteşti {at}"), "RO").at(lat, 24.87).add().await;
        server.city(&format!("Pitești {at}"), "RO").at(lat, 24.87).add().await;
    }
    let who = admin(&server).await;
    assert_eq!(search(&server, &who).await["proposed"], 8);
    let path = "/api/v1/doubles?limit=8&count=true";
    let spent = crate::support::applications::statements_of(&server, &who, path).await;
    assert!(spent <= 5, "{spent}");
    server.stop().await;
}

#[actix_web::test]
async fn what_is_rejected_stays_rejected_until_that_is_taken_back() {
    let server = Server::start().await;
    for name in ["Galaţi", "Galați"] {
        server.city(name, "RO").at(45.43, 28.03).add().await;
    }
    let who = admin(&server).await;
    search(&server, &who).await;
    let double = items(&who, "").await.remove(0);
    let path = format!("/api/v1/doubles/{}", double["id"].as_str().unwrap());
    let no = json!({ "note": "A district of the same name" });
    assert_problem(
        who.post(&format!("{path}/reject"), &no).await,
        428,
        "precondition_required",
    )
    .await;
    assert_problem(
        who.act(&format!("{path}/undo"), 1, &json!({})).await,
        409,
        "state_conflict",
    )
    .await;
    let rejected = ok(who.act(&format!("{path}/reject"), 1, &no).await, 200).await;
    assert_eq!(
        (&rejected["state"], &rejected["note"], &rejected["allowed"]),
        (&json!("rejected"), &no["note"], &json!(["undo"]))
    );
    assert!(
        rejected["decided_at"].is_string() && rejected["decided_by"].is_string(),
        "{rejected}"
    );
    assert_problem(who.act(&format!("{path}/reject"), 1, &no).await, 412, "stale").await;
    assert_problem(who.act(&format!("{path}/reject"), 2, &no).await, 409, "state_conflict").await;
    assert_eq!(search(&server, &who).await["proposed"], 0);
    assert_eq!(items(&who, "").await.len(), 0);
    assert_eq!(items(&who, "state=rejected").await.len(), 1);
    let again = ok(who.act(&format!("{path}/undo"), 2, &json!({})).await, 200).await;
    assert_eq!((&again["state"], &again["note"]), (&json!("proposed"), &json!("")));
    server.stop().await;
}

#[actix_web::test]
async fn networks_decide_on_their_own_cities_and_strangers_see_nothing() {
    let server = Server::start().await;
    let network = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let other = server.add_network("Lianes", "FR", &["FR-59"]).await;
    for name in ["Bagneres", "Bagnères"] {
        server.city(name, "FR").subdivision("FR-38").at(43.06, 0.15).add().await;
    }
    let own = server
        .sign_in_as(Grant::NetworkCoordinator { network_id: network })
        .await;
    let foreign = server.sign_in_as(Grant::NetworkCoordinator { network_id: other }).await;
    assert_eq!(search(&server, &foreign).await["added"], 1);
    let seen = items(&foreign, "").await.remove(0);
    assert_eq!(seen["allowed"], json!([]));
    let path = format!("/api/v1/doubles/{}", seen["id"].as_str().unwrap());
    assert_problem(
        foreign.act(&format!("{path}/reject"), 1, &json!({})).await,
        403,
        "forbidden",
    )
    .await;
    assert_eq!(items(&own, "").await[0]["allowed"], json!(["merge", "reject"]));
    ok(own.act(&format!("{path}/reject"), 1, &json!({})).await, 200).await;
    assert_problem(server.get("/api/v1/doubles").await, 401, "unauthenticated").await;
    let staff = server
        .sign_in_as(Grant::CityStaff {
            city_id: server.add_city("Sevan", "AM").await,
        })
        .await;
    assert_problem(staff.get("/api/v1/doubles").await, 403, "forbidden").await;
    server.stop().await;
}

/// Two that stand twice, and an administrator who asks for a search.
async fn asked() -> (Server, Visitor, Value) {
    let server = Server::start().await;
    for name in ["Galaţi", "Galați"] {
        server.city(name, "RO").at(45.43, 28.03).add().await;
    }
    let who = admin(&server).await;
    let last = ok(who.get("/api/v1/doubles/search").await, 200).await;
    assert_eq!(last, json!({ "last": null }));
    let response = who.post("/api/v1/doubles/search", &json!({})).await;
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let job = ok(response, 202).await;
    assert_eq!(location, at(&job, ""));
    (server, who, job)
}

fn at(job: &Value, more: &str) -> String {
    format!("/api/v1/jobs/{}{more}", job["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_search_is_asked_for_once_watched_and_cancelled() {
    let (server, who, job) = asked().await;
    assert_eq!((&job["state"], &job["subject_id"]), (&json!("queued"), &job["id"]));
    let again = ok(who.post("/api/v1/doubles/search", &json!({})).await, 202).await;
    assert_eq!(again["id"], job["id"], "one is enough");
    let cancelled = ok(who.act(&at(&job, "/cancel"), 1, &json!({})).await, 200).await;
    assert_eq!(cancelled["state"], "cancelled");
    assert!(!work_one(&server.platform).await.unwrap());
    assert_eq!(items(&who, "").await.len(), 0, "nothing of it stays");
    // Another one finds them, and tells how far it went.
    let job = ok(who.post("/api/v1/doubles/search", &json!({})).await, 202).await;
    assert_ne!(job["id"], again["id"]);
    assert!(work_one(&server.platform).await.unwrap());
    let done = ok(who.get("/api/v1/doubles/search").await, 200).await["last"].clone();
    assert_eq!((&done["id"], &done["state"]), (&job["id"], &json!("done")));
    assert!(done["of"].as_i64().unwrap() > 0 && done["done"] == done["of"], "{done}");
    let report = json!({ "cities": 2, "proposed": 1, "added": 1, "withdrawn": 0 });
    assert_eq!(done["report"], report);
    server.stop().await;
}

#[actix_web::test]
async fn a_search_outlives_the_process_that_began_it_and_stops_where_somebody_cancels() {
    let (server, who, job) = asked().await;
    // A process took it, and went away.
    server
        .execute("UPDATE jobs SET state = 'running', attempts = 1, version = 2, held_until = NULL")
        .await;
    let cancelled = ok(who.act(&at(&job, "/cancel"), 2, &json!({})).await, 200).await;
    assert_eq!(
        (&cancelled["state"], &cancelled["can_cancel"]),
        (&json!("running"), &json!(false))
    );
    assert!(work_one(&server.platform).await.unwrap());
    let ended = ok(who.get(&at(&job, "")).await, 200).await;
    assert_eq!((&ended["state"], &ended["report"]), (&json!("cancelled"), &json!(null)));
    assert_eq!(items(&who, "").await.len(), 0);

    let job = ok(who.post("/api/v1/doubles/search", &json!({})).await, 202).await;
    server
        .execute("UPDATE jobs SET state = 'running', attempts = 1, held_until = NULL WHERE state = 'queued'")
        .await;
    let beside = server.start_beside().await;
    assert!(work_one(&beside.platform).await.unwrap());
    let done = ok(who.get(&at(&job, "")).await, 200).await;
    assert_eq!((&done["state"], &done["attempts"]), (&json!("done"), &json!(2)));
    assert_eq!(items(&who, "").await.len(), 1);
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn who_reviews_doubles_sees_and_cancels_a_search_and_nobody_else() {
    let (server, _, job) = asked().await;
    let network_id = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let city_id = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id }).await;
    assert_problem(staff.get(&at(&job, "")).await, 404, "not_found").await;
    assert_problem(staff.act(&at(&job, "/cancel"), 1, &json!({})).await, 404, "not_found").await;
    assert_problem(staff.get("/api/v1/doubles/search").await, 403, "forbidden").await;
    let referent = server.sign_in_as(Grant::NetworkCoordinator { network_id }).await;
    ok(referent.get(&at(&job, "")).await, 200).await;
    ok(referent.act(&at(&job, "/cancel"), 1, &json!({})).await, 200).await;
    server.stop().await;
}
