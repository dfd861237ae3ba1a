//! How each of them is sent, shown and documented.

use domain::identity::{
    BadRate, Defined, PermissionDefinition, PlanDefinition, Prices, RATE_MAX, Rates, RoleDefinition, RouteClass, Scope,
};
use domain::money::Amount;
use lambda::api::{Hearer, Operation};
use lambda::body;
use lambda::edge::Problem;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::str::FromStr;
use wire::member::{self, NotNegative, Object, Several, Whole};
use wire::view::{self, ChangePermission, ChangePlan, ChangeRole, NewPermission, NewPlan, NewRole, RatesByClass};

/// What is made of one by a body.
pub(super) type Change<T> = Box<dyn FnOnce(T) -> T + Send>;

/// What routes take and answer, as JSON.
pub(super) trait Written: Defined<Name: FromStr> + 'static {
    type View: Serialize + Send;

    /// The name and the summary of each route: all, one, a new one, another one, and none.
    const SAYS: [(&'static str, &'static str); 5];
    const PATTERN: &'static str;

    fn view(&self) -> Self::View;
    fn made(given: &[u8]) -> Result<Self, Problem>;
    fn changed(given: &[u8]) -> Result<Change<Self>, Problem>;

    fn list<H: Hearer>(of: Operation<H>) -> Operation<H>;
    fn shown<H: Hearer>(of: Operation<H>, status: u16) -> Operation<H>;
    fn new_body<H: Hearer>(of: Operation<H>) -> Operation<H>;
    fn change_body<H: Hearer>(of: Operation<H>) -> Operation<H>;
}

macro_rules! documented {
    ($view:ident, $new:ident: $example:expr, $change:ident: $changed:expr) => {
        type View = view::$view;

        fn view(&self) -> view::$view {
            self.into()
        }

        fn list<H: Hearer>(of: Operation<H>) -> Operation<H> {
            of.page::<view::$view>().at_most(domain::limits::DEFINITIONS_MAX)
        }

        fn shown<H: Hearer>(of: Operation<H>, status: u16) -> Operation<H> {
            of.answers::<view::$view>(status).tagged()
        }

        fn new_body<H: Hearer>(of: Operation<H>) -> Operation<H> {
            of.body::<$new>(&$example)
        }

        fn change_body<H: Hearer>(of: Operation<H>) -> Operation<H> {
            of.body::<$change>(&$changed)
        }
    };
}

impl Written for RoleDefinition {
    const SAYS: [(&'static str, &'static str); 5] = [
        ("listRoles", "List roles: the built-in ones, and the deployment's own"),
        ("getRole", "Get a role"),
        ("createRole", "Create a role from permissions that you have yourself"),
        ("updateRole", "Update a role; it applies to the sessions of its holders before this answers"),
        ("deleteRole", "Delete a role that no user has"),
    ];
    const PATTERN: &'static str = "^[a-z][a-z0-9_-]{2,31}$";

    documented!(
        Role,
        NewRole: json!({"name": "night-watch", "permissions": ["trading:read", "system:operate"], "rates": {"api": 60}}),
        ChangeRole: json!({"permissions": ["trading:read"]})
    );

    fn made(given: &[u8]) -> Result<Self, Problem> {
        let asked: NewRole = body::read(given)?;
        Ok(Self {
            name: value(asked.name),
            description: asked.description.map(value).unwrap_or_default(),
            scopes: scopes(asked.permissions),
            rates: asked.rates.map(rates).transpose()?.unwrap_or_default(),
            holders: 0,
            version: 0,
        })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let ChangeRole { description, permissions, rates: named } = body::read(given)?;
        let (description, scopes) = (description.map(value), permissions.map(scopes));
        let rates = named.map(rates).transpose()?;
        Ok(Box::new(move |before: Self| Self {
            description: description.unwrap_or(before.description),
            scopes: scopes.unwrap_or(before.scopes),
            rates: rates.unwrap_or(before.rates),
            ..before
        }))
    }
}

impl Written for PermissionDefinition {
    const SAYS: [(&'static str, &'static str); 5] = [
        ("listPermissions", "List permissions: those that routes need, and the deployment's own names"),
        ("getPermission", "Get a permission"),
        ("createPermission", "Create a permission that roles may carry; no route needs it"),
        ("updatePermission", "Update the description of a permission"),
        ("deletePermission", "Delete a permission that no role carries"),
    ];
    const PATTERN: &'static str = "^[a-z0-9-]{1,32}:[a-z0-9-]{1,32}$";

    documented!(
        Permission,
        NewPermission: json!({"name": "reports:print", "description": "Print reports."}),
        ChangePermission: json!({"description": "Print reports and charts."})
    );

    fn made(given: &[u8]) -> Result<Self, Problem> {
        let NewPermission { name, description } = body::read(given)?;
        let description = description.map(value).unwrap_or_default();
        Ok(Self { name: value(name), description, holders: 0, version: 0 })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let ChangePermission { description } = body::read(given)?;
        let description = description.map(value);
        Ok(Box::new(move |before: Self| Self { description: description.unwrap_or(before.description), ..before }))
    }
}

impl Written for PlanDefinition {
    const SAYS: [(&'static str, &'static str); 5] = [
        ("listPlans", "List plans; a user without one has `default`, which limits nothing"),
        ("getPlan", "Get a plan"),
        ("createPlan", "Create a plan"),
        ("updatePlan", "Update a plan; it applies to the sessions of its users before this answers"),
        ("deletePlan", "Delete a plan that no user has"),
    ];
    const PATTERN: &'static str = "^[a-z0-9_-]{1,32}$";

    documented!(
        Plan,
        NewPlan: json!({"name": "small", "limits": {"positions": 3, "requests_per_minute": 60}, "price_monthly": "9.90",
            "currency": "EUR", "settings": {"quote_currency": "EUR"}}),
        ChangePlan: json!({"is_active": false})
    );

    fn made(given: &[u8]) -> Result<Self, Problem> {
        let asked: NewPlan = body::read(given)?;
        let prices = Prices {
            monthly: asked.price_monthly.map(price),
            yearly: asked.price_yearly.map(price),
            currency: asked.currency.map(value),
        };
        Ok(Self {
            name: value(asked.name),
            description: asked.description.map(value).unwrap_or_default(),
            limits: asked.limits.map(|Object(limits)| limits.into()).unwrap_or_default(),
            prices,
            settings: asked.settings.map(|Object(settings)| settings.into()).unwrap_or_default(),
            active: asked.is_active.unwrap_or(true),
            version: 0,
            ..Self::default()
        })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let asked: ChangePlan = body::read(given)?;
        Ok(Box::new(move |before: Self| Self {
            description: asked.description.map_or(before.description, value),
            limits: asked.limits.map_or(before.limits, |Object(limits)| limits.into()),
            prices: Prices {
                monthly: asked.price_monthly.map(price).or(before.prices.monthly),
                yearly: asked.price_yearly.map(price).or(before.prices.yearly),
                currency: asked.currency.map(value).or(before.prices.currency),
            },
            settings: asked.settings.map_or(before.settings, |Object(settings)| settings.into()),
            active: asked.is_active.unwrap_or(before.active),
            ..before
        }))
    }
}

fn value<T>(member::Written(value): member::Written<T>) -> T {
    value
}

fn price(NotNegative(price): NotNegative) -> Amount {
    price
}

fn scopes<const MAX: usize>(Several(named): Several<Scope, MAX>) -> BTreeSet<Scope> {
    named.into_iter().collect()
}

fn rates(named: RatesByClass) -> Result<Rates, Problem> {
    let wrong = |class: RouteClass, wrong: BadRate| {
        let field = format!("rates.{class}");
        Problem::field(&field, format!("{field} {wrong}"))
    };
    let limited =
        |rates: Rates, (member::Written(class), Whole(most)): (member::Written<RouteClass>, Whole<1, RATE_MAX>)| {
            rates.limit(class, most).map_err(|bad| wrong(class, bad))
        };
    named.into_iter().try_fold(Rates::default(), limited)
}
