use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::CityId;

use super::{Cohort, answer, city};
use crate::support::applications::ok;
use crate::support::{Server, Visitor, race_rounds};

/// Pairs that are fought over in each test, at least.
const PAIRS: usize = 120;
/// Pairs of one round: a town has one place.
const TOWNS: usize = 30;

/// Shown pairs with the staff of both cities.
struct Field {
    cohort: Cohort,
    beside: Server,
}

impl Field {
    async fn start() -> Self {
        let cohort = Cohort::start(TOWNS).await;
        let beside = cohort.server.start_beside().await;
        Self { cohort, beside }
    }

    async fn pairs(&self) -> Vec<Value> {
        let round = self.cohort.round().await;
        self.cohort.matched(&round, "run").await;
        self.cohort.step(&round, "publish").await;
        self.cohort.pairs(&round).await
    }

    async fn staff(&self, city: CityId) -> (Visitor, Visitor) {
        let here = self.cohort.staff(city).await;
        let there = here.at(&self.beside);
        (here, there)
    }

    async fn read(&self, pair: &Value) -> Value {
        let path = format!("/api/v1/round-pairs/{}", pair["id"].as_str().unwrap());
        ok(self.cohort.officer.get(&path).await, 200).await
    }

    async fn partnerships(&self, city: CityId) -> u64 {
        let path = format!("/api/v1/partnerships?city_id={city}&count=true");
        ok(self.cohort.server.get(&path).await, 200).await["total"]
            .as_u64()
            .unwrap()
    }

    async fn stop(self) {
        self.beside.stop().await;
        self.cohort.server.stop().await;
    }
}

fn statuses(a: &reqwest::Response, b: &reqwest::Response) -> [u16; 2] {
    let mut statuses = [a.status().as_u16(), b.status().as_u16()];
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn two_cities_who_accept_at_once_are_partners_once() {
    let field = Field::start().await;
    let mut fought = 0;
    while fought < race_rounds(PAIRS) {
        for pair in field.pairs().await {
            let (first, _) = field.staff(city(&pair, "first")).await;
            let (_, second) = field.staff(city(&pair, "second")).await;
            let before = field.partnerships(city(&pair, "first")).await;
            // Both read the same version: one is told that the other was before it, and answers again.
            let (a, b) = tokio::join!(answer(&first, &pair, "accept"), answer(&second, &pair, "accept"));
            assert_eq!(statuses(&a, &b), [200, 412]);
            let late = if a.status() == 412 { &first } else { &second };
            let now = field.read(&pair).await;
            assert_eq!(now["state"], "accepted");
            let (a, b) = tokio::join!(answer(late, &now, "accept"), answer(late, &now, "accept"));
            assert_eq!(statuses(&a, &b), [200, 412]);
            let now = field.read(&pair).await;
            assert_eq!((&now["state"], &now["accepted_by"]), (&json!("agreed"), &Value::Null));
            assert_eq!(field.partnerships(city(&pair, "first")).await, before + 1);
            fought += 1;
        }
        // They are partners now, and are not matched again: other towns come.
        field.replenish().await;
    }
    field.stop().await;
}

impl Field {
    /// Ends the partnerships, so that the same towns can be matched again.
    async fn replenish(&self) {
        let admin = self.cohort.server.sign_in_as(Grant::Admin).await;
        let page = ok(self.cohort.server.get("/api/v1/partnerships?limit=100").await, 200).await;
        for partnership in page["items"].as_array().unwrap() {
            let path = format!("/api/v1/partnerships/{}", partnership["id"].as_str().unwrap());
            let version = partnership["version"].as_i64().unwrap();
            ok(admin.delete(&path, version).await, 204).await;
        }
    }
}

#[actix_web::test]
async fn an_acceptance_and_a_withdrawal_at_once_have_one_outcome() {
    let field = Field::start().await;
    let (mut fought, mut agreed) = (0, 0);
    while fought < race_rounds(PAIRS) {
        for pair in field.pairs().await {
            let (first, _) = field.staff(city(&pair, "first")).await;
            let (_, second) = field.staff(city(&pair, "second")).await;
            let accepted = ok(answer(&first, &pair, "accept").await, 200).await;
            let (accept, withdraw) = tokio::join!(
                answer(&second, &accepted, "accept"),
                answer(&first, &accepted, "withdraw")
            );
            assert_eq!(statuses(&accept, &withdraw), [200, 412]);
            let now = field.read(&pair).await;
            let has_partnership = now["partnership_id"].is_string();
            let expected = if accept.status() == 200 { "agreed" } else { "withdrawn" };
            assert_eq!(
                (now["state"].as_str(), has_partnership),
                (Some(expected), expected == "agreed")
            );
            agreed += usize::from(has_partnership);
            fought += 1;
        }
        field.replenish().await;
    }
    let page = ok(field.cohort.server.get("/api/v1/partnerships?count=true").await, 200).await;
    assert_eq!(page["total"], 0, "all {agreed} were ended");
    field.stop().await;
}

#[actix_web::test]
async fn a_match_and_a_round_that_agree_at_once_make_one_partnership() {
    let field = Field::start().await;
    for pair in field.pairs().await {
        let (one, other) = (city(&pair, "first"), city(&pair, "second"));
        let (first, _) = field.staff(one).await;
        let (_, second) = field.staff(other).await;
        let accepted = ok(answer(&first, &pair, "accept").await, 200).await;
        // Meanwhile the two have met by themselves.
        let draft = json!({"from_city_id": one, "to_city_id": other, "message": "Вітаємо"});
        let told = ok(first.post("/api/v1/matches", &draft).await, 201).await;
        let path = format!("/api/v1/matches/{}", told["id"].as_str().unwrap());
        let contact = ok(second.act(&format!("{path}/accept"), 1, &json!({})).await, 200).await;
        let agree = format!("{path}/agree");
        let body = json!({});
        let (a, b) = tokio::join!(
            answer(&second, &accepted, "accept"),
            first.act(&agree, contact["version"].as_i64().unwrap(), &body)
        );
        let both = statuses(&a, &b);
        assert!(both == [200, 409] || both == [200, 412], "{both:?}");
        assert_eq!(field.partnerships(one).await, 1);
    }
    field.stop().await;
}
