use serde_json::{Value, json};
use shared::partnerships::PartyRole;

use super::Desk;
use crate::support::applications::{ok, statements_of};
use crate::support::{Server, assert_problem};

fn column<'a>(sheet: &'a Value, name: &str) -> Vec<&'a Value> {
    let items = sheet["items"].as_array().unwrap();
    items.iter().map(|item| &item[name]).collect()
}

/// Four files of which three have sheets: the third is best, the first and the second are equal.
async fn ranked(envelope: Option<i64>) -> Desk {
    let desk = Desk::under_review(envelope, &[400, 400, 300, 100], false).await;
    let (one, two) = (desk.reviewer(&[]).await, desk.reviewer(&[]).await);
    desk.filed(desk.files[0], &one, (2, 4)).await;
    desk.filed(desk.files[0], &two, (3, 1)).await;
    desk.filed(desk.files[1], &one, (5, 4)).await;
    desk.filed(desk.files[1], &two, (0, 1)).await;
    desk.filed(desk.files[2], &one, (5, 4)).await;
    desk.given(desk.files[3], &two).await;
    desk
}

#[actix_web::test]
async fn files_are_ranked_and_the_envelope_is_walked_down() {
    let desk = ranked(Some(800)).await;
    let sheet = desk.committee("&count=true").await;
    let files: Vec<Value> = [2, 0, 1, 3].map(|file| json!(desk.files[file])).into();
    assert_eq!(column(&sheet, "application_id"), files.iter().collect::<Vec<_>>());
    assert_eq!(column(&sheet, "rank"), [&json!(1), &json!(2), &json!(2), &Value::Null]);
    assert_eq!(column(&sheet, "tied"), [false, true, true, false]);
    assert_eq!(column(&sheet, "mean")[..3], [10_000, 5_000, 5_000]);
    assert_eq!(
        column(&sheet, "spread"),
        [&json!(0), &json!(2_000), &json!(10_000), &Value::Null]
    );
    assert_eq!(column(&sheet, "filed"), [1, 2, 2, 0]);
    assert_eq!(column(&sheet, "cumulated_minor"), [30_000, 70_000, 110_000, 120_000]);
    assert_eq!(
        column(&sheet, "affordability"),
        ["within", "within", "beyond", "fits_the_rest"]
    );
    assert_eq!(
        [
            &sheet["envelope_minor"],
            &sheet["committed_minor"],
            &sheet["affordable_minor"],
            &sheet["asked_minor"],
            &sheet["total"]
        ],
        [80_000, 0, 80_000, 120_000, 4]
    );
    assert_eq!(sheet["items"][3]["reviews"][0]["total"], Value::Null);

    let bulk = json!({"items": [desk.decision(1, "accepted"), desk.decision(2, "rejected")]});
    ok(desk.post("decide", &bulk).await, 200).await;
    let sheet = desk.committee("").await;
    // 400 are granted: the first file's 400 fill the envelope, the last one's 100 do not fit any more.
    assert_eq!(
        column(&sheet, "affordability"),
        ["nothing", "within", "committed", "beyond"]
    );
    assert_eq!(column(&sheet, "cumulated_minor"), [40_000, 80_000, 80_000, 90_000]);
    assert_eq!(
        [&sheet["committed_minor"], &sheet["undecided"], &sheet["accepted"]],
        [40_000, 2, 1]
    );
    desk.server.stop().await;
}

#[actix_web::test]
async fn the_sheet_is_filtered_sorted_paged_and_costs_three_statements() {
    let desk = ranked(None).await;
    let titles = async |query: &str| -> Vec<String> {
        let sheet = desk.committee(query).await;
        let titles = column(&sheet, "title");
        titles
            .into_iter()
            .map(|title| title.as_str().unwrap()[8..].to_owned())
            .collect()
    };
    for (query, wanted) in [
        ("&sort=rank", &["002", "000", "001", "003"][..]),
        ("&sort=-rank", &["003", "000", "001", "002"]),
        ("&sort=title", &["000", "001", "002", "003"]),
        ("&sort=-title", &["003", "002", "001", "000"]),
        ("&sort=-spread", &["001", "000", "002", "003"]),
        ("&sort=spread", &["002", "000", "001", "003"]),
        ("&sort=grant_asked_minor", &["003", "002", "000", "001"]),
        ("&sort=-grant_asked_minor", &["000", "001", "002", "003"]),
        ("&sort=submitted_at", &["000", "001", "002", "003"]),
        (
            "&state=submitted&theme=water-and-waste&country=AM&sort=title",
            &["000", "001", "002", "003"],
        ),
        ("&state=accepted", &[]),
        ("&theme=culture", &[]),
        ("&country=UA", &[]),
        ("&asked_min=20000&asked_max=30000", &["002"]),
        ("&q=sevan%20dossier%20003", &[]),
        ("&q=dossier%20003", &["003"]),
        ("&affordability=beyond", &[]),
    ] {
        assert_eq!(titles(query).await, wanted, "{query}");
    }
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}/committee?limit=1{cursor}", desk.call);
        let sheet = ok(desk.funder.officer.get(&path).await, 200).await;
        paged.push(sheet["items"][0]["title"].as_str().unwrap()[8..].to_owned());
        match sheet["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, ["002", "000", "001", "003"]);
    let foreign = desk.funder.officer;
    let path = format!("{}/committee?sort=title{cursor}", desk.call);
    assert_problem(foreign.get(&path).await, 400, "cursor_invalid").await;
    let path = format!("{}/committee?count=true", desk.call);
    assert_eq!(statements_of(&desk.server, &foreign, &path).await, 3);
    let path = format!("{}/reviewers", desk.call);
    assert_eq!(statements_of(&desk.server, &foreign, &path).await, 3);
    desk.server.stop().await;
}

#[actix_web::test]
async fn the_sheet_is_a_table_too_and_nobody_elses() {
    let desk = ranked(Some(800)).await;
    let path = format!("{}/committee", desk.call);
    let response = desk
        .funder
        .officer
        .request("GET", &path)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[0]
            .trim_start_matches('\u{feff}')
            .starts_with("application_id,rank,tied,mean")
    );
    assert!(lines[1].contains(",1,false,10000,0,0,1,"), "{}", lines[1]);
    let reviewer = desk.reviewer(&[]).await;
    let elsewhere = desk.server.funder().await;
    for visitor in [&reviewer, &elsewhere.officer] {
        for part in ["committee", "reviewers"] {
            let response = visitor.get(&format!("{}/{part}", desk.call)).await;
            assert_problem(response, 403, "forbidden").await;
        }
    }
    ok(desk.funder.admin.get(&path).await, 200).await;
    desk.server.stop().await;
}

#[actix_web::test]
async fn a_committee_of_158_files_with_two_reviewers_each_is_one_sheet() {
    let asked: Vec<i64> = (0..158).map(|file| 1_000 + file).collect();
    let desk = Desk::under_review(Some(100_000), &asked, false).await;
    for _ in 0..8 {
        desk.reviewer(&[]).await;
    }
    let report = ok(desk.post("balance-reviews", &json!({})).await, 200).await;
    assert_eq!(report["items"].as_array().unwrap().len(), 316);
    let sheet = desk.committee("&count=true&sort=-grant_asked_minor").await;
    assert_eq!(
        (sheet["items"].as_array().unwrap().len(), &sheet["total"]),
        (100, &json!(158))
    );
    let within: Vec<usize> = (0..40).collect();
    let items: Vec<Value> = within.iter().map(|&file| desk.decision(file, "accepted")).collect();
    let report = ok(desk.post("decide", &json!({"items": items})).await, 200).await;
    assert_eq!(report["items"].as_array().unwrap().len(), 40);
    assert_eq!(
        report["committed_minor"],
        (0..40).map(|file| 100_000 + file * 100).sum::<i64>()
    );
    desk.server.stop().await;
}

/// A city in a priority region moves its file up, and changes nothing else: a weight, not a filter.
#[actix_web::test]
async fn a_priority_region_weighs_in_the_ranking() {
    let server = Server::start().await;
    let funder = server.inspire().await;
    let desk = Desk::of(server, funder, None, &[100, 100]).await;
    let chernihiv = desk.server.city("Чернігів", "UA").subdivision("UA-74").add().await;
    let mut files = desk.files.clone();
    for (title, role) in [
        ("Dossier 002", PartyRole::Partner),
        ("Dossier 003", PartyRole::Associated),
    ] {
        let parties = [(desk.grenoble, PartyRole::Lead), (chernihiv, role)];
        files.push(desk.add_file(title, &parties, 100).await);
    }
    desk.review(false).await;
    let reviewer = desk.reviewer(&[]).await;
    for (file, scores) in files.into_iter().zip([(4, 3), (5, 4), (3, 4), (3, 4)]) {
        desk.filed(file, &reviewer, scores).await;
    }
    let sheet = desk.committee("&sort=title").await;
    assert_eq!(column(&sheet, "mean"), [7_556, 10_000, 7_333, 7_333]);
    assert_eq!(column(&sheet, "priority_points"), [0, 0, 5, 0]);
    assert_eq!(column(&sheet, "rank"), [3, 1, 2, 4]);
    desk.server.stop().await;
}
