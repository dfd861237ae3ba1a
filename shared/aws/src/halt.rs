//! The stop of one account.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, KeepOut, SetHalt, StoreError};
use domain::account::Halt;
use domain::ids::{AccountId, UserId};
use store::Write;
use store::audit;
use store::condition::{NOT_BY_PERSON, NOT_KEPT_OUT, PRESENT};
use store::identity::stands;
use store::item::to_value;
use wire::stored;

impl SetHalt for Aws {
    async fn set_halt(
        &self,
        account: &AccountId,
        halt: Option<&Halt>,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = of(account, audit).when(NOT_KEPT_OUT);
        let write = if in_person { write } else { write.when(NOT_BY_PERSON) };
        let write = match halt {
            Some(halt) => set(write, halt)?,
            None => write.remove("halted"),
        };
        self.settled(vec![write, audit::row(audit)?], audit).await
    }
}

impl KeepOut for Aws {
    async fn keep_out(
        &self,
        account: &AccountId,
        user: &UserId,
        halt: &Halt,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let standing = stands(user, halt.kept_out.is_none());
        self.settled(vec![set(of(account, audit), halt)?, standing, audit::row(audit)?], audit).await
    }
}

fn of(account: &AccountId, audit: &Audit) -> Write {
    Write::update(keys::account(account)).when(PRESENT).at(audit.at)
}

fn set(write: Write, halt: &Halt) -> Result<Write, StoreError> {
    Ok(write.set("halted", to_value(&stored::Halt::from(halt))?))
}
