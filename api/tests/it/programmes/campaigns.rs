use serde_json::{Value, json};
use shared::partnerships::PartyRole;

use crate::support::applications::{call_draft, fewest_statements, id, insert_file, ok, window};
use crate::support::{Server, assert_problem};

/// A campaign's figures are those of its rows: counted here by hand.
#[actix_web::test]
async fn figures_are_counted_from_the_files_and_a_claim_is_kept_beside_them() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let officer = &funder.officer;
    let now = server.platform.clock.now();
    let mut over = window(now);
    over["opens_at"] = json!(now - chrono::TimeDelta::hours(2));
    over["closes_at"] = json!(now - chrono::TimeDelta::hours(1));
    let mut calls = Vec::new();
    for _ in 0..2 {
        let draft = call_draft(funder.programme, &funder.rules, &over);
        calls.push(ok(officer.post("/api/v1/calls", &draft).await, 201).await);
    }
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let dakar = server.add_city("Dakar", "SN").await;
    let mut files = Vec::new();
    for (call, partners) in [(0, &[sevan][..]), (0, &[sevan, dakar]), (1, &[dakar])] {
        let mut parties = vec![(grenoble, PartyRole::Lead)];
        parties.extend(partners.iter().map(|&city| (city, PartyRole::Partner)));
        let path = format!("/api/v1/calls/{}", id(&calls[call]));
        files.push(insert_file(&server, funder.programme, &path, ("Dossier", &parties, 1_000)).await);
    }
    for (file, decision) in [
        (
            files[0],
            json!({"outcome": "accepted", "reason": "Oui.", "granted_minor": 80_000}),
        ),
        (files[1], json!({"outcome": "rejected", "reason": "Non."})),
    ] {
        let path = format!("/api/v1/applications/{file}/decide");
        ok(officer.act(&path, 1, &decision).await, 200).await;
    }
    let draft = json!({
        "programme_id": funder.programme,
        "year": 2025,
        "name": {"fr": "Campagne 2025"},
        "call_ids": [calls[0]["id"], calls[1]["id"]],
        "claim": {"author": "Le ministère", "rate_bp": 6_000, "source": "Annonce du 25 août 2025"},
    });
    let made = ok(officer.post("/api/v1/campaigns", &draft).await, 201).await;
    let total = json!({
        "applications": 3, "supported": 1, "rate_bp": 3_333,
        "asked_minor": 300_000, "awarded_minor": 80_000, "disbursed_minor": 0,
    });
    assert_eq!((&made["total"], &made["currency"]), (&total, &json!("EUR")));
    let counts: Vec<&Value> = made["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["applications"])
        .collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(
        made["countries"],
        json!([
            {"country": "AM", "applications": 2, "supported": 1},
            {"country": "SN", "applications": 2, "supported": 0},
        ])
    );
    assert_eq!(
        (&made["claim"]["rate_bp"], &made["claim_differs"]),
        (&json!(6_000), &json!(true))
    );

    // A call is in one campaign; one of another programme is in none of this one.
    let taken = ok(officer.post("/api/v1/campaigns", &draft).await, 422).await;
    assert_eq!(taken["errors"][0]["pointer"], "/call_ids");
    let listed = ok(officer.get("/api/v1/campaigns").await, 200).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);

    // Not before the results are public does anybody else see what was decided.
    let path = format!("/api/v1/campaigns/{}", id(&made));
    assert_problem(server.get(&path).await, 404, "not_found").await;
    assert_eq!(ok(server.get("/api/v1/campaigns").await, 200).await["items"], json!([]));
    server
        .execute("UPDATE calls SET state = 'results_published' WHERE campaign_id IS NOT NULL")
        .await;
    assert_eq!(ok(server.get(&path).await, 200).await["total"], total);
    assert_eq!(
        ok(server.get("/api/v1/campaigns").await, 200).await["items"][0]["id"],
        made["id"]
    );
    let csv = server
        .request("GET", &path)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    let csv = csv.text().await.unwrap();
    assert!(
        csv.lines().count() == 4 && csv.contains(",3,1,3333,EUR,300000,80000,0"),
        "{csv}"
    );
    let cost = fewest_statements(&server, async || drop(ok(server.get(&path).await, 200).await)).await;
    assert_eq!(
        cost, 5,
        "the campaign, its calls, its files, what is paid, its countries"
    );
    server.stop().await;
}
