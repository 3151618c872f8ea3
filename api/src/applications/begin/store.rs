//! What a file can begin with: the lead city's profile, and what its former files answered.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use shared::ids::CityId;
use shared::language::Texts;
use shared::partnerships::PartyRole;

use crate::applications::ready::store::written_codes;
use crate::db::entity::{application, application_party, city};
use crate::error::Error;

/// How many former files are looked through.
const FILES: u64 = 10;

/// What a city's profile can answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct CityFacts {
    /// How it describes itself, by language.
    pub(super) descriptions: Texts,
    /// Its inhabitants.
    pub(super) population: Option<i64>,
    /// Its web site.
    pub(super) website: Option<String>,
}

/// The profile of a city.
///
/// # Errors
/// Those of the database.
pub(super) async fn city_facts(conn: &impl ConnectionTrait, id: CityId) -> Result<Option<CityFacts>, Error> {
    let row: Option<(serde_json::Value, Option<i64>, Option<String>)> = city::Entity::find_by_id(id)
        .select_only()
        .columns([
            city::Column::Descriptions,
            city::Column::Population,
            city::Column::Website,
        ])
        .into_tuple()
        .one(conn)
        .await?;
    row.map(|(descriptions, population, website)| {
        Ok(CityFacts {
            descriptions: serde_json::from_value(descriptions)?,
            population,
            website,
        })
    })
    .transpose()
}

fn to_file() -> RelationDef {
    application_party::Entity::belongs_to(application::Entity)
        .from(application_party::Column::ApplicationId)
        .to(application::Column::Id)
        .into()
}

/// What the files answered that the city has led and handed in, the latest first.
///
/// # Errors
/// Those of the database.
pub(super) async fn former_answers(
    conn: &impl ConnectionTrait,
    lead: CityId,
) -> Result<Vec<BTreeMap<String, String>>, Error> {
    let answers: Vec<serde_json::Value> = application_party::Entity::find()
        .select_only()
        .column(application::Column::Answers)
        .join(JoinType::InnerJoin, to_file())
        .filter(application_party::Column::CityId.eq(lead))
        .filter(application_party::Column::Role.eq(PartyRole::Lead.code()))
        .filter(application::Column::State.is_not_in(written_codes()))
        .filter(application::Column::DeletedAt.is_null())
        .order_by_desc(application::Column::SubmittedAt)
        .order_by_desc(application::Column::Id)
        .limit(FILES)
        .into_tuple()
        .all(conn)
        .await?;
    answers
        .into_iter()
        .map(|json| Ok(serde_json::from_value(json)?))
        .collect()
}
