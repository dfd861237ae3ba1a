//! Every exchange that is compiled in, with a key of nobody and a market that was made: what would leave this machine.

use super::asked::Wish;
use super::{Breadth, Spoken, cores, lists, markets, orders};
use crate::native::{Call, Login, Method, Site, Transport};
use app::ports::{Address, Request, Secret, VenueKey};
use ccxt_base::{ExchangeError, Value};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Passphrase, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::reason::Reason;
use domain::vault::Mode;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

const OURS: &str = "mabcdefghijklmnopq";
const THEIRS: &str = "7654321";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_123);

/// Name, server, where orders go, what stands before our id, where markets are listed.
#[rustfmt::skip]
const EXCHANGES: [(&str, &str, &str, &str, &str); 33] = [
    ("bequant", "api.bequant.io", "/api/3/spot/order", r#""client_order_id":""#, "/api/3/public/symbol"),
    ("bigone", "big.one", "/api/v3/viewer/orders", r#""client_order_id":""#, "/api/v3/asset_pairs"),
    ("binanceus", "api.binance.us", "/api/v3/order", "newClientOrderId=", "/api/v3/exchangeInfo"),
    ("bingx", "open-api.bingx.com", "/openApi/spot/v1/trade/order", "newClientOrderId=", "/openApi/spot/v1/common/symbols"),
    ("bitget", "api.bitget.com", "/api/v2/spot/trade/place-order", r#""clientOid":""#, "/api/v2/spot/public/symbols"),
    ("bitstamp", "www.bitstamp.net", "/api/v2/buy/BTCUSDT/", "client_order_id=", "/api/v2/markets/"),
    ("blockchaincom", "api.blockchain.com", "/v3/exchange/orders", r#""clOrdId":""#, "/v3/exchange/symbols"),
    ("btcmarkets", "api.btcmarkets.net", "/v3/orders", r#""clientOrderId":""#, "/v3/markets"),
    ("bybit", "api.bybit.com", "/v5/order/create", r#""orderLinkId":""#, "/v5/market/instruments-info"),
    ("bybiteu", "api.bybit.eu", "/v5/order/create", r#""orderLinkId":""#, "/v5/market/instruments-info"),
    ("bybitid", "api.bybit.id", "/v5/order/create", r#""orderLinkId":""#, "/v5/market/instruments-info"),
    ("coinsph", "api.pro.coins.ph", "/openapi/v1/order", "newClientOrderId=", "/openapi/v1/exchangeInfo"),
    ("cryptocom", "api.crypto.com", "/exchange/v1/private/create-order", r#""client_oid":""#, "/exchange/v1/public/get-instruments"),
    ("deepcoin", "api.deepcoin.com", "/deepcoin/trade/order", r#""clOrdId":""#, "/deepcoin/market/instruments"),
    ("delta", "api.delta.exchange", "/v2/orders", r#""client_order_id":""#, "/v2/products"),
    ("fmfwio", "api.fmfw.io", "/api/3/spot/order", r#""client_order_id":""#, "/api/3/public/symbol"),
    ("gate", "api.gateio.ws", "/api/v4/spot/orders", r#""text":"t-"#, "/api/v4/spot/currency_pairs"),
    ("gateeu", "api.gateeu.com", "/api/v4/spot/orders", r#""text":"t-"#, "/api/v4/spot/currency_pairs"),
    ("hashkey", "api-glb.hashkey.com", "/api/v1/spot/order", "newClientOrderId=", "/api/v1/exchangeInfo"),
    ("hitbtc", "api.hitbtc.com", "/api/3/spot/order", r#""client_order_id":""#, "/api/3/public/symbol"),
    ("kucoin", "api.kucoin.com", "/api/v1/hf/orders", r#""clientOid":""#, "/api/v2/symbols"),
    ("latoken", "api.latoken.com", "/v2/auth/order/place", r#""clientOrderId":""#, "/v2/pair"),
    ("mexc", "api.mexc.com", "/api/v3/order", "newClientOrderId=", "/api/v3/exchangeInfo"),
    ("myokx", "eea.okx.com", "/api/v5/trade/batch-orders", r#""clOrdId":""#, "/api/v5/public/instruments"),
    ("okx", "www.okx.com", "/api/v5/trade/batch-orders", r#""clOrdId":""#, "/api/v5/public/instruments"),
    ("okxus", "us.okx.com", "/api/v5/trade/batch-orders", r#""clOrdId":""#, "/api/v5/public/instruments"),
    ("phemex", "api.phemex.com", "/spot/orders", r#""clOrdID":""#, "/public/products"),
    ("poloniex", "api.poloniex.com", "/orders", r#""clientOrderId":""#, "/markets"),
    ("tokocrypto", "www.tokocrypto.com", "/open/v1/orders", "clientId=", "/open/v1/common/symbols"),
    ("toobit", "api.toobit.com", "/api/v1/spot/order", "newClientOrderId=", "/api/v1/exchangeInfo"),
    ("weex", "api-spot.weex.com", "/api/v3/order", r#""newClientOrderId":""#, "/api/v3/exchangeInfo"),
    ("whitebit", "whitebit.com", "/api/v4/order/new", r#""clientOrderId":""#, "/api/v4/public/markets"),
    ("xt", "sapi.xt.com", "/v4/order", r#""clientOrderId":""#, "/v4/public/symbol"),
];

/// As the library lists one; what of it is kept is what an order is built from.
fn market(spoken: &Spoken) -> Market {
    let listed = json!({
        "id": "BTCUSDT", "lowercaseId": "btcusdt", "numericId": 1, "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT",
        "baseId": "BTC", "quoteId": "USDT", "type": "spot", "spot": true, "contract": false, "active": true,
        "precision": {"price": 0.01, "amount": 0.000_01}, "limits": {}, "priceScale": 8, "valueScale": 8,
        "info": {"status": "open", "orderTypes": ["LIMIT", "MARKET"]},
    });
    Market {
        key: MarketKey { exchange: spoken.exchange.clone(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        },
        fee: "0.001".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: Some(markets::kept(&listed).to_string()),
    }
}

fn login(name: &str) -> Login {
    let secret = |text: &str| Secret::new(text.to_owned());
    let key = VenueKey {
        api_key: secret(KEY),
        api_secret: secret("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"),
        passphrase: Some(secret("phrase-of-nobody")),
    };
    let site = Site { mode: Mode::Live, url: format!("ccxt:{name}") };
    Login::new(site, key, AT)
}

/// One exchange with its market, and what it would be asked.
struct Each {
    name: &'static str,
    spoken: Spoken,
    login: Login,
    market: Market,
}

impl Each {
    fn all() -> impl Iterator<Item = Self> {
        cores::COMPILED.iter().map(|name| {
            let spoken =
                Breadth::new(Arc::new(Transport::new(true)), Arc::default()).of(&name.parse().unwrap()).unwrap();
            let market = market(&spoken);
            spoken.learn(&market);
            Self { name, login: login(name), market, spoken }
        })
    }

    /// Its row of the table.
    fn row(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        let row = EXCHANGES.iter().find(|row| row.0 == self.name);
        let (_, server, orders, word, markets) = row.unwrap_or_else(|| unreachable!("{} is compiled in", self.name));
        (server, orders, word, markets)
    }

    /// The one request for it.
    fn call(&self, wish: &Wish, with_key: bool) -> Result<Call, ExchangeError> {
        let login = with_key.then_some(&self.login);
        let mut core = self.spoken.core(&self.login.site, login, &[&self.market.key])?;
        self.spoken.call(&mut *core, &self.login.site, login, wish, AT)
    }

    fn asked(&self, wish: &Wish) -> Call {
        self.call(wish, true).unwrap_or_else(|error| unreachable!("{} {}: {error}", self.name, wish.shown))
    }

    fn order(&self, direction: Direction, kind: OrderKind) -> Result<Wish, (Reason, String)> {
        let request = Request {
            account: AccountId::of(&["tests"]),
            market: self.market.clone(),
            client_id: ClientOrderId::from_stored(OURS),
            direction,
            kind,
            trigger: None,
            quantity: "0.01234".parse().unwrap(),
            reduce_only: false,
            sent_at: AT,
        };
        orders::wish(&self.spoken, &request)
    }

    fn address(&self, venue_id: Option<&str>) -> Address {
        Address {
            account: AccountId::of(&["tests"]),
            market: self.market.clone(),
            client_id: ClientOrderId::from_stored(OURS),
            venue_id: venue_id.map(str::to_owned),
            known: BTreeMap::new(),
            since: AT,
        }
    }

    /// A question about orders of its market.
    fn list(&self, method: &'static str) -> bool {
        let params = Value::from(self.spoken.ways.with_orders.clone());
        let args = vec![super::line::symbol(&self.market.key), Value::Int(AT.millis()), Value::Int(100), params];
        self.call(&Wish::read(method, args), true).is_ok()
    }
}

fn server(call: &Call) -> &str {
    call.url.split('/').nth(2).unwrap()
}

fn is_signed(call: &Call) -> bool {
    let by_header = call.headers.iter().any(|(name, value)| name == "Authorization" || value.contains(KEY));
    by_header
        || call.url.contains(KEY)
        || call.body.contains(KEY)
        || call.headers.iter().any(|(name, _)| name == "X-API-Token")
}

#[test]
fn every_exchange_takes_an_order_in_one_signed_request_with_our_id_to_its_own_server() {
    for each in Each::all() {
        let (home, path, word, _) = each.row();
        let limit = each.asked(&each.order(Direction::Buy, OrderKind::Limit("64250.3".parse().unwrap())).unwrap());
        assert_eq!(limit.url.split('?').next(), Some(format!("https://{home}{path}").as_str()), "{}", each.name);
        let at_market = each.asked(&each.order(Direction::Sell, OrderKind::Market).unwrap());
        let bought = each.order(Direction::Buy, OrderKind::Market).ok().map(|wish| each.asked(&wish));
        for call in [limit, at_market].into_iter().chain(bought) {
            assert_eq!((call.method, server(&call)), (Method::Post, home), "{} {call:?}", each.name);
            let told = format!("{} {}", call.url, call.body);
            assert!(told.contains(&format!("{word}{OURS}")), "{} {told}", each.name);
            assert!(told.contains("0.01234") || told.contains("1234000"), "{} {told}", each.name);
            assert!(is_signed(&call), "{} {:?}", each.name, call.headers);
        }
    }
}

#[test]
fn every_exchange_that_wants_a_passphrase_is_known_for_it_and_no_other() {
    for each in Each::all() {
        let mut core = each.spoken.core(&each.login.site, None, &[]).unwrap();
        let wanted = matches!(super::line::part(&core.library().requiredCredentials, "password"), Value::Bool(true));
        assert_eq!(each.spoken.exchange.passphrase() == Passphrase::Wanted, wanted, "{}", each.name);
    }
}

#[test]
fn every_exchange_tells_balances_in_one_signed_request_and_its_markets_in_one_without_a_key() {
    for each in Each::all() {
        let (home, _, _, markets) = each.row();
        let balances = each.asked(&Wish::read("fetch_balance", Vec::new()));
        assert!(server(&balances) == home && is_signed(&balances), "{} {balances:?}", each.name);
        let listed = each.call(&each.spoken.list(), false).unwrap();
        assert_eq!(listed.url.split('?').next(), Some(format!("https://{home}{markets}").as_str()), "{}", each.name);
        assert!(!is_signed(&listed), "{} {listed:?}", each.name);
    }
}

#[test]
fn every_exchange_ends_an_order_by_an_id_and_tells_of_it_by_one_or_in_lists() {
    for each in Each::all() {
        let wish = orders::cancelling(&each.spoken, &each.address(Some(THEIRS)));
        let call = each.asked(&wish);
        assert!(each.call(&Wish { names: Some("of-another".to_owned()), ..wish }, true).is_err(), "{}", each.name);
        assert!(call.method != Method::Get && server(&call) == each.row().0, "{} {call:?}", each.name);
        let args = vec![Value::from(THEIRS), super::line::symbol(&each.market.key)];
        let one = Wish { names: Some(THEIRS.to_owned()), ..Wish::read("fetch_order", args) };
        let ended = lists::lists_of_ended(&each.spoken).unwrap_or_default();
        let tells_ended = !ended.is_empty() && ended.into_iter().all(|method| each.list(method));
        assert!(each.list(lists::OPEN), "{}", each.name);
        assert!(each.call(&one, true).is_ok() || tells_ended, "{}", each.name);
    }
}
