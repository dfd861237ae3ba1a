use domain::clock::Timestamp;
use domain::market::{Filters, Market, MarketKey};
use domain::market::{MarketKind, Maxima, Stops};
use utoipa::PartialSchema as _;
use wire::alert::BadAlert;
use wire::backtest::asked::{FUNDING, GOALS, LIMITS, MEMBERS, OPTIONS, SWEEP};
use wire::backtest::*;
use wire::view;

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);
const BEGIN: &str = r#""exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h", "since": "2025-11-01T00:00:00Z""#;

fn read(rest: &str) -> Result<Asked, BadAlert> {
    Asked::read(&format!("{{{BEGIN}{rest}}}"), NOW)
}

#[test]
fn what_is_asked_for_is_written_in_one_form_and_read_again() {
    let asked = read(
        r#", "strategy": "ema_cross", "parameters": {"slow": 20, "fast": "5"}, "cash": 1e4, "goals": {"portfolio": 5},
            "sweep": {"tried": {"slow": "20:40:5", "fast": "5,10"}, "search": "random", "tries": 7}, "draws": null"#,
    )
    .unwrap();
    assert_eq!((asked.until, asked.option("cash"), asked.option("draws")), (NOW, Some("1e4".to_owned()), None));
    let names: Vec<_> = asked.sweep.as_ref().unwrap().tried.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["slow", "fast"], "in the order in which they were written");
    assert_eq!(Asked::read(&asked.text(), Timestamp::from_millis(0)).unwrap(), asked);
    let market = market();
    let options = |asked: Asked| {
        ["fee_rate", "notional_min", "quantity_min", "market_quantity_max", "orders_max"]
            .map(|name| asked.option(name).unwrap_or_default())
    };
    let in_market = asked.in_market(&market);
    assert_eq!(Asked::read(&in_market.text(), NOW).unwrap(), in_market);
    assert_eq!(options(in_market), ["0.001", "5", "0.0001", "70", "200"]);
    let own = read(r#", "market_quantity_max": 3, "fee_rate": "0""#).unwrap().in_market(&market);
    assert_eq!(options(own), ["0", "5", "0.0001", "3", "200"]);
    let of_rules = read(r#", "rules": {"exit": null, "entry": [1.50]}, "ladder": {"side": "long"}"#).unwrap();
    assert_eq!(of_rules.rules().as_deref(), Some(r#"{"entry":[1.50]}"#));
    assert_eq!(Asked::read(&of_rules.text(), NOW).unwrap(), of_rules);
    assert_eq!(of_rules.in_market(&market).option("fee_rate"), None, "the ladder says it");
}

fn market() -> Market {
    let most = |text: &str| Some(text.parse().unwrap());
    let filters = Filters {
        price_tick: "0.01".parse().unwrap(),
        quantity_step: "0.0001".parse().unwrap(),
        quantity_min: "0.0001".parse().unwrap(),
        notional_min: "5".parse().unwrap(),
        most: Maxima::told(most("90"), most("70"), None),
    };
    Market {
        key: MarketKey::named("BINANCE".parse().unwrap(), "BTC/USDT".parse().unwrap()),
        kind: MarketKind::Spot,
        filters,
        fee: "0.001".parse().unwrap(),
        can_short: false,
        stops: Stops::Polled,
        orders_max: Some(200),
        at_venue: None,
    }
}

#[test]
fn what_a_bot_and_its_account_ask_and_what_was_paid_are_written_and_read_again() {
    let asked = read(
        r#", "plan": {"time_limit_minutes": 90, "cooldown_minutes": "60"}, "confidence_min": 0.7,
            "limits": {"day_loss_max": 50}, "funding": {"since": "2025-11-01T00:00:00Z", "every_hours": 4, "rates": ["0.0001", -0.00002]}"#,
    )
    .unwrap();
    assert_eq!(asked.plan().as_deref(), Some(r#"{"cooldown_minutes":"60","time_limit_minutes":90}"#));
    assert_eq!(asked.limits(), [("day_loss_max".to_owned(), "50".to_owned())]);
    let paid: Vec<_> =
        asked.funding.as_ref().unwrap().timed().into_iter().map(|(at, rate)| (at, rate.to_string())).collect();
    assert_eq!(paid, [(1_761_955_200_000, "0.0001".to_owned()), (1_761_969_600_000, "-0.00002".to_owned())]);
    assert_eq!(Asked::read(&asked.text(), NOW).unwrap(), asked);
    assert!(asked.bytes_of_each() < asked.text().len());
}

/// Members by their names.
fn described<T: utoipa::PartialSchema>() -> serde_json::Map<String, serde_json::Value> {
    let schema = serde_json::to_value(T::schema()).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    schema["properties"].as_object().unwrap().clone()
}

#[test]
fn what_is_described_is_what_is_read() {
    let check = |described: serde_json::Map<String, serde_json::Value>, read: &[&str]| {
        let mut read = read.to_vec();
        read.sort_unstable();
        assert_eq!(described.keys().collect::<Vec<_>>(), read);
    };
    check(described::<view::NewBacktest>(), &MEMBERS);
    check(described::<view::BacktestGoals>(), &GOALS);
    check(described::<view::BacktestFunding>(), &FUNDING);
    check(described::<view::BacktestLimits>(), &LIMITS);
    check(described::<view::NewSweep>(), &SWEEP);
}

#[test]
fn an_option_is_taken_as_a_number_and_as_text_and_is_described_so() {
    let described = described::<view::NewBacktest>();
    for name in OPTIONS {
        for (written, taken) in [("1", Some("1")), (r#""1""#, Some("1")), ("null", None)] {
            let asked = read(&format!(r#", "{name}": {written}"#)).unwrap();
            assert_eq!(asked.option(name).as_deref(), taken, "{name}");
        }
        let kinds = described[name].to_string();
        let is_named = ["NumberOrText", "CountOrText"].iter().any(|kind| kinds.contains(kind));
        assert!(is_named && kinds.contains(r#""null""#), "{name}: {kinds}");
    }
    for (schema, number) in [(view::NumberOrText::schema(), "number"), (view::CountOrText::schema(), "integer")] {
        assert_eq!(serde_json::to_value(schema).unwrap()["type"], serde_json::json!(["string", number]));
    }
    let sweep = read(r#", "sweep": {"tried": {"fast": 5, "slow": null}, "tries": 7, "split": 70}"#).unwrap().sweep;
    assert_eq!(sweep.unwrap().tried, [("fast".to_owned(), "5".to_owned())]);
}

#[test]
fn what_is_wrong_is_named() {
    for (rest, field) in [
        (r#", "cash": "NaN""#, "cash"),
        (r#", "seed": """#, "seed"),
        (r#", "cash": [1]"#, "cash"),
        (r#", "draw": 1"#, "draw"),
        (r#", "name": "x""#, "name"),
        (r#", "until": "tomorrow""#, "until"),
        (r#", "until": 5"#, "until"),
        (r#", "goals": {"riches": 1}"#, "goals.riches"),
        (r#", "goals": 3"#, "goals"),
        (r#", "parameters": {"fast": "nan"}"#, "parameters.fast"),
        (r#", "parameters": {"fast": {}}"#, "parameters.fast"),
        (r#", "sweep": {}"#, "sweep.tried"),
        (r#", "sweep": {"tried": {"fast": true}}"#, "sweep.tried.fast"),
        (r#", "sweep": {"tried": {}, "cores": 3}"#, "sweep.cores"),
        (r#", "rules": []"#, "rules"),
        (r#", "plan": {"cooldown": 5}"#, "plan.cooldown"),
        (r#", "plan": {"cooldown_minutes": 0}"#, "plan.cooldown_minutes"),
        (r#", "limits": {"trades_per_day_max": 5}"#, "limits.trades_per_day_max"),
        (r#", "funding": {"rates": [1]}"#, "funding.since"),
        (r#", "funding": {"since": "2025-11-01T00:00:00Z", "rates": []}"#, "funding.rates"),
        (r#", "funding": {"since": "2025-11-01T00:00:00Z", "rates": ["x"]}"#, "funding.rates[0]"),
        (r#", "funding": {"since": "2025-11-01T00:00:00Z", "every_hours": 0, "rates": [0]}"#, "funding.every_hours"),
    ] {
        assert_eq!(read(rest).unwrap_err().fields, [field], "{rest}");
    }
    let long = format!(r#", "cash": "{}""#, "9".repeat(201));
    assert_eq!(read(&long).unwrap_err().fields, ["cash"]);
    assert_eq!(Asked::read("{", NOW).unwrap_err().code, BadAlert::INVALID_JSON);
    assert_eq!(Asked::read("{}", NOW).unwrap_err().fields, ["exchange"]);
}
