//! The columns of the directory, read for all cities or for some.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    Select,
};
use shared::cities::{CityKind, CitySummary};
use shared::geo::Point;
use shared::ids::{CityId, NetworkId};
use shared::language::Texts;
use shared::themes::Theme;

use crate::cities::store::NEED;
use crate::db::Db;
use crate::db::bulk::{self, Column, Table};
use crate::db::entity::{city, city_code, city_statement};
use crate::error::Error;

/// Ids in one `IN (…)`, below the bind limits of both databases.
const IDS_AT_ONCE: usize = 1_000;

/// What the directory keeps of a city.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What stands in lists.
    pub(crate) summary: CitySummary,
    /// The network that the city itself names.
    pub(crate) network_id: Option<NetworkId>,
    /// When it last changed.
    pub(crate) updated_at: DateTime<Utc>,
    /// Every name and code folded for search, one a line.
    pub(crate) search_keys: String,
}

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let kind: String = row.try_get_by_index(2)?;
        let labels: String = row.try_get_by_index(4)?;
        let (lat, lng): (Option<f64>, Option<f64>) = (row.try_get_by_index(8)?, row.try_get_by_index(9)?);
        Ok(Self {
            summary: CitySummary {
                id: row.try_get_by_index(0)?,
                version: row.try_get_by_index(1)?,
                kind: CityKind::from_code(&kind).unwrap_or(CityKind::Municipality),
                name: row.try_get_by_index(3)?,
                labels: labels_of(&labels),
                country: row.try_get_by_index(5)?,
                subdivision: row.try_get_by_index(6)?,
                population: row.try_get_by_index(7)?,
                location: lat.zip(lng).map(|(lat, lng)| Point { lat, lng }),
                open_to_partners: row.try_get_by_index(10)?,
                needs: Vec::new(),
                offers: Vec::new(),
            },
            network_id: row.try_get_by_index(11)?,
            updated_at: row.try_get_by_index(12)?,
            search_keys: row.try_get_by_index(13)?,
        })
    }
}

fn labels_of(text: &str) -> Texts {
    // Most cities have none: not worth a parser.
    if text.len() <= 2 {
        return Texts::new();
    }
    serde_json::from_str(text).unwrap_or_default()
}

fn columns() -> Select<city::Entity> {
    city::Entity::find()
        .select_only()
        .columns([
            city::Column::Id,
            city::Column::Version,
            city::Column::Kind,
            city::Column::Name,
        ])
        // As text: a JSON value for each row would cost more than all the rest.
        .column_as(
            Expr::col((city::Entity, city::Column::Labels)).cast_as("text"),
            "labels_text",
        )
        .columns([
            city::Column::Country,
            city::Column::Subdivision,
            city::Column::Population,
            city::Column::Lat,
            city::Column::Lng,
            city::Column::OpenToPartners,
            city::Column::NetworkId,
            city::Column::UpdatedAt,
            city::Column::SearchKeys,
        ])
}

type StatementColumns = (CityId, String, String);

/// The columns of [`Row`].
const CITIES: Table = Table {
    name: "cities",
    key: "id",
    of: "cities",
    columns: &[
        Column::Id("id"),
        Column::Plain("version"),
        Column::Plain("kind"),
        Column::Plain("name"),
        Column::Json("labels"),
        Column::Plain("country"),
        Column::Plain("subdivision"),
        Column::Plain("population"),
        Column::Real("lat"),
        Column::Real("lng"),
        Column::Flag("open_to_partners"),
        Column::Id("network_id"),
        Column::Plain("updated_at"),
        Column::Plain("search_keys"),
    ],
};

type RawCity = (
    CityId,
    i64,
    String,
    String,
    Texts,
    String,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
    u8,
    Option<NetworkId>,
    String,
    String,
);

const STATEMENTS: Table = Table {
    name: "city_statements",
    key: "city_id",
    of: "cities",
    columns: &[
        Column::Id("city_id"),
        Column::Plain("side"),
        Column::Plain("theme"),
        Column::Plain("position"),
    ],
};

type RawStatement = (CityId, String, String, i32);

fn row_of(raw: RawCity) -> Option<Row> {
    let (
        id,
        version,
        kind,
        name,
        labels,
        country,
        subdivision,
        population,
        lat,
        lng,
        open,
        network_id,
        at,
        search_keys,
    ) = raw;
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Some(Row {
        summary: CitySummary {
            id,
            version,
            kind: CityKind::from_code(&kind).unwrap_or(CityKind::Municipality),
            name,
            labels,
            country,
            subdivision,
            population,
            location: number(lat).zip(number(lng)).map(|(lat, lng)| Point { lat, lng }),
            open_to_partners: open == 1,
            needs: Vec::new(),
            offers: Vec::new(),
        },
        network_id,
        updated_at: at.parse().unwrap_or_default(),
        search_keys,
    })
}

/// All cities, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub(crate) async fn all(db: &Db) -> Result<Vec<Row>, Error> {
    let (mut rows, mut statements) = tokio::try_join!(
        bulk::all(db, CITIES, row_of),
        bulk::all(db, STATEMENTS, |raw: RawStatement| Some(raw)),
    )?;
    tokio::task::spawn_blocking(move || {
        rows.sort_unstable_by_key(|row| row.summary.id);
        statements.sort_unstable_by_key(|(.., position)| *position);
        let statements = statements.into_iter().map(|(city, side, theme, _)| (city, side, theme));
        with_themes(rows, statements)
    })
    .await
    .map_err(Error::internal)
}

/// A city's columns with one of its statements.
struct Joined {
    row: Row,
    statement: Option<(String, String)>,
}

impl FromQueryResult for Joined {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let (side, theme): (Option<String>, Option<String>) =
            (result.try_get_by_index(14)?, result.try_get_by_index(15)?);
        Ok(Self {
            row: Row::from_query_result(result, prefix)?,
            statement: side.zip(theme),
        })
    }
}

/// Some cities, in one statement for a thousand: a change waits for it.
///
/// # Errors
/// Those of the database.
pub(crate) async fn some(db: &Db, ids: &[CityId]) -> Result<Vec<Row>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let joined = columns()
            .join(
                JoinType::LeftJoin,
                city::Entity::belongs_to(city_statement::Entity)
                    .from(city::Column::Id)
                    .to(city_statement::Column::CityId)
                    .into(),
            )
            .column_as(
                Expr::col((city_statement::Entity, city_statement::Column::Side)),
                "side",
            )
            .column_as(
                Expr::col((city_statement::Entity, city_statement::Column::Theme)),
                "theme",
            )
            .filter(city::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(city::Column::Id)
            .order_by_asc(city_statement::Column::Position)
            .into_model::<Joined>()
            .all(db.read())
            .await?;
        let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
        let mut statements = Vec::new();
        for Joined { row, statement } in joined {
            let id = row.summary.id;
            statements.extend(statement.map(|(side, theme)| (id, side, theme)));
            if rows.last().is_none_or(|last| last.summary.id != id) {
                rows.push(row);
            }
        }
        found.extend(with_themes(rows, statements));
    }
    Ok(found)
}

/// The city that has or had a code.
///
/// # Errors
/// Those of the database.
pub(crate) async fn city_of_code(db: &Db, scheme: &str, value: &str) -> Result<Option<CityId>, Error> {
    Ok(city_code::Entity::find()
        .select_only()
        .column(city_code::Column::CityId)
        .filter(city_code::Column::Scheme.eq(scheme))
        .filter(city_code::Column::Value.eq(value))
        .into_tuple()
        .one(db.read())
        .await?)
}

fn with_themes(mut rows: Vec<Row>, statements: impl IntoIterator<Item = StatementColumns>) -> Vec<Row> {
    let mut themes: HashMap<CityId, (Vec<Theme>, Vec<Theme>)> = HashMap::new();
    for (city, side, theme) in statements {
        let Some(theme) = Theme::from_slug(&theme) else {
            continue;
        };
        let (needs, offers) = themes.entry(city).or_default();
        if side == NEED {
            needs.push(theme)
        } else {
            offers.push(theme)
        }
    }
    if !themes.is_empty() {
        for row in &mut rows {
            if let Some((needs, offers)) = themes.remove(&row.summary.id) {
                row.summary.needs = needs;
                row.summary.offers = offers;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests;
