use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::{PASSWORD, Server, assert_problem, cookie_of, json};

const SESSION: &str = "/api/v1/session";
const EMAIL: &str = "camille@test.passerelle.example";

async fn sign_in(server: &Server, email: &str, password: &str) -> reqwest::Response {
    let credentials = json!({ "email": email, "password": password });
    server.anybody().post(SESSION, &credentials).await
}

#[actix_web::test]
async fn signing_in_sets_two_cookies_that_no_script_and_no_other_site_can_use() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[Grant::Admin]).await;
    let response = sign_in(&server, &format!("  {} ", EMAIL.to_uppercase()), PASSWORD).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    let (access, attributes) = cookie_of(&response, "__Host-access").unwrap();
    for wanted in ["httponly", "secure", "samesite=lax", "path=/", "max-age=600"] {
        assert!(
            attributes.iter().any(|attribute| attribute == wanted),
            "{wanted}: {attributes:?}"
        );
    }
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")));
    let (_, attributes) = cookie_of(&response, "__Host-refresh").unwrap();
    for wanted in ["httponly", "secure", "samesite=lax", "path=/", "max-age=604800"] {
        assert!(
            attributes.iter().any(|attribute| attribute == wanted),
            "{wanted}: {attributes:?}"
        );
    }
    let told = json(response).await;
    assert_eq!(told["account"]["email"], EMAIL);
    assert_eq!(told["account"]["grants"][0]["grant"], json!({ "role": "admin" }));
    assert_eq!(told["access_expires_at"], "2026-11-20T17:40:00.000Z");

    let cookie = format!("__Host-access={access}");
    let session = server
        .request("GET", SESSION)
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(session.status(), 200);
    assert_eq!(json(session).await, told);

    let rename = |csrf: String| {
        server
            .request("PATCH", "/api/v1/me")
            .header("cookie", &cookie)
            .header("x-csrf-token", csrf)
            .header("if-match", "\"1\"")
            .json(&json!({ "name": "Camille", "language": "uk" }))
            .send()
    };
    assert_problem(rename(String::new()).await.unwrap(), 403, "csrf_invalid").await;
    let csrf = told["csrf_token"].as_str().unwrap().to_owned();
    let renamed = rename(csrf).await.unwrap();
    assert_eq!(renamed.headers()["etag"], "\"2\"");
    let account = json(renamed).await;
    assert_eq!(
        (&account["name"], &account["language"]),
        (&json!("Camille"), &json!("uk"))
    );
    server.stop().await;
}

#[actix_web::test]
async fn an_unknown_address_and_a_wrong_password_are_told_alike() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[]).await;
    let told = async |email: &str| {
        let began = Instant::now();
        let response = sign_in(&server, email, "a wrong password").await;
        let took = began.elapsed();
        let mut problem = assert_problem(response, 401, "credentials_invalid").await;
        problem["request_id"] = Value::Null;
        (problem, took)
    };
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        let (wrong_password, took) = told(EMAIL).await;
        known = known.min(took);
        let (wrong_address, took) = told("nobody@test.passerelle.example").await;
        unknown = unknown.min(took);
        assert_eq!(wrong_password, wrong_address);
    }
    // One hash against none differs by far more than this; a busy machine by less.
    assert!(
        unknown > known / 10 && known > unknown / 10,
        "{known:?} and {unknown:?}"
    );
    server.stop().await;
}

#[actix_web::test]
async fn five_failures_make_the_next_attempt_wait_and_a_success_forgets_them() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[]).await;
    for _ in 0..5 {
        assert_problem(sign_in(&server, EMAIL, "wrong").await, 401, "credentials_invalid").await;
    }
    let beside = server.start_beside().await;
    for process in [&server, &beside] {
        let response = sign_in(process, EMAIL, PASSWORD).await;
        assert_eq!(response.headers()["retry-after"], "5");
        assert_problem(response, 429, "rate_limited").await;
    }
    // Another person at the same address is not held up.
    server.account_with_password("other@test.passerelle.example", &[]).await;
    assert_eq!(
        sign_in(&server, "other@test.passerelle.example", PASSWORD)
            .await
            .status(),
        200
    );

    server
        .platform
        .clock
        .set(crate::support::friday_evening() + TimeDelta::seconds(6));
    assert_eq!(sign_in(&server, EMAIL, PASSWORD).await.status(), 200);
    for _ in 0..4 {
        assert_problem(sign_in(&server, EMAIL, "wrong").await, 401, "credentials_invalid").await;
    }
    assert_eq!(sign_in(&server, EMAIL, PASSWORD).await.status(), 200);
    server.stop().await;
    beside.stop().await;
}

#[actix_web::test]
async fn many_accounts_tried_from_one_address_make_the_address_wait() {
    let server = Server::start().await;
    for number in 0..20 {
        let email = format!("guess{number}@test.passerelle.example");
        assert_eq!(sign_in(&server, &email, "wrong").await.status(), 401);
    }
    let response = sign_in(&server, "guess20@test.passerelle.example", "wrong").await;
    assert_problem(response, 429, "rate_limited").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_page_of_another_site_can_neither_sign_in_nor_refresh() {
    let server = Server::start().await;
    for path in [SESSION, "/api/v1/session/refresh"] {
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let response = server
                .request("POST", path)
                .header(name, value)
                .header("cookie", "__Host-refresh=a-token")
                .json(&json!({ "email": EMAIL, "password": PASSWORD }))
                .send()
                .await
                .unwrap();
            assert_problem(response, 403, "csrf_invalid").await;
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn strange_credentials_are_refused_with_their_field() {
    let server = Server::start().await;
    for (body, status, pointer) in [
        (json!({ "email": "a", "password": "b" }), 422, "/email"),
        (json!({ "email": EMAIL, "password": "" }), 422, "/password"),
        (json!({ "email": EMAIL, "password": "x".repeat(200) }), 422, "/password"),
        (json!({ "email": EMAIL, "password": 1 }), 422, "/password"),
        (json!({ "email": EMAIL, "password": "x", "admin": true }), 422, "/admin"),
    ] {
        let problem = assert_problem(server.anybody().post(SESSION, &body).await, status, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    server.stop().await;
}
