//! The specification's set over whole slices: a block of bars at a time through all of it, so that what is made on the way stays near the processor.
//!
//! 1. Bars come by four; up to three at the end are left to whoever asks. All blocks are equally long, so that loops have no rest: the last one is
//!    filled up, and what was made of that is left out.
//! 2. A block comes with the bars before it. Windows are made of them by doubling, and nothing of them is kept from block to block.
//! 3. Four bars of several lines are made together, so that a root or a division, which take long, do not hold back the rest. More in one loop is
//!    slower: a processor looks only so far ahead, and has to find what does not wait.
//! 4. Whatever the processor has, each value comes to be by the same operations in the same order. Fused ones round once everywhere.

use crate::Bars;
use crate::block::behind;
use crate::pair::{Chain, Pair};
use crate::rooms::Rooms;
use fearless_simd::{Level, Select, Simd, SimdBase, SimdCombine, SimdFloat, dispatch, f64x4};

/// How many bars have to be there before the first block: windows reach back to them.
pub(crate) const BACK: usize = 24;
/// And of how many of them averages have to be there.
pub(crate) const CHAINED: usize = 4;
const BLOCK: usize = 128;
const REACHING: usize = BACK + BLOCK;
/// Bars whose rooms are made at once: new ones are cleared, and are to be near the processor still when they are filled.
const PIECE: usize = 64 * BLOCK;

/// Of each bar of a block and of those before.
type Reaching = [f64; REACHING];
type Four = [f64; 4];

/// High, low, close and volume of a block and of the bars before.
type Columns<'a> = [&'a Reaching; 4];

struct Pass<S: Simd> {
    simd: S,
    /// Of MACD, fast and slow.
    short: Pair<S>,
    /// Over 50 and 200 closes.
    long: Pair<S>,
    /// Of losses and gains.
    changes: Pair<S>,
    /// Of ranges, and the signal.
    others: Pair<S>,
    sums: [Reaching; 4],
    volumes: [Reaching; 2],
    /// Averages of losses and of gains.
    changed: [[Four; BLOCK / 4]; 2],
}

/// Goes through all bars behind so many, at least [`BACK`], that go into fours, and puts their values into rooms. The averages are those of MACD, fast
/// and slow, over 50 and 200 closes, of losses, gains and ranges, and the signal; says how they end.
pub(crate) fn fill(bars: Bars<'_>, after: usize, chains: [Chain; 8], rooms: &mut Rooms<'_>) -> [f64; 8] {
    let columns = [bars.high(), bars.low(), bars.close(), bars.volume()];
    let columns = columns.map(|column| behind(column.values(), after.saturating_sub(BACK)));
    let count = bars.len().saturating_sub(after) / 4 * 4;
    dispatch!(Level::new(), simd => fill_with(simd, columns, count, chains, rooms))
}

#[inline(always)]
fn fill_with<S: Simd>(
    simd: S,
    columns: [&[f64]; 4],
    count: usize,
    chains: [Chain; 8],
    rooms: &mut Rooms<'_>,
) -> [f64; 8] {
    let mut pass = Pass::new(simd, chains);
    for from in (0..count).step_by(PIECE) {
        let out = rooms.next(PIECE.min(count - from));
        pass.fill(columns.map(|column| behind(column, from)), out);
    }
    pass.ends()
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

impl<S: Simd> Pass<S> {
    #[inline(always)]
    fn new(simd: S, [a, b, c, d, e, f, g, h]: [Chain; 8]) -> Self {
        let [short, long, changes, others] = [[a, b], [c, d], [e, f], [g, h]].map(|chains| Pair::new(simd, chains));
        let way = [0.0; REACHING];
        Self {
            simd,
            short,
            long,
            changes,
            others,
            sums: [way; 4],
            volumes: [way; 2],
            changed: [[[0.0; 4]; BLOCK / 4]; 2],
        }
    }

    fn ends(&self) -> [f64; 8] {
        let [[a, b], [c, d], [e, f], [g, h]] = [&self.short, &self.long, &self.changes, &self.others].map(Pair::ends);
        [a, b, c, d, e, f, g, h]
    }

    #[inline(always)]
    fn fill(&mut self, columns: [&[f64]; 4], out: [&mut [f64]; 11]) {
        let mut filled = [[0.0; REACHING]; 4];
        let bars = out.iter().map(|line| line.len()).min().unwrap_or_default();
        let mut outs = out.map(|line| line.as_chunks_mut::<4>().0.chunks_mut(BLOCK / 4));
        for at in (0..bars).step_by(BLOCK) {
            let [high, low, close, volume] = columns.map(|column| behind(column, at));
            let [x, y, z, w] = &mut filled;
            let now = [whole(high, x), whole(low, y), whole(close, z), whole(volume, w)];
            let [_, _, close, volume] = now;
            self.fill_sums(close);
            self.fill_volumes(volume);
            if let [Some(o), Some(p), Some(q), Some(r), Some(s), Some(t), Some(u), Some(v), Some(w), Some(x), Some(y)] =
                outs.each_mut().map(Iterator::next)
            {
                self.fill_block(now, [o, p, q, r, s, t, u, v, w, x, y]);
            }
        }
    }

    #[inline(always)]
    fn fill_block(&mut self, [high, low, close, _]: Columns<'_>, out: [&mut [Four]; 11]) {
        let [rsi, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr, volume] = out;
        self.fill_averages(close, [&mut *line, ema_50, ema_200]);
        self.fill_others([high, low, close], line, [signal, histogram, atr, rsi]);
        self.fill_windows([upper, middle, lower, volume]);
    }

    /// MACD's line, and averages over 50 and 200 closes; those of losses and gains are kept.
    #[inline(always)]
    fn fill_averages(&mut self, close: &Reaching, out: [&mut [Four]; 3]) {
        let Self { simd, mut short, mut long, mut changes, .. } = *self;
        let zero = f64x4::splat(simd, 0.0);
        let closes = fours(simd, close, BACK - 1).zip(fours(simd, close, BACK));
        let [line, ema_50, ema_200] = out.map(|line| line.iter_mut());
        let [losses, gains] = self.changed.each_mut().map(|of| of.iter_mut());
        for (((before, close), (line, (ema_50, ema_200))), (losses, gains)) in
            closes.zip(line.zip(ema_50.zip(ema_200))).zip(losses.zip(gains))
        {
            let less = before - close;
            let (closes, lesses) = (close.combine(close), less.combine(less));
            let (fast, slow) = short.next_less(closes, lesses);
            (fast - slow).store_array(line);
            let (of_50, of_200) = long.next_less(closes, lesses);
            of_50.store_array(ema_50);
            of_200.store_array(ema_200);
            let loss = less.max(zero);
            let (loss, gain) = changes.next(loss.combine(loss - less));
            loss.store_array(losses);
            gain.store_array(gains);
        }
        (self.short, self.long, self.changes) = (short, long, changes);
    }

    /// MACD's signal and histogram, averages of true ranges, and RSI.
    #[inline(always)]
    fn fill_others(&mut self, [high, low, close]: [&Reaching; 3], line: &[Four], out: [&mut [Four]; 4]) {
        let (simd, mut others) = (self.simd, self.others);
        let [zero, hundred] = [0.0, 100.0].map(|of| f64x4::splat(simd, of));
        let bars = fours(simd, close, BACK - 1).zip(fours(simd, high, BACK).zip(fours(simd, low, BACK)));
        let [losses, gains] = self.changed.each_ref().map(|of| of.iter());
        let [signal, histogram, atr, rsi] = out.map(|line| line.iter_mut());
        let ins = bars.zip(line).zip(losses.zip(gains));
        for (((bars, line), changed), ((signal, histogram), (atr, rsi))) in
            ins.zip(signal.zip(histogram).zip(atr.zip(rsi)))
        {
            let (before, (high, low)) = bars;
            let line = f64x4::load_array_ref(simd, line);
            let (range, smooth) = others.next((high.max(before) - low.min(before)).combine(line));
            smooth.store_array(signal);
            (line - smooth).store_array(histogram);
            range.store_array(atr);
            let [loss, gain] = [changed.0, changed.1].map(|of| f64x4::load_array_ref(simd, of));
            let both = gain + loss;
            both.simd_eq(zero).select(zero, gain / both * hundred).store_array(rsi);
        }
        self.others = others;
    }

    /// Bollinger's bands, of 20 closes as 8, 8 and 4; and the mean of 20 volumes, as five times 4.
    #[inline(always)]
    fn fill_windows(&self, out: [&mut [Four]; 4]) {
        let ([sums, squares, long_sums, long_squares], [_, volumes]) = (&self.sums, &self.volumes);
        let fours = |of, from| fours(self.simd, of, from);
        let parts = |sums, squares, from| fours(sums, from).zip(fours(squares, from));
        let older = parts(long_sums, long_squares, BACK - 19);
        let newer = parts(long_sums, long_squares, BACK - 11);
        let windows = older.zip(newer).zip(parts(sums, squares, BACK - 3));
        let [a, b, c, d, e] = [19, 15, 11, 7, 3].map(|back| fours(volumes, BACK - back));
        let volumes = a.zip(b).zip(c.zip(d)).zip(e);
        let [upper, middle, lower, volume] = out.map(|line| line.iter_mut());
        let [sixteenth, quarter, fifth, twentieth, apart_share] =
            [1.0 / 16.0, 1.0 / 4.0, 1.0 / 5.0, 1.0 / 20.0, 3.2].map(|of| f64x4::splat(self.simd, of));
        let outs = upper.zip(middle).zip(lower.zip(volume));
        for ((windows, volumes), ((upper, middle), (lower, volume))) in windows.zip(volumes).zip(outs) {
            let ((older, newer), last) = windows;
            let (sum, squares) = doubled(older, newer);
            let mean = sum * sixteenth;
            let apart = last.0.mul_add_precise(quarter, -mean);
            // 16 * 4 / 20 of the distance's square.
            let squares = squares.mul_add_precise(sixteenth, last.1 * quarter);
            let squares = (apart * apart).mul_add_precise(apart_share, squares);
            let half = (squares * twentieth).sqrt();
            let mean = apart.mul_add_precise(fifth, mean);
            mean.store_array(middle);
            (mean + (half + half)).store_array(upper);
            (mean - (half + half)).store_array(lower);
            let (((a, b), (c, d)), e) = volumes;
            ((a + b + (c + d) + e) * twentieth).store_array(volume);
        }
    }

    /// Of closes: sums, and squares about their means, of 4 and of 8, put together as in [`crate::spread`]. Those of n values are kept n times as
    /// large, so that putting two equally long together takes no division.
    #[inline(always)]
    fn fill_sums(&mut self, close: &Reaching) {
        let [sums, squares, long_sums, long_squares] = &mut self.sums;
        let [one, two, three] = [1, 2, 3].map(|from| behind(close, from));
        let values = close.iter().zip(one).zip(two.iter().zip(three));
        for (((a, b), (c, d)), (sum, squares)) in values.zip(sums.iter_mut().zip(&mut *squares)) {
            let (older, newer) = ((a + b, (a - b) * (a - b)), (c + d, (c - d) * (c - d)));
            let apart = older.0 - newer.0;
            (*sum, *squares) = (older.0 + newer.0, apart.mul_add(apart, 2.0 * (older.1 + newer.1)));
        }
        let (sums, squares) = (&*sums, &*squares);
        let both = sums.iter().zip(squares).zip(behind(sums, 4).iter().zip(behind(squares, 4)));
        for ((older, newer), (sum, squares)) in both.zip(long_sums.iter_mut().zip(&mut *long_squares)) {
            let apart = older.0 - newer.0;
            (*sum, *squares) = (older.0 + newer.0, apart.mul_add(apart, 2.0 * (older.1 + newer.1)));
        }
    }

    /// Sums of two volumes and of four, from each place on.
    #[inline(always)]
    fn fill_volumes(&mut self, values: &Reaching) {
        let [twos, fours] = &mut self.volumes;
        for (sum, (one, other)) in twos.iter_mut().zip(values.iter().zip(behind(values, 1))) {
            *sum = one + other;
        }
        for (sum, (one, other)) in fours.iter_mut().zip(twos.iter().zip(behind(twos, 2))) {
            *sum = one + other;
        }
    }
}

/// Fours of values from a place on.
#[inline(always)]
fn fours<S: Simd>(simd: S, values: &Reaching, from: usize) -> impl Iterator<Item = f64x4<S>> {
    behind(values, from).as_chunks::<4>().0.iter().map(move |four| f64x4::load_array_ref(simd, four))
}

/// Sum and squares, as many times as large as there are values, of two parts that have equally many.
#[inline(always)]
fn doubled<S: Simd>(older: (f64x4<S>, f64x4<S>), newer: (f64x4<S>, f64x4<S>)) -> (f64x4<S>, f64x4<S>) {
    let (apart, squares) = (older.0 - newer.0, older.1 + newer.1);
    (older.0 + newer.0, apart.mul_add_precise(apart, squares + squares))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StandardLines;

    fn bits(level: Level) -> Vec<u64> {
        let prices: Vec<f64> = (0..700_u32).map(|at| 100.0 + f64::from(at * at % 89) / 7.0).collect();
        let columns = [&*prices, &*prices, &*prices, &*prices];
        let (mut lines, chains) = (StandardLines::default(), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map(Chain::new));
        let mut rooms = Rooms::over(&mut lines);
        let ends = dispatch!(level, simd => fill_with(simd, columns, 672, chains, &mut rooms));
        lines.each().into_iter().flatten().map(|value| value.to_bits()).chain(ends.map(f64::to_bits)).collect()
    }

    #[test]
    fn every_processor_says_the_same() {
        let mut levels = vec![Level::baseline()];
        #[cfg(target_arch = "x86_64")]
        levels.extend(Level::new().as_avx2().map(Level::Avx2));
        for level in levels {
            assert!(bits(level) == bits(Level::new()), "{level:?}");
        }
    }
}
