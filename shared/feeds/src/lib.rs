//! Sources of whale alerts behind [`app::ports::ReadBlocks`]: Ethereum and chains of its kind by JSON-RPC, Bitcoin by Esplora, Whale
//! Alert's two interfaces, and blocks that were recorded.
//!
//! 1. Addresses are asked by [`outbound`], which reaches nothing but the public internet.
//! 2. An answer about other blocks than those that were asked for is none: hashes are compared, numbers are not trusted.
//! 3. An answer is understood whole; else nothing of it is believed.
//! 4. Amounts are whole units as the chain counts them. One that is more than can be counted is nonsense, and moves nothing.
//! 5. Text from outside is kept short and plain before it goes anywhere.
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

mod esplora;
mod evm;
mod hex;
mod recorded;
mod rpc;
mod text;
mod too_large;
mod whale_alert;

pub use esplora::Esplora;
pub use evm::Evm;
pub use recorded::{BadRecording, Recorded};
pub use whale_alert::{TransferList, WhaleAlert};

use domain::clock::Millis;
use domain::whale::FeedFault;
use outbound::{Answer, Fault, Limits};
use std::time::Duration;

/// A block of Ethereum with all its transactions has some hundred kilobytes, and several are asked for at once: where that is more than a small
/// function has room for, they are asked for in parts.
pub const LIMITS: Limits = Limits { within: Duration::from_secs(8), bytes: 8 * 1024 * 1024 };

const TOO_MANY_REQUESTS: u16 = 429;
const NOT_FOUND: u16 = 404;

/// The body of an answer that is one, whatever its status says of a method that is refused.
fn heard(answer: Result<Answer, Fault>) -> Result<Answer, FeedFault> {
    let answer = answer.map_err(|fault| match fault {
        Fault::Unreachable => FeedFault::Unreachable,
        Fault::TimedOut => FeedFault::TimedOut,
        Fault::TooLong => FeedFault::Unreadable,
    })?;
    if answer.status == TOO_MANY_REQUESTS {
        let after = answer.retry_after.and_then(|seconds| i64::try_from(seconds).ok()).map(Millis::seconds);
        return Err(FeedFault::Busy(after));
    }
    Ok(answer)
}

/// What stands at a path; none where nothing does.
fn found(answer: Result<Answer, Fault>) -> Result<Option<Answer>, FeedFault> {
    let answer = heard(answer)?;
    match answer.status {
        200 => Ok(Some(answer)),
        NOT_FOUND => Ok(None),
        _ => Err(FeedFault::Refused),
    }
}
