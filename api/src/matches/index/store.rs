//! What the index reads: facts of cities, how pairs stand.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::cities::{CityKind, LookingFor, Urgency};
use shared::geo::Point;
use shared::ids::{CityId, MatchId, NetworkId};
use shared::scoring::{Facts, ThemeUrgency};
use shared::themes::Theme;

use super::CityFacts;
use super::columns::Belonging;
use crate::cities::store::NEED;
use crate::db::Db;
use crate::db::bulk::{self, Column, Table};
use crate::db::entity::{city, city_match, city_statement};
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
        return all_facts(db).await;
    };
    let mut facts = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        facts.extend(some_facts(db, ids).await?);
    }
    Ok(facts)
}

/// The columns of [`CityFacts`].
const CITIES: Table = Table {
    name: "cities",
    key: "id",
    of: "cities",
    columns: &[
        Column::Id("id"),
        Column::Plain("version"),
        Column::Plain("name"),
        Column::Plain("kind"),
        Column::Plain("country"),
        Column::Plain("population"),
        Column::Real("lat"),
        Column::Real("lng"),
        Column::Flag("open_to_partners"),
        Column::Id("network_id"),
        Column::Plain("subdivision"),
        Column::Json("languages"),
        Column::Json("looking_for"),
    ],
};

type RawCity = (
    CityId,
    i64,
    String,
    String,
    String,
    Option<i64>,
    Option<String>,
    Option<String>,
    u8,
    Option<NetworkId>,
    Option<String>,
    Vec<String>,
    LookingFor,
);

const STATEMENTS: Table = Table {
    name: "city_statements",
    key: "city_id",
    of: "cities",
    columns: &[
        Column::Id("city_id"),
        Column::Plain("side"),
        Column::Plain("theme"),
        Column::Plain("urgency"),
        Column::Plain("position"),
    ],
};

type RawStatement = (CityId, String, String, String, i32);

/// All cities in the order of their ids: so the index is the same in every process.
async fn all_facts(db: &Db) -> Result<Vec<CityFacts>, Error> {
    let (mut cities, mut stated) = tokio::try_join!(
        bulk::all(db, CITIES, facts_of_raw),
        bulk::all(db, STATEMENTS, |raw: RawStatement| {
            Some((raw.4, raw.0, Stated::of(&raw.1, &raw.2, &raw.3)?))
        }),
    )?;
    tokio::task::spawn_blocking(move || {
        cities.sort_unstable_by_key(|city| city.id);
        stated.sort_unstable_by_key(|(position, ..)| *position);
        for (_, id, stated) in stated {
            if let Ok(place) = cities.binary_search_by_key(&id, |city| city.id) {
                stated.add_to(&mut cities[place].facts);
            }
        }
        cities
    })
    .await
    .map_err(Error::internal)
}

fn facts_of_raw(raw: RawCity) -> Option<CityFacts> {
    let (id, version, name, kind, country, population, lat, lng, open, network_id, subdivision, languages, looking_for) =
        raw;
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let row = FactsRow {
        id,
        version,
        name,
        kind,
        country,
        population,
        lat: number(lat),
        lng: number(lng),
        open_to_partners: open == 1,
        network_id,
        subdivision,
    };
    Some(facts_of(row, languages, looking_for))
}

/// A need or an offer.
struct Stated {
    is_need: bool,
    statement: ThemeUrgency,
}

impl Stated {
    fn of(side: &str, theme: &str, urgency: &str) -> Option<Self> {
        let (theme, urgency) = Theme::from_slug(theme).zip(Urgency::from_code(urgency))?;
        Some(Self {
            is_need: side == NEED,
            statement: ThemeUrgency { theme, urgency },
        })
    }

    fn add_to(self, facts: &mut Facts) {
        let side = if self.is_need {
            &mut facts.needs
        } else {
            &mut facts.offers
        };
        side.push(self.statement);
    }
}

/// The columns that the score is made of, but for languages and what is looked for.
#[derive(FromQueryResult)]
struct FactsRow {
    id: CityId,
    version: i64,
    name: String,
    kind: String,
    country: String,
    population: Option<i64>,
    lat: Option<f64>,
    lng: Option<f64>,
    open_to_partners: bool,
    network_id: Option<NetworkId>,
    subdivision: Option<String>,
}

#[derive(FromQueryResult)]
struct WholeRow {
    #[sea_orm(nested)]
    facts: FactsRow,
    languages: serde_json::Value,
    looking_for: serde_json::Value,
}

async fn some_facts(db: &Db, ids: &[CityId]) -> Result<Vec<CityFacts>, Error> {
    let rows: Vec<WholeRow> = city::Entity::find()
        .select_only()
        .columns([
            city::Column::Id,
            city::Column::Version,
            city::Column::Name,
            city::Column::Kind,
            city::Column::Country,
            city::Column::Population,
            city::Column::Lat,
            city::Column::Lng,
            city::Column::OpenToPartners,
            city::Column::NetworkId,
            city::Column::Subdivision,
            city::Column::Languages,
            city::Column::LookingFor,
        ])
        .filter(city::Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(db.read())
        .await?;
    let stated: Vec<(CityId, String, String, String)> = city_statement::Entity::find()
        .select_only()
        .columns([
            city_statement::Column::CityId,
            city_statement::Column::Side,
            city_statement::Column::Theme,
            city_statement::Column::Urgency,
        ])
        .filter(city_statement::Column::CityId.is_in(ids.iter().copied()))
        .order_by_asc(city_statement::Column::Position)
        .into_tuple()
        .all(db.read())
        .await?;
    let mut of_cities: HashMap<CityId, Vec<Stated>> = HashMap::new();
    for (city, side, theme, urgency) in stated {
        if let Some(stated) = Stated::of(&side, &theme, &urgency) {
            of_cities.entry(city).or_default().push(stated);
        }
    }
    let facts = rows.into_iter().map(|row| {
        let id = row.facts.id;
        let mut city = facts_of(
            row.facts,
            serde_json::from_value(row.languages).unwrap_or_default(),
            serde_json::from_value(row.looking_for).unwrap_or_default(),
        );
        for stated in of_cities.remove(&id).into_iter().flatten() {
            stated.add_to(&mut city.facts);
        }
        city
    });
    Ok(facts.collect())
}

fn facts_of(row: FactsRow, languages: Vec<String>, looking_for: LookingFor) -> CityFacts {
    let kind = CityKind::from_code(&row.kind).unwrap_or(CityKind::Municipality);
    let region = |code: String| Belonging::Region(format!("{}/{code}", row.country).into());
    let own = row.network_id.map(Belonging::Own);
    CityFacts {
        id: row.id,
        version: row.version,
        kind,
        open: row.open_to_partners,
        belonging: own.or_else(|| row.subdivision.map(region)),
        name: row.name,
        facts: Facts {
            level: kind.level(),
            population: row.population,
            location: row.lat.zip(row.lng).map(|(lat, lng)| Point { lat, lng }),
            languages,
            needs: Vec::new(),
            offers: Vec::new(),
            wanted_countries: looking_for.countries,
            wanted_levels: looking_for.levels,
            engagement: looking_for.engagement,
            partner_countries: Vec::new(),
            country: row.country,
        },
    }
}

/// How many cities there are.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db) -> Result<u64, Error> {
    Ok(city::Entity::find().count(db.read()).await?)
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
