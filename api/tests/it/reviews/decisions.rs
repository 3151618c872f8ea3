use serde_json::{Value, json};
use shared::accounts::Grant;

use super::Desk;
use crate::support::applications::{ok, version};
use crate::support::assert_problem;

fn told(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}

async fn states(desk: &Desk) -> Vec<String> {
    let sheet = desk.committee("&sort=title").await;
    let items = sheet["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["state"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn several_are_decided_together_or_none_is() {
    let desk = Desk::under_review(Some(1_000), &[400, 400, 300], false).await;
    let item = |file: usize, outcome: &str| desk.decision(file, outcome);

    // What is wrong in itself.
    let mut unreasoned = item(0, "accepted");
    unreasoned["reason"] = json!(" ");
    let mut granted = item(1, "rejected");
    granted["granted_minor"] = json!(1);
    let bulk = json!({"items": [unreasoned, granted, item(2, "accepted"), item(2, "rejected")]});
    let problem = assert_problem(desk.post("decide", &bulk).await, 422, "invalid").await;
    assert_eq!(
        told(&problem),
        [
            ("/items/0/reason", "required"),
            ("/items/1/granted_minor", "inconsistent"),
            ("/items/3/application_id", "duplicate"),
        ]
    );
    // What does not fit the files.
    let mut dear = item(1, "accepted");
    dear["granted_minor"] = json!(40_001);
    let mut foreign = item(0, "accepted");
    foreign["application_id"] = json!(desk.funder.programme);
    let bulk = json!({"items": [item(0, "accepted"), dear, foreign]});
    let problem = assert_problem(desk.post("decide", &bulk).await, 422, "invalid").await;
    assert_eq!(
        told(&problem),
        [
            ("/items/1/granted_minor", "range"),
            ("/items/2/application_id", "reference")
        ]
    );
    // More than there is.
    let all = json!({"items": [item(0, "accepted"), item(1, "accepted"), item(2, "accepted")]});
    let problem = assert_problem(desk.post("decide", &all).await, 409, "envelope_exceeded").await;
    assert_eq!(told(&problem), [("/items/2/granted_minor", "rule")]);
    assert_eq!(
        problem["errors"][0]["params"],
        json!({"rule": "envelope", "limit": "100000", "actual": "110000", "difference": "10000"})
    );
    assert_eq!(states(&desk).await, ["submitted", "submitted", "submitted"]);

    let bulk = json!({"items": [item(0, "accepted"), item(1, "rejected")]});
    let report = ok(desk.post("decide", &bulk).await, 200).await;
    assert_eq!(
        (&report["committed_minor"], &report["envelope_minor"]),
        (&json!(40_000), &json!(100_000))
    );
    assert_eq!(report["items"][1]["granted_minor"], Value::Null);
    // What has changed meanwhile.
    let bulk = json!({"items": [item(0, "rejected"), item(2, "rejected")]});
    let problem = assert_problem(desk.post("decide", &bulk).await, 409, "state_conflict").await;
    assert_eq!(
        told(&problem),
        [
            ("/items/0/version", "inconsistent"),
            ("/items/0/application_id", "inconsistent")
        ]
    );
    assert_eq!(states(&desk).await, ["accepted", "rejected", "submitted"]);

    let path = format!("/api/v1/applications/{}", desk.files[0]);
    let view = ok(desk.funder.officer.get(&path).await, 200).await;
    assert_eq!(
        (
            &view["decision"]["reason"],
            &view["decision"]["granted_minor"],
            version(&view)
        ),
        (&json!("Avis du comité."), &json!(40_000), 2)
    );
    desk.server.stop().await;
}

#[actix_web::test]
async fn one_file_is_not_accepted_over_the_envelope_either() {
    let desk = Desk::under_review(Some(500), &[400, 400], false).await;
    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let officer = &desk.funder.officer;
    let path = |file: usize| format!("/api/v1/applications/{}/decide", desk.files[file]);
    ok(officer.act(&path(0), 1, &accept).await, 200).await;
    let problem = assert_problem(officer.act(&path(1), 1, &accept).await, 409, "envelope_exceeded").await;
    assert_eq!(told(&problem), [("/granted_minor", "rule")]);
    let less = json!({"outcome": "accepted", "reason": "Oui.", "granted_minor": 10_000});
    ok(officer.act(&path(1), 1, &less).await, 200).await;
    assert_eq!(desk.committee("").await["committed_minor"], 50_000);
    desk.server.stop().await;
}

#[actix_web::test]
async fn only_officers_decide_and_a_repeated_request_decides_once() {
    let desk = Desk::under_review(Some(500), &[400], false).await;
    let bulk = json!({"items": [desk.decision(0, "accepted")]});
    let path = format!("{}/decide", desk.call);
    let reviewer = desk.reviewer(&[]).await;
    let elsewhere = desk.server.funder().await;
    for visitor in [&reviewer, &desk.funder.admin, &elsewhere.officer] {
        assert_problem(visitor.post(&path, &bulk).await, 403, "forbidden").await;
    }
    let officer = Grant::ProgrammeOfficer {
        programme_id: desk.funder.programme,
    };
    assert!(desk.server.account(&[officer]).await != desk.funder.officer.account_id.unwrap());
    let decide = async || {
        desk.funder
            .officer
            .request("POST", &path)
            .header("idempotency-key", "once")
            .json(&bulk)
            .send()
            .await
            .unwrap()
    };
    let first = ok(decide().await, 200).await;
    let again = decide().await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(ok(again, 200).await, first);
    desk.server.stop().await;
}
