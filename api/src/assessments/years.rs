//! The sides of each year beside each other, as far as the caller may see them.

use chrono::Datelike as _;
use shared::assessments::{AssessmentSide, AssessmentYear, AssessmentYearPage, PrincipleScore, YEAR_MIN, gaps};
use shared::ids::{CityId, PartnershipId};
use shared::page::LIMIT_MAX;

use super::service::filed;
use super::store::{self, Assessment};
use crate::activities;
use crate::activities::views::authorities;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::partnerships::store::parties_of;
use crate::platform::Platform;
use crate::policy::{self, Action, AssessmentFacts};

/// A page of years: this one first, then those of which something is filed or, of the caller's own, begun.
///
/// # Errors
/// `NotFound`, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    paging: &Paging,
) -> Result<AssessmentYearPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let name = activities::store::partnership_name(&platform.db, partnership).await?;
    name.ok_or(Error::NotFound)?;
    let mut parties = parties_of(platform.db.read(), &[partnership]).await?;
    let parties = parties.remove(&partnership).unwrap_or_default();
    let sides = authorities(&parties);
    let own: Vec<CityId> = caller.actor.cities().collect();
    let after: Option<i32> = paging.cursor.as_deref().map(page::position).transpose()?;
    let this_year = caller.now.year();
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut years = Vec::new();
    if after.is_none() {
        years.push(this_year);
    }
    let before = after.unwrap_or(this_year).clamp(YEAR_MIN, this_year);
    years.extend(store::years(&platform.db, partnership, &own, before, limit as u64 + 1).await?);
    let next = page::cut(&mut years, limit, |last| *last);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let all = store::of_years(platform.db.read(), partnership, &years).await?;
    let items = years.into_iter().map(|year| {
        let of_year: Vec<&Assessment> = all.iter().filter(|one| one.year == year).collect();
        beside(platform, caller, year, &sides, &of_year)
    });
    Ok(AssessmentYearPage {
        items: items.collect(),
        next,
        total: None,
    })
}

fn beside(
    platform: &Platform,
    caller: &Caller,
    year: i32,
    sides: &[CityId],
    of_year: &[&Assessment],
) -> AssessmentYear {
    let filed = filed(of_year.iter().copied());
    // Who has left the partnership since has still judged it.
    let former = filed.iter().filter(|city| !sides.contains(city));
    let told: Vec<AssessmentSide> = sides
        .iter()
        .chain(former)
        .map(|&city| {
            let of = of_year.iter().copied().find(|one| one.city_id == city);
            side(platform, caller, city, of, &filed, sides.contains(&city))
        })
        .collect();
    let sheets: Vec<&[PrincipleScore]> = told
        .iter()
        .filter(|side| side.has_filed && side.assessment_id.is_some())
        .map(|side| side.scores.as_slice())
        .collect();
    AssessmentYear {
        year,
        gaps: gaps(&sheets),
        sides: told,
    }
}

fn side(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    of: Option<&Assessment>,
    filed: &[CityId],
    takes_part: bool,
) -> AssessmentSide {
    let summary = platform.directory.summary(city);
    let (city_name, city_labels) = summary.map_or_else(Default::default, |summary| {
        (summary.name.clone(), summary.labels.clone())
    });
    let seen = of.filter(|of| {
        let (city, state) = (of.city_id, of.state);
        let assessment = &AssessmentFacts { city, state, filed };
        policy::allows(&caller.actor, &Action::ReadAssessment { assessment })
    });
    let own = policy::allows(&caller.actor, &Action::BeginAssessment { city });
    AssessmentSide {
        city_id: city,
        city_name,
        city_labels,
        has_filed: filed.contains(&city),
        filed_at: of.and_then(|of| of.filed_at),
        assessment_id: seen.map(|of| of.id),
        state: seen.map(|of| of.state),
        scores: seen.map(|of| of.sheet.scores.clone()).unwrap_or_default(),
        can_begin: own && takes_part && of.is_none(),
    }
}
