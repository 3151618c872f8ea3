//! Rounds: prepared, wished for, matched, shown, answered.

mod certificate;
mod members;
mod races;
mod story;
mod work;

use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::cities::Urgency;
use shared::ids::{CityId, ProgrammeId};
use shared::themes::Theme;

use crate::support::applications::{id, ok, version};
use crate::support::{Server, Visitor};

/// A programme with its officer, Ukrainian and French towns, and a round of them.
struct Cohort {
    server: Server,
    officer: Visitor,
    programme: ProgrammeId,
    ukrainian: Vec<CityId>,
    french: Vec<CityId>,
}

impl Cohort {
    /// So many towns of each side; each Ukrainian one needs what the French one of its number offers.
    async fn start(towns: usize) -> Self {
        let server = Server::start().await;
        let admin = server.sign_in_as(Grant::Admin).await;
        let programme = json!({"name": {"fr": "Ponts de confiance"}});
        let programme = ok(admin.post("/api/v1/programmes", &programme).await, 201).await;
        let programme_id: ProgrammeId = id(&programme).parse().unwrap();
        let officer = server.sign_in_as(Grant::ProgrammeOfficer { programme_id }).await;
        let (mut ukrainian, mut french) = (Vec::new(), Vec::new());
        for number in 0..towns {
            let theme = Theme::ALL[number % Theme::ALL.len()];
            let town = server.city(&format!("Громада {number}"), "UA").subdivision("UA-74");
            ukrainian.push(town.need(theme, Urgency::High).open().add().await);
            let town = server.city(&format!("Commune {number}"), "FR");
            french.push(town.offer(theme, Urgency::High).add().await);
        }
        Self {
            server,
            officer,
            programme: programme_id,
            ukrainian,
            french,
        }
    }

    fn draft(&self) -> Value {
        json!({
            "programme_id": self.programme,
            "name": {"fr": "Ronde 2026", "uk": "Раунд 2026"},
            "rules": {
                "mode": "stable",
                "sides": [
                    {"name": {"fr": "Communautés ukrainiennes"}, "countries": ["UA"]},
                    {"name": {"fr": "Communes"}, "countries": ["FR"]},
                ],
            },
        })
    }

    /// A round of all towns.
    async fn round(&self) -> Value {
        self.round_of(self.draft()).await
    }

    async fn round_of(&self, draft: Value) -> Value {
        let round = ok(self.officer.post("/api/v1/rounds", &draft).await, 201).await;
        let path = format!("/api/v1/rounds/{}/members", id(&round));
        let all = json!({ "all_of": ["first", "second"] });
        ok(self.officer.act(&path, version(&round), &all).await, 200).await
    }

    async fn read(&self, round: &Value) -> Value {
        ok(self.officer.get(&path(round)).await, 200).await
    }

    /// Lets its officer move a round as it now is.
    async fn step(&self, round: &Value, step: &str) -> Value {
        let now = self.read(round).await;
        let moved = self
            .officer
            .act(&format!("{}/{step}", path(round)), version(&now), &())
            .await;
        ok(moved, 200).await
    }

    /// Matches a round, for good or on trial, and gives its outcome.
    async fn matched(&self, round: &Value, how: &str) -> Value {
        let now = self.read(round).await;
        let asked = self
            .officer
            .act(&format!("{}/{how}", path(round)), version(&now), &())
            .await;
        assert_eq!(
            asked.headers()["location"].to_str().unwrap().split('/').nth(3),
            Some("jobs")
        );
        let job = ok(asked, 202).await;
        assert!(api::jobs::worker::work_one(&self.server.platform).await.unwrap());
        let job = ok(self.officer.get(&format!("/api/v1/jobs/{}", id(&job))).await, 200).await;
        assert_eq!(job["state"], "done", "{job}");
        self.read(round).await["outcome"].clone()
    }

    async fn pairs(&self, round: &Value) -> Vec<Value> {
        let page = self.officer.get(&format!("{}/pairs?limit=100", path(round))).await;
        ok(page, 200).await["items"].as_array().unwrap().clone()
    }

    async fn staff(&self, city: CityId) -> Visitor {
        self.server.sign_in_as(Grant::CityStaff { city_id: city }).await
    }
}

fn path(round: &Value) -> String {
    format!("/api/v1/rounds/{}", id(round))
}

/// Answers for a pair as it was read.
async fn answer(who: &Visitor, pair: &Value, action: &str) -> reqwest::Response {
    let path = format!("/api/v1/round-pairs/{}/{action}", id(pair));
    who.act(&path, version(pair), &()).await
}

fn city(pair: &Value, side: &str) -> CityId {
    pair[side]["id"].as_str().unwrap().parse().unwrap()
}
