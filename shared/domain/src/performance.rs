//! How trades of one mode and one currency have gone.
//!
//! 1. Amounts are exact: a trade counts what it has realised after fees. Only Sharpe's ratio is a floating number.
//! 2. Win rate = trades that gained ÷ trades. Profit factor = all that was gained ÷ all that was lost. Expectancy = mean profit of a trade.
//!    The drawdown is the deepest fall of the summed profit from its peak before, which is at least zero.
//! 3. Sharpe's ratio (1994) is the mean of daily profits ÷ their sample deviation × √365, with a stake that stays the same: then it needs no
//!    equity, because the stake cancels out. Days are UTC, from the first close to the last; a day without a close counts zero.

use crate::clock::{Millis, Timestamp};
use crate::money::{Amount, Decimal, Fraction, MoneyError};
use std::collections::BTreeMap;

/// A trade that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deal {
    /// After fees.
    pub realised: Amount,
    pub opened_at: Timestamp,
    pub closed_at: Timestamp,
}

/// How deals have gone; what cannot be said of them is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    pub trades: u32,
    pub won: u32,
    pub lost: u32,
    pub realised: Amount,
    /// Of all that gained, and of all that lost: zero or above.
    pub gained: Amount,
    pub given_back: Amount,
    /// 0 to 100, with two digits.
    pub win_rate_percent: Option<Decimal>,
    /// With four digits; none if nothing was lost.
    pub profit_factor: Option<Decimal>,
    pub expectancy: Option<Amount>,
    pub best: Option<Amount>,
    pub worst: Option<Amount>,
    /// Zero or above.
    pub drawdown: Amount,
    /// Mean time from open to close.
    pub holding: Option<Millis>,
    /// None of fewer than two days, or if all days are alike.
    pub sharpe: Option<f64>,
}

impl Performance {
    /// # Errors
    /// `Inexact` if a sum cannot be kept.
    pub fn of(deals: &[Deal]) -> Result<Self, MoneyError> {
        let mut deals = deals.to_vec();
        deals.sort_by_key(|deal| (deal.closed_at, deal.opened_at, deal.realised));
        let (mut won, mut lost, mut held) = (0_u32, 0_u32, 0_i64);
        let (mut gained, mut given_back, mut peak, mut drawdown) =
            (Amount::ZERO, Amount::ZERO, Amount::ZERO, Amount::ZERO);
        let mut days: BTreeMap<i64, Amount> = BTreeMap::new();
        for deal in &deals {
            if deal.realised > Amount::ZERO {
                won = won.saturating_add(1);
                gained = gained.plus(deal.realised)?;
            } else if deal.realised < Amount::ZERO {
                lost = lost.saturating_add(1);
                given_back = given_back.minus(deal.realised)?;
            }
            let so_far = gained.minus(given_back)?;
            peak = peak.max(so_far);
            drawdown = drawdown.max(peak.minus(so_far)?);
            held = held.saturating_add(deal.closed_at.since(deal.opened_at).get().max(0));
            let day = days.entry(deal.closed_at.day()).or_insert(Amount::ZERO);
            *day = day.plus(deal.realised)?;
        }
        let (realised, count) = (gained.minus(given_back)?, i64::try_from(deals.len()).unwrap_or(i64::MAX));
        let all = Fraction::whole(count);
        let digits = |part: Fraction, digits| part.floor_to(Decimal::new(1, digits)).map(|value| value.normalize());
        let rate = (Fraction::whole(i64::from(won)) * Fraction::whole(100)).over(&all);
        let mean = realised.fraction().over(&all).map(|mean| mean.floor_to(Decimal::new(1, 8)));
        Ok(Self {
            trades: u32::try_from(deals.len()).unwrap_or(u32::MAX),
            won,
            lost,
            realised,
            gained,
            given_back,
            win_rate_percent: rate.map(|rate| digits(rate, 2)).transpose()?,
            profit_factor: gained
                .fraction()
                .over(&given_back.fraction())
                .map(|factor| digits(factor, 4))
                .transpose()?,
            expectancy: mean.transpose()?.map(Amount::new).transpose()?,
            best: deals.iter().map(|deal| deal.realised).max(),
            worst: deals.iter().map(|deal| deal.realised).min(),
            drawdown,
            holding: held.checked_div(count).map(Millis::new),
            sharpe: sharpe(&days),
        })
    }
}

#[allow(clippy::float_arithmetic, reason = "a ratio for the eye, as in a backtest; no amount follows from it")]
fn sharpe(days: &BTreeMap<i64, Amount>) -> Option<f64> {
    const DAYS_OF_A_YEAR: f64 = 365.0;
    let (first, last) = (days.first_key_value()?.0, days.last_key_value()?.0);
    let count = u32::try_from(last.saturating_sub(*first).saturating_add(1)).ok()?;
    let mut amounts = days.values();
    let one = amounts.next()?;
    // Compared exactly: rounding would leave a deviation where there is none.
    let is_each_day = usize::try_from(count).is_ok_and(|count| count == days.len());
    if amounts.all(|other| other == one) && (is_each_day || *one == Amount::ZERO) {
        return None;
    }
    let profits: Vec<f64> = days.values().filter_map(|profit| f64::try_from(profit.get()).ok()).collect();
    let (n, known) = (f64::from(count), f64::from(u32::try_from(profits.len()).ok()?));
    let mean = profits.iter().sum::<f64>() / n;
    let squares = profits.iter().map(|profit| (profit - mean) * (profit - mean)).sum::<f64>();
    // Days without a close are as far from the mean as zero is.
    let deviation = ((squares + (n - known) * mean * mean) / (n - 1.0)).sqrt();
    Some(mean / deviation * DAYS_OF_A_YEAR.sqrt()).filter(|ratio| ratio.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn deal(realised: &str, opened_at: i64, closed_at: i64) -> Deal {
        let at = Timestamp::from_millis;
        Deal { realised: realised.parse().unwrap(), opened_at: at(opened_at), closed_at: at(closed_at) }
    }

    /// By hand, and the ratio by Python 3.11: `d = [10, -4, 0, 6]; fmean(d) / stdev(d) * sqrt(365)`.
    #[test]
    fn deals_are_counted_as_the_formulas_say() {
        let deals = [
            deal("6", 3 * DAY, 3 * DAY + 2_000),
            deal("10", 0, 1_000),
            deal("-3", DAY, DAY + 1_000),
            deal("-1", DAY, DAY + 4_000),
        ];
        let told = Performance::of(&deals).unwrap();
        assert_eq!((told.trades, told.won, told.lost), (4, 2, 2));
        assert_eq!(
            (told.realised.to_string(), told.gained.to_string(), told.given_back.to_string()),
            ("12".into(), "16".into(), "4".into())
        );
        assert_eq!(told.win_rate_percent, Some("50".parse().unwrap()));
        assert_eq!(told.profit_factor, Some("4".parse().unwrap()));
        assert_eq!(told.expectancy, Some("3".parse().unwrap()));
        assert_eq!((told.best, told.worst), (Some("10".parse().unwrap()), Some("-3".parse().unwrap())));
        assert_eq!(told.drawdown.to_string(), "4");
        assert_eq!(told.holding, Some(Millis::new(2_000)));
        let sharpe = told.sharpe.unwrap();
        assert!((sharpe - 9.217_206_548_175).abs() < 1e-9, "{sharpe}");
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        let none = Performance::of(&[]).unwrap();
        assert_eq!((none.trades, none.win_rate_percent, none.expectancy, none.holding), (0, None, None, None));
        assert_eq!((none.profit_factor, none.sharpe, none.best), (None, None, None));
        let one = Performance::of(&[deal("5", 0, 1)]).unwrap();
        assert_eq!((one.profit_factor, one.sharpe), (None, None), "nothing was lost, and there is one day");
        let alike: Vec<_> = (0..3).map(|day| deal("0.1", day * DAY, day * DAY + 1)).collect();
        assert_eq!(Performance::of(&alike).unwrap().sharpe, None, "all days are alike");
        let thirds = Performance::of(&[deal("1", 0, 1), deal("0", 0, 2), deal("-1", 0, 3)]).unwrap();
        assert_eq!(thirds.win_rate_percent, Some("33.33".parse().unwrap()));
        assert_eq!((thirds.won, thirds.lost), (1, 1), "neither");
        assert_eq!(thirds.drawdown.to_string(), "1");
    }
}
