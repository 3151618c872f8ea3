//! Documents that a file brings along: annexes, and letters of engagement.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{ApplicationId, AttachmentId, CityId};

/// Largest document, in bytes.
pub const ATTACHMENT_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most documents of a file.
pub const ATTACHMENTS_MAX: usize = 40;
/// Longest name of a document, in characters.
pub const ATTACHMENT_NAME_MAX: u64 = 200;

codes!(
    /// What a document is for.
    AttachmentPurpose {
        /// It belongs to the project as a whole.
        Annex = "annex",
        /// It is the letter of engagement of one city.
        Letter = "letter",
    }
);

codes!(
    /// What a document is, as its content shows.
    AttachmentKind {
        /// PDF.
        Pdf = "pdf",
        /// An image: PNG.
        Png = "png",
        /// An image: JPEG.
        Jpeg = "jpeg",
        /// Office text.
        Docx = "docx",
        /// Office spreadsheet.
        Xlsx = "xlsx",
        /// Office slides.
        Pptx = "pptx",
        /// OpenDocument text.
        Odt = "odt",
        /// OpenDocument spreadsheet.
        Ods = "ods",
        /// OpenDocument slides.
        Odp = "odp",
    }
);

impl AttachmentKind {
    /// The media type that it is sent with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
        }
    }

    /// A name that ends as such documents do: `plan.exe` of a PDF becomes `plan.exe.pdf`.
    #[must_use]
    pub fn named(self, name: &str) -> String {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match (self, ending.as_deref()) {
            (Self::Jpeg, Some("jpg")) => name.to_owned(),
            (_, Some(ending)) if ending == self.code() => name.to_owned(),
            _ => format!("{name}.{}", self.code()),
        }
    }
}

/// The name of a document without the folders that some browsers send, and without what no file name has.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|letter| !letter.is_control() && !is_turning(*letter))
        .collect();
    kept.trim().trim_start_matches('.').to_owned()
}

/// Whether a letter turns the direction of what follows: `annex\u{202e}fdp.exe` would read as a PDF.
const fn is_turning(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A document of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// The document's id.
    pub id: AttachmentId,
    /// Grows by one with each change.
    pub version: i64,
    /// The file that it belongs to.
    pub application_id: ApplicationId,
    /// What it is for.
    pub purpose: AttachmentPurpose,
    /// The city whose letter it is.
    pub city_id: Option<CityId>,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "Lettre d'engagement.pdf"))]
    pub name: String,
    /// What it is, as its content shows.
    pub kind: AttachmentKind,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub sha256: String,
    /// When it came in.
    #[serde(with = "crate::time")]
    pub added_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_ends_as_its_content() {
        assert_eq!(plain_name(r"C:\fakepath\Lettre.pdf"), "Lettre.pdf");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name(" .a\r\nb.pdf "), "ab.pdf");
        assert_eq!(plain_name("annex\u{202e}fdp.exe"), "annexfdp.exe");
        assert_eq!(AttachmentKind::Pdf.named("plan.exe"), "plan.exe.pdf");
        assert_eq!(AttachmentKind::Pdf.named("PLAN.PDF"), "PLAN.PDF");
        assert_eq!(AttachmentKind::Jpeg.named("place.jpg"), "place.jpg");
        assert_eq!(AttachmentKind::Png.named("Лист"), "Лист.png");
    }
}
