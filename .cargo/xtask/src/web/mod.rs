//! `cargo xtask web`: from the `web` crate to `web/dist`, ready to be served as it lies there.
//!
//! The way: cargo makes the module, `wasm-bindgen` its glue, `wasm-opt` makes it small; every file that a page refers to gets the
//! hash of its content into its name, so that browsers may keep it for ever; `index.html` learns the names; what compresses is
//! compressed once, here, and not at every answer.

mod bundle;
mod page;
mod stamp;
mod wasm;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::npm;
use crate::process;
use crate::workspace::Workspace;

use self::bundle::Bundle;
use self::wasm::Way;

/// What JavaScript and WebAssembly together may weigh on the way to a browser, in bytes after brotli: the aim.
const AIM_BYTES: usize = 300_000;

/// What they weigh today, rounded up. It only ever comes down, until it meets the aim: every build says how far it is.
const CEILING_BYTES: usize = 535_000;

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

fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    npm::install(workspace)?;
    let app = wasm::build(workspace, options.dev, options.way)?;
    process::step("putting the web app together");
    let mut bundle = Bundle::default();
    page::assemble(workspace, &mut bundle, app)?;
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
    let mut weight = 0;
    for directory in [dist.to_path_buf(), dist.join("assets")] {
        for entry in fs::read_dir(&directory).with_context(|| format!("cannot read {}", directory.display()))? {
            let path = entry?.path();
            let name = path.to_string_lossy();
            if name.ends_with(".js.br") || name.ends_with(".wasm.br") {
                weight += fs::metadata(&path)?.len() as usize;
            }
        }
    }
    judge_weight(weight, CEILING_BYTES)?;
    if weight > AIM_BYTES {
        println!("budget: still {} bytes over the aim of {AIM_BYTES}", weight - AIM_BYTES);
    }
    Ok(())
}

fn judge_weight(weight: usize, budget: usize) -> Result<()> {
    if weight == 0 {
        bail!("no compressed JavaScript or WebAssembly in web/dist: build without --dev");
    }
    if weight > budget {
        bail!(
            "JavaScript and WebAssembly weigh {weight} bytes (brotli), {} over the budget of {budget}",
            weight - budget
        );
    }
    println!("budget: {weight} of {budget} bytes (JavaScript and WebAssembly, brotli)");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::judge_weight;

    #[test]
    fn weight_up_to_the_budget_is_accepted() {
        assert!(judge_weight(300_000, 300_000).is_ok());
    }

    #[test]
    fn weight_over_the_budget_is_told_with_the_excess() {
        let error = judge_weight(300_001, 300_000).unwrap_err().to_string();
        assert!(error.contains("1 over the budget"), "{error}");
    }

    #[test]
    fn an_uncompressed_build_is_not_judged_light() {
        assert!(judge_weight(0, 300_000).is_err());
    }
}
