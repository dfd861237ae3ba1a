//! A token is changed with all its secrets, on what was seen of each.

use super::identity::{create, login, person, record};
use super::{Given, Harness};
use app::ports::{KeptToken, Login, TokenChange};
use domain::clock::Millis;
use domain::identity::Role;
use domain::ids::{Sha, TokenId};
use domain::token::{Grant, Only, WebhookToken};
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;

fn secret(given: &Given, of: &str, version: u64) -> KeptToken {
    let token = WebhookToken {
        id: TokenId::of(&[&given.unique]),
        user: given.user.clone(),
        hash: Sha::of_parts(&[&given.unique, of]),
        account: Some("default".to_owned()),
        exchange: None,
        expires_at: None,
        grant: Grant { only: Some(Only::Exit), markets: vec!["BTC/USDT".parse().unwrap()], ..Grant::default() },
    };
    let (label, hint) = (Some("chart".to_owned()), Some("whk_abcd".to_owned()));
    KeptToken { token, label, hint, created_at: Some(given.now), version, replaced: false, revoked_at: None }
}

async fn change<D: Engine>(store: &D, given: &Given, change: &TokenChange) -> bool {
    let audit = given.audit("change webhook token", &TokenId::of(&[&given.unique]));
    let changed = Trading(store).change_tokens(change, &audit).await.unwrap();
    // Once more under its own stamp: what was written was written, and what was refused is refused.
    assert_eq!(Trading(store).change_tokens(change, &audit).await, Ok(changed));
    changed
}

fn making(made: &KeptToken) -> TokenChange {
    TokenChange { made: Some(made.clone()), ..TokenChange::default() }
}

pub async fn a_secret_is_made_once_and_lets_its_alerts_in<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let first = secret(&given, "first", 1);
    assert_eq!(Trading(store).list_tokens(&given.user).await, Ok(Vec::new()));
    assert!(change(store, &given, &making(&first)).await);
    assert!(!change(store, &given, &making(&first)).await, "it is there already");
    assert_eq!(Trading(store).list_tokens(&given.user).await, Ok(vec![first.clone()]));
    assert_eq!(Trading(store).find_token(&given.user, &first.token.hash).await, Ok(Some(first.token)));
    let stranger = Given::nobody(harness);
    assert_eq!(Trading(store).list_tokens(&stranger.user).await, Ok(Vec::new()));
}

pub async fn secrets_of_one_token_change_together_or_not_at_all<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (first, second) = (secret(&given, "first", 1), secret(&given, "second", 2));
    assert!(change(store, &given, &making(&first)).await);
    let end = Some(given.now.plus(Millis::DAY));
    let token = WebhookToken { expires_at: end, ..first.token.clone() };
    let former = KeptToken { token, replaced: true, version: 2, ..first.clone() };
    let late =
        TokenChange { made: Some(second.clone()), changed: vec![(former.clone(), 7)], login: None, standing: None };
    assert!(!change(store, &given, &late).await, "another change was first");
    assert_eq!(Trading(store).list_tokens(&given.user).await, Ok(vec![first]));
    let rotation = TokenChange { changed: vec![(former.clone(), 1)], ..late };
    assert!(change(store, &given, &rotation).await);
    let mut rows = Trading(store).list_tokens(&given.user).await.unwrap();
    rows.sort_by_key(|row| row.version == 2 && !row.replaced);
    assert_eq!(rows, [former, second]);
}

pub async fn what_limited_a_token_and_does_no_more_is_gone<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let mut narrow = secret(&given, "first", 1);
    narrow.token.exchange = Some(given.market.key.exchange.clone());
    narrow.token.expires_at = Some(given.now.plus(Millis::DAY));
    assert!(change(store, &given, &making(&narrow)).await);
    let (account, exchange, expires_at, grant) = (None, None, None, Grant::default());
    let token = WebhookToken { account, exchange, expires_at, grant, ..narrow.token };
    let wide = KeptToken { token, version: 2, ..narrow };
    let lifting = TokenChange { changed: vec![(wide.clone(), 1)], ..TokenChange::default() };
    assert!(change(store, &given, &lifting).await);
    assert_eq!(Trading(store).list_tokens(&given.user).await, Ok(vec![wide.clone()]));
    assert_eq!(Trading(store).find_token(&given.user, &wide.token.hash).await, Ok(Some(wide.token)));
}

pub async fn a_token_of_a_seed_is_changed_as_others_are<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let seeded = secret(&given, "seeded", 0);
    harness.put_token(&seeded.token).await;
    let found = Trading(store).list_tokens(&given.user).await.unwrap();
    let bare = KeptToken { label: None, hint: None, created_at: None, ..seeded.clone() };
    assert_eq!(found, [bare]);
    let revoked = KeptToken { version: 1, revoked_at: Some(given.now), ..seeded };
    let revoking = TokenChange { changed: vec![(revoked.clone(), 0)], ..TokenChange::default() };
    assert!(change(store, &given, &revoking).await);
    assert!(!change(store, &given, &revoking).await, "it is at version 1");
    assert_eq!(Trading(store).list_tokens(&given.user).await, Ok(vec![revoked]));
}

pub async fn a_token_is_made_while_its_users_log_in_lasts_and_permits_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let of = |name: &str, role: Role| Login { grant: role.into(), ..login(&given, name) };
    let (trader, viewer, late) = (of("trader", Role::Trader), of("viewer", Role::Viewer), of("late", Role::Trader));
    let late = Login { expires_at: given.now, ..late };
    for login in [&trader, &viewer, &late] {
        assert_eq!(Identity(store).open_login(login, 1, &record(&given, "log in")).await, Ok(true));
    }
    let by = |login: &Login, of: &str| TokenChange { login: Some(login.id.clone()), ..making(&secret(&given, of, 1)) };
    assert!(change(store, &given, &by(&trader, "first")).await);
    assert!(!change(store, &given, &by(&viewer, "second")).await, "it may not");
    assert!(!change(store, &given, &by(&late, "second")).await, "it is over");
    assert_eq!(Identity(store).end_login(&given.user, &trader.id).await, Ok(true));
    assert!(!change(store, &given, &by(&trader, "second")).await, "it was ended");
    assert_eq!(Trading(store).list_tokens(&given.user).await.map(|tokens| tokens.len()), Ok(1));

    let narrowed = KeptToken { version: 2, ..secret(&given, "first", 1) };
    let resting_on = |version| TokenChange {
        changed: vec![(narrowed.clone(), 1)],
        standing: Some(version),
        ..TokenChange::default()
    };
    assert!(!change(store, &given, &resting_on(2)).await, "their user is at another version");
    assert!(change(store, &given, &resting_on(1)).await);
}
