//! What the index reads: facts of cities, how pairs stand, banned pairs.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::cities::{CityKind, LookingFor, Urgency};
use shared::geo::Point;
use shared::ids::{CityId, MatchId};
use shared::scoring::{Facts, ThemeUrgency};
use shared::themes::Theme;

use super::CityFacts;
use crate::cities::store::NEED;
use crate::db::Db;
use crate::db::entity::{banned_pair, city, city_match, city_statement};
use crate::error::Error;
use crate::matches::standings::Standing;
use crate::matches::store::state_of;

/// Ids in one `IN (…)`, below the bind limits of both databases.
const IDS_AT_ONCE: usize = 1_000;

/// What the score is made of, for all cities or some.
///
/// # Errors
/// Those of the database.
pub async fn city_facts(db: &Db, ids: Option<&[CityId]>) -> Result<Vec<CityFacts>, Error> {
    let Some(ids) = ids else {
        return some_facts(db, None).await;
    };
    let mut facts = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        facts.extend(some_facts(db, Some(ids)).await?);
    }
    Ok(facts)
}

/// The columns that the score is made of.
type FactsRow = (
    CityId,
    i64,
    String,
    String,
    String,
    Option<i64>,
    Option<f64>,
    Option<f64>,
    bool,
    serde_json::Value,
    serde_json::Value,
);

async fn some_facts(db: &Db, ids: Option<&[CityId]>) -> Result<Vec<CityFacts>, Error> {
    let mut cities = city::Entity::find().select_only().columns([
        city::Column::Id,
        city::Column::Version,
        city::Column::Name,
        city::Column::Kind,
        city::Column::Country,
        city::Column::Population,
        city::Column::Lat,
        city::Column::Lng,
        city::Column::OpenToPartners,
        city::Column::Languages,
        city::Column::LookingFor,
    ]);
    let mut stated = city_statement::Entity::find()
        .select_only()
        .columns([
            city_statement::Column::CityId,
            city_statement::Column::Side,
            city_statement::Column::Theme,
            city_statement::Column::Urgency,
        ])
        .order_by_asc(city_statement::Column::Position);
    match ids {
        Some(ids) => {
            cities = cities.filter(city::Column::Id.is_in(ids.iter().copied()));
            stated = stated.filter(city_statement::Column::CityId.is_in(ids.iter().copied()));
        }
        // In the order of their ids the index is the same in every process.
        None => cities = cities.order_by_asc(city::Column::Id),
    }
    let rows: Vec<FactsRow> = cities.into_tuple().all(db.read()).await?;
    let stated: Vec<(CityId, String, String, String)> = stated.into_tuple().all(db.read()).await?;
    let mut statements: HashMap<CityId, (Vec<ThemeUrgency>, Vec<ThemeUrgency>)> = HashMap::new();
    for (city, side, theme, urgency) in stated {
        let Some((theme, urgency)) = Theme::from_slug(&theme).zip(Urgency::from_code(&urgency)) else {
            continue;
        };
        let (needs, offers) = statements.entry(city).or_default();
        let side = if side == NEED { needs } else { offers };
        side.push(ThemeUrgency { theme, urgency });
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let of_city = statements.remove(&row.0).unwrap_or_default();
            facts_of(row, of_city)
        })
        .collect())
}

fn facts_of(row: FactsRow, (needs, offers): (Vec<ThemeUrgency>, Vec<ThemeUrgency>)) -> CityFacts {
    let (id, version, name, kind, country, population, lat, lng, open, languages, looking_for) = row;
    let kind = CityKind::from_code(&kind).unwrap_or(CityKind::Municipality);
    let looking_for: LookingFor = serde_json::from_value(looking_for).unwrap_or_default();
    CityFacts {
        id,
        version,
        kind,
        open,
        name,
        facts: Facts {
            country,
            level: kind.level(),
            population,
            location: lat.zip(lng).map(|(lat, lng)| Point { lat, lng }),
            languages: serde_json::from_value(languages).unwrap_or_default(),
            needs,
            offers,
            wanted_countries: looking_for.countries,
            wanted_levels: looking_for.levels,
            engagement: looking_for.engagement,
            partner_countries: Vec::new(),
        },
    }
}

/// How pairs stand: all, or some matches.
///
/// # Errors
/// Those of the database.
pub async fn standings(db: &Db, ids: Option<&[MatchId]>) -> Result<Vec<Standing>, Error> {
    let mut rows = Vec::new();
    match ids {
        None => rows = city_match::Entity::find().all(db.read()).await?,
        Some(ids) => {
            for ids in ids.chunks(IDS_AT_ONCE) {
                let some = city_match::Entity::find().filter(city_match::Column::Id.is_in(ids.iter().copied()));
                rows.extend(some.all(db.read()).await?);
            }
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| Standing {
            id: row.id,
            version: row.version,
            cities: [row.city_low, row.city_high],
            state: state_of(&row.state),
            expires_at: row.expires_at,
            declined_at: row.declined_at,
        })
        .collect())
}

/// Banned pairs: all, or those of some cities.
///
/// # Errors
/// Those of the database.
pub async fn bans(db: &Db, of: Option<&[CityId]>) -> Result<Vec<(CityId, CityId)>, Error> {
    let all = || {
        banned_pair::Entity::find()
            .select_only()
            .columns([banned_pair::Column::CityLow, banned_pair::Column::CityHigh])
    };
    let Some(of) = of else {
        return Ok(all().into_tuple().all(db.read()).await?);
    };
    let mut found = Vec::new();
    for ids in of.chunks(IDS_AT_ONCE) {
        let ids = || ids.iter().copied();
        let some: Vec<(CityId, CityId)> = all()
            .filter(
                Condition::any()
                    .add(banned_pair::Column::CityLow.is_in(ids()))
                    .add(banned_pair::Column::CityHigh.is_in(ids())),
            )
            .into_tuple()
            .all(db.read())
            .await?;
        found.extend(some);
    }
    Ok(found)
}
