use actix_web::rt;
use serde_json::{Value, json};

use super::{Turnkey, at, body_of, step_of};
use crate::support::Visitor;
use crate::support::applications::{ok, version};

/// Rounds of a race.
const ROUNDS: usize = 8;

/// Two send the same request at once; gives the statuses in order.
async fn at_once(both: [&Visitor; 2], path: &str, if_match: i64, body: &Value) -> Vec<u16> {
    let sent = both.map(|who| {
        let request = who
            .request("POST", path)
            .header("if-match", format!("\"{if_match}\""))
            .json(body);
        rt::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    let mut statuses = Vec::new();
    for answer in sent {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn of_two_who_send_or_sign_a_letter_at_once_one_wins() {
    let it = Turnkey::start(1).await;
    let beside = it.server.start_beside().await;
    let (lead, staff) = (it.lead_again().await.at(&beside), it.staff_again(0).await.at(&beside));
    for _ in 0..ROUNDS {
        let cohort = it.cohort().await;
        let member = it.joined(&cohort, 0).await;
        let none = json!(null);
        let sent = at_once([&it.lead, &lead], &step_of(&member, "send"), 1, &none).await;
        assert_eq!(sent, [200, 412]);
        let signing = body_of("sign");
        let signed = at_once([&it.cities[0].1, &staff], &step_of(&member, "sign"), 2, &signing).await;
        assert_eq!(signed, [200, 412]);
    }
    it.server.stop().await;
    beside.stop().await;
}

#[actix_web::test]
async fn a_city_that_joins_twice_at_once_is_in_it_once_and_all_letters_are_sent_once() {
    let it = Turnkey::start(2).await;
    let beside = it.server.start_beside().await;
    let (lead, staff) = (it.lead_again().await.at(&beside), it.staff_again(0).await.at(&beside));
    for _ in 0..ROUNDS {
        let cohort = it.cohort().await;
        let path = format!("{}/members", at(&cohort));
        let joined = at_once([&it.cities[0].1, &staff], &path, 1, &it.joining(0)).await;
        assert_eq!(joined, [201, 409]);
        it.joined(&cohort, 1).await;
        let send = format!("{}/send", at(&cohort));
        assert_eq!(at_once([&it.lead, &lead], &send, 1, &json!(null)).await, [200, 200]);
        let list = ok(it.lead.get(&path).await, 200).await;
        let versions: Vec<i64> = list["items"].as_array().unwrap().iter().map(version).collect();
        assert_eq!(versions, [2, 2]);
    }
    it.server.stop().await;
    beside.stop().await;
}
