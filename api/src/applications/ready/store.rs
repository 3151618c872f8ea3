//! The files that are still written.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use shared::applications::ApplicationState;
use shared::ids::{ApplicationId, CallId};

use crate::applications::store::{ApplicationRecord, unsign, whole};
use crate::db::Tx;
use crate::db::entity::{application, application_party};
use crate::error::Error;

/// Those of the states in which a file is written, by their code.
pub(in crate::applications) fn written_codes() -> impl Iterator<Item = &'static str> {
    let written = ApplicationState::ALL.iter().filter(|state| state.is_written());
    written.map(|state| state.code())
}

/// The files for a call that are still written.
///
/// # Errors
/// Those of the database.
pub(super) async fn written(conn: &impl ConnectionTrait, call: CallId) -> Result<Vec<ApplicationRecord>, Error> {
    let models = application::Entity::find()
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::State.is_in(written_codes()))
        .filter(application::Column::DeletedAt.is_null())
        .all(conn)
        .await?;
    whole(conn, models).await
}

/// Puts files into a state under their next version; what they say stays as it is.
///
/// # Errors
/// Those of the database.
pub(super) async fn set_state(tx: &Tx<'_>, ids: &[ApplicationId], state: ApplicationState) -> Result<(), Error> {
    for ids in ids.chunks(AT_ONCE) {
        application::Entity::update_many()
            .col_expr(application::Column::State, Expr::value(state.code()))
            .col_expr(
                application::Column::Version,
                Expr::col(application::Column::Version).add(1),
            )
            .filter(application::Column::Id.is_in(ids.iter().copied()))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Most files named in one statement.
const AT_ONCE: usize = 500;

/// Takes back all agreements to the files for a call that are still written.
///
/// # Errors
/// Those of the database.
pub async fn clear_sign_offs(tx: &Tx<'_>, call: CallId) -> Result<(), Error> {
    let drafts = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::State.is_in(written_codes()))
        .into_query();
    unsign(tx, application_party::Column::ApplicationId.in_subquery(drafts)).await
}
