//! One project under three rule sets, as they are loaded: sheets computed by hand, in cents.
//!
//! | cost | where | amount |
//! |---|---|---|
//! | coordination | France | 20,000.01 € |
//! | communication | Romania (other) | 4,321.09 € |
//! | delegations | Moldova (receives aid) | 9,876.55 € |
//! | help on the spot | Poland (other) | 6,000.00 € |
//! | all | | 40,197.65 € |

use uuid::Uuid;

use super::*;
use crate::ids::RuleSetId;

fn rules(text: &str) -> RuleSet {
    let draft: RuleSetDraft = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(draft.faults(), []);
    draft.into_rules(RuleSetId(Uuid::nil()), 1)
}

/// The project with its heads as the rules call them: the French cities pay the rest, some of it in kind.
fn project(delegations: &str, help: &str, grant: i64, in_kind: i64) -> Budget {
    let line = |head: &str, country: &str, amount_minor| BudgetLine {
        id: None,
        head: head.into(),
        label: String::new(),
        country: country.into(),
        amount_minor,
    };
    let pays = |kind, amount_minor| Contribution {
        city_id: Some(CityId(Uuid::nil())),
        label: String::new(),
        country: "FR".into(),
        kind,
        head: None,
        time: None,
        amount_minor,
    };
    Budget {
        lines: vec![
            line("coordination", "FR", 2_000_001),
            line("communication", "RO", 432_109),
            line(delegations, "MD", 987_655),
            line(help, "PL", 600_000),
        ],
        contributions: vec![
            pays(ContributionKind::Cash, 4_019_765 - grant - in_kind),
            pays(ContributionKind::InKind, in_kind),
        ],
        grant_asked_minor: grant,
    }
}

fn ceilings(told: &Assessment) -> Vec<(i64, i64)> {
    let parts = told.parts.iter();
    parts.map(|part| (part.cost_minor, part.ceiling_minor)).collect()
}

/// 50 % of the programme's costs: 10,000.00 and 2,160.54; 30 % of actions: 2,962.96 and 1,800.00; halves of a cent fall.
#[test]
fn inspire_2022() {
    let rules = rules(include_str!("../../../api/data/rules/inspire_2022.json"));
    let told = assess(&rules, &project("delegations", "support", 1_692_350, 2_000_000), 3);
    assert_eq!(
        ceilings(&told),
        [
            (432_109, 216_054),
            (2_000_001, 1_000_000),
            (987_655, 296_296),
            (600_000, 180_000)
        ]
    );
    assert_eq!((told.ceiling_minor, told.other_option_minor), (1_692_350, None));
    assert_eq!(told.instalments_minor, [1_692_350]);
    assert_eq!(told.broken, []);
    // A cent more is too much, and so are two cities.
    let told = assess(&rules, &project("delegations", "support", 1_692_351, 2_000_000), 2);
    let broken: Vec<(Rule, i64)> = told
        .broken
        .iter()
        .map(|broken| (broken.rule, broken.difference))
        .collect();
    assert_eq!(broken, [(Rule::GrantCeiling, 1), (Rule::Cities, 1)]);
}

/// No least developed country: 70 % of 9,876.55 are 6,913.58, 70 % of the other 30,321.10 are 21,224.77.
#[test]
fn meae_2024() {
    let rules = rules(include_str!("../../../api/data/rules/meae_2024.json"));
    let told = assess(&rules, &project("missions", "training", 2_813_835, 1_000_000), 2);
    assert_eq!(ceilings(&told), [(987_655, 691_358), (3_032_110, 2_122_477)]);
    assert_eq!((told.ceiling_minor, told.other_option_minor), (2_813_835, None));
    assert_eq!(
        (told.own_share_min_minor, told.instalments_minor.as_slice()),
        (0, &[2_813_835][..])
    );
    assert_eq!(told.broken, []);
    // In Senegal the same delegations are paid at 90 %: 8,888.89.
    let mut south = project("missions", "training", 0, 0);
    south.lines[2].country = "SN".into();
    assert_eq!(assess(&rules, &south, 2).parts[0].ceiling_minor, 888_889);
}

/// Part by part 50 % of 9,876.55 and 30 % of 30,321.10: 14,034.60; 60 % of the whole are 24,118.59, which is better. At
/// least 4,019.77 from the cities, half of their part in kind at most; 80 % first: 19,294.87, then 4,823.72.
#[test]
fn meae_2025() {
    let rules = rules(include_str!("../../../api/data/rules/meae_2025.json"));
    let told = assess(&rules, &project("missions", "training", 2_411_859, 803_953), 2);
    assert_eq!(ceilings(&told), [(987_655, 493_827), (3_032_110, 909_633)]);
    assert_eq!(
        (told.option, told.ceiling_minor, told.other_option_minor),
        (CeilingOption::SingleRate, 2_411_859, Some(1_403_460))
    );
    assert_eq!((told.own_share_min_minor, told.own_share_minor), (401_977, 1_607_906));
    assert_eq!(told.instalments_minor, [1_929_487, 482_372]);
    assert_eq!(told.broken, []);
    // A cent more in kind than half of the cities' part.
    let told = assess(&rules, &project("missions", "training", 2_411_859, 803_954), 2);
    let broken: Vec<(Rule, i64)> = told
        .broken
        .iter()
        .map(|broken| (broken.rule, broken.difference))
        .collect();
    assert_eq!(broken, [(Rule::InKind, 1)]);
}
