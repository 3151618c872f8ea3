//! Counting what a city's partnerships and applications have come to.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect, RelationDef};
use shared::activities::ActivityState;
use shared::applications::ApplicationState;
use shared::ids::CityId;
use shared::partnerships::PartyRole;
use shared::programmes::CallState;

use crate::db::Db;
use crate::db::entity::{
    activity, application, application_party, call, partnership, partnership_party, partnership_result,
};
use crate::error::Error;

/// The partnerships that a city is party to and that nobody deleted.
fn partnerships_of(city: CityId) -> SelectStatement {
    use partnership_party::Column;
    Query::select()
        .column((partnership_party::Entity, Column::PartnershipId))
        .from(partnership_party::Entity)
        .inner_join(
            partnership::Entity,
            Expr::col((partnership::Entity, partnership::Column::Id))
                .equals((partnership_party::Entity, Column::PartnershipId)),
        )
        .and_where(Expr::col((partnership_party::Entity, Column::CityId)).eq(city))
        .and_where(Expr::col((partnership_party::Entity, Column::Role)).ne(PartyRole::Associated.code()))
        .and_where(Expr::col((partnership::Entity, partnership::Column::DeletedAt)).is_null())
        .to_owned()
}

/// How many rows of each state there are.
type Counts<S> = Vec<(S, u64)>;

fn counts<S>(rows: Vec<(String, i64)>, from_code: impl Fn(&str) -> Option<S>) -> Result<Counts<S>, Error> {
    rows.into_iter()
        .map(|(code, count)| {
            let state = from_code(&code).ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state {code}")))?;
            Ok((state, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

/// The activities of a city's partnerships, by state.
///
/// # Errors
/// Those of the database.
pub async fn activities(db: &Db, city: CityId) -> Result<Counts<ActivityState>, Error> {
    let rows = activity::Entity::find()
        .select_only()
        .column(activity::Column::State)
        .column_as(activity::Column::Id.count(), "count")
        .filter(activity::Column::PartnershipId.in_subquery(partnerships_of(city)))
        .group_by(activity::Column::State)
        .into_tuple()
        .all(db.read())
        .await?;
    counts(rows, ActivityState::from_code)
}

/// The applications that a city is party to, by the state that is told to it.
///
/// # Errors
/// Those of the database.
pub async fn applications(db: &Db, city: CityId) -> Result<Counts<ApplicationState>, Error> {
    let own = Query::select()
        .column(application_party::Column::ApplicationId)
        .from(application_party::Entity)
        .and_where(application_party::Column::CityId.eq(city))
        .to_owned();
    let to_call: RelationDef = application::Entity::belongs_to(call::Entity)
        .from(application::Column::CallId)
        .to(call::Column::Id)
        .into();
    let rows = application::Entity::find()
        .select_only()
        .column(application::Column::State)
        .column_as(application::Column::Id.count(), "count")
        .column_as(call::Column::State, "call_state")
        .join(JoinType::InnerJoin, to_call)
        .filter(application::Column::Id.in_subquery(own))
        .filter(application::Column::DeletedAt.is_null())
        .group_by(application::Column::State)
        .group_by(call::Column::State)
        .into_tuple()
        .all(db.read())
        .await?;
    let (rows, published): (Vec<(String, i64)>, Vec<bool>) = rows
        .into_iter()
        .map(|(state, count, call): (String, i64, String)| {
            let is_public = CallState::from_code(&call).is_some_and(CallState::has_public_results);
            ((state, count), is_public)
        })
        .unzip();
    let counted = counts(rows, ApplicationState::from_code)?;
    let told = counted.into_iter().zip(published);
    Ok(told
        .map(|((state, count), published)| (if published { state } else { state.before_decision() }, count))
        .collect())
}

/// How many results a city's partnerships have.
///
/// # Errors
/// Those of the database.
pub async fn results(db: &Db, city: CityId) -> Result<u64, Error> {
    let own = partnership_result::Column::PartnershipId.in_subquery(partnerships_of(city));
    let there = partnership_result::Column::DeletedAt.is_null();
    let found = partnership_result::Entity::find().filter(own).filter(there);
    Ok(found.count(db.read()).await?)
}
