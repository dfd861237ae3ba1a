//! Lines below an average, at each of which something is bought and sold again by itself.

use super::{FAR, Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::ladder::{BUDGET, Orders, STOP_LOSS, decimal, ladder};
use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule, settled};
use domain::money::{Decimal, Quantity};
use domain::preset::PlanParts;
use domain::profit::TakeProfit;
use indicators::Sma;

pub(super) const DEFINITION: Definition = Definition {
    name: "GRID",
    offline_name: "grid",
    doc: "Enters with a grid, each order of which is sold by itself, when the close comes down to its average, and leaves when it is `leave` percent below that.",
    parameters: &[
        Parameter {
            name: "period",
            doc: "Bars of the average that the grid begins at.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 50 },
        },
        Parameter {
            name: "lines",
            doc: "Orders below the first one.",
            kind: Kind::Whole { least: 1, most: 100, default: 5 },
        },
        Parameter {
            name: "spacing",
            doc: "Percent of the first order's price between two lines.",
            kind: Kind::Number { least: 0.01, most: 50.0, default: 1.0 },
        },
        Parameter {
            name: "profit",
            doc: "Percent above what an order has cost, after fees, at which it is sold.",
            kind: Kind::Number { least: 0.01, most: 1000.0, default: 1.0 },
        },
        Parameter {
            name: "leave",
            doc: "Percent below the average at which all is sold.",
            kind: Kind::Number { least: 0.01, most: 99.0, default: 8.0 },
        },
        STOP_LOSS,
        BUDGET,
    ],
    below: &[],
    build,
    ladder: Some(bring),
};

#[derive(Debug, Clone)]
pub(crate) struct Grid {
    average: Sma,
    /// What the average is multiplied by for the level at which all is left.
    share: f64,
}

impl Grid {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let line = candle.bar.close();
        let average = settled(line, self.average.update(line)?);
        Some([average, average * self.share].map(|level| Pair { line, level, reach: level * FAR }))
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let period = parameters.whole("period");
    let average = of_period("period", Sma::new(period))?;
    let lines = Grid { average, share: 1.0 - parameters.number("leave") / 100.0 };
    let line = Line { name: "close", period: None };
    let level = Line { name: "SMA", period: Some(period) };
    let enter = Rule { line, level, direction: Direction::Down, meaning: "the grid's middle is reached" };
    let level = Line { name: "end of grid", period: None };
    let exit = Rule { line, level, direction: Direction::Down, meaning: "the market has left the grid" };
    Ok(Built::new(Lines::Grid(lines), Crossings::new(enter, exit, last_of(period)).leaving_first()))
}

fn bring(parameters: &Parameters) -> Result<PlanParts, BadParameter> {
    let same = Quantity::new(Decimal::ONE).unwrap_or_default();
    let orders = Orders {
        count: parameters.whole("lines"),
        deviation: decimal(parameters, "spacing")?,
        step_scale: same,
        volume_scale: same,
    };
    ladder(parameters, &orders, TakeProfit::PerLeg { profit: decimal(parameters, "profit")? })
}
