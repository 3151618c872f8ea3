//! Funding rules in words: what the funder pays of what, what the cities bring, who takes part.

use crate::ui::prelude::*;
use crate::{i18n, t, text, textf, tf};
use leptos::prelude::*;
use shared::budget::{CountryGroup, InKindUnit, RuleSet};

/// The rules, one sentence each; rates by country group as a table.
#[component]
pub fn RulesView(
    /// The rules.
    rules: RuleSet,
) -> impl IntoView {
    let rules = Kept::new(rules);
    view! {
        <div class="stack stack-l rules">
            <div class="stack">
                <h3>{t!("rules.pays")}</h3>
                {rates(rules)}
                {live(move || {
                    rules
                        .with_value(|rules| rules.several_countries_rate_bp)
                        .map(|bp| view! { <p>{text!("rules.several", rate = intl::rate(i64::from(bp)))}</p> })
                })}
            </div>
            <div class="stack">
                <h3>{t!("rules.brings")}</h3>
                <ul>{live(move || brought(rules).into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_any())}</ul>
            </div>
            {heads(rules)}
            {sources(rules)}
        </div>
    }
    .into_any()
}

/// What the cities bring, sentence by sentence; tracked.
fn brought(rules: Kept<RuleSet>) -> Vec<String> {
    rules.with_value(|rules| {
        let country = intl::country(&rules.own_country);
        let mut sentences = Vec::new();
        if rules.own_share_min_bp > 0 {
            let rate = intl::rate(i64::from(rules.own_share_min_bp));
            sentences.push(text!("rules.own_share", country = country, rate = rate));
        }
        if let Some(bp) = rules.in_kind_max_bp {
            sentences.push(text!("rules.in_kind", rate = intl::rate(i64::from(bp))));
        }
        sentences.extend(rules.in_kind_rates.iter().map(|rate| {
            let who = i18n::own_text(&rate.label);
            let amount = intl::money_short(rate.amount_minor, &rules.currency);
            match rate.unit {
                InKindUnit::Hour => text!("rules.value_hour", who = who, amount = amount),
                InKindUnit::Day => text!("rules.value_day", who = who, amount = amount),
            }
        }));
        let shares: Vec<String> = rules
            .instalments_bp
            .iter()
            .map(|&bp| intl::rate(i64::from(bp)))
            .collect();
        if shares.len() > 1 {
            sentences.push(text!("rules.instalments", shares = intl::list(&shares)));
        }
        sentences.push(text!("rules.currency", currency = intl::currency_name(&rules.currency)));
        sentences
    })
}

fn rates(rules: Kept<RuleSet>) -> AnyView {
    let rows = rules.with_value(|rules| rules.country_rates.clone());
    if rows.is_empty() {
        return ().into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let code = row.group.code();
            let members = rules.with_value(|rules| {
                rules
                    .country_groups
                    .iter()
                    .find(|members| members.group == row.group)
                    .map(|members| members.countries.clone())
            });
            view! {
                <tr>
                    <th scope="row">
                        {tf!("country_group.", code)}
                        {members
                            .filter(|_| row.group != CountryGroup::Other)
                            .map(|members| {
                                let count = members.len();
                                view! {
                                    <details class="twin">
                                        <summary>{t!("rules.countries", count = count)}</summary>
                                        <p class="small">{live(move || intl::list(&members.iter().map(|code| intl::country(code)).collect::<Vec<_>>()))}</p>
                                    </details>
                                }
                            })}
                    </th>
                    <td class="numeric" data-label=t!("rules.rate")>{live(move || intl::rate(i64::from(row.rate_bp)))}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <Table
            caption=t!("rules.rates")
            columns=vec![Column::plain(t!("rules.group")), Column::plain(t!("rules.rate")).numeric()]
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// Since when the rules hold; where they and the groups of countries stand, in the words of whoever wrote them down.
fn sources(rules: Kept<RuleSet>) -> AnyView {
    let (source, groups) = rules.with_value(|rules| (rules.source.clone(), rules.groups_source.clone()));
    view! {
        <div class="stack">
            <p class="small soft">
                {live(move || rules.with_value(|rules| text!("rules.since", name = rules.name.clone(), day = intl::date(rules.valid_from))))}
            </p>
            <details class="twin">
                <summary>{t!("rules.source")}</summary>
                <div class="stack small">
                    <p>{source}</p>
                    {(!groups.is_empty()).then(|| view! { <p>{groups}</p> })}
                </div>
            </details>
        </div>
    }
    .into_any()
}

fn heads(rules: Kept<RuleSet>) -> AnyView {
    let rows = rules.with_value(|rules| rules.heads.clone());
    view! {
        <div class="stack">
            <h3>{t!("rules.heads")}</h3>
            <ul>
                {rows
                    .into_iter()
                    .map(|head| {
                        view! {
                            <li>
                                {live(move || {
                                    let name = i18n::own_text(&head.label);
                                    match head.rate_bp {
                                        Some(bp) => text!("rules.head_rate", head = name, rate = intl::rate(i64::from(bp))),
                                        None => name,
                                    }
                                })}
                            </li>
                        }
                    })
                    .collect_any()}
            </ul>
        </div>
    }
    .into_any()
}

/// Who can apply, sentence by sentence.
#[component]
pub fn WhoCanApply(
    /// The rules.
    rules: RuleSet,
) -> impl IntoView {
    let sentences = move || {
        let mut sentences = vec![text!("rules.lead", country = intl::country(&rules.own_country))];
        if rules.cities_min > 1 {
            sentences.push(text!("rules.cities", count = rules.cities_min));
        }
        if !rules.levels.is_empty() {
            let levels: Vec<String> = rules
                .levels
                .iter()
                .map(|level| textf!("level.", level.code()))
                .collect();
            sentences.push(text!("rules.levels", levels = intl::list(&levels)));
        }
        sentences.push(if rules.countries.is_empty() {
            text!("rules.any_country")
        } else {
            let names: Vec<String> = rules.countries.iter().map(|code| intl::country(code)).collect();
            text!("rules.only_countries", countries = intl::list(&names))
        });
        if !rules.required_sdgs.is_empty() {
            let goals: Vec<String> = rules
                .required_sdgs
                .iter()
                .map(|goal| textf!("sdg.", &goal.to_string()))
                .collect();
            sentences.push(text!("rules.goals", goals = intl::list(&goals)));
        }
        sentences.extend(rules.priority_regions.iter().map(|priority| {
            text!(
                "rules.priority",
                region = priority.region.clone(),
                points = priority.points
            )
        }));
        sentences
    };
    view! { <ul>{live(move || sentences().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_any())}</ul> }
        .into_any()
}
