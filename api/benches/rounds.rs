//! Matching rounds of many sizes: CPU seconds and memory, the proof over all pairs included.
//!
//! `cargo xtask bench rounds` (or `cargo bench -p api --bench rounds`). Each line is a process of its own, on one thread, so
//! that its memory is its own. The towns are invented: each with statements of its own, so that no two of them are alike
//! (the hard case), or nine in ten without any, as a directory is (`plain`). Options after `--`: `--only 1500x90000`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark stops where something is not as it should be"
)]

use std::hint::black_box;
use std::process::Command;

use shared::cities::{Level, Urgency};
use shared::geo::Point;
use shared::ids::CityId;
use shared::rounds::{Cohort, CountryCap, Entrant, Fault, RoundCertificate, RoundMode, RoundSide, Unwatched};
use shared::scoring::{Facts, ThemeUrgency, Weights};
use shared::themes::Theme;
use uuid::Uuid;

/// Sizes, how they are matched, and whether most towns are plain.
const LINES: [(u32, u32, RoundMode, bool); 10] = [
    (300, 3_000, RoundMode::Stable, false),
    (1_500, 9_000, RoundMode::Stable, false),
    (1_500, 90_000, RoundMode::Stable, false),
    (1_500, 90_000, RoundMode::Stable, true),
    (5_000, 90_000, RoundMode::Stable, false),
    (10_000, 90_000, RoundMode::Stable, false),
    (300, 3_000, RoundMode::Maximum, false),
    (1_500, 9_000, RoundMode::Maximum, false),
    (1_500, 90_000, RoundMode::Maximum, false),
    (10_000, 90_000, RoundMode::Maximum, false),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(line) = arguments.iter().position(|argument| argument == "line") {
        let numbers: Vec<u32> = arguments[line + 1..].iter().map(|text| text.parse().unwrap()).collect();
        return measure(LINES[numbers[0] as usize]);
    }
    let only = arguments
        .iter()
        .position(|argument| argument == "--only")
        .map(|at| arguments[at + 1].clone());
    println!(
        "| round | mode | pairs compared | read s | match s | prove s | all s | ns a pair | MB | pairs | blocking |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (number, (firsts, seconds, _, _)) in LINES.iter().enumerate() {
        if only.as_ref().is_some_and(|only| *only != format!("{firsts}x{seconds}")) {
            continue;
        }
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["line", &number.to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }
}

fn measure((firsts, seconds, mode, plain): (u32, u32, RoundMode, bool)) {
    let mut certificate = round(firsts, seconds, mode, plain);
    let before = cpu_seconds();
    let cohort = certificate.cohort();
    let read = cpu_seconds();
    certificate.solve(&cohort, &Unwatched).unwrap();
    let matched = cpu_seconds();
    let verdict = black_box(certificate.check_with(&cohort, &Unwatched).unwrap());
    let proved = cpu_seconds();
    assert_eq!(verdict.faults, [] as [Fault; 0]);
    assert!(mode == RoundMode::Maximum || verdict.blocking == 0);
    let all = proved - before;
    println!(
        "| {firsts} × {seconds}{} | {} | {} | {:.2} | {:.2} | {:.2} | {all:.2} | {:.2} | {} | {} | {} |",
        if plain { ", plain" } else { "" },
        mode.code(),
        verdict.compared,
        read - before,
        matched - read,
        proved - matched,
        all * 1e9 / verdict.compared as f64,
        peak_megabytes(),
        certificate.pairs.len(),
        verdict.blocking,
    );
    if firsts == 1_500 && seconds == 9_000 && mode == RoundMode::Stable {
        tell_plain_scoring(&cohort);
    }
}

/// What scoring each pair by the function itself costs: what the columns are measured by.
fn tell_plain_scoring(cohort: &Cohort) {
    let before = cpu_seconds();
    let mut sum = 0_u64;
    for first in 0..200 {
        for second in 0..9_000 {
            sum += u64::from(cohort.gain(RoundSide::First, (first, second)));
        }
    }
    let spent = cpu_seconds() - before;
    eprintln!(
        "(one side's score by the function itself: {:.0} ns a pair; {sum})",
        spent * 1e9 / 1.8e6
    );
}

/// Seconds of CPU that this process has had.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("the kernel's account of this process");
    let spent: f64 = stat.split(' ').next().unwrap().parse().unwrap();
    spent / 1e9
}

/// The most memory that this process has had.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    const fn roll(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32 % below
    }

    fn statements(&mut self, most: u32) -> Vec<ThemeUrgency> {
        let mut stated: Vec<ThemeUrgency> = Vec::new();
        for _ in 0..self.roll(most + 1) {
            let theme = Theme::ALL[self.roll(Theme::ALL.len() as u32) as usize];
            if stated.iter().all(|known| known.theme != theme) {
                stated.push(ThemeUrgency {
                    theme,
                    urgency: Urgency::ALL[self.roll(3) as usize],
                });
            }
        }
        stated
    }
}

/// Countries of the second side: code, language, latitude, longitude.
const COUNTRIES: [(&str, &str, f64, f64); 12] = [
    ("FR", "fr", 46.6, 2.4),
    ("DE", "de", 51.1, 10.4),
    ("PL", "pl", 52.1, 19.4),
    ("IT", "it", 42.8, 12.8),
    ("ES", "es", 40.2, -3.6),
    ("RO", "ro", 45.9, 25.0),
    ("NL", "nl", 52.2, 5.6),
    ("BE", "fr", 50.6, 4.7),
    ("CZ", "cs", 49.8, 15.3),
    ("LT", "lt", 55.3, 23.9),
    ("SE", "sv", 62.2, 14.8),
    ("AT", "de", 47.6, 14.1),
];

fn facts(dice: &mut Dice, side: RoundSide, plain: bool) -> Facts {
    let (country, language, lat, lng) = match side {
        RoundSide::First => ("UA", "uk", 49.0, 31.4),
        RoundSide::Second => COUNTRIES[dice.roll(12) as usize],
    };
    let is_silent = plain && side == RoundSide::Second && dice.roll(10) > 0;
    let mut languages = vec![language.to_owned()];
    if dice.roll(3) == 0 {
        languages.push("en".to_owned());
    }
    Facts {
        country: country.to_owned(),
        level: Level::ALL[if dice.roll(4) == 0 { 1 + dice.roll(3) } else { 0 } as usize],
        // From 500 to half a million, small ones more often.
        population: Some(500 << dice.roll(9) | i64::from(dice.roll(500))),
        location: Some(Point {
            lat: lat + f64::from(dice.roll(600)) / 100.0 - 3.0,
            lng: lng + f64::from(dice.roll(1_000)) / 100.0 - 5.0,
        }),
        languages,
        needs: if is_silent { Vec::new() } else { dice.statements(5) },
        offers: if is_silent { Vec::new() } else { dice.statements(5) },
        wanted_countries: match (side, is_silent, dice.roll(3)) {
            (RoundSide::First, _, 0) => vec![COUNTRIES[dice.roll(12) as usize].0.to_owned()],
            (RoundSide::Second, false, 0) => vec!["UA".to_owned()],
            _ => Vec::new(),
        },
        wanted_levels: Vec::new(),
        engagement: None,
        partner_countries: if dice.roll(10) == 0 {
            vec!["UA".to_owned(), "PL".to_owned()]
        } else {
            Vec::new()
        },
    }
}

/// A round with places, wishes, priorities, saturated countries and pairs that are not possible.
fn round(firsts: u32, seconds: u32, mode: RoundMode, plain: bool) -> RoundCertificate {
    let mut dice = Dice(u64::from(firsts) << 32 | u64::from(seconds));
    let city = |side: RoundSide, number: u32| CityId(Uuid::from_u128((side as u128) << 64 | u128::from(number)));
    let mut entrants = Vec::new();
    for (side, other, members, others) in [
        (RoundSide::First, RoundSide::Second, firsts, seconds),
        (RoundSide::Second, RoundSide::First, seconds, firsts),
    ] {
        for number in 0..members {
            let wishes = if dice.roll(10) == 0 { dice.roll(6) } else { 0 };
            entrants.push(Entrant {
                city_id: city(side, number),
                side,
                places: 1 + dice.roll(3),
                priority: if dice.roll(8) == 0 { 15 } else { 0 },
                wishes: (0..wishes).map(|_| city(other, dice.roll(others))).collect(),
                facts: facts(&mut dice, side, plain),
            });
        }
    }
    RoundCertificate {
        mode,
        one_sided: false,
        same_country: false,
        seed: 2_026,
        weights: Weights::default(),
        caps: ["DE", "PL"]
            .map(|country| CountryCap {
                country: country.to_owned(),
                places: firsts / 8,
            })
            .to_vec(),
        entrants,
        excluded: (0..firsts)
            .map(|first| {
                [
                    city(RoundSide::First, first),
                    city(RoundSide::Second, dice.roll(seconds)),
                ]
            })
            .collect(),
        pairs: Vec::new(),
    }
}
