//! Sixteen clients at once on one file, round after round: whoever wins, the file tells one story.
//!
//! Each client reads the file, acts on the version that it read, and tries again when somebody was quicker, until its action
//! is done or its state does not allow it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;
use tokio::task::JoinSet;

use crate::support::applications::{Applicants, Funder, id, ok, sound_budget, version};
use crate::support::{Server, Visitor, friday_evening, json as body, race_rounds};

/// Rounds where nobody asks for more.
const ROUNDS: usize = 60;
/// Clients of a round.
const CLIENTS: usize = 16;

/// What a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Want {
    Edit,
    Submit,
    Withdraw,
    StartReview,
    Accept,
    Reject,
}

impl Want {
    async fn send(self, by: &Visitor, path: &str, version: i64, number: usize) -> reqwest::Response {
        let act = async |verb: &str, body: Value| by.act(&format!("{path}/{verb}"), version, &body).await;
        match self {
            Self::Edit => {
                let title = json!({"title": format!("Titre {number}")});
                by.patch(path, version, &title).await
            }
            Self::Submit => act("submit", json!({})).await,
            Self::Withdraw => act("withdraw", json!({})).await,
            Self::StartReview => act("start-review", json!({})).await,
            Self::Accept => act("decide", json!({"outcome": "accepted", "reason": "Oui."})).await,
            Self::Reject => act("decide", json!({"outcome": "rejected", "reason": "Non."})).await,
        }
    }
}

/// What a client got in the end: 200, or the code of the refusal.
async fn pursue(want: Want, by: Visitor, path: String, number: usize) -> (Want, String) {
    loop {
        let read = by.get(&path).await;
        // Whom the file is hidden from by now has lost.
        if read.status() == 404 {
            return (want, "not_found".to_owned());
        }
        let file = ok(read, 200).await;
        let answer = want.send(&by, &path, version(&file), number).await;
        match answer.status().as_u16() {
            200 => return (want, "done".to_owned()),
            412 => {}
            404 | 409 => return (want, body(answer).await["code"].as_str().unwrap().to_owned()),
            status => panic!("{want:?} {status} {}", body(answer).await),
        }
    }
}

/// All clients at once; how many ended how.
async fn race(clients: Vec<(Want, Visitor)>, path: &str) -> BTreeMap<(Want, String), usize> {
    assert_eq!(clients.len(), CLIENTS);
    let mut running = JoinSet::new();
    for (number, (want, by)) in clients.into_iter().enumerate() {
        running.spawn(pursue(want, by, path.to_owned(), number));
    }
    let mut ends = BTreeMap::new();
    while let Some(end) = running.join_next().await {
        *ends.entry(end.unwrap()).or_default() += 1;
    }
    ends
}

fn done(ends: &BTreeMap<(Want, String), usize>, wants: &[Want]) -> usize {
    let count = |want: &Want| ends.get(&(*want, "done".to_owned())).copied().unwrap_or(0);
    wants.iter().map(count).sum()
}

/// What everybody who lost was told: these codes and no other.
fn assert_refusals(ends: &BTreeMap<(Want, String), usize>, codes: &[&str]) {
    for (want, end) in ends.keys() {
        assert!(end == "done" || codes.contains(&end.as_str()), "{want:?}: {end}");
    }
}

/// A file that lacks nothing, of the same two cities as the first one.
async fn another(file: &Applicants, funder: &Funder) -> (String, i64) {
    let draft = json!({"call_id": funder.call["id"], "lead_city_id": file.grenoble, "title": "Eau"});
    let view = ok(file.lead.post("/api/v1/applications", &draft).await, 201).await;
    let path = format!("/api/v1/applications/{}", id(&view));
    let parties = json!({"items": [
        {"city_id": file.grenoble, "role": "lead"},
        {"city_id": file.sevan, "role": "partner"},
    ]});
    ok(file.lead.put(&format!("{path}/parties"), 1, &parties).await, 200).await;
    let patch = json!({"answers": {"objectives": "De l'eau pour tous"}, "themes": ["water-and-waste"]});
    ok(file.lead.patch(&path, 2, &patch).await, 200).await;
    let mut view = ok(
        file.lead
            .put(&format!("{path}/budget"), 3, &sound_budget(file.grenoble))
            .await,
        200,
    )
    .await;
    for (city, staff) in [(file.grenoble, &file.lead), (file.sevan, &file.partner)] {
        let sign = format!("{path}/sign-off");
        view = ok(staff.act(&sign, version(&view), &json!({"city_id": city})).await, 200).await;
    }
    (path, version(&view))
}

#[actix_web::test]
async fn sixteen_clients_at_once_win_no_more_than_they_may() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let second = server
        .sign_in_as(Grant::ProgrammeOfficer {
            programme_id: funder.programme,
        })
        .await;
    // A round of two is raced while files are written, the other one once the deadline is over.
    let mut judged = Vec::new();
    for round in 0..race_rounds(ROUNDS) {
        let (path, before) = another(&file, &funder).await;
        if round % 2 == 1 {
            let submit = format!("{path}/submit");
            let handed_in = ok(file.lead.act(&submit, before, &json!({})).await, 200).await;
            judged.push((path, version(&handed_in)));
            continue;
        }
        let wants = [Want::Edit, Want::Submit, Want::Withdraw, Want::Submit];
        let clients = (0..CLIENTS).map(|number| {
            let by = if number % 3 == 0 && wants[number % 4] == Want::Edit {
                &file.partner
            } else {
                &file.lead
            };
            (wants[number % 4], by.clone())
        });
        let ends = race(clients.collect(), &path).await;
        let after = ok(file.lead.get(&path).await, 200).await;
        let edits = done(&ends, &[Want::Edit]);
        let submits = done(&ends, &[Want::Submit]);
        assert_eq!(done(&ends, &[Want::Withdraw]), 1, "{ends:?}");
        // An edit voids what was signed: who hands in after it is refused.
        assert!(submits <= 1 && (edits == 0 || submits == 0), "{ends:?}");
        assert_eq!(after["state"], "withdrawn");
        assert_eq!(version(&after), before + (edits + submits + 1) as i64, "{ends:?}");
        assert_refusals(&ends, &["state_conflict", "sign_off_missing"]);
    }
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    for (path, before) in judged {
        let wants = [Want::Accept, Want::Reject, Want::StartReview, Want::Withdraw];
        let clients = (0..CLIENTS).map(|number| {
            let want = wants[number % 4];
            let by = match want {
                Want::Withdraw => &file.lead,
                _ if number % 8 < 4 => &funder.officer,
                _ => &second,
            };
            (want, by.clone())
        });
        let ends = race(clients.collect(), &path).await;
        let accepted = done(&ends, &[Want::Accept]);
        let rejected = done(&ends, &[Want::Reject]);
        let withdrawn = done(&ends, &[Want::Withdraw]);
        let started = done(&ends, &[Want::StartReview]);
        let decided = accepted + rejected;
        assert!(decided <= 1 && withdrawn <= 1 && decided + withdrawn >= 1, "{ends:?}");
        assert!(started <= 1, "{ends:?}");
        let after = ok(file.lead.get(&path).await, 200).await;
        // Its cities do not know of the decision: they may take the file back all the same.
        if withdrawn == 1 {
            assert_eq!(after["state"], "withdrawn", "{ends:?}");
        } else {
            assert_eq!(after["state"], "in_review", "{ends:?}");
            let known = ok(funder.officer.get(&path).await, 200).await;
            let state = if accepted == 1 { "accepted" } else { "rejected" };
            assert_eq!(known["state"], state, "{ends:?}");
        }
        let steps = started + decided + withdrawn;
        assert_eq!(version(&after), before + steps as i64, "{ends:?}");
        assert_refusals(&ends, &["state_conflict", "not_found"]);
    }
    server.stop().await;
}
