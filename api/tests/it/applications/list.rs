use serde_json::json;

use crate::support::applications::{Applicants, id, ok, statements_of, version};
use crate::support::{Server, assert_problem};

#[actix_web::test]
async fn reads_cost_four_statements_and_lists_two() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, _) = Applicants::handed_in(&server, &funder).await;
    for (path, most) in [
        (file.path.clone(), 4),
        (file.at("budget"), 4),
        (file.at("receipt"), 4),
        ("/api/v1/applications".to_owned(), 2),
        ("/api/v1/applications?count=true".to_owned(), 3),
        (format!("/api/v1/calls/{}", id(&funder.call)), 1),
    ] {
        assert_eq!(statements_of(&server, &file.lead, &path).await, most, "{path}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn lists_are_filtered_found_sorted_and_paged() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (city, staff) = server.staffed_city("Saint-Étienne", "FR").await;
    let mut ids = Vec::new();
    for title in ["Forêts", "Eau", "Énergie"] {
        let draft = json!({"call_id": funder.call["id"], "lead_city_id": city, "title": title});
        let view = ok(staff.post("/api/v1/applications", &draft).await, 201).await;
        ids.push(id(&view).to_owned());
    }
    let titles = async |query: &str| -> Vec<String> {
        let mut titles = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = ok(
                staff
                    .get(&format!("/api/v1/applications?limit=1&{query}{cursor}"))
                    .await,
                200,
            )
            .await;
            titles.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["title"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else {
                return titles;
            };
            cursor = format!("&cursor={next}");
        }
    };
    assert_eq!(titles("sort=title").await, ["Eau", "Énergie", "Forêts"]);
    assert_eq!(titles("sort=-title").await, ["Forêts", "Énergie", "Eau"]);
    for sort in [
        "updated_at",
        "-updated_at",
        "submitted_at",
        "-submitted_at",
        "grant_asked_minor",
        "-grant_asked_minor",
    ] {
        assert_eq!(titles(&format!("sort={sort}")).await.len(), 3, "{sort}");
    }
    assert_eq!(titles("q=energie").await, ["Énergie"]);
    assert_eq!(titles("q=st%20etienne").await.len(), 3);
    assert_eq!(titles(&format!("city_id={city}&state=draft")).await.len(), 3);
    assert_eq!(titles("state=submitted").await.len(), 0);
    assert_eq!(titles(&format!("call_id={}", id(&funder.call))).await.len(), 3);

    let page = ok(staff.get("/api/v1/applications?limit=1&sort=title").await, 200).await;
    let next = page["next"].as_str().unwrap();
    let response = staff
        .get(&format!("/api/v1/applications?sort=updated_at&cursor={next}"))
        .await;
    assert_problem(response, 400, "cursor_invalid").await;
    assert_problem(
        staff.get("/api/v1/applications?sort=colour").await,
        400,
        "query_invalid",
    )
    .await;
    assert_problem(staff.get("/api/v1/applications?limit=0").await, 400, "query_invalid").await;
    server.stop().await;
}

#[actix_web::test]
async fn faults_of_a_file_are_pointed_to() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    for (patch, pointer) in [
        (json!({"title": " "}), "/title"),
        (json!({"title": "x".repeat(201)}), "/title"),
        (json!({"answers": {"nobody/asked": "x"}}), "/answers/nobody~1asked"),
        (json!({"answers": {"more": "x".repeat(51)}}), "/answers/more"),
        (json!({"themes": ["water-and-waste", "water-and-waste"]}), "/themes/1"),
        (json!({"themes": ["rockets"]}), "/themes/0"),
        (json!({"state": "accepted"}), "/state"),
    ] {
        let problem = assert_problem(file.lead.patch(&file.path, 2, &patch).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let view = ok(
        file.lead
            .patch(&file.path, 2, &json!({"answers": {"more": "Обʼєкт"}}))
            .await,
        200,
    )
    .await;
    let view = ok(
        file.lead
            .patch(&file.path, version(&view), &json!({"answers": {"more": null}}))
            .await,
        200,
    )
    .await;
    assert_eq!(view["answers"], json!({}));
    let (city, _) = server.staffed_city("Lyon", "FR").await;
    let draft = json!({"call_id": funder.call["id"], "lead_city_id": city, "title": "Eau"});
    assert_problem(file.lead.post("/api/v1/applications", &draft).await, 403, "forbidden").await;
    server.stop().await;
}
