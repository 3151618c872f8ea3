use std::time::Duration;

use api::accounts::clients::service as clients;
use api::caller::Caller;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};

use crate::support::{Server, Visitor, assert_problem, json};

const CLIENTS: &str = "/api/v1/api-clients";
const TOKEN: &str = "/api/v1/oauth/token";

async fn token(server: &Server, client: &Value, form: &str) -> reqwest::Response {
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    let basic = STANDARD.encode(format!("{}:{}", text("id"), text("secret")));
    server
        .request("POST", TOKEN)
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .send()
        .await
        .unwrap()
}

async fn let_in(person: &Visitor, grant: Grant, scopes: &[&str]) -> Value {
    let draft = json!({ "name": "Annuaire", "scopes": scopes, "grant": grant });
    let response = person.post(CLIENTS, &draft).await;
    assert_eq!(response.status(), 201);
    json(response).await
}

#[actix_web::test]
async fn a_program_gets_a_token_reads_and_stops_at_once_when_it_is_revoked() {
    let server = Server::start().await;
    let beside = server.start_beside().await;
    let person = server.sign_in_as(Grant::Admin).await;
    let client = let_in(&person, Grant::Admin, &["read"]).await;
    let response = token(&server, &client, "grant_type=client_credentials&audience=ignored").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let answer = json(response).await;
    assert_eq!(
        (&answer["token_type"], &answer["expires_in"], &answer["scope"]),
        (&json!("Bearer"), &json!(600), &json!("read"))
    );
    let read = async |server: &Server| {
        let token = answer["access_token"].as_str().unwrap();
        let request = server.request("GET", "/api/v1/audit").bearer_auth(token);
        request.send().await.unwrap()
    };
    assert_eq!(read(&server).await.status(), 200);
    assert_eq!(read(&beside).await.status(), 200);

    let path = format!("{CLIENTS}/{}", client["id"].as_str().unwrap());
    assert_problem(person.delete(&path, 9).await, 412, "stale").await;
    assert_eq!(person.delete(&path, 1).await.status(), 204);
    assert_problem(read(&server).await, 401, "unauthenticated").await;
    assert_problem(
        token(&server, &client, "grant_type=client_credentials").await,
        401,
        "invalid_client",
    )
    .await;
    let mut status = 200;
    for _ in 0..40 {
        status = read(&beside).await.status().as_u16();
        if status == 401 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status, 401);
    assert_problem(person.get(&path).await, 404, "not_found").await;
    for server in [server, beside] {
        server.stop().await;
    }
}

#[actix_web::test]
async fn who_runs_the_server_lets_a_program_in_before_there_are_accounts() {
    let server = Server::start().await;
    let caller = Caller::system(server.platform.clock.now());
    let scopes = [ClientScope::Read, ClientScope::Write];
    let made = clients::let_in(
        &server.platform.db,
        &caller,
        "Chargement".to_owned(),
        &scopes,
        Grant::Admin,
    );
    let (id, secret) = made.await.unwrap();
    let response = token(
        &server,
        &json!({ "id": id, "secret": secret }),
        "grant_type=client_credentials",
    )
    .await;
    assert_eq!(response.status(), 200);
    let answer = json(response).await;
    let draft = json!({ "kind": "municipality", "name": "Sevan", "country": "AM" });
    let request = server.request("POST", "/api/v1/cities").json(&draft);
    let added = request.bearer_auth(answer["access_token"].as_str().unwrap()).send();
    assert_eq!(added.await.unwrap().status(), 201);
    let journal = server.journal_of(id.0).await;
    assert_eq!(journal[0].0, "create");
    assert!(!journal[0].2.to_string().contains(&secret));
    server.stop().await;
}

#[actix_web::test]
async fn the_secret_is_told_once_and_kept_nowhere() {
    let server = Server::start().await;
    let person = server.sign_in_as(Grant::Admin).await;
    let draft = json!({ "name": "Annuaire", "scopes": ["read", "write"], "grant": { "role": "admin" } });
    let create = || {
        person
            .request("POST", CLIENTS)
            .header("idempotency-key", "once")
            .json(&draft)
            .send()
    };
    let first = json(create().await.unwrap()).await;
    let again = create().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let again = json(again).await;
    assert_eq!(again["id"], first["id"]);
    assert!(first["secret"].as_str().unwrap().len() >= 43 && again["secret"].is_null());
    let listed = json(person.get(CLIENTS).await).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let audit = person.get("/api/v1/audit").await.text().await.unwrap();
    for text in [listed.to_string(), audit] {
        assert!(!text.contains(first["secret"].as_str().unwrap()));
    }
    server.stop().await;
}

#[actix_web::test]
async fn what_a_program_may_not_have_is_refused_as_oauth_says() {
    let server = Server::start().await;
    let person = server.sign_in_as(Grant::Admin).await;
    let client = let_in(&person, Grant::Admin, &["read"]).await;
    let wrong = json!({ "id": client["id"], "secret": "guess" });
    let stranger = json!({ "id": "nobody", "secret": "guess" });
    for (who, form, status, error) in [
        (
            &client,
            "grant_type=client_credentials&scope=write",
            400,
            "invalid_scope",
        ),
        (&client, "grant_type=password", 400, "unsupported_grant_type"),
        (&client, "", 400, "invalid_request"),
        (
            &client,
            "grant_type=client_credentials&client_id=a&client_secret=b",
            400,
            "invalid_request",
        ),
        (&wrong, "grant_type=client_credentials", 401, "invalid_client"),
        (&stranger, "grant_type=client_credentials", 401, "invalid_client"),
    ] {
        let response = token(&server, who, form).await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers().contains_key("www-authenticate"), status == 401);
        let code = if status == 401 { "invalid_client" } else { "malformed" };
        assert_eq!(assert_problem(response, status, code).await["error"], error, "{form}");
    }
    // Without Basic, in the body; twice the same field is no form.
    let text = |name: &str| client[name].as_str().unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        text("id"),
        text("secret")
    );
    let send = |form: String| {
        server
            .request("POST", TOKEN)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
    };
    assert_eq!(send(form.clone()).await.unwrap().status(), 200);
    assert_problem(
        send(format!("{form}&scope=read&scope=read")).await.unwrap(),
        400,
        "malformed",
    )
    .await;
    let as_json = server.request("POST", TOKEN).json(&json!({})).send().await.unwrap();
    assert_problem(as_json, 415, "unsupported_media_type").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_program_has_no_more_than_who_lets_it_in() {
    let server = Server::start().await;
    let world = server.world().await;
    let own = Grant::CityStaff {
        city_id: world.own_city,
    };
    let staff = server.sign_in_as(own).await;
    let draft = |grant: Grant| json!({ "name": "Annuaire", "scopes": ["read"], "grant": grant });
    assert_problem(staff.post(CLIENTS, &draft(Grant::Admin)).await, 403, "forbidden").await;
    let client = let_in(&staff, own, &["read"]).await;
    let path = format!("{CLIENTS}/{}", client["id"].as_str().unwrap());
    let stranger = server
        .sign_in_as(Grant::CityStaff {
            city_id: world.other_city,
        })
        .await;
    assert_problem(stranger.delete(&path, 1).await, 404, "not_found").await;
    assert_eq!(json(stranger.get(CLIENTS).await).await["items"], json!([]));
    assert_eq!(json(staff.get(&path).await).await["name"], "Annuaire");

    for (body, pointer) in [
        (json!({ "name": "a", "scopes": [], "grant": own }), "/scopes"),
        (
            json!({ "name": "a", "scopes": ["read", "read"], "grant": own }),
            "/scopes",
        ),
        (json!({ "name": " ", "scopes": ["read"], "grant": own }), "/name"),
        (json!({ "name": "a", "scopes": ["all"], "grant": own }), "/scopes/0"),
    ] {
        let problem = assert_problem(staff.post(CLIENTS, &body).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    server.stop().await;
}
