//! Which strategies there are.

pub(crate) const HELP: &str = "\
Examples:
  moniqo strategies
  moniqo strategies -o json | jq '.items[] | select(.offline_name == \"rsi_cross\").parameters'
  moniqo strategies -o json | jq '.items[-1].parameters' > rules.schema.json

With `-o json` each has its parameters as JSON Schema 2020-12, and the last is that of rules. Nothing is asked over the network.";
