//! The rows of a paper book.

use super::{Book, Contract, Fault, FaultKind, FeeAsset, FeeIn, OpenContracts, Pair, PaperOrder, PaperSettings};
use crate::condition::{ABSENT, VERSION_AS_SEEN};
use crate::error::StoreError;
use crate::item::{from_item, number, to_item};
use crate::trading::keys;
use crate::value::Item;
use crate::write::Write;
use domain::account::Balance;
use domain::clock::{Millis, Timestamp};
use domain::contracts::Contracts;
use domain::market::{Market, MarketKey};
use domain::money::Percent;
use domain::order::{Trigger, TriggerKind};
use wire::stored::{
    self, PaperBalance, PaperContract, PaperContracts, PaperFault, PaperFaultKind, PaperFeeAsset, PaperFeeIn,
    PaperPair, PaperTrade, PaperTrigger, PaperTriggerKind, Schema,
};
use wire::text::Text;

/// The book and every changed order: the book under the version that was loaded.
///
/// # Errors
/// `Unreadable`: what cannot be a row.
pub fn book_writes(book: &Book, changed: &[PaperOrder]) -> Result<Vec<Write>, StoreError> {
    let mut writes = vec![book_write(book)?];
    for order in changed {
        let key = keys::paper_order(&book.account, &order.client_id, &order.venue_id);
        writes.push(Write::upsert(key, &order_row(order))?);
    }
    Ok(writes)
}

/// A book in the place of any other.
///
/// # Errors
/// `Unreadable`: what cannot be a row.
pub fn book_row(book: &Book) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::book(&book.account), to_item(&stored_book(book))?))
}

/// # Errors
/// `Unreadable`.
pub fn book_of(row: &Item) -> Result<Book, StoreError> {
    from_item(row).map(book)
}

/// # Errors
/// `Unreadable`.
pub fn paper_order_of(row: &Item) -> Result<PaperOrder, StoreError> {
    from_item(row).map(order)
}

/// The book one version on, where it still has the version that was loaded; version 0 was never stored.
fn book_write(book: &Book) -> Result<Write, StoreError> {
    let next = Book { version: book.version.saturating_add(1), ..book.clone() };
    let write = Write::upsert(keys::book(&book.account), &stored_book(&next))?;
    Ok(match book.version {
        0 => write.when(ABSENT),
        version => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
    })
}

fn stored_book(book: &Book) -> stored::PaperBook {
    let balance = |balance: &Balance| PaperBalance { free: Text(balance.free), locked: Text(balance.locked) };
    stored::PaperBook {
        v: Schema,
        account: Text(book.account.clone()),
        balances: book.balances.iter().map(|(asset, held)| (Text(asset.clone()), balance(held))).collect(),
        looked_at: book.looked_at.millis(),
        fee_in: match book.fee_in {
            FeeIn::Quote => PaperFeeIn::Quote,
            FeeIn::Received => PaperFeeIn::Received,
        },
        fill_max: book.fill_max.map(Text),
        fault: book.fault.map(fault_row),
        slippage: Some(book.settings.slippage).filter(|slippage| *slippage != Percent::ZERO).map(Text),
        latency_ms: Some(book.settings.latency.get()).filter(|latency| *latency != 0),
        fee_asset: book.settings.fee_asset.as_ref().map(fee_asset_row),
        open: book.open.iter().map(order_row).collect(),
        contracts: book.contracts.iter().map(|(market, open)| contracts_row(market, open)).collect(),
        sequence: book.sequence,
        version: book.version,
    }
}

pub(super) fn book(row: stored::PaperBook) -> Book {
    let balance = |held: PaperBalance| Balance { free: held.free.0, locked: held.locked.0 };
    Book {
        account: row.account.0,
        balances: row.balances.into_iter().map(|(asset, held)| (asset.0, balance(held))).collect(),
        looked_at: Timestamp::from_millis(row.looked_at),
        fee_in: match row.fee_in {
            PaperFeeIn::Quote => FeeIn::Quote,
            PaperFeeIn::Received => FeeIn::Received,
        },
        fill_max: row.fill_max.map(|max| max.0),
        fault: row.fault.map(fault),
        settings: PaperSettings {
            slippage: row.slippage.map_or(Percent::ZERO, |slippage| slippage.0),
            latency: row.latency_ms.map_or(Millis::ZERO, Millis::new),
            fee_asset: row.fee_asset.map(|fee| FeeAsset { asset: fee.asset.0, rate: fee.rate.0 }),
        },
        open: row.open.into_iter().map(order).collect(),
        contracts: row.contracts.into_iter().map(contracts).collect(),
        sequence: row.sequence,
        version: row.version,
    }
}

fn contracts_row(market: &MarketKey, open: &OpenContracts) -> PaperContracts {
    PaperContracts {
        exchange: Text(market.exchange.clone()),
        symbol: Text(market.symbol.clone()),
        side: Text(open.held.side),
        quantity: Text(open.held.quantity),
        cost: Text(open.held.cost),
        leverage: Text(open.leverage),
    }
}

fn contracts(row: PaperContracts) -> (MarketKey, OpenContracts) {
    let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
    let held = Contracts { side: row.side.0, quantity: row.quantity.0, cost: row.cost.0 };
    (market, OpenContracts { held, leverage: row.leverage.0 })
}

fn fee_asset_row(fee: &FeeAsset) -> PaperFeeAsset {
    PaperFeeAsset { asset: Text(fee.asset.clone()), rate: Text(fee.rate) }
}

fn fault_row(fault: Fault) -> PaperFault {
    let kind = match fault.kind {
        FaultKind::Abort => PaperFaultKind::Abort,
        FaultKind::Hang => PaperFaultKind::Hang,
        FaultKind::Reset => PaperFaultKind::Reset,
    };
    PaperFault { kind, times: fault.times }
}

fn fault(row: PaperFault) -> Fault {
    let kind = match row.kind {
        PaperFaultKind::Abort => FaultKind::Abort,
        PaperFaultKind::Hang => FaultKind::Hang,
        PaperFaultKind::Reset => FaultKind::Reset,
    };
    Fault { kind, times: row.times }
}

fn order_row(order: &PaperOrder) -> stored::PaperOrder {
    stored::PaperOrder {
        v: Schema,
        client_id: Text(order.client_id.clone()),
        venue_id: order.venue_id.clone(),
        market: stored::Market::from(&order.market),
        direction: Text(order.direction),
        kind: order.kind.into(),
        quantity: Text(order.quantity),
        status: Text(order.status),
        trades: order.trades.iter().map(|(trade, fill)| PaperTrade::of(trade, fill)).collect(),
        accepted_at: order.accepted_at.millis(),
        active_at: Some(order.active_at).filter(|at| *at != order.accepted_at).map(Timestamp::millis),
        trigger: order.trigger.map(trigger_row),
        set_off: order.set_off.map(trigger_row),
        pair: order.pair.as_ref().map(pair_row),
        contract: order
            .contract
            .map(|Contract { reduce_only, leverage }| PaperContract { reduce_only, leverage: Text(leverage) }),
    }
}

fn trigger_row(trigger: Trigger) -> PaperTrigger {
    let kind = match trigger.kind {
        TriggerKind::StopLoss => PaperTriggerKind::StopLoss,
        TriggerKind::TakeProfit => PaperTriggerKind::TakeProfit,
    };
    PaperTrigger { kind, price: Text(trigger.price) }
}

fn trigger(row: &PaperTrigger) -> Trigger {
    let kind = match row.kind {
        PaperTriggerKind::StopLoss => TriggerKind::StopLoss,
        PaperTriggerKind::TakeProfit => TriggerKind::TakeProfit,
    };
    Trigger { kind, price: row.price.0 }
}

fn pair_row(pair: &Pair) -> PaperPair {
    PaperPair { other: Text(pair.other.clone()), locks_at: pair.locks_at.map(Text) }
}

fn order(row: stored::PaperOrder) -> PaperOrder {
    let market = Market::from(row.market);
    let symbol = market.key.symbol.clone();
    PaperOrder {
        client_id: row.client_id.0,
        venue_id: row.venue_id,
        market,
        direction: row.direction.0,
        kind: row.kind.into(),
        quantity: row.quantity.0,
        status: row.status.0,
        trades: row.trades.into_iter().map(|trade| trade.on(&symbol)).collect(),
        accepted_at: Timestamp::from_millis(row.accepted_at),
        active_at: Timestamp::from_millis(row.active_at.unwrap_or(row.accepted_at)),
        trigger: row.trigger.as_ref().map(trigger),
        set_off: row.set_off.as_ref().map(trigger),
        contract: row
            .contract
            .map(|PaperContract { reduce_only, leverage }| Contract { reduce_only, leverage: leverage.0 }),
        pair: row.pair.map(|pair| Pair { other: pair.other.0, locks_at: pair.locks_at.map(|price| price.0) }),
    }
}
