//! Lists of positions, orders and alerts, of which only some are asked for.

use super::*;
use app::ports::{Page, PageRequest};
use domain::bot::{ByBot, SentBy};
use domain::delivery::{Verdict, VerdictKind};
use domain::ids::{AccountId, BotId, RunId};
use domain::limits::LIST_READS_MAX;
use domain::vault::Mode;

fn hours(hours: i64) -> Timestamp {
    NOW.minus(Millis::seconds(hours * 3_600))
}

fn by(bot: &str) -> Box<ByBot> {
    Box::new(ByBot { bot: BotId::at(NOW, &[bot]), run: RunId::at(NOW, &[bot]) })
}

fn first() -> PageRequest {
    PageRequest { limit: 50, cursor: None }
}

/// One that was opened so many hours ago, with its entry.
fn position(name: &str, opened: i64, status: GroupStatus) -> Position {
    let id = GroupId::of(&[name]);
    let entry = order_of(&id, (Purpose::Entry, 0, 0), Status::Open);
    let mut position = position_of([Order { planned_at: hours(opened), ..entry }]);
    (position.group.id, position.group.opened_at, position.group.status) = (id, hours(opened), status);
    position
}

fn book() -> World {
    let world = World::calm_at(NOW);
    let mut euros = position("euros", 2, GroupStatus::Live);
    euros.group.market.key.symbol = "BTC/EUR".parse().unwrap();
    let mut bots = position("bots", 3, GroupStatus::Closing);
    bots.group.bot = Some(by("a"));
    let mut elsewhere = position("elsewhere", 4, GroupStatus::Live);
    elsewhere.group.account = AccountId::of(&["elsewhere"]);
    let mut others = position("another's", 1, GroupStatus::Live);
    others.group.user = UserId::of(&["other"]);
    put(&world, &[position("waits", 1, GroupStatus::Waiting), euros, bots, elsewhere, others]);
    world
}

#[test]
fn positions_and_their_orders_are_those_that_are_all_that_was_asked_for() {
    let world = book();
    let check = |wanted: Wanted<GroupStatus>, expected: &[&str]| {
        let groups: Vec<_> = expected.iter().map(|name| GroupId::of(&[name])).collect();
        let asked = wanted.clone();
        let read = played(&world, |world| async move { positions(&world, ann(), &asked, &first()).await.unwrap() });
        assert_eq!(read.items.iter().map(|group| group.id.clone()).collect::<Vec<_>>(), groups, "{wanted:?}");
        if wanted.status.is_some() {
            return;
        }
        let asked = Wanted { account: wanted.account, symbol: wanted.symbol, bot: wanted.bot, ..Wanted::default() };
        let asked = Wanted { run: wanted.run, span: wanted.span, status: Some(Status::Open), ..asked };
        let read = played(&world, |world| async move { orders(&world, ann(), &asked, &first()).await.unwrap() });
        assert_eq!(read.items.iter().map(|order| order.group.clone()).collect::<Vec<_>>(), groups);
    };
    let any = Wanted::default;
    check(any(), &["waits", "euros", "bots", "elsewhere"]);
    check(Wanted { status: Some(GroupStatus::Live), ..any() }, &["euros", "elsewhere"]);
    check(Wanted { symbol: Some("BTC/EUR".parse().unwrap()), ..any() }, &["euros"]);
    check(Wanted { bot: Some(by("a").bot), ..any() }, &["bots"]);
    check(Wanted { run: Some(by("b").run), ..any() }, &[]);
    check(Wanted { account: Some(AccountId::of(&["elsewhere"])), ..any() }, &["elsewhere"]);
    check(Wanted { span: Span { since: Some(hours(3)), until: Some(hours(1)) }, ..any() }, &["euros", "bots"]);
    check(Wanted { span: Span { since: None, until: Some(hours(3)) }, ..any() }, &["elsewhere"]);
    check(Wanted { span: Span { since: Some(hours(1)), until: None }, ..any() }, &["waits"]);
    let far = Timestamp::from_millis(10_413_792_000_000);
    check(Wanted { span: Span { since: Some(hours(3)), until: Some(far) }, ..any() }, &["waits", "euros", "bots"]);
    check(Wanted { span: Span { since: Some(far), until: None }, ..any() }, &[]);
    let none = Wanted { status: Some(Status::Filled), ..Wanted::default() };
    let read = played(&world, |world| async move { orders(&world, ann(), &none, &first()).await.unwrap() });
    assert_eq!(read, Page { items: Vec::new(), next: None });
}

#[test]
fn a_page_without_what_is_asked_for_goes_on() {
    let world = World::calm_at(NOW);
    let many: Vec<_> = (0..40).map(|number| position(&number.to_string(), number, GroupStatus::Live)).collect();
    put(&world, &many);
    let wanted = Wanted { symbol: Some("BTC/EUR".parse().unwrap()), ..Wanted::default() };
    let page = PageRequest { limit: 4, cursor: None };
    let asked = wanted.clone();
    let read = played(&world, |world| async move { positions(&world, ann(), &asked, &page).await.unwrap() });
    assert_eq!((read.items, LIST_READS_MAX * 4 < 40), (Vec::new(), true));
    assert!(read.next.is_some(), "eight reads of four rows are not all");
    let page = PageRequest { limit: 4, cursor: read.next };
    let read = played(&world, |world| async move { positions(&world, ann(), &wanted, &page).await.unwrap() });
    assert_eq!(read, Page { items: Vec::new(), next: None });
}

fn alert(name: &str, seconds: i64, symbol: &str, account: Option<&str>) -> Delivery {
    let body = format!(
        r#"{{"id": "{name}", "tv": {{"exchange": "PAPER", "symbol": "{symbol}"}}, "execution_intent": {{"type": "exit"}}}}"#
    );
    let first_at = NOW.plus(Millis::seconds(seconds));
    Delivery { account: account.map(str::to_owned), ..alert_of(name, body, first_at) }
}

#[test]
fn alerts_are_those_that_are_all_that_was_asked_for() {
    let world = World::calm_at(NOW);
    let verdict = |kind, mode| Some(Verdict::new(kind, NOW).in_mode(Some(mode)));
    let refused =
        Delivery { verdict: verdict(VerdictKind::Refused, Mode::Live), ..alert("refused", 1, "BTCUSDT", None) };
    let paper = Delivery { verdict: verdict(VerdictKind::Accepted, Mode::Paper), ..alert("paper", 2, "ETHUSDT", None) };
    let side = alert("side", 3, "BTCUSDT", Some("side"));
    let sent = SentBy { bot: by("a").bot, run: by("a").run, account: account().id };
    let bots = Delivery { bot: Some(Box::new(sent)), ..alert("bots", 4, "BTCUSDT", Some("side")) };
    let unread = Delivery { body: "exit".to_owned(), ..alert("unread", 5, "BTCUSDT", None) };
    let all = [refused, paper, side, bots, unread];
    played(&world, |world| async move {
        world.put_account(&account(), Standing { enabled: true, validated: true });
        for delivery in &all {
            Trading(&world).put_delivery(delivery, attempt()).await.unwrap();
        }
    });
    let check = |wanted: Wanted<VerdictKind>, expected: &[&str]| {
        let asked = wanted.clone();
        let read = played(&world, |world| async move { alerts(&world, ann(), &asked, &first()).await.unwrap() });
        let reference = |name: &&str| DeliveryKey { identity: Identity::Named, hash: Sha::of_parts(&[name]) }.hash;
        let expected: Vec<_> = expected.iter().map(reference).collect();
        assert_eq!(read.items.iter().map(|found| found.at.key.clone()).collect::<Vec<_>>(), expected, "{wanted:?}");
    };
    let any = Wanted::default;
    check(any(), &["unread", "bots", "side", "paper", "refused"]);
    check(Wanted { status: Some(VerdictKind::Refused), ..any() }, &["refused"]);
    check(Wanted { mode: Some(Mode::Paper), ..any() }, &["paper"]);
    check(Wanted { symbol: Some("ETH/USDT".parse().unwrap()), ..any() }, &["paper"]);
    check(Wanted { bot: Some(by("a").bot), ..any() }, &["bots"]);
    check(Wanted { account: Some(account().id), ..any() }, &["bots", "paper", "refused"]);
    check(Wanted { account: Some(AccountId::of(&["nobody's"])), ..any() }, &[]);
    let second = |seconds: i64| Some(NOW.plus(Millis::seconds(seconds)));
    check(Wanted { span: Span { since: second(2), until: second(4) }, ..any() }, &["side", "paper"]);
}
