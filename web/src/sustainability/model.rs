//! What the screens of a plan think, without a browser.

use shared::problem::FieldError;
use shared::sustainability::{COMMITMENTS_MAX, PlanCommitment, PlanPart, PlanPartName, SustainabilityPlanDraft};
use shared::time::parse_day;

/// A commitment as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: String,
    /// By when.
    pub due_on: String,
}

impl Row {
    /// Whether nothing is typed in it.
    pub fn is_empty(&self) -> bool {
        self.what.is_empty() && self.who.is_empty() && self.due_on.is_empty()
    }
}

/// A part as it is typed, with the places of the rows that are sent.
pub fn part(text: String, rows: &[Row]) -> (PlanPart, Vec<usize>) {
    let told = rows.iter().enumerate().filter(|(_, row)| !row.is_empty());
    let (places, commitments) = told
        .map(|(place, row)| {
            let commitment = PlanCommitment {
                what: row.what.clone(),
                who: row.who.clone(),
                due_on: parse_day(&row.due_on),
            };
            (place, commitment)
        })
        .unzip();
    (PlanPart { text, commitments }, places)
}

/// Rows that a form offers for a part: what is known, and room for more.
pub fn slots(known: usize) -> usize {
    (known + 6).min(COMMITMENTS_MAX)
}

/// Errors of what was sent, told at the rows that were typed: empty rows between were left out.
pub fn told_at_rows(errors: &mut [FieldError], sent: &[(PlanPartName, Vec<usize>)]) {
    for error in errors {
        for (name, places) in sent {
            let before = format!("/{}/commitments/", name.code());
            let Some((index, rest)) = error
                .pointer
                .strip_prefix(&before)
                .and_then(|rest| rest.split_once('/'))
            else {
                continue;
            };
            if let Some(place) = index.parse::<usize>().ok().and_then(|index| places.get(index)) {
                error.pointer = format!("{before}{place}/{rest}");
                break;
            }
        }
    }
}

/// A part of a plan by its name.
pub fn of(plan: &SustainabilityPlanDraft, name: PlanPartName) -> &PlanPart {
    match name {
        PlanPartName::Cities => &plan.cities,
        PlanPartName::Delegation => &plan.delegation,
        PlanPartName::Headquarters => &plan.headquarters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::problem::FieldCode;

    fn row(what: &str) -> Row {
        Row {
            what: what.to_owned(),
            ..Row::default()
        }
    }

    #[test]
    fn empty_rows_are_left_out_and_errors_find_theirs() {
        let (part, places) = part(String::new(), &[row("a"), row(""), row("b")]);
        assert_eq!((part.commitments.len(), &places), (2, &vec![0, 2]));
        let mut errors = [
            FieldError::new("/cities/commitments/1/who", FieldCode::Required),
            FieldError::new("/cities/text", FieldCode::Length),
        ];
        told_at_rows(&mut errors, &[(PlanPartName::Cities, places)]);
        assert_eq!(errors[0].pointer, "/cities/commitments/2/who");
        assert_eq!(errors[1].pointer, "/cities/text");
    }

    #[test]
    fn a_form_offers_room_up_to_the_most() {
        assert_eq!([slots(0), slots(4), slots(20)], [6, 10, 20]);
    }
}
