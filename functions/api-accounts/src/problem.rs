//! What use cases refuse, as the API says it.

use app::accounts::AccountError;
use app::routes::RouteError;
use app::tokens::TokenError;
use app::wallets::WalletError;
use axum::http::StatusCode;
use domain::chain::Unproven;
use domain::vault::KeyFault;
use lambda::edge::Problem;
use wire::member::INSISTED;
use wire::wallet::BadMember;

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn token(error: TokenError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        TokenError::Unknown => Problem::not_found("webhook token"),
        TokenError::Duplicate => {
            problem(StatusCode::BAD_REQUEST, "DUPLICATE_WEBHOOK_TOKEN").naming(["label".to_owned()])
        }
        TokenError::TooMany => problem(StatusCode::CONFLICT, "too_many_webhook_tokens"),
        TokenError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        TokenError::Contended => Problem::unavailable("other changes were first: send the same again"),
        TokenError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn route(error: RouteError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        RouteError::Unknown => Problem::not_found("route"),
        RouteError::Duplicate => problem(StatusCode::BAD_REQUEST, "DUPLICATE_ROUTE").naming(["name".to_owned()]),
        RouteError::TooMany => problem(StatusCode::CONFLICT, "too_many_routes"),
        RouteError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        RouteError::NoAccount(_) | RouteError::CannotTrade(_) | RouteError::Modes(..) => {
            Problem::field("accounts", format!("accounts {error}"))
        }
        RouteError::Contended => Problem::unavailable("other changes were first: send the same again"),
        RouteError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn account(error: AccountError) -> Problem {
    let conflict = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    let invalid = |code, field: &str| Problem::invalid(code, [field.to_owned()], error.to_string());
    match &error {
        AccountError::Unknown => Problem::not_found("account"),
        AccountError::Duplicate => {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "DUPLICATE_ACCOUNT", error.to_string());
            problem.naming(["label".to_owned()])
        }
        AccountError::LabelOfToken(_) => conflict("label_of_token").naming(["label".to_owned()]),
        AccountError::TooMany => conflict("too_many_accounts"),
        AccountError::Ambiguous => conflict("ambiguous_account").naming(["label".to_owned()]),
        AccountError::AtSeveral(_) | AccountError::NoWallet(_) => {
            Problem::field("exchange", format!("exchange {error}"))
        }
        AccountError::Inactive(_) => conflict("wallet_inactive"),
        AccountError::WalletNotSupported(_) => invalid("wallet_not_supported", "exchange"),
        AccountError::AddressMissing(_) | AccountError::NoAddressThere(_) | AccountError::Checksum => {
            Problem::field("address", format!("address {error}"))
        }
        AccountError::AddressConnected => conflict("address_connected"),
        AccountError::NoAddress => conflict("account_has_no_address"),
        AccountError::NotProven => conflict("address_not_proven"),
        AccountError::Unproven(Unproven::NoChallenge) => conflict("challenge_missing"),
        AccountError::Unproven(Unproven::Expired) => conflict("challenge_expired"),
        AccountError::Unproven(Unproven::Foreign) => invalid("signature_refused", "signature"),
        AccountError::Unread(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "chain_unavailable", error.to_string())
        }
        AccountError::KeyNotTaken(_) => invalid("key_not_taken", "api_key"),
        AccountError::PassphraseMissing(_) | AccountError::NoPassphrase(_) => {
            Problem::field("passphrase", format!("passphrase {error}"))
        }
        AccountError::Mode { .. } => Problem::field("mode", format!("mode {error}")),
        AccountError::GroupsOpen(_) => conflict("groups_open"),
        AccountError::BotsRun(_) => conflict("bots_run"),
        AccountError::OtherAccount(_) => conflict("key_of_another_account").naming(["api_key".to_owned()]),
        AccountError::AccountUntold(_) => conflict("same_account_unsaid").naming(["same_account".to_owned()]),
        AccountError::NotValidated => conflict("not_validated"),
        AccountError::NotInPerson(_) => Problem::new(StatusCode::FORBIDDEN, "missing_scope", error.to_string()),
        AccountError::Key(fault) => Problem::invalid(fault.as_str(), ["api_key".to_owned()], refused(*fault)),
        AccountError::ConnectedTwice(_) => invalid(KeyFault::ConnectedTwice.as_str(), "api_key"),
        AccountError::NoKey => conflict("key_missing"),
        AccountError::Shut => conflict("key_does_not_open"),
        AccountError::VenueAway(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "venue_unavailable", error.to_string())
        }
        AccountError::NotTradable(_) | AccountError::NeverTraded(_) => conflict("venue_not_tradable"),
        AccountError::VersionConflict(_) => conflict("version_conflict"),
        AccountError::Contended => Problem::unavailable("other changes were first: send the same again"),
        AccountError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn wallet(error: WalletError) -> Problem {
    let conflict = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    match &error {
        WalletError::Unknown => Problem::not_found("wallet"),
        WalletError::Duplicate => {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "DUPLICATE_WALLET", error.to_string());
            problem.naming(["provider".to_owned()])
        }
        WalletError::TooMany => conflict("too_many_wallets"),
        WalletError::Bad(wrong) => member(wrong.clone()),
        WalletError::VersionConflict(_) => conflict("version_conflict"),
        WalletError::Contended => Problem::unavailable("other changes were first: send the same again"),
        WalletError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn member(wrong: BadMember) -> Problem {
    Problem::field(&wrong.field, wrong.to_string())
}

fn refused(fault: KeyFault) -> String {
    let detail = fault.detail();
    if fault == KeyFault::CanWithdraw {
        return format!("{detail}: \"allow_withdrawals\": \"{INSISTED}\"");
    }
    detail.to_owned()
}

#[cfg(test)]
mod tests;
