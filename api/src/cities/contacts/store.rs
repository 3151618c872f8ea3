//! The table of contact persons.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::cities::{Contact, ContactView};
use shared::ids::{CityId, ContactId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::contact;
use crate::error::Error;

/// The contact persons of a city.
///
/// # Errors
/// Those of the database.
pub async fn of_city(conn: &impl ConnectionTrait, city: CityId) -> Result<Vec<ContactView>, Error> {
    let rows = contact::Entity::find()
        .filter(contact::Column::CityId.eq(city))
        .order_by_asc(contact::Column::Position)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ContactView {
            id: row.id,
            contact: Contact {
                name: row.name,
                function: row.function,
                email: row.email,
                phone: row.phone,
                mandate_ends_on: row.mandate_ends_on,
            },
        })
        .collect())
}

/// Puts these contact persons in the place of the former ones.
///
/// # Errors
/// Those of the database.
pub async fn replace(tx: &Tx<'_>, city: CityId, contacts: &[ContactView]) -> Result<(), Error> {
    contact::Entity::delete_many()
        .filter(contact::Column::CityId.eq(city))
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
    });
    contact::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Gives a contact person an id.
#[must_use]
pub fn named(contact: &Contact) -> ContactView {
    ContactView {
        id: ContactId(Uuid::now_v7()),
        contact: contact.clone(),
    }
}
