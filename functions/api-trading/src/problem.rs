//! What use cases refuse, as the API says it.

use app::bots::BotError;
use app::ports::StoreError;
use app::presets::PresetError;
use app::recover::ConfirmError;
use app::risk::RuleError;
use app::trading::portfolio::TradeError;
use app::trading::{ActError, ProfitError};
use axum::http::StatusCode;
use domain::money::MoneyError;
use lambda::edge::Problem;
use wire::alert::BadAlert;

pub(crate) fn act(error: &ActError) -> Problem {
    let conflict = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    match error {
        ActError::NoGroup => Problem::not_found("position group"),
        ActError::NotKeptOut => Problem::not_found("user who is kept out"),
        ActError::NotYours(scope) => {
            let problem = Problem::new(StatusCode::FORBIDDEN, "permission_not_yours", error.to_string());
            problem.with("permission", scope.as_str())
        }
        ActError::KeptOut => conflict("kept_out"),
        ActError::NotInPerson(_) => Problem::new(StatusCode::FORBIDDEN, "missing_scope", error.to_string()),
        ActError::NoUser => Problem::not_found("user with an account"),
        ActError::FactorNeeded => Problem::new(StatusCode::FORBIDDEN, "second_factor_needed", error.to_string()),
        ActError::NoCode => conflict("flatten_code_missing"),
        ActError::WrongCode(_) => conflict("flatten_code_wrong"),
        ActError::CodeOver => conflict("flatten_code_over"),
        ActError::FlattenChanged => conflict("flatten_changed"),
        ActError::HaltedInPerson => conflict("halted_in_person"),
        ActError::HaltedMeanwhile => conflict("halted_meanwhile"),
        ActError::DisabledMeanwhile => conflict("disabled_meanwhile"),
        ActError::NoOrder => Problem::not_found("order"),
        ActError::NoAccount => Problem::not_found("account"),
        ActError::NoProposal => conflict("proposal_gone"),
        ActError::NoRepair(_) => conflict("no_repair"),
        ActError::NoParked => Problem::not_found("parked message"),
        ActError::AlreadyDropped => conflict("already_dropped"),
        ActError::AlreadyRetried => conflict("already_retried"),
        ActError::Worthless(_) => conflict("no_retry"),
        ActError::AlreadyDecided(_) => conflict("already_decided"),
        ActError::NoDelivery => conflict("no_delivery"),
        ActError::AlreadyClosed => conflict("already_closed"),
        ActError::AlreadyClosing => conflict("already_closing"),
        ActError::VersionConflict(_) => conflict("version_conflict"),
        ActError::BadExits(wrong) => body(wrong),
        ActError::AlreadyFinal(_) => conflict("already_final"),
        ActError::NotInDoubt(_) => conflict("not_in_doubt"),
        ActError::TooEarly => conflict("too_early"),
        ActError::OtherOutcome(_) => invalid("outcome", error.to_string()),
        ActError::MoreThanOrdered(_) | ActError::LessThanFilled(_) => invalid("quantity", error.to_string()),
        ActError::ThirdFeeAsset { .. } => invalid("fee_asset", error.to_string()),
        ActError::ProtectiveOrder(_) => conflict("protective_order"),
        ActError::AmbiguousAccount(_) => conflict("ambiguous_account").naming(["account".to_owned()]),
        ActError::UnknownAccount => invalid("account", error.to_string()),
        ActError::Contended => Problem::unavailable("other changes were first: send the same again"),
        ActError::Store(error) => store(error),
        ActError::Money(error) => money(error),
    }
}

pub(crate) fn confirm(error: &ConfirmError) -> Problem {
    match error {
        ConfirmError::NotReady(_) => {
            let detail = format!("{error}; POST /api/v1/recover has them looked at, twice, a minute apart");
            Problem::new(StatusCode::CONFLICT, "recovery_not_ready", detail)
        }
        ConfirmError::NotWaiting(_) => invalid("leave_out", error.to_string()),
        ConfirmError::NotInPerson => Problem::new(StatusCode::FORBIDDEN, "missing_scope", error.to_string()),
        ConfirmError::Contended => Problem::unavailable("another confirmation was first: look again"),
        ConfirmError::Store(error) => store(error),
    }
}

pub(crate) fn preset(error: &PresetError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match error {
        PresetError::Unknown => Problem::not_found("preset"),
        PresetError::Duplicate => problem(StatusCode::BAD_REQUEST, "DUPLICATE_PRESET").naming(["name".to_owned()]),
        PresetError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        PresetError::TooMany => problem(StatusCode::CONFLICT, "too_many_presets"),
        PresetError::NotInPerson => problem(StatusCode::FORBIDDEN, "missing_scope"),
        PresetError::Contended => Problem::unavailable("other changes were first: send the same again"),
        PresetError::Store(error) => store(error),
    }
}

pub(crate) fn rule(error: &RuleError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match error {
        RuleError::Unknown => Problem::not_found("risk rule"),
        RuleError::Bad(wrong) => invalid(wrong.field, format!("{} {}", wrong.field, wrong.allowed)),
        RuleError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        RuleError::TooMany => problem(StatusCode::CONFLICT, "too_many_rules"),
        RuleError::NotInPerson => problem(StatusCode::FORBIDDEN, "missing_scope"),
        RuleError::Contended => Problem::unavailable("other changes were first: send the same again"),
        RuleError::Money(error) => money(error),
        RuleError::Store(error) => store(error),
    }
}

pub(crate) fn bot(error: &BotError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match error {
        BotError::NoBot => Problem::not_found("bot"),
        BotError::NoRun => Problem::not_found("bot run"),
        BotError::NoAccount => invalid("account", format!("account {error}")),
        BotError::UnknownMarket(_) => invalid("symbol", format!("symbol {error}")),
        BotError::NoPreset(_) => invalid("preset", error.to_string()),
        BotError::BadTerm(wrong) => invalid(&wrong.field, wrong.to_string()),
        BotError::BadPlan(wrong) => body(wrong),
        BotError::AccountGone => problem(StatusCode::CONFLICT, "account_gone"),
        BotError::SeriesFull => problem(StatusCode::CONFLICT, "series_full"),
        BotError::TooMany => problem(StatusCode::CONFLICT, "too_many_bots"),
        BotError::PlanLimit(_) => problem(StatusCode::CONFLICT, "plan_limit"),
        BotError::Running | BotError::OtherTerms => problem(StatusCode::CONFLICT, "bot_runs"),
        BotError::StrategyOff(_) => problem(StatusCode::CONFLICT, "strategy_off"),
        BotError::SeriesTaken => problem(StatusCode::CONFLICT, "series_taken"),
        BotError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        BotError::NotInPerson => problem(StatusCode::FORBIDDEN, "missing_scope"),
        BotError::Contended => Problem::unavailable("other changes were first: send the same again"),
        BotError::Store(error) => store(error),
    }
}

/// A bot that has no run to be stopped.
pub(crate) fn never_started() -> Problem {
    Problem::new(StatusCode::CONFLICT, "never_started", "this bot was never started")
}

/// A body that was read by the reader of alerts.
pub(crate) fn body(wrong: &BadAlert) -> Problem {
    if wrong.code == BadAlert::INVALID_JSON {
        return Problem::new(StatusCode::BAD_REQUEST, "invalid_json", &*wrong.detail);
    }
    Problem::invalid("invalid_field", wrong.fields.iter().cloned(), &*wrong.detail)
}

pub(crate) fn store(error: &StoreError) -> Problem {
    Problem::of_store(error)
}

pub(crate) fn trade(error: &TradeError) -> Problem {
    let conflict = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    match error {
        TradeError::Unknown => Problem::not_found("trade"),
        TradeError::Bad { field, .. } => invalid(field, error.to_string()),
        TradeError::TooMany => conflict("too_many_trades"),
        TradeError::NotOwn => conflict("not_manual"),
        TradeError::VersionConflict(_) => conflict("version_conflict"),
        TradeError::Contended => Problem::unavailable("other changes were first: send the same again"),
        TradeError::Money(error) => money(error),
        TradeError::Store(error) => store(error),
    }
}

pub(crate) fn profit(error: &ProfitError) -> Problem {
    match error {
        ProfitError::Store(error) => store(error),
        ProfitError::Money(error) => money(error),
    }
}

pub(crate) fn money(error: &MoneyError) -> Problem {
    Problem::internal("a number of this answer cannot be kept exactly", error)
}

/// A field that breaks its rule.
pub(crate) fn invalid(field: &str, allowed: impl Into<String>) -> Problem {
    Problem::field(field, allowed)
}

/// What is kept and cannot be shown.
pub(crate) fn unshown(error: &str) -> Problem {
    Problem::internal("what is kept cannot be shown", &error)
}
