//! Who waits, as the table of applications tells it.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::applications::ApplicationState;
use shared::ids::CallId;

use super::place;
use crate::applications::store::ApplicationRecord;
use crate::db::entity::application::{Column, Entity};
use crate::error::Error;

/// The ranks of the files that wait for money of a call; those that never had one are left out.
///
/// # Errors
/// Those of the database.
pub async fn ranks(conn: &impl ConnectionTrait, call: CallId) -> Result<Vec<u32>, Error> {
    let ranks: Vec<i32> = Entity::find()
        .select_only()
        .column(Column::WaitlistRank)
        .filter(Column::CallId.eq(call))
        .filter(Column::State.eq(ApplicationState::Waitlisted.code()))
        .filter(Column::WaitlistRank.is_not_null())
        .filter(Column::DeletedAt.is_null())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ranks.into_iter().filter_map(|rank| u32::try_from(rank).ok()).collect())
}

/// Counts the place of a file that waits; any other file costs no statement.
///
/// # Errors
/// Those of the database.
pub async fn find_place(conn: &impl ConnectionTrait, record: &mut ApplicationRecord) -> Result<(), Error> {
    let (call, waits) = (record.call_id, record.state == ApplicationState::Waitlisted);
    let Some(decision) = record.decision.as_mut().filter(|_| waits) else {
        return Ok(());
    };
    if let Some(rank) = decision.waitlist_rank {
        decision.waitlist_place = Some(place(rank, &ranks(conn, call).await?));
    }
    Ok(())
}
