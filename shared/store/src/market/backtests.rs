//! Backtests that a person asked for: in the partition of their user. What came of them are objects.

use super::Market;
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, ttl};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::backtests::{Backtest, Going, GoingOfAll};
use domain::ids::{BacktestId, UserId};
use domain::limits::{BACKTEST_KEPT, BACKTEST_SPREAD_GOES_ON_FOR, BACKTEST_TIMEOUT};
use wire::stored::{self, Schema};

/// How far each is.
const BACKTESTS: &str = "B#";

impl<E: Engine> Market<'_, E> {
    /// Those that are kept, those too that have ended, the oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_backtests(&self, user: &UserId) -> Result<Vec<Backtest>, StoreError> {
        let items = Rows(self.0).query(Table::Market, &of_backtests(user), BACKTESTS).await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Backtest>(item)?.into())).collect()
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_backtest(&self, user: &UserId, id: &BacktestId) -> Result<Option<Backtest>, StoreError> {
        Ok(Rows(self.0).load::<stored::Backtest>(&key(user, id)).await?.map(Backtest::from))
    }

    /// What was asked for, as JSON; it stays as it was put.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn backtest_asked(&self, user: &UserId, id: &BacktestId) -> Result<Option<String>, StoreError> {
        let row: Option<stored::BacktestAsked> = Rows(self.0).load(&asked_key(user, id)).await?;
        Ok(row.map(|row| row.asked))
    }

    /// Which of a person's may go on, and how many were begun lately.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn backtests_going(&self, user: &UserId) -> Result<Going, StoreError> {
        let row: Option<stored::BacktestsGoing> = Rows(self.0).load(&going_key(user)).await?;
        Ok(row.map_or_else(|| Going::none(user.clone()), Going::from))
    }

    /// Which of all people's may go on.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn backtests_of_all(&self) -> Result<GoingOfAll, StoreError> {
        let row: Option<stored::BacktestsOfAll> = Rows(self.0).load(&of_all_key()).await?;
        Ok(row.map_or_else(GoingOfAll::default, GoingOfAll::from))
    }

    /// Puts one, with what was asked for, and counts it among its owner's and among all, all or nothing; whether it was
    /// the first. What it is counted by follows on the versions before their own.
    ///
    /// # Errors
    /// `Unavailable`: whether it was put is not known.
    pub async fn open_backtest(
        &self,
        backtest: &Backtest,
        asked: &str,
        (going, of_all): (&Going, &GoingOfAll),
    ) -> Result<bool, StoreError> {
        let row = stored::BacktestAsked { v: Schema, asked: asked.to_owned() };
        // It outlives its backtest, which is kept on while it goes on.
        let outlives = backtest.created_at.plus(BACKTEST_KEPT).plus(BACKTEST_KEPT);
        let asked = Write::versioned(asked_key(&backtest.by, &backtest.id), &row, None)?.set("ttl", ttl(outlives));
        let seen = |version: u64| version.checked_sub(1).filter(|version| *version > 0);
        let counted = stored::BacktestsGoing::from(going);
        let counted = Write::versioned(going_key(&backtest.by), &counted, seen(going.version))?;
        let counted = counted.set("ttl", kept(backtest));
        // None of them has its seat by then.
        let over = backtest.created_at.plus(BACKTEST_SPREAD_GOES_ON_FOR).plus(BACKTEST_TIMEOUT).plus(BACKTEST_TIMEOUT);
        let row = stored::BacktestsOfAll::from(of_all);
        let among_all = Write::versioned(of_all_key(), &row, seen(of_all.version))?.set("ttl", ttl(over));
        let writes = vec![written(backtest, None)?, asked, counted, among_all];
        Rows(self.0).all_or_none(writes, &self.0.stamp()?).await
    }

    /// Keeps one in the place of the version `seen`; whether it was the first.
    ///
    /// # Errors
    /// `Unavailable`: whether it was kept is not known.
    pub async fn keep_backtest(&self, backtest: &Backtest, seen: u64) -> Result<bool, StoreError> {
        Ok(matches!(Rows(self.0).send(written(backtest, Some(seen))?).await?, Written::Done(_)))
    }

    /// Nothing is left of a person's backtests but objects, which go by themselves.
    ///
    /// # Errors
    /// `Unavailable`: what has gone so far stays gone.
    pub async fn forget_backtests(&self, user: &UserId) -> Result<(), StoreError> {
        Rows(self.0).forget(Table::Market, &of_backtests(user), |_| true).await
    }
}

fn written(backtest: &Backtest, seen: Option<u64>) -> Result<Write, StoreError> {
    let row = stored::Backtest::from(backtest);
    Ok(Write::versioned(key(&backtest.by, &backtest.id), &row, seen)?.set("ttl", kept(backtest)))
}

fn kept(backtest: &Backtest) -> Value {
    ttl(backtest.updated_at.plus(BACKTEST_KEPT))
}

/// The partition of a user's backtests.
fn of_backtests(user: &UserId) -> String {
    format!("BKT#{user}")
}

fn key(user: &UserId, id: &BacktestId) -> Key {
    Key::new(Table::Market, of_backtests(user), format!("{BACKTESTS}{id}"))
}

fn asked_key(user: &UserId, id: &BacktestId) -> Key {
    Key::new(Table::Market, of_backtests(user), format!("A#{id}"))
}

/// Which of theirs may go on.
fn going_key(user: &UserId) -> Key {
    Key::new(Table::Market, of_backtests(user), "C")
}

/// Which backtests of all people may go on; no person has this id.
fn of_all_key() -> Key {
    Key::new(Table::Market, "BKT#ALL", "C")
}
