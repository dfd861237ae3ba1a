//! A definition is kept on the version that was seen, and stays once it was taken away.

use super::identity::record;
use super::{Given, Harness};
use app::ports::KeptWallet;
use domain::wallet::Provider;
use store::vault::Vault;
use wire::wallet::Definition;

pub async fn a_definition_is_kept_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let provider: Provider = given.unique.chars().rev().take(20).collect::<String>().parse().unwrap();
    let mut definition = Definition::built_in().unwrap().remove(1);
    provider.as_str().clone_into(&mut definition.provider);
    let at = Some(given.now);
    let first = KeptWallet { provider, definition, version: 1, created_at: at, updated_at: at, deleted: false };
    let listed = async || {
        let all = Vault(store).list_wallets().await.unwrap().into_iter();
        all.filter(|wallet| wallet.provider == first.provider).collect::<Vec<_>>()
    };
    let audit = |action: &str| record(&given, action);
    assert_eq!(
        Vault(store).keep_wallet(&first, Some(1), &audit("change wallet")).await,
        Ok(false),
        "there is none yet"
    );
    let made = audit("create wallet");
    for _ in 0..2 {
        assert_eq!(Vault(store).keep_wallet(&first, None, &made).await, Ok(true), "under its own stamp");
    }
    assert_eq!(Vault(store).keep_wallet(&first, None, &audit("create wallet")).await, Ok(false), "there is one");
    assert_eq!(listed().await, std::slice::from_ref(&first));
    let gone = KeptWallet { version: 2, deleted: true, ..first.clone() };
    assert_eq!(Vault(store).keep_wallet(&gone, Some(1), &audit("remove wallet")).await, Ok(true));
    assert_eq!(Vault(store).keep_wallet(&gone, Some(1), &audit("remove wallet")).await, Ok(false), "another was first");
    assert_eq!(listed().await, std::slice::from_ref(&gone), "the row stays");
    let again = KeptWallet { version: 3, ..first.clone() };
    assert_eq!(Vault(store).keep_wallet(&again, Some(2), &audit("create wallet")).await, Ok(true));
    assert_eq!(listed().await, [again]);
}
