//! `cargo xtask web`: from the `web` crate to `web/dist`, ready to be served as it lies there.
//!
//! The way: cargo makes the module, `wasm-bindgen` its glue, `wasm-opt` makes it small; every file that a page refers to gets the
//! hash of its content into its name, so that browsers may keep it for ever; `index.html` learns the names; what compresses is
//! compressed once, here, and not at every answer.

mod bundle;
mod order;
mod packs;
mod page;
mod parts;
mod slim;
mod stamp;
mod wasm;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::npm;
use crate::process;
use crate::workspace::Workspace;

use self::bundle::Bundle;
use self::wasm::Way;

/// What JavaScript and WebAssembly may weigh together on the way to a browser that opens any one page, in bytes after brotli.
const BUDGET_BYTES: u64 = 300_000;

/// Options of `cargo xtask web`.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Quick build for development: not optimised, not compressed
    #[arg(long)]
    pub(crate) dev: bool,
    /// Fail when JavaScript and WebAssembly weigh more than the budget
    #[arg(long, conflicts_with = "dev")]
    pub(crate) check_budget: bool,
    /// Build even when nothing has changed
    #[arg(long)]
    pub(crate) force: bool,
    /// Build the module in this way instead of the first that works
    #[arg(long, value_enum)]
    pub(crate) way: Option<Way>,
}

/// Builds the web app unless it is there already.
pub(crate) fn perform(workspace: &Workspace, options: &Options) -> Result<()> {
    let _turn = turn(workspace)?;
    let inputs = stamp::of_inputs(workspace, options.dev)?;
    if options.force || !stamp::is_current(workspace, &inputs) {
        build(workspace, options)?;
        stamp::write(workspace, &inputs)?;
    } else {
        process::step("the web app is up to date");
    }
    if options.check_budget {
        check_budget(&workspace.dist())?;
    }
    Ok(())
}

/// Waits until nobody else builds into `web/dist`; the lock ends with the file, or with the process.
fn turn(workspace: &Workspace) -> Result<File> {
    let path = workspace.dist_lock();
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        process::step("waiting for another build of the web app");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    npm::install(workspace)?;
    let app = wasm::build(workspace, options.dev, options.way)?;
    process::step("putting the web app together");
    let mut bundle = Bundle::default();
    page::assemble(workspace, &mut bundle, app, options.dev)?;
    if !options.dev {
        bundle.compress();
    }
    bundle.write(&workspace.dist())?;
    println!("{}", bundle.report());
    process::step(format_args!(
        "web/dist is ready ({:.0} s)",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// Weighs what lies in `web/dist`, so that a build made earlier is judged too. The API reference is another page.
pub(crate) fn check_budget(dist: &Path) -> Result<()> {
    let weights = weigh(dist)?;
    println!("{}", weights.report());
    weights.judge(BUDGET_BYTES)
}

/// Bytes after brotli.
struct Weights {
    /// What every page fetches.
    common: u64,
    /// What the pages of one kind fetch beside it: their parts, and what these weigh together.
    pages: Vec<(String, u64)>,
    /// All of them there are.
    all: u64,
}

fn weigh(dist: &Path) -> Result<Weights> {
    let page = fs::read_to_string(dist.join("index.html")).context("web/dist is missing")?;
    let needs = page::parts_of(&page);
    let mut weights = BTreeMap::new();
    let mut loader = None;
    for directory in ["", "assets"] {
        for entry in fs::read_dir(dist.join(directory)).with_context(|| format!("cannot read {}", dist.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if ![".js", ".wasm", ".pack"].iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let twin = entry.path().with_file_name(format!("{name}.br"));
            let weight = match fs::metadata(&twin) {
                Ok(twin) => twin.len(),
                // The smallest travel as they are.
                Err(_) if entry.metadata()?.len() < bundle::SMALLEST_COMPRESSED as u64 => entry.metadata()?.len(),
                Err(_) => bail!("{} is missing: build without --dev", twin.display()),
            };
            weights.insert(Path::new(directory).join(&name), weight);
            if name.starts_with("loader.") {
                loader = Some(fs::read_to_string(entry.path())?);
            }
        }
    }
    let of_parts: BTreeSet<&Path> = needs.values().flatten().map(Path::new).collect();
    let common = weights.iter().filter(|(path, _)| !of_parts.contains(path.as_path()));
    let mut pages = Vec::new();
    for parts in page::parts_of_pages(&loader.context("the loader is missing")?)? {
        let mut packs = BTreeSet::new();
        for part in &parts {
            let needed = needs
                .get(part)
                .with_context(|| format!("the loader names a part {part} that there is not"))?;
            packs.extend(needed.iter().map(Path::new));
        }
        let weight = packs.iter().filter_map(|path| weights.get(*path)).sum();
        pages.push((parts.join(" and "), weight));
    }
    Ok(Weights {
        common: common.map(|(_, weight)| weight).sum(),
        pages,
        all: weights.values().sum(),
    })
}

impl Weights {
    fn heaviest_page(&self) -> u64 {
        self.common + self.pages.iter().map(|(_, weight)| *weight).max().unwrap_or(0)
    }

    fn report(&self) -> String {
        let mut report = format!(
            "JavaScript and WebAssembly after brotli:\n{:>9}  every page",
            self.common
        );
        for (parts, weight) in &self.pages {
            let _ = write!(report, "\n{weight:>+9}  pages of {parts}");
        }
        let _ = write!(report, "\n{:>9}  everything there is", self.all);
        report
    }

    fn judge(&self, budget: u64) -> Result<()> {
        let heaviest = self.heaviest_page();
        if heaviest > budget {
            bail!(
                "the heaviest page fetches {heaviest} bytes of JavaScript and WebAssembly, {} over the budget of {budget}",
                heaviest - budget
            );
        }
        println!("budget: the heaviest page fetches {heaviest} of {budget} bytes");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dist() -> tempfile::TempDir {
        let dist = tempfile::tempdir().unwrap();
        fs::create_dir(dist.path().join("assets")).unwrap();
        let page = r#"<meta name="part-cities" content="/assets/cities.pack /assets/shared.pack"><meta name="part-map" content="/assets/map.pack /assets/shared.pack">"#;
        fs::write(dist.path().join("index.html"), page).unwrap();
        let files = [
            ("boot.js", 1),
            ("assets/app.js", 10),
            ("assets/app.wasm", 100),
            ("assets/cities.pack", 20),
            ("assets/map.pack", 7),
            ("assets/shared.pack", 5),
            ("assets/loader.1.js", 2),
        ];
        for (path, weight) in files {
            fs::write(dist.path().join(path), "plain".repeat(100)).unwrap();
            fs::write(dist.path().join(format!("{path}.br")), vec![0; weight]).unwrap();
        }
        let loader = "const PARTS = [\n  [/^\\/cities/, [\"cities\", \"map\"]],\n  [/^\\//, [\"map\"]],\n];\n";
        fs::write(dist.path().join("assets/loader.1.js"), loader).unwrap();
        dist
    }

    #[test]
    fn a_page_weighs_what_all_pages_fetch_and_what_its_parts_need_once() {
        let dist = dist();
        let weights = weigh(dist.path()).unwrap();
        assert_eq!((weights.common, weights.all), (113, 145));
        assert_eq!(
            weights.pages,
            [("cities and map".to_owned(), 32), ("map".to_owned(), 12)]
        );
        assert!(weights.judge(145).is_ok());
        let error = weights.judge(144).unwrap_err().to_string();
        assert!(error.contains("1 over the budget"), "{error}");
    }

    #[test]
    fn an_uncompressed_build_is_not_judged_light() {
        let dist = dist();
        fs::remove_file(dist.path().join("assets/app.wasm.br")).unwrap();
        assert!(weigh(dist.path()).is_err());
    }
}
