//! Perpetual contracts, short and long, with every fault at every place.

use domain::alert::Side;
use sim::{Seen, alert, exhaustive, ms, s, single_faults, stories};

stories! {
    exhaustive;

    a_short_is_bought_back_with_profit => |story| story
        .contracts(Side::Short, 4)
        .post(s(0), &alert())
        .price(s(14), "97")
        .price(s(130), "92")
        .price(s(250), "87")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!((seen.orders(), seen.exits()), (vec!["entry filled".into(), "tp#1 filled".into()], vec!["take_profit"]));
        });

    a_short_whose_stop_rests_at_the_venue_is_bought_back_with_loss => |story| story
        .contracts(Side::Short, 2)
        .stops()
        .post(s(0), &alert().stop("5"))
        .price(s(14), "106")
        .price(s(16), "100")
        .price(s(130), "112")
        .price(s(250), "124")
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!((seen.followed(), seen.exits()), (vec!["venue stop_loss"], vec!["stop_loss"])));

    an_exit_ends_a_long_of_contracts => |story| story
        .contracts(Side::Long, 2)
        .post(s(0), &alert())
        .post(s(20), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.exits(), ["signal"]));
}

stories! {
    single_faults;

    contracts_of_one_market_are_one_position_whatever_the_timeframe => |story| story
        .contracts(Side::Long, 1)
        .post(s(0), &alert().timeframe("60").id("first"))
        .post(s(10), &alert().timeframe("240").id("second"))
        .post(s(20), &alert().timeframe("60").exit().id("out"))
        .ends("flat", Seen::is_flat)
        .ends("one of them was opened", |seen| seen.verdicts().contains(&"refused market_taken".to_owned()));

    what_its_venue_has_closed_is_lost_with_its_margin => |story| story
        .contracts(Side::Long, 10)
        .post(s(0), &alert())
        .liquidated(s(14), "80")
        .post(s(90), &alert().exit())
        .ends("flat, or the exit came first", |seen| {
            seen.is_flat() || seen.verdicts().iter().any(|verdict| verdict.starts_with("ignored"))
        })
        .calm(|seen| {
            assert_eq!(seen.missing(), ["1"]);
            // 1 at 100 with a fee of 0.1 %, by a tenth of its worth.
            assert_eq!(seen.account.day_loss.amount, "10.01".parse().unwrap());
        });

    what_its_owner_holds_on_the_other_side_is_not_closed_by_an_entry => |story| story
        .contracts(Side::Long, 2)
        .holds(s(0), Side::Short, "1")
        .post(s(20), &alert())
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused position_not_ours"]));

    what_its_owner_holds_on_the_same_side_lends_nothing_to_an_entry => |story| story
        .contracts(Side::Short, 2)
        .holds(s(0), Side::Short, "0.5")
        .post(s(20), &alert())
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused position_not_ours"]));

    nothing_is_set_at_a_venue_for_an_entry_that_may_not_start => |story| story
        .contracts(Side::Short, 2)
        .post(s(0), &alert())
        .halt(ms(40))
        .resume(s(70))
        .calm(|seen| assert_eq!(seen.verdicts(), ["expired expired"]));

    a_short_sells_more_above_and_is_left => |story| story
        .contracts(Side::Short, 2)
        .post(s(0), &alert().ladder(2, "1"))
        .price(s(14), "101.5")
        .post(s(40), &alert().exit())
        .ends("flat", Seen::is_flat);
}
