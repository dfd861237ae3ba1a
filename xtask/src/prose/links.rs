//! Links between pages: each file and each heading that they name is there.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::failure::{Result, While};

/// Each link of these pages, one name to a line, that leads nowhere.
pub(super) fn broken(root: &Path, names: &str) -> Result<Vec<String>> {
    let read = |name: &str| fs::read_to_string(root.join(name)).while_doing(format_args!("reading {name}"));
    let pages = names.lines().map(|name| Ok((name.to_owned(), read(name)?))).collect::<Result<HashMap<_, _>>>()?;
    let headings: HashMap<&str, Vec<String>> =
        pages.iter().map(|(name, page)| (name.as_str(), anchors(page))).collect();
    let mut broken = Vec::new();
    for (name, page) in &pages {
        for link in links(page) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { name.clone() } else { joined(name, path) };
            let is_there = if anchor.is_empty() {
                root.join(&target).exists()
            } else {
                headings.get(target.as_str()).is_some_and(|known| known.iter().any(|known| known == anchor))
            };
            if !is_there {
                broken.push(format!("{name}: the link to `{link}` leads nowhere"));
            }
        }
    }
    broken.sort();
    Ok(broken)
}

/// Of one page, to files of this repository.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let spans = prose(page).flat_map(|line| line.split("](").skip(1));
    let targets = spans.filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|link| !link.contains("://") && !link.starts_with("mailto:") && !link.is_empty())
}

/// As a browser of repositories names its headings: the second of the same name has a number.
fn anchors(page: &str) -> Vec<String> {
    let (mut found, mut texts): (Vec<String>, Vec<String>) = Default::default();
    for heading in prose(page).filter(|line| line.starts_with('#')) {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        // Letters in circles count as none there.
        let is_letter = |letter: &char| letter.is_alphanumeric() && !('Ⓐ'..='ⓩ').contains(letter);
        let is_kept = |letter: &char| is_letter(letter) || [' ', '-', '_'].contains(letter);
        let anchor: String =
            text.chars().filter(is_kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let before = texts.iter().filter(|text| **text == anchor).count();
        found.push(if before > 0 { format!("{anchor}-{before}") } else { anchor.clone() });
        texts.push(anchor);
    }
    found
}

/// Lines outside of fences, without code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    page.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        !fenced && !is_fence
    })
}

/// Beside this page.
fn joined(page: &str, path: &str) -> String {
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        if part == Component::ParentDir {
            joined.pop();
        } else if part != Component::CurDir {
            joined.push(part);
        }
    }
    joined.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_outside_of_fences_and_resolved_beside_their_page() {
        let page = "See [a](../b.md#c) and [d](https://e.f).\n```\n[g](h)\n```\n[i](#j)";
        assert_eq!(links(page).collect::<Vec<_>>(), ["../b.md#c", "#j"]);
        assert_eq!(joined("docs/start/x.md", "../b.md"), "docs/b.md");
        assert_eq!(joined("README.md", "docs/a.md"), "docs/a.md");
    }

    #[test]
    fn headings_are_named_as_a_browser_does() {
        let page = "# What it `costs`, a month\n## 4. Set the limits\n```\n# no heading\n```\n# Tests\n# Tests later\n# Tests\n# Tests";
        assert_eq!(
            anchors(page),
            ["what-it-costs-a-month", "4-set-the-limits", "tests", "tests-later", "tests-1", "tests-2"]
        );
    }
}
