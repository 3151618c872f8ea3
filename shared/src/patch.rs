//! Merge semantics of PATCH: an absent field is unchanged, `null` clears it.

use serde::{Deserialize, Deserializer};

/// Reads a field so that absent, null and a value stay three different things: with `#[serde(default)]`,
/// `None` is absent, `Some(None)` is null, `Some(Some(v))` a value.
///
/// # Errors
/// Those of the value's own deserialisation.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
