//! Rate limits by address: a token bucket each (governor), told in `RateLimit` headers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

type Buckets = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// The limits of this process.
#[derive(Debug)]
pub struct Limits {
    buckets: Option<Buckets>,
    per_minute: u32,
    behind_proxy: bool,
    clock: DefaultClock,
}

/// What taking a request from the bucket gave.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    per_minute: u32,
    remaining: u32,
    /// Seconds to wait, where the bucket is empty.
    pub wait_s: Option<u64>,
}

impl Limits {
    /// So many requests a minute for each address; 0 for any number.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        let buckets = NonZeroU32::new(per_minute)
            .map(|quota| RateLimiter::keyed(Quota::per_minute(quota)).with_middleware::<StateInformationMiddleware>());
        Self {
            buckets,
            per_minute,
            behind_proxy: false,
            clock: DefaultClock::default(),
        }
    }

    /// With a proxy in front, which tells whom it speaks for in `X-Forwarded-For`.
    #[must_use]
    pub const fn behind_proxy(mut self, behind_proxy: bool) -> Self {
        self.behind_proxy = behind_proxy;
        self
    }

    /// The address of who asks: the peer's own or, behind a proxy, the one that the proxy added last. What stands before
    /// it could have been written by anybody.
    #[must_use]
    pub fn address_of(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let told = || {
            let last = headers.get_all("x-forwarded-for").last()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        if self.behind_proxy {
            told().unwrap_or(peer)
        } else {
            peer
        }
    }

    /// Takes one request of `address` from its bucket.
    #[must_use]
    pub fn take(&self, address: IpAddr) -> Taken {
        let Some(buckets) = &self.buckets else {
            return Taken {
                per_minute: 0,
                remaining: 0,
                wait_s: None,
            };
        };
        match buckets.check_key(&address) {
            Ok(state) => Taken {
                per_minute: self.per_minute,
                remaining: state.remaining_burst_capacity(),
                wait_s: None,
            },
            Err(wait) => {
                let wait = wait.wait_time_from(self.clock.now()).as_secs() + 1;
                Taken {
                    per_minute: self.per_minute,
                    remaining: 0,
                    wait_s: Some(wait),
                }
            }
        }
    }

    /// Forgets addresses whose buckets are full again.
    pub fn sweep(&self) {
        if let Some(buckets) = &self.buckets {
            buckets.retain_recent();
        }
    }
}

impl Taken {
    /// Tells the limit in the answer's headers.
    pub fn tell(self, headers: &mut HeaderMap) {
        if self.per_minute == 0 {
            return;
        }
        const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
        const STATE: HeaderName = HeaderName::from_static("ratelimit");
        let policy = format!("\"default\";q={};w=60", self.per_minute);
        let state = format!("\"default\";r={};t={}", self.remaining, self.wait_s.unwrap_or(0));
        for (name, value) in [(POLICY, policy), (STATE, state)] {
            // The text becomes the header without another copy.
            if let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(value)) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_proxy_is_believed_about_addresses() {
        let mut headers = HeaderMap::new();
        headers.append(
            HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static("203.0.113.1, 192.0.2.7"),
        );
        let peer = Some(SocketAddr::from(([127, 0, 0, 1], 80)));
        let direct = Limits::new(0);
        assert_eq!(direct.address_of(peer, &headers), IpAddr::from([127, 0, 0, 1]));
        let behind = Limits::new(0).behind_proxy(true);
        assert_eq!(behind.address_of(peer, &headers), IpAddr::from([192, 0, 2, 7]));
        assert_eq!(behind.address_of(peer, &HeaderMap::new()), IpAddr::from([127, 0, 0, 1]));
    }
}
