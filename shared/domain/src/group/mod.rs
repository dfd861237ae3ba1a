//! Position groups: one trade idea with its orders, and what it needs next.
//!
//! 1. A group changes only as a whole: every change of it or of its orders is one commit on its version.
//! 2. [`next`] alone decides; it is asked again after every change, by whoever made it.
//! 3. There is one way out: `closing`, cancel, wait, sell what is sellable, `closed`.

mod adding;
mod cash;
mod drift;
mod flight;
mod ladder;
mod late;
mod left;
mod next;
mod opening;
mod portion;
mod position;
mod profit;
mod pyramid;
mod reach;
mod reduction;
mod regain;
mod rules;
mod stop;
mod tracked;
mod unshown;
mod worst;
mod worth;

pub use adding::{Adding, AddingRefused, add};
pub use cash::Valued;
pub use drift::Drift;
pub use ladder::{BadLeg, Leg};
pub use left::StillHeld;
pub use next::{Observer, Step, next};
pub use opening::{Opening, OpeningRefused, closing_price, open, planning_price};
pub use position::Position;
pub use profit::Slice;
pub use pyramid::{Pyramid, Pyramids};
pub use reduction::{Reduced, Reducing, Reduction, ReductionRefused};
pub use regain::Found;
pub use tracked::{Armed, Tracked};
pub use worst::WorstCase;
pub use worth::NotWorth;

use crate::alert::Side;
use crate::bot::ByBot;
use crate::clock::Timestamp;
use crate::delivery::DeliveryRef;
use crate::ids::{AccountId, GroupId, UserId};
use crate::ladder::Ground;
use crate::market::{Market, Timeframe};
use crate::money::{Amount, Price, Quantity};
use crate::preset::{PresetRef, TradePlan};
use crate::seat::Seat;
use crate::vault::Mode;
use crate::words::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupStatus {
    /// Opened; nothing bought yet.
    Waiting,
    Live,
    PartiallyFilled,
    Closing,
    Closed,
    /// Ended without a fill.
    Failed,
}

/// Why a group is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitReason {
    TakeProfit,
    StopLoss,
    /// It was open for as long as its plan allows.
    TimeLimit,
    /// An exit alert, or one that contradicts the side.
    Signal,
    /// A person's wish.
    User,
    /// What was bought is too little to be sold, or nothing of it was sold for another reason.
    Dust,
    /// Of an addition: its base order ended without a fill.
    NotEntered,
    /// It was being left when its table was lost; a recovery has found the order that closes it.
    Recovered,
}

/// The running exit. A later reason joins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    pub reason: ExitReason,
    pub at: Timestamp,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub at: Timestamp,
    /// Quote, after all fees, floored to eight decimals: of what was sold, and of nothing else.
    pub realised: Amount,
    /// Base that was not sold.
    pub dust: Quantity,
    /// The same where it is more than dust.
    pub still_held: Option<StillHeld>,
    /// Base that the venue did not have.
    pub missing: Quantity,
    /// Whether a fee that nobody could value is not in what was realised.
    pub fee_unvalued: bool,
}

/// The last price that a pass has seen, for what is shown. Of all decisions one reads it: whether what a venue has refused to
/// sell as too little is dust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub price: Price,
    pub at: Timestamp,
}

/// One trade idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub account: AccountId,
    /// Of its account; none in what earlier releases have opened.
    pub mode: Option<Mode>,
    pub user: UserId,
    /// As it was when the group was opened; stricter where its venue has refused to sell by rules that came later.
    pub market: Market,
    pub timeframe: Option<Timeframe>,
    pub side: Side,
    /// The stored preset that it began with; none where that was the built-in one.
    pub preset: Option<PresetRef>,
    pub plan: TradePlan,
    /// When its user last put another take-profit in the place of the plan's.
    pub exits_at: Option<Timestamp>,
    pub status: GroupStatus,
    /// What a person should look at.
    pub attention: Option<String>,
    /// Set while coins of its base asset are missing at the venue, and kept where it closes like this.
    pub drift: Option<Drift>,
    pub exit: Option<Exit>,
    pub settled: Option<Settled>,
    pub mark: Option<Mark>,
    /// What looks at the price have left for the next ones.
    pub tracked: Tracked,
    /// The delivery that opened it.
    pub delivery: DeliveryRef,
    /// The bot whose signal opened the position, `bot_…`; left out if no bot did.
    pub bot: Option<Box<ByBot>>,
    /// When the opening alert was raised.
    pub event_at: Timestamp,
    pub opened_at: Timestamp,
    pub trace: String,
    /// Quote planned, additions included; [`Position::exposure`] counts against the account.
    pub exposure: Amount,
    /// Deliveries that wait for it to close.
    pub waiting: Vec<DeliveryRef>,
    /// What was added while it was live.
    pub pyramids: Pyramids,
    /// Partial exits, oldest first.
    pub reductions: Vec<Reduction>,
    /// Whether everything that is held waits at the venue with a stop; else the stop is kept by polling alone.
    pub stop_at_venue: bool,
    pub version: u64,
}

impl Group {
    pub fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// Where it sits in its account while it is not closed.
    pub fn seat(&self) -> Seat {
        Seat::on(&self.market, self.timeframe.clone())
    }

    /// What its orders stand on.
    pub fn ground(&self) -> Ground<'_> {
        Ground { market: &self.market, side: self.side, leverage: self.plan.leverage }
    }
}

words! {
    ExitReason {
        TakeProfit = "take_profit",
        StopLoss = "stop_loss",
        TimeLimit = "time_limit",
        Signal = "signal",
        User = "user",
        Dust = "dust",
        NotEntered = "not_entered",
        Recovered = "recovered",
    }
    GroupStatus {
        Waiting = "waiting",
        Live = "live",
        PartiallyFilled = "partially_filled",
        Closing = "closing",
        Closed = "closed",
        Failed = "failed",
    }
}
