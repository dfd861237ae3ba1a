//! Backtests that somebody asked for: in the partition of their user, in the table of markets. What came of them are objects, which end
//! by a rule of the bucket.

use crate::bot::versioned;
use crate::bucket::Bucket;
use crate::client::Aws;
use crate::keys;
use app::ports::{CommitError, KeepBacktest, KeepResults, ResultPart, StoreError};
use domain::backtests::{Backtest, Going, GoingOfAll};
use domain::clock::Timestamp;
use domain::ids::{BacktestId, UserId};
use domain::limits::{BACKTEST_KEPT, BACKTEST_SPREAD_GOES_ON_FOR, BACKTEST_TIMEOUT};
use store::Written;
use store::item::{from_item, ttl};
use store::{Table, Value, Write};
use wire::stored::{self, Schema};

impl KeepBacktest for Aws {
    async fn list_backtests(&self, user: &UserId) -> Result<Vec<Backtest>, StoreError> {
        let items = self.rows().query(Table::Market, &keys::of_backtests(user), keys::BACKTESTS).await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Backtest>(item)?.into())).collect()
    }

    async fn load_backtest(&self, user: &UserId, id: &BacktestId) -> Result<Option<Backtest>, StoreError> {
        Ok(self.rows().load::<stored::Backtest>(&keys::backtest(user, id)).await?.map(Backtest::from))
    }

    async fn backtest_asked(&self, user: &UserId, id: &BacktestId) -> Result<Option<String>, StoreError> {
        let row: Option<stored::BacktestAsked> = self.rows().load(&keys::backtest_asked(user, id)).await?;
        Ok(row.map(|row| row.asked))
    }

    async fn backtests_going(&self, user: &UserId) -> Result<Going, StoreError> {
        let row: Option<stored::BacktestsGoing> = self.rows().load(&keys::backtests_going(user)).await?;
        Ok(row.map_or_else(|| Going::none(user.clone()), Going::from))
    }

    async fn backtests_of_all(&self) -> Result<GoingOfAll, StoreError> {
        let row: Option<stored::BacktestsOfAll> = self.rows().load(&keys::backtests_of_all()).await?;
        Ok(row.map_or_else(GoingOfAll::default, GoingOfAll::from))
    }

    async fn open_backtest(
        &self,
        backtest: &Backtest,
        asked: &str,
        (going, of_all): (&Going, &GoingOfAll),
    ) -> Result<bool, StoreError> {
        let row = stored::BacktestAsked { v: Schema, asked: asked.to_owned() };
        // It outlives its backtest, which is kept on while it goes on.
        let outlives = backtest.created_at.plus(BACKTEST_KEPT).plus(BACKTEST_KEPT);
        let asked = versioned(keys::backtest_asked(&backtest.by, &backtest.id), &row, None)?.set("ttl", ttl(outlives));
        let seen = |version: u64| version.checked_sub(1).filter(|version| *version > 0);
        let key = keys::backtests_going(&backtest.by);
        let counted = versioned(key, &stored::BacktestsGoing::from(going), seen(going.version))?;
        let counted = counted.set("ttl", kept(backtest));
        // None of them has its seat by then.
        let over = backtest.created_at.plus(BACKTEST_SPREAD_GOES_ON_FOR).plus(BACKTEST_TIMEOUT).plus(BACKTEST_TIMEOUT);
        let row = stored::BacktestsOfAll::from(of_all);
        let among_all = versioned(keys::backtests_of_all(), &row, seen(of_all.version))?.set("ttl", ttl(over));
        let writes = vec![written(backtest, None)?, asked, counted, among_all];
        match self.rows().transact(writes, &self.rows().stamp()?).await {
            Ok(()) => Ok(true),
            Err(CommitError::LostRace) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    async fn keep_backtest(&self, backtest: &Backtest, seen: u64) -> Result<bool, StoreError> {
        Ok(matches!(self.rows().send(written(backtest, Some(seen))?).await?, Written::Done(_)))
    }

    async fn forget_backtests(&self, user: &UserId) -> Result<(), StoreError> {
        let rows = (Table::Market, keys::of_backtests(user));
        self.forget_all(rows, |sk| Some(keys::of_backtests_at(user, sk))).await
    }
}

fn written(backtest: &Backtest, seen: Option<u64>) -> Result<Write, StoreError> {
    let row = stored::Backtest::from(backtest);
    Ok(versioned(keys::backtest(&backtest.by, &backtest.id), &row, seen)?.set("ttl", kept(backtest)))
}

fn kept(backtest: &Backtest) -> Value {
    ttl(backtest.updated_at.plus(BACKTEST_KEPT))
}

impl KeepResults for Bucket {
    async fn kept_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&object(id, part), now).await
    }

    async fn keep_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put(&object(id, part), packed, now).await
    }
}

fn object(id: &BacktestId, part: ResultPart) -> String {
    match part {
        ResultPart::Part(part) => format!("backtests/{id}/parts/{part:03}.json.gz"),
        ResultPart::Whole => format!("backtests/{id}/result.json.gz"),
    }
}
