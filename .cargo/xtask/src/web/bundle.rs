//! The files of the finished web app: named by content, compressed, weighed, written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Digits of the content hash that stand in a file's name.
const HASH_DIGITS: usize = 16;

/// Kinds of files that compression makes smaller.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "pack", "svg", "txt", "wasm", "webmanifest"];

/// Below this a compressed twin costs more than it saves.
pub(super) const SMALLEST_COMPRESSED: usize = 256;

/// One file with its compressed twins.
struct File {
    content: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

/// All files of the web app by their path below `dist`.
#[derive(Default)]
pub(super) struct Bundle {
    files: BTreeMap<String, File>,
}

impl Bundle {
    /// Adds a file under the name given.
    pub(super) fn add(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(
            path.to_owned(),
            File {
                content,
                brotli: None,
                gzip: None,
            },
        );
    }

    /// Adds a file with the hash of its content in its name (`assets/app.js` → `assets/app.<hash>.js`) and returns that path.
    pub(super) fn add_hashed(&mut self, path: &str, content: Vec<u8>) -> String {
        let hashed = hashed_path(path, &content);
        self.add(&hashed, content);
        hashed
    }

    /// Makes the compressed twins. The compressors are slow at their best level, so each processor takes its share of files.
    pub(super) fn compress(&mut self) {
        let mut files: Vec<(&String, &mut File)> = self.files.iter_mut().collect();
        files.retain(|(path, file)| is_compressible(path) && file.content.len() >= SMALLEST_COMPRESSED);
        // The largest first and in turns: no processor is left with two giants.
        files.sort_by_key(|(_, file)| std::cmp::Reverse(file.content.len()));
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let mut shares: Vec<Vec<&mut File>> = (0..workers).map(|_| Vec::new()).collect();
        for (turn, (_, file)) in files.into_iter().enumerate() {
            shares[turn % workers].push(file);
        }
        thread::scope(|scope| {
            for share in shares {
                scope.spawn(move || {
                    for file in share {
                        file.brotli = brotli_of(&file.content).ok();
                        file.gzip = gzip_of(&file.content).ok();
                    }
                });
            }
        });
    }

    /// Puts everything in place of what was there.
    pub(super) fn write(&self, dist: &Path) -> Result<()> {
        if dist.exists() {
            fs::remove_dir_all(dist).with_context(|| format!("cannot clear {}", dist.display()))?;
        }
        for (path, file) in &self.files {
            write_file(&dist.join(path), &file.content)?;
            if let Some(brotli) = &file.brotli {
                write_file(&dist.join(format!("{path}.br")), brotli)?;
            }
            if let Some(gzip) = &file.gzip {
                write_file(&dist.join(format!("{path}.gz")), gzip)?;
            }
        }
        Ok(())
    }

    /// The text of a file, for tests.
    #[cfg(test)]
    pub(super) fn text(&self, path: &str) -> String {
        self.files
            .get(path)
            .map(|file| String::from_utf8_lossy(&file.content).into_owned())
            .unwrap_or_default()
    }

    /// One line per file: its size as it is and as it travels.
    pub(super) fn report(&self) -> String {
        let mut report = String::from("      bytes     brotli       gzip  file");
        for (path, file) in &self.files {
            let size = |twin: &Option<Vec<u8>>| {
                twin.as_ref()
                    .map_or_else(|| "-".to_owned(), |bytes| bytes.len().to_string())
            };
            let _ = write!(
                report,
                "\n{:>11}{:>11}{:>11}  {path}",
                file.content.len(),
                size(&file.brotli),
                size(&file.gzip)
            );
        }
        report
    }
}

/// The digits of a digest.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The part of a file's name that changes with its content.
pub(super) fn content_hash(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
        .chars()
        .take(HASH_DIGITS)
        .collect()
}

fn hashed_path(path: &str, content: &[u8]) -> String {
    let hash = content_hash(content);
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{path}.{hash}"),
    }
}

fn is_compressible(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension))
}

fn brotli_of(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip_of(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_and_keeps_its_ending() {
        let one = hashed_path("assets/app.js", b"one");
        let two = hashed_path("assets/app.js", b"two");
        assert_ne!(one, two);
        assert!(one.starts_with("assets/app.") && one.ends_with(".js"), "{one}");
        assert_eq!(one.len(), "assets/app..js".len() + HASH_DIGITS);
    }

    #[test]
    fn text_gets_smaller_twins_and_pictures_none() {
        let mut bundle = Bundle::default();
        bundle.add("i18n/fr.json", "{\"bonjour\": \"bonjour\"}".repeat(50).into_bytes());
        bundle.add("logo.png", vec![7; 1_000]);
        bundle.compress();
        let text = &bundle.files["i18n/fr.json"];
        assert!(text.brotli.as_ref().is_some_and(|twin| twin.len() < text.content.len()));
        assert!(text.gzip.as_ref().is_some_and(|twin| twin.len() < text.content.len()));
        assert!(bundle.files["logo.png"].brotli.is_none());
    }
}
