//! The table is lost and restored to an older moment while the venue went on: with every fault at every place.
//!
//! Memory's wire watches that nothing leaves before a person has confirmed, and that no id is sent twice.

use sim::{alert, ms, s, single_faults, stories};

stories! {
    single_faults;

    an_entry_that_was_only_planned_is_found_where_it_was_sent => |story| story
        .post(s(0), &alert())
        .restored(ms(40), s(30))
        .calm(|seen| {
            assert_eq!(seen.difference(), ["entry planned -> filled", "tp#1 - -> open"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]);
        });

    an_entry_that_rested_is_found_filled => |story| story
        .post(s(0), &alert().limit("95"))
        .price(s(10), "94")
        .restored(s(3), s(30))
        .calm(|seen| {
            assert_eq!(seen.difference(), ["entry open -> filled", "tp#1 - -> open"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]);
        });

    a_take_profit_that_no_row_tells_of_is_found_filled => |story| story
        .post(s(0), &alert().limit("95"))
        .price(s(10), "94")
        .price(s(30), "98")
        .restored(s(3), s(50))
        .calm(|seen| {
            assert!(seen.is_flat());
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    an_exit_that_no_row_tells_of_is_found_and_not_sold_again => |story| story
        .post(s(0), &alert())
        .post(s(8), &alert().exit())
        .restored(s(5), s(30))
        .calm(|seen| {
            assert_eq!(seen.difference(), ["tp#1 open -> cancelled", "exit - -> filled"]);
            assert_eq!(seen.exits(), ["recovered"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
        });

    what_is_closed_before_the_recovery_is_sold_once => |story| story
        .post(s(0), &alert())
        .restored(s(5), s(30))
        .close(s(32))
        .calm(|seen| {
            assert_eq!(seen.difference(), Vec::<String>::new());
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
        });

    an_order_of_a_forgotten_group_is_shown_and_left_alone => |story| story
        .restored(s(0), s(30))
        .post(s(1), &alert())
        .calm(|seen| {
            assert!(seen.positions.is_empty());
            assert_eq!(seen.difference(), ["buy filled", "sell open"]);
        });

    an_alert_that_is_decided_twice_is_sent_once => |story| story
        .post(s(0), &alert().max_lag_seconds(3_600))
        .restored(ms(8), s(30))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["refused before_recovery"]);
            assert_eq!(seen.difference(), ["buy filled", "sell open"]);
        });
}
