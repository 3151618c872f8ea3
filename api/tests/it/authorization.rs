//! Every operation of the OpenAPI document × every role. An operation that is not in [`TABLE`] fails the test: who adds
//! one adds one line here.
//!
//! A line names the operation, a path that exists in the [`World`], a body that is valid (so that who may gets as far as
//! the use case), and what each role gets, in the order of [`ROLES`]:
//! - `ok`: it may: anything but 401, 403, 404 and 5xx. Changes get no `If-Match`, so that they end as 428 and change
//!   nothing for the next role.
//! - `401`, `403`, `404`: just that.

mod table;

use std::collections::BTreeMap;

use api::caller::Caller;
use api::reviews::store::{self, ReviewRecord};
use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};
use shared::ids::{AccountId, ReviewId};
use shared::partnerships::PartyRole;
use shared::reviews::{ReviewState, ScoreSheet};
use shared::scoring::Weights;
use uuid::Uuid;

use crate::support::applications::insert_file;
use crate::support::world::{SECRET, World};
use crate::support::{PASSWORD, Server, Visitor, json};
use table::{CALL, TABLE};

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

/// An operation of the document.
struct Operation {
    method: String,
    template: String,
    needs_account: bool,
}

/// Every operation of the document.
fn operations() -> BTreeMap<String, Operation> {
    let document: Value = serde_json::from_str(&api::http::openapi().to_json().unwrap()).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let known = Operation {
                method: method.to_uppercase(),
                template: path.clone(),
                needs_account: operation["security"].as_array().is_some_and(|any| !any.is_empty()),
            };
            let before = operations.insert(id.to_owned(), known);
            assert!(before.is_none(), "two operations are called {id}");
        }
    }
    operations
}

/// What the table speaks of, by its names; made through the API by who may.
#[derive(Debug, Default)]
struct Things(Vec<(&'static str, String)>);

impl Things {
    fn filled(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// Makes a thing by a POST and keeps its id under `name`.
    async fn make(&mut self, by: &Visitor, name: &'static str, path: &str, body: &str) {
        let body: Value = serde_json::from_str(&self.filled(body)).unwrap();
        let response = by.post(&format!("/api/v1{}", self.filled(path)), &body).await;
        let status = response.status();
        let made = json(response).await;
        assert_eq!(status, 201, "{name}: {made}");
        self.0.push((name, made["id"].as_str().unwrap().to_owned()));
    }
}

/// The body that the table sends to an operation.
fn body_of(operation: &str) -> &'static str {
    TABLE.iter().find(|line| line.0 == operation).unwrap().2
}

async fn things(server: &Server, world: &mut World) -> Things {
    let mut things = Things(vec![
        ("own_city", world.own_city.to_string()),
        ("other_city", world.other_city.to_string()),
        ("network", world.network.to_string()),
        ("client", world.client.to_string()),
        ("secret", SECRET.replace(' ', "+")),
        ("email", EMAIL.to_owned()),
        ("password", PASSWORD.to_owned()),
    ]);
    let admin = server.sign_in_as(Grant::Admin).await;
    let staff = server
        .sign_in_as(Grant::CityStaff {
            city_id: world.own_city,
        })
        .await;
    let third_city = server.add_city("Goris", "AM").await;
    things.0.push(("third_city", third_city.to_string()));
    things
        .make(&staff, "ban", "/cities/{own_city}/bans", body_of("create_ban"))
        .await;
    things
        .make(&staff, "election", "/elections", body_of("create_election"))
        .await;
    let contacts = json!({ "items": [{ "name": "Test", "function": "", "email": "contact@test.example" }] });
    let path = format!("/api/v1/cities/{}/contacts", world.own_city);
    let held = json(server.get(&format!("/api/v1/cities/{}", world.own_city)).await).await;
    let put = json(staff.put(&path, held["version"].as_i64().unwrap(), &contacts).await).await;
    let contact = put["items"][0]["id"].as_str().unwrap().to_owned();
    things.0.push(("contact", contact));
    let usual = serde_json::to_string(&Weights::default()).unwrap();
    things.0.push(("weights", usual));
    let searches = "/cities/{own_city}/searches";
    things
        .make(&staff, "search", searches, body_of("create_saved_search"))
        .await;
    things
        .make(&admin, "organisation", "/organisations", body_of("create_organisation"))
        .await;
    things
        .make(&admin, "programme", "/programmes", body_of("create_programme"))
        .await;
    // Before the two are in contact: a round does not match who are.
    things_of_rounds(server, &admin, &mut things).await;
    things.make(&staff, "match", "/matches", body_of("create_match")).await;
    things
        .make(&staff, "partnership", "/partnerships", body_of("create_partnership"))
        .await;
    things
        .make(&admin, "double", "/doubles", body_of("create_double"))
        .await;
    let activities = "/partnerships/{partnership}/activities";
    things
        .make(&staff, "activity", activities, body_of("create_activity"))
        .await;
    let results = "/partnerships/{partnership}/results";
    things.make(&staff, "result", results, body_of("create_result")).await;
    let lessons = "/partnerships/{partnership}/lessons";
    things.make(&staff, "lesson", lessons, body_of("create_lesson")).await;
    things
        .make(&staff, "meeting", "/meetings", body_of("create_meeting"))
        .await;
    let listed = "/meetings/{meeting}/lessons";
    things
        .make(&staff, "listed_lesson", listed, body_of("create_listed_lesson"))
        .await;
    let recommended = "/meetings/{meeting}/recommendations";
    things
        .make(&staff, "recommendation", recommended, body_of("create_recommendation"))
        .await;
    let plan: Value = serde_json::from_str(body_of("create_sustainability_plan")).unwrap();
    let path = things.filled("/api/v1/partnerships/{partnership}/plan");
    assert_eq!(staff.post(&path, &plan).await.status(), 201);
    let story: Value = serde_json::from_str(body_of("create_story")).unwrap();
    let path = things.filled("/api/v1/partnerships/{partnership}/story");
    assert_eq!(staff.post(&path, &story).await.status(), 201);
    let sent = staff
        .request("POST", &format!("{path}/picture"))
        .body(crate::stories::png(1, 1));
    let story = json(sent.send().await.unwrap()).await;
    things
        .0
        .push(("picture", story["picture"]["id"].as_str().unwrap().to_owned()));
    let assessments = "/partnerships/{partnership}/assessments";
    things
        .make(&staff, "assessment", assessments, body_of("create_assessment"))
        .await;
    let bookings = "/activities/{activity}/bookings";
    things
        .make(&staff, "booking", bookings, body_of("create_booking"))
        .await;
    things
        .make(
            &admin,
            "rule_set",
            "/programmes/{programme}/rule-sets",
            body_of("create_rule_set"),
        )
        .await;
    things
        .make(&admin, "cohort", "/cohorts", body_of("create_cohort"))
        .await;
    let members = "/cohorts/{cohort}/members";
    things
        .make(&staff, "member", members, body_of("create_cohort_member"))
        .await;
    things
        .make(&admin, "written_call", "/calls", body_of("create_call"))
        .await;
    things.make(&admin, "open_call", "/calls", body_of("create_call")).await;
    let open = things.filled("/api/v1/calls/{open_call}/advance");
    assert_eq!(admin.act(&open, 1, &json!({ "to": "open" })).await.status(), 200);
    things
        .make(&admin, "campaign", "/campaigns", body_of("create_campaign"))
        .await;
    things
        .make(&staff, "application", "/applications", body_of("create_application"))
        .await;
    let parties = json!({ "items": [
        { "city_id": world.own_city, "role": "lead" },
        { "city_id": world.other_city, "role": "partner" },
    ] });
    let path = things.filled("/api/v1/applications/{application}/parties");
    assert_eq!(staff.put(&path, 1, &parties).await.status(), 200);
    let path = things.filled("/api/v1/applications/{application}/attachments?purpose=annex&name=a.pdf");
    let added = staff.request("POST", &path).body("%PDF-1.7").send().await.unwrap();
    let added = json(added).await["id"].as_str().unwrap().to_owned();
    things.0.push(("attachment", added));
    let comments = "/applications/{application}/comments";
    things
        .make(&staff, "comment", comments, body_of("create_comment"))
        .await;
    world.programme = things.filled("{programme}").parse().unwrap();
    things
}

/// A call whose deadline is over, with a file that the reviewer of the table has.
async fn things_of_reviews(server: &Server, world: &World, accounts: &[(AccountId, Grant)], things: &mut Things) {
    let admin = server.sign_in_as(Grant::Admin).await;
    let over = CALL.replace("2026-12-01", "2026-11-02");
    things.make(&admin, "judged_call", "/calls", &over).await;
    let call = things.filled("/api/v1/calls/{judged_call}");
    let announced = admin
        .act(&format!("{call}/advance"), 1, &json!({ "to": "announced" }))
        .await;
    assert_eq!(announced.status(), 200);
    let parties = [
        (world.own_city, PartyRole::Lead),
        (world.other_city, PartyRole::Partner),
    ];
    let file = insert_file(server, world.programme, &call, ("Test", &parties, 100)).await;
    let accepted = insert_file(server, world.programme, &call, ("Test", &parties, 100)).await;
    things.0.push(("accepted", accepted.to_string()));
    let (officer, grant) = accounts[3];
    let officer = server.session_of(officer, &[grant]).await;
    let accept = json!({ "outcome": "accepted", "reason": "Test", "granted_minor": 0 });
    let path = format!("/api/v1/applications/{accepted}/decide");
    assert_eq!(officer.act(&path, 1, &accept).await.status(), 200);
    // A contract waits for the results of the call, which the table asks for before they are public.
    let publish = |from: &str, to: &str| format!("UPDATE calls SET state = '{to}' WHERE state = '{from}'");
    server.execute(&publish("announced", "results_published")).await;
    things.make(&officer, "grant", "/grants", body_of("create_grant")).await;
    server.execute(&publish("results_published", "announced")).await;
    let (reviewer, _) = accounts[4];
    let review = ReviewRecord {
        id: ReviewId(Uuid::now_v7()),
        version: 1,
        updated_at: server.platform.clock.now(),
        application_id: file,
        call_id: things.filled("{judged_call}").parse().unwrap(),
        programme_id: world.programme,
        reviewer_id: reviewer,
        reviewer_name: String::new(),
        state: ReviewState::Assigned,
        sheet: ScoreSheet::default(),
        total: None,
        scored: 0,
        conflict: None,
        filed_at: None,
    };
    let caller = Caller::system(server.platform.clock.now());
    let rows = [review.clone()];
    let written = server
        .platform
        .db
        .write(&caller, async |tx| store::insert(tx, &rows).await);
    written.await.unwrap();
    things.0.push(("review", review.id.to_string()));
}

async fn things_of_rounds(server: &Server, admin: &Visitor, things: &mut Things) {
    for name in ["written_round", "open_round", "shown_round"] {
        things.make(admin, name, "/rounds", body_of("create_round")).await;
    }
    let members = json!({ "items": [
        { "city_id": things.filled("{own_city}"), "side": "first" },
        { "city_id": things.filled("{third_city}"), "side": "second" },
        { "city_id": things.filled("{other_city}"), "side": "second" },
    ] });
    for (round, steps) in [("{open_round}", &["open"][..]), ("{shown_round}", &["run", "publish"])] {
        let path = things.filled(&format!("/api/v1/rounds/{round}"));
        let changed = admin.act(&format!("{path}/members"), 1, &members).await;
        assert_eq!(changed.status(), 200);
        for step in steps {
            let version = json(admin.get(&path).await).await["version"].as_i64().unwrap();
            let moved = admin.act(&format!("{path}/{step}"), version, &()).await;
            let is_run = *step == "run";
            assert_eq!(moved.status(), if is_run { 202 } else { 200 }, "{step}");
            if is_run {
                let job = json(moved).await["id"].as_str().unwrap().to_owned();
                things.0.push(("job", job));
                assert!(api::jobs::worker::work_one(&server.platform).await.unwrap());
            }
        }
    }
    let page = json(admin.get(&things.filled("/api/v1/rounds/{shown_round}/pairs")).await).await;
    let pair = &page["items"][0];
    // The third city is banned by the own one.
    assert_eq!(pair["second"]["id"].as_str().unwrap(), things.filled("{other_city}"));
    things.0.push(("round_pair", pair["id"].as_str().unwrap().to_owned()));
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
    let mut world = server.world().await;
    let mut things = things(&server, &mut world).await;
    let accounts = accounts(&server, &world).await;
    things_of_reviews(&server, &world, &accounts, &mut things).await;
    server.account_with_password(EMAIL, &[]).await;
    let mut operations = operations();
    let mut faults = Vec::new();
    for (operation, path, body, wanted) in TABLE {
        let Some(known) = operations.remove(*operation) else {
            faults.push(format!(
                "{operation}: stands in the table, but not (or once only) in the document"
            ));
            continue;
        };
        let path = format!("/api/v1{}", things.filled(path));
        if !fits(&path, &known.template) {
            faults.push(format!("{operation}: {path} is none of {}", known.template));
            continue;
        }
        let body = things.filled(body);
        let wanted: Vec<&str> = wanted.split(' ').collect();
        assert_eq!(wanted.len(), ROLES.len(), "{operation}");
        for (role, wanted) in wanted.into_iter().enumerate() {
            let request = visitor(&server, &world, &accounts, role)
                .await
                .request(&known.method, &path);
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

/// Who are you, then what do you send: a stranger gets 401 from every operation that needs an account, whatever is wrong
/// with the rest of the request.
#[actix_web::test]
async fn strangers_are_asked_who_they_are_before_anything_is_read() {
    let server = Server::start().await;
    let mut faults = Vec::new();
    for (id, operation) in operations() {
        let path = operation
            .template
            .replace("{id}", "nonsense")
            .replace("{ban_id}", "nonsense")
            .replace("{city_id}", "nonsense");
        for (what, media_type, body) in [
            ("a body that is no JSON", "application/json", "{"),
            ("a body without its fields", "application/json", "{}"),
            ("a body of another type", "text/plain", "hello"),
        ] {
            let response = server
                .request(&operation.method, &format!("{path}?nonsense=1"))
                .header("content-type", media_type)
                .header("if-match", "nonsense")
                .header("idempotency-key", "")
                .body(body)
                .send()
                .await
                .unwrap();
            let status = response.status().as_u16();
            let challenge = response.headers().contains_key("www-authenticate");
            if operation.needs_account && (status, challenge) != (401, true) {
                faults.push(format!("{id}: {status} for {what}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    server.stop().await;
}

#[actix_web::test]
async fn a_token_that_does_not_hold_is_told_before_the_body() {
    let server = Server::start().await;
    for path in ["/api/v1/matches", "/api/v1/cities"] {
        let request = server.request("POST", path).bearer_auth("nonsense").body("{");
        assert_eq!(request.send().await.unwrap().status(), 401, "{path}");
    }
    server.stop().await;
}
