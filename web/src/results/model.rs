//! What the screens of results compute: the line of measures against the target, and numbers as people type them.

use chrono::NaiveDate;
use shared::problem::{FieldCode, FieldError};
use shared::results::{Evidence, Measure, ResultDraft};
use shared::themes::Theme;

/// The size of the drawing.
pub const WIDTH: i32 = 240;
/// Its height, without the rim.
pub const HEIGHT: i32 = 56;
/// The rim around the line, so that points are not cut.
pub const RIM: i32 = 6;

/// A line of measures, in whole units of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The points, the earliest first.
    pub points: Vec<(i32, i32)>,
    /// The height of the baseline.
    pub baseline: i32,
    /// The height of the target.
    pub target: i32,
}

/// Draws measures between the lowest and the highest of all values; days from left to right.
pub fn line(baseline: f64, target: f64, measures: &[Measure]) -> Line {
    let values = measures.iter().map(|measure| measure.value).chain([baseline, target]);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let range = if high > low { high - low } else { 1.0 };
    let height = |value: f64| RIM + ((high - value) / range * f64::from(HEIGHT)).round() as i32;
    let first = measures.first().map(|measure| measure.measured_on);
    let last = measures.last().map(|measure| measure.measured_on);
    let days = match first.zip(last) {
        Some((first, last)) => ((last - first).num_days() as f64).max(1.0),
        None => 1.0,
    };
    let across = |day: NaiveDate| {
        let since = first.map_or(0, |first| (day - first).num_days()) as f64;
        RIM + (since / days * f64::from(WIDTH)).round() as i32
    };
    Line {
        points: measures
            .iter()
            .map(|measure| (across(measure.measured_on), height(measure.value)))
            .collect(),
        baseline: height(baseline),
        target: height(target),
    }
}

/// The points as SVG has them.
pub fn points(line: &Line) -> String {
    let told = line.points.iter().map(|(x, y)| format!("{x},{y}"));
    told.collect::<Vec<_>>().join(" ")
}

/// A number as people type it: a comma or a point, spaces between groups.
pub fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '\u{202f}' | '\u{a0}'))
        .map(|sign| if sign == ',' { '.' } else { sign })
        .collect();
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// A number as the form shows it.
pub fn typed(value: f64) -> String {
    value.to_string()
}

/// What stands in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The theme's slug.
    pub theme: String,
    /// What is achieved.
    pub title: String,
    /// More about it.
    pub about: String,
    /// Goals, as numbers.
    pub sdgs: Vec<String>,
    /// Whether a document shows it.
    pub is_document: bool,
    /// The indicator's unit.
    pub unit: String,
    /// Where it began.
    pub baseline: String,
    /// Where it is to go.
    pub target: String,
    /// The document's title.
    pub document: String,
    /// Where it is read.
    pub url: String,
    /// Its date.
    pub dated_on: String,
    /// Who wrote it.
    pub author: String,
}

impl Sheet {
    /// What a result says.
    pub fn of(result: &shared::results::ResultView) -> Sheet {
        let mut sheet = Sheet {
            theme: result.theme.slug().to_owned(),
            title: result.title.clone(),
            about: result.about.clone(),
            sdgs: result.sdgs.iter().map(u8::to_string).collect(),
            ..Sheet::default()
        };
        match &result.evidence {
            Evidence::Indicator { unit, baseline, target } => {
                sheet.unit.clone_from(unit);
                sheet.baseline = typed(*baseline);
                sheet.target = typed(*target);
            }
            Evidence::Document {
                title,
                url,
                dated_on,
                author,
            } => {
                sheet.is_document = true;
                sheet.document.clone_from(title);
                sheet.url.clone_from(url);
                sheet.dated_on = dated_on.to_string();
                sheet.author.clone_from(author);
            }
        }
        sheet
    }

    /// The result to be.
    ///
    /// # Errors
    /// The fields that cannot be meant.
    pub fn draft(&self) -> Result<ResultDraft, Vec<FieldError>> {
        let theme = Theme::from_slug(&self.theme);
        let mut faults = Vec::new();
        if theme.is_none() {
            faults.push(FieldError::new("/theme", FieldCode::Required));
        }
        if self.title.is_empty() {
            faults.push(FieldError::new("/title", FieldCode::Required));
        }
        let evidence = self.evidence();
        match (theme, evidence) {
            (Some(theme), Ok(evidence)) if faults.is_empty() => Ok(ResultDraft {
                theme,
                title: self.title.clone(),
                about: self.about.clone(),
                sdgs: self.sdgs.iter().filter_map(|sdg| sdg.parse().ok()).collect(),
                evidence,
            }),
            (_, evidence) => {
                faults.extend(evidence.err().unwrap_or_default());
                Err(faults)
            }
        }
    }

    fn evidence(&self) -> Result<Evidence, Vec<FieldError>> {
        let fault = |pointer: &str, text: &str| {
            let code = if text.is_empty() {
                FieldCode::Required
            } else {
                FieldCode::Format
            };
            FieldError::new(pointer, code)
        };
        if self.is_document {
            match shared::time::parse_day(&self.dated_on) {
                Some(dated_on) => Ok(Evidence::Document {
                    title: self.document.clone(),
                    url: self.url.clone(),
                    dated_on,
                    author: self.author.clone(),
                }),
                None => Err(vec![fault("/evidence/dated_on", &self.dated_on)]),
            }
        } else {
            match (number(&self.baseline), number(&self.target)) {
                (Some(baseline), Some(target)) => Ok(Evidence::Indicator {
                    unit: self.unit.clone(),
                    baseline,
                    target,
                }),
                (baseline, target) => {
                    let told = [
                        ("/evidence/baseline", &self.baseline, baseline),
                        ("/evidence/target", &self.target, target),
                    ];
                    let missing = told.into_iter().filter(|(_, _, value)| value.is_none());
                    Err(missing.map(|(pointer, text, _)| fault(pointer, text)).collect())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(day: &str, value: f64) -> Measure {
        Measure {
            measured_on: day.parse().unwrap(),
            value,
            author: "Test".into(),
        }
    }

    #[test]
    fn a_line_goes_from_left_to_right_and_its_target_lies_where_it_should() {
        let drawn = line(0.0, 100.0, &[measure("2026-01-01", 0.0), measure("2026-01-11", 50.0)]);
        assert_eq!(drawn.points, [(RIM, RIM + HEIGHT), (RIM + WIDTH, RIM + HEIGHT / 2)]);
        assert_eq!((drawn.baseline, drawn.target), (RIM + HEIGHT, RIM));
        // Less is better: the target lies below.
        let down = line(100.0, 60.0, &[measure("2026-01-01", 80.0)]);
        assert!(down.target > down.baseline);
        assert_eq!(line(1.0, 1.0, &[]).points, []);
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(number("1 234,5"), Some(1234.5));
        assert_eq!(number("-3.25"), Some(-3.25));
        assert_eq!(number("many"), None);
        assert_eq!(number("inf"), None);
    }
}
