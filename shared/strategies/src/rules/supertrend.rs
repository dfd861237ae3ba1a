//! Supertrend turns up, and down.

use super::{FAR, Lines, PERIOD_MAX, last_of, of_period};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule};
use indicators::{WIDTH_MAX, Width};

pub(super) const DEFINITION: Definition = Definition {
    name: "SUPERTREND",
    offline_name: "supertrend",
    doc: "Enters when the trend turns up, the close being above the upper band, and leaves when it turns down.",
    parameters: &[
        Parameter {
            name: "period",
            doc: "Bars of the average true range.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 10 },
        },
        Parameter {
            name: "ranges",
            doc: "How many average true ranges the bands are away from the middle of a bar.",
            kind: Kind::Number { least: 0.0, most: WIDTH_MAX, default: 3.0 },
        },
    ],
    below: &[],
    build,
    ladder: None,
};

#[derive(Debug, Clone)]
pub(crate) struct Supertrend(indicators::Supertrend);

impl Supertrend {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let (close, trend) = (candle.bar.close(), self.0.update(&candle.bar)?);
        let level = trend.line;
        // A close on the upper band itself does not turn the trend.
        let line = if trend.is_up { close } else { close.min(level.next_down()) };
        Some([Pair { line, level, reach: level.abs() * FAR }; 2])
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let (period, ranges) = (parameters.whole("period"), parameters.number("ranges"));
    let wide =
        |_| BadParameter { name: "ranges".to_owned(), allowed: format!("must be a number from 0 to {WIDTH_MAX}") };
    let width = Width::new(ranges).map_err(wide)?;
    let lines = Supertrend(of_period("period", indicators::Supertrend::new(period, width))?);
    let (line, level) = (Line { name: "close", period: None }, Line { name: "supertrend", period: Some(period) });
    let enter = Rule { line, level, direction: Direction::Up, meaning: "the trend turns up" };
    let exit = Rule { line, level, direction: Direction::Down, meaning: "the trend turns down" };
    // The first true range takes two bars.
    let warm_up = last_of(period).saturating_add(1);
    Ok(Built::new(Lines::Supertrend(lines), Crossings::new(enter, exit, warm_up)))
}
