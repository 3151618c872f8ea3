//! Grants as a table.

use shared::grants::GrantPage;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for GrantPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "application_id",
            "call_id",
            "title",
            "reference",
            "state",
            "lead",
            "partners",
            "countries",
            "currency",
            "asked_minor",
            "awarded_minor",
            "disbursed_minor",
            "next_step",
            "report_due_on",
            "overdue",
            "updated_at",
        ])?;
        for grant in &self.items {
            table
                .value(Some(grant.id))
                .value(Some(grant.application_id))
                .value(Some(grant.call_id))
                .words(&grant.title)
                .words(&grant.reference)
                .value(Some(grant.state.code()))
                .words(&grant.lead_name)
                .several(grant.partner_names.iter().map(String::as_str))
                .several(grant.countries.iter().map(String::as_str))
                .words(&grant.currency)
                .value(Some(grant.asked_minor))
                .value(Some(grant.awarded_minor))
                .value(Some(grant.disbursed_minor))
                .value(Some(grant.next_step.code()))
                .value(grant.report_due_on)
                .value(Some(grant.overdue))
                .value(Some(shared::time::text(&grant.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}
