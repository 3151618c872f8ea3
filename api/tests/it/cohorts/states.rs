use serde_json::{Value, json};

use super::{Turnkey, at, body_of, go, step_of};
use crate::support::applications::{ok, version};
use crate::support::assert_problem;

/// A state, the way to it, and the steps that are drawn from it, each with the state that it comes to.
type Way = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

const WAYS: [Way; 5] = [
    ("drafted", &[], &[("send", "sent")]),
    (
        "sent",
        &["send"],
        &[("sign", "signed"), ("refuse", "refused"), ("withdraw", "drafted")],
    ),
    ("signed", &["send", "sign"], &[("file", "filed")]),
    ("filed", &["send", "sign", "file"], &[]),
    ("refused", &["send", "refuse"], &[("withdraw", "drafted")]),
];

#[actix_web::test]
async fn only_the_drawn_steps_of_a_letter_pass() {
    let it = Turnkey::start(1).await;
    let staff = &it.cities[0].1;
    for (state, way, drawn) in WAYS {
        for step in ["send", "sign", "refuse", "file", "withdraw"] {
            let cohort = it.cohort().await;
            let member = it.letter(&cohort, 0, way).await;
            assert_eq!(member["letter"]["state"], state);
            let who = if matches!(step, "sign" | "refuse") {
                staff
            } else {
                &it.lead
            };
            match drawn.iter().find(|(known, _)| *known == step) {
                Some((_, to)) => assert_eq!(go(who, &member, step).await["letter"]["state"], *to, "{state} {step}"),
                None => {
                    let signed = matches!(state, "signed" | "filed") && matches!(step, "refuse" | "withdraw");
                    let code = if signed { "letter_signed" } else { "state_conflict" };
                    let answer = who.act(&step_of(&member, step), version(&member), &body_of(step)).await;
                    assert_problem(answer, 409, code).await;
                }
            }
        }
    }
    it.server.stop().await;
}

#[actix_web::test]
async fn a_letter_that_was_sent_keeps_what_it_says_and_is_drafted_again_where_that_changes() {
    let it = Turnkey::start(2).await;
    let cohort = it.cohort().await;
    let staff = &it.cities[0].1;
    let sent = it.letter(&cohort, 0, &["send"]).await;
    let signed = it.letter(&cohort, 1, &["send", "sign"]).await;
    let letter =
        async |who: &crate::support::Visitor, member: &Value| ok(who.get(&step_of(member, "letter")).await, 200).await;
    let said = letter(&it.cities[1].1, &signed).await["text"].clone();

    // About the cohort is nothing of a letter; another name is.
    let path = at(&cohort);
    let changed = ok(
        it.lead
            .patch(&path, 1, &json!({ "about": { "fr": "Trois réseaux" } }))
            .await,
        200,
    )
    .await;
    assert_eq!(changed["counts"]["sent"], 1);
    let changed = ok(
        it.lead
            .patch(&path, 2, &json!({ "name": { "fr": "INSPIRE, automne" } }))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (&changed["counts"]["sent"], &changed["counts"]["drafted"]),
        (&json!(0), &json!(1))
    );
    let drafted = letter(staff, &sent).await;
    assert!(
        drafted["text"]["fr"].as_str().unwrap().contains("INSPIRE, automne"),
        "{drafted}"
    );
    assert_eq!(
        letter(&it.cities[1].1, &signed).await["text"],
        said,
        "what was signed stays"
    );

    // The city's own change takes it back too, where the letter says it; the referent is not in it.
    let place = format!("/api/v1/cohort-members/{}", sent["id"].as_str().unwrap());
    let drafted = ok(staff.get(&place).await, 200).await;
    let sent = go(&it.lead, &drafted, "send").await;
    let referent = json!({ "referent": { "name": "Paul Petit" } });
    let same = ok(staff.patch(&place, version(&sent), &referent).await, 200).await;
    assert_eq!(same["letter"]["state"], "sent");
    let more = json!({ "levels": ["network", "events"] });
    let again = ok(staff.patch(&place, version(&same), &more).await, 200).await;
    assert_eq!(
        (&again["letter"]["state"], &again["letter"]["sent_at"]),
        (&json!("drafted"), &json!(null))
    );
    // A signed place does not change, nor does its city leave.
    let place = format!("/api/v1/cohort-members/{}", signed["id"].as_str().unwrap());
    let answer = it.cities[1].1.patch(&place, version(&signed), &more).await;
    assert_problem(answer, 409, "letter_signed").await;
    assert_problem(
        it.cities[1].1.delete(&place, version(&signed)).await,
        409,
        "letter_signed",
    )
    .await;
    let removed = it
        .lead
        .act(&step_of(&signed, "remove"), version(&signed), &body_of("remove"))
        .await;
    assert_problem(removed, 409, "letter_signed").await;
    it.server.stop().await;
}
