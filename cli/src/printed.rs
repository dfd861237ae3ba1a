//! Words of the glossary that no text of the command line has.

use std::fs;
use std::path::{Path, PathBuf};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
const BANNED: [&str; 18] = [
    "venue",
    "told",
    "kept",
    "keeps",
    "reckoned",
    "nobody",
    "somebody",
    "everybody",
    "whoever",
    "looked",
    "asked",
    "heard",
    "said",
    "lets",
    "parked",
    "passes",
    "taken away",
    "position group",
];

#[test]
fn printed_text_has_no_banned_word() {
    for file in sources(Path::new(SOURCE)) {
        let source = fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for text in literals(code) {
            let words = format!(" {} ", prose(&text).to_lowercase().replace(|c: char| !c.is_alphanumeric(), " "));
            let banned = BANNED.iter().find(|word| text.contains(' ') && words.contains(&format!(" {word} ")));
            assert!(banned.is_none(), "{}: {banned:?} in {text:?}", file.display());
        }
    }
}

#[test]
fn names_are_no_prose() {
    assert_eq!(prose("{} at {told}, `parked` stays"), " at ,  stays");
}

#[test]
fn literals_are_found_beside_code_and_comments() {
    let code = "/// a \"comment\"\nf(\"one \\\"two\\\"\", 'x', \"three\")";
    assert_eq!(literals(code).collect::<Vec<_>>(), ["one \\\"two\\\"", "three"]);
}

/// The files of the program, without those of its tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let tests = ["tests.rs", "aliases.rs", "served.rs", "printed.rs", "documented.rs", "reference.rs"];
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(below).filter(|path| !tests.iter().any(|name| path.ends_with(name))).collect()
}

/// The text without names: values in braces, and code in backticks.
fn prose(text: &str) -> String {
    let outside = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after));
    outside.collect::<String>().split('`').step_by(2).collect()
}

fn literals(code: &str) -> impl Iterator<Item = String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let (mut found, mut literal, mut escaped) = (Vec::new(), None::<String>, false);
    for c in lines.flat_map(|line| line.chars().chain(['\n'])) {
        match (&mut literal, c) {
            (Some(text), '"') if !escaped => found.push(std::mem::take(text)),
            (Some(text), c) => text.push(c),
            (None, _) => {}
        }
        literal = match literal {
            Some(_) if c == '"' && !escaped => None,
            None if c == '"' => Some(String::new()),
            literal => literal,
        };
        escaped = c == '\\' && !escaped;
    }
    found.into_iter()
}
