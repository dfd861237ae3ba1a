//! What the template says of a function: its environment and memory, with names as they are on a loopback.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::failure::{Failure, Result, While};
use crate::functions;
use crate::place::Place;
use crate::process::capture;
use crate::python::Tools;

/// The linter of CloudFormation reads the template's own YAML tags.
const AS_JSON: &str =
    "import json, sys; from cfnlint.decode import cfn_yaml; print(json.dumps(cfn_yaml.load(sys.argv[1])))";

const ANY_ENDPOINT: &str = "http://127.0.0.1";

#[derive(Debug)]
pub(crate) struct Template(Value);

impl Template {
    pub(crate) fn read(place: &Place, tools: &Tools) -> Result<Self> {
        let json = capture(tools.command("python").args(["-c", AS_JSON]).arg(place.template()))?;
        Ok(Self(serde_json::from_str(&json).while_doing("reading the template")?))
    }

    /// Variables of the function `webhook`, `signal-worker` …; queues stand at `endpoint`.
    pub(crate) fn environment(&self, function: &str, endpoint: &str) -> Result<Vec<(String, String)>> {
        let variables = self.property(function, "/Environment/Variables")?;
        let variables = variables.as_object().into_iter().flatten();
        variables.map(|(name, value)| Ok((name.clone(), self.text(value, endpoint)?))).collect()
    }

    /// Fails where a function's environment or memory cannot be read here.
    pub(crate) fn examine(&self) -> Result<()> {
        functions::NAMES.iter().try_for_each(|function| {
            self.environment(function, ANY_ENDPOINT)?;
            self.memory(function).map(|_| ())
        })
    }

    /// In MB.
    pub(crate) fn memory(&self, function: &str) -> Result<u64> {
        let memory = self.property(function, "/MemorySize")?.as_u64();
        memory.ok_or_else(|| Failure::new(format!("the template gives {function} no MemorySize")))
    }

    /// The tables alone, as a template of their own.
    pub(crate) fn write_tables(&self, to: &Path) -> Result<()> {
        let is_table = |resource: &Value| resource.get("Type").is_some_and(|kind| kind == "AWS::DynamoDB::Table");
        let resources = self.0.get("Resources").and_then(Value::as_object).into_iter().flatten();
        let tables: Map<_, _> = resources
            .filter(|(_, resource)| is_table(resource))
            .map(|(name, resource)| (name.clone(), resource.clone()))
            .collect();
        let template = json!({"Parameters": self.0.get("Parameters"), "Resources": tables});
        std::fs::write(to, template.to_string()).while_doing("writing the tables' template")
    }

    fn property(&self, function: &str, path: &str) -> Result<&Value> {
        let resource = format!("/Resources/{}Function/Properties{path}", functions::pascal(function));
        self.0.pointer(&resource).ok_or_else(|| Failure::new(format!("the template has no {resource}")))
    }

    fn text(&self, value: &Value, endpoint: &str) -> Result<String> {
        let unknown = || Failure::new(format!("the bench does not know what {value} is in the template"));
        if let Some(text) = value.as_str() {
            return Ok(text.to_owned());
        }
        let (function, argument) = value.as_object().and_then(|map| map.iter().next()).ok_or_else(unknown)?;
        match (function.as_str(), argument) {
            ("Ref", Value::String(name)) => self.named(name, endpoint).ok_or_else(unknown),
            ("Fn::Sub", Value::String(pattern)) => Ok(self.filled(pattern)),
            ("Fn::If", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(condition), then, otherwise] => {
                    let holds = self.holds(condition, endpoint).ok_or_else(unknown)?;
                    self.text(if holds { then } else { otherwise }, endpoint)
                }
                _ => Err(unknown()),
            },
            ("Fn::Select", Value::Array(parts)) => match parts.as_slice() {
                [index, list] => {
                    let index =
                        usize::try_from(index.as_u64().ok_or_else(unknown)?).while_doing("reading the template")?;
                    self.list(list, endpoint)?.into_iter().nth(index).ok_or_else(unknown)
                }
                _ => Err(unknown()),
            },
            ("Fn::Join", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(between), list] => Ok(self.list(list, endpoint)?.join(between)),
                _ => Err(unknown()),
            },
            ("Fn::GetAtt", Value::Array(path)) => {
                let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
                Ok(format!("arn:aws:bench:eu-central-1:000000000000:{}", path.join("/")))
            }
            _ => Err(unknown()),
        }
    }

    /// What stands there as a list, or what a parameter holds whose kind is a list with commas between.
    fn list(&self, value: &Value, endpoint: &str) -> Result<Vec<String>> {
        match value.as_array() {
            Some(values) => values.iter().map(|value| self.text(value, endpoint)).collect(),
            None => Ok(self.text(value, endpoint)?.split(',').map(str::to_owned).collect()),
        }
    }

    /// Whether a condition holds that compares two texts, or does not; nothing where it does something else.
    fn holds(&self, condition: &str, endpoint: &str) -> Option<bool> {
        self.is_so(self.0.pointer(&format!("/Conditions/{condition}"))?, endpoint)
    }

    fn is_so(&self, condition: &Value, endpoint: &str) -> Option<bool> {
        if let Some(not) = condition.get("Fn::Not") {
            let [other] = not.as_array()?.as_slice() else { return None };
            return self.is_so(other, endpoint).map(|so| !so);
        }
        let [left, right] = condition.get("Fn::Equals")?.as_array()?.as_slice() else { return None };
        Some(self.text(left, endpoint).ok()? == self.text(right, endpoint).ok()?)
    }

    /// What `Ref` gives: a parameter's default, a queue's URL, a table's, a bucket's or a secret's name.
    fn named(&self, name: &str, endpoint: &str) -> Option<String> {
        if let Some(default) = self.parameter(name) {
            return Some(default);
        }
        let resource = self.0.pointer(&format!("/Resources/{name}/Properties"))?;
        let text = |property: &str| Some(self.filled(resource.get(property)?.get("Fn::Sub")?.as_str()?));
        text("TableName")
            .or_else(|| text("BucketName"))
            .or_else(|| text("Name"))
            .or_else(|| Some(format!("{endpoint}/000000000000/{}", text("QueueName")?)))
    }

    fn filled(&self, pattern: &str) -> String {
        let named = pattern.replace("${Deployment}", &self.parameter("Deployment").unwrap_or_default());
        named.replace("${AWS::AccountId}", "000000000000").replace("${AWS::Region}", "eu-central-1")
    }

    fn parameter(&self, name: &str) -> Option<String> {
        match self.0.pointer(&format!("/Parameters/{name}/Default"))? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(variables: &Value) -> Template {
        let function = json!({"Properties": {"Environment": {"Variables": variables}, "MemorySize": 256}});
        let queue = json!({"Properties": {"QueueName": {"Fn::Sub": "${Deployment}-signals"}}});
        let bucket = json!({"Properties": {"BucketName": {"Fn::Sub": "${AWS::AccountId}-${AWS::Region}"}}});
        Template(json!({
            "Parameters": {
                "Deployment": {"Default": "moniqo"}, "Exchanges": {"Default": "BINANCE,KRAKEN"}, "Minutes": {"Default": 5},
            },
            "Conditions": {
                "Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Deployment"}, ""]}]},
                "Odd": {"Fn::Or": []},
            },
            "Resources": {"SignalWorkerFunction": function, "SignalsQueue": queue, "CopiesBucket": bucket},
        }))
    }

    fn read(value: &Value) -> Result<String> {
        let read = template(&json!({"ONE": value})).environment("signal-worker", "http://[::1]:1")?;
        Ok(read.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn a_variable_is_what_the_template_makes_of_it() {
        let join = |list: Value| json!({"Fn::Join": [";", list]});
        for (value, told) in [
            (json!("as it is"), "as it is"),
            (json!({"Ref": "Minutes"}), "5"),
            (json!({"Ref": "SignalsQueue"}), "http://[::1]:1/000000000000/moniqo-signals"),
            (json!({"Ref": "CopiesBucket"}), "000000000000-eu-central-1"),
            (json!({"Fn::Sub": "${Deployment}/orders"}), "moniqo/orders"),
            (json!({"Fn::If": ["Named", "yes", {"Ref": "Nobody"}]}), "yes"),
            (json!({"Fn::Select": [1, {"Ref": "Exchanges"}]}), "KRAKEN"),
            (join(json!({"Ref": "Exchanges"})), "BINANCE;KRAKEN"),
            (join(json!(["a", {"Ref": "Deployment"}])), "a;moniqo"),
            (json!({"Fn::GetAtt": ["Key", "Arn"]}), "arn:aws:bench:eu-central-1:000000000000:Key/Arn"),
        ] {
            assert_eq!(read(&value).unwrap(), format!("ONE={told}"), "{value}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for value in [
            json!(5),
            json!({}),
            json!({"Ref": "Nobody"}),
            json!({"Fn::If": ["Odd", "yes", "no"]}),
            json!({"Fn::If": ["Nothing", "yes", "no"]}),
            json!({"Fn::Select": [2, {"Ref": "Exchanges"}]}),
            json!({"Fn::Join": [";"]}),
            json!({"Fn::Split": [",", "a"]}),
        ] {
            assert!(read(&value).is_err(), "{value}");
        }
        let none = template(&json!({}));
        assert!(none.environment("order-executor", "").is_err());
        assert_eq!(none.memory("signal-worker").unwrap(), 256);
    }
}
