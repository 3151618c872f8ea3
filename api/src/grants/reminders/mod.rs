//! Reminders: the staff of the city that leads is told by mail of a report that is due in 30 days, in seven, and of one that is late.
//! Each is told once, whatever number of processes looks; a new day for the report begins anew.

mod store;

use chrono::{Datelike, NaiveDate};
use minijinja::context;
use shared::accounts::Digest;
use shared::grants::GrantState;
use shared::ids::FundingId;
use shared::language::Language;

use super::store::{self as grants, TitledGrant};
use crate::caller::Caller;
use crate::db::Tx;
use crate::error::Error;
use crate::mail::store as mail;
use crate::mail::words::{self, Texts};
use crate::platform::Platform;

/// Days before the report is due at which it is told first, and again.
const DAYS: (i32, i32) = (30, 7);
/// Days for which it is told that a report is late; after that the digest does so.
const LATE_DAYS: i32 = 14;
/// Grants that are looked at in one go.
const AT_ONCE: u64 = 200;

/// The words in each language.
const TEXTS: Texts = [
    (Language::Fr, include_str!("../../mail/texts/report.fr.txt")),
    (Language::En, include_str!("../../mail/texts/report.en.txt")),
    (Language::Uk, include_str!("../../mail/texts/report.uk.txt")),
];

/// How near the day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Within a month.
    Month,
    /// Within a week.
    Week,
    /// It is over.
    Late,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Month, Self::Week, Self::Late];

    /// The code in the table and for the words.
    const fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Late => "late",
        }
    }

    /// The days on which a report is due that has come to this stage today, as days since the year 1.
    const fn days(self, today: i32) -> (i32, i32) {
        match self {
            Self::Month => (today + DAYS.1 + 1, today + DAYS.0),
            Self::Week => (today, today + DAYS.1),
            Self::Late => (today - LATE_DAYS, today - 1),
        }
    }
}

/// Reminds of all reports that have come to a stage; says of how many.
///
/// # Errors
/// Those of the database.
pub async fn remind_due(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let today = caller.now.date_naive();
    let mut reminded = 0;
    for stage in Stage::ALL {
        loop {
            let days = stage.days(today.num_days_from_ce());
            let waiting = store::waiting(&platform.db, stage, days, AT_ONCE).await?;
            let (all, before) = (waiting.len() as u64, reminded);
            for id in waiting {
                let told = platform.db.write(&caller, async |tx| remind(tx, id, stage, days).await);
                reminded += u64::from(told.await?);
            }
            // Where others were quicker with all of them, the rest is theirs too.
            if all < AT_ONCE || reminded == before {
                break;
            }
        }
    }
    Ok(reminded)
}

/// Writes to the lead's staff, where nobody has done so and the report is still to be handed in.
async fn remind(tx: &Tx<'_>, id: FundingId, stage: Stage, (first, last): (i32, i32)) -> Result<bool, Error> {
    let Some(TitledGrant { grant, title, .. }) = grants::for_update(tx, id).await? else {
        return Ok(false);
    };
    let Some(due_on) = grant.life.report_due_on() else {
        return Ok(false);
    };
    let due_day = due_on.num_days_from_ce();
    let is_open = grant.life.state != GrantState::Closed && (first..=last).contains(&due_day);
    if !is_open || !store::note(tx, id, due_day, stage).await? {
        return Ok(false);
    }
    let is_final = grant.life.final_report.due_on == due_on && grant.life.final_report.is_missing();
    let mut letters = Vec::new();
    for reader in mail::readers(tx.conn(), &[grant.lead_city_id], None).await? {
        // Who wants to be told nothing by mail is told nothing.
        if reader.digest == Digest::Off.code() {
            continue;
        }
        let language = Language::from_tag(&reader.language).unwrap_or_default();
        let facts = facts(&reader.name, &title, stage, due_on, is_final, id);
        letters.push(words::letter(reader.id, &TEXTS, language, facts)?);
    }
    mail::put_all(tx, &letters).await?;
    Ok(true)
}

fn facts(name: &str, title: &str, stage: Stage, due_on: NaiveDate, is_final: bool, id: FundingId) -> minijinja::Value {
    context! {
        name => name,
        title => title,
        late => stage == Stage::Late,
        day => due_on.to_string(),
        last => is_final,
        link => format!("{}/grants/{id}", words::URL),
        account => format!("{}/account", words::URL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_belongs_to_one_stage() {
        let today = 700_000;
        let stage_of = |days_left: i32| {
            let due = today + days_left;
            let found: Vec<Stage> = Stage::ALL
                .into_iter()
                .filter(|stage| {
                    let (first, last) = stage.days(today);
                    (first..=last).contains(&due)
                })
                .collect();
            assert!(found.len() <= 1, "{days_left}: {found:?}");
            found.first().copied()
        };
        assert_eq!(stage_of(31), None);
        assert_eq!([30, 8].map(stage_of), [Some(Stage::Month); 2]);
        assert_eq!([7, 1, 0].map(stage_of), [Some(Stage::Week); 3]);
        assert_eq!([-1, -14].map(stage_of), [Some(Stage::Late); 2]);
        assert_eq!(stage_of(-15), None);
    }

    #[test]
    fn the_words_are_there_in_every_language() {
        let day = NaiveDate::from_ymd_opt(2027, 6, 1).unwrap();
        let id = FundingId(uuid::Uuid::from_u128(7));
        for (language, _) in TEXTS {
            let mut subjects = Vec::new();
            for stage in [Stage::Week, Stage::Late] {
                for is_final in [false, true] {
                    let facts = facts("Ani", "L’eau du <lac>", stage, day, is_final, id);
                    let (subject, text) = words::fill(&TEXTS, language, facts).unwrap();
                    assert!(subject.ends_with("L’eau du <lac>"), "{subject}");
                    for part in ["Ani", "2027-06-01", "{public_url}/grants/", "{public_url}/account"] {
                        assert!(text.contains(part), "{part} in {text}");
                    }
                    assert!(!text.contains("{{") && !text.contains("\n\n\n"), "{text}");
                    subjects.push((subject, text));
                }
            }
            subjects.dedup();
            assert_eq!(subjects.len(), 4, "{subjects:?}");
        }
    }
}
