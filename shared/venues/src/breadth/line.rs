//! One wish, from the library's request to what it reads in the answer.

use super::asked::{Kind, NOWHERE, Wish, asked, read};
use super::cores::{self, Core};
use super::failed::{Failed, refused_unread};
use super::lots::Lot;
use super::outcome;
use super::servers::{LIBRARYS_OWN, aim, is_within};
use super::told::Told;
use super::{Spoken, contracts, markets};
use crate::native::{Answer, Call, Login, Method, Pause, Sent, Site, TOLD_PAUSE_MAX, words};
use ccxt_base::{ExchangeError, Value};
use domain::clock::{Millis, Timestamp};
use domain::market::MarketKey;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::PoisonError;

/// After being told to ask less, where it is not told for how long.
const REST: Millis = Millis::seconds(60);
/// How much an account may ask in a while, what is left of that, and in how many milliseconds it is whole again (KuCoin).
const ALLOWANCE: [&str; 3] = ["gw-ratelimit-limit", "gw-ratelimit-remaining", "gw-ratelimit-reset"];
/// Where less than this share of it is left, the account asks nothing more.
const LEFT_PERCENT_MIN: i64 = 10;

impl Spoken {
    /// Carries out what a key is needed for.
    pub(super) async fn told<T: DeserializeOwned>(
        &self,
        login: &Login,
        market: Option<&MarketKey>,
        method: &'static str,
        args: Vec<Value>,
    ) -> Result<T, Failed> {
        self.asked(&login.site, Some(login), market.as_slice(), &Wish::read(method, args), login.now).await
    }

    /// The same, with the answer that it was told in.
    pub(super) async fn paged<T: DeserializeOwned>(
        &self,
        login: &Login,
        market: &MarketKey,
        method: &'static str,
        args: Vec<Value>,
    ) -> Result<(T, serde_json::Value), Failed> {
        let wish = Wish::read(method, args);
        let (told, answer) = self.heard(&login.site, Some(login), &[market], &wish, login.now).await?;
        Ok((told, answer.json().unwrap_or_default()))
    }

    /// The same, where anybody may ask.
    pub(super) async fn open<T: DeserializeOwned>(
        &self,
        site: &Site,
        market: Option<&MarketKey>,
        method: &'static str,
        args: Vec<Value>,
    ) -> Result<T, Failed> {
        self.asked(site, None, market.as_slice(), &Wish::read(method, args), Timestamp::from_millis(0)).await
    }

    /// The same, with the time of the answer.
    pub(super) async fn open_at<T: DeserializeOwned>(
        &self,
        site: &Site,
        market: &MarketKey,
        wish: &Wish,
    ) -> Result<(T, Option<Timestamp>), Failed> {
        let (told, answer) = self.heard(site, None, &[market], wish, Timestamp::from_millis(0)).await?;
        Ok((told, answer.date()))
    }

    /// Sends it, once, signed for `at`.
    pub(super) async fn asked<T: DeserializeOwned>(
        &self,
        site: &Site,
        login: Option<&Login>,
        markets: &[&MarketKey],
        wish: &Wish,
        at: Timestamp,
    ) -> Result<T, Failed> {
        self.heard(site, login, markets, wish, at).await.map(|(heard, _)| heard)
    }

    /// The same, with the answer.
    pub(super) async fn heard<T: DeserializeOwned>(
        &self,
        site: &Site,
        login: Option<&Login>,
        markets: &[&MarketKey],
        wish: &Wish,
        at: Timestamp,
    ) -> Result<(T, Answer), Failed> {
        let mut core = self.core(site, login, markets).map_err(Failed::Not)?;
        let call = self.call(&mut *core, site, login, wish, at).map_err(Failed::Not)?;
        let answer = match self.transport.send(&call, self.traffic.asking(site)).await {
            Sent::Not(why) => return Err(Failed::Not(ExchangeError::new("NetworkError", why))),
            Sent::Lost(why) => return Err(Failed::Lost(why)),
            Sent::Answered(answer) => answer,
        };
        if let Some(login) = login {
            self.spare(login, &answer);
        }
        let understood = understood(&mut *core, wish, &call, &answer).map_err(|failed| failed.without(&call));
        if understood.as_ref().is_err_and(|failed| failed.is_of_site(&answer)) {
            self.traffic.failed(site);
        }
        if let (Some(login), Err(Failed::Refused(status, error))) = (login, &understood) {
            self.heed(login, &answer, *status, error);
        }
        Ok((understood?, answer))
    }

    /// The request for it. What is signed with a key goes to the exchange's own servers, or to this machine: the library knows of
    /// some exchanges the servers of others too.
    pub(super) fn call(
        &self,
        core: &mut dyn Core,
        site: &Site,
        login: Option<&Login>,
        wish: &Wish,
        at: Timestamp,
    ) -> Result<Call, ExchangeError> {
        let call = asked(core, wish, login.map_or(at, |login| login.signed_at(at)))?;
        let is_librarys = login.is_some() && site.url.starts_with(LIBRARYS_OWN);
        if is_librarys && !cores::home(self.id).is_some_and(|home| is_within(&call.url, home)) {
            return Err(ExchangeError::new(
                "NotSupported",
                "the library would ask servers that are not the exchange's own",
            ));
        }
        Ok(call)
    }

    /// What a refusal says of the key, of the clock, and of how much may be asked.
    fn heed(&self, login: &Login, answer: &Answer, status: u16, error: &ExchangeError) {
        if status < 500 {
            login.refusals.tell(outcome::fault(error));
            login.doubt.tell(outcome::word(status, error) == Some(words::CLOCK));
        }
        if outcome::is_too_much(status, error) {
            self.rest(login, answer, outcome::is_of_address(status, error));
        }
    }

    /// Asks nothing more of a site that turns this address away, and nothing for an account that has used up nearly all that it
    /// may, until it may again.
    fn spare(&self, login: &Login, answer: &Answer) {
        if self.ways.turns_away == Some(answer.status) {
            let why = "the exchange turns this address away".to_owned();
            self.traffic.pause(&login.site, Pause { until: login.now.plus(TOLD_PAUSE_MAX), why });
        }
        if let [Some(allowed), Some(left), Some(whole_in)] = ALLOWANCE.map(|name| answer.number(name))
            && left.saturating_mul(100) < allowed.saturating_mul(LEFT_PERCENT_MIN)
        {
            let until = login.now.plus(Millis::new(whole_in).max(Millis::ZERO).min(TOLD_PAUSE_MAX));
            let why = format!("{left} of {allowed} are left of what the account may ask");
            self.traffic.pause_one(login, Pause { until, why });
        }
    }

    /// Leaves the site alone as long as it has asked for, or asks nothing more for this account alone.
    fn rest(&self, login: &Login, answer: &Answer, is_of_address: bool) {
        let wait = answer.retry_after(TOLD_PAUSE_MAX).filter(|wait| *wait > Millis::ZERO).unwrap_or(REST);
        let why = "the exchange has asked to be asked less".to_owned();
        let pause = Pause { until: login.now.plus(wait), why };
        if is_of_address {
            self.traffic.pause(&login.site, pause);
        } else {
            self.traffic.pause_one(login, pause);
        }
    }

    /// The library, set up for this side of the exchange, with nothing that it would have to find out first.
    pub(super) fn core(
        &self,
        site: &Site,
        login: Option<&Login>,
        markets: &[&MarketKey],
    ) -> Result<Box<dyn Core>, ExchangeError> {
        let mut core = cores::make(self.id, &Value::from(self.config(login)))
            .ok_or_else(|| ExchangeError::new("NotSupported", "the exchange is not compiled in"))?;
        aim(&mut *core, site)?;
        let listed = markets.iter().map(|key| self.as_listed(key)).collect::<Result<Vec<_>, _>>()?;
        let currencies = self.ways.contracts.as_ref().map(|_| Value::from(contracts::currencies()));
        core.call("set_markets", std::iter::once(Value::from(json!(listed))).chain(currencies).collect())?;
        Ok(core)
    }

    fn as_listed(&self, key: &MarketKey) -> Result<serde_json::Value, ExchangeError> {
        let known = self.markets.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        let listed = known.and_then(|known| serde_json::from_str(&known).ok());
        listed.ok_or_else(|| ExchangeError::new("BadSymbol", format!("{key} has not been listed")))
    }

    /// What a contract of the market is, or that it is one of coins.
    pub(super) fn lot(&self, key: &MarketKey) -> Result<Lot, Failed> {
        let listed = self.as_listed(key).map_err(Failed::Not)?;
        let lot = Lot::of(&listed).filter(|lot| *lot != Lot::COINS || self.ways.contracts.is_none());
        lot.ok_or_else(|| {
            Failed::Not(ExchangeError::new("BadSymbol", format!("{key} does not say what a contract is")))
        })
    }

    fn config(&self, login: Option<&Login>) -> serde_json::Value {
        let mut options = self.ways.options.clone();
        let contracts = self.ways.contracts.as_ref();
        let (traded, list) = contracts.map_or(("spot", "spot"), |contracts| ("swap", contracts.list));
        let listed = json!({"types": [list], "fetchTickersFees": false});
        merge(&mut options, &json!({"defaultType": traded, "fetchMarkets": listed}));
        if contracts.is_some() {
            merge(&mut options, &json!({"defaultSubType": "linear"}));
        }
        let mut config = json!({"enableRateLimit": false, "options": options});
        merge(&mut config, &NOWHERE.into_iter().map(|(name, url)| (name, json!(url))).collect());
        if let Some(login) = login {
            let passphrase = login.key.passphrase.as_ref().map(|passphrase| passphrase.expose());
            merge(
                &mut config,
                &json!({
                    "apiKey": login.key.api_key.expose(), "secret": login.key.api_secret.expose(), "password": passphrase,
                }),
            );
        }
        config
    }

    /// Whether the library has this for the exchange, by its own name for it.
    pub(super) fn has(&self, what: &str) -> bool {
        let core = cores::make(self.id, &Value::from(self.config(None)));
        core.is_some_and(|mut core| matches!(part(&core.library().has, what), Value::Bool(true)))
    }

    /// How the library tells steps, and all that it lists.
    pub(super) async fn listed(&self, site: &Site) -> Result<(i64, Vec<serde_json::Value>), Failed> {
        let mut core = self.core(site, None, &[]).map_err(Failed::Not)?;
        let mode = markets::mode(&core.library().precisionMode).map_err(Failed::Not)?;
        Ok((mode, self.asked(site, None, &[], &self.list(), Timestamp::from_millis(0)).await?))
    }

    pub(super) fn list(&self) -> Wish {
        Wish { kind: Kind::List, asked: self.ways.list.asked, ..Wish::read(self.ways.list.read, Vec::new()) }
    }
}

fn understood<T: DeserializeOwned>(
    core: &mut dyn Core,
    wish: &Wish,
    call: &Call,
    answer: &Answer,
) -> Result<T, Failed> {
    let Some(told) = Told::of(answer, verb(call.method), &call.url) else {
        let why = format!("answered with HTTP status {}, in words that cannot be read", answer.status);
        return Err(refused_unread(answer.status, why));
    };
    let status = answer.status;
    core.judge(&told).map_err(|error| Failed::Refused(status, error))?;
    if !answer.is_success() {
        return Err(Failed::Lost(format!("answered with HTTP status {status}")));
    }
    let read = read(core, wish, told.json).map_err(|error| match wish.kind {
        // Some answer an unknown order with an empty list, of which the library then says so.
        Kind::Read if error.is("OrderNotFound") => Failed::Refused(status, error),
        _ => Failed::Lost(format!("accepted, but {error}")),
    })?;
    serde_json::from_value(read.to_json())
        .map_err(|error| Failed::Lost(format!("an answer that cannot be kept: {error}")))
}

pub(super) fn part(map: &Value, name: &str) -> Value {
    map.as_map().and_then(|map| map.get(name)).cloned().unwrap_or(Value::Null)
}

/// Puts more into an object.
pub(super) fn merge(into: &mut serde_json::Value, more: &serde_json::Value) {
    if let (Some(into), Some(more)) = (into.as_object_mut(), more.as_object()) {
        into.extend(more.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}

fn verb(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    }
}

pub(super) fn symbol(market: &MarketKey) -> Value {
    Value::from(market.symbol.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breadth::failed::without;
    use crate::breadth::servers::{aim_at, at};
    use crate::native::Transport;
    use app::ports::{Secret, VenueKey};
    use domain::vault::Mode;
    use std::sync::Arc;

    /// With it the library asks another house's servers about Binance US's coins.
    #[test]
    fn the_word_for_contracts_is_told_where_contracts_are_traded_alone() {
        let breadth = super::super::Breadth::new(Arc::new(Transport::new(true)), Arc::default());
        for name in ["BYBIT", "BYBITUSDM"] {
            let spoken = breadth.of(&name.parse().unwrap()).unwrap();
            let word = spoken.config(None)["options"]["defaultSubType"].clone();
            assert_eq!(word, if spoken.ways.contracts.is_some() { json!("linear") } else { json!(null) }, "{name}");
        }
    }

    #[test]
    fn what_is_signed_goes_to_no_server_of_anybody_else() {
        let breadth = super::super::Breadth::new(Arc::new(Transport::new(true)), Arc::default());
        let spoken = breadth.of(&"BYBIT".parse().unwrap()).unwrap();
        let asked_at = |server: &str, with_key: bool| {
            let site = Site { mode: Mode::Live, url: "ccxt:bybit".to_owned() };
            let secret = || Secret::new("of-nobody".to_owned());
            let key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
            let now = Timestamp::from_millis(0);
            let login = Login::new(site.clone(), key, now);
            let login = Some(&login).filter(|_| with_key);
            let mut core = spoken.core(&site, login, &[])?;
            let api = part(&core.library().urls, "api");
            aim_at(&mut *core, at(&api, server));
            let method = if with_key { "fetch_balance" } else { "fetch_time" };
            spoken.call(&mut *core, &site, login, &Wish::read(method, Vec::new()), now)
        };
        assert!(asked_at("https://api.bybit.com", true).is_ok());
        assert!(asked_at("https://api.bybit.com.example", true).is_err());
        assert!(asked_at("https://api.example", false).is_ok(), "what anybody may ask has no key in it");
    }

    #[test]
    fn an_address_is_of_a_domain_by_the_end_of_its_host_alone() {
        assert!(is_within("https://api.binance.us/api/v3/order", "binance.us"));
        assert!(is_within("https://binance.us?a=b", "binance.us"));
        for other in ["https://fapi.binance.com/binance.us", "https://notbinance.us/", "https://binance.us.example/"] {
            assert!(!is_within(other, "binance.us"), "{other}");
        }
        assert!(!is_within("https://api@evil.example/?.binance.us", "binance.us"));
        assert!(!is_within("https://binance.us:443@evil.example/", "binance.us"));
    }

    #[test]
    fn what_is_told_of_a_request_holds_nothing_of_how_it_was_signed() {
        let call = Call {
            method: Method::Get,
            url: String::new(),
            headers: vec![("x-key".into(), "key-of-nobody".to_owned()), ("x-window".into(), "5000".to_owned())],
            body: String::new(),
            shown: String::new(),
        };
        let check = |said: &str, told: &str| assert_eq!(without(said, &call), told);
        check(
            "bybit GET https://a.example/v5/x?AccessKeyId=k&Signature=s 401  {\"a\":1}",
            "bybit GET https://a.example/v5/x 401  {\"a\":1}",
        );
        check("{\"url\":\"/x?sign=s&b=c\",\"code\":1}", "{\"url\":\"/x\",\"code\":1}");
        check("'/x?sign=s' and /y?sign=t?u and /z?sign=v", "'/x' and /y and /z");
        check(
            "error sign! origin_string[1700000000123key-of-nobody5000a]",
            "error sign! origin_string[1700000000123…5000a]",
        );
        check("5000 is too much", "5000 is too much");
    }
}
