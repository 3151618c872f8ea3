//! The tables of programmes and rule sets.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Deserialize;
use shared::budget::RuleSet;
use shared::ids::{ProgrammeId, RuleSetId};
use shared::programmes::ProgrammeView;

use crate::db::entity::{programme, rule_set};
use crate::db::{Db, Tx};
use crate::error::Error;

fn programme_view(model: programme::Model) -> Result<ProgrammeView, Error> {
    Ok(ProgrammeView {
        id: model.id,
        version: model.version,
        name: serde_json::from_value(model.name)?,
        about: serde_json::from_value(model.about)?,
        funders: serde_json::from_value(model.funders)?,
        source: model.source,
    })
}

/// A programme.
///
/// # Errors
/// Those of the database.
pub async fn programme(conn: &impl ConnectionTrait, id: ProgrammeId) -> Result<Option<ProgrammeView>, Error> {
    let model = programme::Entity::find_by_id(id).one(conn).await?;
    model.map(programme_view).transpose()
}

/// The programme that has this name in any language.
///
/// # Errors
/// Those of the database.
pub async fn programme_named(conn: &impl ConnectionTrait, name: &str) -> Result<Option<ProgrammeView>, Error> {
    let models = programme::Entity::find()
        .order_by_asc(programme::Column::Id)
        .all(conn)
        .await?;
    for model in models {
        let view = programme_view(model)?;
        if view.name.values().any(|text| text == name) {
            return Ok(Some(view));
        }
    }
    Ok(None)
}

/// A programme whose rules nobody else adds to before this transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn programme_for_update(tx: &Tx<'_>, id: ProgrammeId) -> Result<Option<ProgrammeView>, Error> {
    let mut select = programme::Entity::find_by_id(id);
    if tx.has_row_locks() {
        select = select.lock_exclusive();
    }
    select.one(tx.conn()).await?.map(programme_view).transpose()
}

/// Programmes in the order in which they were added.
///
/// # Errors
/// Those of the database.
pub async fn list_programmes(db: &Db, after: Option<ProgrammeId>, limit: u64) -> Result<Vec<ProgrammeView>, Error> {
    let mut select = programme::Entity::find();
    if let Some(after) = after {
        select = select.filter(programme::Column::Id.gt(after));
    }
    let models = select
        .order_by_asc(programme::Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    models.into_iter().map(programme_view).collect()
}

/// How many programmes there are.
///
/// # Errors
/// Those of the database.
pub async fn count_programmes(db: &Db) -> Result<u64, Error> {
    Ok(programme::Entity::find().count(db.read()).await?)
}

/// Adds a programme.
///
/// # Errors
/// Those of the database.
pub async fn insert_programme(tx: &Tx<'_>, view: &ProgrammeView) -> Result<(), Error> {
    let model = programme::ActiveModel {
        id: Set(view.id),
        version: Set(view.version),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(serde_json::to_value(&view.name)?),
        about: Set(serde_json::to_value(&view.about)?),
        funders: Set(serde_json::to_value(&view.funders)?),
        source: Set(view.source.clone()),
    };
    model.insert(tx.conn()).await?;
    Ok(())
}

/// A rule set of a programme.
///
/// # Errors
/// Those of the database.
pub async fn rule_set(
    conn: &impl ConnectionTrait,
    programme: ProgrammeId,
    id: RuleSetId,
) -> Result<Option<RuleSet>, Error> {
    let model = rule_set::Entity::find_by_id(id)
        .filter(rule_set::Column::ProgrammeId.eq(programme))
        .one(conn)
        .await?;
    Ok(model.map(|model| serde_json::from_value(model.content)).transpose()?)
}

/// The rule sets of a programme, latest first.
///
/// # Errors
/// Those of the database.
pub async fn list_rule_sets(
    db: &Db,
    programme: ProgrammeId,
    before: Option<RuleSetId>,
    limit: u64,
) -> Result<Vec<RuleSet>, Error> {
    let mut select = rule_set::Entity::find().filter(rule_set::Column::ProgrammeId.eq(programme));
    if let Some(before) = before {
        select = select.filter(rule_set::Column::Id.lt(before));
    }
    let models = select
        .order_by_desc(rule_set::Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    models
        .into_iter()
        .map(|model| Ok(serde_json::from_value(model.content)?))
        .collect()
}

/// The currency of each set of rules.
///
/// # Errors
/// Those of the database.
pub async fn currencies(db: &Db) -> Result<HashMap<RuleSetId, String>, Error> {
    #[derive(Deserialize)]
    struct Told {
        currency: String,
    }
    let rows: Vec<(RuleSetId, serde_json::Value)> = rule_set::Entity::find()
        .select_only()
        .columns([rule_set::Column::Id, rule_set::Column::Content])
        .into_tuple()
        .all(db.read())
        .await?;
    let told = |(id, content)| Ok((id, serde_json::from_value::<Told>(content)?.currency));
    rows.into_iter().map(told).collect()
}

/// How many rule sets a programme has.
///
/// # Errors
/// Those of the database.
pub async fn count_rule_sets(db: &Db, programme: ProgrammeId) -> Result<u64, Error> {
    let select = rule_set::Entity::find().filter(rule_set::Column::ProgrammeId.eq(programme));
    Ok(select.count(db.read()).await?)
}

/// The last version of the rules of this name.
///
/// # Errors
/// Those of the database.
pub async fn last_rules(tx: &Tx<'_>, programme: ProgrammeId, name: &str) -> Result<Option<RuleSet>, Error> {
    let model = rule_set::Entity::find()
        .filter(rule_set::Column::ProgrammeId.eq(programme))
        .filter(rule_set::Column::Name.eq(name))
        .order_by_desc(rule_set::Column::Version)
        .one(tx.conn())
        .await?;
    Ok(model.map(|model| serde_json::from_value(model.content)).transpose()?)
}

/// The rules that were added to a programme before these.
///
/// # Errors
/// Those of the database.
pub async fn rules_before(db: &Db, programme: ProgrammeId, id: RuleSetId) -> Result<Option<RuleSet>, Error> {
    Ok(list_rule_sets(db, programme, Some(id), 1).await?.pop())
}

/// Says until when rules without an end hold. Nothing else of rules is ever changed.
///
/// # Errors
/// Those of the database.
pub async fn end_rules(tx: &Tx<'_>, rules: &RuleSet, last: NaiveDate) -> Result<(), Error> {
    let ended = RuleSet {
        valid_to: Some(last),
        ..rules.clone()
    };
    let model = rule_set::ActiveModel {
        id: Set(rules.id),
        valid_to: Set(ended.valid_to),
        content: Set(serde_json::to_value(&ended)?),
        ..Default::default()
    };
    model.update(tx.conn()).await?;
    Ok(())
}

/// Adds a rule set.
///
/// # Errors
/// Those of the database.
pub async fn insert_rule_set(tx: &Tx<'_>, programme: ProgrammeId, rules: &RuleSet) -> Result<(), Error> {
    let model = rule_set::ActiveModel {
        id: Set(rules.id),
        programme_id: Set(programme),
        name: Set(rules.name.clone()),
        version: Set(rules.version),
        valid_from: Set(rules.valid_from),
        valid_to: Set(rules.valid_to),
        content: Set(serde_json::to_value(rules)?),
        created_at: Set(tx.now()),
    };
    model.insert(tx.conn()).await?;
    Ok(())
}
