//! Which price is how far down, and which moment how far along.

use domain::money::Decimal;

use super::Point;

/// Of the span of prices, left free above and below.
const MARGIN: Decimal = Decimal::from_parts(3, 0, 0, false, 2);
const SECOND: i64 = 1_000;
/// An axis of time is marked in one of these, or in whole hours.
const STEPS_OF_TIME: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) low: Decimal,
    pub(super) high: Decimal,
    pub(super) from: i64,
    pub(super) until: i64,
}

impl Scale {
    /// Room for all of them; a price that never moved stands in the middle.
    pub(super) fn around(points: impl Iterator<Item = Point>) -> Option<Self> {
        let mut points = points.peekable();
        let first = *points.peek()?;
        let start = Self { low: first.price, high: first.price, from: first.at, until: first.at };
        Some(points.fold(start, Self::with).widened())
    }

    fn with(self, point: Point) -> Self {
        Self {
            low: self.low.min(point.price),
            high: self.high.max(point.price),
            from: self.from.min(point.at),
            until: self.until.max(point.at),
        }
    }

    fn widened(self) -> Self {
        let span = self.high.checked_sub(self.low).unwrap_or(self.high);
        let span = [span, self.high.abs(), Decimal::ONE].into_iter().find(|span| !span.is_zero()).unwrap_or_default();
        let margin = span.checked_mul(MARGIN).filter(|margin| !margin.is_zero()).unwrap_or(span);
        Self {
            low: self.low.checked_sub(margin).unwrap_or(self.low),
            high: self.high.checked_add(margin).unwrap_or(self.high),
            until: self.until.max(self.from.saturating_add(SECOND)),
            ..self
        }
    }

    /// 0 at the highest price, `size` at the lowest.
    pub(super) fn down(&self, price: Decimal, size: u32) -> Decimal {
        share(self.high.checked_sub(price), self.high.checked_sub(self.low)) * Decimal::from(size)
    }

    /// 0 at the beginning, `size` at the end.
    pub(super) fn along(&self, at: i64, size: u32) -> Decimal {
        let (passed, all) = (at.saturating_sub(self.from), self.until.saturating_sub(self.from));
        share(Some(Decimal::from(passed)), Some(Decimal::from(all))) * Decimal::from(size)
    }

    /// Round prices, at most `max` and one, none finer than the tick.
    pub(super) fn prices(&self, tick: Decimal, max: u32) -> Vec<Decimal> {
        let span = self.high.checked_sub(self.low).unwrap_or(self.high);
        let fits = |step: &Decimal| span.checked_div(*step).is_some_and(|count| count <= Decimal::from(max));
        let Some(step) = round_steps(tick).find(fits).map(|step| step.normalize()) else { return Vec::new() };
        let first = self.low.checked_div(step).and_then(|count| count.ceil().checked_mul(step));
        let all = std::iter::successors(first, |price| price.checked_add(step)).take_while(|price| *price <= self.high);
        all.map(|price| with_decimals(price, step.scale())).collect()
    }

    /// Moments since the beginning, at most `max` and one.
    pub(super) fn moments(&self, max: i64) -> Vec<i64> {
        let span = self.until.saturating_sub(self.from);
        let hours = span / (3_600 * SECOND * max.max(1)) + 1;
        let fits = |step: &&i64| span / (**step * SECOND) <= max;
        let step = STEPS_OF_TIME.iter().find(fits).copied().unwrap_or(hours.saturating_mul(3_600));
        let next = |at: &i64| at.checked_add(step.saturating_mul(SECOND));
        std::iter::successors(Some(0), next).take_while(|at| *at <= span).collect()
    }
}

/// From 0 to 1; 0 where there is nothing to share.
fn share(part: Option<Decimal>, whole: Option<Decimal>) -> Decimal {
    let share = part.zip(whole).and_then(|(part, whole)| part.checked_div(whole)).unwrap_or_default();
    share.clamp(Decimal::ZERO, Decimal::ONE)
}

/// 1, 2, 5, 10, 20 … of the tick.
fn round_steps(tick: Decimal) -> impl Iterator<Item = Decimal> {
    let decades = std::iter::successors(Some(tick), |step| step.checked_mul(Decimal::TEN));
    decades.flat_map(|step| [1, 2, 5].map(|times| step.checked_mul(Decimal::from(times)))).map_while(|step| step)
}

/// The same price with so many, however many of them are zeros.
pub(super) fn with_decimals(mut price: Decimal, decimals: u32) -> Decimal {
    price.rescale(decimals);
    price
}
