//! Braille: eight dots to a cell, two across and four down.
//!
//! A terminal's library draws these too, but brings twenty crates for this one page.

use std::collections::BTreeMap;

pub(super) const ACROSS: u32 = 2;
pub(super) const DOWN: u32 = 4;
const EMPTY: u32 = 0x2800;

/// Cells that have a dot, by column and row.
#[derive(Debug, Default)]
pub(super) struct Dots(BTreeMap<(u32, u32), u32>);

impl Dots {
    /// From one dot to another, without a gap.
    pub(super) fn line(&mut self, from: (u32, u32), to: (u32, u32)) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        for step in 0..=steps {
            self.dot(between(from.0, to.0, step, steps), between(from.1, to.1, step, steps));
        }
    }

    fn dot(&mut self, x: u32, y: u32) {
        let bit = match (x % ACROSS, y % DOWN) {
            (0, 3) => 6,
            (_, 3) => 7,
            (0, row) => row,
            (_, row) => row + 3,
        };
        *self.0.entry((x / ACROSS, y / DOWN)).or_default() |= 1 << bit;
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (u32, u32, char)> {
        self.0.iter().filter_map(|((x, y), bits)| Some((*x, *y, char::from_u32(EMPTY | bits)?)))
    }
}

/// The nearest whole number on the way.
fn between(from: u32, to: u32, step: u32, steps: u32) -> u32 {
    let (near, far) = (u64::from(from), u64::from(to));
    let (step, steps) = (u64::from(step), u64::from(steps));
    let sum = near * (steps - step) + far * step + steps / 2;
    u32::try_from(sum / steps).unwrap_or(from)
}
