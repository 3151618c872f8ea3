//! `api learn`: makes the lesson anew out of existing twinnings.
//!
//! First it hides a fifth of them and tells how well what the rest teaches finds them; then it learns from all and writes
//! the table. Only learned numbers are written, never a row of the data.

use std::io::Write as _;

use anyhow::{Context, ensure};
use shared::history::columns::Columns;
use shared::history::{About, Lesson};

use super::train::{Course, Lore, learn};
use super::trial::Split;
use super::{measure, twins};
use crate::clock::Clock;
use crate::config::LearnArgs;

/// One part in so many is hidden to measure by.
pub const PART: usize = 5;

/// Learns from twinnings by their files and writes the lesson.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn run(clock: &Clock, args: &LearnArgs) -> anyhow::Result<()> {
    let twins = twins::read(&args.cities, &args.links)?;
    ensure!(twins.pairs.len() >= PART, "too few twinnings to learn from");
    let course = Course::default();
    let split = Split::of(&twins.pairs, PART, course.seed);
    let trial = taught(&twins, &split.known, &course);
    let figures = measure::measure(&twins, &split, &trial)
        .iter()
        .map(|outcome| format!("{}: {}", outcome.name, outcome.tallies.in_words()))
        .collect();
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

/// What pairs teach.
#[must_use]
pub fn taught(twins: &twins::Twins, pairs: &[(u32, u32)], course: &Course) -> Lesson {
    let mut columns = Columns::of(&twins.places, pairs);
    learn(&Lore::gather(&mut columns, pairs, course), course)
}

/// The lesson as a person reads it: one line for each curve.
fn written(lesson: &Lesson) -> anyhow::Result<String> {
    let pretty = serde_json::to_string_pretty(lesson)?;
    let mut text = String::with_capacity(pretty.len());
    let mut numbers = false;
    for line in pretty.lines() {
        let bare = line.trim();
        let number = bare.trim_end_matches(',').parse::<i64>().is_ok();
        if !text.is_empty() {
            match (numbers, number || bare.starts_with(']')) {
                (true, true) | (false, true) if number => text.push_str(if numbers { " " } else { "" }),
                (true, true) => {}
                _ => text.push('\n'),
            }
        }
        text.push_str(if number || (numbers && bare.starts_with(']')) {
            bare
        } else {
            line
        });
        numbers = number;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_lesson_reads_as_it_was() {
        let lesson = crate::matches::history::in_use();
        let text = written(lesson).unwrap();
        assert_eq!(serde_json::from_str::<Lesson>(&text).unwrap(), *lesson);
        assert!(text.lines().count() < 700, "one line a curve");
    }
}
