//! What members of bodies are read from, and what they are refused for.

use domain::market::Exchange;
use domain::money::Amount;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::member::*;

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|wrong| wrong.to_string())
}

fn check<T: DeserializeOwned>(value: &Value, wrong: &str) {
    let refused = read::<T>(value).err().expect("it is refused");
    assert!(refused.ends_with(wrong), "{value}: {refused}");
}

#[test]
fn text_is_read_without_the_blanks_around_it() {
    assert_eq!(&*read::<Reason>(&json!(" why \n")).unwrap(), "why");
    assert_eq!(&*read::<ShortText>(&json!("x".repeat(200))).unwrap(), "x".repeat(200));
    for value in [json!(""), json!(" "), json!("x".repeat(201)), json!(7), json!(["x"]), json!({})] {
        check::<ShortText>(&value, "a text of 1 to 200 characters");
    }
    check::<Reason>(&Value::Null, "is required: why, in a few words");
    check::<ShortText>(&Value::Null, "is required");
}

#[test]
fn label_is_plain_and_not_trimmed() {
    assert_eq!(&*read::<Label>(&json!("my chart_1.0-b")).unwrap(), "my chart_1.0-b");
    for value in [" x", "x ", "a  b", "a#b", "", &"x".repeat(41)] {
        let rule = "must have 1 to 40 letters, digits, dots, dashes and underscores, with single blanks between";
        check::<Label>(&json!(value), rule);
    }
}

#[test]
fn number_is_within_its_bounds() {
    assert_eq!(read::<Whole<0, 9>>(&json!(9)).unwrap(), Whole(9));
    for value in [json!(10), json!(-1), json!(1.5), json!("1"), json!(u64::MAX), json!(i64::MIN), json!(true)] {
        check::<Whole<0, 9>>(&value, "expected a whole number from 0 to 9");
    }
    assert_eq!(read::<Positive>(&json!(" 12.5 ")).unwrap(), Positive("12.5".parse().unwrap()));
    assert_eq!(read::<NotNegative>(&json!("0")).unwrap(), NotNegative(Amount::ZERO));
    check::<Positive>(&json!("0"), "must be a decimal above 0, as a text such as \"250\"");
    check::<NotNegative>(&json!("-0.1"), "must be a decimal of 0 or more, as a text such as \"250\"");
    check::<Positive>(&json!("ten"), "must be a decimal number such as 12.5");
    check::<Positive>(&json!("1e15"), "must be at most 999999999999999 with 12 decimals");
}

#[test]
fn list_has_each_value_once_and_at_most_so_many() {
    let two = json!(["BINANCE", "KRAKEN", "BINANCE"]);
    let read_as = ["BINANCE", "KRAKEN"].map(|name| name.parse::<Exchange>().unwrap());
    assert_eq!(read::<Several<Exchange, 3>>(&two).unwrap().0, read_as);
    assert_eq!(read::<Several<Exchange, 3>>(&json!([])).unwrap().0, []);
    for value in [json!(["A", "B", "C", "D"]), json!("A"), json!([1]), json!([["A"]]), json!({"A": 1})] {
        check::<Several<Exchange, 3>>(&value, "expected a list of at most 3 texts");
        check::<Limiting<Exchange, 3>>(&value, "expected a list of at most 3 texts");
    }
    check::<Limiting<Exchange, 3>>(&json!([]), "must name at least one; null limits nothing");
}

#[test]
fn moment_is_as_rfc_3339_has_it() {
    assert_eq!(read::<Moment>(&json!("1970-01-01T00:00:01Z")).unwrap().0.millis(), 1_000);
    for value in ["", "tomorrow", "2030-01-01", "2030-01-01T00:00:00"] {
        check::<Moment>(&json!(value), "must be a time such as 2030-01-01T00:00:00Z");
    }
}

/// As people paste what Coinbase shows them (https://github.com/ccxt/ccxt/issues/25006, https://github.com/ccxt/ccxt/issues/21226,
/// https://github.com/Lumiwealth/lumibot/pull/995).
#[test]
fn key_is_read_however_it_was_pasted() {
    let key = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";
    let secret = |text: &str| read::<ApiSecret>(&json!(text)).map(ApiSecret::into_text).unwrap();
    assert_eq!(secret(key), key.trim());
    assert_eq!(secret(&key.replace('\n', "\r\n")), key.trim());
    assert_eq!(secret(&format!("\r\n {key} \n\n")), key.trim());
    let escaped = key.trim().replace('\n', "\\n");
    assert_eq!(secret(&escaped), escaped, "its exchange unescapes it");
    let name = "organizations/1/apiKeys/2";
    assert_eq!(read::<ApiKey>(&json!(format!(" {name} \n"))).map(ApiKey::into_text).unwrap(), name);
    assert_eq!(read::<Passphrase>(&json!("a b")).map(Passphrase::into_text).unwrap(), "a b");
}

#[test]
fn character_that_a_key_must_not_hold_is_named_and_not_repeated() {
    for (secret, holds) in [
        ("a\rbc", "it holds a line break"),
        ("a\tbc", "it holds a tab"),
        ("a\u{a0}bc", "it holds a blank"),
        ("a\u{7}bc", "it holds a control character"),
        ("a\u{2013}bc", "it holds a character that is not ASCII"),
        (" \n ", "as the exchange shows it"),
    ] {
        let wrong = read::<ApiSecret>(&json!(secret)).err().unwrap();
        assert!(wrong.starts_with("must have 1 to 1600") && wrong.ends_with(holds), "{secret:?}: {wrong}");
        assert!(!wrong.contains("bc"), "{wrong}");
    }
    assert!(read::<ApiKey>(&json!("k\ney")).is_err() && read::<ApiKey>(&json!("k".repeat(257))).is_err());
    assert_eq!(read::<Insisted>(&json!(INSISTED)), Ok(Insisted));
    check::<Insisted>(&json!("planted"), &format!("must be left out, or say \"{INSISTED}\""));
}

proptest! {
    #[test]
    fn no_text_panics_or_is_repeated(text in "\\PC*planted\\PC*") {
        let value = json!(text);
        let wrongs = [
            read::<Written<Exchange>>(&value).err(),
            read::<Positive>(&value).err(),
            read::<Moment>(&value).err(),
            read::<Insisted>(&value).err(),
            read::<ApiSecret>(&value).err(),
            read::<Limiting<Exchange, 3>>(&json!([text])).err(),
        ];
        for wrong in wrongs.into_iter().flatten() {
            prop_assert!(!wrong.contains("planted"), "{}", wrong);
        }
    }
}
