//! A worker plays one, alone or beside others.

use super::bars::{Bars, bars};
use super::job::{Job, Told, together};
use super::{GIVEN_UP, advice};
use app::conflict::retry_on_conflict;
use app::ports::{Clock, Objects, ResultPart, SpreadBacktest, StoreError};
use app::series::AllCandles;
use domain::backtests::{Backtest, BacktestPlan};
use domain::clock::Timestamp;
use std::io;
use std::num::NonZeroUsize;
use store::Engine;
use store::market::Market;
use store::objects::Results;
use wire::backtest::{Asked, KeptItem, KeptPart, Planned, Step, UnknownWork, Work, pack};

/// Of a failure that nobody has told more of.
const UNSAID: &str = "it could not be played to its end";
const CHANGED: &str = "its candles are not those that it was begun on: begin another one";
const ODD_CANDLES: &str = "candles: one that is kept of this time cannot be played";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    #[error(transparent)]
    Unknown(#[from] UnknownWork),
    #[error("part {0} is not played yet")]
    Unplayed(u32),
    #[error("other changes were first, again and again")]
    Contended,
    #[error("what came of it cannot be written: {0}")]
    Unwritten(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who plays, and with what.
#[derive(Debug)]
pub struct Worker<'a, D, R, S, C> {
    pub deps: &'a D,
    pub results: &'a R,
    pub machine: &'a S,
    pub clock: &'a C,
    pub cores: NonZeroUsize,
    /// Bars that it plays without others, at the most.
    pub alone_bars: u64,
}

/// One that goes on, and what is to be played of it.
struct Playable {
    backtest: Backtest,
    plan: BacktestPlan,
    job: Job,
    bars: Bars,
}

impl<D, R, S, C> Worker<'_, D, R, S, C>
where
    D: Engine,
    R: Objects,
    S: SpreadBacktest,
    C: Clock,
{
    /// Does what it is woken for, and answers which parts there are where it is asked for a plan. One that has ended is left as it is.
    ///
    /// # Errors
    /// What may go away when it is tried again.
    pub async fn work(&self, work: &Work) -> Result<Option<Planned>, WorkError> {
        match work.known()? {
            Step::Begin => self.begin(work).await.map(|()| None),
            Step::Plan => self.plan(work).await.map(Some),
            Step::Part { part } => self.part(work, *part).await.map(|()| None),
            Step::Gather => self.gather(work).await.map(|()| None),
            Step::Failed { why } => {
                let why = if why.is_empty() { UNSAID.to_owned() } else { format!("{UNSAID}: {why}") };
                self.fail(work, &why).await.map(|()| None)
            }
        }
    }

    async fn begin(&self, work: &Work) -> Result<(), WorkError> {
        if self.going(work).await?.and_then(|backtest| backtest.plan).is_some_and(|plan| plan.is_spread) {
            return self.spread(work).await;
        }
        let Some(playable) = self.playable(work).await? else { return Ok(()) };
        if playable.plan.is_spread {
            return self.spread(work).await;
        }
        for part in 0..playable.plan.parts() {
            if self.going(work).await?.is_none() || !self.play(work, &playable, part).await? {
                return Ok(());
            }
        }
        self.gather(work).await
    }

    async fn spread(&self, work: &Work) -> Result<(), WorkError> {
        let next = work.then(Step::Plan);
        Ok(self.machine.spread_backtest(&work.backtest.0, &next, self.now()).await?)
    }

    async fn plan(&self, work: &Work) -> Result<Planned, WorkError> {
        let parts = self.playable(work).await?.map_or(0, |playable| playable.plan.parts());
        Ok(Planned::of(work, parts))
    }

    async fn part(&self, work: &Work, part: u32) -> Result<(), WorkError> {
        match self.playable(work).await? {
            Some(playable) if part < playable.plan.parts() => self.play(work, &playable, part).await.map(|_| ()),
            _ => Ok(()),
        }
    }

    async fn gather(&self, work: &Work) -> Result<(), WorkError> {
        let Some(backtest) = self.going(work).await? else { return Ok(()) };
        let (Some(plan), Some(asked)) = (&backtest.plan, self.asked(&backtest).await?) else {
            return self.fail(work, UNSAID).await;
        };
        let job = match Job::of(&asked) {
            Ok(job) => job,
            Err(wrong) => return self.fail(work, &wrong.to_string()).await,
        };
        let mut parts = Vec::new();
        for part in 0..plan.parts() {
            parts.push(self.kept(work, part).await?.ok_or(WorkError::Unplayed(part))?);
        }
        let Some(Told { whole, figures }) = together(&job, parts) else { return self.fail(work, UNSAID).await };
        let packed = pack(&whole).map_err(unwritten)?;
        Results(self.results).keep(&backtest.id, ResultPart::Whole, &packed, self.now()).await?;
        self.change(work, |backtest, now| backtest.done(figures.clone(), now)).await
    }

    /// What is played; none where it has ended, or ends now as it cannot be played.
    async fn playable(&self, work: &Work) -> Result<Option<Playable>, WorkError> {
        let Some(backtest) = self.going(work).await? else { return Ok(None) };
        let Some(asked) = self.asked(&backtest).await? else { return self.failed(work, UNSAID).await };
        let job = match Job::of(&asked) {
            Ok(job) => job,
            Err(wrong) => return self.failed(work, &wrong.to_string()).await,
        };
        let bars = match bars(&AllCandles { deps: self.deps, bucket: self.results, now: self.now() }, &backtest).await?
        {
            None => return self.failed(work, ODD_CANDLES).await,
            Some(bars) if bars.candles.is_empty() => {
                let advice = advice(&backtest.series.market.exchange);
                let why = format!("candles: none are kept between since and until: {advice}");
                return self.failed(work, &why).await;
            }
            Some(bars) => bars,
        };
        if backtest.plan.is_none() {
            match job.plan(bars.candles.len(), bars.digest.clone(), self.alone_bars) {
                Err(wrong) => return self.failed(work, &wrong.to_string()).await,
                Ok(plan) => self.change(work, |backtest, now| planned(backtest, &plan, now)).await?,
            }
        }
        // Whoever was first has said what it is played on.
        let Some(plan) = self.going(work).await?.and_then(|backtest| backtest.plan) else { return Ok(None) };
        if plan.digest != bars.digest {
            return self.failed(work, CHANGED).await;
        }
        Ok(Some(Playable { backtest, plan, job, bars }))
    }

    /// Plays a part that is not kept yet; whether it goes on.
    async fn play(&self, work: &Work, playable: &Playable, part: u32) -> Result<bool, WorkError> {
        let Playable { backtest, plan, job, bars } = playable;
        if self.kept(work, part).await?.is_none() {
            let mut before: Vec<KeptItem> = Vec::new();
            for other in (0..part).filter(|_| job.is_sequential()) {
                before.extend(self.kept(work, other).await?.ok_or(WorkError::Unplayed(other))?.items);
            }
            let played = match job.play(plan.items_of(part), &bars.candles, &before, self.cores) {
                Err(wrong) => return self.fail(work, &wrong.to_string()).await.map(|()| false),
                Ok(played) => played.and_then(|part| part.pack()).map_err(unwritten)?,
            };
            Results(self.results).keep(&backtest.id, ResultPart::Part(part), &played, self.now()).await?;
        }
        match self.change(work, |backtest, now| backtest.having_played(part, now)).await {
            // It only says how far it is: what is kept counts.
            Ok(()) | Err(WorkError::Contended) => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn kept(&self, work: &Work, part: u32) -> Result<Option<KeptPart>, WorkError> {
        let id = &work.backtest.0;
        let packed = Results(self.results).kept(id, ResultPart::Part(part), self.now()).await?;
        let unreadable = |error| StoreError::Unreadable(format!("part {part} of {id}: {error}"));
        Ok(packed.map(|packed| KeptPart::unpack(&packed).map_err(unreadable)).transpose()?)
    }

    /// None where it was never there, or has ended. One that has gone on for too long ends here: nobody may look at it.
    async fn going(&self, work: &Work) -> Result<Option<Backtest>, WorkError> {
        let found = Market(self.deps).load_backtest(&work.user.0, &work.backtest.0).await?;
        let Some(going) = found.filter(|backtest| !backtest.is_over()) else { return Ok(None) };
        let now = self.now();
        if !going.is_given_up(now) {
            return Ok(Some(going));
        }
        let seen = going.version;
        // Where another change was first the next look ends it.
        Market(self.deps).keep_backtest(&going.failed(GIVEN_UP.to_owned(), now), seen).await?;
        Ok(None)
    }

    async fn asked(&self, backtest: &Backtest) -> Result<Option<Asked>, WorkError> {
        let text = Market(self.deps).backtest_asked(&backtest.by, &backtest.id).await?;
        Ok(text.and_then(|text| Asked::read(&text, backtest.created_at).ok()))
    }

    async fn failed<T>(&self, work: &Work, why: &str) -> Result<Option<T>, WorkError> {
        self.fail(work, why).await.map(|()| None)
    }

    async fn fail(&self, work: &Work, why: &str) -> Result<(), WorkError> {
        self.change(work, |backtest, now| backtest.failed(why.to_owned(), now)).await
    }

    /// Keeps what follows on it as it is; one that has ended stays.
    async fn change(&self, work: &Work, next: impl Fn(Backtest, Timestamp) -> Backtest) -> Result<(), WorkError> {
        retry_on_conflict(WorkError::Contended, || async {
            let Some(before) = self.going(work).await? else { return Ok(Some(())) };
            let seen = before.version;
            Ok(Market(self.deps).keep_backtest(&next(before, self.now()), seen).await?.then_some(()))
        })
        .await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn planned(backtest: Backtest, plan: &BacktestPlan, now: Timestamp) -> Backtest {
    if backtest.plan.is_some() { backtest.begun_again(now) } else { backtest.planned(plan.clone(), now) }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unwritten(error: io::Error) -> WorkError {
    WorkError::Unwritten(error.to_string())
}
