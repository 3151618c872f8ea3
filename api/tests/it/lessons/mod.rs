//! Lessons that partnerships propose, and the lists that meetings make of them.

mod list;
mod propose;
mod renewal;

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::applications::{id, ok};
use crate::support::{Server, Visitor};

/// A partnership with a result and an activity, and a meeting that a third city holds.
struct Learned {
    server: Server,
    lead: Visitor,
    host: Visitor,
    partnership: Value,
    result: Value,
    activity: Value,
    meeting: Value,
    cities: [CityId; 3],
}

impl Learned {
    async fn start() -> Self {
        let server = Server::start().await;
        let cities = [
            server.add_city("Grenoble", "FR").await,
            server.add_city("Sevan", "AM").await,
            server.add_city("Barcelona", "ES").await,
        ];
        let lead = server.sign_in_as(Grant::CityStaff { city_id: cities[0] }).await;
        let host = server.sign_in_as(Grant::CityStaff { city_id: cities[2] }).await;
        let draft = json!({ "name": "IRAPA", "kind": "project", "parties": [
            { "party": { "type": "city", "city_id": cities[0] }, "role": "lead" },
            { "party": { "type": "city", "city_id": cities[1] }, "role": "partner" },
        ] });
        let partnership = ok(lead.post("/api/v1/partnerships", &draft).await, 201).await;
        let below = format!("/api/v1/partnerships/{}", id(&partnership));
        let result = json!({ "theme": "water-and-waste", "title": "Less waste",
            "evidence": { "type": "indicator", "unit": "t", "baseline": 100, "target": 60 } });
        let result = ok(lead.post(&format!("{below}/results"), &result).await, 201).await;
        let activity =
            json!({ "kind": "training", "title": "Guides", "starts_on": "2026-11-01", "ends_on": "2026-11-03" });
        let activity = ok(lead.post(&format!("{below}/activities"), &activity).await, 201).await;
        let meeting = ok(host.post("/api/v1/meetings", &meeting(cities[2])).await, 201).await;
        Self {
            server,
            lead,
            host,
            partnership,
            result,
            activity,
            meeting,
            cities,
        }
    }

    /// Where the partnership's lessons are.
    fn below(&self) -> String {
        format!("/api/v1/partnerships/{}/lessons", id(&self.partnership))
    }

    /// Where the meeting's are.
    fn list(&self) -> String {
        format!("/api/v1/meetings/{}/lessons", id(&self.meeting))
    }

    fn draft(&self, text: &str) -> Value {
        json!({ "theme": "water-and-waste", "text": text, "language": "fr",
            "result_ids": [id(&self.result)], "activity_ids": [id(&self.activity)] })
    }

    async fn propose(&self, text: &str) -> Value {
        ok(self.lead.post(&self.below(), &self.draft(text)).await, 201).await
    }

    /// Puts lessons on the meeting's list that come from this one.
    async fn fill(&self, meeting: &Value, from: &Value, count: usize) {
        for number in 1..=count {
            let path = format!("/api/v1/meetings/{}/lessons", id(meeting));
            ok(
                self.host.post(&path, &listed(&format!("Lesson {number}"), from)).await,
                201,
            )
            .await;
        }
    }

    async fn read_meeting(&self) -> Value {
        let path = format!("/api/v1/meetings/{}", id(&self.meeting));
        ok(self.server.get(&path).await, 200).await
    }
}

fn meeting(host: CityId) -> Value {
    json!({ "name": { "fr": "Rencontre mondiale", "en": "Global meeting" }, "place": "Barcelona",
        "host": { "type": "city", "city_id": host }, "starts_on": "2024-03-12", "ends_on": "2024-03-14" })
}

fn listed(text: &str, from: &Value) -> Value {
    json!({ "theme": "peace", "text": { "en": text }, "lesson_ids": [id(from)] })
}

fn at(thing: &Value, kind: &str, more: &str) -> String {
    format!("/api/v1/{kind}/{}{more}", id(thing))
}
