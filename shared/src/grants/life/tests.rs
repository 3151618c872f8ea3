use proptest::prelude::*;

use super::*;
use crate::budget::RuleSetDraft;
use crate::ids::RuleSetId;
use crate::money::AMOUNT_MAX;

const MEAE_2025: &str = include_str!("../../../../api/data/rules/meae_2025.json");

fn rules() -> RuleSet {
    let draft: RuleSetDraft = serde_json::from_str(MEAE_2025).unwrap();
    draft.into_rules(RuleSetId(uuid::Uuid::nil()), 1)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T17:30:00Z".parse().unwrap()
}

fn grant(years: u32) -> GrantLife {
    GrantLife::new(&rules(), 1_000_001, (day("2026-01-31"), years), None)
}

#[test]
fn only_the_drawn_transitions_exist() {
    use GrantAction as Action;
    use GrantState as State;
    let drawn = |state: State| -> Vec<(Action, State)> {
        let after = |&action: &Action| Some((action, state.after(action, true)?));
        Action::ALL.iter().filter_map(after).collect()
    };
    assert_eq!(State::Contracted.after(Action::Sign, false), Some(State::Contracted));
    assert_eq!(drawn(State::Contracted), [(Action::Sign, State::Running)]);
    let money = |state| [Action::Request, Action::Approve, Action::Return, Action::Pay].map(|action| (action, state));
    let running = [(Action::HandInReport, State::FinalReport)];
    assert_eq!(drawn(State::Running), [&money(State::Running)[..], &running].concat());
    let reported = [
        (Action::AcceptReport, State::FinalReport),
        (Action::ReturnReport, State::Running),
        (Action::Close, State::Closed),
    ];
    assert_eq!(
        drawn(State::FinalReport),
        [&money(State::FinalReport)[..], &reported].concat()
    );
    assert_eq!(drawn(State::Closed), []);
}

#[test]
fn the_last_years_instalment_is_paid_eighty_and_twenty() {
    let amounts = |years| -> Vec<i64> { grant(years).instalments.iter().map(|part| part.amount_minor).collect() };
    assert_eq!(amounts(1), [800_001, 200_000]);
    assert_eq!(amounts(2), [500_001, 400_000, 100_000]);
    let two = grant(2);
    let interim = two.instalments[1].report.as_ref().map(|report| report.due_on);
    assert_eq!(interim, Some(day("2027-01-31")));
    assert!(two.instalments[2].after_final_report && two.instalments[2].report.is_none());
    assert_eq!(two.final_report.due_on, day("2028-04-30"));
    // Nothing is due before both have signed.
    assert_eq!((two.report_due_on(), two.next_step()), (None, GrantStep::LeadSigns));
}

#[test]
fn a_grant_is_led_step_by_step_to_its_end() {
    let mut life = grant(1);
    let report = GrantReportDraft {
        text: "Done.".into(),
        spent_minor: 5,
    };
    let back = GrantReturn {
        reason: "More.".into(),
        due_on: Some(day("2027-06-01")),
    };
    let request = |number| InstalmentRequest { number, report: None };
    let (first, second) = (request(1), request(2));
    for (step, next) in [
        (GrantMove::FunderSigns, GrantStep::LeadSigns),
        (GrantMove::LeadSigns, GrantStep::Request),
        (GrantMove::Request(&first), GrantStep::Answer),
        (GrantMove::Return(&back), GrantStep::Request),
        (GrantMove::Request(&first), GrantStep::Answer),
        (GrantMove::Approve(1), GrantStep::Pay),
        (GrantMove::Pay(1), GrantStep::FinalReport),
        (GrantMove::HandInReport(&report), GrantStep::JudgeReport),
        (GrantMove::ReturnReport(&back), GrantStep::FinalReport),
        (GrantMove::HandInReport(&report), GrantStep::JudgeReport),
        (GrantMove::AcceptReport, GrantStep::Request),
        (GrantMove::Request(&second), GrantStep::Answer),
        (GrantMove::Approve(2), GrantStep::Pay),
        (GrantMove::Pay(2), GrantStep::Close),
        (GrantMove::Close, GrantStep::Done),
    ] {
        assert!(life.go(&step, now()), "{step:?}");
        assert_eq!(life.next_step(), next, "{step:?}");
    }
    assert_eq!(life.final_report.due_on, day("2027-06-01"));
    assert_eq!(life.disbursed_minor(), 1_000_001);
}

proptest! {
    #[test]
    fn instalments_add_up_to_the_award(award in 0..AMOUNT_MAX, years in 1_u32..=5) {
        let parts = instalments(&rules(), award, years, day("2026-01-31"));
        prop_assert_eq!(parts.iter().map(|part| part.amount_minor).sum::<i64>(), award);
        prop_assert!(parts.iter().all(|part| part.amount_minor >= 0));
    }

    /// Whatever is tried in whatever order: what is paid grows, never passes the award, and the last part waits for the
    /// final report.
    #[test]
    fn no_order_of_moves_pays_too_much(moves in prop::collection::vec((0_usize..10, 1_u32..5), 0..80)) {
        let mut life = grant(2);
        let report = GrantReportDraft { text: "Done.".into(), spent_minor: 5 };
        let back = GrantReturn { reason: "More.".into(), due_on: None };
        let mut paid = 0;
        for (kind, number) in moves {
            let request = InstalmentRequest { number, report: Some(report.clone()) };
            let step = match kind {
                0 => GrantMove::LeadSigns,
                1 => GrantMove::FunderSigns,
                2 => GrantMove::Request(&request),
                3 => GrantMove::Approve(number),
                4 => GrantMove::Return(&back),
                5 => GrantMove::Pay(number),
                6 => GrantMove::HandInReport(&report),
                7 => GrantMove::AcceptReport,
                8 => GrantMove::ReturnReport(&back),
                _ => GrantMove::Close,
            };
            let before = life.clone();
            let went = life.go(&step, now());
            prop_assert_eq!(went, life != before);
            prop_assert!(!went || before.allows(step.action()));
            prop_assert!(life.disbursed_minor() >= paid && life.disbursed_minor() <= 1_000_001);
            paid = life.disbursed_minor();
            let last = &life.instalments[2];
            prop_assert!(last.state == InstalmentState::Planned || life.final_report.state == ReportState::Accepted);
        }
    }
}
