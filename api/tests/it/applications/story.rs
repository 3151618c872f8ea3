use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::applications::{Applicants, id, ok, sound_budget, version};
use crate::support::{Server, assert_problem, friday_evening};

fn missing<'a>(file: &'a Value, section: &str) -> &'a Value {
    let sections = file["sections"].as_array().unwrap();
    &sections.iter().find(|told| told["section"] == section).unwrap()["missing"]
}

fn errors(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn several_cities_write_mend_sign_and_hand_in_one_file_and_the_officer_decides() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let view = file.read().await;
    assert_eq!(view["parties"][0]["city"]["name"], "Grenoble");
    assert_eq!(missing(&view, "project"), &json!(["objectives", "themes"]));
    assert_eq!(missing(&view, "budget"), &json!(["empty"]));
    assert_problem(funder.officer.get(&file.path).await, 404, "not_found").await;

    // The partner answers, the lead brings a budget that asks for too much.
    let patch = json!({"answers": {"objectives": "De l'eau"}, "themes": ["water-and-waste"]});
    let view = ok(file.partner.patch(&file.path, version(&view), &patch).await, 200).await;
    let mut greedy = sound_budget(file.grenoble);
    greedy["grant_asked_minor"] = json!(600_000);
    let budget = ok(file.lead.put(&file.at("budget"), version(&view), &greedy).await, 200).await;
    let rules: Vec<(&str, i64)> = budget["assessment"]["broken"]
        .as_array()
        .unwrap()
        .iter()
        .map(|broken| (broken["rule"].as_str().unwrap(), broken["difference"].as_i64().unwrap()))
        .collect();
    assert_eq!(rules, [("grant_ceiling", 100_000), ("balance", 99_999 + 1)]);
    let problem = assert_problem(file.act("submit", &budget).await, 409, "incomplete").await;
    assert_eq!(errors(&problem), ["/budget/grant_asked_minor", "/budget"]);
    assert_eq!(problem["errors"][0]["params"]["difference"], "100000");
    assert_eq!(file.read().await["state"], "draft");

    // Mended and signed by one: the other is still missing.
    let path = file.at("budget");
    let budget = ok(
        file.lead
            .put(&path, version(&budget), &sound_budget(file.grenoble))
            .await,
        200,
    )
    .await;
    assert_eq!(budget["assessment"]["broken"], json!([]));
    // Nothing is missing but agreements.
    assert_eq!(file.read().await["state"], "ready");
    let sign = |city| json!({"city_id": city});
    let path = file.at("sign-off");
    assert_problem(
        file.lead.act(&path, version(&budget), &sign(file.sevan)).await,
        403,
        "forbidden",
    )
    .await;
    let view = ok(file.lead.act(&path, version(&budget), &sign(file.grenoble)).await, 200).await;
    assert!(!view["allowed"].as_array().unwrap().contains(&json!("sign_off")));
    let problem = assert_problem(file.act("submit", &view).await, 409, "sign_off_missing").await;
    assert_eq!(errors(&problem), ["/parties/1/signed_off_at"]);
    assert_eq!(problem["errors"][0]["params"]["city_id"], json!(file.sevan));

    // A change of content takes the agreement back; writing the same again does not.
    let view = file.sign_all().await;
    let same = ok(file.partner.patch(&file.path, version(&view), &patch).await, 200).await;
    assert_eq!(version(&same), version(&view));
    let change = json!({"answers": {"more": "Encore"}});
    let view = ok(file.partner.patch(&file.path, version(&view), &change).await, 200).await;
    assert!(
        view["parties"]
            .as_array()
            .unwrap()
            .iter()
            .all(|party| party["signed_off_at"].is_null())
    );
    assert_problem(file.act("submit", &view).await, 409, "sign_off_missing").await;
    assert_problem(file.lead.get(&file.at("receipt")).await, 404, "not_found").await;

    let view = file.sign_all().await;
    let view = ok(file.act("submit", &view).await, 200).await;
    assert_eq!(
        (view["state"].as_str(), view["submitted_at"].as_str()),
        (Some("submitted"), Some("2026-11-20T17:30:00.000Z"))
    );
    let receipt = ok(file.partner.get(&file.at("receipt")).await, 200).await;
    let content = receipt["content"].as_str().unwrap();
    let hash: String = Sha256::digest(content.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        (receipt["sha256"].as_str(), &view["receipt_sha256"]),
        (Some(hash.as_str()), &receipt["sha256"])
    );
    let told: Value = serde_json::from_str(content).unwrap();
    assert_eq!(
        (&told["answers"]["more"], &told["budget"]["grant_asked_minor"]),
        (&json!("Encore"), &json!(500_000))
    );

    // Once the deadline is over the officer sees it, and decides with a reason.
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    let seen = ok(funder.officer.get(&file.path).await, 200).await;
    assert_eq!(
        seen["allowed"],
        json!(["start_review", "request_correction", "shortlist", "decide"])
    );
    let view = ok(
        funder
            .officer
            .act(&file.at("start-review"), version(&seen), &json!({}))
            .await,
        200,
    )
    .await;
    let decide =
        |reason: &str, granted: i64| json!({"outcome": "accepted", "reason": reason, "granted_minor": granted});
    let path = file.at("decide");
    let problem = assert_problem(
        funder
            .officer
            .act(&path, version(&view), &decide("Bien.", 500_001))
            .await,
        422,
        "invalid",
    )
    .await;
    assert_eq!(
        (errors(&problem), &problem["errors"][0]["params"]["max"]),
        (vec!["/granted_minor"], &json!("500000"))
    );
    assert_problem(
        funder.officer.act(&path, version(&view), &decide(" ", 1)).await,
        422,
        "invalid",
    )
    .await;
    assert_problem(file.act("decide", &view).await, 422, "invalid").await;
    assert_problem(
        file.lead.act(&path, version(&view), &decide("Bien.", 1)).await,
        403,
        "forbidden",
    )
    .await;
    let view = ok(
        funder
            .officer
            .act(&path, version(&view), &decide("Bien.", 450_000))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (view["state"].as_str(), view["decision"]["granted_minor"].as_i64()),
        (Some("accepted"), Some(450_000))
    );
    assert_eq!(view["decision"]["decided_by"], json!(funder.officer.account_id));
    // The cities read it once the results of the call are published.
    let told = file.read().await;
    assert_eq!((&told["state"], &told["decision"]), (&json!("in_review"), &Value::Null));
    funder.publish(&funder.call_path()).await;
    let view = file.read().await;
    assert_eq!(
        (&view["decision"]["reason"], &view["decision"]["decided_by"]),
        (&json!("Bien."), &Value::Null)
    );
    assert_eq!(view["allowed"], json!([]));

    let entries = api::db::journal::last_seq(&server.platform.db).await.unwrap();
    assert!(entries >= 15, "{entries}");
    server.stop().await;
}

#[actix_web::test]
async fn inspire_asks_for_three_cities_and_goal_16() {
    let server = Server::start().await;
    let funder = server.inspire().await;
    let file = Applicants::begin(&server, &funder).await;
    let patch = json!({"themes": ["water-and-waste"]});
    let view = ok(file.lead.patch(&file.path, 2, &patch).await, 200).await;
    assert_eq!(missing(&view, "project"), &json!(["objectives", "sdg:16"]));
    assert_eq!(missing(&view, "parties"), &json!(["cities"]));
    let view = ok(file.lead.patch(&file.path, 3, &json!({"themes": ["peace"]})).await, 200).await;
    assert_eq!(missing(&view, "project"), &json!(["objectives"]));
    server.stop().await;
}

#[actix_web::test]
async fn a_file_that_comes_from_a_partnership_has_its_cities() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (grenoble, lead) = server.staffed_city("Grenoble", "FR").await;
    let (sevan, _) = server.staffed_city("Sevan", "AM").await;
    let party = |city, role| json!({"party": {"type": "city", "city_id": city}, "role": role});
    let draft =
        json!({"name": "IRAPA", "kind": "project", "parties": [party(grenoble, "lead"), party(sevan, "partner")]});
    let partnership = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
    let mut draft = json!({
        "call_id": funder.call["id"], "lead_city_id": grenoble, "title": "Eau", "partnership_id": partnership["id"],
    });
    let view = ok(lead.post("/api/v1/applications", &draft).await, 201).await;
    assert_eq!(
        (&view["lead_name"], &view["partner_names"]),
        (&json!("Grenoble"), &json!(["Sevan"]))
    );
    draft["partnership_id"] = json!(id(&view));
    let problem = assert_problem(lead.post("/api/v1/applications", &draft).await, 422, "invalid").await;
    assert_eq!(errors(&problem), ["/partnership_id"]);
    server.stop().await;
}

#[actix_web::test]
async fn a_deleted_draft_can_be_restored_for_thirty_days() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    assert_problem(file.partner.delete(&file.path, 2).await, 403, "forbidden").await;
    let response = file.lead.delete(&file.path, 2).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["etag"].to_str().unwrap()),
        (204, "\"3\"")
    );
    assert_problem(file.lead.get(&file.path).await, 404, "not_found").await;
    assert_problem(
        file.partner.act(&file.at("restore"), 3, &json!({})).await,
        403,
        "forbidden",
    )
    .await;
    let view = ok(file.lead.act(&file.at("restore"), 3, &json!({})).await, 200).await;
    assert_eq!((view["title"].as_str(), version(&view)), (Some("Eau"), 4));
    assert_problem(
        file.lead.act(&file.at("restore"), 4, &json!({})).await,
        409,
        "state_conflict",
    )
    .await;
    server.stop().await;
}
