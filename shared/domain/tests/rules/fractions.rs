//! Fractions, held against `num-rational`'s own operators.

use domain::money::{Decimal, Fraction};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn ratio(value: Decimal) -> BigRational {
    BigRational::new(value.mantissa().into(), BigInt::from(10).pow(value.scale()))
}

proptest! {
    #[test]
    fn a_fraction_and_its_steps_are_what_their_whole_numbers_say(
        over in -1_000_000_000_i64..=1_000_000_000, over_scale in 0_u32..=6, under in -1_000_000_i64..=1_000_000,
        under_scale in 0_u32..=4, step in 1_i64..=1_000_000, step_scale in 0_u32..=6,
    ) {
        let [over, under, step] = [(over, over_scale), (under, under_scale), (step, step_scale)]
            .map(|(mantissa, scale)| Decimal::new(mantissa, scale));
        let product = (Fraction::from(over) * Fraction::from(under), ratio(over) * ratio(under));
        let quotient = Fraction::from(over).over(&Fraction::from(under));
        prop_assert_eq!(quotient.is_none(), under.is_zero());
        let quotient = quotient.map(|quotient| (quotient, ratio(over) / ratio(under)));
        for (ours, theirs) in std::iter::once(product).chain(quotient) {
            let steps = theirs / ratio(step);
            prop_assert_eq!(ratio(ours.floor_to(step).unwrap()), steps.floor() * ratio(step));
            prop_assert_eq!(ratio(ours.ceil_to(step).unwrap()), steps.ceil() * ratio(step));
        }
    }
}
