//! `moniqo recover`: has a restored table looked at, shows the difference, and says that it may go on. Accounts that are
//! left out of that wait on: the same command has them looked at later.

use super::Api;
use crate::args::Recover;
use crate::client::Answer;
use crate::failure::Failure;
use crate::table::{maybe, plain, table, time, word};
use anstream::{eprintln, println};
use comfy_table::Cell;
use serde_json::{Value, json};
use std::thread;
use std::time::{Duration, Instant};
use wire::view::{HoldingState, RecoveryAccount, RecoveryChange, RecoveryState, UnknownOrder};

const CHANGES: [&str; 7] = ["account", "position", "order", "for", "in the table", "at the exchange", "filled"];
const UNKNOWN: [&str; 8] = ["account", "exchange order", "symbol", "side", "state", "quantity", "filled", "accepted"];
const HOLDINGS: [&str; 4] = ["account", "asset", "held by positions", "at the exchange"];

/// How long two looks take that are a minute apart, with functions that start cold.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long after one look the next is asked for.
const ASK: Duration = Duration::from_secs(25);
const LOOK: Duration = Duration::from_secs(2);
const NOT_READY: &str = "moniqo doctor, then cargo xtask logs account-watch; an account that cannot be queried now may be left out: \
                         moniqo recover --confirm --leave-out ACCOUNT --reason \"…\"";

pub(super) fn run(api: &Api, wanted: &Recover) -> Result<(), Failure> {
    let (mut answer, mut state) = get(api)?;
    if !state.recovered || state.accounts.iter().any(|account| account.waits) {
        let leave_out = ids(&state, &wanted.leave_out)?;
        (answer, state) = looked_at(api, answer, state, &leave_out)?;
        if let Some(reason) = wanted.reason.clone().filter(|_| wanted.confirm) {
            answer = post(api, "recover/confirm", Some(&json!({"reason": reason, "leave_out": leave_out})))?;
            state = answer.read()?;
        }
    }
    println!("{}", if api.is_json() { answer.text } else { shown(&state) });
    Ok(())
}

/// The ids of accounts that are named by id or label.
fn ids(state: &RecoveryState, names: &[String]) -> Result<Vec<String>, Failure> {
    let id = |name: &String| {
        let mut meant = state.accounts.iter().filter(|account| account.id == *name || account.label == *name);
        match (meant.next(), meant.next()) {
            (Some(account), None) => Ok(account.id.clone()),
            (None, _) => Err(Failure::input(format!("{name} is no account of this table"))),
            (Some(_), Some(_)) => Err(Failure::input(format!("{name} means several accounts: name one by its id"))),
        }
    };
    names.iter().map(id).collect()
}

/// Asks for looks until every account was looked at to the end that waits, and is not to wait on.
fn looked_at(
    api: &Api,
    answer: Answer,
    state: RecoveryState,
    leave_out: &[String],
) -> Result<(Answer, RecoveryState), Failure> {
    let (mut answer, mut state) = (answer, state);
    let (until, mut ask_at) = (Instant::now() + PATIENCE, Instant::now());
    while !unready(&state, leave_out).is_empty() {
        if Instant::now() >= until {
            let left = unready(&state, leave_out).join(", ");
            return Err(Failure::refused(format!("not checked completely: {left}")).next(NOT_READY));
        }
        if Instant::now() >= ask_at {
            post(api, "recover", None)?;
            ask_at = Instant::now() + ASK;
            let (left, all) = (unready(&state, leave_out).len(), state.accounts.len());
            eprintln!("querying the exchanges, twice, a minute apart: {left} of {all} accounts to go");
        }
        wait();
        (answer, state) = get(api)?;
    }
    Ok((answer, state))
}

/// Who holds up the confirmation.
fn unready<'s>(state: &'s RecoveryState, leave_out: &[String]) -> Vec<&'s str> {
    let waiting = state.accounts.iter().filter(|account| account.waits && !account.ready);
    waiting.map(|account| account.id.as_str()).filter(|id| !leave_out.iter().any(|out| out == id)).collect()
}

fn get(api: &Api) -> Result<(Answer, RecoveryState), Failure> {
    let answer = api.get("recover")?;
    let state = answer.read()?;
    Ok((answer, state))
}

fn post(api: &Api, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
    let (url, token) = api.target.api()?;
    api.client.post(&format!("{url}/api/v1/{path}"), token, body.map(Value::to_string))
}

fn shown(state: &RecoveryState) -> String {
    let changes = rows(state, |report| &report.changes, change);
    let unknown = rows(state, |report| &report.unknown_orders, unknown);
    let holdings = rows(state, |report| &report.holdings, holding);
    let parts = [
        format!("changed by the answers of the exchanges\n{}", table(&CHANGES, changes, "nothing")),
        format!("orders of no position of this table\n{}", table(&UNKNOWN, unknown, "none")),
        format!("holdings\n{}", table(&HOLDINGS, holdings, "no position is open")),
        ending(state),
    ];
    parts.join("\n\n")
}

fn ending(state: &RecoveryState) -> String {
    let reports = state.accounts.iter().filter_map(|account| account.report.as_ref());
    let left_out: u32 = reports.map(|report| report.markets_left_out).sum();
    let left_out = if left_out == 0 { String::new() } else { format!("{left_out} markets were not listed.\n") };
    let waiting: Vec<&str> =
        state.accounts.iter().filter(|account| account.waits).map(|account| account.id.as_str()).collect();
    let verdict = if state.recovered && waiting.is_empty() {
        "The table is recovered: trading continues.".to_owned()
    } else if state.recovered {
        format!(
            "The table is recovered: trading continues, except for {}, for which nothing is sent to an exchange.\n\
             Once their exchanges can be queried: moniqo recover --confirm --reason \"…\"",
            waiting.join(", ")
        )
    } else {
        "The table is not recovered: nothing is sent to an exchange. Resolve the differences, then\n\
         moniqo recover --confirm --reason \"…\""
            .to_owned()
    };
    format!("{left_out}{verdict}")
}

fn rows<T>(
    state: &RecoveryState,
    part: impl Fn(&wire::view::RecoveryReport) -> &Vec<T>,
    row: impl Fn(&RecoveryAccount, &T) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let reported = state.accounts.iter().filter_map(|account| Some((account, account.report.as_ref()?)));
    reported
        .flat_map(|(account, report)| part(report).iter().map(|line| row(account, line)).collect::<Vec<_>>())
        .collect()
}

fn change(account: &RecoveryAccount, change: &RecoveryChange) -> Vec<Cell> {
    vec![
        plain(&*account.label),
        plain(&*change.position_group_id),
        plain(&*change.order_id),
        plain(change.purpose.to_string()),
        maybe(change.before),
        word(change.after.as_str()),
        plain(&*change.filled),
    ]
}

fn unknown(account: &RecoveryAccount, order: &UnknownOrder) -> Vec<Cell> {
    vec![
        plain(&*account.label),
        plain(&*order.exchange_order_id),
        plain(&*order.symbol),
        plain(order.side.as_str()),
        word(order.state.as_str()),
        plain(&*order.quantity),
        plain(&*order.filled),
        plain(time(order.accepted_at)),
    ]
}

fn holding(account: &RecoveryAccount, holding: &HoldingState) -> Vec<Cell> {
    vec![plain(&*account.label), plain(&*holding.asset), plain(&*holding.held), plain(&*holding.at_venue)]
}

#[allow(clippy::disallowed_methods, reason = "a person looks on; nothing of the money path waits here")]
fn wait() {
    thread::sleep(LOOK);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(recovered: bool) -> RecoveryState {
        let table = "t".to_owned();
        RecoveryState { recovered, table, deployment_epoch: None, adopted_at: None, accounts: Vec::new() }
    }

    fn account(id: &str, ready: bool, waits: bool) -> RecoveryAccount {
        let (exchange, label) = ("PAPER".to_owned(), "default".to_owned());
        RecoveryAccount { id: id.to_owned(), exchange, label, ready, waits, report: None }
    }

    #[test]
    fn what_is_to_be_done_next_is_said() {
        assert!(shown(&state(false)).contains("moniqo recover --confirm --reason"));
        assert!(shown(&state(true)).ends_with("trading continues."));
        let without = RecoveryState { accounts: vec![account("a", false, true)], ..state(true) };
        assert!(shown(&without).contains("except for a, for which nothing is sent"));
    }

    #[test]
    fn who_is_left_out_or_goes_on_already_holds_nobody_up() {
        let accounts = vec![account("a", false, true), account("b", false, false), account("c", true, true)];
        let state = RecoveryState { accounts, ..state(false) };
        assert_eq!(unready(&state, &[]), ["a"]);
        assert!(unready(&state, &["a".to_owned()]).is_empty());
    }

    #[test]
    fn an_account_is_named_by_its_id_or_by_a_label_of_its_own() {
        let mut other = account("b", false, true);
        other.label = "other".to_owned();
        let accounts = vec![account("a", false, true), account("c", false, true), other];
        let state = RecoveryState { accounts, ..state(false) };
        assert_eq!(ids(&state, &["other".to_owned(), "a".to_owned()]).unwrap(), ["b", "a"]);
        for name in ["default", "nobody"] {
            assert!(ids(&state, &[name.to_owned()]).is_err(), "{name}");
        }
    }
}
