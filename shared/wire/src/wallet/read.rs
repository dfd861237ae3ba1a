//! A definition, member by member.

use super::{Chain, Definition, Fees, ProviderConfig, RateLimits};
use domain::market::Asset;
use domain::money::{Amount, Percent};
use domain::wallet::{HttpsUrl, Provider, WalletKind};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

pub const MEMBERS: [&str; 10] = [
    "name",
    "type",
    "provider",
    "provider_config",
    "supported_currencies",
    "supported_markets",
    "fees",
    "is_active",
    "logo_url",
    "documentation_url",
];
const CONFIG: [&str; 5] = ["api_base_url", "auth_type", "supported_operations", "rate_limits", "chain"];
const RATES: [&str; 2] = ["requests_per_minute", "requests_per_day"];
const FEES: [&str; 2] = ["trading_fee_percent", "withdrawal_fee"];
const AUTH_TYPES: [&str; 4] = ["api_key", "oauth", "web3", "none"];
const NAME_CHARACTERS_MAX: usize = 60;
const CURRENCIES_MAX: usize = 200;
const WORDS_MAX: usize = 20;
const WORD_CHARACTERS_MAX: usize = 40;

/// What was read wrong, and what is allowed. The value is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {allowed}")]
pub struct BadMember {
    /// With the members around it: `provider_config.api_base_url`.
    pub field: String,
    pub allowed: String,
}

pub(super) type Read<T> = Result<T, BadMember>;

/// An object, and what its members are called outside.
pub(super) struct Within<'a> {
    pub(super) members: &'a Map<String, Value>,
    prefix: &'static str,
}

pub(super) fn definition(given: &Map<String, Value>) -> Read<Definition> {
    let top = Within::new(given, "", &MEMBERS)?;
    let provider: Provider = top.parsed("provider")?.ok_or_else(|| top.bad("provider", "is required"))?;
    let kind: WalletKind = top.parsed("type")?.ok_or_else(|| top.bad("type", "is required"))?;
    Ok(Definition {
        name: name(&top)?,
        kind: kind.as_str().to_owned(),
        provider: provider.to_string(),
        provider_config: config(&top, kind)?,
        supported_currencies: top.list("supported_currencies", CURRENCIES_MAX, |text| {
            text.parse::<Asset>().map(|asset| asset.to_string()).map_err(|wrong| wrong.to_string())
        })?,
        supported_markets: top.list("supported_markets", WORDS_MAX, word)?,
        fees: fees(&top)?,
        is_active: top.flag("is_active")?.unwrap_or(true),
        logo_url: top.parsed::<HttpsUrl>("logo_url")?.map(|url| url.to_string()),
        documentation_url: top.parsed::<HttpsUrl>("documentation_url")?.map(|url| url.to_string()),
    })
}

fn name(top: &Within<'_>) -> Read<String> {
    let text = top.text("name")?.ok_or_else(|| top.bad("name", "is required"))?;
    let fits = (1..=NAME_CHARACTERS_MAX).contains(&text.chars().count());
    let plain = text == text.trim() && !text.chars().any(char::is_control);
    let allowed = format!("must be one line of 1 to {NAME_CHARACTERS_MAX} characters, without blanks around it");
    if fits && plain { Ok(text.to_owned()) } else { Err(top.bad("name", allowed)) }
}

fn config(top: &Within<'_>, kind: WalletKind) -> Read<ProviderConfig> {
    let Some(within) = top.object("provider_config", "provider_config.", &CONFIG)? else {
        return Ok(ProviderConfig { auth_type: "none".to_owned(), ..ProviderConfig::default() });
    };
    let auth_type = within.text("auth_type")?.unwrap_or("none");
    if !AUTH_TYPES.contains(&auth_type) {
        return Err(within.bad("auth_type", format!("must be one of {}", AUTH_TYPES.join(", "))));
    }
    let chain = Chain::read(&within)?;
    if chain.is_some() && kind != WalletKind::Wallet {
        return Err(within.bad("chain", "is for wallets of type WALLET"));
    }
    let rates = within.object("rate_limits", "provider_config.rate_limits.", &RATES)?;
    let rate = |name: &str, max: u32| rates.as_ref().map_or(Ok(None), |rates| rates.whole(name, max));
    Ok(ProviderConfig {
        api_base_url: within.parsed::<HttpsUrl>("api_base_url")?.map(|url| url.to_string()),
        auth_type: auth_type.to_owned(),
        supported_operations: within.list("supported_operations", WORDS_MAX, word)?,
        rate_limits: RateLimits {
            requests_per_minute: rate("requests_per_minute", 1_000_000)?,
            requests_per_day: rate("requests_per_day", 1_000_000_000)?,
        },
        chain,
    })
}

fn fees(top: &Within<'_>) -> Read<Fees> {
    let Some(within) = top.object("fees", "fees.", &FEES)? else { return Ok(Fees::default()) };
    let percent = within.parsed::<Percent>("trading_fee_percent")?.map(|percent| percent.to_string());
    let mut withdrawal_fee = BTreeMap::new();
    let allowed = "must be an object of amounts of 0 or more, as texts, by their currency";
    match within.members.get("withdrawal_fee") {
        None | Some(Value::Null) => {}
        Some(Value::Object(given)) if given.len() <= CURRENCIES_MAX => {
            for (asset, amount) in given {
                let asset = asset.parse::<Asset>().ok();
                let amount = amount.as_str().and_then(|text| text.parse::<Amount>().ok());
                let (Some(asset), Some(amount)) = (asset, amount.filter(|amount| !amount.is_negative())) else {
                    return Err(within.bad("withdrawal_fee", allowed));
                };
                withdrawal_fee.insert(asset.to_string(), amount.to_string());
            }
        }
        Some(_) => return Err(within.bad("withdrawal_fee", allowed)),
    }
    Ok(Fees { trading_fee_percent: percent, withdrawal_fee })
}

fn word(text: &str) -> Result<String, String> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let fits = (1..=WORD_CHARACTERS_MAX).contains(&text.len());
    if plain && fits { Ok(text.to_owned()) } else { Err(format!("each 1 to {WORD_CHARACTERS_MAX} of a-z, 0-9 and _")) }
}

impl<'a> Within<'a> {
    pub(super) fn new(members: &'a Map<String, Value>, prefix: &'static str, known: &[&str]) -> Read<Self> {
        let within = Self { members, prefix };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(within.bad(name, format!("is not known here: {} are", known.join(", ")))),
            None => Ok(within),
        }
    }

    pub(super) fn bad(&self, name: &str, allowed: impl Into<String>) -> BadMember {
        BadMember { field: format!("{}{name}", self.prefix), allowed: allowed.into() }
    }

    pub(super) fn object(&self, name: &str, prefix: &'static str, known: &[&str]) -> Read<Option<Within<'a>>> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Within::new(members, prefix, known).map(Some),
            Some(_) => Err(self.bad(name, "must be an object")),
        }
    }

    fn text(&self, name: &str) -> Read<Option<&'a str>> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.bad(name, "must be a text")),
        }
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Read<Option<T>> {
        let parse = |text: &str| text.parse().map_err(|wrong| self.bad(name, format!("{wrong}")));
        self.text(name)?.map(parse).transpose()
    }

    fn flag(&self, name: &str) -> Read<Option<bool>> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.bad(name, "must be true or false")),
        }
    }

    pub(super) fn whole(&self, name: &str, max: u32) -> Read<Option<u32>> {
        let number = match self.members.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value.as_u64().and_then(|number| u32::try_from(number).ok()),
        };
        let number = number.filter(|number| (1..=max).contains(number));
        number.map(Some).ok_or_else(|| self.bad(name, format!("must be a whole number from 1 to {max}")))
    }

    /// Each once.
    pub(super) fn list(
        &self,
        name: &str,
        max: usize,
        read: impl Fn(&str) -> Result<String, String>,
    ) -> Read<Vec<String>> {
        let allowed = |what: &str| self.bad(name, format!("must be a list of at most {max} texts{what}"));
        let items = match self.members.get(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() <= max => items,
            Some(_) => return Err(allowed("")),
        };
        let mut values: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let text = item.as_str().ok_or_else(|| allowed(""))?;
            let value = read(text).map_err(|wrong| allowed(&format!(", {wrong}")))?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(values)
    }
}
