//! What a person reads when a command did not work: what went wrong, and the next step.

use std::fmt;
use std::process::ExitCode;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};

/// What shells expect of a program that was interrupted.
const INTERRUPTED: u8 = 130;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    next: Option<String>,
    code: u8,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None, code: 1 }
    }

    /// What the person can do about it.
    pub(crate) fn next(mut self, step: impl Into<String>) -> Self {
        self.next = Some(step.into());
        self
    }

    /// Ctrl-C is no error: no advice is needed.
    pub(crate) fn interrupted() -> Self {
        Self { what: "interrupted".into(), next: None, code: INTERRUPTED }
    }

    /// A command whose own output already says what is wrong: only its exit code counts.
    pub(crate) fn told(what: impl Into<String>, code: Option<i32>) -> Self {
        let code = code.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0).unwrap_or(1);
        Self { what: what.into(), next: None, code }
    }

    pub(crate) fn tell(&self) -> ExitCode {
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        eprintln!("{red}failed:{red:#} {}", self.what);
        if let Some(next) = &self.next {
            eprintln!("  next: {next}");
        }
        ExitCode::from(self.code)
    }
}

/// Parts of which each says something of its own: one that fails keeps no other from being heard.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<Failure>);

impl Parts {
    /// Keeps a failure for the end. Whoever interrupts wants no other part.
    pub(crate) fn hear(&mut self, part: Result<()>) -> Result<()> {
        match part {
            Err(failure) if failure.code == INTERRUPTED => return Err(failure),
            Err(failure) => self.0.push(failure),
            Ok(()) => {}
        }
        Ok(())
    }

    /// All that failed, with the code of the first.
    pub(crate) fn end(self) -> Result<()> {
        let what: Vec<_> = self.0.iter().map(|failure| failure.what.as_str()).collect();
        let what = what.join("\n        ");
        match self.0.into_iter().next() {
            Some(first) => Err(Failure { what, ..first }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Names what was being done when an error of the system came.
pub(crate) trait While<T> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> While<T> for std::result::Result<T, E> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{what}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Parts};

    #[test]
    fn all_parts_are_heard_and_what_failed_is_told_together() {
        let mut parts = Parts::default();
        for part in [Ok(()), Err(Failure::told("one", Some(100))), Ok(()), Err(Failure::new("two"))] {
            parts.hear(part).unwrap();
        }
        let failure = parts.end().unwrap_err();
        assert_eq!((failure.to_string().lines().count(), failure.code), (2, 100), "{failure}");
        assert!(Parts::default().end().is_ok());
    }

    #[test]
    fn an_interruption_ends_the_whole() {
        assert!(Parts::default().hear(Err(Failure::interrupted())).is_err());
    }
}
