//! One committed table: its rows, and what the README says of it.

use std::path::Path;

use anyhow::{Context as _, Result};

/// A CSV table in memory, in its final order.
pub(super) struct Table {
    /// File name in `api/data/`; `.zst` at the end means compressed.
    pub(super) file: &'static str,
    /// Where the rows come from and what they leave out, in Markdown.
    pub(super) about: &'static str,
    /// Column names with their meaning.
    pub(super) columns: &'static [(&'static str, &'static str)],
    /// The rows, each as long as `columns`.
    pub(super) records: Vec<Vec<String>>,
}

impl Table {
    /// How many rows there are below the header.
    pub(super) fn rows(&self) -> usize {
        self.records.len()
    }

    /// Writes the file and says how large it became.
    pub(super) fn write(&self, folder: &Path) -> Result<usize> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name))?;
        for record in &self.records {
            writer.write_record(record)?;
        }
        let plain = writer.into_inner().context("cannot finish the table")?;
        let bytes = if self.file.ends_with(".zst") {
            zstd::bulk::compress(&plain, 19).context("cannot compress")?
        } else {
            plain
        };
        let path = folder.join(self.file);
        std::fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(bytes.len())
    }
}

/// A number that may be missing.
pub(super) fn optional<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Several names in one column. The separator cannot be escaped, so names that contain it are left out before.
pub(super) fn joined(names: &[String]) -> String {
    names.join("|")
}
