//! A candle has closed: what each run that hears its series makes of it.

use super::deaf::{note_deaf, note_failing};
use super::step;
use crate::commit::Change;
use crate::conflict::retry_from;
use crate::ports::{BotSeat, CommitError, Queues, ReadCandles, Signal, StoreError};
use domain::bot::{
    BadTerm, Deed, EntryKind, Hears, LogEntry, Run, Said, SentBy, Strategies, Word, hears_from, settled_from,
};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryKey};
use domain::ids::{AttemptId, DeliveryId, RunId, Sha};
use domain::limits::{AUDIT_RETENTION, BOT_DECIDES_WITHIN, DELIVERY_DUE};
use domain::market::{Bar, Candle, CandleSpan};
use domain::series::{KeptCandle, Series};
use domain::token::Grant;
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::trading::Trading;
use wire::alert::{BadAlert, of_bot, parse};

/// What an event has come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// Runs that hear the series, and candles that they have decided on now.
    pub runs: u32,
    pub candles: u32,
    pub signals: Vec<DeliveryId>,
    /// Entries that were not raised.
    pub passed: u32,
    /// Signals that are kept and could not be told: the minute tells them.
    pub untold: u32,
    /// Runs that cannot decide until somebody has changed something; their users know it.
    pub failing: u32,
    /// Runs that have not decided on all of it.
    pub failed: Vec<(RunId, HearError)>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HearError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is kept lags behind what was told.
    #[error("the candle that was told is not read yet")]
    Behind,
    #[error("other changes were first, again and again")]
    Contended,
    #[error("there was no time left for it")]
    NoTime,
    /// A newer writer's, or a strategy that is no more.
    #[error("what a run trades by is not known here: {0}")]
    Terms(#[from] BadTerm),
    #[error("what a run trades by is not known here: {0}")]
    Plan(#[from] BadAlert),
}

/// Has each run that hears a series decide on what has closed of it since its last decision, oldest first. `opens_at` is the candle that
/// was told; there may be later ones by now.
///
/// # Errors
/// Where nobody knows who hears it. A run that fails keeps no other from deciding. Told again, what was decided stays: those for which there
/// was no time, as `has_time` for so long says, decide then.
pub async fn hear<D: Engine + Queues, S: Strategies>(
    deps: &D,
    strategies: &S,
    (series, opens_at): (&Series, Timestamp),
    (attempt, trace): (&AttemptId, &str),
    has_time: impl Fn(Millis) -> bool,
) -> Result<Heard, StoreError> {
    let mut heard = Heard::default();
    let mut ear = Ear { deps, strategies, series, opens_at, attempt, trace, read: None };
    for seat in Trading(deps).list_hearers(series).await? {
        heard.runs = heard.runs.saturating_add(1);
        let done = if has_time(BOT_DECIDES_WITHIN) { ear.run(&seat, &mut heard).await } else { Err(HearError::NoTime) };
        if let Err(error) = done {
            heard.failed.push((seat.run, error));
        }
    }
    Ok(heard)
}

impl HearError {
    /// The next try would fail as this one did.
    fn is_lasting(&self) -> bool {
        matches!(self, Self::Terms(_) | Self::Plan(_))
    }
}

struct Ear<'a, D, S> {
    deps: &'a D,
    strategies: &'a S,
    series: &'a Series,
    opens_at: Timestamp,
    attempt: &'a AttemptId,
    trace: &'a str,
    /// What was read of the series: most runs hear the same candles.
    read: Option<(CandleSpan, Vec<KeptCandle>)>,
}

/// A run that has gone on, and with what.
struct Step {
    run: Run,
    seen: u64,
    entry: Option<LogEntry>,
    signal: Option<Delivery>,
}

impl<D: Engine + Queues, S: Strategies> Ear<'_, D, S> {
    /// One run. Where another has decided meanwhile, or its user has stopped it, it is looked at anew.
    async fn run(&mut self, seat: &BotSeat, heard: &mut Heard) -> Result<(), HearError> {
        retry_from((self, heard), HearError::Contended, |(ear, heard)| async move {
            let Some(run) = Trading(ear.deps).load_run(&seat.user, &seat.run).await? else { return Ok(Break(())) };
            let told = ear.opens_at.plus(ear.series.interval.length());
            if run.ended.is_some() {
                return Ok(Break(()));
            }
            if told <= run.decided_to {
                // Told once more, since nothing newer is kept.
                if run.is_deaf(ear.deps.now()) {
                    heard.failing = heard.failing.saturating_add(1);
                    note_deaf(ear.deps, ear.attempt, run).await?;
                }
                return Ok(Break(()));
            }
            match ear.decide(run.clone(), heard).await {
                Err(Stopped::LostRace) => Ok(Continue((ear, heard))),
                Err(Stopped::Failed(error)) if error.is_lasting() => {
                    heard.failing = heard.failing.saturating_add(1);
                    Ok(Break(note_failing(ear.deps, ear.attempt, run, error.to_string()).await?))
                }
                Err(Stopped::Failed(error)) => Err(error),
                Ok(()) => Ok(Break(())),
            }
        })
        .await
    }

    /// Every candle that is new to the run, oldest first. What raises nothing is kept with the next that does, or at the end.
    async fn decide(&mut self, run: Run, heard: &mut Heard) -> Result<(), Stopped> {
        let candles = self.candles(&run).await?;
        let said = self.strategies.replay(&run.terms.strategy, &candles).map_err(HearError::from)?;
        let words = candles.iter().map(|candle| candle.bar).zip(said);
        let (heard_before, new): (Vec<_>, Vec<_>) = words.partition(|(bar, _)| !run.is_new(bar));
        let warm_up = self.strategies.warm_up(&run.terms.strategy).map_err(HearError::from)?;
        let settled = settled_from(self.series.interval, warm_up, run.decided_to);
        let last_exit =
            new.iter().filter(|(_, said)| said.deed == Some(Deed::Exit)).map(|(bar, _)| bar.opens_at).next_back();
        let (mut run, mut unkept) = (run, 0_u32);
        for (bar, said) in new {
            let (said, missed) = run.with_missed(&heard_before, settled, said);
            let said_at = missed.map_or(bar.closes_at, |missed| missed.closes_at);
            let step = self.step(run, (&bar, said_at), &said, Some(bar.opens_at) < last_exit)?;
            unkept = unkept.saturating_add(1);
            run = step.run.clone();
            if step.entry.is_some() {
                self.keep(step, unkept, heard).await?;
                unkept = 0;
            }
        }
        if unkept > 0 {
            let (seen, run) = (run.version, run.next());
            self.keep(Step { run, seen, entry: None, signal: None }, unkept, heard).await?;
        }
        Ok(())
    }

    /// Those that are new to it, and those before that its strategy has to hear first.
    async fn candles(&mut self, run: &Run) -> Result<Vec<Candle>, Stopped> {
        let interval = self.series.interval;
        let warm_up = self.strategies.warm_up(&run.terms.strategy).map_err(HearError::from)?;
        let first = hears_from(interval, warm_up, run.decided_to);
        let told = self.opens_at.plus(interval.length());
        let end = interval.told_to(self.deps.now()).max(told);
        let span = CandleSpan::between(interval, first, end);
        let newest = self.opens_at;
        let kept = self.kept(&span).await.map_err(HearError::from)?;
        if kept.last().is_none_or(|last| last.opens_at() < newest) {
            return Err(HearError::Behind.into());
        }
        let heard = kept.iter().filter(|kept| span.first() <= kept.opens_at());
        Ok(heard.map(|kept| kept.candle).collect())
    }

    /// Those of a part, and perhaps some before it: what was read for another run is not read again.
    async fn kept(&mut self, span: &CandleSpan) -> Result<&[KeptCandle], StoreError> {
        let has = |(read, _): &(CandleSpan, _)| read.first() <= span.first() && read.end() >= span.end();
        let read = match self.read.take().filter(has) {
            Some(read) => read,
            None => (*span, self.deps.read_candles(self.series, span).await?),
        };
        Ok(&self.read.insert(read).1)
    }

    /// An entry that is `over`, since a later candle that is known already says exit, is as good as late.
    fn step(&self, run: Run, (bar, said_at): (&Bar, Timestamp), said: &Said, over: bool) -> Result<Step, HearError> {
        let now = self.deps.now();
        let (seen, hears) = (run.version, run.hears(bar, said, now));
        let heard = run.having_heard(bar, said);
        let (kind, signal) = match hears {
            Hears::Nothing => return Ok(Step { run: heard, seen, entry: None, signal: None }),
            Hears::Late(_) => (EntryKind::Late, None),
            Hears::Signal(Deed::Enter(_)) if over => (EntryKind::Late, None),
            Hears::Unsure(_) => (EntryKind::Unsure, None),
            Hears::Signal(deed) => (EntryKind::Signal, Some(self.signal(&heard, (bar, said_at), deed, now)?)),
        };
        let run = heard.next();
        let signals = run.signals.saturating_add(u64::from(signal.is_some()));
        let raised = signal.as_ref().map(|_| bar.opens_at).or(run.raised);
        let run = Run { signals, raised, ..run };
        let entry = LogEntry {
            run: run.id.clone(),
            version: run.version,
            at: now,
            kind,
            word: Some(Word { opens_at: bar.opens_at, said: said.clone() }),
            detail: None,
            delivery: signal.as_ref().map(|signal| signal.at.id.clone()),
        };
        Ok(Step { run, seen, entry: Some(entry), signal })
    }

    /// The signal as what the webhook would have made of it: kept on absence under its own id, and due until it has a verdict.
    fn signal(&self, run: &Run, said: (&Bar, Timestamp), deed: Deed, now: Timestamp) -> Result<Delivery, HearError> {
        let brought = self.strategies.ladder(&run.terms.strategy)?;
        let (token, body) = (run.token(), of_bot(run, brought.as_ref(), said, deed)?);
        let body_hash = Sha::of_bytes(body.as_bytes());
        let key = DeliveryKey::of(&run.user, &token, Some(&parse(&body, None)?), &body_hash);
        let account = run.terms.account.clone();
        Ok(Delivery {
            at: Delivery::reference(&run.user, &key, now),
            identity: key.identity,
            token,
            account: Some(run.label.clone()),
            exchange: Some(run.terms.series.market.exchange.clone()),
            grant: Grant::default(),
            body,
            body_hash,
            source_ip: None,
            lane: run.lane.clone(),
            trace: self.trace.to_owned(),
            decisions: 1,
            repeats: 0,
            verdict: None,
            due_at: Some(now.plus(DELIVERY_DUE)),
            expires_at: now.plus(AUDIT_RETENTION),
            part: None,
            by_hand: None,
            bot: Some(Box::new(SentBy { bot: run.bot.clone(), run: run.id.clone(), account })),
        })
    }

    async fn keep(&self, step: Step, candles: u32, heard: &mut Heard) -> Result<(), Stopped> {
        let Step { run, seen, entry, signal } = step;
        let passed = entry.is_some() && signal.is_none();
        self.commit(run, seen, entry, signal.clone()).await?;
        heard.candles = heard.candles.saturating_add(candles);
        heard.passed = heard.passed.saturating_add(u32::from(passed));
        if let Some(signal) = signal {
            let told = self.deps.send_signal(&Signal::from(&signal), self.deps.now()).await;
            heard.untold = heard.untold.saturating_add(u32::from(told.is_err()));
            heard.signals.push(signal.at.id);
        }
        Ok(())
    }

    async fn commit(
        &self,
        run: Run,
        seen: u64,
        entry: Option<LogEntry>,
        signal: Option<Delivery>,
    ) -> Result<(), CommitError> {
        let mut step = step(self.attempt, run, seen, entry, self.deps.now());
        step.changes.extend(signal.map(|signal| Change::Deliver(Box::new(signal))));
        Trading(self.deps).commit(&step).await
    }
}

/// Why a run has not decided on all of it.
enum Stopped {
    LostRace,
    Failed(HearError),
}

impl From<CommitError> for Stopped {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::LostRace => Self::LostRace,
            CommitError::Store(error) => Self::Failed(error.into()),
        }
    }
}

impl From<HearError> for Stopped {
    fn from(error: HearError) -> Self {
        Self::Failed(error)
    }
}
