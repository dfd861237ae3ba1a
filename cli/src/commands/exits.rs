//! `moniqo positions edit`

use super::{Api, input};
use crate::args::{Basis, Exits};
use crate::failure::Failure;
use serde_json::{Map, Value, json};
use wire::view::PositionGroup;

pub(super) fn run(api: &Api, wanted: &Exits) -> Result<(), Failure> {
    let body = super::act::json(&body(wanted)?)?;
    let id = &wanted.id;
    api.put(&format!("position-groups/{id}/exits"), body, wanted.if_version, |group: &PositionGroup| {
        format!("{id} has new exits, at version {}. Watch it: moniqo positions show {id} --watch", group.version)
    })
}

/// What is said, in the API's members; what is taken off is null.
fn body(wanted: &Exits) -> Result<Map<String, Value>, Failure> {
    let mut body = match &wanted.file {
        Some(file) => {
            let read = serde_json::from_str(&input::read(Some(file))?);
            read.map_err(|error| Failure::input(format!("--file must hold a JSON object: {error}")))?
        }
        None => said(wanted),
    };
    if let Some(reason) = &wanted.reason {
        body.insert("reason".to_owned(), json!(reason));
    }
    Ok(body)
}

fn said(wanted: &Exits) -> Map<String, Value> {
    let basis = |basis: Basis| if basis == Basis::Base { "base" } else { "average" };
    let members = [
        ("take_profit", take_profit(wanted)),
        ("stop_loss_percent", change(wanted.stop_loss.clone(), wanted.no_stop_loss)),
        ("stop_loss_basis", wanted.stop_loss_basis.map(|of| json!(basis(of)))),
        ("break_even_after_step", wanted.break_even_after.map(|step| json!(step))),
        ("stop_loss_trailing", change(wanted.stop_loss_trailing.then_some(true), wanted.no_stop_loss_trailing)),
        ("stop_loss_delay_seconds", change(wanted.stop_loss_delay, wanted.no_stop_loss_delay)),
        ("stop_loss_at_venue", at_venue(wanted)),
        ("minimum_profit_percent", change(wanted.minimum_profit.clone(), wanted.no_minimum_profit)),
        ("time_limit_minutes", change(wanted.time_limit, wanted.no_time_limit)),
    ];
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn at_venue(wanted: &Exits) -> Option<Value> {
    let said = wanted.stop_loss_at_venue || wanted.no_stop_loss_at_venue;
    said.then(|| json!(wanted.stop_loss_at_venue))
}

fn take_profit(wanted: &Exits) -> Option<Value> {
    let mut whole = json!({"steps": [{"profit_percent": wanted.take_profit.as_ref()?, "amount_percent": "100"}]});
    if let (Some(trailing), Some(members)) = (&wanted.trailing, whole.as_object_mut()) {
        members.insert("trailing_percent".to_owned(), json!(trailing));
    }
    Some(whole)
}

/// What it is to be, or that it is to be no more.
fn change<T: Into<Value>>(to: Option<T>, off: bool) -> Option<Value> {
    to.map(Into::into).or(off.then_some(Value::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command, PositionAct, Positions};
    use clap::Parser;

    fn typed(line: &str) -> Exits {
        let cli = Cli::try_parse_from(format!("moniqo positions edit grp_1 {line}").split_whitespace()).unwrap();
        match cli.command {
            Command::Positions(Positions { act: Some(PositionAct::Edit(exits)), .. }) => *exits,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn what_is_typed_is_what_the_api_reads() {
        let check = |line: &str, expected: Value| {
            let body = body(&typed(line)).unwrap();
            assert_eq!(Value::Object(body.clone()), expected, "{line}");
            wire::preset::exits::Exits::parse(&Value::Object(body).to_string()).unwrap();
        };
        check("--stop-loss 3.5 --reason x", json!({"stop_loss_percent": "3.5", "reason": "x"}));
        check("--no-stop-loss --if-version 7", json!({"stop_loss_percent": null}));
        check(
            "--take-profit 2 --no-time-limit --reason x",
            json!({"take_profit": {"steps": [{"profit_percent": "2", "amount_percent": "100"}]},
                   "time_limit_minutes": null, "reason": "x"}),
        );
        check(
            "--stop-loss-basis average --break-even-after 1 --time-limit 90 --if-version 1",
            json!({"stop_loss_basis": "average", "break_even_after_step": 1, "time_limit_minutes": 90}),
        );
        check(
            "--take-profit 2.5 --trailing 0.8 --minimum-profit 0.3 --reason x",
            json!({"take_profit": {"steps": [{"profit_percent": "2.5", "amount_percent": "100"}],
                                   "trailing_percent": "0.8"},
                   "minimum_profit_percent": "0.3", "reason": "x"}),
        );
        check(
            "--stop-loss 4 --stop-loss-trailing --stop-loss-delay 30 --if-version 1",
            json!({"stop_loss_percent": "4", "stop_loss_trailing": true, "stop_loss_delay_seconds": 30}),
        );
        check("--stop-loss-at-venue --if-version 1", json!({"stop_loss_at_venue": true}));
        check("--no-stop-loss-at-venue --if-version 1", json!({"stop_loss_at_venue": false}));
        check(
            "--no-stop-loss-trailing --no-stop-loss-delay --no-minimum-profit --if-version 1",
            json!({"stop_loss_trailing": null, "stop_loss_delay_seconds": null, "minimum_profit_percent": null}),
        );
    }
}
