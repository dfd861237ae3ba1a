//! Five hundred alerts on twenty symbols at once, for one account that may hold a dozen positions, beside a source of whale alerts.

use crate::support::prices::staying;
use crate::support::trader::market;
use crate::support::unique::{now, unique};
use crate::support::{Alert, Setting, Trader, together, until};
use crate::whales::Beside;
use domain::account::Account;
use domain::delivery::{Delivery, VerdictKind};
use domain::group::Group;
use domain::market::Market;
use domain::money::{Amount, Decimal};
use domain::order::{Order, Purpose, Status};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;
use store::trading::Trading;
use tokio::time::sleep;

const SYMBOLS: usize = 20;
const TIMEFRAMES: [&str; 2] = ["60", "1D"];
const ENTRIES: usize = 460;
/// With them five hundred: one for each market and timeframe, so that nothing is left open.
const EXITS: usize = SYMBOLS * TIMEFRAMES.len();
/// Who send at the same time.
const SENDERS: usize = 32;
const LOOK_EVERY: Duration = Duration::from_millis(500);
const READ_EVERY: Duration = Duration::from_secs(2);
const OPEN_GROUPS_MAX: u32 = 12;
const EXPOSURE_MAX: &str = "1000";
const ORDER_QUOTE_MAX: &str = "150";
const QUOTE: &str = "10000";

#[tokio::test]
async fn a_burst_of_500_alerts_on_20_symbols_loses_none_and_exceeds_no_limit() {
    let desk = Rc::new(Desk::new().await);
    let whales = Beside::begin().await;
    let transfer = whales.transfers();
    let entries: Vec<_> = (0..ENTRIES).map(|n| desk.entry(n)).collect();
    let watching = Rc::clone(&desk);
    let (taken, ()) = tokio::join!(desk.send_all(entries), watching.watch_limits());
    let deliveries = desk.all_decided(&taken).await;
    let opened = desk.assert_opened_is_what_was_ordered(&deliveries).await;
    tell(&format!("{ENTRIES} entries: {opened} positions; {}", counted(&deliveries)));
    let exits: Vec<_> = (0..EXITS).map(|n| desk.exit(n)).collect();
    let taken_too = desk.send_all(exits).await;
    let deliveries = desk.all_decided(&[taken, taken_too].concat()).await;
    assert_eq!(deliveries.len(), ENTRIES + EXITS);
    desk.assert_books_agree_and_nothing_is_held().await;
    whales.end_with_alert_of(&transfer).await;
}

/// A trader of twenty markets.
struct Desk {
    trader: Trader,
    markets: Vec<Market>,
    sending: Cell<bool>,
}

impl Desk {
    async fn new() -> Self {
        let limits = Setting {
            open_groups_max: OPEN_GROUPS_MAX,
            exposure_max: EXPOSURE_MAX,
            order_quote_max: ORDER_QUOTE_MAX,
            quote: QUOTE,
            ..Setting::default()
        };
        let trader = Trader::with(limits).await;
        let markets: Vec<_> = (0..SYMBOLS).map(|_| market(&unique())).collect();
        for market in &markets {
            trader.aws.put_market(market).await.unwrap();
            trader.aws.put_replay(&market.key, &staying("100")).await.unwrap();
        }
        Self { trader, markets, sending: Cell::new(true) }
    }

    /// Every third rests below the market, every tenth is more than one order may be.
    fn entry(&self, n: usize) -> Alert {
        let alert = self.slot(Alert::entry, n);
        match n {
            n if n % 10 == 9 => alert.buying("2"),
            n if n % 3 == 2 => alert.limit("80"),
            n if n % 2 == 1 => alert.buying("0.5"),
            _ => alert.buying("1"),
        }
    }

    fn exit(&self, n: usize) -> Alert {
        self.slot(Alert::exit, n)
    }

    /// The markets in turn, and then each again in the next timeframe.
    fn slot(&self, alert: fn(&str) -> Alert, n: usize) -> Alert {
        let market = &self.markets[n % SYMBOLS];
        alert(&market.key.symbol.to_string()).tv("timeframe", TIMEFRAMES[n / SYMBOLS % TIMEFRAMES.len()])
    }

    /// All alerts from many senders, each sent until it is taken; gives the deliveries' names.
    async fn send_all(self: &Rc<Self>, alerts: Vec<Alert>) -> Vec<String> {
        self.sending.set(true);
        let (begun, all) = (now(), alerts.len());
        let waiting = Rc::new(RefCell::new(alerts));
        let sender = |_| {
            let (desk, waiting) = (Rc::clone(self), Rc::clone(&waiting));
            async move { desk.send_in_turn(&waiting, all).await }
        };
        let taken: Vec<_> = together((0..SENDERS).map(sender)).await.concat();
        self.sending.set(false);
        let again = taken.iter().filter(|(_, repeated)| *repeated).count();
        tell(&format!("{all} alerts taken in {} ms, {again} sent more than once", now().since(begun).get()));
        taken.into_iter().map(|(id, _)| id).collect()
    }

    async fn send_in_turn(&self, waiting: &RefCell<Vec<Alert>>, all: usize) -> Vec<(String, bool)> {
        let mut taken = Vec::new();
        loop {
            let Some(alert) = waiting.borrow_mut().pop() else { return taken };
            let answered = self.trader.send(&alert).await;
            assert_eq!(answered.answer.status, 202, "{:?}", answered.answer);
            taken.push((answered.answer.json()["delivery_id"].as_str().unwrap().to_owned(), answered.repeated));
            let left = waiting.borrow().len();
            if left > 0 && left.is_multiple_of(100) {
                tell(&format!("{} of {all} alerts sent", all - left));
            }
        }
    }

    /// Looks at the limits for as long as alerts are being sent. How often depends on the machine: both are slow on a slow one.
    async fn watch_limits(&self) {
        let mut looks = 0;
        while self.sending.get() {
            self.assert_within_limits().await;
            looks += 1;
            sleep(LOOK_EVERY).await;
        }
        assert!(looks >= 3, "a burst that was looked at {looks} times");
    }

    async fn assert_within_limits(&self) {
        let account = self.account().await;
        let exposure_max: Amount = EXPOSURE_MAX.parse().unwrap();
        assert!(account.open_groups <= OPEN_GROUPS_MAX, "{account:?}");
        assert!(account.exposure <= exposure_max, "{account:?}");
        let quote = &self.markets[0].key.symbol.quote;
        assert!(account.reserved(quote) <= account.balance(quote), "{account:?}");
        let mut slots = BTreeSet::new();
        let groups = self.trader.all_groups().await;
        let twice = groups.iter().filter(|group| !group.is_settled()).find(|group| !slots.insert(slot_of(group)));
        assert!(twice.is_none(), "two open groups of one market and timeframe: {twice:?}");
        assert!(slots.len() <= OPEN_GROUPS_MAX as usize, "{slots:?}");
    }

    /// Every delivery, once each has its verdict: what was taken, each once, and nothing else.
    async fn all_decided(&self, taken: &[String]) -> Vec<Delivery> {
        let undecided = Cell::new(usize::MAX);
        let deliveries = until("a verdict for each alert", async || {
            self.assert_within_limits().await;
            // All rows at once are much to read: whoever looks too often is what the others wait for.
            sleep(READ_EVERY).await;
            let deliveries = self.trader.all_deliveries().await;
            let waiting = deliveries.iter().filter(|delivery| !delivery.is_settled()).count();
            if undecided.replace(waiting) / 100 != waiting / 100 {
                tell(&format!("{waiting} of {} alerts wait for their verdict", deliveries.len()));
            }
            (waiting == 0).then_some(deliveries)
        })
        .await;
        let ids: BTreeSet<_> = deliveries.iter().map(|delivery| delivery.at.id.as_str()).collect();
        assert_eq!(ids, taken.iter().map(String::as_str).collect());
        assert_eq!((ids.len(), deliveries.len()), (taken.len(), taken.len()), "each alert is one delivery");
        deliveries
    }

    /// As many positions as alerts were accepted, one entry of each at the venue, and every limit was met.
    async fn assert_opened_is_what_was_ordered(&self, deliveries: &[Delivery]) -> usize {
        let opened = deliveries.iter().filter(|delivery| reason(delivery) == "opened");
        let opened: BTreeSet<_> = opened.map(|delivery| &delivery.at).collect();
        let groups = self.trader.look("each entry to be at the venue", async || self.groups_at_venue().await).await;
        let openers: BTreeSet<_> = groups.iter().map(|group| &group.delivery).collect();
        assert_eq!((openers.len(), &openers), (groups.len(), &opened));
        assert!(!groups.is_empty() && !groups.iter().any(Group::is_settled), "{groups:#?}");
        let reasons: BTreeSet<_> = deliveries.iter().map(reason).collect();
        assert!(reasons.contains("already_live"), "{reasons:?}");
        assert!(reasons.contains("open_groups_max") || reasons.contains("exposure_max"), "{reasons:?}");
        self.assert_within_limits().await;
        groups.len()
    }

    /// All groups, once nothing is under way and the venue has one entry of each.
    async fn groups_at_venue(&self) -> Option<Vec<Group>> {
        let (groups, orders) = (self.trader.all_groups().await, self.trader.all_orders().await);
        let placed: Vec<_> = orders.iter().filter(|order| is_at_venue(order)).collect();
        let under_way = orders.iter().any(|order| !is_at_venue(order) && order.status != Status::NotPlaced);
        let entries = placed.iter().filter(|order| order.purpose == Purpose::Entry).count();
        let at_venue = self.trader.orders_at_venue().await;
        (!under_way && entries == groups.len() && placed.len() == at_venue).then_some(groups)
    }

    /// Every position is over: nothing is held, and what was gained is what the venue's book says.
    async fn assert_books_agree_and_nothing_is_held(&self) {
        let groups = self.trader.look("all positions to be over", async || self.groups_that_are_over().await).await;
        let realised: Decimal =
            groups.iter().filter_map(|group| group.settled).map(|settled| settled.realised.get()).sum();
        let quote = &self.markets[0].key.symbol.quote;
        let account = self
            .trader
            .look("our balance to be the venue's", async || {
                let account = self.account().await;
                (account.balance(quote).get() == self.trader.quote_at_venue().await).then_some(account)
            })
            .await;
        let start: Decimal = QUOTE.parse().unwrap();
        assert_eq!(account.balance(quote).get() - start, realised, "{groups:#?}");
        assert_eq!((account.open_groups, account.exposure, account.reserved(quote)), (0, Amount::ZERO, Amount::ZERO));
        let book = self.trader.book().await;
        let held = book.balances.iter().filter(|(asset, _)| *asset != quote);
        assert!(book.open.is_empty() && held.clone().all(|(_, held)| held.free == Amount::ZERO), "{book:?}");
        let orders = self.trader.all_orders().await;
        let sent = orders.iter().filter(|order| order.venue_id.is_some()).count();
        assert_eq!(self.trader.orders_at_venue().await, sent, "{orders:#?}");
    }

    async fn groups_that_are_over(&self) -> Option<Vec<Group>> {
        let groups = self.trader.all_groups().await;
        groups.iter().all(Group::is_settled).then_some(groups)
    }

    async fn account(&self) -> Account {
        Trading(&self.trader.aws).load_account(&self.trader.account).await.unwrap().unwrap()
    }
}

fn is_at_venue(order: &Order) -> bool {
    matches!(order.status, Status::Open | Status::PartiallyFilled | Status::Filled)
}

fn slot_of(group: &Group) -> (String, Option<String>) {
    (group.market.key.symbol.to_string(), group.timeframe.as_ref().map(ToString::to_string))
}

fn reason(delivery: &Delivery) -> &str {
    delivery.verdict.as_ref().and_then(|verdict| verdict.reason.as_deref()).unwrap_or_default()
}

/// How many of each verdict.
fn counted(deliveries: &[Delivery]) -> String {
    let mut counts = BTreeMap::<_, u32>::new();
    for delivery in deliveries {
        let kind = delivery.verdict.as_ref().map_or(VerdictKind::Queued, |verdict| verdict.kind);
        *counts.entry((kind.as_str(), reason(delivery))).or_default() += 1;
    }
    counts.iter().map(|((kind, reason), count)| format!("{count} {kind} {reason}")).collect::<Vec<_>>().join(", ")
}

/// Whoever waits for this test sees that it goes on.
fn tell(what: &str) {
    eprintln!("burst: {what}");
}
