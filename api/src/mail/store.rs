//! The mails in the table of the outbox, and what accounts know of digests.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use shared::accounts::{Digest, Role};
use shared::ids::{AccountId, CityId, ProgrammeId};
use uuid::Uuid;

use super::Letter;
use crate::accounts::store::Account;
use crate::db::Tx;
use crate::db::entity::{account, grant, outbox};
use crate::error::Error;

/// What a row of the outbox is.
const KIND: &str = "mail";

/// A letter that is about to be sent.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Its id, the same at each attempt.
    pub id: Uuid,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// The letter.
    pub letter: Letter,
}

/// Puts a letter into the outbox: it is sent once the transaction has ended.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &Tx<'_>, letter: &Letter) -> Result<(), Error> {
    outbox::Entity::insert(row(tx, letter)?)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

fn row(tx: &Tx<'_>, letter: &Letter) -> Result<outbox::ActiveModel, Error> {
    Ok(outbox::ActiveModel {
        id: Set(Uuid::now_v7()),
        kind: Set(KIND.to_owned()),
        payload: Set(serde_json::to_value(letter)?),
        attempts: Set(0),
        due_at: Set(tx.now()),
        created_at: Set(tx.now()),
        done_at: Set(None),
        last_error: Set(None),
    })
}

/// Puts several letters into the outbox.
///
/// # Errors
/// Those of the database.
pub async fn put_all(tx: &Tx<'_>, letters: &[Letter]) -> Result<(), Error> {
    /// Rows in one statement: both databases bound their parameters.
    const ROWS: usize = 200;
    for some in letters.chunks(ROWS) {
        let rows: Vec<outbox::ActiveModel> = some.iter().map(|letter| row(tx, letter)).collect::<Result<_, _>>()?;
        outbox::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

fn due(now: DateTime<Utc>) -> sea_orm::Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::DueAt.lte(now))
        .filter(outbox::Column::Kind.eq(KIND))
        .order_by_asc(outbox::Column::DueAt)
        .order_by_asc(outbox::Column::Id)
        .limit(1)
}

/// Whether there is a letter to be sent.
///
/// # Errors
/// Those of the database.
pub async fn has_due(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, Error> {
    Ok(due(now).one(conn).await?.is_some())
}

/// Takes the letter that has waited longest: until `held_until` no other process sends it.
///
/// # Errors
/// Those of the database.
pub async fn take(tx: &Tx<'_>, held_until: DateTime<Utc>) -> Result<Option<Posted>, Error> {
    let mut rows = due(tx.now());
    if tx.has_row_locks() {
        rows = rows.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(row) = rows.one(tx.conn()).await? else {
        return Ok(None);
    };
    let attempts = row.attempts + 1;
    change(tx, row.id, |rows| {
        rows.col_expr(outbox::Column::Attempts, Expr::value(attempts))
            .col_expr(outbox::Column::DueAt, Expr::value(held_until))
    })
    .await?;
    Ok(Some(Posted {
        id: row.id,
        attempts,
        letter: serde_json::from_value(row.payload)?,
    }))
}

/// Notes that a letter was sent, or given up for what stands in `error`, and forgets its words.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &Tx<'_>, id: Uuid, error: Option<&str>) -> Result<(), Error> {
    let now = tx.now();
    change(tx, id, |rows| {
        rows.col_expr(outbox::Column::DoneAt, Expr::value(Some(now)))
            .col_expr(outbox::Column::Payload, Expr::value(serde_json::json!({})))
            .col_expr(outbox::Column::LastError, Expr::value(error))
    })
    .await
}

/// Notes that a letter could not be sent, and when it is tried again.
///
/// # Errors
/// Those of the database.
pub async fn try_again(tx: &Tx<'_>, id: Uuid, at: DateTime<Utc>, error: &str) -> Result<(), Error> {
    change(tx, id, |rows| {
        rows.col_expr(outbox::Column::DueAt, Expr::value(at))
            .col_expr(outbox::Column::LastError, Expr::value(Some(error)))
    })
    .await
}

async fn change(
    tx: &Tx<'_>,
    id: Uuid,
    set: impl FnOnce(sea_orm::UpdateMany<outbox::Entity>) -> sea_orm::UpdateMany<outbox::Entity>,
) -> Result<(), Error> {
    set(outbox::Entity::update_many())
        .filter(outbox::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Deletes what ended before, and what nobody came to send since.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<u64, Error> {
    let deleted = outbox::Entity::delete_many()
        .filter(outbox::Column::Kind.eq(KIND))
        .filter(
            Condition::any()
                .add(outbox::Column::DoneAt.lt(before))
                .add(outbox::Column::CreatedAt.lt(before).and(outbox::Column::Attempts.eq(0))),
        )
        .exec(tx.conn())
        .await?;
    Ok(deleted.rows_affected)
}

/// Active accounts that act for one of these cities, or decide for this programme.
///
/// # Errors
/// Those of the database.
pub async fn readers(
    conn: &impl ConnectionTrait,
    cities: &[CityId],
    programme: Option<ProgrammeId>,
) -> Result<Vec<Account>, Error> {
    let acts = |role: Role, scopes: Vec<Uuid>| {
        Condition::all()
            .add(grant::Column::Role.eq(role.code()))
            .add(grant::Column::ScopeId.is_in(scopes))
    };
    let concerned = grant::Entity::find()
        .select_only()
        .column(grant::Column::AccountId)
        .filter(
            Condition::any()
                .add(acts(Role::CityStaff, cities.iter().map(|city| city.0).collect()))
                .add(acts(
                    Role::ProgrammeOfficer,
                    programme.iter().map(|programme| programme.0).collect(),
                )),
        )
        .into_query();
    Ok(account::Entity::find()
        .filter(account::Column::Active.eq(true))
        .filter(account::Column::Id.in_subquery(concerned))
        .order_by_asc(account::Column::Id)
        .all(conn)
        .await?)
}

/// Active accounts by the city that they act for, of these cities.
///
/// # Errors
/// Those of the database.
pub async fn readers_by_city(
    conn: &impl ConnectionTrait,
    cities: &[CityId],
) -> Result<HashMap<CityId, Vec<Account>>, Error> {
    let acting: Vec<(AccountId, Uuid)> = grant::Entity::find()
        .select_only()
        .columns([grant::Column::AccountId, grant::Column::ScopeId])
        .filter(grant::Column::Role.eq(Role::CityStaff.code()))
        .filter(grant::Column::ScopeId.is_in(cities.iter().map(|city| city.0)))
        .order_by_asc(grant::Column::AccountId)
        .into_tuple()
        .all(conn)
        .await?;
    let accounts = readers(conn, cities, None).await?;
    let known: HashMap<AccountId, &Account> = accounts.iter().map(|account| (account.id, account)).collect();
    let mut readers: HashMap<CityId, Vec<Account>> = HashMap::new();
    for (id, city) in acting {
        if let Some(account) = known.get(&id) {
            readers.entry(CityId(city)).or_default().push(Account::clone(account));
        }
    }
    Ok(readers)
}

/// Accounts that want a digest and had none since the morning from which each is told of: `daily` or `weekly`.
///
/// # Errors
/// Those of the database.
pub async fn who_waits(
    conn: &impl ConnectionTrait,
    daily: DateTime<Utc>,
    weekly: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Account>, Error> {
    let last: Expr = Func::coalesce([
        Expr::col(account::Column::DigestAt),
        Expr::col(account::Column::CreatedAt),
    ])
    .into();
    let waits = |digest: Digest, since: DateTime<Utc>| {
        Condition::all()
            .add(account::Column::Digest.eq(digest.code()))
            .add(last.clone().lt(Expr::value(since)))
    };
    Ok(account::Entity::find()
        .filter(account::Column::Active.eq(true))
        .filter(
            Condition::any()
                .add(waits(Digest::Daily, daily))
                .add(waits(Digest::Weekly, weekly)),
        )
        .order_by_asc(account::Column::Id)
        .limit(most)
        .all(conn)
        .await?)
}

/// Notes that an account's digest was looked at, and what the last mail told. It is no change that a person makes: the version stays.
///
/// # Errors
/// Those of the database.
pub async fn note_digest(tx: &Tx<'_>, id: AccountId, told: Option<&str>) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::DigestAt, Expr::value(Some(tx.now())))
        .col_expr(account::Column::DigestTold, Expr::value(told))
        .filter(account::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
