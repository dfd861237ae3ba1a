//! What can be told to strategies, as JSON Schema 2020-12, for programs and forms.

use crate::language::Rules;
use crate::parameters::{Kind, Parameter};
use crate::registry::{Definition, all};
use domain::bot::RULES;
use domain::limits::BOT_WARM_UP_MAX;
use serde_json::{Map, Value, json};

/// The dialect of all schemas here.
pub(crate) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A strategy, and what it can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// As bots name it: `RSI_CROSS`.
    pub name: String,
    /// As the command line names it: `rsi_cross`.
    pub offline_name: String,
    /// When it enters and when it leaves, in one sentence, and one more for each parameter that must be below another.
    pub description: String,
    /// Its parameters as one object, in JSON Schema 2020-12.
    pub parameters: Value,
}

/// All strategies in the order in which they are offered, and behind them rules that are written, whose parameters are the rules.
pub fn told() -> Vec<Told> {
    let rules = Told {
        name: RULES.to_owned(),
        offline_name: RULES.to_lowercase(),
        description: "Enters and leaves as its rules say, which are written as conditions over prices and indicators."
            .to_owned(),
        parameters: Rules::schema(),
    };
    let one = |strategy: &Definition| Told {
        name: strategy.name.to_owned(),
        offline_name: strategy.offline_name.to_owned(),
        description: strategy.description(),
        parameters: strategy.schema(),
    };
    all().iter().map(one).chain([rules]).collect()
}

impl Definition {
    /// Its parameters as one object, in JSON Schema 2020-12. None is required: what is not said has its default. Which must be below
    /// others is said in words, and so is what bots take of it: no schema compares or adds up members.
    pub fn schema(&self) -> Value {
        let one = |parameter: &Parameter| (parameter.name.to_owned(), of_parameter(parameter));
        json!({
            "$schema": DIALECT,
            "title": self.offline_name,
            "description": of_bots(&self.description()),
            "type": "object",
            "properties": self.parameters.iter().map(one).collect::<Map<_, _>>(),
            "additionalProperties": false,
        })
    }
}

/// With what bots take, which is less than what a backtest plays.
pub(crate) fn of_bots(description: &str) -> String {
    format!("{description} A bot refuses what looks back over more than {BOT_WARM_UP_MAX} candles in all.")
}

pub(crate) fn of_parameter(parameter: &Parameter) -> Value {
    let mut schema = of_kind(&parameter.kind);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), parameter.doc.into());
    }
    schema
}

pub(crate) fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Whole { least, most, default } => {
            json!({"type": "integer", "minimum": least, "maximum": most, "default": default})
        }
        Kind::Number { least, most, default } => {
            json!({"type": "number", "minimum": least, "maximum": most, "default": default})
        }
        Kind::Choice(words) => json!({"type": "string", "enum": words, "default": words.first()}),
    }
}
