//! What accounts were worth over time: as each day ended, with the closes between.

use super::closed::closed;
use super::worth::{Line, lines, modes, open_positions};
use crate::trading::profit::ProfitError;
use crate::trading::scope::all_accounts;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::group::{Group, Settled};
use domain::ids::{AccountId, UserId};
use domain::market::Asset;
use domain::money::{Amount, MoneyError};
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::trading::Trading;
use store::{Engine, Span};
use wire::stored::BookDay;
use wire::text::Text;
use wire::view::{EquityCurve, EquityPoint, EquityReport, EquityStep, time};

/// The accounts of one mode in one currency.
type Key = (Option<Mode>, Asset);

/// What they had at a moment.
#[derive(Clone, Copy)]
struct Had {
    cash: Amount,
    equity: Amount,
    open: Amount,
}

/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn equity<D: Engine>(
    deps: &D,
    user: &UserId,
    (since, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<EquityReport, ProfitError> {
    let accounts = all_accounts(deps, user).await?;
    let modes = modes(deps, &accounts).await?;
    let mut curves: BTreeMap<Key, (Vec<EquityPoint>, Vec<EquityStep>)> = BTreeMap::new();
    let last = until.minus(Millis::new(1)).day();
    for day in Trading(deps).list_book_days(user, since.day(), last).await? {
        let at = Timestamp::from_millis(day.at);
        if since <= at && at < until {
            add(&mut curves, at, of_day(&day, &modes)?);
        }
    }
    if since <= now && now < until {
        let (open, left_out) = open_positions(deps, &accounts).await?;
        let found = lines(&accounts, &open, &left_out)?;
        add(&mut curves, now, of_now(&found, &modes)?);
    }
    let span = Span { since: Some(since), until: Some(until) };
    let has_sold = |group: &Group| group.settled.as_ref().is_some_and(Settled::has_sold);
    let (mut closed, known_since) = closed(deps, user, span, has_sold).await?;
    closed.sort_by_key(|group| (group.settled.as_ref().map(|settled| settled.at), group.id.clone()));
    for group in closed {
        let Some(settled) = group.settled else { continue };
        let (_, closes) = curves.entry((group.mode, group.market.key.symbol.quote.clone())).or_default();
        let before = closes.last().map_or(Ok(Amount::ZERO), |step| step.total.parse())?;
        closes.push(EquityStep {
            at: time(settled.at),
            position_id: group.id.to_string(),
            realised_pnl: settled.realised.to_string(),
            total: before.plus(settled.realised)?.to_string(),
        });
    }
    let shown = |((mode, currency), (points, closes)): (Key, (Vec<_>, Vec<_>))| EquityCurve {
        mode: mode.map(Text),
        currency: currency.to_string(),
        points,
        closes,
    };
    let curves = curves.into_iter().map(shown).collect();
    Ok(EquityReport { since: time(since), until: time(until), curves, known_since: known_since.map(time) })
}

fn add(curves: &mut BTreeMap<Key, (Vec<EquityPoint>, Vec<EquityStep>)>, at: Timestamp, had: BTreeMap<Key, Had>) {
    for (key, Had { cash, equity, open }) in had {
        let (equity, cash, unrealised_pnl) = (equity.to_string(), cash.to_string(), open.to_string());
        curves.entry(key).or_default().0.push(EquityPoint { at: time(at), equity, cash, unrealised_pnl });
    }
}

/// By the mode of that day, as far as it was known.
fn of_day(day: &BookDay, modes: &BTreeMap<AccountId, Mode>) -> Result<BTreeMap<Key, Had>, MoneyError> {
    let mut sums = BTreeMap::new();
    for line in &day.lines {
        let mode = line.mode.map(|mode| mode.0).or_else(|| modes.get(&line.account.0).copied());
        let equity = line.cash.0.plus(line.cost.0)?.plus(line.open.0)?;
        let had = Had { cash: line.cash.0, equity, open: line.open.0 };
        put(&mut sums, (mode, line.currency.0.clone()), had)?;
    }
    Ok(sums)
}

fn of_now(lines: &[Line<'_>], modes: &BTreeMap<AccountId, Mode>) -> Result<BTreeMap<Key, Had>, MoneyError> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let account: &Account = line.account;
        let key = (modes.get(&account.id).copied(), line.currency.clone());
        put(&mut sums, key, Had { cash: line.cash, equity: line.equity()?, open: line.open })?;
    }
    Ok(sums)
}

fn put(sums: &mut BTreeMap<Key, Had>, key: Key, one: Had) -> Result<(), MoneyError> {
    let sum = match sums.get(&key) {
        None => one,
        Some(sum) => {
            Had { cash: sum.cash.plus(one.cash)?, equity: sum.equity.plus(one.equity)?, open: sum.open.plus(one.open)? }
        }
    };
    sums.insert(key, sum);
    Ok(())
}
