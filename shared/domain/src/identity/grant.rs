//! What somebody may do, as their session holds it.

use super::{
    DefinitionName, Limits, PlanDefinition, PlanName, Rates, Role, RoleDefinition, RoleName, RouteClass, Scope,
};
use std::collections::BTreeSet;

/// A role and a plan, reckoned together once, so that a request has to look at neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: RoleName,
    /// Of the role as it was then; 0 of one that is built in.
    pub role_version: u64,
    pub scopes: BTreeSet<Scope>,
    pub plan: PlanName,
    pub plan_version: u64,
    pub limits: Limits,
    pub rates: Rates,
}

impl Grant {
    /// What a plan says of requests can only be less than the role does.
    pub fn of(role: &RoleDefinition, plan: &PlanDefinition) -> Self {
        let rates = match plan.limits.requests_per_minute {
            Some(most) => role.rates.clone().at_most(RouteClass::Api, most),
            None => role.rates.clone(),
        };
        Self {
            role: role.name.clone(),
            role_version: role.version,
            scopes: role.scopes.clone(),
            plan: plan.name.clone(),
            plan_version: plan.version,
            limits: plan.limits,
            rates,
        }
    }

    /// What of the deployment's own it was reckoned from, each at its version.
    pub fn sources(&self) -> impl Iterator<Item = (DefinitionName, u64)> {
        let role = (DefinitionName::Role(self.role.clone()), self.role_version);
        let plan = (DefinitionName::Plan(self.plan.clone()), self.plan_version);
        [role, plan].into_iter().filter(|(_, version)| *version > 0)
    }
}

/// A built-in role without a plan.
impl From<Role> for Grant {
    fn from(role: Role) -> Self {
        Self::of(&role.into(), &PlanDefinition::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lowers_what_a_role_allows_and_never_raises_it() {
        let rate = |requests| {
            let limits = Limits { requests_per_minute: requests, ..Limits::default() };
            let rates = Rates::default().limit(RouteClass::Api, 100).unwrap();
            let role = RoleDefinition { rates, ..Role::Viewer.into() };
            let plan = PlanDefinition { limits, ..PlanDefinition::default() };
            Grant::of(&role, &plan).rates.of(RouteClass::Api)
        };
        assert_eq!([rate(None), rate(Some(20)), rate(Some(500))], [100, 20, 100]);
    }
}
