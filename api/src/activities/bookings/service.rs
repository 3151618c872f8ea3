//! Booking an exhibition. Who books holds the exhibition's row, so that of two who want the same days one is told no.

use chrono::NaiveDate;
use serde_json::json;
use shared::activities::{BookingDraft, BookingPage, BookingState, BookingView};
use shared::audit::Resource;
use shared::ids::{ActivityId, BookingId, CityId};
use shared::page::LIMIT_MAX;
use shared::partnerships::PartyRef;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Booking};
use crate::activities::check;
use crate::activities::service::parties_in;
use crate::activities::store as activities;
use crate::activities::views::{authorities, is_bookable, lead};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::partnerships::store::parties_of;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// The bookings of an exhibition, the earliest first.
///
/// # Errors
/// `NotFound`, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    activity: ActivityId,
    paging: &Paging,
) -> Result<BookingPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let of = activities::find(platform.db.read(), activity)
        .await?
        .ok_or(Error::NotFound)?;
    let after: Option<(NaiveDate, BookingId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, activity, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.days.0, last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let parties = parties_of(platform.db.read(), &[of.partnership_id]).await?;
    let lead = lead(parties.get(&of.partnership_id).map(Vec::as_slice).unwrap_or_default())?;
    Ok(BookingPage {
        items: found
            .iter()
            .map(|booking| view(platform, caller, booking, lead))
            .collect(),
        next,
        total: None,
    })
}

/// A booking.
///
/// # Errors
/// `NotFound`.
pub async fn read(platform: &Platform, caller: &Caller, id: BookingId) -> Result<BookingView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let found = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    let of = activities::find(conn, found.activity_id)
        .await?
        .ok_or(Error::NotFound)?;
    let parties = parties_of(conn, &[of.partnership_id]).await?;
    let lead = lead(parties.get(&of.partnership_id).map(Vec::as_slice).unwrap_or_default())?;
    Ok(view(platform, caller, &found, lead))
}

/// Books an exhibition.
///
/// # Errors
/// `NotFound`, `Denied`, `StateConflict` for what cannot be booked, `BookingOverlap` where it is elsewhere, `Invalid`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    activity: ActivityId,
    draft: &BookingDraft,
) -> Result<Answer<BookingView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = activities::for_update(tx, activity).await?.ok_or(Error::NotFound)?;
            let parties = parties_in(tx, of.partnership_id).await?;
            let lead = lead(&parties)?;
            let city = draft.city_id;
            policy::require(&caller.actor, &Action::BookExhibition { city, lead })?;
            if !is_bookable(&of) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let made = Booking {
                id: BookingId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                activity_id: activity,
                state: BookingState::Booked,
                city_id: city,
                place: draft.place.trim().to_owned(),
                days: (draft.starts_on, draft.ends_on),
            };
            refuse(faults_of(&made, &authorities(&parties), of.days))?;
            if let Some(other) = store::overlapping(tx, activity, made.days).await? {
                return Err(Error::Conflict {
                    code: ProblemCode::BookingOverlap,
                    errors: vec![
                        FieldError::new("/starts_on", FieldCode::Inconsistent)
                            .with("from", other.days.0)
                            .with("until", other.days.1),
                    ],
                });
            }
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            Ok(view(platform, caller, &made, lead))
        })
        .await
}

/// It is shown by an authority that takes part, while the exhibition travels.
fn faults_of(of: &Booking, authorities: &[CityId], tour: (NaiveDate, NaiveDate)) -> Vec<FieldError> {
    let mut faults = check::days(of.days);
    if !authorities.contains(&of.city_id) {
        faults.push(FieldError::new("/city_id", FieldCode::Reference));
    }
    for (pointer, day) in [("/starts_on", of.days.0), ("/ends_on", of.days.1)] {
        if !(tour.0..=tour.1).contains(&day) {
            faults.push(
                FieldError::new(pointer, FieldCode::Range)
                    .with("min", tour.0)
                    .with("max", tour.1),
            );
        }
    }
    faults
}

/// Cancels a booking: its days are free again.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `StateConflict` for one that is cancelled already.
pub async fn cancel(platform: &Platform, caller: &Caller, id: BookingId) -> Result<Answer<BookingView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let activity = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?.activity_id;
            let of = activities::for_update(tx, activity).await?.ok_or(Error::NotFound)?;
            // Read again behind the lock: somebody may have cancelled it meanwhile.
            let mut booking = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
            let lead = lead(&parties_in(tx, of.partnership_id).await?)?;
            let city = booking.city_id;
            policy::require(&caller.actor, &Action::BookExhibition { city, lead })?;
            caller.expect_version(booking.version)?;
            if booking.state != BookingState::Booked {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            booking.state = BookingState::Cancelled;
            booking.version += 1;
            booking.updated_at = tx.now();
            store::save(tx, &booking).await?;
            record(tx, "cancel", &booking).await?;
            Ok(view(platform, caller, &booking, lead))
        })
        .await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Booking) -> Result<(), Error> {
    let details = json!({
        "activity_id": of.activity_id,
        "city_id": of.city_id,
        "starts_on": of.days.0,
        "ends_on": of.days.1,
    });
    tx.record(verb, Resource::Booking, of.id.0, of.version, details).await
}

fn view(platform: &Platform, caller: &Caller, of: &Booking, lead: PartyRef) -> BookingView {
    let city = of.city_id;
    let name = platform.directory.cities().get(city).map(|city| city.name.clone());
    let may = policy::allows(&caller.actor, &Action::BookExhibition { city, lead });
    BookingView {
        id: of.id,
        version: of.version,
        activity_id: of.activity_id,
        state: of.state,
        city_id: city,
        city_name: name.unwrap_or_default(),
        place: of.place.clone(),
        starts_on: of.days.0,
        ends_on: of.days.1,
        may_cancel: may && of.state == BookingState::Booked,
    }
}
