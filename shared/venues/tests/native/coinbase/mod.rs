//! Coinbase, as it hears us.

mod cancel;
mod ccxt;
mod find;
mod forms;
mod orders;
mod public;
mod reads;

use crate::server::{Heard, Server};
use app::ports::{Address, Request, Secret, VenueKey};
use data_encoding::{BASE64, HEXLOWER};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::vault::Mode;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use venues::native::{Coinbase, Login, Site, Traffic, Transport};

const ID: &str = "mabcdefghijklmnopq";
const KEY: &str = "organizations/1/apiKeys/2";
/// The key of RFC 6979, A.2.5, and its public one.
const SCALAR: &str = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
const POINT: &str = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                     7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
/// 2023-11-14T22:13:20.123Z.
const SENT_AT: Timestamp = Timestamp::from_millis(1_700_000_000_123);
/// How long after that it leaves.
const LATER: Millis = Millis::new(1_900);
/// How far the exchange's clock is before ours.
const OFFSET: Millis = Millis::seconds(2);

struct World {
    transport: Arc<Transport>,
    coinbase: Coinbase,
    traffic: Arc<Traffic>,
    login: Login,
}

impl World {
    fn at(url: &str) -> Self {
        Self::over(Arc::new(Transport::new(true)), url)
    }

    /// The same wire to another server: making one takes a while.
    fn moved_to(&self, server: &Server) -> Self {
        Self::over(Arc::clone(&self.transport), &server.url())
    }

    fn over(transport: Arc<Transport>, url: &str) -> Self {
        let traffic = Arc::new(Traffic::default());
        let coinbase = Coinbase::new(Arc::clone(&transport), Arc::clone(&traffic));
        Self { transport, coinbase, traffic, login: login(url, &pem()) }
    }

    fn of(server: &Server) -> Self {
        Self::at(&server.url())
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap()
}

/// As keys are handed out.
pub(crate) fn pem() -> String {
    let der = bytes(&format!("30770201010420{SCALAR}a00a06082a8648ce3d030107a144034200{POINT}"));
    format!("-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n", BASE64.encode(&der))
}

fn login(url: &str, secret: &str) -> Login {
    let key =
        VenueKey { api_key: Secret::new(KEY.to_owned()), api_secret: Secret::new(secret.to_owned()), passphrase: None };
    let site = Site { mode: Mode::Testnet, url: url.to_owned() };
    Login { offset: OFFSET, trades_for: crate::PATIENCE, ..Login::new(site, key, SENT_AT.plus(LATER)) }
}

fn market(symbol: &str) -> Market {
    let key = MarketKey { exchange: "COINBASE".parse().unwrap(), symbol: symbol.parse().unwrap() };
    let filters = Filters {
        price_tick: "0.01".parse().unwrap(),
        quantity_step: "0.00000001".parse().unwrap(),
        quantity_min: "0.00000001".parse().unwrap(),
        notional_min: "1".parse().unwrap(),
        most: Maxima::default(),
    };
    Market {
        key,
        filters,
        fee: "0.012".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}

/// To buy at a limit.
fn request() -> Request {
    Request {
        account: AccountId::of(&["account"]),
        market: market("BTC/USD"),
        client_id: ClientOrderId::from_stored(ID),
        direction: Direction::Buy,
        kind: OrderKind::Limit("64250.3".parse().unwrap()),
        trigger: None,
        quantity: "0.0123".parse().unwrap(),
        reduce_only: false,
        sent_at: SENT_AT,
    }
}

fn address() -> Address {
    let Request { account, market, client_id, .. } = request();
    Address { account, market, client_id, venue_id: None, known: BTreeMap::new(), since: SENT_AT }
}

/// Header and claims of a request's token, which our key has signed.
fn token(heard: &Heard) -> (Header, Value) {
    let mut how = Validation::new(Algorithm::ES256);
    (how.validate_exp, how.validate_nbf) = (false, false);
    let token = heard.header("authorization").unwrap().strip_prefix("Bearer ").unwrap();
    let data = decode::<Value>(token, &DecodingKey::from_ec_der(&bytes(POINT)), &how).unwrap();
    (data.header, data.claims)
}
