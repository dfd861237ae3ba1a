//! The same way on an exchange's own wire, as the simulator speaks it: a key that its owner saves, an alert, an order whose
//! answer is lost, and one book on both sides in the end.

use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::api::Api;
use super::contracts;
use super::scene::{Scene, all_orders};
use super::screen::{Screen, title};
use super::way::{Sent, accepted, text};
use crate::failure::{Failure, Result, While};
use crate::venue_sim::VenueSim;

const LABEL: &str = "demo";
/// In quote, and where the take-profit has been filled.
pub(super) const PRICE: &str = "64000";
const HIGHER: &str = "66000";

pub(super) fn play(scene: &Scene<'_>, sim: &VenueSim, screen: &mut Screen) -> Result<()> {
    let exchange = Exchange::at(sim);
    title("Binance, as it is spoken to: a key, an alert, an order, its profit");
    exchange.price(PRICE)?;
    let person = log_in(scene, screen)?;
    let account = connect(&person, &exchange, screen)?;
    bound(scene, &person, &exchange, screen, |scene, screen| {
        profits(scene, &exchange, screen)?;
        loses_an_answer(scene, &exchange, screen)
    })?;
    disconnect(&person, &account, screen)?;
    contracts::play(scene, &person, &Exchange::of_contracts(sim), screen)
}

/// Plays with a webhook token that is good for this person's account there alone, and revokes it.
pub(super) fn bound(
    scene: &Scene<'_>,
    person: &Api,
    exchange: &Exchange,
    screen: &mut Screen,
    play: impl FnOnce(&Scene<'_>, &mut Screen) -> Result<()>,
) -> Result<()> {
    let label = format!("demo-{}", scene.stage.now());
    let token =
        person.post("/webhook-tokens", &json!({"label": label, "account": LABEL, "exchange": exchange.name}))?;
    screen.check(token.status == 201, "a webhook token is bound to this account alone");
    let bound = person.with_webhook(&text(&token.body["webhook_path"]));
    play(&Scene { api: &bound, ..*scene }, screen)?;
    let revoked = person.delete(&format!("/webhook-tokens/{}", text(&token.body["id"])))?;
    screen.check(revoked.status == 204, "its webhook token is revoked");
    Ok(())
}

/// Saves the simulator's key for whoever is logged in, has it found good and lets its account enter. Gives its path.
pub(super) fn connect(person: &Api, exchange: &Exchange, screen: &mut Screen) -> Result<String> {
    let (key, secret) = exchange.key()?;
    let body = json!({"mode": "live", "label": LABEL, "api_key": key, "api_secret": secret});
    let saved = person.post(&format!("/keys/{}", exchange.name), &body)?;
    screen.line("key", &format!("{} {}", saved.status, text(&saved.body["key"]["masked"])));
    screen.check(matches!(saved.status, 200 | 201), "a key is saved once the exchange has told what it may");
    let found = person.put(&format!("/keys/{}/validate?label={LABEL}", exchange.name), &json!({}))?;
    screen.check(found.body["validated"] == true, "it may read and trade, and cannot withdraw");
    let one = format!("/accounts/{}", text(&saved.body["id"]));
    let enabled = person.put(&one, &json!({"label": LABEL, "enabled": true}))?;
    screen.check(enabled.body["enabled"] == true, "its owner lets it enter");
    Ok(one)
}

/// An account of an exchange is connected once: the next run connects it anew.
pub(super) fn disconnect(person: &Api, account: &str, screen: &mut Screen) -> Result<()> {
    let removed = person.delete(account)?;
    screen.check(removed.status == 204, "its account is removed, and the key with it");
    Ok(())
}

fn profits(scene: &Scene<'_>, exchange: &Exchange, screen: &mut Screen) -> Result<()> {
    let sent = enter(scene, screen)?;
    let rests = |group: &Value| group["protected"] == "at_venue";
    scene.follow(screen, &sent.group, "its take-profit and stop at the exchange", rests)?;
    screen.check(true, "take-profit and stop rest at the exchange as a pair: one cancels the other");
    exchange.price(HIGHER)?;
    let closed = scene.follow(screen, &sent.group, "the take-profit", |group| group["status"] == "closed")?;
    screen.check(closed["exit_reason"] == "take_profit", "the exchange has sold it with profit");
    Ok(())
}

/// The time-out that makes others order twice.
fn loses_an_answer(scene: &Scene<'_>, exchange: &Exchange, screen: &mut Screen) -> Result<()> {
    title("The exchange takes an order, and its answer is lost");
    exchange.price(PRICE)?;
    exchange.control("/faults", &json!({"kind": "timeout_after", "count": 1, "ms": 8_000}))?;
    let sent = enter(scene, screen)?;
    let is_filled = |group: &Value| entries(group).iter().any(|order| order["state"] == "filled");
    let held = scene.follow(screen, &sent.group, "the order to be found", is_filled)?;
    screen.check(entries(&held).len() == 1, "it was asked for by its id, and never sent again");
    let id = text(&entries(&held)[0]["client_order_id"]);
    screen.check(exchange.orders(&id)? == 1, "the exchange has it once");
    scene.api.post(&format!("/position-groups/{}/close", sent.group), &json!({}))?;
    scene.follow(screen, &sent.group, "the group to be closed", |group| group["status"] == "closed")?;
    screen.check(exchange.duplicates()? == 0, "no id of ours came to the exchange twice");
    Ok(())
}

fn enter(scene: &Scene<'_>, screen: &mut Screen) -> Result<Sent> {
    let alert = json!({
        "id": format!("demo-{}", scene.stage.now()),
        "tv": {"exchange": "BINANCE", "symbol": "BTC/USDT", "price": PRICE},
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
    });
    accepted(scene, screen, &alert)
}

/// Keys are saved by people: one is made for it, and logs in as everybody does.
fn log_in(scene: &Scene<'_>, screen: &mut Screen) -> Result<Api> {
    let password = format!("Demo-{}-1", scene.stage.now());
    let email = scene.stage.make_person(&password)?;
    let entered = scene.api.post("/auth/login", &json!({"email": email.as_str(), "password": password}))?;
    screen.check(entered.status == 200, "whoever trades there has logged in");
    Ok(scene.api.with(&text(&entered.body["token"])))
}

fn entries(group: &Value) -> Vec<Value> {
    all_orders(group).into_iter().filter(|order| order["purpose"] == "entry").collect()
}

/// The simulator's control calls.
pub(crate) struct Exchange {
    client: Client,
    url: String,
    /// As the simulator names it, and as accounts do.
    site: &'static str,
    name: &'static str,
}

impl Exchange {
    pub(crate) fn at(sim: &VenueSim) -> Self {
        Self { client: Client::new(), url: sim.url.clone(), site: "binance", name: "BINANCE" }
    }

    pub(super) fn of_contracts(sim: &VenueSim) -> Self {
        Self { site: "binance-futures", name: "BINANCEUSDM", ..Self::at(sim) }
    }

    /// Of bitcoin, from now on.
    pub(crate) fn price(&self, price: &str) -> Result<()> {
        self.control("/price", &json!({"market": "BTC/USDT", "price": price}))
    }

    fn control(&self, path: &str, call: &Value) -> Result<()> {
        let mut call = call.clone();
        call["venue"] = json!(self.site);
        let sent = self.client.post(format!("{}/sim{path}", self.url)).json(&call).send();
        let answer = sent.while_doing("telling the simulator")?;
        if answer.status().is_success() { Ok(()) } else { Err(Failure::new(answer.text().unwrap_or_default())) }
    }

    fn show(&self, path: &str) -> Result<Value> {
        let shown =
            self.client.get(format!("{}/sim{path}", self.url)).send().and_then(reqwest::blocking::Response::json);
        shown.while_doing("asking the simulator")
    }

    /// A key that may read and trade: its public and its secret half.
    pub(crate) fn key(&self) -> Result<(String, String)> {
        let keys = self.show("/keys")?;
        let is_meant = |key: &&Value| key["site"] == self.site && key["name"] == "main";
        let key = keys.as_array().into_iter().flatten().find(is_meant);
        let key = key.ok_or_else(|| Failure::new(format!("the simulator has no key of {}", self.site)))?;
        Ok((text(&key["id"]), text(&key["secret"])))
    }

    /// Contracts that are held; null where none are.
    pub(super) fn position(&self) -> Result<Value> {
        Ok(self.show(&format!("/books?venue={}", self.site))?["positions"][0].clone())
    }

    fn orders(&self, id: &str) -> Result<usize> {
        let found = self.show(&format!("/orders?venue={}&client_order_id={id}", self.site))?;
        Ok(found.as_array().map_or(0, Vec::len))
    }

    /// Ids that came more than once.
    fn duplicates(&self) -> Result<usize> {
        let found = self.show("/duplicates")?;
        Ok(["sent", "taken"].iter().filter_map(|kind| found[*kind].as_array()).map(Vec::len).sum())
    }
}
