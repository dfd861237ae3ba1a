//! `cargo xtask freeze 0.2.0`: what this code stores, sends and receives is kept as that release wrote it.
//!
//! The living shapes under `events/` are copied to `events/frozen/<release>/` with their sums. A release is frozen once:
//! the tests of `wire` load every frozen file through the code of the day, and fail where one was changed.

use std::fs;
use std::path::{Path, PathBuf};

use domain::ids::Sha;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;

const FROZEN: &str = "frozen";

pub(crate) fn run(place: &Place, release: &str) -> Result<()> {
    let events = place.root.join("events");
    let target = events.join(FROZEN).join(release);
    if target.exists() {
        return Err(Failure::new(format!("{release} is frozen already: {}", target.display()))
            .next("a release is frozen once; give the next one its own number"));
    }
    let freezing = step("Freezing");
    let mut sums = Vec::new();
    for folder in living(&events)? {
        freeze(&folder, &events, &target, &mut sums)?;
    }
    sums.sort();
    fs::write(target.join("SHA256SUMS"), sums.concat()).while_doing("writing the sums")?;
    freezing.done(format!("{} files in {}", sums.len(), target.display()));
    Ok(())
}

/// A release is three numbers, as the names of the folders are compared.
pub(crate) fn release(text: &str) -> std::result::Result<String, &'static str> {
    let numbers: Vec<&str> = text.split('.').collect();
    let fits = numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok());
    if fits { Ok(text.to_owned()) } else { Err("must be a release such as 0.2.0") }
}

/// One folder for each source.
fn living(events: &Path) -> Result<Vec<PathBuf>> {
    let all = entries(events)?;
    Ok(all.into_iter().filter(|path| path.is_dir() && !path.ends_with(FROZEN)).collect())
}

fn freeze(folder: &Path, events: &Path, target: &Path, sums: &mut Vec<String>) -> Result<()> {
    for file in entries(folder)? {
        let name = file.strip_prefix(events).while_doing("naming a shape")?;
        let bytes = fs::read(&file).while_doing(format_args!("reading {}", file.display()))?;
        let copy = target.join(name);
        fs::create_dir_all(copy.parent().unwrap_or(target)).while_doing("making the release's folder")?;
        fs::write(&copy, &bytes).while_doing(format_args!("writing {}", copy.display()))?;
        // As `sha256sum -c` reads it.
        sums.push(format!("{}  {}\n", Sha::of_bytes(&bytes).as_str(), name.display()));
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let doing = || format!("listing {}", folder.display());
    let entries = fs::read_dir(folder).while_doing(doing())?;
    entries.map(|entry| entry.map(|entry| entry.path()).while_doing(doing())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_three_numbers() {
        for (text, fits) in [("0.2.0", true), ("10.0.1", true), ("0.2", false), ("v0.2.0", false), ("0.2.x", false)] {
            assert_eq!(release(text).is_ok(), fits, "{text}");
        }
    }
}
