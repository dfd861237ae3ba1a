//! Conditions as they are written.

use super::bad::BadRules;
use super::node::{Node, Object};
use super::operand::{self, Operand};
use super::reader::Reader;
use super::{CONDITIONS_MAX, RULES_BARS_MAX};
use crate::parameters::{Kind, Value};

pub(super) const ALLOWED: &str =
    "must be a condition: an object with all, any, not, within and of, or left, op and right";

const FORMS: &[&str] = &["all", "any", "not", "within", "of", "left", "op", "right"];
const PARTS: &[&str] = &["left", "op", "right"];
/// The words and signs between the two sides of a comparison.
pub(super) const OPERATORS: &[&str] = &["<", "<=", ">", ">=", "crosses_above", "crosses_below"];
/// Bars that a condition is remembered for.
pub(super) const WITHIN: Kind = Kind::Whole { least: 1, most: RULES_BARS_MAX, default: 1 };

/// What is true or false at the close of a bar, once all of it is defined.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// On one of the last bars, this one included.
    Within {
        bars: u32,
        of: Box<Self>,
    },
    Compare(Comparison),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub(super) left: Operand,
    pub(super) operator: Operator,
    pub(super) right: Operand,
}

/// What stands between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Below,
    AtMost,
    Above,
    AtLeast,
    CrossesAbove,
    CrossesBelow,
}

/// A condition with so many around it, itself counted.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node<'_>, depth: usize) -> Result<Condition, BadRules> {
    reader.enter(node, depth)?;
    let object = node.object(ALLOWED)?;
    let inner = depth.saturating_add(1);
    if object.has("all") {
        return Ok(Condition::All(list(reader, &object, "all", inner)?));
    }
    if object.has("any") {
        return Ok(Condition::Any(list(reader, &object, "any", inner)?));
    }
    if object.has("not") {
        object.only(&["not"])?;
        let of = read(reader, &object.needed("not", ALLOWED)?, inner)?;
        return Ok(Condition::Not(Box::new(of)));
    }
    if object.has("within") {
        object.only(&["within", "of"])?;
        let bars = match reader.value(&object, "within", &WITHIN)? {
            Some(Value::Whole(bars)) => bars,
            _ => 1,
        };
        let of = read(reader, &object.needed("of", ALLOWED)?, inner)?;
        return Ok(Condition::Within { bars, of: Box::new(of) });
    }
    if !PARTS.iter().any(|part| object.has(part)) {
        object.only(FORMS)?;
        return Err(node.wrong(ALLOWED));
    }
    comparison(reader, &object).map(Condition::Compare)
}

fn list(reader: &mut Reader<'_>, object: &Object<'_>, name: &str, depth: usize) -> Result<Vec<Condition>, BadRules> {
    object.only(&[name])?;
    let allowed = format!("must be a list of 1 to {CONDITIONS_MAX} conditions");
    let node = object.needed(name, &allowed)?;
    let items = node.items(&allowed)?;
    if items.is_empty() {
        return Err(node.wrong(&allowed));
    }
    items.iter().map(|item| read(reader, item, depth)).collect()
}

fn comparison(reader: &mut Reader<'_>, object: &Object<'_>) -> Result<Comparison, BadRules> {
    object.only(PARTS)?;
    let left = operand::read(reader, &object.needed("left", operand::ALLOWED)?)?;
    let operator = match reader.value(object, "op", &Kind::Choice(OPERATORS))? {
        Some(Value::Choice(word)) => Operator::named(word),
        _ => None,
    };
    let operator = operator.ok_or_else(|| {
        let allowed = format!("must be {}", Kind::Choice(OPERATORS));
        BadRules::new(object.path("op"), allowed)
    })?;
    let node = object.needed("right", operand::ALLOWED)?;
    let right = operand::read(reader, &node)?;
    if let (Operand::Number(_), Operand::Number(_)) = (&left, &right) {
        return Err(node.wrong("must be a price or an indicator where left is a number"));
    }
    Ok(Comparison { left, operator, right })
}

impl Operator {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "<" => Self::Below,
            "<=" => Self::AtMost,
            ">" => Self::Above,
            ">=" => Self::AtLeast,
            "crosses_above" => Self::CrossesAbove,
            "crosses_below" => Self::CrossesBelow,
            _ => return None,
        })
    }

    pub(super) fn is_crossing(self) -> bool {
        matches!(self, Self::CrossesAbove | Self::CrossesBelow)
    }
}
