//! Presets.

use super::id::preset;
use super::list::{Looks, Whose};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Presets {
    /// List your presets, and the built-in `default`
    #[command(after_help = "Examples:\n  moniqo presets list\n  moniqo presets list -o json | jq '.items[].name'")]
    List(Whose),
    /// Show a preset
    #[command(
        after_help = "Examples:\n  moniqo presets show default\n  moniqo presets show btc-grid -o json | jq .preset > btc-grid.json"
    )]
    Show {
        /// Its name
        #[arg(value_parser = preset)]
        name: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Create a preset; refused if the name is taken
    #[command(after_help = CREATE)]
    Create(PutPreset),
    /// Replace a preset; every change is a new version
    #[command(after_help = PUT)]
    Edit(PutPreset),
    /// Replace a preset, or create it
    #[command(hide = true)]
    Put(PutPreset),
    /// Delete a preset; open positions keep their plan
    #[command(
        alias = "rm",
        after_help = "Example:\n  moniqo presets delete btc-grid\n\nAlerts that name it are rejected from then on."
    )]
    Delete {
        /// Its name
        #[arg(value_parser = preset)]
        name: String,
        /// Only if the preset has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// List the versions of a preset, newest first
    #[command(after_help = "Example:\n  moniqo presets versions btc-grid --limit 5")]
    Versions {
        /// Its name
        #[arg(value_parser = preset)]
        name: String,
        #[command(flatten)]
        looks: Looks,
    },
    /// Convert a 3Commas DCA bot to a preset, with a report of each member
    #[command(after_help = IMPORT)]
    Import(ImportBot),
}

#[derive(Debug, Args)]
pub(crate) struct PutPreset {
    /// 1 to 40 of a-z, 0-9, _ and -; what alerts name in `preset`
    #[arg(value_parser = preset)]
    pub(crate) name: String,
    /// The preset as JSON; standard input if left out or `-`
    #[arg(long)]
    pub(crate) file: Option<PathBuf>,
    /// Only if the preset has this version; 0 if it must not exist
    #[arg(long, value_name = "N")]
    pub(crate) if_version: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportBot {
    /// The bot: the body of create_bot, or an answer of the API of 3Commas; `-` is standard input
    pub(crate) file: PathBuf,
    /// Save the preset under this name; without it nothing is sent
    #[arg(long, value_parser = preset)]
    pub(crate) name: Option<String>,
    /// Replace the preset of that name, if it has this version
    #[arg(long, value_name = "N", requires = "name")]
    pub(crate) if_version: Option<u64>,
}

const CREATE: &str = "\
Example:
  moniqo presets create btc-grid --file btc-grid.json

`moniqo presets edit --help` describes the file.";

const PUT: &str = r#"Example, of a file btc-grid.json:
  {"base_order": {"quote": "250"},
   "safety_orders": {"count": 4, "quote": "100", "deviation_percent": "1", "step_scale": "2", "volume_scale": "1.5"},
   "take_profit": {"steps": [{"profit_percent": "1", "amount_percent": "50"},
                             {"profit_percent": "2", "amount_percent": "50"}]},
   "stop_loss_percent": "20", "break_even_after_step": 1, "time_limit_minutes": 2880}

  moniqo presets edit btc-grid --file btc-grid.json
  moniqo presets edit btc-grid --if-version 3 < btc-grid.json

The members are those of an alert, with the same meaning. The built-in values apply to members that you leave out, and an
alert's own members come first. Every edit that changes a member is a new version."#;

const IMPORT: &str = "\
Examples:
  moniqo presets import bot.json
  moniqo presets import bot.json -o json | jq '.members[] | select(.outcome != \"carried_over\")'
  moniqo presets import bot.json --name btc-grid
  moniqo presets import bot.json --name btc-grid --if-version 3

Each member of the bot is carried_over, changed (carried over, and not quite the same) or left_out, with the reason.
Without --name, no network is needed.";

#[cfg(test)]
mod tests {
    use super::PUT;

    #[test]
    fn the_help_teaches_a_preset_that_can_be_kept() {
        let (_, rest) = PUT.split_once("btc-grid.json:\n").unwrap();
        let (example, _) = rest.split_once("\n\n").unwrap();
        wire::preset::Document::parse(example).unwrap();
    }
}
