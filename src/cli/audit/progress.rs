//! How far a long verification has come, on a terminal; and the key that stops it.

use std::io::{IsTerminal as _, stderr};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ledger::verify::Watch;

/// What takes no longer needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// The exit code of a program that was interrupted, by the custom of shells.
const INTERRUPTED: i32 = 130;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// A bar on standard error, once it is worth one.
pub(in crate::cli) struct Progress {
    bar: ProgressBar,
    is_shown: AtomicBool,
}

impl Progress {
    pub(in crate::cli) fn start() -> Self {
        listen_for_interrupt();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let template = "{wide_bar} {percent}%  {human_pos} of {human_len} entries, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, is_shown: AtomicBool::new(false) }
    }
}

impl Watch for Progress {
    fn expect(&self, entries: u64) {
        self.bar.set_length(entries);
    }

    fn seen(&self, entries: u64) {
        self.bar.set_position(entries);
        let is_due = self.bar.elapsed() > PATIENCE && stderr().is_terminal();
        if is_due && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
    }

    fn go_on(&self) -> bool {
        !STOPPED.load(Ordering::Relaxed)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The first interrupt ends the work with a report of what it did not come to; the second ends the program.
fn listen_for_interrupt() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listen = || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                if tokio::signal::ctrl_c().await.is_ok() {
                    STOPPED.store(true, Ordering::Relaxed);
                }
                if tokio::signal::ctrl_c().await.is_ok() {
                    std::process::exit(INTERRUPTED);
                }
            });
        };
        // Without the thread an interrupt ends the program at once, which does no harm: nothing is written.
        let _ = std::thread::Builder::new().name("interrupt".into()).spawn(listen);
    });
}
