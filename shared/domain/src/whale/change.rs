//! What is to become of an alert. A change may be applied twice: the second time nothing is left to do.

use super::{BlockRef, WhaleAlert};
use crate::clock::Timestamp;
use crate::ids::WhaleAlertId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Seen(Box<WhaleAlert>),
    /// This block was orphaned.
    Revoked {
        id: WhaleAlertId,
        block: BlockRef,
        at: Timestamp,
    },
    /// This block stays, with so many confirmations.
    Settled {
        id: WhaleAlertId,
        block: BlockRef,
        confirmations: u64,
    },
}

impl Change {
    pub fn id(&self) -> &WhaleAlertId {
        match self {
            Self::Seen(alert) => &alert.id,
            Self::Revoked { id, .. } | Self::Settled { id, .. } => id,
        }
    }

    /// What is stored after what is stored; none where nothing is new.
    pub fn applied(&self, before: Option<&WhaleAlert>) -> Option<WhaleAlert> {
        match (self, before) {
            (Self::Seen(alert), before) => WhaleAlert::clone(alert).after(before),
            (Self::Revoked { block, at, .. }, Some(before)) => before.revoked(block, *at),
            (Self::Settled { block, confirmations, .. }, Some(before)) => before.settled(block, *confirmations),
            (Self::Revoked { .. } | Self::Settled { .. }, None) => None,
        }
    }
}
