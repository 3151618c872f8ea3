//! What the demonstration asks of the tables that no use case asks.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use shared::ids::{CallId, CityId};
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
        let labels: Texts = serde_json::from_value(city.labels)?;
        let names = std::iter::once(city.name).chain(labels.into_values()).collect();
        let known = Known {
            id: city.id,
            country: city.country,
            names,
        };
        by_id.insert(city.id, known);
    }
    Ok(codes
        .into_iter()
        .filter_map(|code| Some(((code.scheme, code.value), by_id.get(&code.city_id)?.clone())))
        .collect())
}

/// Whether the call has a file of this title.
///
/// # Errors
/// Those of the database.
pub(super) async fn has_file(conn: &impl ConnectionTrait, call: CallId, title: &str) -> Result<bool, Error> {
    let count = application::Entity::find()
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::Title.eq(title))
        .count(conn)
        .await?;
    Ok(count > 0)
}
