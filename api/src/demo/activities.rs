//! What the nine projects do, with an exhibition on tour: invented, and marked so. Days are told from the day of loading, so
//! that a demonstration has a past and a future whenever it is made.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{Days, NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::json;
use shared::activities::{ActivityKind, ActivityState, BookingState};
use shared::audit::Resource;
use shared::ids::{ActivityId, BookingId, CityId};
use shared::money::Money;
use shared::partnerships::PartyRef;
use uuid::Uuid;

use crate::activities::bookings::store::{self as bookings, Booking};
use crate::activities::store::{self, Activity};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::directory::Directory;
use crate::error::Error;
use crate::partnerships::store as partnerships;

const ACTIVITIES: &str = include_str!("../../data/demo/activities.csv");
const BOOKINGS: &str = include_str!("../../data/demo/bookings.csv");

/// What says that it is invented.
const INVENTED: &str = "Exemple de démonstration.";

#[derive(Debug, Deserialize)]
struct ActivityRow {
    project: u8,
    key: String,
    kind: String,
    state: String,
    title: String,
    in_days: i64,
    lasts: u64,
    place: String,
    /// Names of authorities; none for all.
    concerned: String,
    people: Option<u32>,
    cost_minor: Option<i64>,
    notes: String,
}

#[derive(Debug, Deserialize)]
struct BookingRow {
    activity: String,
    city: String,
    in_days: i64,
    lasts: u64,
    place: String,
}

fn rows<T: for<'de> Deserialize<'de>>(table: &str) -> anyhow::Result<Vec<T>> {
    Ok(csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?)
}

/// Adds what is missing; says how many activities.
///
/// # Errors
/// Those of the database, or where a project is not there.
pub async fn load(db: &Db, clock: &Clock) -> anyhow::Result<usize> {
    let rows: Vec<ActivityRow> = rows(ACTIVITIES)?;
    let caller = Caller::system(clock.now());
    let mut missing = Vec::new();
    for row in rows {
        let there = db
            .write(&caller, async |tx| store::has_source_key(tx, &key_of(&row)).await)
            .await?;
        if !there {
            missing.push(row);
        }
    }
    if missing.is_empty() {
        return Ok(0);
    }
    let directory = Directory::load(db).await?;
    for row in &missing {
        db.write(&caller, async |tx| {
            add(tx, &directory, row).await.map_err(Error::internal)
        })
        .await
        .with_context(|| format!("activity {}", row.key))?;
    }
    Ok(missing.len())
}

fn key_of(row: &ActivityRow) -> String {
    format!("demo:{}", row.key)
}

/// A span of days, told from today.
fn days(tx: &Tx<'_>, in_days: i64, lasts: u64) -> anyhow::Result<(NaiveDate, NaiveDate)> {
    let first = (tx.now() + TimeDelta::days(in_days)).date_naive();
    let last = first.checked_add_days(Days::new(lasts.saturating_sub(1)));
    Ok((first, last.context("a day beyond the calendar")?))
}

async fn add(tx: &Tx<'_>, directory: &Directory, row: &ActivityRow) -> anyhow::Result<()> {
    let of = partnerships::by_source_key(tx, &format!("aap2025:{}", row.project))
        .await?
        .context("the project is missing")?;
    let cities: HashMap<String, CityId> = of
        .parties
        .iter()
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } => Some((directory.summary(city_id)?.name.clone(), city_id)),
            _ => None,
        })
        .collect();
    let named = |wanted: &str| cities.get(wanted).copied();
    let mut concerned = Vec::new();
    for name in row.concerned.split('|').filter(|name| !name.is_empty()) {
        let city_id = named(name).with_context(|| format!("{name} takes no part"))?;
        concerned.push(PartyRef::City { city_id });
    }
    let made = Activity {
        id: ActivityId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        partnership_id: of.id,
        partnership_name: of.name.clone(),
        kind: ActivityKind::from_code(&row.kind).context("unknown kind")?,
        state: ActivityState::from_code(&row.state).context("unknown state")?,
        state_reason: None,
        title: row.title.clone(),
        days: days(tx, row.in_days, row.lasts)?,
        place: row.place.clone(),
        concerned,
        people: row.people,
        cost: row.cost_minor.map(|amount_minor| Money {
            amount_minor,
            currency: "EUR".to_owned(),
        }),
        notes: format!("{}\n\n{INVENTED}", row.notes),
        source_key: Some(key_of(row)),
    };
    store::insert(tx, &made).await?;
    let details = json!({ "partnership_id": of.id, "source": INVENTED });
    tx.record("import", Resource::Activity, made.id.0, 1, details).await?;
    for booking in rows::<BookingRow>(BOOKINGS)? {
        if booking.activity == row.key {
            let city_id = named(&booking.city).with_context(|| format!("{} takes no part", booking.city))?;
            let booked = Booking {
                id: BookingId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                activity_id: made.id,
                state: BookingState::Booked,
                city_id,
                place: booking.place.clone(),
                days: days(tx, booking.in_days, booking.lasts)?,
            };
            bookings::insert(tx, &booked).await?;
            let details = json!({ "activity_id": made.id, "source": INVENTED });
            tx.record("import", Resource::Booking, booked.id.0, 1, details).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared::activities::overlap;

    use super::*;

    #[test]
    fn the_tables_fit_each_other_and_no_booking_overlaps() -> anyhow::Result<()> {
        let activities: Vec<ActivityRow> = rows(ACTIVITIES)?;
        for row in &activities {
            assert!(ActivityKind::from_code(&row.kind).is_some(), "{}", row.kind);
            assert!(ActivityState::from_code(&row.state).is_some(), "{}", row.state);
            let is_past = row.in_days <= 0;
            assert!(row.state != "held" || is_past, "{} is held before its day", row.key);
        }
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).context("no day")?;
        let span = |in_days: i64, lasts: u64| {
            let first = today + TimeDelta::days(in_days);
            (first, first + Days::new(lasts - 1))
        };
        let bookings: Vec<BookingRow> = rows(BOOKINGS)?;
        for (at, one) in bookings.iter().enumerate() {
            assert!(activities.iter().any(|row| row.key == one.activity));
            for other in &bookings[at + 1..] {
                assert!(!overlap(span(one.in_days, one.lasts), span(other.in_days, other.lasts)));
            }
        }
        Ok(())
    }
}
