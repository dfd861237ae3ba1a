//! Exponential smoothing that begins with a plain mean, for averages and for Wilder's.
use crate::snapshot::held;
use crate::wide::wide;

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
        fill_all([self], [values], [out]);
    }

    fn fill_alone(&mut self, values: &[f64], out: &mut [f64]) {
        for (out, value) in out.iter_mut().zip(values) {
            *out = self.push(*value).unwrap_or(f64::NAN);
        }
    }

    /// How many values come before the first four that may be taken at once: the first ones, and four averages to go on from. Of averages of one
    /// value all are taken alone.
    fn alone(&self) -> usize {
        let missing = if self.period == 1 { u32::MAX } else { self.period - self.seen };
        usize::try_from(missing).unwrap_or(usize::MAX).saturating_add(4)
    }

    /// How many values come before the first average, that one included.
    pub(crate) fn missing(&self) -> usize {
        usize::try_from(self.period - self.seen).unwrap_or(usize::MAX)
    }

    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// The average, once there is one.
    pub(crate) fn now(&self) -> f64 {
        self.average
    }

    /// After values that somebody else has gone through.
    pub(crate) fn go_on_from(&mut self, average: f64) {
        self.average = average;
    }

    /// Whether there is an average.
    pub(crate) fn has_begun(&self) -> bool {
        self.seen == self.period
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

/// Several beside each other, each over values of its own, of which there are equally many: as pushes one after the other, NaN where there is
/// no average yet. They wait less for each other than each for itself.
pub(crate) fn fill_all<const N: usize>(mut all: [&mut Smoothing; N], values: [&[f64]; N], mut out: [&mut [f64]; N]) {
    let bars = values.iter().map(|values| values.len()).min().unwrap_or(0);
    let alone = all.iter().map(|one| one.alone()).max().unwrap_or(0);
    let fours = bars.saturating_sub(alone) / 4;
    let begin = if fours == 0 { bars } else { alone };
    for ((one, values), out) in all.iter_mut().zip(&values).zip(&mut out) {
        one.fill_alone(values, out.get_mut(..begin).unwrap_or_default());
    }
    if fours > 0 {
        let weights = all.each_ref().map(|one| one.weight);
        let behind = values.map(|values| values.get(begin - 3..).unwrap_or_default());
        let from = out.each_mut().map(|out| out.get_mut(begin - 4..).unwrap_or_default());
        wide(
            #[inline(always)]
            || fill_fours(fours, weights, behind, from),
        );
    }
    let end = begin + 4 * fours;
    for ((one, values), out) in all.iter_mut().zip(values).zip(out) {
        let (done, rest) = out.split_at_mut(end);
        one.average = done.last().copied().filter(|_| fours > 0).unwrap_or(one.average);
        one.fill_alone(values.get(end..).unwrap_or_default(), rest);
    }
}

/// Four values at a time: each average waits for the one before, so that it is made of the one four before it and of a weighted mean of the
/// values since, and four of them do not wait for each other. The values begin with three, and the averages with four, that were there before.
#[inline(always)]
fn fill_fours<const N: usize>(fours: usize, weights: [f64; N], values: [&[f64]; N], out: [&mut [f64]; N]) {
    let mut out = out.map(|out| out.as_chunks_mut::<4>().0);
    let mut averages = out.each_ref().map(|out| out.first().copied().unwrap_or_default());
    let (shares, mut pairs) = (weights.map(Shares::of), [[0.0; 2]; N]);
    for ((pairs, shares), values) in pairs.iter_mut().zip(&shares).zip(&values) {
        let [a, b, c] = values.first_chunk().copied().unwrap_or_default();
        *pairs = all_towards([b, c], [a, b], shares.one);
    }
    for four in 0..fours {
        let chains = averages.iter_mut().zip(&mut pairs).zip(&shares).zip(&values);
        for (((averages, pairs), shares), values) in chains {
            let values = values.get(4 * four + 2..).and_then(|values| values.first_chunk().copied());
            let [a, b, c, d, e] = values.unwrap_or_default();
            let [w, x, y, z] = all_towards([b, c, d, e], [a, b, c, d], shares.one);
            let [u, v] = std::mem::replace(pairs, [y, z]);
            let means = all_towards([w, x, y, z], [u, v, w, x], shares.two);
            *averages = all_towards(*averages, means, shares.four);
        }
        for (out, averages) in out.iter_mut().zip(&averages) {
            out.get_mut(four + 1).into_iter().for_each(|out| *out = *averages);
        }
    }
}

/// How much of a weighted mean of the values since is the older half, and how much an average moves towards it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    /// Of two values.
    pub(crate) one: f64,
    /// Of two pairs.
    pub(crate) two: f64,
    /// Of an average.
    pub(crate) four: f64,
}

impl Shares {
    #[inline(always)]
    pub(crate) fn of(weight: f64) -> Self {
        let kept = 1.0 - weight;
        let [pair, four] = [kept * kept, kept * kept * kept * kept].map(|kept| 1.0 - kept);
        Self { one: weight * kept / pair, two: pair * kept * kept / four, four }
    }
}

/// As [`towards`], of several and rounded once.
#[inline(always)]
pub(crate) fn all_towards<const N: usize>(mut averages: [f64; N], values: [f64; N], weight: f64) -> [f64; N] {
    for (average, value) in averages.iter_mut().zip(values) {
        *average = (value - *average).mul_add(weight, *average);
    }
    averages
}

/// Equal values leave an average as it is, to the bit.
#[inline(always)]
fn towards(average: f64, value: f64, weight: f64) -> f64 {
    average + weight * (value - average)
}
