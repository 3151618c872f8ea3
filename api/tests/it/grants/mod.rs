//! What accepted applications are paid.

mod common;
mod overdue;
mod races;
mod reminders;
mod story;
mod together;

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;
use shared::partnerships::PartyRole;

use crate::support::applications::{Funder, call_draft, id, insert_file, ok, version};
use crate::support::{Server, Visitor};

/// A funder with a call that is over, and two cities whose file was accepted.
struct Granted {
    server: Server,
    funder: Funder,
    /// `/api/v1/calls/{id}`.
    call: String,
    grenoble: CityId,
    sevan: CityId,
    lead: Visitor,
    partner: Visitor,
}

impl Granted {
    async fn start() -> Self {
        let server = Server::start().await;
        let funder = server.funder().await;
        let now = server.platform.clock.now();
        let window = json!({
            "opens_at": now - TimeDelta::hours(2),
            "closes_at": now - TimeDelta::hours(1),
            "zone": "Europe/Paris",
            "grace_s": 0,
        });
        let draft = call_draft(funder.programme, &funder.rules, &window);
        let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
        // Its results are public: before that there are no contracts.
        server
            .execute("UPDATE calls SET state = 'results_published' WHERE state = 'draft'")
            .await;
        let (grenoble, lead) = server.staffed_city("Grenoble", "FR").await;
        let (sevan, partner) = server.staffed_city("Sevan", "AM").await;
        Self {
            call: format!("/api/v1/calls/{}", id(&call)),
            server,
            funder,
            grenoble,
            sevan,
            lead,
            partner,
        }
    }

    /// The id of a file that was accepted with all that it asked for.
    async fn accepted(&self, euros: i64) -> String {
        let parties = [(self.grenoble, PartyRole::Lead), (self.sevan, PartyRole::Partner)];
        let file = ("L'eau du lac", &parties[..], euros);
        let file = insert_file(&self.server, self.funder.programme, &self.call, file).await;
        let path = format!("/api/v1/applications/{file}/decide");
        let accept = json!({"outcome": "accepted", "reason": "Oui."});
        ok(self.funder.officer.act(&path, 1, &accept).await, 200).await;
        file.to_string()
    }

    /// A contract over so many years; answers with the grant.
    async fn contracted(&self, euros: i64, years: u32) -> Value {
        let draft = json!({
            "application_id": self.accepted(euros).await,
            "reference": "MEAE-2026-001",
            "contracted_on": "2026-11-01",
            "years": years,
        });
        ok(self.funder.officer.post("/api/v1/grants", &draft).await, 201).await
    }

    /// A grant that both have signed.
    async fn running(&self, euros: i64, years: u32) -> Value {
        let grant = self.contracted(euros, years).await;
        let grant = go(&self.lead, &grant, "sign", &json!({})).await;
        go(&self.funder.officer, &grant, "sign", &json!({})).await
    }

    async fn officer(&self) -> Visitor {
        let programme_id = self.funder.programme;
        self.server.sign_in_as(Grant::ProgrammeOfficer { programme_id }).await
    }
}

fn at(grant: &Value, more: &str) -> String {
    format!("/api/v1/grants/{}{more}", id(grant))
}

/// Moves a grant on; answers with it.
async fn go(who: &Visitor, grant: &Value, step: &str, body: &Value) -> Value {
    ok(
        who.act(&at(grant, &format!("/{step}")), version(grant), body).await,
        200,
    )
    .await
}

/// Tries to move a grant on; answers with the status and the problem's code.
async fn refused(who: &Visitor, grant: &Value, step: &str, body: &Value) -> (u16, String) {
    let response = who.act(&at(grant, &format!("/{step}")), version(grant), body).await;
    let status = response.status().as_u16();
    let body = crate::support::json(response).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}
