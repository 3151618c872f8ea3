//! Members and pairs of a round as tables.

use shared::rounds::{RoundMemberPage, RoundPairPage};

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for RoundPairPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "state",
            "first_id",
            "first",
            "first_country",
            "second_id",
            "second",
            "second_country",
            "gain_to_first",
            "gain_to_second",
            "wish_of_first",
            "wish_of_second",
            "total",
            "accepted_by",
            "partnership_id",
            "updated_at",
        ])?;
        for pair in &self.items {
            table.value(Some(pair.id)).value(Some(pair.state.code()));
            for city in [&pair.first, &pair.second] {
                table.value(Some(city.id)).words(&city.name).words(&city.country);
            }
            table
                .value(Some(pair.gain_to_first))
                .value(Some(pair.gain_to_second))
                .value(pair.wish_of_first)
                .value(pair.wish_of_second)
                .value(pair.total)
                .value(pair.accepted_by.map(|side| side.code()))
                .value(pair.partnership_id)
                .value(Some(shared::time::text(&pair.updated_at)));
            table.end_line()?;
        }
        Ok(table)
    }
}

impl Formatted for RoundMemberPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&["city_id", "name", "country", "side", "places", "wish_count"])?;
        for member in &self.items {
            table
                .value(Some(member.city.id))
                .words(&member.city.name)
                .words(&member.city.country)
                .value(Some(member.side.code()))
                .value(Some(member.places))
                .value(member.wish_count);
            table.end_line()?;
        }
        Ok(table)
    }
}
