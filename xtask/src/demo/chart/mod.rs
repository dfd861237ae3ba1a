//! A price over time, with the levels at which something was bought, sold, or to be so.
//!
//! What is drawn was read from the API; here it is only given its place. Positions are decimals down to the last
//! rounding to a cell or a pixel, so that no price is too large or too small for them.

mod dots;
mod label;
mod scale;
mod svg;
mod terminal;
#[cfg(test)]
mod tests;

use domain::money::Decimal;

pub(super) use svg::svg;
pub(super) use terminal::draw;

use scale::Scale;

/// A price at a moment, in milliseconds of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: i64,
    pub(super) price: Decimal,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Chart {
    pub(super) title: String,
    /// What came of it.
    pub(super) caption: String,
    /// Joined by slopes: between two looks nobody knows better.
    pub(super) price: Vec<Point>,
    /// These hold until the next point.
    pub(super) steps: Vec<Step>,
    pub(super) levels: Vec<Level>,
}

/// A price that holds until it is set anew.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) tone: Tone,
    pub(super) points: Vec<Point>,
}

/// An order at its price, from when it was sent until it was filled or taken back.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) buys: bool,
    pub(super) price: Decimal,
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) filled: Option<Point>,
}

/// What stands where an order was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Order,
    /// An entry that was added to what was open.
    Pyramid,
    /// What sold everything at once.
    Exit,
}

impl Mark {
    /// With a word in the legend.
    const NAMED: [(Self, &'static str); 2] = [(Self::Pyramid, "pyramid"), (Self::Exit, "exit")];
}

/// What a line or a mark stands for; each way of drawing has its own look for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Price,
    Average,
    /// Where everything is sold at once with profit.
    All,
    Stop,
    Bought,
    Unbought,
    Sold,
    Unsold,
}

impl Tone {
    /// In the order of a legend.
    const ALL: [Self; 8] =
        [Self::Price, Self::Average, Self::All, Self::Stop, Self::Bought, Self::Unbought, Self::Sold, Self::Unsold];

    fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Average => "average",
            Self::All => "take-profit of all",
            Self::Stop => "stop",
            Self::Bought => "bought",
            Self::Unbought => "not bought",
            Self::Sold => "sold",
            Self::Unsold => "not sold",
        }
    }
}

impl Level {
    fn tone(&self) -> Tone {
        match (self.buys, self.filled) {
            (true, Some(_)) => Tone::Bought,
            (true, None) => Tone::Unbought,
            (false, Some(_)) => Tone::Sold,
            (false, None) => Tone::Unsold,
        }
    }
}

impl Step {
    /// The spans in which it held one price; the last one ends with the chart.
    fn spans(&self, until: i64) -> impl Iterator<Item = (Point, i64)> {
        let ends = self.points.iter().skip(1).map(|point| point.at).chain([until]);
        self.points.iter().copied().zip(ends)
    }
}

impl Chart {
    /// None where nothing was seen.
    fn scale(&self) -> Option<Scale> {
        Scale::around(self.points())
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        let steps = self.steps.iter().flat_map(|step| step.points.iter().copied());
        let levels = self.levels.iter().flat_map(Level::ends);
        self.price.iter().copied().chain(steps).chain(levels)
    }

    /// The finest decimals of the orders' prices, and of what was seen where there were none: no axis is finer.
    fn tick(&self) -> Decimal {
        let decimals = |price: Decimal| price.normalize().scale();
        let finest = self.levels.iter().map(|level| decimals(level.price)).max();
        let seen = || self.price.iter().map(|point| decimals(point.price)).max();
        Decimal::new(1, finest.or_else(seen).unwrap_or_default())
    }

    fn begins_at(&self) -> i64 {
        self.points().map(|point| point.at).min().unwrap_or_default()
    }
}

impl Level {
    fn ends(&self) -> impl Iterator<Item = Point> + use<> {
        let at = |at| Point { at, price: self.price };
        [Some(at(self.from)), Some(at(self.until)), self.filled].into_iter().flatten()
    }
}

/// Time since the chart's beginning.
fn clock(millis: i64) -> String {
    let seconds = millis.max(0) / 1_000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
