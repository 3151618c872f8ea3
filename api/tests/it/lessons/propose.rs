use serde_json::{Value, json};
use shared::accounts::Grant;

use super::{Learned, at, listed};
use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::assert_problem;

#[actix_web::test]
async fn a_lesson_rests_on_what_its_partnership_did_and_is_found_from_there() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    assert_eq!(
        lesson["rests_on"],
        json!([
            { "type": "result", "result_id": learned.result["id"], "title": "Less waste" },
            { "type": "activity", "activity_id": learned.activity["id"], "title": "Guides" },
        ])
    );
    assert_eq!(
        (&lesson["partnership_name"], &lesson["language"]),
        (&json!("IRAPA"), &json!("fr"))
    );
    let other = learned.draft("Autre leçon");
    let mut alone = other.clone();
    alone["result_ids"] = json!([]);
    alone["theme"] = json!("culture");
    let other = ok(learned.lead.post(&learned.below(), &alone).await, 201).await;

    // From the result, from the activity, by theme.
    let found = async |query: String| -> Vec<Value> {
        let page = ok(learned.server.get(&format!("/api/v1/lessons?{query}")).await, 200).await;
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].clone())
            .collect()
    };
    assert_eq!(
        found(format!("result_id={}", id(&learned.result))).await,
        [lesson["id"].clone()]
    );
    assert_eq!(found(format!("activity_id={}", id(&learned.activity))).await.len(), 2);
    assert_eq!(found("theme=culture".to_owned()).await, [other["id"].clone()]);
    let first = ok(
        learned
            .server
            .get(&format!("{}?limit=1&count=true", learned.below()))
            .await,
        200,
    )
    .await;
    assert_eq!((&first["total"], &first["items"][0]["id"]), (&json!(2), &lesson["id"]));
    let rest = format!("{}?cursor={}", learned.below(), first["next"].as_str().unwrap());
    let rest = ok(learned.server.get(&rest).await, 200).await;
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&other["id"], &Value::Null));
    let below = learned.below();
    let read = async || drop(ok(learned.server.get(&below).await, 200).await);
    assert_eq!(fewest_statements(&learned.server, read).await, 6);
    let nobodys = "/api/v1/partnerships/01980a5c-7c00-7000-8000-000000000001/lessons";
    assert_problem(learned.server.get(nobodys).await, 404, "not_found").await;
    learned.server.stop().await;
}

#[actix_web::test]
async fn a_lesson_that_rests_on_nothing_or_on_what_others_did_is_refused_at_its_field() {
    let learned = Learned::start().await;
    let foreign = "01980a5c-7c00-7000-8000-000000000001";
    for (field, value, pointer, code) in [
        ("text", json!("  "), "/text", "required"),
        ("text", json!("x".repeat(601)), "/text", "length"),
        ("language", json!("de"), "/language", "choice"),
        ("result_ids", json!([foreign]), "/result_ids/0", "reference"),
        (
            "activity_ids",
            json!([id(&learned.activity), id(&learned.activity)]),
            "/activity_ids/1",
            "duplicate",
        ),
    ] {
        let mut wrong = learned.draft("Trier d'abord");
        wrong[field] = value;
        let refused = ok(learned.lead.post(&learned.below(), &wrong).await, 422).await;
        let error = &refused["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(pointer), &json!(code)),
            "{refused}"
        );
    }
    let nothing = json!({ "theme": "culture", "text": "On apprend", "language": "fr" });
    let refused = ok(learned.lead.post(&learned.below(), &nothing).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/result_ids");

    let lesson = learned.propose("Trier d'abord").await;
    let path = at(&lesson, "lessons", "");
    let bare = json!({ "result_ids": [], "activity_ids": [] });
    let refused = ok(learned.lead.patch(&path, 1, &bare).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/result_ids");
    let changed = json!({ "text": "Спершу сортувати", "language": "uk", "activity_ids": [] });
    let changed = ok(learned.lead.patch(&path, 1, &changed).await, 200).await;
    assert_eq!((&changed["text"], version(&changed)), (&json!("Спершу сортувати"), 2));
    assert_eq!(changed["rests_on"].as_array().unwrap().len(), 1);
    assert_problem(learned.lead.patch(&path, 1, &json!({})).await, 412, "stale").await;
    learned.server.stop().await;
}

#[actix_web::test]
async fn a_deleted_lesson_comes_back_and_a_list_names_it_again() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    let on_list = ok(
        learned.host.post(&learned.list(), &listed("Sort first", &lesson)).await,
        201,
    )
    .await;
    let path = at(&lesson, "lessons", "");
    let seen = ok(learned.server.get(&path).await, 200).await;
    assert_eq!(
        seen["listed_in"],
        json!([{ "id": on_list["id"], "meeting_id": learned.meeting["id"], "text": { "en": "Sort first" } }])
    );
    assert_eq!(seen["allowed"], json!([]));

    let stranger = learned
        .server
        .sign_in_as(Grant::CityStaff {
            city_id: learned.cities[2],
        })
        .await;
    assert_problem(stranger.delete(&path, 1).await, 403, "forbidden").await;
    assert_problem(
        learned.lead.act(&at(&lesson, "lessons", "/restore"), 1, &()).await,
        409,
        "state_conflict",
    )
    .await;
    assert_eq!(learned.lead.delete(&path, 1).await.status(), 204);
    assert_problem(learned.server.get(&path).await, 404, "not_found").await;
    let listed_path = at(&on_list, "listed-lessons", "");
    let sources = async || ok(learned.server.get(&listed_path).await, 200).await["sources"].clone();
    assert_eq!(sources().await, json!([]));
    let back = ok(learned.lead.act(&at(&lesson, "lessons", "/restore"), 2, &()).await, 200).await;
    assert_eq!((version(&back), &back["rests_on"]), (3, &lesson["rests_on"]));
    assert_eq!(sources().await[0]["id"], lesson["id"]);

    // After a month it is gone for good.
    assert_eq!(learned.lead.delete(&path, 3).await.status(), 204);
    let clock = &learned.server.platform.clock;
    clock.set(clock.now() + chrono::TimeDelta::days(31));
    let again = learned
        .server
        .sign_in_as(Grant::CityStaff {
            city_id: learned.cities[0],
        })
        .await;
    assert_problem(
        again.act(&at(&lesson, "lessons", "/restore"), 4, &()).await,
        404,
        "not_found",
    )
    .await;
    learned.server.stop().await;
}
