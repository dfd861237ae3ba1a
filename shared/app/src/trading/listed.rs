//! Which of a user's positions, orders, alerts and trades a list shows.
//!
//! When they were opened, planned or received is a condition on the index. All others are looked at row by row, and reads are bounded: a
//! page may have fewer than are asked for where many others lie between, or none, and goes on.

use crate::ports::{Page, PageRequest, StoreError};
use domain::account::Account;
use domain::alert::Alert;
use domain::delivery::{Delivery, VerdictKind};
use domain::group::{Group, GroupStatus};
use domain::ids::{AccountId, BotId, GroupId, RunId, UserId};
use domain::limits::{ACCOUNT_LABEL_DEFAULT, LIST_READS_MAX, LIST_ROWS_MAX};
use domain::market::Symbol;
use domain::order::{Order, Status};
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::trading::Trading;
use store::{Engine, Span};

/// All that are all of this; what is not said is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<S> {
    pub status: Option<S>,
    pub account: Option<AccountId>,
    pub symbol: Option<Symbol>,
    /// Whose signals they came of.
    pub bot: Option<BotId>,
    pub run: Option<RunId>,
    /// Of alerts.
    pub mode: Option<Mode>,
    pub span: Span,
}

/// Positions, newest first, by when they were opened.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn positions<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<GroupStatus>,
    page: &PageRequest,
) -> Result<Page<Group>, StoreError> {
    let mut sift = Sift::begin(page, wanted.reads(page));
    while let Some(asked) = sift.next() {
        let mut read = Trading(deps).list_groups(user, wanted.span, &asked).await?;
        read.items.retain(|group| wanted.takes(group) && wanted.status.is_none_or(|status| group.status == status));
        sift.found(read);
    }
    Ok(sift.end())
}

/// Orders, newest first, by when they were planned.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn orders<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<Status>,
    page: &PageRequest,
) -> Result<Page<Order>, StoreError> {
    let Page { items, next } = orders_of_accounts(deps, user, wanted, page).await?;
    Ok(Page { items: items.into_iter().map(|(_, order)| order).collect(), next })
}

/// The same, each with its account.
pub(super) async fn orders_of_accounts<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<Status>,
    page: &PageRequest,
) -> Result<Page<(AccountId, Order)>, StoreError> {
    let (mut sift, mut groups) = (Sift::begin(page, wanted.reads(page)), BTreeMap::<GroupId, bool>::new());
    while let Some(asked) = sift.next() {
        let read = Trading(deps).list_orders(user, wanted.span, &asked).await?;
        let mut items = Vec::new();
        for (account, order) in read.items {
            let is_meant = wanted.account.as_ref().is_none_or(|wanted| *wanted == account)
                && wanted.mode.is_none_or(|mode| order.mode == Some(mode))
                && wanted.status.is_none_or(|status| order.status == status);
            if !is_meant {
                continue;
            }
            let known = groups.get(&order.group).copied();
            let is_meant = match known {
                Some(known) => known,
                None if wanted.asks_for_group() => {
                    let group = Trading(deps).load_group(&account, &order.group).await?;
                    *groups.entry(order.group.clone()).or_insert(group.is_some_and(|group| wanted.takes(&group)))
                }
                None => true,
            };
            items.extend(is_meant.then_some((account, order)));
        }
        sift.found(Page { items, next: read.next });
    }
    Ok(sift.end())
}

/// Alerts, newest first, by when they were received first. The status is the kind of their verdict.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn alerts<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<VerdictKind>,
    page: &PageRequest,
) -> Result<Page<Delivery>, StoreError> {
    let account = match &wanted.account {
        // What is no account of theirs has no alerts.
        Some(id) => match Trading(deps).load_account(id).await?.filter(|account| account.user == *user) {
            Some(account) => Some(account),
            None => return Ok(Page { items: Vec::new(), next: None }),
        },
        None => None,
    };
    let mut sift = Sift::begin(page, wanted.reads(page));
    while let Some(asked) = sift.next() {
        let mut read = Trading(deps).list_deliveries(user, wanted.span, &asked).await?;
        read.items.retain(|delivery| wanted.takes_alert(delivery, account.as_ref()));
        sift.found(read);
    }
    Ok(sift.end())
}

impl<S> Default for Wanted<S> {
    fn default() -> Self {
        Self { status: None, account: None, symbol: None, bot: None, run: None, mode: None, span: Span::default() }
    }
}

impl<S> Wanted<S> {
    /// Whether it is of this mode, account, market and bot.
    pub(super) fn takes(&self, group: &Group) -> bool {
        let by = group.bot.as_deref();
        self.mode.is_none_or(|mode| group.mode == Some(mode))
            && self.bot.as_ref().is_none_or(|bot| by.is_some_and(|by| by.bot == *bot))
            && self.run.as_ref().is_none_or(|run| by.is_some_and(|by| by.run == *run))
            && self.account.as_ref().is_none_or(|account| group.account == *account)
            && self.symbol.as_ref().is_none_or(|symbol| group.market.key.symbol == *symbol)
    }

    /// Whether an order does not tell it by itself.
    fn asks_for_group(&self) -> bool {
        self.bot.is_some() || self.run.is_some() || self.symbol.is_some()
    }

    /// Whether rows are read that may not be shown.
    pub fn looks_at_rows(&self) -> bool {
        self.status.is_some() || self.account.is_some() || self.mode.is_some() || self.asks_for_group()
    }

    /// A list without a condition is read page by page as it is; of others no more rows than a function has time for.
    fn reads(&self, page: &PageRequest) -> u32 {
        let reads = LIST_ROWS_MAX.checked_div(page.items()).unwrap_or(1).clamp(1, LIST_READS_MAX);
        if self.looks_at_rows() { reads } else { 1 }
    }
}

impl Wanted<VerdictKind> {
    fn takes_alert(&self, delivery: &Delivery, account: Option<&Account>) -> bool {
        let (verdict, by) = (delivery.verdict.as_ref(), delivery.bot.as_deref());
        self.status.is_none_or(|status| verdict.is_some_and(|verdict| verdict.kind == status))
            && self.mode.is_none_or(|mode| delivery.mode() == Some(mode))
            && self.bot.as_ref().is_none_or(|bot| by.is_some_and(|by| by.bot == *bot))
            && self.run.as_ref().is_none_or(|run| by.is_some_and(|by| by.run == *run))
            && self.says(delivery, account)
    }

    /// Whether what arrived means this account and market, as far as it can be read.
    fn says(&self, delivery: &Delivery, account: Option<&Account>) -> bool {
        if account.is_none() && self.symbol.is_none() {
            return true;
        }
        let alert = wire::alert::parse(&delivery.body, delivery.exchange.as_ref()).ok();
        let of_market = |symbol: &Symbol| {
            alert.as_ref().is_some_and(|alert| alert.symbol == *symbol || alert.other_symbols.contains(symbol))
        };
        self.symbol.as_ref().is_none_or(of_market)
            && account.is_none_or(|account| means(delivery, alert.as_ref(), account))
    }
}

/// A part of a route and a signal of a bot name their account; any other alert its exchange and a label.
fn means(delivery: &Delivery, alert: Option<&Alert>, account: &Account) -> bool {
    if let Some(part) = &delivery.part {
        return part.account == account.id;
    }
    if let Some(by) = &delivery.bot {
        return by.account == account.id;
    }
    alert.is_some_and(|alert| {
        let label = alert.account.as_deref().or(delivery.account.as_deref()).unwrap_or(ACCOUNT_LABEL_DEFAULT);
        alert.route.is_none() && alert.exchange == account.exchange && label == account.label
    })
}

/// A page that is put together of several reads. No more are read than may still be shown: the cursor of the last read is that of
/// the page.
#[derive(Debug)]
pub(super) struct Sift<T> {
    found: Page<T>,
    limit: u32,
    cursor: Option<String>,
    left: u32,
}

impl<T> Sift<T> {
    pub(super) fn begin(page: &PageRequest, reads: u32) -> Self {
        Self {
            found: Page { items: Vec::new(), next: None },
            limit: page.items(),
            cursor: page.cursor.clone(),
            left: reads,
        }
    }

    /// What is to be read next.
    pub(super) fn next(&mut self) -> Option<PageRequest> {
        let shown = u32::try_from(self.found.items.len()).unwrap_or(u32::MAX);
        let limit = self.limit.saturating_sub(shown);
        self.left = self.left.checked_sub(1).filter(|_| limit > 0)?;
        Some(PageRequest { limit, cursor: self.cursor.clone() })
    }

    pub(super) fn found(&mut self, read: Page<T>) {
        self.found.items.extend(read.items);
        self.found.next.clone_from(&read.next);
        if read.next.is_none() {
            self.left = 0;
        }
        self.cursor = read.next;
    }

    pub(super) fn end(self) -> Page<T> {
        self.found
    }
}
