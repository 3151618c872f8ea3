//! Sheets computed by hand, and what holds for every budget.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::RuleSetId;
use crate::language::Texts;
use crate::money::AMOUNT_MAX;

fn head(code: &str, rate_bp: Option<u32>) -> CostHead {
    CostHead {
        code: code.into(),
        label: Texts::new(),
        rate_bp,
    }
}

fn members(group: CountryGroup, countries: &[&str]) -> CountryGroupMembers {
    CountryGroupMembers {
        group,
        countries: countries.iter().map(|&country| country.to_owned()).collect(),
    }
}

pub(super) fn meae_2025() -> RuleSet {
    RuleSet {
        id: RuleSetId(Uuid::nil()),
        version: 1,
        name: "MEAE 2025".into(),
        valid_from: chrono::NaiveDate::default(),
        valid_to: None,
        source: String::new(),
        currency: "EUR".into(),
        heads: vec![head("missions", None)],
        country_rates: [
            (CountryGroup::Ldc, 7_000),
            (CountryGroup::OtherOda, 5_000),
            (CountryGroup::Other, 3_000),
        ]
        .map(|(group, rate_bp)| CountryRate { group, rate_bp })
        .to_vec(),
        country_groups: vec![
            members(CountryGroup::Ldc, &["GN", "SN"]),
            members(CountryGroup::OtherOda, &["AM", "UA"]),
        ],
        groups_source: String::new(),
        several_countries_rate_bp: Some(6_000),
        own_share_min_bp: 1_000,
        in_kind_max_bp: Some(5_000),
        cities_min: 2,
        own_country: "FR".into(),
        countries: Vec::new(),
        required_sdgs: Vec::new(),
        instalments_bp: vec![8_000, 2_000],
        overdue_report_blocks: false,
        resource_lines: Vec::new(),
        levels: Vec::new(),
        priority_regions: Vec::new(),
        in_kind_rates: Vec::new(),
    }
}

fn meae_2024() -> RuleSet {
    let mut rules = meae_2025();
    for (rate, bp) in rules.country_rates.iter_mut().zip([9_000, 7_000, 7_000]) {
        rate.rate_bp = bp;
    }
    rules.several_countries_rate_bp = None;
    rules.own_share_min_bp = 0;
    rules.in_kind_max_bp = None;
    rules
}

fn inspire_2022() -> RuleSet {
    let mut rules = meae_2025();
    rules.heads = vec![
        head("coordination", Some(5_000)),
        head("forum", Some(5_000)),
        head("events", Some(3_000)),
        head("delegations", Some(3_000)),
    ];
    rules.country_rates.clear();
    rules.several_countries_rate_bp = None;
    rules.own_share_min_bp = 0;
    rules.in_kind_max_bp = None;
    rules.cities_min = 3;
    rules.countries = ["PL", "RO", "MD"].map(str::to_owned).to_vec();
    rules.resource_lines = [
        ("funder", ResourceOrigin::Funder, vec![]),
        ("culture", ResourceOrigin::Cash, vec!["events".to_owned()]),
        ("delegations", ResourceOrigin::Cash, vec!["delegations".to_owned()]),
        ("valuation", ResourceOrigin::InKind, vec![]),
    ]
    .map(|(code, origin, heads)| ResourceLine {
        code: code.into(),
        label: Texts::new(),
        origin,
        heads,
    })
    .to_vec();
    rules
}

pub(super) fn line(head: &str, country: &str, amount_minor: i64) -> BudgetLine {
    BudgetLine {
        id: None,
        head: head.into(),
        label: String::new(),
        country: country.into(),
        amount_minor,
    }
}

pub(super) fn pays(country: &str, kind: ContributionKind, amount_minor: i64) -> Contribution {
    Contribution {
        city_id: Some(CityId(Uuid::nil())),
        label: String::new(),
        country: country.into(),
        kind,
        head: None,
        time: None,
        amount_minor,
    }
}

pub(super) fn broken_rules(assessment: &Assessment) -> Vec<(Rule, i64)> {
    assessment
        .broken
        .iter()
        .map(|broken| (broken.rule, broken.difference))
        .collect()
}

#[test]
fn over_several_countries_the_better_option_is_told() {
    // 40,000 € in Armenia at 50 %, 30,000 € in Guinea at 70 %, 10,000 € in France at 30 %: 44,000 €.
    // 60 % of 80,000 € are 48,000 €: better. The cities pay at least 8,000 €, at most half of it in kind.
    let budget = Budget {
        lines: vec![
            line("missions", "AM", 4_000_000),
            line("missions", "GN", 3_000_000),
            line("missions", "FR", 1_000_000),
        ],
        contributions: vec![
            pays("FR", ContributionKind::Cash, 1_600_000),
            pays("FR", ContributionKind::InKind, 1_600_000),
        ],
        grant_asked_minor: 4_800_000,
    };
    let told = assess(&meae_2025(), &budget, 2);
    assert_eq!(
        (told.option, told.ceiling_minor, told.other_option_minor),
        (CeilingOption::SingleRate, 4_800_000, Some(4_400_000))
    );
    assert_eq!(
        (told.own_share_min_minor, told.own_share_minor, told.own_in_kind_minor),
        (800_000, 3_200_000, 1_600_000)
    );
    assert_eq!(told.instalments_minor, [3_840_000, 960_000]);
    assert_eq!(told.broken, []);

    // In 2024: 90 % of Guinea, 70 % of the rest, no choice: 27,000 + 28,000 + 7,000 €.
    let before = assess(&meae_2024(), &budget, 2);
    assert_eq!((before.ceiling_minor, before.other_option_minor), (6_200_000, None));
}

#[test]
fn least_developed_countries_do_better_part_by_part() {
    let budget = Budget {
        lines: vec![line("missions", "GN", 5_000_000), line("missions", "SN", 5_000_000)],
        contributions: vec![pays("FR", ContributionKind::Cash, 3_000_000)],
        grant_asked_minor: 7_000_000,
    };
    let told = assess(&meae_2025(), &budget, 2);
    assert_eq!(
        (told.option, told.ceiling_minor, told.other_option_minor),
        (CeilingOption::ByPart, 7_000_000, Some(6_000_000))
    );
    assert_eq!(told.broken, []);
}

#[test]
fn one_country_beside_france_gives_no_choice() {
    let budget = Budget {
        lines: vec![
            line("missions", "AM", 33_333),
            line("missions", "FR", 0),
            line("missions", "GN", 0),
        ],
        ..Budget::default()
    };
    let told = assess(&meae_2025(), &budget, 2);
    assert_eq!((told.ceiling_minor, told.other_option_minor), (16_666, None));
    assert_eq!(told.own_share_min_minor, 3_334);
}

#[test]
fn inspire_pays_half_of_the_programme_and_thirty_percent_of_actions() {
    // Coordination 20,000 € and forum 10,000 € at 50 %; events 12,000 € and delegations 9,000 € at 30 %: 21,300 €.
    let mut delegations = pays("FR", ContributionKind::Cash, 630_000);
    delegations.head = Some("delegations".into());
    let mut events = pays("FR", ContributionKind::Cash, 840_000);
    events.head = Some("events".into());
    let budget = Budget {
        lines: vec![
            line("coordination", "FR", 2_000_000),
            line("forum", "FR", 1_000_000),
            line("events", "FR", 1_200_000),
            line("delegations", "PL", 900_000),
        ],
        contributions: vec![
            delegations,
            events,
            pays("FR", ContributionKind::Cash, 1_000_000),
            pays("FR", ContributionKind::InKind, 500_000),
        ],
        grant_asked_minor: 2_130_000,
    };
    let told = assess(&inspire_2022(), &budget, 3);
    assert_eq!((told.ceiling_minor, told.parts.len()), (2_130_000, 4));
    assert_eq!(told.broken, []);
    let sums: Vec<i64> = told.resource_lines.iter().map(|line| line.amount_minor).collect();
    assert_eq!(sums, [2_130_000, 840_000, 630_000, 500_000]);
}

#[test]
fn each_broken_rule_tells_by_how_much_and_where() {
    let budget = Budget {
        lines: vec![line("missions", "AM", 1_000_000), line("rockets", "AM", 1)],
        contributions: vec![
            pays("FR", ContributionKind::Cash, 10_000),
            pays("FR", ContributionKind::InKind, 50_000),
        ],
        grant_asked_minor: 600_000,
    };
    let told = assess(&meae_2025(), &budget, 1);
    assert_eq!(
        broken_rules(&told),
        [
            (Rule::UnknownHead, 1),
            (Rule::GrantCeiling, 100_000),
            (Rule::OwnShare, 40_001),
            (Rule::InKind, 20_000),
            (Rule::Balance, 340_001),
            (Rule::Cities, 1),
        ]
    );
    assert_eq!(told.broken[0].pointer.as_deref(), Some("/lines/1/head"));
    assert_eq!(told.broken[1].pointer.as_deref(), Some("/grant_asked_minor"));

    let abroad = Budget {
        lines: vec![line("events", "AR", 500)],
        ..Budget::default()
    };
    let told = assess(&inspire_2022(), &abroad, 3);
    assert_eq!(told.ceiling_minor, 0);
    assert_eq!(told.broken[0].pointer.as_deref(), Some("/lines/0/country"));
    assert_eq!(
        broken_rules(&assess(&meae_2024(), &Budget::default(), 2)),
        [(Rule::Empty, 1)]
    );
}

#[test]
fn only_cities_of_the_funding_country_bring_the_own_share() {
    let mut other_funder = pays("FR", ContributionKind::Cash, 500_000);
    other_funder.city_id = None;
    let budget = Budget {
        lines: vec![line("missions", "AM", 1_000_000)],
        contributions: vec![other_funder, pays("AM", ContributionKind::Cash, 500_000)],
        grant_asked_minor: 0,
    };
    let told = assess(&meae_2025(), &budget, 2);
    assert_eq!(
        (told.own_share_minor, broken_rules(&told)),
        (0, vec![(Rule::OwnShare, 100_000)])
    );
}

fn any_budget(amounts: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = Budget> {
    let country = prop::sample::select(vec!["FR", "AM", "GN", "SN", "PL", "UA"]);
    let head = prop::sample::select(vec!["missions", "rockets"]);
    let lines = prop::collection::vec((head, country.clone(), amounts.clone()), 0..=200);
    let contributions = prop::collection::vec((country, any::<bool>(), amounts.clone()), 0..=20);
    (lines, contributions, amounts).prop_map(|(lines, contributions, grant_asked_minor)| Budget {
        lines: lines
            .into_iter()
            .map(|(head, country, amount)| line(head, country, amount))
            .collect(),
        contributions: contributions
            .into_iter()
            .map(|(country, cash, amount)| {
                let kind = if cash {
                    ContributionKind::Cash
                } else {
                    ContributionKind::InKind
                };
                pays(country, kind, amount)
            })
            .collect(),
        grant_asked_minor,
    })
}

proptest! {
    #[test]
    fn parts_add_up_and_no_ceiling_is_passed(budget in any_budget(0..=AMOUNT_MAX)) {
        let rules = meae_2025();
        let told = assess(&rules, &budget, 2);
        let eligible: i64 = budget.lines.iter().filter(|line| line.head == "missions").map(|line| line.amount_minor).sum();
        prop_assert_eq!(told.parts.iter().map(|part| part.cost_minor).sum::<i64>(), eligible);
        let by_part: i64 = told.parts.iter().map(|part| part.ceiling_minor).sum();
        prop_assert_eq!(told.ceiling_minor, by_part.max(told.other_option_minor.map_or(0, |_| share(eligible, 6_000))));
        prop_assert!(told.ceiling_minor <= share(eligible, 7_000) && told.ceiling_minor <= told.cost_minor);
        for part in &told.parts {
            prop_assert!(i128::from(part.ceiling_minor) * 10_000 <= i128::from(part.cost_minor) * i128::from(part.rate_bp));
        }
        let over = told.broken.iter().any(|broken| broken.rule == Rule::GrantCeiling);
        prop_assert_eq!(over, budget.grant_asked_minor > told.ceiling_minor);
        prop_assert_eq!(told.instalments_minor.iter().sum::<i64>(), budget.grant_asked_minor);
        let least = i128::from(told.own_share_min_minor) * 10_000;
        prop_assert!(least >= i128::from(told.cost_minor) * 1_000 && least < i128::from(told.cost_minor) * 1_000 + 10_000);
    }

    #[test]
    fn one_more_cost_never_lowers_the_ceiling(budget in any_budget(0..=AMOUNT_MAX), country in prop::sample::select(vec!["FR", "AM", "GN", "PL"]), amount in 0..=AMOUNT_MAX) {
        let rules = meae_2025();
        let before = assess(&rules, &budget, 2).ceiling_minor;
        let mut more = budget;
        more.lines.push(line("missions", country, amount));
        prop_assert!(assess(&rules, &more, 2).ceiling_minor >= before);
    }

    #[test]
    fn no_amount_overflows(budget in any_budget(i64::MIN..=i64::MAX), cities: u32) {
        for rules in [meae_2025(), meae_2024(), inspire_2022()] {
            let _ = assess(&rules, &budget, cities);
        }
    }
}
