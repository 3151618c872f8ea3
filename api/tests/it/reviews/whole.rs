//! A whole campaign on one desk: 158 files with two reviewers each, listed, filtered, scored and decided. What each request
//! costs is counted in statements; `MEASURE=1` prints what it takes, too.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Desk, sheet};
use crate::support::Visitor;
use crate::support::applications::{fewest_statements, id, ok, statements_of, version};

/// Files of the campaign.
const FILES: usize = 158;
/// What those who follow the journal may ask while a slow request is answered: far less than a statement for each file.
const FOLLOWERS: u64 = 3;
/// Sheets that each reviewer files; all of them where it is measured.
const SHEETS: usize = 12;

#[expect(clippy::disallowed_methods, reason = "a variable asks for the times to be printed")]
fn is_measured() -> bool {
    std::env::var_os("MEASURE").is_some()
}

fn measure(what: &str, began: Instant) {
    if is_measured() {
        println!("{what}: {:.1} ms", began.elapsed().as_secs_f64() * 1_000.0);
    }
}

/// The statements that a list costs; with `MEASURE`, what it takes at best.
async fn cost(desk: &Desk, by: &Visitor, path: &str) -> u64 {
    let statements = statements_of(&desk.server, by, path).await;
    let began = Instant::now();
    ok(by.get(path).await, 200).await;
    measure(path, began);
    statements
}

#[actix_web::test]
async fn a_campaign_is_listed_filtered_and_decided_in_few_statements() {
    let asked: Vec<i64> = (0..FILES as i64).map(|number| 1_000 + number).collect();
    let desk = Desk::under_review(Some(1_000_000), &asked, false).await;
    let reviewers = [desk.reviewer(&[]).await, desk.reviewer(&[]).await];
    let began = Instant::now();
    let report = ok(desk.post("balance-reviews", &json!({})).await, 200).await;
    measure("balance-reviews", began);
    assert_eq!(report["items"].as_array().unwrap().len(), 2 * FILES);
    for (turn, reviewer) in reviewers.iter().enumerate() {
        // All pages first: what is filed changes its place in the list.
        let mut own = Vec::new();
        let mut path = "/api/v1/reviews?limit=100".to_owned();
        loop {
            let page = ok(reviewer.get(&path).await, 200).await;
            let items = page["items"].as_array().unwrap().iter();
            own.extend(items.map(|review| format!("/api/v1/reviews/{}", id(review))));
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/reviews?limit=100&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(own.len(), FILES);
        let scored = if is_measured() { FILES } else { SHEETS };
        for (number, path) in (turn as u32..).zip(own.into_iter().take(scored)) {
            let scores = sheet(number % 6, 1 + number % 4);
            let review = ok(reviewer.put(&format!("{path}/sheet"), 1, &scores).await, 200).await;
            let file = format!("{path}/file");
            ok(reviewer.act(&file, version(&review), &json!({})).await, 200).await;
        }
    }

    let officer = &desk.funder.officer;
    let call = desk.call.rsplit('/').next().unwrap();
    for query in [
        "limit=100",
        "limit=100&state=submitted&sort=title",
        "limit=100&q=sevan&sort=-grant_asked_minor",
    ] {
        let path = format!("/api/v1/applications?call_id={call}&count=true&{query}");
        let few = statements_of(
            &desk.server,
            officer,
            &format!("/api/v1/applications?call_id={call}&count=true&limit=1"),
        )
        .await;
        assert!(cost(&desk, officer, &path).await <= few + FOLLOWERS, "{path}");
    }
    for query in [
        "sort=rank",
        "sort=-spread&state=submitted",
        "q=dossier%201&country=AM",
        "affordability=within&asked_min=100000",
    ] {
        let path = format!("{}/committee?limit=100&count=true&{query}", desk.call);
        assert!(cost(&desk, officer, &path).await <= 3 + FOLLOWERS, "{path}");
    }
    for (reviewer, path) in [
        (&reviewers[0], "/api/v1/reviews?limit=100&count=true"),
        (&reviewers[1], "/api/v1/reviews?limit=100&state=filed"),
    ] {
        let few = statements_of(&desk.server, reviewer, &path.replace("limit=100", "limit=1")).await;
        assert!(cost(&desk, reviewer, path).await <= few + FOLLOWERS, "{path}");
    }
    assert!(cost(&desk, officer, &format!("{}/reviewers", desk.call)).await <= 3 + FOLLOWERS);

    // All at once: the lower half is rejected, the upper one accepted.
    let items: Vec<Value> = (0..FILES)
        .map(|file| desk.decision(file, if file < FILES / 2 { "rejected" } else { "accepted" }))
        .collect();
    let before = desk.server.statement_count();
    let began = Instant::now();
    let report = ok(desk.post("decide", &json!({"items": items})).await, 200).await;
    measure("decide 158", began);
    let statements = desk.server.statement_count() - before;
    assert_eq!(report["items"].as_array().unwrap().len(), FILES);
    // One for each file and one for its entry in the journal, and few for all: nothing is read file by file.
    assert!(statements <= 2 * FILES as u64 + 20, "{statements}");
    let sheet = desk.committee("&sort=rank").await;
    assert_eq!(
        (&sheet["undecided"], &sheet["accepted"]),
        (&json!(0), &json!(FILES / 2))
    );
    let again = fewest_statements(&desk.server, async || drop(desk.committee("").await)).await;
    assert!(again <= 3 + FOLLOWERS, "{again}");
    desk.server.stop().await;
}
