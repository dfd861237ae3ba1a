//! Indicators over whole slices: as many values as were given, NaN before the first.

use crate::{BadPeriod, Ema, Rsi, Series, SimpleRsi, Sma};

/// [`Sma`] of each value.
///
/// # Errors
/// As [`Sma::new`].
pub fn sma(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut sma = Sma::new(period)?;
    Ok(each(values, |value| sma.update(value)))
}

/// [`Ema`] of each value.
///
/// # Errors
/// As [`Ema::new`].
pub fn ema(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut ema = Ema::new(period)?;
    Ok(each(values, |value| ema.update(value)))
}

/// [`Rsi`] of each value.
///
/// # Errors
/// As [`Rsi::new`].
pub fn rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = Rsi::new(period)?;
    Ok(each(values, |value| rsi.update(value)))
}

/// [`SimpleRsi`] of each value.
///
/// # Errors
/// As [`SimpleRsi::new`].
pub fn simple_rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = SimpleRsi::new(period)?;
    Ok(each(values, |value| rsi.update(value)))
}

fn each(values: Series<'_>, mut update: impl FnMut(f64) -> Option<f64>) -> Vec<f64> {
    values.values().iter().map(|value| update(*value).unwrap_or(f64::NAN)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_they_came_to_be() {
        let series = Series::new(&[1.0, 2.0, 6.0, 7.0]).unwrap();
        let defined =
            |values: Vec<f64>| values.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect::<Vec<_>>();
        assert_eq!(defined(sma(series, 3).unwrap()), [None, None, Some(3.0), Some(5.0)]);
        assert_eq!(defined(ema(series, 3).unwrap()), [None, None, Some(3.0), Some(5.0)]);
        assert_eq!(defined(rsi(series, 2).unwrap()), [None, None, Some(100.0), Some(100.0)]);
        assert_eq!(defined(simple_rsi(series, 5).unwrap()), [None; 4]);
    }
}
