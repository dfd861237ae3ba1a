//! Pyramids: entries that are added to a live group, and how they are sold.

use crate::alert::Side;
use crate::money::{Fraction, Percent, Price, Quantity};
use crate::words::words;

/// Whether entries of the same side are added to a live group, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pyramiding {
    /// Additions in all, 1 to [`crate::limits::PYRAMIDS_MAX`]; one that ended without a fill does not count.
    pub max: u32,
    /// How far the planning price must be from what the base order before it has cost.
    pub distance: Percent,
    pub direction: Approach,
    /// The size of the nth addition is the group's, times this, n times; an alert's own size goes before it.
    pub size_factor: Quantity,
    pub close: Closing,
}

/// On which side of the base order before it an addition must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approach {
    /// Where the position has gained.
    Favourable,
    /// Where it has lost.
    Adverse,
    Any,
}

/// How the pyramids of a group are sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Their coins join: the group's take-profit and stop are of everything, by the plan that opened it.
    Together,
    /// Each by its own take-profit and stop, from its own prices; the group ends with the last of them.
    Alone,
}

impl Pyramiding {
    /// Whether an addition may be planned at this price behind a base order that has cost `base` for one base unit.
    pub fn admits(&self, side: Side, base: &Fraction, price: Price) -> bool {
        let price = price.fraction();
        let gained = side.has_gained(&price, &(base.clone() * side.gained(self.distance)));
        let lost = side.has_lost(&price, &(base.clone() * side.lost(self.distance)));
        match self.direction {
            Approach::Favourable => gained,
            Approach::Adverse => lost,
            Approach::Any => gained || lost,
        }
    }

    /// What the size of the nth addition is multiplied by.
    pub fn scale(&self, number: u32) -> Fraction {
        (0..number).fold(Fraction::whole(1), |scale, _| scale * self.size_factor.fraction())
    }
}

words! {
    Closing { Together = "together", Alone = "alone" }
    Approach { Favourable = "favourable", Adverse = "adverse", Any = "any" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(side: Side, direction: Approach, price: &str) -> bool {
        let (distance, size_factor) = ("2".parse().unwrap(), "1.5".parse().unwrap());
        let plan = Pyramiding { max: 3, distance, direction, size_factor, close: Closing::Together };
        plan.admits(side, &Fraction::whole(100), price.parse().unwrap())
    }

    #[test]
    fn an_addition_keeps_its_distance_on_the_side_that_is_asked_for() {
        let told = |price| Approach::ALL.map(|direction| admits(Side::Long, direction, price));
        let short = |price| Approach::ALL.map(|direction| admits(Side::Short, direction, price));
        assert_eq!((short("102"), short("98.01"), short("98")), ([false, true, true], [false; 3], [true, false, true]));
        assert_eq!(told("102"), [true, false, true]);
        assert_eq!(told("101.99"), [false, false, false]);
        assert_eq!(told("98.01"), [false, false, false]);
        assert_eq!(told("98"), [false, true, true]);
    }
}
