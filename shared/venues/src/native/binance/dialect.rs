//! Where Binance's two wires differ in what is otherwise one: paths, counts, and codes that mean something of their own.

use super::futures;
use super::outcome::Meaning;
use domain::clock::Millis;
use domain::vault::Mode;

/// What is traded over a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Spot,
    /// Linear perpetuals.
    Futures,
}

/// How many orders an account may place in a window of time, and the header that counts them.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) header: &'static str,
    pub(super) length: Millis,
    pub(super) orders: i64,
    pub(super) on_testnet: i64,
}

impl Window {
    /// How many may be placed on this side.
    pub(super) fn of(&self, mode: Mode) -> i64 {
        if mode == Mode::Testnet { self.on_testnet } else { self.orders }
    }
}

#[derive(Debug)]
pub(super) struct Dialect {
    pub(super) kind: Kind,
    /// Our name of the exchange.
    pub(super) exchange: &'static str,
    pub(super) order: &'static str,
    pub(super) open_orders: &'static str,
    pub(super) all_orders: &'static str,
    pub(super) trades: &'static str,
    pub(super) time: &'static str,
    pub(super) info: &'static str,
    pub(super) klines: &'static str,
    pub(super) book: &'static str,
    /// How many levels of a book may be asked for; any number where none are named.
    pub(super) depths: &'static [u32],
    /// Of all requests of an address in a minute.
    pub(super) weight: i64,
    pub(super) windows: &'static [Window],
    /// The longest time that one list of orders or trades may be asked for.
    pub(super) span: Millis,
    /// For how long what is not known any more is known to have ended without a trade, a day of room included; none where it
    /// always is.
    pub(super) keeps: Option<Millis>,
    /// What is said of an order that ended without a trade so long ago that it is kept no more.
    pub(super) archived: Option<i64>,
    /// What a status, a code and a message mean where they mean it on this wire alone.
    pub(super) own: fn(u16, Option<i64>, &str) -> Option<Meaning>,
}

pub(super) static SPOT: Dialect = Dialect {
    kind: Kind::Spot,
    exchange: "BINANCE",
    order: "/api/v3/order",
    open_orders: "/api/v3/openOrders",
    all_orders: "/api/v3/allOrders",
    trades: "/api/v3/myTrades",
    time: "/api/v3/time",
    info: "/api/v3/exchangeInfo",
    klines: "/api/v3/klines",
    book: "/api/v3/depth",
    depths: &[],
    weight: 6_000,
    windows: &[Window { header: "x-mbx-order-count-10s", length: Millis::seconds(10), orders: 100, on_testnet: 50 }],
    span: Millis::new(Millis::DAY.get().saturating_sub(1)),
    keeps: None,
    archived: Some(-2026),
    own: |_, _, _| None,
};

pub(super) static FUTURES: Dialect = Dialect {
    kind: Kind::Futures,
    exchange: "BINANCEUSDM",
    order: "/fapi/v1/order",
    open_orders: "/fapi/v1/openOrders",
    all_orders: "/fapi/v1/allOrders",
    trades: "/fapi/v1/userTrades",
    time: "/fapi/v1/time",
    info: "/fapi/v1/exchangeInfo",
    klines: "/fapi/v1/klines",
    book: "/fapi/v1/depth",
    depths: &[5, 10, 20, 50, 100, 500, 1_000],
    weight: 2_400,
    windows: &[
        Window { header: "x-mbx-order-count-10s", length: Millis::seconds(10), orders: 300, on_testnet: 300 },
        Window { header: "x-mbx-order-count-1m", length: Millis::seconds(60), orders: 1_200, on_testnet: 1_200 },
    ],
    span: Millis::new(Millis::DAY.get().saturating_mul(7).saturating_sub(1)),
    // After ninety days it forgets orders that have traded as well.
    keeps: Some(Millis::new(Millis::DAY.get().saturating_mul(89))),
    archived: None,
    own: futures::meaning,
};
