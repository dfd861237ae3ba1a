//! The price comes back to what was paid on average on its day.

use super::{FAR, Lines};
use crate::Candle;
use crate::crossing::{Both, Crossings};
use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::{Direction, Line, Pair, Rule, settled};
use indicators::Vwap;

pub(super) const DEFINITION: Definition = Definition {
    name: "VWAP_REVERSION",
    offline_name: "vwap_reversion",
    doc: "Enters when the close comes up from `deviation` percent below the VWAP of its UTC day, and leaves when it comes up to the VWAP. What comes up through both at once is no entry. Between two days nothing is crossed: candles are to be shorter than a day.",
    parameters: &[Parameter {
        name: "deviation",
        doc: "Percent that the price has to have been below the VWAP.",
        kind: Kind::Number { least: 0.01, most: 99.0, default: 1.0 },
    }],
    below: &[],
    build,
    ladder: None,
};

#[derive(Debug, Clone)]
pub(crate) struct VwapReversion {
    vwap: Vwap,
    /// What the VWAP is multiplied by for the level of an entry.
    share: f64,
}

impl VwapReversion {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) -> Option<Both> {
        let line = candle.bar.close();
        let vwap = settled(line, self.vwap.update(candle.time_ms, &candle.bar)?);
        Some([vwap * self.share, vwap].map(|level| Pair { line, level, reach: level * FAR }))
    }
}

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let lines = VwapReversion { vwap: Vwap::new(), share: 1.0 - parameters.number("deviation") / 100.0 };
    let [line, below, vwap] = ["close", "deviation below VWAP", "VWAP"].map(|name| Line { name, period: None });
    let enter = Rule { line, level: below, direction: Direction::Up, meaning: "the fall below the day's price ends" };
    let exit = Rule { line, level: vwap, direction: Direction::Up, meaning: "the price is back at the day's" };
    Ok(Built::new(Lines::VwapReversion(lines), Crossings::new(enter, exit, 0).leaving_first().within_days()))
}
