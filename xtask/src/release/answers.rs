//! Asking the person. In a pipe there is nobody to ask.

use std::io::{IsTerminal, stderr, stdin};

use anstream::eprint;

use crate::failure::{Failure, Result, While};

/// Yes or no; `--yes` has answered already.
///
/// # Errors
/// Where nobody can be asked.
pub(crate) fn agrees(question: &str, yes: bool) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    Ok(matches!(ask(&format!("{question} [y/N]"), "--yes")?.as_str(), "y" | "Y" | "yes"))
}

/// The word itself, typed by a person: `--yes` is no answer to this.
///
/// # Errors
/// Where it was not typed, or nobody can be asked.
pub(crate) fn types(question: &str, word: &str) -> Result<()> {
    let typed = ask(&format!("{question}\nType `{word}` to go on:"), "a terminal")?;
    if typed == word { Ok(()) } else { Err(Failure::new("not confirmed; nothing was changed")) }
}

/// Whether somebody is there.
pub(crate) fn somebody_is_there() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

fn ask(question: &str, instead: &str) -> Result<String> {
    if !somebody_is_there() {
        return Err(Failure::new(format!("nobody is there to ask: {question}")).next(format!("run it with {instead}")));
    }
    eprint!("{question} ");
    let mut line = String::new();
    stdin().read_line(&mut line).while_doing("reading the answer")?;
    Ok(line.trim().to_owned())
}
