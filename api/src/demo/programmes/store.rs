//! What the demonstration asks of the tables that no use case asks.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::cities::CityKind;
use shared::ids::{ApplicationId, CallId, CityId};
use shared::language::Texts;

use crate::db::entity::{application, city, city_code};
use crate::error::Error;

/// A city with its names.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Which one.
    pub(super) id: CityId,
    /// Its country.
    pub(super) country: String,
    /// Its official name and those for readers.
    pub(super) names: Vec<String>,
}

/// The cities of these codes, by their scheme and code.
///
/// # Errors
/// Those of the database.
pub(super) async fn cities_by_code(
    conn: &impl ConnectionTrait,
    codes: &[(&str, &str)],
) -> Result<HashMap<(String, String), Known>, Error> {
    let mut wanted = Condition::any();
    for &(scheme, value) in codes {
        wanted = wanted.add(
            Condition::all()
                .add(city_code::Column::Scheme.eq(scheme))
                .add(city_code::Column::Value.eq(value)),
        );
    }
    let codes = city_code::Entity::find().filter(wanted).all(conn).await?;
    let cities = city::Entity::find()
        .filter(city::Column::Id.is_in(codes.iter().map(|code| code.city_id)))
        .all(conn)
        .await?;
    let mut by_id = HashMap::new();
    for city in cities {
        by_id.insert(city.id, known_city(city)?);
    }
    Ok(codes
        .into_iter()
        .filter_map(|code| Some(((code.scheme, code.value), by_id.get(&code.city_id)?.clone())))
        .collect())
}

/// The largest cities of these countries, those with accounts in the demonstration and their partners left out.
///
/// # Errors
/// Those of the database.
pub(super) async fn largest_cities(
    conn: &impl ConnectionTrait,
    countries: &[&str],
    limit: u64,
) -> Result<Vec<Known>, Error> {
    let told = ["Grenoble", "Clermont-Ferrand", "Vienne", "Кременчук", "Kremenchuk"];
    let cities = city::Entity::find()
        .filter(city::Column::Country.is_in(countries.iter().copied()))
        .filter(city::Column::Kind.is_in([CityKind::Municipality.code(), CityKind::Hromada.code()]))
        .filter(city::Column::Name.is_not_in(told))
        .filter(city::Column::Population.is_not_null())
        .order_by_desc(city::Column::Population)
        .order_by_asc(city::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    cities.into_iter().map(known_city).collect()
}

fn known_city(city: city::Model) -> Result<Known, Error> {
    let labels: Texts = serde_json::from_value(city.labels)?;
    Ok(Known {
        id: city.id,
        country: city.country,
        names: std::iter::once(city.name).chain(labels.into_values()).collect(),
    })
}

/// The call's file of this title.
///
/// # Errors
/// Those of the database.
pub(super) async fn file_of(
    conn: &impl ConnectionTrait,
    call: CallId,
    title: &str,
) -> Result<Option<ApplicationId>, Error> {
    let found = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::Title.eq(title))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found)
}

/// Whether the call has a file of this title.
///
/// # Errors
/// Those of the database.
pub(super) async fn has_file(conn: &impl ConnectionTrait, call: CallId, title: &str) -> Result<bool, Error> {
    Ok(file_titled(conn, call, title).await?.is_some())
}

/// The file to a call with a title.
///
/// # Errors
/// Those of the database.
pub(super) async fn file_titled(
    conn: &impl ConnectionTrait,
    call: CallId,
    title: &str,
) -> Result<Option<ApplicationId>, Error> {
    Ok(application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::Title.eq(title))
        .into_tuple()
        .one(conn)
        .await?)
}
