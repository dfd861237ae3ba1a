//! `moniqo keys`

use super::act::json;
use super::{Api, limits, of, percent};
use crate::args::{AtExchange, Keys};
use crate::failure::Failure;
use crate::prompt;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use domain::market::{Exchange, Passphrase};
use serde_json::{Map, Value, json as value};
use std::path::Path;
use wire::view::{AddressShown, List, SavedKey, UserWallet, WalletBalances};

const HEADER: [&str; 7] = ["exchange", "traded as", "label", "id", "mode", "may enter", "key or address"];
const NONE: &str = "There is no account yet: moniqo keys connect --help";

pub(super) fn run(api: &Api, wanted: &Keys) -> Result<(), Failure> {
    match wanted {
        Keys::Uses(_) => Ok(()),
        Keys::List(whose) => api.show_all(&of("user-wallets".to_owned(), whose), |list: &List<UserWallet>| {
            table(&HEADER, list.items.iter().map(row).collect(), NONE)
        }),
        Keys::Connect { exchange, mode, label, start_balance } => {
            let body = value!({"exchange": exchange, "mode": mode, "label": label, "start_balance": start_balance});
            api.act("user-wallets", Some(json(&body)?), shown)
        }
        Keys::ConnectAddress { exchange, address, label } => {
            let body = value!({"exchange": exchange, "mode": "live", "label": label, "address": address});
            api.act("user-wallets", Some(json(&body)?), to_sign)
        }
        Keys::Challenge { id } => api.act(&format!("user-wallets/{}/challenge", percent(id)), None, to_sign),
        Keys::Prove { id, from_file } => {
            let signature = match from_file {
                Some(file) => super::input::read(Some(file))?,
                None => prompt::line("Signature (never a private key): ", "give the signature by --from-file")?,
            };
            let body = value!({"signature": signature.trim()});
            api.act(&format!("user-wallets/{}/prove", percent(id)), Some(json(&body)?), shown)
        }
        Keys::Add { exchange, mode, label, from_file, same_account } => {
            let mut body = key(exchange, from_file.as_deref())?;
            body.extend(same_account.then(|| ("same_account".to_owned(), true.into())));
            body.insert("mode".to_owned(), mode.clone().into());
            body.extend(label.iter().map(|label| ("label".to_owned(), label.clone().into())));
            api.act(&format!("keys/{}", percent(exchange)), Some(json(&body)?), |saved: &SavedKey| {
                let advice: String = saved.advice.iter().map(|advice| format!("\n{advice}")).collect();
                format!("{}{advice}", shown(&saved.account))
            })
        }
        Keys::Balances { id } => {
            api.act(&format!("user-wallets/{}/sync", percent(id)), None, |told: &WalletBalances| {
                let rows = told.balances.0.iter().map(|(asset, amount)| vec![plain(&**asset), plain(&**amount)]);
                table(&["asset", "amount"], rows.collect(), "It has nothing.")
            })
        }
        Keys::Validate(at) => api.put(&path(at, "/validate"), String::new(), None, shown),
        Keys::Enable { id } => enable(api, id, true),
        Keys::Disable { id } => enable(api, id, false),
        Keys::Limits(wanted) => limits::run(api, wanted),
        Keys::Mode { at, mode } => api.put(&path(at, "/mode"), json(&value!({"mode": mode}))?, None, shown),
        Keys::Remove(at) => {
            api.delete(&path(at, ""), None)?;
            anstream::println!("Removed.");
            Ok(())
        }
    }
}

/// What is sent of a key: from a file, else as it is typed.
fn key(exchange: &str, file: Option<&Path>) -> Result<Map<String, Value>, Failure> {
    if let Some(file) = file {
        let text = super::input::read(Some(file))?;
        // What is wrong with it is not repeated: it may be the secret.
        return serde_json::from_str(&text).map_err(|_| {
            Failure::input("the file is no JSON object such as {\"api_key\": \"…\", \"api_secret\": \"…\"}")
        });
    }
    typed(exchange, |question| prompt::hidden(question, "give the key by --from-file"))
}

/// All that keys of this exchange have. A name that is none is told so by who keeps them.
fn typed(exchange: &str, ask: impl Fn(&str) -> Result<String, Failure>) -> Result<Map<String, Value>, Failure> {
    let is_wanted = |exchange: Exchange| exchange.passphrase() == Passphrase::Wanted;
    let passphrase = exchange.parse().is_ok_and(is_wanted).then_some(("passphrase", "Passphrase: "));
    let parts = [("api_key", "API key: "), ("api_secret", "API secret: ")].into_iter().chain(passphrase);
    parts.map(|(name, question)| Ok((name.to_owned(), ask(question)?.into()))).collect()
}

fn enable(api: &Api, id: &str, enabled: bool) -> Result<(), Failure> {
    api.put(&format!("user-wallets/{}", percent(id)), json(&value!({"enabled": enabled}))?, None, shown)
}

fn path(at: &AtExchange, more: &str) -> String {
    let label = at.label.as_ref().map(|label| format!("?label={}", percent(label))).unwrap_or_default();
    format!("keys/{}{more}{label}", percent(&at.exchange))
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
        format!("\n\nSign this until {until}, then: moniqo keys prove {}\n\n{}", of.id, challenge.message)
    });
    format!("{}{}", shown(of), text.unwrap_or_default())
}

/// Of an address: how far it is known.
fn looked_at(address: &AddressShown) -> String {
    match (address.proven, &address.fault) {
        (false, _) => "no: the address is not proven".to_owned(),
        (true, Some(fault)) => format!("never, only looked at: {fault}"),
        (true, None) => "never, only looked at".to_owned(),
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

fn shown(of: &UserWallet) -> String {
    facts([
        ("account", Some(of.id.clone())),
        ("exchange", Some(of.exchange.clone())),
        ("label", Some(of.label.clone())),
        ("mode", of.mode.map(|mode| mode.to_string())),
        ("may enter", Some(may_enter(of))),
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
                "id": "acc_1", "exchange": "ETHEREUM", "label": "cold", "halted": null, "balances": {},
                "balance_at": "1970-01-01T00:00:00Z", "open_groups": 0, "open_groups_max": 5, "exposure": "0", "exposure_max": "500",
                "order_quote_max": "100", "day_loss": "0", "day_loss_max": "50", "drift": {"missing": {}, "stray_orders": []},
            },
        });
        serde_json::from_value(account).unwrap()
    }

    #[test]
    fn whatever_a_key_of_an_exchange_has_is_asked_for() {
        let check = |exchange: &str, parts: &[&str]| {
            let typed = typed(exchange, |question| Ok(question.to_lowercase())).unwrap();
            assert_eq!(typed.keys().collect::<Vec<_>>(), parts, "{exchange}: {typed:?}");
        };
        for exchange in ["OKX", "kucoin", "BITGETUSDM"] {
            check(exchange, &["api_key", "api_secret", "passphrase"]);
        }
        for exchange in ["BINANCE", "BYBIT", "PAPER", "no exchange"] {
            check(exchange, &["api_key", "api_secret"]);
        }
        let none = typed("OKX", |_| Err(Failure::input("there is no terminal"))).unwrap_err();
        assert!(none.text().contains("no terminal"));
    }

    #[test]
    fn what_is_to_be_signed_is_printed_as_it_is() {
        let text = "moniqo wants you to sign in with your Ethereum account:\n0xabc\n\nProve.";
        let challenge = value!({"message": text, "expires_at": "2026-01-31T12:10:00Z"});
        let open =
            value!({"address": "0xabc", "proven": false, "proven_at": null, "challenge": challenge, "fault": null});
        let printed = to_sign(&account(&open));
        assert!(printed.ends_with(text) && printed.contains("moniqo keys prove acc_1"), "{printed}");
        assert!(printed.contains("no: the address is not proven"), "{printed}");
        let at = "2026-01-31T12:05:00Z";
        let proven =
            value!({"address": "0xabc", "proven": true, "proven_at": at, "challenge": null, "fault": "rpc_refused"});
        assert!(to_sign(&account(&proven)).contains("never, only looked at: rpc_refused"));
    }
}
