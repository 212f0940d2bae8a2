//! How far a long reading has come, on a terminal.

use std::cell::Cell;
use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes no longer needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error, once it is worth one.
pub(super) struct Progress {
    bar: ProgressBar,
    is_shown: Cell<bool>,
}

impl Progress {
    /// A bar of so many steps or bytes.
    pub(super) fn start(what: &'static str, length: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}%  {msg}, {eta} left") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, is_shown: Cell::new(false) }
    }

    /// So much of the length is done.
    pub(super) fn seen(&self, position: u64) {
        self.bar.set_position(position);
        if !self.is_shown.get() && self.bar.elapsed() > PATIENCE && stderr().is_terminal() {
            self.is_shown.set(true);
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
