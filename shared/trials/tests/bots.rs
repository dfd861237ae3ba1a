//! What a bot's delivery carries is the ladder that a backtest plays.
#![allow(clippy::unwrap_used, reason = "assertions")]

use backtest::{BotTerms, Way};
use domain::alert::Side;
use domain::bot::{Deed, Run, Strategies, Strategy, Terms};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, RunId, UserId};
use domain::ladder::{self, LadderPlan};
use domain::market::{Bar, Filters, Interval, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Price, Quantity};
use domain::preset::{OrderSize, TradePlan};
use domain::series::Series;
use strategies::{Given, Registry};
use trials::{Asked, Carried, Chosen};
use wire::alert::{of_bot, open};
use wire::preset::Document;

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const FEE: &str = "0.00075";
const BALANCE: &str = "12345.67";
const TICK: &str = "0.01";
const STEP: &str = "0.0001";
const NOTIONAL_MIN: &str = "5";

fn market() -> Market {
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        kind: MarketKind::Spot,
        filters: Filters {
            price_tick: TICK.parse().unwrap(),
            quantity_step: STEP.parse().unwrap(),
            quantity_min: Quantity::ZERO,
            notional_min: NOTIONAL_MIN.parse().unwrap(),
            most: Maxima::default(),
        },
        orders_max: None,
        fee: FEE.parse().unwrap(),
        can_short: false,
        at_venue: None,
        stops: Stops::Polled,
    }
}

/// As a bot's signal says it to the money path, over the built-in preset.
fn delivered(name: &str, given: &[Given<'_>], own: &str, price: Price) -> TradePlan {
    let parameters = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let strategy = Registry.read(&Strategy { name: name.to_owned(), parameters, rules: None }).unwrap();
    let brought = Registry.ladder(&strategy).unwrap();
    let terms = Terms {
        account: AccountId::of(&["a"]),
        series: Series { market: market().key, interval: Interval::OneHour },
        strategy,
        preset: None,
        plan: Document::parse(own).unwrap().text(),
        confidence_min: "0".parse().unwrap(),
    };
    let closes_at = START.plus(Interval::OneHour.length());
    let bar = Bar { opens_at: START, closes_at, open: price, high: price, low: price, close: price };
    let text = of_bot(&run(terms), brought.as_ref(), (&bar, bar.closes_at), Deed::Enter(Side::Long)).unwrap();
    let alert = open(text.as_bytes()).over(None).unwrap();
    alert.plan.resolve(&market(), Side::Long, price, BALANCE.parse().unwrap()).unwrap()
}

fn run(terms: Terms) -> Run {
    Run {
        id: RunId::at(START, &["r"]),
        bot: BotId::at(START, &["b"]),
        user: UserId::of(&["u"]),
        version: 1,
        terms,
        label: "default".to_owned(),
        lane: "lane".to_owned(),
        started_at: START,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: START,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

/// As a backtest plays it, with this price for its entry.
fn played(name: &str, given: &[Given<'_>], own: &str, entry_price: Price) -> (LadderPlan, BotTerms) {
    let text = |text: &str| Some(text.to_owned());
    let asked = Asked {
        strategy: text(name),
        fee_rate: text(FEE),
        price_tick: text(TICK),
        quantity_step: text(STEP),
        notional_min: text(NOTIONAL_MIN),
        plan: Some(own.as_bytes().to_vec()),
        ..Asked::default()
    };
    let player = Carried::of(&asked).unwrap().player(&Chosen::of(&asked).unwrap(), given, "param").unwrap();
    let Way::Ladder(plan, terms) = player.way else { unreachable!("a bot trades a ladder") };
    (LadderPlan { entry_price, balance: Some(BALANCE.parse().unwrap()), ..*plan }, terms.bot)
}

type Order = (String, String);

fn told(price: &impl ToString, quantity: &impl ToString) -> Order {
    (price.to_string(), quantity.to_string())
}

/// Every order of a live position whose base order has cost this price, and its fee.
fn live(plan: &TradePlan, price: Price) -> Vec<Order> {
    let market = market();
    let OrderSize::Quote(quote) = plan.size else { unreachable!("a share is an amount by now") };
    let base = market.filters.quantity_down(&quote.fraction().over(&price.fraction()).unwrap()).unwrap();
    let cost = price.fraction() * market.fee.on_top();
    let legs = plan.ladder.as_ref().map_or_else(Vec::new, |ladder| ladder.legs(&cost, &market).unwrap());
    let legs = legs.into_iter().map(|leg| leg.map(|leg| told(&leg.price, &leg.quantity)).unwrap());
    [told(&price, &base)].into_iter().chain(legs).collect()
}

fn planned(plan: &LadderPlan) -> Vec<Order> {
    let ladder = ladder::plan(plan).unwrap();
    assert!(ladder.pre_flight.is_ok(), "{:?}", ladder.pre_flight);
    let order = |leg: &ladder::Leg| {
        let (price, quantity): (Price, Quantity) =
            (leg.price.to_string().parse().unwrap(), leg.quantity.to_string().parse().unwrap());
        told(&price, &quantity)
    };
    ladder.legs.iter().map(order).collect()
}

#[test]
fn what_a_bots_delivery_carries_is_the_ladder_that_a_backtest_plays() {
    let cases: [(&str, &[Given<'_>]); 7] = [
        ("dca_ladder", &[]),
        ("dca_ladder", &[("safety_orders", "0"), ("stop_loss", "7.5")]),
        ("dca_ladder", &[("safety_orders", "9"), ("deviation", "0.77"), ("step_scale", "1.3"), ("budget", "33.3")]),
        ("DCA_LADDER", &[("volume_scale", "0.9"), ("take_profit", "0.35"), ("stop_loss", "40")]),
        ("grid", &[]),
        ("grid", &[("lines", "25"), ("spacing", "0.4"), ("profit", "0.6"), ("budget", "70")]),
        ("GRID", &[("lines", "3"), ("stop_loss", "12"), ("leave", "11")]),
    ];
    for (name, given) in cases {
        for price in ["100", "86012.17", "0.37"] {
            let price: Price = price.parse().unwrap();
            for own in [r#"{"cooldown_minutes": 60}"#, RULES] {
                agree(name, given, own, price);
            }
        }
    }
}

const RULES: &str =
    r#"{"cooldown_minutes": 90, "open_groups_max": 2, "minimum_profit_percent": 0.4, "time_limit_minutes": 600}"#;

/// Every order, every exit and every rule that a live entry of this bot has is the one that is played.
fn agree(name: &str, given: &[Given<'_>], own: &str, price: Price) {
    let (live_plan, (plan, bot)) = (delivered(name, given, own, price), played(name, given, own, price));
    assert_eq!(live(&live_plan, price), planned(&plan), "{name} {given:?} {own} {price}");
    assert_eq!((&live_plan.take_profit, live_plan.stop_loss), (&plan.take_profit, plan.stop_loss), "{name} {own}");
    assert_eq!((live_plan.rules, live_plan.time_limit), (bot.rules, bot.time_limit), "{name} {own}");
}

#[test]
fn what_a_bots_own_plan_says_is_what_a_backtest_plays() {
    for own in [
        "{}",
        RULES,
        r#"{"base_order": {"quote": 55.5}, "stop_loss_percent": 7, "take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 40}, {"profit_percent": 2.5, "amount_percent": 60}], "trailing_percent": 0.4}}"#,
        r#"{"base_order": {"balance_percent": 12.5}, "safety_orders": {"count": 4, "balance_percent": 3, "deviation_percent": 1.3, "volume_scale": 1.2}, "stop_loss_percent": 20, "cooldown_minutes": 15}"#,
        r#"{"total": {"quote": 400, "weights": [1, 2, 3]}, "safety_orders": {"custom": [{"deviation_percent": 2}, {"deviation_percent": 5}]}, "time_limit_minutes": 5}"#,
        r#"{"take_profit": {"mode": "per_leg", "steps": [{"profit_percent": 1.1, "amount_percent": 100}]}, "stop_loss_basis": "average", "stop_loss_percent": 3}"#,
    ] {
        for price in ["100", "86012.17"] {
            agree("rsi_cross", &[], own, price.parse().unwrap());
        }
    }
}

#[test]
fn what_is_not_played_of_a_plan_is_refused_by_its_name() {
    let refused = |strategy: &str, own: &str| {
        let text = |text: &str| Some(text.to_owned());
        let asked = Asked { strategy: text(strategy), plan: Some(own.as_bytes().to_vec()), ..Asked::default() };
        let player = Carried::of(&asked).and_then(|carried| carried.player(&Chosen::of(&asked).unwrap(), &[], "param"));
        player.map(drop).unwrap_err().to_string()
    };
    for (strategy, own, begin) in [
        ("rsi_cross", r#"{"cooldown": 5}"#, "plan: cooldown is not known here"),
        (
            "rsi_cross",
            r#"{"base_order": {"quote": 50, "type": "limit", "limit_price": 5}}"#,
            "plan: base_order.type must be market",
        ),
        (
            "rsi_cross",
            r#"{"pyramids": {"max": 1, "distance_percent": 1, "direction": "any", "close": "together"}}"#,
            "plan: pyramids",
        ),
        ("rsi_cross", r#"{"stop_loss_percent": 5, "stop_loss_delay_seconds": 30}"#, "plan: stop_loss_delay_seconds"),
        ("grid", r#"{"stop_loss_percent": 5}"#, "plan: stop_loss_percent must be left out: the strategy brings"),
    ] {
        let wrong = refused(strategy, own);
        assert!(wrong.starts_with(begin), "{wrong}");
    }
}
