//! Texts that nobody has thought of.

use domain::signal::wish;
use proptest::prelude::*;
use wire::alert::{Opened, open};

const SECRET: &str = "whk_Zq7sSecretOfTheToken";

fn any_of(words: &'static str) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned)
}

/// Lines that look much like OctoBot's.
fn lines() -> impl Strategy<Value = String> {
    let key = any_of("EXCHANGE SYMBOL SIGNAL ORDER_TYPE PRICE VOLUME REDUCE_ONLY TIMESTAMP TAG token A");
    let value = prop_oneof![
        9 => any_of("BINANCE BTCUSDT BUY SELL LIMIT MARKET 1 true 64000 10%  {{close}} \\ n"),
        1 => any::<String>(),
    ];
    let line = (key, value).prop_map(|(key, value)| format!("{key}={value}"));
    let between = prop_oneof![9 => prop::sample::select(vec!["\n", ";", "\\n", "\r\n", " ;\n"]), 1 => Just(" ")];
    let line = (line, between).prop_map(|(line, between)| line + between);
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.concat())
}

fn plain() -> impl Strategy<Value = String> {
    let word = any_of("buy SELL Long short exit close hold ");
    let market = any_of("BTCUSDT BINANCE:BTCUSDT BINANCE:BTC/USDT:USDT : BTC é:BTCUSDT");
    (word, "\\s{0,3}", market, "\\PC{0,4}").prop_map(|(word, space, market, rest)| word + &space + &market + &rest)
}

/// JSON that looks much like a signal bot's.
fn signal() -> impl Strategy<Value = String> {
    let name = any_of(
        "max_lag timestamp trigger_price tv_exchange tv_instrument action bot_uuid strategy_info order amount \
         currency_type order_type price market_position secret",
    );
    let leaf = prop_oneof![
        "[1-9]\\.[0-9]{1,40}",
        "[1-9][eE][-+]?[0-9]{1,12}",
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        any_of(
            "BINANCE BTCUSDT enter_long exit_long buy sell base quote position_percent 100 limit flat long {{close}}"
        )
        .prop_map(|word| format!("\"{word}\"")),
    ];
    leaf.prop_recursive(3, 30, 9, move |inner| {
        let member = (name.clone(), inner).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop::collection::vec(member, 0..9).prop_map(|members| format!("{{{}}}", members.join(",")))
    })
}

/// What is understood asks for something, and what is kept is the same alert.
fn check(text: &str) -> Result<(), TestCaseError> {
    let opened = open(text.as_bytes());
    if let Ok(alert) = opened.alert() {
        prop_assert!(wish(&alert).is_ok(), "{text}");
    }
    let again = open(opened.body.as_bytes());
    prop_assert_eq!(&again.body, &opened.body);
    prop_assert_eq!(&again.secret, &None);
    let meant = |opened: &Opened| opened.alert().map_err(|wrong| (wrong.code, wrong.fields));
    prop_assert_eq!(meant(&again), meant(&opened));
    Ok(())
}

/// Whether the secret is in what is stored, answered or logged.
fn tells(text: &str) -> bool {
    let opened = open(text.as_bytes());
    let told = opened.alert().err().map(|wrong| wrong.detail).unwrap_or_default();
    opened.body.contains(SECRET) || told.contains(SECRET) || format!("{opened:?}").contains(SECRET)
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_its_body_is_stable(text in prop_oneof![lines(), plain(), signal(), any::<String>()]) {
        check(&text)?;
    }

    #[test]
    fn no_token_among_lines_is_told(
        before in prop_oneof![4 => lines(), 1 => any::<String>()],
        name in any_of("TOKEN token SECRET Secret WEBHOOK_TOKEN"),
        space in "[ \\t]{0,2}",
        after in prop_oneof![4 => lines(), 1 => any::<String>()],
    ) {
        let text = format!("{before}\n{name}{space}={space}{SECRET}\n{after}");
        prop_assert!(!tells(&text), "{}", text);
    }

    #[test]
    fn no_secret_of_a_signal_is_told(text in signal()) {
        let text = text.replacen('{', &format!("{{\"secret\":\"{SECRET}\","), 1).replace(",}", "}");
        prop_assert!(!tells(&text), "{}", text);
    }
}
