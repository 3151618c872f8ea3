use serde_json::json;
use shared::accounts::Grant;

use crate::support::applications::{id, ok};
use crate::support::{Server, assert_problem};

#[actix_web::test]
async fn only_administrators_add_programmes_and_only_officers_their_rules() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let draft = json!({"name": {"fr": "Autre"}});
    assert_problem(
        funder.officer.post("/api/v1/programmes", &draft).await,
        403,
        "forbidden",
    )
    .await;
    assert_problem(
        server.anybody().post("/api/v1/programmes", &draft).await,
        401,
        "unauthenticated",
    )
    .await;
    let other = ok(funder.admin.post("/api/v1/programmes", &draft).await, 201).await;
    let path = format!("/api/v1/programmes/{}/rule-sets", id(&other));
    let mut rules = funder.rules.clone();
    rules.as_object_mut().unwrap().remove("id");
    rules.as_object_mut().unwrap().remove("version");
    assert_problem(funder.officer.post(&path, &rules).await, 403, "forbidden").await;

    let page = ok(server.get("/api/v1/programmes?count=true&limit=1").await, 200).await;
    assert_eq!(
        (page["total"].as_u64(), page["items"].as_array().unwrap().len()),
        (Some(2), 1)
    );
    let next = page["next"].as_str().unwrap();
    let page = ok(server.get(&format!("/api/v1/programmes?cursor={next}")).await, 200).await;
    assert_eq!(page["items"][0]["id"], other["id"]);
    assert_eq!(
        ok(server.get(&format!("/api/v1/programmes/{}", id(&other))).await, 200).await["name"]["fr"],
        "Autre"
    );
    server.stop().await;
}

#[actix_web::test]
async fn rules_are_followed_by_their_next_version_and_never_changed() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let mut rules = funder.rules.clone();
    rules.as_object_mut().unwrap().remove("id");
    rules.as_object_mut().unwrap().remove("version");
    rules["own_share_min_bp"] = json!(2_000);
    let next = ok(funder.officer.post(&path, &rules).await, 201).await;
    assert_eq!(next["version"], 2);
    let page = ok(server.get(&path).await, 200).await;
    assert_eq!(page["items"][0]["own_share_min_bp"], 2_000);
    assert_eq!(page["items"][1]["own_share_min_bp"], 1_000);
    let call = ok(server.get(&format!("/api/v1/calls/{}", id(&funder.call))).await, 200).await;
    assert_eq!(
        (call["rules"]["version"].as_i64(), call["rules"]["id"].clone()),
        (Some(1), funder.rules["id"].clone())
    );

    rules["instalments_bp"] = json!([8_000, 1_000]);
    rules["country_rates"][0]["rate_bp"] = json!(10_001);
    let problem = assert_problem(funder.officer.post(&path, &rules).await, 422, "invalid").await;
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/country_rates/0/rate_bp", "/instalments_bp"]);

    let stranger = server
        .sign_in_as(Grant::Reviewer {
            programme_id: funder.programme,
        })
        .await;
    assert_problem(stranger.post(&path, &funder.rules).await, 422, "invalid").await;
    server.stop().await;
}
