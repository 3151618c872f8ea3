//! The call of the demonstration that is under review: criteria, files that were handed in, reviewers who have begun.
//!
//! Dates, sums and sheets are made up; the funding rules are those of 2025.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use chrono_tz::Europe::Paris;
use serde_json::json;
use shared::audit::Resource;
use shared::budget::{Budget, ContributionKind};
use shared::programmes::{CallState, CallWindow};
use shared::reviews::{CriterionScore, ReviewCriterion, ReviewPlan, ReviewState, ScoreSheet, tally};
use shared::themes::Theme;

use super::files::{CLERMONT, Cities, GORIS, GRENOBLE, KREMENCHUK, SEVAN, VIENNE, answers, known, line, parties};
use super::files::{pays, sign_and_hand_in};
use super::{MEAE, texts, window};
use crate::accounts::store as accounts;
use crate::applications::store::ApplicationRecord;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::programmes::calls::store::{CallScope, list_calls};
use crate::programmes::{self, CallRecord};
use crate::reviews::store::{self as reviews, FileRow, ReviewRecord, Reviewer};

/// What the call pays out, in cents.
pub(super) const ENVELOPE: i64 = 18_000_000;

/// A window that closed some days ago.
pub(super) fn past_window(now: DateTime<Utc>) -> CallWindow {
    let today = now.with_timezone(&Paris).date_naive();
    window(today - Days::new(70), today - Days::new(10), 300)
}

fn criterion(key: &str, weight: u32, label: [&str; 3]) -> ReviewCriterion {
    ReviewCriterion {
        key: key.to_owned(),
        label: texts(label[0], label[1], label[2]),
        weight,
        scale_min: 0,
        scale_max: 5,
    }
}

/// What the files are judged by.
pub(super) fn plan() -> ReviewPlan {
    ReviewPlan {
        criteria: vec![
            criterion(
                "relevance",
                30,
                [
                    "Pertinence face aux besoins du territoire partenaire",
                    "Relevance to the needs of the partner territory",
                    "Відповідність потребам території-партнера",
                ],
            ),
            criterion(
                "partnership",
                25,
                [
                    "Qualité du partenariat et réciprocité",
                    "Quality of the partnership and reciprocity",
                    "Якість партнерства та взаємність",
                ],
            ),
            criterion(
                "method",
                20,
                [
                    "Clarté des activités et du calendrier",
                    "Clarity of activities and calendar",
                    "Чіткість заходів і календаря",
                ],
            ),
            criterion(
                "budget",
                15,
                ["Réalisme du budget", "Realism of the budget", "Реалістичність бюджету"],
            ),
            criterion(
                "afterwards",
                10,
                [
                    "Ce qui restera après le projet",
                    "What remains after the project",
                    "Що залишиться після проєкту",
                ],
            ),
        ],
        blind: false,
        reviewers_per_file: 2,
    }
}

/// What a file of the call says in short: its cities, its title, what it does and what it asks for, in euros.
pub(super) struct Told {
    pub(super) title: &'static str,
    pub(super) cities: [(&'static str, &'static str); 2],
    pub(super) country: &'static str,
    pub(super) themes: &'static [Theme],
    pub(super) aim: &'static str,
    pub(super) head: &'static str,
    pub(super) cost: i64,
    pub(super) asked: i64,
}

const FILES: [Told; 6] = [
    Told {
        title: "Grenoble – Sevan : l'eau du lac, un bien commun",
        cities: [GRENOBLE, SEVAN],
        country: "AM",
        themes: &[Theme::WaterAndWaste, Theme::Climate],
        aim: "Suivre la qualité de l'eau du lac Sevan avec les services des deux villes, et former douze agents.",
        head: "training",
        cost: 120_000,
        asked: 60_000,
    },
    Told {
        title: "Vienne – Goris : un patrimoine qui se visite",
        cities: [VIENNE, GORIS],
        country: "AM",
        themes: &[Theme::Culture, Theme::LocalEconomy],
        aim: "Ouvrir un parcours dans le vieux Goris, avec des guides formés à Vienne.",
        head: "missions",
        cost: 60_000,
        asked: 30_000,
    },
    Told {
        title: "Grenoble – Goris : des écoles qui chauffent moins",
        cities: [GRENOBLE, GORIS],
        country: "AM",
        themes: &[Theme::Climate, Theme::Education],
        aim: "Isoler deux écoles de Goris, et partager les relevés avec les élèves de Grenoble.",
        head: "equipment",
        cost: 104_000,
        asked: 52_000,
    },
    Told {
        title: "Vienne – Sevan : la jeunesse prend la parole",
        cities: [VIENNE, SEVAN],
        country: "AM",
        themes: &[Theme::Youth],
        aim: "Deux conseils municipaux de jeunes préparent ensemble une journée publique.",
        head: "missions",
        cost: 48_000,
        asked: 24_000,
    },
    Told {
        title: "Clermont-Ferrand – Goris : trier, composter, réparer",
        cities: [CLERMONT, GORIS],
        country: "AM",
        themes: &[Theme::WaterAndWaste],
        aim: "Une plateforme de compostage, et l'atelier de réparation qui l'accompagne.",
        head: "equipment",
        cost: 76_000,
        asked: 38_000,
    },
    Told {
        title: "Vienne – Krementchouk : la culture malgré tout",
        cities: [VIENNE, KREMENCHUK],
        country: "UA",
        themes: &[Theme::Culture],
        aim: "Une résidence croisée, et un fonds de livres bilingues pour deux bibliothèques.",
        head: "communication",
        cost: 40_000,
        asked: 20_000,
    },
];

/// The files that were handed in to the call, of those cities that are in the directory.
pub(super) fn files(cities: &Cities, call: &CallRecord) -> Result<Vec<ApplicationRecord>, Error> {
    FILES
        .iter()
        .zip(0..)
        .filter_map(|(told, number)| file(told, number, cities, call))
        .collect()
}

/// A file that its cities have agreed to and handed in some days before the deadline.
pub(super) fn file(
    told: &Told,
    number: u64,
    cities: &Cities,
    call: &CallRecord,
) -> Option<Result<ApplicationRecord, Error>> {
    let parties = parties(cities, &told.cities)?;
    let (lead, partner) = (known(cities, told.cities[0])?, known(cities, told.cities[1])?);
    let at = call.window.closes_at - Days::new(1 + number);
    let mut file = ApplicationRecord::empty(call, told.title, parties, at);
    file.themes = told.themes.to_vec();
    file.answers = answers(&[
        (
            "context",
            "Les deux villes se connaissent depuis plusieurs années ; le besoin vient de la ville partenaire, qui l'a voté.",
        ),
        ("objectives", told.aim),
        (
            "activities",
            "Une mission de lancement, des ateliers à chaque saison, et une restitution publique dans les deux villes.",
        ),
        (
            "governance",
            "Un comité des deux villes se réunit chaque trimestre ; chaque ville nomme une élue ou un élu référent.",
        ),
    ]);
    if !call.sections.is_empty() {
        file.answers.extend(answers(&[
            ("actors", "associations,universities"),
            ("later_phase", "no"),
            ("starts_on", "2027-03-01"),
        ]));
    }
    file.budget = Budget {
        lines: vec![line(told.head, "Activités du projet", told.country, told.cost)],
        contributions: vec![
            pays(
                lead,
                ContributionKind::Cash,
                "Part de la ville chef de file",
                (told.cost - told.asked) * 3 / 4,
            ),
            pays(
                partner,
                ContributionKind::Cash,
                "Part de la ville partenaire",
                (told.cost - told.asked) / 4,
            ),
        ],
        grant_asked_minor: told.asked * 100,
    };
    Some(sign_and_hand_in(&mut file, call, at).map(|()| file))
}

/// The call that is under review.
///
/// # Errors
/// Those of the database.
pub(super) async fn call(db: &Db, now: DateTime<Utc>) -> Result<Option<CallRecord>, Error> {
    Ok(calls_in(db, CallState::UnderReview, now).await?.into_iter().next())
}

/// The ministry's calls in a state, those that were loaded already.
///
/// # Errors
/// Those of the database.
pub(super) async fn calls_in(db: &Db, state: CallState, now: DateTime<Utc>) -> Result<Vec<CallRecord>, Error> {
    let Some(programme) = programmes::store::programme_named(db.read(), MEAE).await? else {
        return Ok(Vec::new());
    };
    let scope = CallScope {
        programme_id: Some(programme.id),
        state: Some(state),
        open: false,
        drafts_of: None,
    };
    Ok(list_calls(db, &scope, now, None, 100).await?.0)
}

/// Scores by criterion, in the order of the plan.
type Scores = [u32; 5];

/// Who has filed what, file by file: the reviewers by number.
const SHEETS: [(&str, [Option<Scores>; 3]); 7] = [
    (
        "Clermont-Ferrand – Krementchouk",
        [Some([5, 5, 4, 3, 4]), Some([5, 4, 4, 4, 3]), None],
    ),
    ("Grenoble – Sevan", [None, Some([4, 4, 4, 3, 4]), Some([4, 5, 3, 4, 4])]),
    ("Vienne – Goris", [Some([3, 4, 3, 4, 3]), None, Some([3, 4, 4, 3, 3])]),
    ("Grenoble – Goris", [None, Some([5, 4, 5, 4, 4]), Some([2, 2, 3, 2, 2])]),
    ("Vienne – Sevan", [None, Some([3, 3, 2, 3, 2]), Some([2, 3, 3, 3, 2])]),
    ("Clermont-Ferrand – Goris", [None, None, Some([4, 3, 4, 4, 3])]),
    ("Vienne – Krementchouk", [None, Some([4, 5, 3, 4, 3]), None]),
];
/// The files that the first reviewer still has to do.
const TO_DO: [&str; 3] = ["Clermont-Ferrand – Goris", "Vienne – Krementchouk", "Vienne – Sevan"];

/// Gives the files to the reviewers of the demonstration, and files some sheets; says how many reviews there are new.
///
/// # Errors
/// Those of the database.
pub(crate) async fn load_reviews(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let caller = Caller::system(clock.now());
    let Some(call) = call(db, caller.now).await? else {
        return Ok(0);
    };
    if !reviews::of_call(db.read(), call.id).await?.is_empty() {
        return Ok(0);
    }
    let mut people = Vec::new();
    for user in ["reviewer", "expert", "oksana"] {
        let email = format!("{user}@{}", super::super::accounts::DOMAIN);
        let Some(account) = accounts::account_by_email(db.read(), &email).await? else {
            return Ok(0);
        };
        people.push(Reviewer {
            id: account.id,
            name: account.name,
            grants: Vec::new(),
        });
    }
    let files = reviews::files_of(db.read(), call.id).await?;
    let records = records(&files, &people, &call, caller.now);
    db.write(&caller, async |tx| add(tx, &records).await).await?;
    Ok(records.len())
}

fn records(files: &[FileRow], people: &[Reviewer], call: &CallRecord, now: DateTime<Utc>) -> Vec<ReviewRecord> {
    let of = (call.programme_id, call.id);
    let mut records = Vec::new();
    for (title, sheets) in SHEETS {
        let Some(file) = files.iter().find(|file| file.title.starts_with(title)) else {
            continue;
        };
        for (person, scores) in people.iter().zip(sheets) {
            if let Some(scores) = scores {
                let mut record = ReviewRecord::new(file, of, person);
                record.sheet = sheet(scores);
                let told = tally(&call.plan.criteria, &record.sheet.scores);
                record.version = 3;
                record.state = ReviewState::Filed;
                (record.total, record.scored) = (told.total, told.scored);
                record.filed_at = Some(now);
                records.push(record);
            }
        }
        if TO_DO.contains(&title) {
            records.extend(people.first().map(|person| ReviewRecord::new(file, of, person)));
        }
    }
    records
}

fn sheet(scores: Scores) -> ScoreSheet {
    let keys = ["relevance", "partnership", "method", "budget", "afterwards"];
    let scores: BTreeMap<String, CriterionScore> = keys
        .into_iter()
        .zip(scores)
        .map(|(key, value)| {
            let score = CriterionScore {
                value: Some(value),
                comment: String::new(),
            };
            (key.to_owned(), score)
        })
        .collect();
    ScoreSheet {
        scores,
        opinion: "Avis de démonstration.".to_owned(),
    }
}

async fn add(tx: &Tx<'_>, records: &[ReviewRecord]) -> Result<(), Error> {
    if records.is_empty() {
        return Ok(());
    }
    reviews::insert(tx, records).await?;
    for record in records {
        let details = json!({"application_id": record.application_id, "reviewer_id": record.reviewer_id});
        tx.record("assign", Resource::Review, record.id.0, record.version, details)
            .await?;
    }
    Ok(())
}
