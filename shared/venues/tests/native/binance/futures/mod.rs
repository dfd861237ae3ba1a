//! Binance's USDⓈ-M futures, against a server of this machine.

mod account;
mod ccxt;
mod found;
mod markets;
mod orders;
mod outcomes;
mod positions;
mod prepare;

use super::{World, parse};
use crate::server::{Reply, Server};
use app::ports::{Address, Request};
use domain::market::{Leverage, Market, MarketKey, MarketKind, Stops};
use domain::order::Direction;
use domain::preset::OrderKind;
use std::sync::Arc;
use venues::native::Binance;

/// Futures at a server that says what it is told to.
async fn saying(replies: Vec<Reply>) -> World {
    at(Server::script(replies).await)
}

fn at(server: Server) -> World {
    let world = World::at(server);
    let binance = Binance::futures(Arc::clone(&world.transport), Arc::clone(&world.traffic));
    World { binance, ..world }
}

fn market() -> Market {
    market_of("BTC/USDT:USDT")
}

fn market_of(symbol: &str) -> Market {
    Market {
        key: MarketKey { exchange: parse("BINANCEUSDM"), symbol: parse(symbol) },
        kind: MarketKind::Linear { leverage_max: Leverage::new(125).unwrap() },
        can_short: true,
        stops: Stops::Polled,
        ..super::market()
    }
}

fn address(client_id: &str) -> Address {
    Address { market: market(), ..super::address(client_id) }
}

fn order(direction: Direction, price: Option<&str>, reduce_only: bool) -> Request {
    let kind = price.map_or(OrderKind::Market, |price| OrderKind::Limit(parse(price)));
    Request { market: market(), reduce_only, ..super::request(direction, kind, None) }
}

/// An order as futures show it, with whatever else is to stand in it.
fn shown(id: &str, status: &str, executed: &str, more: &str) -> String {
    format!(
        r#"{{"orderId":8389765591122845789,"symbol":"BTCUSDT","status":"{status}","clientOrderId":"{id}",
        "price":"64250.30","avgPrice":"0.00","origQty":"0.012","executedQty":"{executed}","cumQuote":"0.00000",
        "timeInForce":"GTC","type":"LIMIT","reduceOnly":false,"closePosition":false,"side":"BUY","positionSide":"BOTH",
        "stopPrice":"0.00","workingType":"CONTRACT_PRICE","priceProtect":false,"origType":"LIMIT",
        "priceMatch":"NONE","selfTradePreventionMode":"EXPIRE_MAKER","goodTillDate":0,"updateTime":1700000000456{more}}}"#
    )
}

/// A trade of that order as the list of them shows it.
fn traded(trade: u32, quantity: &str, asset: &str) -> String {
    format!(
        r#"{{"symbol":"BTCUSDT","id":{trade},"orderId":8389765591122845789,"side":"BUY","price":"64250.30",
        "qty":"{quantity}","realizedPnl":"0","quoteQty":"771.0036","commission":"0.38550180","commissionAsset":"{asset}",
        "time":1699999999500,"positionSide":"BOTH","buyer":true,"maker":false}}"#
    )
}
