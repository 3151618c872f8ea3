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
        S::AgreementDrafted => &[S::AgreementDrafted],
        S::Signed => &[S::AgreementDrafted, S::Signed],
        S::Active => &[S::AgreementDrafted, S::Signed, S::Active],
        S::Dormant => &[S::AgreementDrafted, S::Signed, S::Active, S::Dormant],
        S::Suspended => &[S::AgreementDrafted, S::Signed, S::Active, S::Suspended],
        S::Expired => &[S::AgreementDrafted, S::Signed, S::Active, S::Expired],
        S::Terminated => &[S::AgreementDrafted, S::Signed, S::Active, S::Suspended, S::Terminated],
        S::Ended => &[S::Ended],
    }
}

async fn advance(who: &Visitor, view: &Value, to: PartnershipState) -> reqwest::Response {
    let body = json!({ "to": to, "reason": "The war" });
    who.act(&format!("{}/advance", path(view)), version(view), &body).await
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
            assert_eq!(view["next_states"], json!(from.next()));
            let answer = advance(&who, &view, to).await;
            if from.can_become(to) {
                let moved = json(answer).await;
                assert_eq!(
                    (&moved["state"], &moved["state_reason"]),
                    (&json!(to), &json!("The war"))
                );
            } else {
                assert_problem(answer, 409, "state_conflict").await;
            }
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_suspension_needs_a_reason_and_activity_has_a_beginning() {
    let server = Server::start().await;
    let grenoble = server.add_city("Grenoble", "FR").await;
    let sevan = server.add_city("Sevan", "AM").await;
    let who = server.sign_in_as(Grant::CityStaff { city_id: grenoble }).await;
    let mut view = create(&who, &draft("Ours", &[grenoble, sevan])).await;
    for &step in way(PartnershipState::Active) {
        view = json(advance(&who, &view, step).await).await;
    }
    assert_eq!(view["started_on"], "2026-11-20");
    let path = format!("{}/advance", path(&view));
    for reason in [json!(null), json!("  ")] {
        let answer = who
            .act(&path, version(&view), &json!({ "to": "suspended", "reason": reason }))
            .await;
        let problem = assert_problem(answer, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], "/reason");
    }
    server.stop().await;
}
