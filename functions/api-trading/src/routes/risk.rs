//! `/risk-rules`: bounds on what is held and lost.

use crate::guard::Caller;
use crate::matched::{Seen, Tag, tag};
use crate::page::{Asked, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::risk::{self, AccountLimit, NewRule, RuleError, limits_of};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::bot::RULES;
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::ids::RuleId;
use domain::risk::{Action, Bound, RuleScope};
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use strategies::Registry;
use wire::member::{Several, Whole, Written};
use wire::view::{
    List, NewRiskRule, NewRiskScope, RecommendedRules, ResumeRiskRule, RiskRule, RiskRuleMeasure, RiskRuleTest,
    RiskRules,
};

const TOPIC: &str = "Bounds on positions, exposure, losses and prices, for one account or all that you trade. Every entry is assessed \
                     against them; exits, stops and take-profits never are.";
const IN_PERSON: &str =
    "If one of your accounts is at an exchange, only a logged-in user can loosen a rule or switch it off.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let example = json!({
        "scope": {"kind": "assets", "of": ["SOL", "AVAX"]},
        "kind": "exposure", "max": "500", "currency": "USDT", "action": "reduce",
    });
    let table = table.about("risk-rules", TOPIC);
    let table = table.get("/risk-rules", list, |of| {
        let of = of.says("listRiskRules", "List your risk rules, the limits of your accounts first");
        of.needs(Permission::READ).of_others().page::<RiskRule>()
    });
    let table = table.post("/risk-rules", create, |of| {
        let of = of.says("createRiskRule", "Create a risk rule; it holds from then on");
        let of = of.needs(Permission::WRITE).body::<NewRiskRule>(&example);
        of.answers::<RiskRule>(201).tagged().refuses(409, &["too_many_rules"])
    });
    let table = table.post("/risk-rules/recommended", recommended, |of| {
        let of = of.says("createRecommendedRiskRules", "Create the recommended risk rules that you do not have yet");
        let of = of.needs(Permission::WRITE).body::<RecommendedRules>(&json!({"currency": "USDT"}));
        of.answers::<RiskRules>(200).refuses(409, &["too_many_rules"])
    });
    let table = table.get("/risk-rules/{id}", show, |of| {
        let of = of.says("getRiskRule", "Get a risk rule").needs(Permission::READ).of("risk rule").of_others();
        of.refuses(409, &["account_limit"]).answers::<RiskRule>(200).tagged()
    });
    let table = table.put("/risk-rules/{id}", replace, |of| {
        let of = of.says("replaceRiskRule", "Replace a risk rule").details(IN_PERSON).needs(Permission::WRITE);
        of.of("risk rule")
            .refuses(409, &["account_limit"])
            .body::<NewRiskRule>(&example)
            .answers::<RiskRule>(200)
            .tagged()
            .matched()
    });
    let table = table.delete("/risk-rules/{id}", delete, |of| {
        let of = of.says("deleteRiskRule", "Delete a risk rule").details(IN_PERSON).needs(Permission::WRITE);
        of.of("risk rule").refuses(409, &["account_limit"]).answers_nothing().matched()
    });
    let table = table.post("/risk-rules/{id}/resume", resume, |of| {
        let of = of.says(
            "resumeRiskRule",
            "Resume entries that a risk rule has paused; it does not pause again within its window",
        );
        let of = of.details(IN_PERSON).needs(Permission::WRITE).of("risk rule").refuses(409, &["account_limit"]);
        of.body::<ResumeRiskRule>(&json!({"reason": "checked the positions"})).answers::<RiskRule>(200).tagged()
    });
    table.post("/risk-rules/{id}/test", test, |of| {
        let of = of.says("testRiskRule", "Test a risk rule against your open positions; nothing is changed");
        of.without_key()
            .needs(Permission::READ)
            .of("risk rule")
            .refuses(409, &["account_limit"])
            .answers::<RiskRuleTest>(200)
    })
}

type Shown = (StatusCode, Tag, Json<RiskRule>);

async fn list(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<List<RiskRule>>, Problem> {
    let list = Listed { name: "risk-rules", user: &looker.owner };
    let own = trading::all_accounts(&api.store, &looker.owner).await.map_err(|error| problem::store(&error))?;
    let mut rules: Vec<_> = own.iter().flat_map(limits_of).map(of_limit).collect();
    let kept = risk::list(&api.store, looker.act()).await.map_err(|error| problem::rule(&error))?;
    rules.extend(kept.iter().map(|rule| RiskRule::of(rule, looker.caller.invocation.now())));
    asked.part(list, rules, |rule| rule.id.clone(), |rule| Ok(rule.clone())).map(Json)
}

async fn show(State(api): State<Api>, looker: Looker, Path(id): Path<String>) -> Result<Shown, Problem> {
    let rule = risk::find(&api.store, &parse(&id)?, looker.act()).await.map_err(|error| problem::rule(&error))?;
    Ok(shown(StatusCode::OK, &rule, looker.caller.invocation.now()))
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let new = new(body::read(&body)?)?;
    let rule = risk::create(&api.store, new, caller.act()).await.map_err(|error| problem::rule(&error))?;
    caller.invocation.outcome("risk rule created");
    Ok(shown(StatusCode::CREATED, &rule, caller.invocation.now()))
}

async fn recommended(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<RiskRules>, Problem> {
    let RecommendedRules { currency: Written(currency) } = body::read(&body)?;
    let rules = risk::recommend(&api.store, &currency, caller.act()).await.map_err(|error| problem::rule(&error))?;
    caller.invocation.outcome("recommended risk rules created");
    Ok(Json(RiskRules { rules: rules.iter().map(|rule| RiskRule::of(rule, caller.invocation.now())).collect() }))
}

async fn replace(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let (id, new) = (parse(&id)?, new(body::read(&body)?)?);
    let rule =
        risk::replace(&api.store, &id, new, seen.0, caller.act()).await.map_err(|error| problem::rule(&error))?;
    caller.invocation.outcome("risk rule changed");
    Ok(shown(StatusCode::OK, &rule, caller.invocation.now()))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    risk::delete(&api.store, &parse(&id)?, seen.0, caller.act()).await.map_err(|error| problem::rule(&error))?;
    caller.invocation.outcome("risk rule deleted");
    Ok(StatusCode::NO_CONTENT)
}

async fn resume(State(api): State<Api>, caller: Caller, Path(id): Path<String>, body: Bytes) -> Result<Shown, Problem> {
    let (id, ResumeRiskRule { reason }) = (parse(&id)?, body::read(&body)?);
    let rule = risk::resume(&api.store, &id, &reason, caller.act()).await.map_err(|error| problem::rule(&error))?;
    caller.invocation.outcome("risk rule overridden");
    Ok(shown(StatusCode::OK, &rule, caller.invocation.now()))
}

async fn test(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<RiskRuleTest>, Problem> {
    let tested = risk::test(&api.store, &parse(&id)?, caller.act()).await;
    let (rule, measured) = tested.map_err(|error| problem::rule(&error))?;
    let modes = measured.iter().map(|(mode, measure)| RiskRuleMeasure::of(*mode, measure.as_ref())).collect();
    Ok(Json(RiskRuleTest { rule: RiskRule::of(&rule, caller.invocation.now()), modes }))
}

fn of_limit(limit: AccountLimit) -> RiskRule {
    RiskRule::of_limit(limit.id(), limit.account.to_string(), limit.kind, limit.max)
}

fn new(asked: NewRiskRule) -> Result<NewRule, Problem> {
    let NewRiskRule { label, scope, kind: Written(kind), max, currency, action, pause_minutes, enabled } = asked;
    let NewRiskScope { kind: Written(scope), of } = scope;
    let of = of.map(|Several(of)| of).unwrap_or_default();
    let bad = |wrong| problem::rule(&RuleError::Bad(wrong));
    let scope = match RuleScope::of(scope, &of).map_err(bad)? {
        RuleScope::Strategy(name) => RuleScope::Strategy(strategy(&name)?),
        scope => scope,
    };
    let bound = Bound::of(kind, max.trim(), currency.as_ref().map(|currency| &currency.0)).map_err(bad)?;
    let action = action.map_or(Action::Refuse, |action| action.0);
    let pause_for = pause_minutes.map(|Whole(minutes)| Millis::seconds(i64::from(minutes).saturating_mul(60)));
    let (label, enabled) = (label.trim().to_owned(), enabled.unwrap_or(true));
    Ok(NewRule { label, scope, bound, action, pause_for, enabled })
}

/// As bots know it.
fn strategy(name: &str) -> Result<String, Problem> {
    let known = || strategies::all().iter().map(|one| one.name).chain([RULES]).collect::<Vec<_>>().join(", ");
    let named = Registry.named(name).map(str::to_owned);
    named.ok_or_else(|| problem::invalid("scope.of", format!("scope.of must name one of the strategies {}", known())))
}

fn shown(status: StatusCode, rule: &domain::risk::Rule, now: Timestamp) -> Shown {
    (status, tag(rule.version), Json(RiskRule::of(rule, now)))
}

/// The id of a limit of an account is known, and answers where it is changed.
fn parse(id: &str) -> Result<RuleId, Problem> {
    if id.starts_with("acc_") {
        let detail = "this is a limit of an account: read and change it at `/api/v1/accounts/{id}/limits`";
        return Err(Problem::new(StatusCode::CONFLICT, "account_limit", detail));
    }
    id.parse().map_err(|_| Problem::not_found("risk rule"))
}
