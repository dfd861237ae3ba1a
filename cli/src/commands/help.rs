//! `moniqo help`

use crate::args::command;
use crate::failure::Failure;

/// The same as `-h` of the command that the words name.
pub(super) fn run(words: &[String]) -> Result<(), Failure> {
    anstream::print!("{}", help(words)?);
    Ok(())
}

fn help(words: &[String]) -> Result<String, Failure> {
    let mut named = command();
    named.build();
    for word in words {
        let inner = named.find_subcommand(word).cloned();
        named = inner.ok_or_else(|| Failure::input(format!("there is no command {word}")).next("moniqo help"))?;
    }
    Ok(named.render_help().ansi().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_that_of_the_named_command() {
        let help = |words: &[&str]| help(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(help(&[]).unwrap().contains("Administration:"));
        let inner = help(&["positions", "close"]).unwrap();
        assert!(inner.contains("moniqo positions close") && inner.contains("A position, `grp_…`"), "{inner}");
        assert_eq!(help(&["nothing"]).unwrap_err().text(), "there is no command nothing | moniqo help");
    }
}
