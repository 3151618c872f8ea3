use serde_json::Value;
use shared::cities::CityKind;

use crate::support::{Server, assert_problem, json};

/// The names of what a search finds, in order.
async fn found(server: &Server, query: &str) -> Vec<String> {
    let response = server.get(&format!("/api/v1/cities/search?{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    let items = json(response).await["items"].clone();
    items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn first(server: &Server, text: &str) -> Value {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", text)
        .finish();
    let response = server.get(&format!("/api/v1/cities/search?{query}")).await;
    assert_eq!(response.status(), 200, "{text}");
    json(response).await["items"][0].clone()
}

async fn fill(server: &Server) {
    server
        .city("Кременчук", "UA")
        .population(217_710)
        .code("ua:katottg", "UA53020110010031694")
        .code("geonames", "704147")
        .label("fr", "Krementchouk")
        .label("en", "Kremenchuk")
        .name("Кременчуг")
        .add()
        .await;
    server
        .city("Львів", "UA")
        .population(717_273)
        .label("fr", "Lviv")
        .name("Lwów")
        .name("Lemberg")
        .add()
        .await;
    server
        .city("Saint-Étienne", "FR")
        .population(174_082)
        .code("fr:insee", "42218")
        .add()
        .await;
    server
        .city("Grenoble", "FR")
        .population(157_477)
        .code("fr:insee", "38185")
        .label("uk", "Гренобль")
        .add()
        .await;
    server.city("Lyon", "FR").population(520_774).add().await;
    server.city("Lyons-la-Forêt", "FR").population(700).add().await;
    server
        .city("Châtillon-sur-Lyonne", "FR")
        .population(600_000)
        .add()
        .await;
    server
        .city("Métropole de Lyon", "FR")
        .kind(CityKind::Intercommunality)
        .population(1_433_613)
        .add()
        .await;
}

#[actix_web::test]
async fn every_script_and_spelling_finds_the_same_city() {
    let server = Server::start().await;
    fill(&server).await;
    for text in [
        "Krementchouk",
        "kremenchuk",
        "Кременчук",
        "КРЕМЕН",
        "кременчуг",
        "UA53020110010031694",
        "ua5302",
        "ua:katottg:UA53020110010031694",
        "geonames:704147",
        "kremenchuck",
    ] {
        assert_eq!(first(&server, text).await["name"], "Кременчук", "{text}");
    }
    for text in ["Lviv", "Львів", "Lwów", "lwow", "Льві", "lemberg"] {
        assert_eq!(first(&server, text).await["name"], "Львів", "{text}");
    }
    for text in [
        "Saint-Étienne",
        "st etienne",
        "SAINT ETIENNE",
        "etienne",
        "42218",
        "St-Ét",
    ] {
        assert_eq!(first(&server, text).await["name"], "Saint-Étienne", "{text}");
    }
    for text in ["38185", "fr:insee:38185", "grenoble", "Грено"] {
        assert_eq!(first(&server, text).await["name"], "Grenoble", "{text}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_whole_name_comes_before_its_beginning_and_that_before_a_word_and_then_the_larger_first() {
    let server = Server::start().await;
    fill(&server).await;
    assert_eq!(
        found(&server, "q=Lyo").await,
        ["Lyon", "Lyons-la-Forêt", "Métropole de Lyon", "Châtillon-sur-Lyonne"]
    );
    assert_eq!(
        found(&server, "q=lyon").await,
        ["Lyon", "Lyons-la-Forêt", "Métropole de Lyon", "Châtillon-sur-Lyonne"]
    );
    assert_eq!(found(&server, "q=lyon&limit=2").await, ["Lyon", "Lyons-la-Forêt"]);
    assert_eq!(
        found(&server, "q=lyon&kind=intercommunality").await,
        ["Métropole de Lyon"]
    );
    assert_eq!(found(&server, "q=l&country=UA").await, ["Львів"]);
    assert!(found(&server, "q=--").await.is_empty());
    server.stop().await;
}

#[actix_web::test]
async fn the_matched_name_is_told_as_it_is_written() {
    let server = Server::start().await;
    fill(&server).await;
    assert_eq!(first(&server, "krementch").await["matched"], "Krementchouk");
    assert_eq!(first(&server, "lemb").await["matched"], "Lemberg");
    assert_eq!(first(&server, "ua5302").await["matched"], "UA53020110010031694");
    server.stop().await;
}

#[actix_web::test]
async fn a_search_costs_no_statement() {
    let server = Server::start().await;
    fill(&server).await;
    let before = server.statement_count();
    for _ in 0..50 {
        assert_eq!(first(&server, "lvi").await["name"], "Львів");
        assert_eq!(server.get("/api/v1/cities?country=FR&count=true").await.status(), 200);
    }
    // The tail of the journal asks a few times a second.
    let spent = server.statement_count() - before;
    assert!(spent < 50, "{spent} statements for 100 requests");
    server.stop().await;
}

#[actix_web::test]
async fn a_search_that_cannot_be_is_refused() {
    let server = Server::start().await;
    for (query, pointer) in [
        ("q=", "?q"),
        ("", "?q"),
        ("q=a&country=ZZ", "?country"),
        ("q=a&kind=village", "?kind"),
        ("q=a&limit=0", "?limit"),
        ("q=a&colour=red", "?colour"),
    ] {
        let response = server.get(&format!("/api/v1/cities/search?{query}")).await;
        let problem = assert_problem(response, 400, "query_invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    let long = "x".repeat(101);
    let response = server.get(&format!("/api/v1/cities/search?q={long}")).await;
    assert_problem(response, 400, "query_invalid").await;
    let response = server.get("/api/v1/cities/search?q=a%00").await;
    assert_problem(response, 400, "query_invalid").await;
    server.stop().await;
}
