//! The table of reminders, and which grants are to be reminded of a report.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use shared::grants::GrantState;
use shared::ids::FundingId;
use uuid::Uuid;

use super::Stage;
use crate::db::entity::funding_grant;
use crate::db::entity::report_reminder::{Column as Told, Entity as Reminder, Model as ReminderRow};
use crate::db::{Db, Tx};
use crate::error::Error;

/// Grants that have come to a stage, and whose lead was not told of it: those whose report is due on one of these days.
///
/// # Errors
/// Those of the database.
pub(super) async fn waiting(
    db: &Db,
    stage: Stage,
    (first, last): (i32, i32),
    most: u64,
) -> Result<Vec<FundingId>, Error> {
    use funding_grant::Column as C;
    let told = Query::select()
        .expr(Expr::val(1))
        .from(Reminder)
        .and_where(Expr::col((Reminder, Told::FundingId)).eq(Expr::col((funding_grant::Entity, C::Id))))
        .and_where(Expr::col((Reminder, Told::DueDay)).eq(Expr::col((funding_grant::Entity, C::DueDay))))
        .and_where(Told::Stage.eq(stage.code()))
        .to_owned();
    Ok(funding_grant::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::DueDay.between(first, last))
        .filter(C::State.ne(GrantState::Closed.code()))
        .filter(Expr::exists(told).not())
        .order_by_asc(C::DueDay)
        .order_by_asc(C::Id)
        .limit(most)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// Notes that a grant's lead is told of a stage; false where another process has done so.
///
/// # Errors
/// Those of the database.
pub(super) async fn note(tx: &Tx<'_>, id: FundingId, due_day: i32, stage: Stage) -> Result<bool, Error> {
    let row = ReminderRow {
        id: Uuid::now_v7(),
        funding_id: id,
        due_day,
        stage: stage.code().to_owned(),
        sent_at: tx.now(),
    };
    let added = Reminder::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Told::FundingId, Told::DueDay, Told::Stage])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(added == 1)
}
