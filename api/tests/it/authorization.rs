//! Every operation of the OpenAPI document × every role. An operation that is not in [`TABLE`] fails the test: who adds
//! one adds one line here.
//!
//! A line names the operation, a path that exists in the [`World`], a body that is valid (so that who may gets as far as
//! the use case), and what each role gets, in the order of [`ROLES`]:
//! - `ok`: it may: anything but 401, 403, 404 and 5xx. Changes get no `If-Match`, so that they end as 428 and change
//!   nothing for the next role.
//! - `401`, `403`, `404`: just that.

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
    // Its proof is the token of a mail, which nobody has here.
    ("stop_digest", "/digest/stop?token=none", "", "404 404 404 404 404 404 404 404 404"),
    ("list_api_clients", "/api-clients", "", PEOPLE),
    ("create_api_client", "/api-clients", r#"{"name":"Test","scopes":["read"],"grant":{"role":"city_staff","city_id":"{own_city}"}}"#, "401 ok 403 403 403 403 ok 403 403"),
    ("read_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("delete_api_client", "/api-clients/{client}", "", "401 ok 404 404 404 404 ok 403 403"),
    ("create_token", "/oauth/token", "form:grant_type=client_credentials&client_id={client}&client_secret={secret}", EVERYBODY),
    // audit
    ("list_audit_entries", "/audit", "", "401 403 403 403 403 403 ok 403 403"),
    ("list_changes", "/changes", "", EVERYBODY),
    // cities
    ("list_cities", "/cities", "", EVERYBODY),
    ("search_cities", "/cities/search?q=gren", "", EVERYBODY),
    ("create_city", "/cities", r#"{"kind":"municipality","name":"Test","country":"FR"}"#, "401 403 403 ok 403 403 ok 403 403"),
    ("read_city", "/cities/{own_city}", "", EVERYBODY),
    ("update_city", "/cities/{own_city}", r#"{"open_to_partners":true}"#, "401 ok 403 ok 403 403 ok 403 ok"),
    ("list_contacts", "/cities/{own_city}/contacts", "", "401 ok 403 403 403 403 ok ok ok"),
    ("read_city_steps", "/cities/{own_city}/steps", "", "401 ok 403 403 403 403 ok ok ok"),
    ("replace_contacts", "/cities/{own_city}/contacts", r#"{"items":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    // networks, figures
    ("list_networks", "/networks", "", EVERYBODY),
    ("read_network", "/networks/{network}", "", EVERYBODY),
    ("read_figures", "/observatory/figures", "", EVERYBODY),
    // matches: the own city has told its interest in the other one
    ("list_city_matches", "/cities/{own_city}/matches", "", "401 ok 403 ok 403 403 ok ok ok"),
    ("read_city_match", "/cities/{own_city}/matches/{other_city}", "", "401 ok 403 ok 403 403 ok ok ok"),
    ("list_matches", "/matches", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_match", "/matches", r#"{"from_city_id":"{own_city}","to_city_id":"{other_city}","message":"Bonjour"}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("read_match", "/matches/{match}", "", "401 ok ok 404 404 404 ok ok ok"),
    ("accept_match", "/matches/{match}/accept", "{}", "401 403 ok 404 404 404 403 403 403"),
    ("decline_match", "/matches/{match}/decline", "{}", "401 403 ok 404 404 404 403 403 403"),
    ("withdraw_match", "/matches/{match}/withdraw", "{}", "401 ok 403 404 404 404 403 403 ok"),
    ("agree_match", "/matches/{match}/agree", "{}", "401 ok ok 404 404 404 403 403 ok"),
    // bans: the own city has banned a third one
    ("list_bans", "/cities/{own_city}/bans", "", "401 ok 403 403 403 403 ok ok ok"),
    ("create_ban", "/cities/{own_city}/bans", r#"{"city_id":"{third_city}"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_ban", "/cities/{own_city}/bans/{ban}", "", "401 ok 403 403 403 403 ok 403 ok"),
    // what the own city keeps to itself: weights, and a search
    ("read_weights", "/cities/{own_city}/weights", "", "401 ok 403 403 403 403 ok ok ok"),
    ("replace_weights", "/cities/{own_city}/weights", r#"{"weights":{weights}}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("list_saved_searches", "/cities/{own_city}/searches", "", "401 ok 403 403 403 403 ok ok ok"),
    ("create_saved_search", "/cities/{own_city}/searches", r#"{"name":"Test"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("see_saved_search", "/cities/{own_city}/searches/{search}/seen", r#"{"city_ids":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_saved_search", "/cities/{own_city}/searches/{search}", "", "401 ok 403 403 403 403 ok 403 ok"),
    // partnerships: the own city leads one with the other one
    ("list_partnerships", "/partnerships", "", EVERYBODY),
    ("list_city_partnerships", "/cities/{own_city}/partnerships", "", EVERYBODY),
    ("map_partnerships", "/partnerships/map", "", EVERYBODY),
    ("create_partnership", "/partnerships", r#"{"name":"Test","kind":"project","parties":[{"party":{"type":"city","city_id":"{own_city}"},"role":"lead"},{"party":{"type":"city","city_id":"{other_city}"},"role":"partner"}]}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_partnership", "/partnerships/{partnership}", "", EVERYBODY),
    ("update_partnership", "/partnerships/{partnership}", r#"{"name":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_partnership", "/partnerships/{partnership}", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("advance_partnership", "/partnerships/{partnership}/advance", r#"{"to":"letter_of_intent"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("restore_partnership", "/partnerships/{partnership}/restore", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("read_radar", "/cities/{own_city}/radar", "", "401 ok 403 ok 403 403 ok ok ok"),
    // activities: an exhibition of that partnership, which the own city has booked
    ("list_activities", "/partnerships/{partnership}/activities", "", EVERYBODY),
    ("list_city_activities", "/cities/{own_city}/activities", "", EVERYBODY),
    ("create_activity", "/partnerships/{partnership}/activities", r#"{"kind":"exhibition","title":"Test","starts_on":"2026-12-01","ends_on":"2026-12-31"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_activity", "/activities/{activity}", "", EVERYBODY),
    ("update_activity", "/activities/{activity}", r#"{"title":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("advance_activity", "/activities/{activity}/advance", r#"{"to":"cancelled"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("list_bookings", "/activities/{activity}/bookings", "", EVERYBODY),
    ("create_booking", "/activities/{activity}/bookings", r#"{"city_id":"{own_city}","starts_on":"2026-12-01","ends_on":"2026-12-05"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_booking", "/bookings/{booking}", "", EVERYBODY),
    ("cancel_booking", "/bookings/{booking}/cancel", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("read_partnership_calendar", "/partnerships/{partnership}/calendar", "", EVERYBODY),
    ("read_city_calendar", "/cities/{own_city}/calendar", "", EVERYBODY),
    // results: an indicator of that partnership
    ("list_results", "/partnerships/{partnership}/results", "", EVERYBODY),
    ("create_result", "/partnerships/{partnership}/results", r#"{"theme":"climate","title":"Test","evidence":{"type":"indicator","unit":"t","baseline":10,"target":5}}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_result", "/results/{result}", "", EVERYBODY),
    ("update_result", "/results/{result}", r#"{"title":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_result", "/results/{result}", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("add_measure", "/results/{result}/measures", r#"{"measured_on":"2026-11-01","value":8,"author":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    // lessons: one that this partnership proposes; a meeting of the own city, with a lesson that comes from it
    ("list_lessons", "/lessons", "", EVERYBODY),
    ("list_partnership_lessons", "/partnerships/{partnership}/lessons", "", EVERYBODY),
    ("create_lesson", "/partnerships/{partnership}/lessons", r#"{"theme":"climate","text":"Test","language":"fr","result_ids":["{result}"]}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("read_lesson", "/lessons/{lesson}", "", EVERYBODY),
    ("update_lesson", "/lessons/{lesson}", r#"{"text":"Test"}"#, "401 ok ok 403 403 403 ok 403 ok"),
    ("delete_lesson", "/lessons/{lesson}", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("restore_lesson", "/lessons/{lesson}/restore", "", "401 ok ok 403 403 403 ok 403 ok"),
    ("list_meetings", "/meetings", "", EVERYBODY),
    ("create_meeting", "/meetings", r#"{"name":{"fr":"Test"},"host":{"type":"city","city_id":"{own_city}"},"starts_on":"2026-03-12","ends_on":"2026-03-14"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_meeting", "/meetings/{meeting}", "", EVERYBODY),
    ("create_listed_lesson", "/meetings/{meeting}/lessons", r#"{"theme":"climate","text":{"fr":"Test"},"lesson_ids":["{lesson}"]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("order_listed_lessons", "/meetings/{meeting}/order", r#"{"ids":[]}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("read_listed_lesson", "/listed-lessons/{listed_lesson}", "", EVERYBODY),
    ("update_listed_lesson", "/listed-lessons/{listed_lesson}", r#"{"theme":"climate"}"#, "401 ok 403 403 403 403 ok 403 ok"),
    ("delete_listed_lesson", "/listed-lessons/{listed_lesson}", "", "401 ok 403 403 403 403 ok 403 ok"),
    ("restore_listed_lesson", "/listed-lessons/{listed_lesson}/restore", "", "401 ok 403 403 403 403 ok 403 ok"),
    // programmes and calls: one that is being written, one that is open
    ("list_programmes", "/programmes", "", EVERYBODY),
    ("create_programme", "/programmes", r#"{"name":{"fr":"Test"}}"#, "401 403 403 403 403 403 ok 403 403"),
    ("read_programme", "/programmes/{programme}", "", EVERYBODY),
    ("list_rule_sets", "/programmes/{programme}/rule-sets", "", EVERYBODY),
    ("create_rule_set", "/programmes/{programme}/rule-sets", RULES, "401 403 403 403 ok 403 ok 403 403"),
    ("list_calls", "/calls", "", EVERYBODY),
    ("create_call", "/calls", CALL, "401 403 403 403 ok 403 ok 403 403"),
    ("read_call", "/calls/{written_call}", "", "404 404 404 404 ok 404 ok 404 404"),
    ("update_call", "/calls/{open_call}", r#"{"title":{"fr":"Test"}}"#, "401 403 403 403 ok 403 ok 403 403"),
    ("advance_call", "/calls/{open_call}/advance", r#"{"to":"closed"}"#, "401 403 403 403 ok 403 ok 403 403"),
    // campaigns: of the call that is open, whose results are not public
    ("list_campaigns", "/campaigns", "", EVERYBODY),
    ("create_campaign", "/campaigns", r#"{"programme_id":"{programme}","year":2026,"name":{"fr":"Test"},"call_ids":["{open_call}"]}"#, "401 403 403 403 ok 403 ok 403 403"),
    ("read_campaign", "/campaigns/{campaign}", "", "404 404 404 404 ok 404 ok 404 404"),
    // rounds: one that is being prepared; one that takes wishes, with the own city and the other one in it; and a pair of the
    // two that a third one has shown
    ("list_rounds", "/rounds", "", EVERYBODY),
    ("create_round", "/rounds", ROUND, "401 403 403 403 ok 403 ok 403 403"),
    ("read_round", "/rounds/{written_round}", "", "404 404 404 404 ok 404 ok 404 404"),
    ("update_round", "/rounds/{open_round}", r#"{"name":{"fr":"Test"}}"#, OFFICERS),
    ("open_round", "/rounds/{open_round}/open", "", OFFICERS),
    ("simulate_round", "/rounds/{open_round}/simulate", "", OFFICERS),
    ("run_round", "/rounds/{open_round}/run", "", OFFICERS),
    ("publish_round", "/rounds/{open_round}/publish", "", OFFICERS),
    ("close_round", "/rounds/{open_round}/close", "", OFFICERS),
    ("cancel_round", "/rounds/{open_round}/cancel", "", OFFICERS),
    ("read_round_certificate", "/rounds/{shown_round}/certificate", "", OFFICERS),
    ("list_round_members", "/rounds/{open_round}/members", "", "401 ok ok 403 ok 403 ok ok ok"),
    ("change_round_members", "/rounds/{open_round}/members", r#"{"items":[]}"#, OFFICERS),
    ("read_round_member", "/rounds/{open_round}/members/{own_city}", "", "401 ok ok 403 ok 403 ok ok ok"),
    ("replace_wishes", "/rounds/{open_round}/members/{own_city}/wishes", r#"{"city_ids":[]}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("list_round_pairs", "/rounds/{shown_round}/pairs", "", "401 ok ok ok ok ok ok ok ok"),
    ("list_own_round_pairs", "/round-pairs", "", "401 ok ok ok ok ok ok ok ok"),
    ("read_round_pair", "/round-pairs/{round_pair}", "", "401 ok ok 404 ok 404 ok ok ok"),
    ("accept_round_pair", "/round-pairs/{round_pair}/accept", "", "401 ok ok 404 403 404 403 403 ok"),
    ("decline_round_pair", "/round-pairs/{round_pair}/decline", "", "401 ok ok 404 403 404 403 403 ok"),
    ("withdraw_round_pair", "/round-pairs/{round_pair}/withdraw", "", "401 ok ok 404 403 404 403 403 ok"),
    ("read_job", "/jobs/{job}", "", "401 404 404 404 ok 404 ok 404 404"),
    ("cancel_job", "/jobs/{job}/cancel", "", "401 404 404 404 ok 404 ok 404 404"),
    // applications: the own city leads a draft with the other one as its partner
    ("list_applications", "/applications", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_application", "/applications", r#"{"call_id":"{open_call}","lead_city_id":"{own_city}","title":"Test"}"#, "401 ok 403 403 403 403 403 403 ok"),
    ("read_application", "/applications/{application}", "", FILE),
    ("update_application", "/applications/{application}", r#"{"title":"Test"}"#, "401 ok ok 404 404 404 404 403 ok"),
    ("delete_application", "/applications/{application}", "", "401 ok 403 404 404 404 404 403 ok"),
    ("replace_application_parties", "/applications/{application}/parties", r#"{"items":[{"city_id":"{own_city}","role":"lead"}]}"#, "401 ok 403 404 404 404 404 403 ok"),
    ("read_budget", "/applications/{application}/budget", "", FILE),
    ("replace_budget", "/applications/{application}/budget", r#"{"lines":[],"contributions":[],"grant_asked_minor":0}"#, "401 ok ok 404 404 404 404 403 ok"),
    // The other city's staff may agree for its own city: it is asked for the version before it is told that this one is not its own.
    ("sign_off_application", "/applications/{application}/sign-off", r#"{"city_id":"{own_city}"}"#, "401 ok ok 404 404 404 404 403 ok"),
    ("submit_application", "/applications/{application}/submit", "", "401 ok 403 404 404 404 404 403 ok"),
    ("withdraw_application", "/applications/{application}/withdraw", "", "401 ok 403 404 404 404 404 403 ok"),
    ("start_application_review", "/applications/{application}/start-review", "", "401 403 403 404 404 404 404 403 403"),
    ("decide_application", "/applications/{application}/decide", r#"{"outcome":"rejected","reason":"Test"}"#, "401 403 403 404 404 404 404 403 403"),
    ("restore_application", "/applications/{application}/restore", "", "401 ok 403 404 404 404 404 403 ok"),
    // reviews: a call under review with a file of the two cities, which the reviewer has; nobody may see an unfiled sheet
    ("read_review_plan", "/calls/{judged_call}/review-plan", "", EVERYBODY),
    ("replace_review_plan", "/calls/{open_call}/review-plan", r#"{"criteria":[],"blind":false,"reviewers_per_file":2}"#, OFFICERS),
    ("list_reviewers", "/calls/{judged_call}/reviewers", "", OFFICERS),
    ("create_reviews", "/calls/{judged_call}/reviews", r#"{"items":[]}"#, OFFICERS),
    ("balance_reviews", "/calls/{judged_call}/balance-reviews", "{}", OFFICERS),
    ("read_committee", "/calls/{judged_call}/committee", "", OFFICERS),
    ("decide_applications", "/calls/{judged_call}/decide", r#"{"items":[]}"#, "401 403 403 403 ok 403 403 403 403"),
    ("list_reviews", "/reviews", "", PEOPLE),
    ("read_review", "/reviews/{review}", "", "401 404 404 404 404 ok 404 404 404"),
    ("replace_sheet", "/reviews/{review}/sheet", "{}", "401 404 404 404 403 ok 403 404 404"),
    ("file_review", "/reviews/{review}/file", "", "401 404 404 404 403 ok 403 404 404"),
    ("declare_conflict", "/reviews/{review}/declare-conflict", r#"{"reason":"Test"}"#, "401 404 404 404 403 ok 403 404 404"),
    ("delete_review", "/reviews/{review}", "", "401 404 404 404 ok 403 ok 404 404"),
    // grants: of a file of the two cities that was accepted
    ("list_grants", "/grants", "", "401 ok ok ok ok ok ok ok ok"),
    ("create_grant", "/grants", r#"{"application_id":"{accepted}","reference":"Test","contracted_on":"2026-11-01"}"#, "401 403 403 403 ok 403 403 403 403"),
    ("read_grant", "/grants/{grant}", "", "401 ok ok 404 ok 404 ok ok ok"),
    ("sign_grant", "/grants/{grant}/sign", "", "401 ok 403 404 ok 404 403 403 ok"),
    ("request_instalment", "/grants/{grant}/request", r#"{"number":1}"#, "401 ok 403 404 403 404 403 403 ok"),
    ("approve_instalment", "/grants/{grant}/approve", r#"{"number":1}"#, FUNDER),
    ("return_instalment", "/grants/{grant}/return", r#"{"reason":"Test"}"#, FUNDER),
    ("pay_instalment", "/grants/{grant}/pay", r#"{"number":1}"#, FUNDER),
    ("hand_in_report", "/grants/{grant}/hand-in-report", r#"{"text":"Test","spent_minor":1}"#, "401 ok 403 404 403 404 403 403 ok"),
    ("accept_report", "/grants/{grant}/accept-report", "", FUNDER),
    ("return_report", "/grants/{grant}/return-report", r#"{"reason":"Test"}"#, FUNDER),
    ("close_grant", "/grants/{grant}/close", "", FUNDER),
    // A draft has no receipt yet: 404 for everybody who is known.
    ("read_receipt", "/applications/{application}/receipt", "", "401 404 404 404 404 404 404 404 404"),
];

/// Only the officers of the programme that pays; its cities and administrators may look.
const FUNDER: &str = "401 403 403 404 ok 404 403 403 403";
/// Only officers and administrators.
const OFFICERS: &str = "401 403 403 403 ok 403 ok 403 403";
const ROUND: &str = r#"{"programme_id":"{programme}","name":{"fr":"Test"},
    "rules":{"mode":"stable","sides":[{"name":{"fr":"A"},"countries":["FR"]},{"name":{"fr":"B"},"countries":["AM"]}]}}"#;
/// Who reads a draft: its cities and their programs, nobody else.
const FILE: &str = "401 ok ok 404 404 404 404 ok ok";
const RULES: &str = r#"{"name":"Test","valid_from":"2026-01-01","valid_to":null,"source":"","currency":"EUR",
    "heads":[{"code":"missions","label":{"fr":"Missions"},"rate_bp":5000}],"country_rates":[],
    "several_countries_rate_bp":null,"own_share_min_bp":0,"in_kind_max_bp":null,"cities_min":0,"own_country":"FR",
    "countries":[],"required_sdgs":[],"instalments_bp":[10000]}"#;
const CALL: &str = r#"{"programme_id":"{programme}","title":{"fr":"Test"},"rule_set_id":"{rule_set}",
    "window":{"opens_at":"2026-11-01T00:00:00Z","closes_at":"2026-12-01T00:00:00Z","zone":"Europe/Paris","grace_s":0}}"#;

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
    let usual = serde_json::to_string(&Weights::default()).unwrap();
    things.0.push(("weights", usual));
    let searches = "/cities/{own_city}/searches";
    things
        .make(&staff, "search", searches, body_of("create_saved_search"))
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
    things.make(&officer, "grant", "/grants", body_of("create_grant")).await;
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
