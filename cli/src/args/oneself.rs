//! The user's own record, and its erasure.

use super::PasswordFrom;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Me {
    /// Your name; empty for none
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// 3 to 100 of a-z, A-Z, 0-9, _, . and -
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// A new address; your password is asked for
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// A JSON object for your own programs; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) preferences_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// Another user, `usr_…` (admins); yourself if left out
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
}
