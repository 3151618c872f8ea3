//! Matches: ranking, interest, contact, agreement.

mod bans;
mod decline;
mod fresh;
mod race;
mod rank;
mod recompute;
mod searches;
mod story;
mod weights;

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use crate::support::{Server, Visitor, json};

/// Two towns of two countries, each with somebody of its staff.
struct Two {
    server: Server,
    grenoble: CityId,
    sevan: CityId,
    french: Visitor,
    armenian: Visitor,
}

impl Two {
    async fn start() -> Self {
        let server = Server::start().await;
        let grenoble = server.add_city("Grenoble", "FR").await;
        let sevan = server.add_city("Sevan", "AM").await;
        Self {
            french: staff(&server, grenoble).await,
            armenian: staff(&server, sevan).await,
            server,
            grenoble,
            sevan,
        }
    }

    /// Grenoble tells interest in Sevan.
    async fn interest(&self) -> Value {
        tell_interest(&self.french, self.grenoble, self.sevan).await
    }

    /// The contact of the two, open.
    async fn contact(&self) -> Value {
        let told = self.interest().await;
        let accepted = act(&self.armenian, &told, "accept", json!({ "message": "Բարև" })).await;
        assert_eq!(accepted.status(), 200);
        json(accepted).await
    }
}

async fn staff(server: &Server, city: CityId) -> Visitor {
    server.sign_in_as(Grant::CityStaff { city_id: city }).await
}

fn draft(from: CityId, to: CityId) -> Value {
    json!({ "from_city_id": from, "to_city_id": to, "message": "Bonjour !" })
}

async fn tell_interest(who: &Visitor, from: CityId, to: CityId) -> Value {
    let response = who.post("/api/v1/matches", &draft(from, to)).await;
    assert_eq!(response.status(), 201);
    json(response).await
}

/// Acts on a match as it was read.
async fn act(who: &Visitor, view: &Value, action: &str, body: Value) -> reqwest::Response {
    let path = format!("/api/v1/matches/{}/{action}", view["id"].as_str().unwrap());
    who.act(&path, view["version"].as_i64().unwrap(), &body).await
}

fn path(view: &Value) -> String {
    format!("/api/v1/matches/{}", view["id"].as_str().unwrap())
}
