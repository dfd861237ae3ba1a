//! Standard output: once, or again and again while somebody watches.

use crate::failure::Failure;
use crate::table::printable;
use anstream::{print, println};
use std::io::{IsTerminal, stdout};
use std::thread;
use std::time::Duration;

/// How long a watched view waits for its next look.
const LOOK: Duration = Duration::from_secs(2);
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// Shows what `look` gives: once, or until Ctrl-C. In a pipe a watched view is printed whenever it has changed.
pub(crate) fn show(watch: bool, mut look: impl FnMut() -> Result<String, Failure>) -> Result<(), Failure> {
    if !watch {
        println!("{}", look()?);
        return Ok(());
    }
    let mut shown = None;
    loop {
        let text = look()?;
        if shown.as_ref() != Some(&text) {
            clear();
            println!("{text}");
            shown = Some(text);
        }
        pause(LOOK);
    }
}

/// Prints a file of the server: as it came in a pipe, and without control characters in a terminal.
pub(crate) fn file(text: &str) {
    if stdout().is_terminal() {
        print!("{}", printable(&text.replace("\r\n", "\n")));
    } else {
        print!("{text}");
    }
}

fn clear() {
    if stdout().is_terminal() {
        print!("{CLEAR}");
    }
}

#[allow(clippy::disallowed_methods, reason = "a person looks on; nothing of the money path waits here")]
pub(crate) fn pause(span: Duration) {
    thread::sleep(span);
}
