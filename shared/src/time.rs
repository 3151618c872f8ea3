//! Times and days on the wire: RFC 3339 in UTC, always with milliseconds, so that equal times are equal texts; days as `2026-11-20`.
//!
//! Every field of type `DateTime<Utc>` that is sent says `#[serde(with = "crate::time")]`, an optional one
//! `#[serde(default, with = "crate::time::option")]`; days say `crate::time::day` and `crate::time::day_option`.
//!
//! They are read by hand: chrono's reader knows all the formats of the world, and the browser would have to fetch it.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// A time as the wire shows it, such as `2026-11-20T17:30:00.000Z`.
#[must_use]
pub fn text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads an RFC 3339 time of any offset, and cuts it to the milliseconds that the wire shows.
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let day = parse_day(text.get(..10)?)?;
    let rest = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let (hour, minute, second) = (number(rest, 0, 24)?, number(rest, 3, 60)?, number(rest, 6, 61)?);
    let separated = rest.as_bytes().get(2) == Some(&b':') && rest.as_bytes().get(5) == Some(&b':');
    let mut rest = rest.get(8..).filter(|_| separated)?;
    let mut milliseconds = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        for at in 0..3 {
            let digit = fraction.as_bytes()[..digits].get(at).map_or(0, |digit| digit - b'0');
            milliseconds = milliseconds * 10 + u32::from(digit);
        }
        rest = &fraction[digits..];
    }
    let offset = match rest {
        "Z" | "z" => 0,
        _ => {
            let sign = match rest.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            if rest.len() != 6 || rest.as_bytes()[3] != b':' {
                return None;
            }
            sign * (i64::from(number(rest, 1, 24)?) * 60 + i64::from(number(rest, 4, 60)?))
        }
    };
    // A leap second is the second before it: no clock of ours has one.
    let at = day
        .and_hms_milli_opt(hour, minute, second.min(59), milliseconds)?
        .and_utc();
    at.checked_sub_signed(TimeDelta::minutes(offset))
}

/// Reads a day, such as `2026-11-20`.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = number(text, 0, 100)? * 100 + number(text, 2, 100)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(text, 5, 13)?, number(text, 8, 32)?)
}

/// The two digits at a place of a text, below a limit.
fn number(text: &str, at: usize, limit: u32) -> Option<u32> {
    let digits = text.as_bytes().get(at..at + 2)?;
    let value = digits.iter().try_fold(0, |value, digit| {
        digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0'))
    })?;
    (value < limit).then_some(value)
}

fn read<'de, D: Deserializer<'de>, T>(deserializer: D, parse: fn(&str) -> Option<T>) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("no time or day in the form of RFC 3339"))
}

fn read_option<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse(&text).ok_or_else(|| D::Error::custom("no time or day in the form of RFC 3339")))
        .transpose()
}

/// Writes a time.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(at))
}

/// Reads a time of any offset.
///
/// # Errors
/// What is no RFC 3339 time.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    read(deserializer, parse)
}

/// A time that may be missing.
pub mod option {
    use super::*;
    use serde::Serialize;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        at.as_ref().map(text).serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is no RFC 3339 time.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        read_option(deserializer, parse)
    }
}

/// A time in a patch: absent is unchanged, null clears it.
pub mod nullable {
    use super::*;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(at: &Option<Option<DateTime<Utc>>>, serializer: S) -> Result<S::Ok, S::Error> {
        option::serialize(&at.flatten(), serializer)
    }

    /// Reads what is there.
    ///
    /// # Errors
    /// What is no RFC 3339 time.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<DateTime<Utc>>>, D::Error> {
        option::deserialize(deserializer).map(Some)
    }
}

/// A day.
pub mod day {
    use super::*;
    use serde::Serialize;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        day.serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is no day.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        read(deserializer, parse_day)
    }
}

/// A day that may be missing.
pub mod day_option {
    use super::*;
    use serde::Serialize;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
        day.serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is no day.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        read_option(deserializer, parse_day)
    }
}

/// A day in a patch: absent is unchanged, null clears it.
pub mod day_nullable {
    use super::*;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &Option<Option<NaiveDate>>, serializer: S) -> Result<S::Ok, S::Error> {
        day_option::serialize(&day.flatten(), serializer)
    }

    /// Reads what is there.
    ///
    /// # Errors
    /// What is no day.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<NaiveDate>>, D::Error> {
        day_option::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize, Deserialize)]
    struct Sample {
        #[serde(with = "crate::time")]
        at: DateTime<Utc>,
        #[serde(default, with = "crate::time::option")]
        ended_at: Option<DateTime<Utc>>,
    }

    #[test]
    fn milliseconds_are_always_there_and_nothing_finer() -> Result<(), serde_json::Error> {
        for (sent, shown) in [
            ("2026-11-20T17:30:00Z", "2026-11-20T17:30:00.000Z"),
            ("2026-11-20T19:30:00.5+02:00", "2026-11-20T17:30:00.500Z"),
            ("2026-11-20T17:30:00.123456789Z", "2026-11-20T17:30:00.123Z"),
        ] {
            let sample: Sample = serde_json::from_value(serde_json::json!({ "at": sent }))?;
            let wire = serde_json::to_value(&sample)?;
            assert_eq!(wire, serde_json::json!({ "at": shown, "ended_at": null }));
        }
        let ended = serde_json::json!({ "at": "2026-11-20T17:30:00.000Z", "ended_at": "2026-11-20T17:30:00.000Z" });
        assert_eq!(
            serde_json::to_value(serde_json::from_value::<Sample>(ended.clone())?)?,
            ended
        );
        Ok(())
    }

    #[test]
    fn what_chrono_reads_is_read_alike() {
        for text in [
            "2026-11-20T17:30:00Z",
            "2024-02-29t23:59:59.9z",
            "2026-11-20 17:30:00.123456789+05:30",
            "2026-01-01T00:00:00-11:59",
            "0001-01-01T00:00:00.001Z",
        ] {
            let known = DateTime::parse_from_rfc3339(text).map(|at| at.timestamp_millis());
            assert_eq!(parse(text).map(|at| at.timestamp_millis()), known.ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T17:30",
            "2026-11-20T17:30:00",
            "2026-11-20T24:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-11-20T17:30:00.Z",
            "2026-11-20T17-30-00Z",
            "2026-11-20T17:30:00+0100",
            "2026-11-20T17:30:00+01:00x",
            "été6-11-20T17:30:00Z",
            "2026-11-20T17:30:0éZ",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in [
            "",
            "2026-1-01",
            "2026-13-01",
            "2026-00-10",
            "20261120",
            "2026/11/20",
            "２０26-11-20",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
        assert_eq!(parse_day("2026-11-20"), NaiveDate::from_ymd_opt(2026, 11, 20));
    }
}
