//! What an operator would look for in a run of the money path: gathered while it works, and written into the system log
//! once its work is done, by whoever runs it.
//!
//! 1. A remark is made of what was just committed, or has just failed; nothing here waits, asks or fails.
//! 2. Work that goes its ordinary way leaves none.
//! 3. Id and time of an entry follow from what it tells, or its change is committed once: a run that is repeated leaves no
//!    second one. What goes on happening is one entry in each [`limits::REMARK_WINDOW`].
//! 4. Of what a venue or a store has said, an entry holds the stable word alone.

mod change;
mod drift;

use crate::ports::Signal;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Verdict, VerdictKind};
use domain::ids::{AccountId, LogId, UserId};
use domain::limits;
use domain::logs::{Category, Level, Note};
use domain::reason::{Reason, StoredReason};
use std::sync::{Arc, Mutex, PoisonError};
use wire::view;

/// Of one run; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Remarks(Arc<Mutex<Vec<Note>>>);

/// What is told, always in the same words.
type Words = (Level, Category, &'static str);
/// What an entry is about.
type Details = Vec<(&'static str, String)>;

const UNANSWERED: Words = (Level::Error, Category::Trading, "a venue did not answer, or not in time");
const FAILED: Words = (Level::Error, Category::Trading, "a run failed: its work comes again");
const BARRED: Words = (Level::Warning, Category::Risk, "entries are refused");
const UNDECIDED: Words = (Level::Error, Category::Trading, "an alert could not be decided, and was parked");

/// Refusals that tell of the account and not of the alert.
const BARS: [Reason; 5] =
    [Reason::Halted, Reason::DayLossMax, Reason::Drift, Reason::AccountDisabled, Reason::AccountNotValidated];

impl Remarks {
    /// What was remarked since it was last taken.
    pub fn take(&self) -> Vec<Note> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A venue that was asked, or was to be.
    pub(crate) fn unanswered(&self, account: &AccountId, now: Timestamp) {
        self.lasting(UNANSWERED, &[account.as_str()], None, vec![("account", account.to_string())], now);
    }

    /// The work on something, for a reason of this word.
    pub(crate) fn failed(&self, (kind, id): (&'static str, &str), code: &str, now: Timestamp) {
        self.lasting(FAILED, &[id, code], None, vec![(kind, id.to_owned()), ("code", code.to_owned())], now);
    }

    /// A verdict that was committed.
    pub(crate) fn decided(&self, signal: &Signal, verdict: &Verdict, now: Timestamp) {
        let reason = verdict.reason.as_ref();
        let (delivery, code) = (&signal.delivery, reason.map_or("", StoredReason::as_str));
        let (user, details) =
            (Some(&delivery.user), vec![("delivery", delivery.id.to_string()), ("code", code.to_owned())]);
        match verdict.kind {
            VerdictKind::Parked => self.once(UNDECIDED, &[delivery.id.as_str()], user, details, delivery.first_at),
            // The alerts of one account are of one lane.
            VerdictKind::Refused if reason.is_some_and(|reason| reason.is_one_of(&BARS)) => {
                self.lasting(BARRED, &[&signal.lane, code], user, details, now);
            }
            _ => {}
        }
    }

    /// The first to tell of it in a window is the one that does.
    fn lasting(&self, words: Words, cause: &[&str], user: Option<&UserId>, mut details: Details, now: Timestamp) {
        let begun = Millis::new(now.millis().rem_euclid(limits::REMARK_WINDOW.get()));
        details.push(("first", view::time(now).to_string()));
        self.once(words, cause, user, details, now.minus(begun));
    }

    fn once(&self, words: Words, cause: &[&str], user: Option<&UserId>, details: Details, at: Timestamp) {
        let (level, category, message) = words;
        let cause: Vec<&str> = [message].iter().chain(cause).copied().collect();
        let note = Note {
            id: LogId::of(&cause),
            at,
            level,
            category,
            user: user.cloned(),
            message: message.to_owned(),
            details: details.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(),
            address: None,
        };
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_told = notes.iter().any(|told| told.place() == note.place());
        if !is_told && notes.len() < limits::REMARKS_PER_RUN_MAX {
            notes.push(note);
        }
    }
}
