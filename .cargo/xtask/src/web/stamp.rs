//! Whether `web/dist` was made from what lies in the house now.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::web::bundle::hexadecimal;
use crate::workspace::Workspace;

/// Where the finished build keeps the digest of its inputs.
const STAMP: &str = ".inputs";

/// Everything that the result depends on. A path may be a file or a directory.
const INPUTS: [&str; 14] = [
    "Cargo.toml",
    "Cargo.lock",
    "shared/Cargo.toml",
    "shared/src",
    "web/Cargo.toml",
    "web/src",
    "web/style",
    "web/locales",
    "web/public",
    "web/index.html",
    "web/loader.js",
    "web/parts.js",
    "web/package-lock.json",
    ".cargo/xtask/src/web",
];

/// A digest of every input, by path and content.
pub(super) fn of_inputs(workspace: &Workspace, dev: bool) -> Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&workspace.root().join(input), &mut files)?;
    }
    files.sort();
    let mut digest = Sha256::new();
    digest.update([u8::from(dev)]);
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file
            .strip_prefix(workspace.root())
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned();
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name.as_bytes());
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(&content);
    }
    Ok(hexadecimal(&digest.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}

/// Whether the last build ended well and had these inputs.
pub(super) fn is_current(workspace: &Workspace, inputs: &str) -> bool {
    let dist = workspace.dist();
    dist.join("index.html").is_file() && fs::read_to_string(dist.join(STAMP)).is_ok_and(|stamp| stamp == inputs)
}

/// Says that the build with these inputs ended well.
pub(super) fn write(workspace: &Workspace, inputs: &str) -> Result<()> {
    let path = workspace.dist().join(STAMP);
    fs::write(&path, inputs).with_context(|| format!("cannot write {}", path.display()))
}
