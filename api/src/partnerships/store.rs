//! The tables of partnerships.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::ids::{ActorId, CityId, NetworkId, PairingId, PartnershipId};
use shared::organisations::ActorKind;
use shared::partnerships::{PairingView, PartnershipKind, PartnershipState, PartyRef, PartyRole, Signature};
use shared::problem::ProblemCode;
use shared::themes::Theme;
use uuid::Uuid;

pub use super::twinnings::store::insert_twinnings;
use crate::db::entity::{actor, network, pairing, partnership, partnership_party};
use crate::db::{Tx, constraint_of};
use crate::error::Error;

/// A party as the table has it; authorities are named by the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who it is.
    pub party: PartyRef,
    /// What it is in the partnership.
    pub role: PartyRole,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The name of a network or an actor.
    pub name: Option<String>,
    /// What an actor is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_kind: Option<ActorKind>,
}

/// A partnership with its parties and pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partnership {
    /// Which one.
    pub id: PartnershipId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its name.
    pub name: String,
    /// Its name folded, for sorting.
    pub name_key: String,
    /// What kind of bond it is.
    pub kind: PartnershipKind,
    /// Where it stands.
    pub state: PartnershipState,
    /// Why, where a reason was told.
    pub state_reason: Option<String>,
    /// The named platform.
    pub platform: Option<String>,
    /// What it is about.
    pub about: String,
    /// Themes.
    pub themes: Vec<Theme>,
    /// Where it works, in words.
    pub territories: Vec<String>,
    /// Since when.
    pub started_on: Option<NaiveDate>,
    /// The last day of its term.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Since when it stands where it stands.
    #[serde(default)]
    pub state_since: Option<DateTime<Utc>>,
    /// What has to hold for it to go on, while it is suspended.
    #[serde(default)]
    pub condition: Option<String>,
    /// Who has signed.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// What it hangs on.
    pub parent_id: Option<PartnershipId>,
    /// The phase before.
    pub predecessor_id: Option<PartnershipId>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// What it is known by there.
    pub source_key: Option<String>,
    /// Its names and those of its parties, folded for search.
    pub search_keys: String,
    /// When somebody deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Who takes part, the lead first.
    pub parties: Vec<Party>,
    /// Pairs inside it.
    pub pairings: Vec<PairingView>,
}

fn json<T: DeserializeOwned + Default>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

pub(super) fn partnership_of(row: partnership::Model) -> Partnership {
    Partnership {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        name: row.name,
        name_key: row.name_key,
        kind: kind_of(&row.kind),
        state: state_of(&row.state),
        state_reason: row.state_reason,
        platform: row.platform,
        about: row.about,
        themes: json(row.themes),
        territories: json(row.territories),
        started_on: row.started_on,
        ends_on: row.ends_on,
        state_since: row.state_since,
        condition: row.condition,
        signatures: json(row.signatures),
        parent_id: row.parent_id,
        predecessor_id: row.predecessor_id,
        source: row.source,
        source_key: row.source_key,
        search_keys: row.search_keys,
        deleted_at: row.deleted_at,
        parties: Vec::new(),
        pairings: Vec::new(),
    }
}

pub(super) fn kind_of(code: &str) -> PartnershipKind {
    PartnershipKind::from_code(code).unwrap_or(PartnershipKind::Friendship)
}

pub(super) fn state_of(code: &str) -> PartnershipState {
    PartnershipState::from_code(code).unwrap_or(PartnershipState::Ended)
}

fn row_of(partnership: &Partnership) -> Result<partnership::Model, Error> {
    let of = partnership.clone();
    Ok(partnership::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        name: of.name,
        name_key: of.name_key,
        kind: of.kind.code().to_owned(),
        state: of.state.code().to_owned(),
        state_reason: of.state_reason,
        platform: of.platform,
        about: of.about,
        themes: serde_json::to_value(of.themes)?,
        territories: serde_json::to_value(of.territories)?,
        started_on: of.started_on,
        parent_id: of.parent_id,
        predecessor_id: of.predecessor_id,
        source: of.source,
        source_key: of.source_key,
        search_keys: of.search_keys,
        deleted_at: of.deleted_at,
        ends_on: of.ends_on,
        state_since: of.state_since,
        condition: of.condition,
        signatures: serde_json::to_value(of.signatures)?,
    })
}

/// A partnership with parties and pairs, deleted or not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: PartnershipId) -> Result<Option<Partnership>, Error> {
    whole(conn, partnership::Entity::find_by_id(id)).await
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: PartnershipId) -> Result<Option<Partnership>, Error> {
    let mut row = partnership::Entity::find_by_id(id);
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    whole(tx.conn(), row).await
}

/// The partnership that is known by this key at its source.
///
/// # Errors
/// Those of the database.
pub async fn by_source_key(tx: &Tx<'_>, key: &str) -> Result<Option<Partnership>, Error> {
    whole(
        tx.conn(),
        partnership::Entity::find().filter(partnership::Column::SourceKey.eq(key)),
    )
    .await
}

/// Takes a key from a partnership that somebody deleted, for another one to have it.
///
/// # Errors
/// Those of the database.
pub async fn free_source_key(tx: &Tx<'_>, key: &str) -> Result<(), Error> {
    partnership::Entity::update_many()
        .col_expr(partnership::Column::SourceKey, None::<String>.into())
        .filter(partnership::Column::SourceKey.eq(key))
        .filter(partnership::Column::DeletedAt.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn whole(
    conn: &impl ConnectionTrait,
    row: sea_orm::Select<partnership::Entity>,
) -> Result<Option<Partnership>, Error> {
    let Some(row) = row.one(conn).await? else {
        return Ok(None);
    };
    let mut found = partnership_of(row);
    found.parties = parties_of(conn, &[found.id])
        .await?
        .remove(&found.id)
        .unwrap_or_default();
    found.pairings = pairing::Entity::find()
        .filter(pairing::Column::PartnershipId.eq(found.id))
        .order_by_asc(pairing::Column::Position)
        .all(conn)
        .await?
        .into_iter()
        .map(|row| PairingView {
            id: row.id,
            a: row.a_id,
            b: row.b_id,
            sources: json(row.sources),
        })
        .collect();
    Ok(Some(found))
}

/// The columns of a party with the name of a network or an actor, and what the actor is.
type PartyRow = (
    PartnershipId,
    String,
    Option<CityId>,
    Option<NetworkId>,
    Option<ActorId>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The parties of some partnerships, each in its order.
///
/// # Errors
/// Those of the database.
pub async fn parties_of(
    conn: &impl ConnectionTrait,
    ids: &[PartnershipId],
) -> Result<HashMap<PartnershipId, Vec<Party>>, Error> {
    use partnership_party::Column;
    let rows: Vec<PartyRow> = partnership_party::Entity::find()
        .select_only()
        .columns([
            Column::PartnershipId,
            Column::Role,
            Column::CityId,
            Column::NetworkId,
            Column::ActorId,
            Column::Country,
        ])
        .column_as(network::Column::Name, "network_name")
        .column_as(actor::Column::Name, "actor_name")
        .column_as(actor::Column::Kind, "actor_kind")
        .join(
            JoinType::LeftJoin,
            partnership_party::Entity::belongs_to(network::Entity)
                .from(Column::NetworkId)
                .to(network::Column::Id)
                .into(),
        )
        .join(
            JoinType::LeftJoin,
            partnership_party::Entity::belongs_to(actor::Entity)
                .from(Column::ActorId)
                .to(actor::Column::Id)
                .into(),
        )
        .filter(Column::PartnershipId.is_in(ids.iter().copied()))
        .order_by_asc(Column::PartnershipId)
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<PartnershipId, Vec<Party>> = HashMap::with_capacity(ids.len());
    for (id, role, city, network, actor, country, network_name, actor_name, actor_kind) in rows {
        let Some(party) = party_ref(city, network, actor) else {
            continue;
        };
        found.entry(id).or_default().push(Party {
            party,
            role: role_of(&role),
            country,
            name: network_name.or(actor_name),
            actor_kind: actor_kind.as_deref().and_then(ActorKind::from_code),
        });
    }
    Ok(found)
}

fn party_ref(city: Option<CityId>, network: Option<NetworkId>, actor: Option<ActorId>) -> Option<PartyRef> {
    city.map(|city_id| PartyRef::City { city_id })
        .or(network.map(|network_id| PartyRef::Network { network_id }))
        .or(actor.map(|actor_id| PartyRef::Actor { actor_id }))
}

pub(super) fn role_of(code: &str) -> PartyRole {
    PartyRole::from_code(code).unwrap_or(PartyRole::Associated)
}

/// Adds a partnership.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, partnership: &Partnership) -> Result<(), Error> {
    row_of(partnership)?
        .into_active_model()
        .insert(tx.conn())
        .await
        .map_err(told)?;
    insert_parts(tx, partnership).await
}

/// Writes a partnership that is locked; parties and pairs only where they changed.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, partnership: &Partnership, with_parts: bool) -> Result<(), Error> {
    row_of(partnership)?
        .into_active_model()
        .reset_all()
        .update(tx.conn())
        .await
        .map_err(told)?;
    if with_parts {
        partnership_party::Entity::delete_many()
            .filter(partnership_party::Column::PartnershipId.eq(partnership.id))
            .exec(tx.conn())
            .await?;
        pairing::Entity::delete_many()
            .filter(pairing::Column::PartnershipId.eq(partnership.id))
            .exec(tx.conn())
            .await?;
        insert_parts(tx, partnership).await?;
    }
    Ok(())
}

/// Two with the same key at their source are one.
fn told(error: sea_orm::DbErr) -> Error {
    match constraint_of(&error) {
        Some(constraint) if constraint.contains("source_key") => Error::conflict(ProblemCode::AlreadyExists),
        _ => error.into(),
    }
}

async fn insert_parts(tx: &Tx<'_>, of: &Partnership) -> Result<(), Error> {
    let parties = (0_i32..).zip(&of.parties).map(|(position, party)| {
        let (city, network, actor) = match party.party {
            PartyRef::City { city_id } => (Some(city_id), None, None),
            PartyRef::Network { network_id } => (None, Some(network_id), None),
            PartyRef::Actor { actor_id } => (None, None, Some(actor_id)),
        };
        partnership_party::ActiveModel {
            id: Set(Uuid::now_v7()),
            partnership_id: Set(of.id),
            position: Set(position),
            role: Set(party.role.code().to_owned()),
            city_id: Set(city),
            network_id: Set(network),
            actor_id: Set(actor),
            country: Set(party.country.clone()),
        }
    });
    partnership_party::Entity::insert_many(parties)
        .exec_without_returning(tx.conn())
        .await?;
    let pairings: Vec<pairing::ActiveModel> = (0_i32..)
        .zip(&of.pairings)
        .map(|(position, pair)| {
            Ok(pairing::ActiveModel {
                id: Set(pair.id),
                partnership_id: Set(of.id),
                position: Set(position),
                a_id: Set(pair.a),
                b_id: Set(pair.b),
                sources: Set(serde_json::to_value(&pair.sources)?),
            })
        })
        .collect::<Result<_, Error>>()?;
    if !pairings.is_empty() {
        pairing::Entity::insert_many(pairings)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// The partnerships of a network or an actor, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn of_party(tx: &Tx<'_>, party: PartyRef) -> Result<Vec<PartnershipId>, Error> {
    use partnership_party::Column;
    let is_party = match party {
        PartyRef::City { city_id } => Column::CityId.eq(city_id),
        PartyRef::Network { network_id } => Column::NetworkId.eq(network_id),
        PartyRef::Actor { actor_id } => Column::ActorId.eq(actor_id),
    };
    let ids = partnership_party::Entity::find()
        .select_only()
        .column(Column::PartnershipId)
        .filter(is_party)
        .order_by_asc(Column::PartnershipId);
    Ok(ids.into_tuple().all(tx.conn()).await?)
}

/// A new pair's id.
#[must_use]
pub fn new_pairing_id() -> PairingId {
    PairingId(Uuid::now_v7())
}

/// Name and country of these networks and actors.
///
/// # Errors
/// Those of the database.
pub async fn named(
    conn: &impl ConnectionTrait,
    networks: &[NetworkId],
    actors: &[ActorId],
) -> Result<Vec<(PartyRef, String, String, Option<ActorKind>)>, Error> {
    let mut found = Vec::with_capacity(networks.len() + actors.len());
    if !networks.is_empty() {
        let rows = network::Entity::find().filter(network::Column::Id.is_in(networks.iter().copied()));
        found.extend(
            rows.all(conn)
                .await?
                .into_iter()
                .map(|row| (PartyRef::Network { network_id: row.id }, row.name, row.country, None)),
        );
    }
    if !actors.is_empty() {
        let rows = actor::Entity::find().filter(actor::Column::Id.is_in(actors.iter().copied()));
        found.extend(rows.all(conn).await?.into_iter().map(|row| {
            let kind = ActorKind::from_code(&row.kind);
            (PartyRef::Actor { actor_id: row.id }, row.name, row.country, kind)
        }));
    }
    Ok(found)
}

/// Whether two cities take part in one partnership that has not ended; networks of many do not count.
///
/// # Errors
/// Those of the database.
pub async fn are_partners(tx: &Tx<'_>, a: CityId, b: CityId) -> Result<bool, Error> {
    use partnership_party::Column;
    let of = |city: CityId| {
        Query::select()
            .column(Column::PartnershipId)
            .from(partnership_party::Entity)
            .and_where(Column::CityId.eq(city))
            .and_where(Column::Role.ne(PartyRole::Associated.code()))
            .to_owned()
    };
    let over = PartnershipState::ALL
        .iter()
        .filter(|state| state.is_over())
        .map(|state| state.code());
    let shared = partnership::Entity::find()
        .filter(partnership::Column::Id.in_subquery(of(a)))
        .filter(partnership::Column::Id.in_subquery(of(b)))
        .filter(partnership::Column::DeletedAt.is_null())
        .filter(partnership::Column::State.is_not_in(over))
        .filter(partnership::Column::Kind.ne(PartnershipKind::Network.code()))
        .limit(1)
        .one(tx.conn())
        .await?;
    Ok(shared.is_some())
}
