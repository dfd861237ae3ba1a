//! Why nothing became of a wish for an account.

use crate::ports::StoreError;
use domain::chain::{ChainFault, Unproven};
use domain::limits as bounds;
use domain::market::Exchange;
use domain::vault::KeyFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    #[error("there is no such account")]
    Unknown,
    #[error("one of your accounts at this exchange has this label already: choose another")]
    Duplicate,
    #[error("the webhook token \"{0}\" trades on whatever is called so: revoke it or bind it to another account first")]
    LabelOfToken(String),
    #[error("at most {} accounts are kept: remove one first", bounds::ACCOUNTS_PER_USER_MAX)]
    TooMany,
    #[error("several of your accounts are at this exchange: name one by ?label=")]
    Ambiguous,
    /// The label alone does not say which account is meant.
    #[error("must be named: accounts called {0} are at several exchanges")]
    AtSeveral(String),
    #[error("{0} is not known here: GET /api/v1/exchanges lists who is")]
    NoWallet(Exchange),
    #[error("no account is connected at {0} any more: its wallet is not active")]
    Inactive(Exchange),
    #[error("no address of {0} can be connected: it is not said which chain that is, or it is none of Ethereum's kind")]
    WalletNotSupported(Exchange),
    #[error("must be given: one of {0}, which you prove to be yours by a signature")]
    AddressMissing(Exchange),
    #[error("is for chains, and {0} is none: its wallet is not of type WALLET")]
    NoAddressThere(Exchange),
    /// Somebody has mistyped it.
    #[error("has capitals that are not those of its checksum (EIP-55): copy it anew")]
    Checksum,
    #[error("one of your accounts is for this address already")]
    AddressConnected,
    #[error("this account is for no address: there is nothing to prove")]
    NoAddress,
    #[error("{}", unproven(*.0))]
    Unproven(Unproven),
    #[error("this address is not proven to be yours yet: sign what is asked first")]
    NotProven,
    #[error("{0} is a chain: its addresses are looked at, and never traded")]
    NeverTraded(Exchange),
    /// Nothing is known of what an address has.
    #[error("{}", .0.detail())]
    Unread(ChainFault),
    /// What would be kept there is no key of an exchange: a private key must never be.
    #[error("{0} takes no API key, and nothing of it was kept: never give a private key or a seed phrase to anybody")]
    KeyNotTaken(Exchange),
    #[error("is part of every key of {0}, beside its secret: give the one that was chosen when the key was made")]
    PassphraseMissing(Exchange),
    #[error("is no part of a key of {0}: leave it out")]
    NoPassphrase(Exchange),
    /// The paper venue has one mode, and no other venue has it.
    #[error("must be {allowed} at {exchange}")]
    Mode { exchange: Exchange, allowed: &'static str },
    #[error("{0} position groups are open: close them first")]
    GroupsOpen(u32),
    #[error("{0} bots trade with it: stop them first")]
    BotsRun(u32),
    /// What rests there would be looked for elsewhere, and exits would sell what is not theirs.
    #[error(
        "this key is of another account at {0} than the one whose position groups are open: save a key of that one, or close them first"
    )]
    OtherAccount(Exchange),
    #[error(
        "{0} does not tell whether this key is of the account whose position groups are open, and with another account's key their \
         exits would sell what is not theirs: where it is of the same account, say so with \"same_account\": true"
    )]
    AccountUntold(Exchange),
    #[error("it has not been found good yet: have it validated first")]
    NotValidated,
    /// Whoever has stolen a program's key would undo what keeps them from the money.
    #[error("a program's key {0}: a person does, who has logged in")]
    NotInPerson(&'static str),
    #[error("{0} cannot be traded yet: there is no adapter for it. The account is kept, and enters nothing")]
    NotTradable(Exchange),
    /// The key's own fault.
    #[error("{}", .0.detail())]
    Key(KeyFault),
    /// With the label, where it is the same user's.
    #[error("{}{}", KeyFault::ConnectedTwice.detail(), connected_as(.0.as_deref()))]
    ConnectedTwice(Option<String>),
    #[error("this account has no key: save one first")]
    NoKey,
    #[error("the key that is kept does not open any more: save it anew")]
    Shut,
    /// Nothing is known of the key.
    #[error("{0}: nothing was changed, try again later")]
    VenueAway(String),
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn connected_as(label: Option<&str>) -> String {
    label.map(|label| format!(" (yours labelled \"{label}\")")).unwrap_or_default()
}

fn unproven(why: Unproven) -> &'static str {
    match why {
        Unproven::NoChallenge => "nothing is to be signed: ask for a challenge",
        Unproven::Expired => "the challenge has ended: ask for another one",
        Unproven::Foreign => {
            "the signature is not of this address over the text that is to be signed, to the last byte; that of a \
             contract wallet (ERC-1271) cannot be checked here"
        }
    }
}
