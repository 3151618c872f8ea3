//! Where partnerships lead to each other.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use shared::ids::PartnershipId;

use crate::db::Tx;
use crate::db::entity::partnership;
use crate::error::Error;

/// How one partnership leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// To what it hangs on.
    Parent,
    /// To the phase before.
    Predecessor,
}

/// Whether a partnership is there, and not deleted.
///
/// # Errors
/// Those of the database.
pub(super) async fn exists(tx: &Tx<'_>, id: PartnershipId) -> Result<bool, Error> {
    let found = partnership::Entity::find_by_id(id)
        .filter(partnership::Column::DeletedAt.is_null())
        .count(tx.conn())
        .await?;
    Ok(found > 0)
}

/// Where a link of a partnership leads.
///
/// # Errors
/// Those of the database.
pub(super) async fn linked(tx: &Tx<'_>, id: PartnershipId, link: Link) -> Result<Option<PartnershipId>, Error> {
    let column = match link {
        Link::Parent => partnership::Column::ParentId,
        Link::Predecessor => partnership::Column::PredecessorId,
    };
    let found: Option<Option<PartnershipId>> = partnership::Entity::find_by_id(id)
        .select_only()
        .column(column)
        .into_tuple()
        .one(tx.conn())
        .await?;
    Ok(found.flatten())
}
