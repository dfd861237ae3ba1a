//! `cargo xtask prose`: plain English, in the words of the field, and links that lead somewhere.
//!
//! Pages that every reader meets are held to it: a word that the list replaces, or a sentence that is too long, fails. In
//! other pages a sentence that is too long fails only if it is new; words there are counted. Code, output and addresses are
//! not prose.

mod api;
mod links;
mod text;
mod words;

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anstream::println;
use serde_json::Value;

use crate::bench::table::table;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::{capture, succeeds};
use crate::progress::step;
use text::{Sentence, lines, sentences};
use words::replaced;

/// Pages, and folders of pages, in which nothing may be wrong.
const HELD: [&str; 6] =
    ["README.md", "docs/README.md", "docs/limitations.md", "docs/start/", HELP, "docs/reference/errors.md"];
/// Its texts are held as well.
const API: &str = "docs/openapi.json";
/// Made of the help of all commands.
const HELP: &str = "docs/reference/cli.md";
/// Words of one sentence.
const SENTENCE_MAX: usize = 40;
/// Bytes of the README.
const README_MAX: usize = 6_000;
/// Characters of a commit's first line.
const SUBJECT_MAX: usize = 72;

/// New is, if nothing else is said, what this commit has not: a landing has fewer commits.
pub(crate) const SINCE: &str = "HEAD~20";

/// As the tests do it: without the table.
pub(crate) fn check(place: &Place) -> Result<()> {
    let reading = step("Language of documents");
    Checked::read(place, SINCE)?.end()?;
    reading.done("");
    Ok(())
}

/// Every page with what it has, and what may not be.
pub(crate) fn report(place: &Place, since: &str) -> Result<()> {
    let checked = Checked::read(place, since)?;
    println!("{}", table(&["page", "words to replace", "long sentences"], checked.rows.clone()));
    checked.end()
}

#[derive(Debug)]
struct Checked {
    rows: Vec<Vec<String>>,
    faults: Vec<String>,
}

impl Checked {
    fn read(place: &Place, since: &str) -> Result<Self> {
        let names = capture(git(place).args(["ls-files", "*.md"]))?;
        let known = Known::at(place, since)?;
        let known = known.as_ref();
        let (mut faults, mut rows) = (links::broken(&place.root, &names)?, Vec::new());
        for name in names.lines() {
            let page = fs::read_to_string(place.root.join(name)).while_doing(format_args!("reading {name}"))?;
            let is_held = HELD.iter().any(|held| name == *held || (held.ends_with('/') && name.starts_with(held)));
            let read = Read::of(name, &page, is_held, known);
            rows.extend(read.row(name));
            faults.extend(read.faults);
            if name == "README.md" && page.len() > README_MAX {
                faults.push(format!("README.md has {} bytes, {README_MAX} are allowed", page.len()));
            }
        }
        for (at, text) in api::texts(&document(place)?) {
            faults.extend(Read::of(&format!("{API} {at}"), &text, true, None).faults);
        }
        let subjects = known.map(|known| known.subjects(place)).transpose()?.unwrap_or_default();
        faults.extend(subjects.lines().filter_map(wrong_subject));
        Ok(Self { rows, faults })
    }

    fn end(self) -> Result<()> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let next = "write the word of docs/start/glossary.md, or two sentences; `cargo xtask prose` checks again";
        Err(Failure::new(self.faults.join("\n        ")).next(next))
    }
}

fn document(place: &Place) -> Result<Value> {
    let text = fs::read_to_string(place.root.join(API)).while_doing(format_args!("reading {API}"))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("{API}: {error}")))
}

fn git(place: &Place) -> Command {
    let mut git = Command::new("git");
    git.current_dir(&place.root);
    git
}

/// The sentences of an earlier commit: one that only moved is not new.
#[derive(Debug)]
struct Known {
    sentences: HashSet<String>,
    span: String,
}

impl Known {
    /// A clone may not have the commit; then nothing is new.
    fn at(place: &Place, commit: &str) -> Result<Option<Self>> {
        if !succeeds(git(place).args(["cat-file", "-e", &format!("{commit}^{{commit}}")])) {
            return Ok(None);
        }
        let names = capture(git(place).args(["ls-tree", "-r", "--name-only", commit]))?;
        let mut known = Self { sentences: HashSet::new(), span: format!("{commit}..HEAD") };
        for name in names.lines().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "md")) {
            let page = capture(git(place).args(["show", &format!("{commit}:{name}")]))?;
            known.sentences.extend(sentences(&page).into_iter().map(|sentence| sentence.text));
        }
        Ok(Some(known))
    }

    fn subjects(&self, place: &Place) -> Result<String> {
        capture(git(place).args(["log", "--no-merges", "--format=%s", &self.span]))
    }

    fn lacks(&self, sentence: &Sentence) -> bool {
        !self.sentences.contains(&sentence.text)
    }
}

/// What one page was found to have.
#[derive(Debug, Default)]
struct Read {
    words: usize,
    long: usize,
    faults: Vec<String>,
}

impl Read {
    /// If it is held, nothing in it may be wrong.
    fn of(name: &str, page: &str, is_held: bool, known: Option<&Known>) -> Self {
        let mut read = Self::default();
        for sentence in if name == HELP { lines(page) } else { sentences(page) } {
            let (words, at) = (replaced(&sentence.text), format!("{name}:{}", sentence.line));
            let is_long = sentence.words() > SENTENCE_MAX;
            read.words = read.words.saturating_add(words.len());
            read.long = read.long.saturating_add(usize::from(is_long));
            if is_held {
                read.faults
                    .extend(words.iter().map(|found| format!("{at}: `{}`: write {}", found.word, found.instead)));
            }
            if is_long && (is_held || known.is_some_and(|known| known.lacks(&sentence))) {
                let count = sentence.words();
                read.faults
                    .push(format!("{at}: {count} words in a sentence, {SENTENCE_MAX} are allowed: {}", sentence.text));
            }
        }
        read
    }

    fn row(&self, name: &str) -> Option<Vec<String>> {
        let counts = [self.words, self.long];
        (counts != [0, 0]).then(|| [name.to_owned()].into_iter().chain(counts.map(|count| count.to_string())).collect())
    }
}

/// `area: what it does`, in so many characters.
fn wrong_subject(subject: &str) -> Option<String> {
    let is_of_area = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || " ,-_".contains(letter);
    let area = subject.split_once(": ").map_or("", |(area, _)| area);
    let is_named = !area.is_empty() && area.chars().all(is_of_area);
    let length = subject.chars().count();
    let is_right = is_named && length <= SUBJECT_MAX;
    (!is_right)
        .then(|| format!("commit `{subject}`: `area: imperative`, at most {SUBJECT_MAX} characters (it has {length})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, text: &str, known: Option<&Known>) -> Vec<String> {
        Read::of(name, text, name.starts_with("held"), known).faults
    }

    #[test]
    fn held_pages_refuse_words_and_long_sentences_and_others_only_new_ones() {
        let long = "word ".repeat(41);
        let known = Known { sentences: HashSet::from([long.trim().to_owned()]), span: String::new() };
        let known = Some(&known);
        assert_eq!(page("held.md", "Whoever reads.", known).len(), 1);
        assert_eq!(page("held.md", &long, known).len(), 1);
        assert_eq!(page("docs/venues.md", "Whoever reads.", known).len(), 0);
        assert_eq!(page("docs/venues.md", &long, known).len(), 0, "it only moved");
        assert_eq!(page("docs/venues.md", &format!("new {long}"), known).len(), 1);
        assert_eq!(page("docs/venues.md", &format!("new {long}"), None).len(), 0, "nothing to compare with");
    }

    #[test]
    fn subjects_name_their_area_and_are_short() {
        for right in ["docs: explain the halt", "api-trading, cli: name the position"] {
            assert_eq!(wrong_subject(right), None);
        }
        let long = format!("docs: {}", "x".repeat(67));
        for wrong in ["Explain the halt", ": nothing", "Docs: explain", &long] {
            assert!(wrong_subject(wrong).is_some(), "{wrong}");
        }
    }
}
