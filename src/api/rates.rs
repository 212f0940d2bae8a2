//! How much a worker and an agency may ask in a minute: bounds that no honest use comes near, so that a stolen key or a
//! program that runs wild can neither read at leisure nor keep others waiting.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::id::{AgencyId, WorkerId};
use crate::journal::call::Caller;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The rates of this process.
pub struct Rates {
    worker: Option<Rate<(AgencyId, WorkerId)>>,
    agency: Option<Rate<AgencyId>>,
}

struct Rate<K: Hash + Eq + Clone> {
    name: &'static str,
    a_minute: NonZeroU32,
    limiter: RateLimiter<K, DashMapStateStore<K>, MonotonicClock, StateInformationMiddleware>,
}

/// What a caller may still ask, as the headers of the answer say it
/// (draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` and `RateLimit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    name: &'static str,
    a_minute: u32,
    remaining: u32,
    /// Until there is more, in whole seconds.
    seconds: u64,
}

/// The caller asked too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany(Allowance);

impl Rates {
    /// Rates a minute for each worker and for each agency, both spent at once if need be; 0 for no bound.
    pub fn new(worker_a_minute: u32, agency_a_minute: u32) -> Self {
        Self { worker: Rate::new("worker", worker_a_minute), agency: Rate::new("agency", agency_a_minute) }
    }

    /// Takes one from what the caller may ask: from the worker's rate where one is known, and from the agency's.
    pub(super) fn spend(&self, caller: &Caller) -> Result<Option<Allowance>, TooMany> {
        let of_worker = match (caller, &self.worker) {
            (Caller::Worker(principal), Some(rate)) => {
                Some(rate.spend(&(principal.agency.clone(), principal.worker.clone()))?)
            }
            _ => None,
        };
        let of_agency = self.agency.as_ref().map(|rate| rate.spend(caller.agency())).transpose()?;
        // The headers speak of the one that ends first.
        Ok(of_worker.into_iter().chain(of_agency).min_by_key(|allowance| allowance.remaining))
    }

    /// Forgets those who have their whole allowance again.
    pub fn forget(&self) {
        if let Some(rate) = &self.worker {
            rate.limiter.retain_recent();
        }
        if let Some(rate) = &self.agency {
            rate.limiter.retain_recent();
        }
    }
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(name: &'static str, a_minute: u32) -> Option<Self> {
        let a_minute = NonZeroU32::new(a_minute)?;
        let quota = Quota::per_minute(a_minute);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), MonotonicClock);
        Some(Self { name, a_minute, limiter })
    }

    fn spend(&self, key: &K) -> Result<Allowance, TooMany> {
        let allowance = |remaining, wait: Duration| Allowance {
            name: self.name,
            a_minute: self.a_minute.get(),
            remaining,
            seconds: wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX),
        };
        match self.limiter.check_key(key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                Ok(allowance(remaining, state.quota().replenish_interval()))
            }
            Err(not_until) => Err(TooMany(allowance(0, not_until.wait_time_from(MonotonicClock.now())))),
        }
    }
}

impl Allowance {
    /// Tells the caller.
    pub(super) fn mark(&self, response: &mut HttpResponse) {
        let Self { name, a_minute, remaining, seconds } = self;
        let headers = response.headers_mut();
        let mut put = |header, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(header, value);
            }
        };
        put(POLICY, format!("\"{name}\";q={a_minute};w=60"));
        put(LIMIT, format!("\"{name}\";r={remaining};t={seconds}"));
    }
}

impl TooMany {
    /// Tells the caller when to come again.
    pub(super) fn mark(&self, response: &mut HttpResponse) {
        self.0.mark(response);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.0.seconds.max(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency(id: &str) -> Caller {
        Caller::Agency { agency: id.parse().unwrap(), cert_sha256: [0; 32] }
    }

    #[test]
    fn an_agency_has_its_rate_and_takes_nothing_from_another() {
        let rates = Rates::new(0, 3);
        for remaining in [2, 1, 0] {
            assert_eq!(rates.spend(&agency("lantern")).unwrap().unwrap().remaining, remaining);
        }
        let TooMany(told) = rates.spend(&agency("lantern")).unwrap_err();
        assert_eq!((told.name, told.a_minute, told.remaining), ("agency", 3, 0));
        assert!((1..=20).contains(&told.seconds), "one comes back every 20 s");
        assert!(rates.spend(&agency("testhomes")).is_ok());
    }

    #[test]
    fn without_a_bound_nothing_is_counted() {
        let rates = Rates::new(0, 0);
        assert!((0..1_000).all(|_| rates.spend(&agency("lantern")) == Ok(None)));
    }
}
