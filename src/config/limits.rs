//! What the gateway bears.

use serde::Deserialize;

/// Bounds. What goes beyond them is refused at once rather than slowly.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// Threads that speak HTTP; 0 for one a core.
    pub http_workers: usize,
    /// Database connections for reading, each with a thread; 0 for one a core and one more. Requests that wait for a reader share
    /// its questions to the database, so that more readers make each question dearer.
    pub readers: u32,
    /// The most connections of one certificate at once; 0 for no bound. Each takes two descriptors of the process.
    pub connections_a_certificate: usize,
    /// The most requests a minute of one worker; 0 for no bound.
    pub worker_a_minute: u32,
    /// The most requests a minute of one agency, all its workers together; 0 for no bound.
    pub agency_a_minute: u32,
    /// The most caseload checks a day of one worker; 0 for no bound. Counted in the database, over all gateways.
    pub checks_worker_a_day: u32,
    /// The most caseload checks a day of one agency, all its workers together; 0 for no bound.
    pub checks_agency_a_day: u32,
    /// At how many people a day one worker may look whether others prescribe for them, where the agency neither checked nor works with them;
    /// 0 for no bound. Counted in the database, over all gateways.
    pub looks_worker_a_day: u32,
    /// At how many people a day the workers of one agency may look so, all together; 0 for no bound.
    pub looks_agency_a_day: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            http_workers: 0,
            readers: 0,
            connections_a_certificate: 256,
            worker_a_minute: 600,
            agency_a_minute: 6_000,
            checks_worker_a_day: 40,
            checks_agency_a_day: 400,
            looks_worker_a_day: 40,
            looks_agency_a_day: 400,
        }
    }
}

impl LimitsConfig {
    /// How many readers there are.
    pub fn readers(&self) -> u32 {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if self.readers > 0 {
            self.readers
        } else {
            u32::try_from(cores).unwrap_or(u32::MAX).saturating_add(1)
        }
    }
}
