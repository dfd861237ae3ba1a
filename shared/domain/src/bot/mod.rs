//! Bots: a strategy that is told the closed candles of one series, and whose signals go the way of any alert.
//!
//! 1. A run keeps the terms that it began with: what becomes of its bot changes nothing of it.
//! 2. Each closed candle is decided on once, oldest first, from the first one on that closes after the start. What is kept of the time
//!    before is heard and not followed, and so is a candle that is told behind a later one.
//! 3. What a run says has an id that follows from the run, the candle and the deed: said twice it is said once.
//! 4. An entry of a candle that closed too long ago is not raised. An exit is, however late: exits do not expire.
//! 5. Whether anything is held, cools, or may be opened is not known here. It is asked where it is: at the decision.
//!
//! Where to begin: [`Terms`], [`Run::hears`], [`Strategies`].

mod confidence;
mod name;
mod run;
mod strategy;
mod switch;

pub use confidence::{BadConfidence, Confidence};
pub use name::{BadBotName, BotName};
pub use run::{Ended, EntryKind, Hears, LogEntry, Run, Said, Word};
pub use strategy::{BadTerm, RULES, Strategies, Strategy, bars_before, hears_from, settled_from};
pub use switch::Switch;

use crate::alert::Side;
use crate::clock::Timestamp;
use crate::ids::{AccountId, BotId, RunId, UserId};
use crate::preset::PresetName;
use crate::series::Series;

/// What a bot trades, by what, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub account: AccountId,
    /// Of the account's exchange.
    pub series: Series,
    pub strategy: Strategy,
    /// The preset that the bot's own settings extend; the standard one where none is named.
    pub preset: Option<PresetName>,
    /// What its entries say themselves: the members of a preset, in their one written form. Sizes, take-profit, stop, cooldown and how
    /// many positions may be open are among them. Where its strategy brings a ladder, that says of entries and exits what an entry says.
    pub plan: String,
    /// Entries that are less sure are not raised.
    pub confidence_min: Confidence,
}

/// A bot as its user keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    pub id: BotId,
    pub user: UserId,
    /// From 1.
    pub version: u64,
    pub name: BotName,
    pub terms: Terms,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    /// Its newest run.
    pub run: Option<RunId>,
    /// Whether that goes on.
    pub running: bool,
    /// Its user has taken it away.
    pub deleted: bool,
}

/// What a strategy would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Enter(Side),
    /// Out of what is held, whichever side that is.
    Exit,
}

/// Whose signal a delivery is, where no alert has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBy {
    pub bot: BotId,
    pub run: RunId,
    /// The account that is meant, whatever it is called by now.
    pub account: AccountId,
}

/// The bot and the run that something comes of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByBot {
    pub bot: BotId,
    pub run: RunId,
}

impl From<&SentBy> for ByBot {
    fn from(by: &SentBy) -> Self {
        Self { bot: by.bot.clone(), run: by.run.clone() }
    }
}

impl Deed {
    pub const ALL: [Self; 3] = [Self::Enter(Side::Long), Self::Enter(Side::Short), Self::Exit];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enter(Side::Long) => "enter_long",
            Self::Enter(Side::Short) => "enter_short",
            Self::Exit => "exit",
        }
    }
}
