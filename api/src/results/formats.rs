//! Results as a table.

use shared::results::{Evidence, ResultPage};

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for ResultPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "partnership_id",
            "theme",
            "title",
            "sdgs",
            "unit",
            "baseline",
            "target",
            "actual",
            "measured_on",
            "author",
            "document",
            "url",
            "updated_at",
        ])?;
        for result in &self.items {
            let sdgs: Vec<String> = result.sdgs.iter().map(u8::to_string).collect();
            table
                .value(Some(result.id))
                .value(Some(result.partnership_id))
                .value(Some(result.theme.slug()))
                .words(&result.title)
                .several(sdgs.iter().map(String::as_str));
            let last = result.measures.last();
            match &result.evidence {
                Evidence::Indicator { unit, baseline, target } => table
                    .words(unit)
                    .value(Some(baseline))
                    .value(Some(target))
                    .value(result.actual)
                    .value(last.map(|measure| measure.measured_on))
                    .words(last.map(|measure| measure.author.as_str()).unwrap_or_default())
                    .words("")
                    .words(""),
                Evidence::Document {
                    title,
                    url,
                    dated_on,
                    author,
                } => table
                    .words("")
                    .value(None::<f64>)
                    .value(None::<f64>)
                    .value(None::<f64>)
                    .value(Some(dated_on))
                    .words(author)
                    .words(title)
                    .words(url),
            };
            table.value(Some(shared::time::text(&result.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}
