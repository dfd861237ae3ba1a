//! What an entry must pass right before it is sent. Exits and take-profits pass without it.

use super::ExecuteError;
use crate::balance;
use crate::commit::Change;
use crate::ports::{Clock, Pause, Standing, Venue};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::limits;
use domain::lineage::{PriceSource, Seen};
use domain::money::{Amount, Decimal, Fraction, MoneyError, Percent, Price};
use domain::order::{Order, Refusal};
use domain::preset::OrderKind;
use domain::reason::Reason;
use domain::risk::{self, Book, Intent, Place, Prices, Refused};
use domain::vault::Mode;
use std::ops::ControlFlow;
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

const SHORT: Reason = Reason::InsufficientBalance;

pub(super) enum Admission {
    /// With the price that was compared, where one was.
    Granted(Option<Seen>),
    /// Not now, for a reason of this word: where entries are halted, commit #1 would be refused. The plan waits for its
    /// end or the stop's.
    Held(&'static str),
    Refused(Refusal, Option<Seen>),
}

/// The account, where nothing of its own stands against the entry.
pub(super) type Stands = ControlFlow<Admission, Open>;

/// An account that lets an entry start, and under what that holds.
pub(super) struct Open {
    pub(super) account: Account,
    /// Of its owner's last change, which was read before the account.
    version: u64,
    /// Of an entry that opens or adds.
    day_loss_below: Option<Amount>,
}

impl Open {
    /// What must still be so when commit #1 arrives.
    pub(super) fn conditions(&self) -> Vec<Change> {
        let (account, version, day_loss_below) = (self.account.id.clone(), self.version, self.day_loss_below);
        vec![
            Change::RequireNotHalted { account: account.clone(), day_loss_below },
            Change::RequireStanding { account, version },
        ]
    }
}

/// What stands against an entry before anything is set for it at its venue: it sets nothing there where it may not start.
pub(super) async fn barred<D: Engine>(
    deps: &D,
    position: &Position,
    order: &Order,
    stands: Stands,
) -> Result<Option<Admission>, ExecuteError> {
    match stands {
        ControlFlow::Break(no) => Ok(Some(no)),
        ControlFlow::Continue(_) => system(deps, position, order).await,
    }
}

pub(super) async fn admit<D: Engine, V: Venue>(
    deps: &D,
    venue: &V,
    position: &Position,
    order: &Order,
    stands: Stands,
) -> Result<Admission, ExecuteError> {
    let account = match stands {
        ControlFlow::Break(no) => return Ok(no),
        ControlFlow::Continue(open) => open.account,
    };
    if let Some(refusal) = short_of_balance(deps, venue, position, account).await? {
        // A leg's own fill may be in the venue's balance before it is in our books: a leg waits, and ends by its time.
        return Ok(if order.leg > 0 { Admission::Held(SHORT.as_str()) } else { Admission::Refused(refusal, None) });
    }
    let seen = ticker(deps, venue, position, order).await?;
    if let Some(refusal) = price_moved(position, order, seen, deps.now())? {
        return Ok(Admission::Refused(refusal, seen));
    }
    // Last, so that nothing slow stands between this and commit #1.
    Ok(system(deps, position, order).await?.unwrap_or(Admission::Granted(seen)))
}

/// What its account's rows have for or against the entry. The version comes first: a limit that is lowered after it is seen, or
/// stands under another version by commit #1.
pub(super) async fn stands<D: Engine>(deps: &D, position: &Position, order: &Order) -> Result<Stands, ExecuteError> {
    let group = &position.group;
    let state = Vault(deps).load_account_state(&group.account).await?;
    let Some(account) = Trading(deps).load_account(&group.account).await? else {
        return Ok(ControlFlow::Break(Admission::Held("unknown_account")));
    };
    let standing = state.as_ref().map(Standing::from);
    let mode = state.clone().unwrap_or_default().mode_at(&account.exchange);
    let refused_now = may_start(deps, (&account, standing, mode), position).await?;
    match refused_now.as_ref().map(|refused| refused.reason) {
        Some(Reason::Halted) => return Ok(ControlFlow::Break(Admission::Held("halted"))),
        Some(Reason::EntriesReducing) => return Ok(ControlFlow::Break(Admission::Held("reducing"))),
        _ => {}
    }
    if account.venue_pauses_until(deps.now()).is_some() {
        return Ok(ControlFlow::Break(Admission::Held(Pause::ASKED)));
    }
    let since = |reason, detail: &str| Ok(ControlFlow::Break(refused(reason, format!("since the decision: {detail}"))));
    if let Some(refused) = refused_now {
        return since(refused.reason, &refused.detail);
    }
    let asks = position.asks(order)?;
    if let Some(Err(limit)) = asks.map(|asks| account.still_admits(&asks, deps.now())) {
        return since(limit.reason, &limit.detail);
    }
    let base = &group.market.key.symbol.base;
    if let Some(shortage) = account.drift.of(base) {
        return Ok(ControlFlow::Break(Admission::Refused(Refusal::drift(shortage.told(base)), None)));
    }
    let day_loss_below = asks.map(|_| account.limits.day_loss_max);
    let version = state.map(|state| state.version).unwrap_or_default();
    Ok(ControlFlow::Continue(Open { account, version, day_loss_below }))
}

/// What the account, and rules that pause, have against what was assessed with its entry and is sent now.
async fn may_start<D: Engine>(
    deps: &D,
    (account, standing, mode): (&Account, Option<Standing>, Option<Mode>),
    position: &Position,
) -> Result<Option<Box<Refused>>, ExecuteError> {
    let mut rules = if account.ruled { Trading(deps).list_rules(&account.user).await? } else { Vec::new() };
    rules.retain(|rule| rule.pauses(deps.now()).next().is_some());
    let strategy = match position.group.bot.as_ref().filter(|_| !rules.is_empty()) {
        Some(by) => Trading(deps).load_bot(&account.user, &by.bot).await?.map(|bot| bot.terms.strategy.name),
        None => None,
    };
    // A position of an older release says no mode: its account's is meant.
    let place = Place { mode: position.group.mode.or(mode), ..Place::of(&position.group, strategy) };
    let book = Book::of(account, standing);
    Ok(risk::assess(&book, Intent::Leg(&place), &rules, &Prices::default(), deps.now()).err())
}

/// What the whole deployment has against the entry.
async fn system<D: Engine>(deps: &D, position: &Position, order: &Order) -> Result<Option<Admission>, ExecuteError> {
    let system = Trading(deps).load_system().await?;
    if system.adopted.is_some_and(|adoption| position.group.delivery_of(order.pyramid).first_at < adoption.at) {
        let why = "its alert came before the restored table was recovered";
        return Ok(Some(refused(Reason::BeforeRecovery, why.to_owned())));
    }
    Ok(system.halted.then_some(Admission::Held("system_halted")))
}

/// Asks the venue where the last known balance is too old; the reservation of this entry is among the reserved.
async fn short_of_balance<D: Engine, V: Venue>(
    deps: &D,
    venue: &V,
    position: &Position,
    account: Account,
) -> Result<Option<Refusal>, ExecuteError> {
    let account = if account.balance_age(deps.now()).is_none_or(|age| age > limits::BALANCE_AGE_MAX) {
        balance::refresh(deps, venue, account).await?
    } else {
        account
    };
    let asset = &position.group.market.key.symbol.quote;
    let (there, reserved) = (account.balance(asset), account.reserved(asset));
    Ok((there < reserved)
        .then(|| Refusal { code: SHORT.into(), detail: format!("{reserved} {asset} reserved, {there} there") }))
}

/// The last price, for what is bought at the market. Where nobody has traded for a while it says nothing of what is to be paid:
/// what is on offer does.
async fn ticker<C: Clock, V: Venue>(
    clock: &C,
    venue: &V,
    position: &Position,
    order: &Order,
) -> Result<Option<Seen>, ExecuteError> {
    if order.kind != OrderKind::Market {
        return Ok(None);
    }
    let (account, market) = (&position.group.account, &position.group.market.key);
    let seen = |(price, at)| Seen { price, source: PriceSource::Ticker, at: Some(at) };
    let last = venue.ticker(account, market).await?;
    if last.is_none_or(|(_, at)| clock.now().since(at) <= limits::PRICE_AGE_MAX) {
        return Ok(last.map(seen));
    }
    let offered = venue.offered(account, market, order.direction).await?;
    Ok(offered.map(|price| (price, clock.now())).or(last).map(seen))
}

/// Compares it with the price that the entry was planned at.
fn price_moved(
    position: &Position,
    order: &Order,
    seen: Option<Seen>,
    now: Timestamp,
) -> Result<Option<Refusal>, ExecuteError> {
    if order.kind != OrderKind::Market {
        return Ok(None);
    }
    let no_price = |detail: String| Ok(Some(Refusal { code: Reason::NoPrice.into(), detail }));
    let Some(Seen { price, at, .. }) = seen else { return no_price("the venue has no price".to_owned()) };
    if let Some(age) = at.map(|at| now.since(at)).filter(|age| *age > limits::PRICE_AGE_MAX) {
        let (age, most) = (age.get() / 1_000, limits::PRICE_AGE_MAX.get() / 1_000);
        return no_price(format!(
            "nothing is on offer, and the last trade, at {price}, is {age} s old: {most} s are allowed"
        ));
    }
    let percent = price_moved_max()?;
    let moved = planned_at(position, order)?.filter(|planned| !is_within(price, planned, percent));
    Ok(moved.map(|planned| Refusal {
        code: Reason::PriceMoved.into(),
        detail: format!("planned at {}, now {price}, {percent} % allowed", planned.approximate().round_dp(8)),
    }))
}

/// The price that an entry at the market was planned at, which what is held for it tells: its margin, of coins its cost, with
/// the fee and with room for the price to move.
pub(super) fn planned_at(position: &Position, order: &Order) -> Result<Option<Fraction>, MoneyError> {
    let held = order.quantity.fraction() * position.group.ground().outlay() * price_moved_max()?.gain();
    Ok(order.reserved.fraction().over(&held))
}

fn price_moved_max() -> Result<Percent, MoneyError> {
    Percent::new(Decimal::from(limits::PRICE_MOVED_PERCENT_MAX))
}

fn is_within(price: Price, planned: &Fraction, percent: Percent) -> bool {
    let (low, high) = (planned.clone() * percent.loss(), planned.clone() * percent.gain());
    (low..=high).contains(&price.fraction())
}

fn refused(code: Reason, detail: String) -> Admission {
    Admission::Refused(Refusal { code: code.into(), detail }, None)
}
