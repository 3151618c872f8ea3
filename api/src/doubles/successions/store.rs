//! The table of successions.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::doubles::{DoubleSubject, SuccessionReason, SuccessionView};
use shared::ids::DoubleId;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::succession::{ActiveModel, Column, Entity, Model};
use crate::error::Error;

fn view_of(row: Model) -> SuccessionView {
    SuccessionView {
        from_id: row.from_id,
        to_id: row.to_id,
        name: row.name,
        reason: SuccessionReason::from_code(&row.reason).unwrap_or(SuccessionReason::Double),
        note: row.note,
        at: row.at,
    }
}

/// What took the place of something.
///
/// # Errors
/// Those of the database.
pub async fn of(
    conn: &impl ConnectionTrait,
    subject: DoubleSubject,
    from: Uuid,
) -> Result<Option<SuccessionView>, Error> {
    let row = Entity::find()
        .filter(Column::Subject.eq(subject.code()))
        .filter(Column::FromId.eq(from))
        .one(conn)
        .await?;
    Ok(row.map(view_of))
}

/// What something took the place of, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn into(conn: &impl ConnectionTrait, subject: DoubleSubject, to: Uuid) -> Result<Vec<SuccessionView>, Error> {
    let rows = Entity::find()
        .filter(Column::ToId.eq(to))
        .filter(Column::Subject.eq(subject.code()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(view_of).collect())
}

/// Enters what took the place of something.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, subject: DoubleSubject, of: &SuccessionView, by: DoubleId) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(Uuid::now_v7()),
        subject: Set(subject.code().to_owned()),
        from_id: Set(of.from_id),
        to_id: Set(of.to_id),
        name: Set(of.name.clone()),
        reason: Set(of.reason.code().to_owned()),
        note: Set(of.note.clone()),
        at: Set(of.at),
        double_id: Set(Some(by)),
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Takes back what a merge entered.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, by: DoubleId) -> Result<(), Error> {
    Entity::delete_many()
        .filter(Column::DoubleId.eq(by))
        .exec(tx.conn())
        .await?;
    Ok(())
}
