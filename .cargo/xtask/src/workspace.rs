//! Where the rooms of the house are, and how to call cargo from inside cargo.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

/// The checked-out project and the directory of its builds.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

/// How the server is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; what is hot is optimised all the same.
    Dev,
    /// For production and for measuring.
    Release,
}

impl Workspace {
    /// Finds the project that the person stands in.
    pub(crate) fn discover() -> Result<Self> {
        let here = env::current_dir().context("the current directory is gone")?;
        let Some(root) = here
            .ancestors()
            .find(|directory| directory.join(".cargo/xtask/Cargo.toml").is_file())
        else {
            bail!("{} is not inside the project", here.display());
        };
        let root = root.to_path_buf();
        let metadata = process::capture(cargo_in(&root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata did not write JSON")?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata named no target directory")?;
        Ok(Self {
            root,
            target: PathBuf::from(target),
        })
    }

    /// The top of the project.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The room of the web app.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The web app as it is served.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("web/dist")
    }

    /// Held by who builds the web app: two at once would leave a mixture.
    pub(crate) fn dist_lock(&self) -> PathBuf {
        self.root.join("web/dist.lock")
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The server's binary once it is built.
    pub(crate) fn api_binary(&self, profile: Profile) -> PathBuf {
        let directory = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target
            .join(directory)
            .join(format!("api{}", env::consts::EXE_SUFFIX))
    }

    /// A cargo that does not inherit what our own cargo told us about ourselves.
    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// What cargo knows of all packages that a build uses.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let text = process::capture(self.cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
        serde_json::from_str(&text).context("cargo metadata did not write JSON")
    }

    /// Builds the server's binary.
    pub(crate) fn build_api(&self, profile: Profile) -> Result<PathBuf> {
        process::step("building the server");
        let mut cargo = self.cargo();
        cargo.args(["build", "--package", "api", "--bin", "api"]);
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        process::run(&mut cargo)?;
        Ok(self.api_binary(profile))
    }
}

/// `cargo run` describes the running package in the environment. A build script that watches such a variable would see it
/// change between `cargo xtask …` and a plain `cargo build`, and build again.
fn cargo_in(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    remove_own_package(&mut command);
    command
}

/// Takes what cargo said about this crate out of the environment of a program.
pub(crate) fn remove_own_package(command: &mut Command) {
    const OWN: [&str; 4] = ["CARGO", "CARGO_PRIMARY_PACKAGE", "CARGO_CRATE_NAME", "LD_LIBRARY_PATH"];
    for name in OWN {
        command.env_remove(name);
    }
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_BIN_") {
            command.env_remove(&name);
        }
    }
}
