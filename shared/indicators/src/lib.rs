//! Technical indicators over candles: plain arithmetic in `f64`, without any dependency.
//!
//! Entry points: [`Bar`] is what is fed; [`Sma`], [`Ema`], [`Rsi`], [`SimpleRsi`] take one value after the other and give their own from
//! the first bar on that has one, [`Donchian`] takes bars; [`batch`] does the same over whole slices. [`Series`] is a slice that was looked at once.
//!
//! 1. Conventions are TA-Lib's, in its default compatibility and without an unstable period; where TA-Lib has the indicator, values agree
//!    with it within 1e-9 of themselves.
//! 2. What is not finite does not come in: [`Bar`] and [`Series`] refuse it, and a scalar `update` that gets it changes nothing and answers
//!    `None`.
//! 3. A value depends on its window alone (or on the recursion that defines it). Sliding sums are never made by taking away, so that no
//!    large price of long ago is left in them.
//! 4. An update takes the same time on average for any period, and its memory is made when the indicator is.
//! 5. A batch equals the updates one after the other.

pub mod batch;

mod adx;
mod atr;
mod bands;
mod bar;
mod bollinger;
mod cci;
mod donchian;
mod ema;
mod ichimoku;
mod keltner;
mod macd;
mod mfi;
mod obv;
mod period;
mod rsi;
mod series;
mod simple_rsi;
mod sma;
mod smoothing;
mod spread;
mod standard;
mod stochastic;
mod supertrend;
mod vwap;
mod width;
mod williams_r;
mod window;

pub use adx::{Adx, AdxValue};
pub use atr::Atr;
pub use bands::Bands;
pub use bar::{BadBar, Bar, Field, PRICE_MAX, PRICE_MIN, VALUE_MAX};
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
pub use standard::{Standard, StandardValues};
pub use stochastic::{Stochastic, StochasticValue};
pub use supertrend::{Supertrend, SupertrendValue};
pub use vwap::Vwap;
pub use width::{BadWidth, WIDTH_MAX, Width};
pub use williams_r::WilliamsR;
