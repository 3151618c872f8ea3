//! How well suggestions find real twinnings that were hidden, beside plainer rankings, all in one run.
//!
//! `cargo xtask bench matching-quality -- <cities.csv> <links.csv>` (files as for `api import cities` and `api import
//! pairs`; without names, `../shared/data/twin_cities.csv` and `twin_links.csv` beside the project). A fifth of the links
//! is hidden; the rest teaches a lesson of its own, so that nothing has seen what is sought. `--seed 2` hides another
//! fifth, `--seed 1,2,3,4` one after the other; `--hide 20` only a twentieth. `--linked` leaves out places without any link
//! in the file: in a file from which links were held back they have some that nobody knows, and are no mere decoys. The lesson that the server uses is not measured here: it has seen every link.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops where something is not as it should be"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use api::matches::history::learn::{PART, taught};
use api::matches::history::measure::{LEARNED, Outcome, measure};
use api::matches::history::train::Course;
use api::matches::history::trial::Split;
use api::matches::history::twins::{self, Twins};

fn main() {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut seeds: Vec<u64> = vec![1];
    let (mut part, mut linked) = (PART, false);
    let mut arguments = std::env::args().skip(1);
    let mut next = |of: &str| arguments.next().filter(|_| !of.is_empty());
    while let Some(argument) = next("any") {
        match argument.as_str() {
            "--seed" => {
                seeds = next("seeds")
                    .unwrap()
                    .split(',')
                    .map(|seed| seed.parse().unwrap())
                    .collect()
            }
            "--hide" => part = next("part").unwrap().parse().unwrap(),
            "--linked" => linked = true,
            // What `cargo bench` adds by itself.
            "--bench" => {}
            _ => files.push(argument.into()),
        }
    }
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let [cities, links] = match files.as_slice() {
        [cities, links] => [cities.clone(), links.clone()],
        _ => [data.join("twin_cities.csv"), data.join("twin_links.csv")],
    };
    if !cities.is_file() || !links.is_file() {
        println!("skipped: there is no {} or no {}", cities.display(), links.display());
        return;
    }
    let mut twins = twins::read(&cities, &links).unwrap();
    if linked {
        twins = twins.linked();
    }
    let mut sums: Vec<Outcome> = Vec::new();
    for &seed in &seeds {
        let outcomes = asked(&twins, part, seed);
        if seeds.len() == 1 {
            show(&outcomes, 1);
            return;
        }
        if let Some(history) = outcomes.iter().find(|outcome| outcome.name == LEARNED) {
            show(std::slice::from_ref(history), 1);
        }
        match sums.is_empty() {
            true => sums = outcomes,
            false => sums
                .iter_mut()
                .zip(&outcomes)
                .for_each(|(sum, outcome)| sum.add(outcome)),
        }
    }
    println!("\nall seeds together");
    show(&sums, seeds.len());
}

/// Learns from what a seed leaves, and asks for what it hides.
fn asked(twins: &Twins, part: usize, seed: u64) -> Vec<Outcome> {
    let split = Split::of(&twins.pairs, part, seed);
    println!(
        "{} places, {} links known, {} hidden (seed {seed})",
        twins.places.len(),
        split.known.len(),
        split.hidden.len()
    );
    let course = Course {
        seed,
        ..Course::default()
    };
    let begin = Instant::now();
    let lesson = taught(twins, &split.known, &course);
    println!("learned in {:.0} s", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let outcomes = measure(twins, &split, &lesson);
    println!("asked in {:.0} s", begin.elapsed().as_secs_f64());
    outcomes
}

fn show(outcomes: &[Outcome], seeds: usize) {
    let Some(first) = outcomes.first() else { return };
    let questions = first.tallies;
    println!(
        "\n{:24} {:^22} {:^22} {:^22} {:>6}",
        "",
        format!("all ({})", questions.all.asked),
        format!("<= 2 links ({})", questions.few.asked),
        format!("no link ({})", questions.none.asked),
        "Gini"
    );
    let head = "hit@10  h@100    MRR  ";
    println!("{:24} {head}{head}{head}", "");
    for outcome in outcomes {
        let gini = outcome.gini.map(|gini| format!("{:.2}", gini / seeds as f64));
        println!(
            "{:24} {} {:>6}",
            outcome.name,
            outcome.tallies,
            gini.as_deref().unwrap_or("-")
        );
    }
}
