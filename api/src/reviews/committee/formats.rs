//! The committee's sheet as a table.

use shared::reviews::CommitteePage;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for CommitteePage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "application_id",
            "rank",
            "tied",
            "mean",
            "priority_points",
            "spread",
            "filed",
            "reviewers",
            "title",
            "state",
            "lead",
            "partners",
            "countries",
            "themes",
            "cost_minor",
            "grant_asked_minor",
            "granted_minor",
            "cumulated_minor",
            "affordability",
            "currency",
            "submitted_at",
        ])?;
        for row in &self.items {
            table
                .value(Some(row.application_id))
                .value(row.rank)
                .value(Some(row.tied))
                .value(row.mean)
                .value(Some(row.priority_points))
                .value(row.spread)
                .value(Some(row.filed))
                .several(row.reviews.iter().map(|review| review.reviewer_name.as_str()))
                .words(&row.title)
                .value(Some(row.state.code()))
                .words(&row.lead_name)
                .several(row.partner_names.iter().map(String::as_str))
                .several(row.countries.iter().map(String::as_str))
                .several(row.themes.iter().map(|theme| theme.slug()))
                .value(Some(row.cost_minor))
                .value(Some(row.grant_asked_minor))
                .value(row.granted_minor)
                .value(Some(row.cumulated_minor))
                .value(Some(row.affordability.code()))
                .words(&self.currency)
                .value(row.submitted_at.as_ref().map(shared::time::text));
            table.end_line()?;
        }
        Ok(table)
    }
}
