//! Calls as a table.

use shared::language::Language;
use shared::programmes::CallPage;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for CallPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "programme_id",
            "programme_fr",
            "programme_en",
            "programme_uk",
            "title_fr",
            "title_en",
            "title_uk",
            "state",
            "opens_at",
            "closes_at",
            "zone",
            "grace_s",
            "takes_applications",
            "rules",
            "envelope_minor",
            "currency",
        ])?;
        for call in &self.items {
            table.value(Some(call.id)).value(Some(call.programme_id));
            for texts in [&call.programme_name, &call.title] {
                for language in Language::ALL {
                    table.words(texts.get(language.tag()).map(String::as_str).unwrap_or_default());
                }
            }
            table
                .value(Some(call.state.code()))
                .value(Some(shared::time::text(&call.window.opens_at)))
                .value(Some(shared::time::text(&call.window.closes_at)))
                .words(&call.window.zone)
                .value(Some(call.window.grace_s))
                .value(Some(call.takes_applications))
                .words(&call.rules.name)
                .value(call.envelope_minor)
                .words(&call.rules.currency);
            table.end_line()?;
        }
        Ok(table)
    }
}
