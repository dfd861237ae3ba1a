//! The whole story of one order.

use super::words::{MarketPosition, PositionSide, PriceSource, ReasonCode, SignalWish, Time};
use super::{Delivery, Fill, HistoryEntry, Order, PresetRef, Reason, time};
use crate::text::Text;
use domain::alert::{Alert, Side, Stance};
use domain::delivery;
use domain::lineage;
use domain::order::{self, Status};
use domain::reason::StoredReason;
use domain::signal::{self, Wish};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What requested an order, how it was decided, what was sent to the exchange, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLineage {
    /// The order whose history this is.
    pub order: Order,
    /// The fills of the order, by the time of the exchange.
    pub fills: Vec<Fill>,
    /// The alert that it followed from: of an order that sells because an alert has said so that one, of any other the
    /// alert that its entry followed from.
    pub delivery_id: String,
    /// Null once its row is no longer kept.
    pub delivery: Option<LineageDelivery>,
    /// How the alert was understood; null if its body is no longer stored or readable.
    pub signal: Option<SignalRead>,
    /// The stored preset that its group began with; null where that was the built-in one.
    pub preset: Option<PresetRef>,
    /// Of the strategy that has decided it; left out where an alert has, and alerts alone decide yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub strategy_version: Option<String>,
    /// Of the prompt that has decided it; left out where an alert has, and alerts alone decide yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prompt_version: Option<String>,
    /// Oldest first. Of a safety order those of its base order too, and of an exit what has reached its stop or target; none
    /// of orders from before this was kept.
    pub prices: Vec<PriceSeen>,
    /// Which account limits were checked when the entry was decided, with their numbers.
    pub risk: RiskVerdict,
    /// Oldest first: the changes of its group that made or changed it, and those that had led there.
    pub history: Vec<HistoryEntry>,
    /// Requests to the exchange when the order was sent, cancelled, and looked up while in doubt, with the answers. Oldest first, each
    /// cut to a kilobyte. Empty at the paper exchange, which needs no network requests.
    pub exchanges: Vec<VenueExchange>,
}

/// An alert, with the hash of what arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineageAlert)]
pub struct LineageDelivery {
    #[serde(flatten)]
    pub delivery: Delivery,
    /// SHA-256 of the body without its secret, in hexadecimal digits.
    pub body_sha256: String,
}

/// The members of an alert, as they are read first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignalRead {
    /// What the alert asks for.
    pub wish: SignalWish,
    /// Of an entry: which way its position gains.
    pub side: Option<PositionSide>,
    /// The exchange that the alert means, such as `BINANCE`.
    pub exchange: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// The timeframe as the alert wrote it, such as `60` or `1h`; null if it named none.
    pub timeframe: Option<String>,
    /// Label of the account that it names.
    pub account: Option<String>,
    /// The position that its strategy holds now.
    pub market_position: Option<MarketPosition>,
    /// What it says of the price.
    pub price: Option<String>,
    /// By its own clock.
    pub raised_at: Option<Time>,
    /// How many seconds after it was raised the alert may still open a position.
    pub max_lag_seconds: i64,
}

/// A price that was gone by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceSeen {
    /// Where the price came from.
    pub source: PriceSource,
    /// The price, in the quote currency.
    pub price: String,
    /// Of the price; null where it is a wish.
    pub at: Option<Time>,
}

/// The account's limits, as they were when the entry was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskVerdict {
    /// Those that it was within; none of orders from before this was kept, and of what only closes.
    pub passed: Vec<LimitPassed>,
    /// Why it was not sent, with the numbers; null where it was.
    pub refused: Option<Reason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LimitPassed {
    /// The word that it would have been refused with: `exposure_max`, `insufficient_balance`.
    pub limit: ReasonCode,
    /// The risk rule, `rsk_…`; null for a limit of the account.
    pub rule_id: Option<String>,
    /// What it came to with this entry.
    pub comes_to: String,
    /// The limit: a quote amount, a number of positions, for `insufficient_balance` the account's balance, for `price_collar` and
    /// `spread_max` a percentage.
    pub allowed: String,
}

/// A request to the exchange and its answer, without keys, signatures and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VenueExchange {
    /// When the request was made.
    pub at: Time,
    /// The request to the exchange, cut if it is long.
    pub asked: String,
    /// The exchange's answer, cut if it is long.
    pub answered: String,
}

impl LineageDelivery {
    pub fn of(row: &delivery::Delivery) -> Self {
        Self { delivery: Delivery::from(row), body_sha256: row.body_hash.as_str().to_owned() }
    }
}

impl SignalRead {
    /// Read again as it was when it was decided; none where that cannot be done any more.
    pub fn of(row: &delivery::Delivery) -> Option<Self> {
        let alert = crate::alert::parse(&row.body, row.exchange.as_ref()).ok()?;
        let wish = signal::wish(&alert).ok()?;
        Some(Self::read(&alert, wish))
    }

    fn read(alert: &Alert, wish: Wish) -> Self {
        let (wish, side) = match wish {
            Wish::Exit => (SignalWish::Exit, None),
            Wish::Hold(side) => (SignalWish::Entry, Some(Text(side))),
        };
        let stance = |stance: Stance| match stance {
            Stance::Flat => MarketPosition::Flat,
            Stance::In(Side::Long) => MarketPosition::Long,
            Stance::In(Side::Short) => MarketPosition::Short,
        };
        Self {
            wish,
            side,
            exchange: alert.exchange.to_string(),
            symbol: alert.symbol.to_string(),
            timeframe: alert.timeframe.as_ref().map(ToString::to_string),
            account: alert.account.clone(),
            market_position: alert.fields.market_position.map(stance),
            price: alert.price().map(|price| price.to_string()),
            raised_at: alert.sent_at.map(time),
            max_lag_seconds: alert.max_lag.get().div_euclid(1_000),
        }
    }
}

impl RiskVerdict {
    pub fn of(order: &order::Order, kept: &[lineage::LimitKept]) -> Self {
        let held_back = order.refusal.as_ref().filter(|_| order.status == Status::NotPlaced);
        Self { passed: kept.iter().map(LimitPassed::from).collect(), refused: held_back.map(Reason::from) }
    }
}

impl From<&lineage::Seen> for PriceSeen {
    fn from(seen: &lineage::Seen) -> Self {
        let (source, price, at) = (Text(seen.source), seen.price.to_string(), seen.at.map(time));
        Self { source, price, at }
    }
}

impl From<&lineage::LimitKept> for LimitPassed {
    fn from(kept: &lineage::LimitKept) -> Self {
        let limit = Text(StoredReason::read(kept.limit.clone()));
        let rule_id = kept.rule.as_ref().map(ToString::to_string);
        Self { limit, rule_id, comes_to: kept.comes_to.to_string(), allowed: kept.allowed.to_string() }
    }
}

impl From<&lineage::Said> for VenueExchange {
    fn from(said: &lineage::Said) -> Self {
        Self { at: time(said.at), asked: said.asked.clone(), answered: said.answered.clone() }
    }
}
