//! The specification's set over whole slices: a block of bars at a time through all of it, so that what is made on the way stays near the processor.
//!
//! 1. All blocks are equally long, so that loops have no rest: the last one is filled up, and what was made of that is left out.
//! 2. A block comes with the bars before it. Windows are made of them by doubling, and nothing of them is kept from block to block.
//! 3. Averages stand two by two in one vector, four values of each, and go on from there as [`crate::smoothing`] says.
//! 4. Whatever the processor has, each value comes to be by the same operations in the same order.

use crate::atr::true_range;
use crate::block::behind;
use crate::rsi::{share, split};
use crate::smoothing::{Shares, all_towards};
use crate::{Bars, StandardLines};
use fearless_simd::{Level, Simd, SimdBase, SimdCombine, SimdSplit, dispatch, f64x4, f64x8};

/// How many bars have to be there before the first block: windows reach back to them, and averages go on from the last four.
pub(crate) const BACK: usize = 24;
const BLOCK: usize = 128;
const REACHING: usize = BACK + BLOCK;
/// Blocks whose lines are written out together: memory that was not looked at before is written fastest in long pieces.
const PIECE: usize = 16;

/// Of each bar of a block.
type Of = [f64; BLOCK];
/// And of those before.
type Reaching = [f64; REACHING];

/// An average as it goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    weight: f64,
    averages: [f64; 4],
    values: [f64; 3],
}

/// High, low, close and volume of a block and of the bars before.
type Columns<'a> = [&'a Reaching; 4];

/// Two averages beside each other.
struct Pair<S: Simd> {
    one: f64x8<S>,
    two: f64x8<S>,
    four: f64x8<S>,
    averages: f64x8<S>,
    /// Weighted means of two values.
    before: f64x8<S>,
}

/// What is made on the way.
struct Ways {
    gains: Reaching,
    losses: Reaching,
    ranges: Reaching,
    line: Reaching,
    sums: [Reaching; 4],
    gain: Of,
    loss: Of,
    fast: Of,
    slow: Of,
}

impl Chain {
    pub(crate) fn new(weight: f64) -> Self {
        Self { weight, averages: [0.0; 4], values: [0.0; 3] }
    }

    fn newest(&self) -> f64 {
        let [.., newest] = self.values;
        newest
    }

    /// After one value more.
    pub(crate) fn push(&mut self, value: f64, average: f64) {
        let ([_, a, b, c], [_, x, y]) = (self.averages, self.values);
        (self.averages, self.values) = ([a, b, c, average], [x, y, value]);
    }
}

/// Goes through all bars behind so many, at least [`BACK`], and puts their values behind those of each line. The averages are those of MACD, fast
/// and slow, over 50 and 200 closes, of gains, losses and ranges, and the signal; says how they end.
pub(crate) fn extend(bars: Bars<'_>, after: usize, chains: [Chain; 8], lines: &mut StandardLines) -> [f64; 8] {
    let columns = [bars.high(), bars.low(), bars.close(), bars.volume()];
    let columns = columns.map(|column| behind(column.values(), after.saturating_sub(BACK)));
    let count = bars.len().saturating_sub(after);
    dispatch!(Level::new(), simd => extend_with(simd, columns, count, chains, lines))
}

#[inline(always)]
fn extend_with<S: Simd>(
    simd: S,
    columns: [&[f64]; 4],
    count: usize,
    [a, b, c, d, e, f, g, h]: [Chain; 8],
    lines: &mut StandardLines,
) -> [f64; 8] {
    let mut pairs = [[a, b], [c, d], [e, f], [g, h]].map(|chains| Pair::new(simd, chains));
    let (mut ways, mut ends, mut filled) = (Ways::new(h.newest()), [0.0; 8], [[0.0; REACHING]; 4]);
    let mut room = [(); 11].map(|()| vec![[0.0; BLOCK]; count.div_ceil(BLOCK).min(PIECE)]);
    let mut lines = lines.each();
    for from in (0..count).step_by(PIECE * BLOCK) {
        let to = count.min(from + PIECE * BLOCK);
        let mut outs = room.each_mut().map(|line| line.iter_mut());
        for at in (from..to).step_by(BLOCK) {
            let [high, low, close, volume] = columns.map(|column| behind(column, at));
            let [x, y, z, w] = &mut filled;
            let now = [whole(high, x), whole(low, y), whole(close, z), whole(volume, w)];
            if let [Some(o), Some(p), Some(q), Some(r), Some(s), Some(t), Some(u), Some(v), Some(w), Some(x), Some(y)] =
                outs.each_mut().map(Iterator::next)
            {
                ends = ways.fill(now, &mut pairs, [o, p, q, r, s, t, u, v, w, x, y], BLOCK.min(to - at));
            }
        }
        for (line, room) in lines.iter_mut().zip(&room) {
            line.extend_from_slice(room.as_flattened().get(..to - from).unwrap_or_default());
        }
    }
    ends
}

/// The next block, filled up where it is the last.
#[inline(always)]
fn whole<'a>(column: &'a [f64], filled: &'a mut Reaching) -> &'a Reaching {
    if let Some(whole) = column.first_chunk() {
        return whole;
    }
    filled.iter_mut().zip(column).for_each(|(slot, value)| *slot = *value);
    filled
}

impl Ways {
    /// With the last of MACD's lines before the first block.
    fn new(line: f64) -> Self {
        let (way, [gain, loss, fast, slow]) = ([0.0; REACHING], [[0.0; BLOCK]; 4]);
        Self { gains: way, losses: way, ranges: way, line: [line; REACHING], sums: [way; 4], gain, loss, fast, slow }
    }

    /// A block of each line. Says how the averages stand after so many bars of it.
    #[inline(always)]
    fn fill<S: Simd>(
        &mut self,
        columns: Columns<'_>,
        [short, long, changes, others]: &mut [Pair<S>; 4],
        out: [&mut Of; 11],
        bars: usize,
    ) -> [f64; 8] {
        let [_, _, close, volume] = columns;
        let [rsi, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr, volumes] = out;
        self.fill_changes(columns);
        self.fill_bands(close, [upper, middle, lower]);
        self.fill_volumes(volume, volumes);
        fill_pairs([close; 4], [short, long], [&mut self.fast, &mut self.slow, ema_50, ema_200]);
        self.line.copy_within(BLOCK.., 0);
        let kept = line.iter_mut().zip(behind_mut(&mut self.line, BACK));
        for ((line, kept), (fast, slow)) in kept.zip(self.fast.iter().zip(&self.slow)) {
            *line = fast - slow;
            *kept = *line;
        }
        let values = [&self.gains, &self.losses, &self.ranges, &self.line];
        fill_pairs(values, [changes, others], [&mut self.gain, &mut self.loss, atr, signal]);
        for ((rsi, gain), loss) in rsi.iter_mut().zip(&self.gain).zip(&self.loss) {
            *rsi = share(*gain, *loss);
        }
        for ((histogram, line), signal) in histogram.iter_mut().zip(line).zip(&*signal) {
            *histogram = *line - signal;
        }
        let averages = [&self.fast, &self.slow, ema_50, ema_200, &self.gain, &self.loss, atr, signal];
        averages.map(|of| of.get(bars - 1).copied().unwrap_or_default())
    }

    /// Gains, losses and true ranges.
    #[inline(always)]
    fn fill_changes(&mut self, [high, low, close, _]: Columns<'_>) {
        let changes = behind_mut(&mut self.gains, 1).iter_mut().zip(behind_mut(&mut self.losses, 1));
        for ((before, now), (gain, loss)) in close.iter().zip(behind(close, 1)).zip(changes) {
            (*gain, *loss) = split(now - before);
        }
        let bars = behind(high, 1).iter().zip(behind(low, 1)).zip(close);
        for (((high, low), before), range) in bars.zip(behind_mut(&mut self.ranges, 1)) {
            *range = true_range(*high, *low, *before);
        }
    }

    /// Of 20 volumes, as five times 4.
    #[inline(always)]
    fn fill_volumes(&mut self, volumes: &Reaching, out: &mut Of) {
        let [twos, fours, ..] = &mut self.sums;
        fill_fours(volumes, [twos, &mut *fours]);
        let [a, b, c, d, e] = [19, 15, 11, 7, 3].map(|back| behind(fours, BACK - back));
        let parts = a.iter().zip(b).zip(c.iter().zip(d)).zip(e);
        for (out, (((a, b), (c, d)), e)) in out.iter_mut().zip(parts) {
            *out = (a + b + (c + d) + e) * (1.0 / 20.0);
        }
    }

    /// Of 20 closes: sums, and squares about their means, of 4 and of 8, put together as in [`crate::spread`]. Those of n values are kept n times as
    /// large, so that putting two equally long together takes no division.
    #[inline(always)]
    fn fill_bands(&mut self, close: &Reaching, [upper, middle, lower]: [&mut Of; 3]) {
        let [sums, squares, long_sums, long_squares] = &mut self.sums;
        let [one, two, three] = [1, 2, 3].map(|from| behind(close, from));
        let values = close.iter().zip(one).zip(two.iter().zip(three));
        for (((a, b), (c, d)), (sum, squares)) in values.zip(sums.iter_mut().zip(&mut *squares)) {
            let (older, newer) = ((a + b, (a - b) * (a - b)), (c + d, (c - d) * (c - d)));
            (*sum, *squares) = doubled(older, newer);
        }
        let (sums, squares) = (&*sums, &*squares);
        let both = parts((sums, squares), 0).zip(parts((sums, squares), 4));
        for ((older, newer), (sum, squares)) in both.zip(long_sums.iter_mut().zip(&mut *long_squares)) {
            (*sum, *squares) = doubled(older, newer);
        }
        let long = (&*long_sums, &*long_squares);
        let both = parts(long, BACK - 19).zip(parts(long, BACK - 11)).zip(parts((sums, squares), BACK - 3));
        for (((older, newer), last), ((upper, middle), lower)) in both.zip(upper.iter_mut().zip(middle).zip(lower)) {
            let (sum, squares) = doubled(older, newer);
            let mean = sum * (1.0 / 16.0);
            let apart = last.0 * (1.0 / 4.0) - mean;
            // 16 * 4 / 20 of the distance's square.
            let squares = squares * (1.0 / 16.0) + last.1 * (1.0 / 4.0) + apart * apart * 3.2;
            let wide = (squares * (1.0 / 20.0)).sqrt() * 2.0;
            *middle = mean + apart * (4.0 / 20.0);
            (*upper, *lower) = (*middle + wide, *middle - wide);
        }
    }
}

impl<S: Simd> Pair<S> {
    #[inline(always)]
    fn new(simd: S, chains: [Chain; 2]) -> Self {
        let shares = chains.map(|chain| Shares::of(chain.weight));
        let both = |of: [[f64; 4]; 2]| {
            let [one, other] = of.map(|of| f64x4::load_array(simd, of));
            one.combine(other)
        };
        let before = |chain: Chain| {
            let [a, b, c] = chain.values;
            let [older, newer] = all_towards([b, c], [a, b], Shares::of(chain.weight).one);
            [0.0, 0.0, older, newer]
        };
        Self {
            one: both(shares.map(|shares| [shares.one; 4])),
            two: both(shares.map(|shares| [shares.two; 4])),
            four: both(shares.map(|shares| [shares.four; 4])),
            averages: both(chains.map(|chain| chain.averages)),
            before: both(chains.map(before)),
        }
    }

    /// The next four of each, of values and of those one before them.
    #[inline(always)]
    fn next(&mut self, older: f64x8<S>, newer: f64x8<S>) -> [[f64; 4]; 2] {
        let now = newer + (older - newer) * self.one;
        let ((a, b), (c, d)) = (self.before.split(), now.split());
        let before = a.slide::<2>(c).combine(b.slide::<2>(d));
        self.before = now;
        let means = now + (before - now) * self.two;
        self.averages += (means - self.averages) * self.four;
        let (one, other) = self.averages.split();
        [one.to_array(), other.to_array()]
    }
}

/// Two pairs beside each other.
#[inline(always)]
fn fill_pairs<S: Simd>(values: [&Reaching; 4], [one, other]: [&mut Pair<S>; 2], out: [&mut Of; 4]) {
    let simd = one.one.simd;
    let [a, b, c, d] = values.map(|values| {
        let [older, newer] = [BACK - 1, BACK].map(|from| behind(values, from).as_chunks::<4>().0);
        older.iter().zip(newer)
    });
    let [p, q, r, s] = out.map(|out| out.as_chunks_mut::<4>().0.iter_mut());
    let both = |one: &[f64; 4], other: &[f64; 4]| {
        let [one, other] = [one, other].map(|of| f64x4::load_array(simd, *of));
        one.combine(other)
    };
    for (((a, b), (c, d)), ((p, q), (r, s))) in a.zip(b).zip(c.zip(d)).zip(p.zip(q).zip(r.zip(s))) {
        [*p, *q] = one.next(both(a.0, b.0), both(a.1, b.1));
        [*r, *s] = other.next(both(c.0, d.0), both(c.1, d.1));
    }
}

/// Sums of two values and of four, from each place on.
#[inline(always)]
fn fill_fours(values: &Reaching, [twos, fours]: [&mut Reaching; 2]) {
    for (sum, (one, other)) in twos.iter_mut().zip(values.iter().zip(behind(values, 1))) {
        *sum = one + other;
    }
    for (sum, (one, other)) in fours.iter_mut().zip(twos.iter().zip(behind(twos, 2))) {
        *sum = one + other;
    }
}

/// Sums and squares from a place on.
#[inline(always)]
fn parts<'a>((sums, squares): (&'a Reaching, &'a Reaching), from: usize) -> impl Iterator<Item = (f64, f64)> + 'a {
    behind(sums, from).iter().copied().zip(behind(squares, from).iter().copied())
}

/// Sum and squares, as many times as large as there are values, of two parts that have equally many.
#[inline(always)]
fn doubled(older: (f64, f64), newer: (f64, f64)) -> (f64, f64) {
    let apart = older.0 - newer.0;
    (older.0 + newer.0, 2.0 * (older.1 + newer.1) + apart * apart)
}

#[inline(always)]
fn behind_mut(column: &mut [f64], from: usize) -> &mut [f64] {
    column.get_mut(from..).unwrap_or_default()
}
