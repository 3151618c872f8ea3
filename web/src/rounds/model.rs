//! What the screens of rounds think, without a browser.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shared::language::{Language, Texts};
use shared::rounds::{CountryCap, Priority, RoundMode, RoundPairView, RoundRules, RoundView, SideRules};
use shared::scoring::Weights;

/// The orders of a result, as the API names them.
pub const SORTS: [&str; 6] = ["-total", "total", "first", "-first", "second", "-second"];
/// The filters of a result, with the names that they have in the page's address and in the API's query.
pub const FILTERS: [&str; 3] = ["state", "country", "wished"];

/// A code with a number, as it is typed: a region and its points, a country and its places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coded {
    /// The code.
    pub code: String,
    /// The number.
    pub number: u32,
}

/// Reads `UA-74 20` or `ua-74: 20`.
pub fn coded(text: &str) -> Option<Coded> {
    let (code, number) = text.trim().rsplit_once([' ', ':', '='])?;
    let code = code.trim().trim_end_matches([':', '=']).trim().to_uppercase();
    let number = number.trim().parse().ok()?;
    (2..=10).contains(&code.len()).then_some(Coded { code, number })
}

/// A side as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideSheet {
    /// Its name in the reader's language.
    pub name: String,
    /// Countries.
    pub countries: Vec<String>,
    /// Places of a member.
    pub places: String,
    /// Fewest inhabitants.
    pub population_min: String,
    /// Most inhabitants.
    pub population_max: String,
    /// Only who looks for partners.
    pub only_open: bool,
}

/// A round as it stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name in the reader's language.
    pub name: String,
    /// What it is about, in the reader's language.
    pub about: String,
    /// How it is matched.
    pub mode: RoundMode,
    /// Its sides.
    pub sides: Vec<SideSheet>,
    /// Whether two cities of one country may be matched.
    pub same_country: bool,
    /// Weights.
    pub weights: Weights,
    /// Regions with points.
    pub priorities: Vec<Coded>,
    /// Countries with places.
    pub caps: Vec<Coded>,
    /// What the lots are drawn from.
    pub seed: String,
    /// The last day for wishes.
    pub wishes_until: Option<NaiveDate>,
    /// The last day for answers.
    pub answers_until: Option<NaiveDate>,
}

impl Default for Sheet {
    fn default() -> Self {
        let side = || SideSheet {
            places: "1".to_owned(),
            ..SideSheet::default()
        };
        Self {
            name: String::new(),
            about: String::new(),
            mode: RoundMode::Stable,
            sides: vec![side(), side()],
            same_country: false,
            weights: Weights::default(),
            priorities: Vec::new(),
            caps: Vec::new(),
            seed: "1".to_owned(),
            wishes_until: None,
            answers_until: None,
        }
    }
}

fn own(texts: &Texts, language: Language) -> String {
    shared::language::text_for(texts, language)
        .unwrap_or_default()
        .to_owned()
}

/// The texts with one of them written anew; an empty one is taken away.
pub fn with_text(texts: &Texts, language: Language, text: &str) -> Texts {
    let mut texts = texts.clone();
    if text.trim().is_empty() {
        texts.remove(language.tag());
    } else {
        texts.insert(language.tag().to_owned(), text.trim().to_owned());
    }
    texts
}

fn number(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn shown(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

impl Sheet {
    /// A round that is known.
    pub fn of(round: &RoundView, language: Language) -> Self {
        let rules = &round.rules;
        let side = |side: &SideRules| SideSheet {
            name: own(&side.name, language),
            countries: side.countries.clone(),
            places: side.places.to_string(),
            population_min: shown(side.population_min),
            population_max: shown(side.population_max),
            only_open: side.only_open,
        };
        Self {
            name: own(&round.name, language),
            about: own(&round.about, language),
            mode: rules.mode,
            sides: rules.sides.iter().map(side).collect(),
            same_country: rules.same_country,
            weights: rules.weights,
            priorities: rules
                .priorities
                .iter()
                .map(|priority| Coded {
                    code: priority.region.clone(),
                    number: priority.points,
                })
                .collect(),
            caps: rules
                .caps
                .iter()
                .map(|cap| Coded {
                    code: cap.country.clone(),
                    number: cap.places,
                })
                .collect(),
            seed: rules.seed.to_string(),
            wishes_until: round.wishes_until.map(|until| until.date_naive()),
            answers_until: round.answers_until.map(|until| until.date_naive()),
        }
    }

    /// The rules that it says; what the form does not ask for stays as it was.
    pub fn rules(&self, known: Option<&RoundRules>, language: Language) -> RoundRules {
        let sides = self.sides.iter().enumerate().map(|(index, side)| {
            let before = known
                .and_then(|known| known.sides.get(index))
                .cloned()
                .unwrap_or_default();
            SideRules {
                name: with_text(&before.name, language, &side.name),
                countries: side.countries.clone(),
                // What is no number is told by the server, at its field.
                places: number(&side.places)
                    .and_then(|places| u32::try_from(places).ok())
                    .unwrap_or(0),
                population_min: number(&side.population_min),
                population_max: number(&side.population_max),
                only_open: side.only_open,
                ..before
            }
        });
        RoundRules {
            mode: self.mode,
            sides: sides.collect(),
            same_country: self.same_country,
            weights: self.weights,
            priorities: self
                .priorities
                .iter()
                .map(|row| Priority {
                    region: row.code.clone(),
                    points: row.number,
                })
                .collect(),
            caps: self
                .caps
                .iter()
                .map(|row| CountryCap {
                    country: row.code.clone(),
                    places: row.number,
                })
                .collect(),
            excluded: known.map(|known| known.excluded.clone()).unwrap_or_default(),
            seed: number(&self.seed)
                .and_then(|seed| u32::try_from(seed).ok())
                .unwrap_or(0),
        }
    }

    /// The end of the last day for wishes.
    pub fn window_end(&self) -> Option<DateTime<Utc>> {
        end_of(self.wishes_until)
    }

    /// The end of the last day for answers.
    pub fn answers_end(&self) -> Option<DateTime<Utc>> {
        end_of(self.answers_until)
    }
}

fn end_of(day: Option<NaiveDate>) -> Option<DateTime<Utc>> {
    day.and_then(|day| day.and_hms_opt(23, 59, 59)).map(|at| at.and_utc())
}

/// A result as a table for spreadsheets (RFC 4180), with the byte order mark that they look for.
pub fn table(pairs: &[RoundPairView], heads: &[String], state: impl Fn(&RoundPairView) -> String) -> String {
    let mut out = String::from('\u{feff}');
    let mut line = |cells: &[String]| out.push_str(&csv_line(cells));
    line(heads);
    for pair in pairs {
        let wish = |wish: Option<u32>| wish.map(|wish| wish.to_string()).unwrap_or_default();
        line(&[
            pair.first.name.clone(),
            pair.first.country.clone(),
            pair.second.name.clone(),
            pair.second.country.clone(),
            pair.gain_to_first.to_string(),
            pair.gain_to_second.to_string(),
            wish(pair.wish_of_first),
            wish(pair.wish_of_second),
            pair.total.map(|total| total.to_string()).unwrap_or_default(),
            state(pair),
        ]);
    }
    out
}

/// A line of a CSV file, with its end.
pub fn csv_line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A cell; what a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// How far work is, from 0 to 1; nothing while it cannot be told.
pub fn share(done: i64, of: i64) -> Option<f64> {
    (of > 0).then(|| (done as f64 / of as f64).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_its_number_is_read_as_it_is_typed() {
        let read = |code: &str, number| {
            Some(Coded {
                code: code.to_owned(),
                number,
            })
        };
        assert_eq!(coded("PL 120"), read("PL", 120));
        assert_eq!(coded(" ua-74: 20"), read("UA-74", 20));
        assert_eq!(coded("fr=3"), read("FR", 3));
        for other in ["", "PL", "PL many", "12", "x 3"] {
            assert_eq!(coded(other), None, "{other}");
        }
    }

    #[test]
    fn a_sheet_says_the_rules_that_it_was_made_of() {
        let mut sheet = Sheet::default();
        sheet.sides[0].name = "Громади".to_owned();
        sheet.sides[0].countries = vec!["UA".to_owned()];
        sheet.sides[0].population_min = "1 000".to_owned();
        sheet.caps = vec![Coded {
            code: "PL".to_owned(),
            number: 9,
        }];
        let rules = sheet.rules(None, Language::Uk);
        assert_eq!(rules.sides[0].population_min, Some(1_000));
        assert_eq!(rules.sides[0].name.get("uk").map(String::as_str), Some("Громади"));
        // Another language is written beside it.
        sheet.sides[0].name = "Communautés".to_owned();
        let again = sheet.rules(Some(&rules), Language::Fr);
        assert_eq!(again.sides[0].name.len(), 2);
        assert_eq!(again.caps[0].places, 9);
    }

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_line() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(
            quoted("Saint-Étienne, \"la ville\""),
            "\"Saint-Étienne, \"\"la ville\"\"\""
        );
    }
}
