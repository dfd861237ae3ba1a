//! Whether an account may enter, and what checks of its key said.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, Claim, ClaimHolder, MindAccountState, StoreError};
use domain::ids::{AccountId, HolderId};
use domain::vault::AccountState;
use store::audit;
use store::condition::{ABSENT, UNVERSIONED, VERSION_AS_SEEN};
use store::item::number;
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl MindAccountState for Aws {
    async fn load_account_state(&self, account: &AccountId) -> Result<Option<AccountState>, StoreError> {
        let row: Option<stored::Standing> = self.rows().load(&keys::standing(account)).await?;
        Ok(row.map(AccountState::from))
    }

    async fn keep_account_state(
        &self,
        account: &AccountId,
        seen: &AccountState,
        state: &AccountState,
        audit: Option<&Audit>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(account, seen, state)?];
        writes.extend(audit.map(|audit| audit::row_in(Table::Vault, audit)).transpose()?);
        self.rows().all_or_none(writes, &self.rows().stamp()?).await
    }
}

impl ClaimHolder for Aws {
    async fn load_claim(&self, of: &HolderId) -> Result<Option<Claim>, StoreError> {
        let row: Option<stored::Claim> = self.rows().load(&keys::claim(of)).await?;
        Ok(row.map(|row| Claim { of: of.clone(), account: row.account.0, version: row.version }))
    }

    async fn keep_claim(&self, claim: &Claim, seen: &AccountState, state: &AccountState) -> Result<bool, StoreError> {
        let writes = vec![changed(&claim.account, seen, state)?, claimed(claim)?];
        self.rows().all_or_none(writes, &self.rows().stamp()?).await
    }
}

fn claimed(claim: &Claim) -> Result<Write, StoreError> {
    let Claim { of, account, version } = claim;
    let row = stored::Claim { v: Schema, account: Text(account.clone()), version: *version };
    let write = Write::upsert(keys::claim(of), &row)?;
    Ok(match version.saturating_sub(1) {
        0 => write.when(ABSENT),
        before => write.when(VERSION_AS_SEEN).given("seen_version", number(before)),
    })
}

/// In the place of what was seen; what a newer writer added stays.
pub(crate) fn changed(account: &AccountId, seen: &AccountState, state: &AccountState) -> Result<Write, StoreError> {
    let write = Write::upsert(keys::standing(account), &stored::Standing::from(state))?;
    Ok(match seen.version {
        0 => write.when(UNVERSIONED),
        version => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
    })
}
