//! What a person types at the terminal. Secrets are not shown while they are typed.

use crate::failure::Failure;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};

const TERMINAL: &str = "/dev/tty";

/// `else_by` says what to give where there is no terminal.
pub(crate) fn line(question: &str, else_by: &str) -> Result<String, Failure> {
    some(ask(&terminal(else_by)?, question)?)
}

/// Before something that cannot be undone.
pub(crate) fn confirm(question: &str) -> Result<(), Failure> {
    is_yes(&line(&format!("{question} [y/N] "), "give --yes")?)
}

fn is_yes(answer: &str) -> Result<(), Failure> {
    let yes = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
    if yes { Ok(()) } else { Err(Failure::input("not confirmed: nothing was done")) }
}

pub(crate) fn hidden(question: &str, else_by: &str) -> Result<String, Failure> {
    some(hidden_or_none(question, else_by)?)
}

/// None if the line is left empty.
pub(crate) fn hidden_or_none(question: &str, else_by: &str) -> Result<Option<String>, Failure> {
    let terminal = terminal(else_by)?;
    let quiet = Quiet::begin(&terminal)?;
    let answer = ask(&terminal, question);
    drop(quiet);
    anstream::eprintln!();
    answer
}

/// One that is new, so that a slip of the finger is seen.
pub(crate) fn twice(question: &str, else_by: &str) -> Result<String, Failure> {
    let first = hidden(question, else_by)?;
    let again = hidden("Once more: ", else_by)?;
    if first == again { Ok(first) } else { Err(Failure::input("the two are not the same")) }
}

/// The terminal does not show what is typed, until this is dropped.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn begin(terminal: &'a File) -> Result<Self, Failure> {
        let before = tcgetattr(terminal).map_err(|error| broken(&error))?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &quiet).map_err(|error| broken(&error))?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // Whoever reads nothing back types `reset`.
        let _restored = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

fn ask(mut terminal: &File, question: &str) -> Result<Option<String>, Failure> {
    terminal.write_all(question.as_bytes()).map_err(|error| broken(&error))?;
    let mut answer = String::new();
    BufReader::new(terminal).read_line(&mut answer).map_err(|error| broken(&error))?;
    let answer = answer.trim_end_matches(['\r', '\n']);
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

fn some(answer: Option<String>) -> Result<String, Failure> {
    answer.ok_or_else(|| Failure::input("nothing was typed"))
}

fn terminal(else_by: &str) -> Result<File, Failure> {
    let opened = File::options().read(true).write(true).open(TERMINAL);
    opened.map_err(|_| Failure::input("there is no terminal to ask at").next(else_by))
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    Failure::input(format!("the terminal: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_confirms() {
        for answer in ["y", "Y", "yes", " YES "] {
            assert!(is_yes(answer).is_ok(), "{answer}");
        }
        for answer in ["n", "no", "yess", "1", ""] {
            assert!(is_yes(answer).unwrap_err().text().starts_with("not confirmed"), "{answer}");
        }
    }
}
