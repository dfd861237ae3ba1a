//! What was asked for, read by whoever plays: how much it is, and what comes of a part of it.

mod kept;
mod size;

pub(super) use kept::{Told, together};

use backtest::search::{Method, Point, Try};
use backtest::{Candle, Funding, Played, Player, Stats, Step, Window, months, on_cores};
use domain::backtests::BacktestPlan;
use domain::ids::Sha;
use domain::limits::BACKTEST_STEPS_MAX;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use strategies::{Built, Given};
use trials::{Asked, AskedDoubts, AskedSweep, Carried, Chosen, Doubts, Refused, Report, Sweep, parts, refused_by};
use wire::backtest::{Asked as Wanted, KeptItem, KeptPart};

/// Tries that are looked at before any is played.
const CHECKED: usize = 100;

/// An option that cannot be used, by its dotted path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}{said}")]
pub struct Wrong {
    pub field: String,
    said: String,
}

impl Wrong {
    pub(super) fn rule(field: &str, rule: impl std::fmt::Display) -> Self {
        Self { field: field.to_owned(), said: format!(" {rule}") }
    }
}

/// Other options are named by their members here, and on the command line with two dashes.
impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        let field = match refused.option {
            "param" => "parameters".to_owned(),
            "try" => "sweep.tried".to_owned(),
            "search" | "tries" | "by" | "walk" | "split" => format!("sweep.{}", refused.option),
            "monthly_percent" | "monthly_income" | "portfolio" => format!("goals.{}", refused.option),
            option => option.to_owned(),
        };
        Self { field, said: refused.said.replace("--", "") }
    }
}

/// What is played.
#[derive(Debug)]
pub(super) enum Job {
    Once(Box<Player<Built>>, Option<Doubts>),
    Many(Box<Sweep>, AskedSweep),
}

/// What is tried of many: points all at once, or the best of them in each of these windows.
enum Tried {
    Points,
    Walk(Vec<Window>),
}

impl Job {
    /// # Errors
    /// The option that cannot be used.
    pub(super) fn of(asked: &Wanted) -> Result<Self, Wrong> {
        let options = options(asked)?;
        let Some(sweep) = &asked.sweep else {
            let given: Vec<Given<'_>> = given(&asked.parameters);
            let player = Carried::of(&options)?.player(&Chosen::of(&options)?, &given, "param")?;
            size::check_draws(asked)?;
            return Ok(Self::Once(Box::new(player), Doubts::read(&options, &doubts(asked))?));
        };
        Doubts::none_beside_many(&doubts(asked))?;
        let values = size::check_values(asked, sweep)?;
        let wanted = AskedSweep {
            search: sweep.option("search"),
            tries: sweep.option("tries"),
            by: sweep.option("by"),
            walk: sweep.option("walk"),
            split: sweep.option("split"),
        };
        let tried: Vec<_> = sweep.tried.iter().map(|(name, values)| (&**name, &**values, &**name)).collect();
        let sweep = Sweep::of(&options, &wanted, &tried)?;
        let tries = sweep.proposals().left();
        size::check_tries(asked, tries)?;
        if is_sequential(&sweep) {
            size::check_learnt(values, tries)?;
        }
        if wanted.walk.is_some() || wanted.split.is_some() {
            size::check_walked(tries)?;
        }
        Ok(Self::Many(Box::new(sweep), wanted))
    }

    /// How so many candles are played, in parts; by many where one would play more bars than `alone`.
    ///
    /// # Errors
    /// The option that makes it too much, or that so few candles are too few for.
    pub(super) fn plan(&self, candles: usize, digest: Sha, alone: u64) -> Result<BacktestPlan, Wrong> {
        match self {
            Self::Once(..) => size::plan((1, candles), false, alone, candles, digest),
            Self::Many(sweep, wanted) => {
                let tries = sweep.proposals().left();
                match tried(wanted, candles)? {
                    Tried::Points => size::plan((tries, candles), is_sequential(sweep), alone, candles, digest),
                    Tried::Walk(windows) if windows.len() > BACKTEST_STEPS_MAX => {
                        Err(Wrong::rule("sweep.walk", format!("must have at most {BACKTEST_STEPS_MAX} steps")))
                    }
                    Tried::Walk(windows) => {
                        let train = windows.first().map_or(0, |window| window.train.len());
                        size::plan((windows.len(), tries.saturating_mul(train)), false, alone, candles, digest)
                    }
                }
            }
        }
    }

    /// The first of what is tried: what is wrong with the way it is carried out is wrong with most of it.
    ///
    /// # Errors
    /// The option that cannot be used.
    pub(super) fn check_some(&self) -> Result<(), Wrong> {
        let Self::Many(sweep, _) = self else { return Ok(()) };
        let points = sweep.next_step(&mut sweep.proposals());
        Ok(points.iter().take(CHECKED).try_for_each(|point| sweep.player(point).map(drop))?)
    }

    /// What comes of a part. A search that learns is told what came of those before.
    ///
    /// # Errors
    /// The option that something was refused for, or where it cannot be written.
    pub(super) fn play(
        &self,
        (begin, end): (u32, u32),
        candles: &[Candle],
        before: &[KeptItem],
        cores: NonZeroUsize,
    ) -> Result<io::Result<KeptPart>, Wrong> {
        let at = |item: u32| usize::try_from(item).unwrap_or(usize::MAX);
        let items = match self {
            Self::Once(player, doubts) => vec![KeptItem::of(None, &once(player, *doubts, candles)?.told())],
            Self::Many(sweep, wanted) => match tried(wanted, candles.len())? {
                Tried::Points => {
                    let tries = tries(sweep, at(begin)..at(end), candles, before, cores)?;
                    let told = |one: &Try<Stats>| KeptItem::of(sweep.score.rank(&one.outcome), &sweep.told_try(one));
                    tries.iter().map(told).collect()
                }
                Tried::Walk(windows) => {
                    let windows = windows.into_iter().skip(at(begin)).take(at(end.saturating_sub(begin)));
                    let points = sweep.points();
                    let steps = sweep.walked(candles, &points, windows.collect(), cores)?;
                    let told = |step: &Step| KeptItem::of(None, &sweep.told_step(&points, step));
                    steps.iter().map(|step| told(step).map(|item| item.with(kept::of(&step.part)))).collect()
                }
            },
        };
        Ok(items.into_iter().collect::<io::Result<Vec<_>>>().map(KeptPart::of))
    }

    /// What the best is told by, and whether windows are walked; none where nothing is tried.
    pub(super) fn by(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::Once(..) => None,
            Self::Many(sweep, wanted) => Some((sweep.score.name, wanted.walk.is_some() || wanted.split.is_some())),
        }
    }

    /// How many points of a sweep were skipped since their parameters contradict each other; a search that learns is told what came of all.
    pub(super) fn skipped(&self, items: &[KeptItem]) -> usize {
        let Self::Many(sweep, _) = self else { return 0 };
        let (mut proposals, mut scores) = (sweep.proposals(), items.iter().map(KeptItem::score));
        while proposals.left() > 0 {
            let points = sweep.next_step(&mut proposals);
            proposals.tell(scores.by_ref().take(points.len()));
        }
        proposals.skipped()
    }

    /// Whether a part can be played only by whoever knows what came of those before.
    pub(super) fn is_sequential(&self) -> bool {
        matches!(self, Self::Many(sweep, _) if is_sequential(sweep))
    }
}

fn is_sequential(sweep: &Sweep) -> bool {
    matches!(sweep.method, Method::Tpe { .. })
}

fn tried(wanted: &AskedSweep, candles: usize) -> Result<Tried, Refused> {
    Ok(parts(wanted, candles)?.map_or(Tried::Points, Tried::Walk))
}

fn once(player: &Player<Built>, doubts: Option<Doubts>, candles: &[Candle]) -> Result<Report, Wrong> {
    let Played { run, steps } = player.play(candles).map_err(|wrong| refused_by(&wrong))?;
    let (stats, months) = (Stats::of(candles, &run), months(candles, &run.equity));
    let doubted = doubts.map(|doubts| doubts.of(&run, &months));
    Ok(Report { run, steps, stats, months, doubted })
}

/// Those from the one number to the other, in the order in which they are proposed.
fn tries(
    sweep: &Sweep,
    part: Range<usize>,
    candles: &[Candle],
    before: &[KeptItem],
    cores: NonZeroUsize,
) -> Result<Vec<Try<Stats>>, Wrong> {
    let (mut proposals, mut scores) = (sweep.proposals(), before.iter().map(KeptItem::score));
    let (mut first, mut tried) = (0_usize, Vec::new());
    loop {
        let points = sweep.next_step(&mut proposals);
        let behind = first.saturating_add(points.len());
        if points.is_empty() || first >= part.end {
            return Ok(tried);
        }
        if behind <= part.start {
            proposals.tell(scores.by_ref().take(points.len()));
        } else {
            let of_part = points.into_iter().zip(first..).filter(|(_, number)| part.contains(number));
            let points: Vec<Point> = of_part.map(|(point, _)| point).collect();
            let outcomes = on_cores(&points, cores, |point| sweep.outcome(point, candles));
            let outcomes = outcomes.into_iter().collect::<Result<Vec<Stats>, Refused>>()?;
            proposals.tell(outcomes.iter().map(|stats| sweep.score.rank(stats)));
            tried.extend(points.into_iter().zip(outcomes).map(|(point, outcome)| Try { point, outcome }));
        }
        first = behind;
    }
}

fn options(asked: &Wanted) -> Result<Asked, Wrong> {
    let funding = asked.funding.as_ref().map(|funding| Funding::recorded(funding.timed())).transpose();
    Ok(Asked {
        strategy: asked.strategy.clone(),
        rules: asked.rules().map(String::into_bytes),
        parameters: asked.parameters.clone(),
        cash: asked.option("cash"),
        ladder: asked.ladder().map(String::into_bytes),
        fee_rate: asked.option("fee_rate"),
        quantity_step: asked.option("quantity_step"),
        price_tick: asked.option("price_tick"),
        notional_min: asked.option("notional_min"),
        quantity_min: asked.option("quantity_min"),
        quantity_max: asked.option("quantity_max"),
        market_quantity_max: asked.option("market_quantity_max"),
        notional_max: asked.option("notional_max"),
        orders_max: asked.option("orders_max"),
        plan: asked.plan().map(String::into_bytes),
        confidence_min: asked.option("confidence_min"),
        limits: asked.limits(),
        leverage: asked.option("leverage"),
        funding_rate: asked.option("funding_rate"),
        funding: funding.map_err(|wrong| Wrong::rule("funding.rates", wrong))?,
        slippage_bps: asked.option("slippage_bps"),
        latency: asked.option("latency"),
        seed: asked.option("seed"),
    })
}

fn doubts(asked: &Wanted) -> AskedDoubts {
    AskedDoubts {
        draws: asked.option("draws"),
        monthly_percent: asked.goal("monthly_percent"),
        monthly_income: asked.goal("monthly_income"),
        portfolio: asked.goal("portfolio"),
    }
}

fn given(parameters: &[(String, String)]) -> Vec<Given<'_>> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
