use wire::view::*;

#[test]
fn what_is_shown_of_a_bot_is_read_back() {
    let terms = r#""account_id":"acc_1","exchange":"PAPER","symbol":"BTC/USDT","timeframe":"1h","strategy":"RULES","parameters":{"a":"1"},"rules":{"exit":1},"in_words":["Enters."],"preset":null,"plan":{"total":"1.50"},"confidence_min":"0""#;
    let bot = format!(
        r#"{{"id":"bot_1","version":1,"name":"one",{terms},"running":false,"run_id":null,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","updated_by":"usr_1"}}"#
    );
    assert_eq!(serde_json::to_string(&serde_json::from_str::<Bot>(&bot).unwrap()).unwrap(), bot);
}
