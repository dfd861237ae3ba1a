//! Technical indicators over candles: plain arithmetic in `f64`.
//!
//! Entry points: [`Bar`] is what is fed. Indicators of one value ([`Sma`], [`Ema`], [`Rsi`], [`SimpleRsi`], [`Macd`], [`Bollinger`]) take
//! `update(value)`, those of whole bars (all others) `update(&bar)`; both answer from the first bar on that has a value. [`Standard`] is the
//! specification's set in one. `snapshot` and `restored` take out and put back what an indicator holds. [`batch`] does the same over whole
//! slices: [`Series`] and [`Bars`], which were looked at once.
//!
//! 1. Conventions are TA-Lib's, in its default compatibility and without an unstable period; where TA-Lib has the indicator, values agree
//!    with it within 1e-9 of themselves.
//! 2. What is not finite does not come in: [`Bar`] and [`Series`] refuse it, and a scalar `update` that gets it changes nothing and answers
//!    `None`.
//! 3. A value depends on its window alone (or on the recursion that defines it). Sliding sums are never made by taking away, so that no
//!    large price of long ago is left in them.
//! 4. An update takes the same time on average for any period, and its memory is made when the indicator is.
//!    ([`Cci`] alone takes time by its period.)
//! 5. A batch equals the updates one after the other, within 1e-12 of each value (of what it is made of, where that cancels out), and is the same
//!    on every processor: what is fused rounds once on one without such an operation, too, and is slow there. An indicator that goes on from a snapshot equals the one
//!    that it was taken of, to the bit.

pub mod batch;

mod adx;
mod atr;
mod bands;
mod bar;
mod bars;
mod block;
mod bollinger;
mod cci;
mod donchian;
mod ema;
mod ichimoku;
mod keltner;
mod macd;
mod mfi;
mod obv;
mod pair;
mod pass;
mod period;
mod rooms;
mod rsi;
mod series;
mod simple_rsi;
mod sma;
mod smoothing;
mod snapshot;
mod spread;
mod standard;
mod stochastic;
mod supertrend;
mod vwap;
mod wide;
mod width;
mod williams_r;
mod window;

pub use adx::{Adx, AdxValue};
pub use atr::Atr;
pub use bands::Bands;
pub use bar::{BadBar, Bar, Field, PRICE_MAX, PRICE_MIN, VALUE_MAX};
pub use bars::{BadBars, Bars};
pub use bollinger::Bollinger;
pub use cci::Cci;
pub use donchian::Donchian;
pub use ema::Ema;
pub use ichimoku::{Ichimoku, IchimokuValue};
pub use keltner::Keltner;
pub use macd::{Macd, MacdValue};
pub use mfi::Mfi;
pub use obv::Obv;
pub use period::{BadPeriod, PERIOD_MAX};
pub use rsi::Rsi;
pub use series::{BadSeries, Series};
pub use simple_rsi::SimpleRsi;
pub use sma::Sma;
pub use snapshot::{BadSnapshot, SNAPSHOT_NUMBERS_MAX, Snapshot};
pub use standard::{Standard, StandardLines, StandardValues};
pub use stochastic::{Stochastic, StochasticValue};
pub use supertrend::{Supertrend, SupertrendValue};
pub use vwap::Vwap;
pub use width::{BadWidth, WIDTH_MAX, Width};
pub use williams_r::WilliamsR;
