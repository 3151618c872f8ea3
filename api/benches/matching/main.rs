//! The best 20 of a million cities on one thread, by all criteria and with every filter, beside the time that reading 64
//! bytes a city from memory takes in the same run.
//!
//! `cargo xtask bench matching` (or `cargo bench -p api --bench matching`). Options after `--`: `--cities 1000000`,
//! `--questions 60` for each line, `--postgres postgres://…` to ask that too (the task starts one of its own, where the
//! machine has it), `--faiss 8.1` for what that takes (the task measures it, where PyPI can be reached).

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops where something is not as it should be"
)]

mod cities;
mod postgres;

use std::hint::black_box;
use std::io::Seek;
use std::time::Instant;

use api::matches::index::Wanted;
use api::matches::index::columns::{
    Asked, BLOCK, Belonging, Best, Columns, Gone, Query, Rows, Taught, Teacher, Teaching,
};
use shared::cities::Level;
use shared::ids::{CityId, NetworkId};
use shared::scoring::outline::country_number;
use shared::scoring::{FULL, Outline, Weights};
use shared::themes::Theme;
use uuid::Uuid;

use cities::{Chance, Rich, facts, members};

/// Bytes a city that the limit reads.
const READ: usize = 64;
/// Cities that a ranking gives.
const LIMIT: usize = 20;
/// What FAISS takes for a flat index over 64-byte vectors, and PostgreSQL for bit columns, both over a million on one
/// thread of such a machine, in milliseconds.
const FAISS: f64 = 8.1;
const POSTGRES: f64 = 580.0;

/// Times that each question is asked.
const TRIES: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, usual: usize| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1))
            .map_or(usual, |text| text.parse().unwrap())
    };
    let (count, questions) = (number("--cities", 1_000_000), number("--questions", 60));
    let at = arguments.iter().position(|argument| argument == "--postgres");
    let postgres = at
        .and_then(|at| arguments.get(at + 1))
        .map(|url| postgres::asking(url, count));
    let by_postgres = postgres.unwrap_or(POSTGRES * count as f64 / 1e6);
    let at = arguments.iter().position(|argument| argument == "--faiss");
    let measured = at
        .and_then(|at| arguments.get(at + 1))
        .map(|text| text.parse::<f64>().unwrap());
    let faiss = measured.unwrap_or(FAISS);
    let memory = vec![1_u64; count * READ / 8];
    println!("{count} cities, one thread, the best {LIMIT}; milliseconds\n");
    println!(
        "| cities | asked | mean | median | worst | of reading {READ} bytes | FAISS flat ÷ mean | PostgreSQL ÷ mean |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    for (name, rich) in [("5 % with a profile", Rich(5)), ("all with a profile", Rich(100))] {
        let members = members(count, rich);
        let began = Instant::now();
        let (mut columns, _) = Columns::of(members.iter().cloned());
        let build = began.elapsed();
        let taught = taught(&columns);
        for line in lines() {
            let limit = reading(&memory);
            let times = line.times(&columns, &taught, questions);
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            println!(
                "| {name} | {} | {mean:.2} | {:.2} | {:.2} | {:.2} | {:.1} | {:.0} |",
                line.name,
                times[times.len() / 2],
                times[times.len() - 1],
                mean / limit,
                faiss * count as f64 / 1e6 / mean,
                by_postgres / mean,
            );
        }
        let [write, read] = saved(&mut columns);
        println!(
            "| {name} | made in {:.2} s, written in {write:.2} s, read in {read:.2} s, {:.1} bytes a city in {} blocks ||||||",
            build.as_secs_f64(),
            columns.bytes() as f64 / count as f64,
            columns.blocks(),
        );
    }
    println!("\nReading {READ} bytes a city takes {:.2} ms.", reading(&memory));
    match measured {
        Some(took) => println!("FAISS takes {took} ms for a million, asked just before."),
        None => println!("FAISS is known to take {FAISS} ms for a million: none was there to be asked."),
    }
    match postgres {
        Some(took) => println!("PostgreSQL takes {took:.0} ms for bit columns, asked in this run."),
        None => println!("PostgreSQL is known to take {POSTGRES} ms for a million: none was there to be asked."),
    }
}

/// Something like what existing twinnings teach of each city: most are alike, some few stand out.
struct Given;

impl Teacher for Given {
    fn value(&self, slot: u32) -> u32 {
        let mut chance = Chance(u64::from(slot) * 0x9e37_79b9 + 1);
        chance.below(1_000);
        (500.0 + 65.0 * chance.bell()).clamp(0.0, 1_000.0) as u32
    }

    fn most(&self, _: usize) -> u32 {
        FULL
    }

    fn ceilings(&self, _: usize, rows: Rows, ceilings: &mut [u16; BLOCK]) {
        rows.for_each(|row| ceilings[row] = FULL as u16);
    }
}

/// What history says of each city, all of it measured before.
fn taught(columns: &Columns) -> Taught {
    let taught = Taught::nothing(columns);
    taught.ask_all(columns, &Given);
    taught
}

/// Seconds to write a file of the columns, and to take them from it.
fn saved(columns: &mut Columns) -> [f64; 2] {
    let mut file = tempfile::tempfile().unwrap();
    let began = Instant::now();
    columns.write(&mut file, &[]).unwrap();
    let write = began.elapsed().as_secs_f64();
    file.rewind().unwrap();
    let began = Instant::now();
    let (again, _) = Columns::read(&mut file).unwrap();
    let read = began.elapsed().as_secs_f64();
    assert_eq!(again.len(), columns.len());
    [write, read]
}

/// Milliseconds to read the memory once: the best of some tries.
fn reading(memory: &[u64]) -> f64 {
    (0..7)
        .map(|_| {
            let began = Instant::now();
            let mut sums = [0_u64; 32];
            for numbers in memory.chunks_exact(sums.len()) {
                for (sum, number) in sums.iter_mut().zip(numbers) {
                    *sum ^= number;
                }
            }
            black_box(sums);
            began.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::INFINITY, f64::min)
}

/// What is asked in one line of the table.
struct Line {
    name: &'static str,
    /// Whether those who ask have needs and offers.
    rich: bool,
    weights: Weights,
    wanted: Wanted,
    barred: Vec<CityId>,
}

impl Line {
    fn times(&self, columns: &Columns, taught: &Taught, questions: usize) -> Vec<f64> {
        let mut chance = Chance(77);
        let askers: Vec<Outline> = (0..questions)
            .map(|_| Outline::of(&facts(&mut chance, self.rich).2))
            .collect();
        let mut times: Vec<f64> = askers
            .iter()
            .map(|us| {
                // Others may be at work on the machine: the better of some tries, as for reading.
                let tries = (0..TRIES).map(|_| {
                    let began = Instant::now();
                    black_box(self.ask(columns, taught, us));
                    began.elapsed().as_secs_f64() * 1e3
                });
                tries.fold(f64::INFINITY, f64::min)
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times
    }

    fn ask(&self, columns: &Columns, taught: &Taught, us: &Outline) -> Best {
        let query = Query::of(
            columns,
            us,
            &self.weights,
            Some(Teaching {
                teacher: &Given,
                taught,
            }),
        );
        let wanted = Wanted {
            but_country: self.wanted.but_country.map(|_| us.country()),
            ..self.wanted.clone()
        };
        let asked = Asked {
            wanted: &wanted,
            barred: &self.barred,
            after: None,
            limit: LIMIT,
        };
        columns.best(&query, asked, &Gone::default(), &[])
    }
}

fn lines() -> Vec<Line> {
    let usual = |name, wanted| Line {
        name,
        rich: true,
        weights: Weights::default(),
        wanted,
        barred: Vec::new(),
    };
    let all = Wanted::default;
    vec![
        usual("all criteria", all()),
        Line {
            weights: Weights {
                size: 12,
                level: 10,
                languages: 8,
                distance: 4,
                ties: 6,
                ..Weights::default()
            },
            ..usual("all criteria, size and distance too", all())
        },
        Line {
            rich: false,
            ..usual("by who has no profile", all())
        },
        Line {
            barred: (0..200)
                .map(|at| CityId(Uuid::from_u128((at * 5_000_u128) << 64 | 0x7000_0000_0000_0000)))
                .collect(),
            wanted: Wanted {
                but_country: Some(0),
                ..all()
            },
            ..usual("200 barred, own country left out", all())
        },
        usual(
            "of three countries, local",
            Wanted {
                countries: ["UA", "AM", "DE"]
                    .iter()
                    .filter_map(|code| country_number(code))
                    .collect(),
                level: Some(Level::Local),
                ..all()
            },
        ),
        usual(
            "of 1,000 to 50,000 people",
            Wanted {
                population_min: Some(1_000),
                population_max: Some(50_000),
                ..all()
            },
        ),
        usual(
            "that offer a theme",
            Wanted {
                offers: Some(Theme::Climate),
                ..all()
            },
        ),
        usual(
            "at most 1,500 km away",
            Wanted {
                distance_max_km: Some(1_500),
                ..all()
            },
        ),
        usual(
            "open to partners, of a network",
            Wanted {
                open: Some(true),
                belongings: Some(vec![
                    Belonging::Own(NetworkId(Uuid::from_u128(7))),
                    Belonging::Region("FR/7".into()),
                    Belonging::Region("FR/8".into()),
                ]),
                ..all()
            },
        ),
    ]
}
