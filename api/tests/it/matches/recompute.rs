//! A reader who has the answer alone, as JSON, and nothing of our code, gets every number again.

use serde_json::Value;
use shared::cities::Urgency;
use shared::themes::Theme;

use super::staff;
use crate::support::{Server, Visitor};

async fn read(who: &Visitor, path: &str) -> Value {
    let response = who.get(path).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no whole number"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// How much of one side's needs the other's offers meet, in per mille, as the documentation has it.
fn needs_met(needs: &Value, offers: &Value) -> i64 {
    let weight = |statement: &Value| match statement["urgency"].as_str().unwrap() {
        "low" => 1,
        "medium" => 2,
        _ => 3,
    };
    let (mut asked, mut met) = (0, 0);
    for need in list(needs) {
        asked += weight(need);
        let offer = list(offers).iter().find(|offer| offer["theme"] == need["theme"]);
        met += offer.map_or(0, |offer| weight(need) * (400 + 200 * weight(offer)));
    }
    // From the seventh offer on each takes from all.
    let spread = 16 - 6;
    let left = (16 - list(offers).len() as i64).min(spread);
    if met == 0 {
        0
    } else {
        met * left * left / (asked * spread * spread)
    }
}

fn judge_again(item: &Value, our_facts: &Value, weights: &Value) {
    let name = &item["city"]["name"];
    let (mut total, mut max) = (0, 0);
    for reason in list(&item["score"]["reasons"]) {
        let weight = number(&reason["weight"]);
        assert!(
            weight <= number(&weights[reason["criterion"].as_str().unwrap()]),
            "{name}"
        );
        let (ours, theirs) = (number(&reason["value_for_us"]), number(&reason["value_for_them"]));
        assert_eq!(number(&reason["contribution_for_us"]), weight * ours, "{name}");
        assert_eq!(number(&reason["contribution_for_them"]), weight * theirs, "{name}");
        total += weight * (ours + theirs);
        max += weight * 2_000;
        match reason["criterion"].as_str().unwrap() {
            "needs" => {
                assert_eq!(ours, needs_met(&our_facts["needs"], &item["facts"]["offers"]), "{name}");
                assert_eq!(
                    theirs,
                    needs_met(&item["facts"]["needs"], &our_facts["offers"]),
                    "{name}"
                );
            }
            "history" => {
                let history = &item["history"];
                let parts = list(&history["parts"]).iter().map(|part| number(&part["points"]));
                let points = number(&history["base"]) + parts.sum::<i64>();
                let value = points.div_euclid(10).clamp(0, 1_000);
                assert_eq!((ours, theirs), (value, value), "{name}");
                assert_eq!(number(&history["value"]), value, "{name}");
            }
            "level" => assert_eq!(
                ours,
                if our_facts["level"] == item["facts"]["level"] {
                    1_000
                } else {
                    400
                }
            ),
            _ => {}
        }
    }
    assert_eq!(number(&item["score"]["total"]), total, "{name}");
    assert_eq!(number(&item["score"]["max"]), max, "{name}");
    let gains: Vec<i64> = list(&item["raise"])
        .iter()
        .map(|raise| number(&raise["gain"]))
        .collect();
    assert!(gains.len() <= 3 && gains.is_sorted_by(|a, b| a >= b), "{gains:?}");
}

#[actix_web::test]
async fn every_number_of_an_answer_follows_from_the_answer() {
    let server = Server::start().await;
    let here = server
        .city("Grenoble", "FR")
        .population(158_000)
        .at(45.17, 5.72)
        .need(Theme::Culture, Urgency::High)
        .need(Theme::Climate, Urgency::Low)
        .offer(Theme::Mobility, Urgency::Medium)
        .add()
        .await;
    let there = server
        .city("Sevan", "AM")
        .population(19_000)
        .at(40.55, 44.95)
        .need(Theme::Mobility, Urgency::High)
        .need(Theme::Youth, Urgency::High)
        .offer(Theme::Culture, Urgency::Low)
        .add()
        .await;
    let mut all = server.city("Lviv", "UA").population(720_000).at(49.84, 24.03);
    for theme in &Theme::ALL[..10] {
        all = all.offer(*theme, Urgency::High);
    }
    let everything = all.add().await;
    let who = staff(&server, here).await;
    let page = read(&who, &format!("/api/v1/cities/{here}/matches")).await;
    assert_eq!(list(&page["items"]).len(), 2);
    for item in list(&page["items"]) {
        judge_again(item, &page["facts"], &page["weights"]);
    }
    // One pair alone has the same numbers as in the ranking.
    for other in [there, everything] {
        let pair = read(&who, &format!("/api/v1/cities/{here}/matches/{other}")).await;
        judge_again(&pair, &pair["our_facts"], &pair["weights"]);
        let ranked = list(&page["items"])
            .iter()
            .find(|item| item["city"]["id"] == pair["city"]["id"]);
        assert_eq!(ranked.unwrap()["score"], pair["score"]);
    }
    // Sevan needs what Grenoble does not offer yet: to offer it would raise the score by just what is told.
    let pair = read(&who, &format!("/api/v1/cities/{here}/matches/{there}")).await;
    let raise = &pair["raise"][0];
    assert_eq!(
        (&raise["side"], &raise["stating"], &raise["theme"]),
        (&"ours".into(), &"offer".into(), &"youth".into())
    );
    let nobody = who.get(&format!("/api/v1/cities/{here}/matches/{here}")).await;
    assert_eq!(nobody.status(), 404);
    server.stop().await;
}
