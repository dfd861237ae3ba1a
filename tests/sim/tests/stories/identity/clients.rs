//! Keys of programs against tokens of an hour.

use super::programs::{does, make, somebody, stand, wanted, words};
use super::{Town, check, refused};
use app::identity::{self, ClientCredentials, IdentityError, Run, Standing, WantedKey};
use app::ports::Secret;
use domain::audit::Actor;
use domain::clock::Millis;
use domain::identity::{Permission, Role};
use domain::ids::{AttemptId, KeyId};
use domain::limits;

const SECRET: &str = "mqk_0123456789abcdef";
const HOME: &str = "203.0.113.9";

async fn exchange(
    town: &Town,
    id: &KeyId,
    secret: &str,
    scopes: Option<&[Permission]>,
    address: &str,
) -> Result<String, IdentityError> {
    let scopes = scopes.map(|scopes| scopes.iter().copied().map(Into::into).collect());
    let credentials = ClientCredentials { id: id.clone(), secret: Secret::new(secret.to_owned()), scopes };
    let attempt = AttemptId::new(format!("exchange {address}"));
    let run = Run { attempt: &attempt, now: town.now.get(), address: Some(address), actor: Actor::Person };
    let handed = identity::client_token(&town.world, &town.proofs, credentials, run).await?;
    Ok(handed.token.expose().to_owned())
}

#[test]
fn a_token_permits_what_was_asked_for_of_what_its_key_does_and_for_an_hour() {
    check(async |town| {
        let (admin, ann) = somebody(&town, Role::Trader).await;
        let both = [Permission::READ, Permission::WRITE];
        let key = make(&town, &ann, wanted(&town, "bot", &both), SECRET).await.unwrap();
        let whole = exchange(&town, &key.id, SECRET, None, HOME).await.unwrap();
        let narrow = exchange(&town, &key.id, SECRET, Some(&[Permission::READ]), HOME).await.unwrap();
        assert_eq!(does(&town, &whole, None).await, words(&both));
        assert_eq!(does(&town, &narrow, None).await, words(&both[..1]));
        let beyond = exchange(&town, &key.id, SECRET, Some(&[Permission::READ, Permission::USERS]), HOME).await;
        assert_eq!(beyond.err(), Some(IdentityError::ScopeNotOfKey));
        // What the key does no more, its tokens do no more.
        stand(&town, &admin, &ann, Standing { role: Some(Role::Viewer.into()), ..Standing::default() }).await;
        assert_eq!(does(&town, &whole, None).await, words(&both[..1]));
        town.pass(3_599);
        assert!(does(&town, &whole, None).await.is_some());
        town.pass(1);
        assert_eq!(does(&town, &whole, None).await, None, "it is over");
    });
}

#[test]
fn a_token_ends_with_its_secret_and_lets_in_from_where_its_key_does() {
    check(async |town| {
        let (_, ann) = somebody(&town, Role::Viewer).await;
        let networks = vec!["203.0.113.0/24".parse().unwrap()];
        let narrow = WantedKey { networks, ..wanted(&town, "bot", &[Permission::READ]) };
        let key = make(&town, &ann, narrow, SECRET).await.unwrap();
        let elsewhere = exchange(&town, &key.id, SECRET, None, "198.51.100.1").await;
        assert_eq!(elsewhere.err(), Some(IdentityError::WrongClient));
        let token = exchange(&town, &key.id, SECRET, None, HOME).await.unwrap();
        assert!(does(&town, &token, Some(HOME)).await.is_some());
        assert_eq!(does(&town, &token, Some("198.51.100.1")).await, None);
        let secret = Secret::new("mqk_second".to_owned());
        let other = (&secret, Millis::seconds(60));
        town.run(async |run| identity::rotate_key(&town.world, &ann, &key.id, other, None, run).await).await.unwrap();
        town.pass(59);
        assert!(does(&town, &token, Some(HOME)).await.is_some(), "both overlap");
        let next = exchange(&town, &key.id, "mqk_second", None, HOME).await.unwrap();
        town.pass(1);
        assert_eq!(does(&town, &token, Some(HOME)).await, None, "its secret is over");
        assert!(does(&town, &next, Some(HOME)).await.is_some());
        town.run(async |run| identity::revoke_key(&town.world, &ann, &key.id, None, run).await).await.unwrap();
        assert_eq!(does(&town, &next, Some(HOME)).await, None, "at the next request");
    });
}

#[test]
fn what_is_wrong_with_a_client_is_not_told_and_guessing_waits() {
    check(async |town| {
        let (_, ann) = somebody(&town, Role::Viewer).await;
        let key = make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), SECRET).await.unwrap();
        let other = make(&town, &ann, wanted(&town, "other", &[Permission::READ]), "mqk_other").await.unwrap();
        let nobody = KeyId::of(&["nobody"]);
        for (id, secret) in [(&key.id, "mqk_guess"), (&nobody, SECRET), (&other.id, SECRET)] {
            let told = refused(exchange(&town, id, secret, None, HOME).await);
            assert_eq!(told, IdentityError::WrongClient, "{id} {secret}");
        }
        for _ in 0..limits::ADDRESS_GUESSES_FREE {
            // A good one gives its own attempt back.
            assert!(exchange(&town, &key.id, SECRET, None, "192.0.2.1").await.is_ok());
        }
        for _ in 3..limits::ADDRESS_GUESSES_FREE {
            assert_eq!(refused(exchange(&town, &key.id, "mqk_guess", None, HOME).await), IdentityError::WrongClient);
        }
        let waits = refused(exchange(&town, &key.id, SECRET, None, HOME).await);
        assert_eq!(waits, IdentityError::Wait(limits::GUESS_WAIT));
    });
}
