//! Bots that are kept: what they trade by is found good, or they are not.

use super::*;
use app::bots::{BotError, change};
use domain::audit::Actor;
use domain::bot::{Bot, Strategy};

const RULES: &str = r#"{"entry":{"left":"close","op":"crosses_above","right":100}}"#;

/// Somebody who has no bot yet, on a market that cannot be short.
fn nobody(case: impl AsyncFnOnce(World, Given) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        case(inner, given).await;
    });
}

fn wanted(given: &Given, strategy: &str) -> Asked {
    let members = format!(
        r#"{{"name": "minutes", "account": "{}", "symbol": "{}", "timeframe": "1m", {strategy}}}"#,
        given.account, given.market.key.symbol
    );
    Asked::read(&members).unwrap()
}

async fn created(world: &World, given: &Given, strategy: &str) -> Result<Bot, BotError> {
    let attempt = AttemptId::new(strategy);
    let act = Act { user: &given.user, attempt: &attempt, now: world.now(), address: None, actor: Actor::Person };
    create(world, &Registry, wanted(given, strategy), act).await
}

async fn changed(world: &World, bot: &Bot, asked: &str) -> Result<Strategy, BotError> {
    let attempt = AttemptId::new(asked);
    let act = Act { user: &bot.user, attempt: &attempt, now: world.now(), address: None, actor: Actor::Person };
    let asked = Asked::read(asked).unwrap();
    change(world, &Registry, &bot.id, &asked, None, act).await.map(|bot| bot.terms.strategy)
}

#[test]
fn a_bot_is_told_its_rules_or_a_strategy_and_is_refused_by_the_name_of_what_is_wrong() {
    nobody(async |world, given| {
        let by_rules = created(&world, &given, &format!(r#""rules": {RULES}"#)).await.unwrap();
        let strategy = by_rules.terms.strategy;
        assert_eq!((strategy.name.as_str(), strategy.rules.as_deref()), ("RULES", Some(RULES)));
        for (strategy, field) in [
            (r#""preset": null"#, "strategy"),
            (r#""rules": {"entry": {"all": [{"left": "close", "op": "=", "right": 1}]}}"#, "rules.entry.all[0].op"),
            (r#""strategy": "RULES""#, "rules"),
            (r#""strategy": "RSI_CROSS", "rules": {}"#, "rules"),
            (
                r#""strategy": "RULES", "rules": {"entry": {"left": "close", "op": ">", "right": 1}, "side": "short"}"#,
                "rules.side",
            ),
        ] {
            let told = match created(&world, &given, strategy).await {
                Err(BotError::BadTerm(wrong)) => wrong.field,
                Err(BotError::BadPlan(wrong)) => wrong.fields.concat(),
                other => format!("{other:?}"),
            };
            assert_eq!(told, field, "{strategy}");
        }
    });
}

/// Whatever is not said stays, but for what belongs to another strategy.
#[test]
fn other_rules_and_other_strategies_leave_nothing_of_those_before() {
    nobody(async |world, given| {
        let bot = created(&world, &given, &format!(r#""rules": {RULES}, "parameters": {{"entry.right": 90}}"#))
            .await
            .unwrap();
        let check = async |asked: &str, name: &str, rules: Option<&str>, parameters: usize| {
            let strategy = changed(&world, &bot, asked).await.unwrap();
            let told = (strategy.name.as_str(), strategy.rules.as_deref(), strategy.parameters.len());
            assert_eq!(told, (name, rules, parameters), "{asked}");
        };
        check(r#"{"name": "other"}"#, "RULES", Some(RULES), 1).await;
        check(&format!(r#"{{"strategy": "rules", "rules": {RULES}}}"#), "RULES", Some(RULES), 1).await;
        let others = RULES.replace("above", "below");
        check(&format!(r#"{{"rules": {others}}}"#), "RULES", Some(&others), 0).await;
        check(r#"{"parameters": {"entry.right": "80", "entry.op": ">"}}"#, "RULES", Some(&others), 2).await;
        check(r#"{"strategy": "EMA_CROSS"}"#, "EMA_CROSS", None, 2).await;
        check(&format!(r#"{{"rules": {RULES}}}"#), "RULES", Some(RULES), 0).await;
        let wrong = changed(&world, &bot, r#"{"parameters": {"entry.lft": 1}}"#).await;
        assert!(matches!(&wrong, Err(BotError::BadTerm(wrong)) if wrong.field == "parameters.entry.lft"), "{wrong:?}");
    });
}

/// Its parameters say its entries and exits, and its plan the rest.
#[test]
fn a_strategy_with_a_ladder_is_kept_where_its_plan_says_nothing_beside_it() {
    nobody(async |world, given| {
        let strategy =
            r#""strategy": "dca_ladder", "parameters": {"safety_orders": 3}, "plan": {"cooldown_minutes": 5}"#;
        let bot = created(&world, &given, strategy).await.unwrap();
        let Strategy { name, parameters, .. } = &bot.terms.strategy;
        assert_eq!((name.as_str(), parameters["safety_orders"].as_str(), parameters.len()), ("DCA_LADDER", "3", 10));
        let grid = changed(&world, &bot, r#"{"strategy": "GRID", "parameters": {"lines": 4}}"#).await.unwrap();
        assert_eq!((grid.name.as_str(), grid.parameters["lines"].as_str()), ("GRID", "4"));
        for (asked, field) in [
            (r#"{"plan": {"base_order": {"quote": 50}}}"#, "plan.base_order"),
            (r#"{"plan": {"open_groups_max": 2, "stop_loss_percent": 5}}"#, "plan.stop_loss_percent"),
            (r#"{"parameters": {"budget": 101}}"#, "parameters.budget"),
            (r#"{"parameters": {"spacing": "1.0000000000001"}}"#, "parameters.spacing"),
        ] {
            assert_eq!(refused(changed(&world, &bot, asked).await), field, "{asked}");
        }
        // What one that says when alone may say, no ladder may stand beside.
        let plain = r#""strategy": "RSI_CROSS", "plan": {"take_profit": {"steps": [{"profit_percent": 2, "amount_percent": 100}]}}"#;
        let plain = created(&world, &given, plain).await.unwrap();
        assert_eq!(refused(changed(&world, &plain, r#"{"strategy": "GRID"}"#).await), "plan.take_profit");
        let both = r#"{"strategy": "GRID", "plan": {"open_groups_max": 1}}"#;
        assert!(changed(&world, &plain, both).await.is_ok());
    });
}

fn refused(told: Result<Strategy, BotError>) -> String {
    match told {
        Err(BotError::BadTerm(wrong)) => wrong.field,
        Err(BotError::BadPlan(wrong)) => wrong.fields.concat(),
        other => format!("{other:?}"),
    }
}
