//! What reckons an indicator's lines.

use crate::Candle;
use indicators::{
    Adx, Atr, Bands, Bar, Bollinger, Cci, Donchian, Ema, Field, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, SimpleRsi, Sma,
    Stochastic, Supertrend, Vwap, WilliamsR,
};

/// Lines of one indicator, at most.
pub(in super::super) const LINES_MAX: usize = 4;

/// The values of all lines on one bar, in the order of their names; none that compares where there is none.
pub(in super::super) type Outputs = [f64; LINES_MAX];

/// An indicator, and what it takes of a candle where it takes one value alone.
#[derive(Debug, Clone)]
pub(in super::super) struct Source {
    field: Field,
    reckoned: Reckoned,
}

#[derive(Debug, Clone)]
pub(super) enum Reckoned {
    Sma(Sma),
    Ema(Ema),
    Rsi(Rsi),
    SimpleRsi(SimpleRsi),
    Macd(Macd),
    Bollinger(Bollinger),
    Atr(Atr),
    Stochastic(Stochastic),
    Adx(Adx),
    Obv(Obv),
    Vwap(Vwap),
    Donchian(Donchian),
    Supertrend(Supertrend),
    Ichimoku(Ichimoku),
    Cci(Cci),
    Mfi(Mfi),
    WilliamsR(WilliamsR),
    Keltner(Keltner),
}

impl Source {
    pub(super) fn new(field: Field, reckoned: Reckoned) -> Self {
        Self { field, reckoned }
    }

    /// Where nothing has moved, what is reckoned of moves has no value: the one that it has by convention would be compared, and crossed.
    #[inline]
    pub(in super::super) fn update(&mut self, candle: &Candle) -> Outputs {
        let (bar, value) = (&candle.bar, of_bar(&candle.bar, self.field));
        match &mut self.reckoned {
            Reckoned::Sma(sma) => one(sma.update(value)),
            Reckoned::Ema(ema) => one(ema.update(value)),
            Reckoned::Rsi(rsi) => one(rsi.measure(value)),
            Reckoned::SimpleRsi(rsi) => one(rsi.measure(value)),
            Reckoned::Macd(macd) => lines(macd.update(value).map(|at| [at.line, at.signal, at.histogram])),
            Reckoned::Bollinger(bands) => of_bands(bands.update(value)),
            Reckoned::Atr(atr) => one(atr.update(bar)),
            Reckoned::Stochastic(place) => lines(Some(place.measure(bar).map(|line| line.unwrap_or(f64::NAN)))),
            Reckoned::Adx(adx) => lines(adx.measure(bar).map(|at| [at.adx.unwrap_or(f64::NAN), at.plus, at.minus])),
            Reckoned::Obv(obv) => one(obv.update(bar)),
            Reckoned::Vwap(vwap) => one(vwap.update(candle.time_ms, bar)),
            Reckoned::Donchian(channel) => of_bands(channel.update(bar)),
            Reckoned::Supertrend(trend) => {
                let direction = |is_up| if is_up { 1.0 } else { -1.0 };
                lines(trend.update(bar).map(|at| [at.line, direction(at.is_up)]))
            }
            Reckoned::Ichimoku(cloud) => {
                lines(cloud.update(bar).map(|at| [at.conversion, at.base, at.leading_a, at.leading_b]))
            }
            Reckoned::Cci(cci) => one(cci.measure(bar)),
            Reckoned::Mfi(mfi) => one(mfi.measure(bar)),
            Reckoned::WilliamsR(williams) => one(williams.measure(bar)),
            Reckoned::Keltner(channel) => of_bands(channel.update(bar)),
        }
    }
}

/// A column of a candle.
#[inline]
pub(in super::super) fn of_bar(bar: &Bar, field: Field) -> f64 {
    match field {
        Field::Open => bar.open(),
        Field::High => bar.high(),
        Field::Low => bar.low(),
        Field::Close => bar.close(),
        Field::Volume => bar.volume(),
    }
}

#[inline]
fn one(value: Option<f64>) -> Outputs {
    lines(value.map(|value| [value]))
}

#[inline]
fn of_bands(bands: Option<Bands>) -> Outputs {
    lines(bands.map(|bands| [bands.middle, bands.upper, bands.lower]))
}

#[inline]
fn lines<const N: usize>(values: Option<[f64; N]>) -> Outputs {
    let mut outputs = [f64::NAN; LINES_MAX];
    outputs.iter_mut().zip(values.into_iter().flatten()).for_each(|(output, value)| *output = value);
    outputs
}
