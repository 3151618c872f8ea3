use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::accounts::Grant;

use super::{advance, call_with, errors, form};
use crate::support::applications::{Applicants, fewest_statements, id, ok, sound_budget, version};
use crate::support::{Server, assert_problem, friday_evening};

fn missing(file: &Value) -> &Value {
    &file["sections"][0]["missing"]
}

#[actix_web::test]
async fn typed_answers_are_checked_counted_signed_hashed_and_seen_by_the_funder() {
    let server = Server::start().await;
    let (funder, call) = call_with(&server, &form()).await;
    advance(&funder, &call, "open").await;
    let file = Applicants::begin(&server, &funder).await;
    let view = file.read().await;
    assert_eq!(view["form_sections"][0]["key"], "who");
    // What depends on an answer is not missing before that answer is there.
    assert_eq!(missing(&view), &json!(["inhabitants", "later_phase", "themes"]));

    let write = async |view: &Value, answers: Value| {
        let patch = json!({"answers": answers});
        file.partner.patch(&file.path, version(view), &patch).await
    };
    let wrong = json!({
        "inhabitants": "1 000",
        "later_phase": "oui",
        "actors": "companies,schools",
        "spent": "-5",
        "starts_on": "01/03/2027",
        "colour": "red",
    });
    let problem = assert_problem(write(&view, wrong).await, 422, "invalid").await;
    assert_eq!(
        errors(&problem),
        [
            ("/answers/actors", "format"),
            ("/answers/colour", "unknown"),
            ("/answers/inhabitants", "format"),
            ("/answers/later_phase", "choice"),
            ("/answers/spent", "range"),
            ("/answers/starts_on", "format"),
        ]
    );

    let right = json!({
        "inhabitants": "158180",
        "later_phase": "yes",
        "former_phase": "Un forage",
        "actors": "schools,companies",
        "spent": "250000",
        "starts_on": "2027-03-01",
    });
    let view = ok(write(&view, right).await, 200).await;
    assert_eq!(missing(&view), &json!(["themes"]));
    // Not asked any longer: kept for the writers, and no part of what the file says.
    let view = ok(write(&view, json!({"later_phase": "no"})).await, 200).await;
    assert_eq!(view["answers"]["former_phase"], "Un forage");
    let view = ok(
        write(&view, json!({"later_phase": "yes", "former_phase": null})).await,
        200,
    )
    .await;
    assert_eq!(missing(&view), &json!(["former_phase", "themes"]));
    let view = ok(
        write(&view, json!({"later_phase": "no", "former_phase": "Un forage"})).await,
        200,
    )
    .await;

    let patch = json!({"themes": ["water-and-waste"]});
    let view = ok(file.lead.patch(&file.path, version(&view), &patch).await, 200).await;
    let budget = sound_budget(file.grenoble);
    ok(file.lead.put(&file.at("budget"), version(&view), &budget).await, 200).await;

    // Writing what is not asked takes no agreement back; an answer does.
    let view = file.sign_all().await;
    let view = ok(write(&view, json!({"former_phase": "Deux forages"})).await, 200).await;
    assert_eq!(view["answers"]["former_phase"], "Deux forages");
    assert!(!view["parties"][0]["signed_off_at"].is_null());
    let view = ok(write(&view, json!({"starts_on": "2027-04-01"})).await, 200).await;
    assert!(view["parties"][0]["signed_off_at"].is_null());

    let view = file.sign_all().await;
    let view = ok(file.act("submit", &view).await, 200).await;
    let said = json!({
        "inhabitants": "158180",
        "later_phase": "no",
        "actors": "schools,companies",
        "spent": "250000",
        "starts_on": "2027-04-01",
    });
    assert_eq!(view["answers"], said);
    let receipt = ok(file.lead.get(&file.at("receipt")).await, 200).await;
    let content: Value = serde_json::from_str(receipt["content"].as_str().unwrap()).unwrap();
    assert_eq!(content["answers"], said);

    // Sealed until the deadline; then the funder sees what was handed in, and no more.
    assert_problem(funder.officer.get(&file.path).await, 404, "not_found").await;
    server.platform.clock.set(friday_evening() + TimeDelta::minutes(7));
    let seen = ok(funder.officer.get(&file.path).await, 200).await;
    assert_eq!(
        (&seen["answers"], &seen["form_sections"]),
        (&said, &view["form_sections"])
    );

    // A reviewer reads the same.
    let plan = json!({"criteria": [{"key": "sense", "label": {"fr": "Sens"}, "weight": 1, "scale_min": 0, "scale_max": 5}],
        "blind": true, "reviewers_per_file": 1});
    let now = ok(funder.officer.get(&call).await, 200).await;
    ok(
        funder
            .officer
            .put(&format!("{call}/review-plan"), version(&now), &plan)
            .await,
        200,
    )
    .await;
    for to in ["closed", "under_review"] {
        advance(&funder, &call, to).await;
    }
    let grant = Grant::Reviewer {
        programme_id: funder.programme,
    };
    let account = server.account(&[grant]).await;
    let reviewer = server.session_of(account, &[grant]).await;
    let given = json!({"items": [{"application_id": id(&view), "reviewer_id": account}]});
    ok(funder.officer.post(&format!("{call}/reviews"), &given).await, 200).await;
    let reviews = ok(reviewer.get("/api/v1/reviews").await, 200).await;
    let review = format!("/api/v1/reviews/{}", id(&reviews["items"][0]));
    let sheet = ok(reviewer.get(&review).await, 200).await;
    assert_eq!(
        (&sheet["answers"], sheet["form_sections"][0]["key"].as_str()),
        (&said, Some("who"))
    );
    server.stop().await;
}

#[actix_web::test]
async fn common_questions_are_answered_from_the_profile_and_from_former_files_until_somebody_looks() {
    let server = Server::start().await;
    let (mut funder, call) = call_with(&server, &form()).await;
    advance(&funder, &call, "open").await;
    let (first, _) = {
        let file = Applicants::begin(&server, &funder).await;
        let view = file.read().await;
        let answers = json!({"inhabitants": "5000", "later_phase": "no", "actors": "hospitals", "spent": "1"});
        let patch = json!({"answers": answers, "themes": ["water-and-waste"]});
        let view = ok(file.lead.patch(&file.path, version(&view), &patch).await, 200).await;
        let budget = sound_budget(file.grenoble);
        ok(file.lead.put(&file.at("budget"), version(&view), &budget).await, 200).await;
        let view = file.sign_all().await;
        let view = ok(file.act("submit", &view).await, 200).await;
        (file, view)
    };

    // The next call asks some of it again, and of another kind what has the same key.
    let mut again = form();
    again["questions"][4]["kind"] = json!("date");
    again["questions"][4]["prefill"] = json!("former_file");
    let (next, call) = call_with(&server, &again).await;
    funder.call = next.call.clone();
    advance(&next, &call, "open").await;
    let path = "/api/v1/applications";
    let draft = |more: Value| {
        let mut draft = json!({"call_id": funder.call["id"], "lead_city_id": first.grenoble, "title": "Eau, suite"});
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        draft
    };
    let view = ok(first.lead.post(path, &draft(json!({}))).await, 201).await;
    assert_eq!(view["answers"], json!({"actors": "hospitals"}));
    assert_eq!(view["prefilled"], json!({"actors": "former_file"}));
    assert_eq!(view["parties"].as_array().unwrap().len(), 1);

    // Started from the former file: all that fits, its cities and its themes.
    let from = first.path.rsplit('/').next().unwrap();
    let view = ok(
        first
            .lead
            .post(path, &draft(json!({"from_application_id": from})))
            .await,
        201,
    )
    .await;
    let fits = json!({"inhabitants": "5000", "later_phase": "no", "actors": "hospitals"});
    assert_eq!(view["answers"], fits);
    assert_eq!(
        view["prefilled"],
        json!({"inhabitants": "former_file", "later_phase": "former_file", "actors": "former_file"})
    );
    assert_eq!(
        (&view["themes"], &view["parties"][1]["city"]["name"]),
        (&json!(["water-and-waste"]), &json!("Sevan"))
    );
    // To say the same again is to have looked at it.
    let file = format!("{path}/{}", id(&view));
    let patch = json!({"answers": {"inhabitants": "5000"}});
    let view = ok(first.lead.patch(&file, version(&view), &patch).await, 200).await;
    assert_eq!(
        view["prefilled"],
        json!({"later_phase": "former_file", "actors": "former_file"})
    );

    // The profile knows how many live there; asking it and the former files costs a statement each.
    let city = server.city("Vienne", "FR").population(31_555).add().await;
    let staff = server.sign_in_as(Grant::CityStaff { city_id: city }).await;
    let of_vienne = json!({"call_id": funder.call["id"], "lead_city_id": city, "title": "Eau"});
    let view = ok(staff.post(path, &of_vienne).await, 201).await;
    assert_eq!(
        (&view["answers"], &view["prefilled"]),
        (
            &json!({"inhabitants": "31555"}),
            &json!({"inhabitants": "city_profile"})
        )
    );
    let begin = async |body: &Value| {
        fewest_statements(&server, async || drop(ok(staff.post(path, body).await, 201).await)).await
    };
    let mut plain = form();
    for question in plain["questions"].as_array_mut().unwrap() {
        question.as_object_mut().unwrap().remove("prefill");
    }
    let (other, call) = call_with(&server, &plain).await;
    advance(&other, &call, "open").await;
    let of_plain = json!({"call_id": other.call["id"], "lead_city_id": city, "title": "Eau"});
    let (mut asking, mut plain) = (u64::MAX, u64::MAX);
    for _ in 0..4 {
        asking = asking.min(begin(&of_vienne).await);
        plain = plain.min(begin(&of_plain).await);
    }
    assert_eq!(asking, plain + 2);

    // Another city's file is nothing to start from.
    let mut stolen = of_vienne.clone();
    stolen["from_application_id"] = json!(from);
    let problem = assert_problem(staff.post(path, &stolen).await, 422, "invalid").await;
    assert_eq!(errors(&problem), [("/from_application_id", "reference")]);
    server.stop().await;
}
