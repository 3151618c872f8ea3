//! What is wrong with what the officers say of a round.

use chrono::{DateTime, Utc};

use super::{CAP_MAX, PLACES_MAX, PRIORITY_MAX, RULES_MAX, RoundDraft, RoundMode, RoundPatch, RoundRules, SideRules};
use crate::cities::POPULATION_MAX;
use crate::countries::is_country;
use crate::problem::{FieldCode, FieldError};
use crate::programmes::{TEXT_MAX, TITLE_MAX, text_faults};

impl RoundDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = text_faults("/name", &self.name, TITLE_MAX, true);
        faults.extend(text_faults("/about", &self.about, TEXT_MAX, false));
        faults.extend(self.rules.faults());
        faults.extend(end_faults(self.wishes_until, self.answers_until));
        faults
    }
}

/// What is wrong with the ends of wishes and of answers: nobody answers before wishing is over.
#[must_use]
pub fn end_faults(wishes: Option<DateTime<Utc>>, answers: Option<DateTime<Utc>>) -> Vec<FieldError> {
    let wrong = wishes.zip(answers).is_some_and(|(wishes, answers)| answers <= wishes);
    Vec::from_iter(wrong.then(|| FieldError::new("/answers_until", FieldCode::Inconsistent)))
}

impl RoundPatch {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if let Some(name) = &self.name {
            faults.extend(text_faults("/name", name, TITLE_MAX, true));
        }
        if let Some(about) = &self.about {
            faults.extend(text_faults("/about", about, TEXT_MAX, false));
        }
        faults.extend(self.rules.iter().flat_map(RoundRules::faults));
        faults
    }
}

impl RoundRules {
    /// What is wrong with them.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if !(1..=2).contains(&self.sides.len()) {
            faults.push(
                FieldError::new("/rules/sides", FieldCode::Length)
                    .with("min", 1)
                    .with("max", 2),
            );
        }
        // Matching any with any for the most cities is another problem, which nobody has asked for yet.
        if self.mode == RoundMode::Maximum && self.sides.len() != 2 {
            faults.push(FieldError::new("/rules/mode", FieldCode::Inconsistent));
        }
        for (index, side) in self.sides.iter().enumerate() {
            faults.extend(side.faults(&format!("/rules/sides/{index}")));
        }
        for (pointer, length) in [
            ("/rules/priorities", self.priorities.len()),
            ("/rules/caps", self.caps.len()),
            ("/rules/excluded", self.excluded.len()),
        ] {
            if length > RULES_MAX {
                faults.push(FieldError::new(pointer, FieldCode::Length).with("max", RULES_MAX));
            }
        }
        for (index, priority) in self.priorities.iter().enumerate() {
            let at = |field: &str| format!("/rules/priorities/{index}/{field}");
            let country = priority.region.split('-').next().unwrap_or_default();
            if !is_country(country) || priority.region.len() > 10 {
                faults.push(FieldError::new(at("region"), FieldCode::Choice));
            }
            if !(1..=PRIORITY_MAX).contains(&priority.points) {
                faults.push(
                    FieldError::new(at("points"), FieldCode::Range)
                        .with("min", 1)
                        .with("max", PRIORITY_MAX),
                );
            }
        }
        for (index, cap) in self.caps.iter().enumerate() {
            let at = |field: &str| format!("/rules/caps/{index}/{field}");
            if !is_country(&cap.country) {
                faults.push(FieldError::new(at("country"), FieldCode::Choice));
            }
            if self.caps[..index].iter().any(|other| other.country == cap.country) {
                faults.push(FieldError::new(at("country"), FieldCode::Duplicate));
            }
            if cap.places > CAP_MAX {
                faults.push(FieldError::new(at("places"), FieldCode::Range).with("max", CAP_MAX));
            }
        }
        for (index, [a, b]) in self.excluded.iter().enumerate() {
            if a == b {
                faults.push(FieldError::new(
                    format!("/rules/excluded/{index}"),
                    FieldCode::Inconsistent,
                ));
            }
        }
        faults
    }
}

impl SideRules {
    fn faults(&self, pointer: &str) -> Vec<FieldError> {
        let mut faults = text_faults(&format!("{pointer}/name"), &self.name, TITLE_MAX, true);
        let unknown = self
            .countries
            .iter()
            .enumerate()
            .filter(|(_, country)| !is_country(country));
        faults.extend(
            unknown.map(|(index, _)| FieldError::new(format!("{pointer}/countries/{index}"), FieldCode::Choice)),
        );
        for (field, bound) in [
            ("population_min", self.population_min),
            ("population_max", self.population_max),
        ] {
            if bound.is_some_and(|bound| !(0..=POPULATION_MAX).contains(&bound)) {
                faults.push(
                    FieldError::new(format!("{pointer}/{field}"), FieldCode::Range)
                        .with("min", 0)
                        .with("max", POPULATION_MAX),
                );
            }
        }
        if self
            .population_min
            .zip(self.population_max)
            .is_some_and(|(min, max)| min > max)
        {
            faults.push(FieldError::new(
                format!("{pointer}/population_max"),
                FieldCode::Inconsistent,
            ));
        }
        if !(1..=PLACES_MAX).contains(&self.places) {
            faults.push(
                FieldError::new(format!("{pointer}/places"), FieldCode::Range)
                    .with("min", 1)
                    .with("max", PLACES_MAX),
            );
        }
        faults
    }
}
