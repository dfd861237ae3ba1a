//! `cargo xtask generate`: what follows from `infra/functions.toml` is written where it is read.
//!
//! Whole files, and parts of files between two marks. The lane `static` fails if one of them says anything else.

mod manifest;
mod pages;
mod resource;
mod role;
mod stanza;
#[cfg(test)]
mod tests;
mod wakes;

use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;
use manifest::Manifest;

/// A file, and what it is to say.
#[derive(Debug)]
struct Page {
    path: PathBuf,
    text: String,
}

pub(crate) fn write(place: &Place) -> Result<()> {
    let writing = step("Writing what follows from infra/functions.toml");
    let mut changed = Vec::new();
    for page in pages(place)?.into_iter().filter(Page::is_stale) {
        fs::write(&page.path, &page.text).while_doing(format_args!("writing {}", page.path.display()))?;
        changed.push(page.name(place));
    }
    writing.done(if changed.is_empty() { "nothing changed".to_owned() } else { changed.join(", ") });
    Ok(())
}

pub(crate) fn check(place: &Place) -> Result<()> {
    let stale: Vec<String> = pages(place)?.iter().filter(|page| page.is_stale()).map(|page| page.name(place)).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("not what follows from infra/functions.toml: {}", stale.join(", ")))
        .next("change infra/functions.toml, not what is written from it; then `cargo xtask generate`"))
}

fn pages(place: &Place) -> Result<[Page; 4]> {
    let manifest = Manifest::read(place)?;
    let file = |name: &str| {
        let path = place.root.join(name);
        let text = fs::read_to_string(&path).while_doing(format_args!("reading {name}"))?;
        Ok::<_, Failure>(Page { path, text })
    };
    let (depends_on, throttles) = (wakes::depends_on(&manifest.functions), wakes::throttles(&manifest.functions));
    let template = file("infra/sam/template.yaml")?;
    let template = template.with("  # ", "functions", &format!("\n{}", stanza::stanzas(&manifest)))?;
    let template = template.with("    # ", "routes", &depends_on)?.with("        # ", "throttles", &throttles)?;
    Ok([
        template,
        file("ARCHITECTURE.md")?.with("<!-- ", "functions", &pages::table(&manifest))?,
        Page { path: place.root.join("docs/rights.md"), text: pages::rights(&manifest) },
        Page { path: place.root.join("shared/domain/src/functions.rs"), text: pages::constants(&manifest) },
    ])
}

impl Page {
    /// The part between two marks, written anew.
    fn with(self, comment: &str, part: &str, text: &str) -> Result<Self> {
        let end = if comment.starts_with("<!--") { " -->" } else { "" };
        let [from, to] = [">>> ", "<<< "].map(|mark| format!("{comment}{mark}{part}"));
        let missing = || Failure::new(format!("{} has no part {part} between its marks", self.path.display()));
        let (before, rest) = self.text.split_once(&from).ok_or_else(missing)?;
        let (_, after) = rest.split_once(&to).ok_or_else(missing)?;
        let text = format!("{before}{from}: written by `cargo xtask generate`{end}\n{text}{to}{after}");
        Ok(Self { path: self.path, text })
    }

    fn is_stale(&self) -> bool {
        fs::read_to_string(&self.path).map_or(true, |there| there != self.text)
    }

    fn name(&self, place: &Place) -> String {
        self.path.strip_prefix(&place.root).unwrap_or(&self.path).display().to_string()
    }
}
