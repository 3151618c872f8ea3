//! Corrections: asked for with a reason and a day, made by the cities, judged by the clock.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::accounts::Grant;

use super::attachments::send;
use crate::support::applications::{Applicants, Funder, id, ok, sound_budget, version};
use crate::support::{Server, Visitor, assert_problem};

const WHY: &str = "Le budget oublie les visas.";

/// The last millisecond of the day in Paris.
fn until() -> DateTime<Utc> {
    "2026-11-20T22:59:59.999Z".parse().unwrap()
}

async fn ask(who: &Visitor, file: &Applicants, at: i64) -> reqwest::Response {
    let draft = json!({"reason": WHY, "until_on": "2026-11-20"});
    who.act(&file.at("request-correction"), at, &draft).await
}

/// The same person, signed in now: hours have passed.
async fn again(server: &Server, who: &Visitor, grant: Grant) -> Visitor {
    server.session_of(who.account_id.unwrap(), &[grant]).await
}

/// Everybody of a file, at this time.
async fn at(server: &Server, funder: &Funder, file: &mut Applicants, now: DateTime<Utc>) -> Visitor {
    server.platform.clock.set(now);
    file.lead = again(server, &file.lead, Grant::CityStaff { city_id: file.grenoble }).await;
    file.partner = again(server, &file.partner, Grant::CityStaff { city_id: file.sevan }).await;
    let programme_id = funder.programme;
    again(server, &funder.officer, Grant::ProgrammeOfficer { programme_id }).await
}

async fn counted(who: &Visitor, state: &str) -> u64 {
    let page = ok(
        who.get(&format!("/api/v1/applications?count=true&state={state}")).await,
        200,
    )
    .await;
    let items = page["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["state"] == state), "{page}");
    page["total"].as_u64().unwrap()
}

fn signed(file: &Value) -> usize {
    let parties = file["parties"].as_array().unwrap();
    parties
        .iter()
        .filter(|party| party["signed_off_at"].is_string())
        .count()
}

#[actix_web::test]
async fn cities_correct_sign_and_hand_in_again_until_the_last_millisecond() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (file, view) = Applicants::sealed(&server, &funder).await;
    // Sealed until the deadline of the call.
    assert_problem(ask(&funder.officer, &file, version(&view)).await, 404, "not_found").await;
    let now = server.platform.clock.now();
    server.platform.clock.set(now + TimeDelta::minutes(7));
    for who in [&file.lead, &file.partner, &funder.admin] {
        assert_problem(ask(who, &file, version(&view)).await, 403, "forbidden").await;
    }
    for (reason, day, pointer) in [
        (" ", "2026-11-20", "/reason"),
        (WHY, "2026-11-19", "/until_on"),
        (WHY, "2027-11-30", "/until_on"),
    ] {
        let draft = json!({"reason": reason, "until_on": day});
        let asked = funder
            .officer
            .act(&file.at("request-correction"), version(&view), &draft)
            .await;
        let problem = assert_problem(asked, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let before = ok(funder.officer.get(&file.path).await, 200).await;
    let asked = ok(ask(&funder.officer, &file, version(&view)).await, 200).await;
    let wanted = (
        json!("correction_requested"),
        json!(WHY),
        json!("2026-11-20T22:59:59.999Z"),
    );
    let told = |file: &Value| {
        let correction = &file["correction"];
        (
            file["state"].clone(),
            correction["reason"].clone(),
            correction["until"].clone(),
        )
    };
    assert_eq!(told(&asked), wanted);
    assert_eq!(asked["correction"]["asked_by"], json!(funder.officer.account_id));
    assert_eq!(asked["allowed"], json!([]));
    let journal = ok(funder.admin.get("/api/v1/audit?resource=application").await, 200).await;
    assert_eq!(
        (&journal["items"][0]["verb"], &journal["items"][0]["details"]["told"]),
        (&json!("request_correction"), &json!(2))
    );
    let seen = file.read().await;
    assert_eq!(told(&seen), wanted);
    assert_eq!(
        (
            &seen["correction"]["asked_by"],
            &seen["window"]["closes_at"],
            &seen["window"]["zone"]
        ),
        (&Value::Null, &json!("2026-11-20T22:59:59.999Z"), &json!("Europe/Paris"))
    );
    assert_eq!(seen["allowed"], json!(["update", "sign_off", "submit", "withdraw"]));
    for who in [&file.lead, &funder.officer] {
        assert_eq!(
            (
                counted(who, "correction_requested").await,
                counted(who, "in_review").await
            ),
            (1, 0)
        );
    }
    // Nobody decides meanwhile, and nobody asks twice.
    let accept = json!({"outcome": "accepted", "reason": "Oui."});
    let decide = file.at("decide");
    let officer = &funder.officer;
    assert_problem(
        officer.act(&decide, version(&asked), &accept).await,
        409,
        "state_conflict",
    )
    .await;
    let item =
        json!({"application_id": view["id"], "version": version(&asked), "outcome": "rejected", "reason": "Non."});
    let bulk = officer
        .post(&format!("{}/decide", funder.call_path()), &json!({"items": [item]}))
        .await;
    assert_problem(bulk, 409, "state_conflict").await;
    assert_problem(ask(officer, &file, version(&asked)).await, 409, "state_conflict").await;

    // Who takes part stays; title, answers, themes, budget and documents are mended.
    let parties = json!({"items": [{"city_id": file.grenoble, "role": "lead"}]});
    let refused = file.lead.put(&file.at("parties"), version(&asked), &parties).await;
    assert_problem(refused, 409, "state_conflict").await;
    let patch = json!({"title": "Eau et visas", "answers": {"more": "Des visas"}});
    let mended = ok(file.partner.patch(&file.path, version(&asked), &patch).await, 200).await;
    let mut budget = sound_budget(file.grenoble);
    budget["grant_asked_minor"] = json!(400_000);
    budget["contributions"][0]["amount_minor"] = json!(400_001);
    let kept = ok(file.lead.put(&file.at("budget"), version(&mended), &budget).await, 200).await;
    let visas = ok(
        send(&file.lead, &file, "visas.pdf", &b"%PDF-1.7\n% visas\n%%EOF\n"[..]).await,
        201,
    )
    .await;
    assert!(version(&kept) > version(&mended));
    let corrected = file.read().await;
    assert_eq!(
        (&corrected["title"], &corrected["grant_asked_minor"], signed(&corrected)),
        (&json!("Eau et visas"), &json!(400_000), 0)
    );
    // The funder reads what was handed in.
    let read = ok(officer.get(&file.path).await, 200).await;
    for part in [
        "title",
        "answers",
        "grant_asked_minor",
        "attachments",
        "parties",
        "receipt_sha256",
    ] {
        assert_eq!(read[part], before[part], "{part}");
    }
    let document = format!("/api/v1/attachments/{}", id(&visas));
    assert_problem(officer.get(&document).await, 404, "not_found").await;
    ok(file.partner.get(&document).await, 200).await;
    let listed = ok(officer.get("/api/v1/applications").await, 200).await;
    assert_eq!(
        (&listed["items"][0]["title"], &listed["items"][0]["grant_asked_minor"]),
        (&json!("Eau"), &json!(500_000))
    );

    let mut file = file;
    let officer = at(&server, &funder, &mut file, until() - TimeDelta::minutes(1)).await;
    let corrected = file.read().await;
    assert_problem(file.act("submit", &corrected).await, 409, "sign_off_missing").await;
    let signed_by_all = file.sign_all().await;
    server.platform.clock.set(until());
    let handed_in = ok(file.act("submit", &signed_by_all).await, 200).await;
    assert_eq!(
        (
            &handed_in["state"],
            &handed_in["correction"]["handed_in_at"],
            &handed_in["submitted_at"]
        ),
        (
            &json!("in_review"),
            &json!("2026-11-20T22:59:59.999Z"),
            &view["submitted_at"]
        )
    );
    let read = ok(officer.get(&file.path).await, 200).await;
    assert_eq!(
        (&read["title"], &read["grant_asked_minor"], signed(&read)),
        (&json!("Eau et visas"), &json!(400_000), 2)
    );
    assert_ne!(read["receipt_sha256"], before["receipt_sha256"]);
    assert_eq!(read["attachments"][0]["id"], visas["id"]);
    let receipt = ok(officer.get(&file.at("receipt")).await, 200).await;
    assert_eq!(receipt["submitted_at"], "2026-11-20T22:59:59.999Z");
    assert!(receipt["content"].as_str().unwrap().contains("Eau et visas"));
    // No more is mended, and the officer decides.
    let late = file.lead.patch(&file.path, version(&read), &patch).await;
    assert_problem(late, 409, "state_conflict").await;
    ok(officer.act(&decide, version(&read), &accept).await, 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_is_not_handed_in_again_in_time_counts_as_it_was() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (mut file, view) = Applicants::handed_in(&server, &funder).await;
    let before = ok(funder.officer.get(&file.path).await, 200).await;
    let asked = ok(ask(&funder.officer, &file, version(&view)).await, 200).await;
    let patch = json!({"title": "Eau et visas"});
    ok(file.lead.patch(&file.path, version(&asked), &patch).await, 200).await;
    let annex = ok(
        send(&file.lead, &file, "visas.pdf", &b"%PDF-1.7\n% visas\n%%EOF\n"[..]).await,
        201,
    )
    .await;
    let corrected = file.sign_all().await;
    let officer = at(&server, &funder, &mut file, until() + TimeDelta::milliseconds(1)).await;

    let seen = file.read().await;
    for part in [
        "title",
        "answers",
        "grant_asked_minor",
        "attachments",
        "parties",
        "receipt_sha256",
    ] {
        assert_eq!(seen[part], before[part], "{part}");
    }
    assert_eq!(
        (&seen["state"], &seen["correction"]["handed_in_at"], signed(&seen)),
        (&json!("in_review"), &Value::Null, 2)
    );
    assert_eq!(seen["allowed"], json!(["withdraw"]));
    for who in [&file.lead, &officer] {
        assert_eq!(
            (
                counted(who, "correction_requested").await,
                counted(who, "in_review").await
            ),
            (0, 1)
        );
    }
    let at_last = version(&corrected);
    let sign = json!({"city_id": file.grenoble});
    let budget = sound_budget(file.grenoble);
    for refused in [
        file.act("submit", &corrected).await,
        file.lead.patch(&file.path, at_last, &patch).await,
        file.lead.put(&file.at("budget"), at_last, &budget).await,
        file.lead.act(&file.at("sign-off"), at_last, &sign).await,
        send(&file.lead, &file, "more.pdf", &b"%PDF-1.7\n% more\n%%EOF\n"[..]).await,
    ] {
        assert_problem(refused, 409, "correction_over").await;
    }
    let document = format!("/api/v1/attachments/{}", id(&annex));
    assert_problem(file.lead.get(&document).await, 404, "not_found").await;

    // Asked again, it begins with what was handed in.
    let draft = json!({"reason": WHY, "until_on": "2026-11-21"});
    let asked = officer.act(&file.at("request-correction"), at_last, &draft).await;
    let asked = ok(asked, 200).await;
    let seen = file.read().await;
    assert_eq!(
        (&seen["title"], &seen["attachments"], signed(&seen)),
        (&json!("Eau"), &json!([]), 0)
    );
    // The lead may take it back instead.
    ok(file.act("withdraw", &asked).await, 200).await;
    let gone = file.read().await;
    assert_eq!((&gone["state"], &gone["title"]), (&json!("withdrawn"), &json!("Eau")));
    server.stop().await;
}

#[actix_web::test]
async fn a_correction_is_on_the_radar_in_the_steps_and_in_the_digest_of_its_cities() {
    let server = Server::start().await;
    let funder = server.funder().await;
    let (mut file, view) = Applicants::sealed(&server, &funder).await;
    let now = server.platform.clock.now();
    server.platform.clock.set(now + TimeDelta::minutes(7));
    let draft = json!({"reason": WHY, "until_on": "2026-11-30"});
    let asked = funder
        .officer
        .act(&file.at("request-correction"), version(&view), &draft)
        .await;
    let asked = ok(asked, 200).await;
    let radar = format!("/api/v1/cities/{}/radar", file.sevan);
    let steps = format!("/api/v1/cities/{}/steps", file.sevan);
    let seen = ok(file.partner.get(&radar).await, 200).await;
    let items = seen["items"].as_array().unwrap();
    let [item] = items.as_slice() else { panic!("{seen}") };
    assert_eq!(
        (&item["reason"], &item["day"], &item["actions"]),
        (
            &json!("correction_asked"),
            &json!("2026-11-30"),
            &json!(["open_application"])
        )
    );
    assert_eq!(item["application"], json!({"id": asked["id"], "title": asked["title"]}));
    let way = ok(file.partner.get(&steps).await, 200).await;
    assert_eq!(way["figures"]["files_to_correct"], 1);
    assert_eq!(way["steps"][2]["next"], "correct_application");
    // On the next Monday it is in the digest.
    server.mailed().await;
    server.platform.clock.set("2026-11-23T06:00:00Z".parse().unwrap());
    let written = api::mail::digest::write_due(&server.platform, "https://passerelle.example").await;
    assert!(written.unwrap() >= 2);
    let mails = server.mailed().await;
    let told = mails
        .iter()
        .filter(|mail| {
            mail.words()
                .contains("2026-11-30: a correction of the application is asked for")
        })
        .count();
    assert_eq!(told, 2, "{mails:?}");

    // Once the day is over, it is told no more.
    at(&server, &funder, &mut file, "2026-12-01T06:00:00Z".parse().unwrap()).await;
    let seen = ok(file.partner.get(&radar).await, 200).await;
    assert_eq!(seen["items"], json!([]));
    let way = ok(file.partner.get(&steps).await, 200).await;
    assert_eq!(way["figures"]["files_to_correct"], 0);
    server.stop().await;
}
