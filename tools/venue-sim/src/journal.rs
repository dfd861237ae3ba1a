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

/// The orders that were asked for under one client order id, however long ago.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub requests: usize,
    pub faults: Vec<Kind>,
}

#[derive(Debug, Default)]
pub struct Journal {
    seen: VecDeque<Seen>,
    asked: BTreeMap<(SiteName, String), Asked>,
}

impl Journal {
    pub fn add(&mut self, seen: Seen) {
        if let (Purpose::Create, Some(id)) = (seen.purpose, &seen.client_order_id) {
            let asked = self.asked.entry((seen.venue, id.clone())).or_default();
            asked.requests = asked.requests.saturating_add(1);
            asked.faults.extend(seen.fault);
        }
        self.seen.push_back(seen);
        if self.seen.len() > REQUESTS_MAX {
            self.seen.pop_front();
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter()
    }

    /// Each client order id that an order was asked for with: of requests that are not remembered any more as well.
    pub fn asked(&self) -> impl Iterator<Item = (SiteName, &str, &Asked)> {
        self.asked.iter().map(|((venue, id), asked)| (*venue, id.as_str(), asked))
    }

    /// The client order ids that orders were asked for with more than once.
    pub fn repeated(&self) -> Vec<Sent> {
        let repeated = self.asked().filter(|(.., asked)| asked.requests > 1);
        let sent = repeated.map(|(venue, id, asked)| (venue, id.to_owned(), asked.requests));
        sent.map(|(venue, client_order_id, requests)| Sent { venue, client_order_id, requests }).collect()
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
    let names =
        ["newClientOrderId", "cl_ord_id", "client_order_id", "orderLinkId", "listClientOrderId", "origClientOrderId"];
    if let Ok(body) = serde_json::from_str::<serde_json::Value>(&call.body) {
        return names.iter().find_map(|name| body.get(name)?.as_str().map(ToOwned::to_owned));
    }
    let params = call.params();
    names.iter().find_map(|name| params.get(name).map(ToOwned::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(id: &str) -> Seen {
        Seen {
            at: 0,
            venue: SiteName::Kraken,
            purpose: Purpose::Create,
            method: "POST".to_owned(),
            path: "/0/private/AddOrder".to_owned(),
            asked: String::new(),
            client_order_id: Some(id.to_owned()),
            key: None,
            fault: None,
            is_carried_out: true,
            status: 200,
        }
    }

    #[test]
    fn an_id_that_was_sent_twice_is_told_however_much_was_asked_in_between() {
        let mut journal = Journal::default();
        journal.add(create("twice"));
        (0..REQUESTS_MAX).for_each(|number| journal.add(create(&number.to_string())));
        journal.add(create("twice"));
        assert_eq!(journal.seen().count(), REQUESTS_MAX);
        let repeated: Vec<(String, usize)> =
            journal.repeated().into_iter().map(|sent| (sent.client_order_id, sent.requests)).collect();
        assert_eq!(repeated, [("twice".to_owned(), 2)]);
    }
}
