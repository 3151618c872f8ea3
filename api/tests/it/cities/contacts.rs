use serde_json::json;
use shared::accounts::Grant;

use crate::support::{Server, assert_problem, json as body};

#[actix_web::test]
async fn contact_persons_are_for_the_citys_staff_and_administrators() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let other = server.add_city("Sevan", "AM").await;
    let path = format!("/api/v1/cities/{id}/contacts");
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let contacts = json!({"items": [
        {"name": "Anne Morel", "function": "Relations internationales", "email": "anne.morel@grenoble.example",
         "phone": "+33 4 00 00 00 00", "mandate_ends_on": "2032-03-31"},
        {"name": "Karim Haddad", "function": "", "email": "karim@grenoble.example"},
    ]});
    let put = || staff.request("PUT", &path).json(&contacts);
    assert_problem(put().send().await.unwrap(), 428, "precondition_required").await;
    assert_problem(put().header("if-match", "\"9\"").send().await.unwrap(), 412, "stale").await;
    let response = put().header("if-match", "\"1\"").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["etag"].to_str().unwrap()),
        (200, "\"2\"")
    );

    let response = staff.get(&path).await;
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    let list = body(response).await;
    assert_eq!(
        (list["version"].as_i64(), list["items"][0]["name"].as_str()),
        (Some(2), Some("Anne Morel"))
    );
    assert_eq!(list["items"][1]["mandate_ends_on"], serde_json::Value::Null);

    assert_problem(server.get(&path).await, 401, "unauthenticated").await;
    let stranger = server.sign_in_as(Grant::CityStaff { city_id: other }).await;
    assert_problem(stranger.get(&path).await, 403, "forbidden").await;
    let refused = stranger
        .request("PUT", &path)
        .header("if-match", "*")
        .json(&contacts)
        .send()
        .await
        .unwrap();
    assert_problem(refused, 403, "forbidden").await;
    let admin = server.sign_in_as(Grant::Admin).await;
    assert_eq!(admin.get(&path).await.status(), 200);

    // Nothing of a person shows in public, in the profile or in the journal.
    let profile = server.get(&format!("/api/v1/cities/{id}")).await.text().await.unwrap();
    assert!(!profile.contains("Morel"), "{profile}");
    let journal = admin.get("/api/v1/audit").await.text().await.unwrap();
    assert!(
        journal.contains("replace_contacts") && !journal.contains("Morel"),
        "{journal}"
    );
    server.stop().await;
}

#[actix_web::test]
async fn a_contact_person_makes_the_profile_more_complete_at_once() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let path = format!("/api/v1/cities/{id}");
    assert_eq!(body(server.get(&path).await).await["completeness"]["percent"], 0);
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let contacts = json!({"items": [{"name": "Anne", "function": "", "email": "a@b.example"}]});
    staff
        .request("PUT", &format!("{path}/contacts"))
        .header("if-match", "*")
        .json(&contacts)
        .send()
        .await
        .unwrap();
    assert_eq!(body(server.get(&path).await).await["completeness"]["percent"], 15);
    server.stop().await;
}

#[actix_web::test]
async fn every_fault_of_a_contact_person_has_its_place() {
    let server = Server::start().await;
    let id = server.add_city("Grenoble", "FR").await;
    let path = format!("/api/v1/cities/{id}/contacts");
    let staff = server.sign_in_as(Grant::CityStaff { city_id: id }).await;
    let person = |email: &str| json!({"name": "Anne", "function": "", "email": email});
    for (items, pointer, code) in [
        (json!([person("nobody")]), "/items/0/email", "format"),
        (
            json!([person("a@b.example"), person("A@b.example")]),
            "/items/1/email",
            "duplicate",
        ),
        (
            json!([{"name": "", "function": "", "email": "a@b.example"}]),
            "/items/0/name",
            "required",
        ),
        (
            json!([{"name": "a", "function": "", "email": "a@b.example", "age": 3}]),
            "/items/0/age",
            "unknown",
        ),
        (
            json!([{"name": "a", "function": "", "email": "a@b.example", "mandate_ends_on": "9999-01-01"}]),
            "/items/0/mandate_ends_on",
            "range",
        ),
    ] {
        let response = staff
            .request("PUT", &path)
            .header("if-match", "\"1\"")
            .json(&json!({ "items": items }))
            .send()
            .await
            .unwrap();
        let problem = assert_problem(response, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (error["pointer"].as_str(), error["code"].as_str()),
            (Some(pointer), Some(code)),
            "{problem}"
        );
    }
    server.stop().await;
}
