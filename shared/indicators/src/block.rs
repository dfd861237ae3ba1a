//! How whole slices are gone through: so many bars at a time that all that is made of them on the way stays near the processor.

/// Bars at a time.
pub(crate) const BLOCK: usize = 256;

/// As many of the scratch as the block has bars.
#[inline]
pub(crate) fn first<T>(scratch: &mut [T], bars: usize) -> &mut [T] {
    scratch.get_mut(..bars).unwrap_or_default()
}

/// From where on a line is there: it begins with NaN, and has none afterwards.
#[inline]
pub(crate) fn begins(line: &[f64]) -> usize {
    match line.last() {
        Some(last) if !last.is_nan() => line.iter().position(|value| !value.is_nan()).unwrap_or(line.len()),
        _ => line.len(),
    }
}

/// One line of all values, a block at a time.
pub(crate) fn line(values: &[f64], mut fill: impl FnMut(&[f64], &mut [f64])) -> Vec<f64> {
    let mut line = vec![0.0; values.len()];
    for (block, out) in values.chunks(BLOCK).zip(line.chunks_mut(BLOCK)) {
        fill(block, out);
    }
    line
}

/// A block of each line.
pub(crate) type Outs<'a, const N: usize> = [&'a mut [f64]; N];

/// Several lines of all values, a block at a time.
pub(crate) fn lines<T, const N: usize>(
    length: usize,
    blocks: impl Iterator<Item = T>,
    mut fill: impl FnMut(T, Outs<'_, N>),
) -> [Vec<f64>; N] {
    let mut lines = [(); N].map(|()| vec![0.0; length]);
    let mut rests = lines.each_mut().map(Vec::as_mut_slice);
    for block in blocks {
        fill(block, rests.each_mut().map(next));
    }
    lines
}

/// The next block of a line, which is left with the rest.
fn next<'a>(rest: &mut &'a mut [f64]) -> &'a mut [f64] {
    let bars = BLOCK.min(rest.len());
    let (out, later) = std::mem::take(rest).split_at_mut(bars);
    *rest = later;
    out
}
