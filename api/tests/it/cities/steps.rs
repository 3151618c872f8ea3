//! How far a city is, in five steps.

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::cities::Urgency;
use shared::partnerships::PartyRole;
use shared::themes::Theme;

use crate::support::applications::{fewest_statements, id, insert_file, ok, version};
use crate::support::{Server, assert_problem};

fn states(steps: &Value) -> Vec<&str> {
    let all = steps["steps"].as_array().unwrap().iter();
    all.map(|step| step["state"].as_str().unwrap()).collect()
}

fn next(steps: &Value, step: usize) -> &Value {
    &steps["steps"][step]["next"]
}

#[actix_web::test]
async fn the_steps_follow_what_a_city_does() {
    let server = Server::start().await;
    server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let sevan = server.add_city("Sevan", "AM").await;
    let grenoble = server
        .city("Grenoble", "FR")
        .subdivision("FR-38")
        .need(Theme::Climate, Urgency::High)
        .add()
        .await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: sevan }).await;
    let french = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let path = format!("/api/v1/cities/{sevan}/steps");
    let read = async || ok(staff.get(&path).await, 200).await;

    let new = read().await;
    assert_eq!(states(&new), ["not_begun"; 5]);
    assert_eq!(
        (next(&new, 0), next(&new, 4)),
        (&json!("state_needs"), &json!("state_offers"))
    );
    // Grenoble has said what it needs, and its network is known by where it is.
    let elsewhere = ok(french.get(&format!("/api/v1/cities/{grenoble}/steps")).await, 200).await;
    assert_eq!(
        states(&elsewhere),
        ["not_begun", "not_begun", "not_begun", "done", "not_begun"]
    );
    assert_eq!(next(&elsewhere, 0), "look_for_partners");
    assert_eq!(elsewhere["figures"]["needs"], 1);
    assert_problem(french.get(&path).await, 403, "forbidden").await;

    let draft = json!({ "from_city_id": grenoble, "to_city_id": sevan, "message": "Bonjour !" });
    let interest = ok(french.post("/api/v1/matches", &draft).await, 201).await;
    let asked = read().await;
    assert_eq!(
        (states(&asked)[0], next(&asked, 0)),
        ("under_way", &json!("answer_interests"))
    );
    let accept = format!("/api/v1/matches/{}/accept", id(&interest));
    ok(staff.act(&accept, version(&interest), &json!({})).await, 200).await;
    assert_eq!(next(&read().await, 0), "go_on_with_contacts");

    let draft = json!({ "name": "Des lacs", "kind": "project", "parties": [
        { "party": { "type": "city", "city_id": sevan }, "role": "lead" },
        { "party": { "type": "city", "city_id": grenoble }, "role": "partner" },
    ] });
    let partnership = ok(staff.post("/api/v1/partnerships", &draft).await, 201).await;
    let prepared = read().await;
    assert_eq!(states(&prepared)[..2], ["done", "under_way"]);
    assert_eq!(next(&prepared, 1), "advance_partnership");
    let below = format!("/api/v1/partnerships/{}", id(&partnership));
    let visit = json!({ "kind": "training", "title": "Une visite", "starts_on": "2026-10-01", "ends_on": "2026-10-03", "state": "held" });
    ok(staff.post(&format!("{below}/activities"), &visit).await, 201).await;
    assert_eq!(next(&read().await, 4), "record_result");
    let result = json!({ "theme": "climate", "title": "Less waste", "evidence": { "type": "indicator", "unit": "t", "baseline": 10, "target": 5 } });
    ok(staff.post(&format!("{below}/results"), &result).await, 201).await;
    let worked = read().await;
    assert_eq!(states(&worked), ["done", "under_way", "not_begun", "not_begun", "done"]);
    assert_eq!(
        (&worked["figures"]["activities_held"], &worked["figures"]["results"]),
        (&json!(1), &json!(1))
    );
    // What is deleted is not counted.
    let now = ok(staff.get(&below).await, 200).await;
    assert_eq!(staff.delete(&below, version(&now)).await.status(), 204);
    let gone = read().await;
    assert_eq!(
        states(&gone),
        ["under_way", "not_begun", "not_begun", "not_begun", "not_begun"]
    );
    assert!(fewest_statements(&server, async || drop(read().await)).await <= 9);
    server.stop().await;
}

#[actix_web::test]
async fn applications_tell_how_far_the_funding_is() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let city = server.add_city("Grenoble", "FR").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: city }).await;
    let path = format!("/api/v1/cities/{city}/steps");
    let funding = async || {
        let steps = ok(staff.get(&path).await, 200).await;
        (states(&steps)[2].to_owned(), next(&steps, 2).clone())
    };
    assert_eq!(funding().await, ("not_begun".to_owned(), json!("look_at_calls")));
    let draft = json!({ "call_id": funder.call["id"], "lead_city_id": city, "title": "Eau" });
    let file = ok(staff.post("/api/v1/applications", &draft).await, 201).await;
    assert_eq!(funding().await, ("under_way".to_owned(), json!("finish_application")));
    let file_path = format!("/api/v1/applications/{}", id(&file));
    assert_eq!(staff.delete(&file_path, version(&file)).await.status(), 204);
    assert_eq!(funding().await.0, "not_begun");
    let parties = [(city, PartyRole::Lead)];
    insert_file(&server, funder.programme, id(&funder.call), ("Eau", &parties, 100)).await;
    assert_eq!(funding().await, ("under_way".to_owned(), Value::Null));
    server.stop().await;
}
