//! How long what a person deleted, removed or left can be brought back.

use chrono::{DateTime, TimeDelta, Utc};

/// For how long: it is one promise, made by every answer, page and document that tells of it.
pub const RESTORED_WITHIN: TimeDelta = TimeDelta::days(30);

/// Whether it is too late to bring back what went at `at`: for readers it is not there then.
#[must_use]
pub fn is_over(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at > RESTORED_WITHIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_moment_still_counts() {
        let at = DateTime::UNIX_EPOCH;
        assert!(!is_over(at, at));
        assert!(!is_over(at, at + RESTORED_WITHIN));
        assert!(is_over(at, at + RESTORED_WITHIN + TimeDelta::milliseconds(1)));
    }
}
