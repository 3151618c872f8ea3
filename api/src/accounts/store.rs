//! The tables of accounts, grants, sessions and keys.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use shared::accounts::{Digest, Grant, Role};
use shared::ids::{AccountId, CityId, GrantId, NetworkId, SessionId};
use shared::language::{Language, Texts};
use shared::problem::ProblemCode;
use uuid::Uuid;

use crate::db::entity::{account, city, city_code, grant, network, programme, session, signing_key};
use crate::db::{Db, Tx, constraint_of};
use crate::error::Error;
use crate::programmes::store::programme_named;

/// A person's account with its secrets.
pub type Account = account::Model;
/// A session with its hashes.
pub type Session = session::Model;

/// The signing keys, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn signing_keys(db: &Db) -> Result<Vec<(Uuid, Vec<u8>)>, Error> {
    let keys = signing_key::Entity::find()
        .order_by_asc(signing_key::Column::Id)
        .all(db.read())
        .await?;
    Ok(keys.into_iter().map(|key| (key.id, key.secret)).collect())
}

/// Adds a signing key.
///
/// # Errors
/// Those of the database.
pub async fn insert_signing_key(tx: &Tx<'_>, secret: Vec<u8>, now: DateTime<Utc>) -> Result<(), Error> {
    let key = signing_key::ActiveModel {
        id: Set(Uuid::now_v7()),
        secret: Set(secret),
        created_at: Set(now),
    };
    key.insert(tx.conn()).await?;
    Ok(())
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// E-mail address, in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Argon2id hash of the password, as a PHC string.
    pub password_hash: String,
    /// The person's language.
    pub language: Language,
}

/// Adds an account, active, without grants.
///
/// # Errors
/// `AlreadyExists` where the address has one, and those of the database.
pub async fn insert_account(tx: &Tx<'_>, new: NewAccount) -> Result<(), Error> {
    let row = account::ActiveModel {
        id: Set(new.id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        email: Set(new.email),
        name: Set(new.name),
        password_hash: Set(new.password_hash),
        language: Set(new.language.tag().to_owned()),
        active: Set(true),
        digest: Set(Digest::Weekly.code().to_owned()),
        digest_at: Set(None),
        digest_told: Set(None),
    };
    account::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await
        .map_err(|error| match constraint_of(&error) {
            Some(constraint) if constraint.contains("email") => Error::conflict(ProblemCode::AlreadyExists),
            _ => error.into(),
        })?;
    Ok(())
}

/// Adds a grant to an account.
///
/// # Errors
/// Those of the database.
pub async fn insert_grant(tx: &Tx<'_>, account: AccountId, grant: Grant) -> Result<GrantId, Error> {
    let id = GrantId(Uuid::now_v7());
    let row = grant::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        role: Set(grant.role().code().to_owned()),
        scope_id: Set(grant.scope_id()),
        created_at: Set(tx.now()),
    };
    grant::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Adds a session that begins now.
///
/// # Errors
/// Those of the database.
pub async fn insert_session(
    tx: &Tx<'_>,
    id: SessionId,
    account: AccountId,
    refresh_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    let row = session::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        refresh_hash: Set(refresh_hash),
        previous_hash: Set(None),
        created_at: Set(tx.now()),
        refreshed_at: Set(tx.now()),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// An account.
///
/// # Errors
/// Those of the database.
pub async fn account(conn: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, Error> {
    Ok(account::Entity::find_by_id(id).one(conn).await?)
}

/// An account to be changed.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn account_for_update(tx: &Tx<'_>, id: AccountId) -> Result<Account, Error> {
    let mut query = account::Entity::find_by_id(id);
    if tx.has_row_locks() {
        query = query.lock_exclusive();
    }
    query.one(tx.conn()).await?.ok_or(Error::NotFound)
}

/// The account of an e-mail address in lower case.
///
/// # Errors
/// Those of the database.
pub async fn account_by_email(conn: &impl ConnectionTrait, email: &str) -> Result<Option<Account>, Error> {
    Ok(account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .one(conn)
        .await?)
}

/// Writes what a person may change about an account, and its password, as a new version.
///
/// # Errors
/// Those of the database.
pub async fn update_account(tx: &Tx<'_>, changed: &Account) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::Version, Expr::value(changed.version))
        .col_expr(account::Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(account::Column::Name, Expr::value(&changed.name))
        .col_expr(account::Column::Language, Expr::value(&changed.language))
        .col_expr(account::Column::Digest, Expr::value(&changed.digest))
        .col_expr(account::Column::PasswordHash, Expr::value(&changed.password_hash))
        .filter(account::Column::Id.eq(changed.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A grant with the name of its network or programme; the names of cities are in the directory.
#[derive(Debug, Clone)]
pub struct NamedGrant {
    /// Its id.
    pub id: GrantId,
    /// The role and its scope.
    pub grant: Grant,
    /// The name of the network, where it is for one.
    pub network_name: Option<String>,
    /// The name of the programme by language, where it is for one.
    pub programme_name: Option<Texts>,
}

/// The grants of an account, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn grants(conn: &impl ConnectionTrait, account: AccountId) -> Result<Vec<NamedGrant>, Error> {
    let to_network = grant::Entity::belongs_to(network::Entity)
        .from(grant::Column::ScopeId)
        .to(network::Column::Id);
    let to_programme = grant::Entity::belongs_to(programme::Entity)
        .from(grant::Column::ScopeId)
        .to(programme::Column::Id);
    type Row = (GrantId, String, Option<Uuid>, Option<String>, Option<serde_json::Value>);
    let rows: Vec<Row> = grant::Entity::find()
        .select_only()
        .columns([grant::Column::Id, grant::Column::Role, grant::Column::ScopeId])
        .column_as(network::Column::Name, "network_name")
        .column_as(programme::Column::Name, "programme_name")
        .join(JoinType::LeftJoin, to_network.into())
        .join(JoinType::LeftJoin, to_programme.into())
        .filter(grant::Column::AccountId.eq(account))
        .order_by_asc(grant::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, role, scope_id, network_name, programme_name)| {
            Some(NamedGrant {
                id,
                grant: Grant::from_parts(Role::from_code(&role)?, scope_id)?,
                network_name,
                programme_name: programme_name.and_then(|texts| serde_json::from_value(texts).ok()),
            })
        })
        .collect())
}

/// Whether the city, network or programme of a grant exists.
///
/// # Errors
/// Those of the database.
pub async fn scope_exists(conn: &impl ConnectionTrait, grant: Grant) -> Result<bool, Error> {
    Ok(match grant {
        Grant::CityStaff { city_id } => city::Entity::find_by_id(city_id).one(conn).await?.is_some(),
        Grant::NetworkCoordinator { network_id } => network::Entity::find_by_id(network_id).one(conn).await?.is_some(),
        Grant::ProgrammeOfficer { programme_id } | Grant::Reviewer { programme_id } => {
            programme::Entity::find_by_id(programme_id).one(conn).await?.is_some()
        }
        Grant::Admin => true,
    })
}

/// A session.
///
/// # Errors
/// Those of the database.
pub async fn session(conn: &impl ConnectionTrait, id: SessionId) -> Result<Option<Session>, Error> {
    Ok(session::Entity::find_by_id(id).one(conn).await?)
}

/// A session to be changed.
///
/// # Errors
/// Those of the database.
pub async fn session_for_update(tx: &Tx<'_>, id: SessionId) -> Result<Option<Session>, Error> {
    let mut query = session::Entity::find_by_id(id);
    if tx.has_row_locks() {
        query = query.lock_exclusive();
    }
    Ok(query.one(tx.conn()).await?)
}

/// Puts a new refresh token in the place of the present one, which becomes the previous one.
///
/// # Errors
/// Those of the database.
pub async fn rotate_session(
    tx: &Tx<'_>,
    session: &Session,
    refresh_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(
            session::Column::PreviousHash,
            Expr::value(Some(session.refresh_hash.clone())),
        )
        .col_expr(session::Column::RefreshHash, Expr::value(refresh_hash))
        .col_expr(session::Column::RefreshedAt, Expr::value(tx.now()))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at))
        .filter(session::Column::Id.eq(session.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Revokes a session; says whether it still held.
///
/// # Errors
/// Those of the database.
pub async fn revoke_session(tx: &Tx<'_>, id: SessionId) -> Result<bool, Error> {
    revoke_sessions(tx, session::Column::Id.eq(id))
        .await
        .map(|count| count > 0)
}

/// Revokes every session of an account; says how many still held.
///
/// # Errors
/// Those of the database.
pub async fn revoke_sessions_of(tx: &Tx<'_>, account: AccountId) -> Result<u64, Error> {
    revoke_sessions(tx, session::Column::AccountId.eq(account)).await
}

async fn revoke_sessions(tx: &Tx<'_>, which: sea_orm::sea_query::SimpleExpr) -> Result<u64, Error> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(tx.now()))
        .filter(which)
        .filter(session::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected)
}

/// The sessions revoked since then: of these accounts, or of all.
///
/// # Errors
/// Those of the database.
pub async fn revoked_sessions(
    db: &Db,
    accounts: Option<&[AccountId]>,
    since: DateTime<Utc>,
) -> Result<Vec<(SessionId, DateTime<Utc>)>, Error> {
    let mut query = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::RevokedAt])
        .filter(session::Column::RevokedAt.gte(since));
    if let Some(accounts) = accounts {
        query = query.filter(session::Column::AccountId.is_in(accounts.iter().copied()));
    }
    Ok(query.into_tuple().all(db.read()).await?)
}

/// Deletes sessions that are over; says how many.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &Tx<'_>) -> Result<u64, Error> {
    let now = tx.now();
    let over = Condition::any()
        .add(session::Column::ExpiresAt.lt(now))
        // Kept for a day: the other processes read there what no longer holds.
        .add(session::Column::RevokedAt.lt(now - TimeDelta::days(1)));
    let deleted = session::Entity::delete_many().filter(over).exec(tx.conn()).await?;
    Ok(deleted.rows_affected)
}

/// The id of what a role is for, told by a person: an id, a city's code (`fr:insee:38185`), or a
/// network's or programme's name.
///
/// # Errors
/// Those of the database.
pub async fn scope_id(conn: &impl ConnectionTrait, role: Role, told: &str) -> Result<Option<Uuid>, Error> {
    if let Ok(id) = Uuid::try_parse(told) {
        let grant = Grant::from_parts(role, Some(id));
        return Ok(match grant {
            Some(grant) if scope_exists(conn, grant).await? => Some(id),
            _ => None,
        });
    }
    Ok(match role {
        Role::CityStaff => city_by_code(conn, told).await?.map(|id| id.0),
        Role::NetworkCoordinator => network_by_name(conn, told).await?.map(|id| id.0),
        Role::ProgrammeOfficer | Role::Reviewer => programme_named(conn, told).await?.map(|programme| programme.id.0),
        Role::Admin => None,
    })
}

/// The city of a code with its scheme, such as `fr:insee:38185`.
///
/// # Errors
/// Those of the database.
pub async fn city_by_code(conn: &impl ConnectionTrait, code: &str) -> Result<Option<CityId>, Error> {
    let Some((scheme, value)) = code.rsplit_once(':') else {
        return Ok(None);
    };
    let row = city_code::Entity::find()
        .filter(city_code::Column::Scheme.eq(scheme))
        .filter(city_code::Column::Value.eq(value))
        .one(conn)
        .await?;
    Ok(row.map(|row| row.city_id))
}

/// The network of a name.
///
/// # Errors
/// Those of the database.
pub async fn network_by_name(conn: &impl ConnectionTrait, name: &str) -> Result<Option<NetworkId>, Error> {
    let row = network::Entity::find()
        .filter(network::Column::Name.eq(name))
        .one(conn)
        .await?;
    Ok(row.map(|row| row.id))
}
