//! Orders, and the fills that stand beside them.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, ClientOrderId, GroupId, OrderId, UserId};
use domain::market::{Asset, Exchange, MarketKey, Symbol};
use domain::money::{Amount, Price, Quantity};
use domain::order::{self, Direction, FeeValue, Purpose, Status, TradeId};
use domain::preset;
use domain::reason::StoredReason;
use domain::vault::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An order without its fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub v: Schema<1>,
    pub id: Text<OrderId>,
    pub client_id: Text<ClientOrderId>,
    pub account: Text<AccountId>,
    pub user: Text<UserId>,
    pub group: Text<GroupId>,
    pub purpose: Text<Purpose>,
    pub pyramid: u32,
    pub leg: u32,
    pub epoch: u32,
    pub direction: Text<Direction>,
    pub kind: OrderKind,
    /// Where it sells everything at the market, while it rests at the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Text<Price>>,
    pub quantity: Text<Quantity>,
    pub reserved: Text<Amount>,
    pub planned_at: i64,
    pub valid_until: Option<i64>,
    pub status: Text<Status>,
    pub submission: Option<Submission>,
    pub cancel_wanted: Option<i64>,
    pub venue_id: Option<String>,
    pub cumulative: Text<Quantity>,
    /// Its stop has sold; none is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triggered: Option<bool>,
    /// What its user said was filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Declared>,
    pub refusal: Option<Refusal>,
    pub absent_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Text<Exchange>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<Text<Symbol>>,
    /// Of the request that has led to it; written with the order and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    pub price: Text<Price>,
    pub quantity: Text<Quantity>,
    pub fee: Option<Fee>,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    Market,
    Limit(Text<Price>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSize {
    Quote(Text<Amount>),
    Base(Text<Quantity>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub sent_at: i64,
    pub by: Text<AttemptId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: Text<StoredReason>,
    pub detail: String,
}

/// One trade of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    pub v: Schema<1>,
    pub order: Text<OrderId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub trade: Text<TradeId>,
    pub price: Text<Price>,
    pub quantity: Text<Quantity>,
    pub fee: Option<Fee>,
    /// What a fee in a third asset was worth in quote, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_value: Option<Text<Amount>>,
    /// Its value was waited for in vain; one that was found later goes before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fee_unvalued: bool,
    /// What the market takes: the venue has not told it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fee_reckoned: bool,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    pub asset: Text<Asset>,
    pub amount: Text<Amount>,
}

impl Order {
    pub fn of(account: &AccountId, user: &UserId, order: &order::Order) -> Self {
        let submission = order.submission.as_ref();
        Self {
            v: Schema,
            id: Text(order.id.clone()),
            client_id: Text(order.client_id.clone()),
            account: Text(account.clone()),
            user: Text(user.clone()),
            group: Text(order.group.clone()),
            purpose: Text(order.purpose),
            pyramid: order.pyramid,
            leg: order.leg,
            epoch: order.epoch,
            direction: Text(order.direction),
            kind: order.kind.into(),
            stop: order.stop.map(Text),
            quantity: Text(order.quantity),
            reserved: Text(order.reserved),
            planned_at: order.planned_at.millis(),
            valid_until: order.valid_until.map(Timestamp::millis),
            status: Text(order.status),
            submission: submission.map(|sent| Submission { sent_at: sent.sent_at.millis(), by: Text(sent.by.clone()) }),
            cancel_wanted: order.cancel_wanted.map(Timestamp::millis),
            venue_id: order.venue_id.clone(),
            cumulative: Text(order.cumulative),
            triggered: order.triggered.then_some(true),
            declared: order.declared.as_ref().map(Declared::from),
            refusal: order.refusal.clone().map(|why| Refusal { code: Text(why.code), detail: why.detail }),
            absent_at: order.absent_at.map(Timestamp::millis),
            mode: order.mode.map(Text),
            exchange: order.market.as_ref().map(|market| Text(market.exchange.clone())),
            symbol: order.market.as_ref().map(|market| Text(market.symbol.clone())),
            trace: None,
        }
    }

    /// The order with the fills that were read beside it.
    pub fn with(self, fills: BTreeMap<TradeId, order::Fill>) -> order::Order {
        let submission =
            |sent: Submission| order::Submission { sent_at: Timestamp::from_millis(sent.sent_at), by: sent.by.0 };
        order::Order {
            id: self.id.0,
            client_id: self.client_id.0,
            group: self.group.0,
            mode: self.mode.map(|mode| mode.0),
            market: self
                .exchange
                .zip(self.symbol)
                .map(|(exchange, symbol)| MarketKey { exchange: exchange.0, symbol: symbol.0 }),
            purpose: self.purpose.0,
            pyramid: self.pyramid,
            leg: self.leg,
            epoch: self.epoch,
            direction: self.direction.0,
            kind: self.kind.into(),
            stop: self.stop.map(|price| price.0),
            quantity: self.quantity.0,
            reserved: self.reserved.0,
            planned_at: Timestamp::from_millis(self.planned_at),
            valid_until: self.valid_until.map(Timestamp::from_millis),
            status: self.status.0,
            submission: self.submission.map(submission),
            cancel_wanted: self.cancel_wanted.map(Timestamp::from_millis),
            venue_id: self.venue_id,
            cumulative: self.cumulative.0,
            triggered: self.triggered.unwrap_or(false),
            fills,
            declared: self.declared.map(order::Fill::from),
            refusal: self.refusal.map(|why| order::Refusal { code: why.code.0, detail: why.detail }),
            absent_at: self.absent_at.map(Timestamp::from_millis),
        }
    }
}

impl Fill {
    pub fn of(order: &OrderId, market: &MarketKey, trade: &TradeId, fill: &order::Fill) -> Self {
        Self {
            v: Schema,
            order: Text(order.clone()),
            exchange: Text(market.exchange.clone()),
            symbol: Text(market.symbol.clone()),
            trade: Text(trade.clone()),
            price: Text(fill.price),
            quantity: Text(fill.quantity),
            fee: fill.fee.as_ref().map(Fee::from),
            fee_value: fill.fee.as_ref().and_then(order::Fee::worth).map(Text),
            fee_unvalued: fill.fee.as_ref().is_some_and(|fee| fee.value == FeeValue::Unvalued),
            fee_reckoned: fill.fee.as_ref().is_some_and(|fee| fee.value == FeeValue::Reckoned),
            at: fill.at.millis(),
        }
    }
}

impl From<Fill> for order::Fill {
    fn from(stored: Fill) -> Self {
        let unvalued = stored.fee_unvalued.then_some(FeeValue::Unvalued);
        let reckoned = stored.fee_reckoned.then_some(FeeValue::Reckoned);
        let value = stored.fee_value.map(|Text(worth)| FeeValue::Quote(worth)).or(unvalued).or(reckoned);
        let fee = stored.fee.map(|fee| fee.on(&stored.symbol.0));
        Self {
            fee: fee.map(|fee| order::Fee { value: value.unwrap_or(fee.value), ..fee }),
            price: stored.price.0,
            quantity: stored.quantity.0,
            at: Timestamp::from_millis(stored.at),
        }
    }
}

impl From<&order::Fill> for Declared {
    fn from(fill: &order::Fill) -> Self {
        let (price, quantity) = (Text(fill.price), Text(fill.quantity));
        Self { price, quantity, fee: fill.fee.as_ref().map(Fee::from), at: fill.at.millis() }
    }
}

impl From<Declared> for order::Fill {
    fn from(stored: Declared) -> Self {
        // A person has said what it cost, whatever the asset: nothing is to be added to their word.
        let said = |fee: Fee| order::Fee { asset: fee.asset.0, amount: fee.amount.0, value: FeeValue::Own };
        let (fee, at) = (stored.fee.map(said), Timestamp::from_millis(stored.at));
        Self { fee, price: stored.price.0, quantity: stored.quantity.0, at }
    }
}

impl From<&order::Fee> for Fee {
    fn from(fee: &order::Fee) -> Self {
        Self { asset: Text(fee.asset.clone()), amount: Text(fee.amount) }
    }
}

impl Fee {
    /// The fee of a trade of this symbol.
    pub(super) fn on(self, symbol: &Symbol) -> order::Fee {
        order::Fee::of(symbol, self.asset.0, self.amount.0)
    }
}

impl From<preset::OrderKind> for OrderKind {
    fn from(kind: preset::OrderKind) -> Self {
        match kind {
            preset::OrderKind::Market => Self::Market,
            preset::OrderKind::Limit(price) => Self::Limit(Text(price)),
        }
    }
}

impl From<OrderKind> for preset::OrderKind {
    fn from(stored: OrderKind) -> Self {
        match stored {
            OrderKind::Market => Self::Market,
            OrderKind::Limit(Text(price)) => Self::Limit(price),
        }
    }
}

impl From<preset::OrderSize> for OrderSize {
    fn from(size: preset::OrderSize) -> Self {
        match size {
            preset::OrderSize::Quote(amount) => Self::Quote(Text(amount)),
            preset::OrderSize::Base(quantity) => Self::Base(Text(quantity)),
        }
    }
}

impl From<OrderSize> for preset::OrderSize {
    fn from(stored: OrderSize) -> Self {
        match stored {
            OrderSize::Quote(Text(amount)) => Self::Quote(amount),
            OrderSize::Base(Text(quantity)) => Self::Base(quantity),
        }
    }
}
