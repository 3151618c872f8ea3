//! Criteria, reviewers, score sheets, the committee's sheet and its decisions.

mod assignment;
mod committee;
mod decisions;
mod letters;
mod races;
mod reopening;
mod sealed;
mod sheets;
mod shortlist;
mod unseen;
mod waiting;
mod whole;

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::{ApplicationId, CityId};
use shared::partnerships::PartyRole;

use crate::support::applications::{Funder, call_draft, id, insert_file, ok, version, window};
use crate::support::{Server, Visitor, friday_evening};

/// A call with files, as its officer and reviewers have it on their desks.
struct Desk {
    server: Server,
    funder: Funder,
    /// `/api/v1/calls/{id}`.
    call: String,
    files: Vec<ApplicationId>,
    grenoble: CityId,
    sevan: CityId,
}

/// Criteria of which one counts twice as much as the other.
fn plan(blind: bool) -> Value {
    json!({
        "criteria": [
            {"key": "relevance", "label": {"fr": "Pertinence", "en": "Relevance", "uk": "Доречність"},
             "weight": 2, "scale_min": 0, "scale_max": 5},
            {"key": "method", "label": {"fr": "Méthode"}, "weight": 1, "scale_min": 1, "scale_max": 4},
        ],
        "blind": blind,
        "reviewers_per_file": 2,
    })
}

/// A sheet with these two scores.
fn sheet(relevance: u32, method: u32) -> Value {
    json!({
        "scores": {
            "relevance": {"value": relevance, "comment": "Un besoin clair."},
            "method": {"value": method},
        },
        "opinion": "Solide.",
    })
}

impl Desk {
    /// A call that is over, with an envelope and files that ask for these amounts, in whole currency units; open.
    async fn open(envelope: Option<i64>, asked: &[i64]) -> Self {
        let server = Server::start().await;
        let funder = server.funder().await;
        Self::of(server, funder, envelope, asked).await
    }

    /// The same, of a funder with rules of its own.
    async fn of(server: Server, funder: Funder, envelope: Option<i64>, asked: &[i64]) -> Self {
        let network = server.add_network("RESACOOP", "FR", &["FR-38"]).await;
        let grenoble = server.city("Grenoble", "FR").subdivision("FR-38").add().await;
        let sevan = server.add_city("Sevan", "AM").await;
        assert!(!network.0.is_nil());
        let mut draft = call_draft(funder.programme, &funder.rules, &window(server.platform.clock.now()));
        draft["envelope_minor"] = json!(envelope.map(|euros| euros * 100));
        let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
        let call = format!("/api/v1/calls/{}", id(&call));
        let advance = format!("{call}/advance");
        ok(funder.officer.act(&advance, 1, &json!({"to": "open"})).await, 200).await;
        let mut desk = Self {
            server,
            funder,
            call,
            files: Vec::new(),
            grenoble,
            sevan,
        };
        for (number, euros) in asked.iter().enumerate() {
            let title = format!("Dossier {number:03}");
            let parties = [(grenoble, PartyRole::Lead), (sevan, PartyRole::Partner)];
            let file = desk.add_file(&title, &parties, *euros).await;
            desk.files.push(file);
        }
        desk
    }

    /// The same, once it is under review by these criteria.
    async fn under_review(envelope: Option<i64>, asked: &[i64], blind: bool) -> Self {
        let desk = Self::open(envelope, asked).await;
        desk.review(blind).await;
        desk
    }

    /// Sets the criteria, lets the deadline pass, and begins to judge.
    async fn review(&self, blind: bool) {
        let officer = &self.funder.officer;
        let path = format!("{}/review-plan", self.call);
        let told = ok(officer.put(&path, 2, &plan(blind)).await, 200).await;
        self.server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
        let mut version = version(&told);
        for state in ["closed", "under_review"] {
            let advance = format!("{}/advance", self.call);
            let call = ok(officer.act(&advance, version, &json!({"to": state})).await, 200).await;
            version = call["version"].as_i64().unwrap();
        }
    }

    /// A file that was handed in.
    async fn add_file(&self, title: &str, parties: &[(CityId, PartyRole)], euros: i64) -> ApplicationId {
        insert_file(&self.server, self.funder.programme, &self.call, (title, parties, euros)).await
    }

    /// Somebody who reviews for the programme, and acts for what else is told.
    async fn reviewer(&self, also: &[Grant]) -> Visitor {
        let mut grants = vec![Grant::Reviewer {
            programme_id: self.funder.programme,
        }];
        grants.extend_from_slice(also);
        let account = self.server.account(&grants).await;
        self.server.session_of(account, &grants).await
    }

    /// The officer posts below the call.
    async fn post(&self, part: &str, body: &Value) -> reqwest::Response {
        self.funder.officer.post(&format!("{}/{part}", self.call), body).await
    }

    /// Gives a file to a reviewer, who reads the review.
    async fn given(&self, file: ApplicationId, reviewer: &Visitor) -> Value {
        let items = json!({"items": [{"application_id": file, "reviewer_id": reviewer.account_id}]});
        ok(self.post("reviews", &items).await, 200).await;
        let page = ok(reviewer.get("/api/v1/reviews?limit=100").await, 200).await;
        let items = page["items"].as_array().unwrap();
        let summary = items.iter().find(|item| item["application_id"] == json!(file)).unwrap();
        let path = format!("/api/v1/reviews/{}", id(summary));
        ok(reviewer.get(&path).await, 200).await
    }

    /// Gives a file to a reviewer, who scores and files it.
    async fn filed(&self, file: ApplicationId, reviewer: &Visitor, (relevance, method): (u32, u32)) -> Value {
        let review = self.given(file, reviewer).await;
        let path = format!("/api/v1/reviews/{}", id(&review));
        let sheet = sheet(relevance, method);
        let review = ok(
            reviewer.put(&format!("{path}/sheet"), version(&review), &sheet).await,
            200,
        )
        .await;
        ok(
            reviewer
                .act(&format!("{path}/file"), version(&review), &json!({}))
                .await,
            200,
        )
        .await
    }

    /// The committee's sheet, with this query.
    async fn committee(&self, query: &str) -> Value {
        let path = format!("{}/committee?limit=100{query}", self.call);
        ok(self.funder.officer.get(&path).await, 200).await
    }

    /// A decision on a file in its first version.
    fn decision(&self, file: usize, outcome: &str) -> Value {
        json!({"application_id": self.files[file], "version": 1, "outcome": outcome, "reason": "Avis du comité."})
    }
}
