//! Short stories with every fault at every place, and pairs of them.

use domain::group::GroupStatus;
use domain::notice::Topic;
use sim::{Seen, alert, exhaustive, ms, s, stories};
use testkit::sim::Strike;

stories! {
    exhaustive;

    a_base_order_is_bought_and_sold_with_profit => |story| story
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
            assert_eq!(seen.realised(), ["1.50829"]);
        });

    at_a_venue_that_finds_no_order_by_our_id_nothing_is_sent_twice => |story| story
        .as_coinbase()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));

    at_a_venue_that_takes_what_comes_half_a_minute_late_nothing_is_sent_twice => |story| story
        .as_okx()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));

    at_a_venue_whose_reads_lag_for_ten_seconds_nothing_is_sent_twice => |story| story
        .as_kraken()
        .post(s(0), &alert())
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.exits(), ["stop_loss"]));

    profit_is_taken_in_steps_and_the_last_sells_what_is_left => |story| story
        .post(s(0), &alert().steps("average", &[("1", "33"), ("3", "67")]))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "tp#2 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
            assert_eq!(seen.sold(), "1".parse().unwrap());
        });

    a_step_that_is_sold_leaves_the_rest_to_the_stop => |story| story
        .post(s(0), &alert().steps("base", &[("1", "50"), ("30", "50")]))
        .price(s(7), "102")
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "tp#2 cancelled", "exit filled"]);
            assert_eq!(seen.exits(), ["stop_loss"]);
        });

    after_a_step_the_stop_loses_nothing_any_more => |story| story
        .post(s(0), &alert().steps("average", &[("1", "50"), ("30", "50")]).break_even_after(1))
        .price(s(7), "102")
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "tp#2 cancelled", "exit filled"]);
            assert_eq!(seen.exits(), ["stop_loss"]);
        });

    a_group_is_left_when_its_time_is_over => |story| story
        .post(s(0), &alert().time_limit_minutes(1))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!(seen.exits(), ["time_limit"]);
        });

    a_hybrid_sells_everything_where_the_price_of_all_is_reached => |story| story
        .post(s(0), &alert().hybrid("50", "1.5"))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    a_ladder_falls_and_is_sold_from_its_average => |story| story
        .post(s(0), &alert().ladder(2, "2"))
        .price(s(15), "97")
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.exits(), ["take_profit"]);
            let orders = seen.orders();
            let filled = |word: &str| orders.iter().filter(|order| *order == word).count();
            assert_eq!((filled("entry filled"), filled("leg filled"), filled("leg cancelled")), (1, 1, 1));
            assert_eq!((filled("tp#1 cancelled"), filled("tp#1 filled")), (1, 1), "sized anew for what the leg bought");
        });

    a_close_overtakes_an_unfinished_ladder => |story| story
        .post(s(0), &alert().ladder(5, "1"))
        .post(s(8), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            let orders = seen.orders();
            assert!(orders.contains(&"exit filled".to_owned()), "{orders:?}");
            assert_eq!(orders.iter().filter(|order| *order == "leg cancelled").count(), 2, "no more than two rested: {orders:?}");
        });

    a_fall_is_stopped => |story| story
        .post(s(0), &alert())
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!(seen.exits(), ["stop_loss"]);
            assert_eq!(seen.realised(), ["-6.194"]);
        });

    a_fee_taken_in_base_is_never_sold => |story| story
        .fee_in_base()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
            assert_eq!(seen.sold(), "0.999".parse().unwrap());
        });

    a_fee_in_a_third_asset_is_paid_back_with_what_it_was_worth => |story| story
        .fee_in_third()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
            assert_eq!(seen.sold(), "1".parse().unwrap());
            // 101.68 is 100.075 × 1.015 / 0.999; it was sold for 0.00012433 BNB, which cost 613.37.
            assert_eq!(seen.realised(), ["1.5287397"]);
        });

    an_order_that_is_late_and_slips_is_sold_with_its_profit => |story| story
        .sluggish()
        .post(s(0), &alert())
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));

    an_exit_alert_closes => |story| story
        .post(s(0), &alert())
        .post(s(8), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
        });

    an_exit_closes_what_was_raised_before_it_however_late_that_comes => |story| story
        .post(s(0), &alert().sent_at("2025-10-09T08:53:57Z"))
        .post(s(8), &alert().exit().sent_at("2025-10-09T08:54:05Z"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]));

    an_exit_older_than_its_entry_closes_nothing => |story| story
        .post(s(0), &alert().sent_at("2025-10-09T08:53:50Z"))
        .post(s(8), &alert().exit().sent_at("2025-10-09T08:53:40Z"))
        .ends("the exit is ignored", |seen| seen.verdicts().iter().any(|verdict| verdict.starts_with("ignored")))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "ignored before_entry"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]);
        });

    an_exit_takes_a_resting_entry_back => |story| story
        .post(s(0), &alert().limit("95"))
        .post(s(8), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry cancelled"]);
            assert_eq!(seen.statuses(), [GroupStatus::Failed]);
        });

    an_exit_sells_what_a_limit_entry_has_bought_so_far => |story| story
        .fills_of("0.1")
        .post(s(0), &alert().limit("95"))
        .price(s(3), "94")
        .price(s(13), "97")
        .post(s(16), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.orders()[0], "entry cancelled");
            assert_eq!(seen.statuses(), [GroupStatus::Closed]);
        });

    a_halt_before_the_alert_refuses_it => |story| story
        .halt(s(0))
        .post(s(3), &alert())
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused halted"]));

    a_halt_after_the_decision_holds_the_entry_until_it_expires => |story| story
        .post(s(0), &alert())
        .halt(ms(40))
        .resume(s(70))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["expired expired"]);
            assert_eq!(seen.orders(), ["entry not_placed"]);
        });

    a_halted_deployment_starts_no_entry => |story| story
        .post(s(0), &alert())
        .system_halt(ms(40), s(70))
        .calm(|seen| assert_eq!(seen.verdicts(), ["expired expired"]));

    a_halt_takes_a_resting_entry_back_and_leaves_protection => |story| story
        .post(s(0), &alert())
        .post(s(2), &alert().timeframe("60").limit("95"))
        .halt(s(6))
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 open", "entry cancelled"]);
            assert_eq!(seen.statuses(), [GroupStatus::Live, GroupStatus::Failed]);
        });

    a_halt_that_is_lifted_lets_the_entry_start => |story| story
        .post(s(0), &alert())
        .halt(ms(40))
        .resume(s(20))
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]));

    the_same_alert_with_an_id_is_one_delivery => |story| story
        .post(s(0), &alert().id("a"))
        .post(ms(1), &alert().id("a"))
        .post(s(5), &alert().id("a"))
        .post(s(60), &alert().id("a"))
        .ends("one delivery", |seen| seen.deliveries.len() == 1 && seen.positions.len() <= 1)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened"]));

    a_body_without_a_clock_is_new_again_after_45_seconds => |story| story
        .post(s(0), &alert())
        .post(s(5), &alert())
        .post(s(120), &alert())
        .ends("two deliveries", |seen| seen.deliveries.len() == 2)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "refused already_live"]));

    the_same_id_with_another_body_is_a_conflict => |story| story
        .post(s(0), &alert().id("a"))
        .post(s(3), &alert().id("a").quote("50"))
        .ends("one group at the most", |seen| seen.positions.len() <= 1)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "conflict conflict"]));

    a_reversal_closes_and_opens_nothing => |story| story
        .post(s(0), &alert())
        .post(s(8), &alert().reversal())
        .ends("one group at the most", |seen| seen.positions.len() <= 1)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused contradicts_side"]);
            assert!(seen.is_flat());
        });

    a_second_entry_of_one_market_is_refused => |story| story
        .post(s(0), &alert().id("a"))
        .post(ms(1), &alert().id("b"))
        .post(s(2), &alert().id("c").timeframe("60"))
        .ends("two groups live at the most", |seen| {
            seen.positions.iter().filter(|position| !position.group.is_settled()).count() <= 2
        })
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused already_live", "accepted opened"]);
        });

    an_entry_that_waits_for_a_closing_group_is_decided_anew => |story| story
        .post(s(0), &alert().id("a"))
        .post(s(8), &alert().id("b").exit())
        .post(ms(8_020), &alert().id("c"))
        .ends("settled", |seen| !seen.verdicts().iter().any(|verdict| verdict.starts_with("queued")))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing", "accepted opened"]);
        });

    an_entry_that_waited_is_not_opened_after_a_newer_exit => |story| story
        .post(s(0), &alert().id("a"))
        .post(s(8), &alert().id("b").exit())
        .post(ms(8_020), &alert().id("c"))
        .post(ms(8_030), &alert().id("d").exit())
        .ends("settled", |seen| !seen.verdicts().iter().any(|verdict| verdict.starts_with("queued")))
        .calm(|seen| {
            let decided = ["accepted opened", "accepted closing", "ignored exited_since", "accepted closing"];
            assert_eq!(seen.verdicts(), decided);
            assert!(seen.is_flat());
        });

    what_the_venue_refuses_is_told => |story| story
        .venue_has("50")
        .post(s(0), &alert())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["refused insufficient_balance"]);
            assert_eq!(seen.orders(), ["entry rejected"]);
        });

    a_venue_that_hangs_and_has_the_order_is_asked => |story| story
        .post(s(0), &alert())
        .struck("submit", 1, Strike::LoseReply)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]));

    entry_that_a_venue_hung_upon_and_has_not_ends_and_is_told => |story| story
        .post(s(0), &alert())
        .struck("submit", 1, Strike::Refuse)
        .calm(|seen| {
            assert_eq!((seen.orders(), seen.verdicts()), (vec!["entry not_placed".to_owned()], vec!["expired not_placed".to_owned()]));
            assert!(seen.is_flat() && seen.account.reserved.values().all(|held| held.get().is_zero()), "{:?}", seen.account);
            assert_eq!(seen.told(), [Topic::EntryNotPlaced]);
        });

    entry_that_a_venue_hung_upon_is_entered_again_where_its_alert_says_so => |story| story
        .post(s(0), &alert().retries_unproven())
        .struck("submit", 1, Strike::Refuse)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry not_placed", "entry filled", "tp#1 open"]);
            assert_eq!(seen.told(), []);
        });

    entry_that_expired_unproven_is_entered_again_by_a_new_alert => |story| story
        .post(s(0), &alert().id("a"))
        .struck("submit", 1, Strike::Refuse)
        .post(s(40), &alert().id("b"))
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry not_placed", "entry filled", "tp#1 open"]);
            assert_eq!(seen.verdicts(), ["expired not_placed", "accepted opened"]);
        });

    an_order_that_arrives_late_and_shows_late_is_not_sent_again => |story| story
        .late_passes()
        .post(ms(5_400), &alert())
        .struck("submit", 1, Strike::Late)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 open"]));

    a_request_that_arrives_too_late_is_refused_by_the_venue => |story| story
        .post(s(0), &alert())
        .struck("submit", 1, Strike::TooLate)
        .calm(|seen| assert_eq!(seen.orders()[0], "entry not_placed"));

    an_executor_that_dies_before_its_request_leaves_sends_no_second_one => |story| story
        .post(s(0), &alert())
        .struck("submit", 1, Strike::Crash)
        .calm(|seen| assert_eq!(seen.orders()[0], "entry not_placed"));

    what_is_refused_as_dust_is_sold_with_what_comes_back => |story| story
        .fills_of("0.1")
        .post(s(0), &alert().quote("13"))
        .struck("submit", 2, Strike::TooLate)
        .post(s(15), &alert().exit())
        .ends("flat, or the exit came first", flat_or_exit_came_first)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 not_placed", "exit rejected", "exit filled"]);
            assert_eq!(seen.sold(), "0.13".parse().unwrap());
        });

    a_lost_doorbell_is_rung_by_another => |story| story
        .post(s(0), &alert())
        .struck("ring", 1, Strike::Refuse)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened"]));
}

/// A fault may have held the entry up until TradingView had sent the exit: then there was nothing to close.
fn flat_or_exit_came_first(seen: &Seen) -> bool {
    seen.is_flat() || seen.verdicts().iter().any(|verdict| verdict.starts_with("ignored"))
}
