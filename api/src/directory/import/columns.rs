//! CSV by column name: which sources say what under which heading.

use std::io::Read;

use anyhow::{Context as _, Result, bail};
use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use super::entry::Refused;

/// A CSV file with a header, read one record at a time.
pub(super) struct Columns<R> {
    reader: Reader<R>,
    header: Vec<String>,
    record: StringRecord,
    broken: bool,
}

impl<R: Read> Columns<R> {
    /// Opens a file; the separator is the comma, or the semicolon or tab that the header uses.
    pub(super) fn open(mut input: R) -> Result<Columns<impl Read>> {
        let mut start = Vec::new();
        let mut byte = [0];
        while start.len() < 64 * 1024 && input.read(&mut byte).context("cannot read the file")? == 1 {
            start.push(byte[0]);
            if byte[0] == b'\n' {
                break;
            }
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            start.drain(..3);
        }
        let count = |separator: u8| start.iter().filter(|b| **b == separator).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|separator| (count(*separator), *separator == b','))
            .unwrap_or(b',');
        let whole = std::io::Cursor::new(start).chain(input);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(whole);
        let header: Vec<String> = reader
            .headers()
            .context("cannot read the header")?
            .iter()
            .map(str::to_lowercase)
            .collect();
        if header.iter().all(String::is_empty) {
            bail!("the file is empty");
        }
        Ok(Columns {
            reader,
            header,
            record: StringRecord::new(),
            broken: false,
        })
    }

    /// The position of the first of `names` (in lower case) that the header has.
    pub(super) fn position(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.header.iter().position(|column| column == name))
    }

    /// As [`Self::position`], with an error that names what is missing.
    pub(super) fn require(&self, names: &[&str]) -> Result<usize> {
        match self.position(names) {
            Some(position) => Ok(position),
            None => bail!(
                "the file has no column `{}` (it has: {})",
                names.join("` or `"),
                self.header.join(", ")
            ),
        }
    }

    /// The next record with its line, nothing at the end. A record that is no CSV or no UTF-8 is refused and reading goes on.
    pub(super) fn next(&mut self) -> Option<Result<(u64, &StringRecord), Refused>> {
        if self.broken {
            return None;
        }
        let before = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.record.position().map_or(before, csv::Position::line);
                if self.record.len() == self.header.len() {
                    Some(Ok((line, &self.record)))
                } else {
                    Some(Err(Refused::new(
                        line,
                        format!("{} fields instead of {}", self.record.len(), self.header.len()),
                    )))
                }
            }
            Err(error) => {
                let line = error.position().map_or(before, csv::Position::line);
                // A broken disk would answer the same for ever.
                self.broken = error.is_io_error();
                Some(Err(Refused::new(line, error.to_string())))
            }
        }
    }
}

/// The field at an optional position; empty if the file has no such column.
pub(super) fn field(record: &StringRecord, position: Option<usize>) -> &str {
    position.and_then(|position| record.get(position)).unwrap_or_default()
}
