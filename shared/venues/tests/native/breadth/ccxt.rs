//! What ccxt's Python twin sends for the same (`tests/golden/ccxt/breadth.py`): the same request, its signature included.

use super::{EXCHANGES, NOW, OF_CONTRACTS, World, id, market, parse, recorded};
use crate::server::{Heard, text};
use app::ports::{Address, Listed, Outcome, Request};
use domain::clock::Millis;
use domain::order::Direction;
use domain::preset::OrderKind;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use venues::native::Native;

/// As it stands in the recordings.
const VENUE_ID: &str = "1234567";

/// The library reads this machine's clock: between that and its signature a millisecond may pass. Then once more.
const TRIES_MAX: usize = 500;

fn request(world: &World, asked: &Value) -> Request {
    let text = |name: &str| asked[name].as_str();
    Request {
        market: market(world.name, text("symbol").unwrap()),
        client_id: id(super::CLIENT_ID),
        direction: if text("side") == Some("buy") { Direction::Buy } else { Direction::Sell },
        kind: text("price").map_or(OrderKind::Market, |price| OrderKind::Limit(parse(price))),
        quantity: parse(text("quantity").unwrap()),
        reduce_only: asked["reduce_only"] == true,
        ..world.request(Direction::Buy, OrderKind::Market)
    }
}

/// Method, path, query, body and every header are what was recorded.
fn is_same(case: &Value, heard: &Heard) -> bool {
    let url = case["url"].as_str().unwrap();
    let target = url.splitn(4, '/').nth(3).unwrap();
    let mut headers = case["headers"].as_object().unwrap().iter();
    format!("{} /{target}", case["method"].as_str().unwrap()) == heard.line()
        && case["body"].as_str().unwrap_or_default() == heard.body
        && headers.all(|(name, value)| heard.header(&name.to_lowercase()) == value.as_str())
}

/// Asks until what was asked was signed in the recorded millisecond, and has it be what was recorded. The next one is begun
/// earlier by what it has taken most often, and by the least of those: how long one took says little of the next.
pub(super) async fn compare(world: &mut World, case: &Value, ask: impl AsyncFn(&World)) {
    let (now, recorded) = (world.login.now, signed_at(&case.to_string()));
    let (mut earlier, mut taken) = (0, BTreeMap::<i64, usize>::new());
    for _ in 0..TRIES_MAX {
        ask(world).await;
        let last = world.server.heard().pop().unwrap();
        if is_same(case, &last) {
            world.login.now = now;
            return;
        }
        if let Some((heard, recorded)) = signed_at(&format!("{last:?}")).zip(recorded) {
            *taken.entry(heard - recorded + earlier).or_default() += 1;
        }
        earlier = taken.iter().max_by_key(|(ms, times)| (**times, Reverse(**ms))).map_or(0, |(ms, _)| *ms);
        world.login.now = now.minus(Millis::new(earlier));
    }
    let heard = world.server.heard();
    panic!("{} {}, taken {taken:?}: {case:#}\n{:#?}", world.name, case["name"], heard.last());
}

/// The moment in a request, as a number or written out: one within 100 s of `NOW`.
fn signed_at(request: &str) -> Option<i64> {
    let mut numbers = request.split(|c: char| !c.is_ascii_digit()).filter_map(|run| run.get(..13)?.parse::<i64>().ok());
    let written = || {
        let at = request.find("2023-11-14T22:13:")?;
        request.get(at..at + 24)?.parse().ok().map(jiff::Timestamp::as_millisecond)
    };
    numbers.find(|ms| ms.abs_diff(NOW.millis()) < 100_000).or_else(written)
}

async fn away(name: &'static str) -> World {
    World::at(name, crate::server::Server::start(|_| text(503, "")).await)
}

#[tokio::test]
async fn orders_are_what_ccxt_sends() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let (recorded, mut world) = (recorded(name), away(name).await);
        // It is signed with its own time, whenever it is sent.
        let later = Millis::new(1_500);
        world.login.now = NOW.plus(later);
        let cases = recorded["orders"].as_array().unwrap();
        for case in cases {
            let request = request(&world, &case["asked"]);
            if case["refused"] == true {
                let outcome = world.spoken.submit(&world.login, &request).await;
                assert!(matches!(outcome, Outcome::Rejected(_)), "{name} {outcome:?}");
                continue;
            }
            compare(&mut world, case, async |world: &World| {
                let request = Request { sent_at: world.login.now.minus(later), ..request.clone() };
                world.spoken.submit(&world.login, &request).await;
            })
            .await;
        }
        assert_eq!(cases.len(), 7);
    }
}

pub(super) fn other<'a>(recorded: &'a Value, name: &str) -> &'a Value {
    recorded["others"].as_array().unwrap().iter().find(|case| case["name"] == name).unwrap()
}

#[tokio::test]
async fn whatever_else_is_asked_is_asked_as_ccxt_asks() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        let (recorded, mut world) = (recorded(name), away(name).await);
        let case = |name: &str| other(&recorded, name);
        let (key, market) = (world.market().key, world.market());
        world.spoken.learn(&market);
        compare(&mut world, case("cancel"), async |world: &World| {
            drop(world.spoken.cancel(&world.login, &world.address()).await);
        })
        .await;
        compare(&mut world, case("find"), async |world: &World| {
            drop(world.spoken.find_order(&world.login, &world.address()).await);
        })
        .await;
        compare(&mut world, case("find by its own id"), async |world: &World| {
            let address = Address { venue_id: Some(VENUE_ID.to_owned()), ..world.address() };
            drop(world.spoken.find_order(&world.login, &address).await);
        })
        .await;
        compare(&mut world, case("open orders"), async |world: &World| {
            drop(world.spoken.list_orders(&world.login, &market, "m", Listed::Open).await);
        })
        .await;
        compare(&mut world, case("balances"), async |world: &World| drop(world.spoken.balances(&world.login).await))
            .await;
        compare(&mut world, case("rights"), async |world: &World| drop(world.spoken.probe(&world.login).await)).await;
        compare(&mut world, case("fee"), async |world: &World| drop(world.spoken.fee(&world.login, &key).await)).await;
        compare(&mut world, case("time"), async |world: &World| drop(world.spoken.time(&world.login.site).await)).await;
        compare(&mut world, case("ticker"), async |world: &World| {
            drop(world.spoken.ticker(&world.login.site, &key).await);
        })
        .await;
        compare(&mut world, case("book"), async |world: &World| {
            drop(world.spoken.book(&world.login.site, &key, 20).await);
        })
        .await;
        if OF_CONTRACTS.contains(&name) {
            compare(&mut world, case("positions"), async |world: &World| {
                drop(world.spoken.positions(&world.login).await);
            })
            .await;
        }
    }
    assert_eq!(NOW.millis(), 1_700_000_000_123);
}
