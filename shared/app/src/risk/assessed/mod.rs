//! How risky a user's open positions are: read from what is stored, of each mode and currency by itself. Nothing of it decides.

mod closes;
mod score;

use crate::ports::StoreError;
use crate::trading;
use closes::Closes;
use domain::account::Account;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::{GroupId, UserId};
use domain::market::Asset;
use domain::money::{Amount, Decimal, Fraction, MoneyError, Price};
use domain::risk::AssessedFor;
use domain::vault::Mode;
use score::Held;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{Engine, PageRequest};
use wire::text::Text;
use wire::view::{AssetExposure, PositionWorstCase, RiskAssessment, RiskBook, time};

/// Assesses what is open now, and keeps that. Without anything open nothing is kept, unless it was requested.
///
/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn assess_book<D: Engine>(
    deps: &D,
    user: &UserId,
    made_for: AssessedFor,
    now: Timestamp,
) -> Result<Option<RiskAssessment>, StoreError> {
    let accounts = trading::all_accounts(deps, user).await?;
    let mut books: BTreeMap<(Option<Mode>, Asset), Vec<Open>> = BTreeMap::new();
    let mut inexact: BTreeMap<(Option<Mode>, Asset), Vec<String>> = BTreeMap::new();
    for account in &accounts {
        for group in account.live.values() {
            let Some(position) = Trading(deps).load_position(&account.id, group).await? else { continue };
            let key = (position.group.mode, position.group.market.key.symbol.quote.clone());
            let book = books.entry(key.clone()).or_default();
            match Open::of(position) {
                Ok(open) => book.push(open),
                // The others are assessed all the same.
                Err(_) => inexact.entry(key).or_default().push(group.to_string()),
            }
        }
    }
    if books.is_empty() && made_for != AssessedFor::Request {
        return Ok(None);
    }
    let open: Vec<Position> = books.values().flatten().map(|one| one.position.clone()).collect();
    let mut closes = Closes::new(now);
    let mut assessed = Vec::with_capacity(books.len());
    for ((mode, currency), open) in books {
        closes.read(deps, &open).await?;
        let mut book = book(mode, &currency, &open, &accounts, &closes).map_err(StoreError::unreadable)?;
        book.unvalued.extend(inexact.remove(&(mode, currency)).unwrap_or_default());
        assessed.push(book);
    }
    let assessment = RiskAssessment { at: time(now), made_for: Text(made_for), outdated: false, books: assessed };
    Trading(deps).keep_assessment(user, now, &assessment).await?;
    trading::portfolio::keep_day(deps, user, (&accounts, &open), now).await?;
    Ok(Some(assessment))
}

/// The newest one, and whether a position was opened or closed since.
///
/// # Errors
/// If the store cannot be reached.
pub async fn latest<D: Engine>(deps: &D, user: &UserId) -> Result<Option<RiskAssessment>, StoreError> {
    let newest = PageRequest { limit: 1, cursor: None };
    let Some(made) = Trading(deps).list_assessments(user, &newest).await?.items.into_iter().next() else {
        return Ok(None);
    };
    let accounts = trading::all_accounts(deps, user).await?;
    let open: BTreeSet<&str> = accounts.iter().flat_map(|one| one.live.values()).map(GroupId::as_str).collect();
    let shown = made.positions();
    // Of a book that is larger than what is shown of it, what is shown is compared.
    let outdated = if shown.len() < WORST_CASES_MAX { shown != open } else { !shown.is_subset(&open) };
    Ok(Some(RiskAssessment { outdated, ..made }))
}

/// Everyone who has something open.
///
/// # Errors
/// If the store cannot be reached.
pub async fn users_with_positions<D: Engine>(deps: &D) -> Result<BTreeSet<UserId>, StoreError> {
    let mut users = BTreeSet::new();
    for account in Trading(deps).all_active().await? {
        let account = Trading(deps).load_account(&account).await?;
        users.extend(account.filter(|account| !account.live.is_empty()).map(|account| account.user));
    }
    Ok(users)
}

/// An open position with its numbers.
struct Open {
    position: Position,
    exposure: Amount,
    cost: Amount,
    /// Profit of what is held, at the last price that was seen.
    profit: Amount,
    price: Option<Price>,
    worst: PositionWorstCase,
    loss: Amount,
}

impl Open {
    fn of(position: Position) -> Result<Self, MoneyError> {
        let group = &position.group;
        let price = group.mark.map(|mark| mark.price);
        let average = position.ledger()?.average().and_then(|average| Price::new(average.approximate()).ok());
        let valued = price.or(average).map(|price| position.valued(price)).transpose()?;
        let (cost, profit) = valued.map_or((Amount::ZERO, Amount::ZERO), |valued| (valued.cost, valued.open));
        let worst = position.worst_case()?;
        let gone = position.margin_gone_at()?;
        let worst_shown = PositionWorstCase {
            position_id: group.id.to_string(),
            account_id: group.account.to_string(),
            symbol: group.market.key.symbol.to_string(),
            planned: worst.planned.to_string(),
            stop_price: worst.stop.map(|stop| stop.to_string()),
            loss: worst.loss.to_string(),
            margin_gone_price: gone.map(|gone| gone.to_string()),
            margin_gone_percent: gone.zip(price).map(|(gone, price)| away(price, gone, group.side)).transpose()?,
        };
        let exposure = group.exposure_of_parts()?;
        Ok(Self { exposure, cost, profit, price, worst: worst_shown, loss: worst.loss, position })
    }

    /// What is held, at the last price: of a short what it would cost to buy it back.
    fn value(&self) -> Result<Amount, MoneyError> {
        let Some(price) = self.price else { return Ok(self.exposure) };
        price.times(self.position.ledger()?.held()?)
    }
}

fn book(
    mode: Option<Mode>,
    currency: &Asset,
    open: &[Open],
    accounts: &[Account],
    closes: &Closes,
) -> Result<RiskBook, MoneyError> {
    let trading: BTreeSet<_> = open.iter().map(|one| &one.position.group.account).collect();
    let balances = accounts.iter().filter(|account| trading.contains(&account.id)).map(|one| one.balance(currency));
    let balance = balances.into_iter().try_fold(Amount::ZERO, Amount::plus)?;
    let equity = open.iter().try_fold(balance, |sum, one| sum.plus(one.cost)?.plus(one.profit))?;
    let (score, factors) = score::score(&held(open, equity, closes)?);
    let mut worst: Vec<&Open> = open.iter().collect();
    worst.sort_by_key(|one| Reverse(one.loss));
    let unvalued = open.iter().filter(|one| one.price.is_none() && one.position.has_bought());
    Ok(RiskBook {
        mode: mode.map(Text),
        currency: currency.to_string(),
        score,
        factors,
        equity: equity.to_string(),
        exposure: exposures(open)?,
        worst_loss: open.iter().try_fold(Amount::ZERO, |sum, one| sum.plus(one.loss))?.to_string(),
        worst_cases: worst.into_iter().take(WORST_CASES_MAX).map(|one| one.worst.clone()).collect(),
        unvalued: unvalued.map(|one| one.position.group.id.to_string()).collect(),
    })
}

/// A row holds no more.
const WORST_CASES_MAX: usize = 1_000;

fn exposures(open: &[Open]) -> Result<Vec<AssetExposure>, MoneyError> {
    let mut assets: BTreeMap<&Asset, (Amount, Amount)> = BTreeMap::new();
    for one in open {
        let (planned, value) = assets.entry(&one.position.group.market.key.symbol.base).or_default();
        (*planned, *value) = (planned.plus(one.exposure)?, value.plus(one.value()?)?);
    }
    let shown = |(asset, (planned, value)): (&Asset, (Amount, Amount))| AssetExposure {
        asset: asset.to_string(),
        planned: planned.to_string(),
        value: value.to_string(),
    };
    Ok(assets.into_iter().map(shown).collect())
}

/// By market, as shares of what the accounts have. Without equity all of it is at risk.
fn held(open: &[Open], equity: Amount, closes: &Closes) -> Result<BTreeMap<String, Held>, MoneyError> {
    let mut markets: BTreeMap<String, Held> = BTreeMap::new();
    for one in open {
        let (key, side) = (&one.position.group.market.key, one.position.group.side);
        let exposure = share(one.exposure, equity);
        let market = markets.entry(format!("{} {}", key.exchange, key.symbol)).or_default();
        market.share += if side == Side::Short { -exposure } else { exposure };
        market.closes = closes.of(key);
        market.of_day = closes.volume_of(key).map(|volume| market.of_day.unwrap_or(0.0) + share(one.exposure, volume));
        let near = one.worst.margin_gone_percent.as_ref().and_then(|percent| percent.parse::<f64>().ok());
        market.liquidation = market.liquidation.into_iter().chain(near.map(|percent| percent / 100.0)).reduce(f64::min);
    }
    Ok(markets)
}

fn share(part: Amount, whole: Amount) -> f64 {
    let number = |amount: Amount| f64::try_from(amount.get()).unwrap_or(f64::MAX);
    if whole > Amount::ZERO { number(part) / number(whole) } else { 1.0 }
}

/// How far a price is from another, in percent of itself: nothing once it has come there.
fn away(price: Price, from: Price, side: Side) -> Result<String, MoneyError> {
    let apart = price.fraction() - from.fraction();
    let is_past = (side == Side::Long) == (apart < Fraction::whole(0));
    if is_past {
        return Ok("0".to_owned());
    }
    let apart = if apart < Fraction::whole(0) { Fraction::whole(0) - apart } else { apart };
    let percent = (apart * Fraction::whole(100)).over(&price.fraction()).ok_or(MoneyError::NotANumber)?;
    Ok(percent.floor_to(Decimal::new(1, 2))?.normalize().to_string())
}
