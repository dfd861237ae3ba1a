//! What becomes of an order of contracts for what futures say in words of their own, and of what they count.

use super::super::NOW;
use super::{order, saying};
use crate::held::held;
use crate::server::{text, with};
use app::ports::Outcome;
use domain::order::Direction::Buy;
use domain::reason::{Reason, StoredReason};
use venues::native::{Native, words};

fn error(code: i64, message: &str) -> String {
    format!(r#"{{"code":{code},"msg":"{message}"}}"#)
}

/// The word for the refusal, none where nobody knows; and for how many seconds nothing is asked.
async fn check(status: u16, body: &str, word: Option<Reason>, wait: Option<i64>) {
    let world = saying(vec![with(status, &[], body)]).await;
    let outcome = world.binance.submit(&world.login, &order(Buy, None, false)).await;
    let told = match &outcome {
        Outcome::Rejected(refusal) => Some(refusal.code.clone()),
        Outcome::Unknown(_) => None,
        outcome => panic!("{body}: {outcome:?}"),
    };
    assert_eq!(told, word.map(StoredReason::from), "{status} {body}: {outcome:?}");
    let paused = wait.map(|seconds| seconds * 1_000);
    let expected = if body.contains("-1015") { (None, paused) } else { (paused, None) };
    assert_eq!(held(&world.traffic, &world.login, NOW), expected, "{status} {body}");
    assert_eq!(world.server.heard().len(), 1, "{status} {body}");
}

#[tokio::test]
async fn of_a_503_only_what_is_a_failure_for_certain_is_a_no() {
    let limited = Some(words::RATE_LIMITED);
    let unknown = "Unknown error, please check your request or try again later.";
    let throttled =
        "Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.";
    check(503, &error(-1000, unknown), None, None).await;
    check(503, &error(0, unknown), None, None).await;
    check(503, &format!(r#"{{"timestamp":1638827401078,"path":"/fapi/v1/order","msg":"{unknown}"}}"#), None, None)
        .await;
    check(503, &error(-1001, "Internal error; unable to process your request. Please try again."), None, None).await;
    check(503, &error(0, "Service Unavailable."), limited, Some(10)).await;
    check(503, r#"{"msg":"Service Unavailable."}"#, limited, Some(10)).await;
    check(503, &error(-1008, throttled), limited, Some(10)).await;
    check(400, &error(-1008, throttled), limited, Some(10)).await;
    // What stands before the exchange speaks so too, and knows nothing of the order.
    check(503, "Service Unavailable.", None, None).await;
    check(503, "<html><body>503 Service Unavailable.</body></html>", None, None).await;
    check(502, &error(0, "Service Unavailable."), None, None).await;
    check(500, &error(-2019, "Margin is insufficient."), None, None).await;
    let timeout = "Timeout waiting for response from backend server. Send status unknown; execution status unknown.";
    check(408, &error(-1007, timeout), None, None).await;
    check(503, &error(-1007, timeout), None, None).await;
    check(400, &error(-1006, "An unexpected response was received from the message bus."), None, None).await;
}

#[tokio::test]
async fn a_no_about_contracts_has_a_stable_word() {
    let rows = [
        (-1021, "Timestamp for this request is outside of the recvWindow.", words::CLOCK),
        (-5028, "Timestamp for this request is outside of the ME recvWindow.", words::CLOCK),
        (-1108, "Invalid asset.", words::REFUSED_BY_VENUE),
        (-1106, "Parameter 'reduceonly' sent when not required.", words::REFUSED_BY_VENUE),
        (-1111, "Precision is over the maximum defined for this asset.", words::PRECISION),
        (-1121, "Invalid symbol.", words::UNKNOWN_MARKET),
        (-2015, "Invalid API-key, IP, or permissions for action.", words::KEY_REFUSED),
        (-2018, "Balance is insufficient.", words::INSUFFICIENT_BALANCE),
        (-2019, "Margin is insufficient.", words::INSUFFICIENT_BALANCE),
        (-2020, "Unable to fill.", words::OUT_OF_BOUNDS),
        (-2021, "Order would immediately trigger.", words::WOULD_TRIGGER_IMMEDIATELY),
        (-2022, "ReduceOnly Order is rejected.", words::REDUCE_ONLY),
        (-2023, "User in liquidation mode now.", words::REFUSED_BY_VENUE),
        (-2024, "Position is not sufficient.", words::REDUCE_ONLY),
        (-2025, "Reach max open order limit.", words::TOO_MANY_ORDERS),
        (-2027, "Exceeded the maximum allowable position at current leverage.", words::LEVERAGE),
        (-2028, "Leverage is smaller than permitted: insufficient margin balance.", words::LEVERAGE),
        (-4003, "Quantity less than zero.", words::BELOW_QUANTITY_MIN),
        (-4004, "Quantity less than min quantity.", words::BELOW_QUANTITY_MIN),
        (-4005, "Quantity greater than max quantity.", words::ABOVE_QUANTITY_MAX),
        (-4013, "Price less than min price.", words::OUT_OF_BOUNDS),
        (-4014, "Price not increased by tick size.", words::OFF_PRICE_TICK),
        (-4016, "Limit price can't be higher than 70000.", words::OUT_OF_BOUNDS),
        (-4023, "Qty not increased by step size.", words::OFF_QUANTITY_STEP),
        (-4024, "Limit price can't be lower than 50000.", words::OUT_OF_BOUNDS),
        (-4028, "Leverage 126 is not valid", words::LEVERAGE),
        (-4045, "Reach max stop order limit.", words::STOP_NOT_TAKEN),
        (-4047, "Margin type cannot be changed if there exists open orders.", words::MARGIN_MODE),
        (-4061, "Order's position side does not match user's setting.", words::POSITION_MODE),
        (-4062, "Invalid or improper reduceOnly value.", words::REDUCE_ONLY),
        (-4109, "This account is inactive, please activate the account first.", words::REFUSED_BY_VENUE),
        (-4118, "ReduceOnly Order Failed. Please check your existing position and open orders.", words::REDUCE_ONLY),
        (
            -4120,
            "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
            words::STOP_NOT_TAKEN,
        ),
        (-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.", words::OUT_OF_BOUNDS),
        (-4140, "Invalid symbol status for opening position.", words::MARKET_CLOSED),
        (-4141, "Symbol is closed.", words::MARKET_CLOSED),
        (
            -4164,
            "Order's notional must be no smaller than 50 (unless you choose reduce only).",
            words::BELOW_NOTIONAL_MIN,
        ),
        (-4192, "Trade forbidden due to Cooling-off Period.", words::REFUSED_BY_VENUE),
        (-7777, "A code of tomorrow.", words::REFUSED_BY_VENUE),
    ];
    for (code, message, word) in rows {
        check(400, &error(code, message), Some(word), None).await;
    }
}

#[tokio::test]
async fn a_client_id_that_is_in_use_may_be_this_orders_own() {
    check(400, &error(-4116, "ClientOrderId is duplicated."), None, None).await;
    check(400, &error(-2010, "Duplicate order sent."), None, None).await;
    check(
        400,
        &error(-5041, "Time out for too many requests from this account queueing at the same time."),
        None,
        None,
    )
    .await;
}

#[tokio::test]
async fn being_told_to_ask_less_of_futures_is_a_no_and_a_pause() {
    let limited = Some(words::RATE_LIMITED);
    check(429, &error(-1003, "Too many requests."), limited, Some(60)).await;
    check(418, &error(-1003, "Way too many requests; IP banned until 1700000200000."), limited, Some(120)).await;
    check(400, &error(-1015, "Too many new orders."), limited, Some(10)).await;
    check(403, "<html>", limited, Some(60)).await;
}

#[tokio::test]
async fn what_futures_count_is_heeded_by_their_own_limits() {
    async fn heeded(name: &str, used: &str, expected: (Option<i64>, Option<i64>), is_busy: bool) {
        let world = saying(vec![with(400, &[(name, used)], &error(-2019, "Margin is insufficient."))]).await;
        world.binance.submit(&world.login, &order(Buy, None, false)).await;
        let entries = world.traffic.entries_wait(world.site(), &world.login.key, NOW);
        let of_one = entries.map(|until| until.since(NOW).get());
        assert_eq!(held(&world.traffic, &world.login, NOW), (None, None), "nobody has asked to be left alone");
        let full = world.traffic.full(world.site(), NOW).map(|until| until.since(NOW).get());
        assert_eq!(((full, of_one), world.traffic.is_busy(world.site(), NOW)), (expected, is_busy), "{name} {used}");
    }
    // 22:13:20.123: the minute has forty seconds left, the ten seconds have nearly ten.
    heeded("x-mbx-used-weight-1m", "1439", (None, None), false).await;
    heeded("x-mbx-used-weight-1m", "1440", (None, None), true).await;
    heeded("X-MBX-USED-WEIGHT-1M", "2160", (Some(39_877), None), true).await;
    heeded("x-mbx-order-count-10s", "299", (None, None), false).await;
    heeded("x-mbx-order-count-10s", "300", (None, Some(9_877)), false).await;
    heeded("x-mbx-order-count-1m", "1199", (None, None), false).await;
    heeded("x-mbx-order-count-1m", "1200", (None, Some(39_877)), false).await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_whatever_was_asked_with_it() {
    let world =
        saying(vec![with(401, &[], &error(-2015, "Invalid API-key, IP, or permissions for action.")), text(200, "")])
            .await;
    world.binance.positions(&world.login).await.unwrap_err();
    assert!(world.login.refusals.take().is_some());
}
