//! How each of them is sent, shown and documented.

use crate::given::Given;
use domain::identity::{
    Defined, Limits, PermissionDefinition, PlanDefinition, Prices, Rates, RoleDefinition, RouteClass, Scope, Settings,
};
use domain::money::Amount;
use lambda::api::{Hearer, Operation};
use lambda::edge::Problem;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use wire::view::{self, ChangePermission, ChangePlan, ChangeRole, NewPermission, NewPlan, NewRole};

const SCOPES_MAX: usize = 50;
const LIMIT_MAX: i64 = 1_000_000;

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
        let mut given = Given::read(given, &["name", "description", "permissions", "rates"])?;
        Ok(Self {
            name: given.value("name")?,
            description: given.optional("description")?.unwrap_or_default(),
            scopes: scopes(&mut given)?.ok_or_else(|| Problem::field("permissions", "permissions is required"))?,
            rates: rates(&mut given)?.unwrap_or_default(),
            holders: 0,
            version: 0,
        })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let mut given = Given::read(given, &["description", "permissions", "rates"])?;
        let (description, scopes) = (given.optional("description")?, scopes(&mut given)?);
        let rates = rates(&mut given)?;
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
        let mut given = Given::read(given, &["name", "description"])?;
        let description = given.optional("description")?.unwrap_or_default();
        Ok(Self { name: given.value("name")?, description, holders: 0, version: 0 })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let description = Given::read(given, &["description"])?.optional("description")?;
        Ok(Box::new(move |before: Self| Self { description: description.unwrap_or(before.description), ..before }))
    }
}

const PLAN: [&str; 8] =
    ["name", "description", "limits", "price_monthly", "price_yearly", "currency", "settings", "is_active"];

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
        let mut given = Given::read(given, &PLAN)?;
        let named = Self { name: given.value("name")?, version: 0, ..Self::default() };
        let (limits, prices) = (limits(&mut given)?.unwrap_or_default(), Prices::default());
        let description = given.optional("description")?.unwrap_or_default();
        let active = given.flag("is_active")?.unwrap_or(true);
        let settings = settings(&mut given)?.unwrap_or_default();
        Ok(Self { description, limits, prices: changed_prices(&mut given)?(prices), settings, active, ..named })
    }

    fn changed(given: &[u8]) -> Result<Change<Self>, Problem> {
        let mut given = Given::read(given, PLAN.get(1..).unwrap_or_default())?;
        let (description, limits) = (given.optional("description")?, limits(&mut given)?);
        let (prices, active) = (changed_prices(&mut given)?, given.flag("is_active")?);
        let settings = settings(&mut given)?;
        Ok(Box::new(move |before: Self| Self {
            description: description.unwrap_or(before.description),
            limits: limits.unwrap_or(before.limits),
            prices: prices(before.prices),
            settings: settings.unwrap_or(before.settings),
            active: active.unwrap_or(before.active),
            ..before
        }))
    }
}

/// Each once; none where nothing is said of them.
fn scopes(given: &mut Given) -> Result<Option<BTreeSet<Scope>>, Problem> {
    let name = "permissions";
    let allowed = || Problem::field(name, format!("{name} must be a list of at most {SCOPES_MAX} names"));
    let items = match given.member(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) if items.len() <= SCOPES_MAX => items,
        Some(_) => return Err(allowed()),
    };
    let scope = |item: &Value| {
        let text = item.as_str().ok_or_else(allowed)?;
        text.parse::<Scope>().map_err(|wrong| Problem::field(name, format!("each of {name} {wrong}")))
    };
    items.iter().map(scope).collect::<Result<_, _>>().map(Some)
}

fn rates(given: &mut Given) -> Result<Option<Rates>, Problem> {
    let wrong = |class: &str, wrong: &dyn Display| {
        let field = format!("rates.{class}");
        Problem::field(&field, format!("{field} {wrong}"))
    };
    let members = match given.member("rates") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(Problem::field("rates", r#"rates must be an object such as {"api": 60}"#)),
    };
    let rate = |rates: Rates, (name, most): (String, Value)| {
        let class: RouteClass = name.parse().map_err(|unknown| wrong(&name, &unknown))?;
        let most = most.as_u64().and_then(|most| u32::try_from(most).ok()).unwrap_or_default();
        rates.limit(class, most).map_err(|bad| wrong(&name, &bad))
    };
    members.into_iter().try_fold(Rates::default(), rate).map(Some)
}

fn limits(given: &mut Given) -> Result<Option<Limits>, Problem> {
    let mut members = match given.member("limits") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(Problem::field("limits", r#"limits must be an object such as {"positions": 3}"#)),
    };
    let mut limit = |name: &str, least: i64| -> Result<Option<u32>, Problem> {
        let field = format!("limits.{name}");
        let allowed = || Problem::field(&field, format!("{field} must be a whole number from {least} to {LIMIT_MAX}"));
        match members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_i64().filter(|number| (least..=LIMIT_MAX).contains(number));
                number.and_then(|number| u32::try_from(number).ok()).map(Some).ok_or_else(allowed)
            }
        }
    };
    let limits = Limits {
        positions: limit("positions", 0)?,
        bots: limit("bots", 0)?,
        ai_calls_per_month: limit("ai_calls_per_month", 0)?,
        requests_per_minute: limit("requests_per_minute", 1)?,
    };
    match members.keys().next() {
        Some(unknown) => {
            let field = format!("limits.{unknown}");
            let known = "positions, bots, ai_calls_per_month, requests_per_minute";
            Err(Problem::field(&field, format!("{field} is not known here: {known} are")))
        }
        None => Ok(Some(limits)),
    }
}

/// Without a preset: those are a user's own.
fn settings(given: &mut Given) -> Result<Option<Settings>, Problem> {
    const NAMES: [&str; 5] = ["time_zone", "quote_currency", "theme", "risk_profile", "quiet_hours"];
    fn one<T: FromStr<Err: Display>>(members: &mut Map<String, Value>, name: &str) -> Result<Option<T>, Problem> {
        let field = format!("settings.{name}");
        match members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => {
                text.parse().map(Some).map_err(|wrong| Problem::field(&field, format!("{field} {wrong}")))
            }
            Some(_) => Err(Problem::field(&field, format!("{field} must be a text"))),
        }
    }
    let mut members = match given.member("settings") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(Problem::field("settings", r#"settings must be an object such as {"theme": "dark"}"#)),
    };
    let [time_zone, quote_currency, theme, risk_profile, quiet_hours] = NAMES;
    let settings = Settings {
        time_zone: one(&mut members, time_zone)?,
        quote_currency: one(&mut members, quote_currency)?,
        theme: one(&mut members, theme)?,
        risk_profile: one(&mut members, risk_profile)?,
        entry_preset: None,
        quiet_hours: one(&mut members, quiet_hours)?,
    };
    match members.keys().next() {
        Some(unknown) => {
            let field = format!("settings.{unknown}");
            Err(Problem::field(&field, format!("{field} is not known here: {} are", NAMES.join(", "))))
        }
        None => Ok(Some(settings)),
    }
}

/// What is named is changed.
fn changed_prices(given: &mut Given) -> Result<impl FnOnce(Prices) -> Prices + Send + use<>, Problem> {
    let mut price = |name: &str| -> Result<Option<Amount>, Problem> {
        let price = given.optional::<Amount>(name)?;
        let allowed =
            || Problem::field(name, format!(r#"{name} must be a decimal of 0 or more, as a text such as "9.90""#));
        if price.is_none_or(|price| price >= Amount::ZERO) { Ok(price) } else { Err(allowed()) }
    };
    let (monthly, yearly) = (price("price_monthly")?, price("price_yearly")?);
    let currency = given.optional("currency")?;
    Ok(move |before: Prices| Prices {
        monthly: monthly.or(before.monthly),
        yearly: yearly.or(before.yearly),
        currency: currency.or(before.currency),
    })
}
