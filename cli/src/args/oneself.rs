//! What is said of oneself, and of being forgotten.

use super::PasswordFrom;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Me {
    /// As you want to be called; empty for no name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// 3 to 100 of a-z, A-Z, 0-9, _, . and -
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// Another address; your password is asked for
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// A JSON file with an object, or `-` for standard input: what your own programs keep for you
    #[arg(long, value_name = "FILE")]
    pub(crate) preferences_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// `usr_…`; yourself where it is left out
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
}
