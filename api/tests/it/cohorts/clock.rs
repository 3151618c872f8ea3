use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Turnkey, at, body_of, go, step_of};
use crate::support::applications::{id, ok, version};
use crate::support::assert_problem;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[actix_web::test]
async fn a_day_ends_where_the_cohort_is_at_home_to_the_millisecond() {
    let it = Turnkey::start(3).await;
    for (zone, last, over) in [
        ("Europe/Paris", "2026-11-30T22:59:59.999Z", "2026-11-30T23:00:00.000Z"),
        ("Europe/Kyiv", "2026-11-30T21:59:59.999Z", "2026-11-30T22:00:00.000Z"),
    ] {
        it.server.platform.clock.set(crate::support::friday_evening());
        let mut draft = it.draft();
        draft["zone"] = json!(zone);
        let cohort = ok(it.lead.post("/api/v1/cohorts", &draft).await, 201).await;
        assert_eq!(cohort["closes_at"], last);
        let in_time = it.letter(&cohort, 0, &["send"]).await;
        let late = it.letter(&cohort, 1, &["send"]).await;
        it.server.platform.clock.set(time(last));
        let lead = it.lead_again().await;
        assert_eq!(ok(lead.get(&at(&cohort)).await, 200).await["state"], "open");
        let third = ok(
            lead.post(&format!("{}/members", at(&cohort)), &it.joining(2)).await,
            201,
        )
        .await;
        let signed = go(&it.staff_again(0).await, &in_time, "sign").await;
        assert_eq!(signed["letter"]["late"], false);

        it.server.platform.clock.set(time(over));
        assert_eq!(ok(lead.get(&at(&cohort)).await, 200).await["state"], "closed");
        let signed = go(&it.staff_again(1).await, &late, "sign").await;
        assert_eq!(signed["letter"]["late"], true);
        let sent = lead.act(&step_of(&third, "send"), version(&third), &json!(null)).await;
        assert_problem(sent, 409, "cohort_closed").await;
        let all = lead.post(&format!("{}/send", at(&cohort)), &json!(null)).await;
        assert_problem(all, 409, "cohort_closed").await;
        let place = format!("/api/v1/cohort-members/{}", id(&third));
        assert_eq!(
            it.staff_again(2).await.delete(&place, version(&third)).await.status(),
            204
        );
        let joined = it
            .staff_again(2)
            .await
            .post(&format!("{}/members", at(&cohort)), &it.joining(2))
            .await;
        assert_problem(joined, 409, "cohort_closed").await;
        let longer = lead.patch(&at(&cohort), 1, &json!({ "closes_on": "2026-12-31" })).await;
        assert_problem(longer, 409, "cohort_closed").await;
        let counts = ok(lead.get(&at(&cohort)).await, 200).await["counts"].clone();
        assert_eq!((&counts["signed"], &counts["late"]), (&json!(2), &json!(1)));
    }
    it.server.stop().await;
}

#[actix_web::test]
async fn the_day_under_a_letter_is_neither_before_it_was_sent_nor_in_the_future() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    // Half an hour before midnight in London, it is the next day in Paris.
    it.server.platform.clock.set(time("2026-11-21T23:30:00Z"));
    let (lead, staff) = (it.lead_again().await, it.staff_again(0).await);
    let path = format!("{}/members", at(&cohort));
    let member = ok(staff.post(&path, &it.joining(0)).await, 201).await;
    let sent = go(&lead, &member, "send").await;
    let sign = async |on: &str| {
        let mut signing = body_of("sign");
        signing["on"] = json!(on);
        staff.act(&step_of(&sent, "sign"), version(&sent), &signing).await
    };
    for (day, bound, name) in [("2026-11-21", "2026-11-22", "min"), ("2026-11-23", "2026-11-22", "max")] {
        let problem = assert_problem(sign(day).await, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"], &error["params"][name]),
            (&json!("/on"), &json!("range"), &json!(bound))
        );
    }
    let signed = ok(sign("2026-11-22").await, 200).await;
    assert_eq!(signed["letter"]["signature"]["on"], "2026-11-22");
    it.server.stop().await;
}

#[actix_web::test]
async fn a_cohort_is_prolonged_closed_early_and_opened_again() {
    let it = Turnkey::start(2).await;
    let cohort = it.cohort().await;
    let path = at(&cohort);
    let earlier = ok(
        it.lead.patch(&path, 1, &json!({ "closes_on": "2026-11-25" })).await,
        200,
    )
    .await;
    assert_eq!(earlier["closes_at"], "2026-11-25T22:59:59.999Z");
    let sent = it.letter(&cohort, 0, &["send"]).await;
    // The letter names the day: from here on it comes no earlier.
    let problem = it.lead.patch(&path, 2, &json!({ "closes_on": "2026-11-24" })).await;
    let problem = assert_problem(problem, 422, "invalid").await;
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["params"]["min"]),
        (&json!("/closes_on"), &json!("2026-11-25"))
    );
    let longer = ok(
        it.lead
            .patch(&path, 2, &json!({ "closes_on": "2026-12-05", "zone": "Europe/Kyiv" }))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (&longer["closes_at"], &longer["counts"]["sent"]),
        (&json!("2026-12-05T21:59:59.999Z"), &json!(1))
    );

    assert_problem(
        it.lead.act(&format!("{path}/reopen"), 3, &json!(null)).await,
        409,
        "state_conflict",
    )
    .await;
    let closed = ok(it.lead.act(&format!("{path}/close"), 3, &json!(null)).await, 200).await;
    assert_eq!(
        (&closed["state"], &closed["closed_early"]),
        (&json!("closed"), &json!(true))
    );
    assert!(
        closed["allowed"].as_array().unwrap().contains(&json!("reopen")),
        "{closed}"
    );
    assert_problem(
        it.lead.act(&format!("{path}/close"), 4, &json!(null)).await,
        409,
        "cohort_closed",
    )
    .await;
    let joined = it.cities[1].1.post(&format!("{path}/members"), &it.joining(1)).await;
    assert_problem(joined, 409, "cohort_closed").await;
    let open = ok(it.lead.act(&format!("{path}/reopen"), 4, &json!(null)).await, 200).await;
    assert_eq!((&open["state"], &open["closed_early"]), (&json!("open"), &json!(false)));
    // Closed again, a signature is late; once the planned day is over too, it does not open again.
    ok(it.lead.act(&format!("{path}/close"), 5, &json!(null)).await, 200).await;
    assert_eq!(go(&it.cities[0].1, &sent, "sign").await["letter"]["late"], true);
    it.server.platform.clock.set(time("2026-12-05T22:00:00Z"));
    let lead = it.lead_again().await;
    assert_problem(
        lead.act(&format!("{path}/reopen"), 6, &json!(null)).await,
        409,
        "cohort_closed",
    )
    .await;
    it.server.stop().await;
}
