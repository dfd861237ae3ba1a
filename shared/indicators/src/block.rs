//! How whole slices are gone through: so many bars at a time that all that is made of them on the way stays near the processor.

/// Bars at a time.
pub(crate) const BLOCK: usize = 256;
/// How many values windows may reach back beyond a block.
pub(crate) const BEHIND: usize = 64;

/// Room for what is made of a block on the way, kept from block to block.
pub(crate) type Scratch = [[f64; BLOCK + BEHIND]; 6];

pub(crate) fn scratch() -> Scratch {
    [[0.0; BLOCK + BEHIND]; 6]
}

/// As many of the scratch as the block has bars.
#[inline]
pub(crate) fn first<T>(scratch: &mut [T], bars: usize) -> &mut [T] {
    scratch.get_mut(..bars).unwrap_or_default()
}

/// A column from a place on.
#[inline(always)]
pub(crate) fn behind(column: &[f64], from: usize) -> &[f64] {
    column.get(from..).unwrap_or_default()
}

/// A block of each line.
pub(crate) type Outs<'a, const N: usize> = [&'a mut [f64]; N];

/// Several lines of all bars, a block at a time.
pub(crate) fn lines<T, const N: usize>(
    length: usize,
    blocks: impl Iterator<Item = T>,
    mut fill: impl FnMut(T, Outs<'_, N>, &mut Scratch),
) -> [Vec<f64>; N] {
    let (mut lines, mut scratch) = ([(); N].map(|()| vec![0.0; length]), scratch());
    let mut rests = lines.each_mut().map(Vec::as_mut_slice);
    for block in blocks {
        fill(block, rests.each_mut().map(next), &mut scratch);
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
