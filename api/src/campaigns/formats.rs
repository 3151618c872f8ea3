//! The figures of a campaign as a table: a line for each call, and one for all.

use shared::campaigns::{CampaignView, FileFigures};
use shared::language::Language;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for CampaignView {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "call_id",
            "call_fr",
            "call_en",
            "call_uk",
            "state",
            "applications",
            "supported",
            "rate_bp",
            "currency",
            "asked_minor",
            "awarded_minor",
            "disbursed_minor",
        ])?;
        for call in &self.calls {
            table.value(Some(call.call_id));
            for language in Language::ALL {
                let title = call.title.get(language.tag());
                table.words(title.map(String::as_str).unwrap_or_default());
            }
            table.value(Some(call.state.code()));
            figures(&mut table, &call.figures, &self.currency)?;
        }
        table.words("").words("").words("").words("").words("");
        figures(&mut table, &self.total, &self.currency)?;
        Ok(table)
    }
}

fn figures(table: &mut Table, of: &FileFigures, currency: &str) -> Result<(), Error> {
    table
        .value(Some(of.applications))
        .value(Some(of.supported))
        .value(of.rate_bp)
        .words(currency)
        .value(Some(of.asked_minor))
        .value(Some(of.awarded_minor))
        .value(Some(of.disbursed_minor));
    table.end_line()
}
