//! A PostgreSQL of our own for the time of the tests: on a free port, on data that nobody keeps.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::machine;
use crate::process::{self, Companion, StopSignal, Terms};
use crate::workspace::Workspace;

/// Where Debian puts the server, one directory per version.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";

/// Who the tests are to the server.
const SUPERUSER: &str = "passerelle";

/// Safety against power cuts costs time and protects nothing here. Many tests, many connections.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
    "log_min_messages=warning",
];

/// A running server. It stops when this is dropped, and also when the task is killed.
pub(crate) struct Server {
    // The order is that of dropping: first the server stops, then its data goes.
    _companion: Companion,
    _data: TempDir,
    port: u16,
}

impl Server {
    /// Where the tests find it; the role may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }
}

/// Starts one where the machine has PostgreSQL.
pub(crate) fn start_if_there(workspace: &Workspace) -> Result<Option<Server>> {
    find_programs().map(|_| start(workspace)).transpose()
}

/// Finds or installs PostgreSQL, makes a cluster and starts it.
pub(super) fn start(workspace: &Workspace) -> Result<Server> {
    let programs = match find_programs() {
        Some(programs) => programs,
        None => {
            machine::install_packages("PostgreSQL", &["postgresql"])?;
            find_programs().context("PostgreSQL is installed, and still its programs are not where Debian puts them")?
        }
    };
    process::step("starting a PostgreSQL for the tests");
    let data = tempfile::Builder::new()
        .prefix("passerelle-postgres-")
        .tempdir()
        .context("no temporary directory")?;
    let run_as = step_down(data.path())?;
    let cluster = data.path().join("cluster");
    let mut initdb = as_user(&run_as, &programs.join("initdb"));
    initdb.current_dir(data.path()).args([
        "--username",
        SUPERUSER,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]);
    process::capture(initdb.arg("--pgdata").arg(&cluster)).context("initdb made no cluster")?;

    let port = process::free_port()?;
    let log = log_file(workspace, "postgres.log")?;
    let mut server = Command::new(programs.join("postgres"));
    server
        .current_dir(data.path())
        .arg("-D")
        .arg(&cluster)
        .args(["-p", &port.to_string()]);
    for setting in SETTINGS {
        server.args(["-c", setting]);
    }
    let run_as: Vec<&str> = run_as.iter().map(String::as_str).collect();
    let terms = Terms {
        run_as: &run_as,
        stop: StopSignal::Interrupt,
        log: &log,
        throw_away: Some(&cluster),
    };
    let mut companion = Companion::start("PostgreSQL", &server, &terms)?;
    wait_until_ready(&programs, port, &mut companion, &log)?;
    Ok(Server {
        _companion: companion,
        _data: data,
        port,
    })
}

/// A file for what a companion says, kept for reading after a failure.
pub(super) fn log_file(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let directory = workspace.target().join("xtask");
    fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
    Ok(directory.join(name))
}

/// The directory of `initdb` and `postgres`, the newest version first.
fn find_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Path::new(DEBIAN_VERSIONS)
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let mut candidates: Vec<PathBuf> = versions.into_iter().rev().map(|(_, directory)| directory).collect();
    candidates.extend(process::find_program("initdb").and_then(|path| path.parent().map(Path::to_path_buf)));
    candidates
        .into_iter()
        .find(|directory| directory.join("initdb").is_file() && directory.join("postgres").is_file())
}

/// PostgreSQL refuses to run as root: as root we hand the directory to another user and name the words that become this user.
fn step_down(directory: &Path) -> Result<Vec<String>> {
    if !machine::is_root() {
        return Ok(Vec::new());
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| process::succeeds(Command::new("id").args(["-u", user])))
        .context("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`")?;
    process::capture(Command::new("chown").arg(user).arg(directory))?;
    Ok(["runuser", "-u", user, "--"].map(str::to_owned).to_vec())
}

fn as_user(run_as: &[String], program: &Path) -> Command {
    match run_as.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
        None => Command::new(program),
    }
}

fn wait_until_ready(programs: &Path, port: u16, companion: &mut Companion, log: &Path) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let mut question = Command::new(programs.join("pg_isready"));
        if process::succeeds(question.args([
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--username",
            SUPERUSER,
        ])) {
            return Ok(());
        }
        if !companion.is_running() || Instant::now() > deadline {
            bail!(
                "PostgreSQL did not start; it said:\n{}",
                fs::read_to_string(log).unwrap_or_default()
            );
        }
        thread::sleep(Duration::from_millis(100));
    }
}
