//! What is said of logs.

use super::List;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Logs {
    /// List events: refused orders, orders in doubt, stops, halts, refused log-ins, roles, failures (operators)
    #[command(
        after_help = "Examples:\n  moniqo logs system --category TRADING\n  moniqo logs system --category SECURITY --level WARNING\n  moniqo logs system --since 2026-01-31 --watch"
    )]
    System {
        /// DEBUG, INFO, WARNING, ERROR or CRITICAL
        #[arg(long)]
        level: Option<String>,
        /// SECURITY, TRADING, SYSTEM, RISK or API
        #[arg(long)]
        category: Option<String>,
        #[command(flatten)]
        span: Span,
        #[command(flatten)]
        list: List,
    },
    /// List changes by you, or by all users (operators)
    #[command(after_help = "Examples:\n  moniqo logs audit\n  moniqo logs audit --user usr_… --action halt")]
    Audit {
        /// Only of this user, `usr_…`
        #[arg(long)]
        user: Option<String>,
        /// Only this action
        #[arg(long)]
        action: Option<String>,
        #[command(flatten)]
        span: Span,
        #[command(flatten)]
        list: List,
    },
    /// Check the audit log for rows that were changed, added or removed; exit code 1 if there are any
    #[command(
        after_help = "Examples:\n  moniqo logs verify\n  moniqo logs verify --since 2026-01-01 --until 2026-01-31"
    )]
    Verify {
        /// Only of this user, `usr_…`
        #[arg(long)]
        user: Option<String>,
        #[command(flatten)]
        span: Span,
    },
    /// Print one of the logs as a file (admins)
    #[command(after_help = "Example:\n  moniqo logs export audit --format csv --since 2026-01-01 > audit.csv")]
    Export {
        /// The log
        logs: Which,
        /// The format of the file
        #[arg(long, default_value = "csv")]
        format: Format,
        #[command(flatten)]
        span: Span,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct Span {
    /// A time or a day, such as 2026-01-31T12:00:00Z or 2026-01-31
    #[arg(long)]
    pub(crate) since: Option<String>,
    /// A time or a day, the day included
    #[arg(long)]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Which {
    System,
    Audit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Json,
}
