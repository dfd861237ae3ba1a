//! Bots: what a strategy says to closed candles becomes orders once, wherever the run that hears them ends.
#![allow(clippy::unwrap_used, reason = "assertions")]

use domain::clock::Millis;
use domain::group::Position;
use domain::order::{Purpose, Status};
use sim::Says::{Enter, Fail, Hold, Leave};
use sim::{Scenario, Seen, Trades, alert, calm, exhaustive, s, scenario, single_faults, stories};
use std::collections::BTreeSet;

stories! {
    exhaustive;

    a_bot_enters_and_leaves_by_its_candles_and_says_each_once => |story| story
        .runs_bot()
        .candle(1, Hold)
        .candle(2, Enter)
        .candle(3, Hold)
        .candle(4, Leave)
        .ends("both signals", |seen| seen.log == ["started", "signal 2", "signal 4"])
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
            assert_eq!((seen.positions.len(), seen.exits()), (1, vec!["signal"]));
            assert_eq!((seen.runs[0].candles, seen.runs[0].signals), (4, 2));
        });

    a_bot_trades_by_rules_that_somebody_has_written => |story| story
        .runs_bot_by(Trades::Rules(RULES))
        .candle(1, Enter)
        .candle(2, Enter)
        .candle(3, Hold)
        .candle(4, Leave)
        .ends("both signals", |seen| seen.log == ["started", "signal 2", "signal 4"])
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
            assert_eq!((seen.positions.len(), seen.exits()), (1, vec!["signal"]));
            let word = seen.runs[0].last.as_ref().unwrap();
            assert_eq!(word.said.reason, "volume is at least 3, with volume 3");
        });

    a_bot_with_a_ladder_buys_as_the_price_falls_and_sells_all_of_it_together => |story| story
        .runs_bot_by(LADDER)
        .candle(1, Hold)
        .kept_candle(closed(2), 2, Enter)
        .told_candle(closed(2), 2)
        .told_candle(closed(2).plus(s(1)), 2)
        .price(closed(2).plus(s(25)), "95")
        .climbs_from(closed(4))
        .ends("one signal", |seen| seen.log == ["started", "signal 2"] && seen.deliveries.len() == 1)
        .ends("one position, with its ladder", |seen| {
            seen.positions.len() == 1 && seen.positions[0].group.plan.legs() == 2
        })
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            // 1 % of 10,000 at 100, and as much 2 % and 4 % below what that has cost.
            assert_eq!(bought(seen), ["0: 1 filled", "1: 1.01947 filled", "2: 1.04069 filled"]);
            assert_eq!((seen.verdicts(), seen.exits()), (vec!["accepted opened".to_owned()], vec!["take_profit"]));
        });

    candles_that_are_told_twice_at_once_and_out_of_order_are_decided_on_once_in_their_order => |story| story
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .kept_candle(closed(3), 3, Leave)
        .told_candle(closed(3), 3)
        .told_candle(closed(3), 2)
        .told_candle(closed(3), 3)
        .told_candle(closed(3).plus(s(1)), 2)
        .ends("each once; the entry not, where its exit was known", |seen| {
            ["late 2", "signal 2"].iter().any(|entry| seen.log == ["started", *entry, "signal 3"])
        })
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.deliveries.len(), 1));

    a_bot_that_is_stopped_while_a_candle_is_told_says_it_or_not_and_nothing_after => |story| story
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .told_candle(closed(2), 2)
        .stops_bot(closed(2))
        .candle(3, Enter)
        .climbs_from(closed(4))
        .ends("stopped", |seen| seen.runs[0].ended.is_some() && seen.log.last().unwrap() == "stopped")
        .ends("nothing of the later candle", |seen| !seen.log.iter().any(|line| line.ends_with(" 3")))
        .ends("flat", Seen::is_flat);

    a_bot_whose_entries_are_stopped_closes_what_it_has_opened_and_enters_nothing => |story| story
        .runs_bot()
        .candle(2, Enter)
        .stops_entries(closed(2).plus(s(20)))
        .candle(3, Enter)
        .candle(4, Leave)
        .candle(5, Enter)
        .stops_entries(closed(6))
        .ends("nothing later is entered", |seen| !seen.log.iter().any(|line| ["signal 3", "signal 5"].contains(&&**line)))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.log, ["started", "signal 2", "close_only", "signal 4", "stopped"]);
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
        });

    a_bot_whose_entries_are_stopped_while_a_candle_is_told_opens_or_not_and_closes_what_it_has_opened => |story| story
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .told_candle(closed(2), 2)
        .stops_entries(closed(2))
        .candle(4, Leave)
        .candle(5, Enter)
        .ends("it enters nothing more", |seen| !seen.runs[0].may_enter() && !seen.log.contains(&"signal 5".to_owned()))
        .ends("flat", Seen::is_flat);

    by_a_strategy_that_is_off_nothing_is_entered_and_what_is_open_is_left => |story| story
        .runs_bot()
        .candle(1, Hold)
        .candle(2, Enter)
        .switches_strategy(closed(2).plus(s(20)), false)
        .candle(3, Leave)
        .candle(4, Enter)
        .switches_strategy(closed(4).plus(s(20)), true)
        .candle(5, Enter)
        .candle(6, Leave)
        // An entry that is heard behind its exit is late.
        .ends("each is heard, and exits are raised", |seen| {
            let heard = seen.log.iter().map(|line| line.rsplit(' ').next());
            heard.eq(["started", "2", "3", "4", "5", "6"].map(Some))
                && ["signal 3", "signal 6"].iter().all(|exit| seen.log.iter().any(|line| line == exit))
        })
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let (opened, closed, off) = ("accepted opened", "accepted closing", "refused strategy_off");
            assert_eq!(seen.verdicts(), [opened, closed, off, opened, closed]);
        });

    a_strategy_that_is_switched_off_while_a_candle_is_told_is_entered_by_or_not => |story| story
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .told_candle(closed(2), 2)
        .switches_strategy(closed(2), false)
        .climbs_from(closed(4))
        .ends("one verdict", |seen| {
            ["accepted opened", "refused strategy_off"].iter().any(|verdict| seen.verdicts() == [*verdict])
        });
}

/// They say what a candle's volume says: of the first that they hear nothing, since one must be before it.
const RULES: &str = r#"{
    "entry": {"all": [{"left": "volume", "op": ">=", "right": 2}, {"left": "volume", "op": "<", "right": 3}]},
    "exit": {"left": "volume", "op": ">=", "right": 3}
}"#;

const LADDER: Trades =
    Trades::Ladder("dca_ladder", &[("safety_orders", "2"), ("deviation", "2"), ("volume_scale", "1"), ("budget", "3")]);

fn has_bought(position: &Position) -> bool {
    position.orders.iter().any(|order| order.purpose == Purpose::Entry && order.status == Status::Filled)
}

/// What each entry asked for, and what became of it.
fn bought(seen: &Seen) -> Vec<String> {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let mut entries: Vec<_> = orders.filter(|order| order.purpose == Purpose::Entry).collect();
    entries.sort_by_key(|order| order.leg);
    entries.into_iter().map(|order| format!("{}: {} {}", order.leg, order.quantity, order.status.as_str())).collect()
}

fn closed(number: u32) -> Millis {
    Scenario::after_close(number).plus(s(2))
}

/// An exit does not expire: what nothing is open for is told as such.
#[test]
fn an_entry_that_is_heard_too_late_is_not_raised_and_an_exit_is() {
    let story = scenario("late")
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .told_candle(Scenario::after_close(2).plus(s(301)), 2)
        .kept_candle(closed(8), 8, Leave)
        .told_candle(Scenario::after_close(8).plus(s(400)), 8);
    let seen = calm(&story);
    assert_eq!(seen.log, ["started", "late 2", "signal 8"]);
    assert_eq!(seen.verdicts(), ["ignored nothing_open"]);
    let in_time = scenario("in time")
        .runs_bot()
        .kept_candle(closed(2), 2, Enter)
        .told_candle(Scenario::after_close(2).plus(s(299)), 2);
    assert_eq!(calm(&in_time).log, ["started", "signal 2"]);
}

/// It is heard, so that what follows is reckoned with it, and not followed.
#[test]
fn a_candle_that_comes_behind_a_later_one_is_not_followed() {
    let story = scenario("behind").runs_bot().candle(3, Hold).kept_candle(closed(3).plus(s(5)), 2, Enter);
    let seen = calm(&story.told_candle(closed(3).plus(s(6)), 2).candle(4, Hold));
    assert_eq!((seen.log, seen.deliveries.len(), seen.runs[0].candles), (vec!["started".to_owned()], 0, 2));
}

/// What closed before its start is not its own.
#[test]
fn a_bot_follows_no_candle_that_closed_before_it_was_started() {
    let story =
        scenario("before").kept_candle(s(4), 0, Enter).runs_bot_at(s(30)).told_candle(s(40), 0).candle(1, Enter);
    assert_eq!(calm(&story.climbs_from(closed(2))).log, ["started", "signal 1"]);
}

/// What is kept and could not be told to the queue is told by the minute.
#[test]
fn a_signal_that_no_queue_takes_is_told_by_the_minute() {
    let story = scenario("untold").runs_bot().candle(2, Enter).outage(
        "send_signal",
        Scenario::after_close(2).plus(s(1)),
        closed(2).plus(s(3)),
    );
    let seen = calm(&story.climbs_from(closed(5)).ends("flat", Seen::is_flat));
    assert_eq!(
        (seen.log.clone(), seen.verdicts()),
        (vec!["started".to_owned(), "signal 2".to_owned()], vec!["accepted opened".to_owned()])
    );
}

/// What waited while somebody stopped the bot opens nothing, and what it has opened is closed all the same.
#[test]
fn an_entry_that_waits_is_not_opened_once_its_bot_is_stopped_and_an_exit_is_done() {
    let waits = |story: Scenario, number: u32| {
        let closed = closed(number);
        let story = story.outage("send_signal", Scenario::after_close(number).plus(s(1)), closed.plus(s(8)));
        story.stops_bot(closed.plus(s(3)))
    };
    let entry = waits(scenario("entry").runs_bot().candle(2, Enter), 2);
    let seen = calm(&entry.climbs_from(closed(5)));
    assert_eq!(seen.log, ["started", "signal 2", "stopped"]);
    assert_eq!((seen.verdicts(), seen.positions.len()), (vec!["refused run_stopped".to_owned()], 0));
    let exit = waits(scenario("exit").runs_bot().candle(2, Enter).candle(4, Leave), 4);
    let seen = calm(&exit.climbs_from(closed(7)).ends("flat", Seen::is_flat));
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
}

/// The same run enters again: what it said to an older candle is not news.
#[test]
fn what_a_bot_said_before_it_was_stopped_and_started_again_is_not_entered() {
    let story = scenario("again").runs_bot().candle(2, Enter).candle(3, Leave).candle(4, Enter);
    // What is sold waits as well: a run whose position is closed would end with the word that stops its entries.
    let story = story.outage("ring", Scenario::after_close(3).plus(s(1)), closed(4).plus(s(8)));
    let story = story.outage("send_signal", closed(4).plus(s(-5)), closed(4).plus(s(10)));
    let story = story.stops_entries(closed(4).plus(s(3))).starts_again(closed(4).plus(s(7)));
    let seen = calm(&story.climbs_from(closed(8)).ends("flat", Seen::is_flat));
    assert_eq!(seen.log, ["started", "signal 2", "signal 3", "signal 4", "close_only", "started"]);
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing", "refused run_stopped"]);
}

/// An exit that waits for longer is asked for at longer intervals: the entry behind it comes first, and finds one live.
#[test]
fn an_entry_that_overtakes_the_exit_before_it_opens_nothing_and_the_exit_is_done() {
    let story = scenario("overtakes").runs_bot().candle(2, Enter).candle(3, Leave).candle(4, Enter);
    let story = story.outage("send_signal", Scenario::after_close(3).plus(s(1)), closed(4).plus(s(10)));
    let seen = calm(&story.climbs_from(closed(8)).ends("flat", Seen::is_flat));
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing", "refused already_live"]);
}

/// Whichever of the calls between its candle and its commit the word falls behind.
#[test]
fn no_entry_is_opened_behind_the_word_that_stops_its_bot_or_its_strategy() {
    let words: [fn(Scenario, Millis) -> Scenario; 3] =
        [Scenario::stops_bot, Scenario::stops_entries, |story, at| story.switches_strategy(at, false)];
    let mut verdicts = BTreeSet::new();
    for (word, after) in words.iter().flat_map(|word| (0..40).map(move |after| (word, Millis::new(after)))) {
        let story = scenario("behind").runs_bot().kept_candle(closed(2), 2, Enter).told_candle(closed(2), 2);
        verdicts.extend(calm(&word(story, closed(2).plus(after)).climbs_from(closed(4))).verdicts());
    }
    let expected = ["accepted opened", "refused run_stopped", "refused strategy_off"];
    assert_eq!(verdicts, expected.map(str::to_owned).into());
}

/// What may have been stopped in the time that was lost opens nothing, and closes what is open.
#[test]
fn a_bot_that_was_started_before_a_restored_table_was_recovered_enters_nothing() {
    let story = scenario("restored").runs_bot().candle(1, Hold).restored(closed(1).plus(s(20)), closed(2).plus(s(20)));
    // Long behind the recovery: its executor has nothing against alerts of that time.
    let seen = calm(&story.candle(8, Enter).candle(9, Leave));
    assert_eq!(seen.verdicts(), ["refused before_recovery", "ignored nothing_open"]);
    assert!(seen.positions.is_empty(), "{:?}", seen.positions);
    let open = scenario("open").runs_bot().candle(1, Enter).restored(closed(1).plus(s(20)), closed(2).plus(s(20)));
    let seen = calm(&open.candle(4, Leave).ends("flat", Seen::is_flat));
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]);
}

/// Its user is told once, and its exits are not raised by a strategy that is no more.
#[test]
fn a_run_that_cannot_decide_says_so_once_and_goes_on_when_it_can() {
    let seen = calm(&scenario("fails").runs_bot().candle(2, Fail).candle(3, Enter).candle(4, Hold));
    assert_eq!(seen.log, ["started", "failed"]);
    let run = &seen.runs[0];
    assert_eq!((run.candles, run.signals, run.failing.is_some(), run.ended.is_none()), (0, 0, true, true));
}

/// Each line is sold by itself, and what was sold is not bought again: the entry that comes meanwhile finds one live.
#[test]
fn a_bot_with_a_grid_sells_each_line_by_itself_with_every_fault_at_every_place() {
    let grid = Trades::Ladder("GRID", &[("lines", "2"), ("spacing", "2"), ("profit", "1"), ("budget", "3")]);
    let story = scenario("grid")
        .runs_bot_by(grid)
        .candle(2, Enter)
        .price(closed(2).plus(s(25)), "95")
        .candle(3, Enter)
        .climbs_from(closed(4))
        .ends("both signals", |seen| seen.log == ["started", "signal 2", "signal 3"])
        // An entry that is carried out too late, or behind a price that has moved, buys nothing.
        .ends("one at the most has bought", |seen| {
            seen.positions.iter().filter(|position| has_bought(position)).count() <= 1
        })
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused already_live"]);
            assert_eq!(seen.modes(), ["per_leg tp filled"]);
            assert_eq!(seen.orders().iter().filter(|order| *order == "tp#1 filled").count(), 3);
        });
    single_faults(&story);
}

/// Of the preset beneath counts what a ladder says nothing of; its stop would have sold all of it on the way down.
#[test]
fn a_ladder_of_a_strategy_is_not_mixed_with_that_of_the_preset_beneath() {
    const PRESET: &str = r#"{"total": {"quote": "400", "weights": [1, 3]}, "safety_orders": {"custom": [{"deviation_percent": 50}]},
        "stop_loss_percent": 1, "stop_loss_trailing": true, "cooldown_minutes": 60}"#;
    let story = scenario("beneath").keeps(s(0), "default", PRESET).runs_bot_by(LADDER).candle(2, Enter);
    let story = story.price(closed(2).plus(s(25)), "95").climbs_from(closed(4)).candle(7, Enter);
    let seen = calm(&story.ends("flat", Seen::is_flat));
    assert_eq!(bought(&seen), ["0: 1 filled", "1: 1.01947 filled", "2: 1.04069 filled"]);
    assert_eq!(seen.positions[0].group.plan.stop_loss, None);
    assert_eq!((seen.exits(), seen.verdicts()[1].as_str()), (vec!["take_profit"], "refused cooldown"));
}

/// A candle is corrected once it was decided on, and what the bot had entered by then is another's: its exit is of that candle's time.
#[test]
fn an_exit_that_is_found_late_closes_nothing_that_was_opened_since() {
    let chart = || alert().timeframe("1");
    let story = scenario("found late")
        .runs_bot()
        .candle(2, Enter)
        .candle(3, Hold)
        .candle(4, Hold)
        .post(closed(4).plus(s(10)), &chart().exit().id("out"))
        .post(closed(4).plus(s(30)), &chart().id("in again"))
        .kept_candle(closed(4).plus(s(40)), 4, Leave)
        .candle(5, Hold);
    let seen = calm(&story);
    assert_eq!(seen.log, ["started", "signal 2", "signal 5"]);
    assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing", "accepted opened", "ignored before_entry"]);
}
