use chrono::TimeDelta;
use serde_json::json;
use shared::accounts::Grant;

use crate::support::{PASSWORD, Server, assert_problem, cookie_of, friday_evening, json};

const EMAIL: &str = "camille@test.passerelle.example";
const REFRESH: &str = "/api/v1/session/refresh";

/// The access and refresh tokens of a new session.
async fn sign_in(server: &Server) -> (String, String) {
    let credentials = json!({ "email": EMAIL, "password": PASSWORD });
    let response = server.anybody().post("/api/v1/session", &credentials).await;
    assert_eq!(response.status(), 200);
    let token = |name| cookie_of(&response, name).unwrap().0;
    (token("__Host-access"), token("__Host-refresh"))
}

async fn refresh(server: &Server, token: &str) -> reqwest::Response {
    server
        .request("POST", REFRESH)
        .header("cookie", format!("__Host-refresh={token}"))
        .send()
        .await
        .unwrap()
}

async fn is_signed_in(server: &Server, access: &str) -> bool {
    let response = server
        .request("GET", "/api/v1/me")
        .header("cookie", format!("__Host-access={access}"))
        .send()
        .await
        .unwrap();
    response.status() == 200
}

#[actix_web::test]
async fn a_refresh_replaces_the_token_and_keeps_the_csrf_token() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[Grant::Admin]).await;
    let (access, first) = sign_in(&server).await;
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(11));
    assert!(!is_signed_in(&server, &access).await);
    let response = refresh(&server, &first).await;
    assert_eq!(response.status(), 200);
    let (access, _) = cookie_of(&response, "__Host-access").unwrap();
    let (second, _) = cookie_of(&response, "__Host-refresh").unwrap();
    assert_ne!(first, second);
    assert!(is_signed_in(&server, &access).await);
    let csrf = json(response).await["csrf_token"].clone();

    // Two tabs refresh at the same moment: the second one gets an access token, and the browser keeps the refresh token.
    let response = refresh(&server, &first).await;
    assert_eq!(response.status(), 200);
    assert_eq!(cookie_of(&response, "__Host-refresh"), None);
    assert_eq!(json(response).await["csrf_token"], csrf);
    assert_eq!(refresh(&server, &second).await.status(), 200);
    server.stop().await;
}

#[actix_web::test]
async fn a_token_that_comes_back_ends_the_whole_session_at_once() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[]).await;
    let (_, stolen) = sign_in(&server).await;
    let mut token = stolen.clone();
    for minutes in [1, 2] {
        server
            .platform
            .clock
            .set(friday_evening() + TimeDelta::minutes(minutes));
        let response = refresh(&server, &token).await;
        token = cookie_of(&response, "__Host-refresh").unwrap().0;
        let access = cookie_of(&response, "__Host-access").unwrap().0;
        assert!(is_signed_in(&server, &access).await);
        if minutes == 2 {
            assert_problem(refresh(&server, &stolen).await, 401, "session_expired").await;
            assert_problem(refresh(&server, &token).await, 401, "session_expired").await;
            assert!(!is_signed_in(&server, &access).await);
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_session_ends_without_use_and_after_thirty_days_in_any_case() {
    let server = Server::start().await;
    server.account_with_password(EMAIL, &[]).await;
    let (_, unused) = sign_in(&server).await;
    let (_, mut used) = sign_in(&server).await;
    for day in [6, 12, 18, 24] {
        server.platform.clock.set(friday_evening() + TimeDelta::days(day));
        used = cookie_of(&refresh(&server, &used).await, "__Host-refresh").unwrap().0;
    }
    assert_problem(refresh(&server, &unused).await, 401, "session_expired").await;
    server.platform.clock.set(friday_evening() + TimeDelta::days(30));
    assert_problem(refresh(&server, &used).await, 401, "session_expired").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_strange_refresh_token_is_refused() {
    let server = Server::start().await;
    assert_problem(
        server.anybody().request("POST", REFRESH).send().await.unwrap(),
        401,
        "unauthenticated",
    )
    .await;
    for token in ["x", "x.y", "01980a5c7c0070008000000000000001.x", "."] {
        assert_problem(refresh(&server, token).await, 401, "session_expired").await;
    }
    server.stop().await;
}
