//! What the cities of a file say to each other: theirs alone, and no part of what they sign.

use api::housekeeping::tidy_up;
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::{Applicants, id, ok, statements_of, version};
use crate::support::{Server, Visitor, assert_problem, friday_evening};

async fn say(who: &Visitor, file: &Applicants, draft: &Value) -> Value {
    ok(who.post(&file.at("comments"), draft).await, 201).await
}

async fn said(who: &Visitor, file: &Applicants, query: &str) -> Vec<Value> {
    let page = ok(who.get(&file.at(&format!("comments?{query}"))).await, 200).await;
    page["items"].as_array().unwrap().clone()
}

fn at(comment: &Value, part: &str) -> String {
    format!("/api/v1/comments/{}{part}", id(comment))
}

fn texts(comments: &[Value]) -> Vec<&str> {
    comments.iter().map(|of| of["text"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn cities_talk_about_a_part_of_their_file_and_settle_it() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, signed) = Applicants::signed(&server, &funder).await;

    let asked = say(
        &file.lead,
        &file,
        &json!({"place": "budget", "text": "  Qui paie le bus ?  "}),
    )
    .await;
    assert_eq!(
        (&asked["text"], &asked["place"]),
        (&json!("Qui paie le bus ?"), &json!("budget"))
    );
    assert_eq!(
        (&asked["city_name"], &asked["edited_at"]),
        (&json!("Grenoble"), &json!(null))
    );
    assert_eq!(asked["allowed"], json!(["update", "delete", "settle", "reply"]));
    let answer = say(&file.partner, &file, &json!({"reply_to": asked["id"], "text": "Nous."})).await;
    assert_eq!(
        (&answer["place"], &answer["city_name"]),
        (&json!("budget"), &json!("Sevan"))
    );
    assert_eq!(answer["allowed"], json!(["update", "delete"]));
    say(&file.partner, &file, &json!({"text": "Bonne idée."})).await;
    assert_eq!(
        texts(&said(&file.lead, &file, "").await),
        ["Qui paie le bus ?", "Nous.", "Bonne idée."]
    );
    assert_eq!(
        texts(&said(&file.lead, &file, "place=budget").await),
        ["Qui paie le bus ?", "Nous."]
    );
    let seen = ok(file.partner.get(&at(&asked, "")).await, 200).await;
    assert_eq!(seen["allowed"], json!(["settle", "reply"]));

    // What one says oneself, one changes; what others say, one does not.
    let denied = file.partner.patch(&at(&asked, ""), 1, &json!({"text": "Autre"})).await;
    assert_problem(denied, 403, "forbidden").await;
    let changed = ok(
        file.lead
            .patch(&at(&asked, ""), 1, &json!({"text": "Qui paie le car ?"}))
            .await,
        200,
    )
    .await;
    assert_eq!((version(&changed), changed["edited_at"].is_string()), (2, true));
    let stale = file.lead.patch(&at(&asked, ""), 1, &json!({"text": "Encore"})).await;
    assert_problem(stale, 412, "stale").await;

    let settled = ok(file.partner.act(&at(&asked, "/settle"), 2, &()).await, 200).await;
    assert!(settled["settled_at"].is_string() && settled["settled_by_name"].is_string());
    assert_eq!(settled["allowed"], json!(["reopen"]));
    assert_eq!(
        texts(&said(&file.lead, &file, "settled=true").await),
        ["Qui paie le car ?"]
    );
    assert_eq!(texts(&said(&file.lead, &file, "settled=false").await), ["Bonne idée."]);
    let late = json!({"reply_to": asked["id"], "text": "Attendez"});
    assert_problem(file.lead.post(&file.at("comments"), &late).await, 409, "state_conflict").await;
    let twice = file.lead.act(&at(&asked, "/settle"), 3, &()).await;
    assert_problem(twice, 409, "state_conflict").await;
    let part = file.lead.act(&at(&answer, "/settle"), 1, &()).await;
    assert_problem(part, 409, "state_conflict").await;
    ok(file.lead.act(&at(&asked, "/reopen"), 3, &()).await, 200).await;
    say(&file.lead, &file, &late).await;

    // Nobody has to sign again for that.
    let now = file.read().await;
    assert_eq!(version(&now), version(&signed));
    assert!(
        now["parties"]
            .as_array()
            .unwrap()
            .iter()
            .all(|party| party["signed_off_at"].is_string())
    );
    server.stop().await;
}

#[actix_web::test]
async fn nobody_but_the_cities_of_the_file_ever_sees_what_they_say() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, signed) = Applicants::signed(&server, &funder).await;
    let comment = say(&file.lead, &file, &json!({"text": "Entre nous"})).await;
    let (_, stranger) = server.staffed_city("Lyon", "FR").await;
    ok(file.act("submit", &signed).await, 200).await;
    for minutes in [0, 7] {
        server
            .platform
            .clock
            .set(friday_evening() + TimeDelta::minutes(minutes));
        for who in [&funder.officer, &funder.admin, &stranger] {
            assert_problem(who.get(&file.at("comments")).await, 404, "not_found").await;
            assert_problem(who.get(&at(&comment, "")).await, 404, "not_found").await;
            let told = who.post(&file.at("comments"), &json!({"text": "Et nous ?"})).await;
            assert_problem(told, 404, "not_found").await;
        }
        assert_eq!(texts(&said(&file.partner, &file, "").await), ["Entre nous"]);
    }
    let seen = ok(funder.officer.get(&file.path).await, 200).await.to_string();
    assert!(!seen.contains("Entre nous"));
    let journal = ok(funder.admin.get("/api/v1/audit?resource=comment").await, 200).await;
    assert_eq!(
        journal["items"].as_array().unwrap().len(),
        1,
        "that it was said is known"
    );
    assert!(!journal.to_string().contains("Entre nous"));
    // Also once it is handed in they go on talking.
    say(&file.partner, &file, &json!({"text": "Et maintenant ?"})).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_deleted_comment_comes_back_within_thirty_days_and_is_forgotten_after_them() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let first = say(&file.lead, &file, &json!({"text": "Un"})).await;
    say(&file.partner, &file, &json!({"reply_to": first["id"], "text": "Deux"})).await;
    assert_problem(file.partner.delete(&at(&first, ""), 1).await, 403, "forbidden").await;
    let gone = file.lead.delete(&at(&first, ""), 1).await;
    assert_eq!(gone.status(), 204);
    assert_eq!(gone.headers()["etag"], "\"2\"");
    assert_eq!(texts(&said(&file.lead, &file, "").await), ["Deux"], "answers stay");
    assert_problem(file.lead.get(&at(&first, "")).await, 404, "not_found").await;
    assert_problem(
        file.lead.patch(&at(&first, ""), 2, &json!({"text": "X"})).await,
        404,
        "not_found",
    )
    .await;
    let draft = json!({"reply_to": first["id"], "text": "Trois"});
    let refused = assert_problem(file.partner.post(&file.at("comments"), &draft).await, 422, "invalid").await;
    assert_eq!(refused["errors"][0]["pointer"], "/reply_to");
    assert_problem(
        file.partner.act(&at(&first, "/restore"), 2, &()).await,
        403,
        "forbidden",
    )
    .await;
    ok(file.lead.act(&at(&first, "/restore"), 2, &()).await, 200).await;
    assert_problem(
        file.lead.act(&at(&first, "/restore"), 3, &()).await,
        409,
        "state_conflict",
    )
    .await;
    assert_eq!(texts(&said(&file.lead, &file, "").await), ["Un", "Deux"]);

    assert_eq!(file.lead.delete(&at(&first, ""), 3).await.status(), 204);
    server.platform.clock.set(friday_evening() + TimeDelta::days(31));
    let grants = [Grant::CityStaff { city_id: file.grenoble }];
    let lead = server.session_of(file.lead.account_id.unwrap(), &grants).await;
    assert_problem(lead.act(&at(&first, "/restore"), 4, &()).await, 404, "not_found").await;
    // For good: the words are not even in the database any more.
    tidy_up(&server.platform).await.unwrap();
    server.platform.clock.set(friday_evening());
    assert_problem(file.lead.act(&at(&first, "/restore"), 4, &()).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_its_field_and_pages_cost_the_same() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let other = json!({"call_id": funder.call["id"], "lead_city_id": file.grenoble, "title": "Autre"});
    let other = ok(file.lead.post("/api/v1/applications", &other).await, 201).await;
    let path = format!("/api/v1/applications/{}/comments", id(&other));
    let elsewhere = ok(file.lead.post(&path, &json!({"text": "Ailleurs"})).await, 201).await;
    let first = say(&file.lead, &file, &json!({"place": "objectives", "text": "Un"})).await;
    let answer = say(&file.lead, &file, &json!({"reply_to": first["id"], "text": "Deux"})).await;
    for (draft, pointer) in [
        (json!({"text": " "}), "/text"),
        (json!({"text": "x".repeat(2_001)}), "/text"),
        (json!({"text": "Un", "place": "nowhere"}), "/place"),
        (json!({"text": "Un", "reply_to": elsewhere["id"]}), "/reply_to"),
        (json!({"text": "Un", "reply_to": answer["id"]}), "/reply_to"),
    ] {
        let refused = file.lead.post(&file.at("comments"), &draft).await;
        let problem = assert_problem(refused, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{draft}");
    }
    let few = statements_of(&server, &file.partner, &file.at("comments?limit=2")).await;
    for number in 0..20 {
        say(&file.partner, &file, &json!({"text": format!("Numéro {number}")})).await;
    }
    let many = statements_of(&server, &file.partner, &file.at("comments?limit=22")).await;
    assert_eq!(few, many);
    // Page by page, nothing twice and nothing left out.
    let (mut query, mut all) = ("limit=7&count=true".to_owned(), Vec::new());
    loop {
        let page = ok(file.lead.get(&file.at(&format!("comments?{query}"))).await, 200).await;
        assert_eq!(page["total"], 22);
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => query = format!("limit=7&count=true&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(all, said(&file.lead, &file, "limit=100").await);
    server.stop().await;
}
