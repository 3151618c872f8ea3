use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::ids::PartnershipId;

use super::{city, create, draft, path, version};
use crate::support::{Server, assert_problem, json};

#[actix_web::test]
async fn projects_hang_on_a_twinning_and_phases_follow_each_other_without_a_circle() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let mut twinning = draft("Twinning", &[grenoble, sevan]);
    twinning["kind"] = json!("twinning");
    let twinning = create(&who, &twinning).await;
    let mut first = draft("Phase 1", &[grenoble, sevan]);
    first["parent_id"] = twinning["id"].clone();
    let first = create(&who, &first).await;
    let mut second = draft("Phase 2", &[grenoble, sevan]);
    second["predecessor_id"] = first["id"].clone();
    second["source"] = json!("RESACOOP, 25 août 2025");
    second["pairings"] = json!([{ "a": grenoble, "b": sevan }]);
    let second = create(&who, &second).await;
    assert_eq!(first["parent_id"], twinning["id"]);
    assert_eq!(second["predecessor_id"], first["id"]);
    let told = json!([{ "source": "RESACOOP, 25 août 2025", "told_at": "2026-11-20T17:30:00.000Z" }]);
    assert_eq!(second["pairings"][0]["sources"], told);
    let of_twinning = format!("/api/v1/partnerships?parent_id={}", twinning["id"].as_str().unwrap());
    assert_eq!(
        json(server.get(&of_twinning).await).await["items"][0]["id"],
        first["id"]
    );

    let nobody = PartnershipId(uuid::Uuid::nil());
    for (of, patch, expected) in [
        (
            &first,
            json!({ "predecessor_id": second["id"] }),
            "/predecessor_id inconsistent",
        ),
        (&first, json!({ "parent_id": first["id"] }), "/parent_id inconsistent"),
        (
            &twinning,
            json!({ "parent_id": first["id"] }),
            "/parent_id inconsistent",
        ),
        (&first, json!({ "parent_id": nobody }), "/parent_id reference"),
    ] {
        let answer = who.patch(&path(of), version(of), &patch).await;
        let problem = assert_problem(answer, 422, "invalid").await;
        let error = &problem["errors"][0];
        let told = format!(
            "{} {}",
            error["pointer"].as_str().unwrap(),
            error["code"].as_str().unwrap()
        );
        assert_eq!(told, expected);
    }
    // A pair that stays, whichever stands first, stays as it was told.
    let turned = json!({ "pairings": [{ "a": sevan, "b": grenoble }], "predecessor_id": null });
    let turned = json(who.patch(&path(&second), 1, &turned).await).await;
    assert_eq!(turned["pairings"], second["pairings"]);
    assert_eq!(turned["predecessor_id"], json!(null));
    server.stop().await;
}

#[actix_web::test]
async fn a_twinning_of_two_is_stored_once_whoever_tells_it() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let french = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let armenian = server.sign_in_as(Grant::CityStaff { city_id: sevan }).await;
    let twinning = |cities: &[shared::ids::CityId]| -> Value {
        let mut twinning = draft("Twinning", cities);
        twinning["kind"] = json!("twinning");
        twinning
    };
    // Both at once: one of them makes it.
    let one_draft = twinning(&[grenoble, sevan]);
    let other_draft = twinning(&[sevan, grenoble]);
    let (one, other) = tokio::join!(
        french.post("/api/v1/partnerships", &one_draft),
        armenian.post("/api/v1/partnerships", &other_draft),
    );
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let known = json(server.get("/api/v1/partnerships").await).await;
    assert_eq!(known["items"].as_array().unwrap().len(), 1);
    // Another kind of bond, or a third city, is another thing; becoming a second twinning is not possible.
    let project = create(&french, &draft("Project", &[grenoble, sevan])).await;
    let answer = french.patch(&path(&project), 1, &json!({ "kind": "twinning" })).await;
    assert_problem(answer, 409, "already_exists").await;
    let goris = server.add_city("Goris", "AM").await;
    let mut three = twinning(&[grenoble, sevan]);
    three["parties"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "party": city(goris), "role": "partner" }));
    create(&french, &three).await;
    server.stop().await;
}
