//! Orders that are ended, found and listed.

use super::{ID, NOW, address, asked, field, kraken, login, market, no, price, says};
use crate::server::{Heard, Server, json};
use app::ports::{Address, Cancelled, Listed, VenueError, VenueOrder};
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::order::{Direction, Fact, Fee, FeeValue, Fill, Status, TradeId};
use domain::preset::OrderKind;
use venues::native::Native;

/// As the exchange tells an order; `more` comes last.
fn order(id: &str, client: &str, status: &str, executed: &str, more: &str) -> String {
    format!(
        r#""{id}":{{"refid":null,"userref":null,"cl_ord_id":"{client}","status":"{status}","opentm":1795262401.4656649,
        "descr":{{"pair":"XBTUSD","type":"buy","ordertype":"limit","price":"37500.0","price2":"0","leverage":"none"}},
        "vol":"1.25000000","vol_exec":"{executed}","cost":"0","fee":"0","price":"0","misc":"","oflags":"fciq"{more}}}"#
    )
}

fn open(orders: &[String]) -> String {
    format!(r#"{{"open":{{{}}}}}"#, orders.join(","))
}

fn closed(orders: &[String]) -> String {
    format!(r#"{{"closed":{{{}}},"count":{}}}"#, orders.join(","), orders.len())
}

fn trade(id: &str, order: &str, quantity: &str, fee: &str) -> String {
    format!(
        r#""{id}":{{"ordertxid":"{order}","pair":"XXBTZUSD","time":1795262402.25,"type":"buy","ordertype":"limit",
        "price":"37499.90000","cost":"1","fee":"{fee}","vol":"{quantity}","margin":"0","misc":"","trade_id":7}}"#
    )
}

const NONE_OPEN: &str = r#"{"open":{}}"#;
const NONE_CLOSED: &str = r#"{"closed":{},"count":0}"#;
const NO_TRADES: &str = r#"{"trades":{},"count":0}"#;

fn fill(quantity: &str, fee_asset: &str, fee: &str) -> Fill {
    let fee = Fee { asset: fee_asset.parse().unwrap(), amount: fee.parse().unwrap(), value: FeeValue::Own };
    let at = Timestamp::from_millis(1_795_262_402_250);
    Fill { fee: Some(fee), price: price("37499.9"), quantity: quantity.parse().unwrap(), at }
}

fn fact(status: Status, executed: &str, fills: &[(&str, Fill)]) -> Fact {
    Fact {
        venue_id: Some("O1".to_owned()),
        cumulative: executed.parse().unwrap(),
        fills: fills.iter().map(|(id, fill)| (TradeId((*id).to_owned()), fill.clone())).collect(),
        ..Fact::of(status)
    }
}

/// What is found by these answers, and the questions that it took.
async fn find(answers: &[(&'static str, &str)]) -> (Result<Option<Fact>, VenueError>, Vec<Heard>) {
    let server = says(answers).await;
    let found = kraken().find_order(&login(server.url()), &address()).await;
    (found, server.heard())
}

fn names(heard: &[Heard]) -> Vec<&str> {
    heard.iter().map(super::name).collect()
}

#[tokio::test]
async fn an_open_order_is_found_by_its_client_id_with_its_trades() {
    let told = open(&[order("O1", ID, "open", "0.25000000", r#","trades":["T1","T2"]"#)]);
    let trades = format!("{{{},{}}}", trade("T1", "O1", "0.20000000", "1.50"), trade("T2", "O1", "0.05", "0.375"));
    let (found, heard) = find(&[("OpenOrders", &told), ("QueryTrades", &trades)]).await;
    let fills = [("T1", fill("0.2", "USD", "1.5")), ("T2", fill("0.05", "USD", "0.375"))];
    assert_eq!(found.unwrap(), Some(fact(Status::PartiallyFilled, "0.25", &fills)));
    assert_eq!(names(&heard), ["OpenOrders", "QueryTrades"]);
    assert_eq!(
        (field(&heard[0], "cl_ord_id").as_deref(), field(&heard[0], "trades").as_deref()),
        (Some(ID), Some("true"))
    );
    assert_eq!(field(&heard[1], "txid").as_deref(), Some("T1,T2"));
    assert!(heard.iter().all(|heard| heard.header("api-sign") == Some(&super::submits::signature(heard))));
}

/// The same of an order whose own id at the exchange is known.
async fn find_by_its_id(answers: &[(&'static str, &str)]) -> (Result<Option<Fact>, VenueError>, Vec<Heard>) {
    let server = says(answers).await;
    let address = Address { venue_id: Some("O1".to_owned()), ..address() };
    let found = kraken().find_order(&login(server.url()), &address).await;
    (found, server.heard())
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_asked_for_by_it_and_needs_no_list() {
    let told = format!("{{{}}}", order("O1", ID, "closed", "1.25000000", r#","trades":["T1"]"#));
    let trades = format!("{{{}}}", trade("T1", "O1", "1.25", "2"));
    let (found, heard) = find_by_its_id(&[("QueryOrders", &told), ("QueryTrades", &trades)]).await;
    assert_eq!(found.unwrap(), Some(fact(Status::Filled, "1.25", &[("T1", fill("1.25", "USD", "2"))])));
    assert_eq!(names(&heard), ["QueryOrders", "QueryTrades"]);
    let asked = (field(&heard[0], "txid"), field(&heard[0], "trades"));
    assert_eq!(asked, (Some("O1".to_owned()), Some("true".to_owned())));
}

/// Orders of these ids at the exchange.
fn named(ids: &[&str]) -> Vec<Address> {
    let of = |id: &&str| Address {
        client_id: ClientOrderId::from_stored(format!("m{id}")),
        venue_id: Some((*id).to_owned()),
        ..address()
    };
    ids.iter().map(of).collect()
}

#[tokio::test]
async fn many_orders_are_found_with_one_question_and_their_trades_with_another() {
    let told = format!(
        "{{{},{},{},{}}}",
        order("O1", "mO1", "open", "0", ""),
        order("O2", "mO2", "open", "0.25", r#","trades":["T1","T2"]"#),
        order("O3", "mO3", "closed", "1.25", r#","trades":["T3"]"#),
        order("O4", "another", "open", "0", ""),
    );
    let trades = format!("{{{},{}}}", trade("T2", "O2", "0.05", "0.375"), trade("T3", "O3", "1.25", "2"));
    let server = says(&[("QueryOrders", &told), ("QueryTrades", &trades)]).await;
    let mut asked = named(&["O1", "O2", "O3", "O4", "O5"]);
    asked[1].known = [(TradeId("T1".to_owned()), "0.2".parse().unwrap())].into();
    asked.push(Address { client_id: ClientOrderId::from_stored("unnamed"), ..address() });
    let found = kraken().find_many(&login(server.url()), &asked).await.unwrap();
    let told: Vec<_> = found.iter().map(|(id, fact)| (id.as_str(), fact.status.unwrap(), fact.fills.len())).collect();
    assert_eq!(
        told,
        [("mO1", Status::Open, 0), ("mO2", Status::PartiallyFilled, 1), ("mO3", Status::Filled, 1)],
        "another's order, one that is not there and one without a name are left out"
    );
    let heard = server.heard();
    assert_eq!(names(&heard), ["QueryOrders", "QueryTrades"]);
    assert_eq!(field(&heard[0], "txid").as_deref(), Some("O1,O2,O3,O4,O5"));
    assert_eq!(field(&heard[1], "txid").as_deref(), Some("T2,T3"));
}

#[tokio::test]
async fn fifty_orders_are_one_question_and_whoever_has_too_many_trades_is_left_out() {
    let ids: Vec<String> = (0..120).map(|number| format!("O{number:03}")).collect();
    let many: Vec<String> = (0..21).map(|number| format!("T{number}")).collect();
    let rows: Vec<String> = ids
        .iter()
        .map(|id| match id.as_str() {
            "O007" => order(id, &format!("m{id}"), "open", "0.25", &format!(r#","trades":{many:?}"#)),
            _ => order(id, &format!("m{id}"), "open", "0", ""),
        })
        .collect();
    let server = says(&[("QueryOrders", &format!("{{{}}}", rows.join(",")))]).await;
    let asked = named(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let found = kraken().find_many(&login(server.url()), &asked).await.unwrap();
    assert_eq!((found.len(), found.contains_key(&ClientOrderId::from_stored("mO007"))), (119, false));
    assert_eq!(names(&server.heard()), ["QueryOrders"; 3]);
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_absent_only_where_the_exchange_says_that_it_does_not_know_it() {
    let nowhere = [("OpenOrders", NONE_OPEN), ("ClosedOrders", NONE_CLOSED), ("TradesHistory", NO_TRADES)];
    let check = async |told: &str| find_by_its_id(&[&[("QueryOrders", told)], &nowhere[..]].concat()).await;
    for unknown in ["{}", &no("EOrder:Unknown order"), &no("EOrder:Invalid order")] {
        let (found, heard) = check(unknown).await;
        assert_eq!(found.unwrap(), None, "{unknown}");
        assert_eq!(names(&heard), ["QueryOrders", "OpenOrders", "ClosedOrders", "TradesHistory"]);
    }
    let another = format!("{{{}}}", order("O1", "another", "open", "0", ""));
    for unsure in [another.as_str(), &no("EService:Busy"), r#"{"error":[]}"#] {
        let (found, heard) = check(unsure).await;
        assert!(found.is_err(), "{unsure}");
        assert_eq!(heard.len(), 1);
    }
}

#[tokio::test]
async fn a_closed_order_is_looked_for_since_it_can_have_been_sent() {
    let told = closed(&[order("O1", ID, "closed", "1.25000000", "")]);
    let (found, heard) = find(&[("OpenOrders", NONE_OPEN), ("ClosedOrders", &told)]).await;
    assert_eq!(found.unwrap(), Some(fact(Status::Filled, "1.25", &[])));
    assert_eq!(names(&heard), ["OpenOrders", "ClosedOrders"]);
    assert_eq!(field(&heard[1], "start").as_deref(), Some("1795262335"));
}

/// Its deadline is 25 s ahead there, which is taken; its close and its trade stand in lists under the exchange's time.
#[tokio::test]
async fn a_filled_order_is_found_where_our_clock_is_ahead_by_twenty_seconds() {
    let filled_at = NOW / 1_000 - 20;
    let order = order("O1", ID, "closed", "1.25000000", "").replace("1795262401.4656649", &format!("{filled_at}.5"));
    let told = closed(&[order]);
    let server = Server::start(move |heard| {
        let is_listed = || field(heard, "start").is_some_and(|start| start.parse::<i64>().unwrap() < filled_at);
        let result = match super::name(heard) {
            "OpenOrders" => NONE_OPEN,
            "ClosedOrders" if is_listed() => &told,
            "ClosedOrders" => NONE_CLOSED,
            _ => NO_TRADES,
        };
        json(200, &super::ok(result))
    })
    .await;
    let found = kraken().find_order(&login(server.url()), &address()).await;
    assert_eq!(found.unwrap().and_then(|fact| fact.status), Some(Status::Filled));
}

/// Of this order with 200 trades those are found that are told, and how many questions that took.
async fn many(known: usize, told: usize) -> (Option<Fact>, usize) {
    let ids: Vec<String> = (0..200).map(|number| format!("T{number:03}")).collect();
    let trades = format!(r#","trades":{ids:?}"#);
    let order = format!("{{{}}}", order("O1", ID, "closed", "1.25000000", &trades));
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |heard| {
        if super::name(heard) == "QueryOrders" {
            return json(200, &super::ok(&order));
        }
        if asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= told {
            return json(200, &no("EAPI:Rate limit exceeded"));
        }
        let rows: Vec<String> =
            field(heard, "txid").unwrap().split(',').map(|id| trade(id, "O1", "0.00625", "0.01")).collect();
        json(200, &super::ok(&format!("{{{}}}", rows.join(","))))
    })
    .await;
    let known = ids[..known].iter().map(|id| (TradeId(id.clone()), "0.00625".parse().unwrap())).collect();
    let address = Address { venue_id: Some("O1".to_owned()), known, ..address() };
    let found = kraken().find_order(&login(server.url()), &address).await;
    (found.ok().flatten(), server.heard().len() - 1)
}

#[tokio::test]
async fn of_an_order_with_very_many_trades_each_look_asks_for_some_that_are_not_known() {
    let check = async |known: usize, told: usize, fills: usize, questions: usize| {
        let (fact, asked) = many(known, told).await;
        let fact = fact.unwrap();
        assert_eq!((fact.status, fact.cumulative), (Some(Status::Filled), "1.25".parse().unwrap()));
        assert_eq!((fact.fills.len(), asked), (fills, questions), "{known} {told}");
    };
    check(0, 100, 160, 8).await;
    check(160, 100, 40, 2).await;
    check(200, 100, 0, 0).await;
    check(0, 3, 60, 4).await;
    assert_eq!(many(0, 0).await, (None, 1), "nothing that was asked for came");
}

#[tokio::test]
async fn each_word_for_how_an_order_stands_is_understood() {
    let check = async |word: &str, executed: &str, expected: Option<Status>| {
        let told = open(&[order("O1", ID, word, executed, "")]);
        let (found, _) = find(&[("OpenOrders", &told)]).await;
        let expected = expected.map(|status| Some(fact(status, executed, &[])));
        assert_eq!(found.ok(), expected, "{word} {executed}");
    };
    check("pending", "0.00000000", Some(Status::Open)).await;
    check("open", "0.00000000", Some(Status::Open)).await;
    check("open", "0.5", Some(Status::PartiallyFilled)).await;
    check("closed", "1.25000000", Some(Status::Filled)).await;
    check("closed", "1.2", Some(Status::Cancelled)).await;
    check("canceled", "0.5", Some(Status::Cancelled)).await;
    check("canceled", "0", Some(Status::Cancelled)).await;
    check("expired", "0", Some(Status::Expired)).await;
    check("something new", "0", None).await;
    check("open", "much", None).await;
}

#[tokio::test]
async fn a_fee_is_in_base_where_the_order_preferred_that() {
    let told = open(&[order("O1", ID, "open", "0.2", r#","trades":["T1"]"#).replace("fciq", "post,fcib")]);
    let trades = format!("{{{}}}", trade("T1", "O1", "0.2", "0.0005"));
    let (found, _) = find(&[("OpenOrders", &told), ("QueryTrades", &trades)]).await;
    assert_eq!(found.unwrap(), Some(fact(Status::PartiallyFilled, "0.2", &[("T1", fill("0.2", "BTC", "0.0005"))])));
}

#[tokio::test]
async fn an_order_of_another_id_is_not_ours_even_where_it_is_listed() {
    let told = open(&[order("O2", "other", "open", "0", "")]);
    let (found, _) = find(&[("OpenOrders", &told), ("ClosedOrders", NONE_CLOSED), ("TradesHistory", NO_TRADES)]).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn absent_is_what_neither_orders_nor_trades_know() {
    let (found, heard) =
        find(&[("OpenOrders", NONE_OPEN), ("ClosedOrders", NONE_CLOSED), ("TradesHistory", NO_TRADES)]).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(names(&heard), ["OpenOrders", "ClosedOrders", "TradesHistory"]);
    assert_eq!(field(&heard[2], "start").as_deref(), Some("1795262335"));
}

#[tokio::test]
async fn an_order_that_only_its_trades_know_is_found_behind_them() {
    let trades =
        format!(r#"{{"trades":{{{},{}}},"count":2}}"#, trade("T1", "O1", "1", "2"), trade("T9", "O9", "1", "2"));
    let orders = format!(
        "{{{},{}}}",
        order("O9", "other", "closed", "1.25", ""),
        order("O1", ID, "closed", "1.25", r#","trades":["T1"]"#)
    );
    let fills = format!("{{{}}}", trade("T1", "O1", "1.25", "2"));
    let (found, heard) = find(&[
        ("OpenOrders", NONE_OPEN),
        ("ClosedOrders", NONE_CLOSED),
        ("TradesHistory", &trades),
        ("QueryOrders", &orders),
        ("QueryTrades", &fills),
    ])
    .await;
    assert_eq!(found.unwrap(), Some(fact(Status::Filled, "1.25", &[("T1", fill("1.25", "USD", "2"))])));
    assert_eq!(field(&heard[3], "txid").as_deref(), Some("O1,O9"));
}

#[tokio::test]
async fn a_question_that_is_not_answered_proves_nothing_absent() {
    for failing in ["OpenOrders", "ClosedOrders", "TradesHistory"] {
        let all = [("OpenOrders", NONE_OPEN), ("ClosedOrders", NONE_CLOSED), ("TradesHistory", NO_TRADES)];
        let busy = no("EService:Busy");
        for answer in [busy.as_str(), r#"{"error":[],"result":{}}"#, r#"{"error":[]}"#] {
            let answers = all.map(|(name, told)| (name, if name == failing { answer } else { told }));
            let (found, _) = find(&answers).await;
            assert!(matches!(found, Err(VenueError::Unavailable(_))), "{failing} {answer} {found:?}");
        }
    }
    let endless = format!(r#"{{"trades":{{{}}},"count":100000}}"#, trade("T1", "O1", "1", "2"));
    let (found, heard) =
        find(&[("OpenOrders", NONE_OPEN), ("ClosedOrders", NONE_CLOSED), ("TradesHistory", &endless)]).await;
    assert!(found.is_err(), "{found:?}");
    assert_eq!(heard.len(), 12);
}

/// What became of a cancel by these answers.
async fn cancel(answers: &[(&'static str, &str)]) -> (Cancelled, Vec<String>) {
    let server = says(answers).await;
    let became = kraken().cancel(&login(server.url()), &address()).await;
    (became, asked(&server))
}

#[tokio::test]
async fn a_cancel_is_done_with_what_the_closed_order_tells() {
    let told = closed(&[order("O1", ID, "canceled", "0.2", r#","trades":["T1"]"#)]);
    let trades = format!("{{{}}}", trade("T1", "O1", "0.2", "1.5"));
    let answers = [("CancelOrder", r#"{"count":1}"#), ("ClosedOrders", &told), ("QueryTrades", &trades)];
    let (became, asked) = cancel(&answers).await;
    assert_eq!(became, Cancelled::Done(fact(Status::Cancelled, "0.2", &[("T1", fill("0.2", "USD", "1.5"))])));
    assert_eq!(asked, ["CancelOrder", "ClosedOrders", "QueryTrades"]);
}

#[tokio::test]
async fn a_cancel_whose_order_is_not_open_is_gone() {
    let unknown = no("EOrder:Unknown order");
    for told in [r#"{"count":0}"#, unknown.as_str(), &no("EOrder:Invalid order")] {
        assert_eq!(cancel(&[("CancelOrder", told)]).await.0, Cancelled::Gone, "{told}");
    }
}

#[tokio::test]
async fn a_cancel_whose_end_is_not_seen_is_unknown() {
    let still_open = closed(&[order("O1", ID, "open", "0", "")]);
    let taken = ("CancelOrder", r#"{"count":1,"pending":true}"#);
    for told in [NONE_CLOSED, still_open.as_str(), &no("EService:Busy")] {
        let (became, _) = cancel(&[taken, ("ClosedOrders", told)]).await;
        assert!(matches!(became, Cancelled::Unknown(_)), "{told} {became:?}");
    }
    for told in [no("EService:Unavailable"), no("EAPI:Invalid nonce"), no("EOrder:Something new")] {
        let (became, asked) = cancel(&[("CancelOrder", &told)]).await;
        assert!(matches!(became, Cancelled::Unknown(_)), "{told} {became:?}");
        assert_eq!(asked, ["CancelOrder"], "sent once");
    }
    let became = kraken().cancel(&login(Server::nobody()), &address()).await;
    assert!(matches!(became, Cancelled::Unknown(_)), "{became:?}");
}

/// What is listed by these answers, and the questions that it took.
async fn list(which: Listed, answers: &[(&'static str, &str)]) -> (Result<Vec<VenueOrder>, VenueError>, Vec<Heard>) {
    let server = says(answers).await;
    let listed = kraken().list_orders(&login(server.url()), &market("BTC/USD"), "mabc", which).await;
    (listed, server.heard())
}

#[tokio::test]
async fn open_orders_of_a_market_and_a_prefix_are_listed_as_they_stand() {
    let described = |kind: &str, price: &str, price2: &str| {
        order("O1", "mabc1", "open", "0", "").replace(
            r#""ordertype":"limit","price":"37500.0","price2":"0""#,
            &format!(r#""ordertype":"{kind}","price":"{price}","price2":"{price2}""#),
        )
    };
    let limit = |text: &str| OrderKind::Limit(price(text));
    let rows = [
        (described("limit", "37500.0", "0"), limit("37500"), None),
        (described("market", "0", "0"), OrderKind::Market, None),
        (described("stop-loss", "30000.0", "0"), OrderKind::Market, Some(price("30000"))),
        (described("stop-loss-limit", "30000.0", "29900.0"), limit("29900"), Some(price("30000"))),
        (described("take-profit", "40000.0", "0"), OrderKind::Market, None),
        (described("take-profit-limit", "40000.0", "39900.0"), limit("39900"), None),
    ];
    for (told, kind, stop) in rows {
        let others = [
            order("O2", "other", "open", "0", ""),
            order("O3", "mabc3", "open", "0", "").replace("XBTUSD", "ETHUSD"),
            order("O4", "x", "open", "0", "").replace(r#""cl_ord_id":"x","#, ""),
        ];
        let all: Vec<String> = [told].into_iter().chain(others).collect();
        let (listed, heard) = list(Listed::Open, &[("OpenOrders", &open(&all))]).await;
        let expected = VenueOrder {
            client_id: ClientOrderId::from_stored("mabc1"),
            venue_id: "O1".to_owned(),
            direction: Direction::Buy,
            kind,
            stop,
            quantity: "1.25".parse().unwrap(),
            fact: fact(Status::Open, "0", &[]),
            accepted_at: Timestamp::from_millis(1_795_262_401_465),
        };
        assert_eq!(listed.unwrap(), [expected]);
        assert_eq!(names(&heard), ["OpenOrders"]);
    }
}

#[tokio::test]
async fn an_order_with_our_prefix_that_cannot_be_read_is_no_answer() {
    let told = open(&[order("O1", "mabc1", "open", "0", "").replace(r#":"limit""#, r#":"iceberg""#)]);
    assert!(list(Listed::Open, &[("OpenOrders", &told)]).await.0.is_err());
}

#[tokio::test]
async fn all_orders_since_a_time_are_open_and_closed_ones_on_all_their_pages() {
    let old = order("O0", "mabc0", "open", "0", "").replace("1795262401", "1795262300");
    let moved = order("O2", "mabc2", "open", "0", "");
    let open = open(&[old, moved]);
    let first = closed(&[order("O2", "mabc2", "closed", "1.25", "")]).replace(r#""count":1"#, r#""count":2"#);
    let earlier = order("O3", "mabc3", "canceled", "0", "").replace("1795262401", "1795262400");
    let second = closed(&[earlier]).replace(r#""count":1"#, r#""count":2"#);
    let answers = [("OpenOrders", open.as_str()), ("ClosedOrders", &first), ("ClosedOrders", &second)];
    let (listed, heard) = list(Listed::Since(Timestamp::from_millis(NOW)), &answers).await;
    let told: Vec<(String, Option<Status>)> =
        listed.unwrap().into_iter().map(|order| (order.venue_id, order.fact.status)).collect();
    assert_eq!(told, [("O3".to_owned(), Some(Status::Cancelled)), ("O2".to_owned(), Some(Status::Filled))]);
    assert_eq!(names(&heard), ["OpenOrders", "ClosedOrders", "ClosedOrders"]);
    let of = |name: &str| heard[1..].iter().map(|heard| field(heard, name).unwrap()).collect::<Vec<_>>();
    assert_eq!((of("ofs"), of("closetime")), (vec!["0".to_owned(), "1".to_owned()], vec!["open".to_owned(); 2]));
}

#[tokio::test]
async fn orders_of_many_markets_are_in_lists_that_are_read_once_and_without_their_trades() {
    let in_eth = |id: &str, client: &str, status: &str| order(id, client, status, "0", "").replace("XBTUSD", "ETHUSD");
    let traded = order("O1", "mabc1", "open", "0.25", r#","trades":["T1"]"#);
    let open = open(&[traded, in_eth("O2", "mabc2", "open"), in_eth("O3", "other", "open")]);
    let closed = closed(&[in_eth("O4", "mabc4", "canceled"), order("O5", "mabc5", "closed", "1.25", "")]);
    let server = says(&[("OpenOrders", &open), ("ClosedOrders", &closed)]).await;
    let (markets, since) = (["BTC/USD", "ETH/USD", "SOL/USD"].map(market), Listed::Since(Timestamp::from_millis(NOW)));
    let listed = kraken().list_many(&login(server.url()), &markets, "mabc", since).await.unwrap();
    let told = |orders: &Vec<VenueOrder>| {
        orders.iter().map(|order| format!("{} {}", order.client_id, order.fact.cumulative)).collect::<Vec<_>>()
    };
    let told: Vec<Vec<String>> = markets.iter().map(|market| told(&listed[&market.key])).collect();
    assert_eq!(told, [vec!["mabc1 0.25", "mabc5 1.25"], vec!["mabc2 0", "mabc4 0"], vec![]]);
    assert_eq!(names(&server.heard()), ["OpenOrders", "ClosedOrders"]);
}

#[tokio::test]
async fn a_list_for_many_markets_ends_where_most_of_the_counter_is_used() {
    let page = closed(&[order("O1", "mabc1", "closed", "1.25", "")]).replace(r#""count":1"#, r#""count":500"#);
    let server = says(&[("OpenOrders", NONE_OPEN), ("ClosedOrders", &page)]).await;
    let (kraken, login, markets) = (kraken(), login(server.url()), ["BTC/USD"].map(market));
    for _ in 0..4 {
        kraken.list_many(&login, &markets, "mabc", Listed::Open).await.unwrap();
    }
    let since = Listed::Since(Timestamp::from_millis(NOW));
    assert!(kraken.list_many(&login, &markets, "mabc", since).await.is_err());
    assert_eq!(server.heard().len(), 10, "nine of fifteen are used, and the one that has met them");
}

#[tokio::test]
async fn trades_are_asked_for_twenty_at_a_time() {
    let ids: Vec<String> = (0..45).map(|number| format!("T{number}")).collect();
    let quoted: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    let told = open(&[order("O1", ID, "open", "0.45", &format!(r#","trades":[{}]"#, quoted.join(",")))]);
    let trades: Vec<String> = ids.iter().map(|id| trade(id, "O1", "0.01", "0.1")).collect();
    let (found, heard) = find(&[("OpenOrders", &told), ("QueryTrades", &format!("{{{}}}", trades.join(",")))]).await;
    assert_eq!(found.unwrap().unwrap().fills.len(), 45);
    let asked: Vec<usize> = heard[1..].iter().map(|heard| field(heard, "txid").unwrap().split(',').count()).collect();
    assert_eq!(asked, [20, 20, 5]);
}
