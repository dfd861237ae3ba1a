//! Where the rows of people stand.

use super::archive::OldLog;
use crate::key::{Key, Table, of_user};
use domain::identity::{DefinitionKind, DefinitionName, Email, Username};
use domain::ids::{KeyId, SessionId, Sha, UserId};
use domain::logs::Note;

/// The partition that names all people.
pub(super) const EVERY_USER: &str = "USERS";
/// What the partitions of the system log begin with.
pub(super) const LOGS: &str = "LOG#";
pub(super) const LOGINS: &str = "S#";

/// Where the row of a token stands.
pub fn session(hash: &Sha) -> Key {
    Key::new(Table::Identity, format!("SES#{}", hash.as_str()), "S")
}

pub(super) fn user(user: &UserId) -> Key {
    Key::new(Table::Identity, of_user(user), "U")
}

pub(super) fn email(email: &Email) -> Key {
    Key::new(Table::Identity, format!("EML#{}", email.key().as_str()), "U")
}

pub(super) fn username(username: &Username) -> Key {
    Key::new(Table::Identity, format!("UNM#{}", username.key().as_str()), "U")
}

/// Among all people.
pub(super) fn listed_user(user: &UserId) -> Key {
    Key::new(Table::Identity, EVERY_USER, user.as_str())
}

/// Apart from the person, so that other functions may write there and nowhere else.
pub(super) fn of_logins(user: &UserId) -> String {
    format!("LGN#{user}")
}

pub(super) fn login(user: &UserId, login: &SessionId) -> Key {
    Key::new(Table::Identity, of_logins(user), format!("{LOGINS}{login}"))
}

/// The partition of a user's keys of programs.
pub(super) fn of_program_keys(user: &UserId) -> String {
    format!("KEY#{user}")
}

pub(super) fn program_key(user: &UserId, key: &KeyId) -> Key {
    Key::new(Table::Identity, of_program_keys(user), key.as_str())
}

/// The partition of all roles, all plans or all permissions.
pub(super) fn of_definitions(kind: DefinitionKind) -> String {
    format!("DEF#{kind}")
}

pub(super) fn definition(name: &DefinitionName) -> Key {
    Key::new(Table::Identity, of_definitions(name.kind()), name.to_string())
}

/// A second factor.
pub(super) fn factor(user: &UserId) -> Key {
    Key::new(Table::Identity, of_user(user), "T")
}

/// Apart from the person, so that other functions may read there and nowhere else.
pub(super) fn settings(user: &UserId) -> Key {
    Key::new(Table::Identity, format!("SET#{user}"), "S")
}

pub(super) fn guesses(subject: &Sha) -> Key {
    Key::new(Table::Identity, format!("GSS#{}", subject.as_str()), "G")
}

/// Requests from one address.
pub(super) fn door(subject: &Sha) -> Key {
    Key::new(Table::Identity, format!("DOR#{}", subject.as_str()), "D")
}

pub(super) fn reset(hash: &Sha) -> Key {
    Key::new(Table::Identity, format!("RST#{}", hash.as_str()), "R")
}

pub(super) fn bootstrap() -> Key {
    Key::new(Table::Identity, "SYS", "B")
}

pub(super) fn token_keys() -> Key {
    Key::new(Table::Identity, "SYS", "K")
}

/// How far the copies of a log are.
pub(super) fn archive_progress(log: OldLog) -> Key {
    Key::new(Table::Identity, "ARC", log.to_string())
}

/// The system log of a day.
pub(super) fn of_log(day: i64) -> String {
    format!("{LOGS}{day:05}")
}

pub(super) fn note(note: &Note) -> Key {
    Key::new(Table::Identity, of_log(note.at.day()), note.place())
}
