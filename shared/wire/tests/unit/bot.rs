use domain::clock::Timestamp;
use domain::ids::{BotId, UserId};
use domain::limits::BOT_RULES_BYTES_MAX;
use wire::alert::BadAlert;
use wire::bot::*;

fn told(wrong: &BadAlert) -> (&str, Vec<&str>) {
    (wrong.code, wrong.fields.iter().map(String::as_str).collect())
}

#[test]
fn a_bot_is_read_member_by_member_and_what_is_wrong_is_named() {
    let read = Asked::read(
        r#"{"name": "btc", "symbol": "BTCUSDT", "timeframe": "1h", "strategy": "RSI_CROSS", "preset": null,
            "parameters": {"period": 14, "rsi": "wilder"}, "plan": {"stop_loss_percent": 5}, "confidence_min": "0.7"}"#,
    )
    .unwrap();
    assert_eq!(read.symbol.unwrap().to_string(), "BTC/USDT");
    let parameters: Vec<_> = read.parameters.unwrap().into_iter().collect();
    let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(parameters, [of("period", "14"), of("rsi", "wilder")]);
    assert_eq!(read.plan.unwrap().text(), r#"{"stop_loss_percent":5}"#);
    assert_eq!((read.account, read.preset), (None, None));
    for (body, field) in [
        (r#"{"nam": "btc"}"#, "nam"),
        (r#"{"name": "BTC!"}"#, "name"),
        (r#"{"account": "mine"}"#, "account"),
        (r#"{"timeframe": "7m"}"#, "timeframe"),
        (r#"{"parameters": [1]}"#, "parameters"),
        (r#"{"parameters": {"period": []}}"#, "parameters.period"),
        (r#"{"plan": {"stop_los": 5}}"#, "plan.stop_los"),
        (r#"{"confidence_min": 0.7}"#, "confidence_min"),
        (r#"{"confidence_min": "70"}"#, "confidence_min"),
        (r#"{"name": 5}"#, "name"),
        (r#"{"bot_id": "bot_1"}"#, "bot_id"),
    ] {
        assert_eq!(told(&Asked::read(body).unwrap_err()).1, [field], "{body}");
    }
    assert_eq!(Asked::read("{").unwrap_err().code, BadAlert::INVALID_JSON);
    assert_eq!(told(&required::<()>(None, "symbol").unwrap_err()).1, ["symbol"]);
}

#[test]
fn rules_have_one_written_form_whatever_they_hold() {
    let rules = |rules: &str| Asked::read(&format!(r#"{{"rules": {rules}}}"#)).map(|asked| asked.rules);
    let written = r#"{"entry":{"left":"close","op":">","right":1.50},"exit":{"of":{"x":1},"within":3}}"#;
    let same = r#"{"exit": {"within": 3, "of": {"x": 1}}, "side": null, "entry": {"right": 1.50, "left": "close", "op": ">"}}"#;
    assert_eq!((rules(written).unwrap(), rules(same).unwrap()), (Some(written.to_owned()), Some(written.to_owned())));
    // As deep as rules may nest, and each of them once at its place.
    let deepest =
        (0..8).fold(r#"{"left":{"indicator":"rsi"}}"#.to_owned(), |inner, _| format!(r#"{{"all":[{inner}]}}"#));
    assert!(rules(&format!(r#"{{"entry":{deepest}}}"#)).is_ok());
    let long = |bytes: usize| format!(r#"{{"entry":"{}"}}"#, "x".repeat(bytes - r#"{"entry":""}"#.len()));
    assert!(rules(&long(BOT_RULES_BYTES_MAX)).is_ok());
    for wrong in ["[]".to_owned(), r#""rules.json""#.to_owned(), long(BOT_RULES_BYTES_MAX + 1)] {
        assert_eq!(told(&rules(&wrong).unwrap_err()).1, ["rules"]);
    }
}

#[test]
fn a_bot_that_is_kept_is_started_or_a_new_one() {
    let bot = BotId::at(Timestamp::from_millis(1_700_000_000_000), &["b"]);
    let user = UserId::of(&["u"]);
    let kept = Starts::read(&format!(r#"{{"bot_id": "{bot}", "user_id": "{user}"}}"#));
    assert_eq!(kept.unwrap(), (Some(user), Starts::Kept(bot.clone())));
    let new = Starts::read(r#"{"symbol": "BTC/USDT"}"#).unwrap();
    assert!(matches!(new, (None, Starts::New(asked)) if asked.symbol.is_some()));
    let both = Starts::read(&format!(r#"{{"bot_id": "{bot}", "symbol": "BTC/USDT"}}"#));
    assert_eq!(told(&both.unwrap_err()).1, ["symbol"]);
}
