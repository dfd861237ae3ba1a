//! Binance, against a server of this machine.

mod account;
mod cancels;
mod ccxt;
mod forms;
mod found;
mod futures;
mod listed;
mod markets;
mod outcomes;
mod prices;
mod submits;

use crate::server::{Reply, Server};
use app::ports::{Address, OcoRequest, Request, Secret, Trigger, TriggerKind, VenueKey};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::vault::Mode;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;
use venues::native::{Binance, Login, Site, Traffic, Transport};

/// The keys of Binance's own documentation.
const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);

/// Binance at a server that says what it is told to.
struct World {
    server: Server,
    transport: Arc<Transport>,
    binance: Binance,
    traffic: Arc<Traffic>,
    login: Login,
}

impl World {
    async fn saying(replies: Vec<Reply>) -> Self {
        Self::at(Server::script(replies).await)
    }

    fn at(server: Server) -> Self {
        let (transport, traffic) = (Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
        let binance = Binance::new(Arc::clone(&transport), Arc::clone(&traffic));
        let login = login(&server.url());
        Self { server, transport, binance, traffic, login }
    }

    /// Forgets what it was told of how much may be asked.
    fn forget(&mut self) {
        self.traffic = Arc::new(Traffic::default());
        self.binance = Binance::new(Arc::clone(&self.transport), Arc::clone(&self.traffic));
    }

    fn live(mut self) -> Self {
        self.login.site.mode = Mode::Live;
        self
    }

    fn site(&self) -> &Site {
        &self.login.site
    }

    /// What the server heard, without what every signed request ends with.
    fn heard(&self) -> Vec<String> {
        self.server.lines().iter().map(|line| unsigned(line).to_owned()).collect()
    }
}

/// A line without validity, time and signature.
fn unsigned(line: &str) -> &str {
    line.split("recvWindow").next().unwrap().trim_end_matches(['&', '?'])
}

fn login(url: &str) -> Login {
    let key =
        VenueKey { api_key: Secret::new(KEY.to_owned()), api_secret: Secret::new(SECRET.to_owned()), passphrase: None };
    let site = Site { mode: Mode::Testnet, url: url.to_owned() };
    Login { trades_for: crate::PATIENCE, ..Login::new(site, key, NOW) }
}

fn parse<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn market() -> Market {
    market_of("BTC/USDT")
}

fn market_of(symbol: &str) -> Market {
    let filters = Filters {
        price_tick: parse("0.01"),
        quantity_step: parse("0.00001"),
        quantity_min: parse("0.00001"),
        notional_min: parse("5"),
        most: Maxima::default(),
    };
    Market {
        key: MarketKey { exchange: parse("BINANCE"), symbol: parse(symbol) },
        filters,
        fee: parse("0.001"),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Paired,
        orders_max: None,
        at_venue: None,
    }
}

fn id(text: &str) -> ClientOrderId {
    ClientOrderId::from_stored(text)
}

fn account() -> AccountId {
    AccountId::of(&["tests"])
}

fn address(client_id: &str) -> Address {
    Address {
        account: account(),
        market: market(),
        client_id: id(client_id),
        venue_id: None,
        known: BTreeMap::new(),
        since: NOW,
    }
}

fn request(direction: Direction, kind: OrderKind, trigger: Option<Trigger>) -> Request {
    Request {
        account: account(),
        market: market(),
        client_id: id("mabc1"),
        direction,
        kind,
        trigger,
        quantity: parse("0.01234"),
        reduce_only: false,
        sent_at: NOW,
    }
}

fn limit_buy() -> Request {
    request(Direction::Buy, OrderKind::Limit(parse("64250.30")), None)
}

fn stop_loss(price: &str) -> Option<Trigger> {
    Some(Trigger { kind: TriggerKind::StopLoss, price: parse(price) })
}

fn take_profit(price: &str) -> Option<Trigger> {
    Some(Trigger { kind: TriggerKind::TakeProfit, price: parse(price) })
}

fn pair(direction: Direction, limit: &str, stop: &str, stop_limit: Option<&str>) -> OcoRequest {
    OcoRequest {
        account: account(),
        market: market(),
        direction,
        quantity: parse("0.01234"),
        limit_id: id("mabc1"),
        limit: parse(limit),
        stop_id: id("mabc2"),
        stop: parse(stop),
        stop_limit: stop_limit.map(parse),
        reduce_only: false,
        sent_at: NOW,
    }
}

/// An order as Binance shows it, with whatever else is to stand in it.
fn shown(id: &str, status: &str, executed: &str, more: &str) -> String {
    format!(
        r#"{{"symbol":"BTCUSDT","orderId":28,"orderListId":-1,"clientOrderId":"{id}","price":"64250.30000000",
        "origQty":"0.01234000","executedQty":"{executed}","origQuoteOrderQty":"0.000000",
        "cummulativeQuoteQty":"0.00000000","status":"{status}","timeInForce":"GTC","type":"LIMIT","side":"BUY",
        "workingTime":1699999999000,"selfTradePreventionMode":"NONE"{more}}}"#
    )
}

/// A trade of an order as the list of them shows it.
fn traded(trade: u32, order: u32, quantity: &str, asset: &str) -> String {
    format!(
        r#"{{"symbol":"BTCUSDT","id":{trade},"orderId":{order},"orderListId":-1,"price":"64250.30000000",
        "qty":"{quantity}","quoteQty":"1.0","commission":"0.00001000","commissionAsset":"{asset}",
        "time":1699999999500,"isBuyer":true,"isMaker":false,"isBestMatch":true}}"#
    )
}
