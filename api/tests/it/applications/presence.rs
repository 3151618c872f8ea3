//! Who else has a file open.

use api::housekeeping::tidy_up;
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use crate::support::applications::{Applicants, ok, version};
use crate::support::{Server, Visitor, assert_problem, friday_evening};

async fn sign(who: &Visitor, file: &Applicants, place: Option<&str>) -> Value {
    let put = who.request("PUT", &file.at("presence")).json(&json!({"place": place}));
    ok(put.send().await.unwrap(), 200).await
}

fn seen(view: &Value) -> Vec<(String, Option<String>)> {
    let others = view["others"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    others
        .map(|one| (text(&one["city_name"]).unwrap(), text(&one["place"])))
        .collect()
}

#[actix_web::test]
async fn those_who_have_a_file_open_see_each_other_whichever_process_they_ask() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    // It knows of the cities from its start.
    let beside = server.start_beside().await;
    let partner = file.partner.at(&beside);
    let now = |seconds: i64| friday_evening() + TimeDelta::seconds(seconds);
    let set = |seconds: i64| {
        server.platform.clock.set(now(seconds));
        beside.platform.clock.set(now(seconds));
    };
    set(0);
    assert_eq!(seen(&sign(&file.lead, &file, Some("title")).await), []);
    let there = sign(&partner, &file, Some("budget")).await;
    assert_eq!(seen(&there), [("Grenoble".to_owned(), Some("title".to_owned()))]);
    assert!(!there["others"][0]["name"].as_str().unwrap().is_empty());
    // A colleague of the same city is somebody else; one who moves on is told of once.
    let grant = Grant::CityStaff { city_id: file.grenoble };
    let colleague = server.sign_in_as(grant).await;
    set(10);
    assert_eq!(seen(&sign(&colleague, &file, None).await).len(), 2);
    sign(&partner, &file, Some("objectives")).await;
    let here = seen(&sign(&file.lead, &file, None).await);
    assert!(
        here.contains(&("Sevan".to_owned(), Some("objectives".to_owned()))),
        "{here:?}"
    );
    assert!(here.contains(&("Grenoble".to_owned(), None)), "{here:?}");
    assert_eq!(here.len(), 2);

    // What a colleague writes meanwhile shows in the version.
    let before = version(&file.read().await);
    ok(
        partner.patch(&file.path, before, &json!({"title": "Eau et lac"})).await,
        200,
    )
    .await;
    assert_eq!(sign(&file.lead, &file, None).await["version"], before + 1);

    set(56);
    assert_eq!(
        seen(&sign(&file.lead, &file, None).await),
        [],
        "without a sign for 45 seconds one is gone"
    );
    set(120);
    assert!(tidy_up(&server.platform).await.unwrap() >= 3, "signs are forgotten");
    beside.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn only_people_of_the_files_cities_are_present() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, _) = Applicants::handed_in(&server, &funder).await;
    for who in [&funder.officer, &funder.admin] {
        let put = who.request("PUT", &file.at("presence")).json(&json!({}));
        assert_problem(put.send().await.unwrap(), 404, "not_found").await;
    }
    assert_eq!(seen(&sign(&file.lead, &file, None).await), [], "nor is who may not be");
    let put = file.lead.request("PUT", &file.at("presence"));
    let put = put.json(&json!({"place": "nowhere"}));
    let problem = assert_problem(put.send().await.unwrap(), 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/place");
    server.stop().await;
}
