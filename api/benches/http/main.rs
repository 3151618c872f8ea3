//! The server under load beside a bare actix server in the same run: requests per second of the server's own CPU time.
//!
//! `cargo xtask bench http` (or `cargo bench -p api --bench http`). The servers are children of this process on loopback,
//! with a database that goes with them; the load comes from 64 connections of this process, whose own CPU time is not
//! counted. Options after `--`: `--seconds 3` for each line, `--cities 20000`, `--only read`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark stops where something is not as it should be"
)]

mod load;
mod serve;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use load::{Outcome, Request};
use mimalloc::MiMalloc;

/// The server's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What the command line says.
#[derive(Debug, Clone)]
struct Options {
    seconds: f64,
    cities: usize,
    only: Option<String>,
}

/// A line of the table, with the least share of the bare server's throughput that is wanted.
struct Line {
    name: &'static str,
    wanted: Option<f64>,
    requests: Vec<Request>,
}

/// A server in a process of its own, which ends when its standard input does.
struct Server {
    child: Child,
    _stdin: ChildStdin,
    port: u16,
    /// What else it told: a token and ids.
    told: Vec<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("serve-hello") => serve::hello(),
        Some("serve-api") => serve::api(arguments[1].parse().expect("a number of cities")),
        _ => bench(&options_of(&arguments)),
    }
}

fn options_of(arguments: &[String]) -> Options {
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    Options {
        seconds: value("--seconds").map_or(3.0, |text| text.parse().expect("seconds")),
        cities: value("--cities").map_or(20_000, |text| text.parse().expect("a number of cities")),
        only: value("--only").cloned(),
    }
}

fn bench(options: &Options) {
    let hello = Server::start(&["serve-hello"]);
    let api = Server::start(&["serve-api", &options.cities.to_string()]);
    let duration = Duration::from_secs_f64(options.seconds);

    let greeting = [Request::get("/")];
    let before = load::run(hello.port, &greeting, duration, || hello.cpu());
    println!(
        "{} cities, {} connections, {} s a line\n",
        options.cities,
        load::CONNECTIONS,
        options.seconds
    );
    println!("| request | requests | per second | per CPU second | of hello | wanted | p50 ms | p99 ms |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    print_line("hello", &before, None, None);
    for line in lines(&api) {
        if options.only.as_deref().is_some_and(|only| only != line.name) {
            continue;
        }
        let outcome = load::run(api.port, &line.requests, duration, || api.cpu());
        let share = outcome.per_cpu_second() / before.per_cpu_second();
        print_line(line.name, &outcome, Some(share), line.wanted);
    }
    let after = load::run(hello.port, &greeting, duration, || hello.cpu());
    print_line("hello again", &after, None, None);
}

fn print_line(name: &str, outcome: &Outcome, share: Option<f64>, wanted: Option<f64>) {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
    println!(
        "| {name} | {} | {:.0} | {:.0} | {} | {} | {:.2} | {:.2} |",
        outcome.count,
        outcome.per_second(),
        outcome.per_cpu_second(),
        number(share),
        number(wanted),
        outcome.percentile_ms(0.5),
        outcome.percentile_ms(0.99),
    );
}

/// What is asked of the server.
fn lines(api: &Server) -> Vec<Line> {
    let (token, ids) = api.told.split_first().expect("a token");
    let typed = [
        "gre", "greno", "saint", "kre", "ly", "m", "vil", "den", "monpol", "ter", "хар", "ба", "quinsur", "xan", "st ",
        "l", "sur", "zerka", "mir", "ostgrad",
    ];
    let lists = [
        "country=FR",
        "country=UA,AM",
        "sort=-population",
        "sort=name",
        "kind=municipality",
    ];
    vec![
        Line {
            name: "list of 50",
            wanted: Some(0.05),
            requests: lists
                .iter()
                .map(|query| Request::get(&format!("/api/v1/cities?limit=50&{query}")))
                .collect(),
        },
        Line {
            name: "read",
            wanted: Some(0.2),
            requests: ids
                .iter()
                .map(|id| Request::get(&format!("/api/v1/cities/{id}")))
                .collect(),
        },
        Line {
            name: "typeahead",
            wanted: Some(0.2),
            requests: typed
                .iter()
                .map(|text| Request::get(&format!("/api/v1/cities/search?q={}", encoded(text))))
                .collect(),
        },
        Line {
            name: "matches",
            wanted: None,
            requests: ids
                .iter()
                .map(|id| Request::get(&format!("/api/v1/cities/{id}/matches")).signed(token))
                .collect(),
        },
        Line {
            name: "POST",
            wanted: Some(0.03),
            requests: vec![Request::post("/api/v1/cities", token)],
        },
    ]
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child process");
        let told = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut told: Vec<String> = told.map_while(Result::ok).take_while(|line| line != "ready").collect();
        assert!(!told.is_empty(), "the server did not start");
        let port = told.remove(0).parse().expect("a port");
        let stdin = child.stdin.take().expect("its input");
        Self {
            child,
            _stdin: stdin,
            port,
            told,
        }
    }

    /// The CPU time that it has used, all threads together.
    fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("Linux's /proc");
        // The name in parentheses may hold spaces; what follows begins with field 3.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks: u64 = fields
            .split_ascii_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>().expect("ticks"))
            .sum();
        // Linux tells user space of 100 ticks a second.
        Duration::from_millis(ticks * 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
