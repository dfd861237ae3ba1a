//! The strategies, one file each: its lines, its levels and its parameters.

mod bollinger_reversion;
mod dca_ladder;
mod donchian_breakout;
mod ema_cross;
mod grid;
mod macd_cross;
mod rsi_cross;
mod supertrend;
mod vwap_reversion;

use crate::Candle;
use crate::crossing::Both;
use crate::parameters::BadParameter;
use crate::registry::Definition;
use bollinger_reversion::BollingerReversion;
use donchian_breakout::DonchianBreakout;
use ema_cross::EmaCross;
use grid::Grid;
use indicators::BadPeriod;
use macd_cross::MacdCross;
use rsi_cross::RsiCross;
use supertrend::Supertrend;
use vwap_reversion::VwapReversion;

/// In the order in which they are offered.
pub(crate) const ALL: &[Definition] = &[
    rsi_cross::DEFINITION,
    ema_cross::DEFINITION,
    macd_cross::DEFINITION,
    bollinger_reversion::DEFINITION,
    donchian_breakout::DEFINITION,
    vwap_reversion::DEFINITION,
    supertrend::DEFINITION,
    dca_ladder::DEFINITION,
    grid::DEFINITION,
];

/// The most bars that a period may have.
pub(crate) const PERIOD_MAX: u32 = indicators::PERIOD_MAX;

/// A line whose level is a price is far from it at this share of the level.
const FAR: f64 = 0.05;

/// What a strategy reckons from bars.
#[derive(Debug, Clone)]
pub(crate) enum Lines {
    RsiCross(RsiCross),
    EmaCross(EmaCross),
    MacdCross(MacdCross),
    BollingerReversion(BollingerReversion),
    DonchianBreakout(DonchianBreakout),
    VwapReversion(VwapReversion),
    Supertrend(Supertrend),
    Grid(Grid),
}

impl Lines {
    /// What the entry and the exit look at on this bar; none before all of it is defined.
    #[inline]
    pub(crate) fn update(&mut self, candle: &Candle) -> Option<Both> {
        match self {
            Self::RsiCross(lines) => lines.update(candle),
            Self::EmaCross(lines) => lines.update(candle),
            Self::MacdCross(lines) => lines.update(candle),
            Self::BollingerReversion(lines) => lines.update(candle),
            Self::DonchianBreakout(lines) => lines.update(candle),
            Self::VwapReversion(lines) => lines.update(candle),
            Self::Supertrend(lines) => lines.update(candle),
            Self::Grid(lines) => lines.update(candle),
        }
    }
}

/// The index of the bar on which the first value of a window of so many bars stands.
fn last_of(period: u32) -> usize {
    usize::try_from(period.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// What an indicator says of its period, told of the parameter that it was.
fn of_period<T>(name: &str, made: Result<T, BadPeriod>) -> Result<T, BadParameter> {
    made.map_err(|BadPeriod { min, .. }| BadParameter {
        name: name.to_owned(),
        allowed: format!("must be a whole number from {min} to {PERIOD_MAX}"),
    })
}
