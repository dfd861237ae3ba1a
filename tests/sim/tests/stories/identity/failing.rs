//! What fails for one of somebody's things, or for one of many people, keeps no other from being done.

use super::leaving::{give_labelled, halted, live_tokens, stand};
use super::programs::{does, make, wanted};
use super::roles::role;
use super::{GOOD, Town, check, cut_off, give_tokens, refused};
use app::identity::{self, IdentityError, Invited};
use app::ports::Secret;
use domain::clock::Millis;
use domain::identity::{Permission, Role, User};
use domain::ids::AccountId;
use std::pin::pin;
use store::identity::Identity;

/// What somebody comes in by, and what buys for them.
struct Doors {
    user: User,
    accounts: [AccountId; 2],
    session: Secret,
    key: String,
}

impl Doors {
    async fn of(town: &Town, name: &str, admin: &app::ports::Session) -> Self {
        let user = town.register(name, Some(Role::Trader), Invited::By(admin)).await.unwrap();
        let accounts = ["first", "second"].map(|label| give_labelled(town, &user.id, label, 1));
        give_tokens(town, &user.id).await;
        let session = town.log_in(name, GOOD, "a").await.unwrap().token;
        let (herself, key) = (town.let_in(&session).await.unwrap(), format!("mqk_of_{name}"));
        make(town, &herself, wanted(town, "bot", &[Permission::READ]), &key).await.unwrap();
        Self { user, accounts, session, key }
    }

    /// Which are open: an account that buys, the other one, the session, the key, the webhook token.
    async fn open(&self, town: &Town) -> [bool; 5] {
        let [first, second] = &self.accounts;
        [
            !halted(town, first).await.0,
            !halted(town, second).await.0,
            town.let_in(&self.session).await.is_some(),
            does(town, &self.key, None).await.is_some(),
            live_tokens(town, &self.user.id).await > 0,
        ]
    }
}

#[test]
fn whatever_of_theirs_cannot_be_ended_keeps_nothing_else_open_of_who_may_not_come_in() {
    check(async |town| {
        let admin = town.admin().await;
        for (down, open) in [
            ("query USR#", [true, true, false, false, false]),
            ("transact ACC#", [true, true, false, false, false]),
            ("query LGN#", [false, false, true, false, false]),
            ("write LGN#", [false, false, true, false, false]),
            ("query KEY#", [false, false, false, true, false]),
            ("transact KEY#", [false, false, false, true, false]),
            ("query TOK#", [false, false, false, false, true]),
            ("transact TOK#", [false, false, false, false, true]),
        ] {
            let ann =
                Doors::of(&town, &format!("ann.{}", down.to_lowercase().replace(['_', ' ', '#'], "-")), &admin).await;
            assert_eq!(ann.open(&town).await, [true; 5]);
            town.world.set_down(down, true);
            let failed = refused(stand(&town, &admin, &ann.user.id, false).await);
            town.world.set_down(down, false);
            assert!(matches!(failed, IdentityError::Store(_)), "{down}: {failed:?}");
            assert_eq!(ann.open(&town).await, open, "{down}");
            stand(&town, &admin, &ann.user.id, false).await.unwrap();
            assert_eq!(ann.open(&town).await, [false; 5], "{down}: the same again does the rest");
        }
    });
}

#[test]
fn an_account_that_nobody_can_read_keeps_nothing_else_open() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = Doors::of(&town, "ann", &admin).await;
        let unreadable = ann.accounts[0].to_string();
        town.world.set_unreadable(&unreadable, true);
        assert!(matches!(refused(stand(&town, &admin, &ann.user.id, false).await), IdentityError::Store(_)));
        town.world.set_unreadable(&unreadable, false);
        assert_eq!(ann.open(&town).await, [true, false, false, false, false]);
    });
}

/// Whoever is inside changes a key in the moment in which it is to end.
#[test]
fn a_key_that_is_rotated_meanwhile_ends_with_its_user() {
    check(async |town| {
        let admin = town.admin().await;
        let mut rotated = 0;
        for polls in 0_u32.. {
            let name = format!("ann{polls}");
            let ann = Doors::of(&town, &name, &admin).await;
            let herself = town.let_in(&ann.session).await.unwrap();
            let key = Identity(&town.world).list_program_keys(&ann.user.id).await.unwrap().remove(0);
            let mut leaving = pin!(stand(&town, &admin, &ann.user.id, false));
            let is_over = cut_off(leaving.as_mut(), polls).await.is_some();
            let (next, overlap) = (Secret::new(format!("mqk_next_{name}")), Millis::seconds(600));
            let other = town
                .run(async |run| {
                    identity::rotate_key(&town.world, &herself, &key.id, (&next, overlap), None, run).await
                })
                .await;
            rotated += u32::from(other.is_ok());
            if !is_over {
                leaving.await.unwrap();
            }
            assert_eq!(ann.open(&town).await, [false; 5], "{polls}");
            assert_eq!(does(&town, next.expose(), None).await, None, "{polls}");
            if is_over {
                assert!(rotated > 2, "{rotated} were rotated");
                return;
            }
        }
    });
}

#[test]
fn one_whose_row_nobody_can_read_keeps_no_other_holder_of_a_role_from_what_it_permits_now() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("watch", "trading:read accounts:write")).await.unwrap();
        let mut holders = Vec::new();
        for name in ["ann", "bob", "cat"] {
            let user = town.person(&admin, name, &watch.name).await;
            give_tokens(&town, &user.id).await;
            let session = town.log_in(name, GOOD, "a").await.unwrap().token;
            holders.push((user.id, session));
        }
        // Whoever comes first.
        holders.sort_by(|one, other| one.0.cmp(&other.0));
        let permits = async |token: &Secret| town.let_in(token).await.unwrap().permits().count();
        let first = holders[0].0.to_string();
        town.world.set_unreadable(&first, true);
        let narrowed = town.permit(&admin, &watch.name, "trading:read", None).await;
        town.world.set_unreadable(&first, false);
        assert!(matches!(refused(narrowed), IdentityError::Store(_)));
        let now = async || {
            let mut now = Vec::new();
            for (user, session) in &holders {
                now.push((permits(session).await, live_tokens(&town, user).await > 0));
            }
            now
        };
        assert_eq!(now().await, [(2, true), (1, false), (1, false)]);
        town.permit(&admin, &watch.name, "trading:read", None).await.unwrap();
        assert_eq!(now().await, [(1, false); 3], "the same again does the rest");
    });
}
