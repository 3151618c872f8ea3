//! Calls, applications and grants in the words of the CommonGrants protocol.

use serde_json::{Value, json};

use super::{Granted, at};
use crate::support::applications::{Applicants, call_draft, fewest_statements, id, ok, statements_of, window};
use crate::support::{Server, assert_problem};

const BASE: &str = "/api/v1/common-grants";

#[actix_web::test]
async fn a_program_reads_public_calls_page_by_page() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let anybody = server.anybody();
    let path = format!("{BASE}/opportunities");
    let page = ok(anybody.get(&path).await, 200).await;
    assert_eq!((&page["status"], &page["message"]), (&json!(200), &json!("Success")));
    let call = &page["items"][0];
    assert_eq!(
        (&call["id"], &call["status"]),
        (&funder.call["id"], &json!({"value": "open"}))
    );
    assert_eq!(call["keyDates"]["closeDate"]["eventType"], "singleDate");
    assert_eq!(
        call["keyDates"]["closeDate"]["description"],
        funder.call["window"]["zone"]
    );
    let total = page["paginationInfo"]["totalItems"].as_u64().unwrap();
    assert_eq!(
        page["paginationInfo"],
        json!({"page": 1, "pageSize": 100, "totalItems": total, "totalPages": 1})
    );
    let beyond = ok(anybody.get(&format!("{path}?page={}&pageSize=1", total + 1)).await, 200).await;
    assert_eq!(beyond["items"], json!([]));
    assert_eq!(beyond["paginationInfo"]["totalPages"], json!(total));
    assert_eq!(statements_of(&server, &anybody, &path).await, 2);

    let one = ok(anybody.get(&format!("{path}/{}", id(&funder.call))).await, 200).await;
    let competition = &one["data"]["competitions"][0];
    assert_eq!(
        (&competition["opportunityId"], &competition["status"]["value"]),
        (&funder.call["id"], &json!("open"))
    );
    let form = &competition["forms"]["forms"]["application"]["jsonSchema"];
    assert_eq!(form["required"], json!(["objectives"]));

    for (query, pointer) in [("page=0", "?page"), ("pageSize=101", "?pageSize")] {
        let problem = assert_problem(anybody.get(&format!("{path}?{query}")).await, 400, "query_invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    // What is still being written is not public.
    server.execute("UPDATE calls SET state = 'draft'").await;
    assert_eq!(ok(anybody.get(&path).await, 200).await["items"], json!([]));
    let draft = format!("{path}/{}", id(&funder.call));
    assert_problem(anybody.get(&draft).await, 404, "not_found").await;
    server.stop().await;
}

/// Titles of what a search finds, in its order.
fn titles(found: &Value) -> Vec<&str> {
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_program_searches_calls_by_words_state_deadline_and_money() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let now = server.platform.clock.now();
    // Beside the open call without an envelope: two announced ones, and a draft that nobody else sees.
    for (title, closes, envelope, is_announced) in [
        ("Eau et forêts", "2027-03-31T21:59:59Z", Some(100_000_050), true),
        ("Jeunesse", "2027-06-30T21:59:59Z", Some(5_000_000), true),
        ("Secret", "2027-06-30T21:59:59Z", Some(5_000_000), false),
    ] {
        let mut window = window(now);
        window["opens_at"] = json!("2027-01-01T08:00:00Z");
        window["closes_at"] = json!(closes);
        let mut draft = call_draft(funder.programme, &funder.rules, &window);
        draft["title"] = json!({"fr": title, "en": format!("{title} (en)"), "uk": title});
        draft["envelope_minor"] = json!(envelope);
        let call = ok(funder.officer.post("/api/v1/calls", &draft).await, 201).await;
        if is_announced {
            let path = format!("/api/v1/calls/{}/advance", id(&call));
            ok(funder.officer.act(&path, 1, &json!({"to": "announced"})).await, 200).await;
        }
    }
    let anybody = server.anybody();
    let path = format!("{BASE}/opportunities/search");
    let search = async |asked: Value| ok(anybody.post(&path, &asked).await, 200).await;

    let all = search(json!({})).await;
    assert_eq!((&all["status"], &all["message"]), (&json!(200), &json!("Success")));
    assert_eq!(titles(&all), ["Jeunesse", "Eau et forêts", "Appel 2025"]);
    assert_eq!(
        all["paginationInfo"],
        json!({"page": 1, "pageSize": 100, "totalItems": 3, "totalPages": 1})
    );
    assert_eq!(
        all["sortInfo"],
        json!({"sortBy": "lastModifiedAt", "sortOrder": "desc"})
    );
    assert_eq!(all["filterInfo"], json!({"filters": {}}));

    // Words without their accents; states; days of the call's zone; amounts of its currency.
    assert_eq!(
        titles(&search(json!({"search": "FORETS eau"})).await),
        ["Eau et forêts"]
    );
    let status = |operator: &str| json!({"filters": {"status": {"operator": operator, "value": ["open", "closed"]}}});
    assert_eq!(titles(&search(status("in")).await), ["Appel 2025"]);
    assert_eq!(titles(&search(status("notIn")).await), ["Jeunesse", "Eau et forêts"]);
    assert_eq!(search(status("in")).await["filterInfo"], status("in"));
    let closes = |operator: &str, min: &str, max: &str| json!({"filters": {"closeDateRange": {"operator": operator, "value": {"min": min, "max": max}}}});
    assert_eq!(
        titles(&search(closes("between", "2027-03-31", "2027-03-31")).await),
        ["Eau et forêts"]
    );
    let outside = closes("outside", "2027-03-31T21:59:59.000Z", "2027-06-28T22:00:00.000Z");
    assert_eq!(titles(&search(outside).await), ["Jeunesse", "Appel 2025"]);
    let money = |operator: &str, min: &str, max: &str, currency: &str| {
        let amount = |amount: &str| json!({"amount": amount, "currency": currency});
        let value = json!({"min": amount(min), "max": amount(max)});
        json!({"filters": {"totalFundingAvailableRange": {"operator": operator, "value": value}}})
    };
    assert_eq!(
        titles(&search(money("between", "1000000.50", "1000000.5", "EUR")).await),
        ["Eau et forêts"]
    );
    assert_eq!(
        titles(&search(money("outside", "1000000.50", "2000000", "EUR")).await),
        ["Jeunesse"]
    );
    assert_eq!(titles(&search(money("between", "0", "9000000", "USD")).await), [""; 0]);
    let mut both = closes("between", "2027-01-01", "2027-12-31");
    both["search"] = json!("jeunesse");
    assert_eq!(titles(&search(both).await), ["Jeunesse"]);

    // Orders; pages of them.
    let sorted = async |by: &str, order: &str| {
        let asked = json!({"sorting": {"sortBy": by, "sortOrder": order}, "pagination": {"page": 2, "pageSize": 1}});
        let found = search(asked).await;
        assert_eq!(
            found["paginationInfo"],
            json!({"page": 2, "pageSize": 1, "totalItems": 3, "totalPages": 3})
        );
        titles(&found)[0].to_owned()
    };
    assert_eq!(sorted("keyDates.closeDate", "desc").await, "Eau et forêts");
    assert_eq!(sorted("title", "asc").await, "Eau et forêts");
    assert_eq!(sorted("status.value", "desc").await, "Jeunesse");
    // Without an envelope a call is last, whichever way.
    assert_eq!(sorted("funding.totalAmountAvailable", "asc").await, "Eau et forêts");
    assert_eq!(sorted("funding.totalAmountAvailable", "desc").await, "Jeunesse");

    // What calls here do not tell is said, and nothing is made up.
    let amount = json!({"amount": "1", "currency": "EUR"});
    let untold = json!({
        "filters": {"maxAwardAmountRange": {"operator": "outside", "value": {"min": amount, "max": amount}}},
        "sorting": {"sortBy": "funding.estimatedAwardCount"},
    });
    let found = search(untold).await;
    assert_eq!(found["items"], json!([]));
    for part in ["filterInfo", "sortInfo"] {
        assert_eq!(found[part]["errors"].as_array().map(Vec::len), Some(1), "{found}");
    }

    // Three statements, however many are found: the calls, the currencies, the page.
    let asked = money("between", "0", "9000000", "EUR");
    let cost = fewest_statements(&server, async || drop(search(asked.clone()).await)).await;
    assert_eq!(cost, 3);
    server.stop().await;
}

#[actix_web::test]
async fn a_search_that_the_protocol_or_this_house_does_not_know_is_refused_where_it_is_wrong() {
    let server = Server::start().await;
    let anybody = server.anybody();
    let path = format!("{BASE}/opportunities/search");
    let amount = |amount: &str, currency: &str| json!({"amount": amount, "currency": currency});
    let money = |min: Value, max: Value| json!({"filters": {"totalFundingAvailableRange": {"operator": "between", "value": {"min": min, "max": max}}}});
    let closes = |min: &str, max: &str| json!({"filters": {"closeDateRange": {"operator": "between", "value": {"min": min, "max": max}}}});
    for (asked, pointer, code) in [
        (
            json!({"filters": {"status": {"operator": "in", "value": ["posted"]}}}),
            "/filters/status/value/0",
            "choice",
        ),
        (
            json!({"filters": {"status": {"operator": "eq", "value": ["open"]}}}),
            "/filters/status/operator",
            "choice",
        ),
        (json!({"filters": {"agency": {}}}), "/filters/agency", "unknown"),
        (
            json!({"filters": {"customFilters": {"a/b": {"operator": "eq", "value": 1}}}}),
            "/filters/customFilters/a~1b",
            "unknown",
        ),
        (
            closes("tomorrow", "2027-01-01"),
            "/filters/closeDateRange/value/min",
            "format",
        ),
        (
            closes("2027-01-02", "2027-01-01"),
            "/filters/closeDateRange/value/max",
            "inconsistent",
        ),
        (
            money(amount("1.005", "EUR"), amount("2", "EUR")),
            "/filters/totalFundingAvailableRange/value/min/amount",
            "format",
        ),
        (
            money(amount("1", "EUR"), amount("2", "USD")),
            "/filters/totalFundingAvailableRange/value/max/currency",
            "inconsistent",
        ),
        (
            money(amount("2", "EUR"), amount("1", "EUR")),
            "/filters/totalFundingAvailableRange/value/max/amount",
            "inconsistent",
        ),
        (json!({"sorting": {"sortBy": "agency"}}), "/sorting/sortBy", "choice"),
        (
            json!({"sorting": {"sortBy": "custom", "customSortBy": "agency"}}),
            "/sorting/sortBy",
            "choice",
        ),
        (
            json!({"sorting": {"sortBy": "title", "sortOrder": "up"}}),
            "/sorting/sortOrder",
            "choice",
        ),
        (json!({"pagination": {"page": 0}}), "/pagination/page", "range"),
        (
            json!({"pagination": {"pageSize": 101}}),
            "/pagination/pageSize",
            "range",
        ),
        (json!({"search": "x".repeat(201)}), "/search", "length"),
    ] {
        let problem = assert_problem(anybody.post(&path, &asked).await, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(pointer), &json!(code)),
            "{asked}"
        );
    }
    server.stop().await;
}

#[actix_web::test]
async fn an_application_keeps_its_finer_state_and_its_secrets() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::complete(&server, &funder).await;
    let view = file.read().await;
    let path = format!("{BASE}/applications/{}", id(&view));
    let told = ok(file.partner.get(&path).await, 200).await;
    assert_eq!(
        told["data"]["status"],
        json!({"value": "inProgress", "customValue": "ready"})
    );
    assert_eq!(
        (&told["data"]["name"], &told["data"]["submittedAt"]),
        (&json!("Eau"), &Value::Null)
    );
    let response = &told["data"]["formResponses"]["application"];
    assert_eq!(
        (&response["status"]["value"], &response["response"]),
        (&json!("complete"), &json!({"objectives": "De l'eau pour tous"}))
    );
    assert_problem(funder.officer.get(&path).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn a_grant_is_an_award() {
    let granted = Granted::start().await;
    let grant = granted.running(10_000, 1).await;
    let path = format!("{BASE}/awards/{}", id(&grant));
    let award = ok(granted.lead.get(&path).await, 200).await["data"].clone();
    assert_eq!(award["status"], json!({"value": "awarded", "customValue": "running"}));
    assert_eq!(
        award["funding"],
        json!({
            "requestedAmount": {"amount": "10000.00", "currency": "EUR"},
            "awardedAmount": {"amount": "10000.00", "currency": "EUR"},
            "disbursedAmount": {"amount": "0.00", "currency": "EUR"},
        })
    );
    assert_eq!(
        (&award["application"]["id"], &award["description"]),
        (&grant["application_id"], &json!("Grenoble, Sevan"))
    );
    assert_eq!(award["keyDates"]["awardDate"]["date"], "2026-11-01");
    let due = ok(granted.lead.get(&at(&grant, "")).await, 200).await["life"]["final_report"]["due_on"].clone();
    assert_eq!(award["keyDates"]["otherDates"]["finalReport"]["date"], due);
    assert_problem(granted.server.anybody().get(&path).await, 401, "unauthenticated").await;
    granted.server.stop().await;
}
