//! Activities as a table.

use shared::activities::ActivityPage;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for ActivityPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "partnership_id",
            "partnership_name",
            "kind",
            "state",
            "title",
            "starts_on",
            "ends_on",
            "place",
            "concerned",
            "people",
            "cost_minor",
            "currency",
            "notes",
            "updated_at",
        ])?;
        for activity in &self.items {
            let cost = activity.cost.as_ref();
            table
                .value(Some(activity.id))
                .value(Some(activity.partnership_id))
                .words(&activity.partnership_name)
                .value(Some(activity.kind.code()))
                .value(Some(activity.state.code()))
                .words(&activity.title)
                .value(Some(activity.starts_on))
                .value(Some(activity.ends_on))
                .words(&activity.place)
                .several(activity.concerned.iter().map(|party| party.name.as_str()))
                .value(activity.people)
                .value(cost.map(|cost| cost.amount_minor))
                .value(cost.map(|cost| &cost.currency))
                .words(&activity.notes)
                .value(Some(shared::time::text(&activity.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}
