//! What is compared: numbers, prices and indicators.

use super::bad::BadRules;
use super::indicator::{self, Indicator};
use super::node::{Node, Object};
use super::reader::Reader;
use super::{RULES_BARS_MAX, RULES_NUMBER_MAX};
use crate::parameters::{Kind, Parameter, Value};
use indicators::Field;

pub(super) const ALLOWED: &str =
    "must be a number, open, high, low, close or volume, or an object with indicator or price";

pub(super) const NUMBER: Kind = Kind::Number { least: -RULES_NUMBER_MAX, most: RULES_NUMBER_MAX, default: 0.0 };
/// The columns of a candle.
pub(super) const PRICES: Kind = Kind::Choice(&["close", "open", "high", "low", "volume"]);
pub(super) const AGO: Parameter = Parameter {
    name: "ago",
    doc: "The value of so many bars ago.",
    kind: Kind::Whole { least: 0, most: RULES_BARS_MAX, default: 0 },
};
pub(super) const TIMES: Parameter = Parameter {
    name: "times",
    doc: "What the value is multiplied by.",
    kind: Kind::Number { least: -1e6, most: 1e6, default: 1.0 },
};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Line(Line),
}

/// What has a value on each bar.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) of: Of,
    pub(super) ago: u32,
    pub(super) times: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Of {
    Price(Field),
    /// One of the indicator's lines, by its place.
    Indicator(Indicator, usize),
}

pub(super) fn read(reader: &mut Reader<'_>, node: &Node<'_>) -> Result<Operand, BadRules> {
    let wrong = || node.wrong(ALLOWED);
    if let Some(text) = reader.given(&node.path) {
        return plain(number(text), text).ok_or_else(wrong);
    }
    if node.is_object() {
        return line(reader, &node.object(ALLOWED)?).map(Operand::Line);
    }
    match node.number() {
        Some(digits) => {
            let number = number(digits).ok_or_else(|| node.wrong(&format!("must be {NUMBER}")))?;
            Ok(Operand::Number(number))
        }
        None => node.word().and_then(|word| plain(None, &word)).ok_or_else(wrong),
    }
}

fn number(text: &str) -> Option<f64> {
    match NUMBER.read(text) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// A number, or the price of this name.
fn plain(number: Option<f64>, name: &str) -> Option<Operand> {
    let price = || Some(Operand::Line(Line { of: Of::Price(price(name)?), ago: 0, times: 1.0 }));
    number.map(Operand::Number).or_else(price)
}

fn line(reader: &mut Reader<'_>, object: &Object<'_>) -> Result<Line, BadRules> {
    let of = if object.has("indicator") {
        let (indicator, output) = indicator::read(reader, object)?;
        Of::Indicator(indicator, output)
    } else {
        object.only(&["price", "ago", "times"])?;
        let named = match reader.value(object, "price", &PRICES)? {
            Some(Value::Choice(word)) => price(word),
            _ => None,
        };
        Of::Price(named.ok_or_else(|| BadRules::new(object.path("price"), format!("must be {PRICES}")))?)
    };
    let ago = match reader.parameter(object, &AGO)? {
        Value::Whole(bars) => bars,
        Value::Number(_) | Value::Choice(_) => 0,
    };
    let times = match reader.parameter(object, &TIMES)? {
        Value::Number(times) => times,
        Value::Whole(_) | Value::Choice(_) => 1.0,
    };
    Ok(Line { of, ago, times })
}

/// The column of this name.
pub(super) fn price(name: &str) -> Option<Field> {
    [Field::Open, Field::High, Field::Low, Field::Close, Field::Volume].into_iter().find(|field| field.name() == name)
}
