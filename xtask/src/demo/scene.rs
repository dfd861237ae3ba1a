//! What every scene does: send an alert, follow its group, wait for a verdict.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api::Api;
use super::gave_up;
use super::screen::Screen;
use crate::failure::{Failure, Result};
use crate::interrupt;
use crate::stage::Stage;

/// Longer than a minute's tick, a dead executor's message, a fence of time and two passes together.
const PATIENCE: Duration = Duration::from_secs(240);
const LOOK_EVERY: Duration = Duration::from_millis(400);

pub(super) struct Scene<'a> {
    pub(super) api: &'a Api,
    pub(super) stage: &'a Stage,
    pub(super) speed: u32,
}

/// The changes of a group that were told already.
#[derive(Debug, Default)]
pub(super) struct Told(BTreeSet<String>);

impl Scene<'_> {
    /// A demo begins with nothing open and nothing halted. It closes positions of earlier demos, and no others.
    pub(super) fn clear(&self, screen: &Screen) -> Result<()> {
        let (open, deliveries) = (self.api.open_groups()?, self.api.deliveries()?);
        let (own, others) = by_demos(&open, &deliveries);
        if !others.is_empty() {
            let next = "close them with `moniqo close grp_…`, or start with an empty stack: `cargo xtask reset`";
            let open = format!("the demo did not open these positions, and would disturb them: {}", others.join(", "));
            return Err(Failure::new(open).next(next));
        }
        self.api.post("/resume", &json!({"reason": "the demo begins"}))?;
        for group in own {
            screen.line("closing", &format!("{group}, left open by an earlier demo"));
            self.api.post(&format!("/position-groups/{group}/close"), &json!({}))?;
            self.follow(screen, &group, "an old group to close", |group| group["status"] == "closed")?;
        }
        Ok(())
    }

    /// Prices from the beginning of the recorded series.
    pub(super) fn rewind(&self) -> Result<()> {
        self.stage.rewind(self.speed)
    }

    pub(super) fn wait_for_verdict(&self, delivery: &str) -> Result<Value> {
        self.wait("a verdict", || self.api.verdict(delivery))
    }

    /// Follows a group until `done`, and tells every change.
    pub(super) fn follow(
        &self,
        screen: &Screen,
        group: &str,
        what: &str,
        done: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        self.follow_on(screen, &mut Told::default(), group, what, done)
    }

    /// The same in parts, each change told once.
    pub(super) fn follow_on(
        &self,
        screen: &Screen,
        told: &mut Told,
        group: &str,
        what: &str,
        mut done: impl FnMut(&Value) -> bool,
    ) -> Result<Value> {
        self.wait(what, || {
            let seen = self.api.group(group)?;
            for (name, text) in events(&seen) {
                if told.0.insert(format!("{name} {text}")) {
                    screen.line(&name, &text);
                }
            }
            Ok(done(&seen).then_some(seen))
        })
    }

    /// Looks again and again until there is something.
    pub(super) fn wait<T>(&self, what: &str, look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        wait(what, look)
    }
}

/// The ids of open positions, apart: those that a demo's alert has opened, and the others.
fn by_demos(open: &[Value], deliveries: &[Value]) -> (Vec<String>, Vec<String>) {
    let is_by_demo = |group: &&Value| {
        let alert = deliveries.iter().find(|delivery| delivery["id"] == group["delivery_id"]);
        let body = alert.and_then(|alert| serde_json::from_str::<Value>(alert["body"].as_str()?).ok());
        body.is_some_and(|body| body["id"].as_str().is_some_and(|id| id.starts_with("demo-")))
    };
    let (own, others): (Vec<_>, Vec<_>) = open.iter().partition(is_by_demo);
    let ids = |groups: Vec<&Value>| groups.iter().filter_map(|group| group["id"].as_str().map(str::to_owned)).collect();
    (ids(own), ids(others))
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(found) = look()? {
            return Ok(found);
        }
        interrupt::pause(LOOK_EVERY)?;
    }
    Err(gave_up(what))
}

/// A group's state as lines that are told once each.
fn events(group: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut events = vec![("group".to_owned(), text(&group["status"]))];
    for order in all_orders(group) {
        let (purpose, state) = (text(&order["purpose"]), text(&order["state"]));
        let price = order["price"].as_str().map_or_else(|| "the market".to_owned(), str::to_owned);
        events.push(("order".to_owned(), format!("{purpose}: {} at {price}, {state}", text(&order["quantity"]))));
    }
    for fill in group["fills"].as_array().into_iter().flatten() {
        events.push(("fill".to_owned(), format!("{} at {}", text(&fill["quantity"]), text(&fill["price"]))));
    }
    if let (Some(price), Some(profit)) = (group["mark"]["price"].as_str(), group["unrealised_pnl"].as_str()) {
        events.push(("price".to_owned(), format!("{price}, unrealised {profit}")));
    }
    if let Some(reason) = group["exit_reason"].as_str() {
        events.push(("exit".to_owned(), reason.to_owned()));
    }
    if let Some(why) = group["attention"].as_str() {
        events.push(("attention".to_owned(), why.to_owned()));
    }
    events
}

/// Entries, take-profits and exits.
pub(super) fn all_orders(group: &Value) -> Vec<Value> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let pyramids = list(&group["pyramids"]);
    let legs = pyramids.iter().flat_map(|pyramid| list(&pyramid["legs"]));
    let entries = legs.flat_map(|leg| list(&leg["orders"]));
    entries.chain(list(&group["take_profit_orders"])).chain(list(&group["exit_orders"])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_that_a_demo_did_not_open_are_told_apart() {
        let group = |id: &str, delivery: &str| json!({"id": id, "delivery_id": delivery});
        let delivery = |id: &str, body: &str| json!({"id": id, "body": body});
        let open = [group("grp_1", "dlv_1"), group("grp_2", "dlv_2"), group("grp_3", "dlv_3"), group("grp_4", "dlv_4")];
        let deliveries = [
            delivery("dlv_1", r#"{"id": "demo-17"}"#),
            delivery("dlv_2", r#"{"id": "my-first"}"#),
            delivery("dlv_3", "buy BTCUSDT"),
        ];
        let (own, others) = by_demos(&open, &deliveries);
        assert_eq!((own, others), (vec!["grp_1".to_owned()], ["grp_2", "grp_3", "grp_4"].map(str::to_owned).to_vec()));
    }
}
