//! What the demonstration looks up, and what it writes that no use case writes.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use shared::cities::{LookingFor, Statement};
use shared::ids::{ActorId, CityId, NetworkId, StatementId};
use shared::language::Texts;
use uuid::Uuid;

use crate::cities::store::{NEED, OFFER};
use crate::db::Tx;
use crate::db::entity::{actor, city, city_code, city_statement, network};
use crate::error::Error;

/// Cities by `scheme:value`, for those codes that the directory has.
pub(super) async fn cities(tx: &Tx<'_>, codes: &[(&str, &str)]) -> Result<HashMap<String, CityId>, Error> {
    let rows: Vec<(String, String, CityId)> = city_code::Entity::find()
        .select_only()
        .columns([
            city_code::Column::Scheme,
            city_code::Column::Value,
            city_code::Column::CityId,
        ])
        .filter(city_code::Column::Value.is_in(codes.iter().map(|(_, value)| *value)))
        .filter(city_code::Column::ValidTo.is_null())
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .filter(|(scheme, value, _)| codes.contains(&(scheme, value)))
        .map(|(scheme, value, id)| (format!("{scheme}:{value}"), id))
        .collect())
}

/// A network by its name.
pub(super) async fn network(tx: &Tx<'_>, name: &str) -> Result<Option<NetworkId>, Error> {
    let found = network::Entity::find()
        .filter(network::Column::Name.eq(name))
        .one(tx.conn())
        .await?;
    Ok(found.map(|network| network.id))
}

/// An associated actor by its name; added where it is missing.
pub(super) async fn actor(tx: &Tx<'_>, name: &str, kind: &str, country: &str) -> Result<ActorId, Error> {
    let found = actor::Entity::find()
        .filter(actor::Column::Name.eq(name))
        .filter(actor::Column::Country.eq(country))
        .one(tx.conn())
        .await?;
    if let Some(found) = found {
        return Ok(found.id);
    }
    let id = ActorId(Uuid::now_v7());
    let row = actor::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(name.to_owned()),
        kind: Set(kind.to_owned()),
        country: Set(country.to_owned()),
    };
    actor::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// What an invented profile says.
pub(super) struct Profile {
    /// Description by language.
    pub(super) descriptions: Texts,
    /// Languages of the staff.
    pub(super) languages: Vec<String>,
    /// What it looks for.
    pub(super) looking_for: LookingFor,
    /// What it needs.
    pub(super) needs: Vec<Statement>,
    /// What it offers.
    pub(super) offers: Vec<Statement>,
}

/// Fills the profile of a city that has stated nothing; gives its new version.
pub(super) async fn fill_profile(tx: &Tx<'_>, id: CityId, profile: &Profile) -> Result<Option<i64>, Error> {
    let stated = city_statement::Entity::find()
        .filter(city_statement::Column::CityId.eq(id))
        .limit(1)
        .one(tx.conn())
        .await?;
    let mut row = city::Entity::find_by_id(id);
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    let Some(row) = row.one(tx.conn()).await?.filter(|_| stated.is_none()) else {
        return Ok(None);
    };
    let version = row.version + 1;
    city::Entity::update_many()
        .col_expr(city::Column::Version, Expr::value(version))
        .col_expr(city::Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(city::Column::OpenToPartners, Expr::value(true))
        .col_expr(city::Column::Descriptions, Expr::value(json!(profile.descriptions)))
        .col_expr(city::Column::Languages, Expr::value(json!(profile.languages)))
        .col_expr(city::Column::LookingFor, Expr::value(json!(profile.looking_for)))
        .filter(city::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    let sides = [(NEED, &profile.needs), (OFFER, &profile.offers)];
    let rows = sides.into_iter().flat_map(|(side, statements)| {
        (0_i32..)
            .zip(statements)
            .map(move |(position, statement)| city_statement::ActiveModel {
                id: Set(StatementId(Uuid::now_v7())),
                city_id: Set(id),
                side: Set(side.to_owned()),
                position: Set(position),
                theme: Set(statement.theme.slug().to_owned()),
                urgency: Set(statement.urgency.code().to_owned()),
                sentence: Set(statement.sentence.clone()),
                place: Set(statement.place.clone()),
            })
    });
    city_statement::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(Some(version))
}
