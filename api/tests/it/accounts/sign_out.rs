use std::time::Duration;

use serde_json::json;
use shared::accounts::{ClientScope, Grant};

use crate::support::{PASSWORD, Server, assert_problem, cookie_of};

const SESSION: &str = "/api/v1/session";

#[actix_web::test]
async fn signing_out_stops_the_access_token_at_once_in_every_process() {
    let server = Server::start().await;
    let beside = server.start_beside().await;
    let account = server.account(&[Grant::Admin]).await;
    let person = server.session_of(account, &[Grant::Admin]).await;
    let elsewhere = server.session_of(account, &[Grant::Admin]).await;
    assert_eq!(person.get("/api/v1/me").await.status(), 200);
    assert_eq!(person.at(&beside).get("/api/v1/me").await.status(), 200);

    let refused = person
        .clone()
        .without_csrf()
        .request("DELETE", SESSION)
        .send()
        .await
        .unwrap();
    assert_problem(refused, 403, "csrf_invalid").await;
    let response = person.request("DELETE", SESSION).send().await.unwrap();
    assert_eq!(response.status(), 204);
    for name in ["__Host-access", "__Host-refresh"] {
        let (value, attributes) = cookie_of(&response, name).unwrap();
        assert!(
            value.is_empty() && attributes.contains(&"max-age=0".to_owned()),
            "{attributes:?}"
        );
    }
    assert_problem(person.get("/api/v1/me").await, 401, "unauthenticated").await;
    assert_problem(person.get(SESSION).await, 401, "unauthenticated").await;
    assert_eq!(elsewhere.get("/api/v1/me").await.status(), 200);

    let mut status = 200;
    for _ in 0..40 {
        status = person.at(&beside).get("/api/v1/me").await.status().as_u16();
        if status == 401 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status, 401);
    // A process that starts now knows it, too.
    let later = server.start_beside().await;
    assert_eq!(person.at(&later).get("/api/v1/me").await.status(), 401);
    for server in [server, beside, later] {
        server.stop().await;
    }
}

#[actix_web::test]
async fn a_session_whose_access_is_over_is_signed_out_by_its_refresh_token() {
    let server = Server::start().await;
    server
        .account_with_password("camille@test.passerelle.example", &[])
        .await;
    let credentials = json!({ "email": "camille@test.passerelle.example", "password": PASSWORD });
    let signed_in = server.anybody().post(SESSION, &credentials).await;
    let cookie = format!("__Host-refresh={}", cookie_of(&signed_in, "__Host-refresh").unwrap().0);
    let sign_out = || server.request("DELETE", SESSION).header("cookie", &cookie).send();
    assert_eq!(sign_out().await.unwrap().status(), 204);
    assert_problem(sign_out().await.unwrap(), 401, "session_expired").await;
    server.stop().await;
}

#[actix_web::test]
async fn nobody_and_a_program_have_no_session_to_end() {
    let server = Server::start().await;
    let nobody = server.anybody().request("DELETE", SESSION).send().await.unwrap();
    assert_problem(nobody, 401, "unauthenticated").await;
    let program = server.program(Grant::Admin, &[ClientScope::Write]);
    let program = program.request("DELETE", SESSION).send().await.unwrap();
    assert_problem(program, 403, "forbidden").await;
    server.stop().await;
}
