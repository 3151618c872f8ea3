//! What an import did, row by row.

use std::fmt;
use std::time::Duration;

use super::entry::Refused;

/// How many refused rows are told one by one; the others are only counted.
pub const REFUSALS_TOLD: usize = 1_000;

/// Counts of an import, and why rows were refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was imported.
    pub source: String,
    /// Rows read, the header not counted.
    pub read: u64,
    /// Rows that added something new.
    pub added: u64,
    /// Rows that changed something.
    pub changed: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows about things that the directory does not have, passed over.
    pub passed: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// The first refused rows with their reasons.
    pub refusals: Vec<Refused>,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// An empty report on `source`.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            ..Self::default()
        }
    }

    /// Counts a refused row.
    pub fn refuse(&mut self, refused: Refused) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_TOLD {
            self.refusals.push(refused);
        }
    }

    /// One line while the import goes on.
    pub fn progress(&self) -> String {
        let mut line = format!(
            "{}: {} rows read, {} added, {} changed, {} unchanged, {} refused",
            self.source, self.read, self.added, self.changed, self.unchanged, self.refused
        );
        if self.passed > 0 {
            line.push_str(&format!(", {} passed over", self.passed));
        }
        line
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} in {:.1} s", self.progress(), self.took.as_secs_f64())?;
        for refused in &self.refusals {
            writeln!(f, "  line {}: {}", refused.line, refused.reason)?;
        }
        let untold = self.refused.saturating_sub(self.refusals.len() as u64);
        if untold > 0 {
            writeln!(f, "  and {untold} more")?;
        }
        Ok(())
    }
}
