use api::caller::Caller;
use api::cities::store::{self as cities, NewCity};
use api::cohorts::members::store::{self as members, Member};
use serde_json::{Value, json};
use shared::cities::{CityDraft, CityKind};
use shared::cohorts::MEMBERS_MAX;
use shared::ids::{CityId, CohortMemberId, NetworkId};
use uuid::Uuid;

use super::{Turnkey, at};
use crate::support::applications::{id, ok, version};
use crate::support::assert_problem;

fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect()
}

#[actix_web::test]
async fn what_a_cohort_may_not_say_is_told_with_its_place() {
    let it = Turnkey::start(0).await;
    for (change, pointer, code) in [
        (json!({ "name": {} }), "/name", "required"),
        (json!({ "name": { "de": "Gruppe" } }), "/name", "choice"),
        (json!({ "minimum_cities": 2 }), "/minimum_cities", "range"),
        (json!({ "minimum_cities": 501 }), "/minimum_cities", "range"),
        (json!({ "levels": [] }), "/levels", "required"),
        (
            json!({ "levels": [{ "key": "A", "name": { "fr": "A" } }] }),
            "/levels/0/key",
            "format",
        ),
        (json!({ "letter": { "fr": "Par {town}" } }), "/letter/fr", "format"),
        (json!({ "closes_on": "2026-11-19" }), "/closes_on", "range"),
        (json!({ "zone": "Europe/Lille" }), "/zone", "choice"),
    ] {
        let mut draft = it.draft();
        for (key, value) in change.as_object().unwrap() {
            draft[key] = value.clone();
        }
        let problem = assert_problem(it.lead.post("/api/v1/cohorts", &draft).await, 422, "invalid").await;
        assert!(faults(&problem).contains(&(pointer, code)), "{change}: {problem}");
    }
    let mut draft = it.draft();
    draft["network_ids"] = json!([it.networks[0], NetworkId(Uuid::now_v7()), it.networks[0]]);
    let problem = assert_problem(it.lead.post("/api/v1/cohorts", &draft).await, 422, "invalid").await;
    assert_eq!(
        faults(&problem),
        [("/network_ids/2", "duplicate"), ("/network_ids/1", "reference")]
    );
    draft["network_ids"] = json!([]);
    let problem = it.funder.officer.post("/api/v1/cohorts", &draft).await;
    assert_eq!(
        faults(&assert_problem(problem, 422, "invalid").await),
        [("/network_ids", "required")]
    );
    let mut unknown = it.draft();
    unknown["colour"] = json!("blue");
    assert_problem(it.lead.post("/api/v1/cohorts", &unknown).await, 422, "invalid").await;
    it.server.stop().await;
}

#[actix_web::test]
async fn a_cohort_asks_for_as_many_cities_as_its_programme() {
    let it = Turnkey::start(0).await;
    let mut rules: Value = serde_json::from_str(include_str!("../../../data/rules/inspire_2022.json")).unwrap();
    (rules["name"], rules["cities_min"]) = (json!("INSPIRE 2026"), json!(5));
    let path = format!("/api/v1/programmes/{}/rule-sets", it.funder.programme);
    ok(it.funder.officer.post(&path, &rules).await, 201).await;
    let problem = assert_problem(it.lead.post("/api/v1/cohorts", &it.draft()).await, 422, "invalid").await;
    assert_eq!(
        (faults(&problem), &problem["errors"][0]["params"]["min"]),
        (vec![("/minimum_cities", "range")], &json!("5"))
    );
    let mut draft = it.draft();
    draft["minimum_cities"] = json!(5);
    ok(it.lead.post("/api/v1/cohorts", &draft).await, 201).await;
    it.server.stop().await;
}

#[actix_web::test]
async fn a_place_names_known_levels_cities_and_a_referent() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    let path = format!("{}/members", at(&cohort));
    for (change, pointer, code) in [
        (json!({ "levels": [] }), "/levels", "required"),
        (json!({ "levels": ["flight"] }), "/levels/0", "choice"),
        (json!({ "levels": ["network", "network"] }), "/levels/1", "duplicate"),
        (json!({ "partner_id": it.cities[0].0 }), "/partner_id", "inconsistent"),
        (json!({ "partner_id": Uuid::now_v7() }), "/partner_id", "reference"),
        (json!({ "referent": { "name": "" } }), "/referent/name", "required"),
        (
            json!({ "referent": { "name": "A", "email": "a" } }),
            "/referent/email",
            "format",
        ),
    ] {
        let mut joining = it.joining(0);
        for (key, value) in change.as_object().unwrap() {
            joining[key] = value.clone();
        }
        let problem = assert_problem(it.cities[0].1.post(&path, &joining).await, 422, "invalid").await;
        assert!(faults(&problem).contains(&(pointer, code)), "{change}: {problem}");
    }
    // A level that a city has chosen stays; others may go.
    let member = it.joined(&cohort, 0).await;
    let only = |key: &str| json!({ "levels": [{ "key": key, "name": { "fr": "Niveau" } }] });
    let problem = assert_problem(it.lead.patch(&at(&cohort), 1, &only("events")).await, 422, "invalid").await;
    assert_eq!(faults(&problem), [("/levels", "fixed")]);
    ok(it.lead.patch(&at(&cohort), 1, &only("network")).await, 200).await;
    // A partner is found later, and may be lost again.
    let place = format!("/api/v1/cohort-members/{}", id(&member));
    let goris = it.server.add_city("Goris", "AM").await;
    let staff = &it.cities[0].1;
    let found = ok(staff.patch(&place, 1, &json!({ "partner_id": goris })).await, 200).await;
    assert_eq!(found["partner"]["name"], "Goris");
    let lost = ok(staff.patch(&place, 2, &json!({ "partner_id": null })).await, 200).await;
    assert_eq!((&lost["partner"], version(&lost)), (&json!(null), 3));
    it.server.stop().await;
}

#[actix_web::test]
async fn a_cohort_is_deleted_and_restored_while_no_letter_was_sent() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    let path = at(&cohort);
    it.joined(&cohort, 0).await;
    assert_problem(it.lead.delete(&path, 7).await, 412, "stale").await;
    let gone = it.lead.delete(&path, 1).await;
    assert_eq!(
        (gone.status().as_u16(), gone.headers()["etag"].to_str().unwrap()),
        (204, "\"2\"")
    );
    assert_problem(it.lead.get(&path).await, 404, "not_found").await;
    assert_problem(it.lead.get(&format!("{path}/members")).await, 404, "not_found").await;
    assert_eq!(ok(it.lead.get("/api/v1/cohorts").await, 200).await["items"], json!([]));
    let back = ok(it.lead.act(&format!("{path}/restore"), 2, &json!(null)).await, 200).await;
    assert_eq!(back["counts"]["drafted"], 1);
    ok(it.lead.post(&format!("{path}/send"), &json!(null)).await, 200).await;
    assert_problem(it.lead.delete(&path, 3).await, 409, "letters_sent").await;
    it.server.stop().await;
}

#[actix_web::test]
async fn a_cohort_holds_only_so_many_cities() {
    let it = Turnkey::start(1).await;
    let cohort = it.cohort().await;
    let member = it.joined(&cohort, 0).await;
    // As many others as there may be beside it.
    let place = members::find(it.server.platform.db.read(), id(&member).parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let draft = CityDraft {
        kind: CityKind::Municipality,
        name: "Commune".to_owned(),
        country: "FR".to_owned(),
        subdivision: None,
        population: None,
        location: None,
        labels: Default::default(),
        codes: Vec::new(),
    };
    let caller = Caller::system(it.server.platform.clock.now());
    let db = &it.server.platform.db;
    let ids: Vec<CityId> = (1..MEMBERS_MAX).map(|_| CityId(Uuid::now_v7())).collect();
    // Cities are written with the commit: their places come after it.
    let added = db.write(&caller, async |tx| {
        for &id in &ids {
            let city = NewCity {
                id,
                draft: &draft,
                names: &[],
                codes: &[],
            };
            cities::insert(tx, &city)?;
        }
        Ok(())
    });
    added.await.unwrap();
    let filled = db.write(&caller, async |tx| {
        for &city_id in &ids {
            let member = Member {
                id: CohortMemberId(Uuid::now_v7()),
                city_id,
                ..place.clone()
            };
            members::insert(tx, &member).await?;
        }
        Ok(())
    });
    filled.await.unwrap();
    let late = it.server.add_city("Angers", "FR").await;
    let mut joining = it.joining(0);
    joining["city_id"] = json!(late);
    let answer = it.lead.post(&format!("{}/members", at(&cohort)), &joining).await;
    assert_problem(answer, 409, "cohort_full").await;
    it.server.stop().await;
}
