//! Secrets are sealed by the stack's KMS and opened by `key-check`: for whom they were sealed, on record, and by nobody
//! else.

use crate::support::item::Item;
use crate::support::signed::Said;
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack, Trader};
use app::ports::{
    Binding, Context, Credential, OpenSecret as _, SealSecret as _, Sealed, Secret, VaultError, VenueKey, WrapKey,
};
use app::vault::Vault;
use aws::Kms;
use credentials::AesGcm;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, CredentialId};
use domain::vault::{AccountState, SecretKind};
use serde_json::{Value, json};
use store::vault;
use testkit::still::Still;

/// The vault's key, asked by the stack's administrator.
async fn kms() -> Kms {
    let alias = json!({"KeyId": Stack::get().name("VaultKeyAlias")});
    let key = Caller::root().ask("kms:DescribeKey", &alias).await["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let Stack { endpoint, region, .. } = Stack::get();
    Kms::read(&key, |variable| match variable {
        "AWS_REGION" => Some(region.clone()),
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        other => std::env::var(other).ok(),
    })
}

/// What it opens is on record in memory.
async fn vault(record: &Still) -> Vault<Kms, Still, AesGcm> {
    Vault::new(kms().await, record.clone(), AesGcm, Stack::get().deployment())
}

fn binding(trader: &Trader, kind: SecretKind) -> Binding {
    Binding { user: trader.user.clone(), credential: CredentialId::of(&["it", &unique()]), kind }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn lease() -> app::ports::Lease {
    app::ports::Lease { function: "it".to_owned(), why: "a test".to_owned(), attempt: AttemptId::new(unique()) }
}

fn key(api_key: &str) -> VenueKey {
    VenueKey { api_key: secret(api_key), api_secret: secret(&format!("planted{}", unique())), passphrase: None }
}

/// Saves a key for a trader's account, as `api-accounts` does.
async fn save(trader: &Trader, api_key: &str) -> Credential {
    let record = Still::default();
    let (key, binding) = (key(api_key), binding(trader, SecretKind::Exchange));
    let sealed = vault(&record).await.seal(&binding, &key.plain(&trader.account).unwrap(), now()).await.unwrap();
    let credential = Credential {
        id: binding.credential.clone(),
        user: binding.user.clone(),
        kind: binding.kind,
        masked: key.masked(),
        insisted: false,
        created_at: now(),
        sealed,
    };
    keep(trader, &credential).await;
    credential
}

async fn keep(trader: &Trader, credential: &Credential) {
    let seen = state(trader).await;
    let next = AccountState { version: seen.version + 1, ..seen.clone() };
    let audit = Audit {
        user: trader.user.clone(),
        action: "save_key".to_owned(),
        resource: trader.account.to_string(),
        reason: "a test".to_owned(),
        before: None,
        after: None,
        at: now(),
        attempt: AttemptId::new(unique()),
        address: None,
        actor: None,
    };
    assert!(
        vault::Vault(&trader.aws)
            .keep_credential(&trader.account, Some(credential), &seen, &next, &audit)
            .await
            .unwrap()
    );
}

async fn state(trader: &Trader) -> AccountState {
    vault::Vault(&trader.aws).load_account_state(&trader.account).await.unwrap().unwrap()
}

/// Asks the deployed function.
async fn ask(question: &Value) -> Value {
    let function = format!("{}-key-check:live", Stack::get().deployment());
    let Said { status, body } = Caller::root().invoke(&function, question).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn validate(trader: &Trader) -> Value {
    ask(&json!({"v": 1, "type": "validate", "account": trader.account.as_str()})).await
}

#[tokio::test]
async fn a_data_key_opens_in_its_own_context_alone() {
    let (trader, kms) = (Trader::new().await, kms().await);
    let one = Context::of(&binding(&trader, SecretKind::Exchange), Stack::get().deployment());
    let made = kms.new_key(&one, now()).await.unwrap();
    let again = kms.unwrap_key(&one, &made.wrapped, now()).await.unwrap();
    assert_eq!(again.expose(), made.key.expose());
    assert!(kms.is_current(&made.wrapped.kms_key));
    let other = |change: fn(&mut Context)| {
        let mut context = one.clone();
        change(&mut context);
        context
    };
    for context in [
        other(|context| context.deployment.push('x')),
        other(|context| context.binding.kind = SecretKind::Ai),
        other(|context| context.binding.credential = CredentialId::of(&["else"])),
        other(|context| context.binding.user = domain::ids::UserId::of(&["else"])),
    ] {
        let refused = kms.unwrap_key(&context, &made.wrapped, now()).await;
        assert!(matches!(refused, Err(VaultError::Refused(_))), "{context:?}");
    }
}

#[tokio::test]
async fn what_is_moved_to_another_credential_opens_nowhere() {
    let (trader, record) = (Trader::new().await, Still::default());
    let keeper = vault(&record).await;
    let (mine, theirs) = (binding(&trader, SecretKind::Exchange), binding(&trader, SecretKind::Exchange));
    let sealed = keeper.seal(&mine, &secret("s3cret"), now()).await.unwrap();
    let opened = keeper.open(&mine, &sealed, &lease(), now()).await.unwrap();
    assert_eq!(opened.expose(), "s3cret");
    assert!(keeper.open(&theirs, &sealed, &lease(), now()).await.is_err());
    let other = keeper.seal(&theirs, &secret("else"), now()).await.unwrap();
    let mixed = Sealed { cipher_text: sealed.cipher_text.clone(), nonce: sealed.nonce.clone(), ..other };
    assert!(matches!(keeper.open(&theirs, &mixed, &lease(), now()).await, Err(VaultError::Refused(_))));
    let tries = async |of: &Binding| vault::Vault(&record).list_leases(&of.credential).await.unwrap().len();
    assert_eq!([tries(&mine).await, tries(&theirs).await], [1, 2], "each try is on record");
}

#[tokio::test]
async fn a_key_that_went_bad_disables_its_account_at_the_second_check_and_entries_are_refused() {
    let trader = Trader::new().await;
    let good = save(&trader, "paper:read,trade;from=192.0.2.1").await;
    let checked = validate(&trader).await;
    assert_eq!((&checked["type"], &checked["validated"]), (&json!("validated"), &json!(true)), "{checked}");
    assert_eq!(checked["probed"]["told"]["addresses"], json!(["192.0.2.1"]));
    let taken = vault::Vault(&trader.aws).list_leases(&good.id).await.unwrap();
    assert_eq!((taken.len(), &*taken[0].lease.function, &*taken[0].lease.why), (1, "key-check", "validate"));
    save(&trader, "no such key").await;
    let first = validate(&trader).await;
    assert_eq!((&first["validated"], &first["probed"]["fault"]), (&json!(true), &json!("key_unknown")), "{first}");
    let second = validate(&trader).await;
    assert_eq!(
        (&second["enabled"], &second["validated"], &second["failures"]),
        (&json!(false), &json!(false), &json!(2))
    );
    let delivery = trader.deliver(&trader.entry()).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("account_disabled")));
}

#[tokio::test]
async fn a_venue_that_is_away_disables_nobody_and_what_cannot_be_traded_says_so() {
    let trader = Trader::new().await;
    save(&trader, "paper:away").await;
    for _ in 0..3 {
        let refused = validate(&trader).await;
        assert_eq!((&refused["type"], &refused["code"]), (&json!("refused"), &json!("venue_unavailable")), "{refused}");
    }
    assert!(state(&trader).await.may_enter());
    let elsewhere = Item::of(&Stack::get().name("TradingTable"), &format!("ACC#{}", trader.account), "A");
    elsewhere.set("exchange", json!({"S": "KRAKEN"})).await;
    assert_eq!(validate(&trader).await["code"], "venue_not_tradable");
}

#[tokio::test]
async fn a_secret_that_was_changed_or_is_anothers_changes_nothing() {
    let (trader, other) = (Trader::new().await, Trader::new().await);
    let theirs = save(&other, "paper:read,trade").await;
    let moved = Credential { user: trader.user.clone(), ..theirs };
    keep(&trader, &moved).await;
    assert_eq!(validate(&trader).await["code"], "key_does_not_open");
    assert_eq!(state(&trader).await.failures, 0);
    assert_eq!(ask(&json!({"v": 1, "type": "validate", "account": "acc_none"})).await["code"], "not_found");
}

#[tokio::test]
async fn a_key_is_probed_before_it_is_kept() {
    let trader = Trader::new().await;
    let binding = binding(&trader, SecretKind::Exchange);
    let record = Still::default();
    let plain = key("paper:read,trade,withdraw").plain(&trader.account).unwrap();
    let sealed = vault(&record).await.seal(&binding, &plain, now()).await.unwrap();
    let mut question = json!({
        "v": 1, "type": "probe", "account": trader.account.as_str(), "user": trader.user.as_str(),
        "credential": binding.credential.as_str(), "sealed": wire::stored::Sealed::from(&sealed),
    });
    let refused = ask(&question).await;
    assert_eq!(refused["fault"], "key_can_withdraw", "{refused}");
    question["insisted"] = true.into();
    let insisted = ask(&question).await;
    assert_eq!((&insisted["fault"], insisted["advice"][0].as_str()), (&Value::Null, Some("this key can withdraw")));
    assert_eq!(vault::Vault(&trader.aws).load_credential(&trader.account).await.unwrap(), None, "nothing was kept");
    question["user"] = "usr_else".into();
    assert_eq!(ask(&question).await["code"], "not_found");
}

#[tokio::test]
async fn balances_are_read_when_asked_for_and_kept_for_their_day() {
    let trader = Trader::new().await;
    let told = ask(&json!({"v": 1, "type": "balances", "account": trader.account.as_str()})).await;
    assert_eq!(told["type"], "balances", "{told}");
    assert!(told["balances"]["USDT"]["free"].is_string(), "{told}");
    let day = Timestamp::from_millis(told["at"].as_i64().unwrap()).day();
    let row = Item::of(&Stack::get().name("VaultTable"), &format!("ACC#{}", trader.account), &format!("B#{day:010}"));
    assert_eq!(row.read().await["balances"]["M"]["USDT"]["M"]["free"]["S"], told["balances"]["USDT"]["free"]);
}

#[tokio::test]
async fn what_is_sealed_stands_nowhere_in_clear() {
    let trader = Trader::new().await;
    let planted = format!("paper:read,trade;from=planted{}", unique());
    let credential = save(&trader, &planted).await;
    validate(&trader).await;
    let row = Item::of(&Stack::get().name("VaultTable"), &format!("ACC#{}", trader.account), "C").read().await;
    let text = format!("{row}{credential:?}");
    assert!(!text.contains("planted"), "{text}");
}

#[tokio::test]
async fn a_secret_that_is_under_the_key_that_is_used_now_stays_as_it_is() {
    let trader = Trader::new().await;
    let before = save(&trader, "paper:read,trade").await;
    let (mut question, mut stays) = (json!({"v": 1, "type": "reseal"}), 0);
    loop {
        let resealed = ask(&question).await;
        assert_eq!(resealed["type"], "resealed", "{resealed}");
        stays += resealed["stays"].as_u64().unwrap();
        match resealed.get("after") {
            Some(after) => question["after"] = after.clone(),
            None => break,
        }
    }
    assert!(stays >= 1);
    assert_eq!(vault::Vault(&trader.aws).load_credential(&trader.account).await.unwrap(), Some(before));
    assert_eq!(validate(&trader).await["validated"], true);
}
