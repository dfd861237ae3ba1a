//! `moniqo alerts send` and `template`

mod sizes;

use crate::args::{Cli, Kind, Output, Send, Side, Text};
use crate::client::Client;
use crate::failure::Failure;
use crate::table::printable;
use crate::target::Target;
use anstream::println;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs;
use std::io::read_to_string;
use std::path::Path;
use wire::alert::template::{Alert, for_preset, text};

/// The webhook's answer.
#[derive(Debug, Deserialize)]
struct Receipt {
    status: String,
    delivery_id: String,
}

pub(super) fn print_text(asked: &Text) -> Result<(), Failure> {
    let alert = match (asked.indicator, asked.exit) {
        (false, _) => Alert::Strategy,
        (true, false) => Alert::IndicatorEntry,
        (true, true) => Alert::IndicatorExit,
    };
    let exchange = asked.exchange.as_deref();
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if exchange.is_some_and(|name| !plain(name)) {
        return Err(Failure::input("--exchange must be a name such as PAPER or BINANCE"));
    }
    let text = text(alert, exchange);
    println!("{}", asked.preset.as_ref().map_or_else(|| text.clone(), |name| for_preset(&text, name)));
    Ok(())
}

pub(super) fn send(alert: &Send, cli: &Cli) -> Result<(), Failure> {
    let body = match &alert.file {
        Some(file) => read(file)?,
        None => written(alert, jiff::Timestamp::now()),
    };
    if alert.dry_run {
        println!("{body}");
        return Ok(());
    }
    let target = Target::find(cli.profile())?;
    let (url, token) = target.webhook()?;
    let answer = Client::new()?.post_alert(url, token, body)?;
    if cli.output() == Output::Json {
        println!("{}", answer.text);
        return Ok(());
    }
    let Receipt { status, delivery_id } = answer.read()?;
    let meaning =
        if status == "duplicate" { "it arrived before, and is not traded again" } else { "stored and queued" };
    let (status, delivery_id) = (printable(&status), printable(&delivery_id));
    println!("{status}  {delivery_id}  {meaning}\nIts verdict: moniqo alerts show {delivery_id}");
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    let text = if file == Path::new("-") { read_to_string(std::io::stdin()) } else { fs::read_to_string(file) };
    text.map_err(|error| Failure::input(format!("{}: {error}", file.display())))
}

/// The alert that the options describe, raised `now`.
fn written(alert: &Send, now: jiff::Timestamp) -> String {
    let tv = [
        ("exchange", alert.exchange.clone()),
        ("symbol", alert.symbol.clone()),
        ("timeframe", alert.timeframe.clone()),
        ("close", alert.price.clone()),
        // Under one id only one body is the same alert: nothing in it may depend on when it is sent.
        ("sent_at", alert.id.is_none().then(|| now.to_string())),
    ];
    let kind = alert.kind.map(|kind| if kind == Kind::Entry { "entry" } else { "exit" });
    let intent = [("type", kind), ("strategy", Some("grid")), ("side", alert.side.map(Side::word))];
    let top = [
        ("id", alert.id.clone().map(Value::from)),
        ("account", alert.account.clone().map(Value::from)),
        ("preset", alert.preset.clone().map(Value::from)),
        ("max_lag_seconds", alert.max_lag_seconds.map(Value::from)),
        ("tv", Some(object(tv.into_iter().chain(sizes::members(alert))))),
        ("execution_intent", Some(object(intent))),
        ("partial_exit", sizes::are_of_a_part(alert).then_some(Value::Bool(true))),
    ];
    json!(object(top)).to_string()
}

/// What was given; the rest is left out.
fn object<'a, T: Into<Value>>(members: impl IntoIterator<Item = (&'a str, Option<T>)>) -> Value {
    let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
    Value::Object(given.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests;
