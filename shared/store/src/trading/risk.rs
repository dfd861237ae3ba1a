//! Risk rules of a user, the count that keeps two entries from passing one bound together, and what rules look back at.
//!
//! 1. An entry of a ruled account reads the count, then rules and book, and commits while the count is as it read it; its own commit
//!    moves the count on. So does each commit that makes a book worse without an entry, and each change of a rule.
//! 2. An account says that it is ruled before the first rule is kept: an entry that did not ask is refused from then on.

use super::Trading;
use super::keys;
use super::looks::group_of;
use crate::audit;
use crate::condition::{ABSENT, COUNT_AS_SEEN, PRESENT, RULE_PAUSED_SHORTER, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number, text, text_of, time, to_item, to_value, ttl};
use crate::key::{Key, Table};
use crate::page::{Page, PageRequest, Span};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::{Item, Value};
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::{AccountId, GroupId, RuleId, UserId};
use domain::limits;
use domain::risk::{Event, Paused, Rule};
use domain::vault::Mode;
use std::collections::BTreeSet;
use wire::stored::{self, Schema};
use wire::text::Text;
use wire::view::RiskAssessment;

/// What a commit does to its user's book, beside the rows of the position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookChange {
    /// An entry; refused where the book has changed since this count was read.
    Entered { user: UserId, seen: u64 },
    /// More is held or lost than before, without an entry.
    Worse { user: UserId },
    /// The version of the group that has left it.
    Event { user: UserId, event: Box<Event>, version: u64 },
}

impl<E: Engine> Trading<'_, E> {
    /// None of a user who has never kept a rule.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_risk_count(&self, user: &UserId) -> Result<Option<u64>, StoreError> {
        let row = Rows(self.0).load::<stored::RiskCount>(&keys::risk_count(user)).await?;
        Ok(row.map(|row| row.count))
    }

    /// Oldest first, without the deleted ones; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_rules(&self, user: &UserId) -> Result<Vec<Rule>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_risk(user), keys::RULES).await?;
        let rows = items.into_iter().map(from_item::<stored::RiskRule>).collect::<Result<Vec<_>, _>>()?;
        let rules = rows.into_iter().filter(|row| !row.deleted).map(Rule::try_from);
        rules.collect::<Result<_, _>>().map_err(StoreError::unreadable)
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_rule(&self, user: &UserId, id: &RuleId) -> Result<Option<Rule>, StoreError> {
        let row = Rows(self.0).load::<stored::RiskRule>(&keys::rule(user, id)).await?;
        row.filter(|row| !row.deleted).map(Rule::try_from).transpose().map_err(StoreError::unreadable)
    }

    /// Has every account of the user ask for rules from now on. It comes before the first of them is kept.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn begin_rules(&self, user: &UserId) -> Result<(), StoreError> {
        Rows(self.0).send(moved(user)).await?;
        for account in self.list_accounts(user).await? {
            let mark = Write::update(keys::account(&account)).when(PRESENT).set("ruled", Value::Bool(true));
            Rows(self.0).send(mark).await?;
        }
        Ok(())
    }

    /// In the place of the version that was seen, with an audit row; false where another version stands. Its pauses stay, also one that has begun
    /// since, if it is about the same as before.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_rule(&self, rule: &Rule, seen: Option<&Rule>, audit: &Audit) -> Result<bool, StoreError> {
        let (key, version) = (keys::rule(&rule.user, &rule.id), seen.map(|seen| seen.version));
        let row = Write::versioned(key, &stored::RiskRule::of(rule, false), version)?;
        let is_about = |seen: &Rule| (&seen.scope, seen.bound.kind()) == (&rule.scope, rule.bound.kind());
        let does = |seen: &Rule| is_about(seen) && seen.action == rule.action;
        let row = if seen.is_some_and(is_about) { PAUSES.into_iter().fold(row, Write::leaving) } else { row };
        let row = if seen.is_some_and(does) { OVERRIDES.into_iter().fold(row, Write::leaving) } else { row };
        Rows(self.0).all_or_none(vec![row, moved(&rule.user), audit::row(audit)?], &audit.attempt).await
    }

    /// The same of one that is deleted: its row stays until nothing can bring an older version back.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn drop_rule(&self, rule: &Rule, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let row = stored::RiskRule::of(rule, true);
        let row = Write::versioned(keys::rule(&rule.user, &rule.id), &row, Some(seen))?;
        let row = row.set("ttl", ttl(audit.at.plus(limits::AUDIT_RETENTION)));
        Rows(self.0).all_or_none(vec![row, moved(&rule.user), audit::row(audit)?], &audit.attempt).await
    }

    /// A pause of a rule whose scope is no whole account, for one mode; false where it pauses that for as long already, or a user has resumed
    /// meanwhile.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn pause_rule(&self, rule: &Rule, paused: Paused, audit: &Audit) -> Result<bool, StoreError> {
        let place = place_of(PAUSES, paused.mode);
        let write = Write::update(keys::rule(&rule.user, &rule.id)).naming("paused", place.to_owned());
        let write = write.set(place, to_value(&stored::Paused::from(paused))?);
        let write = write.when(VERSION_AS_SEEN).given("seen_version", number(rule.version));
        let until = paused.until.map_or(i64::MAX, Timestamp::millis);
        let write = write.when(RULE_PAUSED_SHORTER).given("paused_until", number(until));
        Rows(self.0).all_or_none(vec![write, moved(&rule.user), audit::row(audit)?], &audit.attempt).await
    }

    /// Ends all pauses: the rule pauses nothing of these modes again until then. False where the rule is gone.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn override_rule(
        &self,
        user: &UserId,
        id: &RuleId,
        (modes, until): (&BTreeSet<Option<Mode>>, Timestamp),
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = Write::update(keys::rule(user, id)).when(PRESENT);
        let write = modes.iter().fold(write, |write, mode| write.set(place_of(OVERRIDES, *mode), time(until)));
        let write = PAUSES.into_iter().fold(write, |write, place| write.remove(place));
        Rows(self.0).all_or_none(vec![write, moved(user), audit::row(audit)?], &audit.attempt).await
    }

    /// What has happened since then, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_risk_events(&self, user: &UserId, since: Timestamp) -> Result<Vec<Event>, StoreError> {
        let span = Span { since: Some(since), until: None };
        let query = Query::of(Table::Trading, keys::of_risk(user)).within(keys::of_time(keys::RISK_EVENTS, span));
        let items = Rows(self.0).pages(query).await?;
        let event = |item| Event::try_from(from_item::<stored::RiskEvent>(item)?).map_err(StoreError::unreadable);
        items.into_iter().map(event).collect()
    }

    /// Groups by their ids, without their orders, as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_groups(&self, ids: &[(AccountId, GroupId)]) -> Result<Vec<Group>, StoreError> {
        let keys: Vec<_> = ids.iter().map(|(account, group)| keys::group(account, group)).collect();
        let items = Rows(self.0).get_all(&keys).await?;
        items.iter().map(group_of).collect()
    }

    /// Once for each moment.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_assessment(
        &self,
        user: &UserId,
        at: Timestamp,
        assessment: &RiskAssessment,
    ) -> Result<(), StoreError> {
        let row = stored::RiskAssessment { v: Schema, user: Text(user.clone()), assessment: assessment.clone() };
        let row = to_item(&row)?.into_iter().chain([("ttl".into(), ttl(at.plus(limits::ASSESSMENTS_RETENTION)))]);
        Rows(self.0).send(Write::replace(keys::assessment(user, at), row.collect())).await.map(drop)
    }

    /// Newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_assessments(
        &self,
        user: &UserId,
        page: &PageRequest,
    ) -> Result<Page<RiskAssessment>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| after(user, cursor)).transpose()?;
        let query = Query::of(Table::Trading, keys::of_assessed(user)).within(Within::prefix(keys::ASSESSMENTS));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        let next = found.next.as_ref().map(|last| text_of(last, "sk").map(str::to_owned)).transpose()?;
        let read = |item| from_item::<stored::RiskAssessment>(item).map(|row| row.assessment);
        Ok(Page { items: found.items.into_iter().map(read).collect::<Result<_, _>>()?, next })
    }

    /// A user who is erased keeps no rule, nothing that rules look back at, no assessment and no day of equity. The count stays: it names that user alone.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn forget_rules(&self, user: &UserId) -> Result<(), StoreError> {
        let kept = keys::risk_count(user);
        Rows(self.0).forget(Table::Trading, &keys::of_assessed(user), |_| true).await?;
        Rows(self.0).forget(Table::Trading, &keys::of_risk(user), |sk| sk != kept.sk).await
    }
}

/// Pauses of a rule stand apart by mode.
const PAUSES: [&str; 4] = ["paused", "paused_live", "paused_testnet", "paused_paper"];

/// So does what a user has resumed.
const OVERRIDES: [&str; 4] = ["overridden", "overridden_live", "overridden_testnet", "overridden_paper"];

fn place_of(places: [&'static str; 4], mode: Option<Mode>) -> &'static str {
    let [unknown, live, testnet, paper] = places;
    match mode {
        None => unknown,
        Some(Mode::Live) => live,
        Some(Mode::Testnet) => testnet,
        Some(Mode::Paper) => paper,
    }
}

/// Where a page begins that follows on an assessment.
fn after(user: &UserId, cursor: &str) -> Result<Item, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    let is_one = cursor.starts_with(keys::ASSESSMENTS);
    if is_one { Ok(Key::new(Table::Trading, keys::of_assessed(user), cursor).item()) } else { Err(bad()) }
}

/// The count, one further.
fn moved(user: &UserId) -> Write {
    Write::update(keys::risk_count(user)).set("v", number(1)).set("user", text(user.as_str())).add("count", number(1))
}

/// The rows of a user's rules, with their count.
///
/// # Errors
/// See [`to_item`].
pub fn rule_rows(user: &UserId, rules: &[Rule]) -> Result<Vec<Write>, StoreError> {
    let count = stored::RiskCount { v: Schema, user: Text(user.clone()), count: 1 };
    let mut rows = vec![Write::replace(keys::risk_count(user), to_item(&count)?)];
    for rule in rules {
        rows.push(Write::replace(keys::rule(user, &rule.id), to_item(&stored::RiskRule::of(rule, false))?));
    }
    Ok(rows)
}

/// While the user has kept a rule, or has not.
pub fn is_ruled(user: &UserId, ruled: bool) -> Write {
    Write::check(keys::risk_count(user)).when(if ruled { PRESENT } else { ABSENT })
}

pub(super) fn book_write(change: &BookChange) -> Result<Write, StoreError> {
    Ok(match change {
        BookChange::Entered { user, seen } => {
            let next = seen.saturating_add(1);
            let write = Write::update(keys::risk_count(user)).set("count", number(next));
            write.when(COUNT_AS_SEEN).given("seen_count", number(*seen))
        }
        BookChange::Worse { user } => moved(user),
        BookChange::Event { user, event, version } => {
            let row = to_item(&stored::RiskEvent::from(&**event))?;
            let row = row.into_iter().chain([("ttl".into(), ttl(event.at.plus(limits::RISK_EVENTS_RETENTION)))]);
            Write::replace(keys::risk_event(user, event, *version), row.collect())
        }
    })
}
