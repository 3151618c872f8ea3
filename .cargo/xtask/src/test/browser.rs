//! The journeys: our server on a throw-away demonstration, Chromium in front of it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::machine;
use crate::npm;
use crate::process::{self, Companion, StopSignal, Terms};
use crate::run::{Server, embedded_database};
use crate::test::contract;
use crate::test::postgres::log_file;
use crate::workspace::Workspace;

/// Names under which a browser with Chromium's engine is installed.
const BROWSERS: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
];

/// Where macOS keeps it.
const MACOS_BROWSER: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Runs every journey of `web/e2e`.
pub(super) fn perform(workspace: &Workspace) -> Result<()> {
    let browser = find_browser()?;
    npm::install(workspace)?;
    contract::generate_client(workspace)?;
    let binary = build_server(workspace)?;

    let data = tempfile::Builder::new()
        .prefix("passerelle-journeys-")
        .tempdir()
        .context("no temporary directory")?;
    let server = Server {
        binary,
        database: embedded_database(data.path()),
        data: data.path().to_path_buf(),
        web: workspace.dist(),
    };
    server.prepare()?;
    let port = process::free_port()?;
    let log = log_file(workspace, "journeys-server.log")?;
    let command = server.serve(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let terms = Terms {
        run_as: &[],
        stop: StopSignal::Terminate,
        log: &log,
        throw_away: Some(data.path()),
    };
    let mut companion = Companion::start("the server", &command, &terms)?;
    process::wait_for_http(&mut companion, port, "/readyz", Duration::from_secs(60), &log)?;

    process::step(format_args!("journeys in {}", browser.display()));
    let mut playwright = npm::tool(workspace, "playwright")?;
    playwright
        .args(["test", "--config", "e2e/playwright.config.ts"])
        .env("CHROMIUM", browser)
        .env("BASE_URL", format!("http://127.0.0.1:{port}"));
    process::run(&mut playwright)
}

/// Built together with the tests of the server: the same dependencies, the same features, nothing compiled again.
pub(super) fn build_server(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    process::run(cargo.args(["build", "--bins", "--tests"]))?;
    Ok(workspace.api_binary(crate::workspace::Profile::Dev))
}

fn find_browser() -> Result<PathBuf> {
    if let Some(named) = process::variable("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let find = || {
        let macos = PathBuf::from(MACOS_BROWSER);
        BROWSERS
            .iter()
            .find_map(|name| process::find_program(name))
            .or_else(|| macos.is_file().then_some(macos))
    };
    if let Some(browser) = find() {
        return Ok(browser);
    }
    machine::install_packages("Chromium (or name a browser in CHROMIUM)", &["chromium"])?;
    find().context("chromium is installed, and still not on the path")
}
