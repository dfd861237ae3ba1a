//! What accounts are worth, in each of their currencies and in their user's.

use super::rates::rates;
use crate::trading::profit::ProfitError;
use crate::trading::scope::all_accounts;
use crate::trading::trades::positions;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::conversion::Rates;
use domain::group::Position;
use domain::ids::{AccountId, UserId};
use domain::lots::shown;
use domain::market::Asset;
use domain::money::{Amount, Fraction, MoneyError, Price};
use domain::vault::Mode;
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::vault::Vault;
use store::{Engine, StoreError};
use wire::stored::{BookDay, BookLine, Schema};
use wire::text::Text;
use wire::view::{Portfolio, PortfolioAccount, PortfolioTotal, time};

/// One account in one currency.
pub(super) struct Line<'a> {
    pub(super) account: &'a Account,
    pub(super) currency: Asset,
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
    let open = open_positions(deps, &accounts).await?;
    let modes = modes(deps, &accounts).await?;
    let lines = lines(&accounts, &open)?;
    let currencies = lines.iter().map(|line| line.currency.clone()).chain([currency.clone()]).collect();
    let rates = rates(deps, &accounts, &open, &currencies, now).await?;
    let mut totals: BTreeMap<Option<Mode>, Total> = BTreeMap::new();
    let mut shown = Vec::with_capacity(lines.len());
    for line in &lines {
        let mode = modes.get(&line.account.id).copied();
        totals.entry(mode).or_default().add(line, &rates, currency);
        shown.push(of_account(line, mode)?);
    }
    let totals = totals.into_iter().map(|(mode, total)| total.shown(mode)).collect::<Result<_, _>>()?;
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
    let lines = lines(accounts, open).map_err(StoreError::unreadable)?;
    let line = |line: &Line<'_>| BookLine {
        account: Text(line.account.id.clone()),
        realised: Text(line.account.realised(&line.currency)),
        currency: Text(line.currency.clone()),
        cash: Text(line.cash),
        cost: Text(line.cost),
        open: Text(line.open),
    };
    let (day, at, lines) = (now.day(), now.millis(), lines.iter().map(line).collect());
    Trading(deps).keep_book_day(&BookDay { v: Schema, user: Text(user.clone()), day, at, lines }).await
}

pub(super) async fn open_positions<D: Engine>(deps: &D, accounts: &[Account]) -> Result<Vec<Position>, StoreError> {
    let live = accounts.iter().flat_map(|one| one.live.values().map(|group| (one.id.clone(), group.clone())));
    let groups = Trading(deps).load_groups(&live.collect::<Vec<_>>()).await?;
    positions(deps, &groups).await
}

/// In which mode each account trades, as far as it is known.
pub(super) async fn modes<D: Engine>(deps: &D, accounts: &[Account]) -> Result<BTreeMap<AccountId, Mode>, StoreError> {
    let mut modes = BTreeMap::new();
    for account in accounts {
        let told = Vault(deps).load_account_state(&account.id).await?.and_then(|state| state.mode);
        let told = told.or_else(|| account.exchange.is_paper().then_some(Mode::Paper));
        modes.extend(told.map(|mode| (account.id.clone(), mode)));
    }
    Ok(modes)
}

/// Of each account those currencies in which it has a balance, trades or has traded.
///
/// # Errors
/// `Inexact` if a number cannot be kept.
pub(super) fn lines<'a>(accounts: &'a [Account], open: &[Position]) -> Result<Vec<Line<'a>>, MoneyError> {
    let mut lines = Vec::new();
    for account in accounts {
        let held = account.balances.iter().filter(|(asset, _)| asset.is_quote()).map(|(asset, _)| asset);
        let traded = account.live.keys().map(|seat| &seat.symbol.quote).chain(account.worth.realised.keys());
        let currencies: BTreeSet<&Asset> = held.chain(traded).collect();
        for currency in currencies {
            let mut line = Line {
                account,
                currency: currency.clone(),
                cash: account.balance(currency),
                cost: Amount::ZERO,
                open: Amount::ZERO,
                price_at: None,
                unvalued: Vec::new(),
            };
            let is_its =
                |one: &&Position| one.group.account == account.id && one.group.market.key.symbol.quote == *currency;
            for position in open.iter().filter(is_its) {
                line.add(position)?;
            }
            lines.push(line);
        }
    }
    Ok(lines)
}

impl Line<'_> {
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
