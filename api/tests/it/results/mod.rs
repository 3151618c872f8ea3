//! What partnerships achieve: indicators and their measures, documents.

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::{Server, Visitor, assert_problem};

async fn project() -> (Server, Visitor, Value, [CityId; 2]) {
    let server = Server::start().await;
    let cities = [
        server.add_city("Grenoble", "FR").await,
        server.add_city("Sevan", "AM").await,
    ];
    let who = server.sign_in_as(Grant::CityStaff { city_id: cities[0] }).await;
    let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
        { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
        { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
    ] });
    let partnership = ok(who.post("/api/v1/partnerships", &draft).await, 201).await;
    (server, who, partnership, cities)
}

fn below(partnership: &Value) -> String {
    format!("/api/v1/partnerships/{}/results", id(partnership))
}

fn at(result: &Value, more: &str) -> String {
    format!("/api/v1/results/{}{more}", id(result))
}

fn indicator(theme: &str) -> Value {
    json!({
        "theme": theme, "title": "Less waste",
        "evidence": { "type": "indicator", "unit": "t", "baseline": 100.0, "target": 60.5 },
    })
}

#[actix_web::test]
async fn an_indicator_is_measured_over_time_and_a_day_is_corrected() {
    let (server, who, partnership, cities) = project().await;
    let made = ok(who.post(&below(&partnership), &indicator("water-and-waste")).await, 201).await;
    assert!(!made["sdgs"].as_array().unwrap().is_empty(), "those of the theme");
    assert_eq!(
        (&made["actual"], &made["allowed"]),
        (&Value::Null, &json!(["update", "measure", "delete"]))
    );
    let measure = |day: &str, value: f64| json!({ "measured_on": day, "value": value, "author": "Ville de Sevan" });
    let path = at(&made, "/measures");
    ok(who.act(&path, 1, &measure("2026-11-01", 80.25)).await, 200).await;
    // An older one comes later, and is put where it belongs.
    let both = ok(who.act(&path, 2, &measure("2026-05-01", 95.0)).await, 200).await;
    assert_eq!((&both["actual"], version(&both)), (&json!(80.25), 3));
    let corrected = ok(who.act(&path, 3, &measure("2026-11-01", 79.0)).await, 200).await;
    let values: Vec<&Value> = corrected["measures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["value"])
        .collect();
    assert_eq!(values, [95.0, 79.0]);
    assert_problem(who.act(&path, 3, &measure("2026-11-02", 1.0)).await, 412, "stale").await;
    let future = ok(who.act(&path, 4, &measure("2026-12-01", 1.0)).await, 422).await;
    assert_eq!(future["errors"][0]["pointer"], "/measured_on");

    // Two who measure on the same version: one wins, the other reads again.
    let beside = server.start_beside().await;
    let partner = server
        .sign_in_as(Grant::CityStaff { city_id: cities[1] })
        .await
        .at(&beside);
    let (day_a, day_b) = (measure("2026-11-10", 78.0), measure("2026-11-11", 77.0));
    let (a, b) = tokio::join!(who.act(&path, 4, &day_a), partner.act(&path, 4, &day_b));
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);

    let public = ok(server.get(&at(&made, "")).await, 200).await;
    assert_eq!(
        (public["measures"].as_array().unwrap().len(), &public["allowed"]),
        (3, &json!([]))
    );
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_document_is_evidence_too_and_what_is_wrong_is_told_at_its_field() {
    let (server, who, partnership, _) = project().await;
    let document = json!({
        "theme": "culture", "title": "A guide", "sdgs": [11, 4],
        "evidence": { "type": "document", "title": "Guide", "url": "https://example.org/guide.pdf",
            "dated_on": "2026-10-01", "author": "Ville de Sevan" },
    });
    let made = ok(who.post(&below(&partnership), &document).await, 201).await;
    assert_eq!((&made["sdgs"], &made["measures"]), (&json!([11, 4]), &json!([])));
    let measure = json!({ "measured_on": "2026-11-01", "value": 1, "author": "A" });
    assert_problem(
        who.act(&at(&made, "/measures"), 1, &measure).await,
        409,
        "state_conflict",
    )
    .await;
    let turned = json!({ "evidence": indicator("culture")["evidence"] });
    let refused = ok(who.patch(&at(&made, ""), 1, &turned).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/evidence/type");

    for (pointer, value) in [
        ("/evidence/url", json!("javascript:alert(1)")),
        ("/evidence/url", json!("http://example.org")),
        ("/evidence/author", json!(" ")),
        ("/sdgs/1", json!([3, 3])),
        ("/sdgs/0", json!([18])),
        ("/title", json!("  ")),
    ] {
        let mut wrong = document.clone();
        let place = pointer.trim_end_matches("/0").trim_end_matches("/1");
        *wrong.pointer_mut(place).unwrap() = value;
        let refused = ok(who.post(&below(&partnership), &wrong).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let mut flat = indicator("climate");
    flat["evidence"]["target"] = flat["evidence"]["baseline"].clone();
    let refused = ok(who.post(&below(&partnership), &flat).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/evidence/target");

    let changed = ok(
        who.patch(&at(&made, ""), 1, &json!({ "title": "The guide" })).await,
        200,
    )
    .await;
    assert_eq!((&changed["title"], version(&changed)), (&json!("The guide"), 2));
    assert_problem(who.delete(&at(&made, ""), 1).await, 412, "stale").await;
    assert_eq!(who.delete(&at(&made, ""), 2).await.status(), 204);
    assert_problem(server.get(&at(&made, "")).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn results_are_listed_by_theme_with_three_statements() {
    let (server, who, partnership, _) = project().await;
    for theme in ["culture", "climate", "climate"] {
        ok(who.post(&below(&partnership), &indicator(theme)).await, 201).await;
    }
    let list = |query: String| {
        let path = format!("{}?{query}", below(&partnership));
        let server = &server;
        async move { ok(server.get(&path).await, 200).await }
    };
    let themes = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["theme"].as_str().unwrap().to_owned()).collect()
    };
    let counted = async || drop(list("limit=2&count=true".to_owned()).await);
    assert_eq!(fewest_statements(&server, counted).await, 3);
    let first = list("limit=2&count=true".to_owned()).await;
    assert_eq!(
        (&first["total"], themes(&first)),
        (&json!(3), vec!["climate".to_owned(); 2])
    );
    let rest = list(format!("cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(
        (themes(&rest), &rest["next"]),
        (vec!["culture".to_owned()], &Value::Null)
    );
    assert_eq!(themes(&list("theme=culture,housing".to_owned()).await), ["culture"]);
    let csv = server.request("GET", &below(&partnership)).header("accept", "text/csv");
    assert_eq!(csv.send().await.unwrap().text().await.unwrap().lines().count(), 4);
    let nobodys = "/api/v1/partnerships/01980a5c-7c00-7000-8000-000000000001/results";
    assert_problem(server.get(nobodys).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_deleted_result_comes_back_with_its_measures_for_thirty_days() {
    let (server, who, partnership, _) = project().await;
    let made = ok(who.post(&below(&partnership), &indicator("climate")).await, 201).await;
    let measure = json!({ "measured_on": "2026-11-01", "value": 80.0, "author": "Ville de Sevan" });
    ok(who.act(&at(&made, "/measures"), 1, &measure).await, 200).await;
    let lesson = json!({ "theme": "climate", "text": "Weigh it", "language": "en", "result_ids": [id(&made)] });
    let lessons = format!("/api/v1/partnerships/{}/lessons", id(&partnership));
    let lesson = ok(who.post(&lessons, &lesson).await, 201).await;
    let grounds = async || {
        let read = ok(server.get(&format!("/api/v1/lessons/{}", id(&lesson))).await, 200).await;
        read["rests_on"].as_array().unwrap().len()
    };
    assert_eq!(grounds().await, 1);
    let restore = at(&made, "/restore");
    assert_problem(who.act(&restore, 2, &()).await, 409, "state_conflict").await;

    assert_eq!(who.delete(&at(&made, ""), 2).await.status(), 204);
    // Gone everywhere: it is not read, listed, changed, named by a lesson, or a ground for a new one.
    assert_problem(server.get(&at(&made, "")).await, 404, "not_found").await;
    let list = ok(server.get(&format!("{}?count=true", below(&partnership))).await, 200).await;
    assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)));
    let patch = who.patch(&at(&made, ""), 3, &json!({ "title": "No" })).await;
    assert_problem(patch, 404, "not_found").await;
    assert_eq!(grounds().await, 0);
    let again = json!({ "theme": "climate", "text": "Again", "language": "en", "result_ids": [id(&made)] });
    let refused = assert_problem(who.post(&lessons, &again).await, 422, "invalid").await;
    assert_eq!(refused["errors"][0]["pointer"], "/result_ids/0");

    assert_problem(who.act(&restore, 2, &()).await, 412, "stale").await;
    let back = ok(who.act(&restore, 3, &()).await, 200).await;
    assert_eq!((&back["actual"], version(&back)), (&json!(80.0), 4));
    assert_eq!(grounds().await, 1);
    let changes = ok(server.get("/api/v1/changes?limit=100").await, 200).await;
    let verbs: Vec<&str> = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["resource"] == "result")
        .filter_map(|change| change["verb"].as_str())
        .collect();
    assert_eq!(verbs, ["create", "measure", "delete", "restore"]);

    assert_eq!(who.delete(&at(&made, ""), 4).await.status(), 204);
    let later = server.platform.clock.now() + chrono::TimeDelta::days(31);
    server.platform.clock.set(later);
    let who = server.sign_in_as(Grant::Admin).await;
    assert_problem(who.act(&restore, 5, &()).await, 404, "not_found").await;
    server.stop().await;
}
