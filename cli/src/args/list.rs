//! Pages of what there is, and one of it.

use super::id::{bot, user, word};
use super::logs::Span;
use clap::Args;
use clap::builder::PossibleValuesParser;
use domain::vault::Mode;
use domain::words::Word;

/// How long a page is if the server sifts its rows.
pub(super) const LIMIT: &str =
    "Rows of a page, newest first; max. 200, and at least 50 with a filter other than --since and --until";

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
    #[arg(skip)]
    pub(crate) status: Option<String>,
    #[arg(skip)]
    pub(crate) of: Traded,
}

impl Look {
    /// Whether a part of the list alone is meant.
    pub(crate) fn is_filtered(&self) -> bool {
        self.status.is_some() || self.of != Traded::default()
    }
}

/// Positions, orders, alerts or trades, as far as they are all of this.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[group(skip)]
pub(crate) struct Traded {
    /// Only of this account, `acc_…`
    #[arg(long, value_parser = word)]
    pub(crate) account: Option<String>,
    /// Only in this mode
    #[arg(long, value_parser = words::<Mode>())]
    pub(crate) mode: Option<String>,
    /// Only of this market, such as BTC/USDT
    #[arg(long)]
    pub(crate) symbol: Option<String>,
    /// Only of this bot, `bot_…`
    #[arg(long, value_parser = bot)]
    pub(crate) bot: Option<String>,
    #[command(flatten)]
    pub(crate) span: Span,
}

/// A page of them.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(mut_arg("limit", |arg| arg.help(LIMIT)))]
pub(crate) struct Page {
    #[command(flatten)]
    of: Traded,
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    list: List,
}

impl Page {
    pub(super) fn with(self, status: Option<String>) -> Look {
        let Self { of, whose, list } = self;
        Look { id: None, whose, list, status, of }
    }
}

/// The words that are accepted.
pub(super) fn words<W: Word>() -> PossibleValuesParser {
    PossibleValuesParser::new(W::WORDS)
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
        let list = List { watch, limit: None, cursor: None };
        Self { id: Some(id), whose, list, status: None, of: Traded::default() }
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
