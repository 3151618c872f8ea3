//! Documents of the demonstration: what the draft of four cities brings along.

use shared::applications::{AttachmentKind, AttachmentPurpose};
use shared::ids::AttachmentId;
use uuid::Uuid;

use super::programmes;
use crate::applications::attachments::store::{self, AttachmentRecord};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;
use crate::files::{Files, Pieces, Spooled};

/// Names of the documents, and what stands on their one page.
const DOCUMENTS: [(&str, &str); 2] = [
    (
        "Délibération du conseil municipal de Grenoble.pdf",
        "Deliberation du conseil municipal (exemple)",
    ),
    ("Devis des ateliers à Sevan.pdf", "Devis des ateliers (exemple)"),
];

/// A page in memory, as a body that arrives at once.
pub(super) struct Page(Option<bytes::Bytes>);

impl Page {
    /// A page of these bytes.
    pub(super) fn of(bytes: &'static [u8]) -> Self {
        Self(Some(bytes.into()))
    }
}

impl Pieces for Page {
    fn told_size(&self) -> Option<u64> {
        None
    }

    async fn next(&mut self) -> Result<Option<bytes::Bytes>, Error> {
        Ok(self.0.take())
    }
}

/// Adds the documents where the draft has none; says how many.
///
/// # Errors
/// Those of the database and of the store.
pub async fn load(db: &Db, clock: &Clock, files: &Files) -> Result<usize, Error> {
    let caller = Caller::system(clock.now());
    let Some(application_id) = programmes::draft(db, caller.now).await? else {
        return Ok(0);
    };
    if !store::of_file(db.read(), application_id).await?.is_empty() {
        return Ok(0);
    }
    for (name, words) in DOCUMENTS {
        let page = Page(Some(pdf(words).into()));
        let spooled = Spooled::receive(page, u64::MAX).await?;
        let record = AttachmentRecord {
            id: AttachmentId(Uuid::now_v7()),
            version: 1,
            application_id,
            purpose: AttachmentPurpose::Annex,
            city_id: None,
            name: name.to_owned(),
            kind: AttachmentKind::Pdf,
            size_bytes: i64::try_from(spooled.size).map_err(Error::internal)?,
            sha256: spooled.sha256.clone(),
            added_by: None,
            added_at: caller.now,
            removed_at: None,
        };
        files.put(&record.key(), &spooled).await?;
        db.write(&caller, async |tx| store::insert(tx, &record).await).await?;
    }
    Ok(DOCUMENTS.len())
}

/// A PDF of one page with one line.
fn pdf(words: &str) -> Vec<u8> {
    let page = format!("BT /F1 18 Tf 72 760 Td ({words}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(text.len());
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    text.into_bytes()
}
