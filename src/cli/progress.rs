//! A bar for people who wait.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Shorter runs show no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts what is done, and draws it on standard error once it takes long.
pub(super) struct Progress {
    since: Instant,
    total: usize,
    done: AtomicUsize,
    bar: OnceLock<ProgressBar>,
    shown: bool,
}

impl Progress {
    /// Counts to `total`; `shown` is false where nobody watches.
    pub(super) fn new(since: Instant, total: usize, shown: bool) -> Self {
        Progress { since, total, done: AtomicUsize::new(0), bar: OnceLock::new(), shown }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && self.since.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.draw()).set_position(done as u64);
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files") {
            bar.set_style(style);
        }
        bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
