use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::grants::GrantState;

use super::{Granted, at, go, refused};
use crate::support::applications::{fewest_statements, ok};
use crate::support::assert_problem;

fn amounts(grant: &Value) -> Vec<i64> {
    let parts = grant["life"]["instalments"].as_array().unwrap().iter();
    parts.map(|part| part["amount_minor"].as_i64().unwrap()).collect()
}

fn state(grant: &Value) -> (&str, &str) {
    (grant["state"].as_str().unwrap(), grant["next_step"].as_str().unwrap())
}

fn conflict() -> (u16, String) {
    (409, "state_conflict".to_owned())
}

#[actix_web::test]
async fn a_grant_is_signed_reported_on_and_paid_to_the_last_cent() {
    let it = Granted::start().await;
    let (lead, officer) = (&it.lead, &it.funder.officer);
    let grant = it.contracted(10_001, 2).await;
    // Two years; of the last one 80 % and 20 %.
    assert_eq!(amounts(&grant), [500_050, 400_040, 100_010]);
    assert_eq!(state(&grant), ("contracted", "lead_signs"));
    assert_eq!(
        (&grant["report_due_on"], &grant["asked_minor"]),
        (&Value::Null, &json!(1_000_100))
    );

    // Nothing is paid before both have signed.
    assert_eq!(
        refused(lead, &grant, "request", &json!({"number": 1})).await,
        conflict()
    );
    let grant = go(officer, &grant, "sign", &json!({})).await;
    assert_eq!(refused(officer, &grant, "sign", &json!({})).await, conflict());
    assert_eq!(grant["allowed"], json!([]));
    let grant = go(lead, &grant, "sign", &json!({})).await;
    assert_eq!(state(&grant), ("running", "request"));
    assert_eq!(
        (&grant["report_due_on"], &grant["overdue"]),
        (&json!("2027-11-01"), &json!(false))
    );
    assert_eq!(grant["allowed"], json!(["request", "hand_in_report"]));

    // The first instalment needs no report; it is sent back once.
    let one = json!({"number": 1});
    let grant = go(lead, &grant, "request", &one).await;
    let grant = go(officer, &grant, "return", &json!({"reason": "Un RIB manque."})).await;
    assert_eq!(grant["life"]["instalments"][0]["reason"], "Un RIB manque.");
    let grant = go(lead, &grant, "request", &one).await;
    assert_eq!(refused(officer, &grant, "pay", &one).await, conflict());
    let grant = go(officer, &grant, "approve", &one).await;
    let grant = go(officer, &grant, "pay", &one).await;
    assert_eq!(grant["disbursed_minor"], 500_050);
    assert_eq!(grant["life"]["instalments"][0]["paid_on"], "2026-11-20");
    assert_eq!(refused(officer, &grant, "pay", &one).await, conflict());

    // The second one comes with an interim report.
    let told = ok(lead.act(&at(&grant, "/request"), 8, &json!({"number": 2})).await, 422).await;
    assert_eq!(
        (&told["errors"][0]["pointer"], &told["errors"][0]["code"]),
        (&json!("/report"), &json!("required"))
    );
    let two = json!({"number": 2, "report": {"text": "À mi-chemin.", "spent_minor": 480_000}});
    let grant = go(lead, &grant, "request", &two).await;
    assert_eq!(grant["report_due_on"], "2029-02-01");
    let back = json!({"reason": "Les dépenses ?", "due_on": "2027-12-01"});
    let grant = go(officer, &grant, "return", &back).await;
    assert_eq!(grant["report_due_on"], "2027-12-01");
    let grant = go(lead, &grant, "request", &two).await;
    let grant = go(officer, &grant, "approve", &json!({"number": 2})).await;
    let grant = go(officer, &grant, "pay", &json!({"number": 2})).await;
    assert_eq!(state(&grant), ("running", "final_report"));

    // The last one waits for the final report.
    let three = json!({"number": 3});
    assert_eq!(refused(lead, &grant, "request", &three).await, conflict());
    let report = json!({"text": "Le lac est suivi.", "spent_minor": 1_000_100});
    let grant = go(lead, &grant, "hand-in-report", &report).await;
    assert_eq!(refused(lead, &grant, "request", &three).await, conflict());
    let grant = go(officer, &grant, "return-report", &json!({"reason": "Et la suite ?"})).await;
    let grant = go(lead, &grant, "hand-in-report", &report).await;
    let grant = go(officer, &grant, "accept-report", &json!({})).await;
    assert_eq!(refused(officer, &grant, "close", &json!({})).await, conflict());
    let grant = go(lead, &grant, "request", &three).await;
    let grant = go(officer, &grant, "approve", &three).await;
    let grant = go(officer, &grant, "pay", &three).await;
    assert_eq!(state(&grant), ("final_report", "close"));
    let grant = go(officer, &grant, "close", &json!({})).await;
    assert_eq!(
        (state(&grant), &grant["disbursed_minor"]),
        (("closed", "done"), &json!(1_000_100))
    );
    assert_eq!((&grant["report_due_on"], &grant["allowed"]), (&Value::Null, &json!([])));
    it.server.stop().await;
}

/// Every action in every state: only those that are drawn pass.
#[actix_web::test]
async fn only_drawn_moves_pass_from_each_state() {
    let it = Granted::start().await;
    let (lead, officer) = (&it.lead, &it.funder.officer);
    let report = json!({"text": "Fait.", "spent_minor": 1});
    let back = json!({"reason": "Encore."});
    let (one, two) = (json!({"number": 1}), json!({"number": 2}));
    let contracted = it.contracted(100, 1).await;
    let running = it.running(100, 1).await;
    let mut requested = it.running(100, 1).await;
    requested = go(lead, &requested, "request", &one).await;
    let mut approved = it.running(100, 1).await;
    for (who, step) in [(lead, "request"), (officer, "approve")] {
        approved = go(who, &approved, step, &one).await;
    }
    let mut reported = it.running(100, 1).await;
    reported = go(lead, &reported, "hand-in-report", &report).await;
    let mut closed = it.running(100, 1).await;
    for (who, step, body) in [
        (lead, "request", &one),
        (officer, "approve", &one),
        (officer, "pay", &one),
        (lead, "hand-in-report", &report),
        (officer, "accept-report", &json!({})),
        (lead, "request", &two),
        (officer, "approve", &two),
        (officer, "pay", &two),
        (officer, "close", &json!({})),
    ] {
        closed = go(who, &closed, step, body).await;
    }
    let drawn: [(&Value, GrantState, &[&str]); 6] = [
        (&contracted, GrantState::Contracted, &["sign"]),
        (&running, GrantState::Running, &["request", "hand-in-report"]),
        (
            &requested,
            GrantState::Running,
            &["approve", "return", "hand-in-report"],
        ),
        (&approved, GrantState::Running, &["pay", "hand-in-report"]),
        (
            &reported,
            GrantState::FinalReport,
            &["request", "accept-report", "return-report"],
        ),
        (&closed, GrantState::Closed, &[]),
    ];
    let moves = [
        (lead, "sign", json!({})),
        (lead, "request", one.clone()),
        (officer, "approve", one.clone()),
        (officer, "return", back.clone()),
        (officer, "pay", one.clone()),
        (lead, "hand-in-report", report.clone()),
        (officer, "accept-report", json!({})),
        (officer, "return-report", back.clone()),
        (officer, "close", json!({})),
    ];
    for (grant, state, allowed) in drawn {
        assert_eq!(grant["state"], state.code());
        for (who, step, body) in &moves {
            if !allowed.contains(step) {
                assert_eq!(
                    refused(who, grant, step, body).await,
                    conflict(),
                    "{step} in {}",
                    grant["next_step"]
                );
            }
        }
        // What is refused changes nothing.
        let now = ok(lead.get(&at(grant, "")).await, 200).await;
        assert_eq!(now["version"], grant["version"]);
    }
    for (grant, _, allowed) in drawn {
        for (who, step, body) in moves.iter().filter(|(_, step, _)| allowed.first() == Some(step)) {
            go(who, grant, step, body).await;
        }
    }
    it.server.stop().await;
}

#[actix_web::test]
async fn only_an_accepted_file_has_a_grant_and_only_one() {
    let it = Granted::start().await;
    let officer = &it.funder.officer;
    let draft = |file: &str| json!({"application_id": file, "reference": "R-1", "contracted_on": "2026-11-01"});
    let accepted = it.accepted(100).await;
    ok(officer.post("/api/v1/grants", &draft(&accepted)).await, 201).await;
    assert_problem(
        officer.post("/api/v1/grants", &draft(&accepted)).await,
        409,
        "already_exists",
    )
    .await;
    let parties = [(it.grenoble, shared::partnerships::PartyRole::Lead)];
    let waiting = crate::support::applications::insert_file(
        &it.server,
        it.funder.programme,
        &it.call,
        ("Attente", &parties, 100),
    )
    .await
    .to_string();
    assert_problem(
        officer.post("/api/v1/grants", &draft(&waiting)).await,
        409,
        "state_conflict",
    )
    .await;
    let nothing = ok(
        officer
            .post("/api/v1/grants", &draft("01980a5c-7c00-7000-8000-000000000001"))
            .await,
        422,
    )
    .await;
    assert_eq!(nothing["errors"][0]["pointer"], "/application_id");
    for (pointer, value) in [
        ("/reference", json!(" ")),
        ("/years", json!(6)),
        ("/final_report_due_on", json!("2026-11-01")),
    ] {
        let mut wrong = draft(&waiting);
        wrong[&pointer[1..]] = value;
        let told = ok(officer.post("/api/v1/grants", &wrong).await, 422).await;
        assert_eq!(told["errors"][0]["pointer"], pointer);
    }
    it.server.stop().await;
}

#[actix_web::test]
async fn cities_and_funder_see_their_grants_with_as_few_statements_for_many_as_for_one() {
    let it = Granted::start().await;
    let (lead, officer) = (&it.lead, &it.funder.officer);
    let path = "/api/v1/grants?count=true&limit=100";
    let one = it.running(100, 1).await;
    let cost = |visitor| {
        let server = &it.server;
        async move { fewest_statements(server, async || drop(ok(visitor_get(visitor, path).await, 200).await)).await }
    };
    let (for_one, for_one_city) = (cost(officer).await, cost(lead).await);
    let late = it.running(200, 2).await;
    it.contracted(300, 1).await;
    assert_eq!((cost(officer).await, cost(lead).await), (for_one, for_one_city));

    let page = ok(officer.get(path).await, 200).await;
    let due: Vec<&Value> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| &grant["report_due_on"])
        .collect();
    // The earliest report first; what nobody waits for last.
    assert_eq!(due, [&json!("2027-11-01"), &json!("2028-02-01"), &Value::Null]);
    assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(3), &late["id"]));
    let first = ok(officer.get("/api/v1/grants?limit=1").await, 200).await;
    let cursor = first["next"].as_str().unwrap();
    let second = ok(
        officer.get(&format!("/api/v1/grants?limit=1&cursor={cursor}")).await,
        200,
    )
    .await;
    assert_eq!(second["items"][0]["id"], one["id"]);

    let csv = officer
        .request("GET", path)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    let csv = csv.text().await.unwrap();
    assert!(csv.lines().count() == 4 && csv.contains("MEAE-2026-001"), "{csv}");

    // The partner reads and does nothing; others do not know of it.
    let seen = ok(it.partner.get(&at(&one, "")).await, 200).await;
    assert_eq!((&seen["title"], &seen["allowed"]), (&json!("L'eau du lac"), &json!([])));
    assert_eq!(
        refused(&it.partner, &one, "request", &json!({"number": 1})).await.0,
        403
    );
    let (_, stranger) = it.server.staffed_city("Goris", "AM").await;
    assert_problem(stranger.get(&at(&one, "")).await, 404, "not_found").await;
    let none = ok(stranger.get(path).await, 200).await;
    assert_eq!(none["total"], 0);
    let elsewhere = it.server.sign_in_as(Grant::Admin).await;
    assert_eq!(ok(elsewhere.get(path).await, 200).await["total"], 3);
    it.server.stop().await;
}

async fn visitor_get(visitor: &crate::support::Visitor, path: &str) -> reqwest::Response {
    visitor.get(path).await
}
