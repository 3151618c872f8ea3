//! Saved searches: what is new in them, until it is marked as seen.

use shared::cities::Urgency;
use shared::scoring::Weights;
use shared::themes::Theme;

use super::*;
use crate::support::assert_problem;

fn searches(city: CityId) -> String {
    format!("/api/v1/cities/{city}/searches")
}

/// Grenoble watches who offers water management in Armenia.
fn water() -> Value {
    json!({ "name": " Eau, Arménie ", "filter": { "countries": ["AM"], "offers": "water-and-waste" } })
}

async fn only(two: &Two) -> Value {
    let page = json(two.french.get(&searches(two.grenoble)).await).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    page["items"][0].clone()
}

fn names(search: &Value) -> Vec<&str> {
    let cities = search["new_cities"].as_array().unwrap();
    cities.iter().map(|city| city["name"].as_str().unwrap()).collect()
}

fn one_path(two: &Two, search: &Value) -> String {
    format!("{}/{}", searches(two.grenoble), search["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_city_that_begins_to_fit_is_new_until_it_is_seen() {
    let two = Two::start().await;
    two.server
        .city("Goris", "AM")
        .offer(Theme::WaterAndWaste, Urgency::High)
        .add()
        .await;
    let made = two.french.post(&searches(two.grenoble), &water()).await;
    assert_eq!(made.status(), 201);
    let made = json(made).await;
    assert_eq!((&made["name"], &made["version"]), (&json!("Eau, Arménie"), &json!(1)));
    assert_eq!(made["least_per_mille"], 0);
    // Who fits already is known.
    assert!(names(&only(&two).await).is_empty());

    // Sevan comes to offer it: new, as soon as it has said so.
    let offer = json!({ "offer_statements": [{ "theme": "water-and-waste", "urgency": "high" }] });
    let changed = two
        .armenian
        .patch(&format!("/api/v1/cities/{}", two.sevan), 1, &offer)
        .await;
    assert_eq!(changed.status(), 200);
    let search = only(&two).await;
    assert_eq!(names(&search), ["Sevan"]);

    let path = format!("{}/seen", one_path(&two, &search));
    let seen = json!({ "city_ids": [two.sevan] });
    assert_problem(two.french.post(&path, &seen).await, 428, "precondition_required").await;
    let marked = two.french.act(&path, 1, &seen).await;
    assert_eq!(marked.status(), 200);
    let marked = json(marked).await;
    assert_eq!((names(&marked).len(), &marked["version"]), (0, &json!(2)));
    assert_eq!(only(&two).await, marked);
    assert_problem(two.french.act(&path, 1, &seen).await, 412, "stale").await;

    // One that is ruled out, or in contact, is not suggested, and so not new either.
    two.server
        .city("Dilijan", "AM")
        .offer(Theme::WaterAndWaste, Urgency::High)
        .add()
        .await;
    let search = only(&two).await;
    assert_eq!(names(&search), ["Dilijan"]);
    let dilijan = &search["new_cities"][0]["id"];
    let ban = two
        .french
        .post(
            &format!("/api/v1/cities/{}/bans", two.grenoble),
            &json!({ "city_id": dilijan }),
        )
        .await;
    assert_eq!(ban.status(), 201);
    assert!(names(&only(&two).await).is_empty());

    let gone = two.french.delete(&one_path(&two, &search), 2).await;
    assert_eq!(gone.status(), 204);
    assert_problem(two.french.delete(&one_path(&two, &search), 2).await, 404, "not_found").await;
    two.server.stop().await;
}

#[actix_web::test]
async fn where_many_are_found_only_who_scores_as_well_is_new() {
    let two = Two::start().await;
    let need = json!({ "need_statements": [{ "theme": "climate", "urgency": "high" }] });
    let changed = two
        .french
        .patch(&format!("/api/v1/cities/{}", two.grenoble), 1, &need)
        .await;
    assert_eq!(changed.status(), 200);
    let town = |name: &str| two.server.city(name, "AM").offer(Theme::Climate, Urgency::High);
    for at in 0..30 {
        town(&format!("Town {at}")).add().await;
    }
    let made = json(
        two.french
            .post(
                &searches(two.grenoble),
                // Without what existing twinnings tell, of which a town's name is a part.
                &json!({ "name": "Abroad", "weights": Weights { history: 0, ..Weights::default() } }),
            )
            .await,
    )
    .await;
    assert!(made["least_per_mille"].as_u64().unwrap() > 0, "{made}");
    assert!(names(&only(&two).await).is_empty());
    // A newcomer that is worse than the 25th is no news; one that is better is.
    two.server.add_city("Hamlet", "AM").await;
    assert!(names(&only(&two).await).is_empty());
    town("Twin").add().await;
    assert_eq!(names(&only(&two).await), ["Twin"]);
    two.server.stop().await;
}

#[actix_web::test]
async fn a_search_uses_the_weights_that_the_city_keeps() {
    let two = Two::start().await;
    let kept = format!("/api/v1/cities/{}/weights", two.grenoble);
    let mut own = json(two.french.get(&kept).await).await["weights"].clone();
    own["needs"] = json!(3);
    assert_eq!(two.french.put(&kept, 0, &json!({ "weights": own })).await.status(), 200);
    let made = json(two.french.post(&searches(two.grenoble), &water()).await).await;
    assert_eq!(made["weights"], own);
    own["needs"] = json!(100);
    let draft = json!({ "name": "Other", "weights": own });
    let made = json(two.french.post(&searches(two.grenoble), &draft).await).await;
    assert_eq!(made["weights"], own);
    two.server.stop().await;
}

#[actix_web::test]
async fn a_search_is_checked_and_their_number_is_bounded() {
    let two = Two::start().await;
    let path = searches(two.grenoble);
    for (draft, pointer) in [
        (json!({ "name": "" }), "/name"),
        (
            json!({ "name": "x", "filter": { "countries": ["ZZ"] } }),
            "/filter/countries/0",
        ),
        (
            json!({ "name": "x", "filter": { "population_min": -1 } }),
            "/filter/population_min",
        ),
        (
            json!({ "name": "x", "filter": { "distance_max_km": 50_001 } }),
            "/filter/distance_max_km",
        ),
        (json!({ "name": "x", "filter": { "colour": "red" } }), "/filter/colour"),
    ] {
        let problem = assert_problem(two.french.post(&path, &draft).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    for at in 0..20 {
        let made = two.french.post(&path, &json!({ "name": format!("{at}") })).await;
        assert_eq!(made.status(), 201);
    }
    let one_more = two.french.post(&path, &json!({ "name": "21" })).await;
    assert_problem(one_more, 409, "state_conflict").await;
    let page = json(two.french.get(&path).await).await;
    assert_eq!(page["items"][0]["name"], "19");
    two.server.stop().await;
}

#[actix_web::test]
async fn nobody_else_sees_or_reaches_a_search() {
    let two = Two::start().await;
    let made = json(two.french.post(&searches(two.grenoble), &water()).await).await;
    let theirs = searches(two.grenoble);
    assert_problem(two.armenian.get(&theirs).await, 403, "forbidden").await;
    assert_problem(two.armenian.post(&theirs, &water()).await, 403, "forbidden").await;
    assert_problem(two.armenian.delete(&one_path(&two, &made), 1).await, 403, "forbidden").await;
    // Nor through a path of one's own.
    let crossed = format!("{}/{}", searches(two.sevan), made["id"].as_str().unwrap());
    assert_problem(two.armenian.delete(&crossed, 1).await, 404, "not_found").await;
    let changes = json(two.server.get("/api/v1/changes").await).await;
    assert!(!changes.to_string().contains("search"), "{changes}");
    two.server.stop().await;
}
