//! What stands beside a group: its pointer, its history and its outbox.

use crate::client::Aws;
use crate::condition::{NO_EXIT_AFTER, POINTS_HERE};
use crate::config::Place;
use crate::item::{from_item, text, time};
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::ports::{Bell, ClearOutbox, FindExit, History, LastExit, ListLive, LivePointer, Outbox, StoreError};
use domain::clock::Timestamp;
use domain::ids::{AccountId, GroupId};
use domain::market::{MarketKey, Timeframe};
use domain::shard;
use wire::stored;
use wire::stored::Schema;
use wire::text::Text;

impl ListLive for Aws {
    async fn list_live(&self, account: &AccountId) -> Result<Vec<LivePointer>, StoreError> {
        let items = self.query(Place::Trading, &keys::of_account(account), keys::POINTERS).await?;
        items.into_iter().map(|item| from_item(item).map(pointer)).collect()
    }
}

impl FindExit for Aws {
    async fn find_exit(
        &self,
        account: &AccountId,
        market: &MarketKey,
        timeframe: Option<&Timeframe>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<stored::LastExit> = self.load(&keys::last_exit(account, market, timeframe)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.event_at)))
    }
}

impl ClearOutbox for Aws {
    async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError> {
        self.write(Write::delete(keys::outbox(bell)), &stamp::fresh()?).await.map(drop)
    }
}

impl Aws {
    pub(crate) async fn history(&self, group: &GroupId) -> Result<Vec<History>, StoreError> {
        let items = self.query(Place::Trading, &keys::of_group(group), keys::HISTORY).await?;
        items.into_iter().map(|item| from_item(item).map(history)).collect()
    }
}

pub(crate) fn claim(pointer: &LivePointer) -> Result<Write, StoreError> {
    let row = stored::LivePointer {
        v: Schema,
        account: Text(pointer.account.clone()),
        exchange: Text(pointer.market.exchange.clone()),
        symbol: Text(pointer.market.symbol.clone()),
        timeframe: pointer.timeframe.clone().map(Text),
        group: Text(pointer.group.clone()),
    };
    Write::insert(keys::live(pointer), &row)
}

/// Written over an older one; the lane of its account keeps the order.
pub(crate) fn exit(exit: &LastExit) -> Result<Write, StoreError> {
    let key = keys::last_exit(&exit.account, &exit.market, exit.timeframe.as_ref());
    Write::upsert(key, &stored::LastExit { v: Schema, event_at: exit.event_at.millis() })
}

pub(crate) fn no_exit_after(exit: &LastExit) -> Write {
    let key = keys::last_exit(&exit.account, &exit.market, exit.timeframe.as_ref());
    Write::check(key).when(NO_EXIT_AFTER).given("event_at", time(exit.event_at))
}

pub(crate) fn release(pointer: &LivePointer) -> Write {
    Write::delete(keys::live(pointer)).when(POINTS_HERE).given("group", text(pointer.group.as_str()))
}

pub(crate) fn history_write(history: &History) -> Result<Write, StoreError> {
    let row = stored::History {
        v: Schema,
        group: Text(history.group.clone()),
        version: history.version,
        why: history.why.clone(),
        before: history.before.clone(),
        after: history.after.clone(),
        at: history.at.millis(),
    };
    Write::insert(keys::history(&history.group, history.version), &row)
}

pub(crate) fn outbox_write(outbox: &Outbox) -> Result<Write, StoreError> {
    let Bell { account, group, version, again, trace } = &outbox.bell;
    let row = stored::Outbox {
        v: Schema,
        account: Text(account.clone()),
        group: Text(group.clone()),
        version: *version,
        again: again.clone(),
        trace: trace.clone(),
        due_at: Some(outbox.due_at.millis()),
        sends: outbox.sends,
    };
    let due = keys::due_outbox(shard::due(account.as_str()));
    Ok(Write::insert(keys::outbox(&outbox.bell), &row)?.set("due_pk", text(due)))
}

/// The row as it is due; none where it has been parked.
pub(crate) fn outbox(row: stored::Outbox) -> Option<Outbox> {
    let (account, group, version, again) = (row.account.0, row.group.0, row.version, row.again);
    let bell = Bell { account, group, version, again, trace: row.trace };
    Some(Outbox { bell, due_at: Timestamp::from_millis(row.due_at?), sends: row.sends })
}

fn pointer(row: stored::LivePointer) -> LivePointer {
    let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
    let timeframe = row.timeframe.map(|timeframe| timeframe.0);
    LivePointer { account: row.account.0, market, timeframe, group: row.group.0 }
}

fn history(row: stored::History) -> History {
    let (group, at) = (row.group.0, Timestamp::from_millis(row.at));
    History { group, version: row.version, why: row.why, before: row.before, after: row.after, at }
}
