//! The event streams that are open in this process: so many an agency, and all of them end when the gateway does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::id::AgencyId;

/// How many streams an agency may have open at once, in each process: one a system needs, and some for those that it forgot.
pub(super) const AN_AGENCY: usize = 8;

/// The open streams.
#[derive(Debug, Default)]
pub struct Streams {
    open: Mutex<BTreeMap<AgencyId, usize>>,
    closing: watch::Sender<bool>,
}

/// The right to one stream, until it is dropped.
pub(super) struct Lease {
    streams: Arc<Streams>,
    agency: AgencyId,
}

impl Streams {
    /// One more for this agency; `None` where it has as many as it may, or the gateway is ending.
    pub(super) fn lease(self: &Arc<Self>, agency: &AgencyId) -> Option<Lease> {
        if *self.closing.borrow() {
            return None;
        }
        let mut open = self.lock();
        let count = open.entry(agency.clone()).or_default();
        if *count >= AN_AGENCY {
            return None;
        }
        *count += 1;
        Some(Lease { streams: self.clone(), agency: agency.clone() })
    }

    /// Ends them all, and lets no more open.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AgencyId, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// Comes back when the gateway ends.
    pub(super) async fn closing(&self) {
        // The sender lives as long as the lease does, so there is no error to wait for.
        let _ = self.streams.closing.subscribe().wait_for(|closing| *closing).await;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(count) = open.get_mut(&self.agency) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.agency);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_has_so_many_and_gets_back_what_it_lets_go_of() {
        let streams = Arc::<Streams>::default();
        let (one, other) = ("lantern".parse().unwrap(), "eastvale-cjit".parse().unwrap());
        let mut leases: Vec<_> = (0..AN_AGENCY).map(|_| streams.lease(&one).unwrap()).collect();
        assert!(streams.lease(&one).is_none() && streams.lease(&other).is_some());
        leases.pop();
        assert!(streams.lease(&one).is_some());
        leases.clear();
        assert!(streams.lock().is_empty());
        streams.close();
        assert!(streams.lease(&one).is_none());
    }
}
