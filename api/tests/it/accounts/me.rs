use serde_json::json;
use shared::accounts::{ClientScope, Grant};
use shared::ids::NetworkId;

use crate::support::{Server, assert_problem, json};

const ME: &str = "/api/v1/me";

#[actix_web::test]
async fn an_account_shows_what_each_grant_is_for() {
    let server = Server::start().await;
    let world = server.world().await;
    let (own_city, network) = (world.own_city, world.network);
    let grants = [
        Grant::CityStaff { city_id: own_city },
        Grant::NetworkCoordinator { network_id: network },
        Grant::NetworkCoordinator {
            network_id: NetworkId(uuid::Uuid::from_u128(7)),
        },
        Grant::Admin,
    ];
    let account = server.account(&grants).await;
    let person = server.session_of(account, &grants).await;
    let before = server.statement_count();
    let me = person.get(ME).await;
    assert!(server.statement_count() - before <= 3);
    assert_eq!(me.headers()["cache-control"], "private, no-store");
    let names: Vec<_> = json(me).await["grants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| grant["scope_name"].clone())
        .collect();
    assert_eq!(names, [json!("Grenoble"), json!("RESACOOP"), json!(null), json!(null)]);
    server.stop().await;
}

#[actix_web::test]
async fn a_change_names_the_version_that_it_changes() {
    let server = Server::start().await;
    let person = server.sign_in_as(Grant::Admin).await;
    let patch = json!({ "name": "  Олена " });
    let unconditional = person.request("PATCH", ME).json(&patch).send().await.unwrap();
    assert_problem(unconditional, 428, "precondition_required").await;
    let stale = person.patch(ME, 7, &patch).await;
    assert_eq!(stale.headers()["etag"], "\"1\"");
    assert_problem(stale, 412, "stale").await;
    assert_eq!(json(person.patch(ME, 1, &patch).await).await["name"], "Олена");
    for (name, code) in [("   ", "required"), ("a\u{7}b", "format")] {
        let problem = assert_problem(person.patch(ME, 2, &json!({ "name": name })).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let weekly = json(person.get(ME).await).await;
    assert_eq!(weekly["digest"], "weekly");
    let off = json(person.patch(ME, 2, &json!({ "digest": "off" })).await).await;
    assert_eq!((&off["digest"], &off["version"]), (&json!("off"), &json!(3)));
    let hourly = person.patch(ME, 3, &json!({ "digest": "hourly" })).await;
    assert_problem(hourly, 422, "invalid").await;
    let known = person
        .request("GET", ME)
        .header("if-none-match", "\"3\"")
        .send()
        .await
        .unwrap();
    assert_eq!(known.status(), 304);
    server.stop().await;
}

#[actix_web::test]
async fn a_cookie_needs_the_csrf_header_and_a_bearer_token_does_not() {
    let server = Server::start().await;
    let person = server.sign_in_as(Grant::Admin).await.without_csrf();
    assert_eq!(person.get(ME).await.status(), 200);
    let patch = json!({ "name": "Camille" });
    assert_problem(person.patch(ME, 1, &patch).await, 403, "csrf_invalid").await;
    // A program gets as far as the judgement: it has no account of its own.
    let program = server.program(Grant::Admin, &[ClientScope::Read, ClientScope::Write]);
    assert_problem(program.patch(ME, 1, &patch).await, 403, "forbidden").await;
    server.stop().await;
}
