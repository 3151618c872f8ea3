//! Kept weights: a city's own, seen by nobody else, merged with what others kept by their version.

use super::*;
use crate::support::assert_problem;

fn weights(city: CityId) -> String {
    format!("/api/v1/cities/{city}/weights")
}

#[actix_web::test]
async fn a_city_keeps_its_weights() {
    let two = Two::start().await;
    let path = weights(two.grenoble);
    let read = two.french.get(&path).await;
    assert_eq!(read.headers()["etag"], "\"0\"");
    assert_eq!(read.headers()["cache-control"], "private, no-store");
    let usual = json(read).await;
    assert_eq!((&usual["version"], &usual["updated_at"]), (&json!(0), &Value::Null));

    let mut own = usual["weights"].clone();
    own["needs"] = json!(7);
    let draft = json!({ "weights": own });
    let without = two.french.request("PUT", &path).json(&draft).send().await.unwrap();
    assert_problem(without, 428, "precondition_required").await;
    let kept = two.french.put(&path, 0, &draft).await;
    assert_eq!(kept.status(), 200);
    let kept = json(kept).await;
    assert_eq!((&kept["version"], &kept["weights"]), (&json!(1), &own));
    assert_eq!(json(two.french.get(&path).await).await, kept);
    assert_problem(two.french.put(&path, 0, &draft).await, 412, "stale").await;

    // A ranking uses what its own request says, and nothing else.
    let ranked = json(
        two.french
            .get(&format!("/api/v1/cities/{}/matches", two.grenoble))
            .await,
    )
    .await;
    assert_eq!(ranked["weights"], usual["weights"]);
    two.server.stop().await;
}

#[actix_web::test]
async fn weights_are_within_their_bounds() {
    let two = Two::start().await;
    let path = weights(two.grenoble);
    let mut own = json(two.french.get(&path).await).await["weights"].clone();
    own["size"] = json!(101);
    let problem = assert_problem(
        two.french.put(&path, 0, &json!({ "weights": own })).await,
        422,
        "invalid",
    )
    .await;
    assert_eq!(problem["errors"][0]["pointer"], "/weights/size");
    assert_eq!(problem["errors"][0]["code"], "range");
    own["size"] = json!(-1);
    let negative = two.french.put(&path, 0, &json!({ "weights": own })).await;
    assert_problem(negative, 422, "invalid").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn nobody_else_learns_of_weights() {
    let two = Two::start().await;
    let path = weights(two.grenoble);
    let own = json(two.french.get(&path).await).await["weights"].clone();
    let seen = async || {
        let mut seen = Vec::new();
        for path in [
            "/api/v1/changes".to_owned(),
            format!("/api/v1/cities/{}", two.grenoble),
            format!("/api/v1/cities/{}/matches", two.sevan),
        ] {
            let mut answer = json(two.armenian.get(&path).await).await;
            answer.as_object_mut().unwrap().remove("computed_at");
            seen.push(answer);
        }
        seen
    };
    let before = seen().await;
    let kept = two.french.put(&path, 0, &json!({ "weights": own })).await;
    assert_eq!(kept.status(), 200);
    assert_eq!(seen().await, before);
    assert_problem(two.armenian.get(&path).await, 403, "forbidden").await;
    let foreign = two.armenian.put(&path, 1, &json!({ "weights": own })).await;
    assert_problem(foreign, 403, "forbidden").await;
    // The journal tells that they were kept, and not which.
    let entries = two.server.journal_of(two.grenoble.0).await;
    let (verb, version, details) = entries.last().unwrap();
    assert_eq!((verb.as_str(), *version, details), ("keep", 1, &json!({})));
    two.server.stop().await;
}

#[actix_web::test]
async fn of_two_who_keep_the_first_weights_one_is_told_to_look_again() {
    let two = Two::start().await;
    let colleague = staff(&two.server, two.grenoble).await;
    let path = weights(two.grenoble);
    let draft = json!({ "weights": json(two.french.get(&path).await).await["weights"] });
    let (one, other) = tokio::join!(two.french.put(&path, 0, &draft), colleague.put(&path, 0, &draft));
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    two.server.stop().await;
}
