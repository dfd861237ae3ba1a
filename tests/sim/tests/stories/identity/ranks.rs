//! Whoever keeps people reaches nobody who may more than they: not by a plan, a rate or what somebody left.

use super::leaving::{give_account, stand};
use super::plans::plan;
use super::roles::role;
use super::{Town, check, refused};
use app::identity::{self, Give, IdentityError, Invited};
use app::ports::Session;
use app::trading::{ActError, close_kept_out};
use domain::identity::{PlanDefinition, PlanName, Rates, Role, RoleDefinition, RoleName, RouteClass, User};

/// The first admin, and somebody who may keep people and little else.
async fn keeper(town: &Town) -> (Session, Session) {
    let admin = town.admin().await;
    let keeper = town.define(&admin, role("keeper", "users:write trading:read")).await.unwrap();
    town.person(&admin, "eve", &keeper.name).await;
    let eve = town.enter("eve", super::GOOD).await;
    (admin, eve)
}

async fn slow_down(town: &Town, by: &Session, name: &PlanName) -> Result<PlanDefinition, IdentityError> {
    let slower = |before| PlanDefinition { limits: plan("x", Some(1), Some(1)).limits, ..before };
    town.run(async |run| identity::redefine(&town.world, by, name, slower, None, run).await).await
}

async fn is_on(town: &Town, admin: &Session, name: &str, who: Role, plan: &PlanName) -> User {
    let user = town.register(name, Some(who), Invited::By(admin)).await.unwrap();
    town.plan(admin, &user, plan, Give::First).await.unwrap()
}

#[test]
fn nobody_changes_a_plan_of_whoever_may_more_than_they() {
    check(async |town| {
        let (admin, eve) = keeper(&town).await;
        let pro = town.make_plan(&admin, plan("pro", None, None)).await.name;
        slow_down(&town, &eve, &pro).await.unwrap();
        is_on(&town, &admin, "ann", Role::Viewer, &pro).await;
        let again = |before| PlanDefinition { limits: plan("x", Some(2), Some(2)).limits, ..before };
        town.run(async |run| identity::redefine(&town.world, &eve, &pro, again, None, run).await).await.unwrap();
        let bob = is_on(&town, &admin, "bob", Role::Trader, &pro).await;
        assert!(matches!(refused(slow_down(&town, &eve, &pro).await), IdentityError::NotYours(_)));
        assert_eq!(town.positions(&bob).await, Some(2), "nothing of it holds");
        slow_down(&town, &admin, &pro).await.unwrap();
    });
}

#[test]
fn nobody_lets_a_role_ask_more_often_than_everybody_may_or_they_themselves() {
    check(async |town| {
        let (admin, eve) = keeper(&town).await;
        let fast = |name: &str, most| {
            let rates = Rates::default().limit(RouteClass::Api, most).unwrap();
            RoleDefinition { rates, ..role(name, "trading:read") }
        };
        let too_fast = IdentityError::RateNotYours(RouteClass::Api, 600);
        assert_eq!(refused(town.define(&eve, fast("mine", 601)).await), too_fast);
        town.define(&eve, fast("mine", 600)).await.unwrap();
        town.define(&admin, fast("theirs", 5_000)).await.unwrap();
        let change = async |by: &Session, name: &str, most| {
            let (name, to): (RoleName, _) = (name.parse().unwrap(), fast("any", most).rates);
            let change = |before| RoleDefinition { rates: to, ..before };
            town.run(async |run| identity::redefine(&town.world, by, &name, change, None, run).await).await
        };
        assert_eq!(refused(change(&eve, "mine", 601).await), too_fast);
        assert_eq!(refused(change(&eve, "theirs", 5_001).await), too_fast);
        change(&eve, "theirs", 4_000).await.unwrap();
        change(&admin, "keeper", 1_000).await.unwrap();
        change(&eve, "mine", 1_000).await.unwrap();
        assert_eq!(refused(change(&eve, "mine", 1_001).await), IdentityError::RateNotYours(RouteClass::Api, 1_000));
    });
}

#[test]
fn nobody_closes_what_somebody_left_who_might_more_than_they() {
    check(async |town| {
        let (admin, eve) = keeper(&town).await;
        let close = async |by: &Session, who: &User| {
            let closing = async |run: identity::Run<'_>| {
                close_kept_out(&town.world, &who.id, "left", by, run.act(&by.user)).await.map(|closing| closing.len())
            };
            town.run(closing).await
        };
        for (name, who, may) in [("ann", Role::Viewer, true), ("bob", Role::Trader, false), ("cat", Role::Admin, false)]
        {
            let who = town.register(name, Some(who), Invited::By(&admin)).await.unwrap();
            give_account(&town, &who.id, 1);
            assert_eq!(close(&admin, &who).await, Err(ActError::NotKeptOut), "{name}");
            stand(&town, &admin, &who.id, false).await.unwrap();
            let closing = close(&eve, &who).await;
            assert!(if may { closing == Ok(0) } else { matches!(closing, Err(ActError::NotYours(_))) }, "{closing:?}");
            assert_eq!(close(&admin, &who).await, Ok(0), "{name}");
        }
    });
}
