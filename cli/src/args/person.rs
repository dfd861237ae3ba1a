//! Users: oneself, and others for an admin. Passwords are asked for, or read from a file.

use super::id::user;
use super::{Erase, Me};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct LogIn {
    /// Your e-mail; asked for if left out
    #[arg(long)]
    pub(crate) email: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
    /// File whose first line is an API key, which is stored in place of a session
    #[arg(long, value_name = "FILE", conflicts_with_all = ["email", "password_file", "code_file"])]
    pub(crate) api_key_file: Option<PathBuf>,
    /// File whose first line is the code of your second factor; asked for if needed
    #[arg(long, value_name = "FILE")]
    pub(crate) code_file: Option<PathBuf>,
}

/// What proves somebody a second time.
#[derive(Debug, Subcommand)]
pub(crate) enum Totp {
    /// Show your second factor and the number of recovery codes left
    #[command(after_help = "Example:\n  moniqo users totp status")]
    Status,
    /// Switch it on: your app gets a secret and shows codes
    #[command(
        after_help = "Example:\n  moniqo users totp on\n\nIt prints ten recovery codes, once: store them on paper. Each replaces one code if the app is lost."
    )]
    On(Proof),
    /// Switch it off
    #[command(after_help = "Example:\n  moniqo users totp off")]
    Off(Proof),
    /// Print ten new recovery codes; the previous ones are no longer valid
    #[command(after_help = "Example:\n  moniqo users totp codes")]
    Codes(Proof),
    /// Delete the second factor of another user who has lost it (admins); the user's sessions end
    #[command(alias = "take", after_help = "Example:\n  moniqo users totp delete usr_…")]
    Delete {
        /// `usr_…`
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Proof {
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
    /// File whose first line is the code; asked for if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) code_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PasswordFrom {
    /// File whose first line is the password, - for standard input; asked for if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// Show your user, role and permissions, or change the named members
    #[command(
        after_help = "Examples:\n  moniqo users me\n  moniqo users me --name \"Ann Lee\"\n  moniqo users me --email new@example.com"
    )]
    Me(Me),
    /// Print your stored personal data as JSON, without secrets
    #[command(after_help = "Example:\n  moniqo users export > me.json")]
    Export,
    /// Permanently erase your personal data, or another user's (admins)
    #[command(
        after_help = "Examples:\n  moniqo users erase\n  moniqo users erase usr_…\n\nClose your positions first: accounts and exchange keys are deleted. To erase yourself, you enter your password, and you\ncannot log in any more. Your actions stay on record under your id, without name or address. If it stops half way, send it again."
    )]
    Erase(Erase),
    /// List users (admins)
    #[command(
        after_help = "Examples:\n  moniqo users list\n  moniqo users list --search ann --role trader --active true"
    )]
    List {
        #[command(flatten)]
        list: super::List,
        /// Part of an e-mail or a name, in any case
        #[arg(long)]
        search: Option<String>,
        /// One of `moniqo roles list`
        #[arg(long)]
        role: Option<String>,
        /// Active or suspended
        #[arg(long)]
        active: Option<bool>,
    },
    /// Delete a user (admins); sessions, webhook tokens and API keys end, e-mail and name become free
    #[command(
        alias = "remove",
        after_help = "Example:\n  moniqo users delete usr_…\n\nTo suspend a user: moniqo users edit usr_… --active false"
    )]
    Delete {
        /// `usr_…`
        id: String,
    },
    /// Create the first admin of a deployment, with its first token
    #[command(
        after_help = "Example:\n  moniqo users first --email you@example.com --username you\n\nThe first token is MONIQO_TOKEN, or that of .moniqo/dev/stack.json. It is valid once."
    )]
    First {
        #[command(flatten)]
        new: NewUser,
    },
    /// Create a user (admins)
    #[command(
        alias = "add",
        after_help = "Example:\n  moniqo users create --email ann@example.com --username ann --role trader"
    )]
    Create {
        #[command(flatten)]
        new: NewUser,
        /// One of `moniqo roles list`; viewer if left out
        #[arg(long)]
        role: Option<String>,
    },
    /// Change the role of a user, or suspend the user (admins); sessions end, with `--active false` also tokens and API keys
    #[command(
        alias = "set",
        after_help = "Examples:\n  moniqo users edit usr_… --role trader\n  moniqo users edit usr_… --active false"
    )]
    Edit {
        /// `usr_…`
        id: String,
        /// One of `moniqo roles list`
        #[arg(long, required_unless_present = "active")]
        role: Option<String>,
        /// Active or suspended
        #[arg(long)]
        active: Option<bool>,
    },
    /// Close all positions of a suspended user at the market (admins)
    #[command(
        after_help = "Example:\n  moniqo users close-positions usr_… --reason \"has left\" --yes\n\nSuspend the user first: moniqo users edit usr_… --active false\nSend it again to see how far it is."
    )]
    ClosePositions {
        /// `usr_…`
        #[arg(value_parser = user)]
        id: String,
        /// The reason, for the audit log
        #[arg(long)]
        reason: String,
    },
    /// Create a password reset token for a user (admins); valid once, for half an hour
    #[command(
        after_help = "Example:\n  moniqo users reset usr_…\n\nIf no admin can log in any more, the owner of the AWS account creates one with the checkout:\n  cargo xtask users reset you@example.com --deployment moniqo"
    )]
    Reset {
        /// `usr_…`
        id: String,
    },
    /// Set a new password with a reset token
    #[command(
        after_help = "Examples:\n  moniqo users choose-password\n  moniqo users choose-password --token-file -\n\n`users forgot` sends you a token by e-mail. It is valid once, for half an hour."
    )]
    ChoosePassword {
        /// File whose first line is the token, - for standard input; asked for if left out
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// A second factor: codes of an app, asked for at each log-in
    #[command(subcommand)]
    Totp(Totp),
    /// Have a password reset token sent to you by e-mail
    #[command(after_help = "Example:\n  moniqo users forgot --email you@example.com")]
    Forgot {
        /// Your e-mail
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NewUser {
    /// The e-mail to log in with
    #[arg(long)]
    pub(crate) email: String,
    /// 3 to 100 of a-z, A-Z, 0-9, _, . and -
    #[arg(long)]
    pub(crate) username: String,
    #[command(flatten)]
    pub(crate) password: PasswordFrom,
}
