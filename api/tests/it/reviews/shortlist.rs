//! The shortlist: put together and taken apart by officers, and the funder's alone until the results are public.

use serde_json::{Value, json};
use shared::accounts::Grant;

use super::Desk;
use crate::support::applications::{ok, version};
use crate::support::assert_problem;

fn draft(desk: &Desk, files: &[(usize, i64)], shortlisted: bool) -> Value {
    let items = files
        .iter()
        .map(|(file, version)| json!({"application_id": desk.files[*file], "version": version}));
    json!({"items": items.collect::<Vec<_>>(), "shortlisted": shortlisted})
}

fn states(report: &Value) -> Vec<&str> {
    let items = report["items"].as_array().unwrap().iter();
    items.map(|item| item["state"].as_str().unwrap()).collect()
}

fn told(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}

#[actix_web::test]
async fn the_best_are_shortlisted_together_and_decided_among() {
    let desk = Desk::under_review(Some(1_000), &[400, 300, 300], false).await;
    let twice = draft(&desk, &[(0, 1), (0, 1)], true);
    let problem = assert_problem(desk.post("shortlist", &twice).await, 422, "invalid").await;
    assert_eq!(told(&problem), [("/items/1/application_id", "duplicate")]);

    let report = ok(
        desk.post("shortlist", &draft(&desk, &[(0, 1), (1, 1)], true)).await,
        200,
    )
    .await;
    assert_eq!(states(&report), ["shortlisted", "shortlisted"]);
    assert_eq!(
        (&report["committed_minor"], &report["envelope_minor"]),
        (&json!(0), &json!(100_000))
    );
    let sheet = desk.committee("&state=shortlisted").await;
    assert_eq!(
        (sheet["items"].as_array().unwrap().len(), &sheet["undecided"]),
        (2, &json!(3))
    );

    // Of one that is there already, and one that is not any more what the officer knows, nothing is done with any.
    let mixed = draft(&desk, &[(0, 2), (2, 7)], true);
    let problem = assert_problem(desk.post("shortlist", &mixed).await, 409, "state_conflict").await;
    assert_eq!(
        told(&problem),
        [
            ("/items/0/application_id", "inconsistent"),
            ("/items/1/version", "inconsistent")
        ]
    );
    // Only what is on it is taken off.
    let off = draft(&desk, &[(1, 2), (2, 1)], false);
    let problem = assert_problem(desk.post("shortlist", &off).await, 409, "state_conflict").await;
    assert_eq!(told(&problem), [("/items/1/application_id", "inconsistent")]);
    let report = ok(desk.post("shortlist", &draft(&desk, &[(1, 2)], false)).await, 200).await;
    assert_eq!(states(&report), ["in_review"]);

    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let path = format!("{}/decide", desk.file(0));
    let view = ok(desk.funder.officer.act(&path, 2, &accept).await, 200).await;
    assert_eq!(view["state"], "accepted");
    desk.server.stop().await;
}

#[actix_web::test]
async fn its_cities_are_told_of_a_shortlist_when_the_results_are_public() {
    let desk = Desk::under_review(None, &[400, 300], false).await;
    let lead = desk
        .server
        .sign_in_as(Grant::CityStaff { city_id: desk.grenoble })
        .await;
    for (who, status) in [(&lead, 403), (&desk.funder.admin, 403)] {
        let answer = who
            .post(&format!("{}/shortlist", desk.call), &draft(&desk, &[(0, 1)], true))
            .await;
        assert_problem(answer, status, "forbidden").await;
    }
    let path = format!("{}/shortlist", desk.file(0));
    let view = ok(desk.funder.officer.act(&path, 1, &json!({})).await, 200).await;
    assert_eq!(view["state"], "shortlisted");
    assert_eq!(
        view["allowed"],
        json!(["start_review", "decide"]),
        "what an officer does with it"
    );
    assert_problem(
        desk.funder.officer.act(&path, version(&view), &json!({})).await,
        409,
        "state_conflict",
    )
    .await;

    let listed = async |state: &str| {
        let path = format!("/api/v1/applications?count=true&state={state}");
        ok(lead.get(&path).await, 200).await["total"].as_u64()
    };
    assert_eq!(ok(lead.get(&desk.file(0)).await, 200).await["state"], "in_review");
    assert_eq!(
        (listed("shortlisted").await, listed("in_review").await),
        (Some(0), Some(1))
    );
    desk.funder.publish(&desk.call).await;
    assert_eq!(ok(lead.get(&desk.file(0)).await, 200).await["state"], "shortlisted");
    assert_eq!(
        (listed("shortlisted").await, listed("in_review").await),
        (Some(1), Some(0))
    );
    desk.server.stop().await;
}
