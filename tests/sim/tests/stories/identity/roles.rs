//! Roles and permissions of a deployment's own: who may make, give and change them, and what sessions say.

use super::programs::{does, make, wanted};
use super::{GOOD, Town, check, cut_off, give_tokens, interrupted, refused};
use app::identity::{self, IdentityError, Invited, Standing};
use app::ports::{Secret, Session};
use domain::identity::{
    Defined, DefinitionKind, Permission, PermissionDefinition, Rates, Role, RoleDefinition, RoleName, RouteClass,
    Scope, User,
};
use domain::limits::SESSIONS_PER_REQUEST_MAX;
use store::identity::Identity;
use store::trading::Trading;

fn scopes(words: &str) -> std::collections::BTreeSet<Scope> {
    words.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

pub(super) fn role(name: &str, words: &str) -> RoleDefinition {
    let (name, description) = (name.parse().unwrap(), "Of a test.".parse().unwrap());
    RoleDefinition { name, description, scopes: scopes(words), rates: Rates::default(), holders: 0, version: 0 }
}

fn names(session: &Session) -> Vec<String> {
    session.permits().map(|scope| scope.to_string()).collect()
}

impl Town {
    pub(super) async fn define<T: Defined>(&self, by: &Session, new: T) -> Result<T, IdentityError> {
        self.run(async |run| identity::define(&self.world, by, new, run).await).await
    }

    pub(super) async fn permit(
        &self,
        by: &Session,
        name: &RoleName,
        words: &str,
        seen: Option<u64>,
    ) -> Result<RoleDefinition, IdentityError> {
        let to = |before| RoleDefinition { scopes: scopes(words), ..before };
        self.run(async |run| identity::redefine(&self.world, by, name, to, seen, run).await).await
    }

    async fn remove_role(&self, by: &Session, name: &RoleName) -> Result<(), IdentityError> {
        self.run(async |run| identity::undefine::<RoleDefinition, _>(&self.world, by, name, None, run).await).await
    }

    async fn give(&self, by: &Session, user: &User, role: &RoleName) -> Result<User, IdentityError> {
        let standing = Standing { role: Some(role.clone()), ..Standing::default() };
        self.run(async |run| identity::stand(&self.world, by, &user.id, standing, None, run).await).await
    }

    /// Somebody with this role.
    pub(super) async fn person(&self, by: &Session, name: &str, role: &RoleName) -> User {
        let user = self.register(name, None, Invited::By(by)).await.unwrap();
        self.give(by, &user, role).await.unwrap()
    }
}

#[test]
fn what_a_role_permits_is_changed_with_the_next_request() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read system:operate")).await.unwrap();
        assert_eq!(watch.version, 1);
        let ann = town.person(&admin, "ann", &watch.name).await;
        let token = town.log_in("ann", GOOD, "a").await.unwrap().token;
        let may = async || names(&town.let_in(&token).await.expect("the session stays"));
        assert_eq!(may().await, ["system:operate", "trading:read"]);
        let less = town.permit(&admin, &watch.name, "trading:read", Some(1)).await.unwrap();
        assert_eq!((less.version, may().await), (2, vec!["trading:read".to_owned()]));
        let late = town.permit(&admin, &watch.name, "system:operate", Some(1)).await;
        assert_eq!(refused(late), IdentityError::VersionConflict(2));
        assert_eq!(town.user(&ann.id).await.role, watch.name);
        let again = town.enter("ann", GOOD).await;
        assert_eq!(names(&again), ["trading:read"]);
    });
}

#[test]
fn how_often_a_role_may_ask_is_changed_with_the_next_request() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read")).await.unwrap();
        let ann = town.person(&admin, "ann", &watch.name).await;
        town.enter("ann", GOOD).await;
        let slower = |before: RoleDefinition| {
            let rates = before.rates.clone().limit(RouteClass::Wallets, 3).unwrap();
            RoleDefinition { rates, ..before }
        };
        town.run(async |run| identity::redefine(&town.world, &admin, &watch.name, slower, None, run).await)
            .await
            .unwrap();
        let logins = Identity(&town.world).list_logins(&ann.id, town.now.get()).await.unwrap();
        assert_eq!(logins[0].grant.rates.of(RouteClass::Wallets), 3);
    });
}

#[test]
fn keys_of_programs_follow_the_role_of_their_owner() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read system:operate")).await.unwrap();
        town.person(&admin, "ann", &watch.name).await;
        let ann = town.enter("ann", GOOD).await;
        let secret = "mqk_0123456789abcdef";
        let wished = wanted(&town, "bot", &[Permission::READ, Permission::SYSTEM]);
        make(&town, &ann, wished, secret).await.unwrap();
        let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(does(&town, secret, None).await, words(&["system:operate", "trading:read"]));
        town.permit(&admin, &watch.name, "trading:read", None).await.unwrap();
        assert_eq!(does(&town, secret, None).await, words(&["trading:read"]));
        town.permit(&admin, &watch.name, "trading:read system:operate", None).await.unwrap();
        assert_eq!(does(&town, secret, None).await, words(&["system:operate", "trading:read"]));
    });
}

#[test]
fn who_is_given_another_role_meanwhile_keeps_their_webhook_tokens() {
    check(async |town| {
        let admin = town.admin().await;
        let (mut polls, mut kept) = (0, 0);
        loop {
            let desk = role(&format!("desk-{polls}"), "trading:read accounts:write");
            let desk = town.define(&admin, desk).await.unwrap();
            let ann = town.person(&admin, &format!("ann{polls}"), &desk.name).await;
            give_tokens(&town, &ann.id).await;
            let let_in = async || {
                let tokens = Trading(&town.world).list_tokens(&ann.id).await.unwrap();
                tokens.iter().any(|kept| kept.revoked_at.is_none())
            };
            let had = std::cell::Cell::new(false);
            let less = town.permit(&admin, &desk.name, "trading:read", None);
            let came = interrupted(Box::pin(less), polls, async || {
                town.give(&admin, &ann, &Role::Trader.into()).await.unwrap();
                had.set(let_in().await);
            })
            .await;
            if !came {
                break;
            }
            assert_eq!(let_in().await, had.get(), "after {polls} calls");
            kept += u32::from(had.get());
            polls += 1;
        }
        assert!(kept > 1, "some are a trader before their tokens are looked at");
    });
}

#[test]
fn nobody_hands_out_what_they_have_not() {
    check(async |town| {
        let admin = town.admin().await;
        let keeper = town.define(&admin, role("keeper", "users:write trading:read")).await.unwrap();
        let owner = town.user(&admin.user).await;
        let eve = town.person(&admin, "eve", &keeper.name).await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let by = town.enter("eve", GOOD).await;
        let trade = IdentityError::NotYours(Permission::WRITE.into());
        assert_eq!(refused(town.define(&by, role("mine", "trading:read trading:write")).await), trade);
        assert_eq!(
            refused(town.give(&by, &ann, &Role::Trader.into()).await),
            IdentityError::NotYours(Permission::ACCOUNTS.into())
        );
        let register = town.register("bob", Some(Role::Admin), Invited::By(&by)).await;
        assert!(matches!(refused(register), IdentityError::NotYours(_)));
        let mine = town.define(&by, role("mine", "trading:read")).await.unwrap();
        assert_eq!(refused(town.permit(&by, &mine.name, "trading:write", None).await), trade);
        assert_eq!(refused(town.permit(&by, &keeper.name, "trading:read", None).await), IdentityError::Oneself);
        assert_eq!(town.give(&by, &ann, &mine.name).await.unwrap().role, mine.name);

        // Nor do they deal with whoever has more: a reset would make them that person.
        let more = |done| assert!(matches!(done, IdentityError::NotYours(_)), "{done:?}");
        let token = Secret::new("mqr_stolen".to_owned());
        let reset = town.run(async |run| identity::hand_reset(&town.world, &by, &owner.id, &token, run).await);
        more(refused(reset.await));
        more(refused(town.run(async |run| identity::take_factor(&town.world, &by, &owner.id, run).await).await));
        more(refused(town.run(async |run| identity::remove(&town.world, &by, &owner.id, None, run).await).await));
        more(refused(town.give(&by, &owner, &Role::Viewer.into()).await));
        let wide = town.define(&admin, role("wide", "trading:write")).await.unwrap();
        more(refused(town.permit(&by, &wide.name, "trading:read", None).await));
        more(refused(town.remove_role(&by, &wide.name).await));
        assert_eq!(town.user(&owner.id).await.role, owner.role);
        assert_eq!(town.user(&eve.id).await.role, keeper.name);
    });
}

#[test]
fn a_role_that_somebody_has_and_one_that_is_built_in_stay() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read")).await.unwrap();
        let duplicate = IdentityError::DuplicateDefinition(DefinitionKind::Role);
        for name in ["night-watch", "viewer"] {
            assert_eq!(refused(town.define(&admin, role(name, "trading:read")).await), duplicate, "{name}");
        }
        let built_in = IdentityError::BuiltIn(DefinitionKind::Role);
        assert_eq!(refused(town.remove_role(&admin, &Role::Quant.into()).await), built_in);
        assert_eq!(refused(town.permit(&admin, &Role::Quant.into(), "trading:write", None).await), built_in);
        let nobodys: RoleName = "nobodys".parse().unwrap();
        let ann = town.person(&admin, "ann", &watch.name).await;
        assert_eq!(refused(town.give(&admin, &ann, &nobodys).await), IdentityError::NoRole);
        let held = IdentityError::InUse(DefinitionKind::Role, 1);
        assert_eq!(refused(town.remove_role(&admin, &watch.name).await), held);
        town.give(&admin, &ann, &Role::Viewer.into()).await.unwrap();
        town.remove_role(&admin, &watch.name).await.unwrap();
        assert_eq!(
            refused(town.remove_role(&admin, &watch.name).await),
            IdentityError::NoDefinition(DefinitionKind::Role)
        );
    });
}

#[test]
fn a_name_of_ones_own_is_carried_and_opens_nothing() {
    check(async |town| {
        let admin = town.admin().await;
        let print: Scope = "reports:print".parse().unwrap();
        let carrying = || role("printer", "trading:read reports:print");
        assert_eq!(refused(town.define(&admin, carrying()).await), IdentityError::NoPermission(print.clone()));
        let own = PermissionDefinition { name: print, description: "Print.".parse().unwrap(), holders: 0, version: 0 };
        let own = town.define(&admin, own).await.unwrap();
        let printer = town.define(&admin, carrying()).await.unwrap();
        town.person(&admin, "ann", &printer.name).await;
        assert_eq!(names(&town.enter("ann", GOOD).await), ["reports:print", "trading:read"]);
        let remove = async || {
            let name = &own.name;
            town.run(async |run| {
                identity::undefine::<PermissionDefinition, _>(&town.world, &admin, name, None, run).await
            })
            .await
        };
        assert_eq!(refused(remove().await), IdentityError::InUse(DefinitionKind::Permission, 1));
        town.permit(&admin, &printer.name, "trading:read", None).await.unwrap();
        remove().await.unwrap();
    });
}

#[test]
fn a_change_of_a_role_that_stops_anywhere_is_finished_by_sending_it_again() {
    check(async |town| {
        let admin = town.admin().await;
        let (mut polls, mut stopped) = (0, 0);
        loop {
            let name = format!("watch-{polls}");
            let watch = town.define(&admin, role(&name, "trading:read system:operate")).await.unwrap();
            let person = format!("ann{polls}");
            let ann = town.person(&admin, &person, &watch.name).await;
            let tokens =
                [town.log_in(&person, GOOD, "a").await.unwrap(), town.log_in(&person, GOOD, "b").await.unwrap()];
            let narrowed = cut_off(Box::pin(town.permit(&admin, &watch.name, "trading:read", Some(1))), polls).await;
            let now = identity::definition::<RoleDefinition, _>(&town.world, &watch.name).await.unwrap();
            if now.version == 2 && narrowed.is_none() {
                stopped += 1;
                assert_eq!(
                    names(&town.enter(&person, GOOD).await),
                    ["trading:read"],
                    "none is opened with the old set"
                );
                let again = town.permit(&admin, &watch.name, "trading:read", Some(1)).await;
                assert_eq!(refused(again), IdentityError::VersionConflict(2));
            }
            if now.version == 2 {
                for first in &tokens {
                    let session = town.let_in(&first.token).await.expect("it goes on");
                    assert_eq!(names(&session), ["trading:read"], "after {polls} calls");
                }
            }
            assert_eq!(Identity(&town.world).load_user(&ann.id).await.unwrap().map(|user| user.role), Some(watch.name));
            if narrowed.is_some() {
                break;
            }
            polls += 1;
        }
        assert!(stopped > 2, "some stopped after the change");
    });
}

#[test]
fn no_session_is_renewed_with_what_its_role_permitted_before() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read system:operate")).await.unwrap();
        let ann = town.person(&admin, "ann", &watch.name).await;
        let first = town.log_in("ann", GOOD, "a").await.unwrap();
        // The change is on record, and no session says it yet.
        for polls in 0.. {
            let stopped = cut_off(Box::pin(town.permit(&admin, &watch.name, "trading:read", None)), polls).await;
            let now = identity::definition::<RoleDefinition, _>(&town.world, &watch.name).await.unwrap();
            if now.version == 2 {
                assert!(stopped.is_none());
                break;
            }
        }
        assert_eq!(names(&town.let_in(&first.token).await.unwrap()), ["system:operate", "trading:read"]);
        town.pass(23 * 3_600 + 1);
        let renewed = town
            .run(async |run| identity::refresh(&town.world, &town.proofs, &ann.id, &first.login.id, run).await)
            .await
            .unwrap();
        assert_eq!(names(&town.let_in(&renewed.token).await.unwrap()), ["trading:read"]);
    });
}

#[test]
fn more_sessions_than_one_request_changes_are_changed_by_the_next() {
    check(async |town| {
        let admin = town.admin().await;
        let watch = town.define(&admin, role("night-watch", "trading:read system:operate")).await.unwrap();
        let mut tokens = Vec::new();
        for number in 0..11 {
            let name = format!("ann{number}");
            town.person(&admin, &name, &watch.name).await;
            for _ in 0..20 {
                tokens.push(town.log_in(&name, GOOD, "a").await.unwrap().token);
                town.pass(1);
            }
        }
        assert!(tokens.len() > usize::try_from(SESSIONS_PER_REQUEST_MAX).unwrap());
        let narrow = async || town.permit(&admin, &watch.name, "trading:read", None).await;
        assert_eq!(refused(narrow().await), IdentityError::Unfinished);
        narrow().await.unwrap();
        for token in &tokens {
            assert_eq!(names(&town.let_in(token).await.unwrap()), ["trading:read"]);
        }
    });
}

/// Whoever may no longer say who sends alerts is traded for by nobody whom they let in before.
#[test]
fn webhook_tokens_end_with_the_right_to_make_them() {
    check(async |town| {
        let admin = town.admin().await;
        let live = async |user: &User| {
            let tokens = Trading(&town.world).list_tokens(&user.id).await.unwrap();
            tokens.iter().filter(|kept| kept.revoked_at.is_none()).count()
        };
        let desk = town.define(&admin, role("desk", "trading:read trading:write accounts:write")).await.unwrap();
        let (ann, bob) = (town.person(&admin, "ann", &desk.name).await, town.person(&admin, "bob", &desk.name).await);
        give_tokens(&town, &ann.id).await;
        give_tokens(&town, &bob.id).await;
        let before = live(&ann).await;
        assert!(before > 0);
        town.permit(&admin, &desk.name, "trading:read accounts:write", None).await.unwrap();
        assert_eq!((live(&ann).await, live(&bob).await), (before, before), "the right to make them is still there");
        town.give(&admin, &bob, &Role::Viewer.into()).await.unwrap();
        assert_eq!((live(&ann).await, live(&bob).await), (before, 0), "another role");
        town.permit(&admin, &desk.name, "trading:read", None).await.unwrap();
        assert_eq!(live(&ann).await, 0, "the role itself");
    });
}
