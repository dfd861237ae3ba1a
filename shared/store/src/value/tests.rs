use super::*;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Held(u8),
    Pair(i64, String),
    Named { at: i64, why: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    id: String,
    count: u64,
    less: i64,
    share: f64,
    is: bool,
    letter: char,
    nothing: Option<u8>,
    list: Vec<Kind>,
    by_name: BTreeMap<String, i32>,
    by_number: BTreeMap<u16, Kind>,
    unit: (),
    pair: (u8, String),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Plain),
        any::<u8>().prop_map(Kind::Held),
        (any::<i64>(), any::<String>()).prop_map(|(at, text)| Kind::Pair(at, text)),
        (any::<i64>(), any::<Option<String>>()).prop_map(|(at, why)| Kind::Named { at, why }),
    ]
}

prop_compose! {
    fn row()(
        id: String, count: u64, less: i64, share in -1e12..1e12, is: bool, letter: char, nothing: Option<u8>,
        list in prop::collection::vec(kind(), 0..4), by_name: BTreeMap<String, i32>,
        by_number in prop::collection::btree_map(any::<u16>(), kind(), 0..4), pair: (u8, String),
    ) -> Row {
        Row { id, count, less, share, is, letter, nothing, list, by_name, by_number, unit: (), pair }
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read(row in row()) {
        let item = to_item(&row).unwrap();
        prop_assert_eq!(from_item::<Row>(&item).unwrap(), row);
    }
}

fn text(text: &str) -> Value {
    Value::S(text.to_owned())
}

#[test]
fn each_kind_of_value_has_its_type() {
    let number = |digits: &str| Value::N(digits.to_owned());
    assert_eq!(to_value(&u64::MAX), Ok(number("18446744073709551615")));
    assert_eq!(to_value(&-1_i8), Ok(number("-1")));
    assert_eq!(to_value("BTC"), Ok(text("BTC")));
    assert_eq!(to_value(&true), Ok(Value::Bool(true)));
    assert_eq!(to_value(&None::<u8>), Ok(Value::Null));
    assert_eq!(to_value(&Kind::Plain), Ok(text("Plain")));
    assert_eq!(to_value(&Kind::Held(7)), Ok(Value::M(Item::from([("Held".into(), number("7"))]))));
    assert_eq!(to_value(&[1_u8, 2]), Ok(Value::L(vec![number("1"), number("2")])));
    assert_eq!(to_value(&BTreeMap::from([(5_u16, 1)])), Ok(Value::M(Item::from([("5".into(), number("1"))]))));
}

#[test]
fn what_is_not_understood_is_an_error_and_no_default() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Small {
        count: u8,
        #[serde(default)]
        kind: Option<Kind>,
    }
    let read = |name: &'static str, value: Value| {
        let mut item = Item::from([("count".into(), Value::N("1".to_owned()))]);
        item.insert(name.into(), value);
        from_item::<Small>(&item).map_err(|mismatch| mismatch.to_string())
    };
    assert_eq!(read("other", Value::Null), Ok(Small { count: 1, kind: None }), "what it does not know it leaves alone");
    for (name, value, says) in [
        ("count", Value::N("256".to_owned()), "invalid value: integer `256`, expected u8"),
        ("count", Value::N("1.5".to_owned()), "invalid type: floating point `1.5`, expected u8"),
        ("count", Value::N("many".to_owned()), "\"many\" is no number"),
        ("count", text("1"), "invalid type: string \"1\", expected u8"),
        ("kind", text("Other"), "unknown variant `Other`, expected one of `Plain`, `Held`, `Pair`, `Named`"),
        ("kind", text("Held"), "\"Held\" holds nothing"),
        ("kind", Value::M(Item::new()), "a variant is named by one member"),
        ("kind", Value::Bool(true), "a variant is a text or a map"),
    ] {
        assert_eq!(read(name, value), Err(says.to_owned()));
    }
    assert_eq!(from_item::<Small>(&Item::new()).unwrap_err().to_string(), "missing field `count`");
    assert!(to_item("a text").is_err());
    assert!(to_value(&BTreeMap::from([(true, 1)])).is_err());
}

#[test]
fn attributes_stand_in_the_order_of_their_names_each_once() {
    let mut item = Item::from([("b".into(), text("1")), ("a".into(), text("2")), ("b".into(), text("3"))]);
    assert_eq!(
        item.iter().map(|(name, value)| (name.as_ref(), value.as_text())).collect::<Vec<_>>(),
        [("a", Some("2")), ("b", Some("3"))]
    );
    assert_eq!(item.insert("c".into(), Value::Null), None);
    assert_eq!(item.insert("a".into(), text("4")), Some(text("2")));
    assert_eq!((item.remove("b"), item.remove("b"), item.contains_key("b")), (Some(text("3")), None, false));
    item.retain(|_, value| !value.is_null());
    assert_eq!(item, Item::from([("a".into(), text("4"))]));
}
