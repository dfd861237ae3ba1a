use super::*;
use crate::args::{AlertAct, Alerts, Command};
use clap::Parser;
use domain::alert::{IntentType, Side as In, Stance};
use domain::money::Fraction;
use domain::signal::{Live, Meaning, meaning, out_of_order, wish};

/// TradingView's side of it: what stands in double braces is filled in.
fn fill(text: &str) -> String {
    let values = [
        ("{{exchange}}", "BINANCE"),
        ("{{ticker}}", "BTCUSDT"),
        ("{{interval}}", "15"),
        ("{{close}}", "100.5"),
        ("{{time}}", "2025-11-20T08:45:00Z"),
        ("{{timenow}}", "2025-11-20T08:51:00Z"),
        ("{{strategy.order.action}}", "buy"),
        ("{{strategy.order.id}}", "Long"),
        ("{{strategy.order.contracts}}", "0.1"),
        ("{{strategy.order.price}}", "100.4"),
        ("{{strategy.market_position}}", "long"),
        ("{{strategy.market_position_size}}", "0.1"),
        ("{{strategy.prev_market_position}}", "flat"),
        ("{{strategy.prev_market_position_size}}", "0"),
    ];
    values.into_iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[test]
fn every_text_to_paste_is_understood_once_it_is_filled_in() {
    let check = |alert: Alert, intent: Option<IntentType>, exchange: Option<&str>| {
        let filled = fill(&text(alert, exchange));
        assert!(!filled.contains("{{"), "{filled}");
        let understood = wire::alert::parse(&filled, None).unwrap();
        assert_eq!(understood.intent, intent);
        assert_eq!(understood.exchange.as_str(), exchange.unwrap_or("BINANCE"));
        assert_eq!(understood.side, Some(Stance::In(In::Long)));
        assert_eq!(understood.fields.any(), alert == Alert::Strategy);
        assert!(understood.sent_at.is_some());
    };
    check(Alert::Strategy, None, None);
    check(Alert::Strategy, None, Some("PAPER"));
    check(Alert::IndicatorEntry, Some(IntentType::Entry), Some("PAPER"));
    check(Alert::IndicatorExit, Some(IntentType::Exit), None);
}

#[test]
fn a_text_to_paste_names_the_preset_that_was_asked_for() {
    let named =
        |alert: Alert| wire::alert::open(for_preset(&text(alert, None), "btc-grid").as_bytes()).preset().unwrap();
    assert_eq!([named(Alert::Strategy), named(Alert::IndicatorEntry)].map(|name| name.to_string()), ["btc-grid"; 2]);
}

#[test]
fn an_alert_made_of_options_says_what_they_say() {
    let alert = parsed("--type entry --side long --price 100.5 --timeframe 15 --account default --max-lag-seconds 60");
    assert_eq!((alert.account.as_deref(), alert.id), (Some("default"), None));
    assert_eq!((alert.intent, alert.side), (Some(IntentType::Entry), Some(Stance::In(In::Long))));
    assert_eq!((alert.symbol.to_string(), alert.max_lag.get()), ("BTC/USDT".to_owned(), 60_000));
    assert_eq!(alert.sent_at.unwrap().millis(), 1_763_628_660_000);
    assert_eq!(alert.close.unwrap().to_string(), "100.5");
}

#[test]
fn an_alert_made_of_options_names_its_preset() {
    let body = written(&options("--type entry --side long --preset btc-grid"), jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(wire::alert::open(body.as_bytes()).preset().unwrap().to_string(), "btc-grid");
}

#[test]
fn a_strategys_sizes_mean_what_they_mean_in_its_own_alert() {
    let check = |sizes: &str, held: bool, expected: &Meaning| {
        let alert = parsed(&format!("--side long {sizes}"));
        let live = held.then_some(Live { side: In::Long, closing: false, pyramids: true });
        let meaning = meaning(wish(&alert).unwrap(), &alert, live, false);
        assert_eq!((meaning, out_of_order(&alert, live)), (expected.clone(), false), "{sizes}");
    };
    let share = Fraction::whole(2).over(&Fraction::whole(5)).unwrap();
    check("--position 0.6 --was 1", true, &Meaning::Reduce(share));
    check("--position 0 --was 1.5", true, &Meaning::Close);
    check("--position 1 --was 0", false, &Meaning::Enter(In::Long));
    check("--position 2 --was 1", true, &Meaning::Add);
}

#[test]
fn under_an_id_the_body_is_the_same_whenever_it_is_sent() {
    let send = options("--type exit --id a-1");
    let bodies = ["2025-11-20T08:51:00Z", "2025-11-20T09:51:00Z"].map(|now| written(&send, now.parse().unwrap()));
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(parsed("--type exit --id a-1").id.as_deref(), Some("a-1"));
}

fn parsed(more: &str) -> domain::alert::Alert {
    wire::alert::parse(&written(&options(more), "2025-11-20T08:51:00Z".parse().unwrap()), None).unwrap()
}

fn options(more: &str) -> Box<Send> {
    let line = format!("moniqo alerts send --exchange PAPER --symbol BTC/USDT {more}");
    match Cli::try_parse_from(line.split_whitespace()).unwrap().command {
        Command::Alerts(Alerts { act: Some(AlertAct::Send(send)), .. }) => send,
        other => unreachable!("{other:?}"),
    }
}
