//! The long tail of the tests (pairs of faults and late ones, random runs beyond the first two thousand, variants of failing calls,
//! what keeps a whole stack or a processor busy for long) is cut in eight: each run plays one part, which one the number of commits says, and
//! `--all` plays them all.

use std::process::Command;

use super::lanes::Lane;
use crate::integration::Skipped;
use crate::place::Place;
use crate::process::capture;
use crate::schemathesis::AS_AN_ADMIN;

pub(super) const SHARDS: usize = 8;
/// On the deployed stack: variants of one story, and what keeps it busy for minutes.
const VARIANTS: [&str; 13] = [
    "failing::cases::whatever_is_throttled_comes_about_once",
    "failing::cases::whatever_fails_in_the_service_comes_about_once",
    "failing::cases::whatever_never_arrives_comes_about_once",
    "failing::cases::whatever_was_carried_out_and_answered_to_nobody_comes_about_once",
    "failing::cases::whatever_arrives_after_its_caller_has_given_up_comes_about_once",
    "failing::cases::whatever_is_answered_after_its_caller_has_given_up_comes_about_once",
    "stress::faults::with_every_kind_of_fault_on_the_way_each_alert_is_one_position_that_pays_out",
    "released::a_release_is_switched_gone_back_from_and_kept_off_a_table_of_another_epoch",
    AS_AN_ADMIN.tests,
    "released::rotated",
    "stress::burst",
    "terraform::the_example_deploys_changes_nothing_the_second_time_and_leaves_the_tables",
    "terraform::the_module_is_well_written_and_does_what_its_own_tests_say",
];

/// Without a stack: as many candles as a deployment fetches, some hundred orders on every wire, and ten thousand blocks. At most one in each part.
const LONG: [(Lane, &str); 5] = [
    (Lane::Simulation, "ingested::as_many_candles_of_an_hour_as_are_fetched_come_in_time"),
    (Lane::Pure, "three_hundred_orders_meet_faults_on_five_wires_and_the_books_are_equal"),
    (Lane::Simulation, "ingested::as_many_candles_of_one_exchange_as_are_fetched_come_in_time"),
    (Lane::Simulation, "ingested::as_many_candles_of_several_exchanges_as_are_fetched_come_in_time"),
    (Lane::Simulation, "whales::whatever_is_orphaned_and_wherever_a_run_ends_each_large_transfer_is_one_alert"),
];

/// Which part is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shard {
    All,
    One(usize),
}

impl Shard {
    /// Each commit plays the part after that of the commit before.
    pub(super) fn find(place: &Place, all: bool) -> Self {
        if all {
            return Self::All;
        }
        let counted = capture(Command::new("git").current_dir(&place.root).args(["rev-list", "--count", "HEAD"]));
        let commits: usize = counted.ok().and_then(|count| count.trim().parse().ok()).unwrap_or_default();
        Self::One(commits % SHARDS)
    }

    pub(super) fn plays(self, part: usize) -> bool {
        self == Self::All || self == Self::One(part)
    }

    /// As this program is told of it.
    pub(super) fn words(self) -> &'static [&'static str] {
        if self == Self::All { &["--all"] } else { &[] }
    }

    /// The simulation, what asks everybody and what tries every right hear it by their environment.
    pub(super) fn tell(self, tests: &mut Command) -> &mut Command {
        match self {
            Self::All => tests,
            Self::One(shard) => tests.env("MONIQO_PART", shard.to_string()),
        }
    }

    /// Of the deployed stack's tests.
    pub(super) fn left_out(self) -> Vec<Skipped> {
        self.others(VARIANTS.into_iter().enumerate())
    }

    /// Of a lane that needs no stack.
    pub(super) fn left_out_of(self, lane: Lane) -> Vec<Skipped> {
        let long = LONG.into_iter().enumerate().filter(|(_, (of, _))| *of == lane);
        self.others(long.map(|(place, (_, tests))| (place, tests)))
    }

    fn others(self, tests: impl Iterator<Item = (usize, &'static str)>) -> Vec<Skipped> {
        let others = tests.filter(|(place, _)| !self.plays(place % SHARDS));
        others.map(|(_, tests)| Skipped { tests, why: "it is in another part of the long tail" }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Lane, SHARDS, Shard, VARIANTS};

    #[test]
    fn eight_runs_play_everything_and_each_plays_something() {
        let played = |shard| VARIANTS.len() - Shard::One(shard).left_out().len();
        assert_eq!((0..SHARDS).map(played).sum::<usize>(), VARIANTS.len());
        assert!((0..SHARDS).all(|shard| played(shard) > 0));
        let lanes = [Lane::Pure, Lane::Simulation];
        let long = |shard: Shard| lanes.iter().map(|lane| shard.left_out_of(*lane).len()).sum::<usize>();
        let long_played = |shard| LONG.len() - long(Shard::One(shard));
        assert_eq!((0..SHARDS).map(long_played).sum::<usize>(), LONG.len());
        assert!((0..SHARDS).all(|shard| long_played(shard) <= 1));
        assert!(Shard::All.left_out().is_empty() && long(Shard::All) == 0);
    }
}
