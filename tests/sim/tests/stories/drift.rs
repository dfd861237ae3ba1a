//! Coins that somebody else takes, orders of nobody, orders that only their user can end, markets that are listed no more,
//! and orders that their venue forgets: with every fault at every place, and every pair of them.

use domain::money::{Amount, Quantity};
use sim::{Seen, alert, exhaustive, ms, s, scenario, stories};
use testkit::sim::Strike;
use testkit::world::UNNAMED;

stories! {
    exhaustive;

    of_coins_sold_by_hand_only_the_rest_is_sold => |story| story
        .post(s(0), &alert())
        .leaves(s(8), "0.4")
        .post(s(70), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.missing(), ["0.6"]);
            assert_eq!(seen.sold(), "0.4".parse().unwrap());
            assert_eq!(seen.orders().last().unwrap(), "exit filled");
        });

    of_coins_that_are_all_gone_nothing_is_sold => |story| story
        .post(s(0), &alert())
        .leaves(s(8), "0")
        .post(s(70), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.missing(), ["1"]);
            assert_eq!(seen.sold(), Quantity::ZERO);
        });

    what_was_closed_by_hand_is_written_off_on_its_users_word => |story| story
        .post(s(0), &alert())
        .leaves(s(8), "0.4")
        .reconciles(s(70))
        .calm(|seen| {
            assert!(seen.is_flat());
            assert_eq!((seen.missing(), seen.exits()), (vec!["0.6".to_owned()], vec!["user"]));
            assert_eq!(seen.sold(), "0.4".parse().unwrap());
            assert!(seen.account.reserved.values().all(|held| *held == Amount::ZERO), "{:?}", seen.account.reserved);
            assert_eq!((seen.account.exposure, seen.account.open_groups), (Amount::ZERO, 0));
            let why = "closed by its user over 0.6 BTC missing at the venue: sold by hand";
            assert!(seen.trail().contains(&why), "{:?}", seen.trail());
        });

    coins_that_are_missing_are_marked_and_close_nothing => |story| story
        .post(s(0), &alert())
        .leaves(s(8), "0")
        .ends("no exit", |seen| seen.exits().iter().all(|exit| *exit == "-"))
        .calm(|seen| {
            assert_eq!(seen.marked(), ["1"]);
            let shortage = seen.account.drift.shortages.values().next().unwrap();
            assert_eq!((shortage.missing, shortage.there), ("1".parse().unwrap(), Quantity::ZERO));
        });

    coins_that_come_back_are_sold_with_profit => |story| story
        .post(s(0), &alert())
        .leaves(s(8), "0.4")
        .brings(s(60), "0.6")
        .price(s(120), "103")
        .price(s(180), "106")
        .price(s(240), "109")
        .price(s(300), "112")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.missing(), ["0"]);
            assert_eq!(seen.sold(), "1".parse().unwrap());
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    a_short_absence_is_not_believed => |story| story
        .post(s(0), &alert())
        .leaves(ms(7_900), "0")
        .brings(ms(8_500), "1")
        .ends("no mark", |seen| seen.positions.iter().all(|position| position.group.drift.is_none()));

    the_oldest_group_has_what_is_there => |story| story
        .post(s(0), &alert())
        .post(s(2), &alert().timeframe("60"))
        .leaves(s(12), "1.3")
        .calm(|seen| assert_eq!(seen.marked(), ["0", "0.7"]));

    nothing_is_bought_while_coins_are_missing => |story| story
        .post(s(0), &alert())
        .post(s(2), &alert().timeframe("60").limit("95"))
        .leaves(s(8), "0.4")
        .post(s(70), &alert().timeframe("240"))
        .price(s(80), "95")
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted opened", "refused drift"]);
            assert!(seen.orders().contains(&"entry cancelled".to_owned()), "{:?}", seen.orders());
            assert_eq!(seen.positions.len(), 2, "the third alert opens nothing");
        });

    an_order_of_nobody_is_listed_and_left_alone => |story| story
        .post(s(0), &alert())
        .stray(s(5))
        .ends("it is listed", |seen| seen.is_flat() || seen.account.drift.strays.iter().any(|stray| stray.confirmed))
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]));

    an_order_whose_end_was_not_heard_and_is_forgotten_is_over => |story| story
        .forgetful(s(0))
        .post(s(0), &alert())
        .post(s(40), &alert().exit())
        .struck("cancel", 1, Strike::LoseReply)
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!((seen.exits(), seen.sold()), (vec!["signal"], "1".parse().unwrap()));
            let told = seen.trail().iter().filter(|why| why.contains("the venue knows ord_")).count();
            assert_eq!(told, 1, "{:?}", seen.trail());
        });

    an_order_that_is_cancelled_by_hand_and_forgotten_is_placed_anew => |story| story
        .forgetful(s(0))
        .post(s(0), &alert())
        .cancels_sells(s(100))
        .ends("it rests, or was never bought", |seen| seen.is_flat() || seen.orders().ends_with(&["tp#1 open".to_owned()]))
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#1 open"]));

    what_is_open_in_a_market_that_is_listed_no_more_is_closed_and_nothing_is_opened_there => |story| story
        .post(s(0), &alert())
        .delists(s(20))
        .post(s(30), &alert().timeframe("60"))
        .post(s(40), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "rejected unknown_market", "accepted closing"]);
            assert_eq!((seen.exits(), seen.sold()), (vec!["signal"], "1".parse().unwrap()));
        });

    a_stop_is_watched_where_its_market_is_listed_no_more => |story| story
        .post(s(0), &alert())
        .delists(s(20))
        .price(s(40), "80")
        .ends("flat, or never opened", |seen| seen.is_flat())
        .calm(|seen| assert_eq!(seen.exits(), ["stop_loss"]));

    an_order_that_nobody_can_be_asked_about_stays => |story| story
        .post(s(0), &alert())
        .outage("find_order", s(20), s(80))
        .ends("it rests, or was never placed", |seen| seen.orders().iter().all(|order| order != "tp#1 cancelled"))
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]));

    an_order_that_nothing_bounds_waits_for_its_user => |story| story
        .unbounded()
        .post(s(0), &alert())
        .struck("submit", 1, Strike::Refuse)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry not_placed"]);
            assert_eq!(seen.verdicts(), ["refused resolved"]);
        });
}

/// A fault may have held the entry up until TradingView had sent the exit: then there was nothing to close.
fn flat_or_exit_came_first(seen: &Seen) -> bool {
    seen.is_flat() || seen.verdicts().iter().any(|verdict| verdict.starts_with("ignored"))
}

/// Its venue does not document that what it leaves out is nothing: what is held there is sold whole.
#[test]
fn an_asset_that_its_venue_does_not_name_is_not_marked_missing() {
    let story = scenario("unnamed").as_kucoin().outage(UNNAMED, s(20), s(300)).post(s(0), &alert());
    let seen = sim::calm(&story.post(s(150), &alert().exit()).ends("flat", Seen::is_flat));
    assert_eq!((seen.missing(), seen.sold()), (vec!["0".to_owned()], "1".parse().unwrap()));
}
