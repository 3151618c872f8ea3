//! Two people in one file.

use super::*;
use shared::budget::ContributionKind;
use shared::ids::BudgetLineId;
use shared::problem::FieldCode;

fn line(id: Option<u128>, label: &str, amount_minor: i64) -> BudgetLine {
    BudgetLine {
        id: id.map(|id| BudgetLineId(uuid(id))),
        head: "workshops".into(),
        label: label.into(),
        country: "FR".into(),
        amount_minor,
    }
}

fn uuid<T: std::str::FromStr>(number: u128) -> T
where
    T::Err: std::fmt::Debug,
{
    let hex = format!("{number:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
    .parse()
    .unwrap()
}

fn contribution(label: &str, amount_minor: i64) -> Contribution {
    Contribution {
        city_id: None,
        label: label.into(),
        country: "FR".into(),
        kind: ContributionKind::Cash,
        head: None,
        time: None,
        amount_minor,
    }
}

fn content() -> Content {
    Content {
        title: "Water".into(),
        themes: vec![Theme::Climate],
        answers: BTreeMap::from([("objectives".into(), "a".into()), ("results".into(), "b".into())]),
        budget: Budget {
            lines: vec![line(Some(1), "travel", 100), line(Some(2), "study", 200)],
            contributions: vec![contribution("Region", 50)],
            grant_asked_minor: 10,
        },
    }
}

#[test]
fn only_what_changed_is_sent() {
    let base = content();
    assert_eq!(base.patch(&base), None);
    let mut mine = base.clone();
    mine.answers.insert("objectives".into(), "c".into());
    mine.answers.remove("results");
    let patch = mine.patch(&base).unwrap();
    assert_eq!(patch.title, None);
    assert_eq!(patch.themes, None);
    assert_eq!(
        patch.answers.unwrap(),
        BTreeMap::from([("objectives".into(), Some("c".into())), ("results".into(), None)])
    );
}

#[test]
fn two_people_in_different_fields_lose_nothing() {
    let base = content();
    let mut mine = base.clone();
    mine.title = "Water for all".into();
    mine.budget.lines[0].amount_minor = 150;
    mine.budget.lines.push(line(None, "new of mine", 7));
    let mut theirs = base.clone();
    theirs.answers.insert("results".into(), "theirs".into());
    theirs.budget.lines[1].amount_minor = 900;
    theirs.budget.lines.push(line(Some(3), "new of theirs", 8));
    theirs.budget.contributions.push(contribution("Foundation", 5));
    let (merged, changes) = Content::merge(&base, &mine, &theirs);
    assert_eq!(merged.title, "Water for all");
    assert_eq!(merged.answers["results"], "theirs");
    let amounts: Vec<i64> = merged.budget.lines.iter().map(|line| line.amount_minor).collect();
    assert_eq!(amounts, [150, 900, 8, 7]);
    assert_eq!(merged.budget.contributions.len(), 2);
    assert!(
        changes.iter().all(|change| change.outcome == Outcome::Taken),
        "{changes:?}"
    );
}

#[test]
fn where_both_wrote_mine_stays_and_is_told() {
    let base = content();
    let mut mine = base.clone();
    mine.answers.insert("objectives".into(), "mine".into());
    let mut theirs = base.clone();
    theirs.answers.insert("objectives".into(), "theirs".into());
    let (merged, changes) = Content::merge(&base, &mine, &theirs);
    assert_eq!(merged.answers["objectives"], "mine");
    let part = Part::Answer("objectives".into());
    assert_eq!(
        changes,
        [Change {
            part,
            outcome: Outcome::Clash
        }]
    );
}

#[test]
fn contributions_that_look_alike_are_merged_as_one_list() {
    let base = vec![contribution("Region", 1), contribution("Region", 2)];
    let mut mine = base.clone();
    mine[0].amount_minor = 9;
    let (merged, outcome) = merge_contributions(&base, &mine, &base);
    assert_eq!((merged, outcome), (mine, Outcome::Same));
}

#[test]
fn one_wrong_field_does_not_keep_the_others_from_being_saved() {
    let mut mine = content();
    mine.title.clear();
    mine.answers.insert("objectives".into(), "longer".into());
    let patch = mine.patch(&content()).unwrap();
    let rest = without_refused(patch.clone(), &[FieldError::new("/title", FieldCode::Required)]).unwrap();
    assert_eq!(rest.title, None);
    assert_eq!(rest.answers, patch.answers);
    let all = [
        FieldError::new("/title", FieldCode::Required),
        FieldError::new("/answers/objectives", FieldCode::Length),
    ];
    assert_eq!(without_refused(patch.clone(), &all), None);
    assert_eq!(
        without_refused(patch, &[FieldError::new("/other", FieldCode::Length)]),
        None
    );
}

#[test]
fn an_address_without_a_step_shows_the_first() {
    assert_eq!(step_of("nowhere"), "project");
    assert_eq!(step_of("sign_off"), "sign_off");
}

#[test]
fn a_change_of_parties_that_changes_nothing_is_not_sent() {
    assert_eq!(PartyChange::Remove(uuid(1)).apply(&[]), None);
    let draft = PartyChange::Add(uuid(1)).apply(&[]).unwrap();
    assert_eq!(draft.items[0].role, PartyRole::Partner);
}
