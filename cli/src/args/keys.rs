//! What is said of accounts at exchanges.

use super::Whose;
use super::id::credential;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Uses {
    /// The key, `crd_…`
    #[arg(value_parser = credential)]
    pub(crate) key: String,
    /// What the deployment is called
    #[arg(long, env = "MONIQO_DEPLOYMENT", default_value = "moniqo")]
    pub(crate) deployment: String,
    /// How far back CloudTrail is read, which keeps 90 days
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=90), value_name = "DAYS")]
    pub(crate) days: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Say who has opened a key and why: the vault's own rows, and CloudTrail as their proof
    #[command(
        after_help = "Examples:\n  moniqo keys uses crd_…\n  moniqo keys uses crd_… --days 30\n  moniqo keys uses crd_… --deployment desk -o json\n\nIt asks AWS by the command `aws` with your own rights: dynamodb:Query on the vault table and\ncloudtrail:LookupEvents. CloudTrail is about a quarter of an hour late."
    )]
    Uses(Uses),
    /// List your accounts, each with its mode, whether it may enter, and its key as it is shown
    #[command(after_help = "Examples:\n  moniqo keys list\n  moniqo keys list --user usr_…")]
    List(Whose),
    /// Connect an account at an exchange; it enters nothing until it is validated and enabled
    #[command(
        after_help = "Examples:\n  moniqo keys connect PAPER --mode paper --label practice --start-balance 5000\n  moniqo keys connect BINANCE --mode testnet\n\nThen:\n  moniqo keys validate PAPER --label practice\n  moniqo keys enable acc_…"
    )]
    Connect {
        /// As alerts name it
        exchange: String,
        /// paper, testnet or live
        #[arg(long)]
        mode: String,
        /// `default` where it is left out
        #[arg(long)]
        label: Option<String>,
        /// USDT that the paper venue holds for it; 10000 where it is left out
        #[arg(long)]
        start_balance: Option<String>,
    },
    /// Connect an address of a chain, to look at what it has; what is to be signed is printed. Never give a private key
    #[command(
        after_help = "Example:\n  moniqo keys connect-address ETHEREUM 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --label cold\n\nSign what is printed with personal_sign in your wallet, to the last character and without a line break after it. Then:\n  moniqo keys prove acc_…"
    )]
    ConnectAddress {
        /// The chain, as `wallets list --inactive` shows its provider, in capitals
        exchange: String,
        /// 0x and 40 digits
        address: String,
        /// `default` where it is left out
        #[arg(long)]
        label: Option<String>,
    },
    /// Print another text to sign for an address; the one before is worth nothing then
    #[command(after_help = "Example:\n  moniqo keys challenge acc_…")]
    Challenge {
        /// `acc_…`, as `keys list` shows it
        id: String,
    },
    /// Prove that an address is yours; the signature is asked for, or read from a file
    #[command(
        after_help = "Examples:\n  moniqo keys prove acc_…\n  moniqo keys prove acc_… --from-file signature.txt\n\nThen:\n  moniqo keys balances acc_…"
    )]
    Prove {
        /// `acc_…`, as `keys list` shows it
        id: String,
        /// A file with the signature, or `-` for standard input; else it is asked for
        #[arg(long)]
        from_file: Option<PathBuf>,
    },
    /// Save the key of an account, which is made where it is not there; its secret is asked for, or read from a file. Log in first: a
    /// program's key saves none
    #[command(
        after_help = "Examples:\n  moniqo keys add BINANCE --mode live\n  moniqo keys add PAPER --mode paper --label practice --from-file key.json\n  … | moniqo keys add BINANCE --mode live --from-file -\n  moniqo keys add OKX --mode live\n\nThe file: {\"api_key\": \"…\", \"api_secret\": \"…\"}, with \"passphrase\" where the exchange has one. A key that can withdraw is\nrefused; the refusal says what to write into the file to insist.\n\nThen:\n  moniqo keys validate BINANCE\n  moniqo keys enable acc_…"
    )]
    Add {
        /// As alerts name it
        exchange: String,
        /// paper, testnet or live
        #[arg(long)]
        mode: String,
        /// `default` where it is left out
        #[arg(long)]
        label: Option<String>,
        /// A JSON file with the key, or `-` for standard input; else it is asked for
        #[arg(long)]
        from_file: Option<PathBuf>,
        /// Say that it is of the same account at the exchange as the key before, where position groups are open and the exchange does
        /// not tell
        #[arg(long)]
        same_account: bool,
    },
    /// Ask the exchange what an account has
    #[command(after_help = "Example:\n  moniqo keys balances acc_…")]
    Balances {
        /// `acc_…`, as `keys list` shows it
        id: String,
    },
    /// Have an account looked at
    #[command(after_help = "Example:\n  moniqo keys validate PAPER --label practice")]
    Validate(AtExchange),
    /// Let an account enter; at an exchange a person does, who has logged in
    #[command(after_help = "Example:\n  moniqo keys enable acc_…")]
    Enable {
        /// `acc_…`, as `keys list` shows it
        id: String,
    },
    /// Let an account enter no more; what is open is still managed and closed
    #[command(after_help = "Example:\n  moniqo keys disable acc_…")]
    Disable {
        /// `acc_…`, as `keys list` shows it
        id: String,
    },
    /// Show what an account may hold at the most, or change what is named; at an exchange a person raises it, who has logged in
    #[command(
        after_help = "Examples:\n  moniqo keys limits acc_…\n  moniqo keys limits acc_… --order-quote-max 250 --open-groups-max 3"
    )]
    Limits(Limits),
    /// Switch an account between testnet and live; it has to be validated and enabled anew
    #[command(after_help = "Example:\n  moniqo keys mode BINANCE testnet")]
    Mode {
        #[command(flatten)]
        at: AtExchange,
        /// testnet or live
        mode: String,
    },
    /// Remove an account of which no position is open
    #[command(after_help = "Example:\n  moniqo keys remove PAPER --label practice")]
    Remove(AtExchange),
}

#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// `acc_…`, as `keys list` shows it
    pub(crate) id: String,
    /// Position groups that are open at once
    #[arg(long)]
    pub(crate) open_groups_max: Option<u32>,
    /// Quote planned of all groups that are not closed
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) exposure_max: Option<String>,
    /// Quote planned by one entry
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) order_quote_max: Option<String>,
    /// Realised loss of one UTC day after which no entry starts
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) day_loss_max: Option<String>,
    /// How many times its margin a position of contracts may be worth
    #[arg(long, value_name = "TIMES")]
    pub(crate) leverage_max: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct AtExchange {
    /// As alerts name it
    pub(crate) exchange: String,
    /// Which one there; else `default`, else the only one
    #[arg(long)]
    pub(crate) label: Option<String>,
}
