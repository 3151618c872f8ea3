//! What the machine must have: found where it is, installed where that is possible, and named where it is not.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs Debian packages. Needs root, and says so with the command to type where we are not root.
pub(crate) fn install_packages(purpose: &str, packages: &[&str]) -> Result<()> {
    let typed = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if process::find_program("apt-get").is_none() {
        bail!("{purpose} is missing, and this machine has no apt-get: install what `{typed}` would");
    }
    if !is_root() {
        bail!("{purpose} is missing, and installing it needs root: run `sudo {typed}`, then this command again");
    }
    process::step(format_args!("installing {purpose}: {typed}"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-o", "Acquire::Retries=3"])
            .args(arguments);
        process::run(&mut command)
    };
    // An out-of-date or unreachable list is not yet a failure: the packages may be in the cache.
    if let Err(error) = apt(&["update"]) {
        eprintln!("{error:#}; trying to install all the same");
    }
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments).with_context(|| format!("{purpose} could not be installed; by hand: `{typed}`"))
}

/// Whether we may install and must step down for PostgreSQL.
pub(crate) fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
