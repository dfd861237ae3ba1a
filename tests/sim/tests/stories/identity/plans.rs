//! Plans: who has which, what it limits, and that it does so from the next request and the next opening on.

use super::{GOOD, Town, check, cut_off, refused};
use app::identity::{self, Give, IdentityError, Invited};
use app::ports::Session;
use domain::identity::{DefinitionKind, Limits, PlanDefinition, PlanName, Role, RouteClass, User};
use store::identity::Identity;
use store::trading::Trading;

pub(super) fn plan(name: &str, positions: Option<u32>, requests_per_minute: Option<u32>) -> PlanDefinition {
    let limits = Limits { positions, requests_per_minute, ..Limits::default() };
    PlanDefinition { name: name.parse().unwrap(), limits, ..PlanDefinition::default() }
}

impl Town {
    pub(super) async fn make_plan(&self, by: &Session, new: PlanDefinition) -> PlanDefinition {
        self.run(async |run| identity::define(&self.world, by, new, run).await).await.unwrap()
    }

    pub(super) async fn plan(
        &self,
        by: &Session,
        user: &User,
        plan: &PlanName,
        give: Give,
    ) -> Result<User, IdentityError> {
        self.run(async |run| identity::give_plan(&self.world, by, &user.id, (plan, give), None, run).await).await
    }

    /// How many requests in a minute their sessions say.
    async fn rates(&self, user: &User) -> Vec<u32> {
        let logins = Identity(&self.world).list_logins(&user.id, self.now.get()).await.unwrap();
        logins.iter().map(|login| login.grant.rates.of(RouteClass::Api)).collect()
    }

    pub(super) async fn positions(&self, user: &User) -> Option<u32> {
        Trading(&self.world).load_quota(&user.id).await.unwrap().and_then(|quota| quota.positions)
    }
}

#[test]
fn a_plan_limits_whoever_has_it_from_the_next_request_on() {
    check(async |town| {
        let admin = town.admin().await;
        let small = town.make_plan(&admin, plan("small", Some(3), Some(20))).await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let session = town.log_in("ann", GOOD, "a").await.unwrap();
        assert_eq!((town.rates(&ann).await, town.positions(&ann).await), (vec![600], None));
        town.plan(&admin, &ann, &small.name, Give::First).await.unwrap();
        assert_eq!((town.rates(&ann).await, town.positions(&ann).await), (vec![20], Some(3)));
        assert_eq!(town.let_in(&session.token).await.unwrap().limits.positions, Some(3), "the session goes on");
        let wider = |before| PlanDefinition { limits: plan("x", Some(5), None).limits, ..before };
        town.run(async |run| identity::redefine(&town.world, &admin, &small.name, wider, None, run).await)
            .await
            .unwrap();
        assert_eq!((town.rates(&ann).await, town.positions(&ann).await), (vec![600], Some(5)));
        town.plan(&admin, &ann, &PlanName::default(), Give::None).await.unwrap();
        assert_eq!((town.rates(&ann).await, town.positions(&ann).await), (vec![600], None));
        assert_eq!(town.let_in(&session.token).await.unwrap().limits, Limits::default());
    });
}

#[test]
fn a_plan_is_given_once_and_to_others() {
    check(async |town| {
        let admin = town.admin().await;
        let (small, large) = (plan("small", Some(3), None), plan("large", Some(30), None));
        let (small, large) = (town.make_plan(&admin, small).await, town.make_plan(&admin, large).await);
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let owner = town.user(&admin.user).await;
        let give = async |who: &User, plan: &PlanName, give| town.plan(&admin, who, plan, give).await;
        assert_eq!(refused(give(&owner, &small.name, Give::First).await), IdentityError::Oneself);
        assert_eq!(refused(give(&ann, &"none".parse().unwrap(), Give::First).await), IdentityError::NoPlan);
        assert_eq!(refused(give(&ann, &PlanName::default(), Give::None).await), IdentityError::NoUserPlan);
        assert_eq!(give(&ann, &small.name, Give::First).await.unwrap().plan, small.name);
        assert_eq!(refused(give(&ann, &large.name, Give::First).await), IdentityError::DuplicateUserPlan);
        assert_eq!(give(&ann, &large.name, Give::Other).await.unwrap().plan, large.name);
        let retired = |before| PlanDefinition { active: false, ..before };
        town.run(async |run| identity::redefine(&town.world, &admin, &small.name, retired, None, run).await)
            .await
            .unwrap();
        assert_eq!(refused(give(&ann, &small.name, Give::Other).await), IdentityError::PlanInactive);
        let remove = async |name: &PlanName| {
            town.run(async |run| identity::undefine::<PlanDefinition, _>(&town.world, &admin, name, None, run).await)
                .await
        };
        assert_eq!(refused(remove(&large.name).await), IdentityError::InUse(DefinitionKind::Plan, 1));
        give(&ann, &PlanName::default(), Give::None).await.unwrap();
        remove(&large.name).await.unwrap();
    });
}

#[test]
fn a_plan_whose_giving_stops_anywhere_holds_once_it_is_given_again() {
    check(async |town| {
        let admin = town.admin().await;
        let small = town.make_plan(&admin, plan("small", Some(3), Some(20))).await;
        let (mut polls, mut stopped) = (0, 0);
        loop {
            let name = format!("ann{polls}");
            let ann = town.register(&name, None, Invited::By(&admin)).await.unwrap();
            town.log_in(&name, GOOD, "a").await.unwrap();
            let given = cut_off(town.plan(&admin, &ann, &small.name, Give::Other), polls).await;
            if town.user(&ann.id).await.plan == small.name {
                stopped += u32::from(given.is_none());
                town.plan(&admin, &ann, &small.name, Give::Other).await.unwrap();
                let limited = (town.rates(&ann).await, town.positions(&ann).await);
                assert_eq!(limited, (vec![20], Some(3)), "after {polls} calls");
            }
            if given.is_some() {
                break;
            }
            polls += 1;
        }
        assert!(stopped > 2, "some stopped after the change");
    });
}

#[test]
fn what_somebody_uses_is_shown_to_them_and_to_admins() {
    check(async |town| {
        let admin = town.admin().await;
        let small = town.make_plan(&admin, plan("small", Some(3), Some(20))).await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        town.plan(&admin, &ann, &small.name, Give::First).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        for by in [&herself, &admin] {
            let used = identity::usage(&town.world, by, &ann.id).await.unwrap();
            assert_eq!((used.plan, used.limits.positions, used.positions), (small.name.clone(), Some(3), 0));
            assert_eq!(used.rates[0], (RouteClass::Api, 20));
        }
        assert_eq!(refused(identity::usage(&town.world, &herself, &admin.user).await), IdentityError::NoUser);
    });
}
