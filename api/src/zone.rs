//! Days where something is at home: a deadline is told as a day there, and kept as an instant.

use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

/// The last millisecond of a day in a time zone; none where there is no such zone.
#[must_use]
pub fn end_of_day(day: NaiveDate, zone: &str) -> Option<DateTime<Utc>> {
    let zone = chrono_tz::Tz::from_str(zone).ok()?;
    let next = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    // Where the clock skips midnight, the day ends at the first hour that there is.
    let begins = (0..3).find_map(|hours| zone.from_local_datetime(&(next + TimeDelta::hours(hours))).earliest())?;
    Some(begins.to_utc() - TimeDelta::milliseconds(1))
}

/// An instant by the clocks of a time zone; of UTC where there is no such zone.
#[must_use]
pub fn time_in(at: DateTime<Utc>, zone: &str) -> DateTime<chrono_tz::Tz> {
    at.with_timezone(&chrono_tz::Tz::from_str(zone).unwrap_or(chrono_tz::UTC))
}

/// The day of an instant in a time zone; in UTC where there is no such zone.
#[must_use]
pub fn day_in(at: DateTime<Utc>, zone: &str) -> NaiveDate {
    time_in(at, zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_it_is_at_home() {
        let end = |day: &str, zone: &str| {
            let end = end_of_day(day.parse().unwrap_or_default(), zone);
            end.map(|end| shared::time::text(&end))
        };
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(end("2026-12-04", "Europe/Paris"), is("2026-12-04T22:59:59.999Z"));
        assert_eq!(end("2026-07-14", "Europe/Kyiv"), is("2026-07-14T20:59:59.999Z"));
        // The clocks go back in the night that follows, and forward at midnight in Beirut.
        assert_eq!(end("2026-10-24", "Europe/Paris"), is("2026-10-24T21:59:59.999Z"));
        assert_eq!(end("2026-03-28", "Asia/Beirut"), is("2026-03-28T21:59:59.999Z"));
        assert_eq!(end("2026-12-04", "Nowhere/Else"), None);
    }

    #[test]
    fn an_instant_has_the_day_of_its_zone() {
        let at = shared::time::parse("2022-10-31T23:30:00.000Z").unwrap_or_default();
        assert_eq!(day_in(at, "Europe/Paris").to_string(), "2022-11-01");
        assert_eq!(day_in(at, "Nowhere/Else").to_string(), "2022-10-31");
    }
}
