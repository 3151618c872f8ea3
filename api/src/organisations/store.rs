//! The tables of organisations: bodies here, networks and actors in their own, and what became of all of them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use shared::ids::{ActorId, NetworkId, OrganisationId, ProgrammeId};
use shared::networks::NetworkKind;
use shared::organisations::{ActorKind, FundedProgramme, OrganisationKind, OrganisationRef, OrganisationStep};
use shared::partnerships::PartyRef;
use shared::problem::ProblemCode;
use uuid::Uuid;

use crate::db::entity::{actor, network, organisation, organisation_change, programme, programme_funder};
use crate::db::{Tx, constraint_of};
use crate::error::Error;

/// An organisation as its table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Which one.
    pub id: OrganisationId,
    /// Grows by one with each change.
    pub version: i64,
    /// What kind of organisation it is.
    pub kind: OrganisationKind,
    /// Its name of today.
    pub name: String,
    /// Its short name of today.
    pub short_name: Option<String>,
    /// Country of its seat.
    pub country: String,
    /// What it belongs to.
    pub part_of: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// What kind of network it is, where it is one.
    pub network_kind: Option<NetworkKind>,
    /// What an associated actor is, where it is one.
    pub actor_kind: Option<ActorKind>,
}

impl Organisation {
    /// The party that it is in partnerships; none for a body.
    #[must_use]
    pub const fn party(&self) -> Option<PartyRef> {
        match self.kind {
            OrganisationKind::Body => None,
            OrganisationKind::Network => Some(PartyRef::Network {
                network_id: NetworkId(self.id.0),
            }),
            OrganisationKind::Actor => Some(PartyRef::Actor {
                actor_id: ActorId(self.id.0),
            }),
        }
    }
}

/// What became of an organisation, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which change.
    pub id: Uuid,
    /// Whose.
    pub organisation_id: OrganisationId,
    /// What became of it.
    pub step: OrganisationStep,
    /// The first day on which it was so.
    pub on: NaiveDate,
    /// What it was called until then.
    pub name: String,
    /// Its short name until then.
    pub short_name: Option<String>,
    /// What it went into.
    pub into_id: Option<OrganisationId>,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

fn body_of(row: organisation::Model) -> Organisation {
    Organisation {
        id: row.id,
        version: row.version,
        kind: OrganisationKind::Body,
        name: row.name,
        short_name: row.short_name,
        country: row.country,
        part_of: row.part_of,
        website: row.website,
        network_kind: None,
        actor_kind: None,
    }
}

fn network_of(row: network::Model) -> Organisation {
    Organisation {
        id: OrganisationId(row.id.0),
        version: row.version,
        kind: OrganisationKind::Network,
        name: row.name,
        short_name: None,
        country: row.country,
        part_of: None,
        website: row.website,
        network_kind: NetworkKind::from_code(&row.kind),
        actor_kind: None,
    }
}

fn actor_of(row: actor::Model) -> Organisation {
    Organisation {
        id: OrganisationId(row.id.0),
        version: row.version,
        kind: OrganisationKind::Actor,
        name: row.name,
        short_name: None,
        country: row.country,
        part_of: None,
        website: None,
        network_kind: None,
        actor_kind: ActorKind::from_code(&row.kind),
    }
}

fn change_of(row: organisation_change::Model) -> Change {
    Change {
        id: row.id,
        organisation_id: row.organisation_id,
        step: OrganisationStep::from_code(&row.step).unwrap_or(OrganisationStep::Renamed),
        on: row.happened_on,
        name: row.name,
        short_name: row.short_name,
        into_id: row.into_id,
        reason: row.reason,
        source: row.source,
        entered_at: row.entered_at,
    }
}

/// The organisations with these ids, or all: three statements.
///
/// # Errors
/// Those of the database.
pub async fn organisations(
    conn: &impl ConnectionTrait,
    ids: Option<&[OrganisationId]>,
) -> Result<Vec<Organisation>, Error> {
    let (mut bodies, mut networks, mut actors) = (
        organisation::Entity::find(),
        network::Entity::find(),
        actor::Entity::find(),
    );
    if let Some(ids) = ids {
        let plain = || ids.iter().map(|id| id.0);
        bodies = bodies.filter(organisation::Column::Id.is_in(plain()));
        networks = networks.filter(network::Column::Id.is_in(plain()));
        actors = actors.filter(actor::Column::Id.is_in(plain()));
    }
    let mut found: Vec<Organisation> = bodies.all(conn).await?.into_iter().map(body_of).collect();
    found.extend(networks.all(conn).await?.into_iter().map(network_of));
    found.extend(actors.all(conn).await?.into_iter().map(actor_of));
    Ok(found)
}

/// An organisation, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: OrganisationId) -> Result<Option<Organisation>, Error> {
    let (mut body, mut network, mut actor) = (
        organisation::Entity::find_by_id(id),
        network::Entity::find_by_id(NetworkId(id.0)),
        actor::Entity::find_by_id(ActorId(id.0)),
    );
    if tx.has_row_locks() {
        (body, network, actor) = (body.lock_exclusive(), network.lock_exclusive(), actor.lock_exclusive());
    }
    if let Some(row) = body.one(tx.conn()).await? {
        return Ok(Some(body_of(row)));
    }
    if let Some(row) = network.one(tx.conn()).await? {
        return Ok(Some(network_of(row)));
    }
    Ok(actor.one(tx.conn()).await?.map(actor_of))
}

/// Adds a body.
///
/// # Errors
/// `AlreadyExists` where its country has one of that name.
pub async fn insert(tx: &Tx<'_>, of: &Organisation) -> Result<(), Error> {
    let row = organisation::ActiveModel {
        id: Set(of.id),
        version: Set(of.version),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(of.name.clone()),
        short_name: Set(of.short_name.clone()),
        country: Set(of.country.clone()),
        part_of: Set(of.part_of.clone()),
        website: Set(of.website.clone()),
    };
    let added = organisation::Entity::insert(row).exec_without_returning(tx.conn());
    added.await.map_err(told)?;
    Ok(())
}

/// Adds an associated actor.
///
/// # Errors
/// `AlreadyExists` where its country has one of that name.
pub async fn insert_actor(tx: &Tx<'_>, of: &Organisation, kind: ActorKind) -> Result<(), Error> {
    let row = actor::ActiveModel {
        id: Set(ActorId(of.id.0)),
        version: Set(of.version),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(of.name.clone()),
        kind: Set(kind.code().to_owned()),
        country: Set(of.country.clone()),
    };
    let added = actor::Entity::insert(row).exec_without_returning(tx.conn());
    added.await.map_err(told)?;
    Ok(())
}

/// Writes the names and the version of an organisation that is locked.
///
/// # Errors
/// `AlreadyExists` where there is another one of that name.
pub async fn save(tx: &Tx<'_>, of: &Organisation) -> Result<(), Error> {
    let done = match of.kind {
        OrganisationKind::Body => {
            let row = organisation::ActiveModel {
                version: Set(of.version),
                updated_at: Set(tx.now()),
                name: Set(of.name.clone()),
                short_name: Set(of.short_name.clone()),
                ..Default::default()
            };
            let all = organisation::Entity::update_many().set(row);
            all.filter(organisation::Column::Id.eq(of.id)).exec(tx.conn()).await
        }
        OrganisationKind::Network => {
            let row = network::ActiveModel {
                version: Set(of.version),
                updated_at: Set(tx.now()),
                name: Set(of.name.clone()),
                ..Default::default()
            };
            let all = network::Entity::update_many().set(row);
            all.filter(network::Column::Id.eq(of.id.0)).exec(tx.conn()).await
        }
        OrganisationKind::Actor => {
            let row = actor::ActiveModel {
                version: Set(of.version),
                updated_at: Set(tx.now()),
                name: Set(of.name.clone()),
                ..Default::default()
            };
            let all = actor::Entity::update_many().set(row);
            all.filter(actor::Column::Id.eq(of.id.0)).exec(tx.conn()).await
        }
    };
    done.map_err(told)?;
    Ok(())
}

fn told(error: sea_orm::DbErr) -> Error {
    match constraint_of(&error) {
        Some(constraint) if constraint.contains("name") => Error::conflict(ProblemCode::AlreadyExists),
        _ => error.into(),
    }
}

/// What became of these organisations and what went into them, or of all; the latest first.
///
/// # Errors
/// Those of the database.
pub async fn changes(conn: &impl ConnectionTrait, ids: Option<&[OrganisationId]>) -> Result<Vec<Change>, Error> {
    use organisation_change::Column;
    let mut found = organisation_change::Entity::find();
    if let Some(ids) = ids {
        let of = || ids.iter().copied();
        let concerns = Condition::any()
            .add(Column::OrganisationId.is_in(of()))
            .add(Column::IntoId.is_in(of()));
        found = found.filter(concerns);
    }
    let rows = found
        .order_by_desc(Column::HappenedOn)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(change_of).collect())
}

/// Enters what became of an organisation.
///
/// # Errors
/// Those of the database.
pub async fn insert_change(tx: &Tx<'_>, of: &Change) -> Result<(), Error> {
    let row = organisation_change::ActiveModel {
        id: Set(of.id),
        organisation_id: Set(of.organisation_id),
        step: Set(of.step.code().to_owned()),
        name: Set(of.name.clone()),
        short_name: Set(of.short_name.clone()),
        into_id: Set(of.into_id),
        happened_on: Set(of.on),
        reason: Set(of.reason.clone()),
        source: Set(of.source.clone()),
        entered_at: Set(of.entered_at),
    };
    organisation_change::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Takes a change back.
///
/// # Errors
/// Those of the database.
pub async fn delete_change(tx: &Tx<'_>, id: Uuid) -> Result<(), Error> {
    organisation_change::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// The programmes that these organisations fund, or all.
///
/// # Errors
/// Those of the database.
pub async fn programmes(
    conn: &impl ConnectionTrait,
    ids: Option<&[OrganisationId]>,
) -> Result<HashMap<OrganisationId, Vec<FundedProgramme>>, Error> {
    use programme_funder::Column;
    let to_programme = programme_funder::Entity::belongs_to(programme::Entity)
        .from(Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    let mut links = programme_funder::Entity::find().join(JoinType::InnerJoin, to_programme);
    if let Some(ids) = ids {
        links = links.filter(Column::OrganisationId.is_in(ids.iter().copied()));
    }
    let rows: Vec<(OrganisationId, ProgrammeId, serde_json::Value)> = links
        .select_only()
        .columns([Column::OrganisationId, Column::ProgrammeId])
        .column(programme::Column::Name)
        .order_by_asc(Column::ProgrammeId)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<OrganisationId, Vec<FundedProgramme>> = HashMap::new();
    for (organisation, id, name) in rows {
        let name = serde_json::from_value(name)?;
        found
            .entry(organisation)
            .or_default()
            .push(FundedProgramme { id, name });
    }
    Ok(found)
}

/// The organisations that fund a programme, in its order.
///
/// # Errors
/// Those of the database.
pub async fn funders(conn: &impl ConnectionTrait, programme: ProgrammeId) -> Result<Vec<OrganisationId>, Error> {
    use programme_funder::Column;
    Ok(programme_funder::Entity::find()
        .select_only()
        .column(Column::OrganisationId)
        .filter(Column::ProgrammeId.eq(programme))
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Says which organisations fund a programme.
///
/// # Errors
/// Those of the database.
pub async fn add_funders(tx: &Tx<'_>, programme: ProgrammeId, funders: &[OrganisationId]) -> Result<(), Error> {
    let rows: Vec<programme_funder::ActiveModel> = (0_i32..)
        .zip(funders)
        .map(|(position, &organisation)| programme_funder::ActiveModel {
            id: Set(Uuid::now_v7()),
            programme_id: Set(programme),
            organisation_id: Set(organisation),
            position: Set(position),
        })
        .collect();
    if !rows.is_empty() {
        programme_funder::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Organisations with all that is told of them.
#[derive(Debug)]
pub struct Register {
    /// The organisations.
    pub organisations: Vec<Organisation>,
    /// Their names, and those of what they went into.
    pub names: HashMap<OrganisationId, OrganisationRef>,
    /// What became of them and what went into them, the latest first.
    pub changes: Vec<Change>,
    /// The programmes that they fund.
    pub programmes: HashMap<OrganisationId, Vec<FundedProgramme>>,
}

/// The organisations of the ids, in their order, or all, with all that is told of them: five statements, and three more where
/// one of those that were asked for went into another one.
///
/// # Errors
/// Those of the database.
pub async fn register(conn: &impl ConnectionTrait, ids: Option<&[OrganisationId]>) -> Result<Register, Error> {
    let mut all = organisations(conn, ids).await?;
    let changes = changes(conn, ids).await?;
    let programmes = programmes(conn, ids).await?;
    let mut names: HashMap<OrganisationId, OrganisationRef> = all.iter().map(|of| (of.id, named(of))).collect();
    if let Some(ids) = ids {
        let order: HashMap<OrganisationId, usize> = ids.iter().copied().zip(0..).collect();
        all.sort_by_key(|of| order.get(&of.id).copied());
        let into = changes.iter().filter_map(|change| change.into_id);
        let unknown: HashSet<OrganisationId> = into.filter(|id| !names.contains_key(id)).collect();
        if !unknown.is_empty() {
            let unknown: Vec<OrganisationId> = unknown.into_iter().collect();
            let others = organisations(conn, Some(&unknown)).await?;
            names.extend(others.iter().map(|of| (of.id, named(of))));
        }
    }
    Ok(Register {
        organisations: all,
        names,
        changes,
        programmes,
    })
}

fn named(of: &Organisation) -> OrganisationRef {
    OrganisationRef {
        id: of.id,
        name: of.name.clone(),
        short_name: of.short_name.clone(),
    }
}
