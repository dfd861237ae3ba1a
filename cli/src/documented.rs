//! What the documents tell a reader to type.

use crate::args::Cli;
use clap::Parser;

const DOCUMENTS: [(&str, &str); 11] = [
    ("README.md", include_str!("../../README.md")),
    ("ladder.md", include_str!("../../docs/ladder.md")),
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
    ("api-identity", include_str!("../../functions/api-identity/README.md")),
    ("presets.md", include_str!("../../docs/guides/presets.md")),
    ("alert-not-traded.md", include_str!("../../docs/runbooks/alert-not-traded.md")),
    ("dlq-not-empty.md", include_str!("../../docs/runbooks/dlq-not-empty.md")),
    ("runbooks/README.md", include_str!("../../docs/runbooks/README.md")),
    ("key-leaked.md", include_str!("../../docs/runbooks/key-leaked.md")),
    ("restore.md", include_str!("../../docs/runbooks/restore.md")),
    ("venue-paused.md", include_str!("../../docs/runbooks/venue-paused.md")),
];
const CALLS: [&str; 2] = ["moniqo ", "cargo run -q -p cli -- "];

#[test]
fn every_command_line_of_the_documents_can_be_typed() {
    for (document, text) in DOCUMENTS {
        for words in calls(text) {
            // An id that a document leaves open may be any.
            let words = shlex::split(&words.replace('…', "1")).unwrap();
            let typed = std::iter::once("moniqo").chain(words.iter().map(String::as_str));
            let wrong = Cli::try_parse_from(typed).err().filter(clap::Error::use_stderr);
            assert!(wrong.is_none(), "{document}: {words:?}: {}", wrong.unwrap());
        }
    }
}

#[test]
fn command_lines_are_found_in_blocks_and_in_sentences() {
    let text = "Look by `moniqo orders`, not `moniqo`:\n```sh\nmoniqo deliveries --json | jq .\ncargo run -q -p cli -- accounts\n```";
    assert_eq!(calls(text).collect::<Vec<_>>(), ["orders", "deliveries --json", "accounts"]);
}

/// What follows the program's name, in code spans and in lines of their own, up to a pipe.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let spans_and_lines = text.lines().flat_map(|line| line.split('`'));
    let words = spans_and_lines.filter_map(|part| CALLS.iter().find_map(|call| part.strip_prefix(call)));
    words.filter_map(|words| words.split(" | ").next())
}
