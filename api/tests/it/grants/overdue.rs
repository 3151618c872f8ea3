use serde_json::{Value, json};

use super::{Granted, go};
use crate::support::applications::{call_draft, id, ok, sound_budget, version, window};
use crate::support::{Visitor, assert_problem};

/// A call that is open now, with these rules.
async fn open_call(it: &Granted, rules: &Value) -> Value {
    let now = it.server.platform.clock.now();
    let draft = call_draft(it.funder.programme, rules, &window(now));
    let call = ok(it.funder.officer.post("/api/v1/calls", &draft).await, 201).await;
    let path = format!("/api/v1/calls/{}/advance", id(&call));
    ok(it.funder.officer.act(&path, 1, &json!({"to": "open"})).await, 200).await
}

/// A file of Grenoble and Sevan to this call that lacks nothing; its path and itself.
async fn signed(it: &Granted, call: &Value) -> (String, Value) {
    let (grenoble, sevan) = (it.grenoble, it.sevan);
    let draft = json!({"call_id": call["id"], "lead_city_id": grenoble, "title": "Eau"});
    let file = ok(it.lead.post("/api/v1/applications", &draft).await, 201).await;
    let path = format!("/api/v1/applications/{}", id(&file));
    let parties = json!({"items": [{"city_id": grenoble, "role": "lead"}, {"city_id": sevan, "role": "partner"}]});
    let file = ok(it.lead.put(&format!("{path}/parties"), 1, &parties).await, 200).await;
    let patch = json!({"answers": {"objectives": "De l'eau"}, "themes": ["water-and-waste"]});
    let file = ok(it.lead.patch(&path, version(&file), &patch).await, 200).await;
    let budget = it
        .lead
        .put(&format!("{path}/budget"), version(&file), &sound_budget(grenoble))
        .await;
    let mut at = version(&ok(budget, 200).await);
    let mut file = Value::Null;
    for (city, staff) in [(grenoble, &it.lead), (sevan, &it.partner)] {
        let signed = staff
            .act(&format!("{path}/sign-off"), at, &json!({"city_id": city}))
            .await;
        file = ok(signed, 200).await;
        at = version(&file);
    }
    (path, file)
}

async fn submit(who: &Visitor, (path, file): &(String, Value)) -> reqwest::Response {
    who.act(&format!("{path}/submit"), version(file), &json!({})).await
}

/// A grant under contract whose final report is due on this day.
async fn due(it: &Granted, day: &str) -> Value {
    let draft = json!({
        "application_id": it.accepted(1_000).await,
        "reference": format!("R-{day}"),
        "contracted_on": "2025-08-20",
        "final_report_due_on": day,
    });
    let grant = ok(it.funder.officer.post("/api/v1/grants", &draft).await, 201).await;
    let grant = go(&it.lead, &grant, "sign", &json!({})).await;
    go(&it.funder.officer, &grant, "sign", &json!({})).await
}

#[actix_web::test]
async fn who_owes_a_report_hands_in_no_new_file_until_it_is_there() {
    let it = Granted::start().await;
    let call = open_call(&it, &it.funder.rules).await;
    // The day itself is in time.
    due(&it, "2026-11-20").await;
    let first = signed(&it, &call).await;
    ok(submit(&it.lead, &first).await, 200).await;

    let late = due(&it, "2026-11-19").await;
    assert_eq!(
        (&late["overdue"], &late["report_due_on"]),
        (&json!(true), &json!("2026-11-19"))
    );
    let listed = ok(
        it.funder.officer.get("/api/v1/grants?overdue=true&count=true").await,
        200,
    )
    .await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &late["id"]));
    let second = signed(&it, &call).await;
    let told = assert_problem(submit(&it.lead, &second).await, 409, "report_overdue").await;
    let params = &told["errors"][0]["params"];
    assert_eq!(
        (&params["grant_id"], &params["reference"], &params["due_on"]),
        (&late["id"], &json!("R-2026-11-19"), &json!("2026-11-19"))
    );
    assert!(told["title"].as_str().unwrap().contains("en retard"), "{told}");
    // It is a draft still, and goes once the report is there.
    let draft = ok(it.lead.get(&second.0).await, 200).await;
    assert_eq!(
        (&draft["state"], version(&draft)),
        (&json!("ready"), version(&second.1))
    );
    go(
        &it.lead,
        &late,
        "hand-in-report",
        &json!({"text": "Fait.", "spent_minor": 1}),
    )
    .await;
    ok(submit(&it.lead, &second).await, 200).await;
    it.server.stop().await;
}

#[actix_web::test]
async fn rules_that_do_not_say_so_let_who_owes_a_report_apply() {
    let it = Granted::start().await;
    let mut rules = it.funder.rules.clone();
    for field in ["id", "version"] {
        rules.as_object_mut().unwrap().remove(field);
    }
    rules["name"] = json!("Sans blocage");
    rules["overdue_report_blocks"] = json!(false);
    let path = format!("/api/v1/programmes/{}/rule-sets", it.funder.programme);
    let rules = ok(it.funder.officer.post(&path, &rules).await, 201).await;
    let call = open_call(&it, &rules).await;
    due(&it, "2026-11-01").await;
    let file = signed(&it, &call).await;
    ok(submit(&it.lead, &file).await, 200).await;
    it.server.stop().await;
}

#[actix_web::test]
async fn the_radar_tells_of_a_report_that_is_overdue_and_of_money_with_nothing_to_follow() {
    let it = Granted::start().await;
    let late = due(&it, "2026-11-10").await;
    let ending = due(&it, "2027-02-01").await;
    let radar = format!("/api/v1/cities/{}/radar", it.grenoble);
    let told = async |who: &Visitor| -> Vec<Value> {
        let list = ok(who.get(&radar).await, 200).await;
        let items = list["items"].as_array().unwrap().iter();
        let told = items.map(|item| json!([item["reason"], item["day"], item["grant"]["id"]]));
        told.collect()
    };
    let overdue = json!(["report_overdue", "2026-11-10", late["id"]]);
    assert_eq!(
        told(&it.lead).await,
        [overdue.clone(), json!(["funding_ending", "2027-02-01", ending["id"]])]
    );
    // A file that is being written may follow.
    let call = open_call(&it, &it.funder.rules).await;
    let draft = json!({"call_id": call["id"], "lead_city_id": it.grenoble, "title": "Eau"});
    ok(it.lead.post("/api/v1/applications", &draft).await, 201).await;
    assert_eq!(told(&it.lead).await, [overdue]);
    it.server.stop().await;
}
