use serde_json::{Value, json};
use shared::accounts::Grant;

use super::Desk;
use crate::support::applications::{ok, version};
use crate::support::{Visitor, assert_problem};

fn pair(desk: &Desk, file: usize, reviewer: &Visitor) -> Value {
    json!({"application_id": desk.files[file], "reviewer_id": reviewer.account_id})
}

#[actix_web::test]
async fn a_conflict_of_interest_is_refused_with_its_reason_and_nothing_is_given() {
    let desk = Desk::under_review(None, &[100], false).await;
    let free = desk.reviewer(&[]).await;
    let city = desk.reviewer(&[Grant::CityStaff { city_id: desk.sevan }]).await;
    let networks = ok(desk.server.get("/api/v1/networks").await, 200).await;
    let network_id = networks["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let network = desk.reviewer(&[Grant::NetworkCoordinator { network_id }]).await;
    let items = json!({"items": [pair(&desk, 0, &free), pair(&desk, 0, &city), pair(&desk, 0, &network)]});
    let problem = assert_problem(desk.post("reviews", &items).await, 409, "conflict_of_interest").await;
    let told: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["pointer"].as_str().unwrap(),
                error["params"]["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/items/1/reviewer_id", "own_city"),
            ("/items/2/reviewer_id", "own_network")
        ]
    );
    let page = ok(free.get("/api/v1/reviews").await, 200).await;
    assert_eq!(page["items"], json!([]));

    let review = desk.given(desk.files[0], &free).await;
    let path = format!("/api/v1/reviews/{}", review["id"].as_str().unwrap());
    let declare = json!({"reason": "Un ami."});
    ok(free.act(&format!("{path}/declare-conflict"), 1, &declare).await, 200).await;
    let items = json!({"items": [pair(&desk, 0, &free)]});
    let problem = assert_problem(desk.post("reviews", &items).await, 409, "conflict_of_interest").await;
    assert_eq!(problem["errors"][0]["params"]["reason"], "declared");
    desk.server.stop().await;
}

#[actix_web::test]
async fn who_and_what_is_unknown_or_given_already_is_pointed_to() {
    let desk = Desk::under_review(None, &[100, 100], false).await;
    let reviewer = desk.reviewer(&[]).await;
    let stranger = desk.server.sign_in_as(Grant::Admin).await;
    desk.given(desk.files[0], &reviewer).await;
    let decided = json!({"items": [desk.decision(1, "rejected")]});
    ok(desk.post("decide", &decided).await, 200).await;
    let items = json!({"items": [
        {"application_id": desk.funder.programme, "reviewer_id": reviewer.account_id},
        pair(&desk, 0, &stranger),
        pair(&desk, 0, &reviewer),
        pair(&desk, 1, &reviewer),
    ]});
    let problem = assert_problem(desk.post("reviews", &items).await, 422, "invalid").await;
    let told: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("/items/0/application_id", "reference"),
            ("/items/1/reviewer_id", "reference"),
            ("/items/2/reviewer_id", "duplicate"),
            ("/items/3/application_id", "inconsistent"),
        ]
    );
    let none = json!({"items": []});
    assert_problem(desk.post("reviews", &none).await, 422, "invalid").await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn files_are_spread_evenly_around_conflicts_and_what_lacks_is_told() {
    let desk = Desk::under_review(None, &[100; 9], false).await;
    let mut reviewers = Vec::new();
    for _ in 0..3 {
        reviewers.push(desk.reviewer(&[]).await);
    }
    let own = desk.reviewer(&[Grant::CityStaff { city_id: desk.grenoble }]).await;
    let given = desk.given(desk.files[0], &reviewers[0]).await;
    let report = ok(desk.post("balance-reviews", &json!({})).await, 200).await;
    assert_eq!(
        (report["items"].as_array().unwrap().len(), &report["short"]),
        (17, &json!([]))
    );
    let list = ok(desk.funder.officer.get(&format!("{}/reviewers", desk.call)).await, 200).await;
    for reviewer in list["items"].as_array().unwrap() {
        let is_own = reviewer["id"] == json!(own.account_id);
        assert_eq!(reviewer["assigned"], if is_own { 0 } else { 6 });
    }
    // Once more changes nothing; four each are more than there are.
    let report = ok(desk.post("balance-reviews", &json!({})).await, 200).await;
    assert_eq!(report["items"], json!([]));
    let report = ok(
        desk.post("balance-reviews", &json!({"reviewers_per_file": 4})).await,
        200,
    )
    .await;
    assert_eq!(report["items"].as_array().unwrap().len(), 9);
    assert_eq!(report["short"].as_array().unwrap().len(), 9);
    assert_eq!(report["short"][0]["missing"], 1);
    let wrong = desk.post("balance-reviews", &json!({"reviewers_per_file": 11})).await;
    assert_problem(wrong, 422, "invalid").await;

    // An officer takes a file away again, as long as its sheet is not filed.
    let path = format!("/api/v1/reviews/{}", given["id"].as_str().unwrap());
    assert_problem(reviewers[0].delete(&path, 1).await, 403, "forbidden").await;
    assert_problem(reviewers[1].delete(&path, 1).await, 404, "not_found").await;
    assert_problem(desk.funder.officer.delete(&path, 9).await, 412, "stale").await;
    ok(desk.funder.officer.delete(&path, 1).await, 204).await;
    assert_problem(reviewers[0].get(&path).await, 404, "not_found").await;
    let filed = desk.filed(desk.files[0], &reviewers[0], (1, 1)).await;
    let path = format!("/api/v1/reviews/{}", filed["id"].as_str().unwrap());
    let late = desk.funder.officer.delete(&path, version(&filed)).await;
    assert_problem(late, 409, "state_conflict").await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn two_officers_who_balance_at_once_give_nothing_twice() {
    let desk = Desk::under_review(None, &[100; 12], false).await;
    for _ in 0..3 {
        desk.reviewer(&[]).await;
    }
    let nothing = json!({});
    let (one, two) = tokio::join!(
        desk.post("balance-reviews", &nothing),
        desk.post("balance-reviews", &nothing)
    );
    let (one, two) = (ok(one, 200).await, ok(two, 200).await);
    let mut counts = [&one, &two].map(|report| report["items"].as_array().unwrap().len());
    counts.sort_unstable();
    assert_eq!(counts, [0, 24]);
    desk.server.stop().await;
}
