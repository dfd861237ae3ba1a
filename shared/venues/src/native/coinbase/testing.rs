//! What the tests of this room have in common: published keys, and an order.

use crate::native::{Answer, Login, Site};
use app::ports::{Request, Secret, VenueKey};
use data_encoding::{BASE64, HEXLOWER};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::vault::Mode;

/// The key of RFC 6979, A.2.5, and its public one.
pub(super) const P256_SCALAR: &str = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
pub(super) const P256_POINT: &str = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                                     7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
/// The first key of RFC 8032, 7.1, and its public one.
pub(super) const ED25519_SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
pub(super) const ED25519_POINT: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

pub(super) fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap()
}

/// `EC PRIVATE KEY`, as keys are handed out.
pub(super) fn sec1() -> String {
    let der = format!("30770201010420{P256_SCALAR}a00a06082a8648ce3d030107a14403420{}{P256_POINT}", "0");
    pem("EC PRIVATE KEY", &bytes(&der))
}

pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub(super) fn login(secret: &str) -> Login {
    let key = VenueKey {
        api_key: Secret::new("organizations/1/apiKeys/2".to_owned()),
        api_secret: Secret::new(secret.to_owned()),
        passphrase: None,
    };
    let site = Site { mode: Mode::Live, url: "https://api.coinbase.com".to_owned() };
    Login { offset: Millis::new(700), ..Login::new(site, key, Timestamp::from_millis(1_700_000_002_400)) }
}

pub(super) fn market() -> Market {
    let key = MarketKey { exchange: "COINBASE".parse().unwrap(), symbol: "BTC/USD".parse().unwrap() };
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

/// A limit order to buy.
pub(super) fn request() -> Request {
    Request {
        account: AccountId::of(&["account"]),
        market: market(),
        client_id: ClientOrderId::from_stored("mabcdefghijklmnopq"),
        direction: Direction::Buy,
        kind: OrderKind::Limit("64250.30".parse().unwrap()),
        trigger: None,
        quantity: "0.01230".parse().unwrap(),
        reduce_only: false,
        sent_at: Timestamp::from_millis(1_700_000_000_499),
    }
}

pub(super) fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: reqwest::header::HeaderMap::new(), body: body.as_bytes().to_vec() }
}
