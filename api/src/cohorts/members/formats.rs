//! The cities of a cohort as a table.

use shared::cohorts::CohortMemberPage;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for CohortMemberPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "city_id",
            "city",
            "way",
            "levels",
            "partner",
            "letter",
            "late",
            "sent_at",
            "signatory",
            "function",
            "signed_on",
            "signed_at",
            "reference",
            "referent",
            "referent_email",
            "joined_at",
        ])?;
        for of in &self.items {
            let (letter, referent) = (&of.letter, of.referent.as_ref());
            let signature = letter.signature.as_ref();
            table
                .value(Some(of.id))
                .value(Some(of.city.id))
                .words(&of.city.name)
                .value(Some(of.way.code()))
                .several(of.levels.iter().map(String::as_str))
                .words(of.partner.as_ref().map_or("", |partner| &partner.name))
                .value(Some(letter.state.code()))
                .value(Some(letter.late))
                .value(letter.sent_at.as_ref().map(shared::time::text))
                .words(signature.map_or("", |signature| &signature.name))
                .words(signature.map_or("", |signature| &signature.function))
                .value(signature.map(|signature| signature.on))
                .value(signature.map(|signature| shared::time::text(&signature.at)))
                .words(letter.reference.as_deref().unwrap_or_default())
                .words(referent.map_or("", |referent| &referent.name))
                .words(referent.map_or("", |referent| &referent.email))
                .value(Some(shared::time::text(&of.joined_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}
