//! Calls, applications and grants in the words of the CommonGrants protocol.

use serde_json::{Value, json};

use super::{Granted, at};
use crate::support::applications::{Applicants, id, ok, statements_of};
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
