//! What one process changes, the suggestions of all show.

use std::time::Duration;

use serde_json::json;

use super::Two;
use crate::support::{Visitor, json};

async fn offers_of_the_first(who: &Visitor, path: &str) -> serde_json::Value {
    let page = json(who.get(path).await).await;
    page["items"][0]["facts"]["offers"].clone()
}

#[actix_web::test]
async fn a_profile_that_one_process_changes_is_suggested_by_all() {
    let two = Two::start().await;
    let beside = two.server.start_beside().await;
    let path = format!("/api/v1/cities/{}/matches", two.grenoble);
    let french = two.french.at(&beside);
    assert_eq!(offers_of_the_first(&french, &path).await, json!([]));
    let offer = json!({ "offer_statements": [{"theme": "climate", "urgency": "high", "sentence": "Solar roofs"}] });
    let changed = two
        .armenian
        .patch(&format!("/api/v1/cities/{}", two.sevan), 1, &offer)
        .await;
    assert_eq!(changed.status(), 200);
    let expected = json!([{"theme": "climate", "urgency": "high"}]);
    assert_eq!(offers_of_the_first(&two.french, &path).await, expected, "here at once");
    let mut seen = offers_of_the_first(&french, &path).await;
    for _ in 0..100 {
        if seen == expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        seen = offers_of_the_first(&french, &path).await;
    }
    assert_eq!(seen, expected);
    assert_eq!(
        json(french.get(&format!("{path}?offers=climate")).await).await["total"],
        1,
        "filters know it too"
    );
    beside.stop().await;
    two.server.stop().await;
}
