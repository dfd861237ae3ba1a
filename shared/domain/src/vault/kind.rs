//! What a secret is for, and which side of a venue an account trades on.

use crate::words::words;

/// What a secret is for. Each kind is opened by functions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// Keys of venues.
    Exchange,
    /// Keys of AI providers.
    Ai,
    /// Where notifications are sent.
    Channel,
    /// Sources of outside data.
    Source,
}

/// Which side of a venue an account trades on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Paper,
    Testnet,
    Live,
}

words! {
    SecretKind { Exchange = "exchange", Ai = "ai", Channel = "channel", Source = "source" }
    Mode { Paper = "paper", Testnet = "testnet", Live = "live" }
}
