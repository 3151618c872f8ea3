//! The grants that a city leads, and whether an application of it may follow.

use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect};
use shared::applications::ApplicationState;
use shared::grants::{GrantLife, GrantState};
use shared::ids::{CityId, FundingId, PartnershipId, ProgrammeId};
use shared::partnerships::PartyRole;
use shared::radar::RadarGrant;

use super::Funded;
use crate::db::Db;
use crate::db::entity::{application, application_party, funding_grant};
use crate::error::Error;
use crate::programmes::calls::store::unpublished;

/// Of a grant: its id, its life, its programme, its project's title, and the partnership that the project belongs to.
type Row = (FundingId, serde_json::Value, ProgrammeId, String, Option<PartnershipId>);

/// The grants that a city leads and that have not ended.
///
/// # Errors
/// Those of the database.
pub(super) async fn of_city(db: &Db, city: CityId) -> Result<Vec<Funded>, Error> {
    let rows: Vec<Row> = funding_grant::Entity::find()
        .select_only()
        .columns([
            funding_grant::Column::Id,
            funding_grant::Column::Life,
            funding_grant::Column::ProgrammeId,
        ])
        .column_as(application::Column::Title, "title")
        .column_as(application::Column::PartnershipId, "partnership_id")
        .join(
            JoinType::InnerJoin,
            funding_grant::Entity::belongs_to(application::Entity)
                .from(funding_grant::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(funding_grant::Column::LeadCityId.eq(city))
        .filter(funding_grant::Column::State.ne(GrantState::Closed.code()))
        .into_tuple()
        .all(db.read())
        .await?;
    rows.into_iter()
        .map(|(id, life, programme, title, partnership)| {
            let life: GrantLife = serde_json::from_value(life)?;
            Ok(Funded {
                grant: RadarGrant { id, title },
                programme,
                partnership,
                report_due_on: life.report_due_on(),
                ends_on: life.final_report.due_on,
            })
        })
        .collect()
}

/// Whether the city takes part in an application that is being written or waits for an answer.
///
/// # Errors
/// Those of the database.
pub(super) async fn has_plans(db: &Db, city: CityId) -> Result<bool, Error> {
    let own = Query::select()
        .column(application_party::Column::ApplicationId)
        .from(application_party::Entity)
        .and_where(application_party::Column::CityId.eq(city))
        .and_where(application_party::Column::Role.ne(PartyRole::Associated.code()))
        .to_owned();
    let open = ApplicationState::ALL.iter().filter(|state| state.is_pending());
    // Until it is told, what was decided is still being waited for.
    let decided = ApplicationState::ALL.iter().filter(|state| state.is_decided());
    let untold = application::Column::State
        .is_in(decided.map(|state| state.code()))
        .and(application::Column::CallId.in_subquery(unpublished()));
    let waits = application::Column::State.is_in(open.map(|state| state.code()));
    let found = application::Entity::find()
        .filter(application::Column::Id.in_subquery(own))
        .filter(waits.or(untold))
        .filter(application::Column::DeletedAt.is_null())
        .count(db.read())
        .await?;
    Ok(found > 0)
}
