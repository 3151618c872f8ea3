use serde_json::json;

use super::{Turnkey, go};
use crate::support::applications::{ok, version};
use crate::support::assert_problem;

#[actix_web::test]
async fn the_cities_that_signed_begin_a_joint_file() {
    let it = Turnkey::start(4).await;
    let cohort = it.cohort().await;
    it.letter(&cohort, 0, &["send", "sign"]).await;
    it.letter(&cohort, 1, &["send", "sign", "file"]).await;
    it.letter(&cohort, 2, &["send"]).await;
    let refused = it.letter(&cohort, 3, &["send", "refuse"]).await;
    let draft = |city: usize| {
        json!({ "call_id": it.funder.call["id"], "lead_city_id": it.cities[city].0, "title": "INSPIRE",
            "cohort_id": cohort["id"] })
    };
    let file = ok(it.cities[0].1.post("/api/v1/applications", &draft(0)).await, 201).await;
    let parties: Vec<_> = file["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|party| (party["city"]["name"].as_str().unwrap(), party["role"].as_str().unwrap()))
        .collect();
    assert_eq!(parties, [("Lille", "lead"), ("Nantes", "partner")]);

    // Who has not signed does not begin one from the cohort, nor is another programme's call one of it.
    let problem = it.cities[3].1.post("/api/v1/applications", &draft(3)).await;
    let problem = assert_problem(problem, 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/cohort_id");
    let elsewhere = it.server.funder().await;
    let mut other = draft(0);
    other["call_id"] = elsewhere.call["id"].clone();
    let problem = it.cities[0].1.post("/api/v1/applications", &other).await;
    assert_problem(problem, 422, "invalid").await;
    let back = go(&it.lead, &refused, "withdraw").await;
    assert_eq!(version(&back), 4);
    it.server.stop().await;
}
