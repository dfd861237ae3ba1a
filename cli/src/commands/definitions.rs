//! `moniqo roles`, `permissions` and `plans`

use super::act::json;
use super::{Api, filtered, paged, percent};
use crate::args::{Permissions, PlanTerms, Plans, RoleTerms, Roles};
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use serde_json::{Map, Value, json as value};
use wire::view::{List, Permission, Plan, PlanLimits, PlanSettings, RequestsCounted, Role, Usage, UserPlan};

const ROLES: [&str; 4] = ["role", "users", "permissions", "requests/min"];
const PERMISSIONS: [&str; 3] = ["permission", "roles", "meaning"];
const ASSIGNMENTS: [&str; 3] = ["id", "username", "plan"];
const PLANS: [&str; 5] = ["plan", "users", "limits", "price", "state"];

pub(super) fn roles(api: &Api, wanted: &Roles) -> Result<(), Failure> {
    match wanted {
        Roles::List => api.show_all("roles", |list: &List<Role>| {
            table(&ROLES, list.items.iter().map(role_row).collect(), "There are no roles.")
        }),
        Roles::Show { name } => api.show(&path("roles", name), false, role),
        Roles::Create { name, terms } => api.act("roles", Some(json(&role_body(Some(name), terms))?), role),
        Roles::Edit { name, terms } => api.put(&path("roles", name), json(&role_body(None, terms))?, None, role),
        Roles::Delete { name } => removed(api, "roles", name),
    }
}

pub(super) fn permissions(api: &Api, wanted: &Permissions) -> Result<(), Failure> {
    match wanted {
        Permissions::List => api.show_all("permissions", |list: &List<Permission>| {
            table(&PERMISSIONS, list.items.iter().map(permission_row).collect(), "There are no permissions.")
        }),
        Permissions::Show { name } => api.show(&path("permissions", name), false, permission),
        Permissions::Create { name, description } => {
            let body = json(&value!({"name": name, "description": description}))?;
            api.act("permissions", Some(body), |made: &Permission| {
                format!("Roles can have {} now. No route needs it.", made.name)
            })
        }
        Permissions::Delete { name } => removed(api, "permissions", name),
    }
}

pub(super) fn plans(api: &Api, wanted: &Plans) -> Result<(), Failure> {
    match wanted {
        Plans::List => api.show_all("plans", |list: &List<Plan>| {
            table(&PLANS, list.items.iter().map(plan_row).collect(), "There are no plans.")
        }),
        Plans::Show { name } => api.show(&path("plans", name), false, plan),
        Plans::Create { name, terms } => api.act("plans", Some(json(&plan_body(Some(name), terms, None))?), plan),
        Plans::Edit { name, terms, active } => {
            api.put(&path("plans", name), json(&plan_body(None, terms, *active))?, None, plan)
        }
        Plans::Assignments(list) => api.show(&paged("user-plans", list), list.watch, |page: &List<UserPlan>| {
            let row = |of: &UserPlan| vec![plain(&*of.user_id), plain(&*of.username), plain(&*of.plan)];
            let rows = page.items.iter().map(row).collect();
            table(&ASSIGNMENTS, rows, "No plan is assigned.").with_next(page.next_cursor.as_ref())
        }),
        Plans::Assign { user, name } => {
            let body = json(&value!({"plan": name}))?;
            api.put(&path("user-plans", user), body, None, |of: &UserPlan| {
                format!("{} has the plan {}.", of.username, of.plan)
            })
        }
        Plans::Delete { name } => removed(api, "plans", name),
    }
}

pub(super) fn usage(api: &Api, user: Option<&String>) -> Result<(), Failure> {
    api.show(&filtered("usage".to_owned(), &[("user_id", user)]), false, |used: &Usage| {
        let of = |limit: Option<u32>| limit.map_or_else(|| "no limit".to_owned(), |limit| format!("of {limit}"));
        let used_of = |used: u32, limit| format!("{used}, {}", of(limit));
        let counted = |class: &String| used.requests.as_ref()?.get(class);
        let rates = used.requests_max.iter().map(|(class, most)| match counted(class) {
            Some(RequestsCounted { used: so_far, until }) => {
                format!("{class} {so_far} of {most} until {}", time(*until))
            }
            None => format!("{class} {most}"),
        });
        facts([
            ("plan", Some(used.plan.clone())),
            ("open positions", Some(used_of(used.positions, used.limits.positions))),
            ("bots", Some(used_of(used.bots, used.limits.bots))),
            ("AI calls this month", Some(used_of(used.ai_calls_this_month, used.limits.ai_calls_per_month))),
            ("requests/min", Some(rates.collect::<Vec<_>>().join(", "))),
        ])
    })
}

fn path(of: &str, name: &str) -> String {
    format!("{of}/{}", percent(name))
}

fn removed(api: &Api, of: &str, name: &str) -> Result<(), Failure> {
    api.delete(&path(of, name), None)?;
    anstream::println!("{name} is deleted.");
    Ok(())
}

/// What is not said stays as it is.
fn role_body(name: Option<&String>, terms: &RoleTerms) -> Map<String, Value> {
    let RoleTerms { may, rates, description } = terms;
    let rates: Map<_, _> = rates.iter().map(|(class, most)| (class.clone(), Value::from(*most))).collect();
    let said = [
        ("name", name.map(|name| Value::from(&**name))),
        ("description", description.as_deref().map(Value::from)),
        ("permissions", (!may.is_empty() || name.is_some()).then(|| may.clone().into())),
        ("rates", (!rates.is_empty()).then(|| rates.into())),
    ];
    members(said)
}

fn plan_body(name: Option<&String>, terms: &PlanTerms, active: Option<bool>) -> Map<String, Value> {
    let limits = [
        ("positions", terms.positions),
        ("bots", terms.bots),
        ("ai_calls_per_month", terms.ai_calls_per_month),
        ("requests_per_minute", terms.requests_per_minute),
    ];
    let limits = members(limits.map(|(of, most)| (of, most.map(Value::from))));
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    members([
        ("name", name.map(|name| Value::from(&**name))),
        ("description", text(&terms.description)),
        ("limits", (!limits.is_empty()).then(|| limits.into())),
        ("price_monthly", text(&terms.price_monthly)),
        ("price_yearly", text(&terms.price_yearly)),
        ("currency", text(&terms.currency)),
        ("is_active", active.map(Value::from)),
    ])
}

fn members<const N: usize>(said: [(&str, Option<Value>); N]) -> Map<String, Value> {
    said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn held(holders: Option<u32>) -> String {
    holders.map_or_else(|| "built in".to_owned(), |holders| holders.to_string())
}

fn role_row(of: &Role) -> Vec<Cell> {
    vec![plain(&*of.name), plain(held(of.holders)), plain(of.permissions.join(" ")), maybe(rates(of).as_ref())]
}

fn rates(of: &Role) -> Option<String> {
    let rates: Vec<_> = of.rates.iter().map(|(class, most)| format!("{class}={most}")).collect();
    (!rates.is_empty()).then(|| rates.join(" "))
}

fn role(of: &Role) -> String {
    facts([
        ("role", Some(of.name.clone())),
        ("purpose", (!of.description.is_empty()).then(|| of.description.clone())),
        ("permissions", Some(of.permissions.join(", "))),
        ("requests/min", rates(of)),
        ("users", Some(held(of.holders))),
        ("version", Some(of.version.to_string())),
    ])
}

fn permission(of: &Permission) -> String {
    facts([
        ("permission", Some(of.name.clone())),
        ("meaning", Some(of.description.clone()).filter(|text| !text.is_empty())),
        ("roles", Some(held(of.holders))),
    ])
}

fn permission_row(of: &Permission) -> Vec<Cell> {
    vec![plain(&*of.name), plain(held(of.holders)), plain(&*of.description)]
}

fn limits(of: &PlanLimits) -> String {
    let limits = [
        ("positions", of.positions),
        ("bots", of.bots),
        ("AI calls a month", of.ai_calls_per_month),
        ("requests a minute", of.requests_per_minute),
    ];
    let named: Vec<_> = limits.iter().filter_map(|(of, most)| most.map(|most| format!("{most} {of}"))).collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

fn price(of: &Plan) -> Option<String> {
    let currency = of.currency.as_ref().map(|currency| format!(" {currency}")).unwrap_or_default();
    let prices = [("a month", &of.price_monthly), ("a year", &of.price_yearly)];
    let prices = prices.into_iter().filter_map(|(of, price)| Some(format!("{}{currency} {of}", price.as_ref()?)));
    let prices: Vec<_> = prices.collect();
    (!prices.is_empty()).then(|| prices.join(", "))
}

fn settings(of: &PlanSettings) -> Option<String> {
    let PlanSettings { time_zone, quote_currency, theme, risk_profile, quiet_hours } = of;
    let said = [
        ("time zone", time_zone),
        ("quote currency", quote_currency),
        ("theme", &theme.map(|theme| theme.to_string())),
        ("risk profile", &risk_profile.map(|profile| profile.to_string())),
        ("quiet hours", quiet_hours),
    ];
    let said: Vec<_> = said.iter().filter_map(|(name, of)| Some(format!("{name} {}", of.as_ref()?))).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn state(of: &Plan) -> &'static str {
    if of.is_active { "assignable" } else { "not assignable" }
}

fn plan_row(of: &Plan) -> Vec<Cell> {
    let price = price(of);
    vec![plain(&*of.name), plain(held(of.holders)), plain(limits(&of.limits)), maybe(price.as_ref()), plain(state(of))]
}

fn plan(of: &Plan) -> String {
    facts([
        ("plan", Some(of.name.clone())),
        ("purpose", (!of.description.is_empty()).then(|| of.description.clone())),
        ("limits", Some(limits(&of.limits))),
        ("price", price(of)),
        ("settings", settings(&of.settings)),
        ("users", Some(held(of.holders))),
        ("state", Some(state(of).to_owned())),
        ("version", Some(of.version.to_string())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;

    #[test]
    fn permission_is_shown_by_its_name() {
        let (api, requests) = serving(&[(404, r#"{"detail": "no such permission", "code": "not_found"}"#)]);
        assert!(permissions(&api, &Permissions::Show { name: "trading:read".to_owned() }).is_err());
        assert_eq!(requests.join().unwrap(), ["GET permissions/trading%3Aread"]);
        let one = serde_json::from_value(
            value!({"name": "a:b", "description": "Does b.", "built_in": true, "holders": null, "version": 1}),
        );
        assert_eq!(permission(&one.unwrap()).lines().last(), Some("roles            built in"));
    }

    #[test]
    fn what_is_not_said_is_not_sent() {
        let terms = RoleTerms { may: vec![], rates: vec![("api".to_owned(), 60)], description: None };
        assert_eq!(Value::from(role_body(None, &terms)), value!({"rates": {"api": 60}}));
        let name = "bare".to_owned();
        let bare = RoleTerms { rates: vec![], ..terms };
        assert_eq!(Value::from(role_body(Some(&name), &bare)), value!({"name": "bare", "permissions": []}));
    }

    #[test]
    fn a_plan_is_shown_with_what_it_limits_and_costs() {
        let limits = PlanLimits { positions: Some(3), bots: None, ai_calls_per_month: None, requests_per_minute: None };
        let shown = plan(&Plan {
            name: "small".to_owned(),
            description: String::new(),
            limits,
            price_monthly: Some("9.9".to_owned()),
            price_yearly: None,
            currency: Some("EUR".to_owned()),
            settings: PlanSettings {
                theme: Some(wire::text::Text(domain::identity::Theme::Dark)),
                ..PlanSettings::default()
            },
            is_active: false,
            built_in: false,
            holders: Some(2),
            version: 1,
        });
        for part in ["3 positions", "9.9 EUR a month", "theme dark", "not assignable"] {
            assert!(shown.contains(part), "{shown}");
        }
    }
}
