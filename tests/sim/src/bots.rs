//! Bots: a strategy by hand, candles that close, and the function that hears them.

use crate::{Deployment, seed};
use app::actor::Act;
use app::bots::{self, BotError, Heard, Permit, Reach};
use app::ports::StoreError;
use app::trading::ActError;
use domain::alert::Side;
use domain::bot::{BadTerm, Deed, EntryKind, Run, Said, Strategies, Strategy};
use domain::clock::{Millis, Timestamp};
use domain::delivery::Delivery;
use domain::ids::AttemptId;
use domain::limits::BOT_RUNNER_TIMEOUT;
use domain::market::{Bar, Candle, Interval};
use domain::preset::PlanParts;
use domain::series::{KeptCandle, Series};
use std::collections::BTreeSet;
use strategies::Registry;
use testkit::world::Table;
use wire::bot::Asked;

/// The full minute that comes first in every story: the candle of number 0 closes then.
const FIRST_CLOSE: Timestamp = Timestamp::from_millis(1_760_000_040_000);
const MINUTE: Interval = Interval::OneMinute;
/// Lambda asks again for what has failed, a minute later and two after that.
const CALLS_MAX: u32 = 3;

/// What a strategy says to a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    Hold,
    Enter,
    Leave,
    /// Nothing: the strategy is no more.
    Fail,
}

impl Says {
    const ALL: [Self; 4] = [Self::Hold, Self::Enter, Self::Leave, Self::Fail];

    /// It stands in the candle: what is said follows from candles alone.
    fn volume(self) -> &'static str {
        match self {
            Self::Hold => "1",
            Self::Enter => "2",
            Self::Leave => "3",
            Self::Fail => "4",
        }
    }

    fn deed(self) -> Option<Deed> {
        match self {
            Self::Hold | Self::Fail => None,
            Self::Enter => Some(Deed::Enter(Side::Long)),
            Self::Leave => Some(Deed::Exit),
        }
    }
}

/// What a bot trades by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trades {
    /// What a candle's volume says.
    ByVolume,
    /// Rules, which say what they say anywhere.
    Rules(&'static str),
    /// The ladder of the strategy of this name, told these parameters; when, a candle's volume says.
    Ladder(&'static str, &'static [(&'static str, &'static str)]),
}

const BY_VOLUME: &str = "BY_VOLUME";

/// Says of each candle what its volume says. Rules say what they say anywhere, and ladders are those that there are.
struct ByVolume;

impl Strategies for ByVolume {
    fn read(&self, meant: &Strategy) -> Result<Strategy, BadTerm> {
        if meant.name == BY_VOLUME { Ok(meant.clone()) } else { Registry.read(meant) }
    }

    fn ladder(&self, strategy: &Strategy) -> Result<Option<PlanParts>, BadTerm> {
        if strategy.name == BY_VOLUME { Ok(None) } else { Registry.ladder(strategy) }
    }

    fn side(&self, strategy: &Strategy) -> Result<Side, BadTerm> {
        if strategy.rules.is_some() { Registry.side(strategy) } else { Ok(Side::Long) }
    }

    fn explain(&self, strategy: &Strategy) -> Result<Vec<String>, BadTerm> {
        if strategy.rules.is_some() { Registry.explain(strategy) } else { Ok(Vec::new()) }
    }

    fn warm_up(&self, strategy: &Strategy) -> Result<usize, BadTerm> {
        if strategy.rules.is_some() { Registry.warm_up(strategy) } else { Ok(0) }
    }

    fn replay(&self, strategy: &Strategy, candles: &[Candle]) -> Result<Vec<Said>, BadTerm> {
        if strategy.rules.is_some() {
            return Registry.replay(strategy, candles);
        }
        let says = |candle: &Candle| {
            let volume = candle.volume.to_string();
            Says::ALL.into_iter().find(|says| says.volume() == volume).unwrap()
        };
        let said = |says| match says {
            Says::Fail => {
                Err(BadTerm { field: "strategy".to_owned(), allowed: "must be one that there is".to_owned() })
            }
            says => Ok(Said { deed: says.deed(), confidence: "1".parse().unwrap(), reason: format!("{says:?}") }),
        };
        candles.iter().map(|candle| said(says(candle))).collect()
    }
}

pub(crate) fn closes_at(number: u32) -> Timestamp {
    FIRST_CLOSE.plus(MINUTE.times(number))
}

fn series() -> Series {
    Series { market: seed::market().key, interval: MINUTE }
}

impl Deployment {
    /// A candle is kept; nobody is told.
    pub(crate) fn close_candle(&self, number: u32, says: Says) {
        let price = || "100".parse().unwrap();
        let closes_at = closes_at(number);
        let opens_at = closes_at.minus(MINUTE.length());
        let bar = Bar { opens_at, closes_at, open: price(), high: price(), low: price(), close: price() };
        let candle = Candle { bar, volume: says.volume().parse().unwrap(), is_closed: true };
        self.world().put_candle(&series(), KeptCandle { candle, kept_at: self.now() });
    }

    /// The bus hands on that this candle has closed.
    pub(crate) fn tell_candle(&self, number: u32) {
        self.hear(number, &self.attempt(), 1);
    }

    /// All calls for one event are one attempt, as Lambda names it.
    fn hear(&self, number: u32, attempt: &AttemptId, call: u32) {
        let (hearing, by) = (self.clone(), attempt.clone());
        let heard = async move {
            let opens_at = closes_at(number).minus(MINUTE.length());
            bots::hear(hearing.world(), &ByVolume, (&series(), opens_at), (&by, by.as_str()), |_| true).await
        };
        let (deployment, attempt) = (self.clone(), attempt.clone());
        self.invoke("bot-runner", BOT_RUNNER_TIMEOUT, heard, move |outcome| {
            if call < CALLS_MAX && !is_done(outcome) {
                let again = deployment.now().plus(Millis::seconds(60 * i64::from(call)));
                let sim = deployment.world().sim().clone();
                sim.at(again, move || deployment.hear(number, &attempt, call + 1));
            }
        });
    }

    /// The user has a bot run, with one that is kept already where there is one.
    pub(crate) async fn start_bot(&self, trades: Trades, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        let bot = match bots::list(world, act.user).await?.pop() {
            Some(bot) => bot,
            None => bots::create(world, &ByVolume, asked(trades), act).await.map_err(again)?,
        };
        if bot.run.is_some() {
            return Ok(());
        }
        bots::start(world, &ByVolume, &bot.id, Permit::default(), act).await.map(drop).map_err(again)
    }

    /// What runs and enters goes on.
    pub(crate) async fn start_again(&self, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        for bot in bots::list(world, act.user).await? {
            match bots::start(world, &ByVolume, &bot.id, Permit::default(), act).await {
                Ok(_) | Err(BotError::Running) => {}
                Err(error) => return Err(again(error)),
            }
        }
        Ok(())
    }

    pub(crate) async fn switch_strategy(&self, enabled: bool, act: Act<'_>) -> Result<(), ActError> {
        let wished = (enabled, "a test says so");
        bots::switch(self.world(), BY_VOLUME, wished, act).await.map(drop)
    }

    pub(crate) async fn stop_bot(&self, reach: Reach, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        for run in bots::list(world, act.user).await?.into_iter().filter(|bot| bot.running).filter_map(|bot| bot.run) {
            bots::stop(world, &run, reach, "a test says so", act).await.map_err(again)?;
        }
        Ok(())
    }
}

fn is_done(outcome: Option<Result<Heard, StoreError>>) -> bool {
    matches!(outcome, Some(Ok(heard)) if heard.failed.is_empty())
}

fn asked(trades: Trades) -> Asked {
    let (strategy, rules, parameters) = match trades {
        Trades::ByVolume => (Some(BY_VOLUME), None, None),
        Trades::Rules(rules) => (None, Some(rules.to_owned()), None),
        Trades::Ladder(name, given) => {
            let each = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            (Some(name), None, Some(each.collect()))
        }
    };
    Asked {
        name: Some("by-hand".parse().unwrap()),
        account: Some(seed::account()),
        symbol: Some(seed::market().key.symbol),
        timeframe: Some(MINUTE),
        strategy: strategy.map(str::to_owned),
        parameters,
        rules,
        ..Asked::default()
    }
}

fn again(_: BotError) -> ActError {
    ActError::Contended
}

pub(crate) fn runs(table: &Table) -> Vec<Run> {
    table.runs()
}

/// Kind and candle of each line of all logs, in their order: `signal 3`, `started`.
pub(crate) fn log(table: &Table) -> Vec<String> {
    let mut entries = table.run_log();
    entries.sort_by_key(|entry| (entry.run.clone(), entry.version));
    let number =
        |opens_at: Timestamp| opens_at.plus(MINUTE.length()).since(FIRST_CLOSE).get().div_euclid(MINUTE.length().get());
    let told = |entry: &domain::bot::LogEntry| match &entry.word {
        Some(word) => format!("{} {}", entry.kind.as_str(), number(word.opens_at)),
        None => entry.kind.as_str().to_owned(),
    };
    entries.iter().map(told).collect()
}

/// Whatever a run has said is there, once, and said by it while it ran; its place, its wish and its count go with it.
pub(crate) fn broken(table: &Table, deliveries: &[Delivery]) -> Vec<String> {
    let (mut broken, runs) = (Vec::new(), runs(table));
    let running = i64::try_from(runs.iter().filter(|run| run.ended.is_none()).count()).unwrap();
    let counted = table.bots_running();
    let (seats, log) = (table.seats(), table.run_log());
    if counted.unwrap_or(0) != running {
        broken.push(format!("{running} bots run, and {counted:?} are counted"));
    }
    for run in &runs {
        let sits = seats.iter().any(|seat| seat.run == run.id);
        let wants = table.wishes().any(|wish| wish.by.to_string() == run.id.as_str());
        if [sits, wants] != [run.ended.is_none(); 2] {
            broken.push(format!("{} has ended: {}; it sits: {sits}, it wants: {wants}", run.id, run.ended.is_some()));
        }
        let own = |delivery: &&Delivery| delivery.bot.as_ref().is_some_and(|by| by.run == run.id);
        let said: BTreeSet<_> = deliveries.iter().filter(own).map(|delivery| delivery.at.id.clone()).collect();
        let entries = log.iter().filter(|entry| entry.run == run.id);
        let (mut logged, mut candles) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            logged.extend(entry.delivery.clone());
            let is_twice = entry.word.as_ref().is_some_and(|word| !candles.insert(word.opens_at));
            let is_late = run.ended.is_some() && entry.kind != EntryKind::Stopped && entry.version >= run.version;
            if is_twice || is_late {
                broken.push(format!("{} has decided twice, or behind its end: {entry:?}", run.id));
            }
        }
        if said != logged || u64::try_from(said.len()).unwrap() != run.signals {
            broken.push(format!("{} has logged {logged:?}, counts {}, and there are {said:?}", run.id, run.signals));
        }
    }
    broken
}
