//! `moniqo completions`

use crate::args;
use crate::failure::Failure;
use clap_complete::{Shell, generate};
use std::io::{Write, stdout};

pub(super) fn run(shell: Shell) -> Result<(), Failure> {
    let unwritten = |error: std::io::Error| Failure::refused(format!("the script cannot be written: {error}"));
    stdout().write_all(&script(shell)).map_err(unwritten)
}

fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut args::command(), "moniqo", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn script_of_each_shell_names_the_commands() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).unwrap();
            assert!(script.contains("dead-letters") && script.contains("accounts"), "{shell}");
        }
    }
}
