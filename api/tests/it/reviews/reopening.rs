//! Decisions that are taken back, and the results that are public.

use actix_web::rt;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::partnerships::PartyRole;

use super::Desk;
use crate::support::applications::{insert_file, ok, statements_of, version};
use crate::support::{Visitor, assert_problem};

/// Rounds of a race.
const ROUNDS: usize = 12;

/// Why, in words that a mail takes as they are.
const WHY: &str = "A document was not read.";

impl Desk {
    pub(super) fn file(&self, number: usize) -> String {
        format!("/api/v1/applications/{}", self.files[number])
    }

    pub(super) async fn decided(&self, number: usize, outcome: &str) -> Value {
        let path = self.file(number);
        let file = ok(self.funder.officer.get(&path).await, 200).await;
        let draft = json!({"outcome": outcome, "reason": "Avis du comité."});
        let answer = self
            .funder
            .officer
            .act(&format!("{path}/decide"), version(&file), &draft)
            .await;
        ok(answer, 200).await
    }

    pub(super) async fn results(&self, who: &Visitor, query: &str) -> Value {
        ok(who.get(&format!("{}/results{query}", self.call)).await, 200).await
    }
}

async fn reopen(who: &Visitor, path: &str, version: i64, reason: &str) -> reqwest::Response {
    who.act(&format!("{path}/reopen"), version, &json!({"reason": reason}))
        .await
}

fn projects(results: &Value) -> Vec<(&str, &str, Option<i64>, bool)> {
    let items = results["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            (
                item["title"].as_str().unwrap(),
                item["state"].as_str().unwrap(),
                item["granted_minor"].as_i64(),
                item["reopened_at"].is_string(),
            )
        })
        .collect()
}

#[actix_web::test]
async fn an_administrator_reopens_a_decision_and_everybody_concerned_learns_why() {
    let desk = Desk::under_review(Some(1_000), &[600, 500, 300], false).await;
    let (admin, path) = (&desk.funder.admin, desk.file(0));
    let lead = desk
        .server
        .sign_in_as(Grant::CityStaff { city_id: desk.grenoble })
        .await;
    let partner = desk.server.sign_in_as(Grant::CityStaff { city_id: desk.sevan }).await;
    let elsewhere = desk.server.add_city("Annecy", "FR").await;
    let stranger = desk.server.sign_in_as(Grant::CityStaff { city_id: elsewhere }).await;
    for (reader, language) in [
        (&lead, "fr"),
        (&partner, "uk"),
        (&desk.funder.officer, "en"),
        (&stranger, "en"),
    ] {
        ok(reader.patch("/api/v1/me", 1, &json!({"language": language})).await, 200).await;
    }
    // Nothing is decided yet.
    assert_problem(reopen(admin, &path, 1, WHY).await, 409, "state_conflict").await;
    desk.funder.publish(&desk.call).await;
    let file = desk.decided(0, "accepted").await;
    assert_eq!((&file["state"], &file["reopenings"]), (&json!("accepted"), &json!([])));
    desk.decided(2, "rejected").await;

    // An administrator alone, with a reason, on what it has read.
    for who in [&lead, &partner, &desk.funder.officer] {
        assert_problem(reopen(who, &path, version(&file), WHY).await, 403, "forbidden").await;
    }
    assert_problem(reopen(&stranger, &path, version(&file), WHY).await, 404, "not_found").await;
    assert_problem(reopen(admin, &path, 1, WHY).await, 412, "stale").await;
    let problem = assert_problem(reopen(admin, &path, version(&file), " ").await, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    let may = ok(admin.get(&path).await, 200).await["allowed"].clone();
    assert_eq!(may, json!(["reopen"]));

    let file = ok(reopen(admin, &path, version(&file), WHY).await, 200).await;
    assert_eq!((&file["state"], &file["decision"]), (&json!("in_review"), &Value::Null));
    let was = &file["reopenings"][0];
    assert_eq!(
        (
            &was["reason"],
            &was["outcome"],
            &was["granted_minor"],
            &was["after_publication"]
        ),
        (&json!(WHY), &json!("accepted"), &json!(60_000), &json!(true))
    );
    assert_eq!(was["reopened_by"], json!(admin.account_id));
    assert_eq!(was["decision_reason"], "Avis du comité.");
    // The cities read why, not who.
    let seen = ok(lead.get(&path).await, 200).await;
    assert_eq!(
        (&seen["reopenings"][0]["reason"], &seen["reopenings"][0]["reopened_by"]),
        (&json!(WHY), &Value::Null)
    );
    assert_problem(reopen(admin, &path, version(&file), WHY).await, 409, "state_conflict").await;
    let journal = ok(admin.get("/api/v1/audit?resource=application").await, 200).await;
    assert_eq!(
        (&journal["items"][0]["verb"], &journal["items"][0]["details"]["told"]),
        (&json!("reopen"), &json!(3))
    );

    // A mail for each of them, in the reader's language, that nobody has to stop.
    let taken = desk.server.mailed().await;
    // Beside the letters about the two decisions, which are made known at once.
    let (letters, taken): (Vec<_>, Vec<_>) = taken.into_iter().partition(|mail| !mail.words().contains(WHY));
    assert_eq!(letters.len(), 4);
    assert_eq!(taken.len(), 3);
    for reader in [&lead, &partner, &desk.funder.officer] {
        let me = ok(reader.get("/api/v1/me").await, 200).await;
        let to = [me["email"].as_str().unwrap()];
        let mail = taken.iter().find(|mail| mail.to == to).unwrap();
        let words = mail.words();
        for part in [
            WHY,
            "Dossier 000",
            &format!("https://passerelle.example/applications/{}", desk.files[0]),
        ] {
            assert!(words.contains(part), "{part} in {words}");
        }
        assert!(!mail.content.contains("List-Unsubscribe"));
        let own = match me["language"].as_str().unwrap() {
            "fr" => "rouverte",
            "uk" => "Вітаємо",
            _ => "reopened",
        };
        assert!(words.contains(own), "{own} in {words}");
    }
    desk.server.stop().await;
}

#[actix_web::test]
async fn what_was_granted_is_free_again_and_never_granted_twice() {
    let desk = Desk::under_review(Some(1_000), &[600, 500], false).await;
    let admin = &desk.funder.admin;
    let file = desk.decided(0, "accepted").await;
    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let other = format!("{}/decide", desk.file(1));
    assert_problem(
        desk.funder.officer.act(&other, 1, &accept).await,
        409,
        "envelope_exceeded",
    )
    .await;
    let file = ok(reopen(admin, &desk.file(0), version(&file), WHY).await, 200).await;
    ok(desk.funder.officer.act(&other, 1, &accept).await, 200).await;
    // Now it is the first one that does not fit any more as it was.
    let path = format!("{}/decide", desk.file(0));
    assert_problem(
        desk.funder.officer.act(&path, version(&file), &accept).await,
        409,
        "envelope_exceeded",
    )
    .await;
    let less = json!({"outcome": "accepted", "reason": "Moins.", "granted_minor": 50_000});
    let file = ok(desk.funder.officer.act(&path, version(&file), &less).await, 200).await;
    assert_eq!(file["decision"]["granted_minor"], 50_000);
    assert_eq!(desk.committee("").await["committed_minor"], 100_000);
    // The former decision stays told.
    assert_eq!(file["reopenings"][0]["granted_minor"], 60_000);

    // A contract binds; none is made before the results are public.
    let draft = json!({"application_id": desk.files[0], "reference": "R-1", "contracted_on": "2026-11-30"});
    assert_problem(
        desk.funder.officer.post("/api/v1/grants", &draft).await,
        409,
        "results_unpublished",
    )
    .await;
    desk.funder.publish(&desk.call).await;
    let offered = async || {
        let file = ok(admin.get(&desk.file(0)).await, 200).await;
        file["allowed"]
            .as_array()
            .is_some_and(|all| all.contains(&json!("reopen")))
    };
    assert!(offered().await);
    ok(desk.funder.officer.post("/api/v1/grants", &draft).await, 201).await;
    assert!(!offered().await);
    assert_problem(
        reopen(admin, &desk.file(0), version(&file), WHY).await,
        409,
        "decision_bound",
    )
    .await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn either_the_contract_is_made_or_the_decision_reopened() {
    let desk = Desk::under_review(None, &[], false).await;
    desk.funder.publish(&desk.call).await;
    let beside = desk.server.start_beside().await;
    let admin = desk.funder.admin.at(&beside);
    let parties = [(desk.grenoble, PartyRole::Lead), (desk.sevan, PartyRole::Partner)];
    let mut reopened = 0;
    for round in 0..ROUNDS {
        let told = ("Dossier", &parties[..], 100);
        let file = insert_file(&desk.server, desk.funder.programme, &desk.call, told).await;
        let path = format!("/api/v1/applications/{file}");
        let accept = json!({"outcome": "accepted", "reason": "Oui."});
        ok(
            desk.funder.officer.act(&format!("{path}/decide"), 1, &accept).await,
            200,
        )
        .await;
        let (admin, officer) = (admin.clone(), desk.funder.officer.clone());
        let draft = json!({"application_id": file, "reference": format!("R-{round}"), "contracted_on": "2026-11-30"});
        let taken_back = rt::spawn({
            let path = path.clone();
            async move { reopen(&admin, &path, 2, WHY).await.status().as_u16() }
        });
        let contract = rt::spawn(async move { officer.post("/api/v1/grants", &draft).await.status().as_u16() });
        let statuses = (taken_back.await.unwrap(), contract.await.unwrap());
        let now = ok(desk.funder.officer.get(&path).await, 200).await;
        match statuses {
            (200, 409) => assert_eq!(now["state"], "in_review"),
            (409, 201) => assert_eq!(now["state"], "accepted"),
            other => panic!("round {round}: {other:?}"),
        }
        reopened += usize::from(statuses.0 == 200);
    }
    println!("reopened first in {reopened} of {ROUNDS} rounds");
    beside.stop().await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn published_results_tell_what_was_reopened() {
    let desk = Desk::under_review(Some(1_000), &[300, 300, 300, 50], false).await;
    let anybody = desk.server.anybody();
    let path = format!("{}/results", desk.call);
    let mut files = Vec::new();
    for (number, outcome) in [(0, "accepted"), (1, "accepted"), (2, "accepted"), (3, "rejected")] {
        files.push(desk.decided(number, outcome).await);
    }
    // Until the results are published they are the funder's.
    assert_problem(anybody.get(&path).await, 404, "not_found").await;
    assert_eq!(desk.results(&desk.funder.officer, "").await["accepted"], 3);
    desk.funder.publish(&desk.call).await;
    let results = desk.results(&anybody, "").await;
    assert_eq!(
        projects(&results),
        [
            ("Dossier 000", "accepted", Some(30_000), false),
            ("Dossier 001", "accepted", Some(30_000), false),
            ("Dossier 002", "accepted", Some(30_000), false),
        ]
    );
    assert_eq!(
        (
            &results["applications"],
            &results["granted_minor"],
            &results["reopened"]
        ),
        (&json!(4), &json!(90_000), &json!(0))
    );
    assert_eq!(results["items"][0]["partner_names"], json!(["Sevan"]));

    // Two that were accepted are reopened, and one that was not: of that one nothing is told.
    for number in [0, 1, 3] {
        let before = version(&files[number]);
        files[number] = ok(reopen(&desk.funder.admin, &desk.file(number), before, WHY).await, 200).await;
        assert_eq!(files[number]["reopenings"][0]["after_publication"], true);
    }
    let results = desk.results(&anybody, "").await;
    assert_eq!(
        projects(&results),
        [
            ("Dossier 000", "reopened", None, true),
            ("Dossier 001", "reopened", None, true),
            ("Dossier 002", "accepted", Some(30_000), false),
        ]
    );
    assert_eq!(
        (&results["accepted"], &results["granted_minor"], &results["reopened"]),
        (&json!(1), &json!(30_000), &json!(2))
    );
    desk.decided(0, "accepted").await;
    desk.decided(1, "rejected").await;
    desk.decided(3, "accepted").await;
    let results = desk.results(&anybody, "").await;
    assert_eq!(
        projects(&results),
        [
            ("Dossier 000", "accepted", Some(30_000), true),
            ("Dossier 001", "removed", None, true),
            ("Dossier 002", "accepted", Some(30_000), false),
            ("Dossier 003", "accepted", Some(5_000), true),
        ]
    );
    // Page by page the same, and as a table.
    let mut paged = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = desk.results(&anybody, &query).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=3&cursor={next}");
    }
    assert_eq!(json!(paged), results["items"]);
    let table = anybody
        .request("GET", &path)
        .header("Accept", "text/csv")
        .send()
        .await
        .unwrap();
    let table = table.text().await.unwrap();
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("Dossier 001,removed,"), "{table}");
    // As many statements for four projects as for one.
    let all = statements_of(&desk.server, &anybody, &path).await;
    assert_eq!(
        all,
        statements_of(&desk.server, &anybody, &format!("{path}?limit=1")).await
    );
    desk.server.stop().await;
}
