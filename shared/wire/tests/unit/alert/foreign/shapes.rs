//! The examples: under `events/`, in the guide, and as each release had them.

use super::wished;
use crate::frozen::{events, files, releases};
use domain::alert::Side;
use domain::signal::{Wish, wish};
use wire::alert::parse;

const FOLDERS: [&str; 3] = ["threecommas", "octobot", "plain"];
const GUIDE: &str = include_str!("../../../../../../docs/guides/alerts.md");

#[test]
fn every_living_example_is_understood() {
    for folder in FOLDERS {
        let examples = files(&events().join(folder));
        assert!(examples.len() > 1, "{folder}");
        for (name, text) in examples {
            let leaves = name.contains("exit") || name.contains("sell");
            let wish = if leaves { Wish::Exit } else { Wish::Hold(Side::Long) };
            assert_eq!(wished(&text).0, wish, "{name}");
        }
    }
}

#[test]
fn every_example_of_every_release_is_still_understood() {
    let folders = releases().into_iter().flat_map(|release| FOLDERS.map(|folder| release.join(folder)));
    for (_, text) in folders.filter(|folder| folder.exists()).flat_map(|folder| files(&folder)) {
        wished(&text);
    }
}

#[test]
fn every_example_of_the_guide_is_understood() {
    let blocks = GUIDE.split("\n```").filter_map(|part| part.split_once(" foreign\n"));
    let examples: Vec<_> = blocks.map(|(_, text)| text).collect();
    assert_eq!(examples.len(), FOLDERS.len());
    for text in examples {
        // With the token that the guide says is printed.
        let alert = parse(text, Some(&"PAPER".parse().unwrap())).unwrap();
        assert_eq!((wish(&alert), alert.exchange.as_str()), (Ok(Wish::Hold(Side::Long)), "PAPER"), "{text}");
    }
}
