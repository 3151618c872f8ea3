//! Every operation of the OpenAPI document × every role. An operation that is not in [`TABLE`] fails the test: who adds
//! one adds one line here.
//!
//! A line names the operation, a path that exists in the [`World`], a body that is valid (so that who may gets as far as
//! the use case), and what each role gets, in the order of [`ROLES`]:
//! - `ok`: it may: anything but 401, 403, 404 and 5xx. Changes get no `If-Match`, so that they end as 428 and change
//!   nothing for the next role.
//! - `401`, `403`, `404`: just that.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::accounts::{ClientScope, Grant};
use shared::ids::AccountId;

use crate::support::world::{SECRET, World};
use crate::support::{PASSWORD, Server, Visitor};

/// The columns of the table.
const ROLES: [&str; 9] = [
    "public",
    "staff of the city",
    "staff of another city",
    "coordinator of the network",
    "programme officer",
    "reviewer",
    "admin",
    "reading program of the city",
    "writing program of the city",
];

/// The address that signs in.
const EMAIL: &str = "table@test.passerelle.example";

const EVERYBODY: &str = "ok ok ok ok ok ok ok ok ok";
const PEOPLE: &str = "401 ok ok ok ok ok ok 403 403";

/// Operation, path, body, and what the roles get. A body that begins with `form:` is a form.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str, &str)] = &[
    // accounts
    ("create_session", "/session", r#"{"email":"{email}","password":"{password}"}"#, EVERYBODY),
    ("read_session", "/session", "", PEOPLE),
    // Its proof is the refresh cookie, which nobody sends here.
    ("refresh_session", "/session/refresh", "", "401 401 401 401 401 401 401 401 401"),
    ("delete_session", "/session", "", PEOPLE),
    ("read_me", "/me", "", PEOPLE),
    ("update_me", "/me", r#"{"name":"Test"}"#, PEOPLE),
    ("list_api_clients", "/api-clients", "", PEOPLE),
    ("create_api_client", "/api-clients", r#"{"name":"Test","scopes":["read"],"grant":{"role":"city_staff","city_id":"{own_city}"}}"#, "401 ok 403 403 403 403 ok 403 403"),
    ("read_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("delete_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("create_token", "/oauth/token", "form:grant_type=client_credentials&client_id={client}&client_secret={secret}", EVERYBODY),
    // audit
    ("list_audit_entries", "/audit", "", "401 403 403 403 403 403 ok 403 403"),
    ("list_changes", "/changes", "", EVERYBODY),
    // cities
    ("read_city", "/cities/{own_city}", "", EVERYBODY),
];

/// The role of a column, with a session of its own for each request: some requests end it.
async fn visitor(server: &Server, world: &World, accounts: &[(AccountId, Grant)], role: usize) -> Visitor {
    let of_city = Grant::CityStaff {
        city_id: world.own_city,
    };
    match role {
        0 => server.anybody(),
        7 => server.program(of_city, &[ClientScope::Read]),
        8 => server.program(of_city, &[ClientScope::Read, ClientScope::Write]),
        _ => {
            let (account, grant) = accounts[role - 1];
            server.session_of(account, &[grant]).await
        }
    }
}

async fn accounts(server: &Server, world: &World) -> Vec<(AccountId, Grant)> {
    let grants = [
        Grant::CityStaff {
            city_id: world.own_city,
        },
        Grant::CityStaff {
            city_id: world.other_city,
        },
        Grant::NetworkCoordinator {
            network_id: world.network,
        },
        Grant::ProgrammeOfficer {
            programme_id: world.programme,
        },
        Grant::Reviewer {
            programme_id: world.programme,
        },
        Grant::Admin,
    ];
    let mut accounts = Vec::new();
    for grant in grants {
        accounts.push((server.account(&[grant]).await, grant));
    }
    accounts
}

/// Method and path of every operation of the document.
fn operations() -> BTreeMap<String, (String, String)> {
    let document: Value = serde_json::from_str(&api::http::openapi().to_json().unwrap()).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let before = operations.insert(id.to_owned(), (method.to_uppercase(), path.clone()));
            assert_eq!(before, None, "two operations are called {id}");
        }
    }
    operations
}

fn filled(text: &str, world: &World) -> String {
    [
        ("{own_city}", world.own_city.to_string()),
        ("{other_city}", world.other_city.to_string()),
        ("{network}", world.network.to_string()),
        ("{programme}", world.programme.to_string()),
        ("{client}", world.client.to_string()),
        ("{secret}", SECRET.replace(' ', "+")),
        ("{email}", EMAIL.to_owned()),
        ("{password}", PASSWORD.to_owned()),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (name, value)| text.replace(name, &value))
}

/// Whether a path is one of a template of the document, such as `/api/v1/cities/{id}`.
fn fits(path: &str, template: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (steps, parts): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), template.split('/').collect());
    steps.len() == parts.len()
        && steps
            .iter()
            .zip(&parts)
            .all(|(step, part)| part.starts_with('{') || step == part)
}

#[actix_web::test]
async fn every_role_gets_what_the_table_says_from_every_operation() {
    let server = Server::start().await;
    let world = server.world().await;
    let accounts = accounts(&server, &world).await;
    server.account_with_password(EMAIL, &[]).await;
    let mut operations = operations();
    let mut faults = Vec::new();
    for (operation, path, body, wanted) in TABLE {
        let Some((method, template)) = operations.remove(*operation) else {
            faults.push(format!(
                "{operation}: stands in the table, but not (or once only) in the document"
            ));
            continue;
        };
        let path = format!("/api/v1{}", filled(path, &world));
        if !fits(&path, &template) {
            faults.push(format!("{operation}: {path} is none of {template}"));
            continue;
        }
        let body = filled(body, &world);
        let wanted: Vec<&str> = wanted.split(' ').collect();
        assert_eq!(wanted.len(), ROLES.len(), "{operation}");
        for (role, wanted) in wanted.into_iter().enumerate() {
            let request = visitor(&server, &world, &accounts, role).await.request(&method, &path);
            let request = match body.strip_prefix("form:") {
                Some(form) => request
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(form.to_owned()),
                None if body.is_empty() => request,
                None => request.header("content-type", "application/json").body(body.clone()),
            };
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let right = match wanted {
                "ok" => !matches!(status, 401 | 403 | 404) && status < 500,
                exact => exact.parse() == Ok(status),
            };
            if !right {
                let text = response.text().await.unwrap_or_default();
                faults.push(format!(
                    "{operation}: {}: {status} instead of {wanted}: {text}",
                    ROLES[role]
                ));
            }
        }
    }
    faults.extend(operations.keys().map(|id| format!("{id}: is not in the table")));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    server.stop().await;
}
