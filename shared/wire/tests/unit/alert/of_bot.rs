use domain::alert::Side;
use domain::bot::Strategy;
use domain::bot::{Deed, Run, Terms};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, RunId, UserId};
use domain::ladder::{Dialect, Size, Spacing, Total};
use domain::market::Interval;
use domain::market::{Bar, MarketKey};
use domain::preset::{AskedLadder, AskedLegs, AskedSize, OrderKind, PresetRef};
use domain::preset::{AskedPlan, PlanParts};
use domain::profit::{Basis, StopLoss, TakeProfit};
use domain::rules::Rules;
use domain::series::Series;
use domain::signal::{Wish, wish};
use wire::alert::*;
use wire::alert::{BadAlert, open};
use wire::alert::{Base, parse};
use wire::preset::Document;

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn run(preset: Option<&str>, plan: &str) -> Run {
    let market = MarketKey { exchange: "BINANCEUSDM".parse().unwrap(), symbol: "BTC/USDT:USDT".parse().unwrap() };
    let terms = Terms {
        account: AccountId::of(&["a"]),
        series: Series { market, interval: Interval::FourHours },
        strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
        preset: preset.map(|name| name.parse().unwrap()),
        plan: Document::parse(plan).unwrap().text(),
        confidence_min: "0".parse().unwrap(),
    };
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

fn bar() -> Bar {
    let price = || "86012.1".parse().unwrap();
    let closes_at = START.plus(Interval::FourHours.length());
    Bar { opens_at: START, closes_at, open: price(), high: price(), low: price(), close: price() }
}

#[test]
fn what_a_bot_says_is_an_alert_as_any_other() {
    let run = run(None, r#"{"stop_loss_percent": 7, "base_order": {"quote": 50}, "open_groups_max": 2}"#);
    for deed in Deed::ALL {
        let text = of_bot(&run, None, (&bar(), bar().closes_at), deed).unwrap();
        assert_eq!(text, of_bot(&run, None, (&bar(), bar().closes_at), deed).unwrap());
        let alert = parse(&text, None).unwrap();
        let wished = match deed {
            Deed::Enter(side) => Wish::Hold(side),
            Deed::Exit => Wish::Exit,
        };
        assert_eq!(wish(&alert), Ok(wished), "{text}");
        assert_eq!(alert.id, Some(run.signal_id(START, deed)));
        assert_eq!(alert.sent_at, Some(bar().closes_at));
        assert_eq!(
            (&alert.exchange, &alert.symbol),
            (&run.terms.series.market.exchange, &run.terms.series.market.symbol)
        );
        assert_eq!(alert.timeframe.map(|timeframe| timeframe.to_string()).as_deref(), Some("4h"));
        assert_eq!((alert.close, alert.max_lag), (Some(bar().close), domain::limits::LAG_DEFAULT));
    }
    assert!(
        !of_bot(&run, None, (&bar(), bar().closes_at), Deed::Exit).unwrap().contains("stop_loss"),
        "an exit brings no plan"
    );
}

#[test]
fn its_entries_stand_over_its_preset() {
    let base = |document: &str| Base {
        at: PresetRef { name: "grid".parse().unwrap(), version: 3 },
        document: Document::parse(document).unwrap(),
    };
    let terms = run(Some("grid"), r#"{"stop_loss_percent": 3}"#).terms;
    let over = base(r#"{"base_order": {"quote": 250}, "stop_loss_percent": 8, "cooldown_minutes": 5}"#);
    let meant = entry_of(&terms, None, Side::Long, Some(&over)).unwrap();
    assert_eq!(meant.plan.stop_loss.unwrap().loss.to_string(), "3");
    assert!(meant.plan.rules.cooldown.is_some());
    assert_eq!(entry_of(&terms, None, Side::Long, None).unwrap_err().code, BadAlert::UNKNOWN_PRESET);
    assert!(entry_of(&run(None, "{}").terms, None, Side::Short, None).is_ok());
}

/// What a strategy may bring, with and without a stop.
fn brought(stop: Option<&str>, take_profit: TakeProfit) -> PlanParts {
    let percent = |text: &str| text.parse().unwrap();
    let ladder = AskedLadder {
        spacing: Spacing::Scaled {
            count: 3,
            deviation: percent("1.25"),
            scale: "1.5".parse().unwrap(),
            dialect: Dialect::Additive,
        },
        sizes: AskedLegs::Scaled { first: Size::Percent(percent("0.123456789012")), scale: "2".parse().unwrap() },
        active: 2,
        at_market: false,
    };
    PlanParts {
        size: Some(AskedSize::Of(Size::Percent(percent("0.123456789012")))),
        kind: None,
        ladder: Some(ladder),
        take_profit: Some(take_profit),
        stop_loss: stop.map(|stop| StopLoss::fixed(percent(stop), Basis::Base)),
    }
}

/// Nothing of the preset's own entries and exits is mixed with it, whatever they are.
#[test]
fn a_ladder_that_is_brought_takes_the_place_of_all_that_the_preset_says_of_it() {
    let per_leg = TakeProfit::PerLeg { profit: "0.7".parse().unwrap() };
    let ways = [TakeProfit::at("1.5".parse().unwrap()), per_leg];
    for (parts, document) in ways.into_iter().flat_map(|way| {
        [None, Some("12")].into_iter().flat_map(move |stop| {
            let parts = brought(stop, way.clone());
            PRESETS.iter().map(move |document| (parts.clone(), *document))
        })
    }) {
        let base = Base {
            at: PresetRef { name: "grid".parse().unwrap(), version: 3 },
            document: Document::parse(document).unwrap(),
        };
        let run = run(Some("grid"), r#"{"cooldown_minutes": 60, "open_groups_max": 2}"#);
        let text = of_bot(&run, Some(&parts), (&bar(), bar().closes_at), Deed::Enter(Side::Long)).unwrap();
        assert_eq!(text, of_bot(&run, Some(&parts), (&bar(), bar().closes_at), Deed::Enter(Side::Long)).unwrap());
        let alert = open(text.as_bytes()).over(Some(&base)).unwrap();
        let over = parts.over(base.document.preset().unwrap().plan);
        // The preset's stop is gone, so that no profit that it asks of signals may hold up the way out.
        let (cooldown, minimum_profit) = (alert.plan.rules.cooldown, None);
        let rules = Rules { cooldown, open_groups_max: Some(2), minimum_profit, ..Rules::default() };
        let expected = AskedPlan { kind: OrderKind::Market, rules, ..over };
        assert_eq!(alert.plan, expected, "{document} {text}");
        assert!(alert.plan.rules.cooldown.is_some());
        assert_eq!(alert.own, PlanParts { kind: Some(OrderKind::Market), ..parts.clone() });
        assert_eq!(parse(&text, None).unwrap().own, alert.own);
        assert!(entry_of(&run.terms, Some(&parts), Side::Long, Some(&base)).is_ok());
    }
}

/// An alert that says it says all of it: of what is left out nothing is the preset's.
#[test]
fn what_stands_alone_leaves_nothing_of_a_preset_and_says_how_much_and_when_it_is_sold() {
    let document = r#"{"safety_orders": {"count": 3, "quote": 90, "deviation_percent": 2}, "stop_loss_percent": 20}"#;
    let at = PresetRef { name: "grid".parse().unwrap(), version: 3 };
    let base = Base { at, document: Document::parse(document).unwrap() };
    let body = |more: &str| {
        format!(
            r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT"}}, "safety_orders_alone": true{more},
            "execution_intent": {{"type": "entry", "strategy": "grid", "side": "long"}}}}"#
        )
    };
    let profit = r#", "take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}"#;
    let whole = body(&format!(r#", "base_order": {{"quote": 50}}{profit}"#));
    let plan = open(whole.as_bytes()).over(Some(&base)).unwrap().plan;
    assert_eq!((plan.ladder, plan.stop_loss), (None, None));
    for (more, field) in [(profit, "base_order"), (r#", "base_order": {"quote": 50}"#, "take_profit")] {
        assert_eq!(open(body(more).as_bytes()).over(Some(&base)).unwrap_err().fields, [field]);
    }
}

const PRESETS: [&str; 5] = [
    "{}",
    r#"{"stop_loss_percent": 3, "stop_loss_basis": "average", "stop_loss_trailing": true, "stop_loss_delay_seconds": 60}"#,
    r#"{"total": {"quote": "400", "weights": [1, 3]}, "safety_orders": {"custom": [{"deviation_percent": 50}]}}"#,
    r#"{"base_order": {"quote": "9", "type": "limit", "limit_price": "5"}, "time_limit_minutes": 90, "minimum_profit_percent": 2}"#,
    r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 50}, {"profit_percent": 2, "amount_percent": 50}]},
        "stop_loss_percent": 9, "break_even_after_step": 1, "pyramids": {"max": 2, "distance_percent": 3, "direction": "adverse", "close": "together"}}"#,
];

#[test]
fn a_plan_says_nothing_of_what_its_strategy_brings() {
    let parts = brought(None, TakeProfit::at("1.5".parse().unwrap()));
    let wrong = |plan: &str| entry_of(&run(None, plan).terms, Some(&parts), Side::Long, None).unwrap_err();
    for (plan, field) in [
        (r#"{"base_order": {"quote": 5}}"#, "plan.base_order"),
        (r#"{"total": {"quote": 5, "weights": [1]}}"#, "plan.total"),
        (r#"{"safety_orders": {"count": 1, "quote": 5, "deviation_percent": 1}}"#, "plan.safety_orders"),
        (r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}}"#, "plan.take_profit"),
        (r#"{"stop_loss_percent": 5}"#, "plan.stop_loss_percent"),
        (r#"{"cooldown_minutes": 5, "stop_loss_percent": 5, "stop_loss_trailing": true}"#, "plan.stop_loss_percent"),
    ] {
        assert_eq!(wrong(plan).fields, [field], "{plan}");
    }
    let rest = r#"{"cooldown_minutes": 5, "open_groups_max": 1, "minimum_profit_percent": 1, "time_limit_minutes": 60,
        "pyramids": {"max": 1, "distance_percent": 3, "direction": "adverse", "close": "together"}, "leverage": 2}"#;
    assert!(entry_of(&run(None, rest).terms, Some(&parts), Side::Long, None).is_ok());
    let exit = of_bot(&run(None, "{}"), Some(&parts), (&bar(), bar().closes_at), Deed::Exit).unwrap();
    assert!(!exit.contains("safety_orders"), "an exit brings no ladder: {exit}");
}

#[test]
fn what_no_strategy_brings_is_not_written() {
    let parts = brought(None, TakeProfit::at("1.5".parse().unwrap()));
    let wrong = |parts: &PlanParts| entry_of(&run(None, "{}").terms, Some(parts), Side::Long, None).unwrap_err();
    let shared = AskedSize::Shared { total: Total::Quote("5".parse().unwrap()), weights: vec!["1".parse().unwrap()] };
    assert_eq!(wrong(&PlanParts { size: Some(shared), ..parts.clone() }).fields, ["total"]);
    let listed = parts.ladder.clone().map(|ladder| AskedLadder { spacing: Spacing::Custom(Vec::new()), ..ladder });
    assert_eq!(wrong(&PlanParts { ladder: listed, ..parts }).fields, ["safety_orders"]);
}
