//! What has to be known of an exchange beside what the library knows.

use app::ports::Terms;
use domain::clock::Millis;
use serde_json::{Value, json};

/// How one exchange is asked.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    /// Options of the library, so that it finds nothing out for itself before it asks.
    pub(super) options: Value,
    /// Sent with whatever concerns an order.
    pub(super) with_orders: Value,
    /// Sent with an order that buys at the market, so that its quantity is of base; none where there is no such word.
    pub(super) market_buy: Option<Value>,
    /// By what an order is asked about and cancelled.
    pub(super) client_id: &'static str,
    /// By what trades of one order are asked for.
    pub(super) venue_id: &'static str,
    /// Whether it tells of one order by the client's id; else it is looked for in lists, which take that id too.
    pub(super) tells_one: bool,
    pub(super) terms: Terms,
}

/// A request whose time is older than this is refused where it arrives; none where that is not known, or not so.
const BYBIT_WINDOW: Millis = Millis::seconds(5);
const KUCOIN_WINDOW: Millis = Millis::seconds(5);
const OKX_WINDOW: Millis = Millis::seconds(30);
const BITGET_WINDOW: Millis = Millis::seconds(30);

/// No list is known to be later than this; nobody promises it.
const READ_LAG: Millis = Millis::seconds(10);

impl Ways {
    pub(super) fn of(id: &str) -> Self {
        let plain = Self {
            options: json!({}),
            with_orders: json!({}),
            market_buy: None,
            client_id: "clientOrderId",
            venue_id: "orderId",
            tells_one: true,
            terms: Terms { validity: None, read_lag: READ_LAG },
        };
        let within = |window| Terms { validity: Some(window), read_lag: READ_LAG };
        match id {
            "bybit" => Self {
                options: json!({"enableUnifiedMargin": false, "enableUnifiedAccount": true, "recvWindow": 5000}),
                market_buy: Some(json!({"marketUnit": "baseCoin"})),
                client_id: "orderLinkId",
                tells_one: false,
                terms: within(BYBIT_WINDOW),
                ..plain
            },
            "okx" => Self {
                market_buy: Some(json!({"tgtCcy": "base_ccy"})),
                venue_id: "ordId",
                terms: within(OKX_WINDOW),
                ..plain
            },
            "kucoin" => Self {
                options: json!({"uta": false}),
                with_orders: json!({"hf": true}),
                market_buy: Some(json!({})),
                terms: within(KUCOIN_WINDOW),
                ..plain
            },
            "bitget" => Self { options: json!({"uta": false}), terms: within(BITGET_WINDOW), ..plain },
            _ => plain,
        }
    }
}
