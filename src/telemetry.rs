//! What the process says about itself: structured lines on standard error, never about a person.

use tracing_subscriber::EnvFilter;

/// Starts logging, at `info` unless `THROUGHGATE_LOG` says otherwise. Repeated calls change nothing.
pub fn start() {
    let filter = EnvFilter::try_from_env("THROUGHGATE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A line that cannot be written, on a full disk or to a reader who is gone, is lost. To complain of it on standard error
    // again would panic, and end the thread that had something to say.
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    if subscriber.try_init().is_err() {
        tracing::debug!("logging had been started before");
    }
}
