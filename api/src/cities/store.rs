//! The tables of cities.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::de::DeserializeOwned;
use shared::cities::{
    CityCode, CityKind, CityName, CitySummary, CityView, Completeness, NameKind, ProfileStep, Statement, Urgency,
};
use shared::geo::Point;
use shared::ids::CityId;
use shared::language::Texts;
use shared::themes::Theme;

use crate::db::Db;
use crate::db::entity::{city, city_code, city_name, city_statement, contact};
use crate::error::Error;

/// Ids in one `IN (…)`, below the bind limits of both databases.
const IDS_AT_ONCE: usize = 1_000;

/// The columns of a summary.
type Row = (
    CityId,
    i64,
    String,
    String,
    serde_json::Value,
    String,
    Option<String>,
    Option<i64>,
    Option<f64>,
    Option<f64>,
    bool,
);

fn rows() -> sea_orm::Select<city::Entity> {
    city::Entity::find().select_only().columns([
        city::Column::Id,
        city::Column::Version,
        city::Column::Kind,
        city::Column::Name,
        city::Column::Labels,
        city::Column::Country,
        city::Column::Subdivision,
        city::Column::Population,
        city::Column::Lat,
        city::Column::Lng,
        city::Column::OpenToPartners,
    ])
}

fn statements() -> sea_orm::Select<city_statement::Entity> {
    city_statement::Entity::find().order_by_asc(city_statement::Column::Position)
}

/// The summaries of all cities.
///
/// # Errors
/// Those of the database.
pub async fn all_summaries(db: &Db) -> Result<Vec<CitySummary>, Error> {
    let rows: Vec<Row> = rows().into_tuple().all(db.read()).await?;
    let statements = statements().all(db.read()).await?;
    Ok(summaries_of(rows, statements))
}

/// The summaries of some cities.
///
/// # Errors
/// Those of the database.
pub async fn summaries(db: &Db, ids: &[CityId]) -> Result<Vec<CitySummary>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let ids = || ids.iter().copied();
        let rows: Vec<Row> = rows()
            .filter(city::Column::Id.is_in(ids()))
            .into_tuple()
            .all(db.read())
            .await?;
        let statements = statements()
            .filter(city_statement::Column::CityId.is_in(ids()))
            .all(db.read())
            .await?;
        found.extend(summaries_of(rows, statements));
    }
    Ok(found)
}

fn summaries_of(rows: Vec<Row>, statements: Vec<city_statement::Model>) -> Vec<CitySummary> {
    let mut themes: HashMap<CityId, (Vec<Theme>, Vec<Theme>)> = HashMap::new();
    for statement in statements {
        let Some(theme) = Theme::from_slug(&statement.theme) else {
            continue;
        };
        let (needs, offers) = themes.entry(statement.city_id).or_default();
        if statement.side == NEED {
            needs.push(theme)
        } else {
            offers.push(theme)
        }
    }
    rows.into_iter()
        .map(
            |(id, version, kind, name, labels, country, subdivision, population, lat, lng, open_to_partners)| {
                let (needs, offers) = themes.remove(&id).unwrap_or_default();
                CitySummary {
                    id,
                    version,
                    kind: kind_of(&kind),
                    name,
                    labels: json_or_default(labels),
                    country,
                    subdivision,
                    population,
                    location: lat.zip(lng).map(|(lat, lng)| Point { lat, lng }),
                    open_to_partners,
                    needs,
                    offers,
                }
            },
        )
        .collect()
}

/// The side of a need.
pub const NEED: &str = "need";
/// The side of an offer.
pub const OFFER: &str = "offer";

fn kind_of(code: &str) -> CityKind {
    CityKind::from_code(code).unwrap_or(CityKind::Municipality)
}

fn json_or_default<T: DeserializeOwned + Default>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

/// The public profile of a city, with `allowed` empty; none where there is no such city.
///
/// # Errors
/// Those of the database.
pub async fn profile(conn: &impl ConnectionTrait, id: CityId) -> Result<Option<CityView>, Error> {
    let Some(city) = city::Entity::find_by_id(id).one(conn).await? else {
        return Ok(None);
    };
    let names = city_name::Entity::find()
        .filter(city_name::Column::CityId.eq(id))
        .order_by_asc(city_name::Column::Id)
        .all(conn)
        .await?;
    let codes = city_code::Entity::find()
        .filter(city_code::Column::CityId.eq(id))
        .order_by_asc(city_code::Column::Scheme)
        .all(conn)
        .await?;
    let statements = statements()
        .filter(city_statement::Column::CityId.eq(id))
        .all(conn)
        .await?;
    let has_contact = contact::Entity::find()
        .filter(contact::Column::CityId.eq(id))
        .limit(1)
        .one(conn)
        .await?
        .is_some();
    Ok(Some(view_of(city, names, codes, &statements, has_contact)))
}

fn view_of(
    city: city::Model,
    names: Vec<city_name::Model>,
    codes: Vec<city_code::Model>,
    statements: &[city_statement::Model],
    has_contact: bool,
) -> CityView {
    let side = |side: &str| -> Vec<Statement> {
        statements
            .iter()
            .filter(|statement| statement.side == side)
            .filter_map(statement_of)
            .collect()
    };
    let (need_statements, offer_statements) = (side(NEED), side(OFFER));
    let themes = |statements: &[Statement]| statements.iter().map(|statement| statement.theme).collect();
    let descriptions: Texts = json_or_default(city.descriptions);
    let languages: Vec<String> = json_or_default(city.languages);
    let looking_for: shared::cities::LookingFor = json_or_default(city.looking_for);
    let completeness = Completeness::of(|step| match step {
        ProfileStep::Description => !descriptions.is_empty(),
        ProfileStep::SecondLanguage => descriptions.len() > 1,
        ProfileStep::Needs => !need_statements.is_empty(),
        ProfileStep::Offers => !offer_statements.is_empty(),
        ProfileStep::Languages => !languages.is_empty(),
        ProfileStep::LookingFor => looking_for != shared::cities::LookingFor::default(),
        ProfileStep::Contact => has_contact,
    });
    CityView {
        summary: CitySummary {
            id: city.id,
            version: city.version,
            kind: kind_of(&city.kind),
            name: city.name,
            labels: json_or_default(city.labels),
            country: city.country,
            subdivision: city.subdivision,
            population: city.population,
            location: city.lat.zip(city.lng).map(|(lat, lng)| Point { lat, lng }),
            open_to_partners: city.open_to_partners,
            needs: themes(&need_statements),
            offers: themes(&offer_statements),
        },
        names: names
            .into_iter()
            .map(|name| CityName {
                text: name.text,
                language: name.language,
                kind: NameKind::from_code(&name.kind).unwrap_or(NameKind::Alternate),
            })
            .collect(),
        codes: codes
            .into_iter()
            .map(|code| CityCode {
                scheme: code.scheme,
                value: code.value,
                valid_from: code.valid_from,
                valid_to: code.valid_to,
            })
            .collect(),
        parent_id: city.parent_id,
        network_id: city.network_id,
        descriptions,
        languages,
        need_statements,
        offer_statements,
        looking_for,
        website: city.website,
        completeness,
        updated_at: city.updated_at,
        allowed: Vec::new(),
    }
}

fn statement_of(statement: &city_statement::Model) -> Option<Statement> {
    Some(Statement {
        theme: Theme::from_slug(&statement.theme)?,
        urgency: Urgency::from_code(&statement.urgency)?,
        sentence: statement.sentence.clone(),
        place: statement.place.clone(),
    })
}
