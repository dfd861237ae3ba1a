//! Which strategies there are.

pub(crate) const HELP: &str = "\
Examples:
  moniqo strategies
  moniqo strategies -o json | jq '.items[] | select(.offline_name == \"rsi_cross\").parameters'
  moniqo strategies -o json | jq '.items[-1].parameters' > rules.schema.json

With `-o json`, each strategy has its parameters as JSON Schema 2020-12; the last entry is that of rules. No network is needed.";
