//! What is measured of one function.

use std::time::Duration;

use serde::Serialize;

use super::tables::Units;

/// Least and middle of several measurements; in ms where it is not said otherwise.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figures {
    pub(crate) function: &'static str,
    pub(crate) binary_bytes: u64,
    /// Of what is shipped: packing takes longer than all that is counted of the rest.
    pub(crate) zip_bytes: Option<u64>,
    /// From the start of the process to its first asking for work.
    pub(crate) start_ms: Spread,
    #[serde(flatten)]
    pub(crate) used: Used,
}

/// What one process showed over a hundred events.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Used {
    pub(crate) resident_after_first_kb: u64,
    pub(crate) resident_after_hundred_kb: u64,
    pub(crate) peak_kb: u64,
    /// The first event of a process: it opens its connections.
    pub(crate) first_ms: f64,
    /// From an event's leaving to its answer's arrival, with calls that are answered at once.
    pub(crate) warm_ms: Spread,
    /// Processor time of one warm event.
    pub(crate) warm_cpu_ms: f64,
    pub(crate) aws_calls: usize,
    /// Of one event's calls.
    pub(crate) units: Units,
    /// Of one event, line ends included.
    pub(crate) log_bytes: u64,
}

impl Spread {
    pub(crate) fn of(times: &[Duration]) -> Self {
        let mut sorted: Vec<f64> = times.iter().copied().map(ms).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        Self { min: at(0), median: at(sorted.len() / 2) }
    }

    pub(crate) fn in_us(self) -> Self {
        Self { min: self.min * 1_000.0, median: self.median * 1_000.0 }
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
