//! Every condition under which anything is written, as a value: `DynamoDB` is sent its text, memory asks the row itself.
//!
//! A condition compares and never calculates, which `DynamoDB` would refuse and emulators accept: there is no word for
//! it here. Bounds are computed by the use case. A name stands for the attribute of this name unless the write gives
//! it another; after a dot comes a member of a map.

use std::fmt;

/// A condition on one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Exists(&'static str),
    Absent(&'static str),
    /// An attribute compared with what a write gives under this name. One that is not there, or of another type, is
    /// neither equal nor less nor more.
    Compare(&'static str, Comparison, &'static str),
    /// A list of texts holds what a write gives.
    Contains(&'static str, &'static str),
    All(&'static [Self]),
    Any(&'static [Self]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
}

const fn exists(name: &'static str) -> Condition {
    Condition::Exists(name)
}

const fn absent(name: &'static str) -> Condition {
    Condition::Absent(name)
}

const fn is(name: &'static str, given: &'static str) -> Condition {
    Condition::Compare(name, Comparison::Is, given)
}

const fn is_not(name: &'static str, given: &'static str) -> Condition {
    Condition::Compare(name, Comparison::IsNot, given)
}

const fn below(name: &'static str, given: &'static str) -> Condition {
    Condition::Compare(name, Comparison::Below, given)
}

const fn at_most(name: &'static str, given: &'static str) -> Condition {
    Condition::Compare(name, Comparison::AtMost, given)
}

const fn above(name: &'static str, given: &'static str) -> Condition {
    Condition::Compare(name, Comparison::Above, given)
}

const fn contains(name: &'static str, given: &'static str) -> Condition {
    Condition::Contains(name, given)
}

const fn all(conditions: &'static [Condition]) -> Condition {
    Condition::All(conditions)
}

const fn any(conditions: &'static [Condition]) -> Condition {
    Condition::Any(conditions)
}

pub const ABSENT: Condition = absent("pk");
pub const PRESENT: Condition = exists("pk");
pub const VERSION_AS_SEEN: Condition = is("version", "seen_version");
/// As a seed has put it: not changed since.
pub const UNVERSIONED: Condition = all(&[exists("pk"), absent("version")]);

/// Not applied yet by this very write: what adds must not add twice.
pub const NOT_OURS_YET: Condition = any(&[absent("written_by"), is_not("written_by", "own_stamp")]);

// Accounts
pub const NOT_HALTED: Condition = absent("halted");
/// The stop that was seen, or none any more: not one that was set since.
pub const STOP_AS_SEEN: Condition =
    any(&[absent("halted"), all(&[is("halted.at", "seen_halted_at"), is("halted.reason", "seen_reason")])]);
/// The stop of the whole deployment that was seen, or none any more.
pub const SYSTEM_STOP_AS_SEEN: Condition = any(&[absent("halted_at"), is("halted_at", "seen_halted_at")]);
pub const NO_SYSTEM_STOP: Condition = absent("halted_at");
/// Nothing else stops entries by then.
pub const NOT_REDUCING: Condition = any(&[absent("reducing"), at_most("reducing.until", "entry_at")]);
/// What stops entries that was seen, or nothing any more: not what was set since.
pub const REDUCING_AS_SEEN: Condition = any(&[absent("reducing"), is("reducing.at", "seen_reducing_at")]);
pub const NOTHING_REDUCES: Condition = absent("reducing");
/// Neither a logged-in user nor a risk rule has set it, or it is over.
pub const REDUCED_BY_KEY: Condition = any(&[
    absent("reducing"),
    at_most("reducing.until", "reducing_now"),
    all(&[is_not("reducing.by", "a_person"), is_not("reducing.by", "a_rule")]),
]);
pub const NOT_KEPT_OUT: Condition = absent("halted.kept_out");
pub const NOT_BY_PERSON: Condition = absent("halted.by_person");
pub const RESERVED_WITHIN: Condition = any(&[absent("reserved"), at_most("reserved", "reserved_max")]);
/// For a bound below zero, which an account without a reservation does not keep either.
pub const RESERVED_FAR_WITHIN: Condition = at_most("reserved", "reserved_max");
pub const EXPOSURE_WITHIN: Condition = at_most("exposure", "exposure_max");
pub const GROUPS_WITHIN: Condition = at_most("open_groups", "open_groups_max");
pub const LOSS_WITHIN: Condition =
    any(&[below("loss_day", "today"), above("loss_day", "tomorrow"), below("day_loss", "day_loss_below")]);
pub const LOSS_AS_SEEN: Condition = all(&[is("loss_day", "seen_loss_day"), is("day_loss", "seen_day_loss")]);
pub const SEAT_FREE: Condition = absent("seat");
pub const SEAT_OURS: Condition = is("seat", "group");
/// Of a seat, and of its whole market.
pub const NOT_EXITED: Condition = any(&[absent("exit"), at_most("exit", "event_at")]);
pub const NOT_EXITED_AT_ALL: Condition = any(&[absent("exit_of_all"), at_most("exit_of_all", "event_at")]);
pub const COOLED: Condition = any(&[absent("cools"), at_most("cools", "cooled_at")]);
pub const COOLDOWN_AS_SEEN: Condition = is("cooled", "cooled_until");
pub const EXIT_AS_SEEN: Condition = is("outdated", "raised_at");
pub const WRITTEN_AS_SEEN: Condition = is("written_by", "seen_stamp");
pub const OLD_ACCOUNT: Condition = below("v", "seated");
pub const BALANCE_AS_SEEN: Condition = is("balance_at", "seen_balance_at");
pub const BALANCE_OLDER: Condition = any(&[below("balance_at", "balance_at"), above("balance_at", "balance_latest")]);
/// By count, and by time for what a release that does not count has filled.
pub const NOT_FILLED_SINCE: Condition = all(&[
    any(&[absent("filled_at"), is("filled_at", "seen_filled_at")]),
    any(&[absent("fills"), is("fills", "seen_fills")]),
]);
pub const NO_DRIFT: Condition = absent("drift");
pub const DRIFT_AS_SEEN: Condition = is("drift.at", "seen_drift_at");
pub const FLATTEN_AS_SEEN: Condition = all(&[
    is("hash", "seen_hash"),
    is("tries", "seen_tries"),
    any(&[absent("begun_at"), is("begun_at", "seen_begun_at")]),
]);
pub const NO_EQUITY: Condition = absent("equity");
pub const NOTHING_SPENT: Condition = absent("spent");
pub const SPENT_AS_SEEN: Condition = is("spent", "seen_spent");
pub const EQUITY_AS_SEEN: Condition = is("equity", "seen_equity");
pub const PAUSED_SHORTER: Condition = any(&[
    absent("venue_paused_until"),
    below("venue_paused_until", "paused_until"),
    above("venue_paused_until", "paused_latest"),
]);
pub const PASS_BEFORE: Condition = any(&[below("pass_slot", "pass_slot"), above("pass_slot", "latest_slot")]);
pub const EPOCH_ABSENT: Condition = absent("deployment_epoch");
pub const EPOCH_AS_SEEN: Condition = is("deployment_epoch", "seen_epoch");
pub const NONE_LEFT_OUT: Condition = absent("left_out");
pub const LEFT_OUT_AS_SEEN: Condition = is("left_out", "seen_left_out");
pub const NOT_ASKED_AFTER: Condition = any(&[absent("asked_at"), at_most("asked_at", "asked_before")]);
/// An account's entry, of which one that is closed is as good as none.
pub const PLACE_FREE: Condition = any(&[absent("pk"), is("closed", "yes")]);
pub const PLACE_TAKEN: Condition = all(&[exists("pk"), absent("closed")]);
pub const NO_OPEN_GROUP: Condition = at_most("open_groups", "none");
pub const NOTHING_WANTED: Condition = absent("wanted");
pub const WANTED_AS_SEEN: Condition = is("wanted.at", "seen_wanted_at");
pub const LATE_AS_SEEN: Condition = is("late", "seen_late_at");
pub const IN_GOOD_STANDING: Condition = all(&[is("enabled", "yes"), is("validated", "yes")]);

// Risk rules
/// It does not pause this mode, or for less long.
pub const RULE_PAUSED_SHORTER: Condition = any(&[absent("paused"), below("paused.until", "paused_until")]);

// Deliveries
pub const SAME_RECEIPT: Condition = is("first_at", "first_at");
pub const UNDECIDED: Condition = any(&[absent("verdict"), is("verdict.kind", "queued")]);
pub const UNDECIDED_OR_PARKED: Condition =
    any(&[absent("verdict"), is("verdict.kind", "queued"), is("verdict.kind", "parked")]);
pub const ACCEPTED: Condition = is("verdict.kind", "accepted");

// What is due
pub const DUE_AS_SEEN: Condition = is("due_at", "seen_due_at");
pub const NOT_DUE: Condition = absent("due_at");
pub const SENDS_AS_SEEN: Condition = is("sends", "seen_sends");

// Series
pub const NEVER_SETTLED: Condition = absent("version");

// What is left to a person
pub const NOT_ENDED: Condition = absent("ended");

// Inboxes
/// Never, or taken back since.
pub const NOT_TOLD: Condition = any(&[absent("pk"), is("taken_back", "yes")]);
pub const NOT_DROPPED: Condition = all(&[absent("dropped"), absent("taken_back")]);

// Chains of audit rows
pub const COUNT_AS_SEEN: Condition = is("count", "seen_count");

// Bots
pub const SEAT_OF_RUN: Condition = is("run", "seen_run");
pub const RUN_GOES_ON: Condition = all(&[exists("pk"), absent("ended"), absent("close_only")]);
/// One that was never switched has no row.
pub const SWITCHED_ON: Condition = absent("off");
/// On, or off as it was seen: not put off since.
pub const SWITCH_AS_SEEN: Condition = any(&[absent("off"), is("at", "seen_at")]);
pub const NO_BOT_YET: Condition = absent("changes");
pub const BOTS_AS_SEEN: Condition = is("changes", "seen_changes");
pub const RUNNING_BELOW: Condition = any(&[absent("running"), below("running", "running_max")]);

// Quotas
pub const LIMITS_POSITIONS: Condition = exists("positions");
/// Of an account.
pub const UNLIMITED_STILL: Condition = absent("limited");
/// Its user had kept no risk rule.
pub const UNRULED_STILL: Condition = absent("ruled");
pub const LIMITS_NOTHING: Condition = absent("positions");
pub const CALCULATED_BEFORE: Condition = any(&[
    absent("by_user"),
    below("by_user", "by_user"),
    all(&[is("by_user", "by_user"), at_most("by_plan", "by_plan")]),
]);

// Sessions
pub const UNEXPIRED: Condition = above("expires_at", "now");
/// In old rows of a built-in role no scopes stand: what such a role permits is never changed, and another one ends them.
pub const STILL_PERMITS: Condition = any(&[absent("scopes"), contains("scopes", "scope")]);
pub const SAME_MINUTE: Condition = is("minute", "minute");
pub const REQUESTS_BELOW: Condition = below("requests", "requests_max");
pub const MINUTE_AS_SEEN: Condition = is("minute", "seen_minute");
pub const NEVER_COUNTED: Condition = absent("minute");
pub const REFRESH_AS_SEEN: Condition = is("refresh.current", "seen_current");
pub const NOT_REPEATED: Condition = absent("refresh.replaced.repeated");

// What rights of sessions are calculated from
pub const ROLE_AS_SEEN: Condition = is("role", "seen_role");
pub const ROLE_VERSION_AS_SEEN: Condition = is("role_version", "seen_role_version");
pub const NO_ROLE_VERSION: Condition = absent("role_version");
pub const PLAN_AS_SEEN: Condition = all(&[is("plan", "seen_plan"), is("plan_version", "seen_plan_version")]);
pub const NO_PLAN: Condition = absent("plan_version");
pub const HELD_BY_NONE: Condition = any(&[absent("holders"), at_most("holders", "none")]);

// Keys of requests
/// None, one that has ended, of the unfinished request that was seen, or its own.
pub const KEY_FREE: Condition = any(&[
    absent("pk"),
    at_most("ends_at", "now"),
    is("request", "own_request"),
    all(&[is("request", "seen_request"), absent("answer")]),
]);
pub const REQUEST_OWN: Condition = is("request", "own_request");

// The vault
pub const CREDENTIAL_AS_SEEN: Condition = all(&[is("id", "seen_id"), is("sealed.sealed_at", "seen_sealed_at")]);
pub const DAY_OLDER: Condition = any(&[absent("at"), below("at", "new_at")]);

// People
/// A person may log in, or may not.
pub const STANDS_AS_SAID: Condition = is("active", "active");
pub const ADMIN_STILL: Condition = all(&[is("role", "admin"), is("active", "yes")]);
pub const REMOVED: Condition = exists("deleted_at");
pub const NOT_REMOVED: Condition = absent("deleted_at");
pub const EXPIRY_AS_SEEN: Condition = is("expires_at", "seen_expires_at");
pub const ATTEMPTS_AS_SEEN: Condition = all(&[is("attempts", "seen_attempts"), is("last_at", "seen_last_at")]);
pub const CODE_GOOD: Condition = all(&[is("code", "code"), is("spent", "no")]);

impl Condition {
    /// The attributes that it names, those of a path one by one.
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Self::Exists(path) | Self::Absent(path) | Self::Compare(path, ..) | Self::Contains(path, _) => {
                path.split('.').collect()
            }
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().flat_map(|condition| condition.names()).collect()
            }
        }
    }

    /// The names of what a write has to give.
    pub fn given(self) -> Vec<&'static str> {
        match self {
            Self::Exists(_) | Self::Absent(_) => Vec::new(),
            Self::Compare(_, _, given) | Self::Contains(_, given) => vec![given],
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().flat_map(|condition| condition.given()).collect()
            }
        }
    }
}

/// As `DynamoDB` takes it: `#name` for an attribute, `:name` for what is given.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(f, "attribute_exists({})", placeholder(path)),
            Self::Absent(path) => write!(f, "attribute_not_exists({})", placeholder(path)),
            Self::Compare(path, comparison, given) => write!(f, "{} {comparison} :{given}", placeholder(path)),
            Self::Contains(path, given) => write!(f, "contains({}, :{given})", placeholder(path)),
            Self::All(conditions) => joined(f, conditions, " AND "),
            Self::Any(conditions) => joined(f, conditions, " OR "),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Is => "=",
            Self::IsNot => "<>",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
        })
    }
}

fn placeholder(path: &str) -> String {
    path.split('.').map(|name| format!("#{name}")).collect::<Vec<_>>().join(".")
}

fn joined(f: &mut fmt::Formatter<'_>, conditions: &[Condition], word: &str) -> fmt::Result {
    for (turn, condition) in conditions.iter().enumerate() {
        if turn > 0 {
            f.write_str(word)?;
        }
        match condition {
            Condition::All(_) | Condition::Any(_) => write!(f, "({condition})")?,
            _ => write!(f, "{condition}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_written_as_the_service_takes_it() {
        let written = |condition: Condition| condition.to_string();
        assert_eq!(written(NOT_EXITED), "attribute_not_exists(#exit) OR #exit <= :event_at");
        assert_eq!(written(NOT_KEPT_OUT), "attribute_not_exists(#halted.#kept_out)");
        assert_eq!(written(NOT_OURS_YET), "attribute_not_exists(#written_by) OR #written_by <> :own_stamp");
        assert_eq!(written(STILL_PERMITS), "attribute_not_exists(#scopes) OR contains(#scopes, :scope)");
        let calculated = "attribute_not_exists(#by_user) OR #by_user < :by_user OR \
                        (#by_user = :by_user AND #by_plan <= :by_plan)";
        assert_eq!(written(CALCULATED_BEFORE), calculated);
    }

    #[test]
    fn what_a_condition_names_and_is_given_is_found() {
        assert_eq!(UNDECIDED.names(), ["verdict", "verdict", "kind"]);
        assert_eq!(CALCULATED_BEFORE.given(), ["by_user", "by_user", "by_plan"]);
    }
}
