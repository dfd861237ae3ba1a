//! What was asked of the simulator, for tests to count. No signature and no secret is kept.

use crate::engine::Millis;
use crate::faults::Kind;
use crate::http::{Call, Purpose};
use crate::site::SiteName;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// How many requests are remembered.
const REQUESTS_MAX: usize = 50_000;
const KEPT_BACK: [&str; 2] = ["signature", "otp"];

#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    pub at: Millis,
    pub venue: SiteName,
    pub purpose: Purpose,
    pub method: String,
    pub path: String,
    /// Query and form, or the JSON body, without the signature.
    pub asked: String,
    pub client_order_id: Option<String>,
    /// Whose key it was, by name; none where it has no key or an unknown one.
    pub key: Option<String>,
    pub fault: Option<Kind>,
    /// Whether the exchange carried it out; the answer may say otherwise, or never have arrived.
    pub is_carried_out: bool,
    pub status: u16,
}

/// One client order id and how often it was sent.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    pub venue: SiteName,
    pub client_order_id: String,
    pub requests: usize,
}

#[derive(Debug, Default)]
pub struct Journal(VecDeque<Seen>);

impl Journal {
    pub fn add(&mut self, seen: Seen) {
        self.0.push_back(seen);
        if self.0.len() > REQUESTS_MAX {
            self.0.pop_front();
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.0.iter()
    }

    /// The client order ids that orders were asked for with more than once.
    pub fn repeated(&self) -> Vec<Sent> {
        let mut counts: BTreeMap<(SiteName, &str), usize> = BTreeMap::new();
        for seen in self.0.iter().filter(|seen| seen.purpose == Purpose::Create) {
            if let Some(id) = &seen.client_order_id {
                let count = counts.entry((seen.venue, id)).or_default();
                *count = count.saturating_add(1);
            }
        }
        let repeated = counts.into_iter().filter(|(_, requests)| *requests > 1);
        repeated.map(|((venue, id), requests)| Sent { venue, client_order_id: id.to_owned(), requests }).collect()
    }
}

/// What was asked, in one line, without what nobody should read.
pub(crate) fn asked(call: &Call) -> String {
    if call.body.starts_with('{') {
        return call.body.clone();
    }
    let params = call.params().0;
    let told = params.iter().filter(|(name, _)| !KEPT_BACK.contains(&name.as_str()));
    told.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

pub(crate) fn client_order_id(call: &Call) -> Option<String> {
    let names = ["newClientOrderId", "cl_ord_id", "client_order_id", "listClientOrderId", "origClientOrderId"];
    if let Ok(body) = serde_json::from_str::<serde_json::Value>(&call.body) {
        return names.iter().find_map(|name| body.get(name)?.as_str().map(ToOwned::to_owned));
    }
    let params = call.params();
    names.iter().find_map(|name| params.get(name).map(ToOwned::to_owned))
}
