//! What meetings recommend: from lessons, to somebody, and what became of it.

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::{Server, Visitor, assert_problem};

/// A meeting that a city holds, with a proposed lesson and one of its list that comes from that.
struct Meeting {
    server: Server,
    host: Visitor,
    lead: Visitor,
    meeting: Value,
    lesson: Value,
    listed: Value,
}

impl Meeting {
    async fn start() -> Self {
        let server = Server::start().await;
        let cities = [
            server.add_city("Grenoble", "FR").await,
            server.add_city("Sevan", "AM").await,
            server.add_city("Barcelona", "ES").await,
        ];
        let staff = |city_id: CityId| Grant::CityStaff { city_id };
        let lead = server.sign_in_as(staff(cities[0])).await;
        let host = server.sign_in_as(staff(cities[2])).await;
        let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
        ] });
        let partnership = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
        let below = format!("/api/v1/partnerships/{}", id(&partnership));
        let activity =
            json!({ "kind": "training", "title": "Guides", "starts_on": "2026-11-01", "ends_on": "2026-11-03" });
        let activity = ok(lead.post(&format!("{below}/activities"), &activity).await, 201).await;
        let lesson =
            json!({ "theme": "peace", "text": "Begin with people", "language": "en", "activity_ids": [id(&activity)] });
        let lesson = ok(lead.post(&format!("{below}/lessons"), &lesson).await, 201).await;
        let meeting = json!({ "name": { "en": "Global meeting" }, "host": { "type": "city", "city_id": cities[2] },
            "starts_on": "2024-03-12", "ends_on": "2024-03-14" });
        let meeting = ok(host.post("/api/v1/meetings", &meeting).await, 201).await;
        let listed = json!({ "theme": "peace", "text": { "en": "People first" }, "lesson_ids": [id(&lesson)] });
        let path = format!("/api/v1/meetings/{}/lessons", id(&meeting));
        let listed = ok(host.post(&path, &listed).await, 201).await;
        Self {
            server,
            host,
            lead,
            meeting,
            lesson,
            listed,
        }
    }

    fn below(&self) -> String {
        format!("/api/v1/meetings/{}/recommendations", id(&self.meeting))
    }

    fn draft(&self) -> Value {
        json!({ "addressee": "headquarters", "addressee_name": "DG INTPA", "text": { "en": "Pay for people too" },
            "lesson_ids": [id(&self.lesson)], "listed_lesson_ids": [id(&self.listed)] })
    }

    async fn recommend(&self) -> Value {
        ok(self.host.post(&self.below(), &self.draft()).await, 201).await
    }

    async fn step(&self, of: &Value, to: &str, reason: Option<&str>) -> Value {
        let step = json!({ "to": to, "reason": reason });
        ok(self.host.act(&at(of, "/advance"), version(of), &step).await, 200).await
    }
}

fn at(recommendation: &Value, more: &str) -> String {
    format!("/api/v1/recommendations/{}{more}", id(recommendation))
}

#[actix_web::test]
async fn a_recommendation_comes_from_lessons_and_every_link_is_walked_both_ways() {
    let meeting = Meeting::start().await;
    let made = meeting.recommend().await;
    assert_eq!(
        (&made["state"], &made["next_states"]),
        (&json!("draft"), &json!(["adopted"]))
    );
    let sources = made["sources"].as_array().unwrap();
    assert_eq!(
        (&sources[0]["id"], &sources[1]["lesson"]["id"]),
        (&meeting.listed["id"], &meeting.lesson["id"])
    );

    // A draft is seen by who holds the meeting: nobody else reads it, changes it, or finds it at a lesson.
    let anybody = meeting.server.anybody();
    for other in [&anybody, &meeting.lead] {
        assert_problem(other.get(&at(&made, "")).await, 404, "not_found").await;
        let page = ok(other.get(&format!("{}?count=true", meeting.below())).await, 200).await;
        assert_eq!((&page["items"], &page["total"]), (&json!([]), &json!(0)));
    }
    assert_problem(
        meeting.lead.patch(&at(&made, ""), 1, &json!({})).await,
        404,
        "not_found",
    )
    .await;
    let lesson = format!("/api/v1/lessons/{}", id(&meeting.lesson));
    let listed = format!("/api/v1/listed-lessons/{}", id(&meeting.listed));
    assert_eq!(ok(anybody.get(&lesson).await, 200).await["recommendations"], json!([]));
    let own = ok(meeting.host.get(&meeting.below()).await, 200).await;
    assert_eq!(own["items"].as_array().unwrap().len(), 1);

    let changed = ok(
        meeting
            .host
            .patch(&at(&made, ""), 1, &json!({ "text": { "en": "Pay for people" } }))
            .await,
        200,
    )
    .await;
    let adopted = meeting.step(&changed, "adopted", None).await;
    // From here it is public, and what it says stays.
    assert_problem(
        meeting
            .host
            .patch(&at(&made, ""), 3, &json!({ "addressee": "cities" }))
            .await,
        409,
        "state_conflict",
    )
    .await;
    assert_problem(
        meeting.lead.patch(&at(&made, ""), 3, &json!({})).await,
        403,
        "forbidden",
    )
    .await;
    for path in [&lesson, &listed] {
        let told = ok(anybody.get(path).await, 200).await;
        assert_eq!(
            (&told["recommendations"][0]["id"], &told["recommendations"][0]["state"]),
            (&made["id"], &json!("adopted")),
            "{told}"
        );
    }
    let in_list = ok(
        anybody.get(&format!("/api/v1/meetings/{}", id(&meeting.meeting))).await,
        200,
    )
    .await;
    assert_eq!(in_list["lessons"][0]["recommendations"][0]["id"], made["id"]);
    let page = ok(anybody.get("/api/v1/lessons").await, 200).await;
    assert_eq!(page["items"][0]["recommendations"][0]["id"], made["id"]);
    for query in [
        format!("lesson_id={}", id(&meeting.lesson)),
        format!("listed_lesson_id={}", id(&meeting.listed)),
        "state=adopted,declined&addressee=headquarters".to_owned(),
    ] {
        let found = ok(
            anybody
                .get(&format!("/api/v1/recommendations?count=true&{query}"))
                .await,
            200,
        )
        .await;
        assert_eq!(
            (&found["total"], &found["items"][0]["id"]),
            (&json!(1), &made["id"]),
            "{query}"
        );
    }
    let none = ok(anybody.get("/api/v1/recommendations?state=taken_up").await, 200).await;
    assert_eq!(none["items"], json!([]));

    let addressed = meeting.step(&adopted, "addressed", None).await;
    let taken = meeting.step(&addressed, "taken_up", Some("In the call of 2027")).await;
    let steps: Vec<&Value> = taken["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["state"])
        .collect();
    assert_eq!(steps, ["draft", "adopted", "addressed", "taken_up"]);
    assert_eq!(
        (&taken["steps"][3]["reason"], &taken["next_states"], &taken["allowed"]),
        (&json!("In the call of 2027"), &json!([]), &json!([]))
    );
    meeting.server.stop().await;
}

#[actix_web::test]
async fn only_the_drawn_steps_pass_and_declining_needs_a_reason() {
    let meeting = Meeting::start().await;
    let states = ["draft", "adopted", "addressed", "taken_up", "declined"];
    // The ways to each state.
    let ways: [&[&str]; 5] = [
        &[],
        &["adopted"],
        &["adopted", "addressed"],
        &["adopted", "addressed", "taken_up"],
        &["adopted", "addressed", "declined"],
    ];
    for way in ways {
        let mut of = meeting.recommend().await;
        for to in way {
            of = meeting.step(&of, to, Some("Because")).await;
        }
        let next = of["next_states"].as_array().unwrap().clone();
        for to in states {
            if next.contains(&json!(to)) {
                continue;
            }
            let step = json!({ "to": to, "reason": "Because" });
            let refused = meeting.host.act(&at(&of, "/advance"), version(&of), &step).await;
            assert_problem(refused, 409, "state_conflict").await;
        }
    }
    let mut of = meeting.recommend().await;
    for to in ["adopted", "addressed"] {
        of = meeting.step(&of, to, None).await;
    }
    for reason in [Value::Null, json!("  ")] {
        let step = json!({ "to": "declined", "reason": reason });
        let refused = ok(meeting.host.act(&at(&of, "/advance"), version(&of), &step).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], "/reason");
    }
    // Two who answer at once: one is heard.
    let beside = meeting.server.start_beside().await;
    let other = meeting.server.sign_in_as(Grant::Admin).await.at(&beside);
    let path = at(&of, "/advance");
    let (taken, declined) = (
        json!({ "to": "taken_up" }),
        json!({ "to": "declined", "reason": "No money" }),
    );
    let (a, b) = tokio::join!(
        meeting.host.act(&path, version(&of), &taken),
        other.act(&path, version(&of), &declined)
    );
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    beside.stop().await;
    meeting.server.stop().await;
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_its_field_and_lists_cost_three_statements() {
    let meeting = Meeting::start().await;
    let none = "01980a5c-7c00-7000-8000-000000000001";
    for (field, value, pointer) in [
        ("text", json!({ "de": "Ja" }), "/text"),
        ("text", json!({ "en": " " }), "/text"),
        ("text", json!({ "en": "x".repeat(601) }), "/text/en"),
        ("lesson_ids", json!([none]), "/lesson_ids/0"),
        ("listed_lesson_ids", json!([none]), "/listed_lesson_ids/0"),
        (
            "listed_lesson_ids",
            json!([id(&meeting.listed), id(&meeting.listed)]),
            "/listed_lesson_ids/1",
        ),
        ("addressee", json!("mars"), "/addressee"),
        ("addressee_name", json!("x".repeat(201)), "/addressee_name"),
    ] {
        let mut wrong = meeting.draft();
        wrong[field] = value;
        let refused = ok(meeting.host.post(&meeting.below(), &wrong).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let mut groundless = meeting.draft();
    groundless["lesson_ids"] = json!([]);
    groundless["listed_lesson_ids"] = json!([]);
    let refused = ok(meeting.host.post(&meeting.below(), &groundless).await, 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/listed_lesson_ids");
    assert_problem(
        meeting.lead.post(&meeting.below(), &meeting.draft()).await,
        403,
        "forbidden",
    )
    .await;
    let nobodys = format!("/api/v1/meetings/{none}/recommendations");
    assert_problem(meeting.server.get(&nobodys).await, 404, "not_found").await;

    for _ in 0..3 {
        meeting.recommend().await;
    }
    let read = async || drop(ok(meeting.host.get(&meeting.below()).await, 200).await);
    assert_eq!(fewest_statements(&meeting.server, read).await, 3);
    let first = ok(
        meeting
            .host
            .get(&format!("{}?limit=2&count=true", meeting.below()))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["total"]),
        (2, &json!(3))
    );
    let rest = format!("{}?cursor={}", meeting.below(), first["next"].as_str().unwrap());
    assert_eq!(
        ok(meeting.host.get(&rest).await, 200).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // A deleted lesson is named no longer.
    let lesson = format!("/api/v1/lessons/{}", id(&meeting.lesson));
    assert_eq!(meeting.lead.delete(&lesson, 1).await.status(), 204);
    let page = ok(meeting.host.get(&meeting.below()).await, 200).await;
    assert_eq!(page["items"][0]["sources"].as_array().unwrap().len(), 1);
    meeting.server.stop().await;
}

#[actix_web::test]
async fn a_draft_is_deleted_and_restored_and_what_is_adopted_stays() {
    let meeting = Meeting::start().await;
    let made = meeting.recommend().await;
    assert_eq!(made["allowed"], json!(["update", "delete", "advance"]));
    let host = &meeting.host;
    assert_problem(meeting.lead.delete(&at(&made, ""), 1).await, 404, "not_found").await;
    assert_problem(host.act(&at(&made, "/restore"), 1, &()).await, 409, "state_conflict").await;
    assert_eq!(host.delete(&at(&made, ""), 1).await.status(), 204);
    assert_problem(host.get(&at(&made, "")).await, 404, "not_found").await;
    let list = ok(host.get(&format!("{}?count=true", meeting.below())).await, 200).await;
    assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)));
    let step = json!({ "to": "adopted" });
    assert_problem(host.act(&at(&made, "/advance"), 2, &step).await, 404, "not_found").await;
    let back = ok(host.act(&at(&made, "/restore"), 2, &()).await, 200).await;
    assert_eq!((version(&back), back["sources"].as_array().unwrap().len()), (3, 2));
    let adopted = meeting.step(&back, "adopted", None).await;
    assert_eq!(adopted["allowed"], json!(["advance"]));
    assert_problem(host.delete(&at(&made, ""), 4).await, 409, "state_conflict").await;
    meeting.server.stop().await;
}

#[actix_web::test]
async fn who_holds_a_meeting_changes_what_is_said_of_it() {
    let meeting = Meeting::start().await;
    let path = format!("/api/v1/meetings/{}", id(&meeting.meeting));
    let read = ok(meeting.host.get(&path).await, 200).await;
    assert_eq!(read["allowed"], json!(["consolidate", "update"]));
    let now = version(&read);
    let patch = json!({ "name": { "en": "Global meeting", "fr": "Rencontre mondiale" }, "place": " Barcelone ",
        "ends_on": "2024-03-15", "source": "Programme" });
    assert_problem(meeting.lead.patch(&path, now, &patch).await, 403, "forbidden").await;
    assert_problem(meeting.host.patch(&path, now + 7, &patch).await, 412, "stale").await;
    let changed = ok(meeting.host.patch(&path, now, &patch).await, 200).await;
    assert_eq!(
        (
            &changed["name"]["fr"],
            &changed["place"],
            &changed["starts_on"],
            &changed["ends_on"],
            &changed["source"]
        ),
        (
            &json!("Rencontre mondiale"),
            &json!("Barcelone"),
            &json!("2024-03-12"),
            &json!("2024-03-15"),
            &json!("Programme")
        )
    );
    assert_eq!(version(&changed), now + 1);
    assert_eq!(changed["lessons"].as_array().unwrap().len(), 1, "its list stays");
    for (patch, place) in [
        (json!({ "name": {} }), "/name"),
        (json!({ "ends_on": "2024-03-11" }), "/ends_on"),
    ] {
        let refused = assert_problem(meeting.host.patch(&path, now + 1, &patch).await, 422, "invalid").await;
        let pointer = refused["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with(place), "{pointer}");
    }
    let cleared = ok(
        meeting.host.patch(&path, now + 1, &json!({ "source": null })).await,
        200,
    )
    .await;
    assert_eq!(cleared["source"], Value::Null);
    // The same again makes no version.
    let same = ok(
        meeting
            .host
            .patch(&path, now + 2, &json!({ "place": "Barcelone" }))
            .await,
        200,
    )
    .await;
    assert_eq!(version(&same), now + 2);
    meeting.server.stop().await;
}
