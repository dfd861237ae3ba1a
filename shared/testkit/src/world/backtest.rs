//! Backtests that somebody asked for, what came of them, and who is to play them.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{BeginBacktest, KeepBacktest, KeepResults, ResultPart, SpreadBacktest, StoreError};
use domain::backtests::{Backtest, Going, GoingOfAll};
use domain::clock::Timestamp;
use domain::ids::{BacktestId, UserId};
use std::collections::BTreeMap;
use wire::backtest::Work;

/// What stands beside all tables: results, and workers that were begun and have not come yet.
#[derive(Debug, Default)]
pub struct Backtesting {
    results: BTreeMap<(BacktestId, ResultPart), Vec<u8>>,
    begun: Vec<Work>,
    spread: BTreeMap<BacktestId, Work>,
}

impl KeepBacktest for World {
    async fn list_backtests(&self, user: &UserId) -> Result<Vec<Backtest>, StoreError> {
        let all = |world: &Self| world.table().prefixed(key::backtests(user)).filter_map(backtest).collect();
        self.call(Op::read("list_backtests"), all).await
    }

    async fn load_backtest(&self, user: &UserId, id: &BacktestId) -> Result<Option<Backtest>, StoreError> {
        let one = |world: &Self| world.table().get(&key::backtest(user, id)).and_then(backtest);
        self.call(Op::read("load_backtest"), one).await
    }

    async fn backtest_asked(&self, user: &UserId, id: &BacktestId) -> Result<Option<String>, StoreError> {
        self.call(Op::read("backtest_asked"), |world| match world.table().get(&key::backtest_asked(user, id)) {
            Some(Item::BacktestAsked(asked)) => Some(asked.clone()),
            _ => None,
        })
        .await
    }

    async fn backtests_going(&self, user: &UserId) -> Result<Going, StoreError> {
        self.call(Op::read("backtests_going"), |world| match world.table().get(&key::backtests_going(user)) {
            Some(Item::BacktestsGoing(going)) => going.clone(),
            _ => Going::none(user.clone()),
        })
        .await
    }

    async fn backtests_of_all(&self) -> Result<GoingOfAll, StoreError> {
        self.call(Op::read("backtests_of_all"), |world| match world.table().get(key::BACKTESTS_OF_ALL) {
            Some(Item::BacktestsOfAll(going)) => going.clone(),
            _ => GoingOfAll::default(),
        })
        .await
    }

    async fn open_backtest(
        &self,
        backtest: &Backtest,
        asked: &str,
        (going, of_all): (&Going, &GoingOfAll),
    ) -> Result<bool, StoreError> {
        let (user, id, version) = (&backtest.by, &backtest.id, going.version);
        let follows = move |row: Option<&Item>| match row {
            Some(Item::BacktestsGoing(before)) => before.version + 1 == version,
            _ => version == 1,
        };
        let going = Action {
            key: key::backtests_going(user),
            guard: Box::new(follows),
            write: Write::Put(Item::BacktestsGoing(going.clone())),
        };
        let next = of_all.version;
        let among_all = Action {
            key: key::BACKTESTS_OF_ALL.to_owned(),
            guard: Box::new(move |row| match row {
                Some(Item::BacktestsOfAll(before)) => before.version + 1 == next,
                _ => next == 1,
            }),
            write: Write::Put(Item::BacktestsOfAll(of_all.clone())),
        };
        let rows = vec![
            Action::put_on_absence(key::backtest(user, id), Item::Backtest(backtest.clone())),
            Action::put(key::backtest_asked(user, id), Item::BacktestAsked(asked.to_owned())),
            going,
            among_all,
        ];
        self.try_call(Op::effect("open_backtest"), |world| world.put_unless_late(rows)).await
    }

    async fn keep_backtest(&self, backtest: &Backtest, seen: u64) -> Result<bool, StoreError> {
        let (key, item) = (key::backtest(&backtest.by, &backtest.id), Item::Backtest(backtest.clone()));
        let is_seen = move |row: Option<&Item>| matches!(row, Some(Item::Backtest(before)) if before.version == seen);
        let put = Action { key, guard: Box::new(is_seen), write: Write::Put(item) };
        self.try_call(Op::effect("keep_backtest"), |world| world.put_unless_late(vec![put])).await
    }

    async fn forget_backtests(&self, user: &UserId) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_backtests"), |world| {
            world.table_mut().drop_all(&key::of_backtests(user));
            Ok(())
        })
        .await
    }
}

impl KeepResults for World {
    async fn kept_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        _: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = |world: &Self| world.backtesting().results.get(&(id.clone(), part)).cloned();
        self.call(Op::read("kept_result"), kept).await
    }

    async fn keep_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        packed: &[u8],
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.call(Op::effect("keep_result"), |world| {
            let before = world.backtesting_mut().results.insert((id.clone(), part), packed.to_vec());
            if before.is_some_and(|before| before != packed) {
                world.sim().violation(format!("{part:?} of {id} came to something else"));
            }
        })
        .await
    }
}

impl BeginBacktest for World {
    async fn begin_backtest(&self, work: &Work, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("begin_backtest"), |world| world.backtesting_mut().begun.push(work.clone())).await
    }
}

impl SpreadBacktest for World {
    async fn spread_backtest(&self, id: &BacktestId, work: &Work, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("spread_backtest"), |world| {
            world.backtesting_mut().spread.entry(id.clone()).or_insert_with(|| work.clone());
        })
        .await
    }
}

impl World {
    /// Workers that were begun since this was last asked.
    pub fn workers_begun(&self) -> Vec<Work> {
        std::mem::take(&mut self.backtesting_mut().begun)
    }

    /// Backtests that were given to many workers, each once.
    pub fn spread(&self) -> Vec<Work> {
        self.backtesting().spread.values().cloned().collect()
    }
}

fn backtest(item: &Item) -> Option<Backtest> {
    if let Item::Backtest(backtest) = item { Some(backtest.clone()) } else { None }
}
