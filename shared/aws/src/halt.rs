//! The stop of one account.

use crate::audit;
use crate::client::Aws;
use crate::condition::PRESENT;
use crate::item::to_value;
use crate::keys;
use crate::write::Write;
use app::ports::{Audit, CommitError, SetHalt, StoreError};
use domain::account::Halt;
use domain::ids::AccountId;
use wire::stored;

impl SetHalt for Aws {
    async fn set_halt(&self, account: &AccountId, halt: Option<&Halt>, audit: &Audit) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT).at(audit.at);
        let write = match halt {
            Some(halt) => write.set("halted", to_value(&stored::Halt::from(halt))?),
            None => write.remove("halted"),
        };
        match self.transact(vec![write, audit::row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unreadable(format!("there is no account {account}"))),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
