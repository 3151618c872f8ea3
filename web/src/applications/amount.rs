//! Amounts as people type them, in major units; inside they are exact integers in minor units.

use shared::language::Language;
use shared::money::AMOUNT_MAX;

/// Reads an amount: spaces group, a comma or a point does either. Nothing is zero; what cannot be meant is nothing.
///
/// The last sign decides: as many digits behind it as the currency has are its minor units, three are a group.
pub fn parse(text: &str, exponent: u32) -> Option<i64> {
    let text: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '\'' | '’' | '\u{202f}' | '\u{a0}'))
        .collect();
    if text.is_empty() {
        return Some(0);
    }
    if !text
        .chars()
        .all(|sign| sign.is_ascii_digit() || matches!(sign, ',' | '.'))
    {
        return None;
    }
    let (whole, minor) = match text.rfind([',', '.']) {
        None => (text.as_str(), ""),
        Some(at) => {
            let (before, after) = (&text[..at], &text[at + 1..]);
            let sign = &text[at..=at];
            let places = after.len() as u32;
            if places <= exponent && !before.contains(sign) {
                (before, after)
            } else if places == 3 {
                (text.as_str(), "")
            } else {
                return None;
            }
        }
    };
    let mut groups = whole.split([',', '.']);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.push_str(minor);
    for _ in minor.len() as u32..exponent {
        digits.push('0');
    }
    digits.parse().ok().filter(|amount| (0..=AMOUNT_MAX).contains(amount))
}

/// Writes an amount as the language does, ready to be changed; without minor units where there are none.
pub fn write(amount_minor: i64, exponent: u32, language: Language) -> String {
    if amount_minor == 0 {
        return String::new();
    }
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::Fr | Language::Uk => ('\u{202f}', ','),
    };
    let unit = 10i64.pow(exponent);
    let whole = (amount_minor / unit).to_string();
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    let minor = amount_minor % unit;
    if minor > 0 {
        out.push(point);
        out.push_str(&format!("{minor:0width$}", width = exponent as usize));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, amount) in [
            ("", Some(0)),
            ("12345", Some(1_234_500)),
            ("12 345,5", Some(1_234_550)),
            ("12\u{202f}345,50", Some(1_234_550)),
            ("12,345.50", Some(1_234_550)),
            ("12.345,50", Some(1_234_550)),
            ("1.234", Some(123_400)),
            ("1.234.567", Some(123_456_700)),
            ("0,01", Some(1)),
            (",5", Some(50)),
            ("12,", Some(1_200)),
            ("1,2345", None),
            ("12,34,5", None),
            ("1234,567", None),
            ("12 €", None),
            ("-1", None),
            ("abc", None),
            ("9999999999999999", None),
        ] {
            assert_eq!(parse(text, 2), amount, "{text}");
        }
        assert_eq!(parse("1,234", 0), Some(1_234));
        assert_eq!(parse("1,5", 0), None);
        assert_eq!(parse("1,234", 3), Some(1_234));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for amount in [1, 50, 100, 99_999, 100_000, 123_456_789, AMOUNT_MAX] {
            for language in Language::ALL {
                for exponent in [0, 2, 3] {
                    assert_eq!(
                        parse(&write(amount, exponent, language), exponent),
                        Some(amount),
                        "{amount} {exponent} {language:?}"
                    );
                }
            }
        }
        assert_eq!(write(1_234_500, 2, Language::En), "12,345");
        assert_eq!(write(1_234_550, 2, Language::Uk), "12\u{202f}345,50");
    }
}
