//! Where the sides of partnerships are far apart: what they would do well to talk about.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use shared::assessments::{PrincipleGap, PrincipleScore, gaps};
use shared::ids::PartnershipId;

use super::store::{self, Assessment};
use crate::db::Db;
use crate::error::Error;

/// How far the sides of a partnership were apart in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearGaps {
    /// The year.
    pub year: i32,
    /// When the last of them filed.
    pub filed_at: Option<DateTime<Utc>>,
    /// The principles on which they were two or more apart.
    pub wide: Vec<PrincipleGap>,
}

/// The wide gaps of some partnerships, each in the latest year that all its sides have filed: what anybody may read. A
/// partnership without such a year is left out. One statement.
///
/// # Errors
/// Those of the database.
pub async fn latest(db: &Db, partnerships: &[PartnershipId]) -> Result<HashMap<PartnershipId, YearGaps>, Error> {
    let mut of_year: HashMap<PartnershipId, Vec<Assessment>> = HashMap::new();
    for assessment in store::shared_of(db.read(), partnerships).await? {
        // The latest year comes first.
        let known = of_year.entry(assessment.partnership_id).or_default();
        if known.first().is_none_or(|first| first.year == assessment.year) {
            known.push(assessment);
        }
    }
    let told = of_year.into_iter().filter_map(|(id, assessments)| {
        let year = assessments.first()?.year;
        let filed_at = assessments.iter().filter_map(|one| one.filed_at).max();
        let sheets: Vec<&[PrincipleScore]> = assessments.iter().map(|one| one.sheet.scores.as_slice()).collect();
        let wide = gaps(&sheets).into_iter().filter(|gap| gap.is_wide).collect();
        Some((id, YearGaps { year, filed_at, wide }))
    });
    Ok(told.collect())
}
