//! Exponential smoothing that begins with a plain mean, for averages and for Wilder's.
use crate::snapshot::held;

/// `average + weight * (value - average)`; the first average is the mean of the first values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Smoothing {
    /// How many of the first values have come, at most all of them.
    seen: u32,
    period: u32,
    weight: f64,
    /// The sum of the first values until there are enough, then the average.
    average: f64,
}

impl Smoothing {
    /// With a weight of 2 / (n + 1).
    pub(crate) fn exponential(period: u32) -> Self {
        Self::of(period, 2.0 / (f64::from(period) + 1.0))
    }

    /// With Wilder's weight of 1 / n.
    pub(crate) fn wilder(period: u32) -> Self {
        Self::of(period, 1.0 / f64::from(period))
    }

    fn of(period: u32, weight: f64) -> Self {
        Self { seen: 0, period, weight, average: 0.0 }
    }

    /// Takes the next value, and says the average once there is one.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        if self.seen == self.period {
            // An average of one value is that value, however large the one before was.
            self.average = if self.period == 1 { value } else { towards(self.average, value, self.weight) };
            return Some(self.average);
        }
        self.begin(value)
    }

    /// As one push after the other, NaN where there is no average yet.
    pub(crate) fn fill(&mut self, values: &[f64], out: &mut [f64]) {
        fill_all([self], values, |value| [value], out.as_chunks_mut::<1>().0);
    }

    /// Whether it may be one of values of which none is negative.
    pub(crate) fn is_no_loss(&self) -> bool {
        self.average >= 0.0
    }

    fn begin(&mut self, value: f64) -> Option<f64> {
        self.seen += 1;
        self.average += value;
        if self.seen < self.period {
            return None;
        }
        self.average /= f64::from(self.period);
        Some(self.average)
    }
}

held!(Smoothing, [period, weight], [seen, average], where |smoothing| smoothing.seen <= smoothing.period);

/// Several beside each other, each with its own `of` a value: as pushes one after the other, NaN where there is no average yet.
pub(crate) fn fill_all<T: Copy, const N: usize>(
    mut all: [&mut Smoothing; N],
    values: &[T],
    of: impl Fn(T) -> [f64; N] + Copy,
    out: &mut [[f64; N]],
) {
    // What cannot be done four at a time: the first values, and averages of one value.
    let missing = all.iter().map(|one| if one.period == 1 { u32::MAX } else { one.period - one.seen }).max();
    let missing = usize::try_from(missing.unwrap_or(0)).unwrap_or(usize::MAX).min(values.len());
    let ((first, values), (first_out, out)) = (values.split_at(missing), out.split_at_mut(missing));
    for (out, values) in first_out.iter_mut().zip(first) {
        for ((out, one), value) in out.iter_mut().zip(&mut all).zip(of(*values)) {
            *out = one.push(value).unwrap_or(f64::NAN);
        }
    }
    let ((fours, rest), (fours_out, rest_out)) = (values.as_chunks::<4>(), out.as_chunks_mut::<4>());
    let weights = all.each_ref().map(|one| one.weight);
    let averages = fill_fours(all.each_ref().map(|one| one.average), weights, fours, of, fours_out);
    all.iter_mut().zip(averages).for_each(|(one, average)| one.average = average);
    for (out, values) in rest_out.iter_mut().zip(rest) {
        for ((out, one), value) in out.iter_mut().zip(&mut all).zip(of(*values)) {
            *out = one.push(value).unwrap_or(f64::NAN);
        }
    }
}

/// Four values at a time: each average waits for the one before, so that every fourth is made of the one four before it and of a weighted mean
/// of four values. Those between come afterwards, and do not wait for each other. Says the last averages.
fn fill_fours<T: Copy, const N: usize>(
    mut averages: [f64; N],
    weights: [f64; N],
    fours: &[[T; 4]],
    of: impl Fn(T) -> [f64; N],
    out: &mut [[[f64; N]; 4]],
) -> [f64; N] {
    let mut before = averages;
    let keep = weights.map(|weight| 1.0 - weight);
    let all = keep.map(|keep| 1.0 - keep * keep * keep * keep);
    let shares: [[f64; 3]; N] = std::array::from_fn(|at| {
        let [weight, keep, all] = [&weights, &keep, &all].map(|of| of.get(at).copied().unwrap_or(1.0));
        [keep * keep * keep, keep * keep, keep].map(|kept| weight * kept / all)
    });
    for (four, [_, _, _, fourth]) in fours.iter().zip(&mut *out) {
        let [a, b, c, d] = four.map(&of);
        let rows = averages.iter_mut().zip(&shares).zip(&all).zip(a).zip(b).zip(c).zip(d).zip(fourth);
        for (((((((average, [first, second, third]), all), a), b), c), d), fourth) in rows {
            let mean = d + (first * (a - d) + second * (b - d) + third * (c - d));
            *average = towards(*average, mean, *all);
            *fourth = *average;
        }
    }
    for (four, [one, two, three, fourth]) in fours.iter().zip(out) {
        let [a, b, c, _] = four.map(&of);
        let rows = before.iter_mut().zip(&weights).zip(a).zip(b).zip(c).zip(one).zip(two).zip(three).zip(fourth);
        for ((((((((before, weight), a), b), c), one), two), three), fourth) in rows {
            *one = towards(*before, a, *weight);
            *two = towards(*one, b, *weight);
            *three = towards(*two, c, *weight);
            *before = *fourth;
        }
    }
    averages
}

/// Equal values leave an average as it is, to the bit.
#[inline]
fn towards(average: f64, value: f64, weight: f64) -> f64 {
    average + weight * (value - average)
}
