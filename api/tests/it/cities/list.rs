use serde_json::Value;
use shared::cities::{CityKind, Urgency};
use shared::themes::Theme;

use crate::support::{Server, assert_problem, json};

async fn page(server: &Server, query: &str) -> Value {
    let response = server.get(&format!("/api/v1/cities?{query}")).await;
    let status = response.status();
    let page = json(response).await;
    assert_eq!(status, 200, "{query}: {page}");
    page
}

fn names(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|city| city["name"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn names_are_in_order_whatever_their_accents_and_script() {
    let server = Server::start().await;
    for name in ["Zürich", "Évreux", "Ezanville", "Бровари", "Ångered", "eaubonne"] {
        server.add_city(name, "FR").await;
    }
    let order = ["Ångered", "Бровари", "eaubonne", "Évreux", "Ezanville", "Zürich"];
    assert_eq!(names(&page(&server, "").await), order);
    let mut backwards = order;
    backwards.reverse();
    assert_eq!(names(&page(&server, "sort=-name").await), backwards);
    server.stop().await;
}

#[actix_web::test]
async fn pages_hold_still_while_cities_come_in() {
    let server = Server::start().await;
    for name in ["b", "d", "f", "h", "j"] {
        server.add_city(name, "FR").await;
    }
    let first = page(&server, "limit=2&count=true").await;
    assert_eq!(
        (names(&first), first["total"].as_u64()),
        (vec!["b".to_owned(), "d".to_owned()], Some(5))
    );
    server.add_city("a", "FR").await;
    server.add_city("e", "FR").await;
    let cursor = first["next"].as_str().unwrap();
    let second = page(&server, &format!("limit=2&cursor={cursor}")).await;
    assert_eq!(names(&second), ["e", "f"]);
    let cursor = second["next"].as_str().unwrap();
    let third = page(&server, &format!("limit=2&cursor={cursor}")).await;
    assert_eq!(
        (names(&third), third["next"].is_null()),
        (vec!["h".to_owned(), "j".to_owned()], true)
    );

    let response = server.get("/api/v1/cities?limit=2&country=FR").await;
    let link = response.headers()["link"].to_str().unwrap().to_owned();
    assert!(link.starts_with("</api/v1/cities?limit=2&country=FR&cursor="), "{link}");
    server.stop().await;
}

#[actix_web::test]
async fn the_population_orders_both_ways_and_pages_as_well() {
    let server = Server::start().await;
    for (name, population) in [("small", 10), ("large", 1_000), ("also", 10)] {
        server.city(name, "FR").population(population).add().await;
    }
    server.add_city("unknown", "FR").await;
    let mut seen = Vec::new();
    let mut query = "sort=-population&limit=1".to_owned();
    loop {
        let page = page(&server, &query).await;
        seen.extend(names(&page));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("sort=-population&limit=1&cursor={next}");
    }
    assert_eq!(seen, ["large", "small", "also", "unknown"]);
    let ascending = names(&page(&server, "sort=population").await);
    seen.reverse();
    assert_eq!(ascending, seen);
    server.stop().await;
}

#[actix_web::test]
async fn filters_hold_together() {
    let server = Server::start().await;
    let network = server.add_network("RESACOOP", "FR", &["FR-38", "FR-69"]).await;
    server
        .city("Grenoble", "FR")
        .subdivision("FR-38")
        .population(157_477)
        .need(Theme::Climate, Urgency::High)
        .offer(Theme::Culture, Urgency::Low)
        .open()
        .add()
        .await;
    server
        .city("Isère", "FR")
        .kind(CityKind::Department)
        .subdivision("FR-38")
        .add()
        .await;
    server
        .city("Lille", "FR")
        .subdivision("FR-59")
        .population(236_234)
        .add()
        .await;
    server
        .city("Sevan", "AM")
        .population(19_000)
        .need(Theme::Culture, Urgency::High)
        .add()
        .await;
    for (query, expected) in [
        ("country=FR,AM&kind=municipality", vec!["Grenoble", "Lille", "Sevan"]),
        ("level=intermediate", vec!["Isère"]),
        ("needs=climate,culture", vec!["Grenoble", "Sevan"]),
        ("needs=culture", vec!["Sevan"]),
        ("offers=culture", vec!["Grenoble"]),
        ("population_min=19000&population_max=200000", vec!["Grenoble", "Sevan"]),
        ("open_to_partners=true", vec!["Grenoble"]),
        ("q=is", vec!["Isère"]),
        ("q=gren&country=AM", vec![]),
        ("updated_since=2027-01-01T00:00:00Z", vec![]),
    ] {
        let page = page(&server, &format!("{query}&count=true")).await;
        assert_eq!(names(&page), expected, "{query}");
        assert_eq!(page["total"], expected.len(), "{query}");
    }
    let page = page(&server, &format!("network_id={network}")).await;
    assert_eq!(names(&page), ["Grenoble", "Isère"]);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_not_known_is_refused_with_its_place() {
    let server = Server::start().await;
    for (query, pointer) in [
        ("colour=red", "?colour"),
        ("country=FR,zz", "?country"),
        ("sort=age", "?sort"),
        ("limit=101", "?limit"),
        ("limit=-1", "?limit"),
        ("needs=magic", "?needs"),
        ("population_min=many", "?population_min"),
        ("updated_since=yesterday", "?updated_since"),
        ("network_id=x", "?network_id"),
    ] {
        let response = server.get(&format!("/api/v1/cities?{query}")).await;
        let problem = assert_problem(response, 400, "query_invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    for cursor in [
        "nonsense",
        "e30",
        "eyJzb3J0IjoiLW5hbWUiLCJuYW1lIjoieCIsInBvcHVsYXRpb24iOm51bGwsImlkIjoiMDE5ODBhNWMtN2MwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIn0",
    ] {
        let response = server.get(&format!("/api/v1/cities?cursor={cursor}")).await;
        assert_problem(response, 400, "cursor_invalid").await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let server = Server::start().await;
    server.add_city("Grenoble", "FR").await;
    let etag = server.get("/api/v1/cities").await.headers()["etag"].clone();
    let again = || {
        server
            .request("GET", "/api/v1/cities")
            .header("if-none-match", etag.clone())
    };
    assert_eq!(again().send().await.unwrap().status(), 304);
    server.add_city("Sevan", "AM").await;
    assert_eq!(again().send().await.unwrap().status(), 200);
    server.stop().await;
}
