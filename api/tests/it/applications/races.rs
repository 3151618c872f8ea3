use serde_json::json;
use shared::accounts::Grant;

use crate::support::applications::{Applicants, id, ok, version};
use crate::support::{Server, assert_problem, json as body};

#[actix_web::test]
async fn of_two_editors_the_slower_one_loses_nothing() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let theirs = json!({"answers": {"objectives": "Le nôtre"}});
    let ours = json!({"answers": {"more": "Le leur"}, "title": "Eau et forêts"});
    ok(file.lead.patch(&file.path, 2, &theirs).await, 200).await;
    let response = file.partner.patch(&file.path, 2, &ours).await;
    assert_eq!(response.headers()["etag"], "\"3\"");
    assert_problem(response, 412, "stale").await;
    let view = file.read().await;
    assert_eq!(
        (version(&view), &view["title"], &view["answers"]),
        (3, &json!("Eau"), &theirs["answers"])
    );

    let view = ok(file.partner.patch(&file.path, 3, &ours).await, 200).await;
    assert_eq!(view["answers"], json!({"objectives": "Le nôtre", "more": "Le leur"}));
    let response = file
        .partner
        .request("PATCH", &file.path)
        .json(&ours)
        .send()
        .await
        .unwrap();
    assert_problem(response, 428, "precondition_required").await;
    server.stop().await;
}

#[actix_web::test]
async fn two_submissions_at_once_hand_the_file_in_once() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::signed(&server, &funder).await;
    let (one, other) = tokio::join!(file.act("submit", &view), file.act("submit", &view));
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(version(&file.read().await), version(&view) + 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_repeated_submission_gets_the_first_answer_again() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::signed(&server, &funder).await;
    let submit = async || {
        file.lead
            .request("POST", &file.at("submit"))
            .header("if-match", format!("\"{}\"", version(&view)))
            .header("idempotency-key", "once")
            .json(&json!({}))
            .send()
            .await
            .unwrap()
    };
    let first = ok(submit().await, 200).await;
    let again = submit().await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(body(again).await, first);
    server.stop().await;
}

#[actix_web::test]
async fn of_two_officers_one_decides() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let other = server
        .sign_in_as(Grant::ProgrammeOfficer {
            programme_id: funder.programme,
        })
        .await;
    let (file, view) = Applicants::handed_in(&server, &funder).await;
    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let reject = json!({"outcome": "rejected", "reason": "Non."});
    let path = file.at("decide");
    let (one, two) = tokio::join!(
        funder.officer.act(&path, version(&view), &accept),
        other.act(&path, version(&view), &reject)
    );
    let (winner, loser) = if one.status() == 200 { (one, two) } else { (two, one) };
    let winner = ok(winner, 200).await;
    assert_problem(loser, 412, "stale").await;
    assert_eq!(file.read().await["state"], "in_review");
    let known = ok(funder.officer.get(&file.path).await, 200).await;
    assert_eq!(known["state"], winner["state"]);
    // The slower one looks again and finds it decided.
    let late = other.act(&path, version(&winner), &reject).await;
    assert_problem(late, 409, "state_conflict").await;
    assert!(!id(&winner).is_empty());
    server.stop().await;
}
