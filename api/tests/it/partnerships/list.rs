use serde_json::{Value, json};
use shared::accounts::Grant;

use super::{create, draft, path};
use crate::support::applications::statements_of;
use crate::support::{Server, assert_problem, json};

async fn names(server: &Server, query: &str) -> Vec<String> {
    let page = json(server.get(&format!("/api/v1/partnerships?{query}")).await).await;
    let items = page["items"].as_array().unwrap_or_else(|| panic!("{query}: {page}"));
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn lists_are_filtered_sorted_paged_and_counted() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let lviv = server.city("Lviv", "UA").label("uk", "Львів").add().await;
    let who = server.sign_in_as(Grant::Admin).await;
    for (name, other, extra) in [
        (
            "Charlie",
            sevan,
            json!({ "themes": ["culture", "climate"], "kind": "twinning" }),
        ),
        ("Alpha", lviv, json!({ "themes": ["culture"], "platform": "IRAPA" })),
        ("Bravo", sevan, json!({ "kind": "friendship" })),
    ] {
        let mut draft = draft(name, &[grenoble, other]);
        for (key, value) in extra.as_object().unwrap() {
            draft[key] = value.clone();
        }
        let made = create(&who, &draft).await;
        // Each a little later than the one before.
        let now = server.platform.clock.now();
        server.platform.clock.set(now + chrono::TimeDelta::seconds(1));
        assert_eq!(made["name"], name);
    }
    for (query, expected) in [
        ("", vec!["Bravo", "Alpha", "Charlie"]),
        ("sort=name", vec!["Alpha", "Bravo", "Charlie"]),
        ("sort=name&country=AM", vec!["Bravo", "Charlie"]),
        ("sort=name&country=am,UA", vec!["Alpha", "Bravo", "Charlie"]),
        ("kind=twinning,friendship&sort=name", vec!["Bravo", "Charlie"]),
        ("state=active", vec![]),
        ("theme=climate", vec!["Charlie"]),
        ("theme=culture&sort=name", vec!["Alpha", "Charlie"]),
        ("platform=IRAPA", vec!["Alpha"]),
        ("q=Львів", vec!["Alpha"]),
        ("q=grenoble+sev&sort=name", vec!["Bravo", "Charlie"]),
        ("q=%25", vec!["Bravo", "Alpha", "Charlie"]),
        ("q=nothing", vec![]),
    ] {
        assert_eq!(names(&server, query).await, expected, "{query}");
    }
    assert_eq!(names(&server, &format!("city_id={lviv}")).await, ["Alpha"]);
    let of_city = json(
        server
            .get(&format!("/api/v1/cities/{sevan}/partnerships?count=true"))
            .await,
    )
    .await;
    assert_eq!(of_city["total"], 2);

    for sort in ["-updated_at", "name"] {
        let mut seen: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = json(
                server
                    .get(&format!("/api/v1/partnerships?sort={sort}&limit=1{cursor}"))
                    .await,
            )
            .await;
            seen.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 3);
        assert_eq!(
            seen.iter()
                .map(|item| item["name"].as_str().unwrap())
                .collect::<Vec<_>>(),
            names(&server, &format!("sort={sort}")).await
        );
        let other = if sort == "name" { "-updated_at" } else { "name" };
        let page = json(server.get(&format!("/api/v1/partnerships?sort={sort}&limit=1")).await).await;
        let cursor = page["next"].as_str().unwrap();
        let wrong = server
            .get(&format!("/api/v1/partnerships?sort={other}&cursor={cursor}"))
            .await;
        assert_problem(wrong, 400, "cursor_invalid").await;
    }
    for query in [
        "country=F1",
        "kind=marriage",
        "sort=age",
        "limit=101",
        "theme=x",
        "q=%00",
    ] {
        let response = server.get(&format!("/api/v1/partnerships?{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_page_takes_three_statements_and_one_partnership_too() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let who = server.sign_in_as(Grant::Admin).await;
    let mut last = Value::Null;
    for number in 0..10 {
        let other = server.add_city(&format!("Town {number}"), "AM").await;
        last = create(&who, &draft("Ours", &[grenoble, other])).await;
    }
    let list = "/api/v1/partnerships?limit=10&count=true";
    assert_eq!(json(server.get(list).await).await["total"], 10);
    for read in [list, &path(&last)] {
        assert!(statements_of(&server, &server.anybody(), read).await <= 3, "{read}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_map_shows_arcs_and_changes_at_once() {
    let server = Server::start().await;
    let grenoble = server.city("Grenoble", "FR").at(45.17, 5.72).add().await;
    let sevan = server.city("Sevan", "AM").at(40.55, 44.95).add().await;
    let nowhere = server.add_city("Nowhere", "AM").await;
    let who = server.sign_in_as(Grant::Admin).await;
    let map = async |query: &str| json(server.get(&format!("/api/v1/partnerships/map{query}")).await).await;
    assert_eq!(map("").await, json!({ "points": [], "arcs": [] }));
    let made = create(&who, &draft("Ours", &[grenoble, sevan, nowhere])).await;
    let whole = map("").await;
    assert_eq!(whole["points"].as_array().unwrap().len(), 2);
    assert_eq!(whole["arcs"], json!([{ "a": 0, "b": 1, "partnership_id": made["id"] }]));
    assert_eq!(map("?kind=project&country=AM").await, whole);
    assert_eq!(map("?kind=twinning").await["arcs"], json!([]));
    assert_eq!(map(&format!("?city_id={nowhere}")).await, whole);
    let first = server.get("/api/v1/partnerships/map").await;
    let etag = first.headers()["etag"].clone();
    let again = server
        .request("GET", "/api/v1/partnerships/map")
        .header("if-none-match", etag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(who.delete(&path(&made), 1).await.status(), 204);
    assert_eq!(map("").await["arcs"], json!([]));
    server.stop().await;
}
