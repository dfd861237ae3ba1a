//! What has to be known of an exchange beside what the library knows.

use super::rights::{self, Rights};
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
    /// Where the trades are that stand on no page yet.
    pub(super) older: Older,
    /// By what it is told where candles end; none where the library says that by itself.
    pub(super) candles_until: Option<&'static str>,
    /// Whether it tells of one order by the client's id; else it is looked for in lists, which take that id too.
    pub(super) tells_one: bool,
    pub(super) terms: Terms,
    /// Where it tells what a key may do; none where it is not asked.
    pub(super) rights: Option<Rights>,
    /// Where its perpetual contracts are traded; none for coins.
    pub(super) contracts: Option<Contracts>,
}

/// How the next page of trades is asked for. Those that somebody has looked at list the newest first; many trades have one and
/// the same time, so time alone finds none of them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Older {
    /// By this word, with what the exchange's own rows have there.
    By { word: &'static str, at: &'static str },
    /// By this word, with the number of the page, from 1.
    Numbered(&'static str),
    /// From the last trade's time on, as the library has it where nobody has looked.
    Since,
}

/// How an exchange is asked about its perpetual contracts.
#[derive(Debug, Clone)]
pub(super) struct Contracts {
    /// The library's word for the list that they stand in.
    pub(super) list: &'static str,
    /// Sent with each order.
    pub(super) with_orders: Value,
    /// Whether candles count what was traded in contracts; else it is base there.
    pub(super) in_candles: bool,
    /// What it must be told before a position is opened, in this order.
    pub(super) steps: Vec<Step>,
}

/// One thing that an exchange must be told before a position is opened, and where it says how it is now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) what: What,
    /// A question of the library.
    pub(super) asked: &'static str,
    /// How the market is named in that question.
    pub(super) naming: Naming,
    /// Where the answer has it, each in every row.
    pub(super) at: &'static [&'static str],
    /// The exchange's word for what it is to be; none where that is the leverage.
    pub(super) word: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// One position a market, and not two.
    PositionMode,
    /// A margin of its own.
    MarginMode,
    Leverage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    Alone,
    /// As the only one of a list.
    Listed,
    /// With the word for isolated margins.
    Isolated,
}

impl Contracts {
    /// Whether the exchange keeps a leverage of the market; else it is told with each order, where the library says 1.
    pub(super) fn keep_leverage(&self) -> bool {
        self.steps.iter().any(|step| step.what == What::Leverage)
    }
}

/// A request whose time is older than this is refused where it arrives; none where that is not known, or not so.
const BYBIT_WINDOW: Millis = Millis::seconds(5);
const KUCOIN_WINDOW: Millis = Millis::seconds(5);
const OKX_WINDOW: Millis = Millis::seconds(30);
const BITGET_WINDOW: Millis = Millis::seconds(30);

/// No list is known to be later than this; nobody promises it.
const READ_LAG: Millis = Millis::seconds(10);

/// Of orders that have ended, some list no more than a week, whatever is asked for.
const LISTS_REACH: Millis = Millis::new(7 * Millis::DAY.get());

impl Ways {
    pub(super) fn of(id: &str) -> Self {
        let plain = Self {
            options: json!({}),
            with_orders: json!({}),
            market_buy: None,
            client_id: "clientOrderId",
            venue_id: "orderId",
            older: Older::Since,
            candles_until: None,
            tells_one: true,
            terms: Terms { validity: None, read_lag: READ_LAG, lists_reach: Some(LISTS_REACH), tells_by_our_id: false },
            rights: None,
            contracts: None,
        };
        let within = |window| Terms { validity: Some(window), ..plain.terms };
        match id {
            "bybit" => Self {
                options: json!({"enableUnifiedMargin": false, "enableUnifiedAccount": true, "recvWindow": 5000}),
                market_buy: Some(json!({"marketUnit": "baseCoin"})),
                client_id: "orderLinkId",
                older: Older::By { word: "cursor", at: "/nextPageCursor" },
                candles_until: Some("until"),
                tells_one: false,
                terms: within(BYBIT_WINDOW),
                rights: Some(rights::BYBIT),
                ..plain
            },
            "okx" => Self {
                market_buy: Some(json!({"tgtCcy": "base_ccy"})),
                venue_id: "ordId",
                older: Older::By { word: "after", at: "/billId" },
                terms: within(OKX_WINDOW),
                rights: Some(rights::OKX),
                ..plain
            },
            "kucoin" => Self {
                options: json!({"uta": false}),
                with_orders: json!({"hf": true}),
                market_buy: Some(json!({})),
                older: Older::By { word: "lastId", at: "/id" },
                terms: within(KUCOIN_WINDOW),
                rights: Some(rights::KUCOIN),
                ..plain
            },
            "bitget" => Self {
                options: json!({"uta": false}),
                older: Older::By { word: "idLessThan", at: "/tradeId" },
                terms: within(BITGET_WINDOW),
                rights: Some(rights::BITGET),
                ..plain
            },
            _ => plain,
        }
    }

    /// Of an exchange whose perpetual contracts are traded; none where nobody has looked at how it is asked about them.
    pub(super) fn of_contracts(id: &str) -> Option<Self> {
        let ways = Self::of(id);
        let isolated = json!({"marginMode": "isolated"});
        let of = |list, with_orders, steps| Some(Contracts { list, with_orders, in_candles: id == "kucoin", steps });
        let contracts = match id {
            "bybit" => of("linear", json!({}), bybit()),
            "okx" => of("swap", isolated, okx()),
            "kucoin" => of("swap", isolated, kucoin()),
            "bitget" => of("swap", isolated, bitget()),
            _ => None,
        };
        let older = if id == "kucoin" { Older::Numbered("currentPage") } else { ways.older };
        Some(Self { older, with_orders: json!({}), market_buy: Some(json!({})), contracts: Some(contracts?), ..ways })
    }
}

const fn step(what: What, asked: &'static str, at: &'static [&'static str], word: Option<&'static str>) -> Step {
    Step { what, asked, naming: Naming::Alone, at, word }
}

/// Its margin mode is of the whole account.
fn bybit() -> Vec<Step> {
    let listed = |step| Step { naming: Naming::Listed, ..step };
    vec![
        listed(step(What::PositionMode, "fetch_positions", &["/info/positionIdx"], Some("0"))),
        step(What::MarginMode, "fetch_margin_mode", &["/marginMode"], Some("isolated")),
        listed(step(What::Leverage, "fetch_positions", &["/info/leverage"], None)),
    ]
}

/// Its margin mode is told with each order.
fn okx() -> Vec<Step> {
    let leverage = step(What::Leverage, "fetch_leverage", &["/info/0/lever"], None);
    vec![
        step(What::PositionMode, "fetch_position_mode", &["/info/posMode"], Some("net_mode")),
        Step { naming: Naming::Isolated, ..leverage },
    ]
}

/// Its leverage is told with each order.
fn kucoin() -> Vec<Step> {
    vec![
        step(What::PositionMode, "fetch_position_mode", &["/info/positionMode"], Some("0")),
        step(What::MarginMode, "fetch_margin_mode", &["/info/marginMode"], Some("ISOLATED")),
    ]
}

fn bitget() -> Vec<Step> {
    const LEVERS: &[&str] = &["/info/isolatedLongLever", "/info/isolatedShortLever"];
    vec![
        step(What::PositionMode, "fetch_leverage", &["/info/posMode"], Some("one_way_mode")),
        step(What::MarginMode, "fetch_leverage", &["/info/marginMode"], Some("isolated")),
        step(What::Leverage, "fetch_leverage", LEVERS, None),
    ]
}
