//! Where lines are put.

use crate::standard::StandardLines;

/// Of each line of [`StandardLines`] the place where its next value goes. What stands there already is written over; where a line ends it grows.
pub(crate) struct Rooms<'a>([Room<'a>; 11]);

struct Room<'a> {
    line: &'a mut Vec<f64>,
    at: usize,
}

impl<'a> Rooms<'a> {
    /// Over what is there.
    pub(crate) fn over(lines: &'a mut StandardLines) -> Self {
        Self(lines.each().map(|line| Room { line, at: 0 }))
    }

    /// Behind it.
    pub(crate) fn behind(lines: &'a mut StandardLines) -> Self {
        Self(lines.each().map(|line| Room { at: line.len(), line }))
    }

    /// Of so many bars.
    pub(crate) fn next(&mut self, bars: usize) -> [&mut [f64]; 11] {
        self.0.each_mut().map(|room| {
            let from = room.at;
            room.at += bars;
            if room.line.len() < room.at {
                room.line.resize(room.at, 0.0);
            }
            room.line.get_mut(from..room.at).unwrap_or_default()
        })
    }

    /// The next value of each.
    pub(crate) fn push(&mut self, values: [Option<f64>; 11]) {
        for (room, value) in self.next(1).into_iter().zip(values) {
            room.fill(value.unwrap_or(f64::NAN));
        }
    }
}
