//! Accounts at exchanges: keys, limits, balances.

use super::Whose;
use super::id::{account, credential, user};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Accounts {
    #[command(subcommand)]
    pub(crate) act: Option<AccountAct>,
    #[arg(long, value_parser = user, hide = true)]
    user: Option<String>,
}

impl Accounts {
    /// Without a subcommand, the status is shown, as in earlier releases.
    pub(crate) fn status(&self) -> Option<Whose> {
        match &self.act {
            None => Some(Whose { user: self.user.clone() }),
            Some(AccountAct::Status(whose)) => Some(whose.clone()),
            Some(_) => None,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Uses {
    /// The exchange key, `crd_…`
    #[arg(value_parser = credential)]
    pub(crate) key: String,
    /// The name of the deployment
    #[arg(long, env = "MONIQO_DEPLOYMENT", hide_env_values = true, default_value = "moniqo")]
    pub(crate) deployment: String,
    /// How many days of CloudTrail are read; it stores 90
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=90), value_name = "DAYS")]
    pub(crate) days: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAct {
    /// List accounts with their mode, their exchange key (masked), and whether they may open positions
    #[command(after_help = "Examples:\n  moniqo accounts list\n  moniqo accounts list --user usr_…")]
    List(Whose),
    /// Show an account with its balances and how much of its limits is used; `accounts edit acc_…` shows all limits
    #[command(after_help = "Example:\n  moniqo accounts show acc_…")]
    Show {
        /// An account, `acc_…`
        #[arg(value_parser = account)]
        id: String,
    },
    /// Show halts, balances, reservations, used limits and cooldowns of all accounts
    #[command(after_help = "Example:\n  moniqo accounts status -o json | jq '.accounts[].balances'")]
    Status(Whose),
    /// Create an account at an exchange; it opens no position before it is validated and enabled
    #[command(
        alias = "connect",
        after_help = "Examples:\n  moniqo accounts create PAPER --mode paper --label practice --start-balance 5000\n  moniqo accounts create BINANCE --mode testnet\n\nThen:\n  moniqo accounts validate PAPER --label practice\n  moniqo accounts enable acc_…"
    )]
    Create {
        /// The exchange, as alerts name it
        exchange: String,
        /// paper, testnet or live
        #[arg(long)]
        mode: String,
        /// Your name for the account; `default` if left out
        #[arg(long)]
        label: Option<String>,
        /// USDT on a paper account; 10000 if left out
        #[arg(long)]
        start_balance: Option<String>,
    },
    /// Watch the balances of a blockchain address; prints a text to sign. Never enter a private key
    #[command(
        alias = "connect-address",
        after_help = "Example:\n  moniqo accounts create-address ETHEREUM 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --label cold\n\nSign the printed text with personal_sign in your wallet, to the last character and without a line break after it. Then:\n  moniqo accounts prove acc_…"
    )]
    CreateAddress {
        /// The chain: the provider in `exchanges list --inactive`, in capitals
        exchange: String,
        /// 0x and 40 digits
        address: String,
        /// Your name for the address; `default` if left out
        #[arg(long)]
        label: Option<String>,
    },
    /// Print a new text to sign for an address; the previous one is no longer valid
    #[command(after_help = "Example:\n  moniqo accounts challenge acc_…")]
    Challenge {
        /// `acc_…`, see `accounts list`
        id: String,
    },
    /// Prove that an address is yours; asks for the signature, or reads it from a file
    #[command(
        after_help = "Examples:\n  moniqo accounts prove acc_…\n  moniqo accounts prove acc_… --from-file signature.txt\n\nThen:\n  moniqo accounts balances acc_…"
    )]
    Prove {
        /// `acc_…`, see `accounts list`
        id: String,
        /// A file with the signature, or `-` for standard input
        #[arg(long)]
        from_file: Option<PathBuf>,
    },
    /// Save the exchange key of an account, which is created if it does not exist; logged-in users only
    #[command(alias = "add", after_help = SET_KEY)]
    SetKey {
        /// The exchange, as alerts name it
        exchange: String,
        /// paper, testnet or live
        #[arg(long)]
        mode: String,
        /// Your name for the account; `default` if left out
        #[arg(long)]
        label: Option<String>,
        /// A JSON file with the key, or `-` for standard input
        #[arg(long)]
        from_file: Option<PathBuf>,
        /// Confirm that the key belongs to the same account at the exchange as the previous key. Needed if positions are open
        /// and the exchange cannot confirm it
        #[arg(long)]
        same_account: bool,
    },
    /// Query the balances of an account at its exchange
    #[command(after_help = "Example:\n  moniqo accounts balances acc_…")]
    Balances {
        /// `acc_…`, see `accounts list`
        id: String,
    },
    /// Check an account's exchange key
    #[command(
        after_help = "Examples:\n  moniqo accounts validate acc_…\n  moniqo accounts validate PAPER --label practice"
    )]
    Validate(OneAccount),
    /// Allow an account to open positions; for testnet and live only logged-in users can
    #[command(after_help = "Example:\n  moniqo accounts enable acc_…")]
    Enable {
        /// `acc_…`, see `accounts list`
        id: String,
    },
    /// Forbid an account to open positions; open ones are still managed and closed
    #[command(after_help = "Example:\n  moniqo accounts disable acc_…")]
    Disable {
        /// `acc_…`, see `accounts list`
        id: String,
    },
    /// Change the limits of an account, or show them if none is named; only logged-in users can raise those of testnet and live
    #[command(
        alias = "limits",
        after_help = "Examples:\n  moniqo accounts edit acc_…\n  moniqo accounts edit acc_… --order-quote-max 250 --open-groups-max 3\n\nA new account has these limits: 10 open positions, 10,000 exposure, 5,000 for one entry, 1,000 loss of a day, no leverage."
    )]
    Edit(Limits),
    /// Switch an account between testnet and live. Its exchange key is deleted: set the key of the other side, validate and enable the account
    #[command(after_help = "Examples:\n  moniqo accounts mode acc_… testnet\n  moniqo accounts mode BINANCE testnet")]
    Mode {
        #[command(flatten)]
        of: OneAccount,
        /// testnet or live
        mode: String,
    },
    /// Delete an account without open positions
    #[command(
        alias = "remove",
        after_help = "Examples:\n  moniqo accounts delete acc_…\n  moniqo accounts delete PAPER --label practice"
    )]
    Delete(OneAccount),
    /// Show each use of an exchange key: the vault's own rows, and CloudTrail as their proof
    #[command(
        alias = "uses",
        after_help = "Examples:\n  moniqo accounts key-uses crd_…\n  moniqo accounts key-uses crd_… --days 30\n  moniqo accounts key-uses crd_… --deployment desk -o json\n\nIt runs the command `aws` with your own rights: dynamodb:Query on the vault table and\ncloudtrail:LookupEvents. CloudTrail lags by about a quarter of an hour."
    )]
    KeyUses(Uses),
}

#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// `acc_…`, see `accounts list`
    pub(crate) id: String,
    /// Open positions
    #[arg(long)]
    pub(crate) open_groups_max: Option<u32>,
    /// Planned quote of all positions that are not closed
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) exposure_max: Option<String>,
    /// Planned quote of one entry
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) order_quote_max: Option<String>,
    /// Realised loss of a UTC day; once it is reached, no entry starts
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) day_loss_max: Option<String>,
    /// Leverage of a position of contracts
    #[arg(long, value_name = "TIMES")]
    pub(crate) leverage_max: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct OneAccount {
    /// `acc_…`, or an exchange as alerts name it
    pub(crate) account: String,
    /// Your name for the account at that exchange; `default` if left out, or the only account there
    #[arg(long)]
    pub(crate) label: Option<String>,
}

const SET_KEY: &str = "\
Examples:
  moniqo accounts set-key BINANCE --mode live
  moniqo accounts set-key PAPER --mode paper --label practice --from-file key.json
  … | moniqo accounts set-key BINANCE --mode live --from-file -
  moniqo accounts set-key OKX --mode live

You type the key, or it is read from a file: {\"api_key\": \"…\", \"api_secret\": \"…\"}, with \"passphrase\" if the exchange has
one. A key with the right to withdraw is refused. The refusal says what to add to the file to save it all the same.

Then:
  moniqo accounts validate BINANCE
  moniqo accounts enable acc_…";
