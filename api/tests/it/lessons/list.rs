use serde_json::{Value, json};

use super::{Learned, at, listed, meeting};
use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::assert_problem;

/// Tenth places that are fought over.
const RACES: usize = 40;

fn texts(meeting: &Value) -> Vec<String> {
    let lessons = meeting["lessons"].as_array().unwrap().iter();
    lessons
        .map(|lesson| lesson["text"]["en"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn the_eleventh_lesson_is_refused_with_the_reason_in_three_languages() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    learned.fill(&learned.meeting, &lesson, 7).await;
    let seen = learned.read_meeting().await;
    assert_eq!((&seen["listed"], &seen["places_left"]), (&json!(7), &json!(3)));
    learned.fill(&learned.meeting, &lesson, 3).await;
    for (language, words) in [("fr", "dix leçons"), ("en", "ten lessons"), ("uk", "десять уроків")] {
        let request = learned
            .host
            .request("POST", &learned.list())
            .header("accept-language", language);
        let refused = request.json(&listed("One more", &lesson)).send().await.unwrap();
        let refused = assert_problem(refused, 409, "lesson_list_full").await;
        assert!(refused["title"].as_str().unwrap().contains(words), "{refused}");
        assert_eq!(refused["errors"][0]["params"], json!({ "max": "10" }));
    }
    let full = learned.read_meeting().await;
    assert_eq!(
        (&full["places_left"], full["lessons"].as_array().unwrap().len()),
        (&json!(0), 10)
    );
    let places: Vec<u64> = full["lessons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["place"].as_u64().unwrap())
        .collect();
    assert_eq!(places, (1..=10).collect::<Vec<u64>>());
    assert_eq!(full["lessons"][0]["sources"][0]["text"], "Trier d'abord");
    let path = format!("/api/v1/meetings/{}", id(&learned.meeting));
    let read = async || drop(ok(learned.server.get(&path).await, 200).await);
    assert_eq!(fewest_statements(&learned.server, read).await, 5);
    let page = ok(learned.server.get("/api/v1/meetings").await, 200).await;
    assert_eq!(
        (&page["items"][0]["listed"], &page["items"][0]["places_left"]),
        (&json!(10), &json!(0))
    );
    learned.server.stop().await;
}

#[actix_web::test]
async fn of_two_who_want_the_tenth_place_at_once_exactly_one_wins() {
    let learned = Learned::start().await;
    let beside = learned.server.start_beside().await;
    let there = learned.host.at(&beside);
    let lesson = learned.propose("Trier d'abord").await;
    let mut won = [0, 0];
    for _ in 0..RACES {
        let meeting = ok(
            learned.host.post("/api/v1/meetings", &meeting(learned.cities[2])).await,
            201,
        )
        .await;
        learned.fill(&meeting, &lesson, 9).await;
        let path = format!("/api/v1/meetings/{}", id(&meeting));
        let list = format!("{path}/lessons");
        let (a, b) = (listed("From here", &lesson), listed("From there", &lesson));
        let (a, b) = tokio::join!(learned.host.post(&list, &a), there.post(&list, &b));
        let (winner, lost) = match (a.status().as_u16(), b.status().as_u16()) {
            (201, 409) => (0, b),
            (409, 201) => (1, a),
            other => panic!("{other:?}"),
        };
        won[winner] += 1;
        assert_problem(lost, 409, "lesson_list_full").await;
        let seen = ok(learned.server.get(&path).await, 200).await;
        assert_eq!(texts(&seen).len(), 10);
        assert_eq!(texts(&seen)[9], ["From here", "From there"][winner]);
    }
    assert_eq!(won[0] + won[1], RACES);
    beside.stop().await;
    learned.server.stop().await;
}

#[actix_web::test]
async fn a_list_is_ordered_and_a_lesson_taken_out_of_it_is_put_back() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    learned.fill(&learned.meeting, &lesson, 10).await;
    let before = learned.read_meeting().await;
    let mut ids: Vec<Value> = before["lessons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    let order = at(&learned.meeting, "meetings", "/order");
    for (wrong, pointer) in [
        (json!(&ids[..9]), "/ids"),
        (json!([ids[0], ids[0]]), "/ids/1"),
        (json!([lesson["id"]]), "/ids/0"),
    ] {
        let refused = ok(
            learned
                .host
                .put(&order, version(&before), &json!({ "ids": wrong }))
                .await,
            422,
        )
        .await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    ids.swap(0, 9);
    let moved = ok(
        learned.host.put(&order, version(&before), &json!({ "ids": ids })).await,
        200,
    )
    .await;
    assert_eq!(
        (&texts(&moved)[0], &texts(&moved)[9]),
        (&"Lesson 10".to_owned(), &"Lesson 1".to_owned())
    );
    assert_problem(
        learned.host.put(&order, version(&before), &json!({ "ids": ids })).await,
        412,
        "stale",
    )
    .await;
    assert_problem(
        learned.lead.put(&order, version(&moved), &json!({ "ids": ids })).await,
        403,
        "forbidden",
    )
    .await;

    // The second one goes: the rest moves up, another takes the place, and there is none to come back to.
    let second = &moved["lessons"][1];
    let (path, restore) = (
        at(second, "listed-lessons", ""),
        at(second, "listed-lessons", "/restore"),
    );
    assert_problem(
        learned.host.act(&restore, version(second), &()).await,
        409,
        "state_conflict",
    )
    .await;
    assert_eq!(learned.host.delete(&path, version(second)).await.status(), 204);
    assert_problem(learned.server.get(&path).await, 404, "not_found").await;
    let nine = learned.read_meeting().await;
    assert_eq!((texts(&nine).len(), &nine["lessons"][1]["place"]), (9, &json!(2)));
    assert!(!texts(&nine).contains(&"Lesson 2".to_owned()));
    let tenth = ok(
        learned.host.post(&learned.list(), &listed("Another", &lesson)).await,
        201,
    )
    .await;
    let gone = version(second) + 1;
    assert_problem(learned.host.act(&restore, gone, &()).await, 409, "lesson_list_full").await;
    let tenth_path = at(&tenth, "listed-lessons", "");
    assert_eq!(learned.host.delete(&tenth_path, version(&tenth)).await.status(), 204);
    let back = ok(learned.host.act(&restore, gone, &()).await, 200).await;
    assert_eq!((&back["place"], &back["sources"][0]["id"]), (&json!(10), &lesson["id"]));
    assert_eq!(texts(&learned.read_meeting().await)[9], "Lesson 2");
    learned.server.stop().await;
}

#[actix_web::test]
async fn a_listed_lesson_comes_from_proposed_ones_and_says_something() {
    let learned = Learned::start().await;
    let lesson = learned.propose("Trier d'abord").await;
    for (field, value, pointer) in [
        ("text", json!({ "fr": " " }), "/text"),
        ("text", json!({ "de": "Ja" }), "/text"),
        ("text", json!({ "fr": "x".repeat(601) }), "/text/fr"),
        ("lesson_ids", json!([]), "/lesson_ids"),
        ("lesson_ids", json!([learned.meeting["id"]]), "/lesson_ids/0"),
    ] {
        let mut wrong = listed("Sort first", &lesson);
        wrong[field] = value;
        let refused = ok(learned.host.post(&learned.list(), &wrong).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    assert_problem(
        learned.lead.post(&learned.list(), &listed("Ours", &lesson)).await,
        403,
        "forbidden",
    )
    .await;
    let made = ok(
        learned.host.post(&learned.list(), &listed("Sort first", &lesson)).await,
        201,
    )
    .await;
    let more = learned.propose("Composter").await;
    let patch =
        json!({ "theme": "climate", "text": { "en": "Sort, then compost" }, "lesson_ids": [id(&more), id(&lesson)] });
    let path = at(&made, "listed-lessons", "");
    let changed = ok(learned.host.patch(&path, 1, &patch).await, 200).await;
    let sources = changed["sources"].as_array().unwrap().iter();
    let sources: Vec<&str> = sources.map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!((sources, version(&changed)), (vec!["Composter", "Trier d'abord"], 2));
    assert_problem(learned.host.patch(&path, 1, &patch).await, 412, "stale").await;

    let mut backwards = meeting(learned.cities[2]);
    backwards["ends_on"] = json!("2024-03-01");
    backwards["name"] = json!({});
    let refused = ok(learned.host.post("/api/v1/meetings", &backwards).await, 422).await;
    let pointers: Vec<&Value> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["pointer"])
        .collect();
    assert_eq!(pointers, ["/name", "/ends_on"]);
    assert_problem(
        learned.lead.post("/api/v1/meetings", &meeting(learned.cities[2])).await,
        403,
        "forbidden",
    )
    .await;
    learned.server.stop().await;
}
