//! Trades that are over, newest first by when they were opened: closed positions, and what their user has entered.
//!
//! Both lists are in one order, by time and id, and a page goes on behind the place of its last item. Reads are bounded: a page may have fewer than are
//! asked for, or none, and goes on.

use crate::ports::{Page, PageRequest};
use crate::trading::listed::Wanted;
use crate::trading::profit::ProfitError;
use crate::trading::trades::{TradeStatus, positions};
use domain::by_hand;
use domain::clock::{Millis, Timestamp};
use domain::group::{Group, Position};
use domain::ids::{GroupId, UserId};
use domain::limits::{LIST_READS_MAX, PAGE_ITEMS_DEFAULT};
use domain::money::{Amount, MoneyError};
use domain::trade_record::{OwnTrade, Tag};
use std::collections::BTreeMap;
use store::trading::Trading;
use store::{Engine, Span, StoreError};
use wire::stored::TradeRecord;
use wire::text::Text;
use wire::view::{ByAsset, Trade, TradeSource, UserTrade, time};

/// Which trades a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradesWanted {
    pub of: Wanted<TradeStatus>,
    pub source: Option<TradeSource>,
    pub tag: Option<Tag>,
}

/// When it was opened, and its id.
type Place = (Timestamp, String);

/// What a page shows, before its orders are read.
enum Found {
    Position(Box<Group>, Option<TradeRecord>),
    Own(Box<OwnTrade>, TradeRecord),
}

/// # Errors
/// If the store cannot be reached, or a number cannot be kept exactly.
pub async fn user_trades<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &TradesWanted,
    page: &PageRequest,
) -> Result<Page<UserTrade>, ProfitError> {
    let before = page.cursor.as_deref().map(place).transpose()?;
    let (mut found, horizon) = closed(deps, user, wanted, (before.as_ref(), page.items())).await?;
    if wanted.takes_own() {
        for record in Trading(deps).list_own_trades(user).await? {
            let Some(trade) = record.trade.as_ref().map(OwnTrade::from) else { continue };
            let place = (trade.opened_at, record.id.clone());
            let is_next = before.as_ref().is_none_or(|before| place < *before);
            // What is older than the last position that was looked at comes with a later page.
            let is_here = horizon.as_ref().is_none_or(|horizon| place >= *horizon);
            if is_next && is_here && wanted.takes(&trade, &record) {
                found.push((place, Found::Own(Box::new(trade), record)));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    let limit = usize::try_from(page.items()).unwrap_or(usize::MAX);
    let goes_on = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| goes_on).map(|(place, _)| place.clone());
    let next = last.or(horizon).map(|(at, id)| format!("{} {id}", at.millis()));
    Ok(Page { items: shown(deps, found).await?, next })
}

/// Closed positions of a page, and the last one that was looked at if there are more.
async fn closed<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &TradesWanted,
    (before, limit): (Option<&Place>, u32),
) -> Result<(Vec<(Place, Found)>, Option<Place>), StoreError> {
    let (mut found, mut horizon) = (Vec::new(), None);
    let after = before.map(|(at, _)| at.plus(Millis::new(1)));
    let until = wanted.of.span.until.into_iter().chain(after).min();
    let span = Span { since: wanted.of.span.since, until };
    let mut asked = PageRequest { limit: limit.max(PAGE_ITEMS_DEFAULT), cursor: None };
    if wanted.source == Some(TradeSource::Manual) {
        return Ok((found, None));
    }
    for _ in 0..LIST_READS_MAX {
        let read = Trading(deps).list_groups(user, span, &asked).await?;
        horizon = read.items.last().map(|group| (group.opened_at, group.id.to_string())).or(horizon);
        let mut groups = read.items;
        groups.retain(|group| {
            let place = (group.opened_at, group.id.to_string());
            before.is_none_or(|before| place < *before) && wanted.takes_position(group)
        });
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id.clone()).collect();
        let mut records = records(Trading(deps).load_trade_records(user, &ids).await?);
        for group in groups {
            let record = records.remove(group.id.as_str());
            if wanted.is_tagged(record.as_ref()) {
                let place = (group.opened_at, group.id.to_string());
                found.push((place, Found::Position(Box::new(group), record)));
            }
        }
        asked.cursor = read.next;
        if asked.cursor.is_none() {
            return Ok((found, None));
        }
        if found.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok((found, horizon))
}

/// By the id of their trade.
pub(super) fn records(records: Vec<TradeRecord>) -> BTreeMap<String, TradeRecord> {
    records.into_iter().map(|record| (record.id.clone(), record)).collect()
}

async fn shown<D: Engine>(deps: &D, found: Vec<(Place, Found)>) -> Result<Vec<UserTrade>, ProfitError> {
    let group = |(_, found): &(Place, Found)| match found {
        Found::Position(group, _) => Some((**group).clone()),
        Found::Own(..) => None,
    };
    let groups: Vec<Group> = found.iter().filter_map(group).collect();
    let read = positions(deps, &groups).await?;
    let mut read: BTreeMap<_, _> = read.into_iter().map(|one| (one.group.id.clone(), one)).collect();
    let mut items = Vec::with_capacity(found.len());
    for (_, found) in found {
        match found {
            Found::Own(trade, record) => items.push(of_own(&trade, &record)?),
            Found::Position(group, record) => {
                if let Some(position) = read.remove(&group.id) {
                    items.push(of_position(&position, record.as_ref())?);
                }
            }
        }
    }
    Ok(items)
}

/// A closed position with what is kept beside it.
pub(super) fn of_position(position: &Position, record: Option<&TradeRecord>) -> Result<UserTrade, MoneyError> {
    let trade = Trade::of(position)?;
    Ok(UserTrade {
        source: source_of(&position.group),
        id: trade.id,
        account_id: Some(trade.account_id),
        bot_id: trade.bot_id,
        mode: trade.mode,
        exchange: trade.exchange,
        symbol: trade.symbol,
        side: trade.side,
        quantity: trade.quantity,
        entry_price: trade.entry_price,
        exit_price: trade.exit_price,
        realised_pnl: trade.realised_pnl.unwrap_or_else(|| "0".to_owned()),
        fees: trade.fees,
        fee_unvalued: trade.fee_unvalued,
        closed_at: trade.closed_at.unwrap_or(trade.opened_at),
        opened_at: trade.opened_at,
        notes: record.map(|record| record.notes.clone()).unwrap_or_default(),
        tags: record.map(|record| record.tags.clone()).unwrap_or_default(),
        version: record.map_or(0, |record| record.version),
    })
}

pub(super) fn of_own(trade: &OwnTrade, record: &TradeRecord) -> Result<UserTrade, MoneyError> {
    let fees = (trade.fees != Amount::ZERO).then(|| (trade.symbol.quote.to_string(), trade.fees.to_string()));
    Ok(UserTrade {
        id: record.id.clone(),
        source: TradeSource::Manual,
        account_id: None,
        bot_id: None,
        mode: Some(Text(trade.mode)),
        exchange: trade.exchange.to_string(),
        symbol: trade.symbol.to_string(),
        side: Text(trade.side),
        quantity: trade.quantity.to_string(),
        entry_price: Some(trade.entry_price.to_string()),
        exit_price: Some(trade.exit_price.to_string()),
        realised_pnl: trade.realised()?.to_string(),
        fees: ByAsset(fees.into_iter().collect()),
        fee_unvalued: false,
        opened_at: time(trade.opened_at),
        closed_at: time(trade.closed_at),
        notes: record.notes.clone(),
        tags: record.tags.clone(),
        version: record.version,
    })
}

/// What has opened a position.
pub(super) fn source_of(group: &Group) -> TradeSource {
    let is_by_hand = group.timeframe.as_ref().is_some_and(|timeframe| timeframe.to_string() == by_hand::TIMEFRAME);
    match &group.bot {
        Some(_) => TradeSource::Bot,
        None if is_by_hand => TradeSource::Order,
        None => TradeSource::Alert,
    }
}

impl TradesWanted {
    /// What is closed and has sold something.
    pub(super) fn takes_position(&self, group: &Group) -> bool {
        self.of.takes_trade(group)
            && group.settled.is_some_and(|settled| settled.has_sold())
            && self.source.is_none_or(|source| source == source_of(group))
    }

    /// What is of an account or a bot is none that was made elsewhere.
    fn takes_own(&self) -> bool {
        let is_of_ours = self.of.account.is_some() || self.of.bot.is_some() || self.of.run.is_some();
        !is_of_ours && self.source.is_none_or(|source| source == TradeSource::Manual)
    }

    fn takes(&self, trade: &OwnTrade, record: &TradeRecord) -> bool {
        self.takes_trade(trade, record) && self.of.span.has(trade.opened_at)
    }

    /// Whenever that was.
    pub(super) fn takes_trade(&self, trade: &OwnTrade, record: &TradeRecord) -> bool {
        self.takes_own()
            && self.of.mode.is_none_or(|mode| mode == trade.mode)
            && self.of.symbol.as_ref().is_none_or(|symbol| *symbol == trade.symbol)
            && self.is_tagged(Some(record))
    }

    pub(super) fn is_tagged(&self, record: Option<&TradeRecord>) -> bool {
        let has = |tag: &Tag| record.is_some_and(|record| record.tags.contains(&tag.to_string()));
        self.tag.as_ref().is_none_or(has)
    }
}

fn place(cursor: &str) -> Result<Place, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    let (at, id) = cursor.split_once(' ').ok_or_else(bad)?;
    Ok((Timestamp::from_millis(at.parse().map_err(|_| bad())?), id.to_owned()))
}
