//! What a plan allows of open positions, and where there are none: openings beyond it are refused, with every fault at
//! every place, and every pair of them.

#![allow(clippy::unwrap_used, reason = "a test ends where its own words are wrong")]

use sim::{Seen, alert, exhaustive, s, stories};

stories! {
    exhaustive;

    a_position_beyond_the_plan_is_refused_until_another_one_is_closed => |story| story
        .plan_allows(1)
        .post(s(0), &alert().quote("100"))
        .post(s(5), &alert().quote("100").timeframe("60"))
        .post(s(30), &alert().exit())
        .post(s(90), &alert().quote("100").timeframe("60"))
        .post(s(150), &alert().exit().timeframe("60"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["accepted opened", "refused plan_limit_positions", "accepted closing", "accepted opened"];
            assert_eq!(seen.verdicts(), [&verdicts[..], &["accepted closing"]].concat());
        });

    two_openings_at_once_take_one_place_of_the_plan => |story| story
        .plan_allows(1)
        .post(s(0), &alert().quote("100"))
        .post(s(0), &alert().quote("100").timeframe("60"))
        .post(s(60), &alert().exit())
        .post(s(60), &alert().exit().timeframe("60"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let refused = seen.verdicts().into_iter().filter(|verdict| verdict == "refused plan_limit_positions");
            assert_eq!(refused.count(), 1);
        });

    an_entry_where_there_is_no_adapter_is_refused_for_that_and_an_exit_as_anywhere => |story| story
        .elsewhere("NOWHERE")
        .post(s(0), &alert().exchange("NOWHERE"))
        .post(s(2), &alert().exchange("NOWHERE").exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["refused venue_not_tradable", "rejected unknown_market"]);
        });
}
