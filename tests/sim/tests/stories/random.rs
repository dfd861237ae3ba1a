//! Four thousand seeded runs, in parts that run side by side.

use sim::random;

const RUNS: u64 = 1_000;

macro_rules! parts {
    ($($name:ident: $part:literal,)+) => {
        $(
            #[test]
            fn $name() {
                random(RUNS * $part..RUNS * ($part + 1));
            }
        )+
    };
}

parts! {
    random_1: 0,
    random_2: 1,
    random_3: 2,
    random_4: 3,
}
