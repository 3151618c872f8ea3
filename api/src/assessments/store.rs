//! The table of assessments.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use shared::assessments::{AssessmentSheet, AssessmentState};
use shared::ids::{AssessmentId, CityId, PartnershipId};
use shared::problem::ProblemCode;

use crate::db::entity::{assessment, partnership};
use crate::db::{Db, Tx, constraint_of};
use crate::error::Error;

/// One side's assessment of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Which one.
    pub id: AssessmentId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What is judged.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// Who judges.
    pub city_id: CityId,
    /// The year.
    pub year: i32,
    /// Where it stands.
    pub state: AssessmentState,
    /// The ten principles in their order.
    pub sheet: AssessmentSheet,
    /// When it was filed.
    pub filed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, FromQueryResult)]
struct AssessmentRow {
    #[sea_orm(nested)]
    assessment: assessment::Model,
    partnership_name: String,
}

impl AssessmentRow {
    fn assessment(self) -> Result<Assessment, Error> {
        let row = self.assessment;
        let state = AssessmentState::from_code(&row.state);
        let unknown = || Error::internal(anyhow::anyhow!("unknown state of an assessment: {}", row.state));
        Ok(Assessment {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            partnership_id: row.partnership_id,
            partnership_name: self.partnership_name,
            city_id: row.city_id,
            year: row.year,
            state: state.ok_or_else(unknown)?,
            sheet: AssessmentSheet {
                scores: serde_json::from_value(row.scores)?,
            },
            filed_at: row.filed_at,
        })
    }
}

fn model(of: &Assessment) -> Result<assessment::ActiveModel, Error> {
    Ok(assessment::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        partnership_id: of.partnership_id,
        city_id: of.city_id,
        year: of.year,
        state: of.state.code().to_owned(),
        scores: serde_json::to_value(&of.sheet.scores)?,
        filed_at: of.filed_at,
    }
    .into_active_model()
    .reset_all())
}

fn assessments() -> sea_orm::Select<assessment::Entity> {
    assessment::Entity::find()
        .column_as(partnership::Column::Name, "partnership_name")
        .join(
            JoinType::InnerJoin,
            assessment::Entity::belongs_to(partnership::Entity)
                .from(assessment::Column::PartnershipId)
                .to(partnership::Column::Id)
                .into(),
        )
        .filter(partnership::Column::DeletedAt.is_null())
}

async fn all(conn: &impl ConnectionTrait, of: sea_orm::Select<assessment::Entity>) -> Result<Vec<Assessment>, Error> {
    let rows = of.into_model::<AssessmentRow>().all(conn).await?;
    rows.into_iter().map(AssessmentRow::assessment).collect()
}

/// An assessment.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: AssessmentId) -> Result<Option<Assessment>, Error> {
    let found = assessments().filter(assessment::Column::Id.eq(id));
    Ok(all(conn, found).await?.pop())
}

/// All assessments of a partnership from `years`, the latest year first.
///
/// # Errors
/// Those of the database.
pub async fn of_years(
    conn: &impl ConnectionTrait,
    partnership: PartnershipId,
    years: &[i32],
) -> Result<Vec<Assessment>, Error> {
    use assessment::Column;
    let found = assessments()
        .filter(Column::PartnershipId.eq(partnership))
        .filter(Column::Year.is_in(years.iter().copied()));
    all(conn, found.order_by_desc(Column::Year).order_by_asc(Column::Id)).await
}

/// All that anybody may read of some partnerships, the latest year first.
///
/// # Errors
/// Those of the database.
pub async fn shared_of(conn: &impl ConnectionTrait, partnerships: &[PartnershipId]) -> Result<Vec<Assessment>, Error> {
    use assessment::Column;
    let found = assessments()
        .filter(Column::PartnershipId.is_in(partnerships.iter().copied()))
        .filter(Column::State.eq(AssessmentState::Shared.code()));
    all(conn, found.order_by_desc(Column::Year).order_by_asc(Column::Id)).await
}

fn seen_years(partnership: PartnershipId, own: &[CityId]) -> sea_orm::Select<assessment::Entity> {
    use assessment::Column;
    let seen = Condition::any()
        .add(Column::State.ne(AssessmentState::Draft.code()))
        .add(Column::CityId.is_in(own.iter().copied()));
    assessment::Entity::find()
        .select_only()
        .column(Column::Year)
        .distinct()
        .filter(Column::PartnershipId.eq(partnership))
        .filter(seen)
}

/// The years before `before` of which something is filed, or begun by these cities; the latest first.
///
/// # Errors
/// Those of the database.
pub async fn years(
    db: &Db,
    partnership: PartnershipId,
    own: &[CityId],
    before: i32,
    limit: u64,
) -> Result<Vec<i32>, Error> {
    use assessment::Column;
    Ok(seen_years(partnership, own)
        .filter(Column::Year.lt(before))
        .order_by_desc(Column::Year)
        .limit(limit)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// Adds an assessment.
///
/// # Errors
/// `AlreadyExists` where the side has one of the year, and those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Assessment) -> Result<(), Error> {
    assessment::Entity::insert(model(of)?)
        .exec_without_returning(tx.conn())
        .await
        .map_err(|error| match constraint_of(&error) {
            Some(constraint) if constraint.contains("year") => Error::conflict(ProblemCode::AlreadyExists),
            _ => error.into(),
        })?;
    Ok(())
}

/// Writes an assessment whose partnership is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Assessment) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}
