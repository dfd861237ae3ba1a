//! What use cases refuse, in the words of the API.

use super::*;
use app::bots::BotError;
use app::ports::StoreError;
use app::presets::PresetError;
use app::recover::ConfirmError;
use app::trading::{ActError, ProfitError};
use domain::delivery::VerdictKind;
use domain::identity::{Permission, Scope};
use domain::market::Asset;
use domain::money::MoneyError;
use domain::parked::Worthless;
use domain::reconciliation::Repair;
use lambda::edge::Problem;

fn said(problem: &Problem) -> (u16, String, Value) {
    let problem = serde_json::to_value(problem).unwrap();
    let status = problem["status"].as_u64().unwrap();
    (u16::try_from(status).unwrap(), problem["code"].as_str().unwrap().to_owned(), problem["field"].clone())
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("table x".to_owned())
}

fn unreadable() -> StoreError {
    StoreError::Unreadable("row y".to_owned())
}

#[test]
fn each_refusal_of_an_action_has_its_own_answer() {
    let one = || "1".parse().unwrap();
    let asset = |text: &str| text.parse::<Asset>().unwrap();
    let bad = wire::alert::BadAlert::field("take_profit.steps", "must be more than 2");
    for (refusal, expected) in [
        (ActError::NoGroup, refused(404, "not_found")),
        (ActError::NoOrder, refused(404, "not_found")),
        (ActError::NoAccount, refused(404, "not_found")),
        (ActError::NoParked, refused(404, "not_found")),
        (ActError::NotKeptOut, refused(404, "not_found")),
        (ActError::NotYours(Scope::from(Permission::WRITE)), refused(403, "permission_not_yours")),
        (ActError::NotInPerson("takes no stop off"), refused(403, "missing_scope")),
        (ActError::KeptOut, refused(409, "kept_out")),
        (ActError::HaltedInPerson, refused(409, "halted_in_person")),
        (ActError::HaltedMeanwhile, refused(409, "halted_meanwhile")),
        (ActError::DisabledMeanwhile, refused(409, "disabled_meanwhile")),
        (ActError::NoProposal, refused(409, "proposal_gone")),
        (ActError::NoRepair(Repair::Wait), refused(409, "no_repair")),
        (ActError::AlreadyClosed, refused(409, "already_closed")),
        (ActError::AlreadyClosing, refused(409, "already_closing")),
        (ActError::VersionConflict(7), refused(409, "version_conflict")),
        (ActError::BadExits(bad), wrong("take_profit.steps")),
        (ActError::AlreadyFinal(Status::Filled), refused(409, "already_final")),
        (ActError::NotInDoubt(Status::Open), refused(409, "not_in_doubt")),
        (ActError::TooEarly, refused(409, "too_early")),
        (ActError::OtherOutcome("filled"), wrong("outcome")),
        (ActError::MoreThanOrdered(one()), wrong("quantity")),
        (ActError::LessThanFilled(one()), wrong("quantity")),
        (ActError::ThirdFeeAsset { base: asset("BTC"), quote: asset("USDT") }, wrong("fee_asset")),
        (ActError::ProtectiveOrder(Purpose::Exit), refused(409, "protective_order")),
        (ActError::AmbiguousAccount(vec![]), (409, "ambiguous_account".to_owned(), json!("account"))),
        (ActError::UnknownAccount, wrong("account")),
        (ActError::AlreadyDropped, refused(409, "already_dropped")),
        (ActError::AlreadyRetried, refused(409, "already_retried")),
        (ActError::Worthless(Worthless::Tick), refused(409, "no_retry")),
        (ActError::AlreadyDecided(VerdictKind::Stale), refused(409, "already_decided")),
        (ActError::NoDelivery, refused(409, "no_delivery")),
        (ActError::Contended, refused(503, "unavailable")),
        (ActError::Store(unavailable()), refused(503, "unavailable")),
        (ActError::Store(unreadable()), refused(500, "internal")),
        (ActError::Money(MoneyError::Inexact), refused(500, "internal")),
    ] {
        assert_eq!(said(&problem::act(&refusal)), expected, "{refusal:?}");
    }
}

#[test]
fn each_refusal_of_a_bot_has_its_own_answer() {
    let term = domain::bot::BadTerm { field: "parameters.period".to_owned(), allowed: "must be whole".to_owned() };
    let plan = wire::alert::BadAlert::field("plan.stop_loss_percent", "must be below 100");
    for (refusal, expected) in [
        (BotError::NoBot, refused(404, "not_found")),
        (BotError::NoRun, refused(404, "not_found")),
        (BotError::NoAccount, wrong("account")),
        (BotError::UnknownMarket(rows::market().key), wrong("symbol")),
        (BotError::NoPreset("grid".parse().unwrap()), wrong("preset")),
        (BotError::BadTerm(term), wrong("parameters.period")),
        (BotError::BadPlan(plan), wrong("plan.stop_loss_percent")),
        (BotError::AccountGone, refused(409, "account_gone")),
        (BotError::SeriesFull, refused(409, "series_full")),
        (BotError::TooMany, refused(409, "too_many_bots")),
        (BotError::PlanLimit(2), refused(409, "plan_limit")),
        (BotError::Running, refused(409, "bot_runs")),
        (BotError::OtherTerms, refused(409, "bot_runs")),
        (BotError::SeriesTaken, refused(409, "series_taken")),
        (BotError::StrategyOff("news".to_owned()), refused(409, "strategy_off")),
        (BotError::VersionConflict(3), refused(409, "version_conflict")),
        (BotError::NotInPerson, refused(403, "missing_scope")),
        (BotError::Contended, refused(503, "unavailable")),
        (BotError::Store(unreadable()), refused(500, "internal")),
    ] {
        assert_eq!(said(&problem::bot(&refusal)), expected, "{refusal}");
    }
}

#[test]
fn each_refusal_of_a_preset_has_its_own_answer() {
    for (refusal, expected) in [
        (PresetError::Unknown, refused(404, "not_found")),
        (PresetError::Duplicate, (400, "DUPLICATE_PRESET".to_owned(), json!("name"))),
        (PresetError::VersionConflict(3), refused(409, "version_conflict")),
        (PresetError::TooMany, refused(409, "too_many_presets")),
        (PresetError::NotInPerson, refused(403, "missing_scope")),
        (PresetError::Contended, refused(503, "unavailable")),
        (PresetError::Store(unavailable()), refused(503, "unavailable")),
    ] {
        assert_eq!(said(&problem::preset(&refusal)), expected, "{refusal}");
    }
}

#[test]
fn each_refusal_of_a_recovery_or_a_sum_has_its_own_answer() {
    for (refusal, expected) in [
        (ConfirmError::NotReady(vec![account().id]), refused(409, "recovery_not_ready")),
        (ConfirmError::NotWaiting(account().id), wrong("leave_out")),
        (ConfirmError::Contended, refused(503, "unavailable")),
        (ConfirmError::Store(unavailable()), refused(503, "unavailable")),
    ] {
        assert_eq!(said(&problem::confirm(&refusal)), expected, "{refusal}");
    }
    let sums = [ProfitError::Store(unavailable()), ProfitError::Money(MoneyError::Inexact)];
    assert_eq!(sums.map(|refusal| said(&problem::profit(&refusal)).0), [503, 500]);
    assert_eq!(said(&problem::never_started()), refused(409, "never_started"));
}

/// No answer names rows or tables.
#[test]
fn a_store_that_does_not_answer_is_tried_again() {
    let api = api();
    api.store.set_down("query", true);
    let (status, headers, problem) = get(&api, "/api/v1/orders");
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")));
    assert!(headers.contains_key("retry-after") && !problem.to_string().contains("query"), "{problem}");
}
