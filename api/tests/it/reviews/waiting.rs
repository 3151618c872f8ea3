//! The waiting list: in the order of the ranking, and accepted from it once there is money.

use actix_web::rt;
use serde_json::{Value, json};
use shared::accounts::Grant;

use super::Desk;
use crate::support::applications::{ok, statements_of, version};
use crate::support::{Visitor, assert_problem};

/// Rounds of a race.
const ROUNDS: usize = 8;

fn list(results: &Value) -> Vec<(&str, &str, Option<u64>)> {
    let items = results["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            (
                item["title"].as_str().unwrap(),
                item["state"].as_str().unwrap(),
                item["waitlist_place"].as_u64(),
            )
        })
        .collect()
}

async fn place(who: &Visitor, path: &str) -> Value {
    ok(who.get(path).await, 200).await["decision"]["waitlist_place"].clone()
}

impl Desk {
    async fn set_envelope(&self, euros: i64) -> reqwest::Response {
        let call = ok(self.funder.officer.get(&self.call).await, 200).await;
        let patch = json!({"envelope_minor": euros * 100});
        self.funder.officer.patch(&self.call, version(&call), &patch).await
    }
}

#[actix_web::test]
async fn who_waits_has_a_place_by_the_ranking_and_is_accepted_once_there_is_money() {
    let desk = Desk::under_review(Some(500), &[500, 400, 300, 200, 100], false).await;
    let officer = &desk.funder.officer;
    let reviewer = desk.reviewer(&[]).await;
    for (number, score) in [(0, (5, 4)), (1, (2, 2)), (2, (4, 3)), (3, (2, 2))] {
        desk.filed(desk.files[number], &reviewer, score).await;
    }
    desk.decided(0, "accepted").await;
    // Together: the last one was never judged by anybody.
    let items = [1, 2, 3, 4].map(|file| desk.decision(file, "waitlisted"));
    let report = ok(desk.post("decide", &json!({ "items": items })).await, 200).await;
    assert_eq!(report["committed_minor"], 50_000);
    assert!(
        report["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|file| file["state"] == "waitlisted" && file["granted_minor"].is_null())
    );
    let sheet = desk.committee("").await;
    assert_eq!(
        (&sheet["undecided"], &sheet["accepted"], &sheet["waitlisted"]),
        (&json!(0), &json!(1), &json!(4))
    );
    assert!(
        sheet["items"].as_array().unwrap()[1..]
            .iter()
            .all(|row| row["affordability"] == "beyond")
    );
    // Nobody judges it any more, and nothing is granted without a sum that is there.
    let mut granted = desk.decision(1, "waitlisted");
    granted["granted_minor"] = json!(1);
    let told = ok(desk.post("decide", &json!({"items": [granted]})).await, 422).await;
    assert_eq!(told["errors"][0]["pointer"], "/items/0/granted_minor");
    let again = json!({"outcome": "waitlisted", "reason": "Encore."});
    let decide = |number: usize| format!("{}/decide", desk.file(number));
    assert_problem(officer.act(&decide(2), 2, &again).await, 409, "state_conflict").await;
    let accept = json!({"outcome": "accepted", "reason": "De l'argent s'est libéré."});
    assert_problem(officer.act(&decide(2), 2, &accept).await, 409, "envelope_exceeded").await;

    let lead = desk
        .server
        .sign_in_as(Grant::CityStaff { city_id: desk.grenoble })
        .await;
    assert_eq!(place(&lead, &desk.file(2)).await, Value::Null);
    desk.funder.publish(&desk.call).await;
    let anybody = desk.server.anybody();
    let waits = "waitlisted";
    let results = desk.results(&anybody, "").await;
    assert_eq!(
        list(&results),
        [
            ("Dossier 000", "accepted", None),
            ("Dossier 002", waits, Some(1)),
            ("Dossier 001", waits, Some(2)),
            ("Dossier 003", waits, Some(2)),
            ("Dossier 004", waits, None),
        ]
    );
    assert_eq!((&results["accepted"], &results["waitlisted"]), (&json!(1), &json!(4)));
    let mut paged = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = desk.results(&anybody, &query).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(json!(paged), results["items"]);
    let path = format!("{}/results", desk.call);
    let csv = anybody.request("GET", &path).header("accept", "text/csv").send().await;
    let csv = csv.unwrap().text().await.unwrap();
    assert!(csv.contains("Dossier 001,waitlisted,"), "{csv}");
    let all = statements_of(&desk.server, &anybody, &path).await;
    assert_eq!(
        all,
        statements_of(&desk.server, &anybody, &format!("{path}?limit=1")).await
    );
    assert_eq!(
        (place(&lead, &desk.file(2)).await, place(&lead, &desk.file(1)).await),
        (json!(1), json!(2))
    );

    // The envelope is never below what is granted; raised, it pays for the first who waits, and the others move up.
    let problem = assert_problem(desk.set_envelope(499).await, 422, "invalid").await;
    assert_eq!(
        problem["errors"][0],
        json!({"pointer": "/envelope_minor", "code": "range", "params": {"min": "50000", "difference": "100"}})
    );
    // Without an envelope nothing is beyond it.
    let call = ok(officer.get(&desk.call).await, 200).await;
    let none = json!({"envelope_minor": null});
    let call = ok(officer.patch(&desk.call, version(&call), &none).await, 200).await;
    assert_eq!(call["envelope_minor"], Value::Null);
    assert_eq!(desk.committee("").await["items"][4]["affordability"], "fits_the_rest");
    ok(desk.set_envelope(800).await, 200).await;
    let row = &desk.committee("").await["items"][1];
    assert_eq!(
        (&row["title"], &row["affordability"]),
        (&json!("Dossier 002"), &json!("fits_the_rest"))
    );
    let file = ok(officer.act(&decide(2), 2, &accept).await, 200).await;
    assert_eq!(
        (
            &file["state"],
            &file["decision"]["granted_minor"],
            &file["decision"]["waitlist_place"]
        ),
        (&json!("accepted"), &json!(30_000), &Value::Null)
    );
    assert_eq!(place(&lead, &desk.file(1)).await, json!(1));
    let refused = json!({"outcome": "rejected", "reason": "Plus d'argent."});
    ok(officer.act(&decide(3), 2, &refused).await, 200).await;
    // The lead of a file that waits may still take it back.
    let withdraw = format!("{}/withdraw", desk.file(4));
    ok(lead.act(&withdraw, 2, &json!({})).await, 200).await;
    assert_eq!(
        list(&desk.results(&anybody, "").await),
        [
            ("Dossier 000", "accepted", None),
            ("Dossier 002", "accepted", None),
            ("Dossier 001", waits, Some(1)),
        ]
    );
    desk.server.stop().await;
}

#[actix_web::test]
async fn of_two_officers_one_spends_what_is_left() {
    let desk = Desk::under_review(Some(0), &[100; 2 * ROUNDS], false).await;
    let beside = desk.server.start_beside().await;
    let officer = Grant::ProgrammeOfficer {
        programme_id: desk.funder.programme,
    };
    let other = desk.server.sign_in_as(officer).await.at(&beside);
    let all: Vec<Value> = (0..2 * ROUNDS).map(|file| desk.decision(file, "waitlisted")).collect();
    ok(desk.post("decide", &json!({ "items": all })).await, 200).await;
    for round in 0..ROUNDS {
        // Money for one more.
        ok(desk.set_envelope(100 * (round as i64 + 1)).await, 200).await;
        let accept = json!({"outcome": "accepted", "reason": "Oui."});
        let tries = [(2 * round, desk.funder.officer.clone()), (2 * round + 1, other.clone())];
        let running = tries.map(|(number, who)| {
            let (path, accept) = (format!("{}/decide", desk.file(number)), accept.clone());
            rt::spawn(async move { who.act(&path, 2, &accept).await.status().as_u16() })
        });
        let mut statuses = Vec::new();
        for one in running {
            statuses.push(one.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "round {round}");
        let sheet = desk.committee("").await;
        assert_eq!(sheet["committed_minor"], 10_000 * (round as i64 + 1));
    }
    beside.stop().await;
    desk.server.stop().await;
}
