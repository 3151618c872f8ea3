//! The contracts of several accepted files are made together, or none is.

use serde_json::{Value, json};

use super::Granted;
use crate::support::applications::{fewest_statements, id, ok, version};
use crate::support::assert_problem;

impl Granted {
    /// What is told of files that a contract may be made of.
    async fn waiting(&self) -> Vec<Value> {
        let page = self
            .funder
            .officer
            .get("/api/v1/applications?awaiting_contract=true")
            .await;
        ok(page, 200).await["items"].as_array().unwrap().clone()
    }

    /// Contracts of the files that wait, the first numbered 7.
    async fn contracts(&self) -> Value {
        let files = self.waiting().await;
        let items: Vec<Value> = files
            .iter()
            .zip(7..)
            .map(|(file, number)| {
                json!({"application_id": id(file), "version": version(file), "reference": format!("M-{number:03}")})
            })
            .collect();
        json!({"items": items, "contracted_on": "2026-11-01", "years": 2})
    }

    async fn grants(&self) -> u64 {
        let page = self.funder.officer.get("/api/v1/grants?count=true").await;
        ok(page, 200).await["total"].as_u64().unwrap()
    }

    fn contract(&self) -> String {
        format!("{}/contract", self.call)
    }
}

#[actix_web::test]
async fn an_officer_makes_the_contracts_of_a_call_at_once() {
    let granted = Granted::start().await;
    for euros in [10_000, 5_001, 7] {
        granted.accepted(euros).await;
    }
    let officer = &granted.funder.officer;
    let draft = granted.contracts().await;
    let report = ok(officer.post(&granted.contract(), &draft).await, 200).await;
    assert_eq!(
        (
            &report["awarded_minor"],
            &report["currency"],
            report["items"].as_array().map(Vec::len)
        ),
        (&json!(1_500_800), &json!("EUR"), Some(3))
    );
    for (made, asked) in report["items"]
        .as_array()
        .unwrap()
        .iter()
        .zip(draft["items"].as_array().unwrap())
    {
        assert_eq!(
            (&made["application_id"], &made["reference"]),
            (&asked["application_id"], &asked["reference"])
        );
        let path = format!("/api/v1/grants/{}", made["grant_id"].as_str().unwrap());
        let grant = ok(granted.lead.get(&path).await, 200).await;
        assert_eq!(
            (&grant["state"], &grant["reference"], &grant["awarded_minor"]),
            (&json!("contracted"), &made["reference"], &made["awarded_minor"])
        );
        let instalments = grant["life"]["instalments"].as_array().unwrap();
        let sum: i64 = instalments
            .iter()
            .map(|one| one["amount_minor"].as_i64().unwrap())
            .sum();
        assert_eq!(json!(sum), made["awarded_minor"]);
    }
    assert_eq!((granted.grants().await, granted.waiting().await), (3, Vec::new()));
    granted.server.stop().await;
}

#[actix_web::test]
async fn what_stands_against_one_contract_is_told_with_its_place_and_none_is_made() {
    let granted = Granted::start().await;
    for euros in [10_000, 5_001, 7] {
        granted.accepted(euros).await;
    }
    let officer = &granted.funder.officer;
    let path = granted.contract();
    let draft = granted.contracts().await;
    let refused = async |change: &dyn Fn(&mut Value), status: u16, code: &str| {
        let mut draft = draft.clone();
        change(&mut draft);
        let problem = assert_problem(officer.post(&path, &draft).await, status, code).await;
        assert_eq!(granted.grants().await, 0);
        problem["errors"].clone()
    };
    assert_eq!(
        refused(&|draft| draft["items"][1]["version"] = json!(1), 409, "state_conflict").await,
        json!([{"pointer": "/items/1/version", "code": "inconsistent", "params": {"current": "2"}}])
    );
    let stranger = json!(granted.grenoble);
    assert_eq!(
        refused(
            &|draft| draft["items"][2]["application_id"] = stranger.clone(),
            422,
            "invalid"
        )
        .await,
        json!([{"pointer": "/items/2/application_id", "code": "reference"}])
    );
    let twice = refused(&|draft| draft["items"][2] = draft["items"][0].clone(), 422, "invalid").await;
    assert_eq!(
        twice,
        json!([
            {"pointer": "/items/2/application_id", "code": "duplicate"},
            {"pointer": "/items/2/reference", "code": "duplicate"},
        ])
    );
    let date = refused(&|draft| draft["years"] = json!(6), 422, "invalid").await;
    assert_eq!(date[0]["pointer"], "/years");

    // One has its contract already: the others wait until it is left out.
    let first = &draft["items"][0];
    let single = json!({
        "application_id": first["application_id"], "reference": "M-001", "contracted_on": "2026-11-01",
    });
    ok(officer.post("/api/v1/grants", &single).await, 201).await;
    let problem = assert_problem(officer.post(&path, &draft).await, 409, "state_conflict").await;
    assert_eq!(
        problem["errors"],
        json!([{"pointer": "/items/0/application_id", "code": "duplicate"}])
    );
    let rest = granted.contracts().await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(2));
    ok(officer.post(&path, &rest).await, 200).await;
    assert_eq!(granted.grants().await, 3);
    granted.server.stop().await;
}

#[actix_web::test]
async fn files_of_a_call_whose_results_are_not_published_wait_for_no_contract() {
    let granted = Granted::start().await;
    granted.accepted(10_000).await;
    let draft = granted.contracts().await;
    granted
        .server
        .execute("UPDATE calls SET state = 'under_review' WHERE state = 'results_published'")
        .await;
    let officer = &granted.funder.officer;
    assert_eq!(granted.waiting().await, Vec::<Value>::new());
    let accepted = officer
        .get("/api/v1/applications?without_grant=true&state=accepted")
        .await;
    assert_eq!(ok(accepted, 200).await["items"].as_array().map(Vec::len), Some(1));
    assert_problem(
        officer.post(&granted.contract(), &draft).await,
        409,
        "results_unpublished",
    )
    .await;
    assert_problem(granted.lead.post(&granted.contract(), &draft).await, 403, "forbidden").await;
    granted.server.stop().await;
}

/// Reading which files wait, however many they are, and refusing many contracts cost as much as of few.
#[actix_web::test]
async fn many_contracts_cost_no_more_statements_than_their_records() {
    let granted = Granted::start().await;
    let officer = &granted.funder.officer;
    let cost = async || {
        let mut draft = granted.contracts().await;
        draft["items"][0]["version"] = json!(1);
        fewest_statements(&granted.server, async || {
            drop(officer.post(&granted.contract(), &draft).await);
        })
        .await
    };
    granted.accepted(10).await;
    let few = cost().await;
    for euros in 11..15 {
        granted.accepted(euros).await;
    }
    assert_eq!(cost().await, few);
    granted.server.stop().await;
}
