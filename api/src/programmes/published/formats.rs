//! The results of a call as a table.

use shared::programmes::PublishedResults;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for PublishedResults {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "application_id",
            "call_id",
            "title",
            "state",
            "lead",
            "partners",
            "countries",
            "granted_minor",
            "waitlist_place",
            "currency",
            "reopened_at",
        ])?;
        for project in &self.items {
            table
                .value(Some(project.application_id))
                .value(Some(self.call_id))
                .words(&project.title)
                .value(Some(project.state.code()))
                .words(&project.lead_name)
                .several(project.partner_names.iter().map(String::as_str))
                .several(project.countries.iter().map(String::as_str))
                .value(project.granted_minor)
                .value(project.waitlist_place)
                .words(&self.currency)
                .value(project.reopened_at.as_ref().map(shared::time::text));
            table.end_line()?;
        }
        Ok(table)
    }
}
