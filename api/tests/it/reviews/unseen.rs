//! What was decided is the funder's alone until the results of the call are published: role by role, and by the clock.

use serde_json::{Value, json};
use shared::accounts::{ClientScope, Grant};

use super::Desk;
use crate::support::applications::{ok, version};
use crate::support::{Visitor, assert_problem};

/// What a file tells of its decision.
async fn told(who: &Visitor, path: &str) -> (String, bool, usize) {
    let file = ok(who.get(path).await, 200).await;
    (
        file["state"].as_str().unwrap().to_owned(),
        file["decision"].is_object(),
        file["reopenings"].as_array().unwrap().len(),
    )
}

/// The titles of the files in this state, as a list tells them, beside how many it counts.
async fn listed(who: &Visitor, state: &str) -> (Vec<String>, u64) {
    let path = format!("/api/v1/applications?limit=100&count=true&sort=title&state={state}");
    let page = ok(who.get(&path).await, 200).await;
    let items = page["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["state"] == state), "{page}");
    let titles = items.iter().map(|item| item["title"].as_str().unwrap().to_owned());
    (titles.collect(), page["total"].as_u64().unwrap())
}

async fn table(who: &Visitor) -> String {
    let list = who.request("GET", "/api/v1/applications").header("accept", "text/csv");
    list.send().await.unwrap().text().await.unwrap()
}

async fn etag(who: &Visitor, path: &str) -> String {
    let answer = who.get(path).await;
    answer.headers()["etag"].to_str().unwrap().to_owned()
}

const OUTCOMES: [&str; 3] = ["accepted", "rejected", "waitlisted"];

#[actix_web::test]
async fn decisions_are_the_funders_alone_until_the_results_are_published() {
    let desk = Desk::under_review(Some(1_000), &[300, 300, 300, 100], false).await;
    let (server, funder) = (&desk.server, &desk.funder);
    let grenoble = Grant::CityStaff { city_id: desk.grenoble };
    let lead = server.sign_in_as(grenoble).await;
    let partner = server.sign_in_as(Grant::CityStaff { city_id: desk.sevan }).await;
    let program = server.program(grenoble, &[ClientScope::Read]);
    // Whoever reviews for the programme judges, but not what their own city has handed in.
    let both = desk.reviewer(&[grenoble]).await;
    let reviewer = desk.reviewer(&[]).await;
    let cities = [&lead, &partner, &program, &both];
    let house = [&funder.officer, &funder.admin, &reviewer];
    let before = etag(&lead, &desk.file(0)).await;
    for (number, outcome) in OUTCOMES.into_iter().enumerate() {
        desk.decided(number, outcome).await;
    }
    // A decision that was made and taken back again, too.
    let taken_back = desk.decided(3, "accepted").await;
    let reopen = format!("{}/reopen", desk.file(3));
    let why = json!({"reason": "Une pièce n'avait pas été lue."});
    ok(funder.admin.act(&reopen, version(&taken_back), &why).await, 200).await;
    let journal = ok(funder.admin.get("/api/v1/audit?resource=application").await, 200).await;
    // Only the officer was told by mail.
    assert_eq!(
        (&journal["items"][0]["verb"], &journal["items"][0]["details"]["told"]),
        (&json!("reopen"), &json!(1))
    );

    for who in cities {
        for number in 0..4 {
            assert_eq!(told(who, &desk.file(number)).await, ("in_review".to_owned(), false, 0));
        }
        for outcome in OUTCOMES {
            assert_eq!(listed(who, outcome).await, (Vec::new(), 0));
        }
        assert_eq!(listed(who, "in_review").await.1, 4);
        let table = table(who).await;
        assert!(table.contains(",in_review,"), "{table}");
        for outcome in OUTCOMES {
            assert!(!table.contains(outcome), "{table}");
        }
        let results = who.get(&format!("{}/results", desk.call)).await;
        assert_problem(results, 404, "not_found").await;
    }
    assert_eq!(
        ok(lead.get(&desk.file(0)).await, 200).await["allowed"],
        json!(["withdraw"])
    );
    for who in house {
        for (number, outcome) in OUTCOMES.into_iter().enumerate() {
            assert_eq!(told(who, &desk.file(number)).await, (outcome.to_owned(), true, 0));
            assert_eq!(listed(who, outcome).await, (vec![format!("Dossier 00{number}")], 1));
        }
        assert_eq!(told(who, &desk.file(3)).await, ("in_review".to_owned(), false, 1));
        assert_eq!(listed(who, "in_review").await.1, 1);
    }
    let figures = async |city| {
        let steps = ok(lead.get(&format!("/api/v1/cities/{city}/steps")).await, 200).await;
        let of = |name: &str| steps["figures"][name].as_u64().unwrap();
        (of("files_handed_in"), of("files_accepted"))
    };
    assert_eq!(figures(desk.grenoble).await, (4, 0));
    let changes = ok(lead.get("/api/v1/changes?limit=100").await, 200).await;
    assert!(!changes.to_string().contains(&desk.files[0].to_string()));
    // No contract tells of it either.
    let contract = json!({"application_id": desk.files[0], "reference": "R-1", "contracted_on": "2026-11-30"});
    let contract = funder.officer.post("/api/v1/grants", &contract).await;
    assert_problem(contract, 409, "results_unpublished").await;

    let hidden = etag(&lead, &desk.file(0)).await;
    assert_ne!(hidden, before);
    funder.publish(&desk.call).await;
    assert_ne!(etag(&lead, &desk.file(0)).await, hidden, "what is told has changed");
    for who in cities.into_iter().chain(house) {
        for (number, outcome) in OUTCOMES.into_iter().enumerate() {
            assert_eq!(told(who, &desk.file(number)).await, (outcome.to_owned(), true, 0));
            assert_eq!(listed(who, outcome).await.1, 1);
        }
        assert_eq!(listed(who, "in_review").await.1, 1);
    }
    // What was never public stays in the house.
    assert_eq!(told(&lead, &desk.file(3)).await, ("in_review".to_owned(), false, 0));
    assert_eq!(told(&funder.officer, &desk.file(3)).await.2, 1);
    assert_eq!(figures(desk.grenoble).await, (2, 1));
    // And what is decided now is told at once.
    desk.decided(3, "accepted").await;
    assert_eq!(told(&partner, &desk.file(3)).await, ("accepted".to_owned(), true, 0));
    desk.server.stop().await;
}

#[actix_web::test]
async fn a_city_takes_back_what_it_does_not_know_to_be_accepted() {
    let desk = Desk::under_review(Some(1_000), &[600, 500], false).await;
    let lead = desk
        .server
        .sign_in_as(Grant::CityStaff { city_id: desk.grenoble })
        .await;
    let file = desk.decided(0, "accepted").await;
    let decide = format!("{}/decide", desk.file(1));
    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let officer = &desk.funder.officer;
    assert_problem(officer.act(&decide, 1, &accept).await, 409, "envelope_exceeded").await;
    let withdraw = format!("{}/withdraw", desk.file(0));
    let file = ok(lead.act(&withdraw, version(&file), &json!({})).await, 200).await;
    assert_eq!((&file["state"], &file["decision"]), (&json!("withdrawn"), &Value::Null));
    // What it was granted is there for others.
    ok(officer.act(&decide, 1, &accept).await, 200).await;
    desk.funder.publish(&desk.call).await;
    let results = desk.results(&desk.server.anybody(), "").await;
    assert_eq!((&results["accepted"], &results["applications"]), (&json!(1), &json!(1)));
    desk.server.stop().await;
}
