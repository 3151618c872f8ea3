//! Turnkey cohorts: cities join, letters of engagement go from draft to file, and the cohort closes on its day.

mod clock;
mod demo;
mod file;
mod races;
mod roles;
mod states;
mod story;
mod writing;

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::{CityId, NetworkId};

use crate::support::applications::{Funder, id, ok, version};
use crate::support::{Server, Visitor};

/// A programme like INSPIRE, two networks that lead a cohort of it, and cities with their staff.
struct Turnkey {
    server: Server,
    funder: Funder,
    networks: [NetworkId; 2],
    lead: Visitor,
    cities: Vec<(CityId, Visitor)>,
}

impl Turnkey {
    async fn start(cities: usize) -> Self {
        let server = Server::start().await;
        let funder = server.inspire().await;
        let networks = [
            server.add_network("Lianes coopération", "FR", &["FR-59"]).await,
            server.add_network("SO Coopération", "FR", &["FR-33"]).await,
        ];
        let lead = server
            .sign_in_as(Grant::NetworkCoordinator {
                network_id: networks[0],
            })
            .await;
        let mut staffed = Vec::new();
        for name in ["Lille", "Nantes", "Bordeaux", "Amiens"].iter().take(cities) {
            staffed.push(server.staffed_city(name, "FR").await);
        }
        Self {
            server,
            funder,
            networks,
            lead,
            cities: staffed,
        }
    }

    fn draft(&self) -> Value {
        json!({
            "programme_id": self.funder.programme,
            "name": { "fr": "INSPIRE 2026", "uk": "INSPIRE 2026" },
            "network_ids": self.networks,
            "levels": [
                { "key": "network", "name": { "fr": "Intégrer un réseau", "uk": "Приєднатися до мережі" } },
                { "key": "events", "name": { "fr": "Organiser des événements" } },
            ],
            "closes_on": "2026-11-30",
        })
    }

    /// A cohort that closes with the month.
    async fn cohort(&self) -> Value {
        ok(self.lead.post("/api/v1/cohorts", &self.draft()).await, 201).await
    }

    fn joining(&self, city: usize) -> Value {
        json!({ "city_id": self.cities[city].0, "way": "start", "levels": ["network"],
            "referent": { "name": "Nadia Benali", "email": "nadia@lille.example" } })
    }

    /// The city joins, by its own staff.
    async fn joined(&self, cohort: &Value, city: usize) -> Value {
        let path = format!("{}/members", at(cohort));
        ok(self.cities[city].1.post(&path, &self.joining(city)).await, 201).await
    }

    /// A city's place whose letter has come so far.
    async fn letter(&self, cohort: &Value, city: usize, steps: &[&str]) -> Value {
        let mut member = self.joined(cohort, city).await;
        for step in steps {
            let who = match *step {
                "sign" | "refuse" => &self.cities[city].1,
                _ => &self.lead,
            };
            member = go(who, &member, step).await;
        }
        member
    }
}

/// `/api/v1/cohorts/{id}`.
fn at(cohort: &Value) -> String {
    format!("/api/v1/cohorts/{}", id(cohort))
}

/// A step of a city's letter, by its path.
fn step_of(member: &Value, step: &str) -> String {
    format!("/api/v1/cohort-members/{}/{step}", id(member))
}

/// What a step sends.
fn body_of(step: &str) -> Value {
    match step {
        "sign" => json!({ "name": "Anne Martin", "function": "Maire", "on": "2026-11-20" }),
        "refuse" | "withdraw" | "remove" => json!({ "reason": "Le conseil veut attendre." }),
        "file" => json!({ "reference": "INSPIRE-2026-001" }),
        _ => json!(null),
    }
}

async fn go(who: &Visitor, member: &Value, step: &str) -> Value {
    ok(
        who.act(&step_of(member, step), version(member), &body_of(step)).await,
        200,
    )
    .await
}

impl Turnkey {
    /// The coordinator, signed in anew after the clock was set.
    async fn lead_again(&self) -> Visitor {
        let network_id = self.networks[0];
        self.server.sign_in_as(Grant::NetworkCoordinator { network_id }).await
    }

    /// A city's staff, signed in anew after the clock was set.
    async fn staff_again(&self, city: usize) -> Visitor {
        let city_id = self.cities[city].0;
        self.server.sign_in_as(Grant::CityStaff { city_id }).await
    }
}
