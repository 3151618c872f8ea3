//! The radar: what needs attention is told with its reason and what to do, and nothing is done unasked.

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::{fewest_statements, statements_of};
use crate::support::{Server, Visitor, assert_problem, friday_evening, json};

/// What is told: the reason, of what, its day, and the states that are proposed.
async fn told(who: &Visitor, radar: &str) -> Vec<Value> {
    let list = json(who.get(radar).await).await;
    let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
    let told = |item: &Value| json!([item["reason"], item["partnership"]["name"], item["day"], item["states"]]);
    items.iter().map(told).collect()
}

#[actix_web::test]
async fn a_city_sees_what_needs_attention_and_decides_itself() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let staff = Grant::CityStaff { city_id: grenoble };
    let who = server.sign_in_as(staff).await;
    let radar = format!("/api/v1/cities/{grenoble}/radar");
    let party = |city, role: &str| json!({ "party": { "type": "city", "city_id": city }, "role": role });
    let make = async |name: &str, steps: &[Value]| {
        let draft = json!({ "name": name, "kind": "project",
            "parties": [party(grenoble, "lead"), party(sevan, "partner")] });
        let mut view = json(who.post("/api/v1/partnerships", &draft).await).await;
        for step in steps {
            let path = format!("/api/v1/partnerships/{}/advance", view["id"].as_str().unwrap());
            view = json(who.act(&path, view["version"].as_i64().unwrap(), step).await).await;
        }
        view["id"].as_str().unwrap().to_owned()
    };
    let sign = |ends_on: Value| {
        let by = |city| json!({ "city_id": city, "body": "Council", "signed_on": "2026-11-02" });
        json!({ "to": "signed", "signatures": [by(grenoble), by(sevan)], "ends_on": ends_on })
    };
    let to = |state: &str| json!({ "to": state, "reason": "So it is" });
    let letter = [to("letter_of_intent")];
    let active = |ends_on| {
        vec![
            to("letter_of_intent"),
            to("agreement_drafted"),
            sign(ends_on),
            to("active"),
        ]
    };
    make("Letter", &letter).await;
    make("Short term", &active(json!("2027-03-01"))).await;
    let quiet = make("Quiet", &active(json!(null))).await;
    let lively = make("Lively", &active(json!(null))).await;
    let mut suspended = active(json!(null));
    suspended.push(json!({ "to": "suspended", "reason": "The war", "condition": "Peace" }));
    make("Suspended", &suspended).await;
    make("Given up", &[to("abandoned")]).await;
    let day = json!("2026-11-20");
    let open = json!(["active", "terminated"]);
    assert_eq!(
        told(&who, &radar).await,
        [
            json!(["term_ending", "Short term", "2027-03-01", []]),
            json!(["plan_missing", "Short term", "2027-03-01", []]),
            json!(["suspended", "Suspended", day, open]),
        ]
    );

    // Over a year later one of them has held a meeting.
    server.platform.clock.set(friday_evening() + TimeDelta::days(366));
    let who = server.sign_in_as(staff).await;
    let meeting = json!({ "kind": "event", "title": "Meeting", "starts_on": "2027-10-01", "ends_on": "2027-10-02" });
    let made = who
        .post(&format!("/api/v1/partnerships/{lively}/activities"), &meeting)
        .await;
    assert_eq!(made.status(), 201);
    let later = [
        json!(["term_over", "Short term", "2027-03-01", ["expired"]]),
        json!(["unsigned", "Letter", day, ["agreement_drafted", "abandoned"]]),
        json!(["quiet", "Quiet", day, ["dormant"]]),
        json!(["quiet", "Short term", day, ["dormant"]]),
        json!(["suspended", "Suspended", day, open]),
    ];
    assert_eq!(told(&who, &radar).await, later);
    let spent = statements_of(&server, &who, &radar).await;
    assert!(spent <= 8, "{spent}");
    // Nothing was done to it; a person takes the proposal up.
    let path = format!("/api/v1/partnerships/{quiet}");
    let still = json(who.get(&path).await).await;
    assert_eq!((&still["state"], &still["version"]), (&json!("active"), &json!(5)));
    let put_to_sleep = who
        .act(&format!("{path}/advance"), 5, &json!({ "to": "dormant" }))
        .await;
    assert_eq!(put_to_sleep.status(), 200);
    let last = told(&who, &radar).await.pop().unwrap();
    assert_eq!(last, json!(["dormant", "Quiet", "2027-11-21", ["active", "suspended"]]));

    let stranger = server.sign_in_as(Grant::CityStaff { city_id: sevan }).await;
    assert_problem(stranger.get(&radar).await, 403, "forbidden").await;
    assert_problem(server.get(&radar).await, 401, "unauthenticated").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_plan_that_is_missing_and_sides_that_are_far_apart_are_told_until_they_are_not() {
    let server = Server::start().await;
    let (lead_city, lead) = server.staffed_city("Grenoble", "FR").await;
    let (partner_city, partner) = server.staffed_city("Sevan", "AM").await;
    let radar = format!("/api/v1/cities/{lead_city}/radar");
    let party = |city, role: &str| json!({ "party": { "type": "city", "city_id": city }, "role": role });
    let by = |city| json!({ "city_id": city, "body": "Council", "signed_on": "2026-11-02" });
    let draft = json!({ "name": "IRAPA", "kind": "project",
        "parties": [party(lead_city, "lead"), party(partner_city, "partner")] });
    let mut view = json(lead.post("/api/v1/partnerships", &draft).await).await;
    for step in [
        json!({ "to": "letter_of_intent" }),
        json!({ "to": "agreement_drafted" }),
        json!({ "to": "signed", "signatures": [by(lead_city), by(partner_city)], "ends_on": "2027-11-20" }),
        json!({ "to": "active" }),
    ] {
        let path = format!("/api/v1/partnerships/{}/advance", view["id"].as_str().unwrap());
        view = json(lead.act(&path, view["version"].as_i64().unwrap(), &step).await).await;
    }
    let path = format!("/api/v1/partnerships/{}", view["id"].as_str().unwrap());
    // A year before the end the plan is missed; the actions lead to it.
    let missing = json!(["plan_missing", "IRAPA", "2027-11-20", []]);
    assert_eq!(told(&lead, &radar).await, std::slice::from_ref(&missing));
    let list = json(lead.get(&radar).await).await;
    assert_eq!(list["items"][0]["actions"], json!(["write_plan"]));
    let read = async || assert_eq!(lead.get(&radar).await.status(), 200);
    let before = fewest_statements(&server, read).await;

    // One side files alone: nobody is told of its scores. Then the other one, two apart on two principles.
    let file = async |who: &Visitor, city: &str, scores: [u8; 10]| {
        let begun = json!({ "city_id": city, "year": 2026 });
        let begun = json(who.post(&format!("{path}/assessments"), &begun).await).await;
        let at = format!("/api/v1/assessments/{}", begun["id"].as_str().unwrap());
        let sheet = crate::assessments::sheet(scores);
        let written = json(who.put(&format!("{at}/sheet"), 1, &sheet).await).await;
        let filed = who
            .act(&format!("{at}/file"), written["version"].as_i64().unwrap(), &json!({}))
            .await;
        assert_eq!(filed.status(), 200, "{written}");
    };
    file(&lead, &lead_city.to_string(), [5, 4, 3, 3, 3, 3, 3, 3, 3, 3]).await;
    assert_eq!(told(&lead, &radar).await, std::slice::from_ref(&missing));
    file(&partner, &partner_city.to_string(), [3, 2, 3, 3, 3, 3, 3, 3, 3, 4]).await;
    let gap = json!(["assessment_gap", "IRAPA", "2026-11-20", []]);
    assert_eq!(told(&lead, &radar).await, [missing, gap.clone()]);
    let list = json(lead.get(&radar).await).await;
    assert_eq!(
        (&list["items"][1]["count"], &list["items"][1]["actions"]),
        (&json!(2), &json!(["compare_assessments"]))
    );
    assert_eq!(fewest_statements(&server, read).await, before);

    // The plan is written by the partner: both stop missing it.
    let plan = json!({ "cities": { "text": "A yearly budget" }, "delegation": {}, "headquarters": {} });
    assert_eq!(partner.post(&format!("{path}/plan"), &plan).await.status(), 201);
    assert_eq!(told(&lead, &radar).await, [gap]);
    server.stop().await;
}
