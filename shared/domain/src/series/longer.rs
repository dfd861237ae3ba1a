//! Candles that a venue does not tell, made of shorter ones that are kept.

use super::holes;
use crate::clock::Timestamp;
use crate::market::{BadCandles, Candle, CandleSpan, Interval};

/// The candles of a span as shorter ones make them, oldest first: those alone of whose time nothing is missing, or of which, between
/// the first shorter one and `settled_to`, everything is known that there is.
///
/// # Errors
/// Where their volume has more digits than can be kept.
pub fn aggregate(
    span: &CandleSpan,
    shorter: Interval,
    parts: &[Candle],
    settled_to: Option<Timestamp>,
) -> Result<Vec<Candle>, BadCandles> {
    let opens = |candle: &Candle| candle.bar.opens_at;
    let inside: Vec<Candle> = parts.iter().filter(|part| span.first() <= opens(part)).copied().collect();
    let joined = Candle::joined(span.interval(), &inside, span.end())?;
    let begun = inside.first().map(opens);
    let is_whole = |candle: &Candle| {
        let is_settled = begun <= Some(candle.bar.opens_at) && settled_to >= Some(candle.bar.closes_at);
        let own = CandleSpan::between(shorter, candle.bar.opens_at, candle.bar.closes_at);
        is_settled || holes(&own, inside.iter().map(opens)).is_empty()
    };
    Ok(joined.into_iter().filter(|candle| candle.bar.closes_at <= span.end() && is_whole(candle)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Bar;

    const FIRST: i64 = 1_699_999_200_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + number * 60_000)
    }

    fn candle(number: i64, price: &str) -> Candle {
        let price = price.parse().unwrap();
        let (opens_at, closes_at) = (minute(number), minute(number + 1));
        let bar = Bar { opens_at, closes_at, open: price, high: price, low: price, close: price };
        Candle { bar, volume: "2".parse().unwrap(), is_closed: true }
    }

    fn made(numbers: &[i64], settled_to: Option<i64>) -> Vec<(i64, String, String)> {
        let parts: Vec<_> = numbers.iter().map(|number| candle(*number, &(number + 10).to_string())).collect();
        let span = CandleSpan::between(Interval::FiveMinutes, minute(0), minute(10));
        let made = aggregate(&span, Interval::OneMinute, &parts, settled_to.map(minute)).unwrap();
        assert!(made.iter().all(|candle| candle.is_closed));
        let opens = |candle: &Candle| (candle.bar.opens_at.millis() - FIRST) / 60_000;
        made.iter().map(|one| (opens(one), one.bar.close.to_string(), one.volume.to_string())).collect()
    }

    #[test]
    fn a_longer_candle_is_made_of_all_its_parts_or_not_at_all() {
        let one = |at: i64, close: &str, volume: &str| (at, close.to_owned(), volume.to_owned());
        assert_eq!(made(&[0, 1, 2, 3, 4], None), [one(0, "14", "10")]);
        assert_eq!(made(&[0, 1, 3, 4, 5, 6, 7, 8, 9], None), [one(5, "19", "10")]);
        assert_eq!(made(&[0, 1, 3, 4, 5, 6], Some(5)), [one(0, "14", "8")], "of the third nobody has traded");
        assert_eq!(made(&[2, 3, 4, 5, 6], Some(10)), [one(5, "16", "4")], "before the third nothing is known");
        assert_eq!(made(&[-1, 0, 1, 2, 3], None), []);
        assert_eq!(made(&[], Some(10)), []);
    }
}
