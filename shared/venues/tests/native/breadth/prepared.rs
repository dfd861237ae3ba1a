//! What an exchange is told before a position: one position a market, a margin of its own, a leverage.

use super::ccxt::{compare, other};
use super::{OF_CONTRACTS, World, parse, recorded};
use crate::server::{Heard, Reply, Server, json, text};
use app::ports::Unprepared;
use domain::market::Leverage;
use domain::reason::Reason;
use std::sync::{Arc, Mutex};
use venues::native::{Native, words};

const STEPS: [Reason; 3] = [words::POSITION_MODE, words::MARGIN_MODE, words::LEVERAGE];
/// Not told: it is sent along with each order.
const WITH_ORDERS: [(&str, Reason); 2] = [("okxusdm", words::MARGIN_MODE), ("kucoinusdm", words::LEVERAGE)];

/// How an account stands: whether each of the steps is as it is to be.
#[derive(Debug, Clone, Copy)]
struct Standing([bool; 3]);

impl Standing {
    const READY: Self = Self([true; 3]);

    fn without(step: Reason) -> Self {
        Self(STEPS.map(|name| name != step))
    }

    fn say(self, path: &str) -> String {
        let Self([one_way, isolated, lent]) = self;
        let lever = if lent { 3 } else { 20 };
        let word = |is: bool, yes: &'static str, no: &'static str| if is { yes } else { no };
        match path {
            "/v5/position/list" => format!(
                r#"{{"retCode":0,"retMsg":"OK","result":{{"category":"linear","nextPageCursor":"","list":[{{"positionIdx":{},"symbol":"BTCUSDT","side":"","size":"0","leverage":"{lever}"}}]}},"time":1700000000200}}"#,
                word(one_way, "0", "1"),
            ),
            "/v5/account/info" => format!(
                r#"{{"retCode":0,"retMsg":"OK","result":{{"marginMode":"{}","unifiedMarginStatus":6}},"time":1700000000200}}"#,
                word(isolated, "ISOLATED_MARGIN", "REGULAR_MARGIN"),
            ),
            "/api/v5/account/config" => format!(
                r#"{{"code":"0","msg":"","data":[{{"uid":"1","acctLv":"2","posMode":"{}"}}]}}"#,
                word(one_way, "net_mode", "long_short_mode"),
            ),
            "/api/v5/account/leverage-info" => format!(
                r#"{{"code":"0","msg":"","data":[{{"instId":"BTC-USDT-SWAP","mgnMode":"isolated","posSide":"net","lever":"{lever}"}}]}}"#
            ),
            "/api/v2/position/getPositionMode" => {
                format!(r#"{{"code":"200000","data":{{"positionMode":{}}}}}"#, word(one_way, "0", "1"))
            }
            "/api/v2/position/getMarginMode" => format!(
                r#"{{"code":"200000","data":{{"symbol":"XBTUSDTM","marginMode":"{}"}}}}"#,
                word(isolated, "ISOLATED", "CROSS"),
            ),
            "/api/v2/mix/account/account" => format!(
                r#"{{"code":"00000","msg":"success","requestTime":1700000000200,"data":{{"marginCoin":"USDT","posMode":"{}","marginMode":"{}","isolatedLongLever":"{lever}","isolatedShortLever":"{lever}","crossedMarginLeverage":"{lever}"}}}}"#,
                word(one_way, "one_way_mode", "hedge_mode"),
                word(isolated, "isolated", "crossed"),
            ),
            other => unreachable!("{other}"),
        }
    }
}

/// The step that a request tells, where it tells one.
fn step(heard: &Heard) -> Option<usize> {
    let path = heard.path();
    let told = [
        ["switch-mode", "switchPositionMode", "set-position-mode"],
        ["set-margin-mode", "changeMarginMode", "-"],
        ["set-leverage", "-", "-"],
    ];
    (heard.method == "POST")
        .then(|| told.iter().position(|names| names.iter().any(|name| path.ends_with(name))).unwrap())
}

/// A server whose account stands so, and that says this to whatever it is told; what it takes is so from then on.
async fn world(
    name: &'static str,
    standing: Standing,
    told: impl Fn(&mut Standing, usize) -> Reply + Send + Sync + 'static,
) -> World {
    let standing = Arc::new(Mutex::new(standing));
    let server = Server::start(move |heard| {
        let mut standing = standing.lock().unwrap();
        match step(heard) {
            Some(step) => told(&mut standing, step),
            None => json(200, &standing.say(heard.path())),
        }
    });
    World::at(name, server.await)
}

fn taken(name: &str) -> Reply {
    json(
        200,
        match name {
            "bybitusdm" => r#"{"retCode":0,"retMsg":"OK","result":{},"time":1700000000200}"#,
            "okxusdm" => r#"{"code":"0","msg":"","data":[{"posMode":"net_mode","lever":"3"}]}"#,
            "kucoinusdm" => {
                r#"{"code":"200000","data":{"symbol":"XBTUSDTM","positionMode":0,"marginMode":"ISOLATED"}}"#
            }
            _ => r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":{"posMode":"one_way_mode"}}"#,
        },
    )
}

/// What they say where a position is open.
fn not_now(name: &str) -> Reply {
    json(
        if name == "bitgetusdm" { 400 } else { 200 },
        match name {
            "bybitusdm" => {
                r#"{"retCode":110024,"retMsg":"You have an existing position, so position mode cannot be switched","result":{},"time":1700000000200}"#
            }
            "okxusdm" => {
                r#"{"code":"59000","data":[],"msg":"Setting failed. Cancel any open orders, close positions, and stop trading bots first."}"#
            }
            "kucoinusdm" => r#"{"code":"330002","msg":"Please close all your futures positions first."}"#,
            _ => {
                r#"{"code":"40920","msg":"Position or order exists, the position mode switching failed","requestTime":1700000000200,"data":null}"#
            }
        },
    )
}

fn leverage(name: &str) -> Leverage {
    parse(if name == "kucoinusdm" { "1" } else { "3" })
}

async fn prepared(world: &World) -> Result<(), Unprepared> {
    world.spoken.prepare(&world.login, &world.market(), leverage(world.name)).await
}

fn told(world: &World) -> Vec<usize> {
    world.server.heard().iter().filter_map(step).collect()
}

/// What is told apart from orders.
fn steps(name: &str) -> Vec<usize> {
    (0..STEPS.len()).filter(|step| !WITH_ORDERS.contains(&(name, STEPS[*step]))).collect()
}

#[tokio::test]
async fn each_thing_is_told_as_ccxt_tells_it() {
    for name in OF_CONTRACTS {
        for step in steps(name) {
            let recorded = recorded(name);
            let mut world = world(name, Standing::without(STEPS[step]), |_, _| text(503, "")).await;
            compare(&mut world, other(&recorded, &format!("set {}", STEPS[step])), async |world: &World| {
                let away = prepared(world).await;
                assert!(matches!(away, Err(Unprepared::Away(_))), "{name} {step}: {away:?}");
            })
            .await;
        }
    }
}

#[tokio::test]
async fn what_is_so_is_not_told_again() {
    for name in OF_CONTRACTS {
        let all = Standing([false; 3]);
        let world = world(name, all, move |Standing(standing), step| {
            standing[step] = true;
            taken(name)
        });
        let world = world.await;
        assert_eq!(prepared(&world).await, Ok(()), "{name}");
        assert_eq!(told(&world), steps(name), "{name}: each by itself, in this order");
        assert_eq!(prepared(&world).await, Ok(()), "{name}");
        assert_eq!(told(&world), steps(name), "{name}: nothing more");
    }
}

#[tokio::test]
async fn what_cannot_be_set_refuses_with_its_word() {
    for name in OF_CONTRACTS {
        for step in steps(name) {
            let world = world(name, Standing::without(STEPS[step]), move |_, _| not_now(name)).await;
            let refused = prepared(&world).await;
            let Err(Unprepared::Refused(refusal)) = refused else { unreachable!("{name} {step}: {refused:?}") };
            assert_eq!(refusal.code, STEPS[step], "{name}: {}", refusal.detail);
            assert_eq!(told(&world), [step], "{name}: told once");
        }
    }
}

#[tokio::test]
async fn a_no_to_what_is_so_by_now_is_none() {
    for name in OF_CONTRACTS {
        let world = world(name, Standing::without(words::POSITION_MODE), move |standing, _| {
            *standing = Standing::READY;
            not_now(name)
        });
        assert_eq!(prepared(&world.await).await, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn who_cannot_be_asked_or_does_not_answer_is_told_at_another_time() {
    for name in OF_CONTRACTS {
        for reply in [text(502, "Bad Gateway"), Reply::Cut(Vec::new()), json(429, "{}")] {
            let world = world(name, Standing::without(words::POSITION_MODE), move |_, _| reply.clone()).await;
            let away = prepared(&world).await;
            assert!(matches!(away, Err(Unprepared::Away(_))), "{name}: {away:?}");
        }
        let world = World::at(name, Server::start(|_| text(503, "")).await);
        assert!(matches!(prepared(&world).await, Err(Unprepared::Away(_))), "{name}");
        assert!(told(&world).is_empty(), "{name}: what is not known is not changed");
    }
}

#[tokio::test]
async fn more_than_is_lent_is_refused_before_anybody_is_asked() {
    for name in OF_CONTRACTS {
        let world = World::saying(name, Vec::new()).await;
        let more = parse(if name == "kucoinusdm" { "2" } else { "11" });
        let refused = world.spoken.prepare(&world.login, &world.market(), more).await;
        assert!(matches!(&refused, Err(Unprepared::Refused(no)) if no.code == words::LEVERAGE), "{name}: {refused:?}");
        assert_eq!(world.server.connections(), 0, "{name}");
    }
}
