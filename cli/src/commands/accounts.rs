//! `moniqo accounts`, and the table that halting and resuming show too.

use super::Api;
use crate::failure::Failure;
use crate::table::{plain, table};
use comfy_table::{Cell, Color};
use wire::view::{AccountState, BalanceState, HaltStates};

const HEADER: [&str; 7] =
    ["account", "exchange", "label", "entries", "balance (reserved)", "open groups", "day's loss"];

pub(super) fn run(api: &Api) -> Result<(), Failure> {
    api.show("halt", false, |states: &HaltStates| {
        let accounts = accounts(&states.accounts);
        if states.system_halted { format!("{accounts}\n\nThe whole deployment is halted.") } else { accounts }
    })
}

pub(super) fn accounts(accounts: &[AccountState]) -> String {
    table(&HEADER, accounts.iter().map(row).collect(), "You have no account.")
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
