use chrono::TimeDelta;
use serde_json::json;
use shared::accounts::Grant;

use super::Desk;
use crate::support::applications::{Applicants, ok, version};
use crate::support::{Server, assert_problem, friday_evening};

#[actix_web::test]
async fn nobody_at_the_funder_sees_a_file_before_the_deadline_with_its_grace_is_over() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::sealed(&server, &funder).await;
    let reviewer = server
        .sign_in_as(Grant::Reviewer {
            programme_id: funder.programme,
        })
        .await;
    let visitors = [&funder.officer, &funder.admin, &reviewer];
    let last = friday_evening() + TimeDelta::minutes(6);
    for (at, is_open) in [
        (friday_evening(), false),
        (last, false),
        (last + TimeDelta::milliseconds(1), true),
    ] {
        server.platform.clock.set(at);
        for visitor in visitors {
            let page = ok(visitor.get("/api/v1/applications?count=true").await, 200).await;
            assert_eq!(page["total"], u32::from(is_open));
            for part in ["", "/budget", "/receipt"] {
                let response = visitor.get(&format!("{}{part}", file.path)).await;
                if is_open {
                    ok(response, 200).await;
                } else {
                    assert_problem(response, 404, "not_found").await;
                }
            }
        }
        ok(file.partner.get(&file.path).await, 200).await;
    }
    server.platform.clock.set(friday_evening());
    let decision = json!({"outcome": "accepted", "reason": "Oui."});
    let early = funder.officer.act(&file.at("decide"), version(&view), &decision).await;
    assert_problem(early, 404, "not_found").await;
    let early = funder
        .officer
        .act(&file.at("start-review"), version(&view), &json!({}))
        .await;
    assert_problem(early, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn the_committee_learns_how_many_files_there_are_and_nothing_of_them() {
    let desk = Desk::open(Some(1_000), &[100, 200]).await;
    let sheet = desk.committee("&count=true").await;
    assert_eq!(
        (&sheet["sealed"], &sheet["handed_in"], &sheet["items"], &sheet["total"]),
        (&json!(true), &json!(2), &json!([]), &json!(0))
    );
    assert_eq!(
        (&sheet["asked_minor"], &sheet["can_decide"]),
        (&json!(0), &json!(false))
    );
    let bulk = json!({"items": [desk.decision(0, "accepted")]});
    let problem = assert_problem(desk.post("decide", &bulk).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/items/0/application_id");
    let reviewer = desk.reviewer(&[]).await;
    let items = json!({"items": [{"application_id": desk.files[0], "reviewer_id": reviewer.account_id}]});
    assert_problem(desk.post("reviews", &items).await, 409, "state_conflict").await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn a_call_that_is_prolonged_seals_its_files_again() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, _) = Applicants::handed_in(&server, &funder).await;
    ok(funder.officer.get(&file.path).await, 200).await;
    let mut window = crate::support::applications::window(friday_evening());
    window["closes_at"] = json!(friday_evening() + TimeDelta::minutes(9));
    let path = format!("/api/v1/calls/{}", funder.call["id"].as_str().unwrap());
    ok(funder.officer.patch(&path, 2, &json!({"window": window})).await, 200).await;
    assert_problem(funder.officer.get(&file.path).await, 404, "not_found").await;
    server.stop().await;
}
