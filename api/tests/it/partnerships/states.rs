use serde_json::{Value, json};
use shared::accounts::Grant;
use shared::partnerships::PartnershipState;

use super::{create, draft, path, version};
use crate::support::{Server, Visitor, assert_problem, json};

/// A way from the idea to each state.
fn way(to: PartnershipState) -> &'static [PartnershipState] {
    use PartnershipState as S;
    match to {
        S::Idea => &[],
        S::LetterOfIntent => &[S::LetterOfIntent],
        S::AgreementDrafted => &[S::LetterOfIntent, S::AgreementDrafted],
        S::Signed => &[S::LetterOfIntent, S::AgreementDrafted, S::Signed],
        S::Active => &[S::LetterOfIntent, S::AgreementDrafted, S::Signed, S::Active],
        S::Dormant => &[S::LetterOfIntent, S::AgreementDrafted, S::Signed, S::Active, S::Dormant],
        S::Suspended => &[
            S::LetterOfIntent,
            S::AgreementDrafted,
            S::Signed,
            S::Active,
            S::Suspended,
        ],
        S::Expired => &[S::LetterOfIntent, S::AgreementDrafted, S::Signed, S::Active, S::Expired],
        S::Terminated => &[
            S::LetterOfIntent,
            S::AgreementDrafted,
            S::Signed,
            S::Active,
            S::Suspended,
            S::Terminated,
        ],
        S::Ended => &[
            S::LetterOfIntent,
            S::AgreementDrafted,
            S::Signed,
            S::Active,
            S::Expired,
            S::Ended,
        ],
        S::Abandoned => &[S::Abandoned],
    }
}

/// What is drawn: the states that follow each, told here again.
fn drawn(from: PartnershipState) -> &'static [&'static str] {
    use PartnershipState as S;
    match from {
        S::Idea => &["letter_of_intent", "abandoned"],
        S::LetterOfIntent => &["agreement_drafted", "abandoned"],
        S::AgreementDrafted => &["signed", "abandoned"],
        S::Signed => &["active"],
        S::Active => &["dormant", "suspended", "expired"],
        S::Dormant => &["active", "suspended"],
        S::Suspended => &["active", "terminated"],
        S::Expired => &["active", "ended"],
        S::Terminated | S::Ended | S::Abandoned => &[],
    }
}

/// The step with all that it needs.
fn step(view: &Value, to: PartnershipState) -> Value {
    let mut step = json!({ "to": to, "reason": "The war" });
    match to {
        PartnershipState::Suspended => step["condition"] = json!("Peace"),
        PartnershipState::Signed => {
            let parties = view["parties"].as_array().unwrap();
            let signatures = parties.iter().map(|party| {
                json!({ "city_id": party["party"]["city_id"], "body": "Council", "signed_on": "2026-11-19",
                    "document": "https://example.org/vote.pdf" })
            });
            step["signatures"] = signatures.collect();
        }
        _ => {}
    }
    step
}

async fn advance(who: &Visitor, view: &Value, to: PartnershipState) -> reqwest::Response {
    who.act(&format!("{}/advance", path(view)), version(view), &step(view, to))
        .await
}

#[actix_web::test]
async fn every_transition_of_the_table_is_possible_and_no_other() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    for &from in PartnershipState::ALL {
        for &to in PartnershipState::ALL {
            let mut view = create(&who, &draft("Ours", &[grenoble, sevan])).await;
            for &step in way(from) {
                view = json(advance(&who, &view, step).await).await;
            }
            assert_eq!(view["state"], json!(from));
            assert_eq!(view["next_states"], json!(drawn(from)));
            let answer = advance(&who, &view, to).await;
            if drawn(from).contains(&to.code()) {
                let moved = json(answer).await;
                assert_eq!(
                    (&moved["state"], &moved["state_reason"]),
                    (&json!(to), &json!("The war"))
                );
            } else {
                let problem = assert_problem(answer, 409, "state_conflict").await;
                let told = &problem["errors"][0]["params"];
                assert_eq!(
                    (&told["from"], &told["possible"]),
                    (&json!(from), &json!(drawn(from).join(", ")))
                );
            }
        }
    }
    server.stop().await;
}

/// The pointers and codes of what is wrong with a step.
async fn faults(who: &Visitor, view: &Value, step: Value) -> Vec<String> {
    let answer = who.act(&format!("{}/advance", path(view)), version(view), &step).await;
    let problem = assert_problem(answer, 422, "invalid").await;
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            format!(
                "{} {}",
                error["pointer"].as_str().unwrap(),
                error["code"].as_str().unwrap()
            )
        })
        .collect()
}

#[actix_web::test]
async fn a_suspension_needs_a_reason_and_a_condition_and_activity_has_a_beginning() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let mut view = create(&who, &draft("Ours", &[grenoble, sevan])).await;
    for &step in way(PartnershipState::Active) {
        view = json(advance(&who, &view, step).await).await;
    }
    assert_eq!(view["started_on"], "2026-11-20");
    assert_eq!(view["iati_activity_status"], 2);
    for nothing in [json!(null), json!("  ")] {
        let step = json!({ "to": "suspended", "reason": nothing, "condition": nothing });
        assert_eq!(
            faults(&who, &view, step).await,
            ["/reason required", "/condition required"]
        );
    }
    let step = json!({ "to": "dormant", "condition": "Peace" });
    assert_eq!(faults(&who, &view, step).await, ["/condition inconsistent"]);
    view = json(advance(&who, &view, PartnershipState::Suspended).await).await;
    assert_eq!(
        (&view["condition"], &view["iati_activity_status"]),
        (&json!("Peace"), &json!(6))
    );
    view = json(advance(&who, &view, PartnershipState::Active).await).await;
    assert_eq!(view["condition"], json!(null), "it holds");
    server.stop().await;
}

#[actix_web::test]
async fn an_agreement_is_signed_by_the_competent_bodies_of_both_sides() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let vienne = server.add_city("Vienne", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let stranger = server.add_city("Goris", "AM").await;
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let mut view = create(&who, &draft("Ours", &[grenoble, vienne, sevan])).await;
    for &step in way(PartnershipState::AgreementDrafted) {
        view = json(advance(&who, &view, step).await).await;
    }
    let by = |city, body: &str, day: &str| json!({ "city_id": city, "body": body, "signed_on": day });
    let good = by(grenoble, "Conseil municipal", "2026-11-02");
    let signed = |signatures: Vec<Value>| json!({ "to": "signed", "signatures": signatures });
    for (step, expected) in [
        (signed(vec![]), vec!["/signatures inconsistent"]),
        (signed(vec![good.clone()]), vec!["/signatures inconsistent"]),
        // Both of one country.
        (
            signed(vec![good.clone(), by(vienne, "Conseil municipal", "2026-11-02")]),
            vec!["/signatures inconsistent"],
        ),
        (
            signed(vec![good.clone(), good.clone(), by(stranger, "Council", "2026-11-02")]),
            vec!["/signatures/1/city_id duplicate", "/signatures/2/city_id reference"],
        ),
        (
            signed(vec![good.clone(), by(sevan, " ", "2026-11-21")]),
            vec!["/signatures/1/body required", "/signatures/1/signed_on range"],
        ),
    ] {
        assert_eq!(faults(&who, &view, step.clone()).await, expected, "{step}");
    }
    let mut unsafe_link = signed(vec![good.clone(), by(sevan, "Ավագանի", "2026-11-10")]);
    unsafe_link["signatures"][1]["document"] = json!("javascript:alert(1)");
    assert_eq!(
        faults(&who, &view, unsafe_link).await,
        ["/signatures/1/document format"]
    );
    let mut both = signed(vec![good, by(sevan, "Ավագանի", "2026-11-10")]);
    both["ends_on"] = json!("2026-11-09");
    assert_eq!(faults(&who, &view, both.clone()).await, ["/ends_on range"]);
    both["ends_on"] = json!("2026-12-31");
    let answer = who
        .act(&format!("{}/advance", path(&view)), version(&view), &both)
        .await;
    view = json(answer).await;
    assert_eq!(
        (&view["state"], &view["ends_on"]),
        (&json!("signed"), &json!("2026-12-31"))
    );
    assert_eq!(view["signatures"][1]["body"], "Ավագանի");
    assert_eq!(view["iati_activity_status"], 1);
    view = json(advance(&who, &view, PartnershipState::Active).await).await;
    assert_eq!(view["iati_activity_status"], 3, "the last days of its term");
    let too_early = faults(&who, &view, json!({ "to": "expired" })).await;
    assert_eq!(too_early, ["/to inconsistent"], "its term is not over");

    server.platform.clock.set("2027-01-01T08:00:00Z".parse().unwrap());
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    view = json(advance(&who, &view, PartnershipState::Expired).await).await;
    assert_eq!(view["iati_activity_status"], 4);
    let renewal = |ends_on: Value| json!({ "to": "active", "ends_on": ends_on });
    assert_eq!(faults(&who, &view, renewal(json!(null))).await, ["/ends_on required"]);
    assert_eq!(
        faults(&who, &view, renewal(json!("2026-12-31"))).await,
        ["/ends_on range"]
    );
    let answer = who
        .act(
            &format!("{}/advance", path(&view)),
            version(&view),
            &renewal(json!("2029-12-31")),
        )
        .await;
    let renewed = json(answer).await;
    assert_eq!(
        (&renewed["state"], &renewed["ends_on"]),
        (&json!("active"), &json!("2029-12-31"))
    );
    assert_eq!(renewed["started_on"], "2026-11-20", "it has gone on");
    server.stop().await;
}
