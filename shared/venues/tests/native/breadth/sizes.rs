//! Orders that are too large or too little for an exchange.

use super::{EXCHANGES, OF_CONTRACTS, World, parse};
use crate::server::json;
use app::ports::{Outcome, Request};
use domain::order::Direction;
use domain::preset::OrderKind;
use domain::reason::Reason;
use venues::native::{Native, words};

fn bybit(number: u32) -> String {
    format!(r#"{{"retCode":{number},"retMsg":"in its own words","result":{{}},"time":1700000000200}}"#)
}

fn contracts(text: &str) -> String {
    format!(r#"{{"retCode":10001,"retMsg":"The number of contracts {text}","result":{{}}}}"#)
}

fn okx(number: u32) -> String {
    let told = format!(r#"{{"clOrdId":"x","ordId":"","sCode":"{number}","sMsg":"in its own words"}}"#);
    format!(r#"{{"code":"1","data":[{told}],"msg":"All operations failed"}}"#)
}

fn kucoin(code: &str, text: &str) -> String {
    format!(r#"{{"msg":"{text}","code":"{code}"}}"#)
}

fn bitget(number: u32) -> String {
    format!(r#"{{"code":"{number}","msg":"in its own words","requestTime":1,"data":null}}"#)
}

/// What is said, and our word for it.
fn said(name: &str) -> Vec<(String, Reason)> {
    let many = |numbers: &[(u32, Reason)], text: &dyn Fn(u32) -> String| {
        numbers.iter().map(|(number, word)| (text(*number), *word)).collect::<Vec<_>>()
    };
    match name {
        "bybit" => many(
            &[
                (170_124, words::ABOVE_NOTIONAL_MAX),
                (170_135, words::ABOVE_QUANTITY_MAX),
                (170_136, words::BELOW_QUANTITY_MIN),
                (170_137, words::OFF_QUANTITY_STEP),
                (170_140, words::BELOW_NOTIONAL_MIN),
            ],
            &bybit,
        ),
        "bybitusdm" => vec![
            (contracts("exceeds maximum limit allowed: too large, order_qty:2 > max_qty:1"), words::ABOVE_QUANTITY_MAX),
            (contracts("exceeds minimum limit allowed"), words::BELOW_QUANTITY_MIN),
            (bybit(110_094), words::BELOW_NOTIONAL_MIN),
        ],
        "okx" => many(
            &[
                (51_201, words::ABOVE_NOTIONAL_MAX),
                (51_202, words::ABOVE_QUANTITY_MAX),
                (51_020, words::BELOW_QUANTITY_MIN),
            ],
            &okx,
        ),
        "okxusdm" => many(
            &[
                (51_101, words::ABOVE_QUANTITY_MAX),
                (51_202, words::ABOVE_QUANTITY_MAX),
                (51_007, words::BELOW_QUANTITY_MIN),
                (51_121, words::OFF_QUANTITY_STEP),
            ],
            &okx,
        ),
        "kucoin" => vec![
            (kucoin("400100", "Order size below the minimum requirement."), words::BELOW_QUANTITY_MIN),
            (kucoin("600100", "Funds below the minimum requirement."), words::BELOW_NOTIONAL_MIN),
            (kucoin("600101", "The order funds should more then 0.1 USDT."), words::BELOW_NOTIONAL_MIN),
        ],
        "kucoinusdm" => {
            vec![(kucoin("400100", "The quantity is below the minimum requirement."), words::BELOW_QUANTITY_MIN)]
        }
        "bitget" => many(
            &[
                (43_006, words::BELOW_QUANTITY_MIN),
                (43_007, words::ABOVE_QUANTITY_MAX),
                (45_110, words::BELOW_NOTIONAL_MIN),
                (45_113, words::ABOVE_NOTIONAL_MAX),
            ],
            &bitget,
        ),
        _ => many(&[(45_111, words::BELOW_QUANTITY_MIN), (45_112, words::ABOVE_QUANTITY_MAX)], &bitget),
    }
}

#[tokio::test]
async fn what_is_too_large_or_too_little_is_refused_in_a_word_of_its_own() {
    for name in EXCHANGES.into_iter().chain(OF_CONTRACTS) {
        for (said, word) in said(name) {
            for status in [200, 400] {
                let world = World::saying(name, vec![json(status, &said)]).await;
                let market = OrderKind::Market;
                let request = Request { quantity: parse("0.012"), ..world.request(Direction::Sell, market) };
                let outcome = world.spoken.submit(&world.login, &request).await;
                let Outcome::Rejected(refusal) = outcome else { unreachable!("{name} {status} {said}: {outcome:?}") };
                assert_eq!(refusal.code, word, "{name} {status} {said}");
            }
            // Within the exchange nothing is decided.
            let world = World::saying(name, vec![json(503, &said)]).await;
            let request = Request { quantity: parse("0.012"), ..world.request(Direction::Sell, OrderKind::Market) };
            let outcome = world.spoken.submit(&world.login, &request).await;
            assert!(matches!(outcome, Outcome::Unknown(_)), "{name} {said}: {outcome:?}");
        }
    }
}
