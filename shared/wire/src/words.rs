//! The words for states and kinds. A word, once written, is never given another meaning.

use crate::stored::ParkedKind;
use crate::text::AsText;
use domain::alert::Side;
use domain::bot::EntryKind;
use domain::delivery::{Identity, VerdictKind};
use domain::group::{ExitReason, GroupStatus};
use domain::ladder::Dialect;
use domain::lineage::PriceSource;
use domain::order::{Direction, Status};
use domain::parked::{Ended, Queue};
use domain::profit::Basis;
use domain::pyramid::{Approach, Closing};

macro_rules! words {
    ($($kind:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        impl AsText for $kind {
            fn to_text(&self) -> String {
                match self {
                    $(Self::$variant => $word,)*
                }
                .to_owned()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!("{text:?} must be one of {:?}", [$($word),*])),
                }
            }
        }
    )*};
}

words! {
    Basis { Average = "average", Base = "base" }
    Dialect { Additive = "additive", Compounding = "compounding" }
    Side { Long = "long", Short = "short" }
    PriceSource { Limit = "limit", Market = "market", Alert = "alert", Ticker = "ticker", Watch = "watch" }
    Direction { Buy = "buy", Sell = "sell" }
    Approach { Favourable = "favourable", Adverse = "adverse", Any = "any" }
    Closing { Together = "together", Alone = "alone" }
    Queue { Signals = "signals", Orders = "orders", Ticks = "ticks" }
    ParkedKind { Bell = "bell", Signal = "signal", Tick = "tick", Message = "message" }
    Ended { Retried = "retried", Dropped = "dropped" }
    Identity { Named = "named", Clocked = "clocked", Clockless = "clockless", Part = "part" }
    EntryKind { Started = "started", Signal = "signal", Late = "late", Unsure = "unsure", Failed = "failed", CloseOnly = "close_only", Stopped = "stopped" }
    VerdictKind {
        Accepted = "accepted",
        Conflict = "conflict",
        Stale = "stale",
        Ignored = "ignored",
        Refused = "refused",
        Queued = "queued",
        Expired = "expired",
        Rejected = "rejected",
        Parked = "parked",
    }
    GroupStatus {
        Waiting = "waiting",
        Live = "live",
        PartiallyFilled = "partially_filled",
        Closing = "closing",
        Closed = "closed",
        Failed = "failed",
    }
    ExitReason {
        TakeProfit = "take_profit",
        StopLoss = "stop_loss",
        Signal = "signal",
        User = "user",
        Dust = "dust",
        Recovered = "recovered",
        TimeLimit = "time_limit",
        NotEntered = "not_entered",
    }
    Status {
        Planned = "planned",
        Submitting = "submitting",
        Unknown = "unknown",
        NotPlaced = "not_placed",
        Rejected = "rejected",
        Open = "open",
        PartiallyFilled = "partially_filled",
        Expired = "expired",
        Cancelled = "cancelled",
        Filled = "filled",
    }
}
