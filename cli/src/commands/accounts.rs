//! `moniqo accounts`, and the table that halting and resuming show too.

use super::Api;
use crate::failure::Failure;
use crate::table::{plain, table, time};
use comfy_table::{Cell, Color};
use wire::view::{AccountState, BalanceState, HaltStates, Missing, StrayOrder};

const HEADER: [&str; 7] =
    ["account", "exchange", "label", "entries", "balance (reserved)", "open groups", "day's loss"];

pub(super) fn run(api: &Api) -> Result<(), Failure> {
    api.show("halt", false, |states: &HaltStates| {
        let accounts = format!("{}{}", accounts(&states.accounts), drift(&states.accounts));
        if states.system_halted { format!("{accounts}\n\nThe whole deployment is halted.") } else { accounts }
    })
}

pub(super) fn accounts(accounts: &[AccountState]) -> String {
    table(&HEADER, accounts.iter().map(row).collect(), "You have no account.")
}

/// What differs between the venue and the positions; nothing where nothing does.
fn drift(accounts: &[AccountState]) -> String {
    let missing = |(asset, missing): (&String, &Missing)| {
        let Missing { missing, held, at_venue, since } = missing;
        format!(
            "{missing} {asset} missing at the venue since {}: {held} held by positions, {at_venue} there",
            time(*since)
        )
    };
    let stray = |order: &StrayOrder| {
        let StrayOrder { client_order_id, side, quantity, symbol, .. } = order;
        format!("an order of nobody at the venue: {client_order_id}, {side} {quantity} of {symbol}")
    };
    let told = |account: &AccountState| {
        let lines = account.drift.missing.iter().map(missing).chain(account.drift.stray_orders.iter().map(stray));
        lines.map(|line| format!("\n\n{}: {line}", account.label)).collect::<String>()
    };
    accounts.iter().map(told).collect()
}

fn row(account: &AccountState) -> Vec<Cell> {
    let balance = |(asset, state): (&String, &BalanceState)| format!("{} {asset} ({})", state.balance, state.reserved);
    let balances: Vec<String> = account.balances.iter().map(balance).collect();
    let entries = match &account.halted {
        Some(halt) => plain(format!("halted: {}", halt.reason)).fg(Color::Red),
        None => plain("allowed"),
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
