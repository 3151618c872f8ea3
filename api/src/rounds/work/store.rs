//! The table of certificates.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use shared::ids::RoundId;
use shared::rounds::RoundCertificate;

use crate::db::entity::round_certificate::{ActiveModel, Column, Entity};
use crate::db::{Db, Tx};
use crate::error::Error;

/// How much is spent on compression: facts of many cities say the same again and again.
const LEVEL: i32 = 3;

/// A certificate as it is kept.
///
/// # Errors
/// Internal, where it cannot be written.
pub(super) fn pack(certificate: &RoundCertificate) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(certificate)?;
    zstd::encode_all(json.as_slice(), LEVEL).map_err(Error::internal)
}

/// Keeps the certificate of a round in place of the former one.
///
/// # Errors
/// Those of the database.
pub(super) async fn put(tx: &Tx<'_>, round: RoundId, body: &[u8]) -> Result<(), Error> {
    let row = ActiveModel {
        round_id: Set(round),
        made_at: Set(tx.now()),
        body: Set(body.to_vec()),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::RoundId)
                .update_columns([Column::MadeAt, Column::Body])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// The certificate of a round as JSON.
///
/// # Errors
/// Those of the database.
pub(super) async fn json(db: &Db, round: RoundId) -> Result<Option<Vec<u8>>, Error> {
    let Some(row) = Entity::find_by_id(round).one(db.read()).await? else {
        return Ok(None);
    };
    zstd::decode_all(row.body.as_slice()).map(Some).map_err(Error::internal)
}
