//! The table of kept weights.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::Value;
use shared::ids::CityId;
use shared::scoring::Weights;

use crate::db::Tx;
use crate::db::entity::city_weights::{ActiveModel, Column, Entity};
use crate::error::Error;

/// The weights of a city as they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Grows by one with each change.
    pub version: i64,
    /// The weights.
    pub weights: Weights,
    /// When they were kept.
    pub updated_at: DateTime<Utc>,
}

/// The weights that a city keeps, where it does.
///
/// # Errors
/// Those of the database.
pub async fn of_city(conn: &impl ConnectionTrait, city: CityId) -> Result<Option<Kept>, Error> {
    let row = Entity::find_by_id(city).one(conn).await?;
    row.map(|row| {
        Ok(Kept {
            version: row.version,
            weights: read(&row.weights)?,
            updated_at: row.updated_at,
        })
    })
    .transpose()
}

/// Keeps weights in the place of the former ones.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &Tx<'_>, city: CityId, kept: &Kept) -> Result<(), Error> {
    let row = ActiveModel {
        city_id: Set(city),
        weights: Set(serde_json::to_value(kept.weights)?),
        version: Set(kept.version),
        updated_at: Set(kept.updated_at),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::CityId)
                .update_columns([Column::Weights, Column::Version, Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Reads weights that were kept at some time: a criterion that is new since then counts as usual, one that is no more is
/// passed over.
///
/// # Errors
/// Internal, where they are no weights at all.
pub fn read(kept: &Value) -> Result<Weights, Error> {
    let mut weights = serde_json::to_value(Weights::default())?;
    if let (Some(weights), Some(kept)) = (weights.as_object_mut(), kept.as_object()) {
        for (name, weight) in weights.iter_mut() {
            if let Some(kept) = kept.get(name) {
                *weight = kept.clone();
            }
        }
    }
    Ok(serde_json::from_value(weights)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_other_times_are_read() {
        let usual = Weights::default();
        let kept = serde_json::json!({ "needs": 7, "fame": 100 });
        assert_eq!(read(&kept).unwrap(), Weights { needs: 7, ..usual });
        assert_eq!(read(&serde_json::json!({})).unwrap(), usual);
    }
}
