//! Somebody asks for one.

use super::BacktestError;
use super::job::{Job, Wrong};
use app::conflict::retry_on_conflict;
use app::ports::{BeginBacktest, ReadCandles, StoreError};
use backtest::Funding;
use domain::backtests::{Backtest, BacktestState, GoingOfAll};
use domain::clock::Timestamp;
use domain::ids::{AttemptId, BacktestId, Sha, UserId};
use domain::limits::{BACKTEST_ALONE_BARS_MAX, BACKTEST_CANDLES_MAX};
use domain::market::{CandleSpan, Market};
use std::collections::BTreeSet;
use store::{Engine, market};
use wire::backtest::{Asked, Step, Work};

const UNREACHED: &str = "must reach from since to until: of a time without any holding would cost nothing";

/// One that is kept, and whether a worker was begun: where none was, a look begins one.
#[derive(Debug)]
pub struct Submitted {
    pub backtest: Backtest,
    pub begun: Result<(), StoreError>,
}

/// Keeps what somebody wants to be played, and has a worker begin. The same that goes on already is that one. Of everybody's
/// no more than `at_once` go on.
///
/// # Errors
/// What is wrong with it, by its name; `UnknownMarket`, `Empty`, `TooLong`, `NoCandles`, `NoMore`, or where the store cannot be asked.
pub async fn submit<D: Engine, B: BeginBacktest>(
    (deps, workers): (&D, &B),
    asked: Asked,
    user: &UserId,
    (attempt, trace): (&AttemptId, &str),
    at_once: usize,
    now: Timestamp,
) -> Result<Submitted, BacktestError> {
    let Some(market) = market::Market(deps).load_market(&asked.series.market).await? else {
        return Err(BacktestError::UnknownMarket(asked.series.market));
    };
    let asked = checked(asked, &market, now)?;
    if deps.oldest_candle(&asked.series).await?.is_none()
        && market::Market(deps).packed_months(&asked.series).await?.is_none()
    {
        return Err(BacktestError::NoCandles(asked.series.market.exchange));
    }
    let id = BacktestId::at(now, &[user.as_str(), attempt.as_str()]);
    let backtest = open(deps, (id, &asked.text()), &asked, (user, at_once), now).await?;
    let work = Work::new(Step::Begin, user.clone(), backtest.id.clone(), trace.to_owned());
    let begun = if backtest.created_at == now { workers.begin_backtest(&work, now).await } else { Ok(()) };
    Ok(Submitted { backtest, begun })
}

/// With what counts where nothing is said, once all of it can be played.
fn checked(asked: Asked, market: &Market, now: Timestamp) -> Result<Asked, BacktestError> {
    let until = asked.until.min(asked.series.interval.told_to(now));
    let candles = CandleSpan::between(asked.series.interval, asked.since, until).count();
    match candles {
        0 => return Err(BacktestError::Empty),
        candles if candles > BACKTEST_CANDLES_MAX => return Err(BacktestError::TooLong),
        _ => {}
    }
    let asked = asked.in_market(market).up_to(until);
    check_funding(&asked, until)?;
    let job = Job::of(&asked)?;
    job.plan(usize::try_from(candles).unwrap_or(usize::MAX), Sha::of_bytes(b""), BACKTEST_ALONE_BARS_MAX)?;
    job.check_some()?;
    Ok(asked)
}

fn check_funding(asked: &Asked, until: Timestamp) -> Result<(), Wrong> {
    let Some(funding) = &asked.funding else { return Ok(()) };
    let rates = Funding::recorded(funding.timed()).map_err(|wrong| Wrong::rule("funding.rates", wrong))?;
    let reaches = rates.reaches(asked.since.millis(), until.millis());
    if reaches { Ok(()) } else { Err(Wrong::rule("funding.rates", UNREACHED)) }
}

async fn open<D: Engine>(
    deps: &D,
    (id, text): (BacktestId, &str),
    asked: &Asked,
    (user, at_once): (&UserId, usize),
    now: Timestamp,
) -> Result<Backtest, BacktestError> {
    let backtest = Backtest {
        id: id.clone(),
        by: user.clone(),
        version: 1,
        series: asked.series.clone(),
        since: asked.since,
        until: asked.until,
        asked: Sha::of_bytes(text.as_bytes()),
        state: BacktestState::Queued,
        plan: None,
        played: BTreeSet::new(),
        figures: None,
        why: None,
        created_at: now,
        updated_at: now,
    };
    retry_on_conflict(BacktestError::Contended, || async {
        let going = market::Market(deps).backtests_going(user).await?;
        let mut ended = BTreeSet::new();
        for other in &going.ids {
            match market::Market(deps).load_backtest(user, other).await?.filter(|other| other.has_its_seat(now)) {
                Some(same) if same.asked == backtest.asked && !same.is_over() => return Ok(Some(same)),
                Some(_) => {}
                None => {
                    ended.insert(other.clone());
                }
            }
        }
        let going = going.with(id.clone(), &ended, now)?;
        let of_all = among_all(deps, &backtest, at_once, now).await?;
        Ok(market::Market(deps).open_backtest(&backtest, text, (&going, &of_all)).await?.then(|| backtest.clone()))
    })
    .await
}

/// Everybody's that go on, with this one.
async fn among_all<D: Engine>(
    deps: &D,
    backtest: &Backtest,
    at_once: usize,
    now: Timestamp,
) -> Result<GoingOfAll, BacktestError> {
    let going = market::Market(deps).backtests_of_all().await?;
    let mut ended = BTreeSet::new();
    for (id, user) in &going.ids {
        let other = market::Market(deps).load_backtest(user, id).await?;
        if !other.is_some_and(|other| other.has_its_seat(now)) {
            ended.insert(id.clone());
        }
    }
    Ok(going.with((backtest.id.clone(), backtest.by.clone()), &ended, at_once)?)
}
