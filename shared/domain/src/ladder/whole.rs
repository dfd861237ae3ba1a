//! Whole numbers of any length: quick while they fit 127 bits, and never wrong beyond.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// As many as leave room for one more in an `i128`.
const LEADING_BITS: u64 = 126;
/// Powers of ten, each kept from its first use on: reckoning them anew would take half of the time.
static TENS: [OnceLock<Whole>; 1_024] = [const { OnceLock::new() }; 1_024];

/// What fits is always `Small`, so that equal numbers are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whole {
    Small(i128),
    Large(BigInt),
}

impl Whole {
    pub(super) const ZERO: Self = Self::Small(0);

    pub(super) fn ten_to(power: u32) -> Cow<'static, Self> {
        let reckoned =
            || 10_i128.checked_pow(power).map_or_else(|| Self::Large(BigInt::from(10).pow(power)), Self::Small);
        let kept = usize::try_from(power).ok().and_then(|power| TENS.get(power));
        kept.map_or_else(|| Cow::Owned(reckoned()), |kept| Cow::Borrowed(kept.get_or_init(reckoned)))
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) if let Some(sum) = a.checked_add(*b) => Self::Small(sum),
            _ => Self::of(&*self.large() + &*other.large()),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) if let Some(difference) = a.checked_sub(*b) => Self::Small(difference),
            _ => Self::of(&*self.large() - &*other.large()),
        }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) if let Some(product) = a.checked_mul(*b) => Self::Small(product),
            (Self::Large(a), Self::Small(b)) | (Self::Small(b), Self::Large(a)) => Self::of(a * *b),
            _ => Self::of(&*self.large() * &*other.large()),
        }
    }

    /// The quotient by `divisor` times ten to `tens`, rounded down. The divisor is above zero: whoever divides has seen
    /// to it.
    pub(super) fn floor_over(&self, divisor: &Self, tens: u32) -> Self {
        let ten = Self::ten_to(tens);
        let settled = match (self, divisor, &*ten) {
            (Self::Large(a), Self::Small(b), Self::Large(ten)) => leading(a, *b, ten),
            _ => None,
        };
        settled.map_or_else(|| self.floored(&divisor.times(&ten)), Self::Small)
    }

    /// The same, rounded up.
    pub(super) fn ceil_over(&self, divisor: &Self, tens: u32) -> Self {
        let divisor = divisor.times(&Self::ten_to(tens));
        self.plus(&divisor).minus(&Self::Small(1)).floored(&divisor)
    }

    fn floored(&self, divisor: &Self) -> Self {
        if let (Self::Small(a), Self::Small(b)) = (self, divisor)
            && let Some(floor) = floor(*a, *b)
        {
            return Self::Small(floor);
        }
        let (a, b) = (self.large(), divisor.large());
        leading(&a, 1, &b).map_or_else(|| Self::of(a.div_floor(&b)), Self::Small)
    }

    pub(super) fn signum(&self) -> i8 {
        match self.cmp(&Self::ZERO) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Digits without the sign.
    pub(super) fn digits(&self) -> String {
        match self {
            Self::Small(value) => value.unsigned_abs().to_string(),
            Self::Large(value) => value.abs().to_string(),
        }
    }

    pub(super) fn small(&self) -> Option<i128> {
        match self {
            Self::Small(value) => Some(*value),
            Self::Large(_) => None,
        }
    }

    fn large(&self) -> Cow<'_, BigInt> {
        match self {
            Self::Small(value) => Cow::Owned(BigInt::from(*value)),
            Self::Large(value) => Cow::Borrowed(value),
        }
    }

    pub(super) fn of(value: BigInt) -> Self {
        value.to_i128().map_or(Self::Large(value), Self::Small)
    }
}

/// With one division, and not a second one for the rest: it takes as long as all else of a step.
fn floor(a: i128, b: i128) -> Option<i128> {
    let towards_zero = a.checked_div(b)?;
    let is_above = towards_zero.checked_mul(b)? > a;
    if is_above { towards_zero.checked_sub(1) } else { Some(towards_zero) }
}

/// `a / (b * c)` rounded down, where the leading bits of the long ones settle it: whatever follows them, the quotient lies
/// between two that round down alike.
fn leading(a: &BigInt, b: i128, c: &BigInt) -> Option<i128> {
    let bits_of_b = u64::from(i128::BITS.saturating_sub(b.leading_zeros()));
    let cut = a.bits().max(c.bits().saturating_add(bits_of_b)).saturating_sub(LEADING_BITS);
    let (a, c) = ((a >> cut).to_i128().filter(|a| *a >= 0)?, (c >> cut).to_i128()?);
    let least = a.checked_div(c.checked_add(1)?.checked_mul(b)?)?;
    let most = a.checked_add(1)?.checked_div(c.checked_mul(b)?)?;
    (least == most).then_some(least)
}

impl Ord for Whole {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) => a.cmp(b),
            _ => self.large().cmp(&other.large()),
        }
    }
}

impl PartialOrd for Whole {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> Whole {
        Whole::of(text.parse().unwrap())
    }

    #[test]
    fn a_number_that_fits_is_small_however_it_came_about() {
        let most = Whole::Small(i128::MAX);
        let above = most.plus(&Whole::Small(1));
        assert_eq!(above.digits(), "170141183460469231731687303715884105728");
        assert_eq!(above.minus(&Whole::Small(1)), most);
        assert_eq!(above.times(&above).floor_over(&above, 0), above);
    }

    #[test]
    fn a_quotient_that_the_leading_bits_do_not_settle_is_reckoned_in_full() {
        let (ten, seven) = (Whole::ten_to(80), Whole::Small(7));
        let product = ten.times(&seven);
        let one = Whole::Small(1);
        assert_eq!(product.floor_over(&ten, 0), seven);
        assert_eq!(product.minus(&one).floor_over(&ten, 0), Whole::Small(6));
        assert_eq!(product.ceil_over(&ten, 0), seven);
        assert_eq!(product.plus(&one).ceil_over(&ten, 0), Whole::Small(8));
        assert_eq!(product.floor_over(&seven, 80), one);
        assert_eq!(product.minus(&one).floor_over(&seven, 80), Whole::ZERO);
    }

    proptest! {
        #[test]
        fn quotients_are_those_of_long_division(a in "-?[1-9][0-9]{0,90}", b in "[1-9][0-9]{0,90}", tens in 0_u32..80, near in -1_i128..=1) {
            let (a, b) = (whole(&a), whole(&b));
            let divisor = b.times(&Whole::ten_to(tens));
            for dividend in [a.clone(), a.times(&divisor).plus(&Whole::Small(near))] {
                let long = dividend.large().div_floor(&divisor.large());
                prop_assert_eq!(dividend.floor_over(&b, tens), Whole::of(long));
                let long = dividend.large().div_ceil(&divisor.large());
                prop_assert_eq!(dividend.ceil_over(&b, tens), Whole::of(long));
            }
        }
    }
}
