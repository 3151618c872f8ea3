//! A code stands for the city's id wherever a path speaks of the city.

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::{Server, assert_problem, json};

/// What is read below a city, by the document: who adds a path adds nothing here.
fn readable_below_a_city() -> Vec<String> {
    let document: Value = serde_json::from_str(&api::http::openapi().to_json().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let below = paths
        .iter()
        .filter(|(path, item)| path.starts_with("/api/v1/cities/{id}") && item.get("get").is_some());
    below.map(|(path, _)| path.clone()).collect()
}

/// What an answer tells apart from when: the time of a ranking is that of its request. What is no JSON is a text.
async fn told(answer: reqwest::Response) -> Value {
    if answer.headers()["content-type"] != "application/json" {
        return answer.text().await.unwrap().into();
    }
    let mut told = json(answer).await;
    told.as_object_mut().unwrap().remove("computed_at");
    told
}

#[actix_web::test]
async fn what_is_below_a_city_is_read_by_its_codes() {
    let server = Server::start().await;
    let id = server.city("Grenoble", "FR").code("fr:insee", "38185").add().await;
    let other = server.city("Lviv", "UA").open().add().await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let paths = readable_below_a_city();
    assert!(paths.len() >= 5, "{paths:?}");
    for path in paths {
        let path = path.replace("{other_id}", &other.to_string());
        let by_id = staff.get(&path.replace("{id}", &id.to_string())).await;
        assert_eq!(by_id.status(), 200, "{path}");
        let by_id = told(by_id).await;
        for name in ["fr:insee:38185", "fr%3Ainsee%3A38185"] {
            let by_code = staff.get(&path.replace("{id}", name)).await;
            assert_eq!(by_code.status(), 200, "{path}");
            assert_eq!(told(by_code).await, by_id, "{path}");
        }
        let unknown = staff.get(&path.replace("{id}", "fr:insee:00000")).await;
        assert_problem(unknown, 404, "not_found").await;
        let nonsense = staff.get(&path.replace("{id}", "nonsense")).await;
        assert_problem(nonsense, 404, "not_found").await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn what_is_below_a_city_is_changed_by_its_codes() {
    let server = Server::start().await;
    let id = server.city("Grenoble", "FR").code("fr:insee", "38185").add().await;
    let other = server.add_city("Lviv", "UA").await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let path = "/api/v1/cities/fr:insee:38185";
    let changed = staff.patch(path, 1, &json!({ "open_to_partners": true })).await;
    assert_eq!(changed.status(), 200);
    let replaced = staff.put(&format!("{path}/contacts"), 2, &json!({ "items": [] })).await;
    assert_eq!(replaced.status(), 200);
    let banned = staff.post(&format!("{path}/bans"), &json!({ "city_id": other })).await;
    assert_eq!(banned.status(), 201);
    let ban = json(banned).await["id"].as_str().unwrap().to_owned();
    assert_eq!(staff.delete(&format!("{path}/bans/{ban}"), 1).await.status(), 204);
    // A city that is not one's own is none by its code either.
    let stranger = server.sign_in_as(Grant::CityStaff { city_id: other }).await;
    let refused = stranger.patch(path, 3, &json!({ "open_to_partners": false })).await;
    assert_problem(refused, 403, "forbidden").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_code_of_the_past_leads_to_the_same_place_below_the_city() {
    let server = Server::start().await;
    let id = server
        .city("Annecy", "FR")
        .code("fr:insee", "74010")
        .former_code("fr:insee", "74268", "2017-01-01")
        .add()
        .await;
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let base = server.base();
    let read = http
        .get(format!("{base}/api/v1/cities/fr:insee:74268/partnerships?limit=5"))
        .send()
        .await
        .unwrap();
    assert_eq!(read.status(), 308);
    assert_eq!(
        read.headers()["location"],
        "/api/v1/cities/fr:insee:74010/partnerships?limit=5"
    );
    assert!(read.text().await.unwrap().is_empty());
    // The client follows with method and body: 308 keeps both.
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let changed = staff
        .patch("/api/v1/cities/fr:insee:74268", 1, &json!({ "open_to_partners": true }))
        .await;
    assert_eq!(changed.status(), 200);
    server.stop().await;
}
