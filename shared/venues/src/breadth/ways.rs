//! What has to be known of an exchange beside what the library knows.

use super::pages::{Older, Paging};
use super::rights::{self, Rights};
use app::ports::{Requests, Tells, Terms};
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
    /// As what our id is sent with an order, where the library has no word of its own for it.
    pub(super) sent_as: &'static str,
    /// By what an order is asked about and cancelled.
    pub(super) client_id: &'static str,
    /// By what trades of one order are asked for.
    pub(super) venue_id: &'static str,
    /// How trades are listed.
    pub(super) trades: Paging,
    /// How orders are listed that are open, and those that are over.
    pub(super) open: Paging,
    pub(super) ended: Paging,
    /// Where a trade says our id for its order; none where it does not.
    pub(super) our_id_at: Option<&'static str>,
    /// Where a trade says in what its fee was taken, where the library does not look.
    pub(super) fee_in: Option<&'static str>,
    /// By what it is told where candles end; none where the library says that by itself.
    pub(super) candles_until: Option<&'static str>,
    /// Whether it tells of one order by the client's id; else it is looked for in lists, which take that id too.
    pub(super) tells_one: bool,
    /// How markets are listed.
    pub(super) list: List,
    /// The status of whatever it says to an address that has asked too much, where that status says nothing else.
    pub(super) turns_away: Option<u16>,
    /// Where the answer about balances has its list of assets, as far as the exchange documents that an asset which is not in it
    /// is nothing; none where it does not, and of contracts, which no balance tells of.
    pub(super) assets_at: Option<&'static str>,
    pub(super) terms: Terms,
    /// Where it tells what a key may do; none where it is not asked.
    pub(super) rights: Option<Rights>,
    /// Where its perpetual contracts are traded; none for coins.
    pub(super) contracts: Option<Contracts>,
}

/// What of the library asks for a list of markets, and what reads the answer: where it would ask something else first, these
/// are two.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub(super) asked: &'static str,
    pub(super) read: &'static str,
}

const MARKETS: List = List { asked: "fetch_markets", read: "fetch_markets" };
/// BingX's, and Gate's: the former lists contracts first, the latter what is lent.
const SPOT: List = List { asked: "fetch_spot_markets", read: "fetch_spot_markets" };
const PAIRS: List = List { asked: "public_spot_get_currency_pairs", ..SPOT };

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

/// "Currency information with assets or liabilities of 0 is not returned" (Bybit's `/v5/account/wallet-balance`, read 2026-11-26).
const BYBIT_ASSETS: &str = "/result/list/0/coin";
/// "A list of assets (with non-zero balance)" (OKX's `/api/v5/account/balance`, as docs.rs/xapi-okx 0.0.1 has it, read 2026-11-26).
const OKX_ASSETS: &str = "/data/0/details";
/// `assetType` is `hold_only` by default (Bitget's `/api/v2/spot/account/assets`, read 2026-11-26). KuCoin says nothing of the kind of
/// its `/api/v1/accounts`.
const BITGET_ASSETS: &str = "/data";

/// Of orders that have ended, some list no more than a week, whatever is asked for.
const LISTS_REACH: Millis = Millis::new(7 * Millis::DAY.get());
const KUCOIN_LISTS_REACH: Millis = Millis::new(3 * Millis::DAY.get());

/// Whose orders at the market name base, bought or sold, in words of the exchange that say so.
const BUYS_BASE: [&str; 15] = [
    "bequant",
    "binanceus",
    "bingx",
    "bitstamp",
    "blockchaincom",
    "btcmarkets",
    "cryptocom",
    "deepcoin",
    "fmfwio",
    "hitbtc",
    "latoken",
    "mexc",
    "phemex",
    "weex",
    "whitebit",
];

/// Of an exchange whose lists nobody has looked at.
const UNSEEN: Paging = Paging::of(100, Older::Since);
/// KuCoin's trades of contracts, and its orders of them, for which the library has no length.
const NUMBERED: Paging = Paging::of(100, Older::Numbered { word: "currentPage", of: "/data/totalPage" });
const LISTED: Paging = Paging { word: Some("pageSize"), ..NUMBERED };

/// KuCoin's of coins.
const LAST_ID: Paging = Paging::of(100, Older::Told { word: "lastId", at: "/data/lastId" });

/// Bybit's.
const fn cursor(rows: usize) -> Paging {
    Paging::of(rows, Older::Told { word: "cursor", at: "/result/nextPageCursor" })
}

/// OKX's.
const fn after(at: &'static str) -> Paging {
    Paging::of(100, Older::By { word: "after", at })
}

/// Bitget's.
const fn less_than(at: &'static str) -> Paging {
    Paging::of(100, Older::By { word: "idLessThan", at })
}

impl Ways {
    /// Of an exchange that nobody has looked at.
    fn unseen() -> Self {
        Self {
            options: json!({}),
            with_orders: json!({}),
            market_buy: None,
            sent_as: "clientOrderId",
            client_id: "clientOrderId",
            venue_id: "orderId",
            trades: UNSEEN,
            open: UNSEEN,
            ended: UNSEEN,
            our_id_at: None,
            fee_in: None,
            candles_until: None,
            tells_one: true,
            list: MARKETS,
            turns_away: None,
            assets_at: None,
            terms: Terms {
                validity: None,
                read_lag: READ_LAG,
                lists_reach: Some(LISTS_REACH),
                tells: Tells::ByItsOwnId,
                requests: Requests::Parallel,
                lists_all: false,
                names_all_assets: false,
            },
            rights: None,
            contracts: None,
        }
    }

    pub(super) fn of(id: &str) -> Self {
        let plain = Self::unseen();
        let within = |window| Terms { validity: Some(window), ..plain.terms };
        let naming_all = |terms| Terms { names_all_assets: true, ..terms };
        match id {
            "bybit" | "bybiteu" | "bybitid" => Self {
                options: json!({"enableUnifiedMargin": false, "enableUnifiedAccount": true, "recvWindow": 5000}),
                market_buy: Some(json!({"marketUnit": "baseCoin"})),
                client_id: "orderLinkId",
                trades: cursor(100),
                open: cursor(50),
                ended: cursor(50),
                our_id_at: Some("/orderLinkId"),
                fee_in: Some("/feeCurrency"),
                candles_until: Some("until"),
                tells_one: false,
                terms: Terms { tells: Tells::InLists, ..naming_all(within(BYBIT_WINDOW)) },
                turns_away: Some(403),
                assets_at: Some(BYBIT_ASSETS),
                rights: Some(rights::BYBIT),
                ..plain
            },
            "okx" | "okxus" | "myokx" => Self {
                market_buy: Some(json!({"tgtCcy": "base_ccy"})),
                venue_id: "ordId",
                trades: after("/billId"),
                open: after("/ordId"),
                ended: after("/ordId"),
                our_id_at: Some("/clOrdId"),
                terms: naming_all(within(OKX_WINDOW)),
                assets_at: Some(OKX_ASSETS),
                rights: Some(rights::OKX),
                ..plain
            },
            "kucoin" => Self {
                options: json!({"uta": false}),
                with_orders: json!({"hf": true}),
                market_buy: Some(json!({})),
                trades: LAST_ID,
                open: Paging { rows: None, ..UNSEEN },
                // The library calls it `pageSize`, as older lists did: the default is 20.
                ended: Paging { word: Some("limit"), ..LAST_ID },
                terms: Terms { lists_reach: Some(KUCOIN_LISTS_REACH), ..within(KUCOIN_WINDOW) },
                rights: Some(rights::KUCOIN),
                ..plain
            },
            "bitget" => Self {
                options: json!({"uta": false}),
                trades: less_than("/tradeId"),
                open: less_than("/orderId"),
                ended: less_than("/orderId"),
                terms: naming_all(within(BITGET_WINDOW)),
                assets_at: Some(BITGET_ASSETS),
                rights: Some(rights::BITGET),
                ..plain
            },
            _ => Self::unseen_of(id),
        }
    }

    /// Of an exchange that nobody has looked at beyond its requests.
    fn unseen_of(id: &str) -> Self {
        let plain = Self { market_buy: BUYS_BASE.contains(&id).then(|| json!({})), ..Self::unseen() };
        match id {
            "gate" | "gateeu" => Self { options: json!({"unifiedAccount": false}), list: PAIRS, ..plain },
            "bingx" => Self { list: SPOT, ..plain },
            "hitbtc" | "bequant" | "fmfwio" => Self { sent_as: "client_order_id", ..plain },
            "cryptocom" => Self { sent_as: "client_oid", ..plain },
            "coinsph" | "toobit" => Self { sent_as: "newClientOrderId", ..plain },
            _ => plain,
        }
    }

    /// Whether nobody has looked at its lists and its refusals.
    pub(super) fn is_unseen(&self) -> bool {
        self.terms.validity.is_none()
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
        let ways = if id == "kucoin" { Self { trades: NUMBERED, open: LISTED, ended: LISTED, ..ways } } else { ways };
        let terms = Terms { names_all_assets: false, ..ways.terms };
        let (with_orders, market_buy) = (json!({}), Some(json!({})));
        Some(Self { with_orders, market_buy, contracts: Some(contracts?), assets_at: None, terms, ..ways })
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
