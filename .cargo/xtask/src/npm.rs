//! The JavaScript tools of `web/package.json`: `wasm-opt`, Redoc, the map data, the linters of the API document, Playwright.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// Tells which lock file `node_modules` was made from.
const STAMP: &str = ".passerelle-lock";

/// Brings `web/node_modules` to the state of the lock file, if it is not there yet.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let web = workspace.web();
    let lock = fs::read(web.join("package-lock.json")).context("web/package-lock.json is missing")?;
    let stamp = web.join("node_modules").join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if process::find_program("npm").is_none() {
        bail!("Node.js with npm is missing (20.17 or newer): install it, for example `apt-get install -y nodejs npm`");
    }
    process::step("installing the web tools (npm ci)");
    let mut npm = Command::new("npm");
    // No package needs its install script, and some of them send statistics.
    npm.current_dir(&web).args([
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel",
        "error",
    ]);
    process::run(&mut npm)?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A file of an installed package.
pub(crate) fn file(workspace: &Workspace, path: &str) -> Result<PathBuf> {
    let path = workspace.web().join("node_modules").join(path);
    if !path.is_file() {
        bail!("{} is missing although npm finished", path.display());
    }
    Ok(path)
}

/// `node` with a script of an installed package.
pub(crate) fn node(workspace: &Workspace, script: &str) -> Result<Command> {
    let script = file(workspace, script)?;
    let mut command = Command::new("node");
    command.current_dir(workspace.web()).arg(script);
    quiet(&mut command);
    Ok(command)
}

/// The command that a package installs under this name.
pub(crate) fn tool(workspace: &Workspace, name: &str) -> Result<Command> {
    let path = workspace.web().join("node_modules/.bin").join(name);
    if !Path::new(&path).exists() {
        bail!("the tool `{name}` is missing although npm finished");
    }
    let mut command = Command::new(path);
    command.current_dir(workspace.web());
    quiet(&mut command);
    Ok(command)
}

/// The tools work on our files only: they shall not ask anybody for updates, nor tell anybody of us.
fn quiet(command: &mut Command) {
    command
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .env("DO_NOT_TRACK", "1");
}
