use chrono::TimeDelta;
use serde_json::json;
use shared::accounts::{ClientScope, Grant};

use super::{Two, act, draft, path, staff};
use crate::support::applications::statements_of;
use crate::support::{assert_problem, friday_evening, json};

#[actix_web::test]
async fn interest_answer_and_agreement_make_a_partnership() {
    let two = Two::start().await;
    let response = two
        .french
        .post("/api/v1/matches", &draft(two.grenoble, two.sevan))
        .await;
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let told = json(response).await;
    assert_eq!(told["state"], "interested");
    assert_eq!(told["allowed"], json!(["withdraw"]));
    assert_eq!(location, path(&told));

    let incoming = json(two.armenian.get("/api/v1/matches?box=incoming&count=true").await).await;
    assert_eq!(
        (&incoming["total"], &incoming["items"][0]["id"]),
        (&json!(1), &told["id"])
    );
    assert_eq!(incoming["items"][0]["allowed"], json!(["accept", "decline"]));
    let outgoing = json(two.armenian.get("/api/v1/matches?box=outgoing").await).await;
    assert_eq!(outgoing["items"], json!([]));

    let accepted = act(&two.armenian, &told, "accept", json!({ "message": "Բարև" })).await;
    assert_eq!(accepted.status(), 200);
    let contact = json(accepted).await;
    assert_eq!(
        (&contact["state"], &contact["reply"]),
        (&json!("contact_opened"), &json!("Բարև"))
    );
    assert_eq!(contact["allowed"], json!(["decline", "withdraw", "agree"]));

    let agreed = json(act(&two.french, &contact, "agree", json!({})).await).await;
    assert_eq!(agreed["state"], "agreed");
    assert_eq!(agreed["allowed"], json!([]));
    let partnership = format!("/api/v1/partnerships/{}", agreed["partnership_id"].as_str().unwrap());
    let partnership = json(two.server.get(&partnership).await).await;
    assert_eq!(partnership["state"], "idea");
    assert_eq!(partnership["name"], "Grenoble – Sevan");
    assert_eq!(partnership["parties"][0]["role"], "lead");
    assert_eq!(partnership["parties"][0]["party"]["city_id"], json!(two.grenoble));
    assert_eq!(partnership["pairings"].as_array().unwrap().len(), 1);
    assert_eq!(partnership["city_count"], 2);
    two.server.stop().await;
}

#[actix_web::test]
async fn strangers_do_not_learn_that_a_match_exists() {
    let two = Two::start().await;
    let told = two.interest().await;
    let vienne = two.server.add_city("Vienne", "FR").await;
    let stranger = staff(&two.server, vienne).await;
    assert_problem(stranger.get(&path(&told)).await, 404, "not_found").await;
    let answer = act(&stranger, &told, "accept", json!({})).await;
    assert_problem(answer, 404, "not_found").await;
    assert_problem(two.server.get(&path(&told)).await, 401, "unauthenticated").await;
    assert_problem(two.server.get("/api/v1/matches").await, 401, "unauthenticated").await;
    assert_eq!(json(stranger.get("/api/v1/matches").await).await["items"], json!([]));
    let others = format!("/api/v1/matches?city_id={}", two.grenoble);
    assert_eq!(json(stranger.get(&others).await).await["items"], json!([]));
    let answer = stranger.post("/api/v1/matches", &draft(two.grenoble, two.sevan)).await;
    assert_problem(answer, 403, "forbidden").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn one_cannot_answer_for_the_other_side() {
    let two = Two::start().await;
    let told = two.interest().await;
    assert_problem(act(&two.french, &told, "accept", json!({})).await, 403, "forbidden").await;
    assert_problem(act(&two.armenian, &told, "withdraw", json!({})).await, 403, "forbidden").await;
    assert_problem(
        act(&two.armenian, &told, "agree", json!({})).await,
        409,
        "state_conflict",
    )
    .await;
    two.server.stop().await;
}

#[actix_web::test]
async fn a_move_needs_the_version_that_was_read() {
    let two = Two::start().await;
    let told = two.interest().await;
    let accept = format!("{}/accept", path(&told));
    assert_problem(
        two.armenian.post(&accept, &json!({})).await,
        428,
        "precondition_required",
    )
    .await;
    assert_problem(two.armenian.act(&accept, 7, &json!({})).await, 412, "stale").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn a_repeated_request_gets_its_first_answer() {
    let two = Two::start().await;
    let send = || {
        two.french
            .request("POST", "/api/v1/matches")
            .header("idempotency-key", "once")
            .json(&draft(two.grenoble, two.sevan))
            .send()
    };
    let (first, again) = (send().await.unwrap(), send().await.unwrap());
    assert_eq!((first.status().as_u16(), again.status().as_u16()), (201, 201));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(json(first).await, json(again).await);
    let repeated = two
        .french
        .post("/api/v1/matches", &draft(two.grenoble, two.sevan))
        .await;
    assert_problem(repeated, 409, "already_exists").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_is_told_with_its_place() {
    let two = Two::start().await;
    let post = async |body| two.french.post("/api/v1/matches", &body).await;
    let answer = assert_problem(post(draft(two.grenoble, two.grenoble)).await, 422, "invalid").await;
    assert_eq!(answer["errors"][0]["pointer"], "/to_city_id");
    let mut blank = draft(two.grenoble, two.sevan);
    blank["message"] = json!(" \n ");
    let answer = assert_problem(post(blank).await, 422, "invalid").await;
    assert_eq!(answer["errors"][0]["pointer"], "/message");
    let nowhere = draft(two.grenoble, shared::ids::CityId(uuid::Uuid::nil()));
    let answer = assert_problem(post(nowhere).await, 422, "invalid").await;
    assert_eq!(answer["errors"][0]["code"], "reference");
    two.server.stop().await;
}

#[actix_web::test]
async fn an_interest_taken_back_can_be_told_again_by_the_other_side_in_the_same_row() {
    let two = Two::start().await;
    let told = two.interest().await;
    let withdrawn = json(act(&two.french, &told, "withdraw", json!({})).await).await;
    assert_eq!(withdrawn["state"], "withdrawn");
    let again = super::tell_interest(&two.armenian, two.sevan, two.grenoble).await;
    assert_eq!((&again["id"], &again["version"]), (&told["id"], &json!(3)));
    assert_eq!(again["initiator"]["id"], json!(two.sevan));
    two.server.stop().await;
}

#[actix_web::test]
async fn an_interest_expires_whether_or_not_the_sweep_has_been_there() {
    let two = Two::start().await;
    let told = two.interest().await;
    two.server
        .platform
        .clock
        .set(friday_evening() + TimeDelta::days(shared::matches::EXPIRY_DAYS));
    // Tokens are older than that by now: others are signed in.
    let french = staff(&two.server, two.grenoble).await;
    let read = json(french.get(&path(&told)).await).await;
    assert_eq!((&read["state"], &read["version"]), (&json!("expired"), &json!(2)));
    let armenian = staff(&two.server, two.sevan).await;
    assert_problem(act(&armenian, &read, "accept", json!({})).await, 409, "state_conflict").await;
    let listed = async |state: &str| {
        let page = json(french.get(&format!("/api/v1/matches?state={state}&count=true")).await).await;
        page["total"].as_u64().unwrap()
    };
    assert_eq!((listed("expired").await, listed("interested").await), (1, 0));
    let platform = &two.server.platform;
    let swept = async || {
        api::matches::service::expire_overdue(&platform.db, &platform.clock)
            .await
            .unwrap()
    };
    assert_eq!((swept().await, swept().await), (1, 0));
    assert_eq!(json(french.get(&path(&told)).await).await, read);
    assert_eq!((listed("expired").await, listed("interested").await), (1, 0));
    two.server.stop().await;
}

#[actix_web::test]
async fn a_program_acts_for_its_city_as_far_as_its_scope_goes() {
    let two = Two::start().await;
    let told = two.interest().await;
    let grant = Grant::CityStaff { city_id: two.sevan };
    let reader = two.server.program(grant, &[ClientScope::Read]);
    assert_eq!(json(reader.get(&path(&told)).await).await["allowed"], json!([]));
    assert_problem(act(&reader, &told, "accept", json!({})).await, 403, "forbidden").await;
    let writer = two.server.program(grant, &[ClientScope::Read, ClientScope::Write]);
    assert_eq!(act(&writer, &told, "accept", json!({})).await.status(), 200);
    two.server.stop().await;
}

#[actix_web::test]
async fn lists_of_matches_go_on_where_they_stopped() {
    let two = Two::start().await;
    for number in 0..5 {
        let city = two.server.add_city(&format!("Town {number}"), "AM").await;
        super::tell_interest(&two.french, two.grenoble, city).await;
    }
    let mut seen = Vec::new();
    let mut next = "/api/v1/matches?limit=2".to_owned();
    loop {
        let page = json(two.french.get(&next).await).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("/api/v1/matches?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let distinct: std::collections::HashSet<String> = seen.iter().map(ToString::to_string).collect();
    assert_eq!((seen.len(), distinct.len()), (5, 5));
    assert!(statements_of(&two.server, &two.french, "/api/v1/matches?count=true").await <= 3);
    two.server.stop().await;
}
