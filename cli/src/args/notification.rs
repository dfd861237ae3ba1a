//! Notifications.

use super::List;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  moniqo notifications\n  moniqo notifications --unread\n  moniqo notifications read ntf_…\n  moniqo notifications read-all"
)]
pub(crate) struct Notifications {
    #[command(subcommand)]
    pub(crate) act: Option<NotificationAct>,
    #[command(flatten)]
    pub(crate) list: NotificationList,
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct NotificationList {
    /// Only unread notifications
    #[arg(long)]
    pub(crate) unread: bool,
    #[command(flatten)]
    pub(crate) page: List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NotificationAct {
    /// List notifications, newest first; so does `moniqo notifications`
    #[command(after_help = "Example:\n  moniqo notifications list --unread")]
    List(NotificationList),
    /// Mark a notification as read
    #[command(after_help = "Example:\n  moniqo notifications read ntf_…")]
    Read {
        /// `ntf_…`
        id: String,
    },
    /// Mark all notifications as read
    #[command(after_help = "Example:\n  moniqo notifications read-all")]
    ReadAll,
    /// Delete a notification
    #[command(alias = "drop", after_help = "Example:\n  moniqo notifications delete ntf_…")]
    Delete {
        /// `ntf_…`
        id: String,
    },
}
