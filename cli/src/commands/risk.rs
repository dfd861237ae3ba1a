//! `moniqo risk`

use super::patience::until;
use super::{Api, act, of};
use crate::args::{EditRule, NewRule, Risk, Rules, Scope};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{facts, maybe, plain, table, time};
use clap::ValueEnum;
use comfy_table::Cell;
use serde_json::{Value, json};
use wire::view::{
    List, PositionWorstCase, RiskAssessment, RiskAssessmentRequested, RiskFactor, RiskOverride, RiskRule,
    RiskRuleMeasure, RiskRuleTest, RiskRules,
};

const HEADER: [&str; 6] = ["id", "bounds", "max.", "for", "action", "holds"];
const FACTORS: [&str; 4] = ["factor", "0 to 1", "weight", "measured"];
const WORST: [&str; 6] = ["position", "symbol", "paid at its deepest", "stop", "lost then", "margin gone in"];
const MEASURED: [&str; 5] = ["mode", "now", "max.", "entries refused", "positions beyond it"];

pub(super) fn run(api: &Api, wanted: &Risk) -> Result<(), Failure> {
    match wanted {
        Risk::Rules(wanted) => rules(api, wanted),
        Risk::Assess { latest: true } => api.show("risk-assessments/latest", false, assessed),
        Risk::Assess { latest: false } => assess(api),
    }
}

/// Asked again until the assessment is there, or has had time enough to be.
fn assess(api: &Api) -> Result<(), Failure> {
    let (url, token) = api.target.api()?;
    let requested = api.client.post(&format!("{url}/api/v1/risk-assessments"), token, None)?;
    let RiskAssessmentRequested { requested_at } = requested.read()?;
    // Without a first one it is not found.
    let is_new = |made: &RiskAssessment| made.at.0 >= requested_at.0;
    let made =
        || api.get("risk-assessments/latest").ok().filter(|answer| answer.read().is_ok_and(|made| is_new(&made)));
    if let Some(answer) = until(made) {
        return api.print(&answer, assessed);
    }
    let failure = Failure::refused("the assessment is not made yet".to_owned());
    Err(failure.next("`moniqo risk assess --latest` shows it once it is"))
}

/// A table of each book: its factors, then its positions at their worst.
fn assessed(made: &RiskAssessment) -> String {
    let since = if made.outdated { ". A position was opened or closed since" } else { "" };
    let mut text = vec![format!("Assessed at {} (UTC){since}", time(made.at))];
    if made.books.is_empty() {
        text.push("Nothing is open.".to_owned());
    }
    for book in &made.books {
        let mode = book.mode.map_or("unknown", |mode| mode.0.as_str());
        text.push(format!(
            "\n{mode}, {currency}: risk {score} of 100, equity {equity}, worst loss {loss}",
            currency = book.currency,
            score = book.score,
            equity = book.equity,
            loss = book.worst_loss,
        ));
        let factor = |one: &RiskFactor| {
            let unknown = || "no candles stored".to_owned();
            let number = |number: &Option<String>| plain(number.clone().unwrap_or_else(unknown));
            vec![plain(one.name.as_str()), number(&one.value), plain(&*one.weight), number(&one.measure)]
        };
        text.push(table(&FACTORS, book.factors.iter().map(factor).collect(), "").to_string());
        let worst = |one: &PositionWorstCase| {
            let away = one.margin_gone_percent.as_ref().map(|percent| format!("{percent} %"));
            vec![
                plain(&*one.position_id),
                plain(&*one.symbol),
                plain(&*one.planned),
                maybe(one.stop_price.clone()),
                plain(&*one.loss),
                maybe(away),
            ]
        };
        text.push(table(&WORST, book.worst_cases.iter().map(worst).collect(), "").to_string());
    }
    text.join("\n")
}

fn rules(api: &Api, wanted: &Rules) -> Result<(), Failure> {
    match wanted {
        Rules::List(whose) => api.show_all(&of("risk-rules".to_owned(), whose), rows),
        Rules::Show { id, whose } => api.show(&of(format!("risk-rules/{id}"), whose), false, detail),
        Rules::Create(wanted) => api.act("risk-rules", Some(created(wanted).to_string()), |rule: &RiskRule| {
            format!("{} holds from now on.", rule.id)
        }),
        Rules::Recommended { currency } => {
            let body = json!({ "currency": currency }).to_string();
            api.act("risk-rules/recommended", Some(body), |kept: &RiskRules| {
                table(&HEADER, kept.rules.iter().map(row).collect(), "")
            })
        }
        Rules::Edit(wanted) => edit(api, wanted),
        Rules::Delete { id, if_version } => act::delete(api, &format!("risk-rules/{id}"), *if_version, id),
        Rules::Resume { id, reason } => {
            let body = json!({ "reason": reason }).to_string();
            api.act(&format!("risk-rules/{id}/resume"), Some(body), |rule: &RiskRule| {
                let id = &rule.id;
                overridden(rule).map_or_else(
                    || format!("{id} had paused nothing."),
                    |until| format!("Entries that {id} had paused start again. It does not pause again until {until}."),
                )
            })
        }
        Rules::Test { id } => api.act(&format!("risk-rules/{id}/test"), None, measured),
    }
}

fn created(wanted: &NewRule) -> Value {
    let NewRule { kind, max, currency, scope, action, pause_minutes, label } = wanted;
    let scope = scope_of(scope).map_or_else(|| json!({"kind": "user"}), |(kind, of)| json!({"kind": kind, "of": of}));
    json!({
        "kind": word(kind), "max": max, "currency": currency, "scope": scope, "action": word(action),
        "pause_minutes": pause_minutes, "label": label,
    })
}

fn scope_of(scope: &Scope) -> Option<(&'static str, Vec<String>)> {
    let one = |kind, of: &Option<String>| of.as_ref().map(|of| (kind, vec![of.clone()]));
    let assets = (!scope.assets.is_empty()).then(|| ("assets", scope.assets.clone()));
    one("account", &scope.account)
        .or(one("exchange", &scope.exchange))
        .or(one("symbol", &scope.symbol))
        .or(one("strategy", &scope.strategy))
        .or(one("bot", &scope.bot))
        .or(assets)
}

/// What the API calls it.
fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The rule as it is with what is named in its place.
fn edit(api: &Api, wanted: &EditRule) -> Result<(), Failure> {
    let path = format!("risk-rules/{}", wanted.id);
    let before: RiskRule = api.get(&path)?.read()?;
    let scope = match &before.scope.of[..] {
        [] => json!({ "kind": before.scope.kind }),
        of => json!({"kind": before.scope.kind, "of": of}),
    };
    let body = json!({
        "kind": before.kind,
        "scope": scope,
        "currency": before.currency,
        "max": wanted.max.as_ref().unwrap_or(&before.max),
        "action": wanted.action.as_ref().map_or_else(|| before.action.as_str().to_owned(), word),
        "pause_minutes": wanted.pause_minutes.or(before.pause_minutes),
        "label": wanted.label.as_ref().unwrap_or(&before.label),
        "enabled": wanted.enabled.unwrap_or(before.enabled),
    });
    let seen = wanted.if_version.or(before.version);
    api.put(&path, body.to_string(), seen, |rule: &RiskRule| {
        format!("{} is at version {}.", rule.id, rule.version.unwrap_or_default())
    })
}

fn rows(page: &List<RiskRule>) -> Listing {
    let none = "There are no risk rules.";
    table(&HEADER, page.items.iter().map(row).collect(), none).with_next(page.next_cursor.as_ref())
}

fn row(rule: &RiskRule) -> Vec<Cell> {
    vec![
        plain(&*rule.id),
        plain(rule.kind.as_str()),
        plain(max(rule)),
        plain(scope(rule)),
        plain(rule.action.as_str()),
        plain(if rule.enabled { "yes" } else { "no" }),
    ]
}

fn max(rule: &RiskRule) -> String {
    let of = if rule.kind.0.is_of_equity() { " % of" } else { "" };
    let currency = rule.currency.as_ref().map(|currency| format!("{of} {currency}")).unwrap_or_default();
    format!("{}{currency}", rule.max)
}

fn scope(rule: &RiskRule) -> String {
    if rule.scope.of.is_empty() { "all accounts".to_owned() } else { rule.scope.of.join(", ") }
}

/// Until when in which mode.
fn overridden(rule: &RiskRule) -> Option<String> {
    let told = |one: &RiskOverride| {
        let mode = one.mode.as_ref().map(|mode| format!(" ({})", mode.as_str()));
        format!("{}{}", time(one.until), mode.unwrap_or_default())
    };
    let all: Vec<_> = rule.overridden.iter().map(told).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn detail(rule: &RiskRule) -> String {
    facts([
        ("id", Some(rule.id.clone())),
        ("label", Some(rule.label.clone()).filter(|label| !label.is_empty())),
        ("bounds", Some(rule.kind.as_str().to_owned())),
        ("max.", Some(max(rule))),
        ("for", Some(scope(rule))),
        ("action", Some(rule.action.as_str().to_owned())),
        ("holds", Some(if rule.enabled { "yes" } else { "no" }.to_owned())),
        ("pauses for", rule.pause_minutes.map(|minutes| format!("{minutes} min"))),
        (
            "paused until (UTC)",
            rule.paused.as_ref().map(|paused| paused.until.map_or_else(|| "resumed".to_owned(), time)),
        ),
        ("overridden until (UTC)", overridden(rule)),
        ("version", rule.version.map(|version| version.to_string())),
        ("changed (UTC)", rule.updated_at.map(time)),
        ("by", rule.updated_by.clone()),
    ])
}

fn measured(test: &RiskRuleTest) -> Listing {
    let row = |one: &RiskRuleMeasure| {
        let number = |number: &Option<String>| number.clone().unwrap_or_else(|| "needs the market".to_owned());
        vec![
            plain(one.mode.as_str()),
            plain(number(&one.comes_to)),
            plain(one.allowed.clone().unwrap_or_default()),
            plain(if one.reached { "all" } else { "no" }),
            plain(one.broken_by.join(", ")),
        ]
    };
    table(&MEASURED, test.modes.iter().map(row).collect(), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Bounded, OnBreach};
    use crate::commands::served::serving;

    const RULE: &str = r#"{"id": "rsk_a", "source": "rule", "label": "alts", "scope": {"kind": "assets", "of": ["SOL"]}, "kind": "exposure",
        "max": "500", "currency": "USDT", "action": "reduce", "pause_minutes": null, "paused": null, "overridden": [], "enabled": true, "version": 3, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "updated_by": "usr_1"}"#;

    #[test]
    fn rule_is_edited_at_the_version_that_was_read_and_keeps_what_is_not_named() {
        let (api, requests) = serving(&[(200, RULE), (200, RULE)]);
        let (max, enabled) = (Some("400".to_owned()), Some(false));
        let wanted = EditRule {
            id: "rsk_a".to_owned(),
            max,
            action: None,
            pause_minutes: None,
            label: None,
            enabled,
            if_version: None,
        };
        run(&api, &Risk::Rules(Box::new(Rules::Edit(wanted)))).unwrap();
        let requests = requests.join().unwrap();
        let (put, body) = requests[1].split_once(" {").unwrap();
        assert_eq!((requests[0].as_str(), put), ("GET risk-rules/rsk_a", "PUT risk-rules/rsk_a if 3"));
        let sent: Value = serde_json::from_str(&format!("{{{body}")).unwrap();
        let expected = json!({
            "kind": "exposure", "scope": {"kind": "assets", "of": ["SOL"]}, "currency": "USDT", "max": "400",
            "action": "reduce", "pause_minutes": null, "label": "alts", "enabled": false,
        });
        assert_eq!(sent, expected);
    }

    #[test]
    fn rule_without_a_scope_is_for_all_accounts() {
        let scope =
            || Scope { account: None, exchange: None, symbol: None, strategy: None, bot: None, assets: Vec::new() };
        let (kind, max, action) = (Bounded::OpenPositions, "3".to_owned(), OnBreach::Refuse);
        let (currency, label) = (None, String::new());
        let wanted = |scope| NewRule {
            kind,
            max: max.clone(),
            currency: currency.clone(),
            scope,
            action,
            pause_minutes: None,
            label: label.clone(),
        };
        assert_eq!(created(&wanted(scope()))["scope"], json!({"kind": "user"}));
        let assets = vec!["SOL".to_owned(), "AVAX".to_owned()];
        let of_assets = created(&wanted(Scope { assets, ..scope() }));
        assert_eq!(of_assets["scope"], json!({"kind": "assets", "of": ["SOL", "AVAX"]}));
        assert_eq!(of_assets["kind"], "open_positions");
    }
}
