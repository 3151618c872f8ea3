use serde_json::{Value, json};

use crate::support::Server;
use crate::support::applications::{Applicants, Funder, ok, version};

const ACTIONS: [&str; 11] = [
    "update",
    "parties",
    "budget",
    "sign-off",
    "submit",
    "withdraw",
    "start-review",
    "request-correction",
    "shortlist",
    "accept",
    "delete",
];

/// A file that was brought to this state.
async fn brought_to(server: &Server, funder: &Funder, state: &str) -> (Applicants, Value) {
    let (file, view) = match state {
        "ready" => Applicants::signed(server, funder).await,
        _ => Applicants::handed_in(server, funder).await,
    };
    let officer = |action: &str| (file.at(action), version(&view));
    let view = match state {
        "in_review" | "shortlisted" => {
            let action = if state == "in_review" {
                "start-review"
            } else {
                "shortlist"
            };
            let (path, version) = officer(action);
            ok(funder.officer.act(&path, version, &json!({})).await, 200).await
        }
        "correction_requested" => {
            let (path, version) = officer("request-correction");
            let correction = json!({"reason": "Parce que.", "until_on": "2026-11-20"});
            ok(funder.officer.act(&path, version, &correction).await, 200).await
        }
        "accepted" | "waitlisted" | "rejected" => {
            let (path, version) = officer("decide");
            let decision = json!({"outcome": state, "reason": "Parce que."});
            ok(funder.officer.act(&path, version, &decision).await, 200).await
        }
        "withdrawn" => ok(file.act("withdraw", &view).await, 200).await,
        _ => view,
    };
    if state != "withdrawn" {
        let reader = if state == "ready" { &file.lead } else { &funder.officer };
        assert_eq!(ok(reader.get(&file.path).await, 200).await["state"], state);
    }
    (file, view)
}

async fn attempt(file: &Applicants, funder: &Funder, action: &str, version: i64) -> u16 {
    let nothing = json!({});
    let response = match action {
        "update" => file.lead.patch(&file.path, version, &json!({"title": "Autre"})).await,
        "parties" => {
            let parties = json!({"items": [{"city_id": file.grenoble, "role": "lead"}]});
            file.lead.put(&file.at("parties"), version, &parties).await
        }
        "budget" => {
            let budget = json!({"lines": [], "contributions": [], "grant_asked_minor": 0});
            file.lead.put(&file.at("budget"), version, &budget).await
        }
        "sign-off" => {
            let sign = json!({"city_id": file.grenoble});
            file.lead.act(&file.at("sign-off"), version, &sign).await
        }
        "start-review" | "shortlist" => funder.officer.act(&file.at(action), version, &nothing).await,
        "request-correction" => {
            let correction = json!({"reason": "Parce que.", "until_on": "2026-11-20"});
            funder.officer.act(&file.at(action), version, &correction).await
        }
        "accept" => {
            let decision = json!({"outcome": "accepted", "reason": "Parce que."});
            funder.officer.act(&file.at("decide"), version, &decision).await
        }
        "delete" => file.lead.delete(&file.path, version).await,
        _ => file.lead.act(&file.at(action), version, &nothing).await,
    };
    response.status().as_u16()
}

#[actix_web::test]
async fn only_the_drawn_transitions_are_possible() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let drawn: [(&str, &[&str]); 9] = [
        (
            "ready",
            &[
                "update", "parties", "budget", "sign-off", "submit", "withdraw", "delete",
            ],
        ),
        (
            "submitted",
            &["withdraw", "start-review", "request-correction", "shortlist", "accept"],
        ),
        ("in_review", &["withdraw", "request-correction", "shortlist", "accept"]),
        // Its cities are told that it is being judged.
        ("shortlisted", &["withdraw", "start-review", "accept"]),
        // Handing in needs everybody's agreement anew.
        ("correction_requested", &["update", "budget", "sign-off", "withdraw"]),
        // The lead does not know of a decision that is not published.
        ("accepted", &["withdraw"]),
        ("waitlisted", &["withdraw", "accept"]),
        ("rejected", &["withdraw"]),
        ("withdrawn", &[]),
    ];
    for (state, possible) in drawn {
        let (mut file, mut view) = brought_to(&server, &funder, state).await;
        for action in ACTIONS {
            let status = attempt(&file, &funder, action, version(&view)).await;
            // What is not handed in, or no longer, does not exist for the officer.
            let hidden = ["start-review", "request-correction", "shortlist", "accept"].contains(&action)
                && ["ready", "withdrawn"].contains(&state);
            let refused = if hidden { 404 } else { 409 };
            if possible.contains(&action) {
                let done = if action == "delete" { 204 } else { 200 };
                assert_eq!(status, done, "{action} in {state}");
                (file, view) = brought_to(&server, &funder, state).await;
            } else {
                assert_eq!(status, refused, "{action} in {state}");
                assert_eq!(version(&file.read().await), version(&view), "{action} in {state}");
            }
        }
    }
    let mut decided = Vec::new();
    for state in ["accepted", "waitlisted", "rejected"] {
        decided.push(brought_to(&server, &funder, state).await);
    }
    funder.publish(&funder.call_path()).await;
    for ((file, view), status) in decided.into_iter().zip([409, 200, 409]) {
        assert_eq!(attempt(&file, &funder, "withdraw", version(&view)).await, status);
    }
    server.stop().await;
}
