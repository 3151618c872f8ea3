//! The tables of elections and of the links in mails, and which cities have somebody to be confirmed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use shared::accounts::Grant;
use shared::cities::{CityKind, ContactView};
use shared::ids::{AccountId, CityId, ContactId, ElectionId};
use uuid::Uuid;

use crate::accounts::store as accounts;
use crate::cities::contacts::store::view_of;
use crate::db::entity::election::{self, Column};
use crate::db::entity::{city, contact, contact_link};
use crate::db::{Db, Tx};
use crate::error::Error;

/// An election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// Which one.
    pub id: ElectionId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// The day on which it is decided.
    pub day: NaiveDate,
    /// What is elected.
    pub name: String,
    /// The country.
    pub country: String,
    /// Only authorities of this kind.
    pub kind: Option<CityKind>,
    /// The city whose election it is.
    pub city_id: Option<CityId>,
    /// Who says so.
    pub source: String,
    /// Since when all contacts of its cities are marked.
    pub applied_at: Option<DateTime<Utc>>,
    /// Since when it is deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Election {
    /// Whether it is held in this city.
    #[must_use]
    pub fn is_held_in(&self, id: CityId, country: &str, kind: CityKind) -> bool {
        match self.city_id {
            Some(city) => city == id,
            None => self.country == country && self.kind.is_none_or(|own| own == kind),
        }
    }
}

impl From<election::Model> for Election {
    fn from(row: election::Model) -> Self {
        Self {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            day: row.day,
            name: row.name,
            country: row.country,
            kind: row.kind.as_deref().and_then(CityKind::from_code),
            city_id: row.city_id,
            source: row.source,
            applied_at: row.applied_at,
            deleted_at: row.deleted_at,
        }
    }
}

fn row_of(tx: &Tx<'_>, of: &Election) -> election::ActiveModel {
    election::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: tx.now(),
        day: of.day,
        name: of.name.clone(),
        country: of.country.clone(),
        kind: of.kind.map(|kind| kind.code().to_owned()),
        city_id: of.city_id,
        source: of.source.clone(),
        applied_at: of.applied_at,
        deleted_at: of.deleted_at,
    }
    .into_active_model()
}

/// Adds an election.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Election) -> Result<(), Error> {
    election::Entity::insert(row_of(tx, of))
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Saves an election.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Election) -> Result<(), Error> {
    row_of(tx, of).reset_all().update(tx.conn()).await?;
    Ok(())
}

/// An election, deleted or not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: ElectionId) -> Result<Option<Election>, Error> {
    Ok(election::Entity::find_by_id(id).one(conn).await?.map(Into::into))
}

/// An election, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: ElectionId) -> Result<Option<Election>, Error> {
    let mut rows = election::Entity::find_by_id(id);
    if tx.has_row_locks() {
        rows = rows.lock_exclusive();
    }
    Ok(rows.one(tx.conn()).await?.map(Into::into))
}

/// Whether the same election is entered already.
///
/// # Errors
/// Those of the database.
pub async fn is_known(tx: &Tx<'_>, of: &Election) -> Result<bool, Error> {
    let kind = of.kind.map(CityKind::code);
    let known = election::Entity::find()
        .filter(Column::Day.eq(of.day))
        .filter(Column::Country.eq(of.country.as_str()))
        .filter(kind.map_or_else(|| Column::Kind.is_null(), |kind| Column::Kind.eq(kind)))
        .filter(
            of.city_id
                .map_or_else(|| Column::CityId.is_null(), |city| Column::CityId.eq(city)),
        )
        .filter(Column::DeletedAt.is_null())
        .count(tx.conn())
        .await?;
    Ok(known > 0)
}

/// Which elections are listed.
#[derive(Debug, Clone, Default)]
pub struct ElectionFilter {
    /// Of these countries; empty for all.
    pub countries: Vec<String>,
    /// Only those that are held in this city, with its country and kind.
    pub held_in: Option<(CityId, String, CityKind)>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The day of the last.
    pub day: NaiveDate,
    /// The id of the last.
    pub id: ElectionId,
}

fn listed(filter: &ElectionFilter) -> Condition {
    let mut condition = Condition::all().add(Column::DeletedAt.is_null());
    if !filter.countries.is_empty() {
        condition = condition.add(Column::Country.is_in(filter.countries.iter().map(String::as_str)));
    }
    if let Some((city, country, kind)) = &filter.held_in {
        let of_country = Condition::all()
            .add(Column::CityId.is_null())
            .add(Column::Country.eq(country.as_str()))
            .add(Column::Kind.is_null().or(Column::Kind.eq(kind.code())));
        condition = condition.add(Condition::any().add(Column::CityId.eq(*city)).add(of_country));
    }
    condition
}

/// Elections, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, filter: &ElectionFilter, after: Option<Place>, most: u64) -> Result<Vec<Election>, Error> {
    let mut rows = election::Entity::find().filter(listed(filter));
    if let Some(Place { day, id }) = after {
        let same_day = Condition::all().add(Column::Day.eq(day)).add(Column::Id.lt(id));
        rows = rows.filter(Condition::any().add(Column::Day.lt(day)).add(same_day));
    }
    let found = rows
        .order_by_desc(Column::Day)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// How many elections a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &ElectionFilter) -> Result<u64, Error> {
    Ok(election::Entity::find().filter(listed(filter)).count(db.read()).await?)
}

/// Elections that are over and after which not all contacts are marked yet.
///
/// # Errors
/// Those of the database.
pub async fn unapplied(db: &Db, today: NaiveDate, most: u64) -> Result<Vec<Election>, Error> {
    let rows = election::Entity::find()
        .filter(Column::Day.lt(today))
        .filter(Column::AppliedAt.is_null())
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Day)
        .order_by_asc(Column::Id)
        .limit(most)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Notes that all contacts of the cities of these elections are marked. It is no change that a person makes: the version stays.
///
/// # Errors
/// Those of the database.
pub async fn note_applied(tx: &Tx<'_>, ids: &[ElectionId]) -> Result<(), Error> {
    election::Entity::update_many()
        .col_expr(Column::AppliedAt, Expr::value(Some(tx.now())))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::AppliedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Cities with somebody to be marked: a mandate that is over, or one of these elections, and nobody has confirmed the person since.
///
/// # Errors
/// Those of the database.
pub async fn cities_due(db: &Db, elections: &[Election], today: NaiveDate, most: u64) -> Result<Vec<CityId>, Error> {
    use contact::Column as C;
    let ended = Condition::all().add(C::MandateEndsOn.lt(today)).add(
        C::ConfirmedOn
            .is_null()
            .or(Expr::col((contact::Entity, C::ConfirmedOn)).lte(Expr::col((contact::Entity, C::MandateEndsOn)))),
    );
    let mut due = Condition::any().add(ended);
    for of in elections {
        let place = match of.city_id {
            Some(city) => Condition::all().add(C::CityId.eq(city)),
            None => Condition::all()
                .add(city::Column::Country.eq(of.country.as_str()))
                .add_option(of.kind.map(|kind| city::Column::Kind.eq(kind.code()))),
        };
        due = due.add(
            place
                .add(C::Elected.eq(true).or(C::MandateEndsOn.is_not_null()))
                .add(C::ConfirmedOn.is_null().or(C::ConfirmedOn.lte(of.day))),
        );
    }
    let to_city = contact::Entity::belongs_to(city::Entity)
        .from(C::CityId)
        .to(city::Column::Id);
    Ok(contact::Entity::find()
        .select_only()
        .column(C::CityId)
        .distinct()
        .join(JoinType::InnerJoin, to_city.into())
        .filter(C::ConfirmReason.is_null())
        .filter(due)
        .order_by_asc(C::CityId)
        .limit(most)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// The link of a mail, and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// To whom the mail went.
    pub account_id: AccountId,
    /// What that account may act for now; nothing where it is not active any more.
    pub grants: Vec<Grant>,
    /// The contact's city.
    pub city_id: CityId,
    /// Whom it confirms.
    pub contact: ContactView,
    /// Until when it does.
    pub expires_at: DateTime<Utc>,
    /// When it, or another one about the same person, was used.
    pub used_at: Option<DateTime<Utc>>,
}

/// Keeps what is known of new links: whom each confirms, to whom it goes, and the hash of its token.
///
/// # Errors
/// Those of the database.
pub async fn add_links(
    tx: &Tx<'_>,
    links: &[(ContactId, AccountId, Vec<u8>)],
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    /// Rows in one statement: both databases bound their parameters.
    const ROWS: usize = 200;
    for some in links.chunks(ROWS) {
        let rows = some.iter().map(|(contact_id, account_id, hash)| {
            contact_link::Model {
                id: Uuid::now_v7(),
                contact_id: *contact_id,
                account_id: *account_id,
                token_hash: hash.clone(),
                expires_at,
                used_at: None,
            }
            .into_active_model()
        });
        contact_link::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// The link with this hash.
///
/// # Errors
/// Those of the database.
pub async fn link(conn: &impl ConnectionTrait, hash: Vec<u8>) -> Result<Option<Link>, Error> {
    let found = contact_link::Entity::find()
        .filter(contact_link::Column::TokenHash.eq(hash))
        .one(conn)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let Some(contact) = contact::Entity::find_by_id(row.contact_id).one(conn).await? else {
        return Ok(None);
    };
    let account = accounts::account(conn, row.account_id).await?;
    let grants = match account.filter(|account| account.active) {
        Some(account) => accounts::grants(conn, account.id).await?,
        None => Vec::new(),
    };
    Ok(Some(Link {
        account_id: row.account_id,
        grants: grants.iter().map(|named| named.grant).collect(),
        city_id: contact.city_id,
        contact: view_of(contact),
        expires_at: row.expires_at,
        used_at: row.used_at,
    }))
}

/// Notes that the links about a contact have had their answer.
///
/// # Errors
/// Those of the database.
pub async fn use_links(tx: &Tx<'_>, contact: ContactId) -> Result<(), Error> {
    contact_link::Entity::update_many()
        .col_expr(contact_link::Column::UsedAt, Expr::value(Some(tx.now())))
        .filter(contact_link::Column::ContactId.eq(contact))
        .filter(contact_link::Column::UsedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Deletes links that ended, and elections that were deleted, before; says how many rows that were.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<u64, Error> {
    let links = contact_link::Entity::delete_many()
        .filter(contact_link::Column::ExpiresAt.lt(before))
        .exec(tx.conn())
        .await?;
    let elections = election::Entity::delete_many()
        .filter(Column::DeletedAt.lt(before))
        .exec(tx.conn())
        .await?;
    Ok(links.rows_affected + elections.rows_affected)
}
