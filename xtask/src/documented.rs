//! What the documents tell a reader to type behind `cargo xtask`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::cli::Cli;

const CALL: &str = "cargo xtask ";
/// Below the workspace; of folders, what lies in them.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "bench/README.md",
    "docs",
    "docs/runbooks",
    "infra/terraform/README.md",
];

#[test]
fn every_command_line_of_the_documents_can_be_typed() {
    let mut tried = 0;
    for document in DOCUMENTS.iter().flat_map(|document| texts(document)) {
        let text = fs::read_to_string(&document).unwrap_or_default();
        for words in calls(&text) {
            // What a document leaves open may be any.
            let words = words.replace("FUNCTION", "webhook").replace("NAME", "it-abc").replace("DIR", "advisories");
            let typed = ["cargo", "xtask"].into_iter().chain(words.split_whitespace());
            let wrong = Cli::try_parse_from(typed.skip(1)).err().filter(clap::Error::use_stderr);
            assert!(wrong.is_none(), "{}: {words:?}: {wrong:?}", document.display());
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} commands were found");
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
