//! What goes wrong on demand: so many times, or with a probability and a seed, for requests of one purpose or for all.

use crate::http::{Call, Purpose, Reply};
use crate::site::{Site, SiteName};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Carried out, never answered.
    TimeoutAfter,
    /// Neither carried out nor answered.
    TimeoutBefore,
    /// 503, and nothing was done.
    UnavailableBefore,
    /// 503, although it was done.
    UnavailableAfter,
    /// The exchange's refusal of a clock that is wrong.
    Clock,
    /// The exchange's refusal of a client order id that is taken.
    Duplicate,
    /// The market gives `share` of the order, and the rest only when the price moves again.
    Partial,
    /// Carried out at once, answered after `ms`.
    Slow,
    /// Carried out after `ms`, whether or not the client still waits.
    Late,
    ResetBefore,
    ResetAfter,
    /// The process that asks is killed, where it runs on this machine, and nothing was done.
    Killed,
    /// The order cannot be found for `ms`.
    ReadLag,
    /// Carried out, and the answer breaks off in the middle.
    Truncated,
    /// Carried out, and of the list that is answered each third is left out.
    Sparse,
    /// The same, and the first stands there twice, and the last comes first.
    Jumbled,
    /// 429.
    TooMany,
    /// 418 on Binance; where others have no such thing, as 429.
    Banned,
    /// Answered with `status` and `body`, and nothing was done.
    SaysBefore,
    /// Answered with `status` and `body`, although it was done.
    SaysAfter,
}

impl Kind {
    /// Whether the request reaches the exchange.
    pub(crate) fn is_carried_out(self) -> bool {
        !matches!(
            self,
            Self::TimeoutBefore
                | Self::UnavailableBefore
                | Self::Clock
                | Self::Duplicate
                | Self::ResetBefore
                | Self::Killed
                | Self::TooMany
                | Self::Banned
                | Self::SaysBefore
        )
    }

    /// Whether the exchange has words of its own for it.
    fn is_said(self) -> bool {
        use Kind as K;
        matches!(self, K::UnavailableBefore | K::UnavailableAfter | K::Clock | K::Duplicate | K::TooMany | K::Banned)
    }
}

const fn create() -> Option<Purpose> {
    Some(Purpose::Create)
}

fn one() -> u64 {
    1
}

/// Long enough for every client to have given up.
fn half_a_minute() -> u64 {
    30_000
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: Kind,
    /// One exchange, or all.
    #[serde(default)]
    pub venue: Option<SiteName>,
    /// What the request is for, or `null` for all; orders, unless said otherwise.
    #[serde(default = "create")]
    pub on: Option<Purpose>,
    /// Requests to this path alone.
    #[serde(default)]
    pub path: Option<String>,
    /// Requests alone in whose query this stands, such as `interval=15m`.
    #[serde(default)]
    pub query: Option<String>,
    /// How often it happens.
    #[serde(default = "one")]
    pub count: u64,
    /// How many such requests go well before.
    #[serde(default)]
    pub after: u64,
    /// In per cent, `0.5` as well; with it the fault happens by chance.
    #[serde(default)]
    pub percent: Option<f64>,
    #[serde(default)]
    pub seed: u64,
    #[serde(default = "half_a_minute")]
    pub ms: u64,
    /// In per cent of the order's quantity.
    #[serde(default)]
    pub share: Option<u8>,
    /// What is said instead of the answer.
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub body: Option<String>,
}

impl Fault {
    /// What is answered instead of what the request came to.
    pub(crate) fn said(&self, site: &Site) -> Option<Reply> {
        if self.kind.is_said() {
            return Some(site.fault(self.kind, self.ms));
        }
        let is_given = matches!(self.kind, Kind::SaysBefore | Kind::SaysAfter);
        let body = self.body.clone().unwrap_or_default();
        is_given.then(|| Reply { status: self.status.unwrap_or(503), headers: Vec::new(), body })
    }

    fn fits(&self, call: &Call) -> bool {
        self.venue.is_none_or(|venue| venue == call.site)
            && self.on.is_none_or(|on| on == call.purpose)
            && self.path.as_ref().is_none_or(|path| *path == call.path)
            && self.query.as_ref().is_none_or(|part| call.query.contains(part))
    }
}

/// A fault with its dice.
#[derive(Debug)]
struct Planned {
    fault: Fault,
    dice: fastrand::Rng,
}

#[derive(Debug, Default)]
pub struct Faults(Vec<Planned>);

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        let dice = fastrand::Rng::with_seed(fault.seed);
        self.0.push(Planned { fault, dice });
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn pending(&self) -> Vec<Fault> {
        self.0.iter().map(|planned| planned.fault.clone()).collect()
    }

    /// What happens to this request: the first fault that fits and falls.
    pub(crate) fn draw(&mut self, call: &Call) -> Option<Fault> {
        let drawn = self.0.iter_mut().filter(|planned| planned.fault.fits(call)).find_map(fallen);
        self.0.retain(|planned| planned.fault.count > 0);
        drawn
    }
}

fn fallen(planned: &mut Planned) -> Option<Fault> {
    if planned.fault.after > 0 {
        planned.fault.after = planned.fault.after.saturating_sub(1);
        return None;
    }
    if planned.fault.percent.is_some_and(|percent| planned.dice.f64() * 100.0 >= percent) {
        return None;
    }
    planned.fault.count = planned.fault.count.checked_sub(1)?;
    Some(planned.fault.clone())
}
