//! The table of contact persons.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::cities::{Contact, ContactView};
use shared::ids::{CityId, ContactId};
use shared::mandates::{ConfirmReason, ToConfirm};

use crate::db::Tx;
use crate::db::entity::contact::{self, Column};
use crate::error::Error;

pub(crate) fn view_of(row: contact::Model) -> ContactView {
    let reason = row.confirm_reason.as_deref().and_then(ConfirmReason::from_code);
    ContactView {
        id: row.id,
        confirmed_on: row.confirmed_on,
        to_confirm: reason
            .zip(row.confirm_day)
            .map(|(reason, day)| ToConfirm { reason, day }),
        contact: Contact {
            name: row.name,
            function: row.function,
            email: row.email,
            phone: row.phone,
            mandate_ends_on: row.mandate_ends_on,
            elected: row.elected,
        },
    }
}

/// The contact persons of a city, with their marks.
///
/// # Errors
/// Those of the database.
pub async fn of_city(conn: &impl ConnectionTrait, city: CityId) -> Result<Vec<ContactView>, Error> {
    let rows = contact::Entity::find()
        .filter(Column::CityId.eq(city))
        .order_by_asc(Column::Position)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(view_of).collect())
}

/// Puts these contact persons in the place of the former ones; whose id stays, stays.
///
/// # Errors
/// Those of the database.
pub async fn replace(tx: &Tx<'_>, city: CityId, contacts: &[ContactView]) -> Result<(), Error> {
    contact::Entity::delete_many()
        .filter(Column::CityId.eq(city))
        .filter(Column::Id.is_not_in(contacts.iter().map(|view| view.id)))
        .exec(tx.conn())
        .await?;
    if contacts.is_empty() {
        return Ok(());
    }
    let rows = (0..).zip(contacts).map(|(position, view)| contact::ActiveModel {
        id: Set(view.id),
        city_id: Set(city),
        position: Set(position),
        name: Set(view.contact.name.clone()),
        function: Set(view.contact.function.clone()),
        email: Set(view.contact.email.clone()),
        phone: Set(view.contact.phone.clone()),
        mandate_ends_on: Set(view.contact.mandate_ends_on),
        elected: Set(view.contact.elected),
        confirmed_on: Set(view.confirmed_on),
        confirm_reason: Set(view.to_confirm.map(|mark| mark.reason.code().to_owned())),
        confirm_day: Set(view.to_confirm.map(|mark| mark.day)),
    });
    let changed = [
        Column::Position,
        Column::Name,
        Column::Function,
        Column::Email,
        Column::Phone,
        Column::MandateEndsOn,
        Column::Elected,
        Column::ConfirmedOn,
        Column::ConfirmReason,
        Column::ConfirmDay,
    ];
    contact::Entity::insert_many(rows)
        .on_conflict(OnConflict::column(Column::Id).update_columns(changed).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Notes that somebody said of a person that it is the right one.
///
/// # Errors
/// Those of the database.
pub async fn confirm(tx: &Tx<'_>, id: ContactId, today: NaiveDate) -> Result<(), Error> {
    contact::Entity::update_many()
        .col_expr(Column::ConfirmedOn, Expr::value(Some(today)))
        .col_expr(Column::ConfirmReason, Expr::value(None::<String>))
        .col_expr(Column::ConfirmDay, Expr::value(None::<NaiveDate>))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Marks a person who is to be confirmed.
///
/// # Errors
/// Those of the database.
pub async fn mark(tx: &Tx<'_>, id: ContactId, mark: ToConfirm) -> Result<(), Error> {
    contact::Entity::update_many()
        .col_expr(Column::ConfirmReason, Expr::value(Some(mark.reason.code())))
        .col_expr(Column::ConfirmDay, Expr::value(Some(mark.day)))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
