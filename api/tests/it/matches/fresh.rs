//! What one process changes, the suggestions of all show.

use std::time::Duration;

use api::db::journal;
use api::platform::Platform;
use serde_json::json;

use super::Two;
use crate::support::{Visitor, json, soon};

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
    soon(expected, async || offers_of_the_first(&french, &path).await).await;
    assert_eq!(
        json(french.get(&format!("{path}?offers=climate")).await).await["total"],
        1,
        "filters know it too"
    );
    beside.stop().await;
    two.server.stop().await;
}

#[actix_web::test]
async fn a_start_takes_the_index_from_the_data_folder_with_what_changed_since() {
    let two = Two::start().await;
    let lviv = two.server.add_city("Lviv", "UA").await;
    let folder = tempfile::tempdir().unwrap();
    let (platform, file) = (&two.server.platform, folder.path().join("matches.index"));
    let last = journal::last_seq(&platform.db).await.unwrap();
    while platform.db.told_until() < last {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    platform.matches.keep(&platform.db, folder.path()).await.unwrap();
    assert!(file.is_file());
    let offer = json!({ "offer_statements": [{"theme": "climate", "urgency": "high", "sentence": "Solar roofs"}] });
    let changed = two
        .armenian
        .patch(&format!("/api/v1/cities/{}", two.sevan), 1, &offer)
        .await;
    assert_eq!(changed.status(), 200);
    let kyiv = two.server.add_city("Kyiv", "UA").await;
    // A row that changes without the journal shows where the index is from.
    let silently = "UPDATE cities SET population = 7 WHERE name = 'Lviv'";
    two.server.execute(silently).await;
    let start = async || two.server.platform_from(folder.path()).await;
    let people = |of: &Platform| of.matches.member(lviv).unwrap().outline.population();
    let from_file = start().await;
    assert_eq!(people(&from_file), None);
    for city in [two.grenoble, two.sevan, kyiv] {
        let (here, there) = (platform.matches.member(city), from_file.matches.member(city));
        assert_eq!(
            here.map(|city| city.outline.clone()),
            there.map(|city| city.outline.clone())
        );
    }
    std::fs::write(&file, b"MATCHES1 and nothing else").unwrap();
    assert_eq!(people(&start().await), Some(7));
    two.server.stop().await;
}
