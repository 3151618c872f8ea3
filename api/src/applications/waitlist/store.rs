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

/// Counts the places of those of a call's files that wait: by one statement, by none where none of them does.
///
/// # Errors
/// Those of the database.
pub async fn find_places(conn: &impl ConnectionTrait, files: &mut [ApplicationRecord]) -> Result<(), Error> {
    let waits = |file: &ApplicationRecord| {
        let decision = file.decision.as_ref();
        file.state == ApplicationState::Waitlisted && decision.is_some_and(|decision| decision.waitlist_rank.is_some())
    };
    let Some(call) = files.iter().find(|file| waits(file)).map(|file| file.call_id) else {
        return Ok(());
    };
    let waiting = ranks(conn, call).await?;
    for file in files.iter_mut().filter(|file| waits(file)) {
        if let Some(decision) = &mut file.decision {
            decision.waitlist_place = decision.waitlist_rank.map(|rank| place(rank, &waiting));
        }
    }
    Ok(())
}
