//! Indicators of candles that are kept.
//!
//! They are reckoned over the candles before as well ([`domain::limits::INDICATORS_OVER`]). What goes back for ever by its definition
//! then differs from one page to another by less than a millionth of what moved it so long ago: the slowest, an average of 200, has
//! forgotten all but (199/201)^1300.

use domain::series::KeptCandle;
use indicators::{Bar, Standard, StandardValues};
use std::collections::BTreeSet;
use wire::view::{BollingerBands, IndicatorValues, MacdLines};

/// The specification's names.
pub(crate) const NAMES: [&str; 8] =
    ["RSI_14", "MACD", "EMA_50", "EMA_200", "SMA_20", "bollinger_bands", "volume_sma_20", "atr_14"];

/// Which of them are asked for.
pub(crate) type Chosen = BTreeSet<&'static str>;

/// Of each candle behind those `before`, in their order.
pub(crate) fn reckon(before: &[KeptCandle], candles: &[KeptCandle], chosen: &Chosen) -> Vec<IndicatorValues> {
    let Ok(mut standard) = Standard::new() else { return vec![IndicatorValues::default(); candles.len()] };
    let mut next = |kept: &KeptCandle| bar(kept).map(|bar| standard.update(&bar));
    before.iter().for_each(|kept| {
        next(kept);
    });
    candles.iter().map(|kept| next(kept).map(|values| shown(&values, chosen)).unwrap_or_default()).collect()
}

/// None of prices that indicators do not take.
fn bar(kept: &KeptCandle) -> Option<Bar> {
    let bar = kept.candle.bar;
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| number(&price.to_string()));
    Bar::new(open?, high?, low?, close?, number(&kept.candle.volume.to_string())?).ok()
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn shown(values: &StandardValues, chosen: &Chosen) -> IndicatorValues {
    let is = |name: &str| chosen.contains(name);
    let one = |name: &str, value: Option<f64>| value.filter(|_| is(name)).map(short);
    let macd = values.macd.filter(|_| is("MACD"));
    let bands = values.bollinger.filter(|_| is("bollinger_bands"));
    IndicatorValues {
        rsi_14: one("RSI_14", values.rsi_14),
        macd: macd.map(|macd| MacdLines {
            macd_line: short(macd.line),
            signal_line: short(macd.signal),
            histogram: short(macd.histogram),
        }),
        ema_50: one("EMA_50", values.ema_50),
        ema_200: one("EMA_200", values.ema_200),
        sma_20: one("SMA_20", values.sma_20()),
        bollinger_bands: bands.map(|bands| BollingerBands {
            upper: short(bands.upper),
            middle: short(bands.middle),
            lower: short(bands.lower),
        }),
        volume_sma_20: one("volume_sma_20", values.volume_sma_20),
        atr_14: one("atr_14", values.atr_14),
    }
}

/// In ten digits: an answer of many candles is long.
fn short(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;
    use domain::limits::INDICATORS_OVER;
    use domain::market::{Bar as Prices, Candle, Interval};

    /// A price that goes up and down by a third, in waves of different lengths.
    fn candles(count: u32) -> Vec<KeptCandle> {
        let one = |number: u32| {
            let wave = (f64::from(number) / 37.0).sin() * 9_000.0 + (f64::from(number) / 1_100.0).cos() * 9_000.0;
            let price = |add: f64| format!("{:.2}", 60_000.0 + wave + add).parse().unwrap();
            let opens_at = Timestamp::from_millis(1_700_006_400_000).plus(Interval::OneHour.times(number));
            let closes_at = opens_at.plus(Interval::OneHour.length());
            let (open, high, low, close) = (price(1.0), price(40.0), price(-40.0), price(-2.0));
            let bar = Prices { opens_at, closes_at, open, high, low, close };
            let candle = Candle { bar, volume: "12.5".parse().unwrap(), is_closed: true };
            KeptCandle { candle, kept_at: closes_at }
        };
        (0..count).map(one).collect()
    }

    fn all() -> Chosen {
        NAMES.into_iter().collect()
    }

    #[test]
    fn whatever_page_is_asked_for_a_candle_has_the_same_indicators_within_a_millionth() {
        let before = usize::try_from(INDICATORS_OVER).unwrap();
        let candles = candles(INDICATORS_OVER * 3);
        let whole = reckon(&[], &candles, &all());
        for first in [before, before + 1, before + 400, candles.len() - 1] {
            let page = reckon(&candles[first - before..first], &candles[first..], &all());
            for (one, other) in page.iter().zip(&whole[first..]) {
                let near = |one: Option<f64>, other: Option<f64>| {
                    let (one, other) = (one.unwrap(), other.unwrap());
                    assert!((one - other).abs() <= 1e-6 * other.abs().max(1.0), "{one} {other}");
                };
                near(one.ema_200, other.ema_200);
                near(one.ema_50, other.ema_50);
                near(one.rsi_14, other.rsi_14);
                near(one.atr_14, other.atr_14);
                near(one.macd.map(|macd| macd.signal_line), other.macd.map(|macd| macd.signal_line));
                near(one.bollinger_bands.map(|bands| bands.upper), other.bollinger_bands.map(|bands| bands.upper));
                assert_eq!((one.sma_20, one.volume_sma_20), (other.sma_20, other.volume_sma_20));
            }
        }
    }

    #[test]
    fn an_indicator_is_there_from_its_first_value_on_and_where_it_is_asked_for() {
        let candles = candles(250);
        let values = reckon(&[], &candles, &all());
        let first = |has: fn(&IndicatorValues) -> bool| values.iter().position(has);
        assert_eq!(first(|values| values.sma_20.is_some()), Some(19));
        assert_eq!(first(|values| values.rsi_14.is_some()), Some(14));
        assert_eq!(first(|values| values.macd.is_some()), Some(33));
        assert_eq!(first(|values| values.ema_200.is_some()), Some(199));
        let chosen: Chosen = ["EMA_50"].into();
        let json = serde_json::to_value(reckon(&candles[..100], &candles[100..101], &chosen)).unwrap();
        let named: Vec<_> = json[0].as_object().unwrap().keys().collect();
        assert_eq!(named, ["EMA_50"]);
        assert_eq!(short(86_012.123_456_789_1), 86_012.123_46);
    }
}
