//! Matches and ranked partners as tables.

use shared::matches::{MatchPage, SuggestionPage};
use shared::scoring::Criterion;

use crate::error::Error;
use crate::http::format::{Format, Formatted, Table};

impl Formatted for MatchPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(&[
            "id",
            "state",
            "initiator_id",
            "initiator",
            "initiator_country",
            "responder_id",
            "responder",
            "responder_country",
            "message",
            "reply",
            "created_at",
            "updated_at",
            "expires_at",
            "partnership_id",
        ])?;
        for pair in &self.items {
            table.value(Some(pair.id)).value(Some(pair.state.code()));
            for city in [&pair.initiator, &pair.responder] {
                table.value(Some(city.id)).words(&city.name).words(&city.country);
            }
            table
                .words(&pair.message)
                .words(pair.reply.as_deref().unwrap_or_default());
            for at in [&pair.created_at, &pair.updated_at, &pair.expires_at] {
                table.value(Some(shared::time::text(at)));
            }
            table.value(pair.partnership_id);
            table.end_line()?;
        }
        Ok(table)
    }
}

impl Formatted for SuggestionPage {
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv];

    /// Each criterion has two columns: what it adds to the score for the one side and for the other.
    fn table(&self) -> Result<Table, Error> {
        let mut columns: Vec<String> = [
            "city_id",
            "name",
            "country",
            "population",
            "distance_km",
            "match_id",
            "score",
            "score_max",
        ]
        .map(str::to_owned)
        .into();
        for criterion in Criterion::ALL {
            columns.extend(["us", "them"].map(|side| format!("{}_for_{side}", criterion.code())));
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut table = Table::new(&columns)?;
        for suggestion in &self.items {
            let (city, score) = (&suggestion.city, &suggestion.score);
            table
                .value(Some(city.id))
                .words(&city.name)
                .words(&city.country)
                .value(city.population)
                .value(suggestion.distance_km)
                .value(suggestion.match_id)
                .value(Some(score.total))
                .value(Some(score.max));
            for criterion in Criterion::ALL {
                let reason = score.reasons.iter().find(|reason| reason.criterion == *criterion);
                table
                    .value(reason.map(|reason| reason.contribution_for_us))
                    .value(reason.map(|reason| reason.contribution_for_them));
            }
            table.end_line()?;
        }
        Ok(table)
    }
}
