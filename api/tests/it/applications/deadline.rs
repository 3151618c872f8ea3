use chrono::TimeDelta;
use serde_json::json;

use crate::support::applications::{Applicants, id, ok, version};
use crate::support::{Server, assert_problem};

/// Hands a complete file in so many milliseconds after the deadline.
async fn submitted_after(millis: i64) -> (Server, reqwest::Response) {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::signed(&server, &funder).await;
    let closes_at = server.platform.clock.now() + TimeDelta::minutes(5);
    server.platform.clock.set(closes_at + TimeDelta::milliseconds(millis));
    let response = file.act("submit", &view).await;
    (server, response)
}

#[actix_web::test]
async fn a_file_is_taken_to_the_millisecond_of_the_grace() {
    for (millis, submitted_at) in [
        (-1, "2026-11-20T17:34:59.999Z"),
        (0, "2026-11-20T17:35:00.000Z"),
        (60_000, "2026-11-20T17:36:00.000Z"),
    ] {
        let (server, response) = submitted_after(millis).await;
        assert_eq!(ok(response, 200).await["submitted_at"], submitted_at);
        server.stop().await;
    }
    let (server, response) = submitted_after(60_001).await;
    assert_problem(response, 409, "deadline_passed").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_call_that_opens_later_is_prepared_and_not_handed_in_before() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let now = server.platform.clock.now();
    let mut window = crate::support::applications::window(now);
    window["opens_at"] = json!(now + TimeDelta::minutes(1));
    let draft = crate::support::applications::call_draft(funder.programme, &funder.rules, &window);
    let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
    let (city, staff) = server.staffed_city("Lyon", "FR").await;
    let begin = json!({"call_id": call["id"], "lead_city_id": city, "title": "Eau"});
    let problem = assert_problem(staff.post("/api/v1/applications", &begin).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/call_id");

    let path = format!("/api/v1/calls/{}", id(&call));
    ok(
        funder
            .officer
            .act(&format!("{path}/advance"), 1, &json!({"to": "open"}))
            .await,
        200,
    )
    .await;
    let told = ok(staff.get(&path).await, 200).await;
    assert_eq!(
        (&told["takes_applications"], &told["allowed"]),
        (&json!(false), &json!(["apply"]))
    );
    let view = ok(staff.post("/api/v1/applications", &begin).await, 201).await;
    assert!(!view["allowed"].as_array().unwrap().contains(&json!("submit")));
    let submit = format!("/api/v1/applications/{}/submit", id(&view));
    assert_problem(
        staff.act(&submit, version(&view), &json!({})).await,
        409,
        "call_not_open",
    )
    .await;

    server.platform.clock.set(now + TimeDelta::minutes(7));
    assert_problem(staff.post("/api/v1/applications", &begin).await, 409, "deadline_passed").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_prolonged_call_takes_what_the_former_deadline_refused() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::signed(&server, &funder).await;
    let now = server.platform.clock.now();
    server.platform.clock.set(now + TimeDelta::minutes(8));
    assert_problem(file.act("submit", &view).await, 409, "deadline_passed").await;
    let mut window = crate::support::applications::window(now);
    window["closes_at"] = json!(now + TimeDelta::minutes(10));
    let path = format!("/api/v1/calls/{}", id(&funder.call));
    ok(funder.officer.patch(&path, 2, &json!({"window": window})).await, 200).await;
    ok(file.act("submit", &view).await, 200).await;
    server.stop().await;
}
