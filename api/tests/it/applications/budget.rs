use serde_json::{Value, json};

use crate::support::applications::{Applicants, ok, sound_budget, version};
use crate::support::{Server, assert_problem};

#[actix_web::test]
async fn faults_of_a_budget_are_pointed_to() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let stranger = server.add_city("Lviv", "UA").await;
    let refused = async |change: &dyn Fn(&mut Value)| -> (String, String) {
        let mut budget = sound_budget(file.grenoble);
        change(&mut budget);
        let response = file.lead.put(&file.at("budget"), 2, &budget).await;
        let problem = assert_problem(response, 422, "invalid").await;
        let error = &problem["errors"][0];
        (
            error["pointer"].as_str().unwrap().to_owned(),
            error["code"].as_str().unwrap().to_owned(),
        )
    };
    let told = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        refused(&|budget| budget["lines"][0]["amount_minor"] = json!(-1)).await,
        told("/lines/0/amount_minor", "range")
    );
    assert_eq!(
        refused(&|budget| budget["grant_asked_minor"] = json!(i64::MAX)).await,
        told("/grant_asked_minor", "range")
    );
    assert_eq!(
        refused(&|budget| budget["lines"][0]["amount_minor"] = json!(1.5)).await,
        told("/lines/0/amount_minor", "format")
    );
    assert_eq!(
        refused(&|budget| budget["lines"][0]["country"] = json!("Armenia")).await,
        told("/lines/0/country", "format")
    );
    assert_eq!(
        refused(&|budget| budget["lines"][0]["id"] = json!(file.sevan)).await,
        told("/lines/0/id", "reference")
    );
    assert_eq!(
        refused(&|budget| budget["contributions"][1]["city_id"] = json!(stranger)).await,
        told("/contributions/1/city_id", "reference")
    );
    assert_eq!(
        refused(&|budget| budget["contributions"][0]["country"] = json!("AM")).await,
        told("/contributions/0/country", "inconsistent")
    );
    assert_eq!(
        refused(&|budget| budget["lines"] = json!(vec![budget["lines"][0].clone(); 201])).await,
        told("/lines", "length")
    );
    let largest = json!({"head": "training", "label": "", "country": "AM", "amount_minor": 100_000_000_000_000_i64});
    assert_eq!(
        refused(&|budget| budget["lines"] = json!([largest, largest])).await,
        told("/lines", "range")
    );
    assert_eq!(version(&file.read().await), 2);

    // The largest amount is kept exactly.
    let budget = json!({"lines": [largest], "contributions": [], "grant_asked_minor": 100_000_000_000_000_i64});
    let view = ok(file.lead.put(&file.at("budget"), 2, &budget).await, 200).await;
    assert_eq!(view["assessment"]["ceiling_minor"], 50_000_000_000_000_i64);
    server.stop().await;
}

#[actix_web::test]
async fn time_given_in_kind_is_worth_what_the_rules_say() {
    let server = Server::start().await;
    let funder = server.funder_that_values_time().await;
    let file = Applicants::complete(&server, &funder).await;
    let put = async |budget: &Value| {
        let now = version(&file.read().await);
        file.lead.put(&file.at("budget"), now, budget).await
    };
    // 60 hours of staff at 33.33 € are 1,999.80 €: the lead pays 20 cents more in cash.
    let mut budget = sound_budget(file.grenoble);
    budget["contributions"][1]["amount_minor"] = json!(199_980);
    budget["contributions"][1]["time"] = json!({"rate": "staff", "quantity_hundredths": 6_000});
    budget["contributions"][0]["amount_minor"] = json!(300_021);
    let view = ok(put(&budget).await, 200).await;
    assert_eq!(view["assessment"]["broken"], json!([]));
    assert_eq!(view["assessment"]["own_in_kind_minor"], 199_980);
    assert_eq!(view["budget"]["contributions"][0].get("time"), None);

    // An amount that is not what the time is worth, and time of nobody: told with the place and by how much, not refused.
    let broken = async |time: Value| {
        let mut budget = budget.clone();
        budget["contributions"][1]["time"] = time;
        ok(put(&budget).await, 200).await["assessment"]["broken"][0].take()
    };
    assert_eq!(
        broken(json!({"rate": "staff", "quantity_hundredths": 6_001})).await,
        json!({
            "rule": "time_worth", "pointer": "/contributions/1/time/quantity_hundredths",
            "limit": 200_013, "actual": 199_980, "difference": 33,
        })
    );
    let unknown = broken(json!({"rate": "mayors", "quantity_hundredths": 6_000})).await;
    assert_eq!(
        (&unknown["rule"], &unknown["pointer"]),
        (&json!("unknown_time"), &json!("/contributions/1/time/rate"))
    );
    // With that it cannot be handed in, and the refusal says why.
    let signed = file.sign_all().await;
    let problem = assert_problem(file.act("submit", &signed).await, 409, "incomplete").await;
    assert_eq!(problem["errors"][0]["params"]["rule"], "unknown_time");

    // Cash is not time, and there is no time of less than a hundredth.
    for (kind, quantity, pointer) in [
        ("cash", 1, "/contributions/1/time"),
        ("in_kind", 0, "/contributions/1/time/quantity_hundredths"),
    ] {
        let mut wrong = budget.clone();
        wrong["contributions"][1]["kind"] = json!(kind);
        wrong["contributions"][1]["time"]["quantity_hundredths"] = json!(quantity);
        let problem = assert_problem(put(&wrong).await, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }

    // What is handed in says the time, and so does its receipt.
    ok(put(&budget).await, 200).await;
    let signed = file.sign_all().await;
    ok(file.act("submit", &signed).await, 200).await;
    let receipt = ok(file.lead.get(&file.at("receipt")).await, 200).await;
    let content = receipt["content"].as_str().unwrap();
    assert!(
        content.contains(r#""time":{"quantity_hundredths":6000,"rate":"staff"}"#),
        "{content}"
    );
    server.stop().await;
}

#[actix_web::test]
async fn lines_keep_their_ids_and_unknown_heads_are_told_not_refused() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let mut budget = sound_budget(file.grenoble);
    budget["lines"][0]["head"] = json!("rockets");
    let view = ok(file.partner.put(&file.at("budget"), 2, &budget).await, 200).await;
    let broken = &view["assessment"]["broken"][0];
    assert_eq!(
        (&broken["rule"], &broken["pointer"]),
        (&json!("unknown_head"), &json!("/lines/0/head"))
    );
    let mut again = view["budget"].clone();
    again["lines"][0]["head"] = json!("training");
    let mended = ok(file.lead.put(&file.at("budget"), version(&view), &again).await, 200).await;
    assert_eq!(mended["budget"]["lines"][0]["id"], view["budget"]["lines"][0]["id"]);
    assert_eq!(mended["assessment"]["broken"], json!([]));
    assert_eq!(mended["assessment"]["instalments_minor"], json!([400_000, 100_000]));
    let read = ok(file.lead.get(&file.at("budget")).await, 200).await;
    assert_eq!(read, mended);
    server.stop().await;
}

#[actix_web::test]
async fn a_city_that_pays_and_leaves_the_file_is_missing_in_the_budget() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let mut budget = sound_budget(file.grenoble);
    budget["contributions"]
        .as_array_mut()
        .unwrap()
        .push(json!({"city_id": file.sevan, "label": "", "country": "AM", "kind": "cash", "amount_minor": 1}));
    let view = ok(file.lead.put(&file.at("budget"), 2, &budget).await, 200).await;
    let alone = json!({"items": [{"city_id": file.grenoble, "role": "lead"}]});
    let view = ok(file.lead.put(&file.at("parties"), version(&view), &alone).await, 200).await;
    let sections = view["sections"].as_array().unwrap();
    let budget = sections.iter().find(|section| section["section"] == "budget").unwrap();
    assert!(
        budget["missing"].as_array().unwrap().contains(&json!(file.sevan)),
        "{budget}"
    );
    assert_problem(file.partner.get(&file.path).await, 404, "not_found").await;
    server.stop().await;
}
