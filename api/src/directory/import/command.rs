//! `api import`: the importers from the command line.

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use super::{Import, Report};
use crate::clock::Clock;
use crate::config::{ImportArgs, ImportKind};
use crate::db::Db;

/// Imports the files, telling progress on standard error and the reports on standard output.
///
/// # Errors
/// Where a file cannot be opened or has not the columns it needs, and those of the database. Refused rows are no error.
pub async fn run(db: &Db, args: &ImportArgs) -> Result<()> {
    let progress = |report: &Report| eprintln!("{}", report.progress());
    let import = Import {
        db,
        clock: &Clock::System,
        progress: &progress,
    };
    if args.kind == ImportKind::Bundled {
        ensure!(
            args.files.is_empty(),
            "the bundled tables are inside the binary: no file is needed"
        );
        match import.bundled().await? {
            Some(report) => tell(&report)?,
            None => writeln!(std::io::stdout(), "the bundled directory is loaded already")?,
        }
        return Ok(());
    }
    ensure!(!args.files.is_empty(), "name at least one file");
    for (position, path) in args.files.iter().enumerate() {
        let input = open(path)?;
        let report = match (args.kind, position) {
            (ImportKind::Geonames, 0) => import.geonames(input).await,
            (ImportKind::Geonames, _) => import.geonames_names(input).await,
            (ImportKind::Insee, _) => import.insee(input).await,
            (ImportKind::Katottg, _) => import.katottg(input).await,
            (ImportKind::Cities, _) => import.twin_cities(input).await,
            (ImportKind::Pairs, _) => import.pairs(input).await,
            (ImportKind::Bundled, _) => bail!("the bundled tables are inside the binary"),
        };
        tell(&report.with_context(|| format!("importing {}", path.display()))?)?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    Ok(Box::new(BufReader::with_capacity(1 << 18, file)))
}

fn tell(report: &Report) -> Result<()> {
    write!(std::io::stdout(), "{report}").context("writing the report")
}
