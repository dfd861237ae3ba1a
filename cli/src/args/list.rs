//! Pages of what there is, and one of it.

use super::id::{user, word};
use clap::Args;

// A command of the same name has a group of its own.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct List {
    /// Refresh the list until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// Rows of a page, newest first; max. 200
    #[arg(long)]
    pub(crate) limit: Option<u32>,
    /// The cursor of the previous page
    #[arg(long)]
    pub(crate) cursor: Option<String>,
}

/// A list, or one of its members: `list` and `show` in one, as earlier releases spell them.
#[derive(Debug, Clone, Args)]
pub(crate) struct Look {
    /// One member of the list, with its details
    #[arg(conflicts_with_all = ["limit", "cursor"], value_parser = word)]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) list: List,
}

/// One member of a list.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct One {
    /// Its id
    #[arg(value_parser = word)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Refresh it until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
}

impl From<One> for Look {
    fn from(One { id, whose, watch }: One) -> Self {
        Self { id: Some(id), whose, list: List { watch, limit: None, cursor: None } }
    }
}

impl From<Looks> for Look {
    fn from(Looks { whose, list }: Looks) -> Self {
        Self { id: None, whose, list }
    }
}

#[derive(Debug, Clone, Args)]
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
