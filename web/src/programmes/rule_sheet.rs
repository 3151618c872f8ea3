//! Funding rules as they stand in the editor: rates as they are typed, and the exact rules that they mean.

use shared::budget::{CountryGroup, CountryRate, RuleSetDraft};
use shared::language::Language;
use shared::problem::{FieldCode, FieldError};
use std::collections::BTreeSet;

/// Reads a share as people write it: `50`, `33,33 %`. Nothing typed is no rate; none where it cannot be read.
pub fn read_percent(text: &str) -> Option<Option<u32>> {
    let text = text.trim().trim_end_matches('%').trim();
    if text.is_empty() {
        return Some(None);
    }
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    Some(Some(whole.parse::<u32>().ok()? * 100 + part))
}

/// Writes a share, ready to be changed.
pub fn write_percent(bp: u32, language: Language) -> String {
    let point = if language == Language::En { '.' } else { ',' };
    match bp % 100 {
        0 => (bp / 100).to_string(),
        part => format!("{}{point}{part:02}", bp / 100).trim_end_matches('0').to_owned(),
    }
}

/// Reads the parts of an instalment: `80 + 20`.
pub fn read_parts(text: &str) -> Option<Vec<u32>> {
    text.split(['+', ';', '/'])
        .map(|part| read_percent(part).flatten())
        .collect()
}

/// Writes the parts of an instalment.
pub fn write_parts(parts: &[u32], language: Language) -> String {
    let parts: Vec<String> = parts.iter().map(|&bp| write_percent(bp, language)).collect();
    parts.join(" + ")
}

/// The rate of a group; none where nothing is paid there.
pub fn rate_of(draft: &RuleSetDraft, group: CountryGroup) -> Option<u32> {
    let rate = draft.country_rates.iter().find(|rate| rate.group == group);
    rate.map(|rate| rate.rate_bp)
}

/// The rates of the groups that have one.
pub fn country_rates(rates: &[(CountryGroup, Option<u32>)]) -> Vec<CountryRate> {
    let known = rates.iter();
    known
        .filter_map(|&(group, rate)| rate.map(|rate_bp| CountryRate { group, rate_bp }))
        .collect()
}

/// A code for something new: its name without anything that a code may not have, or its number; never one that is taken.
pub fn code_for(name: &str, number: u32, taken: &BTreeSet<String>) -> String {
    let kept: String = name
        .chars()
        .map(|sign| {
            if sign.is_ascii_alphanumeric() {
                sign.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .take(30)
        .collect();
    let kept = kept.trim_matches('_');
    let code = if kept.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        kept.to_owned()
    } else {
        format!("head_{number}")
    };
    if taken.contains(&code) {
        format!("{code}_{number}")
    } else {
        code
    }
}

/// Takes heads out of the lines of resources; a line that counted nothing else goes with them.
pub fn without_heads(draft: &mut RuleSetDraft) {
    let known: BTreeSet<&str> = draft.heads.iter().map(|head| head.code.as_str()).collect();
    draft.resource_lines.retain_mut(|line| {
        let had = !line.heads.is_empty();
        line.heads.retain(|head| known.contains(head.as_str()));
        !had || !line.heads.is_empty()
    });
}

/// The same fault for a reader who types percent.
pub fn in_percent(mut fault: FieldError) -> FieldError {
    if fault.code == FieldCode::Range && fault.pointer.ends_with("_bp") && fault.params.is_empty() {
        fault = fault.with("max", "100 %");
    }
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them() {
        for (text, share) in [
            ("", Some(None)),
            ("50", Some(Some(5_000))),
            ("33,33 %", Some(Some(3_333))),
            ("7.5%", Some(Some(750))),
            ("101", Some(Some(10_100))),
            ("-1", None),
            ("1,234", None),
            ("half", None),
            (",5", None),
        ] {
            assert_eq!(read_percent(text), share, "{text}");
        }
        for bp in [0, 1, 10, 750, 3_333, 10_000] {
            assert_eq!(read_percent(&write_percent(bp, Language::Fr)), Some(Some(bp)));
        }
        assert_eq!(write_percent(7_050, Language::En), "70.5");
    }

    #[test]
    fn instalments_are_parts_with_plus_between() {
        assert_eq!(read_parts("80 + 20"), Some(vec![8_000, 2_000]));
        assert_eq!(read_parts("100"), Some(vec![10_000]));
        assert_eq!(read_parts("80 + "), None);
        assert_eq!(write_parts(&[3_334, 6_666], Language::Uk), "33,34 + 66,66");
    }

    #[test]
    fn codes_are_made_of_names_and_never_stand_twice() {
        let taken = BTreeSet::from(["missions".to_owned()]);
        assert_eq!(code_for("Missions", 3, &taken), "missions_3");
        assert_eq!(code_for("Frais de bouche", 3, &taken), "frais_de_bouche");
        assert_eq!(code_for("Поїздки", 3, &taken), "head_3");
        assert!(shared::budget::is_code(&code_for("— 2 %", 4, &taken)));
    }
}
