use serde_json::{Value, json};
use shared::accounts::Grant;

use super::{Desk, plan, sheet};
use crate::support::applications::{id, ok, statements_of, version};
use crate::support::assert_problem;

fn path_of(review: &Value) -> String {
    format!("/api/v1/reviews/{}", id(review))
}

#[actix_web::test]
async fn the_plan_is_set_before_the_files_are_judged_and_read_by_anybody() {
    let desk = Desk::open(None, &[100]).await;
    let officer = &desk.funder.officer;
    let path = format!("{}/review-plan", desk.call);
    let told = ok(desk.server.get(&path).await, 200).await;
    assert_eq!(
        (&told["plan"]["criteria"], &told["can_update"]),
        (&json!([]), &json!(false))
    );
    let mut wrong = plan(false);
    wrong["criteria"][1]["key"] = json!("relevance");
    wrong["criteria"][0]["scale_max"] = json!(0);
    wrong["criteria"][1]["weight"] = json!(0);
    let problem = assert_problem(officer.put(&path, 2, &wrong).await, 422, "invalid").await;
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/criteria/0/scale_max", "/criteria/1/key", "/criteria/1/weight"]
    );
    assert_problem(officer.put(&path, 1, &plan(false)).await, 412, "stale").await;
    let reviewer = desk.reviewer(&[]).await;
    assert_problem(reviewer.put(&path, 2, &plan(false)).await, 403, "forbidden").await;
    desk.review(false).await;
    let told = ok(officer.get(&path).await, 200).await;
    assert_eq!(
        (&told["plan"], &told["can_update"], version(&told)),
        (&plan_as_read(), &json!(false), 5)
    );
    assert_problem(officer.put(&path, 5, &plan(true)).await, 409, "state_conflict").await;
    desk.server.stop().await;
}

fn plan_as_read() -> Value {
    plan(false)
}

#[actix_web::test]
async fn a_reviewer_scores_and_files_and_only_then_sees_the_others() {
    let desk = Desk::under_review(None, &[100], false).await;
    let (one, two) = (desk.reviewer(&[]).await, desk.reviewer(&[]).await);
    let file = desk.files[0];
    let first = desk.filed(file, &one, (4, 4)).await;
    // 2 × 4/5 + 1 × 3/3, of 3.
    assert_eq!((&first["state"], &first["total"]), (&json!("filed"), &json!(8_667)));
    assert_eq!(first["allowed"], json!([]));

    let second = desk.given(file, &two).await;
    let path = path_of(&second);
    assert_eq!(
        (&second["others"], &second["city_names"]),
        (&json!([]), &json!(["Grenoble", "Sevan"]))
    );
    assert_problem(two.get(&path_of(&first)).await, 404, "not_found").await;

    // An unfinished sheet is kept, but not filed.
    let half = json!({"scores": {"method": {"value": 2, "comment": "À préciser."}}});
    let view = ok(two.put(&format!("{path}/sheet"), 1, &half).await, 200).await;
    assert_eq!(
        (&view["state"], &view["scored"], &view["criteria"], &view["total"]),
        (&json!("begun"), &json!(1), &json!(2), &json!(3_333))
    );
    let problem = assert_problem(two.act(&format!("{path}/file"), 2, &json!({})).await, 409, "incomplete").await;
    assert_eq!(problem["errors"][0]["pointer"], "/scores/relevance/value");
    for (wrong, pointer) in [
        (
            json!({"scores": {"relevance": {"value": 6}}}),
            "/scores/relevance/value",
        ),
        (json!({"scores": {"method": {"value": 0}}}), "/scores/method/value"),
        (json!({"scores": {"beauty": {"value": 1}}}), "/scores/beauty"),
        (json!({"opinion": "x".repeat(8_001)}), "/opinion"),
    ] {
        let problem = assert_problem(two.put(&format!("{path}/sheet"), 2, &wrong).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    // Neither the officer nor the other reviewer reads what is not filed.
    for visitor in [&desk.funder.officer, &desk.funder.admin, &one] {
        assert_problem(visitor.get(&path).await, 404, "not_found").await;
    }
    assert_problem(two.put(&format!("{path}/sheet"), 1, &sheet(1, 1)).await, 412, "stale").await;
    ok(two.put(&format!("{path}/sheet"), 2, &sheet(1, 1)).await, 200).await;
    let view = ok(two.act(&format!("{path}/file"), 3, &json!({})).await, 200).await;
    assert_eq!(view["others"][0]["total"], 8_667);
    assert_eq!(view["others"][0]["sheet"]["opinion"], "Solide.");
    let again = two.put(&format!("{path}/sheet"), 4, &sheet(5, 4)).await;
    assert_problem(again, 409, "state_conflict").await;
    let first = ok(one.get(&path_of(&first)).await, 200).await;
    assert_eq!(first["others"][0]["total"], 1_333);
    let read = ok(desk.funder.officer.get(&path).await, 200).await;
    assert_eq!(read["sheet"]["scores"]["relevance"]["comment"], "Un besoin clair.");
    desk.server.stop().await;
}

#[actix_web::test]
async fn a_blind_call_tells_its_reviewers_no_names() {
    let desk = Desk::under_review(None, &[], true).await;
    let parties = [
        (desk.grenoble, shared::partnerships::PartyRole::Lead),
        (desk.sevan, shared::partnerships::PartyRole::Partner),
    ];
    let file = desk.add_file("Grenoble – Sevan : de l'eau", &parties, 100).await;
    let reviewer = desk.reviewer(&[]).await;
    let review = desk.given(file, &reviewer).await;
    let list = ok(reviewer.get("/api/v1/reviews").await, 200).await;
    for told in [review.to_string(), list.to_string()] {
        let told = told.to_lowercase();
        for name in ["grenoble", "sevan", &desk.grenoble.to_string(), &desk.sevan.to_string()] {
            assert!(!told.contains(name), "{name} in {told}");
        }
    }
    assert_eq!(review["title"], "[…] – […] : de l'eau");
    assert_eq!(review["answers"]["objectives"], "De l'eau à […], avec […].");
    assert_eq!(review["countries"], json!(["FR", "AM"]));
    // Nor by another way.
    let path = format!("/api/v1/applications/{file}");
    for path in [path.clone(), format!("{path}/budget"), format!("{path}/receipt")] {
        assert_problem(reviewer.get(&path).await, 404, "not_found").await;
    }
    let page = ok(reviewer.get("/api/v1/applications?count=true").await, 200).await;
    assert_eq!(page["total"], 0);
    ok(desk.funder.officer.get(&path).await, 200).await;
    let filed = desk_file(&reviewer, &review).await;
    let read = ok(desk.funder.officer.get(&path_of(&filed)).await, 200).await;
    assert_eq!(read["city_names"], json!(["Grenoble", "Sevan"]));
    desk.server.stop().await;
}

async fn desk_file(reviewer: &crate::support::Visitor, review: &Value) -> Value {
    let path = path_of(review);
    ok(reviewer.put(&format!("{path}/sheet"), 1, &sheet(3, 3)).await, 200).await;
    ok(reviewer.act(&format!("{path}/file"), 2, &json!({})).await, 200).await
}

#[actix_web::test]
async fn who_declares_a_conflict_or_gains_one_does_not_judge() {
    let desk = Desk::under_review(None, &[100, 100], false).await;
    let reviewer = desk.reviewer(&[]).await;
    let review = desk.given(desk.files[0], &reviewer).await;
    let path = path_of(&review);
    let declare = format!("{path}/declare-conflict");
    let problem = assert_problem(reviewer.act(&declare, 1, &json!({"reason": " "})).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    let told = ok(
        reviewer
            .act(&declare, 1, &json!({"reason": "J'ai conseillé ce projet."}))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (&told["state"], &told["answers"], &told["allowed"]),
        (&json!("conflict"), &json!({}), &json!([]))
    );
    let late = reviewer.put(&format!("{path}/sheet"), 2, &sheet(3, 3)).await;
    assert_problem(late, 409, "state_conflict").await;
    let row = &desk.committee("").await["items"][0];
    assert_eq!(row["reviews"][0]["conflict"], "J'ai conseillé ce projet.");

    // Somebody who works for a city of the file since it was given.
    let review = desk.given(desk.files[1], &reviewer).await;
    let grants = [
        Grant::Reviewer {
            programme_id: desk.funder.programme,
        },
        Grant::CityStaff { city_id: desk.sevan },
    ];
    let now = desk.server.session_of(reviewer.account_id.unwrap(), &grants).await;
    let response = now.put(&format!("{}/sheet", path_of(&review)), 1, &sheet(3, 3)).await;
    let problem = assert_problem(response, 409, "conflict_of_interest").await;
    assert_eq!(problem["errors"][0]["params"]["reason"], "own_city");
    desk.server.stop().await;
}

#[actix_web::test]
async fn reviews_are_listed_by_what_is_to_be_done_in_two_statements() {
    let desk = Desk::under_review(None, &[100, 200, 300], false).await;
    let (reviewer, other) = (desk.reviewer(&[]).await, desk.reviewer(&[]).await);
    let mut reviews = Vec::new();
    for &file in &desk.files {
        reviews.push(desk.given(file, &reviewer).await);
    }
    desk_file(&reviewer, &reviews[2]).await;
    let mut files = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/reviews?limit=1&count=true{cursor}");
        let page = ok(reviewer.get(&path).await, 200).await;
        assert_eq!(page["total"], 3);
        files.push(page["items"][0]["title"].as_str().unwrap().to_owned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(files, ["Dossier 001", "Dossier 000", "Dossier 002"]);
    let page = ok(reviewer.get("/api/v1/reviews?state=filed").await, 200).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let page = ok(other.get("/api/v1/reviews").await, 200).await;
    assert_eq!(page["items"], json!([]));
    assert_eq!(statements_of(&desk.server, &reviewer, "/api/v1/reviews").await, 2);
    assert_problem(desk.server.get("/api/v1/reviews").await, 401, "unauthenticated").await;
    // Who reviews no longer sees nothing more of it.
    let left = desk.server.session_of(reviewer.account_id.unwrap(), &[]).await;
    assert_eq!(ok(left.get("/api/v1/reviews").await, 200).await["items"], json!([]));
    assert_problem(left.get(&path_of(&reviews[0])).await, 404, "not_found").await;
    desk.server.stop().await;
}
