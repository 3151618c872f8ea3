//! What the screens of self-assessment think, without a browser.

use shared::assessments::{AssessmentSide, AssessmentYear, Principle, PrincipleScore, SCORE_MAX, SCORE_MIN};

/// The letter that marks a side in the chart.
pub fn mark(index: usize) -> String {
    char::from(b'A' + u8::try_from(index % 26).unwrap_or_default()).to_string()
}

/// A side whose scores are there to be read, with its mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Judge {
    /// Its place among all sides.
    pub index: usize,
    /// The side.
    pub side: AssessmentSide,
}

impl Judge {
    /// Its score of a principle.
    pub fn score(&self, principle: Principle) -> Option<&PrincipleScore> {
        self.side.scores.iter().find(|score| score.principle == principle)
    }
}

/// The sides whose scores the reader sees: what is filed, and one's own draft.
pub fn judges(year: &AssessmentYear) -> Vec<Judge> {
    let sides = year.sides.iter().cloned().enumerate();
    sides
        .filter(|(_, side)| side.scores.iter().any(|score| score.value.is_some()))
        .map(|(index, side)| Judge { index, side })
        .collect()
}

/// How many of the scores are whole: with what shows them.
pub fn done(scores: &[(Option<u8>, bool)]) -> usize {
    scores.iter().filter(|(value, shown)| value.is_some() && *shown).count()
}

/// Where a score stands on a line from the lowest to the highest, in whole percent: with room for a mark at both ends.
pub fn place(value: u8) -> u32 {
    let (value, min, max) = (u32::from(value), u32::from(SCORE_MIN), u32::from(SCORE_MAX));
    6 + (value.clamp(min, max) - min) * 88 / (max - min)
}

/// The marks on a line: each value with the sides that gave it, the lowest first.
pub fn stands(judges: &[Judge], principle: Principle) -> Vec<(u8, Vec<usize>)> {
    (SCORE_MIN..=SCORE_MAX)
        .filter_map(|value| {
            let here = judges
                .iter()
                .filter(|judge| judge.score(principle).and_then(|score| score.value) == Some(value));
            let here: Vec<usize> = here.map(|judge| judge.index).collect();
            (!here.is_empty()).then_some((value, here))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(index: usize, value: u8) -> Judge {
        let side = serde_json::json!({
            "city_id": "01980a5c-7c00-7000-8000-000000000001", "city_name": "Grenoble", "city_labels": {},
            "has_filed": true, "filed_at": null, "assessment_id": null, "state": null, "can_begin": false,
            "scores": [{ "principle": "financing", "value": value, "evidence": "x" }],
        });
        Judge {
            index,
            side: serde_json::from_value(side).unwrap(),
        }
    }

    #[test]
    fn equal_scores_stand_together() {
        let judges = [judge(0, 4), judge(1, 2), judge(2, 4)];
        assert_eq!(stands(&judges, Principle::Financing), [(2, vec![1]), (4, vec![0, 2])]);
        assert!(stands(&judges, Principle::Digitalisation).is_empty());
    }

    #[test]
    fn the_line_has_room_at_both_ends() {
        assert_eq!([place(1), place(3), place(5)], [6, 50, 94]);
        assert_eq!([mark(0), mark(2)], ["A", "C"]);
    }

    #[test]
    fn a_score_without_what_shows_it_is_not_done() {
        assert_eq!(done(&[(Some(3), true), (Some(2), false), (None, true)]), 1);
    }
}
