//! What was played: a line for each story, in the folder that the run of all tests names. It makes `bench/simulation.md` of them.

use crate::replay::SHARDS;
use std::fs;
use std::path::PathBuf;

/// The folder, where somebody counts.
const FOLDER: &str = "MONIQO_SIM_CENSUS";

/// How much of a story was played.
#[derive(Debug, Default)]
pub(crate) struct Played {
    /// Calls to the outside in the run without faults.
    pub(crate) points: usize,
    /// Those that change something; 0 where no pairs are tried.
    pub(crate) steps: usize,
    /// Runs with one fault, at the first twenty points.
    pub(crate) singles: usize,
    /// Those with a later one and those with two, by parts.
    pub(crate) tail: [usize; SHARDS],
}

/// Two stories of one name would hide each other: the second one fails.
pub(crate) fn note(story: &str, played: &Played) {
    let Played { points, steps, singles, tail } = played;
    write(&format!("story-{story}"), &format!("{points} {steps} {singles} {}", words(tail)));
}

/// How many random runs there were, those of each part beside those that are always played, and how many words they met together.
pub(crate) fn note_random(always: usize, parts: &[usize; SHARDS], met: usize) {
    write("random", &format!("{always} {} {met}", words(parts)));
}

fn words(counts: &[usize; SHARDS]) -> String {
    counts.map(|count| count.to_string()).join(" ")
}

fn write(name: &str, counts: &str) {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let file = folder.join(name);
    assert!(!file.exists(), "{name} is counted twice");
    fs::write(file, format!("{counts} {}", processor_ms())).expect("a folder for what was counted");
}

/// Of this process, which nextest starts for each test, and of its branches; nothing where the kernel does not tell. The kernel's
/// tick is ten of them.
fn processor_ms() -> u64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before it may hold anything, brackets too.
    let fields = told.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_whitespace().skip(11).take(4).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}
