//! The French municipal elections of March 2026, as the decree fixes them, and an elected contact of Clermont-Ferrand, who is invented and
//! says so: since the election nobody has confirmed the person.

use anyhow::Context as _;
use chrono::NaiveDate;
use serde_json::json;
use shared::accounts::Role;
use shared::audit::Resource;
use shared::cities::{CityKind, Contact, ContactView};
use shared::ids::{CityId, ContactId, ElectionId};
use shared::mandates::due;
use uuid::Uuid;

use super::accounts::DOMAIN;
use crate::accounts::store as accounts;
use crate::caller::Caller;
use crate::cities::contacts::store as contacts;
use crate::cities::store as cities;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::mandates::store::{self, Election};

/// Clermont-Ferrand.
const TOWN: &str = "fr:insee:63113";
const NAME: &str = "Élections municipales et communautaires";
const SOURCE: &str = "Décret n° 2025-848 du 27 août 2025 : scrutin des 15 et 22 mars 2026";

/// Adds the election and the contact where they are missing; says how many things were added.
///
/// # Errors
/// Those of the database, or where the town is not in the directory.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let town = accounts::scope_id(db.read(), Role::CityStaff, TOWN)
        .await?
        .context("Clermont-Ferrand is not in the directory")?;
    let caller = Caller::system(clock.now());
    Ok(db.write(&caller, async |tx| add(tx, CityId(town)).await).await?)
}

async fn add(tx: &Tx<'_>, town: CityId) -> Result<usize, Error> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 22).unwrap_or_default();
    let election = Election {
        id: ElectionId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        day,
        name: NAME.to_owned(),
        country: "FR".to_owned(),
        kind: Some(CityKind::Municipality),
        city_id: None,
        source: SOURCE.to_owned(),
        applied_at: None,
        deleted_at: None,
    };
    if store::is_known(tx, &election).await? {
        return Ok(0);
    }
    store::insert(tx, &election).await?;
    let details = json!({ "day": day, "country": election.country, "kind": election.kind, "city_id": null });
    tx.record("create", Resource::Election, election.id.0, election.version, details)
        .await?;
    let mut all = contacts::of_city(tx.conn(), town).await?;
    let contact = Contact {
        name: "Dominique Exemple".to_owned(),
        function: "Élu·e aux relations internationales (contact inventé)".to_owned(),
        email: format!("elu@{DOMAIN}"),
        phone: None,
        mandate_ends_on: None,
        elected: true,
    };
    all.push(ContactView {
        id: ContactId(Uuid::now_v7()),
        // Entered in the mandate before.
        confirmed_on: None,
        to_confirm: due(&contact, None, &[day], tx.now().date_naive()),
        contact,
    });
    let held = cities::for_update(tx, town).await?.ok_or(Error::NotFound)?;
    contacts::replace(tx, town, &all).await?;
    cities::touch(tx, &held, held.version + 1).await?;
    let details = json!({ "contacts": all.len() });
    tx.record("replace_contacts", Resource::City, town.0, held.version + 1, details)
        .await?;
    Ok(2)
}
