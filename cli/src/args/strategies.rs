//! Which strategies there are.

pub(crate) const HELP: &str = "\
Examples:
  moniqo strategies
  moniqo strategies --json | jq '.items[] | select(.offline_name == \"rsi_cross\").parameters'
  moniqo strategies --json | jq '.items[-1].parameters' > rules.schema.json

With --json each has its parameters as JSON Schema 2020-12, and the last is that of rules. Nothing is asked over the network.";
