//! What the radar reads: five statements, however many partnerships a city has.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef};
use shared::activities::ActivityState;
use shared::ids::{ApplicationId, CityId, PartnershipId};
use shared::mandates::{ToConfirm, due};
use shared::partnerships::{PartnershipState, PartyRole};
use shared::radar::{RadarApplication, RadarPartnership};

use super::look::Facts;
use crate::cities::contacts::store as contacts;
use crate::db::Db;
use crate::db::entity::{
    activity, application, application_party, call, partnership, partnership_party, partnership_result,
};
use crate::error::Error;

/// The columns of a partnership: id, name, state, since when, when it was made, and the end of its term.
type Row = (
    PartnershipId,
    String,
    String,
    Option<DateTime<Utc>>,
    DateTime<Utc>,
    Option<NaiveDate>,
);

fn of_city(city: CityId) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(partnership_party::Column::PartnershipId)
        .from(partnership_party::Entity)
        .and_where(partnership_party::Column::CityId.eq(city))
        .and_where(partnership_party::Column::Role.ne(PartyRole::Associated.code()))
        .to_owned()
}

/// The partnerships in which a city takes part and that are not over, with what is known of them.
///
/// # Errors
/// Those of the database.
pub async fn partnerships(db: &Db, city: CityId) -> Result<Vec<(RadarPartnership, Facts)>, Error> {
    let over = PartnershipState::ALL.iter().filter(|state| state.is_over());
    let rows: Vec<Row> = partnership::Entity::find()
        .select_only()
        .columns([
            partnership::Column::Id,
            partnership::Column::Name,
            partnership::Column::State,
            partnership::Column::StateSince,
            partnership::Column::CreatedAt,
            partnership::Column::EndsOn,
        ])
        .filter(partnership::Column::Id.in_subquery(of_city(city)))
        .filter(partnership::Column::DeletedAt.is_null())
        .filter(partnership::Column::State.is_not_in(over.map(|state| state.code())))
        .into_tuple()
        .all(db.read())
        .await?;
    let activities: Vec<(PartnershipId, Option<NaiveDate>)> = activity::Entity::find()
        .select_only()
        .column(activity::Column::PartnershipId)
        .column_as(activity::Column::EndsOn.max(), "last")
        .filter(activity::Column::PartnershipId.in_subquery(of_city(city)))
        .filter(activity::Column::State.ne(ActivityState::Cancelled.code()))
        .group_by(activity::Column::PartnershipId)
        .into_tuple()
        .all(db.read())
        .await?;
    let results: Vec<(PartnershipId, Option<DateTime<Utc>>)> = partnership_result::Entity::find()
        .select_only()
        .column(partnership_result::Column::PartnershipId)
        .column_as(partnership_result::Column::UpdatedAt.max(), "last")
        .filter(partnership_result::Column::PartnershipId.in_subquery(of_city(city)))
        .filter(partnership_result::Column::DeletedAt.is_null())
        .group_by(partnership_result::Column::PartnershipId)
        .into_tuple()
        .all(db.read())
        .await?;
    let activities: HashMap<_, _> = activities.into_iter().collect();
    let results: HashMap<_, _> = results.into_iter().collect();
    let known = rows.into_iter().filter_map(|(id, name, state, since, made, ends_on)| {
        let state = PartnershipState::from_code(&state)?;
        let facts = Facts {
            state,
            since: since.unwrap_or(made),
            ends_on,
            last_activity: activities.get(&id).copied().flatten(),
            last_result: results.get(&id).copied().flatten(),
        };
        Some((RadarPartnership { id, name, state }, facts))
    });
    Ok(known.collect())
}

/// Whom of a city's contact persons nobody has confirmed since a mandate ended or an election was held.
///
/// # Errors
/// Those of the database.
pub async fn to_confirm(db: &Db, city: CityId, today: NaiveDate) -> Result<Vec<ToConfirm>, Error> {
    let views = contacts::of_city(db.read(), city).await?;
    let marks = views.into_iter().filter_map(|view| {
        // A mandate that ended yesterday is told before the next round of marking.
        view.to_confirm
            .or_else(|| due(&view.contact, view.confirmed_on, &[], today))
    });
    Ok(marks.collect())
}

/// The corrections of a city's applications that funders ask for now, each with its last day where the call is at home.
///
/// # Errors
/// Those of the database.
pub async fn corrections(
    db: &Db,
    city: CityId,
    now: DateTime<Utc>,
) -> Result<Vec<(RadarApplication, NaiveDate)>, Error> {
    let own = Query::select()
        .column(application_party::Column::ApplicationId)
        .from(application_party::Entity)
        .and_where(application_party::Column::CityId.eq(city))
        .to_owned();
    let to_call: RelationDef = application::Entity::belongs_to(call::Entity)
        .from(application::Column::CallId)
        .to(call::Column::Id)
        .into();
    let rows: Vec<(ApplicationId, String, Option<i64>, String)> = application::Entity::find()
        .select_only()
        .columns([
            application::Column::Id,
            application::Column::Title,
            application::Column::CorrectionUntilMs,
        ])
        .column_as(call::Column::Zone, "zone")
        .join(JoinType::InnerJoin, to_call)
        .filter(application::Column::Id.in_subquery(own))
        .filter(application::Column::CorrectionUntilMs.gte(now.timestamp_millis()))
        .filter(application::Column::DeletedAt.is_null())
        .into_tuple()
        .all(db.read())
        .await?;
    let told = rows.into_iter().filter_map(|(id, title, until, zone)| {
        let until = DateTime::from_timestamp_millis(until?)?;
        Some((RadarApplication { id, title }, crate::zone::day_in(until, &zone)))
    });
    Ok(told.collect())
}
