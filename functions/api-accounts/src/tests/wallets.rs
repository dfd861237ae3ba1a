use super::*;
use crate::desk::{Defined, WalletDesk};
use app::actor::Act;
use app::ports::KeptWallet;
use app::wallets::WalletError;
use domain::ids::WalletId;
use serde_json::json;
use wire::wallet::{BadMember, Definition};

const WALLETS: &str = "/api/v1/wallets";
pub(super) const ADMIN: &str = "wallets:write";

pub(super) fn kraken() -> KeptWallet {
    let definition = Definition::built_in().unwrap().remove(3);
    let provider = definition.provider().unwrap();
    KeptWallet { provider, definition, version: 3, created_at: None, updated_at: None, deleted: false }
}

impl WalletDesk for Stub {
    async fn wallets(&self, inactive: bool) -> Defined<Vec<KeptWallet>> {
        Ok(if inactive { vec![kraken(), kraken()] } else { vec![kraken()] })
    }
    async fn wallet(&self, id: &WalletId) -> Defined<KeptWallet> {
        if *id == kraken().id() { Ok(kraken()) } else { Err(WalletError::Unknown) }
    }
    async fn create_wallet(&self, definition: &Definition, _: Act<'_>) -> Defined<KeptWallet> {
        if definition.provider == "kraken" {
            return Err(WalletError::Duplicate);
        }
        Ok(KeptWallet { definition: definition.clone(), provider: definition.provider().unwrap(), ..kraken() })
    }
    async fn change_wallet(
        &self,
        id: &WalletId,
        wished: impl Fn(&Definition) -> Result<Definition, BadMember> + Send + Sync,
        seen: Option<u64>,
        _: Act<'_>,
    ) -> Defined<KeptWallet> {
        let before = self.wallet(id).await?;
        if seen.is_some_and(|seen| seen != 3) {
            return Err(WalletError::VersionConflict(3));
        }
        Ok(KeptWallet { definition: wished(&before.definition)?, version: 4, ..before })
    }
    async fn remove_wallet(&self, id: &WalletId, _: Option<u64>, _: Act<'_>) -> Defined<()> {
        self.wallet(id).await.map(drop)
    }
}

#[tokio::test]
async fn wallets_are_everybodys_to_look_at_and_an_admins_to_keep() {
    let one = format!("{WALLETS}/{}", kraken().id());
    let gate = json!({"name": "Gate", "type": "CEX", "provider": "gate"}).to_string();
    let kraken = json!({"name": "Kraken", "type": "CEX", "provider": "kraken"}).to_string();
    for (method, path, body, looker, admin) in [
        ("GET", WALLETS, "", 200, 200),
        ("GET", &*one, "", 200, 200),
        ("POST", WALLETS, &*gate, 403, 201),
        ("PUT", &*one, &*kraken, 403, 200),
        ("PATCH", &*one, r#"{"is_active": false}"#, 403, 200),
        ("DELETE", &*one, "", 403, 204),
    ] {
        for (scopes, told) in [("trading:read", looker), (ADMIN, admin)] {
            assert_eq!(ask(&Stub::default(), method, path, scopes, body).await.0, told, "{method} {path} {scopes}");
        }
    }
    let all = ask(&Stub::default(), "GET", &format!("{WALLETS}?include_inactive=true"), "trading:read", "").await.2;
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let (_, headers, shown) = ask(&Stub::default(), "GET", &one, "trading:read", "").await;
    assert_eq!((&headers["etag"], &shown["type"]), (&"\"3\"".parse().unwrap(), &json!("CEX")));
    assert_eq!(shown["provider_config"]["api_base_url"], "https://api.kraken.com");
}

#[tokio::test]
async fn what_a_definition_may_not_say_is_named() {
    let one = format!("{WALLETS}/{}", kraken().id());
    for (method, path, body, status, what) in [
        ("POST", WALLETS, json!({"name": "K", "type": "CEX", "provider": "kraken"}), 400, "DUPLICATE_WALLET"),
        ("POST", WALLETS, json!({"name": "K", "type": "CEX"}), 422, "provider"),
        ("POST", WALLETS, json!({"name": "K", "type": "CEX", "provider": "k2", "id": "wlt_1"}), 422, "id"),
        (
            "PATCH",
            &*one,
            json!({"provider_config": {"api_base_url": "https://10.0.0.1"}}),
            422,
            "provider_config.api_base_url",
        ),
        ("PATCH", &*one, json!({"fees": {"withdrawal_fee": {"BTC": 0.1}}}), 422, "fees.withdrawal_fee"),
        ("PATCH", "/api/v1/wallets/wlt_nobody", json!({"is_active": true}), 404, "not_found"),
        ("PATCH", "/api/v1/wallets/kraken", json!({"is_active": true}), 404, "not_found"),
    ] {
        let (told, _, problem) = ask(&Stub::default(), method, path, ADMIN, body.to_string()).await;
        let said = if status == 422 { &problem["field"] } else { &problem["code"] };
        assert_eq!((told.as_u16(), said), (status, &json!(what)), "{body}");
    }
    let wrong = ask(&Stub::default(), "GET", &format!("{WALLETS}?include_inactive=yes"), "trading:read", "").await;
    assert_eq!((wrong.0.as_u16(), &wrong.2["field"]), (422, &json!("include_inactive")));
}
