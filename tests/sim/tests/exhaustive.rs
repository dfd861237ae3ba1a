//! Short stories with every fault at every place, and every pair of them.

use sim::{Scenario, Seen, alert, exhaustive, s, scenario};

macro_rules! stories {
    ($($name:ident => $story:expr;)+) => {
        $(
            #[test]
            fn $name() {
                let story: fn(Scenario) -> Scenario = $story;
                exhaustive(&story(scenario(stringify!($name))));
            }
        )+
    };
}

stories! {
    a_base_order_is_bought_and_sold_with_profit => |story| story
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });
}
