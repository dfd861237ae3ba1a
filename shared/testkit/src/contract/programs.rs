//! A key of a program changes with the sessions of its secrets, on what was seen of it and of its owner.

use super::identity::{create, person, record};
use super::{Given, Harness};
use app::ports::{Guarded, Visit};
use domain::clock::{Millis, Timestamp};
use domain::identity::{KeySecret, Limits, OrderBounds, Permission, ProgramKey, Rates, Role, RouteClass, Scope};
use domain::ids::{AccountId, KeyId, Sha};
use std::slice::from_ref;
use store::Engine;
use store::identity::Identity;

fn key(given: &Given) -> ProgramKey {
    let end = given.now.plus(Millis::DAY);
    let scopes = [Permission::READ, Permission::WRITE].map(Scope::from);
    let key = ProgramKey {
        id: KeyId::of(&[&given.unique]),
        user: given.user.clone(),
        name: "bot".to_owned(),
        prefix: "mqk_abcdefgh".to_owned(),
        scopes: scopes.into_iter().collect(),
        grant: Role::Trader.into(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        orders: None,
        created_at: given.now,
        expires_at: end,
        secrets: vec![secret(given, "first", end)],
        version: 1,
    };
    key.within(&Role::Trader.into())
}

fn secret(given: &Given, of: &str, until: Timestamp) -> KeySecret {
    KeySecret { hash: Sha::of_parts(&[&given.unique, of]), until }
}

async fn keep<D: Engine>(store: &D, given: &Given, seen: Option<&ProgramKey>, key: &ProgramKey, owner: u64) -> bool {
    let audit = record(given, "keep key");
    let kept = Identity(store).keep_program_key(seen, key, owner, &audit).await.unwrap();
    assert_eq!(
        Identity(store).keep_program_key(seen, key, owner, &audit).await,
        Ok(kept),
        "once more under its own stamp"
    );
    kept
}

/// The scopes by which a secret lets in, where it does.
async fn let_in<D: Engine>(store: &D, key: &ProgramKey, at: usize, now: Timestamp) -> Option<Vec<String>> {
    match Identity(store).guard_session(&key.secrets[at].hash, Visit::at(now)).await.unwrap() {
        Guarded::Admitted(session) => {
            assert_eq!((&session.user, session.key.as_ref(), &session.login), (&key.user, Some(&key.id), &None));
            assert_eq!((&session.networks, session.limits), (&key.networks, key.grant.limits));
            Some(session.scopes)
        }
        _ => None,
    }
}

pub async fn a_key_is_kept_for_whom_its_owner_still_is<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let key = key(&given);
    assert_eq!(Identity(store).list_program_keys(&given.user).await, Ok(Vec::new()));
    assert!(!keep(store, &given, None, &key, 7).await, "its owner was changed");
    assert_eq!(let_in(store, &key, 0, given.now).await, None, "nothing of it was kept");
    assert!(keep(store, &given, None, &key, 1).await);
    assert!(!keep(store, &given, None, &key, 1).await, "it is there already");
    assert_eq!(Identity(store).list_program_keys(&given.user).await, Ok(vec![key.clone()]));
    let scopes = ["trading:read", "trading:write"].map(str::to_owned).to_vec();
    assert_eq!(let_in(store, &key, 0, given.now).await, Some(scopes));
    assert_eq!(let_in(store, &key, 0, key.expires_at).await, None);
    let stranger = Given::nobody(harness);
    assert_eq!(Identity(store).list_program_keys(&stranger.user).await, Ok(Vec::new()));
}

pub async fn a_key_changes_with_its_secrets_on_what_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let first = key(&given);
    assert!(keep(store, &given, None, &first, 1).await);
    let soon = given.now.plus(Millis::seconds(60));
    let secrets =
        vec![secret(&given, "second", first.expires_at), KeySecret { until: soon, ..first.secrets[0].clone() }];
    let limits = Limits { positions: Some(3), ..Limits::default() };
    let rates = Rates::default().limit(RouteClass::Api, 2).unwrap();
    let mut narrow = ProgramKey { secrets, networks: Vec::new(), version: 2, ..first.clone() };
    narrow = narrow.within(&Role::Viewer.into());
    (narrow.grant.limits, narrow.grant.rates) = (limits, rates);
    let late = ProgramKey { version: 9, ..first.clone() };
    assert!(!keep(store, &given, Some(&late), &narrow, 1).await, "another change was first");
    assert!(keep(store, &given, Some(&first), &narrow, 1).await);
    assert_eq!(Identity(store).list_program_keys(&given.user).await, Ok(vec![narrow.clone()]));
    for at in [0, 1] {
        assert_eq!(let_in(store, &narrow, at, given.now).await, Some(vec!["trading:read".to_owned()]));
    }
    assert_eq!(let_in(store, &narrow, 1, soon).await, None, "their overlap is over");
    assert!(let_in(store, &narrow, 0, given.now).await.is_some());
    assert_eq!(let_in(store, &narrow, 0, given.now).await, None, "the limit of its owner's plan");
    let bounds = OrderBounds {
        accounts: vec![AccountId::of(&["mine"])],
        markets: vec!["BTC/USDT".parse().unwrap()],
        order_quote_max: "50".parse().unwrap(),
        day_quote_max: "200.5".parse().unwrap(),
    };
    let secrets = narrow.secrets[..1].to_vec();
    let wide = ProgramKey { secrets, orders: Some(bounds), version: 3, ..first.clone() };
    assert!(keep(store, &given, Some(&narrow), &wide, 1).await);
    assert_eq!(Identity(store).list_program_keys(&given.user).await, Ok(vec![wide.clone()]));
    assert_eq!(let_in(store, &first, 0, given.now).await, None, "a secret that it has no more");
    assert_eq!(let_in(store, &wide, 0, given.now).await.unwrap().len(), 2, "counted no further by that limit");
}

pub async fn a_key_that_has_ended_lets_nobody_in<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let first = key(&given);
    assert!(keep(store, &given, None, &first, 1).await);
    assert_eq!(Identity(store).program_key_uses(from_ref(&first)).await.unwrap().get(&first.id), None, "never used");
    assert!(let_in(store, &first, 0, given.now).await.is_some());
    let minute = Timestamp::from_millis(given.now.millis() / 60_000 * 60_000);
    assert_eq!(Identity(store).program_key_uses(from_ref(&first)).await.unwrap().get(&first.id), Some(&minute));
    let late = ProgramKey { version: 9, ..first.clone() };
    assert_eq!(Identity(store).end_program_key(&late, None, &record(&given, "end key")).await, Ok(false));
    assert_eq!(
        Identity(store).end_program_key(&first, Some(2), &record(&given, "end key")).await,
        Ok(false),
        "its owner has"
    );
    assert_eq!(Identity(store).end_program_key(&first, Some(1), &record(&given, "end key")).await, Ok(true));
    assert_eq!(let_in(store, &first, 0, given.now).await, None);
    assert_eq!(Identity(store).list_program_keys(&given.user).await, Ok(Vec::new()));
    assert_eq!(Identity(store).end_program_key(&first, Some(1), &record(&given, "end key")).await, Ok(false));
}
