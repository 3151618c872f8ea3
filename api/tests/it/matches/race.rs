use serde_json::json;

use super::{Two, act, draft, staff};
use crate::support::{json, race_rounds};

const ROUNDS: usize = 50;

#[actix_web::test]
async fn two_who_accept_and_two_who_agree_at_once_make_one_partnership() {
    let two = Two::start().await;
    for round in 0..race_rounds(ROUNDS) {
        let city = two.server.add_city(&format!("Town {round}"), "AM").await;
        let (first, second) = (staff(&two.server, city).await, staff(&two.server, city).await);
        let told = super::tell_interest(&two.french, two.grenoble, city).await;
        let (a, b) = both(
            act(&first, &told, "accept", json!({})),
            act(&second, &told, "accept", json!({})),
        )
        .await;
        let mut statuses = [a.status().as_u16(), b.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let contact = json(two.french.get(&super::path(&told)).await).await;
        let (a, b) = both(
            act(&first, &contact, "agree", json!({})),
            act(&two.french, &contact, "agree", json!({})),
        )
        .await;
        let mut statuses = [a.status().as_u16(), b.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let page = json(
            two.server
                .get(&format!("/api/v1/partnerships?city_id={city}&count=true"))
                .await,
        )
        .await;
        assert_eq!(page["total"], 1);
    }
    let page = json(two.server.get("/api/v1/partnerships?count=true").await).await;
    assert_eq!(page["total"], race_rounds(ROUNDS));
    two.server.stop().await;
}

#[actix_web::test]
async fn two_who_tell_interest_in_each_other_at_once_are_in_contact_in_one_row() {
    let two = Two::start().await;
    for round in 0..race_rounds(ROUNDS) {
        let city = two.server.add_city(&format!("Town {round}"), "AM").await;
        let other = staff(&two.server, city).await;
        let (ours, theirs) = (draft(two.grenoble, city), draft(city, two.grenoble));
        let (a, b) = both(
            two.french.post("/api/v1/matches", &ours),
            other.post("/api/v1/matches", &theirs),
        )
        .await;
        let mut statuses = [a.status().as_u16(), b.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201]);
        let page = json(other.get("/api/v1/matches?count=true").await).await;
        assert_eq!(
            (&page["total"], &page["items"][0]["state"]),
            (&json!(1), &json!("contact_opened"))
        );
    }
    two.server.stop().await;
}

#[actix_web::test]
async fn of_accepting_and_withdrawing_at_once_one_happens() {
    let two = Two::start().await;
    let mut accepted = 0;
    for round in 0..race_rounds(ROUNDS) {
        let city = two.server.add_city(&format!("Town {round}"), "AM").await;
        let other = staff(&two.server, city).await;
        let told = super::tell_interest(&two.french, two.grenoble, city).await;
        let (accept, withdraw) = both(
            act(&other, &told, "accept", json!({})),
            act(&two.french, &told, "withdraw", json!({})),
        )
        .await;
        let state = match (accept.status().as_u16(), withdraw.status().as_u16()) {
            (200, 412) => "contact_opened",
            (412, 200) => "withdrawn",
            other => panic!("{other:?} in round {round}"),
        };
        accepted += usize::from(state == "contact_opened");
        let told = json(two.french.get(&super::path(&told)).await).await;
        assert_eq!(told["state"], state);
    }
    println!("accepted in {accepted} of {} rounds", race_rounds(ROUNDS));
    two.server.stop().await;
}

/// Waits for two at once.
async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    tokio::join!(a, b)
}
