//! `cargo xtask run`: from a fresh clone to an application in the browser.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process;
use crate::web;
use crate::workspace::{Profile, Workspace};

/// The embedded database inside the data directory.
const DATABASE_FILE: &str = "passerelle.sqlite";

/// Options of `cargo xtask run`.
#[derive(Args)]
pub(crate) struct Options {
    /// The port to listen on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// sqlite://… or postgres://…; without it an SQLite file in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Where the server keeps its files
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// Throw the embedded database away first
    #[arg(long)]
    fresh: bool,
    /// Build the server optimised
    #[arg(long)]
    release: bool,
}

/// Builds what is not built, prepares what is not prepared, then becomes the server.
pub(crate) fn perform(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    if options.fresh && options.database_url.is_some() {
        bail!("--fresh throws away the embedded database only; drop and create yours by hand, then leave --fresh out");
    }
    web::perform(workspace, &web::Options::default())?;
    let profile = if options.release {
        Profile::Release
    } else {
        Profile::Dev
    };
    let binary = workspace.build_api(profile)?;

    let data = workspace.root().join(&options.data_dir);
    fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
    if options.fresh {
        throw_away(&data)?;
    }
    let server = Server {
        binary,
        database: options.database_url.clone().unwrap_or_else(|| embedded_database(&data)),
        data,
        web: workspace.dist(),
    };
    server.prepare()?;
    process::step(format_args!(
        "ready after {:.1} s; Passerelle is at http://{}:{}/ (API: /docs, stop: Ctrl-C)",
        begun.elapsed().as_secs_f64(),
        if options.bind.is_unspecified() {
            "127.0.0.1".to_owned()
        } else {
            options.bind.to_string()
        },
        options.port
    ));
    become_program(server.serve(options.bind, options.port))
}

/// The server's binary and where it finds its things.
pub(crate) struct Server {
    /// The program `api`.
    pub(crate) binary: PathBuf,
    /// `DATABASE_URL`.
    pub(crate) database: String,
    /// Where it keeps its files.
    pub(crate) data: PathBuf,
    /// The finished web app.
    pub(crate) web: PathBuf,
}

impl Server {
    /// Brings the tables up to date, and loads the directory and the demonstration where they are missing.
    pub(crate) fn prepare(&self) -> Result<()> {
        process::step("preparing the database");
        process::run(&mut self.command("migrate"))?;
        process::step("loading the directory and the demonstration where they are missing");
        process::run(&mut self.command("demo"))
    }

    /// The command that serves until it is told to stop.
    pub(crate) fn serve(&self, bind: IpAddr, port: u16) -> Command {
        let mut command = self.command("serve");
        command
            .args(["--port", &port.to_string(), "--bind", &bind.to_string()])
            .arg("--web-dir")
            .arg(&self.web);
        command
    }

    fn command(&self, task: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env("DATABASE_URL", &self.database)
            .arg(task)
            .arg("--data-dir")
            .arg(&self.data);
        command
    }
}

/// The embedded database of a data directory.
pub(crate) fn embedded_database(data: &Path) -> String {
    format!("sqlite://{}", data.join(DATABASE_FILE).display())
}

fn throw_away(data: &Path) -> Result<()> {
    for entry in fs::read_dir(data).with_context(|| format!("cannot read {}", data.display()))? {
        let path = entry?.path();
        // The write-ahead log and its index belong to the file.
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(DATABASE_FILE))
        {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            process::step(format_args!("threw away {}", path.display()));
        }
    }
    Ok(())
}

/// The server takes our place: signals reach it, and its exit code is ours.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start `{}`", process::words(&command)))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<()> {
    process::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_start_removes_the_database_and_nothing_else() {
        let data = tempfile::tempdir().unwrap();
        for name in [
            "passerelle.sqlite",
            "passerelle.sqlite-wal",
            "passerelle.sqlite-shm",
            "signing.key",
        ] {
            fs::write(data.path().join(name), "x").unwrap();
        }
        throw_away(data.path()).unwrap();
        let left: Vec<_> = fs::read_dir(data.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["signing.key"]);
    }
}
