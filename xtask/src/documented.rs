//! What the documents and the help of each command tell a reader to type behind `cargo xtask`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory, Parser};

use crate::cli::Cli;

const CALL: &str = "cargo xtask ";
/// Below the workspace; of folders, what lies in them.
const DOCUMENTS: [&str; 11] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "bench/README.md",
    "docs",
    "docs/guides",
    "docs/reference",
    "docs/start",
    "docs/runbooks",
    "infra/terraform/README.md",
];

#[test]
fn every_command_line_of_the_documents_can_be_typed() {
    let mut tried = 0;
    for document in DOCUMENTS.iter().flat_map(|document| texts(document)) {
        let text = fs::read_to_string(&document).unwrap_or_default();
        for words in calls(&text) {
            assert_can_be_typed(&document.display().to_string(), words);
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} commands were found");
}

#[test]
fn every_example_of_a_commands_help_can_be_typed() {
    let mut tried = 0;
    for (name, help) in helps(&Cli::command()) {
        let lines = help.lines().map(|line| line.trim().trim_start_matches("Example: "));
        // Two spaces part an example from what explains it.
        for words in lines.flat_map(calls).filter_map(|words| words.split("  ").next()) {
            assert_can_be_typed(&name, words);
            tried += 1;
        }
    }
    assert!(tried > 5, "only {tried} examples were found");
}

fn assert_can_be_typed(place: &str, words: &str) {
    // What is left open may be any.
    let words = words.replace("FUNCTION", "webhook").replace("NAME", "it-abc").replace("DIR", "advisories");
    let typed = std::iter::once("xtask").chain(words.split_whitespace());
    let wrong = Cli::try_parse_from(typed).err().filter(clap::Error::use_stderr);
    assert!(wrong.is_none(), "{place}: {words:?}: {wrong:?}");
}

/// Each command's and those beneath it.
fn helps(command: &Command) -> Vec<(String, String)> {
    let own = (command.get_name().to_owned(), command.clone().term_width(0).render_long_help().to_string());
    std::iter::once(own).chain(command.get_subcommands().flat_map(helps)).collect()
}

fn texts(document: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(document);
    let inside = fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path());
    let inside: Vec<_> = inside.filter(|file| file.extension().is_some_and(|extension| extension == "md")).collect();
    if path.is_dir() { inside } else { vec![path] }
}

/// What follows in code spans and in lines of their own, up to a pipe or a comment.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.lines().flat_map(|line| line.split('`')).filter_map(|part| part.strip_prefix(CALL));
    parts.filter_map(|words| words.split([';', '|', '#', '&']).next()).map(str::trim)
}
