//! What the documents and the help of each command tell a reader to type.

use crate::args::Cli;
use clap::{Command, CommandFactory, Parser};

const DOCUMENTS: [(&str, &str); 28] = [
    ("README.md", include_str!("../../README.md")),
    ("install.md", include_str!("../../docs/start/install.md")),
    ("quickstart-local.md", include_str!("../../docs/start/quickstart-local.md")),
    ("first-live-trade.md", include_str!("../../docs/start/first-live-trade.md")),
    ("glossary.md", include_str!("../../docs/start/glossary.md")),
    ("paper.md", include_str!("../../docs/guides/paper.md")),
    ("upgrade.md", include_str!("../../docs/guides/upgrade.md")),
    ("backtests.md", include_str!("../../docs/backtests.md")),
    ("strategies.md", include_str!("../../docs/strategies.md")),
    ("ladder.md", include_str!("../../docs/ladder.md")),
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
    ("api-identity", include_str!("../../functions/api-identity/README.md")),
    ("bots.md", include_str!("../../docs/guides/bots.md")),
    ("market-data.md", include_str!("../../docs/guides/market-data.md")),
    ("alerts.md", include_str!("../../docs/guides/alerts.md")),
    ("venues.md", include_str!("../../docs/venues.md")),
    ("presets.md", include_str!("../../docs/guides/presets.md")),
    ("risk.md", include_str!("../../docs/guides/risk.md")),
    ("whales.md", include_str!("../../docs/guides/whales.md")),
    ("routes.md", include_str!("../../docs/guides/routes.md")),
    ("alert-not-traded.md", include_str!("../../docs/runbooks/alert-not-traded.md")),
    ("audit-chain-broken.md", include_str!("../../docs/runbooks/audit-chain-broken.md")),
    ("dlq-not-empty.md", include_str!("../../docs/runbooks/dlq-not-empty.md")),
    ("runbooks/README.md", include_str!("../../docs/runbooks/README.md")),
    ("key-leaked.md", include_str!("../../docs/runbooks/key-leaked.md")),
    ("restore.md", include_str!("../../docs/runbooks/restore.md")),
    ("rotate-the-vault.md", include_str!("../../docs/runbooks/rotate-the-vault.md")),
    ("venue-paused.md", include_str!("../../docs/runbooks/venue-paused.md")),
];
const CALLS: [&str; 2] = ["moniqo ", "cargo run -q -p cli -- "];

#[test]
fn every_command_line_of_the_documents_can_be_typed() {
    for (document, text) in DOCUMENTS {
        calls(text).for_each(|words| assert_can_be_typed(document, words));
    }
}

#[test]
fn every_command_has_an_example_in_its_help_and_each_can_be_typed() {
    for (name, command) in commands("moniqo", &Cli::command()) {
        let help = command.clone().term_width(0).render_long_help().to_string();
        let examples: Vec<_> = examples(&help).collect();
        let has_one = examples.iter().any(|words| format!("moniqo {words}").starts_with(&name));
        assert!(has_one || command.has_subcommands(), "{name}: {help}");
        examples.into_iter().for_each(|words| assert_can_be_typed(&name, words));
    }
}

#[test]
fn examples_of_a_help_are_found_up_to_what_the_shell_does_with_them() {
    let help = "Example: moniqo orders\n  moniqo deliveries --json | jq .\n  moniqo presets show a > b\n\
                echo '{}' | moniqo signal send --file -\n  moniqo cost   a month\nSee moniqo.";
    let expected = ["orders", "deliveries --json", "presets show a", "signal send --file -", "cost"];
    assert_eq!(examples(help).collect::<Vec<_>>(), expected);
}

fn assert_can_be_typed(place: &str, words: &str) {
    // An id that a document leaves open may be any.
    let words = shlex::split(&words.replace('…', "1")).unwrap();
    let typed = std::iter::once("moniqo").chain(words.iter().map(String::as_str));
    let wrong = Cli::try_parse_from(typed).err().filter(clap::Error::use_stderr);
    assert!(wrong.is_none(), "{place}: {words:?}: {}", wrong.unwrap());
    assert!(has_todays_names(&Cli::command(), &words), "{place}: {words:?} is written as in an earlier release");
}

/// Whether no alias and no hidden command is used, and no argument where a command has a verb for it.
fn has_todays_names(command: &Command, words: &[String]) -> bool {
    let Some((word, rest)) = words.split_first() else { return true };
    match command.find_subcommand(word) {
        Some(inner) => inner.get_name() == word && !inner.is_hide_set() && has_todays_names(inner, rest),
        None => !command.has_subcommands() || word.starts_with('-'),
    }
}

#[test]
fn names_of_earlier_releases_are_told_from_todays() {
    let todays = |line: &str| has_todays_names(&Cli::command(), &shlex::split(line).unwrap());
    assert!(todays("positions show grp_1") && todays("halt --reason x") && todays("accounts --help"));
    assert!(!todays("deliveries") && !todays("positions grp_1") && !todays("presets put a"));
}

/// Each visible command by its whole name, and those beneath it.
fn commands<'a>(name: &str, command: &'a Command) -> Vec<(String, &'a Command)> {
    let within = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    let within = within.flat_map(|inner| commands(&format!("{name} {}", inner.get_name()), inner));
    std::iter::once((name.to_owned(), command)).chain(within).collect()
}

/// What follows the program's name at the beginning of a line or behind a pipe, without the words that explain it.
fn examples(help: &str) -> impl Iterator<Item = &str> {
    let lines = help.lines().map(|line| line.trim().trim_start_matches("Example: "));
    let words = lines.filter_map(|line| line.split(" | ").find_map(|part| part.strip_prefix("moniqo ")));
    words.filter_map(|words| words.split("  ").next()?.split([';', '>', '<']).next()).map(str::trim)
}

#[test]
fn command_lines_are_found_in_blocks_and_in_sentences() {
    let text = "Look by `moniqo orders`, not `moniqo`:\n```sh\nmoniqo deliveries --json | jq .\nmoniqo trades --csv > a.csv\ncargo run -q -p cli -- accounts\n```";
    assert_eq!(calls(text).collect::<Vec<_>>(), ["orders", "deliveries --json", "trades --csv", "accounts"]);
}

/// What follows the program's name, in code spans and in lines of their own, up to a pipe or a file.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let spans_and_lines = text.lines().flat_map(|line| line.split('`'));
    let words = spans_and_lines.filter_map(|part| CALLS.iter().find_map(|call| part.strip_prefix(call)));
    words.filter_map(|words| words.split(" | ").next()?.split(" > ").next()?.split(" && ").next())
}
