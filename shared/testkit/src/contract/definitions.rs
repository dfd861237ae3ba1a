//! Roles, plans and permissions of a deployment's own, who holds them, and what sessions are reckoned by.

use super::identity::{create, login, person, record};
use super::{Given, Harness};
use app::ports::{Audit, DefinitionChange, Guarded, Login, Visit};
use domain::identity::{
    Defined, Definition, DefinitionKind, DefinitionName, Description, Grant, Limits, PermissionDefinition,
    PlanDefinition, Prices, Rates, Role, RoleDefinition, RouteClass, Scope, Settings, User,
};
use std::collections::BTreeSet;
use store::Engine;
use store::identity::Identity;

fn description() -> Description {
    "Looks after things at night.".parse().unwrap()
}

fn role(given: &Given) -> RoleDefinition {
    RoleDefinition {
        name: format!("night-{}", given.unique).parse().unwrap(),
        description: description(),
        scopes: ["trading:read", "system:operate"].map(|scope| scope.parse().unwrap()).into(),
        rates: Rates::default().limit(RouteClass::Wallets, 7).unwrap(),
        holders: 0,
        version: 1,
    }
}

fn plan(given: &Given) -> PlanDefinition {
    PlanDefinition {
        name: format!("small-{}", given.unique).parse().unwrap(),
        description: description(),
        limits: Limits { positions: Some(3), ..Limits::default() },
        prices: Prices { monthly: "9.90".parse().ok(), yearly: None, currency: "EUR".parse().ok() },
        settings: Settings {
            quiet_hours: "22:00-07:00".parse().ok(),
            theme: "dark".parse().ok(),
            ..Settings::default()
        },
        active: true,
        holders: 0,
        version: 1,
    }
}

fn permission(given: &Given) -> PermissionDefinition {
    let name: Scope = format!("reports:{}", given.unique).parse().unwrap();
    PermissionDefinition { name, description: description(), holders: 0, version: 1 }
}

async fn keep<D: Engine>(store: &D, seen: Option<&Definition>, to: Option<&Definition>, audit: &Audit) -> bool {
    let change = DefinitionChange { seen: seen.cloned(), to: to.cloned() };
    let kept = Identity(store).keep_definition(&change, audit).await.unwrap();
    // What is gone holds no stamp.
    if change.to.is_some() {
        assert_eq!(Identity(store).keep_definition(&change, audit).await, Ok(kept), "once more under its own stamp");
    }
    kept
}

async fn make<D: Engine, T: Defined>(store: &D, given: &Given, of: &T) {
    assert!(keep(store, None, Some(&of.clone().wrapped()), &record(given, "make")).await);
}

async fn load<D: Engine, T: Defined>(store: &D, of: &T) -> Option<T> {
    Identity(store).load_definition(&T::named(of.name())).await.unwrap().and_then(T::of)
}

async fn kept_as_seen<D: Engine, T: Defined>(store: &D, given: &Given, first: T, second: T) {
    let (one, two) = (first.clone().wrapped(), second.clone().wrapped());
    assert!(!keep(store, Some(&one), Some(&two), &record(given, "change")).await, "it is not there");
    make(store, given, &first).await;
    assert!(!keep(store, None, Some(&two), &record(given, "make")).await, "it is there already");
    assert_eq!(load(store, &first).await, Some(first.clone()));
    assert!(keep(store, Some(&one), Some(&two), &record(given, "change")).await);
    assert!(!keep(store, Some(&one), Some(&two), &record(given, "change")).await, "it was changed");
    let listed: Vec<_> =
        Identity(store).list_definitions(T::KIND).await.unwrap().into_iter().filter_map(T::of).collect();
    assert!(listed.contains(&second) && !listed.contains(&first));
    assert!(!keep(store, Some(&one), None, &record(given, "remove")).await, "it was changed");
    assert!(keep(store, Some(&two), None, &record(given, "remove")).await);
    assert_eq!(load(store, &first).await, None);
}

pub async fn a_definition_is_kept_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let wider = RoleDefinition {
        scopes: BTreeSet::from(["trading:read".parse().unwrap()]),
        rates: Rates::default(),
        version: 2,
        ..role(&given)
    };
    kept_as_seen(store, &given, role(&given), wider).await;
    let (limits, prices) = (Limits::default(), Prices::default());
    let free = PlanDefinition { limits, prices, active: false, version: 2, ..plan(&given) };
    kept_as_seen(store, &given, plan(&given), free).await;
    let renamed = PermissionDefinition { description: Description::default(), version: 2, ..permission(&given) };
    kept_as_seen(store, &given, permission(&given), renamed).await;
    let nobody = DefinitionName::Role(role(&given).name);
    assert_eq!((nobody.kind(), Identity(store).load_definition(&nobody).await), (DefinitionKind::Role, Ok(None)));
}

pub async fn what_somebody_holds_is_counted_and_not_taken_away<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (role, plan) = (role(&given), plan(&given));
    let held = User { role: role.name.clone(), plan: plan.name.clone(), ..person(&given) };
    assert!(!create(store, &given, &held, None).await, "nobody has made them");
    make(store, &given, &role).await;
    make(store, &given, &plan).await;
    let count = async || {
        let (role, plan) = (load(store, &role).await.unwrap(), load(store, &plan).await.unwrap());
        (role.holders, plan.holders)
    };
    assert_eq!(count().await, (0, 0));
    assert!(create(store, &given, &held, None).await);
    let plain = person(&other);
    assert!(create(store, &other, &plain, None).await);
    assert_eq!(count().await, (1, 1));
    let second = User { role: role.name.clone(), version: 2, ..plain.clone() };
    let audit = record(&other, "change user");
    for _ in 0..2 {
        assert_eq!(Identity(store).replace_user(&second, &plain, None, &audit).await, Ok(true), "its own stamp");
    }
    assert_eq!(count().await, (2, 1));
    let of = |definition: &RoleDefinition| definition.clone().wrapped();
    let wider = RoleDefinition { version: 2, ..role.clone() };
    assert!(keep(store, Some(&of(&role)), Some(&of(&wider)), &record(&given, "change role")).await);
    assert_eq!(count().await, (2, 1), "whoever changes it does not count");
    assert!(!keep(store, Some(&of(&wider)), None, &record(&given, "remove role")).await, "it is held");
    let back = User { role: Role::Viewer.into(), version: 3, ..second.clone() };
    assert_eq!(Identity(store).replace_user(&back, &second, None, &record(&other, "change user")).await, Ok(true));
    let gone = User { active: false, version: 2, ..held.clone() };
    assert_eq!(Identity(store).remove_user(&held, &gone, None, &record(&given, "remove user")).await, Ok(true));
    assert_eq!(count().await, (0, 0));
    assert!(keep(store, Some(&of(&wider)), None, &record(&given, "remove role")).await);
    let again = User { role: role.name.clone(), version: 4, ..back.clone() };
    assert_eq!(
        Identity(store).replace_user(&again, &back, None, &record(&other, "change user")).await,
        Ok(false),
        "it is gone"
    );
    assert_eq!(Identity(store).load_user(&back.id).await, Ok(Some(back)));
}

pub async fn a_role_carries_permissions_that_are_there<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (plain, own) = (role(&given), permission(&given));
    let mut carrying = RoleDefinition { version: 2, ..plain.clone() };
    carrying.scopes.insert(own.name.clone());
    let of = |definition: &RoleDefinition| definition.clone().wrapped();
    make(store, &given, &plain).await;
    let (first, second) = (of(&plain), of(&carrying));
    assert!(!keep(store, Some(&first), Some(&second), &record(&given, "change role")).await, "nobody has made it");
    make(store, &given, &own).await;
    assert!(keep(store, Some(&first), Some(&second), &record(&given, "change role")).await);
    let named = own.clone().wrapped();
    assert_eq!(load(store, &own).await.map(|own| own.holders), Some(1));
    assert!(!keep(store, Some(&named), None, &record(&given, "remove permission")).await, "a role carries it");
    assert!(keep(store, Some(&second), None, &record(&given, "remove role")).await);
    assert!(keep(store, Some(&named), None, &record(&given, "remove permission")).await);
}

fn granted(given: &Given, role: &RoleDefinition, plan: &PlanDefinition, name: &str) -> Login {
    Login { grant: Grant::of(role, plan), ..login(given, name) }
}

pub async fn a_login_is_opened_by_what_its_role_and_plan_say_now<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (role, plan) = (role(&given), plan(&given));
    make(store, &given, &role).await;
    make(store, &given, &plan).await;
    let held = User { role: role.name.clone(), plan: plan.name.clone(), ..person(&given) };
    assert!(create(store, &given, &held, None).await);
    let open = async |login: &Login| Identity(store).open_login(login, 1, &record(&given, "log in")).await.unwrap();
    assert!(open(&granted(&given, &role, &plan, "one")).await);
    let wider = RoleDefinition { version: 2, ..role.clone() };
    let (seen, to) = (role.clone().wrapped(), wider.clone().wrapped());
    assert!(keep(store, Some(&seen), Some(&to), &record(&given, "change role")).await);
    assert!(!open(&granted(&given, &role, &plan, "two")).await, "the role says something else by now");
    assert!(open(&granted(&given, &wider, &plan, "three")).await);
    let larger = PlanDefinition { version: 2, ..plan.clone() };
    let (seen, to) = (plan.clone().wrapped(), larger.clone().wrapped());
    assert!(keep(store, Some(&seen), Some(&to), &record(&given, "change plan")).await);
    assert!(!open(&granted(&given, &wider, &plan, "four")).await, "the plan says something else by now");
    assert!(open(&granted(&given, &wider, &larger, "five")).await);
}

pub async fn a_session_is_given_what_its_role_says_by_now_and_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let seen = login(&given, "one");
    assert_eq!(Identity(store).open_login(&seen, 1, &record(&given, "log in")).await, Ok(true));
    let (role, plan) = (RoleDefinition::from(Role::Trader), plan(&given));
    let limited = Grant::of(&role, &plan);
    assert_eq!(Identity(store).grant_login(&seen, &limited).await, Ok(true));
    assert_eq!(Identity(store).grant_login(&seen, &limited).await, Ok(false), "it was changed");
    let now = Login { grant: limited, ..seen.clone() };
    assert_eq!(Identity(store).list_logins(&given.user, given.now).await, Ok(vec![now.clone()]));
    let Ok(Guarded::Admitted(session)) = Identity(store).guard_login(&seen.user, &seen.id, Visit::at(given.now)).await
    else {
        panic!("it lets in");
    };
    assert_eq!(session.limits.positions, Some(3));
    assert_eq!(Identity(store).grant_login(&now, &seen.grant).await, Ok(true), "back to what limits nothing");
    assert_eq!(Identity(store).list_logins(&given.user, given.now).await, Ok(vec![seen.clone()]));
    assert_eq!(Identity(store).end_login(&seen.user, &seen.id).await, Ok(true));
    assert_eq!(Identity(store).grant_login(&seen, &now.grant).await, Ok(false), "it is over");
}
