//! What came of backtests is what the document says of it.

use super::described::{Described, Members};
use super::*;
use wire::view::{BacktestFigures, BacktestResult};

const TRIED: &str = r#"{"tried": {"fast": "2:4:1", "slow": "9,12"}"#;

/// What came of one, whole and in short.
async fn played(world: &World, series: &Series, rest: &str) -> (Value, Value) {
    let kept = asked(world, series, rest).await.unwrap();
    handled(world, &world.workers_begun().pop().unwrap(), BACKTEST_ALONE_BARS_MAX).await;
    let ended = research::find(world, &ann(), &kept.id).await.unwrap();
    assert_eq!((ended.state, &ended.why), (BacktestState::Done, &None), "{rest}");
    let whole = research::result((world, world), &ann(), &kept.id, world.now()).await.unwrap().told().unwrap();
    world.sim().sleep(Millis::new(5)).await;
    (serde_json::from_str(&whole).unwrap(), serde_json::from_str(&ended.figures.unwrap()).unwrap())
}

/// A run with all cash, two with ladders of coins and contracts, a sweep and a walk: together they tell all that may be told.
fn cases() -> [String; 5] {
    let strategy = r#", "strategy": "ema_cross""#;
    let each = format!(r#"{strategy}, "parameters": {{"fast": 2, "slow": 5}}"#);
    let drawn = r#""draws": 20, "goals": {"portfolio": "10001", "monthly_percent": 1}"#;
    let plan = r#""plan": {"base_order": {"quote": "50"}, "take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}}"#;
    [
        format!("{each}, {drawn}"),
        format!("{each}, {plan}"),
        format!(r#"{each}, {plan}, "leverage": 3, "funding_rate": "0.0001", "confidence_min": 1"#),
        format!(r#"{strategy}, "sweep": {TRIED}}}"#),
        format!(r#"{strategy}, "sweep": {TRIED}, "walk": "50:20", "by": "return"}}"#),
    ]
}

#[test]
fn what_is_answered_is_described_and_what_is_described_is_answered() {
    check_of(Interval::OneDay, async |world, series| {
        let (whole, short) = (Described::of::<BacktestResult>(), Described::of::<BacktestFigures>());
        let (mut told, mut in_short) = (Members::new(), Members::new());
        for rest in cases() {
            let (result, figures) = played(&world, &series, &rest).await;
            told.extend(whole.held("BacktestResult", &result).unwrap());
            in_short.extend(short.held("BacktestFigures", &figures).unwrap());
            let by_the_book = Described::of::<BacktestResult>().taking_more();
            assert!(by_the_book.held("BacktestResult", &result).is_ok(), "{rest}: it is one of them, and no other");
        }
        assert_eq!(told, whole.members());
        assert_eq!(in_short, short.members());
    });
}

#[test]
fn what_is_no_answer_is_described_by_none() {
    let whole = Described::of::<BacktestResult>().taking_more();
    let tries = json!({"by": "sharpe", "tried": 0, "skipped": 0, "tries": []});
    let both = json!({"by": "sharpe", "tried": 0, "skipped": 0, "tries": [], "steps": []});
    assert!(whole.held("BacktestResult", &tries).is_ok());
    for none in [both, json!({}), json!([]), json!({"equity": [1.5]})] {
        assert!(whole.held("BacktestResult", &none).is_err(), "{none}");
    }
}
