//! Each exchange's ways, with every fault at every place: nothing twice and nothing lost.

use sim::{Seen, alert, s, single_faults, stories};
use testkit::sim::Strike;

stories! {
    single_faults;

    at_kucoin_what_an_answer_does_not_tell_is_looked_for => |story| story
        .as_kucoin()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));

    at_bitget_coins_are_bought_with_a_limit_and_sold_at_the_market => |story| story
        .as_bitget()
        .post(s(0), &alert().limit("100"))
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.exits(), ["stop_loss"]));

    at_bitget_what_would_be_bought_at_the_market_is_refused_with_its_reason => |story| story
        .as_bitget()
        .post(s(0), &alert())
        .calm(|seen| assert_eq!(seen.refusals(), ["entry refused refused_by_venue"]));

    what_comes_late_where_nothing_bounds_it_is_not_bought_again => |story| story
        .unbounded()
        .post(s(0), &alert())
        .struck("submit", 1, Strike::TooLate)
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));
}
