//! How guessing is slowed down: after some failures each further one makes the next attempt wait longer. Pure; the
//! counts are in the database, so that every API process knows them.

pub mod store;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::secrets;
use crate::hash::hex;

/// Failures of one account that cost no time.
const FREE_PER_ACCOUNT: i32 = 5;
/// Failures from one address that cost no time: many people may share it.
const FREE_PER_ADDRESS: i32 = 20;
/// The first wait; it doubles with each further failure.
const FIRST_WAIT_S: i64 = 5;
/// The longest wait: somebody who is attacked gets in again after it.
const LONGEST_WAIT_S: i64 = 15 * 60;
/// Without a failure for so long, all is forgotten.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// What has happened so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Attempts that have not succeeded.
    pub failures: i32,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
    /// Until when no further one is heard.
    pub locked_until: Option<DateTime<Utc>>,
}

/// What attempts are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An e-mail address, whether it has an account or not.
    Account,
    /// A network address.
    Address,
}

impl Kind {
    const fn free(self) -> i32 {
        match self {
            Self::Account => FREE_PER_ACCOUNT,
            Self::Address => FREE_PER_ADDRESS,
        }
    }
}

impl Attempts {
    /// Seconds to wait at `now`; none where an attempt is heard.
    #[must_use]
    pub fn wait(self, now: DateTime<Utc>) -> Option<u64> {
        let millis = (self.locked_until? - now).num_milliseconds();
        u64::try_from(millis)
            .ok()
            .filter(|&millis| millis > 0)
            .map(|millis| millis.div_ceil(1_000))
    }

    /// With one more attempt, which counts as a failure until it succeeds.
    #[must_use]
    pub fn with_attempt(self, kind: Kind, now: DateTime<Utc>) -> Self {
        let before = if now - self.last_at > FORGOTTEN_AFTER {
            0
        } else {
            self.failures
        };
        let failures = before.saturating_add(1);
        Self {
            failures,
            last_at: now,
            locked_until: wait_after(failures, kind).map(|wait| now + wait),
        }
    }

    /// After an attempt has succeeded: an account begins anew; an address only takes this attempt back, or anybody with
    /// one account could guess at others without end.
    #[must_use]
    pub fn after_success(self, kind: Kind) -> Self {
        let failures = match kind {
            Kind::Account => 0,
            Kind::Address => self.failures.saturating_sub(1).max(0),
        };
        Self {
            failures,
            locked_until: self.locked_until.filter(|_| failures >= kind.free()),
            ..self
        }
    }
}

fn wait_after(failures: i32, kind: Kind) -> Option<TimeDelta> {
    let doublings = u32::try_from(failures - kind.free()).ok()?.min(10);
    Some(TimeDelta::seconds((FIRST_WAIT_S << doublings).min(LONGEST_WAIT_S)))
}

/// What the attempts on an account are counted under: a hash, because people type passwords into the wrong field.
#[must_use]
pub fn account_key(email: &str) -> String {
    format!("account:{}", hex(&secrets::hash(email)[..16]))
}

/// What the attempts from an address are counted under: all addresses of an IPv6 network are one.
#[must_use]
pub fn address_key(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("address:{address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    fn waits(kind: Kind, count: usize) -> Vec<Option<u64>> {
        let mut attempts = Attempts::default();
        (0..count)
            .map(|_| {
                attempts = attempts.with_attempt(kind, at(0));
                attempts.wait(at(0))
            })
            .collect()
    }

    #[test]
    fn the_wait_doubles_after_five_failures_up_to_a_quarter_of_an_hour() {
        let waits = waits(Kind::Account, 20);
        assert_eq!(&waits[..4], [None; 4]);
        assert_eq!(&waits[4..8], [Some(5), Some(10), Some(20), Some(40)]);
        assert_eq!(waits[19], Some(900));
    }

    #[test]
    fn a_quiet_hour_forgets_and_a_success_clears_the_account() {
        let failed = (0..7).fold(Attempts::default(), |attempts, _| {
            attempts.with_attempt(Kind::Account, at(0))
        });
        assert_eq!(failed.with_attempt(Kind::Account, at(3_601)).failures, 1);
        assert_eq!(failed.after_success(Kind::Account).wait(at(0)), None);
        let address = failed.after_success(Kind::Address);
        assert_eq!(address.failures, 6);
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_counted_together() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("192.0.2.7"), "address:192.0.2.7");
    }
}
