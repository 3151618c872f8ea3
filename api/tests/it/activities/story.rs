use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::activities::ActivityState;

use super::{Project, at, draft};
use crate::support::applications::{fewest_statements, ok, version};
use crate::support::{assert_problem, json as body_of};

#[actix_web::test]
async fn an_activity_is_planned_changed_and_held_and_the_journal_knows() {
    let project = Project::start().await;
    let mut wanted = draft("delegation_out", "2026-11-18", "2026-11-21");
    wanted["concerned"] = json!([{ "type": "city", "city_id": project.cities[1] }]);
    wanted["cost"] = json!({ "amount_minor": 1_250_050, "currency": "EUR" });
    wanted["people"] = json!(6);
    let made = project.add(&wanted).await;
    assert_eq!(made["concerned"][0]["name"], "Sevan");
    assert_eq!(made["cost"], wanted["cost"]);
    assert_eq!(made["allowed"], json!(["update", "advance"]));

    // The partner's staff changes it too; who read an older version is told.
    let patch = json!({ "people": null, "place": " Sevan, mairie " });
    let changed = ok(project.partner.patch(&at(&made, ""), 1, &patch).await, 200).await;
    assert_eq!(
        (&changed["people"], &changed["place"]),
        (&Value::Null, &json!("Sevan, mairie"))
    );
    assert_problem(project.lead.patch(&at(&made, ""), 1, &patch).await, 412, "stale").await;
    let same = ok(project.lead.patch(&at(&made, ""), 2, &patch).await, 200).await;
    assert_eq!(version(&same), 2, "nothing changed");

    let held = json!({ "to": "held" });
    let held = ok(project.lead.act(&at(&made, "/advance"), 2, &held).await, 200).await;
    assert_eq!(held["state"], "held");
    let public = ok(project.server.get(&at(&made, "")).await, 200).await;
    assert_eq!((&public["title"], &public["allowed"]), (&made["title"], &json!([])));

    let admin = project.server.sign_in_as(Grant::Admin).await;
    let journal = ok(admin.get("/api/v1/audit?limit=100").await, 200).await;
    let entries = journal["items"].as_array().unwrap().iter();
    let verbs: Vec<&Value> = entries
        .filter(|entry| entry["resource"] == "activity")
        .map(|entry| &entry["verb"])
        .collect();
    assert_eq!(verbs, ["advance", "update", "create"]);
    project.server.stop().await;
}

#[actix_web::test]
async fn every_transition_that_is_drawn_passes_and_no_other() {
    let project = Project::start().await;
    let way = |to| match to {
        ActivityState::Planned => None,
        other => Some(other),
    };
    for &from in ActivityState::ALL {
        for &to in ActivityState::ALL {
            let mut activity = project.add(&draft("event", "2026-11-02", "2026-11-02")).await;
            if let Some(step) = way(from) {
                let body = json!({ "to": step, "reason": "The weather" });
                activity = ok(project.lead.act(&at(&activity, "/advance"), 1, &body).await, 200).await;
                assert_eq!(activity["state_reason"], "The weather");
            }
            assert_eq!(activity["next_states"], json!(from.next()));
            let answer = project
                .lead
                .act(&at(&activity, "/advance"), version(&activity), &json!({ "to": to }))
                .await;
            if from.can_become(to) {
                assert_eq!(ok(answer, 200).await["state"], json!(to));
            } else {
                assert_problem(answer, 409, "state_conflict").await;
            }
        }
    }
    // Nothing is held before its first day, and what is cancelled is not changed.
    let later = project.add(&draft("training", "2027-03-01", "2027-03-02")).await;
    let early = project
        .lead
        .act(&at(&later, "/advance"), 1, &json!({ "to": "held" }))
        .await;
    assert_eq!(ok(early, 409).await["errors"][0]["params"]["min"], "2027-03-01");
    let gone = json!({ "to": "cancelled" });
    ok(project.lead.act(&at(&later, "/advance"), 1, &gone).await, 200).await;
    let change = project.lead.patch(&at(&later, ""), 2, &json!({ "title": "New" })).await;
    assert_problem(change, 409, "state_conflict").await;
    project.server.stop().await;
}

#[actix_web::test]
async fn what_an_activity_cannot_be_is_told_field_by_field() {
    let project = Project::start().await;
    let stranger = project.server.add_city("Vienne", "FR").await;
    let wrong = json!({
        "kind": "event", "state": "cancelled", "title": "  ", "starts_on": "2026-12-02", "ends_on": "2026-12-01",
        "concerned": [{ "type": "city", "city_id": stranger }],
        "cost": { "amount_minor": -1, "currency": "euro" },
    });
    let answer = project.lead.post(&project.path("activities"), &wrong).await;
    assert_eq!(answer.status(), 422);
    let body = body_of(answer).await;
    let mut pointers: Vec<&str> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        [
            "/concerned/0",
            "/cost/amount_minor",
            "/cost/currency",
            "/ends_on",
            "/state",
            "/title"
        ]
    );
    let mut held = draft("event", "2027-01-01", "2027-01-01");
    held["state"] = json!("held");
    let answer = project.lead.post(&project.path("activities"), &held).await;
    assert_eq!(ok(answer, 422).await["errors"][0]["pointer"], "/starts_on");
    project.server.stop().await;
}

#[actix_web::test]
async fn lists_are_filtered_sorted_and_paged_with_three_statements() {
    let project = Project::start().await;
    for (kind, day) in [
        ("event", "2026-01-10"),
        ("training", "2026-02-10"),
        ("event", "2026-03-10"),
        ("delegation_in", "2026-03-10"),
    ] {
        project.add(&draft(kind, day, day)).await;
    }
    let list = |query: &'static str| {
        let path = project.path(&format!("activities?{query}"));
        let server = &project.server;
        async move { ok(server.get(&path).await, 200).await }
    };
    let days = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["starts_on"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = list("limit=3&count=true").await;
    assert_eq!(first["total"], 4);
    assert_eq!(days(&first), ["2026-03-10", "2026-03-10", "2026-02-10"]);
    let next = format!("activities?limit=3&cursor={}", first["next"].as_str().unwrap());
    let last = ok(project.server.get(&project.path(&next)).await, 200).await;
    assert_eq!(
        (days(&last), &last["next"]),
        (vec!["2026-01-10".to_owned()], &Value::Null)
    );
    let other = project.path(&format!("{next}&sort=starts_on"));
    assert_problem(project.server.get(&other).await, 400, "cursor_invalid").await;
    assert_eq!(
        days(&list("sort=starts_on&kind=event").await),
        ["2026-01-10", "2026-03-10"]
    );
    assert_eq!(days(&list("from=2026-02-01&until=2026-02-28").await), ["2026-02-10"]);
    assert_eq!(days(&list("state=held,cancelled").await), Vec::<String>::new());

    let of_city = format!("/api/v1/cities/{}/activities?kind=training", project.cities[1]);
    assert_eq!(days(&ok(project.server.get(&of_city).await, 200).await), ["2026-02-10"]);
    let csv = project
        .server
        .request("GET", &project.path("activities"))
        .header("accept", "text/csv");
    let csv = csv.send().await.unwrap().text().await.unwrap();
    assert_eq!(csv.lines().count(), 5);

    let counted = async || drop(list("count=true").await);
    assert_eq!(fewest_statements(&project.server, counted).await, 3);
    let nobodys = "/api/v1/partnerships/01980a5c-7c00-7000-8000-000000000001/activities";
    assert_problem(project.server.get(nobodys).await, 404, "not_found").await;

    // With the partnership its activities are out of sight, and come back with it.
    let path = format!("/api/v1/partnerships/{}", project.partnership["id"].as_str().unwrap());
    assert_eq!(project.lead.delete(&path, 1).await.status(), 204);
    assert_problem(project.server.get(&project.path("activities")).await, 404, "not_found").await;
    assert_eq!(
        days(&ok(project.server.get(&of_city).await, 200).await),
        Vec::<String>::new()
    );
    project.server.stop().await;
}
