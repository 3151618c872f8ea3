//! What a result must be. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use shared::problem::{FieldCode, FieldError};
use shared::results::{AUTHOR_MAX, Evidence, MEASURES_MAX, Measure, TITLE_MAX, UNIT_MAX, URL_MAX, VALUE_MAX};
use url::Url;

use super::store::Achieved;

/// What is wrong with a result.
#[must_use]
pub fn result(of: &Achieved) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if of.title.is_empty() {
        faults.push(FieldError::new("/title", FieldCode::Required));
    }
    let mut seen = HashSet::new();
    for (index, sdg) in of.sdgs.iter().enumerate() {
        let pointer = format!("/sdgs/{index}");
        if !(1..=17).contains(sdg) {
            faults.push(
                FieldError::new(pointer, FieldCode::Range)
                    .with("min", 1)
                    .with("max", 17),
            );
        } else if !seen.insert(*sdg) {
            faults.push(FieldError::new(pointer, FieldCode::Duplicate));
        }
    }
    faults.extend(evidence(&of.evidence));
    faults
}

fn evidence(evidence: &Evidence) -> Vec<FieldError> {
    match evidence {
        Evidence::Indicator { unit, baseline, target } => {
            let mut faults = words("/evidence/unit", unit, UNIT_MAX);
            for (pointer, value) in [("/evidence/baseline", baseline), ("/evidence/target", target)] {
                faults.extend(number(pointer, *value));
            }
            if baseline == target {
                faults.push(FieldError::new("/evidence/target", FieldCode::Inconsistent));
            }
            faults
        }
        Evidence::Document { title, url, author, .. } => {
            let mut faults = words("/evidence/title", title, TITLE_MAX);
            faults.extend(words("/evidence/url", url, URL_MAX));
            faults.extend(words("/evidence/author", author, AUTHOR_MAX));
            // Nobody is led to what a browser would run, or read without protection.
            let is_web = Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.has_host());
            if faults.is_empty() && !is_web {
                faults.push(FieldError::new("/evidence/url", FieldCode::Format));
            }
            faults
        }
    }
}

fn words(pointer: &str, text: &str, max: u64) -> Vec<FieldError> {
    let count = text.chars().count() as u64;
    if text.trim().is_empty() {
        vec![FieldError::new(pointer, FieldCode::Required)]
    } else if count > max {
        vec![
            FieldError::new(pointer, FieldCode::Length)
                .with("min", 1)
                .with("max", max),
        ]
    } else {
        Vec::new()
    }
}

fn number(pointer: &str, value: f64) -> Option<FieldError> {
    let fits = value.is_finite() && value.abs() <= VALUE_MAX;
    (!fits).then(|| {
        FieldError::new(pointer, FieldCode::Range)
            .with("min", -VALUE_MAX)
            .with("max", VALUE_MAX)
    })
}

/// What is wrong with a measure: nothing is measured before its day, nor without an end.
#[must_use]
pub fn measure(measure: &Measure, known: &[Measure], today: NaiveDate) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if measure.measured_on > today {
        faults.push(FieldError::new("/measured_on", FieldCode::Range).with("max", today));
    }
    if measure.author.trim().is_empty() {
        faults.push(FieldError::new("/author", FieldCode::Required));
    }
    let corrects = known.iter().any(|other| other.measured_on == measure.measured_on);
    if !corrects && known.len() >= MEASURES_MAX {
        faults.push(FieldError::new("", FieldCode::Length).with("max", MEASURES_MAX));
    }
    faults
}
