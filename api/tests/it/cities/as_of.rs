//! A city, and the map, as they stood at a past moment.

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::{id, ok};
use crate::support::{Server, assert_problem, friday_evening};

#[actix_web::test]
async fn a_profile_is_read_as_it_stood() {
    let server = Server::start().await;
    let clock = &server.platform.clock;
    let at = |hours: i64| friday_evening() + TimeDelta::hours(hours);
    let city = server.add_city("Grenoble", "FR").await;
    let path = format!("/api/v1/cities/{city}");
    for (hour, words) in [(1, "One"), (2, "Two")] {
        clock.set(at(hour));
        let who = server.sign_in_as(Grant::CityStaff { city_id: city }).await;
        let patch = json!({ "descriptions": { "fr": words }, "open_to_partners": true });
        ok(who.patch(&path, hour, &patch).await, 200).await;
    }
    let stood = async |hours: i64| {
        let moment = shared::time::text(&at(hours));
        ok(server.get(&format!("{path}?as_of={moment}")).await, 200).await
    };
    let told = |view: &Value| (view["version"].clone(), view["descriptions"]["fr"].clone());
    assert_eq!(told(&stood(0).await), (json!(1), Value::Null));
    assert_eq!(told(&stood(1).await), (json!(2), json!("One")));
    assert_eq!(told(&stood(2).await), (json!(3), json!("Two")));
    assert_eq!(stood(1).await["allowed"], json!([]));
    let early = format!("{path}?as_of={}", shared::time::text(&at(-1)));
    assert_problem(server.get(&early).await, 404, "not_found").await;
    assert_problem(
        server.get(&format!("{path}?as_of=yesterday")).await,
        400,
        "query_invalid",
    )
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn the_map_shows_the_links_of_a_past_day() {
    let server = Server::start().await;
    let clock = &server.platform.clock;
    let mut cities = Vec::new();
    for (name, country, lng) in [("Grenoble", "FR", 5.7), ("Sevan", "AM", 44.9), ("Goris", "AM", 46.3)] {
        cities.push(server.city(name, country).at(45.0, lng).add().await);
    }
    let make = async |other: usize| {
        let who = server.sign_in_as(Grant::Admin).await;
        let draft = json!({ "name": "Bond", "kind": "friendship", "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[other] }, "role": "partner" },
        ] });
        ok(who.post("/api/v1/partnerships", &draft).await, 201).await
    };
    let day = |days: i64| friday_evening() + TimeDelta::days(days);
    let first = make(1).await;
    clock.set(day(1));
    make(2).await;
    clock.set(day(2));
    let who = server.sign_in_as(Grant::Admin).await;
    assert_eq!(
        who.delete(&format!("/api/v1/partnerships/{}", id(&first)), 1)
            .await
            .status(),
        204
    );
    let names = async |query: &str| -> Vec<String> {
        let map = ok(server.get(&format!("/api/v1/partnerships/map?{query}")).await, 200).await;
        let mut names: Vec<String> = map["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| point["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort_unstable();
        names
    };
    let past = |days: i64| format!("as_of={}", day(days).date_naive());
    assert_eq!(names(&past(-1)).await, Vec::<String>::new());
    assert_eq!(names(&past(0)).await, ["Grenoble", "Sevan"]);
    assert_eq!(names(&past(1)).await, ["Goris", "Grenoble", "Sevan"]);
    assert_eq!(names(&past(2)).await, ["Goris", "Grenoble"]);
    assert_eq!(names("").await, ["Goris", "Grenoble"]);
    server.stop().await;
}
