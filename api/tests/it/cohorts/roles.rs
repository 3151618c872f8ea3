use serde_json::json;
use shared::accounts::{ClientScope, Grant};

use super::{Turnkey, at, body_of, go, step_of};
use crate::support::applications::{id, ok, version};
use crate::support::assert_problem;

#[actix_web::test]
async fn who_leads_manages_the_city_signs_and_nobody_else_sees_an_unsigned_place() {
    let it = Turnkey::start(2).await;
    let (own, other) = (&it.cities[0].1, &it.cities[1].1);
    for who in [own, &it.server.anybody()] {
        let refused = who.post("/api/v1/cohorts", &it.draft()).await;
        assert!([401, 403].contains(&refused.status().as_u16()));
    }
    // The programme's officer and the other network lead it as well.
    let network_id = it.networks[1];
    let second = it.server.sign_in_as(Grant::NetworkCoordinator { network_id }).await;
    let cohort = it.cohort().await;
    let elsewhere = it.server.add_network("RESACOOP", "FR", &["FR-38"]).await;
    let stranger = it
        .server
        .sign_in_as(Grant::NetworkCoordinator { network_id: elsewhere })
        .await;
    let patch = json!({ "about": { "fr": "Trois réseaux" } });
    assert_problem(stranger.patch(&at(&cohort), 1, &patch).await, 403, "forbidden").await;
    ok(second.patch(&at(&cohort), 1, &patch).await, 200).await;
    let officer = &it.funder.officer;
    ok(
        officer.patch(&at(&cohort), 2, &json!({ "minimum_cities": 4 })).await,
        200,
    )
    .await;

    let member = it.joined(&cohort, 0).await;
    let (place, letter) = (
        format!("/api/v1/cohort-members/{}", id(&member)),
        step_of(&member, "letter"),
    );
    for who in [other, &stranger] {
        assert_problem(who.get(&place).await, 404, "not_found").await;
        assert_problem(who.get(&letter).await, 404, "not_found").await;
        assert_problem(
            who.act(&step_of(&member, "send"), 1, &json!(null)).await,
            404,
            "not_found",
        )
        .await;
    }
    let joining = it.joining(0);
    let path = format!("{}/members", at(&cohort));
    assert_problem(other.post(&path, &joining).await, 403, "forbidden").await;
    assert_problem(
        own.act(&step_of(&member, "send"), 1, &json!(null)).await,
        403,
        "forbidden",
    )
    .await;
    let sent = go(officer, &member, "send").await;
    for who in [&it.lead, officer] {
        let signing = who.act(&step_of(&sent, "sign"), version(&sent), &body_of("sign")).await;
        assert_problem(signing, 403, "forbidden").await;
    }
    let city_id = it.cities[0].0;
    let reads = it.server.program(Grant::CityStaff { city_id }, &[ClientScope::Read]);
    let answer = reads
        .act(&step_of(&sent, "sign"), version(&sent), &body_of("sign"))
        .await;
    assert_problem(answer, 403, "forbidden").await;
    let writes = it
        .server
        .program(Grant::CityStaff { city_id }, &[ClientScope::Read, ClientScope::Write]);
    let signed = go(&writes, &sent, "sign").await;
    // Signed, it is there for anybody; its letter is not.
    let seen = ok(it.server.anybody().get(&place).await, 200).await;
    assert_eq!(
        (&seen["letter"]["state"], &seen["referent"]),
        (&json!("signed"), &json!(null))
    );
    assert_problem(it.server.anybody().get(&letter).await, 401, "unauthenticated").await;
    assert_problem(other.get(&letter).await, 404, "not_found").await;
    assert_problem(
        own.act(&step_of(&signed, "file"), version(&signed), &body_of("file"))
            .await,
        403,
        "forbidden",
    )
    .await;
    go(&second, &signed, "file").await;
    it.server.stop().await;
}

#[actix_web::test]
async fn a_city_leaves_and_comes_back_and_whom_the_network_took_out_it_brings_back() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    let staff = &it.cities[0].1;
    let path = format!("{}/members", at(&cohort));
    let member = it.joined(&cohort, 0).await;
    let place = format!("/api/v1/cohort-members/{}", id(&member));
    assert_problem(it.lead.delete(&place, 1).await, 403, "forbidden").await;
    let left = staff.delete(&place, 1).await;
    assert_eq!(
        (left.status().as_u16(), left.headers()["etag"].to_str().unwrap()),
        (204, "\"2\"")
    );
    assert_problem(staff.get(&place).await, 404, "not_found").await;
    assert_eq!(ok(it.lead.get(&path).await, 200).await["items"], json!([]));
    let back = ok(staff.act(&format!("{place}/restore"), 2, &json!(null)).await, 200).await;
    assert_eq!((&back["has_left"], version(&back)), (&json!(false), 3));
    assert_problem(
        staff.act(&format!("{place}/restore"), 3, &json!(null)).await,
        409,
        "state_conflict",
    )
    .await;

    // The network says why; a city that it took out asks anew, or is brought back by the network.
    let empty = it
        .lead
        .act(&step_of(&back, "remove"), 3, &json!({ "reason": " " }))
        .await;
    assert_problem(empty, 422, "invalid").await;
    assert_problem(
        staff.act(&step_of(&back, "remove"), 3, &body_of("remove")).await,
        403,
        "forbidden",
    )
    .await;
    let removed = go(&it.lead, &back, "remove").await;
    assert_eq!((&removed["has_left"], &removed["allowed"]), (&json!(true), &json!([])));
    assert_problem(
        staff.act(&format!("{place}/restore"), 4, &json!(null)).await,
        403,
        "forbidden",
    )
    .await;
    let back = ok(it.lead.act(&format!("{place}/restore"), 4, &json!(null)).await, 200).await;
    let gone = go(&it.lead, &back, "remove").await;
    let again = it.joined(&cohort, 0).await;
    assert_eq!((&again["id"], version(&again)), (&member["id"], version(&gone) + 1));
    // After 30 days there is nothing to restore.
    staff.delete(&place, version(&again)).await;
    it.server
        .platform
        .clock
        .set(crate::support::friday_evening() + chrono::TimeDelta::days(31));
    let late = it
        .staff_again(0)
        .await
        .act(&format!("{place}/restore"), version(&again) + 1, &json!(null))
        .await;
    assert_problem(late, 404, "not_found").await;
    it.server.stop().await;
}
