//! Stops that rest at the venue, alone and beside a limit, with every fault at every place.

use domain::order::Purpose;
use sim::{Seen, alert, exhaustive, ms, s, single_faults, stories};
use testkit::sim::Strike;

/// Of a base order at 100 with a fee of 0.1 %, 5 % below: 95.09. Passes look at seconds 3, 13, 23 and so on.
fn stopped_at_the_venue(seen: &Seen, orders: &[&str]) {
    assert_eq!((seen.orders(), seen.exits()), (orders.iter().map(ToString::to_string).collect(), vec!["stop_loss"]));
    assert_eq!(seen.followed(), ["venue stop_loss"]);
}

stories! {
    exhaustive;

    a_stop_sells_between_two_looks => |story| story
        .stops()
        .post(s(0), &alert().stop("5"))
        .price(s(14), "94")
        .price(s(16), "100")
        .falls_from(s(70))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            stopped_at_the_venue(seen, &["entry filled", "tp#1 filled"]);
            // Sold at 94, with fees of 0.1 and 0.094.
            assert_eq!(seen.realised(), ["-6.194"]);
        });

    the_limit_of_a_pair_sells_and_the_stop_is_over => |story| story
        .stops()
        .post(s(0), &alert().stop("5"))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!((seen.orders(), seen.exits()), (vec!["entry filled".into(), "tp#1 filled".into()], vec!["take_profit"]));
        });

    the_reply_to_a_pair_is_lost_and_its_stop_sells_before_anybody_asks => |story| story
        .stops()
        .struck("submit_oco", 1, Strike::LoseReply)
        .post(s(0), &alert().stop("5"))
        .price(s(4), "94")
        .price(s(6), "100")
        .falls_from(s(70))
        .ends("flat", Seen::is_flat)
        .calm(|seen| stopped_at_the_venue(seen, &["entry filled", "tp#1 filled"]));

    a_user_closes_while_the_stop_is_set_off => |story| story
        .stops()
        .post(s(0), &alert().stop("5"))
        .close(s(14))
        .price(ms(14_003), "94")
        .price(ms(14_900), "100")
        .falls_from(s(130))
        .ends("flat", Seen::is_flat);

    where_stops_are_kept_alone_one_rests_beside_no_limit_and_sells_between_two_looks => |story| story
        .stops_alone()
        .post(s(0), &alert().steps("average", &[("1.5", "100")]).trailing("1").stop("5"))
        .price(s(14), "94")
        .price(s(16), "100")
        .falls_from(s(70))
        .ends("flat", Seen::is_flat)
        .calm(|seen| stopped_at_the_venue(seen, &["entry filled", "tp#1 filled"]));

    a_stop_waits_alone_where_the_step_trails => |story| story
        .stops()
        .post(s(0), &alert().steps("average", &[("1.5", "100")]).trailing("1").stop("5"))
        .price(s(14), "94")
        .price(s(16), "100")
        .falls_from(s(70))
        .ends("flat", Seen::is_flat)
        .calm(|seen| stopped_at_the_venue(seen, &["entry filled", "tp#1 filled"]));
}

/// What the exits of the only position were of, in their order.
fn exits_of(seen: &Seen) -> Vec<String> {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let mut exits: Vec<_> = orders.filter(|order| order.purpose == Purpose::Exit).collect();
    exits.sort_by_key(|order| order.epoch);
    exits.iter().map(|order| order.quantity.to_string()).collect()
}

mod larger_than_one_order {
    use super::*;

    stories! {
        exhaustive;

        a_position_that_is_stopped_out_is_sold_in_several => |story| story
            .at_market_most("0.6")
            .post(s(0), &alert().limit("100").stop("5"))
            .price(s(2), "100")
            .price(s(14), "94")
            .falls_from(s(16))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled", "exit filled"]);
                assert_eq!((seen.exits(), exits_of(seen)), (vec!["stop_loss"], vec!["0.5".into(), "0.5".into()]));
            });
    }
}

mod larger_than_one_limit {
    use super::*;

    stories! {
        single_faults;

        an_exit_sells_in_as_many_orders_as_it_takes => |story| story
            .at_market_most("0.3")
            .post(s(0), &alert().limit("100"))
            .price(s(2), "100")
            .post(s(14), &alert().exit())
            .falls_from(s(70))
            .ends("flat", Seen::is_flat)
            .calm(|seen| assert_eq!((seen.exits(), exits_of(seen)), (vec!["signal"], vec!["0.25".to_owned(); 4])));

        take_profits_rest_in_portions_one_after_another => |story| story
            .at_most("1.5")
            .stops()
            .fills_of("0.7")
            .post(s(0), &alert().ladder(1, "2").steps("average", &[("1.5", "100")]).stop("9"))
            .price(s(6), "98")
            .climbs_from(s(44))
            .ends("flat", Seen::is_flat);

        an_entry_is_refused => |story| story
            .at_market_most("0.9")
            .post(s(0), &alert())
            .ends("refused", |seen| seen.verdicts() == ["refused above_quantity_max"]);
    }
}

mod long {
    use super::*;

    stories! {
        single_faults;

        a_stop_that_moves_to_break_even_is_placed_anew => |story| story
            .stops()
            .post(s(0), &alert().steps("average", &[("1", "40"), ("20", "60")]).break_even_after(1))
            .price(s(8), "102")
            .price(s(44), "100.1")
            .price(s(46), "102")
            .falls_from(s(110))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                let orders = ["entry filled", "tp#1 filled", "tp#2 cancelled", "tp#2 filled"];
                stopped_at_the_venue(seen, &orders);
            });

        where_stops_are_kept_alone_a_limit_rests_without_one => |story| story
            .stops_alone()
            .post(s(0), &alert().stop("5"))
            .price(s(14), "94")
            .price(s(16), "100")
            .falls_from(s(70))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
                assert!(seen.positions[0].orders.iter().all(|order| order.stop.is_none()));
            });

        a_limit_that_is_partly_filled_has_no_stop_and_the_rest_is_stopped_by_polling => |story| story
            .stops()
            .fills_of("0.5")
            .post(s(0), &alert().stop("5"))
            .price(s(1), "100")
            .price(s(26), "102")
            .price(s(28), "100")
            .price(s(34), "94")
            .price(s(36), "100")
            .falls_from(s(70))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.exits(), ["stop_loss"]);
                assert_eq!(seen.orders().last().unwrap(), "exit filled");
                assert!(seen.positions[0].orders.iter().all(|order| !order.triggered));
            });

        a_trailing_take_profit_cancels_its_stop_and_sells_behind_its_peak => |story| story
            .stops()
            .post(s(0), &alert().steps("average", &[("1.5", "100")]).trailing("1").stop("5"))
            .waves()
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
                assert_eq!(seen.exits(), ["take_profit"]);
            });

        a_pair_that_the_price_has_overtaken_is_refused_and_its_limit_sells => |story| story
            .stops()
            .post(s(0), &alert().limit("95").stop("5"))
            .price(s(14), "94.5")
            .price(s(16), "104")
            .price(s(134), "94.5")
            .price(s(136), "104")
            .climbs_from(s(190))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.orders(), ["entry filled", "tp#1 rejected", "tp#1 filled"]);
                assert_eq!((seen.exits(), seen.positions[0].group.attention.as_ref()), (vec!["take_profit"], None));
            });

        a_stop_from_the_average_follows_the_legs => |story| story
            .stops()
            .post(s(0), &alert().ladder(2, "2").stop_from_average("6"))
            .price(s(10), "97.9")
            .price(s(44), "93")
            .price(s(46), "97")
            .falls_from(s(110))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                let sells = seen.positions[0].orders.iter().filter(|order| order.stop.is_some());
                let mut stops: Vec<_> = sells.map(|order| (order.stop.unwrap().to_string(), order.triggered)).collect();
                stops.sort();
                assert_eq!(stops, [("93.48".to_owned(), true), ("94.09".to_owned(), false)]);
                assert_eq!(seen.exits(), ["stop_loss"]);
            });

        of_coins_sold_by_hand_the_stop_sells_the_rest => |story| story
            .stops()
            .post(s(0), &alert().stop("5"))
            .leaves(s(8), "0.4")
            .price(s(134), "94")
            .price(s(136), "100")
            .falls_from(s(190))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.account.drift.strays, [], "both halves of a pair are known");
                assert_eq!((seen.missing(), seen.sold()), (vec!["0.6".into()], "0.4".parse().unwrap()));
                assert!(seen.positions[0].orders.iter().any(|order| order.triggered));
            });

        exits_that_a_user_changes_move_the_stop => |story| story
            .stops()
            .post(s(0), &alert().stop("5"))
            .changes_exits(s(14), r#"{"stop_loss_percent": 2, "reason": "closer"}"#)
            .price(s(44), "97")
            .price(s(46), "100")
            .falls_from(s(110))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                stopped_at_the_venue(seen, &["entry filled", "tp#1 cancelled", "tp#1 filled"]);
                assert_eq!(seen.realised(), ["-3.197"]);
            });

        a_pair_that_a_restored_table_has_lost_is_regained => |story| story
            .stops()
            .post(s(0), &alert().stop("5"))
            .restored(ms(100), s(8))
            .price(s(24), "94")
            .price(s(26), "100")
            .falls_from(s(110))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.difference(), ["entry submitting -> filled", "tp#1 - -> filled"]);
                stopped_at_the_venue(seen, &["entry filled", "tp#1 filled"]);
            });

        a_stop_that_may_not_rest_is_kept_by_polling => |story| story
            .stops()
            .post(s(0), &alert().stop("5").by_polling())
            .price(s(14), "94")
            .price(s(16), "100")
            .falls_from(s(70))
            .ends("flat", Seen::is_flat)
            .calm(|seen| {
                assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
                assert!(seen.positions[0].orders.iter().all(|order| order.stop.is_none()));
            });
    }
}
