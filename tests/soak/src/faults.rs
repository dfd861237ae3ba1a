//! What goes wrong with orders, and how often.

use serde_json::{Value, json};

/// Kinds with how long they last. Of an answer nobody waits for longer than five seconds; a request of Binance and Kraken
/// is refused there five seconds after its time, one of Coinbase after ten: what is late by eight comes there after all.
#[rustfmt::skip]
const KINDS: [(&str, u64); 15] = [
    ("timeout_before",     6_000),
    ("timeout_after",      6_000),
    ("reset_before",       0),
    ("reset_after",        0),
    ("unavailable_before", 0),
    ("unavailable_after",  0),
    ("truncated",          0),
    ("slow",               1_500),
    ("late",               3_000),
    ("late",               8_000),
    ("clock",              0),
    ("duplicate",          0),
    ("partial",            0),
    ("read_lag",           4_000),
    ("too_many",           1_000),
];

/// The calls that plan them: each kind by its own dice, all together this often.
pub(crate) fn planned(percent: f64, seed: u64) -> Vec<Value> {
    let share = percent / f64::from(u8::try_from(KINDS.len()).unwrap_or(u8::MAX));
    let seeds = seed.wrapping_mul(1_000)..;
    let plan = |((kind, ms), seed): ((&str, u64), u64)| json!({ "kind": kind, "percent": share, "seed": seed, "ms": ms, "share": 40, "count": u32::MAX });
    KINDS.into_iter().zip(seeds).map(plan).collect()
}
