//! Exchanges that the library speaks for, against a server of this machine.

mod absent;
mod candles;
mod ccxt;
mod contracts;
mod fees;
mod forms;
mod lists;
mod orders;
mod paged;
mod prepared;
mod reads;
mod rejected;
mod rights;
mod sizes;

use crate::server::{Reply, Server};
use app::ports::{Address, Request, Secret, VenueKey};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::vault::Mode;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;
use venues::breadth::{Breadth, Spoken};
use venues::native::{Login, Traffic, Transport};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);
const CLIENT_ID: &str = "mabcdefghijklmnopq";
const EXCHANGES: [&str; 4] = ["bybit", "okx", "kucoin", "bitget"];
/// The same, of perpetual contracts.
const OF_CONTRACTS: [&str; 4] = ["bybitusdm", "okxusdm", "kucoinusdm", "bitgetusdm"];

/// One exchange at a server that says what it is told to.
struct World {
    name: &'static str,
    server: Server,
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
    spoken: Spoken,
    login: Login,
}

impl World {
    async fn saying(name: &'static str, replies: Vec<Reply>) -> Self {
        Self::at(name, Server::script(replies).await)
    }

    fn at(name: &'static str, server: Server) -> Self {
        let (transport, traffic) = (Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
        let spoken = Breadth::new(Arc::clone(&transport), Arc::clone(&traffic)).of(&parse(name)).unwrap();
        let login = login(&server.url());
        Self { name, server, transport, traffic, spoken, login }
    }

    fn market(&self) -> Market {
        market(self.name, if OF_CONTRACTS.contains(&self.name) { "BTC/USDT:USDT" } else { "BTC/USDT" })
    }

    fn request(&self, direction: Direction, kind: OrderKind) -> Request {
        Request {
            account: AccountId::of(&["tests"]),
            market: self.market(),
            client_id: id(CLIENT_ID),
            direction,
            kind,
            trigger: None,
            quantity: parse("0.01234"),
            reduce_only: false,
            sent_at: NOW,
        }
    }

    fn address(&self) -> Address {
        let (account, market) = (AccountId::of(&["tests"]), self.market());
        Address { account, market, client_id: id(CLIENT_ID), venue_id: None, known: BTreeMap::new(), since: NOW }
    }
}

fn login(url: &str) -> Login {
    let key = VenueKey {
        api_key: Secret::new("api-key-of-nobody".to_owned()),
        api_secret: Secret::new("secret-of-nobody".to_owned()),
        passphrase: Some(Secret::new("phrase-of-nobody".to_owned())),
    };
    let site = venues::native::Site { mode: Mode::Live, url: url.to_owned() };
    Login { trades_for: crate::PATIENCE, ..Login::new(site, key, NOW) }
}

/// What ccxt's Python twin sends to the same exchange (`tests/golden/ccxt`).
fn recorded(name: &str) -> Value {
    let text = match name {
        "bybit" => include_str!("../../../../../tests/golden/ccxt/bybit.json"),
        "okx" => include_str!("../../../../../tests/golden/ccxt/okx.json"),
        "kucoin" => include_str!("../../../../../tests/golden/ccxt/kucoin.json"),
        "bitget" => include_str!("../../../../../tests/golden/ccxt/bitget.json"),
        "bybitusdm" => include_str!("../../../../../tests/golden/ccxt/bybitusdm.json"),
        "okxusdm" => include_str!("../../../../../tests/golden/ccxt/okxusdm.json"),
        "kucoinusdm" => include_str!("../../../../../tests/golden/ccxt/kucoinusdm.json"),
        _ => include_str!("../../../../../tests/golden/ccxt/bitgetusdm.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// With what the library wants back of it, as it stands in the recording.
pub(crate) fn market(name: &str, symbol: &str) -> Market {
    let recorded = recorded(name);
    let listed = recorded["markets"].as_array().unwrap().iter().find(|market| market["symbol"] == symbol).unwrap();
    let filters = Filters {
        price_tick: parse("0.00000001"),
        quantity_step: parse("0.00001"),
        quantity_min: parse("0.00001"),
        notional_min: parse("5"),
        most: Maxima::default(),
    };
    Market {
        key: MarketKey { exchange: parse(name), symbol: parse(symbol) },
        filters,
        fee: parse("0.001"),
        kind: kind(name),
        can_short: OF_CONTRACTS.contains(&name),
        stops: Stops::Polled,
        orders_max: None,
        at_venue: Some(listed.to_string()),
    }
}

/// KuCoin keeps no leverage of a market.
fn kind(name: &str) -> MarketKind {
    let leverage_max = parse(if name == "kucoinusdm" { "1" } else { "10" });
    if OF_CONTRACTS.contains(&name) { MarketKind::Linear { leverage_max } } else { MarketKind::Spot }
}

fn parse<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn id(text: &str) -> ClientOrderId {
    ClientOrderId::from_stored(text)
}
