//! Python's packages, each set in an environment of its own below the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::machine;
use crate::process;
use crate::workspace::Workspace;

/// The environment of this name with the packages of a requirements file; made anew when that file changes.
pub(crate) fn environment(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let text = fs::read(requirements).with_context(|| format!("{} is missing", requirements.display()))?;
    let home = workspace.target().join("xtask").join(name);
    let stamp = home.join("requirements.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(home);
    }
    make(&home)?;
    process::step(format_args!("installing what {} names (pip)", requirements.display()));
    let mut pip = Command::new(home.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    process::run(pip.arg(requirements))
        .with_context(|| format!("what {} names could not be installed from PyPI", requirements.display()))?;
    fs::write(&stamp, text).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(home)
}

/// Makes a virtual environment. Debian has the module for that in a package apart.
fn make(home: &Path) -> Result<()> {
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    let make = || {
        let mut python = Command::new("python3");
        python.args(["-m", "venv"]).arg(home);
        process::succeeds(&mut python)
    };
    if process::find_program("python3").is_some() && make() {
        return Ok(());
    }
    machine::install_packages("Python with its module venv", &["python3", "python3-venv"])?;
    if !make() {
        bail!("`python3 -m venv {}` fails; run it to see why", home.display());
    }
    Ok(())
}
