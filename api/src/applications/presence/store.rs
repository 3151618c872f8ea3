//! The table of those who have a file open.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::{AccountId, ApplicationId, CityId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::{account, presence};
use crate::error::Error;

/// A sign of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Whose.
    pub account_id: AccountId,
    /// For which city.
    pub city_id: CityId,
    /// Where in the file.
    pub place: Option<String>,
}

/// Writes a sign in the place of the former one of the same person.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &Tx<'_>, file: ApplicationId, sign: Sign) -> Result<(), Error> {
    use presence::Column;
    let row = presence::ActiveModel {
        id: Set(Uuid::now_v7()),
        application_id: Set(file),
        account_id: Set(sign.account_id),
        city_id: Set(sign.city_id),
        place: Set(sign.place),
        seen_at: Set(tx.now()),
    };
    let again = OnConflict::columns([Column::ApplicationId, Column::AccountId])
        .update_columns([Column::CityId, Column::Place, Column::SeenAt])
        .to_owned();
    presence::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Others who gave a sign since a time, by name: name, city, place, and when.
///
/// # Errors
/// Those of the database.
pub async fn others(
    tx: &Tx<'_>,
    file: ApplicationId,
    but: AccountId,
    since: DateTime<Utc>,
    most: u64,
) -> Result<Vec<(String, CityId, Option<String>, DateTime<Utc>)>, Error> {
    use presence::Column;
    let found = presence::Entity::find()
        .select_only()
        .column(account::Column::Name)
        .columns([Column::CityId, Column::Place, Column::SeenAt])
        .join(
            JoinType::InnerJoin,
            presence::Entity::belongs_to(account::Entity)
                .from(Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(Column::ApplicationId.eq(file))
        .filter(Column::AccountId.ne(but))
        .filter(Column::SeenAt.gte(since))
        .order_by_asc(account::Column::Name)
        .order_by_asc(Column::AccountId)
        .limit(most);
    Ok(found.into_tuple().all(tx.conn()).await?)
}

/// Forgets signs from before a time; says how many.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<u64, Error> {
    let over = presence::Entity::delete_many().filter(presence::Column::SeenAt.lt(before));
    Ok(over.exec(tx.conn()).await?.rows_affected)
}
