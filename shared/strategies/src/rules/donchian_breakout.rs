//! The price leaves the channel of the bars before.

use super::{FAR, Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule};
use indicators::{Bands, Donchian};

pub(super) const DEFINITION: Definition = Definition {
    name: "DONCHIAN_BREAKOUT",
    offline_name: "donchian_breakout",
    doc: "Enters when the close goes up to the highest price of the bars before, and leaves when it goes down to the lowest one.",
    parameters: &[
        Parameter {
            name: "entry",
            doc: "Number of earlier bars whose highest price counts.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 20 },
        },
        Parameter {
            name: "exit",
            doc: "Number of earlier bars whose lowest price counts.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 10 },
        },
    ],
    below: &[],
    build,
    ladder: None,
};

#[derive(Debug, Clone)]
pub(crate) struct DonchianBreakout {
    entry: Before,
    exit: Before,
}

/// A channel as it was on the bar before: this one is held against it.
#[derive(Debug, Clone)]
struct Before {
    channel: Donchian,
    last: Option<Bands>,
}

impl Before {
    fn update(&mut self, candle: &Candle) -> Option<Bands> {
        let now = self.channel.update(&candle.bar);
        std::mem::replace(&mut self.last, now)
    }
}

impl DonchianBreakout {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let (entry, exit) = (self.entry.update(candle), self.exit.update(candle));
        let (entry, exit) = entry.zip(exit)?;
        let line = candle.bar.close();
        Some([entry.upper, exit.lower].map(|level| Pair { line, level, reach: level * FAR }))
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let [entry, exit] = ["entry", "exit"].map(|name| parameters.whole(name));
    let channel = |name, period| of_period(name, Donchian::new(period)).map(|channel| Before { channel, last: None });
    let lines = DonchianBreakout { entry: channel("entry", entry)?, exit: channel("exit", exit)? };
    let line = Line { name: "close", period: None };
    let highest = Line { name: "highest", period: Some(entry) };
    let lowest = Line { name: "lowest", period: Some(exit) };
    let enter = Rule { line, level: highest, direction: Direction::Up, meaning: "the market breaks out" };
    let exit_rule = Rule { line, level: lowest, direction: Direction::Down, meaning: "the market breaks down" };
    let warm_up = last_of(entry.max(exit)).saturating_add(1);
    Ok(Built::new(Lines::DonchianBreakout(lines), Crossings::new(enter, exit_rule, warm_up)))
}
