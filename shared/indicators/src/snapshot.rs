//! What an indicator holds, taken out as plain numbers and put back.
//!
//! Numbers and not a format: whoever stores them has one of their own, and whole numbers and `f64` go into each.

use std::error::Error;
use std::fmt;

/// The most numbers of a snapshot.
pub const SNAPSHOT_NUMBERS_MAX: usize = 1_000_000;
/// The largest number that an indicator holds: sums of products of two [`crate::VALUE_MAX`] over many bars.
const NUMBER_MAX: f64 = 1e220;

/// What an indicator holds: its name, and its whole and other numbers in the order of its fields, its parameters among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    name: String,
    counts: Vec<i64>,
    numbers: Vec<f64>,
}

/// Why an indicator cannot go on from a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadSnapshot {
    /// There are more than [`SNAPSHOT_NUMBERS_MAX`] numbers, or the one at this place is not finite or too large.
    Number(usize),
    /// It was taken of this indicator, not of the one that should go on.
    Name(String),
    /// It was taken of one with other parameters, or of none.
    Misfit,
}

impl Snapshot {
    /// One that was kept somewhere: what [`Self::name`], [`Self::counts`] and [`Self::numbers`] said.
    ///
    /// # Errors
    /// Too many numbers, or one that no indicator holds.
    pub fn new(name: impl Into<String>, counts: Vec<i64>, numbers: Vec<f64>) -> Result<Self, BadSnapshot> {
        if numbers.len().max(counts.len()) > SNAPSHOT_NUMBERS_MAX {
            return Err(BadSnapshot::Number(SNAPSHOT_NUMBERS_MAX));
        }
        match numbers.iter().position(|number| number.is_nan() || number.abs() > NUMBER_MAX) {
            Some(at) => Err(BadSnapshot::Number(at)),
            None => Ok(Self { name: name.into(), counts, numbers }),
        }
    }

    /// Of which indicator it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whole numbers: periods, places, yes and no.
    #[must_use]
    pub fn counts(&self) -> &[i64] {
        &self.counts
    }

    /// Prices, volumes and what is made of them.
    #[must_use]
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    pub(crate) fn of(name: &str, held: &impl Held) -> Self {
        let mut kept = Self { name: name.to_owned(), counts: Vec::new(), numbers: Vec::new() };
        held.put(&mut kept);
        kept
    }

    /// Puts the numbers into an indicator of the same parameters.
    pub(crate) fn put_into<T: Held>(&self, name: &str, mut held: T) -> Result<T, BadSnapshot> {
        if self.name != name {
            return Err(BadSnapshot::Name(self.name.clone()));
        }
        let mut left = Left { counts: &self.counts, numbers: &self.numbers };
        let fits = held.take(&mut left).is_some() && left.counts.is_empty() && left.numbers.is_empty();
        if fits { Ok(held) } else { Err(BadSnapshot::Misfit) }
    }
}

impl fmt::Display for BadSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(at) => write!(f, "number {at} is one that no indicator holds"),
            Self::Name(name) => write!(f, "it was taken of another indicator, {name}"),
            Self::Misfit => f.write_str("it was taken of an indicator with other parameters, or of none"),
        }
    }
}

impl Error for BadSnapshot {}

/// What was not taken yet.
#[derive(Debug)]
pub(crate) struct Left<'a> {
    counts: &'a [i64],
    numbers: &'a [f64],
}

/// What can be written as numbers and read back. It is read into one of the same parameters, which knows how much there is, and says None
/// where that does not fit.
pub(crate) trait Held {
    fn put(&self, into: &mut Snapshot);
    fn take(&mut self, from: &mut Left<'_>) -> Option<()>;
}

/// A parameter: written, and compared.
pub(crate) trait Fixed: Held + Clone + PartialEq {
    fn is_same(&self, from: &mut Left<'_>) -> Option<()> {
        let mut other = self.clone();
        other.take(from)?;
        (other == *self).then_some(())
    }
}

impl Fixed for u32 {}
impl Fixed for f64 {}

impl Held for f64 {
    fn put(&self, into: &mut Snapshot) {
        into.numbers.push(*self);
    }

    fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
        (*self, from.numbers) = from.numbers.split_first().map(|(first, rest)| (*first, rest))?;
        Some(())
    }
}

impl Held for i64 {
    fn put(&self, into: &mut Snapshot) {
        into.counts.push(*self);
    }

    fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
        (*self, from.counts) = from.counts.split_first().map(|(first, rest)| (*first, rest))?;
        Some(())
    }
}

/// Whole numbers of other kinds are written as `i64`.
macro_rules! held_as_whole {
    ($($kind:ty),*) => {$(
        impl Held for $kind {
            fn put(&self, into: &mut Snapshot) {
                into.counts.push(i64::try_from(*self).unwrap_or(i64::MAX));
            }

            fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
                let mut whole = 0_i64;
                whole.take(from)?;
                *self = Self::try_from(whole).ok()?;
                Some(())
            }
        }
    )*};
}

held_as_whole!(u32, usize);

impl Held for bool {
    fn put(&self, into: &mut Snapshot) {
        u32::from(*self).put(into);
    }

    fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
        let mut whole = 0_u32;
        whole.take(from)?;
        *self = whole == 1;
        (whole <= 1).then_some(())
    }
}

impl<T: Held + Default> Held for Option<T> {
    fn put(&self, into: &mut Snapshot) {
        self.is_some().put(into);
        if let Some(held) = self {
            held.put(into);
        }
    }

    fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
        let mut is_some = false;
        is_some.take(from)?;
        *self = is_some.then(T::default);
        self.as_mut().map_or(Some(()), |held| held.take(from))
    }
}

/// As many as there are.
impl<T: Held> Held for Vec<T> {
    fn put(&self, into: &mut Snapshot) {
        self.iter().for_each(|held| held.put(into));
    }

    fn take(&mut self, from: &mut Left<'_>) -> Option<()> {
        self.iter_mut().try_for_each(|held| held.take(from))
    }
}

/// Writes and reads all fields, the fixed ones first; `where` says what must hold of what was read.
macro_rules! held {
    ($kind:ident $(<$of:ident: $bound:path>)?, [$($fixed:ident),*], [$($field:ident),*] $(, where |$it:ident| $holds:expr)?) => {
        impl $(<$of: $bound>)? $crate::snapshot::Held for $kind $(<$of>)? {
            fn put(&self, into: &mut $crate::Snapshot) {
                $($crate::snapshot::Held::put(&self.$fixed, into);)*
                $($crate::snapshot::Held::put(&self.$field, into);)*
            }

            fn take(&mut self, from: &mut $crate::snapshot::Left<'_>) -> Option<()> {
                $($crate::snapshot::Fixed::is_same(&self.$fixed, from)?;)*
                $($crate::snapshot::Held::take(&mut self.$field, from)?;)*
                $(let $it = &*self; let holds: bool = $holds; holds.then_some(())?;)?
                Some(())
            }
        }
    };
}

/// As [`held!`], of an indicator: it is taken out and put back by its name.
macro_rules! snapshots {
    ($name:literal, $kind:ident, $($held:tt)*) => {
        $crate::snapshot::held!($kind, $($held)*);

        impl $kind {
            /// What it holds, to go on from later.
            #[must_use]
            pub fn snapshot(&self) -> $crate::Snapshot {
                $crate::Snapshot::of($name, self)
            }

            /// It goes on from where the snapshot was taken; it must have the same parameters.
            ///
            /// # Errors
            /// A snapshot of another indicator, of other parameters, or that was never taken of one.
            pub fn restored(self, snapshot: &$crate::Snapshot) -> Result<Self, $crate::BadSnapshot> {
                snapshot.put_into($name, self)
            }
        }
    };
}

pub(crate) use {held, snapshots};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rsi, Sma};

    fn taken() -> Snapshot {
        let mut sma = Sma::new(3).unwrap();
        for value in [1.0, 2.0, 3.0, 4.0] {
            sma.update(value);
        }
        sma.snapshot()
    }

    #[test]
    fn it_goes_on_from_where_it_was_taken() {
        let taken = taken();
        let kept = Snapshot::new(taken.name(), taken.counts().to_vec(), taken.numbers().to_vec()).unwrap();
        let mut restored = Sma::new(3).unwrap().restored(&kept).unwrap();
        assert_eq!(restored.update(8.0), Some(5.0));
    }

    #[test]
    fn what_was_not_taken_of_it_is_refused() {
        let taken = taken();
        let check = |sma: Sma, counts: &[i64], numbers: &[f64]| {
            let kept = Snapshot::new(taken.name(), counts.to_vec(), numbers.to_vec()).unwrap();
            assert_eq!(sma.restored(&kept), Err(BadSnapshot::Misfit), "{counts:?} {numbers:?}");
        };
        let (counts, numbers) = (taken.counts(), taken.numbers());
        check(Sma::new(4).unwrap(), counts, numbers);
        check(Sma::new(3).unwrap(), &[1, 2], numbers);
        check(Sma::new(3).unwrap(), &[3, 1], numbers);
        check(Sma::new(3).unwrap(), &[-1, 1], numbers);
        check(Sma::new(3).unwrap(), &[1], numbers);
        check(Sma::new(3).unwrap(), counts, &numbers[1..]);
        check(Sma::new(3).unwrap(), counts, &[numbers, &[0.0]].concat());
        assert_eq!(Rsi::new(3).unwrap().restored(&taken), Err(BadSnapshot::Name("sma".to_owned())));
    }

    #[test]
    fn a_number_that_no_indicator_holds_is_none() {
        let check =
            |number: f64| assert_eq!(Snapshot::new("sma", vec![], vec![0.0, number]), Err(BadSnapshot::Number(1)));
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e221].into_iter().for_each(check);
        let all = vec![0.0; SNAPSHOT_NUMBERS_MAX + 1];
        assert_eq!(Snapshot::new("sma", vec![], all), Err(BadSnapshot::Number(SNAPSHOT_NUMBERS_MAX)));
    }
}
