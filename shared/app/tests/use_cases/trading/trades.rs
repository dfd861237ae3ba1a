//! Trades that are listed, and what they have made.

use super::*;
use app::ports::{Page, PageRequest};
use domain::bot::ByBot;
use domain::group::Mark;
use domain::ids::{AccountId, BotId, RunId};
use domain::limits::{LIST_READS_MAX, PAGE_ITEMS_MAX, PROFIT_PAGES_MAX};
use domain::market::Exchange;
use domain::vault::Mode;
use store::trading::keys;

/// Calls that one page of a list is read by: which groups, and those themselves.
const LIST: u32 = 2;
/// And a position: its group, and its orders.
const LOAD: u32 = 2;

fn hours(hours: i64) -> Timestamp {
    NOW.minus(Millis::seconds(hours * 3_600))
}

fn by(bot: &str, run: &str) -> Box<ByBot> {
    Box::new(ByBot { bot: BotId::at(NOW, &[bot]), run: RunId::at(NOW, &[run]) })
}

fn done(group: &GroupId, purpose: Purpose, direction: Direction, price: &str) -> Order {
    Order { direction, ..filled(order_of(group, (purpose, 0, 0), Status::Filled), price) }
}

/// Bought at 100, so many hours ago.
fn open(name: &str, opened: i64) -> Position {
    let id = GroupId::of(&[name]);
    let mut position = position_of([done(&id, Purpose::Entry, Direction::Buy, "100")]);
    (position.group.id, position.group.opened_at) = (id, hours(opened));
    position
}

/// And sold again.
fn closed(name: &str, opened: i64, closed: i64, price: &str) -> Position {
    let mut position = open(name, opened);
    let exit = done(&position.group.id, Purpose::Exit, Direction::Sell, price);
    position.orders.push(exit);
    position.settle(hours(closed)).unwrap()
}

fn of(mut position: Position, by: Box<ByBot>) -> Position {
    position.group.bot = Some(by);
    position
}

/// What Ann has traded, and somebody else.
fn book(positions: impl IntoIterator<Item = Position>) -> World {
    let (world, mut others) = (World::calm_at(NOW), open("another's", 1));
    others.group.user = UserId::of(&["other"]);
    let positions: Vec<_> = [others].into_iter().chain(positions).collect();
    put(&world, &positions);
    world.calls_taken();
    world
}

/// From here on nobody can read what these positions have ordered.
fn hide<'a>(world: &World, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        let orders = format!("query {}", keys::of_group(&GroupId::of(&[name])));
        world.set_down(Box::leak(orders.into_boxed_str()), true);
    }
}

fn listed(world: &World, wanted: &Wanted<TradeStatus>, page: PageRequest) -> Page<Position> {
    let wanted = wanted.clone();
    played(world, |world| async move { trades(&world, ann(), &wanted, &page).await.unwrap() })
}

fn profits_of(world: &World, wanted: &Wanted<TradeStatus>) -> Profits {
    let wanted = wanted.clone();
    played(world, |world| async move { profits(&world, ann(), &wanted).await.unwrap() })
}

fn page(limit: u32, cursor: Option<&str>) -> PageRequest {
    PageRequest { limit, cursor: cursor.map(str::to_owned) }
}

fn names(page: &Page<Position>) -> Vec<GroupId> {
    page.items.iter().map(|position| position.group.id.clone()).collect()
}

#[test]
fn what_is_asked_of_trades_all_holds_of_those_that_are_listed() {
    let mut euros = open("euros", 4);
    euros.group.market.key.symbol = "BTC/EUR".parse().unwrap();
    let mut elsewhere = open("elsewhere", 5);
    elsewhere.group.account = AccountId::of(&["elsewhere"]);
    let mut unfilled = open("unfilled", 2);
    unfilled.orders.clear();
    let mut failed = open("failed", 2);
    failed.group.status = GroupStatus::Failed;
    let bot = of(closed("bot", 3, 1, "110"), by("a", "1"));
    let other = of(closed("other", 6, 1, "110"), by("a", "2"));
    let book = book([open("open", 1), unfilled, failed, bot, euros, elsewhere, other]);
    let check = |wanted: Wanted<TradeStatus>, expected: &[&str]| {
        let listed = listed(&book, &wanted, page(50, None));
        let expected: Vec<_> = expected.iter().map(|name| GroupId::of(&[name])).collect();
        assert_eq!(names(&listed), expected, "{wanted:?}");
    };
    let any = Wanted::default;
    check(any(), &["open", "bot", "euros", "elsewhere", "other"]);
    check(Wanted { bot: Some(by("a", "1").bot), ..any() }, &["bot", "other"]);
    check(Wanted { run: Some(by("a", "2").run), ..any() }, &["other"]);
    check(Wanted { bot: Some(by("b", "1").bot), run: Some(by("a", "1").run), ..any() }, &[]);
    check(Wanted { account: Some(AccountId::of(&["elsewhere"])), ..any() }, &["elsewhere"]);
    check(Wanted { symbol: Some("BTC/EUR".parse().unwrap()), ..any() }, &["euros"]);
    check(Wanted { status: Some(TradeStatus::Closed), ..any() }, &["bot", "other"]);
    check(
        Wanted { status: Some(TradeStatus::Open), symbol: Some(market().key.symbol), ..any() },
        &["open", "elsewhere"],
    );
    check(Wanted { span: Span { since: Some(hours(4)), until: Some(hours(1)) }, ..any() }, &["bot", "euros"]);
}

#[test]
fn every_trade_is_listed_once_whatever_lies_between_and_no_page_reads_without_end() {
    let one = |number: i64| {
        let position = open(&number.to_string(), number);
        if number % 7 == 0 { of(position, by("a", "1")) } else { position }
    };
    let book = book((0..200).map(one));
    let others: Vec<_> = (0..200).filter(|number| number % 7 != 0).map(|number: i32| number.to_string()).collect();
    hide(&book, others.iter().map(String::as_str));
    let wanted = Wanted { bot: Some(by("a", "1").bot), ..Wanted::default() };
    let (mut found, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let read = listed(&book, &wanted, page(5, cursor.as_deref()));
        let loads = LOAD * u32::try_from(read.items.len()).unwrap();
        assert!(
            read.items.len() <= 5 && book.calls_taken() <= LIST * LIST_READS_MAX + loads,
            "others are not read whole"
        );
        found.extend(names(&read));
        (cursor, pages) = (read.next, pages + 1);
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..200).step_by(7).map(|number| GroupId::of(&[&number.to_string()])).collect();
    assert_eq!(found, expected);
    assert!(pages > 5);
    // What was opened before the time is not looked for.
    let recent = Wanted { span: Span { since: Some(hours(3)), until: None }, ..wanted };
    let read = listed(&book, &recent, page(5, None));
    assert_eq!((names(&read), read.next), (vec![GroupId::of(&["0"])], None));
    assert_eq!(book.calls_taken(), LIST + LOAD);
}

#[test]
fn sums_are_by_the_day_of_the_end_by_bot_and_by_asset() {
    let mut euros = closed("euros", 30, 2, "90");
    euros.group.market.key.symbol = "BTC/EUR".parse().unwrap();
    let mut marked = of(open("marked", 3), by("a", "1"));
    marked.group.mark = Some(Mark { price: "103".parse().unwrap(), at: NOW });
    let exchange = marked.group.market.key.exchange.clone();
    let mut elsewhere = closed("elsewhere", 30, 2, "110");
    elsewhere.group.market.key.exchange = "KRAKEN".parse().unwrap();
    let book = book([
        open("open", 1),
        marked,
        elsewhere,
        of(closed("won", 30, 2, "110"), by("a", "1")),
        euros,
        closed("lost", 60, 26, "95"),
        closed("before", 900, 800, "200"),
    ]);
    let wanted = Wanted { span: Span { since: Some(hours(100)), until: Some(NOW) }, ..Wanted::default() };
    // What is over is counted as it was settled.
    hide(&book, ["elsewhere", "won", "euros", "lost", "before"]);
    let sums = profits_of(&book, &wanted);
    let money = |exchange: Exchange, asset: &str| Money { mode: None, exchange, asset: asset.parse().unwrap() };
    let [usdt, eur] = ["USDT", "EUR"].map(|asset| money(exchange.clone(), asset));
    let apart = money("KRAKEN".parse().unwrap(), "USDT");
    let told = |closed: &Closed| (closed.trades, closed.won, closed.realised.to_string());
    let of = |trades: u32, won: u32, realised: &str| (trades, won, realised.to_owned());
    let days: Vec<_> = sums.days.iter().map(|((day, asset), closed)| (*day, asset.clone(), told(closed))).collect();
    let (today, before) = (hours(2).day(), hours(26).day());
    let expected = [
        (before, usdt.clone(), of(1, 0, "-5")),
        (today, apart.clone(), of(1, 1, "10")),
        (today, eur.clone(), of(1, 0, "-10")),
        (today, usdt.clone(), of(1, 1, "10")),
    ];
    assert_eq!(days, expected);
    assert_eq!(
        told(&sums.totals[&apart].closed),
        of(1, 1, "10"),
        "what is made at one exchange is not added to another's"
    );
    assert_eq!((told(&sums.totals[&usdt].closed), told(&sums.totals[&eur].closed)), (of(2, 1, "5"), of(1, 0, "-10")));
    let bot = &sums.bots[&(Some(by("a", "1").bot), usdt.clone())];
    assert_eq!(
        (told(&bot.closed), bot.open.trades, bot.open.unrealised.to_string()),
        (of(1, 1, "10"), 1, "3".to_owned())
    );
    let none = &sums.bots[&(None, usdt.clone())];
    assert_eq!((told(&none.closed), none.open.trades, none.open.unmarked), (of(1, 0, "-5"), 1, 1));
    assert_eq!((sums.totals[&usdt].open.trades, sums.known_since), (2, None));
    assert_eq!((bot.open.price_at, none.open.price_at, sums.totals[&usdt].open.price_at), (Some(NOW), None, Some(NOW)));
    let own = Wanted { bot: Some(by("a", "1").bot), ..wanted };
    assert_eq!(profits_of(&book, &own).totals[&usdt].closed.trades, 1);
}

#[test]
fn what_is_made_on_a_testnet_is_in_no_sum_of_what_is_made_live() {
    let of = |name: &str, mode: Mode| {
        let mut position = ended(name, Some("0.5"));
        position.group.mode = Some(mode);
        position
    };
    let book = book([of("live", Mode::Live), of("testnet", Mode::Testnet)]);
    let sums = profits_of(&book, &Wanted::default());
    let modes = |found: Vec<Option<Mode>>| assert_eq!(found, [Some(Mode::Testnet), Some(Mode::Live)]);
    modes(sums.totals.keys().map(|money| money.mode).collect());
    modes(sums.days.keys().map(|(_, money)| money.mode).collect());
    modes(sums.bots.keys().map(|(_, money)| money.mode).collect());
    modes(sums.held.keys().map(|(mode, _)| *mode).collect());
    assert!(sums.totals.values().all(|both| both.closed.trades == 1));
}

/// Settled with so much of 1 sold, at 90.
fn ended(name: &str, sold: Option<&str>) -> Position {
    let mut position = open(name, 5);
    let exit = sold.map(|sold| {
        let mut exit = done(&position.group.id, Purpose::Exit, Direction::Sell, "90");
        exit.fills.values_mut().for_each(|fill| fill.quantity = sold.parse().unwrap());
        exit
    });
    position.orders.extend(exit);
    position.leave(ExitReason::StopLoss, hours(2)).settle(hours(2)).unwrap()
}

#[test]
fn coins_that_could_not_be_sold_are_apart_and_no_closed_trade_of_no_profit() {
    let book = book([ended("unsold", None), ended("half", Some("0.5"))]);
    let sums = profits_of(&book, &Wanted::default());
    let total = sums.totals.values().next().unwrap().closed;
    assert_eq!((total.trades, total.won, total.realised.to_string()), (1, 0, "-5".to_owned()), "of what was sold");
    assert_eq!((sums.days.len(), sums.totals.len()), (1, 1));
    let held: Vec<_> = sums.held.values().copied().collect();
    let expected = Held { positions: 2, unsold: 1, quantity: "1.5".parse().unwrap(), cost: "150".parse().unwrap() };
    assert_eq!(held, [expected]);
    let unsold = self::book([ended("unsold", None)]);
    let sums = profits_of(&unsold, &Wanted::default());
    assert_eq!((sums.days.len(), sums.totals.len(), sums.held.len()), (0, 0, 1), "no day and no total is of it");
}

#[test]
fn sums_that_do_not_know_every_trade_say_since_when_they_do() {
    let most = i64::from(PAGE_ITEMS_MAX * PROFIT_PAGES_MAX);
    let all = book((0..=most).map(|number| closed(&number.to_string(), number, 0, "101")));
    let sums = profits_of(&all, &Wanted::default());
    assert_eq!(sums.known_since, Some(hours(most - 1)));
    assert_eq!(all.calls_taken(), PROFIT_PAGES_MAX * LIST);
    assert_eq!(i64::from(sums.totals.values().next().unwrap().closed.trades), most);
}
