//! Keys of programs: what they let do, and when they end.

use super::{Town, check, interrupted, on_record, refused};
use app::identity::{self, IdentityError, Invited, Knock, Standing, WantedKey};
use app::ports::{Guarded, Secret, Session, Visit};
use domain::clock::Millis;
use domain::identity::{Permission, ProgramKey, Role, User};
use domain::limits;
use store::identity::Identity;

const SECRET: &str = "mqk_0123456789abcdef";

/// Somebody of this role, in their session, and the admin who has made them.
pub(super) async fn somebody(town: &Town, role: Role) -> (Session, Session) {
    let admin = town.admin().await;
    town.register("ann", Some(role), Invited::By(&admin)).await.unwrap();
    (admin, town.enter("ann", super::GOOD).await)
}

pub(super) fn wanted(town: &Town, name: &str, scopes: &[Permission]) -> WantedKey {
    let scopes = scopes.iter().copied().map(Into::into).collect();
    WantedKey {
        name: name.to_owned(),
        scopes,
        networks: Vec::new(),
        orders: None,
        expires_at: town.now.get().plus(Millis::DAY),
    }
}

pub(super) async fn make(
    town: &Town,
    by: &Session,
    wanted: WantedKey,
    secret: &str,
) -> Result<ProgramKey, IdentityError> {
    let secret = Secret::new(secret.to_owned());
    town.run(async |run| identity::make_key(&town.world, by, wanted, &secret, run).await).await
}

/// What a secret lets do, where it lets in.
pub(super) async fn does(town: &Town, secret: &str, address: Option<&str>) -> Option<Vec<String>> {
    let token = Secret::new(secret.to_owned());
    let knock = Knock { token: &token, address, visit: Visit::at(town.now.get()) };
    match identity::admit(&town.world, &town.proofs, &knock).await.unwrap() {
        Guarded::Admitted(session) => {
            assert!(session.login.is_none(), "a program is no person");
            Some(session.scopes)
        }
        _ => None,
    }
}

pub(super) async fn stand(town: &Town, admin: &Session, who: &Session, standing: Standing) {
    town.run(async |run| identity::stand(&town.world, admin, &who.user, standing, None, run).await).await.unwrap();
}

pub(super) fn words(permissions: &[Permission]) -> Option<Vec<String>> {
    Some(permissions.iter().map(|permission| permission.as_str().to_owned()).collect())
}

#[test]
fn nobody_hands_a_key_what_they_do_not_have() {
    check(async |town| {
        let (_, ann) = somebody(&town, Role::Trader).await;
        for beyond in [Permission::USERS, Permission::SYSTEM, Permission::LOGS_DELETE, Permission::READ_ALL] {
            let told = refused(make(&town, &ann, wanted(&town, "bot", &[Permission::READ, beyond]), SECRET).await);
            assert_eq!(told, IdentityError::ScopeNotYours(beyond.into()));
        }
        assert_eq!(does(&town, SECRET, None).await, None, "nothing of it was made");
        let key = make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), SECRET).await.unwrap();
        assert_eq!(does(&town, SECRET, None).await, words(&[Permission::READ]));
        assert_eq!(key.prefix, "mqk_01234567");
        let wider = |key: &ProgramKey| {
            let scopes = [Permission::READ, Permission::USERS].map(Into::into).into_iter().collect();
            WantedKey { scopes, ..wanted(&town, &key.name, &[]) }
        };
        let widened =
            town.run(async |run| identity::change_key(&town.world, &ann, &key.id, wider, None, run).await).await;
        assert_eq!(refused(widened), IdentityError::ScopeNotYours(Permission::USERS.into()));
        assert_eq!(does(&town, SECRET, None).await, words(&[Permission::READ]));
    });
}

#[test]
fn keys_shrink_and_grow_with_what_their_owner_may_do() {
    check(async |town| {
        let (admin, ann) = somebody(&town, Role::Trader).await;
        make(&town, &ann, wanted(&town, "bot", &[Permission::READ, Permission::WRITE]), SECRET).await.unwrap();
        let role = |role: Role| Standing { role: Some(role.into()), ..Standing::default() };
        stand(&town, &admin, &ann, role(Role::Viewer)).await;
        assert_eq!(does(&town, SECRET, None).await, words(&[Permission::READ]), "at the next request");
        // By the session of before, which lets nobody in any more, and by the one of now.
        let after = town.enter("ann", super::GOOD).await;
        for by in [&ann, &after] {
            let more = wanted(&town, "other", &[Permission::WRITE]);
            assert!(make(&town, by, more, "mqk_other").await.is_err());
        }
        stand(&town, &admin, &ann, role(Role::Manager)).await;
        assert_eq!(does(&town, SECRET, None).await, words(&[Permission::READ, Permission::WRITE]), "and no more");
    });
}

/// Whatever else is changed of their owner in the same moment.
#[test]
fn keys_shrink_though_their_owners_profile_changes_meanwhile() {
    check(async |town| {
        let admin = town.admin().await;
        let mut met = 0;
        for polls in 0_u32.. {
            let (name, secret) = (format!("ann{polls}"), format!("{SECRET}{polls}"));
            town.register(&name, Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let ann = town.enter(&name, super::GOOD).await;
            make(&town, &ann, wanted(&town, "bot", &[Permission::READ, Permission::WRITE]), &secret).await.unwrap();
            let standing = Standing { role: Some(Role::Viewer.into()), ..Standing::default() };
            let told = std::cell::Cell::new(true);
            let demoted = async {
                let done =
                    town.run(async |run| identity::stand(&town.world, &admin, &ann.user, standing, None, run).await);
                told.set(done.await.is_ok());
            };
            let came = interrupted(Box::pin(demoted), polls, async || {
                let seen = town.user(&ann.user).await;
                let named = User { version: seen.version + 1, ..seen.clone() };
                let record = on_record(&town, &ann.user, &name);
                assert!(Identity(&town.world).replace_user(&named, &seen, None, &record).await.unwrap());
            })
            .await;
            if town.user(&ann.user).await.role == Role::Viewer {
                assert!(told.get(), "after {polls} calls");
                assert_eq!(does(&town, &secret, None).await, words(&[Permission::READ]), "after {polls} calls");
                met += 1;
            }
            if !came {
                break;
            }
        }
        assert!(met > 3);
    });
}

#[test]
fn keys_end_with_their_owners_standing_and_do_not_come_back() {
    check(async |town| {
        let (admin, ann) = somebody(&town, Role::Trader).await;
        make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), SECRET).await.unwrap();
        let active = |active| Standing { active: Some(active), ..Standing::default() };
        stand(&town, &admin, &ann, active(false)).await;
        assert_eq!(does(&town, SECRET, None).await, None);
        stand(&town, &admin, &ann, active(true)).await;
        assert_eq!(does(&town, SECRET, None).await, None);
        let back = town.enter("ann", super::GOOD).await;
        make(&town, &back, wanted(&town, "bot", &[Permission::READ]), "mqk_next").await.unwrap();
        town.run(async |run| identity::remove(&town.world, &admin, &ann.user, None, run).await).await.unwrap();
        assert_eq!(does(&town, "mqk_next", None).await, None);
    });
}

#[test]
fn a_key_lets_in_from_its_networks_until_its_end_and_not_after_it_was_revoked() {
    check(async |town| {
        let (_, ann) = somebody(&town, Role::Viewer).await;
        let networks = vec!["203.0.113.0/24".parse().unwrap()];
        let narrow = WantedKey { networks, ..wanted(&town, "bot", &[Permission::READ]) };
        let key = make(&town, &ann, narrow, SECRET).await.unwrap();
        for (address, lets_in) in [(Some("203.0.113.9"), true), (Some("198.51.100.1"), false), (None, false)] {
            assert_eq!(does(&town, SECRET, address).await.is_some(), lets_in, "{address:?}");
        }
        town.pass(86_400);
        assert_eq!(does(&town, SECRET, Some("203.0.113.9")).await, None, "it has expired");
        assert_eq!(
            refused(town.run(async |run| identity::find_key(&town.world, &ann.user, &key.id, run).await).await),
            IdentityError::NoKey
        );
        let next = make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), "mqk_next").await.unwrap();
        let revoke =
            async |seen| town.run(async |run| identity::revoke_key(&town.world, &ann, &next.id, seen, run).await).await;
        assert_eq!(refused(revoke(Some(7)).await), IdentityError::VersionConflict(1));
        assert_eq!(revoke(Some(1)).await, Ok(()));
        assert_eq!(does(&town, "mqk_next", None).await, None);
        assert_eq!(refused(revoke(None).await), IdentityError::NoKey);
    });
}

#[test]
fn two_secrets_overlap_for_as_long_as_was_said() {
    check(async |town| {
        let (_, ann) = somebody(&town, Role::Viewer).await;
        let key = make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), SECRET).await.unwrap();
        let rotate = async |secret: &str, overlap: i64| {
            let (secret, overlap) = (Secret::new(secret.to_owned()), Millis::seconds(overlap));
            let other = (&secret, overlap);
            town.run(async |run| identity::rotate_key(&town.world, &ann, &key.id, other, None, run).await)
                .await
                .unwrap()
        };
        let rotated = rotate("mqk_second", 60).await;
        assert_eq!((&rotated.id, rotated.version), (&key.id, 2));
        town.pass(59);
        for secret in [SECRET, "mqk_second"] {
            assert_eq!(does(&town, secret, None).await, words(&[Permission::READ]), "{secret}");
        }
        rotate("mqk_third", 3_600).await;
        assert_eq!(does(&town, SECRET, None).await, None, "of two former ones the older ends");
        town.pass(3_599);
        assert!(does(&town, "mqk_second", None).await.is_some());
        town.pass(1);
        assert_eq!(does(&town, "mqk_second", None).await, None, "their overlap is over");
        rotate("mqk_fourth", 0).await;
        assert_eq!(
            (does(&town, "mqk_third", None).await, does(&town, "mqk_fourth", None).await.is_some()),
            (None, true)
        );
    });
}

#[test]
fn keys_are_ones_own_named_once_and_few() {
    check(async |town| {
        let (admin, ann) = somebody(&town, Role::Viewer).await;
        let key = make(&town, &ann, wanted(&town, "bot 0", &[Permission::READ]), SECRET).await.unwrap();
        let twice = make(&town, &ann, wanted(&town, "bot 0", &[Permission::READ]), "mqk_x").await;
        assert_eq!(refused(twice), IdentityError::DuplicateKey);
        for at in 1..limits::PROGRAM_KEYS_PER_USER_MAX {
            make(&town, &ann, wanted(&town, &format!("bot {at}"), &[Permission::READ]), &format!("mqk_{at}"))
                .await
                .unwrap();
        }
        let more = make(&town, &ann, wanted(&town, "more", &[Permission::READ]), "mqk_more").await;
        assert_eq!(refused(more), IdentityError::TooManyKeys);
        let by_admin = town.run(async |run| identity::revoke_key(&town.world, &admin, &key.id, None, run).await).await;
        assert_eq!(refused(by_admin), IdentityError::NoKey, "another's key is not there");
        assert!(does(&town, SECRET, None).await.is_some());
    });
}
