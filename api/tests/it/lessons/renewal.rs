use serde_json::{Value, json};

use super::{Learned, at};
use crate::support::applications::{id, ok, version};
use crate::support::assert_problem;

impl Learned {
    /// Moves a partnership step by step.
    async fn bring(&self, partnership: &Value, steps: &[&str]) -> Value {
        let mut view = partnership.clone();
        for step in steps {
            let path = at(&view, "partnerships", "/advance");
            let mut body = json!({ "to": step });
            if *step == "signed" {
                let parties = view["parties"].as_array().unwrap().iter();
                let signatures = parties.map(|party| {
                    json!({ "city_id": party["party"]["city_id"], "body": "Council", "signed_on": "2026-11-19" })
                });
                body["signatures"] = signatures.collect();
            }
            view = ok(self.lead.act(&path, version(&view), &body).await, 200).await;
        }
        view
    }
}

const TO_ITS_END: [&str; 5] = ["letter_of_intent", "agreement_drafted", "signed", "active", "expired"];

#[actix_web::test]
async fn a_renewal_names_the_lessons_that_it_uses() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    let expired = learned.bring(&learned.partnership, &TO_ITS_END).await;
    let path = at(&expired, "partnerships", "/advance");
    let renew = async |lessons: Value| {
        let body = json!({ "to": "active", "lesson_ids": lessons });
        learned.lead.act(&path, version(&expired), &body).await
    };
    for (language, words) in [
        ("fr", "au moins une leçon"),
        ("en", "at least one lesson"),
        ("uk", "принаймні один урок"),
    ] {
        let request = learned.lead.request("POST", &path).header("accept-language", language);
        let request = request.header("if-match", format!("\"{}\"", version(&expired)));
        let refused = request.json(&json!({ "to": "active" })).send().await.unwrap();
        let refused = assert_problem(refused, 409, "renewal_needs_lessons").await;
        assert!(refused["title"].as_str().unwrap().contains(words), "{refused}");
        assert_eq!(refused["errors"][0]["pointer"], "/lesson_ids");
    }
    for (named, pointer) in [
        (json!([learned.meeting["id"]]), "/lesson_ids/0"),
        (json!([lesson["id"], lesson["id"]]), "/lesson_ids/1"),
    ] {
        let refused = ok(renew(named).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let renewed = ok(renew(json!([lesson["id"]])).await, 200).await;
    assert_eq!(renewed["state"], "active");

    // From the lesson to the renewal, and back.
    let seen = ok(learned.server.get(&at(&lesson, "lessons", "")).await, 200).await;
    assert_eq!(seen["used_by"][0]["partnership_id"], learned.partnership["id"]);
    assert_eq!(seen["used_by"][0]["partnership_name"], "IRAPA");
    let used = format!("/api/v1/lessons?used_by={}", id(&learned.partnership));
    assert_eq!(
        ok(learned.server.get(&used).await, 200).await["items"][0]["id"],
        lesson["id"]
    );

    // No other move names lessons.
    let path = at(&renewed, "partnerships", "/advance");
    let other = json!({ "to": "dormant", "lesson_ids": [lesson["id"]] });
    let refused = ok(learned.lead.act(&path, version(&renewed), &other).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/lesson_ids");
    learned.server.stop().await;
}

#[actix_web::test]
async fn what_its_authorities_learned_elsewhere_counts_and_without_lessons_nothing_is_named() {
    let learned = Learned::start().await;
    let third = learned.server.add_city("Kharkiv", "UA").await;
    let expired = async |cities: [shared::ids::CityId; 2]| {
        let draft = json!({ "name": "Other", "kind": "project", "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
        ] });
        let made = ok(learned.lead.post("/api/v1/partnerships", &draft).await, 201).await;
        learned.bring(&made, &TO_ITS_END).await
    };
    let renew = async |view: &Value, lessons: Value| {
        let body = json!({ "to": "active", "lesson_ids": lessons });
        learned
            .lead
            .act(&at(view, "partnerships", "/advance"), version(view), &body)
            .await
    };
    let free = expired([learned.cities[0], third]).await;
    ok(renew(&free, json!([])).await, 200).await;

    // Now Grenoble has learned something with Sevan.
    let lesson = learned.propose("Trier d'abord").await;
    let bound = expired([learned.cities[0], third]).await;
    assert_problem(renew(&bound, json!([])).await, 409, "renewal_needs_lessons").await;
    let usable = format!("/api/v1/lessons?for_renewal_of={}", id(&bound));
    assert_eq!(
        ok(learned.server.get(&usable).await, 200).await["items"][0]["id"],
        lesson["id"]
    );
    // A lesson that is deleted asks for nothing, and cannot be named.
    let path = at(&lesson, "lessons", "");
    assert_eq!(learned.lead.delete(&path, 1).await.status(), 204);
    let refused = ok(renew(&bound, json!([lesson["id"]])).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/lesson_ids/0");
    ok(renew(&bound, json!([])).await, 200).await;
    learned.server.stop().await;
}
