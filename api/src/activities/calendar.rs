//! Activities and bookings as iCalendar (RFC 5545), for the calendars that people look at anyway.

use chrono::{Days, NaiveDate, TimeDelta};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use shared::activities::{ActivityKind, ActivityState, BookingState};

use super::bookings::store::{self as bookings, Booking};
use super::store::{self, Activity, ActivityFilter, ActivitySort, Whose};
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Most activities, and most bookings, in a calendar.
const EVENTS_MAX: u64 = 1_000;
/// How long what is over stays in it.
const PAST: TimeDelta = TimeDelta::days(366);

/// Somebody's calendar.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn calendar(platform: &Platform, caller: &Caller, whose: Whose) -> Result<String, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let (name, city) = match whose {
        Whose::Partnership(id) => (
            store::partnership_name(&platform.db, id)
                .await?
                .ok_or(Error::NotFound)?,
            None,
        ),
        Whose::City(id) => (
            platform.directory.summary(id).ok_or(Error::NotFound)?.name.clone(),
            Some(id),
        ),
    };
    let filter = ActivityFilter {
        from: Some((caller.now - PAST).date_naive()),
        ..ActivityFilter::all(whose)
    };
    let found = store::list(&platform.db, &filter, ActivitySort::Earliest, None, EVENTS_MAX).await?;
    let exhibitions: Vec<_> = found
        .iter()
        .filter(|activity| activity.kind == ActivityKind::Exhibition)
        .map(|activity| activity.id)
        .collect();
    let booked = if exhibitions.is_empty() {
        Vec::new()
    } else {
        bookings::of_exhibitions(&platform.db, &exhibitions, city, EVENTS_MAX).await?
    };
    let mut calendar = Calendar::new();
    calendar.name(&one_line(&name));
    calendar.extend(found.iter().map(event_of));
    let cities = platform.directory.cities();
    calendar.extend(booked.iter().filter_map(|booking| {
        let of = found.iter().find(|activity| activity.id == booking.activity_id)?;
        let shown_by = cities.get(booking.city_id).map(|city| city.name.clone());
        Some(event_of_booking(booking, of, &shown_by.unwrap_or_default()))
    }));
    Ok(calendar.to_string())
}

fn event_of(activity: &Activity) -> Event {
    let mut event = Event::with_uid(&format!("{}@passerelle", activity.id));
    let told = [activity.partnership_name.as_str(), activity.notes.as_str()];
    let told: Vec<&str> = told.into_iter().filter(|text| !text.trim().is_empty()).collect();
    event
        .summary(&one_line(&activity.title))
        .description(&text(&told.join("\n\n")))
        .timestamp(activity.updated_at)
        .last_modified(activity.updated_at)
        .created(activity.created_at)
        .sequence(sequence(activity.version))
        .status(if activity.state == ActivityState::Cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        })
        .add_property("CATEGORIES", activity.kind.code());
    lasts(&mut event, activity.days);
    at(&mut event, &activity.place);
    event.done()
}

fn event_of_booking(booking: &Booking, of: &Activity, shown_by: &str) -> Event {
    let mut event = Event::with_uid(&format!("{}@passerelle", booking.id));
    event
        .summary(&one_line(&format!("{} · {shown_by}", of.title)))
        .description(&text(&of.partnership_name))
        .timestamp(booking.updated_at)
        .last_modified(booking.updated_at)
        .created(booking.created_at)
        .sequence(sequence(booking.version))
        .status(
            if booking.state == BookingState::Cancelled || of.state == ActivityState::Cancelled {
                EventStatus::Cancelled
            } else {
                EventStatus::Confirmed
            },
        )
        .add_property("CATEGORIES", of.kind.code());
    lasts(&mut event, booking.days);
    at(&mut event, &booking.place);
    event.done()
}

/// Whole days; the end of iCalendar is the day after the last one.
fn lasts(event: &mut Event, (starts_on, ends_on): (NaiveDate, NaiveDate)) {
    event
        .starts(starts_on)
        .ends(ends_on.checked_add_days(Days::new(1)).unwrap_or(ends_on));
}

fn at(event: &mut Event, place: &str) {
    if !place.is_empty() {
        event.location(&one_line(place));
    }
}

/// How often it has changed since it was made.
fn sequence(version: i64) -> u32 {
    u32::try_from(version - 1).unwrap_or(0)
}

/// Text without the signs that would end a line of the calendar; the crate writes line feeds.
fn text(words: &str) -> String {
    words
        .chars()
        .filter(|sign| *sign == '\n' || !sign.is_control())
        .collect()
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
