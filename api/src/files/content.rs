//! What a document is, by what is in it and never by its name; and whether it unfolds within measure.
//!
//! Office documents are archives. Their table of contents says how large they become; it may lie, so that they are unfolded
//! here too, into nothing, and never further than the bound.

use std::io::{self, Read, Seek, SeekFrom};

use shared::applications::AttachmentKind;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use zip::ZipArchive;

use crate::error::Error;

/// Read at the beginning, to tell what it is.
const HEAD: u64 = 8 * 1024;
/// Most parts of an archive: a thesis with a picture on each page has some hundred.
const PARTS_MAX: u64 = 5_000;
/// Any document may unfold to so many bytes.
const UNFOLDED_FREE: u64 = 10 * 1024 * 1024;
/// Beyond that, to so many times its size: office documents reach ten to thirty.
const RATIO_MAX: u64 = 100;
/// And none to more than so many bytes.
const UNFOLDED_MAX: u64 = 300 * 1024 * 1024;
/// The record at an archive's end, without its comment, and the longest comment.
const END_RECORD: u64 = 22;
const COMMENT_MAX: u64 = 65_535;
const OPEN_DOCUMENT: [AttachmentKind; 3] = [AttachmentKind::Odt, AttachmentKind::Ods, AttachmentKind::Odp];

/// Why a document is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is nothing that is kept here, or cannot be read as what it seems to be.
    Kind,
    /// It brings macros along.
    Macros,
    /// It unfolds to more than `max` bytes.
    Bomb {
        /// How large it becomes, as far as that was looked at.
        unfolded: u64,
        /// How large it may become.
        max: u64,
    },
}

impl Refused {
    /// The problem that it is answered with.
    #[must_use]
    pub fn problem(self) -> Error {
        let (code, detail, error) = match self {
            Self::Kind => (
                ProblemCode::AttachmentType,
                "the content is of no kind that is kept here".to_owned(),
                FieldError::new("", FieldCode::Choice),
            ),
            Self::Macros => (
                ProblemCode::AttachmentType,
                "documents with macros are not kept".to_owned(),
                FieldError::new("", FieldCode::Choice).with("macros", true),
            ),
            Self::Bomb { unfolded, max } => (
                ProblemCode::AttachmentBomb,
                format!("it unfolds to at least {unfolded} bytes, and may to {max}"),
                FieldError::new("", FieldCode::Range)
                    .with("max", max)
                    .with("actual", unfolded),
            ),
        };
        Error::Unreadable {
            code,
            detail,
            errors: vec![error],
        }
    }
}

/// To how many bytes a document of this size may unfold.
const fn bound(size: u64) -> u64 {
    let by_ratio = size.saturating_mul(RATIO_MAX);
    let least = if by_ratio > UNFOLDED_FREE {
        by_ratio
    } else {
        UNFOLDED_FREE
    };
    if least < UNFOLDED_MAX { least } else { UNFOLDED_MAX }
}

/// Tells what a document of `size` bytes is, or why it is refused.
///
/// # Errors
/// Where it cannot be read at all.
pub fn look(mut file: impl Read + Seek, size: u64) -> io::Result<Result<AttachmentKind, Refused>> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok(match infer::get(&head).map(|kind| kind.mime_type()) {
        Some("application/pdf") => Ok(AttachmentKind::Pdf),
        Some("image/png") => Ok(AttachmentKind::Png),
        Some("image/jpeg") => Ok(AttachmentKind::Jpeg),
        _ if head.starts_with(b"PK\x03\x04") => look_into_archive(file, size)?,
        _ => Err(Refused::Kind),
    })
}

fn look_into_archive(mut file: impl Read + Seek, size: u64) -> io::Result<Result<AttachmentKind, Refused>> {
    match parts_told(&mut file, size)? {
        Some(parts) if parts <= PARTS_MAX => {}
        _ => return Ok(Err(Refused::Kind)),
    }
    // Whatever is wrong inside the archive is the document's fault: our own disk was read above.
    Ok(ZipArchive::new(file)
        .map_err(|_| Refused::Kind)
        .and_then(|archive| unfold(archive, bound(size))))
}

/// How many parts the record at the end tells; none where there is no such record. What needs more than 16 bits is told
/// elsewhere, and is more than is read here.
fn parts_told(file: &mut (impl Read + Seek), size: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(size.saturating_sub(END_RECORD + COMMENT_MAX)))?;
    let mut tail = Vec::new();
    file.by_ref().take(END_RECORD + COMMENT_MAX).read_to_end(&mut tail)?;
    let at = tail
        .windows(END_RECORD as usize)
        .rposition(|record| record.starts_with(b"PK\x05\x06"));
    Ok(at.map(|at| u64::from(u16::from_le_bytes([tail[at + 10], tail[at + 11]]))))
}

fn unfold<R: Read + Seek>(mut archive: ZipArchive<R>, max: u64) -> Result<AttachmentKind, Refused> {
    if archive.len() as u64 > PARTS_MAX {
        return Err(Refused::Kind);
    }
    let bomb = |unfolded| Refused::Bomb { unfolded, max };
    let told = (0..archive.len()).try_fold(0_u64, |sum, index| {
        let part = archive.by_index_raw(index).map_err(|_| Refused::Kind)?;
        Ok(sum.saturating_add(part.size()))
    })?;
    if told > max {
        return Err(bomb(told));
    }
    let kind = kind_of(&mut archive)?;
    let mut unfolded = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Refused::Kind)?;
        // One byte beyond the bound tells that it is passed.
        let mut bounded = part.take(max - unfolded + 1);
        unfolded += io::copy(&mut bounded, &mut io::sink()).map_err(|_| Refused::Kind)?;
        if unfolded > max {
            return Err(bomb(unfolded));
        }
    }
    Ok(kind)
}

fn kind_of<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<AttachmentKind, Refused> {
    let has_macros = archive.file_names_raw().any(|name| {
        let name = name.to_ascii_lowercase();
        name.ends_with(b"vbaproject.bin") || name.starts_with(b"basic/") || name.starts_with(b"scripts/")
    });
    let has = |name: &str| archive.index_for_name(name).is_some();
    let office = [
        ("word/document.xml", AttachmentKind::Docx),
        ("xl/workbook.xml", AttachmentKind::Xlsx),
        ("ppt/presentation.xml", AttachmentKind::Pptx),
    ];
    let kind = if has("[Content_Types].xml") {
        office.into_iter().find(|(part, _)| has(part)).map(|(_, kind)| kind)
    } else {
        open_document(archive)
    };
    match kind {
        Some(_) if has_macros => Err(Refused::Macros),
        Some(kind) => Ok(kind),
        None => Err(Refused::Kind),
    }
}

/// OpenDocument says what it is in its first part, in plain letters.
fn open_document<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<AttachmentKind> {
    let first = archive.by_index(0).ok()?;
    if first.name_raw() != b"mimetype" {
        return None;
    }
    let mut told = String::new();
    first.take(200).read_to_string(&mut told).ok()?;
    OPEN_DOCUMENT.into_iter().find(|kind| kind.media_type() == told.trim())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn looked(bytes: &[u8]) -> Result<AttachmentKind, Refused> {
        look(Cursor::new(bytes), bytes.len() as u64).unwrap()
    }

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

    #[test]
    fn content_tells_what_it_is() {
        assert_eq!(looked(b"%PDF-1.7\n..."), Ok(AttachmentKind::Pdf));
        assert_eq!(looked(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Ok(AttachmentKind::Png));
        assert_eq!(looked(b"\xff\xd8\xff\xe0\0\x10JFIF"), Ok(AttachmentKind::Jpeg));
        for (part, kind) in [
            ("word/document.xml", AttachmentKind::Docx),
            ("xl/workbook.xml", AttachmentKind::Xlsx),
            ("ppt/presentation.xml", AttachmentKind::Pptx),
        ] {
            assert_eq!(looked(&archive(&[TYPES, (part, b"<a/>")])), Ok(kind));
        }
        let text = b"application/vnd.oasis.opendocument.text";
        assert_eq!(
            looked(&archive(&[("mimetype", text), ("content.xml", b"")])),
            Ok(AttachmentKind::Odt)
        );
    }

    #[test]
    fn what_is_nothing_of_this_is_refused() {
        for content in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"<!doctype html><script>alert(1)</script>",
            b"MZ\x90\0",
            b"#!/bin/sh\n",
            b"PK\x03\x04 and no more",
            b"a",
        ] {
            assert_eq!(looked(content), Err(Refused::Kind));
        }
        assert_eq!(looked(&archive(&[("a.txt", b"a")])), Err(Refused::Kind));
        let macros = archive(&[TYPES, ("word/document.xml", b"<a/>"), ("word/vbaProject.bin", b"x")]);
        assert_eq!(looked(&macros), Err(Refused::Macros));
    }

    #[test]
    fn a_document_that_unfolds_out_of_measure_is_refused() {
        let zeros = vec![0; UNFOLDED_FREE as usize + 1];
        let honest = archive(&[TYPES, ("word/document.xml", &zeros)]);
        let max = bound(honest.len() as u64);
        assert!(matches!(looked(&honest), Err(Refused::Bomb { unfolded, max: told }) if unfolded > max && told == max));
        // The same with a table of contents that tells one byte, in both places where it stands.
        let mut lying = honest;
        let real = (zeros.len() as u32).to_le_bytes();
        let places: Vec<usize> = (0..lying.len() - 4).filter(|&at| lying[at..at + 4] == real).collect();
        assert!(!places.is_empty());
        for at in places {
            lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
        let refused = looked(&lying);
        assert!(
            matches!(refused, Err(Refused::Bomb { unfolded, .. }) if unfolded == max + 1)
                || refused == Err(Refused::Kind),
            "{refused:?}"
        );
    }

    #[test]
    fn an_archive_of_very_many_parts_is_refused() {
        let names: Vec<String> = (0..=PARTS_MAX).map(|number| format!("word/{number}")).collect();
        let mut parts: Vec<(&str, &[u8])> = vec![TYPES, ("word/document.xml", b"<a/>")];
        parts.extend(names.iter().map(|name| (name.as_str(), &b""[..])));
        assert_eq!(looked(&archive(&parts)), Err(Refused::Kind));
    }

    #[test]
    fn the_bound_grows_with_the_size_and_ends() {
        assert_eq!(bound(1), UNFOLDED_FREE);
        assert_eq!(bound(1024 * 1024), 100 * 1024 * 1024);
        assert_eq!(bound(20 * 1024 * 1024), UNFOLDED_MAX);
    }
}
