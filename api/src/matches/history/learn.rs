//! `api learn`: makes the lesson anew out of existing twinnings.
//!
//! First it hides a fifth of them and tells how well what the rest teaches finds them: once among all places, and once among those that have a
//! twinning at all, since a file from which twinnings were held back knows none for some places that have one. Then it
//! learns from all and writes the table. Only learned numbers are written, never a row of the data.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context, ensure};
use shared::history::columns::Columns;
use shared::history::{About, Lesson};

use super::fit::learn;
use super::measure::{LEARNED, measure};
use super::train::{Course, Lore};
use super::trial::Split;
use super::twins;
use crate::clock::Clock;
use crate::config::LearnArgs;

/// One part in so many is hidden to measure by.
pub const PART: usize = 5;
/// Where chance begins for each fifth that is hidden.
const SEEDS: [u64; 2] = [1, 2];

/// Learns from twinnings by their files and writes the lesson.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn run(clock: &Clock, args: &LearnArgs) -> anyhow::Result<()> {
    let twins = twins::read(&args.cities, &args.links)?;
    ensure!(twins.pairs.len() >= PART, "too few twinnings to learn from");
    let course = Course::default();
    let mut figures = Vec::new();
    for (among, twins) in [("all places", &twins), ("places with a twinning", &twins.linked())] {
        for seed in SEEDS {
            figures.push(format!(
                "a fifth hidden by chance {seed}, among {among}: {}",
                trial(twins, seed, &course)?
            ));
        }
    }
    let lesson = Lesson {
        about: About {
            learned_on: clock.now().date_naive().to_string(),
            data: format!(
                "{}; {} twinnings between {} places",
                args.source,
                twins.pairs.len(),
                twins.places.len()
            ),
            figures,
            licence: "Learned numbers only; no row of the data is in this file.".to_owned(),
        },
        ..taught(&twins, &twins.pairs, &course)
    };
    let mut text = written(&lesson)?;
    text.push('\n');
    std::fs::write(&args.out, text).with_context(|| format!("writing {}", args.out.display()))?;
    let mut out = std::io::stdout().lock();
    for line in &lesson.about.figures {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Hides a fifth of the twinnings and tells in words how well what the others teach finds them.
fn trial(twins: &twins::Twins, seed: u64, course: &Course) -> anyhow::Result<String> {
    let split = Split::of(&twins.pairs, PART, seed);
    let outcomes = measure(twins, &split, &taught(twins, &split.known, course));
    let learned = outcomes.into_iter().find(|outcome| outcome.name == LEARNED);
    let learned = learned.context("no figures")?;
    let gini = learned.gini.unwrap_or_default();
    Ok(format!("{}; Gini {gini:.2}", learned.tallies.in_words()))
}

/// What pairs teach.
#[must_use]
pub fn taught(twins: &twins::Twins, pairs: &[(u32, u32)], course: &Course) -> Lesson {
    let mut columns = Columns::of(&twins.places, pairs);
    learn(&Lore::gather(&mut columns, pairs, course), course)
}

/// The lesson as a person reads it: for each signal a line of steps, one of points, and one for each trait.
fn written(lesson: &Lesson) -> anyhow::Result<String> {
    let head = Lesson {
        signals: Vec::new(),
        ..lesson.clone()
    };
    let mut text = serde_json::to_string_pretty(&head)?;
    let empty = text.rfind("[]").context("no place for the signals")?;
    text.truncate(empty);
    text.push_str("[\n");
    for (at, staircase) in lesson.signals.iter().enumerate() {
        let begin = if at == 0 { "" } else { ",\n" };
        let signal = serde_json::to_string(&staircase.signal)?;
        let (steps, points) = (
            serde_json::to_string(&staircase.steps)?,
            serde_json::to_string(&staircase.points)?,
        );
        let more = staircase
            .more
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<Vec<String>, _>>()?;
        let more = more.join(",\n      ");
        write!(
            text,
            "{begin}    {{\n      \"signal\": {signal},\n      \"steps\": {steps},\n      \"points\": {points},\n      \"more\": [\n      {more}]\n    }}"
        )?;
    }
    text.push_str("\n  ]\n}");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_lesson_reads_as_it_was() {
        let lesson = crate::matches::history::lesson();
        let text = written(lesson).unwrap();
        assert_eq!(serde_json::from_str::<Lesson>(&text).unwrap(), *lesson);
        assert!(text.lines().count() < 700, "one line a curve");
    }
}
