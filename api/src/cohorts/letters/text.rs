//! What a letter of engagement says: the cohort's text, with the city's facts in their places. Pure.

use chrono::{Datelike, NaiveDate};
use shared::cohorts::{CohortLevel, CohortWay};
use shared::language::{Language, Texts, label_for, text_for};

/// The usual text in each language.
const USUAL: [(Language, &str); 3] = [
    (Language::Fr, include_str!("texts/fr.txt")),
    (Language::En, include_str!("texts/en.txt")),
    (Language::Uk, include_str!("texts/uk.txt")),
];

/// The usual text of a letter, with its places.
#[must_use]
pub fn usual() -> Texts {
    USUAL
        .iter()
        .map(|(language, text)| (language.tag().to_owned(), text.trim().to_owned()))
        .collect()
}

/// An official name, with what it is called in other languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The official name.
    pub name: String,
    /// Its labels by language.
    pub labels: Texts,
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFacts<'a> {
    /// The city.
    pub city: Named,
    /// The cohort's name.
    pub cohort: &'a Texts,
    /// The programme's name.
    pub programme: &'a Texts,
    /// The names of the networks that lead.
    pub networks: Vec<String>,
    /// The way in which the city comes in.
    pub way: CohortWay,
    /// The levels at which it engages itself.
    pub levels: Vec<&'a CohortLevel>,
    /// Its partner.
    pub partner: Option<Named>,
    /// The cohort's last day.
    pub closes_on: NaiveDate,
}

/// The letter in each language that its text has.
#[must_use]
pub fn filled(template: &Texts, facts: &LetterFacts<'_>) -> Texts {
    let own = template.iter().filter_map(|(tag, text)| {
        let language = Language::from_tag(tag)?;
        Some((tag.clone(), fill(text, |place| value(place, facts, language))))
    });
    own.collect()
}

/// A text with its places filled in; what is no place stays as it stands.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}');
        match place.and_then(|(place, behind)| Some((value(place)?, behind))) {
            Some((value, behind)) => {
                filled.push_str(&value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn value(place: &str, facts: &LetterFacts<'_>, language: Language) -> Option<String> {
    let own = |texts: &Texts| text_for(texts, language).unwrap_or_default().to_owned();
    let name = |of: &Named| label_for(&of.name, &of.labels, language).to_owned();
    Some(match place {
        "city" => name(&facts.city),
        "cohort" => own(facts.cohort),
        "programme" => own(facts.programme),
        "networks" => facts.networks.join(", "),
        "way" => way(facts.way, language).to_owned(),
        "levels" => {
            let levels: Vec<String> = facts
                .levels
                .iter()
                .map(|level| format!("– {}", own(&level.name)))
                .collect();
            levels.join("\n")
        }
        "partner" => match &facts.partner {
            Some(partner) => with(&name(partner), language),
            None => without(language).to_owned(),
        },
        "closing_day" => day(facts.closes_on, language),
        _ => return None,
    })
}

const fn way(way: CohortWay, language: Language) -> &'static str {
    match (way, language) {
        (CohortWay::Start, Language::Fr) => "pour amorcer un nouveau partenariat",
        (CohortWay::Start, Language::En) => "to start a new partnership",
        (CohortWay::Start, Language::Uk) => "щоб започаткувати нове партнерство",
        (CohortWay::Strengthen, Language::Fr) => "pour renforcer un partenariat existant",
        (CohortWay::Strengthen, Language::En) => "to strengthen an existing partnership",
        (CohortWay::Strengthen, Language::Uk) => "щоб зміцнити наявне партнерство",
    }
}

fn with(partner: &str, language: Language) -> String {
    match language {
        Language::Fr => format!("avec pour partenaire {partner}"),
        Language::En => format!("with {partner} as its partner"),
        Language::Uk => format!("разом із партнером ({partner})"),
    }
}

const fn without(language: Language) -> &'static str {
    match language {
        Language::Fr => "sans partenaire étranger à ce jour",
        Language::En => "without a partner in another country so far",
        Language::Uk => "наразі без закордонного партнера",
    }
}

/// The months as they stand behind a day, from January on.
const MONTHS: [[&str; 12]; 3] = [
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
];

fn day(day: NaiveDate, language: Language) -> String {
    let months = match language {
        Language::Fr => &MONTHS[0],
        Language::En => &MONTHS[1],
        Language::Uk => &MONTHS[2],
    };
    let month = months[day.month0() as usize];
    match (language, day.day()) {
        (Language::Fr, 1) => format!("1er {month} {}", day.year()),
        (Language::Uk, number) => format!("{number} {month} {} року", day.year()),
        (Language::Fr | Language::En, number) => format!("{number} {month} {}", day.year()),
    }
}

#[cfg(test)]
mod tests {
    use shared::cohorts::unknown_places;

    use super::*;

    fn texts(all: &[(&str, &str)]) -> Texts {
        all.iter()
            .map(|&(tag, text)| (tag.to_owned(), text.to_owned()))
            .collect()
    }

    #[test]
    fn the_usual_letter_names_all_that_is_promised_in_three_languages() {
        let levels = [CohortLevel {
            key: "network".to_owned(),
            name: texts(&[("fr", "Intégrer un réseau"), ("uk", "Приєднатися до мережі")]),
            about: Texts::new(),
        }];
        let name = texts(&[("fr", "INSPIRE")]);
        let mut facts = LetterFacts {
            city: Named {
                name: "Кременчук".to_owned(),
                labels: texts(&[("fr", "Krementchouk")]),
            },
            cohort: &name,
            programme: &name,
            networks: vec!["Lianes coopération".to_owned(), "SO Coopération".to_owned()],
            way: CohortWay::Start,
            levels: levels.iter().collect(),
            partner: None,
            closes_on: NaiveDate::from_ymd_opt(2022, 10, 1).unwrap_or_default(),
        };
        let letter = filled(&usual(), &facts);
        assert_eq!(letter.keys().collect::<Vec<_>>(), ["en", "fr", "uk"]);
        assert!(letter.values().all(|text| !text.contains(['{', '}'])), "{letter:?}");
        let french = &letter["fr"];
        for part in [
            "Krementchouk s’engage dans le programme, pour amorcer un nouveau partenariat, sans partenaire étranger à ce jour.",
            "– Intégrer un réseau",
            "Lianes coopération, SO Coopération",
            "le 1er octobre 2022",
        ] {
            assert!(french.contains(part), "{part} is not in {french}");
        }
        assert!(letter["uk"].contains("1 жовтня 2022 року") && letter["uk"].contains("– Приєднатися до мережі"));
        // A language that the level does not have falls back, and with a partner the letter names it.
        facts.partner = Some(Named {
            name: "Goris".to_owned(),
            labels: Texts::new(),
        });
        let english = &filled(&usual(), &facts)["en"];
        assert!(english.contains("with Goris as its partner") && english.contains("– Intégrer un réseau"));
    }

    #[test]
    fn the_usual_text_has_only_known_places_and_braces_of_names_are_left_alone() {
        assert!(usual().values().all(|text| unknown_places(text).is_empty()));
        assert_eq!(
            fill("{a} and {b", |place| (place == "a").then(|| "{b}".to_owned())),
            "{b} and {b"
        );
    }
}
