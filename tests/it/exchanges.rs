//! Real exchanges' wires, spoken by a simulator: alerts become orders there, with a key that was saved by its owner.

use crate::support::exchange::{BINANCE, BYBIT, COINBASE, KRAKEN, Side, TESTNET};
use crate::support::http::ask;
use crate::support::watching::entries;
use crate::support::{Alert, Trader, until};
use crate::way::by_hand::placed;
use reqwest::Method;
use serde_json::{Value, json};
use wire::view::{Delivery, Order, PositionGroupDetail, Protection};

pub(crate) fn is_filled(group: &PositionGroupDetail) -> bool {
    entries(group).iter().any(|order| order.state == "filled")
}

/// The same orders in both books, each once, and as much filled of it.
pub(crate) async fn assert_books_agree(side: &Side, group: &PositionGroupDetail) {
    let ours = [
        &entries(group)[..],
        &group.take_profit_orders.iter().collect::<Vec<_>>(),
        &group.exit_orders.iter().collect::<Vec<_>>(),
    ]
    .concat();
    for order in ours.iter().filter(|order| order.state == "filled") {
        let there = side.order(filled_by(order)).await;
        assert_eq!(there["filled"].as_str(), Some(order.filled.as_str()), "{order:?}");
    }
    let twice = side.duplicates().await;
    let there = side.orders().await;
    let ids: Vec<&str> = there.iter().filter_map(|order| order["client_order_id"].as_str()).collect();
    assert!(!ids.iter().any(|id| twice.to_string().contains(id)), "{twice}");
}

/// Under which id it was sold there: the stop of a pair has one of its own.
fn filled_by(order: &Order) -> &str {
    order.stop_client_order_id.as_deref().filter(|_| order.stop_triggered).unwrap_or(&order.client_order_id)
}

/// Of the entries the only one that was not refused: one that comes where too much was asked is decided anew.
fn the_one_taken(group: &PositionGroupDetail) -> &Order {
    let taken: Vec<&Order> = entries(group).into_iter().filter(|order| order.state != "rejected").collect();
    let [entry] = taken[..] else { panic!("{group:#?}") };
    entry
}

/// The exchange has taken the entry, and nobody hears of it.
pub(crate) async fn the_answer_is_lost(side: &Side, trader: &Trader, fault: &str, more: Value) {
    side.fault(fault, more).await;
    let group = trader.open(&side.entry("64000")).await;
    let held = trader.follow(&group, "its entry to be found", is_filled).await;
    let entry = the_one_taken(&held);
    assert_eq!(side.order(&entry.client_order_id).await["filled"].as_str(), Some(entry.filled.as_str()));
    let sent = side.created(&entry.client_order_id).await;
    let [lost] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(lost["fault"], fault, "{lost}");
    sold(side, trader, &group).await;
}

/// Two fifths at once, and the rest when its limit is met again.
async fn the_entry_is_filled_in_two_parts(side: &Side, trader: &Trader) {
    side.fault("partial", json!({"share": 40})).await;
    let group = trader.open(&side.entry("64000").limit("64100")).await;
    let in_part = |group: &PositionGroupDetail| entries(group).iter().any(|order| order.state == "partially_filled");
    let part = trader.follow(&group, "a part of its entry", in_part).await;
    let entry = the_one_taken(&part);
    assert_eq!(side.order(&entry.client_order_id).await["filled"].as_str(), Some(entry.filled.as_str()));
    side.price("64000").await;
    let held = trader.follow(&group, "the rest of it", is_filled).await;
    let whole = the_one_taken(&held);
    assert_eq!((&whole.client_order_id, &whole.filled), (&entry.client_order_id, &entry.quantity), "{held:#?}");
    let order = side.order(&entry.client_order_id).await;
    let book = side.book().await;
    let trades = book["trades"].as_array().unwrap().iter().filter(|trade| trade["order"] == order["id"]);
    let trades: Vec<&Value> = trades.collect();
    assert_eq!((trades.len(), side.created(&entry.client_order_id).await.len()), (2, 1), "{trades:?}");
    sold(side, trader, &group).await;
}

/// By a signal.
async fn sold(side: &Side, trader: &Trader, group: &str) {
    assert_eq!(trader.judged(&side.exit()).await.kind, "accepted");
    let closed = trader.closed(group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"), "{closed:#?}");
    assert_books_agree(side, &closed).await;
}

/// The price goes through the stop that rests there and comes back at once: who only looks at prices sees nothing of it.
async fn the_exchange_sells_by_its_stop(side: &Side, entry: &Alert) -> Order {
    side.price("64000").await;
    let trader = side.trader().await;
    let before = side.orders().await.len();
    let group = trader.open(entry).await;
    let rests = |group: &PositionGroupDetail| group.group.protected == Protection::AtVenue;
    let held = trader.follow(&group, "its stop to rest at the exchange", rests).await;
    assert!(is_filled(&held), "{held:#?}");
    side.spike("60000", "64000").await;
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"), "{closed:#?}");
    let stop = closed.take_profit_orders.last().unwrap();
    assert_eq!(
        (stop.state.as_str(), stop.stop_triggered, closed.exit_orders.len()),
        ("filled", true, 0),
        "{closed:#?}"
    );
    assert_eq!(stop.average_fill_price.as_deref(), Some("60000"), "where it was set off: {closed:#?}");
    let sold = side.order(filled_by(stop)).await;
    assert_eq!((&sold["status"], sold["filled"].as_str()), (&json!("filled"), Some(&*stop.quantity)), "{sold}");
    assert_books_agree(side, &closed).await;
    let book = side.book().await;
    assert_eq!(book["balances"]["main"]["BTC"]["locked"], "0", "nothing rests any more: {}", book["balances"]);
    let orders = side.orders().await;
    let sold = orders[before..].iter().filter(|order| order["side"] == "sell" && order["filled"] != "0");
    assert_eq!(sold.count(), 1, "{:#?}", &orders[before..]);
    stop.clone()
}

#[tokio::test]
async fn an_alert_is_bought_protected_and_sold_on_the_wire_of_binance() {
    let _turn = BINANCE.turn();
    BINANCE.price("64000").await;
    let trader = BINANCE.trader().await;
    let twice = BINANCE.save(&trader, "main", &json!({"label": "again"})).await;
    assert_eq!((twice.status, &twice.json()["code"]), (422, &json!("key_connected_twice")), "{twice:?}");
    assert!(twice.json()["detail"].as_str().unwrap().contains("\"default\""), "{twice:?}");
    let group = trader.open(&BINANCE.entry("64000")).await;
    let rests = |group: &PositionGroupDetail| group.group.protected == Protection::AtVenue;
    let held = trader.follow(&group, "its pair to rest at the exchange", rests).await;
    assert!(is_filled(&held), "{held:#?}");
    BINANCE.price("66000").await;
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("take_profit"), "{closed:#?}");
    assert_books_agree(&BINANCE, &closed).await;
}

#[tokio::test]
async fn a_pair_is_sold_by_its_stop_at_binance_and_its_limit_is_gone() {
    let _turn = BINANCE.turn();
    let stop = Box::pin(the_exchange_sells_by_its_stop(&BINANCE, &BINANCE.entry("64000"))).await;
    assert_eq!(stop.kind.as_str(), "oco");
    let limit = BINANCE.order(&stop.client_order_id).await;
    assert_eq!((&limit["status"], &limit["filled"]), (&json!("expired"), &json!("0")), "{limit}");
}

/// No limit rests for what trails, so that its stop may.
#[tokio::test]
async fn a_stop_that_rests_alone_sells_at_kraken() {
    let _turn = KRAKEN.turn();
    let trails = json!({"steps": [{"profit_percent": "9", "amount_percent": "100"}], "trailing_percent": "2"});
    let entry = KRAKEN.entry("64000").with("take_profit", trails);
    let stop = Box::pin(the_exchange_sells_by_its_stop(&KRAKEN, &entry)).await;
    assert_eq!((stop.kind.as_str(), stop.stop_client_order_id), ("stop", None));
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_found_and_never_sent_again() {
    TESTNET.price("64000").await;
    let trader = TESTNET.trader().await;
    TESTNET.fault("timeout_after", json!({"ms": 8_000})).await;
    let group = trader.open(&TESTNET.entry("64000")).await;
    let held = trader.follow(&group, "its entry to be found", is_filled).await;
    assert_eq!(entries(&held).len(), 1, "{held:#?}");
    trader.post(&format!("/position-groups/{group}/close"), &json!({})).await;
    let closed = trader.closed(&group).await;
    assert_books_agree(&TESTNET, &closed).await;
    let verdict = trader.judged(&TESTNET.exit()).await;
    assert_eq!(
        verdict.mode.map(|word| word.as_str()),
        Some("testnet"),
        "a verdict says that it was not in earnest: {verdict:?}"
    );

    TESTNET.fault("too_many", json!({})).await;
    let group = trader.open(&TESTNET.entry("64000").without_timeframe()).await;
    // The exchange may be asked again when its minute is over: the entry is decided anew, unless it is too old by then.
    let is_over = |group: &PositionGroupDetail| is_filled(group) || group.group.status == "failed";
    let ended = trader.follow(&group, "its entry to be decided anew", is_over).await;
    let mut reasons = entries(&ended).into_iter().filter_map(|order| order.reason.as_ref());
    assert!(reasons.any(|reason| reason.code == "rate_limited"), "{ended:#?}");
    assert_books_agree(&TESTNET, &ended).await;
    let inbox = until("a word of the pause", async || told_of_a_pause(&trader).await).await;
    assert!(inbox.contains("BINANCE has asked to be left alone"), "{inbox}");
}

async fn told_of_a_pause(trader: &Trader) -> Option<String> {
    let inbox = trader.get("/notifications").await.json();
    let told = inbox["items"].as_array()?.iter().find(|notice| notice["topic"] == "venue_paused")?.clone();
    told["text"].as_str().map(str::to_owned)
}

/// By alerts without a price: what is on offer there shows one.
async fn there_and_back(side: &Side) {
    let _turn = side.turn();
    side.price("64000").await;
    let trader = side.trader().await;
    let far = json!({"steps": [{"profit_percent": "50", "amount_percent": "100"}]});
    let entry = side.unpriced().with("minimum_profit_percent", "1").with("take_profit", far);
    let group = trader.open(&entry).await;
    let held = trader.follow(&group, "its entry to be filled", is_filled).await;
    assert_eq!(held.group.protected, Protection::ByPolling, "{held:#?}");
    let early = trader.judged(&side.exit()).await;
    assert_eq!(early.reason.as_deref(), Some("below_minimum_profit"), "{early:?}");
    side.price("70000").await;
    let verdict = trader.judged(&side.exit()).await;
    assert_eq!(
        (verdict.kind.as_str(), verdict.mode.map(|word| word.as_str())),
        ("accepted", Some(side.mode)),
        "{verdict:?}"
    );
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"), "{closed:#?}");
    assert_books_agree(side, &closed).await;
}

/// One order there, and one request for it, whatever becomes of the answer and in however many parts it is filled.
async fn each_order_is_one(side: &Side) {
    let _turn = side.turn();
    side.price("64000").await;
    let trader = side.trader().await;
    the_answer_is_lost(side, &trader, "timeout_after", json!({"ms": 8_000})).await;
    the_entry_is_filled_in_two_parts(side, &trader).await;
}

#[tokio::test]
async fn a_verdict_says_whether_it_was_in_earnest() {
    let paper = Trader::new().await;
    assert_eq!(paper.judged(&paper.exit()).await.mode.map(|word| word.as_str()), Some("paper"));
}

#[tokio::test]
async fn an_alert_is_bought_and_sold_on_the_wire_of_coinbase() {
    Box::pin(there_and_back(&COINBASE)).await;
}

#[tokio::test]
async fn an_alert_is_bought_and_sold_on_the_wire_of_kraken() {
    Box::pin(there_and_back(&KRAKEN)).await;
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_or_that_is_filled_in_parts_is_one_at_coinbase() {
    Box::pin(each_order_is_one(&COINBASE)).await;
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_or_that_is_filled_in_parts_is_one_at_kraken() {
    Box::pin(each_order_is_one(&KRAKEN)).await;
}

#[tokio::test]
async fn a_key_that_can_withdraw_or_cannot_trade_is_refused_by_what_the_exchange_tells_of_it() {
    // Binance does not say whether it is for the key, the address or a right.
    let unknown = ["key_or_address_refused", "key_unknown", "key_unknown", "key_unknown"];
    for (side, unknown) in [&BINANCE, &COINBASE, &KRAKEN, &BYBIT].into_iter().zip(unknown) {
        let mut trader = Trader::new().await;
        trader.bearer = crate::support::people::known(trader.user.clone(), domain::identity::Role::Trader).await.token;
        for (name, code) in [("withdrawer", "key_can_withdraw"), ("reader", "key_cannot_trade")] {
            let refused = side.save(&trader, name, &Value::Null).await;
            assert_eq!(
                (refused.status, &refused.json()["code"]),
                (422, &json!(code)),
                "{} {name}: {refused:?}",
                side.name
            );
        }
        let wrong = json!({"mode": side.mode, "api_key": "n".repeat(64), "api_secret": "bm9ib2R5cw=="});
        let path = format!("/api/keys/{}", side.exchange);
        let refused = ask(Method::POST, &path, Some(&trader.bearer), wrong.to_string()).await;
        assert_eq!((refused.status, &refused.json()["code"]), (422, &json!(unknown)), "{}: {refused:?}", side.name);
    }
}

/// By a logged-in user.
#[tokio::test]
async fn orders_by_hand_are_filled_and_sold_at_three_exchanges() {
    for side in [&BINANCE, &BYBIT, &KRAKEN] {
        let _turn = side.turn();
        side.price("64000").await;
        let trader = side.trader().await;
        let order = json!({
            "account": trader.account.as_str(), "symbol": side.market, "side": "buy", "quote": "100",
            "exits": {"stop_loss_percent": "20"},
        });
        let (position, delivery) = placed(&trader, &order).await;
        let held = trader.follow(&position, "its entry to be filled", is_filled).await;
        assert_eq!(held.group.timeframe.as_deref(), Some("manual"), "{delivery:?}");
        let sell = json!({"position_id": position, "side": "sell", "quantity": "1000", "reduce_only": true});
        placed(&trader, &sell).await;
        let closed = trader.closed(&position).await;
        assert_books_agree(side, &closed).await;
        if side.name == BINANCE.name {
            an_api_key_spends_within_its_bounds(trader, &order).await;
        }
    }
}

/// 60 in one order and 100 on one day.
async fn an_api_key_spends_within_its_bounds(mut trader: Trader, order: &Value) {
    let bounds = json!({
        "accounts": [order["account"]], "markets": [order["symbol"]], "order_quote_max": "60", "day_quote_max": "100",
    });
    let scopes = ["trading:read", "trading:write", "orders:write"];
    let made = trader.post("/api-keys", &json!({"name": "orders", "scopes": scopes, "orders": bounds})).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json()["secret"].as_str().unwrap().clone_into(&mut trader.bearer);
    let of =
        |quote: &str| json!({"account": order["account"], "symbol": order["symbol"], "side": "buy", "quote": quote});
    let verdict = |delivery: &Delivery| {
        let verdict = delivery.verdict.clone().unwrap();
        (verdict.kind.to_string(), verdict.reason.map(|reason| reason.to_string()).unwrap_or_default())
    };
    let refused = ("refused".to_owned(), "key_quote_max".to_owned());
    let (_, large) = placed(&trader, &of("61")).await;
    assert_eq!(verdict(&large), refused, "{large:?}");
    let (position, first) = placed(&trader, &of("55")).await;
    assert_eq!(verdict(&first).0, "accepted", "{first:?}");
    trader.follow(&position, "its entry to be filled", is_filled).await;
    let more = json!({"position_id": position, "side": "buy", "quote": "55"});
    let (_, second) = placed(&trader, &more).await;
    assert_eq!(verdict(&second), refused, "110 on one day: {second:?}");
    let sell = json!({"position_id": position, "side": "sell", "quantity": "1000"});
    placed(&trader, &sell).await;
    trader.closed(&position).await;
}
