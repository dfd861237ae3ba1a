//! Kraken, as it is spoken to.

mod account;
mod ccxt;
mod forms;
mod markets;
mod orders;
mod submits;

use crate::server::{Heard, Reply, Server, json, text};
use app::ports::{Address, Request, Secret, VenueKey};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::Price;
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::vault::Mode;
use std::collections::BTreeMap;
use std::sync::Arc;
use venues::native::{Kraken, Login, Site, Traffic, Transport};

/// 2026-11-21T12:00:00Z, by our clock.
const NOW: i64 = 1_795_262_400_000;
/// How far the exchange's clock is before ours.
const OFFSET: i64 = 250;
/// The key that the exchange's documentation publishes.
const SECRET: &str = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const ID: &str = "mabcdefghijklmnopq";

/// Answers by the name of the question, each with what it is answered with, over and over.
struct Says(Vec<(&'static str, Vec<String>)>);

impl Says {
    /// The first answer of a question is given first; the last one goes on.
    async fn start(self) -> Server {
        let left = std::sync::Mutex::new(self.0.into_iter().collect::<BTreeMap<_, _>>());
        Server::start(move |heard| {
            let mut left = left.lock().unwrap();
            match left.get_mut(name(heard)) {
                Some(answers) if answers.len() > 1 => json(200, &answers.remove(0)),
                Some(answers) => json(200, &answers[0]),
                None => text(599, "nobody expected this"),
            }
        })
        .await
    }
}

/// `AddOrder` of `/0/private/AddOrder`.
fn name(heard: &Heard) -> &str {
    heard.path().rsplit('/').next().unwrap()
}

/// An exchange that answers these questions so.
async fn says(answers: &[(&'static str, &str)]) -> Server {
    let mut all: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (question, result) in answers {
        let whole = if result.starts_with("{\"error\"") { (*result).to_owned() } else { ok(result) };
        all.entry(question).or_default().push(whole);
    }
    Says(all.into_iter().collect()).start().await
}

fn ok(result: &str) -> String {
    format!(r#"{{"error":[],"result":{result}}}"#)
}

fn no(word: &str) -> String {
    format!(r#"{{"error":["{word}"]}}"#)
}

fn added() -> Reply {
    json(200, &ok(r#"{"descr":{"order":"buy 1.25 XBTUSD @ limit 37500.0"},"txid":["OUF4EM-FRGI2-MQMWZD"]}"#))
}

fn kraken() -> Kraken {
    Kraken::new(Arc::new(Transport::new(true)), Arc::default())
}

fn kraken_with(traffic: &Arc<Traffic>) -> Kraken {
    Kraken::new(Arc::new(Transport::new(true)), Arc::clone(traffic))
}

fn site(url: String) -> Site {
    Site { mode: Mode::Live, url }
}

fn login(url: String) -> Login {
    let key = VenueKey {
        api_key: Secret::new("a key".to_owned()),
        api_secret: Secret::new(SECRET.to_owned()),
        passphrase: None,
    };
    Login { offset: Millis::new(OFFSET), trades_for: crate::PATIENCE, ..Login::new(site(url), key, now()) }
}

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

fn market(symbol: &str) -> Market {
    Market {
        key: MarketKey { exchange: "KRAKEN".parse().unwrap(), symbol: symbol.parse().unwrap() },
        filters: Filters {
            price_tick: price("0.1"),
            quantity_step: "0.00000001".parse().unwrap(),
            quantity_min: "0.00005".parse().unwrap(),
            notional_min: "0.5".parse().unwrap(),
            most: Maxima::default(),
        },
        fee: "0.004".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Alone,
        orders_max: None,
        at_venue: None,
    }
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn request() -> Request {
    Request {
        account: AccountId::of(&["a"]),
        market: market("BTC/USD"),
        client_id: ClientOrderId::from_stored(ID),
        direction: Direction::Buy,
        kind: OrderKind::Limit(price("37500")),
        trigger: None,
        quantity: "1.25".parse().unwrap(),
        reduce_only: false,
        sent_at: now(),
    }
}

fn address() -> Address {
    Address {
        account: AccountId::of(&["a"]),
        market: market("BTC/USD"),
        client_id: ClientOrderId::from_stored(ID),
        venue_id: None,
        known: BTreeMap::new(),
        since: now(),
    }
}

/// The fields of a body.
fn fields(heard: &Heard) -> Vec<(String, String)> {
    let pairs = heard.body.split('&').filter_map(|field| field.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.replace("%3A", ":").replace("%2C", ","))).collect()
}

fn field(heard: &Heard, name: &str) -> Option<String> {
    fields(heard).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// What was asked, in its order.
fn asked(server: &Server) -> Vec<String> {
    server.heard().iter().map(|heard| name(heard).to_owned()).collect()
}
