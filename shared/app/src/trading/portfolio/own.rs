//! What a user keeps beside trades: notes, tags, and trades that were made elsewhere.
//!
//! Every change is a new version on the one that was seen, and on record. A deleted row stays for a while, so that nothing brings an older version back.

use super::user_trades::{of_own, of_position};
use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::trading::look::look;
use domain::clock::Timestamp;
use domain::ids::OwnTradeId;
use domain::limits::OWN_TRADES_MAX;
use domain::money::{Amount, MoneyError, Price};
use domain::trade_record::{Notes, OwnTrade, Tag, TradeOf};
use store::trading::Trading;
use store::{Engine, StoreError};
use wire::stored::{self, Schema, TradeRecord};
use wire::text::Text;
use wire::view::UserTrade;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TradeError {
    #[error("there is no such trade")]
    Unknown,
    #[error("{field} {allowed}")]
    Bad { field: &'static str, allowed: &'static str },
    #[error("you have {OWN_TRADES_MAX} trades that were made elsewhere, and no more are allowed: delete one first")]
    TooMany,
    #[error("this is a position of Moniqo: its trade cannot be deleted")]
    NotOwn,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error("a number of the trade cannot be kept exactly")]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be kept from now on; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TradeChange {
    pub notes: Option<Notes>,
    pub tags: Option<Vec<Tag>>,
}

/// # Errors
/// `Unknown`, or if the store cannot be reached.
pub async fn find_trade<D: Engine>(deps: &D, of: &TradeOf, act: Act<'_>) -> Result<UserTrade, TradeError> {
    found(deps, of, act).await.map(|(trade, _)| trade)
}

/// A trade that was made elsewhere.
///
/// # Errors
/// `Bad`, `TooMany`, `Contended`, or if the store cannot be reached.
pub async fn create_own_trade<D: Engine>(
    deps: &D,
    trade: &OwnTrade,
    change: TradeChange,
    act: Act<'_>,
) -> Result<UserTrade, TradeError> {
    checked(trade, act.now)?;
    if Trading(deps).count_own_trades(act.user).await? >= OWN_TRADES_MAX {
        return Err(TradeError::TooMany);
    }
    let id = OwnTradeId::at(act.now, &[act.user.as_str(), act.attempt.as_str()]);
    let record = next(id.as_str(), None, change, Some(stored::OwnTrade::from(trade)), act);
    if !keep(deps, &record, None, "create user trade", act).await? {
        return Err(TradeError::Contended);
    }
    Ok(of_own(trade, &record)?)
}

/// Notes and tags. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `VersionConflict`, `Contended`, or if the store cannot be reached.
pub async fn change_trade<D: Engine>(
    deps: &D,
    of: &TradeOf,
    change: TradeChange,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<UserTrade, TradeError> {
    retry_on_conflict(TradeError::Contended, || async {
        let (trade, before) = found(deps, of, act).await?;
        is_seen(trade.version, seen)?;
        let kept = before.as_ref().and_then(|before| before.trade.clone());
        let record = next(of.as_str(), before.as_ref(), change.clone(), kept, act);
        let seen = before.as_ref().map(|before| before.version);
        let is_kept = keep(deps, &record, seen, "change user trade", act).await?;
        let (notes, tags, version) = (record.notes, record.tags, record.version);
        Ok(is_kept.then_some(UserTrade { notes, tags, version, ..trade }))
    })
    .await
}

/// Of one that was made elsewhere.
///
/// # Errors
/// `Unknown`, `NotOwn`, `VersionConflict`, `Contended`, or if the store cannot be reached.
pub async fn delete_own_trade<D: Engine>(
    deps: &D,
    of: &TradeOf,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<(), TradeError> {
    retry_on_conflict(TradeError::Contended, || async {
        let (trade, before) = found(deps, of, act).await?;
        let TradeOf::Own(_) = of else { return Err(TradeError::NotOwn) };
        is_seen(trade.version, seen)?;
        let empty = TradeChange { notes: Some(Notes::default()), tags: Some(Vec::new()) };
        let record = TradeRecord { deleted: true, ..next(of.as_str(), before.as_ref(), empty, None, act) };
        let seen = before.as_ref().map(|before| before.version);
        Ok(keep(deps, &record, seen, "delete user trade", act).await?.then_some(()))
    })
    .await
}

/// One that is over, with what is kept of it.
async fn found<D: Engine>(
    deps: &D,
    of: &TradeOf,
    act: Act<'_>,
) -> Result<(UserTrade, Option<TradeRecord>), TradeError> {
    let record = Trading(deps).load_trade_record(act.user, of).await?;
    if let TradeOf::Position(group) = of {
        let (position, _) = look(deps, act.user, group).await?.ok_or(TradeError::Unknown)?;
        if position.group.settled.is_none_or(|settled| !settled.has_sold()) {
            return Err(TradeError::Unknown);
        }
        return Ok((of_position(&position, record.as_ref())?, record));
    }
    let record = record.ok_or(TradeError::Unknown)?;
    let trade = record.trade.as_ref().map(OwnTrade::from).ok_or(TradeError::Unknown)?;
    Ok((of_own(&trade, &record)?, Some(record)))
}

fn checked(trade: &OwnTrade, now: Timestamp) -> Result<(), TradeError> {
    let bad = |field, allowed| Err(TradeError::Bad { field, allowed });
    if trade.quantity.is_zero() {
        return bad("quantity", "must be above 0");
    }
    let worth = |price: Price| price.times(trade.quantity).is_ok_and(|worth| worth <= Amount::MAX);
    if !worth(trade.entry_price) || !worth(trade.exit_price) || trade.realised().is_err() {
        return bad("quantity", "must be worth less than 1000000000000000 in quote, and with fewer digits");
    }
    if trade.closed_at < trade.opened_at {
        return bad("closed_at", "must not be before opened_at");
    }
    if trade.closed_at.is_of_the_future(now) {
        return bad("closed_at", "must not be to come");
    }
    if trade.opened_at.millis() < 0 {
        return bad("opened_at", "must be 1970 or later");
    }
    Ok(())
}

fn is_seen(version: u64, seen: Option<u64>) -> Result<(), TradeError> {
    if seen.is_none_or(|seen| seen == version) { Ok(()) } else { Err(TradeError::VersionConflict(version)) }
}

fn next(
    id: &str,
    before: Option<&TradeRecord>,
    change: TradeChange,
    trade: Option<stored::OwnTrade>,
    act: Act<'_>,
) -> TradeRecord {
    let kept = |of: fn(&TradeRecord) -> String| before.map(of).unwrap_or_default();
    let tags = change.tags.map(|tags| tags.iter().map(ToString::to_string).collect());
    TradeRecord {
        v: Schema,
        id: id.to_owned(),
        user: Text(act.user.clone()),
        version: before.map_or(0, |before| before.version).saturating_add(1),
        notes: change.notes.map_or_else(|| kept(|before| before.notes.clone()), |notes| notes.to_string()),
        tags: tags.or_else(|| before.map(|before| before.tags.clone())).unwrap_or_default(),
        trade,
        updated_at: act.now.millis(),
        deleted: false,
    }
}

/// On record without what the user wrote: that goes with the row.
async fn keep<D: Engine>(
    deps: &D,
    record: &TradeRecord,
    seen: Option<u64>,
    action: &str,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let told = audit(action, &record.id, "requested by its user", act);
    Trading(deps).keep_trade_record(record, seen, &told).await
}
