//! Renewing a partnership: it names the lessons that it uses, so that what was learned is not learned again.

use shared::ids::LessonId;
use shared::problem::{FieldCode, FieldError, ProblemCode};

use super::{check, store};
use crate::db::Tx;
use crate::error::{Error, refuse};
use crate::partnerships::store::Partnership;

/// Takes the lessons that a move of a partnership names. Any lesson can be used; where the partnership or another one of its
/// authorities has proposed some, a renewal names at least one, and no other move names any.
///
/// # Errors
/// `RenewalNeedsLessons`, `Invalid`.
pub async fn name(tx: &Tx<'_>, of: &Partnership, is_renewal: bool, lessons: &[LessonId]) -> Result<(), Error> {
    if !is_renewal {
        let named = !lessons.is_empty();
        return refuse(
            named
                .then(|| FieldError::new("/lesson_ids", FieldCode::Inconsistent))
                .into_iter()
                .collect(),
        );
    }
    if lessons.is_empty() {
        if store::has_for_renewal(tx, of.id).await? {
            return Err(Error::Conflict {
                code: ProblemCode::RenewalNeedsLessons,
                errors: vec![FieldError::new("/lesson_ids", FieldCode::Required)],
            });
        }
        return Ok(());
    }
    let known = store::named(tx.conn(), lessons).await?;
    refuse(check::ids("/lesson_ids", lessons, |id| known.contains_key(&id)))?;
    store::insert_renewal(tx, of.id, lessons).await
}
