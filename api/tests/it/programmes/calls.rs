use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::applications::{Applicants, call_draft, id, ok, statements_of, version, window};
use crate::support::{Server, assert_problem, friday_evening};

#[actix_web::test]
async fn a_draft_is_seen_by_its_officers_only() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let draft = call_draft(funder.programme, &funder.rules, &window(server.platform.clock.now()));
    let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
    assert_eq!(
        (call["state"].as_str(), call["takes_applications"].as_bool()),
        (Some("draft"), Some(false))
    );
    let path = format!("/api/v1/calls/{}", id(&call));
    assert_problem(server.get(&path).await, 404, "not_found").await;
    let (_, staff) = server.staffed_city("Lviv", "UA").await;
    assert_problem(staff.get(&path).await, 404, "not_found").await;
    assert_problem(staff.patch(&path, 1, &json!({})).await, 404, "not_found").await;
    ok(funder.officer.get(&path).await, 200).await;

    let count = async |path: &str, everybody: bool| {
        let response = if everybody {
            server.get(path).await
        } else {
            funder.officer.get(path).await
        };
        ok(response, 200).await["total"].as_u64().unwrap()
    };
    assert_eq!(count("/api/v1/calls?count=true", true).await, 1);
    assert_eq!(count("/api/v1/calls?count=true", false).await, 2);
    assert_eq!(count("/api/v1/calls?count=true&open=true", false).await, 1);
    assert_problem(server.get("/api/v1/calls?colour=red").await, 400, "query_invalid").await;
    server.stop().await;
}

#[actix_web::test]
async fn open_calls_come_first_by_deadline_page_by_page() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let now = server.platform.clock.now();
    let mut ids = vec![id(&funder.call).to_owned()];
    for (minutes, to) in [(9, "open"), (7, "announced"), (3, "announced")] {
        let mut window = window(now);
        window["closes_at"] = json!(now + TimeDelta::minutes(minutes));
        let draft = call_draft(funder.programme, &funder.rules, &window);
        let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
        let path = format!("/api/v1/calls/{}/advance", id(&call));
        ok(funder.officer.act(&path, 1, &json!({"to": to})).await, 200).await;
        ids.push(id(&call).to_owned());
    }
    ids.swap(2, 3);
    let mut seen = Vec::new();
    let mut path = "/api/v1/calls?limit=1".to_owned();
    loop {
        let page = ok(server.get(&path).await, 200).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|call| id(call).to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/calls?limit=1&cursor={next}");
    }
    assert_eq!(seen, ids);

    // Once its deadline is over, a call is no longer among the open ones, whatever its state says.
    server.platform.clock.set(now + TimeDelta::minutes(7));
    let page = ok(server.get("/api/v1/calls").await, 200).await;
    assert_eq!(page["items"][0]["id"].as_str(), Some(ids[1].as_str()));
    assert_eq!(page["items"][3]["id"].as_str(), Some(ids[0].as_str()));
    server.stop().await;
}

#[actix_web::test]
async fn a_list_of_calls_costs_one_statement() {
    let server = Server::start().await;
    server.funder().await;
    assert_eq!(statements_of(&server, &server.anybody(), "/api/v1/calls").await, 1);
    server.stop().await;
}

#[actix_web::test]
async fn the_window_of_an_open_call_is_only_prolonged() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let path = format!("/api/v1/calls/{}", id(&funder.call));
    let now = server.platform.clock.now();
    let mut moved = window(now);
    moved["closes_at"] = json!(now + TimeDelta::minutes(4));
    let patch = |window: &Value| json!({"window": window});
    let problem = assert_problem(funder.officer.patch(&path, 2, &patch(&moved)).await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/window/closes_at");
    let mut less_grace = window(now);
    less_grace["grace_s"] = json!(59);
    assert_problem(
        funder.officer.patch(&path, 2, &patch(&less_grace)).await,
        422,
        "invalid",
    )
    .await;
    moved["closes_at"] = json!(now + TimeDelta::minutes(6));
    assert_problem(funder.officer.patch(&path, 1, &patch(&moved)).await, 412, "stale").await;
    let call = ok(funder.officer.patch(&path, 2, &patch(&moved)).await, 200).await;
    assert_eq!(
        (version(&call), call["window"]["closes_at"].as_str()),
        (3, Some("2026-11-20T17:36:00.000Z"))
    );

    // It closes once the deadline with its grace is over, not before.
    let advance = format!("{path}/advance");
    assert_problem(
        funder.officer.act(&advance, 3, &json!({"to": "closed"})).await,
        409,
        "state_conflict",
    )
    .await;
    server.platform.clock.set(now + TimeDelta::minutes(8));
    let call = ok(funder.officer.act(&advance, 3, &json!({"to": "closed"})).await, 200).await;
    assert_eq!(call["next_states"], json!(["under_review"]));
    moved["closes_at"] = json!(now + TimeDelta::minutes(60));
    assert_problem(
        funder.officer.patch(&path, version(&call), &patch(&moved)).await,
        409,
        "state_conflict",
    )
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn faults_of_a_call_are_pointed_to() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let now = server.platform.clock.now();
    let good = call_draft(funder.programme, &funder.rules, &window(now));
    let pointers = async |change: &dyn Fn(&mut Value)| -> Vec<String> {
        let mut draft = good.clone();
        change(&mut draft);
        let problem = assert_problem(funder.officer.post("/api/v1/calls", &draft).await, 422, "invalid").await;
        let errors = problem["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        pointers(&|call| call["window"]["zone"] = json!("Europe/Lyon")).await,
        ["/window/zone"]
    );
    assert_eq!(
        pointers(&|call| call["window"]["opens_at"] = call["window"]["closes_at"].clone()).await,
        ["/window/closes_at"]
    );
    assert_eq!(
        pointers(&|call| call["window"]["grace_s"] = json!(86_401)).await,
        ["/window/grace_s"]
    );
    assert_eq!(
        pointers(&|call| call["window"]["closes_at"] = json!("+99999-01-01T00:00:00Z"))
            .await
            .len(),
        1
    );
    assert_eq!(pointers(&|call| call["title"] = json!({})).await, ["/title"]);
    assert_eq!(
        pointers(&|call| call["rule_set_id"] = call["programme_id"].clone()).await,
        ["/rule_set_id"]
    );
    assert_eq!(
        pointers(&|call| call["questions"][1]["key"] = json!("objectives")).await,
        ["/questions/1/key"]
    );
    assert_eq!(
        pointers(&|call| call["envelope_minor"] = json!(-1)).await,
        ["/envelope_minor"]
    );
    server.stop().await;
}

#[actix_web::test]
async fn what_time_changes_is_told_to_who_knows_the_call_and_a_budget_stays_known() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::complete(&server, &funder).await;
    let rules = format!("/api/v1/programmes/{}/rule-sets", funder.programme);
    let own_rules = format!("{rules}/{}", id(&funder.rules));
    let call = funder.call_path();
    let budget = file.at("budget");
    let read = async |path: &str, known: Option<&str>| {
        let request = file.lead.request("GET", path);
        let request = match known {
            Some(etag) => request.header("if-none-match", etag),
            None => request,
        };
        let response = request.send().await.unwrap();
        let etag = response.headers()["etag"].to_str().unwrap().to_owned();
        (response.status().as_u16(), etag, response.text().await.unwrap())
    };
    let before = [
        read(&call, None).await,
        read(&own_rules, None).await,
        read(&budget, None).await,
    ];
    for (path, known) in [&call, &own_rules, &budget].into_iter().zip(&before) {
        assert_eq!(read(path, Some(&known.1)).await.0, 304, "{path}");
    }

    // The rules get a next version and so an end; then the deadline passes.
    let mut next = funder.rules.clone();
    next.as_object_mut()
        .unwrap()
        .retain(|name, _| name != "id" && name != "version");
    next["valid_from"] = json!("2026-11-21");
    ok(funder.officer.post(&rules, &next).await, 201).await;
    let (status, call_etag, _) = read(&call, Some(&before[0].1)).await;
    assert_eq!(status, 200);
    assert_eq!(read(&own_rules, Some(&before[1].1)).await.0, 200);
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    let (status, _, told) = read(&call, Some(&call_etag)).await;
    assert_eq!(status, 200);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["takes_applications"], false);

    // A file keeps the rules that it was begun with: no day changes what they make of its budget.
    assert_eq!(read(&budget, Some(&before[2].1)).await.0, 304);
    assert_eq!(read(&budget, None).await, before[2]);
    // Who knows the version changes the call, whatever stands behind it in the ETag.
    let patch = json!({"about": {"fr": "Prolongé ?"}});
    let changed = funder.officer.request("PATCH", &call).header("if-match", &call_etag);
    assert_eq!(changed.json(&patch).send().await.unwrap().status(), 200);
    server.stop().await;
}
