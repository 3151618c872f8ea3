use actix_web::rt;
use serde_json::json;

use super::{Granted, at, go};
use crate::support::Visitor;
use crate::support::applications::{ok, version};

/// Rounds of a race, each with a grant of its own.
const ROUNDS: usize = 25;
/// Officers who pay at once, at two processes.
const OFFICERS: usize = 6;

async fn officers(it: &Granted, beside: &crate::support::Server) -> Vec<Visitor> {
    let mut officers = Vec::new();
    for number in 0..OFFICERS {
        let officer = it.officer().await;
        officers.push(if number % 2 == 0 { officer } else { officer.at(beside) });
    }
    officers
}

/// Sends the same request for all at once; gives the statuses in order.
async fn at_once(officers: &[Visitor], path: &str, if_match: &str) -> Vec<u16> {
    let sent: Vec<_> = officers
        .iter()
        .map(|officer| {
            let request = officer
                .request("POST", path)
                .header("if-match", if_match)
                .json(&json!({"number": 1}));
            rt::spawn(async move { request.send().await.unwrap().status().as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in sent {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

/// They know the version, or (`*`) pay whatever there is: one of them pays, once.
#[actix_web::test]
async fn however_many_officers_pay_at_once_an_instalment_is_paid_once() {
    let it = Granted::start().await;
    let beside = it.server.start_beside().await;
    let officers = officers(&it, &beside).await;
    let one = json!({"number": 1});
    for round in 0..ROUNDS {
        let grant = it.running(1_000, 1).await;
        let grant = go(&it.lead, &grant, "request", &one).await;
        let grant = go(&it.funder.officer, &grant, "approve", &one).await;
        let known = format!("\"{}\"", version(&grant));
        let (if_match, other) = if round % 2 == 0 {
            (known.as_str(), 412)
        } else {
            ("*", 409)
        };
        let statuses = at_once(&officers, &at(&grant, "/pay"), if_match).await;
        assert_eq!(statuses[0], 200, "{statuses:?}");
        assert!(statuses[1..].iter().all(|&status| status == other), "{statuses:?}");
        let after = ok(it.lead.get(&at(&grant, "")).await, 200).await;
        assert_eq!(
            (&after["disbursed_minor"], version(&after)),
            (&json!(80_000), version(&grant) + 1)
        );
    }
    beside.stop().await;
    it.server.stop().await;
}

/// One approves while the other sends the same request back: one of the two holds.
#[actix_web::test]
async fn of_two_officers_who_answer_a_request_one_is_heard() {
    let it = Granted::start().await;
    let beside = it.server.start_beside().await;
    let other = it.officer().await.at(&beside);
    let one = json!({"number": 1});
    for _ in 0..ROUNDS {
        let grant = it.running(1_000, 1).await;
        let grant = go(&it.lead, &grant, "request", &one).await;
        let (approve, back) = (at(&grant, "/approve"), at(&grant, "/return"));
        let reason = json!({"reason": "Non."});
        let (a, b) = tokio::join!(
            it.funder.officer.act(&approve, version(&grant), &one),
            other.act(&back, version(&grant), &reason),
        );
        let mut statuses = [a.status().as_u16(), b.status().as_u16()];
        let approved = statuses[0] == 200;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let after = ok(it.lead.get(&at(&grant, "")).await, 200).await;
        let wanted = if approved { "approved" } else { "returned" };
        assert_eq!(after["life"]["instalments"][0]["state"], wanted);
    }
    beside.stop().await;
    it.server.stop().await;
}

#[actix_web::test]
async fn a_file_that_several_officers_contract_at_once_has_one_grant() {
    let it = Granted::start().await;
    let beside = it.server.start_beside().await;
    let officers = officers(&it, &beside).await;
    for _ in 0..10 {
        let draft = json!({
            "application_id": it.accepted(100).await,
            "reference": "R-1",
            "contracted_on": "2026-11-01",
        });
        let sent: Vec<_> = officers
            .iter()
            .cloned()
            .map(|officer| {
                let draft = draft.clone();
                rt::spawn(async move { officer.post("/api/v1/grants", &draft).await.status().as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for answer in sent {
            statuses.push(answer.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [[201].as_slice(), &[409; OFFICERS - 1]].concat());
    }
    beside.stop().await;
    it.server.stop().await;
}
