//! Deliveries are put once, under a key that may pass on to another.

use super::{Given, Harness};
use app::ports::Kept;
use domain::clock::Millis;
use domain::ids::{Sha, TokenId, UserId};
use domain::token::WebhookToken;
use store::trading::Trading;

pub async fn a_first_put_is_first_and_the_next_finds_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = given.delivery("buy", 0);
    assert_eq!(Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap(), Kept::First);
    let again = given.delivery("buy", 3);
    let found = Trading(store).put_delivery(&again, &given.stamp()).await.unwrap();
    assert_eq!(found, Kept::Found(Box::new(delivery.clone())));
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap(), Some(delivery));
}

pub async fn a_put_with_ones_own_stamp_was_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (delivery, stamp) = (given.delivery("buy", 0), given.stamp());
    for _ in 0..3 {
        assert_eq!(Trading(store).put_delivery(&delivery, &stamp).await.unwrap(), Kept::First);
    }
}

/// Two that arrive within one millisecond are one delivery, and only one of them was first.
pub async fn a_put_of_the_same_moment_with_another_stamp_finds_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = given.delivery("buy", 0);
    assert_eq!(Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap(), Kept::First);
    let found = Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    assert_eq!(found, Kept::Found(Box::new(delivery)));
}

pub async fn a_replaced_delivery_stays_readable_by_its_reference<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (old, new) = (given.delivery("buy", 0), given.delivery("buy", 120));
    assert_eq!(old.at.key, new.at.key, "a case about one key");
    Trading(store).put_delivery(&old, &given.stamp()).await.unwrap();
    let stamp = given.stamp();
    for _ in 0..2 {
        assert_eq!(Trading(store).replace_delivery(&new, &old, &stamp).await.unwrap(), Kept::First);
    }
    assert_eq!(Trading(store).load_delivery(&old.at).await.unwrap(), Some(old));
    assert_eq!(Trading(store).load_delivery(&new.at).await.unwrap(), Some(new));
}

pub async fn of_two_replacements_only_one_is_first<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (old, new, other) = (given.delivery("buy", 0), given.delivery("buy", 120), given.delivery("buy", 121));
    Trading(store).put_delivery(&old, &given.stamp()).await.unwrap();
    assert_eq!(Trading(store).replace_delivery(&new, &old, &given.stamp()).await.unwrap(), Kept::First);
    let late = Trading(store).replace_delivery(&other, &old, &given.stamp()).await.unwrap();
    assert_eq!(late, Kept::Found(Box::new(new)));
    assert_eq!(Trading(store).load_delivery(&other.at).await.unwrap(), None);
}

pub async fn a_repeat_is_counted<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = given.delivery("buy", 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    for _ in 0..2 {
        Trading(store).count_repeat(&delivery.at).await.unwrap();
    }
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap().repeats, 2);
}

pub async fn what_was_never_put_is_not_there<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = given.delivery("buy", 0);
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap(), None);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    let other = given.delivery("buy", 120);
    assert_eq!(Trading(store).load_delivery(&other.at).await.unwrap(), None, "the key is there, the delivery is not");
}

pub async fn a_token_is_found_by_its_hash_and_its_user<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let token = WebhookToken {
        id: TokenId::of(&[&given.unique]),
        user: given.user.clone(),
        hash: Sha::of_bytes(given.unique.as_bytes()),
        account: Some("default".to_owned()),
        exchange: Some(given.market.key.exchange.clone()),
        expires_at: Some(given.now.plus(Millis::DAY)),
        grant: domain::token::Grant::default(),
    };
    harness.put_token(&token).await;
    assert_eq!(Trading(store).find_token(&given.user, &token.hash).await.unwrap(), Some(token.clone()));
    assert_eq!(Trading(store).find_token(&given.user, &Sha::of_bytes(b"another")).await.unwrap(), None);
    assert_eq!(Trading(store).find_token(&UserId::of(&["another"]), &token.hash).await.unwrap(), None);
}
