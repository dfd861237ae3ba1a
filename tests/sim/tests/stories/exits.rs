//! Exits that follow the price, wait, or ask for more, with every fault at every place.

use domain::clock::Millis;
use domain::group::Position;
use domain::order::Purpose;
use sim::{Scenario, Seen, alert, ms, s, scenario, single_faults, stories};

stories! {
    single_faults;

    a_take_profit_follows_the_price_and_sells_behind_its_peak => |story| story
        .post(s(0), &alert().steps("average", &[("1.5", "100")]).trailing("1"))
        .waves()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "exit filled"]);
            assert_eq!((seen.exits(), seen.followed()), (vec!["take_profit"], vec!["trailing take_profit"]));
            // Bought at 100, sold at 102.9, each with a fee of 0.1 %.
            assert_eq!(seen.realised(), ["2.6971"]);
        });

    steps_before_the_one_that_trails_rest_at_the_venue => |story| story
        .post(s(0), &alert().steps("average", &[("1", "40"), ("2", "60")]).trailing("1"))
        .waves()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "exit filled"]);
            assert_eq!((seen.exits(), seen.sold()), (vec!["take_profit"], "1".parse().unwrap()));
        });

    a_take_profit_that_trails_leaves_the_rest_to_the_stop_before_it_is_armed => |story| story
        .post(s(0), &alert().steps("average", &[("1", "40"), ("30", "60")]).trailing("1"))
        .price(s(7), "102")
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled", "exit filled"]);
            assert_eq!((seen.exits(), seen.followed()), (vec!["stop_loss"], vec![]));
        });

    a_leg_that_fills_after_arming_is_sold_with_the_rest => |story| story
        .post(s(0), &alert().ladder(1, "2").steps("average", &[("1.5", "100")]).trailing("3.8"))
        .price(s(10), "101.8")
        .price(s(30), "98")
        .price(s(50), "97")
        .climbs_from(s(110))
        .falls_from(s(700))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            // 101.8 × 0.962 = 97.9316: the leg at 98.09 fills above it.
            assert_eq!(seen.orders(), ["entry filled", "leg filled", "exit filled"]);
            assert_eq!((seen.exits(), seen.followed()), (vec!["take_profit"], vec!["trailing take_profit"]));
        });

    a_stop_follows_the_highest_price => |story| story
        .post(s(0), &alert().steps("average", &[("50", "100")]).trailing_stop("5"))
        .price(s(10), "110")
        .price(s(30), "106")
        .price(s(50), "104")
        .falls_from(s(110))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!((seen.exits(), seen.followed()), (vec!["stop_loss"], vec!["trailing stop_loss"]));
            // Above what it has cost: sold at 104, behind 110, and not at 95.
            assert_eq!(seen.realised(), ["3.796"]);
        });

    a_stop_waits_until_every_look_has_found_it_reached_for_so_long => |story| story
        .post(s(0), &alert().steps("average", &[("50", "100")]).delayed_stop("5", 25))
        .price(s(10), "94")
        .price(s(22), "98")
        .price(s(50), "93.5")
        .falls_from(s(110))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "exit filled"]);
            assert_eq!((seen.exits(), seen.followed()), (vec!["stop_loss"], vec!["delayed stop_loss"]));
            assert_eq!(seen.realised(), ["-6.6935"], "sold at 93.5, and not at 94");
            let group = &seen.positions[0].group;
            let waited = group.exit.unwrap().at.since(group.tracked.below_since.unwrap());
            assert!((25_000..36_000).contains(&waited.get()), "{waited:?}");
        });

    a_signal_that_brings_too_little_closes_nothing => |story| story
        .post(s(0), &alert().steps("average", &[("50", "100")]).minimum_profit("1"))
        .post(s(8), &alert().exit().id("early"))
        .price(s(30), "102")
        .post(s(45), &alert().exit().id("late"))
        .ends("closed, or the last exit was ignored", |seen| {
            seen.is_flat() || seen.verdicts().last().is_some_and(|verdict| verdict.starts_with("ignored"))
        })
        .ends("nothing is sold with loss", |seen| seen.realised().iter().all(|realised| !realised.starts_with('-')))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "ignored below_minimum_profit", "accepted closing"]);
            let detail = seen.deliveries[1].verdict.as_ref().unwrap().detail.clone().unwrap();
            let numbers = "the market is at 100; 1 % on the average after the fee of the exit needs 101.21";
            assert_eq!(detail, numbers);
        });

    an_exit_that_was_ignored_has_not_happened => |story| story
        .post(s(0), &alert().sent_at("2025-10-09T08:53:50Z").steps("average", &[("50", "100")]).minimum_profit("1"))
        .post(s(8), &alert().without_timeframe().exit().sent_at("2025-10-09T08:54:05Z"))
        .post(s(12), &alert().timeframe("60").sent_at("2025-10-09T08:54:00Z"))
        .calm(|seen| {
            let decided = ["accepted opened", "ignored below_minimum_profit", "accepted opened"];
            assert_eq!(seen.verdicts(), decided, "the last was raised before the exit");
            assert!(seen.account.exits.is_empty());
        });

    a_contradiction_that_brings_too_little_closes_nothing => |story| story
        .post(s(0), &alert().minimum_profit("1"))
        .post(s(8), &alert().reversal())
        .ends("one group at the most", |seen| seen.positions.len() <= 1)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "ignored below_minimum_profit"]);
            assert_eq!(seen.exits(), ["-"]);
        });

    an_exit_of_the_whole_market_closes_what_is_worth_it => |story| story
        .post(s(0), &alert().id("a").timeframe("15").steps("average", &[("50", "100")]).minimum_profit("1"))
        .post(s(2), &alert().id("b").timeframe("60"))
        .post(s(12), &alert().id("c").without_timeframe().exit())
        .ends("nothing is sold of what asks for more", |seen| {
            let asks = seen.positions.iter().filter(|position| position.group.plan.rules.minimum_profit.is_some());
            asks.into_iter().all(|position| position.ledger().unwrap().sold.is_zero())
        })
        .calm(|seen| {
            assert_eq!(seen.verdicts()[2], "accepted closing");
            assert_eq!(seen.exits(), ["-", "signal"]);
            assert!(seen.deliveries[2].verdict.as_ref().unwrap().detail.as_ref().unwrap().contains("stays"));
        });

    its_user_closes_whatever_it_brings => |story| story
        .post(s(0), &alert().minimum_profit("1"))
        .close(s(8))
        .calm(|seen| assert_eq!(seen.exits(), ["user"]));

    a_seat_cools_after_its_group => |story| story
        .post(s(0), &alert().id("a").cooldown_minutes(1))
        .post(s(8), &alert().id("b").exit())
        .post(ms(8_020), &alert().id("c"))
        .post(s(40), &alert().id("d"))
        .post(s(41), &alert().id("e").timeframe("60"))
        .post(s(90), &alert().id("f"))
        .ends("settled", |seen| !seen.verdicts().iter().any(|verdict| verdict.starts_with("queued")))
        .calm(|seen| {
            let verdicts = seen.verdicts();
            assert_eq!(verdicts[..2], ["accepted opened", "accepted closing"]);
            assert_eq!(verdicts[2..], ["refused cooldown", "refused cooldown", "accepted opened", "accepted opened"]);
            let ends = "until 2025-10-09T08:5";
            assert!(seen.deliveries[3].verdict.as_ref().unwrap().detail.as_ref().unwrap().contains(ends));
            assert!(seen.account.cooldowns.is_empty(), "what was over has made way");
        });

    a_plan_allows_few_groups_beside_its_own => |story| story
        .post(s(0), &alert().id("a").open_groups_max(1))
        .post(ms(1), &alert().id("b").timeframe("60").open_groups_max(1))
        .post(s(8), &alert().id("c").timeframe("240").open_groups_max(2))
        .ends("two groups at the most", |seen| seen.positions.len() <= 2)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused open_groups_max", "accepted opened"]);
            let detail = seen.deliveries[1].verdict.as_ref().unwrap().detail.clone();
            assert_eq!(detail.as_deref(), Some("1 of 1 groups are open"));
        });
}

/// Two minutes of passes over a peak, a stop and a wait that stand: what is not another than before is not written.
#[test]
fn a_pass_that_finds_nothing_new_writes_nothing() {
    let versions = |until: i64| {
        let plan = alert().id("a").steps("average", &[("1.5", "100")]).trailing("9");
        let story = scenario("standing").post(s(0), &plan.delayed_stop("5", 600).trailing_stop("5"));
        let story =
            story.price(s(10), "110").price(s(30), "104").post(s(until), &alert().id("b").exit().timeframe("60"));
        sim::calm(&story).positions[0].group.version
    };
    assert_eq!(versions(60), versions(180));
}

/// Sold at once for a fee in a third asset, whose price nobody tells for so many hours.
fn unpriced_for(hours: i64) -> Seen {
    let end = s(hours * 3_600);
    let story = scenario("unpriced").fee_in_third().post(s(0), &alert()).post(s(8), &alert().exit());
    sim::calm(&story.outage("price_at", s(0), end).ends("flat", Seen::is_flat))
}

#[test]
fn a_fee_that_nobody_values_for_a_day_is_told_and_keeps_no_group_open() {
    let seen = unpriced_for(25);
    let group = &seen.positions[0].group;
    let settled = group.settled.unwrap();
    assert!(settled.fee_unvalued, "{settled:?}");
    assert!(group.attention.as_ref().unwrap().contains("a fee in BNB"), "{:?}", group.attention);
    let waited = settled.at.since(group.opened_at);
    assert!((s(86_400)..s(86_430)).contains(&waited), "{waited:?}");
    assert_eq!(seen.realised(), ["0"], "bought and sold at 100, and the fees are in no profit");
    assert!(seen.trail().iter().any(|why| why.contains("no value within a day")));
}

#[test]
fn a_fee_that_is_valued_within_a_day_is_in_the_profit() {
    let seen = unpriced_for(23);
    let group = &seen.positions[0].group;
    assert_eq!((group.settled.unwrap().fee_unvalued, &group.attention), (false, &None));
    assert_eq!(seen.realised(), ["-0.15000289"], "0.075 twice, by the minute's prices");
}

/// It is opened two seconds after a minute that knew nothing of it.
#[test]
fn a_first_position_is_looked_at_within_ten_seconds() {
    let story = scenario("first").post(s(5), &alert().stop("2")).price(s(8), "90");
    let seen = sim::calm(&story.ends("flat", Seen::is_flat));
    let group = &seen.positions[0].group;
    let waited = group.settled.unwrap().at.since(group.opened_at);
    assert!(waited < s(15), "{waited:?}");
}

#[test]
fn a_fee_that_nobody_can_ever_value_keeps_no_take_profit_waiting() {
    let story = scenario("unlisted").fee_unlisted().post(s(0), &alert()).climbs();
    let seen = sim::calm(&story.ends("flat", Seen::is_flat));
    assert_eq!(
        (seen.orders(), seen.exits()),
        (vec!["entry filled".to_owned(), "tp#1 filled".to_owned()], vec!["take_profit"])
    );
    assert!(seen.positions[0].group.settled.unwrap().fee_unvalued, "its owner is told");
}

/// Fourteen legs rest, whose questions fill a pass, before and behind the group that is to be stopped.
#[test]
fn a_stop_does_not_wait_for_questions_about_other_groups() {
    let wide = |timeframe: &str, legs| alert().id(timeframe).timeframe(timeframe).wide_ladder(legs, "3", 20).stop("70");
    let stopped_after = |[first, second, small]: [&str; 3], fall: i64| {
        let story = scenario("slow").slow_venue(ms(500)).post(s(0), &wide(first, 8)).post(s(0), &wide(second, 6));
        let story = story.post(s(75), &alert().id("small").timeframe(small).stop("2")).price(s(fall), "90");
        let seen = sim::calm(&story.ends("the small one is closed", |seen| seen.exits().contains(&"stop_loss")));
        assert_eq!(seen.orders().iter().filter(|order| order.starts_with("leg")).count(), 14);
        let begun = seen.positions[0].group.opened_at;
        let exits = seen.positions.iter().filter_map(|position| position.group.exit);
        exits.map(|exit| ms(exit.at.since(begun).get() - s(fall).get())).next().unwrap()
    };
    for seats in [["15", "240", "60"], ["15", "60", "240"], ["240", "60", "15"]] {
        for fall in [132, 142, 152] {
            let waited = stopped_after(seats, fall);
            assert!(waited < s(4), "{seats:?} {fall}: {waited:?}");
        }
    }
}

/// The market of most stories and those beside it, of which some hang from the half minute on.
const BESIDE: [&str; 8] =
    ["AAVE/USDT", "ADA/USDT", "ATOM/USDT", "AVAX/USDT", "DOGE/USDT", "DOT/USDT", "ETH/USDT", "SOL/USDT"];

fn hanging(symbols: &[&'static str], until: Millis) -> Scenario {
    let story = scenario("hanging").markets(&BESIDE).post(s(0), &alert().id("falls").stop("2"));
    symbols.iter().fold(story, |story, symbol| {
        let other = alert().id(symbol).symbol(&symbol.replace('/', "")).ladder(1, "3");
        story.post(s(1), &other).hangs(symbol, s(30), until)
    })
}

/// Four tickers hang, and would use up every pass: they come before the market that falls, or behind it.
#[test]
fn tickers_that_hang_starve_no_other_group() {
    let stopped_after = |hung: &[&'static str], fall: i64| {
        let story = hanging(hung, s(fall + 120)).price(s(fall), "90");
        let seen = sim::calm(&story.ends("it is sold", |seen| seen.exits().contains(&"stop_loss")));
        let begun = seen.positions[0].group.opened_at;
        let exit = seen.positions.iter().find_map(|position| position.group.exit).unwrap();
        ms(exit.at.since(begun).get() - s(fall).get())
    };
    for hung in [&BESIDE[..4], &BESIDE[4..]] {
        for fall in [60, 70, 80, 90, 100] {
            let waited = stopped_after(hung, fall);
            assert!(waited < s(35), "{hung:?} {fall}: {waited:?}");
        }
    }
}

/// Its leg fills: the take-profit is that of both.
#[test]
fn a_group_whose_ticker_hangs_is_looked_at_all_the_same() {
    let story = hanging(&BESIDE[..4], s(240)).price_of(s(60), "ADA/USDT", "96.5");
    let both = |seen: &Seen| seen.orders().contains(&"leg filled".to_owned());
    let seen = sim::calm(&story.ends("its leg is filled", both));
    let symbol = |position: &&Position| position.group.market.key.symbol.base.as_str() == "ADA";
    let ada = seen.positions.iter().find(symbol).unwrap();
    let waited = ada.latest_of(0, Purpose::TakeProfit(1)).unwrap().planned_at.since(ada.group.opened_at);
    assert!((s(50)..s(95)).contains(&waited), "{waited:?}");
}
