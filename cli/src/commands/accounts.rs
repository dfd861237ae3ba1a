//! `moniqo accounts status`

use super::act::json;
use super::{Api, account_status, filtered, limits, of, percent};
use crate::args::{AccountAct, Accounts, OneAccount};
use crate::failure::Failure;
use crate::prompt;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use domain::market::{Exchange, Passphrase};
use serde_json::{Map, Value, json as value};
use std::path::Path;
use wire::view::{AddressShown, List, SavedKey, UserWallet, WalletBalances};

const HEADER: [&str; 7] = ["exchange", "traded as", "label", "id", "mode", "may trade", "key or address"];
const NONE: &str = "There is no account yet: moniqo accounts create --help";

pub(super) fn run(api: &Api, wanted: &Accounts) -> Result<(), Failure> {
    match &wanted.act {
        Some(AccountAct::List(whose)) => api.show_all(&of("accounts".to_owned(), whose), |list: &List<UserWallet>| {
            table(&HEADER, list.items.iter().map(row).collect(), NONE)
        }),
        Some(AccountAct::Show { id }) => api.show(&format!("accounts/{id}"), false, with_status),
        Some(AccountAct::Create { exchange, mode, label, start_balance }) => {
            let body = value!({"exchange": exchange, "mode": mode, "label": label, "start_balance": start_balance});
            api.act("accounts", Some(json(&body)?), shown)
        }
        Some(AccountAct::CreateAddress { exchange, address, label }) => {
            let body = value!({"exchange": exchange, "mode": "live", "label": label, "address": address});
            api.act("accounts", Some(json(&body)?), to_sign)
        }
        Some(AccountAct::Challenge { id }) => api.act(&format!("accounts/{}/challenge", percent(id)), None, to_sign),
        Some(AccountAct::Prove { id, from_file }) => prove(api, id, from_file.as_deref()),
        Some(AccountAct::SetKey { exchange, mode, label, from_file, same_account }) => {
            let mut body = key(api, exchange, from_file.as_deref())?;
            body.extend(same_account.then(|| ("same_account".to_owned(), true.into())));
            body.insert("mode".to_owned(), mode.clone().into());
            body.extend(label.iter().map(|label| ("label".to_owned(), label.clone().into())));
            api.act(&format!("keys/{}", percent(exchange)), Some(json(&body)?), |saved: &SavedKey| {
                let advice: String = saved.advice.iter().map(|advice| format!("\n{advice}")).collect();
                format!("{}{advice}", shown(&saved.account))
            })
        }
        Some(AccountAct::Balances { id }) => balances(api, id),
        Some(AccountAct::Validate(of)) => validate(api, of),
        Some(AccountAct::Enable { id }) => enable(api, id, true),
        Some(AccountAct::Disable { id }) => enable(api, id, false),
        Some(AccountAct::Edit(wanted)) => limits::run(api, wanted),
        Some(AccountAct::Mode { of, mode }) => {
            api.confirm(&format!("Switch the account {} to {mode}? Its exchange key is deleted.", of.account))?;
            api.put(&path(of, "/mode")?, json(&value!({"mode": mode}))?, None, shown)
        }
        Some(AccountAct::Delete(of)) => {
            api.confirm(&format!("Delete the account {}?", of.account))?;
            api.delete(&path(of, "")?, None)?;
            anstream::println!("Deleted.");
            Ok(())
        }
        Some(AccountAct::KeyUses(_)) => Ok(()),
        None | Some(AccountAct::Status(_)) => wanted.status().map_or(Ok(()), |whose| account_status::run(api, &whose)),
    }
}

fn prove(api: &Api, id: &str, from_file: Option<&Path>) -> Result<(), Failure> {
    let signature = match from_file {
        Some(file) => super::input::read(Some(file))?,
        None => prompt::line("Signature (never a private key): ", "give the signature by --from-file")?,
    };
    let body = value!({"signature": signature.trim()});
    api.act(&format!("accounts/{}/prove", percent(id)), Some(json(&body)?), shown)
}

fn balances(api: &Api, id: &str) -> Result<(), Failure> {
    api.act(&format!("accounts/{}/sync", percent(id)), None, |told: &WalletBalances| {
        let rows = told.balances.0.iter().map(|(asset, amount)| vec![plain(&**asset), plain(&**amount)]);
        table(&["asset", "amount"], rows.collect(), "The account is empty.")
    })
}

fn validate(api: &Api, of: &OneAccount) -> Result<(), Failure> {
    if is_id(of) {
        api.act(&path(of, "/test")?, None, shown)
    } else {
        api.put(&path(of, "/validate")?, String::new(), None, shown)
    }
}

/// What is sent of a key: from a file, else as it is typed.
fn key(api: &Api, exchange: &str, file: Option<&Path>) -> Result<Map<String, Value>, Failure> {
    if let Some(file) = file {
        let text = super::input::read(Some(file))?;
        // What is wrong with it is not repeated: it may be the secret.
        return serde_json::from_str(&text).map_err(|_| {
            Failure::input("the file is no JSON object such as {\"api_key\": \"…\", \"api_secret\": \"…\"}")
        });
    }
    typed(exchange, api.target.url()?, |question| prompt::hidden(question, "give the key by --from-file"))
}

/// All that keys of this exchange have. A name that is none is told so by who keeps them.
fn typed(
    exchange: &str,
    url: &str,
    ask: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Map<String, Value>, Failure> {
    let is_wanted = |exchange: Exchange| exchange.passphrase() == Passphrase::Wanted;
    let passphrase = exchange.parse().is_ok_and(is_wanted).then_some(("passphrase", "Passphrase"));
    let parts = [("api_key", "API key"), ("api_secret", "API secret")].into_iter().chain(passphrase);
    parts.map(|(name, question)| Ok((name.to_owned(), ask(&format!("{question} for {url}: "))?.into()))).collect()
}

fn enable(api: &Api, id: &str, enabled: bool) -> Result<(), Failure> {
    api.patch(&format!("accounts/{}", percent(id)), json(&value!({"enabled": enabled}))?, shown)
}

fn is_id(of: &OneAccount) -> bool {
    of.account.starts_with("acc_")
}

/// By its id, or by its exchange and label.
fn path(of: &OneAccount, more: &str) -> Result<String, Failure> {
    let OneAccount { account, label } = of;
    match label {
        Some(_) if is_id(of) => Err(Failure::input("an id names the account: leave out --label")),
        _ if is_id(of) => Ok(format!("accounts/{}{more}", percent(account))),
        label => Ok(filtered(format!("keys/{}{more}", percent(account)), &[("label", label.as_ref())])),
    }
}

fn row(of: &UserWallet) -> Vec<Cell> {
    let class = maybe(of.class);
    let start = [plain(&*of.exchange), class, plain(&*of.label), plain(&*of.id), maybe(of.mode)];
    let address = of.address.as_ref().map(|address| &address.address);
    let key = of.key.as_ref().and_then(|key| key.masked.as_ref()).or(address);
    start.into_iter().chain([plain(may_enter(of)), maybe(key)]).collect()
}

/// The account, and the text as it is, so that it can be copied.
fn to_sign(of: &UserWallet) -> String {
    let challenge = of.address.as_ref().and_then(|address| address.challenge.as_ref());
    let text = challenge.map(|challenge| {
        let until = time(challenge.expires_at);
        format!("\n\nSign this until {until}, then: moniqo accounts prove {}\n\n{}", of.id, challenge.message)
    });
    format!("{}{}", shown(of), text.unwrap_or_default())
}

/// Of an address: how far it is known.
fn looked_at(address: &AddressShown) -> String {
    match (address.proven, &address.fault) {
        (false, _) => "no: the address is not proven".to_owned(),
        (true, Some(fault)) => format!("no: an address is only watched ({fault})"),
        (true, None) => "no: an address is only watched".to_owned(),
    }
}

/// Whether alerts enter with it, and else why not.
pub(super) fn may_enter(of: &UserWallet) -> String {
    if let Some(address) = &of.address {
        return looked_at(address);
    }
    match (of.enabled, of.validated, &of.fault) {
        (true, true, _) => "yes".to_owned(),
        (_, false, Some(fault)) => format!("no: {fault}"),
        (_, false, None) => "no: not validated".to_owned(),
        (false, true, _) => "no: not enabled".to_owned(),
    }
}

fn with_status(of: &UserWallet) -> String {
    format!("{}\n\n{}", shown(of), account_status::accounts(std::slice::from_ref(&of.state)))
}

fn shown(of: &UserWallet) -> String {
    facts([
        ("account", Some(of.id.clone())),
        ("exchange", Some(of.exchange.clone())),
        ("label", Some(of.label.clone())),
        ("mode", of.mode.map(|mode| mode.to_string())),
        ("may trade", Some(may_enter(of))),
        ("key", of.key.as_ref().and_then(|key| key.masked.clone())),
        ("address", of.address.as_ref().map(|address| address.address.clone())),
        ("validated", of.validated_at.map(time)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(address: &Value) -> UserWallet {
        let account = value!({
            "id": "acc_1", "exchange": "ETHEREUM", "wallet": "wlt_1", "label": "cold", "mode": "live", "enabled": false,
            "validated": false, "validated_at": null, "checked_at": null, "fault": null, "key": null,
            "address": address, "open_groups": 0, "version": 1, "state": {
                "id": "acc_1", "exchange": "ETHEREUM", "label": "cold", "entries": "active", "halted": null, "balances": {},
                "balance_at": "1970-01-01T00:00:00Z", "open_groups": 0, "open_groups_max": 5, "exposure": "0", "exposure_max": "500",
                "order_quote_max": "100", "day_loss": "0", "day_loss_max": "50", "drift": {"missing": {}, "stray_orders": []},
            },
        });
        serde_json::from_value(account).unwrap()
    }

    #[test]
    fn whatever_a_key_of_an_exchange_has_is_asked_for() {
        let check = |exchange: &str, parts: &[&str]| {
            let typed = typed(exchange, "https://a", |question| {
                assert!(question.ends_with(" for https://a: "), "{question}");
                Ok(question.to_lowercase())
            });
            let typed = typed.unwrap();
            assert_eq!(typed.keys().collect::<Vec<_>>(), parts, "{exchange}: {typed:?}");
        };
        for exchange in ["OKX", "kucoin", "BITGETUSDM"] {
            check(exchange, &["api_key", "api_secret", "passphrase"]);
        }
        for exchange in ["BINANCE", "BYBIT", "PAPER", "no exchange"] {
            check(exchange, &["api_key", "api_secret"]);
        }
        let none = typed("OKX", "https://a", |_| Err(Failure::input("there is no terminal"))).unwrap_err();
        assert!(none.text().contains("no terminal"));
    }

    #[test]
    fn account_is_named_by_id_or_by_exchange_and_label() {
        let path = |account: &str, label: Option<&str>| {
            path(&OneAccount { account: account.to_owned(), label: label.map(str::to_owned) }, "/mode")
        };
        assert_eq!(path("acc_1", None).unwrap(), "accounts/acc_1/mode");
        assert_eq!(path("PAPER", None).unwrap(), "keys/PAPER/mode");
        assert_eq!(path("PAPER", Some("my own")).unwrap(), "keys/PAPER/mode?label=my%20own");
        assert!(path("acc_1", Some("a")).is_err());
    }

    #[test]
    fn what_is_to_be_signed_is_printed_as_it_is() {
        let text = "moniqo wants you to sign in with your Ethereum account:\n0xabc\n\nProve.";
        let challenge = value!({"message": text, "expires_at": "2026-01-31T12:10:00Z"});
        let open =
            value!({"address": "0xabc", "proven": false, "proven_at": null, "challenge": challenge, "fault": null});
        let printed = to_sign(&account(&open));
        assert!(printed.ends_with(text) && printed.contains("moniqo accounts prove acc_1"), "{printed}");
        assert!(printed.contains("no: the address is not proven"), "{printed}");
        let at = "2026-01-31T12:05:00Z";
        let proven =
            value!({"address": "0xabc", "proven": true, "proven_at": at, "challenge": null, "fault": "rpc_refused"});
        assert!(to_sign(&account(&proven)).contains("no: an address is only watched (rpc_refused)"));
    }
}
