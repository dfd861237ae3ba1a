//! What rules may be, as JSON Schema 2020-12: made of the tables from which they are read.
//!
//! What a schema cannot say is left to the reader: how deep and how many conditions are, that the slow of two periods is not the
//! shorter one, that something other than numbers is compared.

use super::condition::{OPERATORS, WITHIN};
use super::indicator::{IndicatorKind, KINDS};
use super::operand::{AGO, NUMBER, PRICES, TIMES};
use super::{CONDITIONS_MAX, SIDE};
use crate::parameters::Parameter;
use crate::schema::{DIALECT, of_bots, of_kind, of_parameter};
use serde_json::{Value, json};

const DESCRIPTION: &str =
    "Enters and leaves on conditions over prices and indicators, at the close of a bar. An exit goes before an entry.";

/// Where the parts of rules are described.
#[derive(Debug, Clone, Copy)]
struct Parts {
    condition: &'static str,
    operand: &'static str,
}

/// In the schema itself.
const WITHIN_IT: Parts = Parts { condition: "#/$defs/condition", operand: "#/$defs/operand" };
/// Names of the parts among the schemas of an API document.
const NAMES: [&str; 2] = ["RuleCondition", "RuleOperand"];
const IN_DOCUMENT: Parts =
    Parts { condition: "#/components/schemas/RuleCondition", operand: "#/components/schemas/RuleOperand" };

impl super::Rules {
    /// The parts of [`Self::schema`] by their names in an API document.
    pub fn documented_parts() -> [(&'static str, Value); 2] {
        let [condition, operand] = NAMES;
        [(condition, self::condition(IN_DOCUMENT)), (operand, self::operand())]
    }

    /// What rules may be, as JSON Schema 2020-12.
    pub fn schema() -> Value {
        let condition = json!({"$ref": WITHIN_IT.condition});
        json!({
            "$schema": DIALECT,
            "title": "rules",
            "description": of_bots(DESCRIPTION),
            "type": "object",
            "properties": {
                "side": of_parameter(&Parameter { name: "side", doc: "The side that is entered.", kind: SIDE }),
                "entry": condition,
                "exit": condition,
            },
            "required": ["entry"],
            "additionalProperties": false,
            "$defs": {"condition": self::condition(WITHIN_IT), "operand": operand()},
        })
    }
}

fn condition(at: Parts) -> Value {
    let (condition, operand) = (json!({"$ref": at.condition}), json!({"$ref": at.operand}));
    let op = json!({"type": "string", "enum": OPERATORS, "description": "How they are compared."});
    let list = |doc: &str| json!({"type": "array", "items": condition, "minItems": 1, "maxItems": CONDITIONS_MAX, "description": doc});
    let within = Parameter { name: "within", doc: "On one of so many bars, this one included.", kind: WITHIN };
    let within = without_default(of_parameter(&within));
    json!({
        "description": "What is true or false at the close of a bar.",
        "oneOf": [
            object(&json!({"all": list("All of these.")}), &["all"]),
            object(&json!({"any": list("One of these.")}), &["any"]),
            object(&json!({"not": condition}), &["not"]),
            object(&json!({"within": within, "of": condition}), &["within", "of"]),
            object(
                &json!({"left": operand, "op": op, "right": operand}),
                &["left", "op", "right"],
            ),
        ],
    })
}

fn operand() -> Value {
    let plain = [NUMBER, PRICES].map(|kind| without_default(of_kind(&kind)));
    let price = Parameter { name: "price", doc: "A column of the candle.", kind: PRICES };
    let [price, ago, times] = [without_default(of_parameter(&price)), of_parameter(&AGO), of_parameter(&TIMES)];
    let price = object(&json!({"price": price, "ago": ago, "times": times}), &["price"]);
    let any: Vec<Value> = plain.into_iter().chain([price]).chain(KINDS.iter().map(indicator)).collect();
    json!({"description": "What is compared.", "oneOf": any})
}

fn indicator(kind: &IndicatorKind) -> Value {
    let line = kind.line();
    let name = ("indicator".to_owned(), json!({"const": kind.name, "description": kind.doc}));
    let one = |parameter: &Parameter| (parameter.name.to_owned(), of_parameter(parameter));
    let others = kind.parameters.iter().chain(&line).chain([&AGO, &TIMES]).map(one);
    object(&Value::Object(std::iter::once(name).chain(others).collect()), &["indicator"])
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// What has to be written has no default.
fn without_default(mut schema: Value) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("default");
    }
    schema
}
