//! Sealed secrets, each beside its account.

use super::states::changed;
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, Credential, KeepCredential, LoadCredential, MoveCredential, Sealed, StoreError};
use domain::ids::AccountId;
use domain::vault::AccountState;
use store::Written;
use store::audit;
use store::condition::CREDENTIAL_AS_SEEN;
use store::item::{number, text, to_item, to_value};
use store::{Table, Write};
use wire::stored;

impl LoadCredential for Aws {
    async fn load_credential(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        let row: Option<stored::Credential> = self.rows().load(&keys::credential(account)).await?;
        Ok(row.map(Credential::from))
    }
}

impl KeepCredential for Aws {
    async fn keep_credential(
        &self,
        account: &AccountId,
        credential: Option<&Credential>,
        seen: &AccountState,
        state: &AccountState,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let key = keys::credential(account);
        let secret = match credential {
            Some(credential) => Write::replace(key, to_item(&stored::Credential::from(credential))?),
            None => Write::delete(key),
        };
        let writes = vec![secret, changed(account, seen, state)?, audit::row_in(Table::Vault, audit)?];
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

impl MoveCredential for Aws {
    async fn move_credential(&self, account: &AccountId, seen: &Credential, to: &Sealed) -> Result<bool, StoreError> {
        let write = Write::update(keys::credential(account))
            .set("sealed", to_value(&stored::Sealed::from(to))?)
            .when(CREDENTIAL_AS_SEEN)
            .given("seen_id", text(seen.id.as_str()))
            .given("seen_sealed_at", number(seen.sealed.sealed_at.millis()));
        Ok(matches!(self.rows().send(write).await?, Written::Done(_)))
    }
}
