//! Orders by hand: kept as a delivery, and decided as an alert is.
//!
//! 1. Its key follows from its user, its `Idempotency-Key` and what is asked for: sent again, it is the same order, whatever has become of it.
//! 2. It opens a position of the timeframe `manual`, one for each account and market, or names one of the user's own. Coins that no
//!    position holds are not sold.
//! 3. What makes a position smaller sells at the market, and no more than is there.
//! 4. At an exchange an API key places orders within its bounds alone, and never without a stop.

use super::scope::accounts;
use super::{ActError, account_of};
use crate::actor::{Act, audit};
use crate::commit::{Change, Transaction};
use crate::markets;
use crate::ports::{CommitError, Queues, Signal, StoreError};
use domain::account::Account;
use domain::alert::Side;
use domain::by_hand::{ByHand, Deed, KeyMaxima, timeframe};
use domain::delivery::{Delivery, DeliveryKey, DeliveryRef, Identity, lane};
use domain::group::Position;
use domain::identity::OrderBounds;
use domain::ids::{AccountId, AttemptId, GroupId, KeyId, Sha, TokenId};
use domain::limits::{AUDIT_RETENTION, DELIVERY_DUE};
use domain::market::{Market, MarketKey, Timeframe};
use domain::money::Quantity;
use domain::order::Direction;
use domain::preset::{OrderKind, OrderSize, PresetName};
use domain::seat::Seat;
use domain::token::Grant;
use store::Engine;
use store::catalog::Catalog;
use store::trading::Trading;
use wire::alert::{BadAlert, Base};
use wire::by_hand::AskedOrder;
use wire::preset::Document;

/// What the caller may do.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Whether they have the permission `orders:write`.
    pub may_order: bool,
    /// Of a program.
    pub key: Option<&'a KeyId>,
    pub bounds: Option<&'a OrderBounds>,
}

/// An order that is kept, and is decided on next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub delivery: Delivery,
    /// Which it opens or changes.
    pub position: GroupId,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    #[error(transparent)]
    Act(#[from] ActError),
    #[error(transparent)]
    Bad(#[from] BadAlert),
    #[error("an order at an exchange needs the permission orders:write")]
    NotPermitted,
    #[error("this {0} is none of those that the API key names for orders by hand")]
    OutsideBounds(&'static str),
    #[error(
        "a sale names the position that it makes smaller as position_id; coins that Moniqo has not bought are not sold"
    )]
    NothingToSell,
    #[error("{0} is open here: name it as position_id")]
    PositionOpen(GroupId),
    #[error("{0} positions are open there that this could make smaller: name one as position_id")]
    Ambiguous(usize),
}

impl From<StoreError> for PlaceError {
    fn from(error: StoreError) -> Self {
        Self::Act(error.into())
    }
}

/// What an order comes to.
#[derive(Debug)]
struct Target {
    account: Account,
    market: Market,
    timeframe: Option<Timeframe>,
    side: Side,
    deed: Deed,
    /// Whether what it buys stands without a stop.
    is_unstopped: bool,
}

/// Keeps the order and has it decided. `key` is of its `Idempotency-Key` and its body, and `trace` of the request.
///
/// # Errors
/// [`PlaceError`]; what is stored and not queued is queued by the next scheduler run.
pub async fn place<D: Engine + Queues>(
    deps: &D,
    asked: &AskedOrder,
    (key, trace): (&Sha, &str),
    by: By<'_>,
    act: Act<'_>,
) -> Result<Placed, PlaceError> {
    let at = reference(key, act);
    if let Some(kept) = Trading(deps).delivery_in_place(&at).await? {
        return Ok(placed(kept));
    }
    let target = target(deps, asked, act).await?;
    let key = if target.account.exchange.is_paper() { None } else { may_place(&target, by, act)? };
    let delivery = delivery(asked, &target, key, (at, trace), act);
    check(deps, asked, &target, &delivery, act).await?;
    let record = audit("place order", delivery.at.id.as_str(), &told(asked, &target.market.key), act);
    let changes = vec![Change::Deliver(Box::new(delivery.clone())), Change::Audit(record)];
    let stamp = AttemptId::new(format!("{}#{}", act.attempt.as_str(), delivery.at.id));
    match Trading(deps).commit(&Transaction { stamp, at: act.now, changes }).await {
        Ok(()) => {}
        Err(CommitError::LostRace) => {
            let kept = Trading(deps).delivery_in_place(&delivery.at).await?;
            return kept.map(placed).ok_or_else(|| ActError::Contended.into());
        }
        Err(CommitError::Store(error)) => return Err(error.into()),
    }
    let _queued_by_the_next_run = deps.send_signal(&Signal::from(&delivery), act.now).await;
    Ok(placed(delivery))
}

/// The order as it would be kept: nothing of it is.
///
/// # Errors
/// As [`place`], but for who may.
pub async fn unplaced<D: Engine>(deps: &D, asked: &AskedOrder, act: Act<'_>) -> Result<Placed, PlaceError> {
    let target = target(deps, asked, act).await?;
    let at = reference(&Sha::of_parts(&["preview", act.attempt.as_str()]), act);
    let delivery = delivery(asked, &target, None, (at, "preview"), act);
    check(deps, asked, &target, &delivery, act).await?;
    Ok(placed(delivery))
}

async fn check<D: Engine>(
    deps: &D,
    asked: &AskedOrder,
    target: &Target,
    delivery: &Delivery,
    act: Act<'_>,
) -> Result<(), PlaceError> {
    if matches!(target.deed, Deed::Reduce(..)) {
        return Ok(());
    }
    let preset = preset(deps, asked.preset.as_ref(), act).await?;
    Ok(AskedOrder::check(&delivery.body, preset)?)
}

fn placed(delivery: Delivery) -> Placed {
    let named = delivery.by_hand.as_deref().and_then(|order| order.deed.position().cloned());
    let position = named.unwrap_or_else(|| GroupId::of(&[delivery.at.id.as_str()]));
    Placed { delivery, position }
}

fn reference(key: &Sha, act: Act<'_>) -> DeliveryRef {
    let hash = Sha::of_parts(&["order by hand", act.user.as_str(), key.as_str()]);
    Delivery::reference(act.user, &DeliveryKey { identity: Identity::Named, hash }, act.now)
}

/// At an exchange: by a logged-in user, or by an API key within its bounds. No size bounds what makes a position smaller.
fn may_place(target: &Target, by: By<'_>, act: Act<'_>) -> Result<Option<KeyMaxima>, PlaceError> {
    if !by.may_order {
        return Err(PlaceError::NotPermitted);
    }
    if act.in_person() {
        return Ok(None);
    }
    if target.is_unstopped {
        return Err(ActError::NotInPerson("opens or enlarges no position without a stop at an exchange").into());
    }
    let Some((key, bounds)) = by.key.zip(by.bounds) else {
        return Err(ActError::NotInPerson("without bounds of its own places no order at an exchange").into());
    };
    if !bounds.accounts.contains(&target.account.id) {
        return Err(PlaceError::OutsideBounds("account"));
    }
    if !bounds.markets.contains(&target.market.key.symbol) {
        return Err(PlaceError::OutsideBounds("symbol"));
    }
    Ok(Some(KeyMaxima { key: key.clone(), order: bounds.order_quote_max, day: bounds.day_quote_max }))
}

async fn target<D: Engine>(deps: &D, asked: &AskedOrder, act: Act<'_>) -> Result<Target, PlaceError> {
    if let Some(id) = &asked.position {
        let position = open(deps, id, act).await?;
        return of_position(deps, asked, position, act).await;
    }
    let account = account(deps, asked, act).await?;
    let market = market(deps, asked, &account).await?;
    let seats = account.live.iter().filter(|(seat, _)| seat.symbol == market.key.symbol);
    if asked.reduce_only {
        let mut meant = Vec::new();
        for (_, group) in seats {
            let position = Trading(deps).load_position(&account.id, group).await?;
            let shrinks = |position: &Position| position.group.side.leaves() == asked.side && is_open(position);
            meant.extend(position.filter(shrinks));
        }
        return match (meant.pop(), meant.len()) {
            (Some(position), 0) => of_position(deps, asked, position, act).await,
            (last, others) => Err(PlaceError::Ambiguous(others.saturating_add(usize::from(last.is_some())))),
        };
    }
    let side = match asked.side {
        Direction::Buy => Side::Long,
        Direction::Sell if market.can_short && market.kind.is_linear() => Side::Short,
        Direction::Sell => return Err(PlaceError::NothingToSell),
    };
    let timeframe = timeframe().map_err(|error| BadAlert::field("symbol", error))?;
    let seat = Seat::on(&market, Some(timeframe.clone()));
    if let Some(group) = account.live.get(&seat) {
        return Err(PlaceError::PositionOpen(group.clone()));
    }
    Ok(Target { account, market, timeframe: Some(timeframe), side, deed: Deed::Open, is_unstopped: asked.without_stop })
}

/// Adds to it or makes it smaller, by its side.
async fn of_position<D: Engine>(
    deps: &D,
    asked: &AskedOrder,
    position: Position,
    act: Act<'_>,
) -> Result<Target, PlaceError> {
    let (group, market) = (&position.group, &position.group.market);
    let known = Trading(deps).load_account(&group.account).await?.filter(|account| account.user == *act.user);
    let account = known.ok_or(ActError::NoGroup)?;
    let is_named = |named: &String| account.id.as_str() == named || account.label == *named;
    if !asked.account.as_ref().is_none_or(is_named) {
        return Err(BadAlert::field("account", "must be left out, or be the account of the position").into());
    }
    let of_market = |symbol| MarketKey::named(account.exchange.clone(), symbol) == market.key;
    if !asked.symbols.is_empty() && !asked.symbols.iter().cloned().any(of_market) {
        return Err(BadAlert::field("symbol", "must be left out, or be the symbol of the position").into());
    }
    if let Some(said) = asked.says_of_exits() {
        let allowed =
            "must be left out: the position has its own. PUT /api/v1/position-groups/{id}/exits changes its exits";
        return Err(BadAlert::field(said, allowed).into());
    }
    let adds = asked.side == group.side.enters();
    if adds && asked.reduce_only {
        return Err(
            BadAlert::field("reduce_only", "must be false: on this side the order makes the position larger").into()
        );
    }
    let id = group.id.clone();
    let deed = if adds { Deed::Add(id) } else { Deed::Reduce(id, sold(asked)?) };
    let (market, timeframe, side) = (market.clone(), group.timeframe.clone(), group.side);
    Ok(Target { account, market, timeframe, side, deed, is_unstopped: adds && group.plan.stop_loss.is_none() })
}

fn sold(asked: &AskedOrder) -> Result<Quantity, BadAlert> {
    if asked.kind != OrderKind::Market {
        let allowed = "must be market where the order makes a position smaller; a price to leave at is its take-profit or its \
                       stop: PUT /api/v1/position-groups/{id}/exits";
        return Err(BadAlert::field("type", allowed));
    }
    match asked.size {
        OrderSize::Base(quantity) => Ok(quantity),
        OrderSize::Quote(_) => {
            Err(BadAlert::field("quote", "must be left out where the order makes a position smaller: give quantity"))
        }
    }
}

async fn open<D: Engine>(deps: &D, id: &GroupId, act: Act<'_>) -> Result<Position, PlaceError> {
    let account: AccountId = account_of(deps, id, act).await?;
    let position = Trading(deps).load_position(&account, id).await?.ok_or(ActError::NoGroup)?;
    match (position.group.is_settled(), position.group.exit) {
        (true, _) => Err(ActError::AlreadyClosed.into()),
        (false, Some(_)) => Err(ActError::AlreadyClosing.into()),
        (false, None) => Ok(position),
    }
}

fn is_open(position: &Position) -> bool {
    !position.group.is_settled() && position.group.exit.is_none()
}

/// The one that is named, or the only one there is.
async fn account<D: Engine>(deps: &D, asked: &AskedOrder, act: Act<'_>) -> Result<Account, PlaceError> {
    let mut all = accounts(deps, act.user, asked.account.as_deref()).await?;
    match (all.pop(), all.len()) {
        (Some(account), 0) => Ok(account),
        (None, _) => Err(ActError::UnknownAccount.into()),
        (Some(_), _) => Err(BadAlert::field("account", "is required: you have more than one").into()),
    }
}

async fn market<D: Engine>(deps: &D, asked: &AskedOrder, account: &Account) -> Result<Market, PlaceError> {
    let named = |symbol: &domain::market::Symbol| MarketKey::named(account.exchange.clone(), symbol.clone());
    let keys: Vec<_> = asked.symbols.iter().map(named).filter(|key| key.exchange == account.exchange).collect();
    let found = markets::find(deps, &keys).await?;
    let unknown = || BadAlert::field("symbol", format!("is not traded at {}", account.exchange));
    found.ok_or_else(|| unknown().into())
}

/// The one that is named, else the standard one; none where its user keeps none of that name.
async fn preset<D: Engine>(deps: &D, named: Option<&PresetName>, act: Act<'_>) -> Result<Option<Base>, PlaceError> {
    let name = named.cloned().unwrap_or_else(PresetName::standard);
    let kept = Catalog(deps).load_preset(act.user, &name).await?.filter(|preset| !preset.deleted);
    let Some(kept) = kept else {
        if name.is_standard() {
            return Ok(None);
        }
        return Err(BadAlert::field("preset", format!("must be one that you keep: there is no {name}")).into());
    };
    let unreadable = |wrong| StoreError::Unreadable(format!("preset {name}: {wrong}"));
    let document = Document::parse(&kept.document).map_err(unreadable)?;
    Ok(Some(Base { at: kept.at, document }))
}

fn delivery(
    asked: &AskedOrder,
    target: &Target,
    key: Option<KeyMaxima>,
    (at, trace): (DeliveryRef, &str),
    act: Act<'_>,
) -> Delivery {
    let Target { account, market, timeframe, side, deed, .. } = target;
    let (market, timeframe) = (&market.key, timeframe.as_ref());
    let body = match deed {
        Deed::Reduce(_, quantity) => AskedOrder::reduction(market, timeframe, *quantity),
        Deed::Open | Deed::Add(_) => asked.entry(market, timeframe, *side),
    };
    let order = ByHand { account: account.id.clone(), deed: deed.clone(), without_stop: asked.without_stop, key };
    Delivery {
        at,
        identity: Identity::Named,
        token: TokenId::of(&["order by hand", act.user.as_str()]),
        account: Some(account.label.clone()),
        exchange: Some(account.exchange.clone()),
        grant: Grant::default(),
        body_hash: Sha::of_bytes(body.as_bytes()),
        body,
        source_ip: act.address.map(str::to_owned),
        lane: lane(&[act.user.as_str(), account.exchange.as_str(), &account.label]),
        trace: trace.to_owned(),
        decisions: 1,
        repeats: 0,
        verdict: None,
        due_at: Some(act.now.plus(DELIVERY_DUE)),
        expires_at: act.now.plus(AUDIT_RETENTION),
        part: None,
        bot: None,
        by_hand: Some(Box::new(order)),
    }
}

/// In words, for the record.
fn told(asked: &AskedOrder, market: &MarketKey) -> String {
    let size = match asked.size {
        OrderSize::Quote(amount) => format!("{amount} {}", market.symbol.quote),
        OrderSize::Base(quantity) => format!("{quantity} {}", market.symbol.base),
    };
    let at = match asked.kind {
        OrderKind::Market => "at the market".to_owned(),
        OrderKind::Limit(price) => format!("at {price}"),
    };
    let side = if asked.side == Direction::Buy { "buy" } else { "sell" };
    format!("{side} {size} of {market} {at}")
}
