//! One finding.

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Ok,
    /// It works, and somebody should know.
    Warn,
    /// Something does not work.
    Fail,
}

/// What was looked at, how it stands, what that means, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// A stable word.
    pub name: &'static str,
    pub state: State,
    pub meaning: String,
    pub next: Option<&'static str>,
}

impl Check {
    pub fn ok(name: &'static str, meaning: impl Into<String>) -> Self {
        Self { name, state: State::Ok, meaning: meaning.into(), next: None }
    }

    pub fn warn(name: &'static str, meaning: impl Into<String>, next: &'static str) -> Self {
        Self { name, state: State::Warn, meaning: meaning.into(), next: Some(next) }
    }

    pub fn fail(name: &'static str, meaning: impl Into<String>, next: &'static str) -> Self {
        Self { name, state: State::Fail, meaning: meaning.into(), next: Some(next) }
    }
}
