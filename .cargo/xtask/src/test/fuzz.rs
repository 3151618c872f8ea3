//! Requests made from the API document, wanted and unwanted ones, against a running server on both databases:
//! `schemathesis` with all its checks, as everybody who may call. `openapi/schemathesis.toml` tells its rules.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{self, Companion, StopSignal, Terms};
use crate::python;
use crate::run::{Server, embedded_database};
use crate::test::browser;
use crate::test::postgres::{self, log_file};
use crate::workspace::Workspace;

/// The same requests each time.
const SEED: &str = "20261126";
/// Requests for each operation and phase, where the phase lets us choose.
const EXAMPLES: &str = "5";
/// The password of the demonstration's accounts.
const PASSWORD: &str = "passerelle-demo-2026";
/// All phases: the document's examples, each bound of each field, made-up requests, and requests one after the other.
const ALL: &str = "examples,coverage,fuzzing,stateful";
/// Those that find what depends on the role.
const ROLE: &str = "examples,fuzzing";
/// Who calls on which database, by the name of the demonstration's account (nobody is the public), and in which phases. The
/// door is the same for all: it is tried in full as the public and as a city's staff.
const ON_SQLITE: [Caller; 3] = [(None, ALL), (Some("admin"), ROLE), (Some("meae"), ROLE)];
const ON_POSTGRES: [Caller; 3] = [
    (Some("grenoble"), ALL),
    (Some("resacoop"), ROLE),
    (Some("reviewer"), ROLE),
];

/// An account of the demonstration and the phases of its requests.
type Caller = (Option<&'static str>, &'static str);

/// Runs all of it.
pub(super) fn perform(workspace: &Workspace) -> Result<()> {
    let tool = install(workspace)?;
    let binary = browser::build_server(workspace)?;
    let mut faults = Vec::new();

    let data = tempfile::Builder::new()
        .prefix("passerelle-fuzz-")
        .tempdir()
        .context("no temporary directory")?;
    let server = |database| Server {
        binary: binary.clone(),
        database,
        data: data.path().to_path_buf(),
        web: workspace.dist(),
    };
    let on_sqlite = server(embedded_database(data.path()));
    faults.extend(callers(workspace, &tool, &on_sqlite, "SQLite", &ON_SQLITE)?);
    let postgres = postgres::start(workspace)?;
    let on_postgres = server(postgres.url());
    faults.extend(callers(workspace, &tool, &on_postgres, "PostgreSQL", &ON_POSTGRES)?);

    if !faults.is_empty() {
        bail!("the API does not do what its document says: {}", faults.join(", "));
    }
    Ok(())
}

/// Serves the demonstration and lets each caller send its requests; the callers for whom something failed.
fn callers(
    workspace: &Workspace,
    tool: &Path,
    server: &Server,
    database: &str,
    callers: &[Caller],
) -> Result<Vec<String>> {
    server.prepare()?;
    let port = process::free_port()?;
    let log = log_file(workspace, "fuzz-server.log")?;
    let command = server.serve(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let terms = Terms {
        run_as: &[],
        stop: StopSignal::Terminate,
        log: &log,
        throw_away: None,
    };
    let mut companion = Companion::start("the server", &command, &terms)?;
    process::wait_for_http(&mut companion, port, "/readyz", Duration::from_secs(60), &log)?;
    // All sign in first: made-up requests to sign in slow down who comes after them.
    let mut signed_in = Vec::new();
    for (caller, phases) in callers {
        let token = caller.map(|account| sign_in(port, account)).transpose()?;
        signed_in.push((caller, phases, token));
    }
    let mut faults = Vec::new();
    for (caller, phases, token) in signed_in {
        let who = caller.unwrap_or("the public");
        process::step(format_args!("requests on {database} as {who}"));
        let mut schemathesis = Command::new(tool);
        schemathesis
            // It keeps a cache where it stands.
            .current_dir(tool.parent().unwrap_or(tool))
            .env("SCHEMATHESIS_HOOKS", workspace.root().join("openapi/fuzz_hooks.py"))
            .arg("--config-file")
            .arg(workspace.root().join("openapi/schemathesis.toml"))
            .arg("run")
            .arg(format!("http://127.0.0.1:{port}/api/v1/openapi.json"))
            .args([
                "--seed",
                SEED,
                "--max-examples",
                EXAMPLES,
                "--phases",
                phases,
                "--no-color",
            ]);
        if let Some(token) = token {
            schemathesis
                .arg("--header")
                .arg(format!("Authorization: Bearer {token}"))
                // It would end the session that all other requests are sent with; the public's requests try it.
                .args(["--exclude-operation-id", "delete_session"]);
        }
        if let Err(error) = process::run_in_private(&mut schemathesis) {
            eprintln!("{error:#}");
            faults.push(format!("{who} on {database}"));
        }
    }
    Ok(faults)
}

/// The access token of a new session of one of the demonstration's accounts.
fn sign_in(port: u16, account: &str) -> Result<String> {
    let body =
        serde_json::json!({ "email": format!("{account}@demo.passerelle.example"), "password": PASSWORD }).to_string();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect(address).context("the server does not listen")?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "POST /api/v1/session HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cookie = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie").then_some(())?;
        value.strip_prefix("__Host-access=")?.split(';').next()
    });
    cookie.map(str::to_owned).with_context(|| {
        format!(
            "{account} cannot sign in: {}",
            answer.lines().next().unwrap_or_default()
        )
    })
}

/// Brings the tool to the version of `openapi/requirements.txt`, in a place of its own, if it is not there yet.
fn install(workspace: &Workspace) -> Result<PathBuf> {
    let wanted = workspace.root().join("openapi/requirements.txt");
    Ok(python::environment(workspace, "python", &wanted)?.join("bin/schemathesis"))
}
