//! Perpetual contracts: margins, both sides, orders that only reduce, and what is lost whole.

use crate::world::{World, account, limit, market, parse, ready};
use app::ports::{OpenPosition, Outcome, Request, Trigger, TriggerKind, Unprepared, Venue};
use domain::alert::Side;
use domain::market::{Leverage, Market, MarketKey, MarketKind};
use domain::order::Direction::{self, Buy, Sell};
use domain::order::Status;
use domain::preset::OrderKind;

fn contracts() -> Market {
    let kind = MarketKind::Linear { leverage_max: Leverage::new(20).unwrap() };
    let key = MarketKey { symbol: parse("BTC/USDT:USDT"), ..market().key };
    Market { key, kind, can_short: true, ..market() }
}

fn lend(world: &World, times: u32) -> Result<(), Unprepared> {
    ready(world.venue().prepare(&account(), &contracts(), Leverage::new(times).unwrap()))
}

fn send(world: &World, id: &str, direction: Direction, kind: OrderKind, quantity: &str, reduce_only: bool) -> Outcome {
    let request = Request { market: contracts(), reduce_only, ..world.request(id, direction, kind, quantity) };
    ready(world.venue().submit(&request))
}

fn status(outcome: &Outcome) -> Status {
    let Outcome::Accepted(fact) = outcome else { panic!("{outcome:?}") };
    fact.status.unwrap()
}

fn code(outcome: Outcome) -> String {
    let Outcome::Rejected(refusal) = outcome else { panic!("{outcome:?}") };
    refusal.code.to_string()
}

/// Free and locked USDT.
fn quote(world: &World) -> [String; 2] {
    let [free, locked, ..] = world.balances();
    [free, locked]
}

fn held(world: &World) -> Option<(Side, String)> {
    let mut held = ready(world.venue().positions(&account(), &market().key.exchange)).unwrap();
    let OpenPosition { market, side, quantity } = held.pop()?;
    assert!(held.is_empty() && market == contracts().key);
    Some((side, quantity.to_string()))
}

/// A quarter of 100 and a fee of 0.1; then 10 of profit and a fee of 0.09.
#[test]
fn a_short_holds_its_margin_and_pays_out_what_it_has_gained() {
    let world = World::of_prices(&["100", "90"]);
    lend(&world, 4).unwrap();
    assert_eq!(status(&send(&world, "a", Sell, OrderKind::Market, "1", false)), Status::Filled);
    assert_eq!((held(&world), quote(&world)), (Some((Side::Short, "1".to_owned())), ["974.9", "0"].map(str::to_owned)));
    world.go_to(1);
    assert_eq!(status(&send(&world, "b", Buy, OrderKind::Market, "1", true)), Status::Filled);
    assert_eq!((held(&world), quote(&world)), (None, ["1009.81", "0"].map(str::to_owned)));
}

#[test]
fn an_order_locks_its_margin_and_what_only_reduces_locks_nothing() {
    let world = World::of_prices(&["100"]);
    lend(&world, 2).unwrap();
    send(&world, "a", Buy, limit("90"), "1", false);
    assert_eq!(quote(&world), ["954.91", "45.09"].map(str::to_owned));
    send(&world, "b", Buy, OrderKind::Market, "1", false);
    send(&world, "c", Sell, limit("110"), "1", true);
    assert_eq!(quote(&world), ["904.81", "45.09"].map(str::to_owned));
    let too_much = send(&world, "d", Buy, limit("90"), "21", false);
    assert_eq!(code(too_much), "insufficient_balance");
}

#[test]
fn what_only_reduces_is_refused_where_nothing_can_be_reduced() {
    let world = World::of_prices(&["100"]);
    assert_eq!(code(send(&world, "a", Sell, OrderKind::Market, "1", true)), "reduce_only");
    send(&world, "b", Sell, OrderKind::Market, "1", false);
    assert_eq!(code(send(&world, "c", Sell, OrderKind::Market, "1", true)), "reduce_only");
    assert_eq!(held(&world), Some((Side::Short, "1".to_owned())));
}

#[test]
fn what_only_reduces_never_turns_a_position_around() {
    let world = World::of_prices(&["100", "110"]);
    send(&world, "a", Buy, OrderKind::Market, "0.4", false);
    let outcome = send(&world, "b", Sell, OrderKind::Market, "1", true);
    let Outcome::Accepted(fact) = outcome else { panic!("{outcome:?}") };
    assert_eq!((fact.status, fact.cumulative.to_string()), (Some(Status::Expired), "0.4".to_owned()));
    assert_eq!(held(&world), None);
    // One that rests and finds nothing any more is over.
    send(&world, "c", Buy, OrderKind::Market, "1", false);
    send(&world, "d", Sell, limit("105"), "1", true);
    send(&world, "e", Sell, OrderKind::Market, "1", true);
    world.go_to(1);
    assert_eq!(world.find("d").unwrap().status, Some(Status::Expired));
    assert_eq!(held(&world), None);
}

#[test]
fn a_stop_of_a_short_buys_back_where_the_price_has_risen() {
    let world = World::of_prices(&["100", "106"]);
    send(&world, "a", Sell, OrderKind::Market, "1", false);
    let trigger = Some(Trigger { kind: TriggerKind::StopLoss, price: parse("105") });
    let stop =
        Request { trigger, market: contracts(), reduce_only: true, ..world.request("b", Buy, OrderKind::Market, "1") };
    ready(world.venue().submit(&stop));
    world.go_to(1);
    assert_eq!(world.find("b").unwrap().status, Some(Status::Filled));
    assert_eq!(held(&world), None);
}

/// At 4 times its margin a short is gone where the price has risen by a quarter, and no more than its margin with it.
#[test]
fn a_position_that_has_lost_its_margin_is_gone_and_no_order_tells_of_it() {
    let world = World::of_prices(&["100", "124", "125"]);
    lend(&world, 4).unwrap();
    send(&world, "a", Sell, OrderKind::Market, "1", false);
    world.go_to(1);
    assert_eq!(held(&world), Some((Side::Short, "1".to_owned())));
    world.go_to(2);
    assert_eq!((held(&world), quote(&world)), (None, ["974.9", "0"].map(str::to_owned)));
    assert_eq!(world.orders.borrow().len(), 1);
}

#[test]
fn leverage_is_told_as_often_as_one_likes_and_stays_while_something_is_held() {
    let world = World::of_prices(&["100"]);
    assert_eq!((lend(&world, 4), lend(&world, 4), lend(&world, 3)), (Ok(()), Ok(()), Ok(())));
    assert!(matches!(lend(&world, 21), Err(Unprepared::Refused(_))));
    send(&world, "a", Buy, OrderKind::Market, "1", false);
    assert_eq!(lend(&world, 3), Ok(()));
    assert!(matches!(lend(&world, 5), Err(Unprepared::Refused(_))));
}

#[test]
fn a_market_of_coins_knows_no_leverage_and_no_positions() {
    let world = World::of_prices(&["100"]);
    assert_eq!(ready(world.venue().prepare(&account(), &market(), Leverage::ONE)), Ok(()));
    world.send("a", Buy, OrderKind::Market, "1");
    assert_eq!(held(&world), None);
}
