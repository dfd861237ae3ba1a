//! What a bot and its account ask beside prices.

use super::*;
use domain::account::AccountLimits;
use domain::clock::Millis;
use domain::rules::Rules;
use strategies::Action::{Exit, Hold};

const HOUR: Millis = Millis::seconds(3_600);

/// 10 at the market, sold at 5 %, and with a stop at 5 %.
fn one_order() -> LadderPlan {
    let base = Size::Quote("10".parse().unwrap());
    let sizes = Sizes::Custom { base, each: Vec::new() };
    let (take_profit, stop_loss) = (steps(&[("5", "100")]), stop("5"));
    LadderPlan { sizes, spacing: Spacing::Custom(Vec::new()), take_profit, stop_loss, ..example() }
}

fn by(bot: BotTerms, plan: &LadderPlan, bars: &[[f64; 4]], said: &[Action]) -> LadderRun {
    let bars = [&[still(100.0)], bars].concat();
    run_ladder(&candles(&bars), &mut Scripted::new(said), plan, &LadderTerms { bot, ..terms() }).unwrap()
}

fn told(run: &LadderRun) -> Vec<(usize, What)> {
    run.fills.iter().map(|fill| (fill.bar, fill.what)).collect()
}

fn unfollowed(run: &LadderRun) -> Vec<(&str, usize)> {
    run.run.unfollowed.iter().map(|(why, count)| (why.as_str(), *count)).collect()
}

fn words(run: &LadderRun) -> String {
    unfollowed(run).into_iter().map(|(why, _)| why).collect::<Vec<_>>().join(" ")
}

fn rules(rules: Rules) -> BotTerms {
    BotTerms { rules, ..BotTerms::default() }
}

fn limits() -> AccountLimits {
    let much = "1000000".parse().unwrap();
    AccountLimits {
        open_groups_max: 1,
        exposure_max: much,
        order_quote_max: much,
        day_loss_max: much,
        leverage_max: Leverage::ONE,
    }
}

fn limited(limits: AccountLimits) -> BotTerms {
    BotTerms { limits: Some(limits), ..BotTerms::default() }
}

#[test]
fn a_position_is_left_at_the_first_open_that_is_over_its_time() {
    let limit = |minutes: i64| BotTerms { time_limit: Some(Millis::seconds(60 * minutes)), ..BotTerms::default() };
    let exits = |minutes| told(&by(limit(minutes), &one_order(), &[still(100.0); 5], &[LONG]))[1..].to_vec();
    assert_eq!(exits(60), [(2, What::TimeLimit)]);
    assert_eq!(exits(61), [(3, What::TimeLimit)]);
    assert_eq!(exits(240), [(5, What::TimeLimit)]);
    assert_eq!(exits(241), []);
    // What has ended in time opens anew by the signal of the same close.
    let again = by(limit(60), &one_order(), &[still(100.0); 3], &[LONG, LONG]);
    let expected = [(1, What::Entry(0)), (2, What::TimeLimit), (2, What::Entry(0)), (3, What::TimeLimit)];
    assert_eq!(told(&again), expected);
}

#[test]
fn nothing_is_opened_in_a_seat_that_cools() {
    let cooling = |hours: i64| rules(Rules { cooldown: Some(Millis::seconds(3_600 * hours)), ..Rules::default() });
    let said = [LONG, Exit, LONG, LONG, LONG];
    let entries = |bot| {
        let run = by(bot, &one_order(), &[still(100.0); 6], &said);
        let entered = run.fills.iter().filter(|fill| fill.what == What::Entry(0)).map(|fill| fill.bar);
        (entered.collect::<Vec<_>>(), run.run.unfollowed.get("cooldown").copied())
    };
    // Left at an open it has ended then.
    assert_eq!(entries(BotTerms::default()), (vec![1, 3], None));
    assert_eq!(entries(cooling(1)), (vec![1, 3], None));
    assert_eq!(entries(cooling(2)), (vec![1, 4], Some(1)));
    assert_eq!(entries(cooling(3)), (vec![1, 5], Some(2)));
}

#[test]
fn what_ends_within_a_bar_cools_from_its_close_on() {
    let cooling = rules(Rules { cooldown: Some(HOUR), ..Rules::default() });
    let falls = [100.0, 100.0, 90.0, 100.0];
    let run = by(cooling, &one_order(), &[falls, still(100.0), still(100.0)], &[LONG, LONG, LONG]);
    assert_eq!(told(&run), [(1, What::Entry(0)), (1, What::Stop), (3, What::Entry(0))]);
    assert_eq!(unfollowed(&run), [("cooldown", 1)]);
}

#[test]
fn a_signal_closes_only_for_the_least_profit_and_a_stop_for_any() {
    let least = rules(Rules { minimum_profit: Some("2".parse().unwrap()), ..Rules::default() });
    // 100.1 paid with the fee: 2 % more after another fee are 102.204…
    let bars = |close: f64| [still(100.0), still(close), still(close)];
    let at = |close: f64| by(least, &one_order(), &bars(close), &[LONG, Exit]);
    assert_eq!(told(&at(102.21)), [(1, What::Entry(0)), (2, What::Exit)]);
    assert_eq!(
        (told(&at(102.2)), unfollowed(&at(102.2))),
        (vec![(1, What::Entry(0))], vec![("below_minimum_profit", 1)])
    );
    assert_eq!(told(&at(90.0)), [(1, What::Entry(0)), (2, What::Stop)]);
    let short = LadderPlan { side: Side::Short, margin: Some(Leverage::ONE), ..one_order() };
    let at = |close: f64| told(&by(least, &short, &bars(close), &[SHORT, Exit])).len();
    assert_eq!([at(97.7), at(97.9)], [2, 1]);
}

#[test]
fn an_account_that_may_not_lets_nothing_in() {
    let refused = |limits: AccountLimits| words(&by(limited(limits), &one_order(), &[still(100.0)], &[LONG]));
    assert_eq!(refused(limits()), "");
    assert_eq!(refused(AccountLimits { order_quote_max: "9.99".parse().unwrap(), ..limits() }), "order_quote_max");
    assert_eq!(refused(AccountLimits { exposure_max: "9.99".parse().unwrap(), ..limits() }), "exposure_max");
    assert_eq!(refused(AccountLimits { open_groups_max: 0, ..limits() }), "open_groups_max");
    assert_eq!(refused(AccountLimits { day_loss_max: "0".parse().unwrap(), ..limits() }), "day_loss_max");
    let with_legs = |most: &str| {
        let limits = AccountLimits { order_quote_max: most.parse().unwrap(), ..limits() };
        by(limited(limits), &example(), &[still(100.0)], &[LONG]).fills.len()
    };
    // 10, and 20, 30, 45, 67.5 and 101.25 behind it.
    assert_eq!([with_legs("273.75"), with_legs("273.74")], [1, 0]);
    let lent = LadderPlan { margin: Some(Leverage::new(3).unwrap()), ..one_order() };
    assert_eq!(unfollowed(&by(limited(limits()), &lent, &[still(100.0)], &[LONG])), [("leverage_max", 1)]);
}

#[test]
fn what_is_lost_on_a_day_ends_its_entries_and_no_other_day_s() {
    let limits = AccountLimits { day_loss_max: "0.5".parse().unwrap(), ..limits() };
    let falls = [100.0, 100.0, 90.0, 100.0];
    let bars: Vec<_> = std::iter::once(falls).chain([still(100.0); 30]).collect();
    let said = [vec![LONG, LONG, Hold, LONG], vec![Hold; 19], vec![LONG]].concat();
    let run = by(limited(limits), &one_order(), &bars, &said);
    assert_eq!(told(&run), [(1, What::Entry(0)), (1, What::Stop), (24, What::Entry(0))]);
    assert_eq!(unfollowed(&run), [("day_loss_max", 2)]);
}

#[test]
fn what_a_market_does_not_take_is_refused_by_its_word() {
    let most = Maxima { market: Some("0.09".parse().unwrap()), ..Maxima::default() };
    let plan = LadderPlan { filters: Filters { most, ..example().filters }, ..one_order() };
    let run = by(BotTerms::default(), &plan, &[still(100.0)], &[LONG]);
    assert_eq!((run.refused, unfollowed(&run)), (1, vec![("above_quantity_max", 1)]));
}

proptest! {
    /// Each entry follows a signal; none comes too early, lasts too long, or closes for too little.
    #[test]
    fn every_term_is_kept(
        walk in prop::collection::vec((-60_i64..60, 0_i64..80, 0_i64..80), 1..80),
        cooldown in 0_i64..5, time_limit in 1_i64..6, least in 0_u32..3,
        said in prop::collection::vec(prop_oneof![Just(LONG), Just(Exit), Just(Hold)], 0..80),
    ) {
        let bars = wandering(&walk);
        let rules = Rules {
            cooldown: (cooldown > 0).then(|| Millis::seconds(3_600 * cooldown)),
            minimum_profit: (least > 0).then(|| least.to_string().parse().unwrap()),
            open_groups_max: Some(1),
            ..Rules::default()
        };
        let bot = BotTerms { time_limit: Some(Millis::seconds(3_600 * time_limit)), rules, limits: Some(limits()) };
        let run = run_ladder(&candles(&bars), &mut Scripted::new(&said), &one_order(), &LadderTerms { bot, ..terms() }).unwrap();
        let mut free_from = 0;
        for trade in &run.run.trades {
            prop_assert!(trade.entry_bar >= free_from, "{trade:?} {free_from}");
            prop_assert_eq!(said[trade.entry_bar - 1], LONG);
            let lasted = i64::try_from(trade.exit_bar - trade.entry_bar).unwrap();
            prop_assert!(lasted <= time_limit);
            let is_its = |fill: &&Fill| fill.bar == trade.exit_bar && !matches!(fill.what, What::Entry(_));
            let exit = run.fills.iter().rfind(is_its).unwrap();
            prop_assert!(exit.what != What::TimeLimit || lasted == time_limit);
            if exit.what == What::Exit {
                let gained = trade.exit_price * 0.999 / (trade.entry_price * 1.001);
                prop_assert!(gained >= 1.0 + f64::from(least) / 100.0 - 1e-9 || least == 0);
            }
            let at_open = matches!(exit.what, What::Exit | What::TimeLimit);
            let cools = usize::try_from(cooldown).unwrap();
            free_from = if cools == 0 { trade.exit_bar } else { trade.exit_bar + cools + usize::from(!at_open) };
        }
    }
}
