//! How far a run is: a bar for people, a line every ten seconds in a pipe.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

const LINES_APART: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub enum Progress {
    Bar(ProgressBar),
    Lines {
        told_at: Instant,
    },
    /// For tests.
    Silent,
}

impl Progress {
    pub fn new(orders: usize) -> Self {
        if !stderr().is_terminal() {
            return Self::Lines { told_at: Instant::now() };
        }
        let bar = ProgressBar::new(u64::try_from(orders).unwrap_or(u64::MAX));
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} orders, {msg} ({elapsed})") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    pub(crate) fn now(&mut self, done: usize, orders: usize, in_doubt: usize) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
                bar.set_message(format!("{in_doubt} in doubt"));
            }
            Self::Lines { told_at } if told_at.elapsed() >= LINES_APART => {
                *told_at = Instant::now();
                anstream::eprintln!("{done} of {orders} orders, {in_doubt} in doubt");
            }
            Self::Lines { .. } | Self::Silent => {}
        }
    }

    pub(crate) fn done(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
