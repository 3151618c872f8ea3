//! How well suggestions find real twinnings that were hidden, beside plainer rankings, all in one run.
//!
//! `cargo xtask bench matching-quality -- <cities.csv> <links.csv>` (files as for `api import cities` and `api import
//! pairs`; without names, `../shared/data/twin_cities.csv` and `twin_links.csv` beside the project). A fifth of the links
//! is hidden; the rest teaches a lesson of its own, so that nothing has seen what is sought. `--seed 2` hides another
//! fifth. The lesson that the server uses is not measured here: it has seen every link.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops where something is not as it should be"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use api::matches::history::learn::{PART, taught};
use api::matches::history::measure::measure;
use api::matches::history::train::Course;
use api::matches::history::trial::Split;
use api::matches::history::twins;

fn main() {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut seed = 1;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => seed = arguments.next().unwrap().parse().unwrap(),
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
    let twins = twins::read(&cities, &links).unwrap();
    let split = Split::of(&twins.pairs, PART, seed);
    println!(
        "{} places, {} links known, {} hidden (seed {seed})",
        twins.places.len(),
        split.known.len(),
        split.hidden.len()
    );
    let begin = Instant::now();
    let lesson = taught(
        &twins,
        &split.known,
        &Course {
            seed,
            ..Course::default()
        },
    );
    println!("learned in {:.0} s", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let outcomes = measure(&twins, &split, &lesson);
    let questions = outcomes[0].tallies;
    println!("asked in {:.0} s\n", begin.elapsed().as_secs_f64());
    println!(
        "{:24} {:^22} {:^22} {:^22} {:>6}",
        "",
        format!("all ({})", questions.all.asked),
        format!("<= 2 links ({})", questions.few.asked),
        format!("no link ({})", questions.none.asked),
        "Gini"
    );
    let head = "hit@10  h@100    MRR  ";
    println!("{:24} {head}{head}{head}", "");
    for outcome in outcomes {
        let gini = outcome.gini.map_or("-".to_owned(), |gini| format!("{gini:.2}"));
        println!("{:24} {} {gini:>6}", outcome.name, outcome.tallies);
    }
}
