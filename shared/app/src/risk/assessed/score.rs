//! How risky a book is, from 0 to 100, by five factors.
//!
//! score = 100 · (1 − Π(1 − weight · factor)). Each factor is from 0 to 1, and a higher one never lowers the score. Weights and scales are
//! ours: they say at which number a factor is as high as it gets.

use domain::risk::Factor;
use std::collections::BTreeMap;
use wire::text::Text;
use wire::view::RiskFactor;

/// At a standard deviation of 5 % of equity a day.
const VOLATILITY_FULL: f64 = 0.05;
/// At a hundredth of what a market trades in a day: more cannot be sold without moving it.
const LIQUIDITY_FULL: f64 = 0.01;
/// From half of the price on, down to none: how far away the margin is used up.
const LIQUIDATION_FAR: f64 = 0.5;
/// Fewer common days tell no correlation.
const COMMON_DAYS_MIN: usize = 20;
const RETURNS_MIN: usize = 10;

/// What was open in one market, added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Held {
    /// Exposure as a share of equity; negative for a short.
    pub(super) share: f64,
    /// Exposure as a share of what the market has traded in a day.
    pub(super) of_day: Option<f64>,
    /// How far away the margin is used up, as a share of the price.
    pub(super) liquidation: Option<f64>,
    /// Its closes by day.
    pub(super) closes: BTreeMap<i64, f64>,
}

/// Each factor, and the score.
pub(super) fn score(held: &BTreeMap<String, Held>) -> (u32, Vec<RiskFactor>) {
    let markets: Vec<&Held> = held.values().collect();
    let returns: Vec<BTreeMap<i64, f64>> = markets.iter().map(|one| returns(&one.closes)).collect();
    let factors = [
        volatility(&markets, &returns),
        concentration(&markets),
        liquidity(&markets),
        correlation(&markets, &returns),
        leverage(&markets),
    ];
    let left: f64 = factors.iter().map(|factor| 1.0 - factor.weight * factor.value.unwrap_or(0.0)).product();
    (whole(100.0 * (1.0 - left)), factors.into_iter().map(RiskFactor::from).collect())
}

struct Measured {
    name: Factor,
    weight: f64,
    /// Of the markets whose candles are stored; none where no market has any.
    value: Option<f64>,
    /// What it was measured by.
    measure: Option<f64>,
}

impl Measured {
    fn of(name: Factor, weight: f64, measure: Option<f64>, value: impl Fn(f64) -> f64) -> Self {
        let measure = measure.filter(|measure| measure.is_finite());
        Self { name, weight, value: measure.map(|measure| value(measure).clamp(0.0, 1.0)), measure }
    }
}

impl From<Measured> for RiskFactor {
    fn from(factor: Measured) -> Self {
        let text = |number: f64| format!("{number:.4}");
        let Measured { name, weight, value, measure } = factor;
        Self { name: Text(name), weight: text(weight), value: value.map(text), measure: measure.map(text) }
    }
}

/// The standard deviation of a day of the whole book: σ² = Σᵢ Σⱼ sᵢ sⱼ ρᵢⱼ σᵢ σⱼ. Where no correlation is known, the worst is taken.
fn volatility(markets: &[&Held], returns: &[BTreeMap<i64, f64>]) -> Measured {
    let deviations: Vec<Option<f64>> = returns.iter().map(deviation).collect();
    let measure = deviations.iter().any(Option::is_some).then(|| {
        let mut variance = 0.0;
        for (i, one) in markets.iter().enumerate() {
            for (j, other) in markets.iter().enumerate() {
                let together = one.share * other.share;
                let correlated = match (i == j, returns.get(i).zip(returns.get(j))) {
                    (true, _) | (_, None) => 1.0,
                    (false, Some((a, b))) => correlated(a, b).unwrap_or(if together < 0.0 { 0.0 } else { 1.0 }),
                };
                let [a, b] = [i, j].map(|index| deviations.get(index).copied().flatten().unwrap_or_default());
                variance += together * correlated * a * b;
            }
        }
        variance.max(0.0).sqrt()
    });
    Measured::of(Factor::Volatility, 0.6, measure.filter(|_| !markets.is_empty()), |daily| daily / VOLATILITY_FULL)
}

/// The sum of the squares of all shares of equity: what is not invested counts as spread.
fn concentration(markets: &[&Held]) -> Measured {
    let squares = markets.iter().map(|one| one.share * one.share).sum();
    Measured::of(Factor::Concentration, 0.4, Some(squares), |squares| squares)
}

/// The largest share of what a market trades in a day.
fn liquidity(markets: &[&Held]) -> Measured {
    let largest = markets.iter().filter_map(|one| one.of_day).reduce(f64::max);
    Measured::of(Factor::Liquidity, 0.4, largest, |share| share / LIQUIDITY_FULL)
}

/// The mean over all pairs of what is open, each as much as both are exposed; of a long and a short the other way around. As much of it
/// counts as is invested.
fn correlation(markets: &[&Held], returns: &[BTreeMap<i64, f64>]) -> Measured {
    let (mut sum, mut weights, mut unknown) = (0.0, 0.0, false);
    for (i, one) in markets.iter().enumerate() {
        for (j, other) in markets.iter().enumerate().skip(i + 1) {
            let together = one.share * other.share;
            match returns.get(i).zip(returns.get(j)).and_then(|(a, b)| correlated(a, b)) {
                Some(correlated) => {
                    sum += together * correlated;
                    weights += together.abs();
                }
                None => unknown = true,
            }
        }
    }
    let invested: f64 = markets.iter().map(|one| one.share.abs()).sum::<f64>().min(1.0);
    let mean = if weights > 0.0 { sum / weights } else { 0.0 };
    Measured::of(Factor::Correlation, 0.3, (weights > 0.0 || !unknown).then_some(mean), move |mean| mean * invested)
}

/// How near the nearest liquidation is. As much of it counts as is exposed there.
fn leverage(markets: &[&Held]) -> Measured {
    let near = |one: &&Held| {
        let distance = one.liquidation?;
        Some(((1.0 - distance / LIQUIDATION_FAR) * one.share.abs().min(1.0)).max(0.0))
    };
    let nearest = markets.iter().filter_map(near).fold(0.0, f64::max);
    Measured::of(Factor::Leverage, 0.7, Some(nearest), |near| near)
}

/// Of each day, from the close of the day before.
fn returns(closes: &BTreeMap<i64, f64>) -> BTreeMap<i64, f64> {
    let before = |day: &i64| closes.get(&day.saturating_sub(1)).filter(|close| **close > 0.0);
    closes.iter().filter_map(|(day, close)| Some((*day, (close / before(day)?).ln()))).collect()
}

fn deviation(returns: &BTreeMap<i64, f64>) -> Option<f64> {
    let values: Vec<f64> = returns.values().copied().collect();
    let mean = mean(&values).filter(|_| values.len() >= RETURNS_MIN)?;
    let squares: Vec<f64> = values.iter().map(|value| (value - mean).powi(2)).collect();
    Some((squares.iter().sum::<f64>() / count(values.len() - 1)).sqrt())
}

/// Pearson's, of the days that both have.
fn correlated(one: &BTreeMap<i64, f64>, other: &BTreeMap<i64, f64>) -> Option<f64> {
    let both: Vec<(f64, f64)> = one.iter().filter_map(|(day, a)| Some((*a, *other.get(day)?))).collect();
    if both.len() < COMMON_DAYS_MIN {
        return None;
    }
    let (a, b): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
    let (mean_a, mean_b) = (mean(&a)?, mean(&b)?);
    let sum = |of: fn(f64, f64) -> f64| a.iter().zip(&b).map(|(a, b)| of(a - mean_a, b - mean_b)).sum::<f64>();
    let spread = (sum(|a, _| a * a) * sum(|_, b| b * b)).sqrt();
    (spread > 0.0).then(|| (sum(|a, b| a * b) / spread).clamp(-1.0, 1.0))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// From 0 to 100, rounded.
fn whole(score: f64) -> u32 {
    (0_u32..100).find(|number| score < f64::from(*number) + 0.5).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn closes(of: impl Fn(i64) -> f64) -> BTreeMap<i64, f64> {
        (0..26).map(|day| (day, of(day))).collect()
    }

    fn number(number: i64) -> f64 {
        f64::from(i32::try_from(number).unwrap())
    }

    /// Two markets of 26 days, of half and of a quarter of equity.
    fn two() -> BTreeMap<String, Held> {
        let one = closes(|day| 100.0 * (1.0 + 0.01 * number((day * 7) % 5 - 2)));
        let other = closes(|day| 50.0 * (1.0 + 0.02 * number((day * 3) % 7 - 3)));
        let held = |share, closes| Held { share, of_day: Some(0.001), liquidation: None, closes };
        BTreeMap::from([("a".to_owned(), held(0.5, one)), ("b".to_owned(), held(0.25, other))])
    }

    fn value(factors: &[RiskFactor], name: Factor) -> (Option<&str>, Option<&str>) {
        let factor = factors.iter().find(|factor| factor.name.0 == name).unwrap();
        (factor.value.as_deref(), factor.measure.as_deref())
    }

    #[test]
    fn nothing_open_is_no_risk() {
        assert_eq!(score(&BTreeMap::new()).0, 0);
    }

    /// The same series by Python's `statistics.stdev` and `statistics.correlation` (3.11), read 2026-11-30.
    #[test]
    fn factors_are_those_of_another_implementation() {
        let (score, factors) = score(&two());
        assert_eq!(value(&factors, Factor::Volatility).1, Some("0.0197"));
        assert_eq!(value(&factors, Factor::Concentration), (Some("0.3125"), Some("0.3125")));
        assert_eq!(value(&factors, Factor::Liquidity), (Some("0.1000"), Some("0.0010")));
        assert_eq!(value(&factors, Factor::Correlation).1, Some("-0.1705"));
        assert_eq!(value(&factors, Factor::Leverage).0, Some("0.0000"));
        let left: f64 = factors
            .iter()
            .map(|factor| {
                let number = |text: &str| text.parse::<f64>().unwrap();
                1.0 - number(&factor.weight) * factor.value.as_deref().map_or(0.0, number)
            })
            .product();
        assert!((f64::from(score) - 100.0 * (1.0 - left)).abs() <= 0.51, "{score}");
    }

    #[test]
    fn what_no_candle_tells_is_unknown_and_not_in_the_score() {
        let mut held = two();
        let before = score(&held).0;
        held.values_mut().for_each(|one| (one.closes, one.of_day) = (BTreeMap::new(), None));
        let (after, factors) = score(&held);
        for unknown in [Factor::Volatility, Factor::Liquidity, Factor::Correlation] {
            assert_eq!(value(&factors, unknown), (None, None));
        }
        assert!(after < before, "{after} {before}");
    }

    #[test]
    fn a_short_of_the_same_takes_risk_away() {
        let mut held = two();
        let same = held["a"].closes.clone();
        held.insert("b".to_owned(), Held { share: -0.5, of_day: Some(0.001), liquidation: None, closes: same });
        let factors = score(&held).1;
        assert_eq!(value(&factors, Factor::Volatility).0, Some("0.0000"));
        assert_eq!(value(&factors, Factor::Correlation).0, Some("0.0000"));
    }

    #[test]
    fn market_without_candles_takes_no_risk_away() {
        let (mut held, before) = (two(), score(&two()).0);
        held.insert("c".to_owned(), Held { share: 0.3, ..Held::default() });
        let (after, factors) = score(&held);
        assert_eq!(value(&factors, Factor::Volatility).1, Some("0.0197"), "of those that have candles");
        assert!(after >= before, "{after} {before}");
    }

    proptest! {
        /// More exposed, in a thinner market, nearer to its liquidation: never a lower score.
        #[test]
        fn a_score_is_never_lower_for_more_risk(
            share in 0.0..2.0_f64, more in 1.0..3.0_f64, of_day in 0.0..0.1_f64, far in 0.0..1.0_f64
        ) {
            let book = |share: f64, of_day: f64, far: f64| {
                let mut held = two();
                let one = held.get_mut("a").unwrap();
                (one.share, one.of_day, one.liquidation) = (share, Some(of_day), Some(far));
                score(&held).0
            };
            let base = book(share, of_day, far);
            prop_assert!(book(share, of_day * more, far) >= base);
            prop_assert!(book(share, of_day, far / more) >= base);
            prop_assert!((0..=100).contains(&base));
        }
    }
}
