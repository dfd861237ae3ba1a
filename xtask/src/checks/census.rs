//! How much the simulation has played, held against `bench/simulation.md`: fewer runs of a story than stand there fail, unless a
//! line of that page says why. `MONIQO_WRITE_DOCS=1` writes the page anew, and lowers no count without such a line.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use super::shard::{SHARDS, Shard};
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;

const PAGE: &str = "bench/simulation.md";
const WRITE: &str = "MONIQO_WRITE_DOCS=1 cargo xtask test --lane simulation --all";
const HEAD: &str = "# What the simulation plays

Made by the test run: `MONIQO_WRITE_DOCS=1 cargo xtask test --lane simulation --all`. A run of the tests that plays less of a
story than stands here fails, unless the story has a line below that says why. *Points* are calls to the outside in the run
without faults, *steps* those of them that change something. Each fault strikes once at every point: at the first twenty in
each run of the tests (*single faults*). The *long tail* is single faults at later points, and pairs of faults: of that each run
plays one part, and `--all` plays all eight.
";
const WHY: &str = "## Fewer than before, and why";
const WHY_HOW: &str = "A line each, `- story: what changed`, until the page is written anew.";
const TABLE: &str =
    "| story | points | steps | single faults | long tail | runs | processor seconds |\n|---|---|---|---|---|---|---|";

/// The folder that stories leave their counts in.
#[derive(Debug)]
pub(super) struct Census(PathBuf);

/// Of all stories, by name.
type Stories = BTreeMap<String, Story>;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Story {
    points: usize,
    steps: usize,
    singles: usize,
    /// By parts.
    tail: [usize; SHARDS],
    seconds: f64,
}

/// Of the runs that dice make.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Random {
    always: usize,
    parts: [usize; SHARDS],
    words: usize,
}

impl Census {
    pub(super) fn begin(place: &Place) -> Result<Self> {
        let folder = place.target().join("simulation");
        if let Err(error) = fs::remove_dir_all(&folder)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error).while_doing("forgetting the last census");
        }
        fs::create_dir_all(&folder).while_doing("making a folder for what is counted")?;
        Ok(Self(folder))
    }

    pub(super) fn tell<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        tests.env("MONIQO_SIM_CENSUS", &self.0)
    }

    /// Compares, or writes the page anew.
    pub(super) fn hold(&self, place: &Place, shard: Shard) -> Result<()> {
        let comparing = step(format!("Comparing with {PAGE}"));
        let (stories, random) = self.counted()?;
        let file = place.root.join(PAGE);
        let writes = std::env::var_os("MONIQO_WRITE_DOCS").is_some();
        let before = match fs::read_to_string(&file) {
            Ok(text) => Page::of(&text),
            Err(error) if error.kind() == ErrorKind::NotFound && writes => Page::of(""),
            Err(error) => return Err(Failure::new(format!("reading {PAGE}: {error}")).next(WRITE)),
        };
        let fewer = before.fewer(&stories, random, shard);
        if !fewer.is_empty() {
            return Err(Failure::new(format!("fewer runs than {PAGE} says:\n  {}", fewer.join("\n  ")))
                .next(format!("play as much as before, or say why in a line of the page and write it anew: {WRITE}")));
        }
        if writes {
            if shard != Shard::All {
                return Err(Failure::new("a part is not the whole").next(WRITE));
            }
            fs::write(&file, Page { stories: stories.clone(), random, why: Vec::new() }.text())
                .while_doing(format_args!("writing {PAGE}"))?;
        }
        let runs: usize = stories.values().map(Story::runs).sum();
        comparing.done(format!("{} stories, {runs} runs under faults, {} by dice", stories.len(), random.runs()));
        Ok(())
    }

    fn counted(&self) -> Result<(Stories, Random)> {
        let (mut stories, mut random) = (Stories::new(), Random::default());
        for file in fs::read_dir(&self.0).while_doing("reading what was counted")? {
            let file = file.while_doing("reading what was counted")?.path();
            let text = fs::read_to_string(&file).while_doing("reading what was counted")?;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let counts: Option<Vec<usize>> = text.split_whitespace().map(|word| word.parse().ok()).collect();
            match (name.strip_prefix("story-"), counts.as_deref()) {
                (Some(story), Some(&[points, steps, singles, ref tail @ .., ms])) if tail.len() == SHARDS => {
                    let seconds = ms as f64 / 1_000.0;
                    stories.insert(story.to_owned(), Story { points, steps, singles, tail: eight(tail), seconds });
                }
                (None, Some(&[always, ref parts @ .., words, _])) if parts.len() == SHARDS => {
                    random = Random { always, parts: eight(parts), words };
                }
                _ => return Err(Failure::new(format!("{name} does not say what was counted: {text}"))),
            }
        }
        Ok((stories, random))
    }
}

/// What stands in the repository.
#[derive(Debug, PartialEq)]
struct Page {
    stories: Stories,
    random: Random,
    /// Lines, as somebody has written them.
    why: Vec<String>,
}

impl Page {
    fn of(text: &str) -> Self {
        let stories = text.lines().filter_map(Story::of_row).collect();
        let random = text.lines().find_map(Random::of_line).unwrap_or_default();
        let why = text.split_once(WHY).map_or("", |(_, why)| why);
        let why = why.lines().filter(|line| line.starts_with("- ")).map(str::to_owned).collect();
        Self { stories, random, why }
    }

    fn text(&self) -> String {
        let rows: Vec<String> = self.stories.iter().map(|(name, story)| story.row(name)).collect();
        let runs: usize = self.stories.values().map(Story::runs).sum();
        let seconds: f64 = self.stories.values().map(|story| story.seconds).sum();
        let why = self.why.join("\n");
        let all = format!("All stories: {runs} runs, {seconds:.0} s of a processor.");
        format!(
            "{HEAD}\n{}\n\n{all}\n\n{WHY}\n\n{WHY_HOW}\n\n{why}\n\n## Stories\n\n{TABLE}\n{}\n",
            self.random.line(),
            rows.join("\n")
        )
    }

    /// Which stories were played less than they were, and are not excused.
    fn fewer(&self, played: &Stories, random: Random, shard: Shard) -> Vec<String> {
        let stories = self.stories.iter().filter_map(|(name, before)| {
            let now = played.get(name);
            let fewer = now.is_none_or(|now| !now.is_no_less_than(before, shard));
            let told = now.map_or_else(|| "no run".to_owned(), |now| now.row(name));
            (fewer && !self.is_excused(name)).then(|| format!("{name}: {told}, before {}", before.row(name)))
        });
        let less = !random.is_no_less_than(&self.random, shard) && !self.is_excused("random");
        stories.chain(less.then(|| format!("random: {}, before {}", random.line(), self.random.line()))).collect()
    }

    fn is_excused(&self, story: &str) -> bool {
        self.why.iter().any(|line| line.strip_prefix("- ").is_some_and(|line| line.starts_with(&format!("{story}: "))))
    }
}

fn enough(now: &[usize; SHARDS], before: &[usize; SHARDS], shard: Shard) -> bool {
    now.iter().zip(before).enumerate().all(|(part, (now, before))| !shard.plays(part) || now >= before)
}

impl Story {
    fn runs(&self) -> usize {
        self.singles + self.tail.iter().sum::<usize>()
    }

    fn is_no_less_than(&self, before: &Self, shard: Shard) -> bool {
        self.singles >= before.singles && enough(&self.tail, &before.tail, shard)
    }

    fn row(&self, name: &str) -> String {
        let Self { points, steps, singles, tail, seconds } = self;
        let tail = tail.map(|runs| runs.to_string()).join(" + ");
        format!("| {name} | {points} | {steps} | {singles} | {tail} | {} | {seconds:.1} |", self.runs())
    }

    fn of_row(row: &str) -> Option<(String, Self)> {
        let cells: Vec<&str> = row.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [name, points, steps, singles, tail, _, seconds] = cells.try_into().ok()?;
        let story = Self {
            points: points.parse().ok()?,
            steps: steps.parse().ok()?,
            singles: singles.parse().ok()?,
            tail: parts(tail)?,
            seconds: seconds.parse().ok()?,
        };
        Some((name.to_owned(), story))
    }
}

fn eight(counts: &[usize]) -> [usize; SHARDS] {
    std::array::from_fn(|part| counts.get(part).copied().unwrap_or_default())
}

fn parts(text: &str) -> Option<[usize; SHARDS]> {
    let parts: Option<Vec<usize>> = text.split(" + ").map(|count| count.parse().ok()).collect();
    parts?.try_into().ok()
}

impl Random {
    fn runs(&self) -> usize {
        self.always + self.parts.iter().sum::<usize>()
    }

    fn is_no_less_than(&self, before: &Self, shard: Shard) -> bool {
        self.always >= before.always && enough(&self.parts, &before.parts, shard)
    }

    fn line(&self) -> String {
        let parts = self.parts.map(|count| count.to_string()).join(" + ");
        format!("Runs by dice: {} always, and by parts {parts}; together they met {} words.", self.always, self.words)
    }

    fn of_line(line: &str) -> Option<Self> {
        let (always, rest) = line.strip_prefix("Runs by dice: ")?.split_once(" always, and by parts ")?;
        let (counts, words) = rest.split_once("; together they met ")?;
        let words = words.strip_suffix(" words.")?.parse().ok()?;
        Some(Self { always: always.parse().ok()?, parts: parts(counts)?, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(singles: usize, tail: [usize; SHARDS], why: &[&str]) -> Page {
        let story = Story { points: 30, steps: 12, singles, tail, seconds: 1.5 };
        let random = Random { always: 2_000, parts: [500; SHARDS], words: 90 };
        let why = why.iter().map(|line| (*line).to_owned()).collect();
        Page { stories: Stories::from([("a_stop".to_owned(), story)]), random, why }
    }

    #[test]
    fn a_page_reads_back_as_it_was_written() {
        let written = page(150, [9, 8, 7, 6, 5, 4, 3, 2], &["- a_stop: one read less"]);
        assert_eq!(Page::of(&written.text()), written);
    }

    #[test]
    fn fewer_runs_are_named_unless_a_line_says_why() {
        let before = page(150, [9, 8, 7, 6, 5, 4, 3, 2], &[]);
        let fewer = |now: &Page, before: &Page, shard| before.fewer(&now.stories, now.random, shard).len();
        assert_eq!(fewer(&page(150, [9, 8, 7, 6, 5, 4, 3, 2], &[]), &before, Shard::All), 0);
        assert_eq!(fewer(&page(149, [9, 8, 7, 6, 5, 4, 3, 2], &[]), &before, Shard::All), 1, "single faults");
        assert_eq!(fewer(&page(150, [9, 8, 6, 6, 5, 4, 3, 2], &[]), &before, Shard::All), 1, "the long tail");
        assert_eq!(fewer(&page(150, [0, 0, 6, 0, 0, 0, 0, 0], &[]), &before, Shard::One(2)), 1, "the part");
        assert_eq!(
            fewer(&page(150, [0, 0, 7, 0, 0, 0, 0, 0], &[]), &before, Shard::One(2)),
            0,
            "other parts were not played"
        );
        let excused = page(150, [9, 8, 7, 6, 5, 4, 3, 2], &["- a_stop: one read less"]);
        assert_eq!(fewer(&page(149, [9, 8, 7, 6, 5, 4, 3, 2], &[]), &excused, Shard::All), 0);
        let gone = Page { stories: Stories::new(), ..page(0, [0; SHARDS], &[]) };
        assert_eq!(fewer(&gone, &before, Shard::All), 1, "a story that is gone");
        let dice =
            Page { random: Random { always: 1_999, ..before.random }, ..page(150, [9, 8, 7, 6, 5, 4, 3, 2], &[]) };
        assert_eq!(fewer(&dice, &before, Shard::All), 1, "random runs");
    }
}
