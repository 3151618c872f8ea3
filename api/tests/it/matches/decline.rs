use chrono::TimeDelta;
use serde_json::json;
use shared::matches::DECLINE_DAYS;

use super::{Two, act, draft, path, staff, tell_interest};
use crate::support::{assert_problem, friday_evening, json};

#[actix_web::test]
async fn a_decline_is_neutral_for_the_other_side_and_final_for_a_time() {
    let two = Two::start().await;
    let told = two.interest().await;
    let declined = act(&two.armenian, &told, "decline", json!({ "message": "Too far for us" })).await;
    assert_eq!(declined.status(), 200);
    let seen = two.french.get(&path(&told)).await.text().await.unwrap();
    assert!(seen.contains("\"declined\"") && !seen.contains("Too far"), "{seen}");

    let answer = two
        .french
        .post("/api/v1/matches", &draft(two.grenoble, two.sevan))
        .await;
    let problem = assert_problem(answer, 409, "pair_not_possible").await;
    assert_eq!(problem["errors"], serde_json::Value::Null, "which reason is not told");

    let later = friday_evening() + TimeDelta::days(DECLINE_DAYS);
    two.server.platform.clock.set(later - TimeDelta::seconds(1));
    let french = staff(&two.server, two.grenoble).await;
    let suggestions = format!("/api/v1/cities/{}/matches", two.grenoble);
    assert_eq!(json(french.get(&suggestions).await).await["total"], 0);
    two.server.platform.clock.set(later);
    let french = staff(&two.server, two.grenoble).await;
    assert_eq!(json(french.get(&suggestions).await).await["total"], 1);
    let again = tell_interest(&french, two.grenoble, two.sevan).await;
    assert_eq!(again["id"], told["id"]);
    two.server.stop().await;
}

#[actix_web::test]
async fn partners_and_banned_pairs_get_the_same_answer_as_declined_ones() {
    let two = Two::start().await;
    let contact = two.contact().await;
    assert_eq!(act(&two.armenian, &contact, "agree", json!({})).await.status(), 200);
    let answer = two
        .french
        .post("/api/v1/matches", &draft(two.grenoble, two.sevan))
        .await;
    let partners = assert_problem(answer, 409, "pair_not_possible").await;

    let goris = two.server.add_city("Goris", "AM").await;
    let bans = format!("/api/v1/cities/{}/bans", two.grenoble);
    let made = two.french.post(&bans, &json!({ "city_id": goris })).await;
    assert_eq!(made.status(), 201);
    let answer = two.french.post("/api/v1/matches", &draft(two.grenoble, goris)).await;
    let banned = assert_problem(answer, 409, "pair_not_possible").await;
    let says = |problem: &serde_json::Value| (problem["title"].clone(), problem["detail"].clone());
    assert_eq!(says(&partners), says(&banned));
    let suggestions = format!("/api/v1/cities/{}/matches", two.grenoble);
    assert_eq!(json(two.french.get(&suggestions).await).await["total"], 0);
    two.server.stop().await;
}

#[actix_web::test]
async fn contact_is_open_from_the_answer_until_one_leaves() {
    let two = Two::start().await;
    let contacts = async || {
        api::matches::store::in_contact(&two.server.platform.db, two.grenoble)
            .await
            .unwrap()
    };
    let told = two.interest().await;
    assert_eq!(contacts().await, []);
    let contact = json(act(&two.armenian, &told, "accept", json!({})).await).await;
    assert_eq!(contacts().await, [two.sevan]);
    let left = json(act(&two.french, &contact, "withdraw", json!({})).await).await;
    assert_eq!(left["state"], "withdrawn");
    assert_eq!(contacts().await, []);
    two.server.stop().await;
}
