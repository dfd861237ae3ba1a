//! What somebody may do, as their session holds it.

use super::{Limits, Permission, PlanName, Rates, Role, RoleName, RouteClass, Scope};
use std::collections::BTreeSet;

/// A role and a plan, reckoned together once, so that a request has to look at neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: RoleName,
    pub scopes: BTreeSet<Scope>,
    pub plan: PlanName,
    pub limits: Limits,
    pub rates: Rates,
}

impl Grant {
    /// What a plan says of requests can only be less than the role does.
    pub fn new(role: RoleName, scopes: BTreeSet<Scope>, rates: Rates, plan: PlanName, limits: Limits) -> Self {
        let rates = match limits.requests_per_minute {
            Some(most) => rates.at_most(RouteClass::Api, most),
            None => rates,
        };
        Self { role, scopes, plan, limits, rates }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.scopes.iter().any(|scope| scope.as_str() == permission.as_str())
    }

    /// Whether whoever has this may hand `other` out.
    pub fn covers<'a>(&self, other: impl IntoIterator<Item = &'a Scope>) -> bool {
        other.into_iter().all(|scope| self.scopes.contains(scope))
    }
}

/// A built-in role without a plan.
impl From<Role> for Grant {
    fn from(role: Role) -> Self {
        let scopes = role.permissions().iter().copied().map(Scope::from).collect();
        Self::new(role.into(), scopes, Rates::default(), PlanName::default(), Limits::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lowers_what_a_role_allows_and_never_raises_it() {
        let of = |requests| {
            let limits = Limits { requests_per_minute: requests, ..Limits::default() };
            let rates = Rates::default().limit(RouteClass::Api, 100).unwrap();
            Grant::new(Role::Viewer.into(), BTreeSet::new(), rates, PlanName::default(), limits)
        };
        let rate = |requests| of(requests).rates.of(RouteClass::Api);
        assert_eq!([rate(None), rate(Some(20)), rate(Some(500))], [100, 20, 100]);
    }

    #[test]
    fn nobody_covers_what_they_have_not() {
        let (viewer, trader) = (Grant::from(Role::Viewer), Grant::from(Role::Trader));
        assert!(trader.covers(&viewer.scopes) && !viewer.covers(&trader.scopes));
        assert!(trader.may(Permission::WRITE) && !trader.may(Permission::USERS));
    }
}
