//! What a run came to, in numbers.

use crate::book::{Answered, Entry};
use domain::order::Status;
use std::collections::BTreeMap;
use std::time::Duration;
use venue_sim::Simulator;
use venue_sim::engine;

#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Orders that were wished for; what was not placed was decided anew, and counts again below.
    pub wishes: usize,
    pub took: Duration,
    /// Client order ids, and what the one submit of each was answered with.
    pub orders: usize,
    pub answered: BTreeMap<&'static str, usize>,
    /// What became of those whose answer nobody knows.
    pub unknown_ended: BTreeMap<&'static str, usize>,
    pub refused: BTreeMap<String, usize>,
    pub ended: BTreeMap<&'static str, usize>,
    /// Create requests that arrived, and how many client ids they had.
    pub creates: usize,
    pub created_ids: usize,
    pub creates_per_id_max: usize,
    pub faults: BTreeMap<String, usize>,
    pub fills: usize,
}

impl Figures {
    pub(crate) fn of(wishes: usize, took: Duration, entries: &[Entry], simulator: &Simulator) -> Self {
        let mut figures = Self { wishes, took, orders: entries.len(), ..Self::default() };
        for entry in entries {
            figures.count(entry);
        }
        let world = simulator.world();
        for (.., asked) in world.journal.asked() {
            figures.creates = figures.creates.saturating_add(asked.requests);
            figures.created_ids = figures.created_ids.saturating_add(1);
            figures.creates_per_id_max = figures.creates_per_id_max.max(asked.requests);
            for fault in &asked.faults {
                one_more(&mut figures.faults, word(fault));
            }
        }
        let trades = |exchange: &engine::Exchange| exchange.trades.len();
        figures.fills = world.sites.values().map(|site| trades(&site.exchange)).sum();
        figures
    }

    fn count(&mut self, entry: &Entry) {
        let status = entry.order.status;
        one_more(&mut self.ended, status.as_str());
        one_more(&mut self.answered, entry.answered.map_or("never sent", answer));
        if entry.answered == Some(Answered::Unknown) {
            one_more(&mut self.unknown_ended, status.as_str());
        }
        if let (Some(refusal), Status::Rejected) = (&entry.order.refusal, status) {
            one_more(&mut self.refused, refusal.code.to_string());
        }
    }

    /// Of the wishes, in a second.
    pub fn orders_per_second(&self) -> f64 {
        let wishes = u32::try_from(self.wishes).unwrap_or(u32::MAX);
        f64::from(wishes) / self.took.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// Names with numbers, for a table.
    pub fn rows(&self) -> Vec<(String, String)> {
        let row = |name: &str, value: String| (name.to_owned(), value);
        vec![
            row("orders wished for", self.wishes.to_string()),
            row("orders, with those decided anew", self.orders.to_string()),
            row("answered", told(&self.answered)),
            row("faults", format!("{}: {}", self.faults.values().sum::<usize>(), told(&self.faults))),
            row("refused", told(&self.refused)),
            row("unknown, and what became of them", told(&self.unknown_ended)),
            row("at the end", told(&self.ended)),
            row("trades", self.fills.to_string()),
            row("create requests", format!("{} for {} ids", self.creates, self.created_ids)),
            row("create requests of one id, at most", self.creates_per_id_max.to_string()),
            row("time", format!("{:.0} s", self.took.as_secs_f64())),
            row("orders in a second", format!("{:.1}", self.orders_per_second())),
        ]
    }
}

fn answer(answered: Answered) -> &'static str {
    match answered {
        Answered::Accepted => "accepted",
        Answered::Rejected => "rejected",
        Answered::Unknown => "unknown",
        Answered::NotSent => "not sent",
    }
}

fn one_more<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

fn word(fault: &venue_sim::faults::Kind) -> String {
    serde_json::to_value(fault).ok().and_then(|word| word.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn told<K: std::fmt::Display>(counts: &BTreeMap<K, usize>) -> String {
    let all: Vec<String> = counts.iter().map(|(key, count)| format!("{key} {count}")).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
