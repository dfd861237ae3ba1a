//! Which faults happen where: listed by the number of the yield point, or thrown by seeded dice.

use super::Op;
use domain::clock::Millis;
use std::fmt;
use std::str::FromStr;

/// Everything a run depends on, besides its scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub strikes: Strikes,
    /// At calls of a name, the first being 1, beside the others.
    pub named: Vec<(&'static str, u32, Strike)>,
    /// Which yield points are numbered.
    pub counted: Counted,
    pub latency: Latency,
    /// Whether whatever is ready runs in a seeded order, and not in turn.
    pub shuffled: bool,
}

#[derive(Debug, Clone, Default)]
pub enum Strikes {
    #[default]
    None,
    /// At these points, by number.
    At(Vec<(usize, Strike)>),
    Random(Rates),
}

/// How often each fault happens, in thousandths of the yield points.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    pub crash: u32,
    pub lose_reply: u32,
    pub refuse: u32,
    pub late: u32,
    pub too_late: u32,
    /// Calls of this name meet none.
    pub spared: Option<&'static str>,
}

/// A fault at a yield point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// The process ends before the effect. Ending after it is ending before the next one.
    Crash,
    /// The effect happens and the caller is told that nobody answered.
    LoseReply,
    /// Nothing happens and the caller is told that nobody answered.
    Refuse,
    /// It takes almost two seconds; a request to a venue arrives while it is still valid, and unanswered.
    Late,
    /// It takes longer than most can wait; a request to a venue arrives when it is valid no more.
    TooLate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    All,
    /// Only calls that change something: a crash before a read is a crash before the effect that follows it.
    Effects,
}

#[derive(Debug, Clone, Copy)]
pub enum Latency {
    Fixed {
        store: Millis,
        venue: Millis,
    },
    /// Up to this, by the dice.
    Random {
        store: Millis,
        venue: Millis,
    },
}

/// The plan while it is carried out.
pub(super) struct Dice {
    plan: Plan,
    rng: fastrand::Rng,
    /// What was numbered, in turn.
    points: Vec<Op>,
    on: bool,
    chooser: Option<Chooser>,
}

/// Says what strikes at a point, by its number, in the plan's stead.
pub(super) type Chooser = Box<dyn FnMut(usize, Op) -> Option<Strike>>;

impl Plan {
    /// No faults, everything in turn.
    pub fn calm() -> Self {
        Self {
            seed: 0,
            strikes: Strikes::None,
            named: Vec::new(),
            counted: Counted::All,
            latency: Latency::Fixed { store: Millis::new(2), venue: Millis::new(40) },
            shuffled: false,
        }
    }
}

impl Dice {
    pub(super) fn new(plan: Plan) -> Self {
        Self { rng: fastrand::Rng::with_seed(plan.seed), plan, points: Vec::new(), on: true, chooser: None }
    }

    pub(super) fn place(&mut self, ready: usize) -> usize {
        if self.plan.shuffled { self.rng.usize(..ready) } else { 0 }
    }

    /// Numbers the point and says what happens there.
    pub(super) fn strike(&mut self, op: Op) -> Option<(usize, Option<Strike>)> {
        if !self.on || (self.plan.counted == Counted::Effects && !op.is_effect()) {
            return None;
        }
        let number = self.points.len();
        self.points.push(op);
        if let Some(strike) = self.named(op) {
            return Some((number, Some(strike)));
        }
        if let Some(choose) = &mut self.chooser {
            return Some((number, choose(number, op)));
        }
        let strike = match &self.plan.strikes {
            Strikes::None => None,
            Strikes::At(list) => list.iter().find(|(at, _)| *at == number).map(|(_, strike)| *strike),
            Strikes::Random(rates) if rates.spared == Some(op.name()) => None,
            Strikes::Random(rates) => rates.pick(self.rng.u32(..1_000)),
        };
        Some((number, strike))
    }

    /// Counts the calls of each name down to the one that is struck.
    fn named(&mut self, op: Op) -> Option<Strike> {
        let due = self.plan.named.iter_mut().filter(|(name, ..)| *name == op.name());
        let strikes = due.filter_map(|(_, left, strike)| {
            *left = left.saturating_sub(1);
            (*left == 0).then_some(*strike)
        });
        let strike = strikes.reduce(|first, _| first);
        self.plan.named.retain(|(_, left, _)| *left > 0);
        strike
    }

    pub(super) fn latency(&mut self, op: Op) -> Millis {
        let of = |store: Millis, venue: Millis| if op.is_venue() { venue } else { store };
        match self.plan.latency {
            Latency::Fixed { store, venue } => of(store, venue),
            Latency::Random { store, venue } => Millis::new(self.rng.i64(0..=of(store, venue).get())),
        }
    }

    pub(super) fn rng(&mut self) -> &mut fastrand::Rng {
        &mut self.rng
    }

    pub(super) fn choose_by(&mut self, chooser: Chooser) {
        self.chooser = Some(chooser);
    }

    pub(super) fn points(&self) -> &[Op] {
        &self.points
    }

    pub(super) fn switch_off(&mut self) {
        self.on = false;
    }

    pub(super) fn is_on(&self) -> bool {
        self.on
    }
}

impl Rates {
    fn pick(self, thrown: u32) -> Option<Strike> {
        let kinds = [
            (self.crash, Strike::Crash),
            (self.lose_reply, Strike::LoseReply),
            (self.refuse, Strike::Refuse),
            (self.late, Strike::Late),
            (self.too_late, Strike::TooLate),
        ];
        let mut below = 0;
        kinds.into_iter().find_map(|(rate, strike)| {
            below += rate;
            (thrown < below).then_some(strike)
        })
    }
}

impl Strike {
    pub const ALL: [Self; 5] = [Self::Crash, Self::LoseReply, Self::Refuse, Self::Late, Self::TooLate];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::LoseReply => "lose",
            Self::Refuse => "refuse",
            Self::Late => "late",
            Self::TooLate => "too_late",
        }
    }
}

/// `none`, or points with their faults: `3:crash,7:lose`.
impl fmt::Display for Strikes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Random(_) => f.write_str("random"),
            Self::At(list) => {
                let list: Vec<_> = list.iter().map(|(at, strike)| format!("{at}:{}", strike.as_str())).collect();
                f.write_str(&list.join(","))
            }
        }
    }
}

impl FromStr for Strikes {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::None);
        }
        let one = |part: &str| {
            let (at, word) = part.split_once(':')?;
            let strike = Strike::ALL.into_iter().find(|strike| strike.as_str() == word)?;
            Some((at.parse().ok()?, strike))
        };
        let list: Option<Vec<_>> = text.split(',').map(one).collect();
        list.map(Self::At).ok_or_else(|| format!("{text} is not a plan such as 3:crash,7:lose"))
    }
}
