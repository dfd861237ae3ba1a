//! Lines by crate, and what they must reach.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anstream::println;
use anstyle::{AnsiColor, Style};
use serde::Deserialize;

use crate::failure::{Result, While};

/// The rules of trading and what is done with them.
const CORE: [&str; 2] = ["shared/domain", "shared/app"];
const CORE_PERCENT_MIN: u64 = 90;
const WORKSPACE_PERCENT_MIN: u64 = 80;
/// Tests run whole and would only flatter the sum; this repository's own commands are tried by running them.
const NOT_COUNTED: [&str; 3] = ["shared/testkit", "tests/sim", "xtask"];

/// Lines, and those of them that ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Lines {
    count: u64,
    covered: u64,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// By the crate's folder.
    crates: BTreeMap<String, Lines>,
}

impl Coverage {
    /// From what `llvm-cov export --summary-only` says.
    pub(crate) fn read(json: &[u8], root: &Path) -> Result<Self> {
        let exported: Exported = serde_json::from_slice(json).while_doing("reading the counted lines")?;
        let mut coverage = Self::default();
        for file in exported.data.into_iter().flat_map(|data| data.files) {
            if let Some(folder) = crate_of(&file.filename, root) {
                coverage.crates.entry(folder).or_default().add(file.summary.lines);
            }
        }
        Ok(coverage)
    }

    pub(crate) fn tell(&self) {
        println!("{:<28} {:>8} {:>8} {:>7}", "crate", "lines", "run", "");
        for (folder, lines) in &self.crates {
            lines.tell(folder, aim(folder));
        }
        self.sum().tell("all of these", Some(WORKSPACE_PERCENT_MIN));
    }

    /// What is below its aim, in words.
    pub(crate) fn misses(&self) -> Vec<String> {
        let all = self.crates.iter().map(|(folder, lines)| (folder.as_str(), *lines, aim(folder)));
        let rows = all.chain([("the workspace", self.sum(), Some(WORKSPACE_PERCENT_MIN))]);
        let missed =
            rows.filter_map(|(what, lines, aim)| aim.filter(|aim| !lines.reach(*aim)).map(|aim| (what, lines, aim)));
        missed
            .map(|(what, lines, aim)| format!("{what}: {} of its lines ran, at least {aim} % must", lines.percent()))
            .collect()
    }

    fn sum(&self) -> Lines {
        self.crates.values().fold(Lines::default(), |mut sum, lines| {
            sum.add(*lines);
            sum
        })
    }
}

fn aim(folder: &str) -> Option<u64> {
    CORE.contains(&folder).then_some(CORE_PERCENT_MIN)
}

/// The folder that holds `src`; none for what is not counted.
fn crate_of(file: &Path, root: &Path) -> Option<String> {
    let inside = file.strip_prefix(root).ok()?.to_string_lossy().into_owned();
    let (folder, _) = inside.split_once("/src/")?;
    (!NOT_COUNTED.contains(&folder)).then(|| folder.to_owned())
}

impl Lines {
    fn add(&mut self, more: Self) {
        self.count = self.count.saturating_add(more.count);
        self.covered = self.covered.saturating_add(more.covered);
    }

    fn reach(self, percent: u64) -> bool {
        self.covered.saturating_mul(100) >= self.count.saturating_mul(percent)
    }

    /// Rounded down, so that what is shown is never more than what is.
    fn percent(self) -> String {
        let tenths = self.covered.saturating_mul(1_000).checked_div(self.count).unwrap_or(1_000);
        format!("{}.{} %", tenths / 10, tenths % 10)
    }

    fn tell(self, what: &str, aim: Option<u64>) {
        let style = match aim {
            Some(aim) if !self.reach(aim) => Style::new().fg_color(Some(AnsiColor::Red.into())),
            _ => Style::new(),
        };
        let aim = aim.map(|aim| format!("  at least {aim} %")).unwrap_or_default();
        let Self { count, covered } = self;
        println!("{style}{what:<28} {count:>8} {covered:>8} {:>7}{aim}{style:#}", self.percent());
    }
}

#[derive(Debug, Deserialize)]
struct Exported {
    data: Vec<Data>,
}

#[derive(Debug, Deserialize)]
struct Data {
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    filename: PathBuf,
    summary: Summary,
}

#[derive(Debug, Deserialize)]
struct Summary {
    lines: Lines,
}

#[cfg(test)]
mod tests {
    use super::Coverage;
    use std::path::Path;

    fn misses(files: &[(&str, u64, u64)]) -> Vec<String> {
        let file = |(name, count, covered): &(&str, u64, u64)| {
            format!(r#"{{"filename":"/w/{name}","summary":{{"lines":{{"count":{count},"covered":{covered}}}}}}}"#)
        };
        let files = files.iter().map(file).collect::<Vec<_>>().join(",");
        let json = format!(r#"{{"data":[{{"files":[{files}]}}]}}"#);
        Coverage::read(json.as_bytes(), Path::new("/w")).map(|coverage| coverage.misses()).unwrap_or_default()
    }

    #[test]
    fn nothing_is_missed_at_the_aim_itself() {
        assert_eq!(misses(&[("shared/domain/src/a.rs", 10, 9), ("cli/src/b.rs", 10, 7)]), Vec::<String>::new());
    }

    #[test]
    fn a_crate_is_the_sum_of_its_files() {
        let domain = [("shared/domain/src/a.rs", 10, 10), ("shared/domain/src/b/c.rs", 10, 7)];
        assert_eq!(misses(&domain), ["shared/domain: 85.0 % of its lines ran, at least 90 % must"]);
    }

    #[test]
    fn tests_do_not_flatter_the_sum() {
        let files =
            [("shared/testkit/src/a.rs", 100, 100), ("shared/domain/tests/a.rs", 9, 9), ("cli/src/b.rs", 10, 7)];
        assert_eq!(misses(&files), ["the workspace: 70.0 % of its lines ran, at least 80 % must"]);
    }

    #[test]
    fn what_is_shown_is_never_more_than_what_is() {
        assert_eq!(misses(&[("cli/src/b.rs", 1_000_000, 799_999)]).len(), 1);
        assert!(misses(&[("cli/src/b.rs", 1_000_000, 799_999)]).concat().contains("79.9 %"));
    }
}
