//! Changes by people, and the chain that holds those of one person and one day together.
//!
//! 1. A row's hash is [`Sha::of_parts`] over [`Link::parts`]: the hash of the row before it, its number, and all that it
//!    says. A row that is changed, left out or moved no longer fits its neighbours or the head.
//! 2. Where somebody asked from is not hashed itself but as a salted mark: once address and salt are erased, the chain
//!    still holds, and the mark tells nobody anything.

mod check;
mod signed;

pub use check::{Flaw, Walk, check};
pub use signed::{CLOSES_AFTER, DayFlaw, DayHeads, last_closed, last_due};

use crate::clock::{Millis, Timestamp};
use crate::ids::{AttemptId, Sha, UserId};
use crate::words::words;

/// The first part of every row's hash: another format would be another word.
const FORMAT: &str = "moniqo audit 1";

/// A change by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    pub user: UserId,
    pub action: String,
    /// The id or the name of what was changed.
    pub resource: String,
    pub reason: String,
    /// What it was and what it is, where one value was changed into another.
    pub before: Option<String>,
    pub after: Option<String>,
    pub at: Timestamp,
    pub attempt: AttemptId,
    /// From where, as the edge saw it.
    pub address: Option<String>,
    /// What has acted for the user; none in rows of earlier releases.
    pub actor: Option<Actor>,
}

/// What acts for a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The user, logged in.
    Person,
    /// An API key, or an access token that was made for one.
    Key,
    Telegram,
    Mcp,
    Flow,
    Bot,
    /// A rule about risk.
    Rule,
    /// The deployment itself.
    System,
}

/// The table of what was changed: it holds the rows about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    Trading,
    Identity,
    Vault,
}

/// One person's changes of one day, in one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    pub shelf: Shelf,
    /// In UTC, counted from 1970-01-01.
    pub day: i64,
    pub user: UserId,
}

/// How many rows a chain has, and the hash of its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub count: u64,
    pub hash: Sha,
}

/// One row of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// From 1.
    pub number: u64,
    /// Of the row before it, or of the chain's beginning.
    pub before: Sha,
    pub hash: Sha,
    /// Stands for the address; it stays where the address is erased.
    pub mark: Option<Sha>,
    /// What the mark was made with.
    pub salt: Option<String>,
    pub audit: Audit,
}

impl Audit {
    /// What kind of thing was changed: said by the id, else by the last word of the action.
    pub fn kind(&self) -> &str {
        const KINDS: [(&str, &str); 10] = [
            ("usr_", "user"),
            ("ses_", "session"),
            ("acc_", "account"),
            ("wlt_", "wallet"),
            ("grp_", "position_group"),
            ("ord_", "order"),
            ("tok_", "webhook_token"),
            ("prk_", "parked_message"),
            ("crd_", "credential"),
            ("system", "system"),
        ];
        let known = KINDS.iter().find(|(prefix, _)| self.resource.starts_with(prefix)).map(|(_, kind)| *kind);
        known.or_else(|| self.action.split_whitespace().next_back()).unwrap_or("system")
    }

    /// Its public name.
    pub fn id(&self) -> String {
        let hash = Sha::of_parts(&[self.user.as_str(), self.attempt.as_str(), &self.action, &self.resource]);
        format!("aud_{}", hash.as_str().chars().take(26).collect::<String>())
    }
}

impl Chain {
    pub fn of(shelf: Shelf, audit: &Audit) -> Self {
        Self { shelf, day: audit.at.day(), user: audit.user.clone() }
    }

    /// Before its first row. Another person's, day's or table's begins otherwise, so that rows cannot be carried over.
    pub fn beginning(&self) -> Head {
        let parts = [FORMAT, "beginning", self.shelf.as_str(), &self.day.to_string(), self.user.as_str()];
        Head { count: 0, hash: Sha::of_parts(&parts) }
    }

    /// When nothing of it is kept in a table any more: all rows of a day at once, so that none seems to be missing.
    pub fn forgotten_at(&self) -> Timestamp {
        forgotten_at(self.day)
    }
}

/// When nothing of a day is kept in a table any more.
pub fn forgotten_at(day: i64) -> Timestamp {
    let end = Millis::DAY.get().saturating_mul(day.saturating_add(1));
    Timestamp::from_millis(end).plus(crate::limits::AUDIT_RETENTION)
}

impl Head {
    /// The row that comes next. `salt` is what nobody can guess, where there is an address.
    pub fn next(&self, audit: Audit, salt: &str) -> Link {
        let mark = audit.address.as_deref().map(|address| mark(salt, address));
        let salt = mark.is_some().then(|| salt.to_owned());
        let number = self.count.saturating_add(1);
        let link = Link { number, before: self.hash.clone(), hash: self.hash.clone(), mark, salt, audit };
        Link { hash: link.reckoned(), ..link }
    }
}

impl Link {
    /// The chain's head once this is its last row.
    pub fn head(&self) -> Head {
        Head { count: self.number, hash: self.hash.clone() }
    }

    /// The hash that follows from what the row says.
    pub fn reckoned(&self) -> Sha {
        let parts = self.parts();
        Sha::of_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What is hashed, in this order. What may be absent has `-` in its place, and `+` before it where it is there. Rows of earlier
    /// releases end before what has acted.
    fn parts(&self) -> Vec<String> {
        let said = |text: Option<&str>| text.map_or("-".to_owned(), |text| format!("+{text}"));
        let Audit { user, action, resource, reason, before, after, at, attempt, address: _, actor } = &self.audit;
        let hashed = [
            FORMAT.to_owned(),
            self.before.as_str().to_owned(),
            self.number.to_string(),
            user.to_string(),
            at.millis().to_string(),
            attempt.as_str().to_owned(),
            action.clone(),
            resource.clone(),
            reason.clone(),
            said(before.as_deref()),
            said(after.as_deref()),
            said(self.mark.as_ref().map(Sha::as_str)),
        ];
        hashed.into_iter().chain(actor.map(|actor| format!("+{actor}"))).collect()
    }

    /// Whether the address, where it is still there, is the one of the mark.
    fn is_marked(&self) -> bool {
        match (&self.audit.address, &self.salt, &self.mark) {
            (Some(address), Some(salt), Some(seen)) => mark(salt, address) == *seen,
            (None, ..) => true,
            _ => false,
        }
    }
}

fn mark(salt: &str, address: &str) -> Sha {
    Sha::of_parts(&[FORMAT, "address", salt, address])
}

words! {
    Actor {
        Person = "person",
        Key = "key",
        Telegram = "telegram",
        Mcp = "mcp",
        Flow = "flow",
        Bot = "bot",
        Rule = "rule",
        System = "system",
    }
}

words! {
    Shelf { Trading = "trading", Identity = "identity", Vault = "vault" }
}
