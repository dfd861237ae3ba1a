//! What becomes of an order, and of what is asked next, for everything that Binance says instead of yes.

use super::{NOW, World, limit_buy};
use crate::held::held;
use crate::server::{Reply, with};
use app::ports::Outcome;
use domain::reason::{Reason, StoredReason};
use venues::native::{Native, words};

/// An answer: its status, how long it asks to wait, its body.
type Said<'a> = (u16, Option<u32>, &'a str);

fn reply((status, retry, body): Said<'_>) -> Reply {
    let retry = retry.map(|seconds| seconds.to_string());
    let headers: Vec<(&str, &str)> = retry.iter().map(|seconds| ("retry-after", seconds.as_str())).collect();
    with(status, &headers, body)
}

/// What is said to an order; the word for the refusal, none where nobody knows; and for how many seconds nothing is asked.
type Row<'a> = (Said<'a>, Option<Reason>, Option<i64>);

/// Of what is said to an address, and so to everybody.
async fn check(rows: &[Row<'_>]) {
    check_pauses(rows, |wait| (wait, None)).await;
}

/// Of what is said to one account.
async fn check_of_account(rows: &[Row<'_>]) {
    check_pauses(rows, |wait| (None, wait)).await;
}

async fn check_pauses(rows: &[Row<'_>], expected: impl Fn(Option<i64>) -> (Option<i64>, Option<i64>)) {
    let mut world = World::saying(rows.iter().map(|(said, ..)| reply(*said)).collect()).await;
    for (sent, (said, word, wait)) in rows.iter().enumerate() {
        world.forget();
        let outcome = world.binance.submit(&world.login, &limit_buy()).await;
        let told = match &outcome {
            Outcome::Rejected(refusal) => Some(refusal.code.clone()),
            Outcome::Unknown(_) => None,
            outcome => panic!("{said:?}: {outcome:?}"),
        };
        assert_eq!(told, word.map(StoredReason::from), "{said:?}: {outcome:?}");
        let held = held(&world.traffic, &world.login, NOW);
        assert_eq!(held, expected(wait.map(|seconds| seconds * 1_000)), "{said:?}");
        assert_eq!(world.server.heard().len(), sent + 1, "{said:?}");
    }
}

/// Answers of one status, each of which is a no of its own.
async fn check_codes<'a>(status: u16, rows: impl IntoIterator<Item = (i64, &'a str, Option<Reason>)>) {
    let rows: Vec<(String, Option<Reason>)> =
        rows.into_iter().map(|(code, message, word)| (error(code, message), word)).collect();
    let rows: Vec<Row<'_>> = rows.iter().map(|(body, word)| ((status, None, body.as_str()), *word, None)).collect();
    check(&rows).await;
}

fn error(code: i64, message: &str) -> String {
    format!(r#"{{"code":{code},"msg":"{message}"}}"#)
}

#[tokio::test]
async fn a_failure_inside_binance_says_nothing_of_the_order() {
    let unknown = error(-1000, "An unknown error occurred while processing the request.");
    let timeout = error(
        -1007,
        "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    );
    let unexpected =
        error(-1006, "An unexpected response was received from the message bus. Execution status unknown.");
    let disconnected = error(-1001, "Internal error; unable to process your request. Please try again.");
    let shutting_down = error(-1016, "This service is no longer available.");
    let refused = error(-2010, "Account has insufficient balance for requested action.");
    let html = "<html><body>502 Bad Gateway</body></html>";
    let mut rows: Vec<Row<'_>> = Vec::new();
    for body in [&unknown, &timeout, &unexpected, &disconnected, &shutting_down] {
        rows.extend([400, 408, 500, 503, 504].map(|status| ((status, None, body.as_str()), None, None)));
    }
    for body in [html, "", &refused] {
        rows.extend([500, 502, 503, 504, 520, 599].map(|status| ((status, None, body), None, None)));
    }
    rows.extend([300, 302, 400, 401, 404, 409, 413].map(|status| ((status, None, html), None, None)));
    check(&rows).await;
}

#[tokio::test]
async fn being_told_to_ask_less_is_a_no_and_a_pause() {
    let limited = Some(words::RATE_LIMITED);
    let weight = error(-1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE.");
    let orders = error(-1015, "Too many new orders; current limit is 50 orders per 10 SECOND.");
    let busy = error(-1008, "Server is currently overloaded with other requests. Please try again in a few minutes.");
    check(&[
        ((429, Some(7), &weight), limited, Some(7)),
        ((429, None, &weight), limited, Some(60)),
        ((429, Some(3), ""), limited, Some(3)),
        ((418, Some(300), &weight), limited, Some(300)),
        ((418, None, "<html>"), limited, Some(120)),
        ((429, Some(u32::MAX), &weight), limited, Some(300)),
        ((403, Some(u32::MAX), "<html>"), limited, Some(300)),
        ((418, Some(86_400), &weight), limited, Some(86_400)),
        ((418, Some(u32::MAX), &weight), limited, Some(3 * 86_400)),
        ((403, None, "<html>"), limited, Some(60)),
        // A ban, whatever it is for.
        ((418, None, &orders), limited, Some(120)),
        ((400, None, &busy), limited, Some(10)),
        ((429, None, &busy), limited, Some(10)),
        // A failure inside all the same.
        ((503, None, &busy), None, Some(10)),
        ((400, None, &error(-1004, "Server is busy, please wait and try again")), limited, Some(10)),
        ((400, None, &error(-1034, "Too many concurrent connections; current limit is '5'.")), limited, None),
    ])
    .await;
    check_of_account(&[
        ((400, Some(u32::MAX), &orders), limited, Some(300)),
        ((429, Some(4), &orders), limited, Some(4)),
        ((429, None, &orders), limited, Some(10)),
        ((400, None, &orders), limited, Some(10)),
    ])
    .await;
}

#[tokio::test]
async fn a_no_of_the_exchange_has_a_stable_word() {
    let rows = [
        (-1002, "You are not authorized to execute this request.", words::KEY_REFUSED),
        (-1013, "Invalid quantity.", words::OFF_QUANTITY_STEP),
        (-1013, "Invalid price.", words::OFF_PRICE_TICK),
        (-1013, "Market is closed.", words::MARKET_CLOSED),
        (-1013, "Price * QTY is zero or less.", words::BELOW_NOTIONAL_MIN),
        (-1013, "Stop loss orders are not supported for this symbol.", words::STOP_NOT_TAKEN),
        (-1014, "Unsupported order combination.", words::REFUSED_BY_VENUE),
        (-1020, "This operation is not supported.", words::REFUSED_BY_VENUE),
        (-1021, "Timestamp for this request is outside of the recvWindow.", words::CLOCK),
        (-1021, "Timestamp for this request was 1000ms ahead of the server's time.", words::CLOCK),
        (-1022, "Signature for this request is not valid.", words::KEY_REFUSED),
        (-1099, "Not found, authenticated, or authorized", words::KEY_REFUSED),
        (-1100, "Illegal characters found in parameter 'price'; legal range is '^[0-9]'.", words::REFUSED_BY_VENUE),
        (-1101, "Too many parameters; expected '9' and received '10'.", words::REFUSED_BY_VENUE),
        (-1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed.", words::REFUSED_BY_VENUE),
        (-1103, "An unknown parameter was sent.", words::REFUSED_BY_VENUE),
        (-1104, "Not all sent parameters were read.", words::REFUSED_BY_VENUE),
        (-1105, "Parameter 'price' was empty.", words::REFUSED_BY_VENUE),
        (-1106, "Parameter 'timeInForce' sent when not required.", words::REFUSED_BY_VENUE),
        (-1108, "Parameter 'quantity' overflowed.", words::OUT_OF_BOUNDS),
        (-1111, "Parameter 'price' has too much precision.", words::PRECISION),
        (-1112, "No orders on book for symbol.", words::OUT_OF_BOUNDS),
        (-1114, "TimeInForce parameter sent when not required.", words::REFUSED_BY_VENUE),
        (-1115, "Invalid timeInForce.", words::REFUSED_BY_VENUE),
        (-1116, "Invalid orderType.", words::REFUSED_BY_VENUE),
        (-1117, "Invalid side.", words::REFUSED_BY_VENUE),
        (-1118, "New client order ID was empty.", words::REFUSED_BY_VENUE),
        (-1121, "Invalid symbol.", words::UNKNOWN_MARKET),
        (-1128, "Combination of optional parameters invalid.", words::REFUSED_BY_VENUE),
        (-1130, "Data sent for parameter 'side' is not valid.", words::REFUSED_BY_VENUE),
        (-1131, "recvWindow must be less than 60000", words::REFUSED_BY_VENUE),
        (-1158, "Order type not supported in OCO.", words::STOP_NOT_TAKEN),
        (-1165, "A limit order in a buy OCO must be below.", words::OCO_PRICES),
        (-1166, "A limit order in a sell OCO must be above.", words::OCO_PRICES),
        (-1168, "At least one OCO order must be contingent.", words::OCO_PRICES),
        (-1196, "A stop loss order in a buy OCO must be above.", words::OCO_PRICES),
        (-1197, "A stop loss order in a sell OCO must be below.", words::OCO_PRICES),
        (-1198, "A take profit order in a buy OCO must be below.", words::OCO_PRICES),
        (-1199, "A take profit order in a sell OCO must be above.", words::OCO_PRICES),
        (-1220, "The symbol's status does not match the requested symbolStatus.", words::UNKNOWN_MARKET),
        (-2008, "Invalid Api-Key ID.", words::KEY_REFUSED),
        (-2011, "CANCEL_REJECTED", words::REFUSED_BY_VENUE),
        (-2013, "Order does not exist.", words::REFUSED_BY_VENUE),
        (-2014, "API-key format invalid.", words::KEY_REFUSED),
        (-2015, "Invalid API-key, IP, or permissions for action.", words::KEY_REFUSED),
        (-2016, "No trading window could be found for the symbol. Try ticker/24hrs instead.", words::MARKET_CLOSED),
        (-2018, "Balance is insufficient.", words::INSUFFICIENT_BALANCE),
        (-2039, "Client order ID is not correct for this order ID.", words::REFUSED_BY_VENUE),
        (-7777, "A code of tomorrow.", words::REFUSED_BY_VENUE),
    ];
    check_codes(400, rows.map(|(code, message, word)| (code, message, Some(word)))).await;
}

#[tokio::test]
async fn a_no_of_the_matching_engine_is_told_apart_by_its_message() {
    let rows = [
        ("NEW_ORDER_REJECTED", Some(words::REFUSED_BY_VENUE)),
        ("Duplicate order sent.", None),
        ("Account has insufficient balance for requested action.", Some(words::INSUFFICIENT_BALANCE)),
        ("Market is closed.", Some(words::MARKET_CLOSED)),
        ("Market orders are not supported for this symbol.", Some(words::REFUSED_BY_VENUE)),
        ("Stop loss orders are not supported for this symbol.", Some(words::STOP_NOT_TAKEN)),
        ("Stop loss limit orders are not supported for this symbol.", Some(words::STOP_NOT_TAKEN)),
        ("Take profit orders are not supported for this symbol.", Some(words::REFUSED_BY_VENUE)),
        ("Price * QTY is zero or less.", Some(words::BELOW_NOTIONAL_MIN)),
        ("This action is disabled on this account.", Some(words::KEY_REFUSED)),
        ("This account may not place or cancel orders.", Some(words::KEY_REFUSED)),
        ("Unsupported order combination", Some(words::REFUSED_BY_VENUE)),
        ("Order would trigger immediately.", Some(words::WOULD_TRIGGER_IMMEDIATELY)),
        ("Stop price would trigger immediately.", Some(words::WOULD_TRIGGER_IMMEDIATELY)),
        ("Order would immediately match and take.", Some(words::OCO_PRICES)),
        ("The relationship of the prices for the orders is not correct.", Some(words::OCO_PRICES)),
        ("OCO orders are not supported for this symbol", Some(words::STOP_NOT_TAKEN)),
        ("This symbol is not permitted for this account.", Some(words::UNKNOWN_MARKET)),
        ("This symbol is restricted for this account.", Some(words::UNKNOWN_MARKET)),
        ("Rest API trading is not enabled.", Some(words::MARKET_CLOSED)),
        ("Order book liquidity is less than `LOT_SIZE` filter minimum quantity.", Some(words::OUT_OF_BOUNDS)),
        ("Order book liquidity is less than symbol minimum quantity.", Some(words::OUT_OF_BOUNDS)),
    ];
    check_codes(400, rows.map(|(message, word)| (-1010, message, word))).await;
    check_codes(400, rows.map(|(message, word)| (-2010, message, word))).await;
}

#[tokio::test]
async fn a_filter_that_fails_is_named() {
    let rows = [
        ("PRICE_FILTER", words::OFF_PRICE_TICK),
        ("PERCENT_PRICE", words::OUT_OF_BOUNDS),
        ("PERCENT_PRICE_BY_SIDE", words::OUT_OF_BOUNDS),
        ("LOT_SIZE", words::OFF_QUANTITY_STEP),
        ("MARKET_LOT_SIZE", words::ABOVE_QUANTITY_MAX),
        ("MIN_NOTIONAL", words::BELOW_NOTIONAL_MIN),
        ("NOTIONAL", words::BELOW_NOTIONAL_MIN),
        ("MAX_POSITION", words::OUT_OF_BOUNDS),
        ("MAX_ASSET", words::OUT_OF_BOUNDS),
        ("MAX_NUM_ORDERS", words::TOO_MANY_ORDERS),
        ("MAX_NUM_ALGO_ORDERS", words::STOP_NOT_TAKEN),
        ("MAX_NUM_ORDER_LISTS", words::STOP_NOT_TAKEN),
        ("EXCHANGE_MAX_NUM_ORDERS", words::TOO_MANY_ORDERS),
        ("EXCHANGE_MAX_NUM_ALGO_ORDERS", words::STOP_NOT_TAKEN),
        ("EXCHANGE_MAX_NUM_ORDER_LISTS", words::STOP_NOT_TAKEN),
        ("ICEBERG_PARTS", words::REFUSED_BY_VENUE),
        ("TRAILING_DELTA", words::REFUSED_BY_VENUE),
    ];
    for code in [-1013, -2010] {
        let messages = rows.map(|(filter, word)| (format!("Filter failure: {filter}"), word));
        check_codes(400, messages.iter().map(|(message, word)| (code, message.as_str(), Some(*word)))).await;
    }
}

#[tokio::test]
async fn a_region_that_is_not_served_is_a_no() {
    let body = r#"{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility'"}"#;
    check(&[body, ""].map(|body| ((451, None, body), Some(words::REFUSED_BY_VENUE), None))).await;
}

#[tokio::test]
async fn what_is_left_of_a_minute_and_of_ten_seconds_is_heeded() {
    async fn check(name: &str, used: &str, expected: (Option<i64>, Option<i64>), is_busy: bool) {
        let said = with(400, &[(name, used)], &error(-1013, "Filter failure: LOT_SIZE"));
        let world = World::saying(vec![said]).await;
        world.binance.submit(&world.login, &limit_buy()).await;
        let entries = world.traffic.entries_wait(world.site(), &world.login.key, NOW);
        let of_one = entries.map(|until| until.since(NOW).get());
        assert_eq!(held(&world.traffic, &world.login, NOW), (None, None), "nobody has asked to be left alone");
        let full = world.traffic.full(world.site(), NOW).map(|until| until.since(NOW).get());
        assert_eq!(((full, of_one), world.traffic.is_busy(world.site(), NOW)), (expected, is_busy), "{name} {used}");
    }
    // 22:13:20.123: the minute has forty seconds left, the ten seconds have nearly ten.
    check("x-mbx-used-weight-1m", "3599", (None, None), false).await;
    check("x-mbx-used-weight-1m", "3600", (None, None), true).await;
    check("X-MBX-USED-WEIGHT-1M", "5400", (Some(39_877), None), true).await;
    check("x-mbx-order-count-10s", "49", (None, None), false).await;
    // Of the account that has placed them.
    check("x-mbx-order-count-10s", "50", (None, Some(9_877)), false).await;
}

#[tokio::test]
async fn what_nobody_signs_is_counted_by_the_time_of_the_answer() {
    let headers = [("date", "Tue, 14 Nov 2023 22:13:20 GMT"), ("x-mbx-used-weight-1m", "5999")];
    let world = World::saying(vec![with(200, &headers, r#"{"serverTime":1700000000000}"#)]).await;
    world.binance.time(world.site()).await.unwrap();
    assert_eq!(world.traffic.full(world.site(), NOW).map(|until| until.since(NOW).get()), Some(39_877));
}
