//! Time given in kind, where the rules value it: the kinds to choose from, the hours or days as they are typed, and what they are worth at once, by the
//! server's own function.

use super::amount;
use super::rows::ContributionRow;
use crate::ui::prelude::*;
use crate::{i18n, text};
use shared::budget::{InKindRate, InKindTime, InKindUnit, RuleSet, TIME_MAX};

/// What stands before the code of a rate among the forms of a contribution.
const TIME: &str = "time:";

/// Reads so many hours or days, in hundredths; nothing where there is none.
pub fn parse(text: &str) -> Option<i64> {
    amount::parse(text, 2).filter(|quantity| (1..=TIME_MAX).contains(quantity))
}

/// The forms that a contribution may have: in cash, in kind, and the kinds of time that the rules value. One that a row has and the rules do not know is
/// there too, so that the row does not seem to say something else. Tracked.
pub fn kinds(rules: &RuleSet, own: &str) -> Vec<(String, String)> {
    let mut kinds = vec![
        ("cash".to_owned(), text!("budget.cash")),
        ("in_kind".to_owned(), text!("budget.in_kind")),
    ];
    kinds.extend(rules.in_kind_rates.iter().map(|rate| {
        let who = i18n::own_text(&rate.label);
        let words = match rate.unit {
            InKindUnit::Hour => text!("budget.hours_of", who = who),
            InKindUnit::Day => text!("budget.days_of", who = who),
        };
        (format!("{TIME}{}", rate.code), words)
    }));
    if !own.is_empty() && rules.in_kind_rate(own).is_none() {
        kinds.push((format!("{TIME}{own}"), text!("budget.time_unknown", code = own)));
    }
    kinds
}

/// The form of a row, as [`kinds`] name it.
pub fn kind_of(row: &ContributionRow) -> String {
    if !row.in_kind {
        "cash".to_owned()
    } else if row.rate.is_empty() {
        "in_kind".to_owned()
    } else {
        format!("{TIME}{}", row.rate)
    }
}

/// Gives a row another form. Its amount stays until time is typed beside it.
pub fn choose(row: &mut ContributionRow, kind: &str, rules: &RuleSet) {
    row.in_kind = kind != "cash";
    row.rate = kind.strip_prefix(TIME).unwrap_or_default().to_owned();
    if row.rate.is_empty() {
        row.quantity.clear();
    } else if parse(&row.quantity).is_some() {
        value(row, rules);
    }
}

/// Takes time as it is typed: the amount is what it is worth.
pub fn take(row: &mut ContributionRow, typed: String, rules: &RuleSet) {
    row.quantity = typed;
    value(row, rules);
}

fn value(row: &mut ContributionRow, rules: &RuleSet) {
    let Some(rate) = rules.in_kind_rate(&row.rate) else {
        return;
    };
    let worth = parse(&row.quantity).map_or(0, |quantity| rate.worth(quantity));
    let exponent = shared::money::exponent(&rules.currency);
    row.amount = amount::write(worth, exponent, i18n::language_now());
}

/// What one hour or day is worth, in words. Tracked.
pub fn value_words(rate: &InKindRate, currency: &str) -> String {
    let value = intl::money_short(rate.amount_minor, currency);
    match rate.unit {
        InKindUnit::Hour => text!("budget.per_hour", value = value),
        InKindUnit::Day => text!("budget.per_day", value = value),
    }
}

/// Time in words: whose, how much, at which value. Tracked.
pub fn words(rules: &RuleSet, time: &InKindTime) -> String {
    let quantity = amount::write(time.quantity_hundredths, 2, i18n::language_now());
    let Some(rate) = rules.in_kind_rate(&time.rate) else {
        let kind = text!("budget.time_unknown", code = time.rate.clone());
        return text!("budget.time_told", kind = kind, quantity = quantity);
    };
    let who = i18n::own_text(&rate.label);
    let kind = match rate.unit {
        InKindUnit::Hour => text!("budget.hours_of", who = who),
        InKindUnit::Day => text!("budget.days_of", who = who),
    };
    let value = intl::money_short(rate.amount_minor, &rules.currency);
    text!(
        "budget.time_told",
        kind = kind,
        quantity = format!("{quantity} × {value}")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_read_in_hundredths() {
        for (text, quantity) in [
            ("12,5", Some(1_250)),
            ("0.25", Some(25)),
            (" 7 ", Some(700)),
            ("", None),
            ("0", None),
            ("1,255,", None),
            ("-1", None),
            ("100000", Some(TIME_MAX)),
            ("100001", None),
        ] {
            assert_eq!(parse(text), quantity, "{text}");
        }
    }
}
