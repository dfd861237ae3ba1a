//! Shapes as past releases wrote them. `events/frozen/<release>/` is what `cargo xtask freeze` has copied, and nobody
//! writes there again: this code has to read all of it.
#![allow(clippy::panic, reason = "a shape that is broken ends the test")]

use domain::ids::Sha;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use wire::alert;
use wire::messages::{Message, TYPES};

/// Since which release each type of message is sent. A type that is not sent any more is still read.
const MESSAGES: [(&str, &str); 5] = [
    ("signal.received", "0.1.0"),
    ("group.work", "0.1.0"),
    ("tick", "0.1.0"),
    ("probe", "0.2.0"),
    ("recover.account", "0.2.0"),
];
const QUEUES: [&str; 3] = ["signals", "orders", "ticks"];

#[test]
fn every_message_of_every_release_is_read() {
    for release in releases() {
        let texts = QUEUES.iter().flat_map(|queue| files(&release.join(queue)));
        let read: Vec<&str> = texts.map(|(name, text)| kind_of(&name, &text)).collect();
        let missing = missing(&release, &MESSAGES, |kind| read.contains(&kind));
        assert!(missing.is_empty(), "{} has no {missing:?}", release.display());
    }
}

fn kind_of(name: &str, text: &str) -> &'static str {
    let known = Message::decode(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let widened = Message::decode(&with_something_new(text)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(widened, known, "{name}: what is new is ignored");
    known.body.kind()
}

#[test]
fn every_type_of_message_says_since_when_it_is_sent_and_has_a_living_shape() {
    let living: Vec<_> = QUEUES.iter().flat_map(|queue| files(&events().join(queue))).collect();
    for kind in TYPES {
        assert!(MESSAGES.iter().any(|(known, _)| *known == kind), "{kind} has no row in MESSAGES");
        let shown = living.iter().any(|(_, text)| Message::decode(text).is_ok_and(|read| read.body.kind() == kind));
        assert!(shown, "{kind} has no file under events/");
    }
}

#[test]
fn every_alert_of_every_release_is_still_understood() {
    for release in releases() {
        let alerts = files(&release.join("tradingview"));
        assert!(!alerts.is_empty(), "{}", release.display());
        for (name, text) in alerts {
            let known = alert::parse(&text, None).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
            assert_eq!(alert::parse(&with_something_new(&text), None), Ok(known), "{name}");
        }
    }
}

/// What a release has written does not change afterwards: its sums were made when it was frozen.
#[test]
fn no_frozen_file_was_changed_added_or_taken_away() {
    for release in releases() {
        let sums = fs::read_to_string(release.join("SHA256SUMS")).unwrap();
        let told: Vec<(&str, &str)> = sums.lines().map(|line| line.split_once("  ").unwrap()).collect();
        for (sum, path) in &told {
            let bytes = fs::read(release.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(Sha::of_bytes(&bytes).as_str(), *sum, "{path} of {}", release.display());
        }
        let folders = fs::read_dir(&release).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        let there: usize = folders.map(|folder| fs::read_dir(folder).unwrap().count()).sum();
        assert_eq!(there, told.len(), "files of {}", release.display());
    }
}

/// The kinds that this release has written and has no file of.
pub(crate) fn missing<'a>(release: &Path, kinds: &[(&'a str, &str)], is_there: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let name = release.file_name().unwrap().to_str().unwrap();
    let written = kinds.iter().filter(|(_, since)| number(since) <= number(name));
    written.map(|(kind, _)| *kind).filter(|kind| !is_there(kind)).collect()
}

/// The shape with another value in this member.
pub(crate) fn changed<T: DeserializeOwned>(text: &str, member: &str, value: Value) -> T {
    let mut changed: Value = serde_json::from_str(text).unwrap();
    changed[member] = value;
    serde_json::from_value(changed).unwrap()
}

/// As a newer writer would have it.
pub(crate) fn with_something_new(text: &str) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["something_new"] = json!({"deep": [1]});
    value.to_string()
}

pub(crate) fn events() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

/// One folder each.
pub(crate) fn releases() -> Vec<PathBuf> {
    let releases: Vec<_> = fs::read_dir(events().join("frozen")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!releases.is_empty());
    releases
}

/// Names and texts.
pub(crate) fn files(folder: &Path) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.map(|entry| entry.unwrap().path()).map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

fn number(release: &str) -> Vec<u32> {
    release.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{release} is no release"))).collect()
}
