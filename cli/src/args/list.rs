//! Pages of what there is, and one of it.

use super::id::{user, word};
use clap::Args;

// A command of the same name has a group of its own.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct List {
    /// Show it again and again, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// How many, newest first; at most 200
    #[arg(long)]
    pub(crate) limit: Option<u32>,
    /// Where the page before has ended
    #[arg(long)]
    pub(crate) cursor: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Look {
    /// Only this one, with all that belongs to it
    #[arg(conflicts_with_all = ["limit", "cursor"], value_parser = word)]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) list: List,
}

#[derive(Debug, Args)]
pub(crate) struct Looks {
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) list: List,
}

#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Whose {
    /// Another user, `usr_…` (managers)
    #[arg(long, value_parser = user)]
    pub(crate) user: Option<String>,
}
