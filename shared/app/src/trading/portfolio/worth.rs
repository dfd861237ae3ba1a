//! What accounts are worth, in each of their currencies and in their user's.

use super::rates::rates;
use crate::trading::profit::ProfitError;
use crate::trading::scope::{all_accounts, mode_of};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::conversion::Rates;
use domain::group::Position;
use domain::ids::{AccountId, GroupId, UserId};
use domain::limits::{OPEN_SHOWN_MAX, TRADES_AT_ONCE};
use domain::lots::shown;
use domain::market::Asset;
use domain::money::{Amount, Fraction, MoneyError, Price};
use domain::vault::Mode;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{Engine, StoreError};
use wire::stored::{BookDay, BookLine, Schema};
use wire::text::Text;
use wire::view::{Portfolio, PortfolioAccount, PortfolioTotal, time};

/// One account in one currency.
pub(super) struct Line<'a> {
    pub(super) account: &'a Account,
    pub(super) currency: Asset,
    /// In which it trades, as far as its positions say.
    pub(super) mode: Option<Mode>,
    pub(super) cash: Amount,
    pub(super) cost: Amount,
    pub(super) open: Amount,
    /// When the oldest of the prices was seen.
    price_at: Option<Timestamp>,
    /// Positions without a price: they count at what they have cost.
    unvalued: Vec<String>,
}

impl Line<'_> {
    /// # Errors
    /// `Inexact` if the sum cannot be kept.
    pub(super) fn equity(&self) -> Result<Amount, MoneyError> {
        self.cash.plus(self.cost)?.plus(self.open)
    }
}

/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn portfolio<D: Engine>(
    deps: &D,
    user: &UserId,
    currency: &Asset,
    now: Timestamp,
) -> Result<Portfolio, ProfitError> {
    let accounts = all_accounts(deps, user).await?;
    let (open, left_out) = open_positions(deps, &accounts).await?;
    let modes = modes(deps, &accounts).await?;
    let lines = lines(&accounts, &open, &left_out)?;
    let mut by_mode: BTreeMap<Option<Mode>, Vec<&Line<'_>>> = BTreeMap::new();
    for line in &lines {
        by_mode.entry(modes.get(&line.account.id).copied()).or_default().push(line);
    }
    let (mut totals, mut shown) = (Vec::new(), Vec::with_capacity(lines.len()));
    for (mode, lines) in by_mode {
        // Money is worth what the markets of its own mode say.
        let currencies = lines.iter().map(|line| line.currency.clone()).chain([currency.clone()]).collect();
        let accounts: Vec<&Account> = lines.iter().map(|line| line.account).collect();
        let of_mode = open.iter().filter(|one| accounts.iter().any(|account| account.id == one.group.account));
        let rates = rates(deps, &accounts, of_mode, &currencies, now).await?;
        let mut total = Total::default();
        for line in lines {
            total.add(line, &rates, currency);
            shown.push(of_account(line, mode)?);
        }
        totals.push(total.shown(mode)?);
    }
    Ok(Portfolio { at: time(now), currency: currency.to_string(), totals, accounts: shown })
}

/// Keeps what the user's accounts are worth, as that of the day of `now`.
///
/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub(crate) async fn keep_day<D: Engine>(
    deps: &D,
    user: &UserId,
    (accounts, open): (&[Account], &[Position]),
    now: Timestamp,
) -> Result<(), StoreError> {
    let lines = lines(accounts, open, &[]).map_err(StoreError::unreadable)?;
    let line = |line: &Line<'_>| BookLine {
        account: Text(line.account.id.clone()),
        mode: line.mode.map(Text),
        currency: Text(line.currency.clone()),
        cash: Text(line.cash),
        cost: Text(line.cost),
        open: Text(line.open),
    };
    let (day, at, lines) = (now.day(), now.millis(), lines.iter().map(line).collect());
    Trading(deps).keep_book_day(&BookDay { v: Schema, user: Text(user.clone()), day, at, lines }).await
}

/// What is open, with its account; and positions that cannot be read, or are too many.
pub(super) async fn open_positions<D: Engine>(
    deps: &D,
    accounts: &[Account],
) -> Result<(Vec<Position>, Vec<(AccountId, GroupId)>), StoreError> {
    let live = accounts.iter().flat_map(|one| one.live.values().map(|group| (one.id.clone(), group.clone())));
    let mut live: Vec<_> = live.collect();
    let mut left_out = live.split_off(live.len().min(OPEN_SHOWN_MAX));
    let mut open = Vec::with_capacity(live.len());
    for chunk in live.chunks(TRADES_AT_ONCE) {
        let rows = Trading(deps);
        let loaded = chunk.iter().map(|(account, group)| rows.load_position(account, group));
        for (position, place) in join_all(loaded).await.into_iter().zip(chunk) {
            match position {
                Ok(Some(found)) if found.ledger().is_ok() => open.extend(Some(found).filter(Position::has_bought)),
                Ok(None) => {}
                Ok(Some(_)) | Err(StoreError::Unreadable(_)) => left_out.push(place.clone()),
                Err(error) => return Err(error),
            }
        }
    }
    Ok((open, left_out))
}

/// In which mode each account trades, as far as it is known.
pub(super) async fn modes<D: Engine>(deps: &D, accounts: &[Account]) -> Result<BTreeMap<AccountId, Mode>, StoreError> {
    let mut modes = BTreeMap::new();
    for account in accounts {
        modes.extend(mode_of(deps, account).await?.map(|mode| (account.id.clone(), mode)));
    }
    Ok(modes)
}

/// Of each account those currencies in which it has a balance, trades or has traded.
///
/// # Errors
/// `Inexact` if a number cannot be kept.
pub(super) fn lines<'a>(
    accounts: &'a [Account],
    open: &[Position],
    left_out: &[(AccountId, GroupId)],
) -> Result<Vec<Line<'a>>, MoneyError> {
    let mut lines = Vec::new();
    for account in accounts {
        // A coin is a currency only of those who trade in it.
        let held = account.balances.keys().filter(|asset| asset.is_money());
        let traded = account.live.keys().map(|seat| &seat.symbol.quote).chain(account.worth.realised.keys());
        let currencies: BTreeSet<&Asset> = held.chain(traded).collect();
        for currency in currencies {
            lines.push(Line::of(account, currency, open, left_out)?);
        }
    }
    Ok(lines)
}

/// Its balance, without the coins of it that open positions hold: those are worth what the positions are.
fn cash<'a>(
    account: &Account,
    currency: &Asset,
    own: impl Iterator<Item = &'a Position>,
) -> Result<Amount, MoneyError> {
    let of_coins = |one: &&Position| {
        let market = &one.group.market;
        market.key.symbol.base == *currency && !market.kind.is_linear()
    };
    let held = own.filter(of_coins).try_fold(Amount::ZERO, |sum, one| {
        let ledger = one.ledger()?;
        // What rests in a sale is not in the balance that is known.
        sum.plus(Amount::new(ledger.held()?.minus(ledger.committed)?.get())?)
    })?;
    Ok(account.balance(currency).minus(held)?.max(Amount::ZERO))
}

impl<'a> Line<'a> {
    fn of(
        account: &'a Account,
        currency: &Asset,
        open: &[Position],
        left_out: &[(AccountId, GroupId)],
    ) -> Result<Self, MoneyError> {
        let own = || open.iter().filter(|one| one.group.account == account.id);
        let mut line = Self {
            account,
            currency: currency.clone(),
            mode: account.worth.equity.get(currency).and_then(|known| known.mode),
            cash: cash(account, currency, own())?,
            cost: Amount::ZERO,
            open: Amount::ZERO,
            price_at: None,
            unvalued: Vec::new(),
        };
        for position in own().filter(|one| one.group.market.key.symbol.quote == *currency) {
            line.mode = position.group.mode.or(line.mode);
            line.add(position)?;
        }
        let here = account.live.iter().filter(|(seat, _)| seat.symbol.quote == *currency).map(|(_, group)| group);
        let is_left_out = |group: &&GroupId| left_out.iter().any(|(_, other)| other == *group);
        line.unvalued.extend(here.filter(is_left_out).map(ToString::to_string));
        Ok(line)
    }

    fn add(&mut self, position: &Position) -> Result<(), MoneyError> {
        let (mark, average) = (position.group.mark, position.ledger()?.average());
        let Some(price) = mark.map(|mark| mark.price).or_else(|| Price::new(average?.approximate()).ok()) else {
            return Ok(());
        };
        let valued = position.valued(price)?;
        self.cost = self.cost.plus(valued.cost)?;
        match mark {
            Some(mark) => {
                self.open = self.open.plus(valued.open)?;
                self.price_at = self.price_at.into_iter().chain([mark.at]).min();
            }
            None => self.unvalued.push(position.group.id.to_string()),
        }
        Ok(())
    }
}

/// All accounts of one mode, in the user's currency.
struct Total {
    cash: Fraction,
    cost: Fraction,
    open: Fraction,
    price_at: Option<Timestamp>,
    partial: bool,
    unvalued: BTreeSet<String>,
}

impl Default for Total {
    fn default() -> Self {
        let none = || Fraction::whole(0);
        let (price_at, partial, unvalued) = (None, false, BTreeSet::new());
        Self { cash: none(), cost: none(), open: none(), price_at, partial, unvalued }
    }
}

impl Total {
    fn add(&mut self, line: &Line<'_>, rates: &Rates, currency: &Asset) {
        let is_nothing = [line.cash, line.cost, line.open].iter().all(|amount| *amount == Amount::ZERO);
        let Some(one) = rates.convert(&Fraction::whole(1), &line.currency, currency) else {
            if !is_nothing {
                self.partial = true;
                self.unvalued.insert(line.currency.to_string());
            }
            return;
        };
        let of = |amount: Amount| one.amount.clone() * amount.fraction();
        self.cash = self.cash.clone() + of(line.cash);
        self.cost = self.cost.clone() + of(line.cost);
        self.open = self.open.clone() + of(line.open);
        self.partial |= !line.unvalued.is_empty();
        let times = line.price_at.into_iter().chain(one.price_at.filter(|_| !is_nothing));
        self.price_at = self.price_at.into_iter().chain(times).min();
    }

    fn shown(self, mode: Option<Mode>) -> Result<PortfolioTotal, MoneyError> {
        let equity = self.cash.clone() + self.cost.clone() + self.open.clone();
        Ok(PortfolioTotal {
            mode: mode.map(Text),
            equity: shown(&equity)?.to_string(),
            cash: shown(&self.cash)?.to_string(),
            exposure: shown(&self.cost)?.to_string(),
            unrealised_pnl: shown(&self.open)?.to_string(),
            price_at: self.price_at.map(time),
            partial: self.partial,
            unvalued: self.unvalued.into_iter().collect(),
        })
    }
}

fn of_account(line: &Line<'_>, mode: Option<Mode>) -> Result<PortfolioAccount, MoneyError> {
    let account = line.account;
    let read_at = Some(account.balance_at).filter(|at| *at != Timestamp::default());
    Ok(PortfolioAccount {
        account_id: account.id.to_string(),
        label: account.label.clone(),
        exchange: account.exchange.to_string(),
        mode: mode.map(Text),
        currency: line.currency.to_string(),
        equity: line.equity()?.to_string(),
        cash: line.cash.to_string(),
        cash_read_at: read_at.map(time),
        exposure: line.cost.to_string(),
        unrealised_pnl: line.open.to_string(),
        price_at: line.price_at.map(time),
        unvalued: line.unvalued.clone(),
    })
}
