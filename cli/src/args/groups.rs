//! `moniqo --help`: commands in groups, in this order. One test holds the table to the commands that there are.

use super::Cli;
use clap::{Command, CommandFactory};
use std::fmt::Write;

pub(super) type Group = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
pub(super) const GROUPS: [Group; 8] = [
    ("Trading", &["alerts", "positions", "orders", "trades", "transactions", "close", "cancel", "halt", "resume"]),
    ("Portfolio", &["portfolio", "performance", "pnl"]),
    ("Plans, bots and market data", &["presets", "ladder", "risk", "routes", "bots", "strategies", "candles",
                                    "whales"]),
    ("Backtests", &["backtest", "sweep", "indicators"]),
    ("Accounts and access", &["accounts", "exchanges", "login", "logout", "sessions", "settings", "notifications",
                              "usage", "api-keys", "webhook-tokens"]),
    ("Administration", &["users", "roles", "permissions", "plans", "logs"]),
    ("Operations", &["doctor", "health", "reconciliation", "dead-letters", "recover", "cost"]),
    ("Command line", &["completions"]),
];
/// Between the names of commands and what they do.
const GAP: usize = 2;

/// All that can be typed.
pub(crate) fn command() -> Command {
    let command = Cli::command();
    let template = template(&command);
    command.help_template(template)
}

fn template(command: &Command) -> String {
    let header = command.get_styles().get_header();
    let groups: String = GROUPS.iter().fold(String::new(), |text, (title, names)| {
        let rows: String = names.iter().filter_map(|name| row(command, name)).collect();
        format!("{text}{header}{title}:{header:#}\n{rows}\n")
    });
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}{header}Options:{header:#}\n{{options}}{{after-help}}"
    )
}

fn row(command: &Command, name: &str) -> Option<String> {
    let literal = command.get_styles().get_literal();
    let about = command.find_subcommand(name)?.get_about()?;
    let width = widest().saturating_sub(name.len()).saturating_add(GAP);
    let mut row = String::new();
    writeln!(row, "  {literal}{name}{literal:#}{:width$}{about}", "").ok()?;
    Some(row)
}

fn widest() -> usize {
    GROUPS.iter().flat_map(|(_, names)| names.iter()).map(|name| name.len()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_command_is_in_exactly_one_group() {
        let command = command();
        let visible = command.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name);
        let mut visible: Vec<_> = visible.collect();
        let mut grouped: Vec<_> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        visible.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(visible, grouped);
    }

    #[test]
    fn help_shows_each_group_with_its_commands() {
        let help = command().render_help().to_string();
        for (title, names) in GROUPS {
            let (_, rows) = help.split_once(&format!("{title}:\n")).unwrap();
            let rows: Vec<_> = rows.lines().take(names.len()).map(|row| row.split_whitespace().next()).collect();
            assert_eq!(rows, names.iter().map(|name| Some(*name)).collect::<Vec<_>>(), "{help}");
        }
        assert!(help.contains("Exit codes: 0 done"), "{help}");
    }
}
