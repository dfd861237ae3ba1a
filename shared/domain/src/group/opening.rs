//! How a group is opened: the base order's price, quantity and reservation.

use super::ladder::quote_up;
use super::{Group, GroupStatus, Position, Pyramids, Tracked, flight};
use crate::account::{Funds, Need};
use crate::alert::{Alert, Side};
use crate::clock::Timestamp;
use crate::delivery::Delivery;
use crate::ids::{AccountId, GroupId};
use crate::ladder::{BadField, FlightFailure, Ground};
use crate::limits;
use crate::lineage::{PriceSource, Seen};
use crate::market::Market;
use crate::money::{Amount, Decimal, Fraction, MoneyError, Percent, Price};
use crate::order::{Intent, Order, Purpose};
use crate::preset::{OrderKind, OrderSize, TradePlan};
use crate::route::part;
use crate::vault::Mode;

/// Everything that opening a group depends on.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    pub deployment: &'a str,
    pub account: &'a AccountId,
    /// Of the account at present: once something is open, it stays in it.
    pub mode: Option<Mode>,
    pub delivery: &'a Delivery,
    pub alert: &'a Alert,
    pub market: &'a Market,
    pub side: Side,
    /// The planning price.
    pub price: Price,
    /// Of what is paid with.
    pub funds: Funds,
    /// The share of its sizes that a risk rule lets pass; all of them if none reduces it.
    pub share: Option<&'a Fraction>,
    pub now: Timestamp,
}

/// Why a group cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningRefused {
    #[error("this market cannot be sold short")]
    Short,
    #[error("{0}")]
    Asked(#[from] BadField),
    #[error("{0}")]
    Flight(Box<FlightFailure>),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The limit price, else a market price that is young enough, else the alert's own.
pub fn planning_price(alert: &Alert, market: Option<(Price, Timestamp)>, now: Timestamp) -> Option<Seen> {
    let seen = |price, source, at| Seen { price, source, at };
    match alert.plan.kind {
        OrderKind::Limit(price) => Some(seen(price, PriceSource::Limit, None)),
        OrderKind::Market => match fresh(market, now) {
            Some((price, at)) => Some(seen(price, PriceSource::Market, Some(at))),
            None => alert.price().map(|price| seen(price, PriceSource::Alert, alert.sent_at)),
        },
    }
}

/// What a closing signal would sell at: a market price that is young enough, else the signal's own while it is not
/// stale. A signal closes however late it comes, but what it says of the price is soon worth nothing.
pub fn closing_price(
    alert: &Alert,
    market: Option<(Price, Timestamp)>,
    event_at: Timestamp,
    now: Timestamp,
) -> Option<Price> {
    let said = alert.price().filter(|_| now.since(event_at) <= alert.max_lag);
    fresh(market, now).map(|(price, _)| price).or(said)
}

fn fresh(market: Option<(Price, Timestamp)>, now: Timestamp) -> Option<(Price, Timestamp)> {
    market.filter(|(_, at)| now.since(*at) <= limits::PRICE_AGE_MAX)
}

/// The new group with its planned base order, and what it takes of the account.
///
/// # Errors
/// The filter that the base order fails, with its numbers.
pub fn open(opening: &Opening<'_>) -> Result<(Position, Need), OpeningRefused> {
    let Opening { alert, market, delivery, now, .. } = *opening;
    let side = opening.side;
    // Coins that nobody has cannot be sold, whatever a market's row says.
    if side == Side::Short && !(market.can_short && market.kind.is_linear()) {
        return Err(OpeningRefused::Short);
    }
    let whole = alert.plan.resolve(market, side, opening.price, opening.funds.balance)?;
    let plan = opening.share.map_or(Ok(whole.clone()), |share| part(&whole, share))?;
    let ground = Ground { market, side, leverage: plan.leverage };
    let planned = Planned { plan: &plan, scale: &Fraction::whole(1), ground, at: opening.price, funds: opening.funds };
    let entry = Entry::plan(&planned, 0, now)?;
    let id = GroupId::of(&[delivery.at.id.as_str()]);
    let order = Order {
        mode: opening.mode,
        market: Some(opening.market.key.clone()),
        ..Order::plan(opening.deployment, &id, &entry.intent, now)
    };
    let position = Position { group: group(opening, id, plan, entry.exposure), orders: vec![order] };
    let need = entry.need(&position, 1)?;
    Ok((position, need))
}

/// What an entry follows from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned<'a> {
    pub(super) plan: &'a TradePlan,
    /// What the base order's size is multiplied by.
    pub(super) scale: &'a Fraction,
    pub(super) ground: Ground<'a>,
    /// The planning price.
    pub(super) at: Price,
    pub(super) funds: Funds,
}

/// A base order that passes, with all that is behind it.
pub(super) struct Entry {
    pub(super) intent: Intent,
    /// Quote of all of them.
    pub(super) exposure: Amount,
}

impl Entry {
    pub(super) fn plan(planned: &Planned<'_>, pyramid: u32, now: Timestamp) -> Result<Self, OpeningRefused> {
        let Planned { plan, scale, ground, at, .. } = *planned;
        let (filters, side) = (&ground.market.filters, ground.side);
        let kind = match plan.kind {
            OrderKind::Market => OrderKind::Market,
            OrderKind::Limit(price) => OrderKind::Limit(side.entry_price(filters, &price.fraction())?),
        };
        let price = if let OrderKind::Limit(price) = kind { price } else { at };
        let wanted = match plan.size {
            OrderSize::Base(quantity) => quantity.fraction(),
            OrderSize::Quote(quote) => quote.fraction().over(&price.fraction()).ok_or(MoneyError::NotANumber)?,
        };
        let quantity = filters.quantity_down(&(wanted * scale.clone()))?;
        let cost = price.fraction() * quantity.fraction();
        let exposure = quote_up(&cost)?.plus(flight::behind(planned, price, quantity)?)?;
        let intent = Intent {
            purpose: Purpose::Entry,
            pyramid,
            leg: 0,
            epoch: 0,
            direction: side.enters(),
            kind,
            stop: None,
            quantity,
            reserved: quote_up(&(cost * ground.outlay() * room(kind)?))?,
            valid_until: Some(now.plus(limits::ENTRY_VALID)),
        };
        Ok(Self { intent, exposure })
    }

    /// What it takes of the account, with the legs ahead of the position that it is alone in.
    pub(super) fn need(&self, position: &Position, groups: u32) -> Result<Need, MoneyError> {
        let asset = position.group.market.key.symbol.quote.clone();
        let reserve = self.intent.reserved.plus(position.ahead()?)?;
        let open_groups_max = position.group.plan.rules.open_groups_max;
        let leverage = position.group.plan.leverage;
        Ok(Need { asset, reserve, exposure: self.exposure, leverage, groups, open_groups_max })
    }
}

fn group(opening: &Opening<'_>, id: GroupId, plan: TradePlan, exposure: Amount) -> Group {
    let Opening { account, mode, delivery, alert, market, side, now, .. } = *opening;
    Group {
        id,
        account: account.clone(),
        mode,
        user: delivery.at.user.clone(),
        market: market.clone(),
        timeframe: alert.timeframe.clone(),
        side,
        preset: alert.preset.clone(),
        plan,
        exits_at: None,
        status: GroupStatus::Waiting,
        attention: None,
        drift: None,
        exit: None,
        settled: None,
        mark: None,
        tracked: Tracked::default(),
        delivery: delivery.at.clone(),
        bot: delivery.bot.as_deref().map(|by| Box::new(by.into())),
        event_at: alert.event_at(delivery.at.first_at),
        opened_at: now,
        trace: delivery.trace.clone(),
        exposure,
        waiting: Vec::new(),
        pyramids: Pyramids::default(),
        reductions: Vec::new(),
        stop_at_venue: false,
        version: 0,
    }
}

/// A market order may cost as much more as the price may move before it is refused.
fn room(kind: OrderKind) -> Result<Fraction, MoneyError> {
    match kind {
        OrderKind::Limit(_) => Ok(Fraction::whole(1)),
        OrderKind::Market => Ok(Percent::new(Decimal::from(limits::PRICE_MOVED_PERCENT_MAX))?.gain()),
    }
}
