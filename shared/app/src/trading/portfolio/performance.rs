//! How trades have gone that were closed in a time, put together by something.

use super::closed::closed as closed_in;
use super::user_trades::{TradesWanted, records, source_of};
use crate::trading::profit::ProfitError;
use crate::trading::trades::positions;
use domain::bot::ByBot;
use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::{RunId, UserId};
use domain::limits::PERFORMANCE_FEES_MAX;
use domain::market::Asset;
use domain::money::{Amount, MoneyError};
use domain::performance::{Deal, Performance};
use domain::trade_record::OwnTrade;
use domain::vault::Mode;
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{Engine, Span};
use wire::stored::TradeRecord;
use wire::text::Text;
use wire::view::{
    ByAsset, PerformanceBy, PerformanceGroup, PerformancePeriod, PerformanceReport, TradeSource, date, time,
};

/// Which trades, closed when, and by what they are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerformanceWanted {
    pub trades: TradesWanted,
    pub since: Timestamp,
    pub until: Timestamp,
    pub by: PerformanceBy,
    pub period: PerformancePeriod,
}

/// A trade that counts, with all that it may be put together by.
struct Counted {
    deal: Deal,
    mode: Option<Mode>,
    currency: Asset,
    symbol: String,
    exchange: String,
    bot: Option<ByBot>,
    source: TradeSource,
    tags: Vec<String>,
    fees: BTreeMap<Asset, Amount>,
    fee_unvalued: bool,
}

/// A key, a mode and a currency. What has no key comes first.
type Key = (Option<String>, Option<Mode>, Asset);
type Groups<'a> = BTreeMap<Key, Vec<&'a Counted>>;

/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn performance<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &PerformanceWanted,
) -> Result<PerformanceReport, ProfitError> {
    let (mut counted, known_since, has_fees) = closed(deps, user, wanted).await?;
    let span = Span { since: Some(wanted.since), until: Some(wanted.until) };
    for record in Trading(deps).list_own_trades(user).await? {
        let Some(trade) = record.trade.as_ref().map(OwnTrade::from) else { continue };
        if span.has(trade.closed_at) && wanted.trades.takes_trade(&trade, &record) {
            counted.push(Counted::of_own(&trade, record)?);
        }
    }
    let mut strategies = BTreeMap::new();
    if wanted.by == PerformanceBy::Strategy {
        // As each run has traded: a bot may have another strategy by now.
        let runs: BTreeSet<&RunId> = counted.iter().filter_map(|one| one.bot.as_ref()).map(|by| &by.run).collect();
        for id in runs {
            let run = Trading(deps).load_run(user, id).await?;
            strategies.extend(run.map(|run| (id.clone(), run.terms.strategy.name)));
        }
    }
    let (mut totals, mut groups) = (Groups::new(), Groups::new());
    for one in &counted {
        totals.entry((None, one.mode, one.currency.clone())).or_default().push(one);
        for key in one.keys(wanted, &strategies) {
            groups.entry((key, one.mode, one.currency.clone())).or_default().push(one);
        }
    }
    let told = |groups: Groups<'_>| groups.into_iter().map(|group| shown(group, has_fees)).collect::<Result<_, _>>();
    Ok(PerformanceReport {
        since: time(wanted.since),
        until: time(wanted.until),
        totals: told(totals)?,
        groups: told(groups)?,
        known_since: known_since.map(time),
    })
}

/// Closed positions; since when all are known, and whether their fees are.
async fn closed<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &PerformanceWanted,
) -> Result<(Vec<Counted>, Option<Timestamp>, bool), ProfitError> {
    let needs_tags = wanted.by == PerformanceBy::Tag || wanted.trades.tag.is_some();
    let tags = if needs_tags { Trading(deps).list_position_records(user).await? } else { Vec::new() };
    let mut tags = records(tags);
    let span = Span { since: Some(wanted.since), until: Some(wanted.until) };
    let is_meant =
        |group: &Group| wanted.trades.takes_position(group) && wanted.trades.is_tagged(tags.get(group.id.as_str()));
    let (found, known_since) = closed_in(deps, user, span, is_meant).await?;
    let has_fees = found.len() <= PERFORMANCE_FEES_MAX;
    let mut fees = BTreeMap::new();
    if has_fees {
        for position in positions(deps, &found).await? {
            fees.insert(position.group.id.clone(), position.ledger()?.fees);
        }
    }
    let counted = found.into_iter().filter_map(|group| {
        let (record, fees) = (tags.remove(group.id.as_str()), fees.remove(&group.id).unwrap_or_default());
        Counted::of_position(&group, record, fees)
    });
    Ok((counted.collect(), known_since, has_fees))
}

impl Counted {
    fn of_position(group: &Group, record: Option<TradeRecord>, fees: BTreeMap<Asset, Amount>) -> Option<Self> {
        let settled = group.settled?;
        Some(Self {
            deal: Deal { realised: settled.realised, opened_at: group.opened_at, closed_at: settled.at },
            mode: group.mode,
            currency: group.market.key.symbol.quote.clone(),
            symbol: group.market.key.symbol.to_string(),
            exchange: group.market.key.exchange.to_string(),
            bot: group.bot.as_deref().cloned(),
            source: source_of(group),
            tags: record.map(|record| record.tags).unwrap_or_default(),
            fees,
            fee_unvalued: settled.fee_unvalued,
        })
    }

    fn of_own(trade: &OwnTrade, record: TradeRecord) -> Result<Self, MoneyError> {
        Ok(Self {
            deal: Deal { realised: trade.realised()?, opened_at: trade.opened_at, closed_at: trade.closed_at },
            mode: Some(trade.mode),
            currency: trade.symbol.quote.clone(),
            symbol: trade.symbol.to_string(),
            exchange: trade.exchange.to_string(),
            bot: None,
            source: TradeSource::Manual,
            tags: record.tags,
            fees: [(trade.symbol.quote.clone(), trade.fees)].into(),
            fee_unvalued: false,
        })
    }

    /// Several for several tags, and none for none.
    fn keys(&self, wanted: &PerformanceWanted, strategies: &BTreeMap<RunId, String>) -> Vec<Option<String>> {
        let strategy = || self.bot.as_ref().and_then(|by| strategies.get(&by.run)).cloned();
        vec![match wanted.by {
            PerformanceBy::Period => Some(period(self.deal.closed_at, wanted.period)),
            PerformanceBy::Symbol => Some(self.symbol.clone()),
            PerformanceBy::Strategy => strategy(),
            PerformanceBy::Bot => self.bot.as_ref().map(|by| by.bot.to_string()),
            PerformanceBy::Source => Some(self.source.as_str().to_owned()),
            PerformanceBy::Exchange => Some(self.exchange.clone()),
            PerformanceBy::Tag if self.tags.is_empty() => None,
            PerformanceBy::Tag => return self.tags.iter().cloned().map(Some).collect(),
        }]
    }
}

/// The UTC day, or its month.
fn period(at: Timestamp, period: PerformancePeriod) -> String {
    let day = date(at.day());
    match period {
        PerformancePeriod::Day => day,
        PerformancePeriod::Month => day.chars().take("2026-11".len()).collect(),
    }
}

fn shown(
    ((key, mode, currency), trades): (Key, Vec<&Counted>),
    has_fees: bool,
) -> Result<PerformanceGroup, MoneyError> {
    let deals: Vec<Deal> = trades.iter().map(|trade| trade.deal).collect();
    let gone = Performance::of(&deals)?;
    let mut fees: BTreeMap<&Asset, Amount> = BTreeMap::new();
    for (asset, fee) in trades.iter().flat_map(|trade| &trade.fees) {
        let sum = fees.entry(asset).or_insert(Amount::ZERO);
        *sum = sum.plus(*fee)?;
    }
    fees.retain(|_, sum| *sum != Amount::ZERO);
    let fees = fees.into_iter().map(|(asset, sum)| (asset.to_string(), sum.to_string())).collect();
    Ok(PerformanceGroup {
        key,
        mode: mode.map(Text),
        currency: currency.to_string(),
        trades: gone.trades,
        won: gone.won,
        lost: gone.lost,
        realised_pnl: gone.realised.to_string(),
        gained: gone.gained.to_string(),
        given_back: gone.given_back.to_string(),
        win_rate_percent: gone.win_rate_percent.map(|rate| rate.to_string()),
        profit_factor: gone.profit_factor.map(|factor| factor.to_string()),
        expectancy: gone.expectancy.map(|mean| mean.to_string()),
        best: gone.best.map(|best| best.to_string()),
        worst: gone.worst.map(|worst| worst.to_string()),
        drawdown: gone.drawdown.to_string(),
        holding_seconds: gone.holding.map(|held| held.get().div_euclid(1_000)),
        sharpe: gone.sharpe,
        fee_unvalued: trades.iter().any(|trade| trade.fee_unvalued),
        fees: has_fees.then_some(ByAsset(fees)),
    })
}
