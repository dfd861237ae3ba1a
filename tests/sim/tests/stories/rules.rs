//! Risk rules on the money path: no counted bound is passed by two entries together, a loss is counted when it is made, and no exit
//! is held up; with faults at every place.
#![allow(clippy::unwrap_used, reason = "a test ends where its own words are wrong")]

use domain::clock::{Millis, Timestamp};
use domain::group::Group;
use domain::risk::Action::{Notify, Pause, Reduce, Refuse};
use domain::risk::BoundKind;
use sim::{Seen, alert, exhaustive, s, single_faults, stories};

fn count(seen: &Seen, verdict: &str) -> usize {
    seen.verdicts().into_iter().filter(|one| one == verdict).count()
}

/// For how long any two positions were open at once, at most.
fn longest_together(seen: &Seen) -> Millis {
    let end = |group: &Group| group.settled.map_or(Timestamp::from_millis(i64::MAX), |settled| settled.at);
    let spans: Vec<_> = seen.positions.iter().map(|one| (one.group.opened_at, end(&one.group))).collect();
    let pairs =
        spans.iter().enumerate().flat_map(|(index, one)| spans.iter().take(index).map(move |other| (one, other)));
    pairs.map(|(one, other)| one.1.min(other.1).since(one.0.max(other.0))).max().unwrap_or_default()
}

stories! {
    exhaustive;

    two_entries_at_two_accounts_take_one_place_of_a_rule_over_both => |story| story
        .routed(true)
        .ruled(&[(BoundKind::OpenPositions, "1", Refuse)])
        .post(s(0), &alert().quote("100").account("default"))
        .post(s(0), &alert().quote("100").account("other"))
        .post(s(60), &alert().exit().account("default"))
        .post(s(60), &alert().exit().account("other"))
        .ends("flat", Seen::is_flat)
        .ends("never both at once", |seen| longest_together(seen) < s(10))
        .calm(|seen| {
            assert_eq!((count(seen, "accepted opened"), count(seen, "refused open_groups_max")), (1, 1));
        });
}

stories! {
    single_faults;

    exposure_of_two_accounts_is_added_up => |story| story
        .routed(true)
        .ruled(&[(BoundKind::Exposure, "150", Refuse)])
        .post(s(0), &alert().quote("100").account("default"))
        .post(s(0), &alert().quote("100").account("other"))
        .post(s(60), &alert().exit().account("default"))
        .post(s(60), &alert().exit().account("other"))
        .ends("flat", Seen::is_flat)
        .ends("never both at once", |seen| longest_together(seen) < s(10))
        .calm(|seen| assert_eq!(count(seen, "refused exposure_max"), 1));

    a_losing_close_pauses_entries_and_no_exit => |story| story
        .ruled(&[(BoundKind::LosingCloses, "1", Refuse)])
        .post(s(0), &alert().quote("100"))
        .post(s(1), &alert().quote("100").timeframe("60"))
        .price(s(30), "97")
        .post(s(35), &alert().exit())
        .post(s(50), &alert().quote("100"))
        .post(s(56), &alert().exit().timeframe("60"))
        .post(s(85), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["accepted opened", "accepted opened", "accepted closing", "refused losing_closes_max"];
            assert_eq!(seen.verdicts(), [&verdicts[..], &["accepted closing", "ignored nothing_open"]].concat());
        });

    a_loss_counts_on_its_day_for_all_accounts => |story| story
        .routed(true)
        .ruled(&[(BoundKind::DayLoss, "5", Refuse)])
        .post(s(0), &alert().quote("100").account("default"))
        .price(s(30), "90")
        .post(s(35), &alert().exit().account("default"))
        .post(s(90), &alert().quote("100").account("other"))
        .post(s(200), &alert().exit().account("other"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(count(seen, "refused day_loss_max"), 1));

    open_losses_count_before_they_are_realised_and_after => |story| story
        .ruled(&[(BoundKind::DayLossPercent, "0.02", Refuse), (BoundKind::Drawdown, "50", Refuse)])
        .post(s(0), &alert().quote("100"))
        .price(s(15), "97")
        .post(s(40), &alert().quote("100").timeframe("60"))
        .post(s(45), &alert().exit())
        .post(s(49), &alert().quote("100").timeframe("240"))
        .post(s(55), &alert().exit().without_timeframe())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["accepted opened", "refused day_loss_max", "accepted closing", "refused day_loss_max"];
            assert_eq!(seen.verdicts(), [&verdicts[..], &["ignored nothing_open"]].concat());
        });

    entries_of_an_hour_are_counted_once_each => |story| story
        .ruled(&[(BoundKind::EntriesPerHour, "2", Refuse)])
        .post(s(0), &alert().quote("100"))
        .post(s(5), &alert().quote("100").timeframe("60"))
        .post(s(10), &alert().quote("100").timeframe("240"))
        .post(s(60), &alert().exit().without_timeframe())
        .ends("flat", Seen::is_flat)
        .ends("never all", |seen| count(seen, "accepted opened") <= 2)
        .calm(|seen| assert_eq!(count(seen, "refused entries_per_hour_max"), 1));

    an_entry_shrinks_to_what_passes => |story| story
        .ruled(&[(BoundKind::OrderSize, "40", Reduce), (BoundKind::EntriesPerHour, "0", Notify)])
        .post(s(0), &alert().quote("100"))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(count(seen, "accepted opened"), 1);
            let told = seen.told().into_iter().filter(|topic| *topic == domain::notice::Topic::RiskRule).count();
            assert_eq!(told, 1);
            assert!(seen.sold() <= "0.4".parse().unwrap() && seen.sold() > "0.39".parse().unwrap(), "{}", seen.sold());
        });

    a_rule_that_pauses_stops_what_starts_until_a_person_resumes => |story| story
        .ruled(&[(BoundKind::LosingCloses, "1", Pause)])
        .post(s(0), &alert().quote("100"))
        .price(s(30), "97")
        .post(s(35), &alert().exit())
        .post(s(90), &alert().quote("100"))
        .resume(s(120))
        .post(s(150), &alert().quote("100").timeframe("60"))
        .post(s(220), &alert().exit().without_timeframe())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["accepted opened", "accepted closing", "refused losing_closes_max", "refused entries_reducing"];
            assert_eq!(seen.verdicts(), [&verdicts[..], &["ignored nothing_open"]].concat(), "no program's key resumes it");
        });

    a_rule_that_refuses_a_routed_alert_pauses_each_account => |story| story
        .routed(true)
        .ruled(&[(BoundKind::EntriesPerHour, "0", Pause)])
        .post(s(0), &alert().quote("100").route("best"))
        .post(s(70), &alert().quote("100").account("other"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["refused entries_per_hour_max", "refused entries_reducing"]);
        });

    nothing_starts_while_an_account_is_reducing_and_what_rests_stays => |story| story
        .post(s(0), &alert().wide_ladder(2, "2", 1))
        .reduce(s(20))
        .price(s(30), "97.9")
        .post(s(40), &alert().quote("100").timeframe("60"))
        .price(s(45), "95.9")
        .resume(s(115))
        .post(s(125), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused entries_reducing", "accepted closing"]);
            // The leg that rested was filled; the one behind it came due and did not start, which ends the ladder.
            let filled: Vec<_> = seen.orders().into_iter().filter(|order| order.ends_with("filled")).collect();
            assert_eq!(filled, ["entry filled", "leg filled", "exit filled"]);
        });

    a_leg_of_a_position_without_a_mode_is_paused_as_its_account_is => |story| story
        .ruled(&[(BoundKind::OpenPositions, "0", Notify)])
        .post(s(0), &alert().wide_ladder(2, "2", 1))
        .forgets_modes(s(20))
        .pauses_market(s(21))
        .price(s(30), "97.9")
        .price(s(45), "95.9")
        .post(s(125), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let filled: Vec<_> = seen.orders().into_iter().filter(|order| order.ends_with("filled")).collect();
            assert_eq!(filled, ["entry filled", "leg filled", "exit filled"], "the leg behind did not start");
        });

    everything_is_sold_once_wherever_a_flatten_is_cut_off => |story| story
        .ruled(&[(BoundKind::OpenPositions, "0", Notify)])
        .post(s(0), &alert().wide_ladder(2, "2", 1))
        .post(s(1), &alert().quote("100").timeframe("60"))
        .flatten(s(20))
        .post(s(30), &alert().quote("100").timeframe("240"))
        .ends("flat", Seen::is_flat)
        .ends("never a third", |seen| count(seen, "accepted opened") <= 2)
        .calm(|seen| {
            let exits: Vec<_> = seen.orders().into_iter().filter(|order| order == "exit filled").collect();
            assert_eq!((exits.len(), count(seen, "refused halted")), (2, 1), "{:?}", seen.orders());
        });

    what_is_left_of_a_shrunk_entry_may_be_too_little => |story| story
        .ruled(&[(BoundKind::OrderSize, "4", Reduce)])
        .post(s(0), &alert().quote("100"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused order_quote_max"]));
}
