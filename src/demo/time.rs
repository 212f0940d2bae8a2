//! The time of a story as TLS sees it: the gateway's certificate is judged by the story's clock, which may stand in another year.

use std::fmt;
use std::time::Duration;

use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;

use crate::clock::SharedClock;

/// The story's clock.
pub(super) struct StoryTime(pub(super) SharedClock);

impl fmt::Debug for StoryTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoryTime(..)")
    }
}

impl TimeProvider for StoryTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}
