//! Backtests that somebody asked for, what came of them, and who is to play them.

use super::World;
use crate::sim::Op;
use app::ports::{BeginBacktest, SpreadBacktest, StartAssessment, StartWhaleWatch, StoreError};
use domain::clock::Timestamp;
use domain::ids::BacktestId;
use std::collections::BTreeMap;
use wire::assess::Assess;
use wire::backtest::Work;
use wire::whale::WatchWhales;

/// What stands beside all tables: workers that were begun and have not come yet.
#[derive(Debug, Default)]
pub struct Backtesting {
    begun: Vec<Work>,
    spread: BTreeMap<BacktestId, Work>,
    assessing: Vec<Assess>,
    watching_whales: Vec<WatchWhales>,
}

impl StartAssessment for World {
    async fn start_assessment(&self, work: &Assess, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("start_assessment"), |world| world.backtesting_mut().assessing.push(work.clone())).await
    }
}

impl StartWhaleWatch for World {
    async fn start_whale_watch(&self, work: &WatchWhales, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("start_whale_watch"), |world| world.backtesting_mut().watching_whales.push(work.clone()))
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

    /// Assessments that were requested since this was last asked.
    pub fn assessments_begun(&self) -> Vec<Assess> {
        std::mem::take(&mut self.backtesting_mut().assessing)
    }

    /// Runs over sources of whale alerts that were begun since this was last asked.
    pub fn whale_watches_begun(&self) -> Vec<WatchWhales> {
        std::mem::take(&mut self.backtesting_mut().watching_whales)
    }

    /// Backtests that were given to many workers, each once.
    pub fn spread(&self) -> Vec<Work> {
        self.backtesting().spread.values().cloned().collect()
    }
}
