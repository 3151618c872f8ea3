//! The tables of the directory, read and written by the thousand.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, InsertStatement, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::cities::{CityKind, NameKind};
use shared::geo::Point;
use shared::ids::CityId;
use uuid::Uuid;

use super::entry::{Code, GEONAMES};
use super::merge::{Known, KnownCode, KnownName, State};
use super::names::Spot;
use super::report::Report;
use crate::db::Tx;
use crate::db::entity::{city, city_code, city_name, import};
use crate::error::Error;

/// Values in one `IN (…)`.
const VALUES_AT_ONCE: usize = 1_000;
/// Bound values in one statement: SQLite takes 32,766, PostgreSQL 65,535.
const BINDS_AT_ONCE: usize = 30_000;

/// The authorities that have these codes.
pub(super) async fn cities_by_code(tx: &Tx<'_>, codes: &HashSet<&Code>) -> Result<HashMap<Code, CityId>, Error> {
    let mut by_scheme: HashMap<&'static str, Vec<&str>> = HashMap::new();
    for code in codes {
        by_scheme.entry(code.scheme).or_default().push(&code.value);
    }
    let mut found = HashMap::new();
    for (scheme, values) in by_scheme {
        for values in values.chunks(VALUES_AT_ONCE) {
            let rows: Vec<(String, CityId)> = city_code::Entity::find()
                .select_only()
                .columns([city_code::Column::Value, city_code::Column::CityId])
                .filter(city_code::Column::Scheme.eq(scheme))
                .filter(city_code::Column::Value.is_in(values.iter().copied()))
                .into_tuple()
                .all(tx.conn())
                .await?;
            found.extend(rows.into_iter().map(|(value, id)| (Code { scheme, value }, id)));
        }
    }
    Ok(found)
}

/// The authorities with these ids, with names and codes; locked until the transaction ends.
pub(super) async fn known(tx: &Tx<'_>, ids: &[CityId]) -> Result<HashMap<CityId, Known>, Error> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(VALUES_AT_ONCE) {
        let ids = || ids.iter().copied();
        let mut cities = city::Entity::find().filter(city::Column::Id.is_in(ids()));
        if tx.has_row_locks() {
            cities = cities.lock_exclusive();
        }
        for row in cities.all(tx.conn()).await? {
            found.insert(row.id, known_of(row));
        }
        for row in city_name::Entity::find()
            .filter(city_name::Column::CityId.is_in(ids()))
            .all(tx.conn())
            .await?
        {
            if let Some(known) = found.get_mut(&row.city_id) {
                let kind = NameKind::from_code(&row.kind).unwrap_or(NameKind::Alternate);
                known.names.push(KnownName {
                    id: row.id,
                    text: row.text,
                    language: row.language,
                    kind,
                    state: State::Stored,
                });
            }
        }
        for row in city_code::Entity::find()
            .filter(city_code::Column::CityId.is_in(ids()))
            .all(tx.conn())
            .await?
        {
            if let Some(known) = found.get_mut(&row.city_id) {
                known.codes.push(KnownCode {
                    id: row.id,
                    scheme: row.scheme,
                    value: row.value,
                    until: row.valid_to,
                    state: State::Stored,
                });
            }
        }
    }
    Ok(found)
}

fn known_of(row: city::Model) -> Known {
    Known {
        id: row.id,
        version: row.version,
        kind: CityKind::from_code(&row.kind).unwrap_or(CityKind::Municipality),
        name: row.name,
        labels: serde_json::from_value(row.labels).unwrap_or_default(),
        country: row.country,
        subdivision: row.subdivision,
        population: row.population,
        location: row.lat.zip(row.lng).map(|(lat, lng)| Point { lat, lng }),
        parent: row.parent_id,
        names: Vec::new(),
        codes: Vec::new(),
        state: State::Stored,
    }
}

/// What the name index needs of a city.
type NamedRow = (
    CityId,
    String,
    Option<String>,
    Option<i64>,
    Option<f64>,
    Option<f64>,
    String,
);

/// The authorities of one country with their search keys, passed on one by one.
pub(super) async fn each_named(tx: &Tx<'_>, country: &str, mut each: impl FnMut(&str, Spot)) -> Result<(), Error> {
    let rows: Vec<NamedRow> = city::Entity::find()
        .select_only()
        .columns([
            city::Column::Id,
            city::Column::Kind,
            city::Column::Subdivision,
            city::Column::Population,
            city::Column::Lat,
            city::Column::Lng,
            city::Column::SearchKeys,
        ])
        .filter(city::Column::Country.eq(country))
        .into_tuple()
        .all(tx.conn())
        .await?;
    for (id, kind, subdivision, population, lat, lng, search_keys) in rows {
        let kind = CityKind::from_code(&kind).unwrap_or(CityKind::Municipality);
        let location = lat.zip(lng).map(|(lat, lng)| Point { lat, lng });
        each(
            &search_keys,
            Spot {
                id,
                kind,
                subdivision,
                population,
                location,
            },
        );
    }
    Ok(())
}

/// The GeoNames identifiers that the directory has.
pub(super) async fn geonames_ids(conn: &impl ConnectionTrait) -> Result<HashSet<u32>, Error> {
    let values: Vec<String> = city_code::Entity::find()
        .select_only()
        .column(city_code::Column::Value)
        .filter(city_code::Column::Scheme.eq(GEONAMES))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(values.iter().filter_map(|value| value.parse().ok()).collect())
}

/// The countries that the directory has authorities in.
pub(super) async fn countries(tx: &Tx<'_>) -> Result<Vec<String>, Error> {
    Ok(city::Entity::find()
        .select_only()
        .column(city::Column::Country)
        .distinct()
        .into_tuple()
        .all(tx.conn())
        .await?)
}

/// The digest of the last import of `source`, if there was one.
pub(super) async fn last_digest(conn: &impl ConnectionTrait, source: &str) -> Result<Option<i64>, Error> {
    let last = import::Entity::find()
        .filter(import::Column::Source.eq(source))
        .order_by_desc(import::Column::At)
        .order_by_desc(import::Column::Id)
        .limit(1)
        .one(conn)
        .await?;
    Ok(last.and_then(|last| last.digest))
}

/// Keeps what an import did.
pub(super) async fn remember(tx: &Tx<'_>, report: &Report, digest: Option<i64>) -> Result<(), Error> {
    let count = |rows: u64| Set(i64::try_from(rows).unwrap_or(i64::MAX));
    let row = import::ActiveModel {
        id: Set(Uuid::now_v7()),
        source: Set(report.source.clone()),
        digest: Set(digest),
        at: Set(tx.now()),
        read: count(report.read),
        added: count(report.added),
        changed: count(report.changed),
        unchanged: count(report.unchanged),
        refused: count(report.refused),
    };
    import::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Writes what is new or has changed of these authorities.
pub(super) async fn save(tx: &Tx<'_>, known: &[&Known]) -> Result<(), Error> {
    let cities: Vec<Vec<Expr>> = known
        .iter()
        .filter(|known| known.state != State::Stored)
        .map(|known| city_values(known, tx.now()))
        .collect();
    insert(tx, cities, city_insert).await?;
    let names: Vec<Vec<Expr>> = known
        .iter()
        .flat_map(|known| {
            known
                .names
                .iter()
                .filter(|name| name.state != State::Stored)
                .map(|name| name_values(known.id, name))
        })
        .collect();
    insert(tx, names, name_insert).await?;
    let codes: Vec<Vec<Expr>> = known
        .iter()
        .flat_map(|known| {
            known
                .codes
                .iter()
                .filter(|code| code.state != State::Stored)
                .map(|code| code_values(known.id, code))
        })
        .collect();
    insert(tx, codes, code_insert).await
}

/// Sets the authority above each of these.
pub(super) async fn set_parents(tx: &Tx<'_>, parents: &HashMap<CityId, CityId>) -> Result<Vec<(Uuid, i64)>, Error> {
    let ids: Vec<CityId> = parents.keys().copied().collect();
    let mut known = known(tx, &ids).await?;
    let mut changed = Vec::new();
    for known in known.values_mut() {
        let parent = parents.get(&known.id).copied();
        if known.parent != parent {
            known.parent = parent;
            known.touch();
            changed.push((known.id.0, known.version));
        }
    }
    save(tx, &known.values().collect::<Vec<_>>()).await?;
    Ok(changed)
}

async fn insert(tx: &Tx<'_>, rows: Vec<Vec<Expr>>, statement: fn() -> InsertStatement) -> Result<(), Error> {
    let Some(width) = rows.first().map(Vec::len) else {
        return Ok(());
    };
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut insert = statement();
        for row in rows.by_ref().take(BINDS_AT_ONCE / width) {
            insert.values(row).map_err(Error::internal)?;
        }
        tx.conn().execute(&insert).await?;
    }
    Ok(())
}

fn city_insert() -> InsertStatement {
    use city::Column as C;
    Query::insert()
        .into_table(city::Entity)
        .columns([
            C::Id,
            C::Version,
            C::CreatedAt,
            C::UpdatedAt,
            C::Kind,
            C::Name,
            C::Labels,
            C::Country,
            C::Subdivision,
            C::Population,
            C::Lat,
            C::Lng,
            C::ParentId,
            C::SearchKeys,
            C::OpenToPartners,
            C::Descriptions,
            C::Languages,
            C::LookingFor,
        ])
        // What the city's own staff writes is not touched.
        .on_conflict(
            OnConflict::column(C::Id)
                .update_columns([
                    C::Version,
                    C::UpdatedAt,
                    C::Name,
                    C::Labels,
                    C::Subdivision,
                    C::Population,
                    C::Lat,
                    C::Lng,
                    C::ParentId,
                    C::SearchKeys,
                ])
                .to_owned(),
        )
        .to_owned()
}

fn city_values(known: &Known, now: DateTime<Utc>) -> Vec<Expr> {
    let empty_map = || serde_json::Value::Object(serde_json::Map::new());
    vec![
        Expr::value(known.id),
        Expr::value(known.version),
        Expr::value(now),
        Expr::value(now),
        Expr::value(known.kind.code()),
        Expr::value(known.name.as_str()),
        Expr::value(
            known
                .labels
                .iter()
                .map(|(language, label)| (language.clone(), serde_json::Value::from(label.as_str())))
                .collect::<serde_json::Value>(),
        ),
        Expr::value(known.country.as_str()),
        Expr::value(known.subdivision.as_deref()),
        Expr::value(known.population),
        Expr::value(known.location.map(|point| point.lat)),
        Expr::value(known.location.map(|point| point.lng)),
        Expr::value(known.parent),
        Expr::value(known.search_keys()),
        Expr::value(false),
        Expr::value(empty_map()),
        Expr::value(serde_json::Value::Array(Vec::new())),
        Expr::value(empty_map()),
    ]
}

fn name_insert() -> InsertStatement {
    use city_name::Column as C;
    Query::insert()
        .into_table(city_name::Entity)
        .columns([C::Id, C::CityId, C::Text, C::Language, C::Kind])
        .on_conflict(OnConflict::column(C::Id).update_column(C::Language).to_owned())
        .to_owned()
}

fn name_values(city: CityId, name: &KnownName) -> Vec<Expr> {
    vec![
        Expr::value(name.id),
        Expr::value(city),
        Expr::value(name.text.as_str()),
        Expr::value(name.language.as_deref()),
        Expr::value(name.kind.code()),
    ]
}

fn code_insert() -> InsertStatement {
    use city_code::Column as C;
    Query::insert()
        .into_table(city_code::Entity)
        .columns([C::Id, C::CityId, C::Scheme, C::Value, C::ValidTo])
        .to_owned()
}

fn code_values(city: CityId, code: &KnownCode) -> Vec<Expr> {
    vec![
        Expr::value(code.id),
        Expr::value(city),
        Expr::value(code.scheme.as_str()),
        Expr::value(code.value.as_str()),
        Expr::value(code.until),
    ]
}
