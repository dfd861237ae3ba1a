//! Strategies.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Strategies {
    #[command(subcommand)]
    pub(crate) act: Option<StrategyAct>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StrategyAct {
    /// List strategies; so does `moniqo strategies`
    #[command(after_help = "Example:\n  moniqo strategies list")]
    List,
}

const HELP: &str = "\
Examples:
  moniqo strategies
  moniqo strategies -o json | jq '.items[] | select(.offline_name == \"rsi_cross\").parameters'
  moniqo strategies -o json | jq '.items[-1].parameters' > rules.schema.json

With `-o json`, each strategy has its parameters as JSON Schema 2020-12; the last entry is that of rules. No network is needed.";
