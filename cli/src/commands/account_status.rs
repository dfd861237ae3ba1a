//! `moniqo accounts status`, and the table that halting and resuming show too.

use super::accounts::may_enter;
use super::{Api, of};
use crate::args::Whose;
use crate::failure::Failure;
use crate::table::{plain, printable, table, time};
use comfy_table::{Cell, Color};
use std::collections::BTreeMap;
use wire::view::{AccountState, BalanceState, HaltStates, List, Missing, StrayOrder, Time, UserWallet};

const HEADER: [&str; 7] =
    ["account", "exchange", "label", "entries", "balance (reserved)", "open positions", "loss today"];

/// By account, whether it may enter where nothing halts it.
type MayEnter = BTreeMap<String, String>;

/// In the place of a timeframe, where a position has none.
const NO_TIMEFRAME: &str = "-";

pub(super) fn run(api: &Api, whose: &Whose) -> Result<(), Failure> {
    let may = if api.is_json() { MayEnter::new() } else { standing(api, whose)? };
    api.show(&of("halt".to_owned(), whose), false, |states: &HaltStates| {
        let accounts = shown(&states.accounts, &may);
        if states.system_halted { format!("{accounts}\n\nThe whole deployment is halted.") } else { accounts }
    })
}

fn standing(api: &Api, whose: &Whose) -> Result<MayEnter, Failure> {
    let kept: List<UserWallet> = api.all(&of("accounts".to_owned(), whose))?.read()?;
    Ok(kept.items.iter().map(|kept| (kept.id.clone(), may_enter(kept))).collect())
}

fn shown(of: &[AccountState], may: &MayEnter) -> String {
    let lines = [cooldowns(of), drift(of)].concat();
    format!("{}{}", with_standing(of, may), printable(&lines))
}

/// Those that were halted or resumed.
pub(super) fn accounts(accounts: &[AccountState]) -> String {
    with_standing(accounts, &MayEnter::new())
}

fn with_standing(accounts: &[AccountState], may: &MayEnter) -> String {
    let row = |account: &AccountState| row(account, may.get(&account.id));
    table(&HEADER, accounts.iter().map(row).collect(), "There are no accounts.").to_string()
}

/// Where a position has ended so lately that none is opened in its place; nothing where all has cooled.
fn cooldowns(accounts: &[AccountState]) -> String {
    let running = |account: &AccountState| {
        let line = |(seat, until): (&String, &Time)| {
            let (symbol, timeframe) = seat.split_once('#').unwrap_or((seat, NO_TIMEFRAME));
            let timeframe = if timeframe == NO_TIMEFRAME { "without a timeframe" } else { timeframe };
            format!("\n\n{}: cooldown of {symbol} {timeframe} until {}", account.label, time(*until))
        };
        account.cooldowns.iter().map(line).collect::<String>()
    };
    accounts.iter().map(running).collect()
}

/// What differs between the venue and the positions; nothing where nothing does.
fn drift(accounts: &[AccountState]) -> String {
    let missing = |(asset, missing): (&String, &Missing)| {
        let Missing { missing, held, at_venue, since } = missing;
        format!(
            "{missing} {asset} missing at the exchange since {}: {held} held by positions, {at_venue} there",
            time(*since)
        )
    };
    let stray = |order: &StrayOrder| {
        let StrayOrder { client_order_id, side, quantity, filled, state, symbol, .. } = order;
        format!(
            "an orphan order at the exchange: {client_order_id}, {side} {quantity} of {symbol}, {state}, {filled} filled"
        )
    };
    let told = |account: &AccountState| {
        let lines = account.drift.missing.iter().map(missing).chain(account.drift.stray_orders.iter().map(stray));
        lines.map(|line| format!("\n\n{}: {line}", account.label)).collect::<String>()
    };
    accounts.iter().map(told).collect()
}

fn row(account: &AccountState, may_enter: Option<&String>) -> Vec<Cell> {
    let balance = |(asset, state): (&String, &BalanceState)| format!("{} {asset} ({})", state.balance, state.reserved);
    let balances: Vec<String> = account.balances.iter().map(balance).collect();
    let entries = match (&account.halted, &account.reducing) {
        (Some(halt), _) => plain(format!("halted: {}", halt.reason)).fg(Color::Red),
        (None, Some(stop)) => plain(format!("reducing: {}", stop.reason)).fg(Color::Yellow),
        (None, None) => plain(may_enter.map_or("not halted", String::as_str)),
    };
    vec![
        plain(&*account.id),
        plain(&*account.exchange),
        plain(&*account.label),
        entries,
        plain(balances.join(", ")),
        plain(format!("{} of {}", account.open_groups, account.open_groups_max)),
        plain(format!("{} of {}", account.day_loss, account.day_loss_max)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(cooldowns: &serde_json::Value) -> AccountState {
        let at = "2026-01-31T12:00:00Z";
        let account = json!({
            "id": "acc_1", "exchange": "PAPER", "label": "default", "entries": "active", "balances": {}, "balance_at": at, "open_groups": 0,
            "open_groups_max": 5, "exposure": "0", "exposure_max": "1", "order_quote_max": "1", "day_loss": "0",
            "day_loss_max": "1", "cooldowns": cooldowns, "drift": {"at": null, "missing": {}, "stray_orders": []},
        });
        serde_json::from_value(account).unwrap()
    }

    #[test]
    fn cooldowns_are_told_while_they_run() {
        let until = "2026-01-31T16:00:00Z";
        let cooling = account(&json!({"BTC/USDT#240": until, "ETH/USDT#-": until}));
        let none = MayEnter::new();
        let (table, lines) = (accounts(std::slice::from_ref(&cooling)), shown(&[cooling], &none));
        let expected = "\n\ndefault: cooldown of BTC/USDT 240 until 2026-01-31 16:00:00\
                        \n\ndefault: cooldown of ETH/USDT without a timeframe until 2026-01-31 16:00:00";
        assert_eq!(lines, format!("{table}{expected}"));
        let cool = [account(&json!({}))];
        assert_eq!(shown(&cool, &none), accounts(&cool));
    }

    #[test]
    fn only_an_account_that_may_enter_is_told_to() {
        let told = |halted: &serde_json::Value, may: &str| {
            let mut account = account(&json!({}));
            account.halted = serde_json::from_value(halted.clone()).unwrap();
            shown(&[account], &MayEnter::from([("acc_1".to_owned(), may.to_owned())]))
        };
        let none = json!(null);
        assert!(told(&none, "no: not validated").contains("no: not validated"));
        assert!(told(&none, "yes").contains("  yes  "));
        let halted = json!({"reason": "a pause", "at": "2026-01-31T12:00:00Z"});
        assert!(told(&halted, "yes").contains("halted: a pause"));
        assert!(accounts(&[account(&json!({}))]).contains("not halted"), "nobody has asked whether it may");
    }
}
