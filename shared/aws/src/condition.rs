//! Every condition under which anything is written.
//!
//! `DynamoDB` refuses arithmetic in a condition, emulators accept it: here it does not compile. Bounds are computed by
//! whoever decides. A name `#word` stands for the attribute `word` unless the write gives it another.

/// A condition on one item. The only way to make one is the checked constructor of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Condition(&'static str);

pub(crate) const ABSENT: Condition = condition("attribute_not_exists(#pk)");
pub(crate) const PRESENT: Condition = condition("attribute_exists(#pk)");
pub(crate) const VERSION_AS_SEEN: Condition = condition("#version = :seen_version");
/// As a seed has put it: nobody has changed it.
pub(crate) const UNVERSIONED: Condition = condition("attribute_exists(#pk) AND attribute_not_exists(#version)");

/// Not applied yet by this very write: what adds must not add twice.
pub(crate) const NOT_OURS_YET: Condition = condition("attribute_not_exists(#written_by) OR #written_by <> :own_stamp");

// Pointers

// Accounts
pub(crate) const NOT_HALTED: Condition = condition("attribute_not_exists(#halted)");
pub(crate) const NOT_KEPT_OUT: Condition = condition("attribute_not_exists(#halted.#kept_out)");
pub(crate) const NOT_BY_PERSON: Condition = condition("attribute_not_exists(#halted.#by_person)");
pub(crate) const RESERVED_WITHIN: Condition =
    condition("attribute_not_exists(#reserved) OR #reserved <= :reserved_max");
/// For a bound below zero, which an account without a reservation does not keep either.
pub(crate) const RESERVED_FAR_WITHIN: Condition = condition("#reserved <= :reserved_max");
pub(crate) const EXPOSURE_WITHIN: Condition = condition("#exposure <= :exposure_max");
pub(crate) const GROUPS_WITHIN: Condition = condition("#open_groups <= :open_groups_max");
pub(crate) const LOSS_WITHIN: Condition =
    condition("#loss_day < :today OR #loss_day > :tomorrow OR #day_loss < :day_loss_below");
pub(crate) const LOSS_AS_SEEN: Condition = condition("#loss_day = :seen_loss_day AND #day_loss = :seen_day_loss");
pub(crate) const SEAT_FREE: Condition = condition("attribute_not_exists(#seat)");
pub(crate) const SEAT_OURS: Condition = condition("#seat = :group");
/// Of a seat, and of its whole market.
pub(crate) const NOT_EXITED: Condition = condition("attribute_not_exists(#exit) OR #exit <= :event_at");
pub(crate) const NOT_EXITED_AT_ALL: Condition =
    condition("attribute_not_exists(#exit_of_all) OR #exit_of_all <= :event_at");
pub(crate) const COOLED: Condition = condition("attribute_not_exists(#cools) OR #cools <= :cooled_at");
pub(crate) const COOLDOWN_AS_SEEN: Condition = condition("#cooled = :cooled_until");
pub(crate) const EXIT_AS_SEEN: Condition = condition("#outdated = :raised_at");
pub(crate) const WRITTEN_AS_SEEN: Condition = condition("#written_by = :seen_stamp");
pub(crate) const OLD_ACCOUNT: Condition = condition("#v < :seated");
pub(crate) const BALANCE_AS_SEEN: Condition = condition("#balance_at = :seen_balance_at");
pub(crate) const BALANCE_OLDER: Condition = condition("#balance_at < :balance_at OR #balance_at > :balance_latest");
pub(crate) const NOT_FILLED_SINCE: Condition =
    condition("attribute_not_exists(#filled_at) OR #filled_at = :seen_filled_at");
pub(crate) const NO_DRIFT: Condition = condition("attribute_not_exists(#drift)");
pub(crate) const DRIFT_AS_SEEN: Condition = condition("#drift.#at = :seen_drift_at");
pub(crate) const PAUSED_SHORTER: Condition = condition(
    "attribute_not_exists(#venue_paused_until) OR #venue_paused_until < :paused_until OR #venue_paused_until > :paused_latest",
);
pub(crate) const PASS_BEFORE: Condition = condition("#pass_slot < :pass_slot OR #pass_slot > :latest_slot");
pub(crate) const EPOCH_ABSENT: Condition = condition("attribute_not_exists(#deployment_epoch)");
pub(crate) const EPOCH_AS_SEEN: Condition = condition("#deployment_epoch = :seen_epoch");
pub(crate) const NOBODY_LEFT_OUT: Condition = condition("attribute_not_exists(#left_out)");
pub(crate) const LEFT_OUT_AS_SEEN: Condition = condition("#left_out = :seen_left_out");
pub(crate) const NOT_ASKED_AFTER: Condition =
    condition("attribute_not_exists(#asked_at) OR #asked_at <= :asked_before");
/// An account's entry, of which one that is closed is as good as none.
pub(crate) const PLACE_FREE: Condition = condition("attribute_not_exists(#pk) OR #closed = :yes");
pub(crate) const PLACE_TAKEN: Condition = condition("attribute_exists(#pk) AND attribute_not_exists(#closed)");
pub(crate) const NO_OPEN_GROUP: Condition = condition("#open_groups <= :none");
pub(crate) const NOTHING_WANTED: Condition = condition("attribute_not_exists(#wanted)");
pub(crate) const WANTED_AS_SEEN: Condition = condition("#wanted.#at = :seen_wanted_at");
pub(crate) const LATE_AS_SEEN: Condition = condition("#late = :seen_late_at");
pub(crate) const IN_GOOD_STANDING: Condition = condition("#enabled = :yes AND #validated = :yes");

// Deliveries
pub(crate) const SAME_RECEIPT: Condition = condition("#first_at = :first_at");
pub(crate) const UNDECIDED: Condition = condition("attribute_not_exists(#verdict) OR #verdict.#kind = :queued");
pub(crate) const UNDECIDED_OR_PARKED: Condition =
    condition("attribute_not_exists(#verdict) OR #verdict.#kind = :queued OR #verdict.#kind = :parked");
pub(crate) const ACCEPTED: Condition = condition("#verdict.#kind = :accepted");

// What is due
pub(crate) const DUE_AS_SEEN: Condition = condition("#due_at = :seen_due_at");
pub(crate) const NOT_DUE: Condition = condition("attribute_not_exists(#due_at)");
pub(crate) const SENDS_AS_SEEN: Condition = condition("#sends = :seen_sends");

// Series
pub(crate) const NEVER_SETTLED: Condition = condition("attribute_not_exists(#version)");

// What is left to a person
pub(crate) const NOT_ENDED: Condition = condition("attribute_not_exists(#ended)");

// Inboxes
/// Never, or taken back since.
pub(crate) const NOT_TOLD: Condition = condition("attribute_not_exists(#pk) OR #taken_back = :yes");
pub(crate) const NOT_DROPPED: Condition =
    condition("attribute_not_exists(#dropped) AND attribute_not_exists(#taken_back)");

// Chains of audit rows
pub(crate) const COUNT_AS_SEEN: Condition = condition("#count = :seen_count");

// Bots
pub(crate) const SEAT_OF_RUN: Condition = condition("#run = :seen_run");
pub(crate) const RUN_GOES_ON: Condition =
    condition("attribute_exists(#pk) AND attribute_not_exists(#ended) AND attribute_not_exists(#close_only)");
/// One that was never switched has no row.
pub(crate) const SWITCHED_ON: Condition = condition("attribute_not_exists(#off)");
pub(crate) const NO_BOT_YET: Condition = condition("attribute_not_exists(#changes)");
pub(crate) const BOTS_AS_SEEN: Condition = condition("#changes = :seen_changes");
pub(crate) const RUNNING_BELOW: Condition = condition("attribute_not_exists(#running) OR #running < :running_max");

// Quotas
pub(crate) const LIMITS_POSITIONS: Condition = condition("attribute_exists(#positions)");
/// Of an account.
pub(crate) const UNLIMITED_STILL: Condition = condition("attribute_not_exists(#limited)");
pub(crate) const LIMITS_NOTHING: Condition = condition("attribute_not_exists(#positions)");
pub(crate) const RECKONED_BEFORE: Condition = condition(
    "attribute_not_exists(#by_user) OR #by_user < :by_user OR (#by_user = :by_user AND #by_plan <= :by_plan)",
);

// Sessions
pub(crate) const UNEXPIRED: Condition = condition("#expires_at > :now");
/// In old rows of a built-in role no scopes stand: what such a role permits is never changed, and another one ends them.
pub(crate) const STILL_PERMITS: Condition = condition("attribute_not_exists(#scopes) OR contains(#scopes, :scope)");
pub(crate) const SAME_MINUTE: Condition = condition("#minute = :minute");
pub(crate) const REQUESTS_BELOW: Condition = condition("#requests < :requests_max");
pub(crate) const MINUTE_AS_SEEN: Condition = condition("#minute = :seen_minute");
pub(crate) const NEVER_COUNTED: Condition = condition("attribute_not_exists(#minute)");

// What sessions are reckoned by
pub(crate) const ROLE_AS_SEEN: Condition = condition("#role = :seen_role");
pub(crate) const ROLE_VERSION_AS_SEEN: Condition = condition("#role_version = :seen_role_version");
pub(crate) const NO_ROLE_VERSION: Condition = condition("attribute_not_exists(#role_version)");
pub(crate) const PLAN_AS_SEEN: Condition = condition("#plan = :seen_plan AND #plan_version = :seen_plan_version");
pub(crate) const NO_PLAN: Condition = condition("attribute_not_exists(#plan_version)");
pub(crate) const HELD_BY_NOBODY: Condition = condition("attribute_not_exists(#holders) OR #holders <= :none");

// The vault
pub(crate) const CREDENTIAL_AS_SEEN: Condition = condition("#id = :seen_id AND #sealed.#sealed_at = :seen_sealed_at");
pub(crate) const DAY_OLDER: Condition = condition("attribute_not_exists(#at) OR #at < :new_at");

// People
/// Somebody may come in, or may not.
pub(crate) const STANDS_AS_SAID: Condition = condition("#active = :active");
pub(crate) const ADMIN_STILL: Condition = condition("#role = :admin AND #active = :yes");
pub(crate) const REMOVED: Condition = condition("attribute_exists(#deleted_at)");
pub(crate) const NOT_REMOVED: Condition = condition("attribute_not_exists(#deleted_at)");
pub(crate) const EXPIRY_AS_SEEN: Condition = condition("#expires_at = :seen_expires_at");
pub(crate) const ATTEMPTS_AS_SEEN: Condition = condition("#attempts = :seen_attempts AND #last_at = :seen_last_at");
pub(crate) const CODE_GOOD: Condition = condition("#code = :code AND #spent = :no");

impl Condition {
    pub(crate) fn as_str(self) -> &'static str {
        self.0
    }

    /// The names in it, without their `#`.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        let word = |rest: &'static str| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        };
        self.0.split('#').skip(1).map(word)
    }
}

const fn condition(text: &'static str) -> Condition {
    assert!(compares_only(text), "a condition compares and never calculates");
    Condition(text)
}

const fn compares_only(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if matches!(*byte, b'+' | b'-' | b'*' | b'/') {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    #[test]
    fn arithmetic_is_seen() {
        assert!(compares_only("#reserved <= :max AND attribute_exists(#pk)"));
        assert!(!compares_only("#reserved + :need <= :max"));
        assert!(!compares_only("#reserved <= :max - :need"));
    }

    #[test]
    fn the_names_of_a_condition_are_found() {
        let names: Vec<_> = UNDECIDED.names().collect();
        assert_eq!(names, ["verdict", "verdict", "kind"]);
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    /// The checked constructor is of use only while nobody goes around it: every call takes what a write rendered, and
    /// a write renders [`Condition`]s alone.
    #[test]
    fn no_condition_is_written_beside_the_checked_ones() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let call = ["set_condition", "_expression("].concat();
        let direct = [".condition", "_expression("].concat();
        let mut calls = 0;
        for file in files(&source) {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(!text.contains(&direct), "{} writes its own condition", file.display());
            for argument in text.split(&call).skip(1) {
                assert!(argument.starts_with("$parts.condition"), "{} writes its own condition", file.display());
                calls += 1;
            }
        }
        assert_eq!(calls, 1);
    }
}
