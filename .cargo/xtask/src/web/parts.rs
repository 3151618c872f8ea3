//! The app in parts: the module that every page needs, and those that come when one of their pages is opened.
//!
//! `wasm_split_cli_support` finds the functions that `split!` marks in `web/src/pages.rs`. What only one part needs goes
//! into its module, what several need into a chunk that they share, and all else stays in the main module. They travel in packs
//! ([`super::packs`]), which `web/parts.js` fetches and links in place of the script that the tool writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::Options;

use crate::process;

/// The script that fetches parts, as the glue imports it, with one function for each part: `__wasm_split_load_map`.
pub(super) const LINKER: &str = "./parts.js";
/// The glue, as that script imports it.
pub(super) const GLUE: &str = "./app.js";

/// The modules beside the main one.
pub(super) struct Parts {
    /// The modules by their name.
    pub(super) modules: BTreeMap<String, Vec<u8>>,
    /// Which modules each part needs beside the main one.
    pub(super) needs: BTreeMap<String, BTreeSet<String>>,
}

/// Takes the module that the compiler made apart; the main module is left in a file for `wasm-bindgen`.
pub(super) fn split(whole: &Path, directory: &Path) -> Result<(PathBuf, Parts)> {
    process::step("taking the app apart (wasm-split)");
    if directory.exists() {
        fs::remove_dir_all(directory).with_context(|| format!("cannot clear {}", directory.display()))?;
    }
    let input = fs::read(whole).with_context(|| format!("cannot read {}", whole.display()))?;
    let main = directory.join("main.wasm");
    let mut options = Options::new(&input);
    options.output_dir = directory;
    options.main_out_path = &main;
    options.link_name = LINKER;
    options.main_module = GLUE;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("wasm-split: {error:#}"))?;
    let mut modules = BTreeMap::new();
    for path in &split.split_modules {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        modules.insert(name.unwrap_or_default(), content);
    }
    Ok((
        main,
        Parts {
            modules,
            needs: split
                .prefetch_map
                .into_iter()
                .map(|(part, modules)| (part, modules.into_iter().collect()))
                .collect(),
        },
    ))
}
