use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::cities::CityKind;

use crate::support::applications::{call_draft, id, ok, sound_budget, window};
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
    rules["valid_from"] = json!("2026-01-01");
    let next = ok(funder.officer.post(&path, &rules).await, 201).await;
    assert_eq!(next["version"], 2);
    let page = ok(server.get(&path).await, 200).await;
    assert_eq!(page["items"][0]["own_share_min_bp"], 2_000);
    assert_eq!(page["items"][1]["own_share_min_bp"], 1_000);
    // The former version holds until the day before, and says nothing else than before.
    let mut former = funder.rules.clone();
    former["valid_to"] = json!("2025-12-31");
    assert_eq!(page["items"][1], former);
    let one = ok(server.get(&format!("{path}/{}", id(&former))).await, 200).await;
    assert_eq!(one, former);
    let call = ok(server.get(&format!("/api/v1/calls/{}", id(&funder.call))).await, 200).await;
    assert_eq!(
        (call["rules"]["version"].as_i64(), call["rules"]["id"].clone()),
        (Some(1), funder.rules["id"].clone())
    );

    rules["valid_from"] = json!("2026-07-01");
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

/// The rules of a funder as the next version begins with them.
fn draft_of(rules: &Value) -> Value {
    let mut draft = rules.clone();
    for field in ["id", "version"] {
        draft.as_object_mut().unwrap().remove(field);
    }
    draft
}

#[actix_web::test]
async fn versions_that_overlap_are_refused_at_their_first_day() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let mut rules = draft_of(&funder.rules);
    for day in ["2024-12-31", "2025-01-01"] {
        rules["valid_from"] = json!(day);
        let problem = assert_problem(funder.officer.post(&path, &rules).await, 422, "invalid").await;
        assert_eq!(
            problem["errors"],
            json!([{"pointer": "/valid_from", "code": "overlap", "params": {"version": "1", "until": "2025-01-01"}}])
        );
    }
    rules["valid_from"] = json!("2026-01-01");
    rules["valid_to"] = json!("2026-12-31");
    ok(funder.officer.post(&path, &rules).await, 201).await;
    // A version that says its last day holds until then.
    rules["valid_from"] = json!("2026-12-31");
    rules["valid_to"] = json!(null);
    let problem = assert_problem(funder.officer.post(&path, &rules).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["params"]["until"], "2026-12-31");
    rules["valid_from"] = json!("2027-01-01");
    assert_eq!(ok(funder.officer.post(&path, &rules).await, 201).await["version"], 3);
    let page = ok(server.get(&path).await, 200).await;
    let days: Vec<[&Value; 2]> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rules| [&rules["valid_from"], &rules["valid_to"]])
        .collect();
    assert_eq!(
        json!(days),
        json!([
            ["2027-01-01", null],
            ["2026-01-01", "2026-12-31"],
            ["2025-01-01", "2025-12-31"]
        ])
    );
    // Rules of another name stand beside them.
    rules["name"] = json!("Jeunesse");
    rules["valid_from"] = json!("2025-06-01");
    assert_eq!(ok(funder.officer.post(&path, &rules).await, 201).await["version"], 1);
    server.stop().await;
}

/// Of several officers who write the next version at once, one does.
#[actix_web::test]
async fn one_of_several_next_versions_is_taken() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let mut rules = draft_of(&funder.rules);
    rules["valid_from"] = json!("2026-01-01");
    let tries = tokio::join!(
        funder.officer.post(&path, &rules),
        funder.officer.post(&path, &rules),
        funder.admin.post(&path, &rules),
        funder.admin.post(&path, &rules),
    );
    let answers: [reqwest::Response; 4] = tries.into();
    let count = |status: u16| answers.iter().filter(|answer| answer.status() == status).count();
    assert_eq!((count(201), count(422)), (1, 3));
    server.stop().await;
}

#[actix_web::test]
async fn what_changes_is_told_in_three_languages_and_against_any_former_version() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let alone = ok(
        server.get(&format!("{path}/{}/difference", id(&funder.rules))).await,
        200,
    )
    .await;
    assert_eq!((&alone["before"], &alone["changes"]), (&json!(null), &json!([])));

    let mut rules = draft_of(&funder.rules);
    rules["valid_from"] = json!("2026-01-01");
    rules["country_rates"][0]["rate_bp"] = json!(7_550);
    rules["country_groups"][1]["countries"]
        .as_array_mut()
        .unwrap()
        .retain(|country| country != "UA");
    let second = ok(funder.officer.post(&path, &rules).await, 201).await;
    rules["valid_from"] = json!("2027-01-01");
    rules["own_share_min_bp"] = json!(500);
    let third = ok(funder.officer.post(&path, &rules).await, 201).await;

    let told = ok(server.get(&format!("{path}/{}/difference", id(&third))).await, 200).await;
    assert_eq!(
        (&told["before"]["id"], &told["before"]["version"]),
        (&second["id"], &json!(2))
    );
    let sentences: Vec<&str> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["words"]["fr"].as_str().unwrap())
        .collect();
    assert_eq!(
        sentences,
        [
            "Les règles valent depuis le 1er janvier 2027\u{a0}; les précédentes valaient depuis le 1er janvier 2026.",
            "La part minimale des collectivités passe de 10\u{202f}% à 5\u{202f}% du total.",
        ]
    );
    let from = format!("{path}/{}/difference?from={}", id(&third), id(&funder.rules));
    let told = ok(server.get(&from).await, 200).await;
    let changes = told["changes"].as_array().unwrap();
    let of = |what: &str| changes.iter().find(|change| change["change"]["what"] == what).unwrap();
    assert_eq!(
        of("group_rate")["change"],
        json!({"what": "group_rate", "group": "ldc", "before": 7_000, "after": 7_550})
    );
    assert_eq!(
        of("group_rate")["words"]["en"],
        "Least developed countries: the ceiling rises from 70% to 75.5%."
    );
    assert_eq!(
        of("group_moved")["words"]["uk"],
        "Переходять із групи «Інші одержувачі допомоги» до групи «Інші країни»: Україна."
    );

    let other = server.inspire().await;
    let foreign = format!("{path}/{}/difference?from={}", id(&third), id(&other.rules));
    assert_problem(server.get(&foreign).await, 404, "not_found").await;
    let foreign = format!("{path}/{}", id(&other.rules));
    assert_problem(server.get(&foreign).await, 404, "not_found").await;
    assert_problem(
        server.get(&format!("{path}/{}/difference?at=1", id(&third))).await,
        400,
        "query_invalid",
    )
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn rules_are_tried_on_a_budget_and_nothing_is_kept() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let city = server.add_city("Grenoble", "FR").await;
    let mut rules = draft_of(&funder.rules);
    rules["country_rates"][1]["rate_bp"] = json!(4_000);
    let mut trial = json!({"rules": rules, "budget": sound_budget(city), "cities": 2});
    let told = ok(funder.officer.post(&format!("{path}/try"), &trial).await, 200).await;
    assert_eq!(told["ceiling_minor"], 400_000);
    assert_eq!(
        told["broken"],
        json!([{"rule": "grant_ceiling", "pointer": "/grant_asked_minor", "limit": 400_000, "actual": 500_000, "difference": 100_000}])
    );
    assert_eq!(
        ok(server.get(&path).await, 200).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    trial["rules"]["instalments_bp"] = json!([9_000]);
    trial["budget"]["lines"][0]["amount_minor"] = json!(-1);
    trial["cities"] = json!(51);
    let problem = assert_problem(
        funder.officer.post(&format!("{path}/try"), &trial).await,
        422,
        "invalid",
    )
    .await;
    let pointers: Vec<&Value> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(
        json!(pointers),
        json!([
            "/rules/instalments_bp",
            "/budget/lines/0/amount_minor",
            "/budget/lines",
            "/cities"
        ])
    );
    server.stop().await;
}

/// The rules say which levels take part, at the door.
#[actix_web::test]
async fn cities_of_a_level_that_the_rules_leave_out_do_not_come_in() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let mut rules = draft_of(&funder.rules);
    rules["valid_from"] = json!("2026-01-01");
    rules["levels"] = json!(["local", "local"]);
    let problem = assert_problem(funder.officer.post(&path, &rules).await, 422, "invalid").await;
    assert_eq!(
        problem["errors"],
        json!([{"pointer": "/levels/1", "code": "duplicate"}])
    );
    rules["levels"] = json!(["regional"]);
    let regional = ok(funder.officer.post(&path, &rules).await, 201).await;
    let call = call_draft(funder.programme, &regional, &window(server.platform.clock.now()));
    let call = ok(funder.officer.post("/api/v1/calls", &call).await, 201).await;
    let advance = format!("/api/v1/calls/{}/advance", id(&call));
    ok(funder.officer.act(&advance, 1, &json!({"to": "open"})).await, 200).await;

    let (town, staff) = server.staffed_city("Grenoble", "FR").await;
    let draft = json!({"call_id": call["id"], "lead_city_id": town, "title": "Eau"});
    let problem = assert_problem(staff.post("/api/v1/applications", &draft).await, 422, "invalid").await;
    assert_eq!(
        problem["errors"],
        json!([{"pointer": "/lead_city_id", "code": "rule", "params": {"rule": "level", "level": "local"}}])
    );
    let region = server.city("Isère", "FR").kind(CityKind::Region).add().await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: region }).await;
    let draft = json!({"call_id": call["id"], "lead_city_id": region, "title": "Eau"});
    let file = ok(staff.post("/api/v1/applications", &draft).await, 201).await;
    let parties = format!("/api/v1/applications/{}/parties", id(&file));
    let both = |role: &str| json!({"items": [{"city_id": region, "role": "lead"}, {"city_id": town, "role": role}]});
    let problem = assert_problem(staff.put(&parties, 1, &both("partner")).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/items/1/city_id");
    ok(staff.put(&parties, 1, &both("associated")).await, 200).await;
    server.stop().await;
}
