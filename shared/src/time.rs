//! Times on the wire: RFC 3339 in UTC, always with milliseconds, so that equal times are equal texts.
//!
//! Every field of type `DateTime<Utc>` that is sent says `#[serde(with = "crate::time")]`, an optional one
//! `#[serde(serialize_with = "crate::time::serialize_option")]`.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time as the wire shows it, such as `2026-11-20T17:30:00.000Z`.
#[must_use]
pub fn text(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes a time.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(at))
}

/// Writes a time that may be missing.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_option<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    at.as_ref().map(text).serialize(serializer)
}

/// Reads a time of any offset, and cuts it to the milliseconds that the wire shows.
///
/// # Errors
/// What is no RFC 3339 time.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    DateTime::deserialize(deserializer).map(|at: DateTime<Utc>| at.trunc_subsecs(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Sample {
        #[serde(with = "crate::time")]
        at: DateTime<Utc>,
        #[serde(serialize_with = "serialize_option")]
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
}
