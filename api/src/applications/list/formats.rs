//! Applications as a table.

use shared::applications::ApplicationPage;
use shared::language::Language;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for ApplicationPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "call_id",
            "call_fr",
            "call_en",
            "call_uk",
            "title",
            "state",
            "lead",
            "partners",
            "countries",
            "cost_minor",
            "grant_asked_minor",
            "currency",
            "submitted_at",
            "updated_at",
        ])?;
        for file in &self.items {
            table.value(Some(file.id)).value(Some(file.call_id));
            for language in Language::ALL {
                table.words(
                    file.call_title
                        .get(language.tag())
                        .map(String::as_str)
                        .unwrap_or_default(),
                );
            }
            table
                .words(&file.title)
                .value(Some(file.state.code()))
                .words(&file.lead_name)
                .several(file.partner_names.iter().map(String::as_str))
                .several(file.countries.iter().map(String::as_str))
                .value(Some(file.cost_minor))
                .value(Some(file.grant_asked_minor))
                .words(&file.currency)
                .value(file.submitted_at.as_ref().map(shared::time::text))
                .value(Some(shared::time::text(&file.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}
