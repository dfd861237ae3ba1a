//! What no commit may ever do, whatever conditions it came with.

use super::World;
use super::item::{Item, key};
use super::table::Table;
use app::commit::{Change, Transaction};
use domain::account::Account;
use domain::ids::AccountId;
use domain::order::{Purpose, Status};

impl World {
    /// The account whose entry this change starts.
    pub(super) fn starts(&self, change: &Change) -> Option<AccountId> {
        let Change::Order { account, order, .. } = change else { return None };
        let table = self.table();
        let before = match table.get(&key::order(&order.group, &order.id)) {
            Some(Item::Order { order, .. }) => order.status,
            _ => Status::Planned,
        };
        let starts = order.purpose == Purpose::Entry && order.status == Status::Submitting && before < order.status;
        starts.then(|| account.clone())
    }

    /// No entry starts on a halted account, and none is opened beyond a limit.
    pub(super) fn judge(&self, table: &Table, transaction: &Transaction, starting: &[AccountId]) {
        for account in starting.iter().filter_map(|id| table.account(id)).filter(|account| account.halted.is_some()) {
            self.sim().violation(format!("an entry starts on {}, which is halted", account.id));
        }
        for change in &transaction.changes {
            let Change::Account(change) = change else { continue };
            if change.open_groups > 0 {
                table.account(&change.account).into_iter().for_each(|account| self.judge_limits(account));
            }
        }
    }

    fn judge_limits(&self, account: &Account) {
        let limits = &account.limits;
        let over_balance = account.reserved.iter().any(|(asset, reserved)| *reserved > account.balance(asset));
        let broken = [
            (account.open_groups > limits.open_groups_max, "too many open groups"),
            (account.exposure > limits.exposure_max, "too much exposure"),
            (over_balance, "more reserved than there is"),
        ];
        for (_, what) in broken.into_iter().filter(|(broken, _)| *broken) {
            self.sim().violation(format!("{}: {what}", account.id));
        }
    }
}
