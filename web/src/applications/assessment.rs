//! What the rules make of a budget, as one types: the money as a bar against the ceiling, and each rule kept or broken, by how much, and how to mend it.

use crate::ui::prelude::*;
use crate::{browser, i18n, t, text, textf};
use leptos::prelude::*;
use shared::budget::{Assessment, BrokenRule, Budget, ContributionKind, Rule, RuleSet};

/// What is judged, and by which rules. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Judged {
    /// The rules.
    pub rules: Signal<RuleSet>,
    /// The budget as it is typed.
    pub budget: Signal<Budget>,
    /// The id of the cell that a pointer into the budget means.
    pub cell_of: Callback<String, Option<String>>,
}

/// The panel beside the budget.
#[component]
pub fn AssessmentPanel(
    /// What is judged.
    judged: Judged,
    /// What the rules make of what is typed.
    assessment: Derived<Assessment>,
) -> impl IntoView {
    let money = move |amount: i64| judged.rules.with(|rules| intl::money_short(amount, &rules.currency));
    let broken_count = memo(move || assessment.with(|found| found.broken.len()));
    let parts = Signal::derive(move || {
        let budget = judged.budget.get();
        assessment.with(|found| money_parts(judged, &budget, found))
    });
    let ceiling = Signal::derive(move || {
        assessment.with(|found| {
            let whole = found.cost_minor.max(found.resources_minor);
            (whole > 0).then(|| found.ceiling_minor as f64 / whole as f64)
        })
    });
    let figures = move || {
        assessment.with(|found| {
            let line = |label: Signal<String>, amount: i64| {
                view! { <div><dt>{label}</dt><dd class="numeric">{money(amount)}</dd></div> }
            };
            view! {
                <dl class="sums">
                    {line(t!("budget.total_cost"), found.cost_minor)}
                    {line(t!("budget.total_resources"), found.resources_minor)}
                    {line(t!("budget.ceiling"), found.ceiling_minor)}
                    {line(t!("budget.own_share"), found.own_share_minor)}
                    {line(t!("budget.own_share_min"), found.own_share_min_minor)}
                </dl>
            }
        })
    };
    view! {
        <aside class="budget-aside" aria-labelledby="rules-title">
            <div class="sheet stack">
                <h3 id="rules-title" tabindex="-1">{t!("budget.answer")}</h3>
                <p role="status" class="budget-verdict">
                    {live(move || match broken_count.get() {
                        0 => text!("budget.all_kept"),
                        count => text!("budget.broken", count = count),
                    })}
                </p>
                {live(move || {
                    assessment
                        .with(|found| found.cost_minor > 0 || found.resources_minor > 0)
                        .then(|| {
                            view! {
                                <StackedBar label=t!("budget.who_pays") parts=parts ceiling=ceiling/>
                                <p class="small soft">{t!("budget.ceiling_mark")}</p>
                            }
                        })
                })}
                <ul class="rule-list">{live(move || rule_items(judged, &assessment.get(), money))}</ul>
                {figures}
                {how_the_ceiling_comes(judged, assessment, money)}
                {instalments(assessment, money)}
            </div>
        </aside>
    }
    .into_any()
}

/// Who pays what, as parts of the bar; what nobody pays yet is the rest. Tracked.
fn money_parts(judged: Judged, budget: &Budget, found: &Assessment) -> Vec<Part> {
    let (own_country, currency) = judged
        .rules
        .with(|rules| (rules.own_country.clone(), rules.currency.clone()));
    let part = |label: String, amount: i64, series: &'static str| Part {
        label,
        value: amount as f64,
        words: intl::money_short(amount, &currency),
        series,
    };
    let contributed = |kind: ContributionKind| -> i64 {
        let own = budget
            .contributions
            .iter()
            .filter(|item| item.kind == kind && item.city_id.is_some() && item.country == own_country);
        own.map(|item| item.amount_minor).fold(0, i64::saturating_add)
    };
    let (cash, in_kind) = (
        contributed(ContributionKind::Cash),
        contributed(ContributionKind::InKind),
    );
    let others = found.resources_minor - budget.grant_asked_minor - cash - in_kind;
    let missing = found.cost_minor - found.resources_minor;
    [
        part(text!("budget.part_grant"), budget.grant_asked_minor, "a"),
        part(text!("budget.part_cash"), cash, "b"),
        part(text!("budget.part_in_kind"), in_kind, "d"),
        part(text!("budget.part_others"), others, "c"),
        part(text!("budget.part_missing"), missing, "rest"),
    ]
    .into_iter()
    .filter(|part| part.value > 0.0)
    .collect()
}

/// Every rule: the broken ones first, each with how to mend it. Tracked.
fn rule_items(judged: Judged, found: &Assessment, money: impl Fn(i64) -> String + Copy) -> Vec<AnyView> {
    let country = judged.rules.with(|rules| intl::country(&rules.own_country));
    let mut items: Vec<AnyView> = found
        .broken
        .iter()
        .map(|broken| {
            let (words, mend) = sentences(broken, &country, money);
            let target = broken
                .pointer
                .clone()
                .and_then(|pointer| judged.cell_of.run(pointer))
                .filter(|id| id != "rules-title");
            view! {
                <li class="rule rule-broken">
                    {icon(Icon::Problem)}
                    <div>
                        <p><strong>{words}</strong></p>
                        <p>{mend}</p>
                        {target
                            .map(|id| {
                                view! { <button type="button" class="link" on:click=on(move |_| browser::focus(&id))>{t!("budget.go_there")}</button> }
                            })}
                    </div>
                </li>
            }
            .into_any()
        })
        .collect();
    let asked = judged.rules.with(asked_rules);
    for rule in asked {
        if found.cost_minor > 0 && found.broken.iter().all(|broken| broken.rule != rule) {
            let words = textf!("rule_kept.", rule.code());
            items.push(view! { <li class="rule rule-kept">{icon(Icon::Check)} <span>{words}</span></li> }.into_any());
        }
    }
    items
}

/// The rules that this rule set asks at all.
fn asked_rules(rules: &RuleSet) -> Vec<Rule> {
    let mut asked = vec![Rule::GrantCeiling, Rule::Balance];
    if rules.own_share_min_bp > 0 {
        asked.push(Rule::OwnShare);
    }
    if rules.in_kind_max_bp.is_some() {
        asked.push(Rule::InKind);
    }
    if rules.cities_min > 1 {
        asked.push(Rule::Cities);
    }
    asked
}

/// A broken rule in words: which, by how much; and how to mend it.
fn sentences(broken: &BrokenRule, country: &str, money: impl Fn(i64) -> String) -> (String, String) {
    // A sum that is too small and one that is too large are mended differently.
    let code = match broken.rule {
        Rule::Balance if broken.actual < broken.limit => "balance_less",
        Rule::Balance => "balance_more",
        rule => rule.code(),
    };
    let figure = |amount: i64| match broken.rule {
        Rule::Cities => intl::count(amount),
        _ => money(amount),
    };
    let (limit, actual, difference) = (figure(broken.limit), figure(broken.actual), figure(broken.difference));
    let words = textf!(
        "rule_broken.",
        code,
        limit = limit.clone(),
        actual = actual.clone(),
        difference = difference.clone(),
        country = country
    );
    let mend = textf!(
        "rule_mend.",
        code,
        limit = limit,
        actual = actual,
        difference = difference,
        country = country
    );
    (words, mend)
}

/// The ceiling, rate by rate, one press away.
fn how_the_ceiling_comes(
    judged: Judged,
    assessment: Derived<Assessment>,
    money: impl Fn(i64) -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    let rows = move || {
        assessment
            .get()
            .parts
            .into_iter()
            .map(|part| {
                let name = match (&part.head, part.group) {
                    (Some(code), _) => judged.rules.with(|rules| {
                        let head = rules.heads.iter().find(|head| head.code == *code);
                        head.map_or_else(|| code.clone(), |head| i18n::own_text(&head.label))
                    }),
                    (None, Some(group)) => textf!("country_group.", group.code()),
                    (None, None) => String::new(),
                };
                view! {
                    <tr>
                        <th scope="row">{name}</th>
                        <td class="numeric" data-label=t!("budget.cost")>{money(part.cost_minor)}</td>
                        <td class="numeric" data-label=t!("rules.rate")>{intl::rate(i64::from(part.rate_bp))}</td>
                        <td class="numeric" data-label=t!("budget.ceiling")>{money(part.ceiling_minor)}</td>
                    </tr>
                }
            })
            .collect_any()
    };
    let other = move || {
        assessment.with(|found| {
            found
                .other_option_minor
                .map(|other| view! { <p class="small">{textf!("ceiling_option.", found.option.code(), other = money(other))}</p> })
        })
    };
    view! {
        <details class="twin">
            <summary>{t!("budget.how_ceiling")}</summary>
            <Table
                caption=t!("budget.how_ceiling")
                caption_unseen=true
                columns=vec![
                    Column::plain(t!("budget.part")),
                    Column::plain(t!("budget.cost")).numeric(),
                    Column::plain(t!("rules.rate")).numeric(),
                    Column::plain(t!("budget.ceiling")).numeric(),
                ]
            >
                {rows}
            </Table>
            {other}
        </details>
    }
    .into_any()
}

fn instalments(
    assessment: Derived<Assessment>,
    money: impl Fn(i64) -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    view! {
        {live(move || {
            let parts = assessment.with(|found| found.instalments_minor.clone());
            (parts.len() > 1 && parts.iter().any(|part| *part > 0))
                .then(|| {
                    let words: Vec<String> = parts.into_iter().map(money).collect();
                    view! { <p class="small soft">{text!("budget.instalments", amounts = intl::list(&words))}</p> }
                })
        })}
    }
    .into_any()
}
