//! What partnerships do: planning, holding, booking, calendars.

mod bookings;
mod calendar;
mod story;

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::applications::ok;
use crate::support::{Server, Visitor};

/// A project of two cities and an associated network, with the staff of each city.
struct Project {
    server: Server,
    cities: [CityId; 2],
    lead: Visitor,
    partner: Visitor,
    partnership: Value,
}

impl Project {
    async fn start() -> Self {
        let server = Server::start().await;
        let cities = [
            server.add_city("Grenoble", "FR").await,
            server.add_city("Sevan", "AM").await,
        ];
        let [lead, partner] = cities.map(|city_id| Grant::CityStaff { city_id });
        let (lead, partner) = (server.sign_in_as(lead).await, server.sign_in_as(partner).await);
        let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
        ] });
        let partnership = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
        Self {
            server,
            cities,
            lead,
            partner,
            partnership,
        }
    }

    /// Below the partnership.
    fn path(&self, below: &str) -> String {
        format!(
            "/api/v1/partnerships/{}/{below}",
            self.partnership["id"].as_str().unwrap()
        )
    }

    async fn add(&self, draft: &Value) -> Value {
        ok(self.lead.post(&self.path("activities"), draft).await, 201).await
    }

    /// An exhibition that travels all through 2027.
    async fn exhibition(&self) -> Value {
        self.add(&draft("exhibition", "2027-01-01", "2027-12-31")).await
    }
}

fn draft(kind: &str, starts_on: &str, ends_on: &str) -> Value {
    json!({ "kind": kind, "title": format!("A {kind}"), "starts_on": starts_on, "ends_on": ends_on })
}

fn at(activity: &Value, below: &str) -> String {
    format!("/api/v1/activities/{}{below}", activity["id"].as_str().unwrap())
}
