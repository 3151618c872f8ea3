use crate::support::{Server, assert_problem};

const NOBODY: &str = "/api/v1/cities/01980a5c-7c00-7000-8000-000000000001";

#[actix_web::test]
async fn an_unknown_city_is_a_problem_in_the_readers_language() {
    let server = Server::start().await;
    let response = server
        .request("GET", NOBODY)
        .header("accept-language", "uk")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-language"], "uk");
    assert_eq!(response.headers()["api-version"], "1.0.0");
    let problem = assert_problem(response, 404, "not_found").await;
    assert_eq!(problem["title"], "Такого об'єкта немає.");
    assert_eq!(problem["instance"], NOBODY);
    server.stop().await;
}

#[actix_web::test]
async fn an_unknown_path_and_a_wrong_method_are_problems_too() {
    let server = Server::start().await;
    assert_problem(server.get("/api/v1/nothing").await, 404, "not_found").await;
    let response = server.request("DELETE", NOBODY).send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET, PATCH");
    assert_problem(response, 405, "method_not_allowed").await;
    assert_problem(server.get("/api/v1/cities/not-an-id").await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn the_document_is_read_at_both_its_addresses() {
    let server = Server::start().await;
    let mut documents = Vec::new();
    for path in ["/api/v1/openapi.json", "/api/openapi.json"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        documents.push(response.text().await.unwrap());
    }
    assert_eq!(documents[0], documents[1]);
    assert!(documents[0].contains("\"operationId\":\"list_cities\""));
    server.stop().await;
}
