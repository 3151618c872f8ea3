//! Exact money: integer minor units and a currency; rates in basis points.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// One hundred percent, in basis points.
pub const FULL_BP: u32 = 10_000;
/// The largest amount that is accepted, in minor units: a thousand billion euros, far below overflow.
pub const AMOUNT_MAX: i64 = 100_000_000_000_000;

/// An amount in minor units of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: cents for EUR.
    #[cfg_attr(feature = "openapi", schema(example = 1250000))]
    pub amount_minor: i64,
    /// ISO 4217.
    #[cfg_attr(feature = "openapi", schema(example = "EUR"))]
    pub currency: String,
}

/// Digits after the decimal sign in a currency (ISO 4217 exponents other than 2).
#[must_use]
pub fn exponent(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// An amount in words of a text: `40 000 EUR`, `40,000.50 EUR`; decimals only where there are some.
#[must_use]
pub fn words(amount_minor: i64, currency: &str, language: Language) -> String {
    let (group, point) = match language {
        Language::Fr => ('\u{202f}', ','),
        Language::Uk => ('\u{a0}', ','),
        Language::En => (',', '.'),
    };
    let digits = exponent(currency);
    let unit = 10_u64.pow(digits);
    let (whole, rest) = (amount_minor.unsigned_abs() / unit, amount_minor.unsigned_abs() % unit);
    let mut words = String::new();
    if amount_minor < 0 {
        words.push('−');
    }
    let plain = whole.to_string();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            words.push(group);
        }
        words.push(digit);
    }
    if rest > 0 {
        words.push(point);
        words.push_str(&format!("{rest:0width$}", width = digits as usize));
    }
    words.push('\u{a0}');
    words.push_str(currency);
    words
}

/// `rate_bp` of `amount`, rounded down: a ceiling is never passed by rounding.
#[must_use]
pub fn share(amount: i64, rate_bp: u32) -> i64 {
    i64::try_from(i128::from(amount) * i128::from(rate_bp) / i128::from(FULL_BP)).unwrap_or(i64::MAX)
}

/// Splits `amount` in proportion to `weights` by largest remainder: the parts add up to `amount` exactly, and ties go
/// to the first. All-zero weights give everything to the first.
#[must_use]
pub fn split(amount: i64, weights: &[i64]) -> Vec<i64> {
    let total: i128 = weights.iter().map(|&weight| i128::from(weight.max(0))).sum();
    if weights.is_empty() {
        return Vec::new();
    }
    if total == 0 {
        let mut parts = vec![0; weights.len()];
        parts[0] = amount;
        return parts;
    }
    let exact = |weight: i64| i128::from(amount) * i128::from(weight.max(0));
    let mut parts: Vec<i64> = weights
        .iter()
        .map(|&weight| i64::try_from(exact(weight).div_euclid(total)).unwrap_or(0))
        .collect();
    let rest = amount - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(exact(weights[index]).rem_euclid(total)));
    for &index in order.iter().take(usize::try_from(rest).unwrap_or(0)) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_of_an_amount_are_those_of_the_language() {
        assert_eq!(words(4_000_000, "EUR", Language::Fr), "40\u{202f}000\u{a0}EUR");
        assert_eq!(words(123_456_705, "EUR", Language::En), "1,234,567.05\u{a0}EUR");
        assert_eq!(words(999, "JPY", Language::Uk), "999\u{a0}JPY");
        assert_eq!(words(-1_000_500, "TND", Language::Uk), "−1\u{a0}000,500\u{a0}TND");
    }

    #[test]
    fn a_euro_in_three_parts_loses_no_cent() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(5, &[0, 0]), [5, 0]);
        assert_eq!(exponent("TND"), 3);
    }

    proptest! {
        #[test]
        fn parts_add_up(amount in 0..AMOUNT_MAX, weights in prop::collection::vec(0..AMOUNT_MAX, 1..20)) {
            prop_assert_eq!(split(amount, &weights).iter().sum::<i64>(), amount);
        }

        #[test]
        fn a_share_never_passes_its_rate(amount in 0..AMOUNT_MAX, rate in 0..=FULL_BP) {
            prop_assert!(i128::from(share(amount, rate)) * i128::from(FULL_BP) <= i128::from(amount) * i128::from(rate));
        }
    }
}
