//! What a file said before: who changed what, and the way back.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::applications::{Applicants, ok, sound_budget, version};
use crate::support::{Server, assert_problem, friday_evening};

async fn versions(file: &Applicants, query: &str) -> Vec<Value> {
    let page = ok(file.partner.get(&file.at(&format!("versions?{query}"))).await, 200).await;
    page["items"].as_array().unwrap().clone()
}

fn changes(versions: &[Value]) -> Vec<Value> {
    versions.iter().map(|one| one["changed"].clone()).collect()
}

#[actix_web::test]
async fn what_a_colleague_has_deleted_is_brought_back() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::complete(&server, &funder).await;
    assert_eq!(
        changes(&versions(&file, "").await),
        [
            json!(["budget"]),
            json!(["themes", "objectives"]),
            json!(["parties"]),
            json!([])
        ]
    );
    let before = file.sign_all().await;

    // The partner empties an answer by mistake, and names the project anew.
    let patch = json!({"answers": {"objectives": null}, "title": "Eau vive"});
    let view = ok(file.partner.patch(&file.path, version(&before), &patch).await, 200).await;
    assert_eq!(view["state"], "draft");
    let all = versions(&file, "").await;
    assert_eq!(all[0]["changed"], json!(["title", "objectives"]));
    assert_eq!(
        (&all[0]["version"], &all[0]["saved_at"]),
        (&view["version"], &json!("2026-11-20T17:30:00.000Z"))
    );
    assert!(all[0]["author_name"].is_string());

    // The lead looks at what it said, and brings back the answer alone.
    let path = file.at(&format!("versions/{}", all[1]["version"]));
    let then = ok(file.lead.get(&path).await, 200).await;
    assert_eq!(
        (&then["title"], &then["answers"], &then["parties"][0]["city_name"]),
        (
            &json!("Eau"),
            &json!({"objectives": "De l'eau pour tous"}),
            &json!("Grenoble")
        )
    );
    let restore = format!("{path}/restore");
    let draft = json!({"places": ["objectives"]});
    assert_problem(file.lead.act(&restore, version(&before), &draft).await, 412, "stale").await;
    let back = ok(file.lead.act(&restore, version(&view), &draft).await, 200).await;
    assert_eq!(
        (&back["title"], &back["answers"], &back["state"]),
        (
            &json!("Eau vive"),
            &json!({"objectives": "De l'eau pour tous"}),
            &json!("ready")
        )
    );
    assert!(
        back["parties"]
            .as_array()
            .unwrap()
            .iter()
            .all(|party| party["signed_off_at"].is_null())
    );

    // Another budget, and then everything as it was before: cities stay as they are.
    let mut budget = sound_budget(file.grenoble);
    budget["grant_asked_minor"] = json!(1);
    let view = ok(file.lead.put(&file.at("budget"), version(&back), &budget).await, 200).await;
    let back = ok(file.lead.act(&restore, version(&view), &json!({})).await, 200).await;
    assert_eq!(
        (&back["title"], &back["grant_asked_minor"]),
        (&json!("Eau"), &json!(500_000))
    );
    let last = versions(&file, "limit=1").await;
    assert_eq!(changes(&last), [json!(["title", "budget"])]);
    // What it says already is no change.
    let same = ok(file.lead.act(&restore, version(&back), &json!({})).await, 200).await;
    assert_eq!(version(&same), version(&back));

    let problem = assert_problem(
        file.lead
            .act(&restore, version(&back), &json!({"places": ["title", "parties"]}))
            .await,
        422,
        "invalid",
    )
    .await;
    assert_eq!(problem["errors"][0]["pointer"], "/places/1");
    assert_problem(
        file.lead.act(&restore, version(&back), &json!({"places": []})).await,
        422,
        "invalid",
    )
    .await;
    assert_problem(file.lead.get(&file.at("versions/999")).await, 404, "not_found").await;
    server.stop().await;
}

#[actix_web::test]
async fn what_one_person_writes_on_is_one_version_until_something_is_lost() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::begin(&server, &funder).await;
    let write = async |at: i64, text: &str| {
        server.platform.clock.set(friday_evening() + TimeDelta::minutes(at));
        let view = file.read().await;
        let patch = json!({"answers": {"objectives": text}});
        ok(file.lead.patch(&file.path, version(&view), &patch).await, 200).await
    };
    let kept = async || versions(&file, "count=true").await.len() - 2;
    write(0, "De l'eau").await;
    write(1, "De l'eau pour").await;
    let last = write(2, "De l'eau pour tous").await;
    assert_eq!(kept().await, 1);
    assert_eq!(versions(&file, "limit=1").await[0]["version"], last["version"]);
    // What is lost, and what comes later, is a version of its own.
    write(2, "De l'eau").await;
    assert_eq!(kept().await, 2);
    server
        .execute("UPDATE application_versions SET begun_at = '2026-11-20 17:00:00+00:00'")
        .await;
    write(2, "De l'eau pour toutes").await;
    assert_eq!(kept().await, 3);
    // So is what another person writes.
    let view = file.read().await;
    let patch = json!({"answers": {"objectives": "De l'eau pour toutes et tous"}});
    ok(file.partner.patch(&file.path, version(&view), &patch).await, 200).await;
    assert_eq!(kept().await, 4);

    let page = ok(file.lead.get(&file.at("versions?limit=2&count=true")).await, 200).await;
    assert_eq!(page["total"], 6);
    let next = page["next"].as_str().unwrap();
    let rest = versions(&file, &format!("limit=100&cursor={next}")).await;
    assert_eq!(rest.len(), 4);
    server.stop().await;
}

#[actix_web::test]
async fn versions_belong_to_the_cities_alone_and_nothing_is_brought_back_once_it_is_handed_in() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::handed_in(&server, &funder).await;
    assert_eq!(versions(&file, "").await.len(), 4);
    for part in ["versions", "versions/1"] {
        assert_problem(funder.officer.get(&file.at(part)).await, 404, "not_found").await;
    }
    assert_problem(
        file.lead
            .act(&file.at("versions/1/restore"), version(&view), &json!({}))
            .await,
        409,
        "state_conflict",
    )
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn a_file_from_before_versions_were_kept_begins_with_what_it_said() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let file = Applicants::complete(&server, &funder).await;
    server.execute("DELETE FROM application_versions").await;
    assert_eq!(versions(&file, "").await, Vec::<Value>::new());
    let view = file.read().await;
    ok(
        file.lead
            .patch(&file.path, version(&view), &json!({"title": "Autre"}))
            .await,
        200,
    )
    .await;
    let all = versions(&file, "").await;
    assert_eq!(changes(&all), [json!(["title"]), json!([])]);
    assert_eq!(all[1]["author_name"], Value::Null);
    let first = ok(
        file.lead
            .get(&file.at(&format!("versions/{}", all[1]["version"])))
            .await,
        200,
    )
    .await;
    assert_eq!(first["title"], "Eau");
    server.stop().await;
}
