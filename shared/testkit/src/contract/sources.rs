//! A source of whale alerts is kept on the version that was seen, and watched as long as it is enabled.

use super::identity::record;
use super::{Given, Harness};
use domain::ids::{CredentialId, SourceId};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use domain::vault::SecretKind;
use domain::whale::{Blockchain, SourceKind, Watch};
use store::market::{Market, Wanting, Wish};
use store::vault::{Credential, Sealed, Vault};
use store::whale::Whales;
use wire::stored::{Credential as Row, Schema, WhaleSource};
use wire::text::Text;

pub async fn source_is_kept_on_the_version_that_was_seen_and_watched_while_enabled<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let first = source(&given);
    let id = first.id.0.clone();
    let market = MarketKey { exchange: given.market.key.exchange.clone(), symbol: "ETH/USDT".parse().unwrap() };
    let by = Wanting::Source(given.user.clone(), id.clone());
    let wish = Wish { series: Series { market, interval: Interval::OneMinute }, by, since: given.now, until: None };
    let wishes = std::slice::from_ref(&wish);
    let is_wanted = async || Market(store).list_wishes().await.unwrap().contains(&wish);
    let audit = |action: &str| record(&given, action);
    assert_eq!(Vault(store).find_source(&id).await, Ok(None));
    assert_eq!(Vault(store).keep_source(&first, Some(1), wishes, &audit("change")).await, Ok(false), "there is none");
    let made = audit("create");
    for _ in 0..2 {
        assert_eq!(Vault(store).keep_source(&first, None, wishes, &made).await, Ok(true), "under its own stamp");
    }
    assert_eq!(Vault(store).keep_source(&first, None, wishes, &audit("again")).await, Ok(false), "there is one");
    assert_eq!(Vault(store).find_source(&id).await, Ok(Some(first.clone())));
    assert!(Vault(store).list_sources().await.unwrap().contains(&first));
    assert!(is_wanted().await && Whales(store).is_any_watched().await.unwrap());
    let off = WhaleSource { enabled: false, version: 2, ..first.clone() };
    assert_eq!(Vault(store).keep_source(&off, Some(1), wishes, &audit("off")).await, Ok(true));
    assert!(!is_wanted().await);
    let on = WhaleSource { version: 3, ..first.clone() };
    assert_eq!(Vault(store).keep_source(&on, Some(1), wishes, &audit("late")).await, Ok(false), "another was first");
    assert!(!is_wanted().await, "nothing of it was written");
    assert_eq!(Vault(store).keep_source(&on, Some(2), wishes, &audit("on")).await, Ok(true));
    assert!(is_wanted().await);
    let watch = Watch::new(id.clone(), Blockchain::Ethereum);
    assert!(Whales(store).keep_watch(&watch).await.unwrap().is_some());
    assert_eq!(Whales(store).load_requests(&id).await, Ok(0));
    for requests in [7, 5] {
        Whales(store).count_requests(&id, requests).await.unwrap();
    }
    assert_eq!(Whales(store).load_requests(&id).await, Ok(12));
    assert_eq!(Vault(store).drop_source(&off, wishes, &audit("late end")).await, Ok(false), "another was first");
    assert_eq!(Vault(store).drop_source(&on, wishes, &audit("end")).await, Ok(true));
    Whales(store).drop_watch(&id).await.unwrap();
    Whales(store).drop_watch(&id).await.unwrap();
    assert_eq!(Vault(store).find_source(&id).await, Ok(None));
    assert_eq!((is_wanted().await, Whales(store).load_watch(&id).await), (false, Ok(None)));
    assert_eq!(Whales(store).load_requests(&id).await, Ok(0));
}

fn source(given: &Given) -> WhaleSource {
    let (at, id) = (given.now, CredentialId::of(&[&given.unique]));
    let (wrapped_key, nonce, cipher_text) = (vec![1, 2, 3], vec![4, 5, 6], vec![7, 8, 9]);
    let sealed = Sealed { form: Sealed::FORM, wrapped_key, nonce, cipher_text, kms_key: "k".to_owned(), sealed_at: at };
    let (user, kind, masked) = (given.user.clone(), SecretKind::Source, String::new());
    let secret = Credential { id, user, kind, masked, insisted: false, created_at: at, sealed };
    WhaleSource {
        v: Schema,
        id: Text(SourceId::of(&[&given.unique])),
        name: "nodes".to_owned(),
        kind: Text(SourceKind::JsonRpc),
        chain: Text(Blockchain::Ethereum),
        enabled: true,
        reads_native: true,
        hosts: vec!["a.example.org".to_owned()],
        secret: Row::from(&secret),
        version: 1,
        created_at: at.millis(),
        updated_at: at.millis(),
        updated_by: Text(given.user.clone()),
    }
}
