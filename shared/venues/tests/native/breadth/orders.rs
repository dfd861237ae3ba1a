//! What becomes of an order: sent once, and believed only where the exchange has surely spoken.

use super::{CLIENT_ID, EXCHANGES, NOW, World, parse};
use crate::server::{Heard, Reply, Server, json, text, with};
use app::ports::{Address, Cancelled, Outcome, Secret, VenueError, VenueKey};
use domain::clock::Millis;
use domain::order::{Direction, Status};
use domain::preset::OrderKind;
use venues::native::{Native, words};

fn limit() -> OrderKind {
    OrderKind::Limit(parse("64250.3"))
}

async fn submitted(name: &'static str, reply: Reply) -> (Outcome, World) {
    let world = World::saying(name, vec![reply]).await;
    let outcome = world.spoken.submit(&world.login, &world.request(Direction::Buy, limit())).await;
    assert_eq!(world.server.lines().len(), 1, "{name}: one request for one order");
    (outcome, world)
}

/// The answer to an order that was accepted.
fn accepted(name: &str) -> Reply {
    json(
        200,
        match name {
            "bybit" => {
                r#"{"retCode":0,"retMsg":"OK","result":{"orderId":"77","orderLinkId":"mabcdefghijklmnopq"},"time":1700000000200}"#
            }
            "okx" => {
                r#"{"code":"0","msg":"","data":[{"clOrdId":"mabcdefghijklmnopq","ordId":"77","sCode":"0","sMsg":""}]}"#
            }
            "kucoin" => r#"{"code":"200000","data":{"orderId":"77","clientOid":"mabcdefghijklmnopq"}}"#,
            _ => {
                r#"{"code":"00000","msg":"success","requestTime":1700000000200,"data":{"orderId":"77","clientOid":"mabcdefghijklmnopq"}}"#
            }
        },
    )
}

/// The answer that there is not enough to pay with.
fn too_little(name: &str) -> Reply {
    json(
        200,
        match name {
            "bybit" => r#"{"retCode":170131,"retMsg":"Insufficient balance.","result":{},"time":1700000000200}"#,
            "okx" => {
                r#"{"code":"1","msg":"","data":[{"clOrdId":"x","ordId":"","sCode":"51008","sMsg":"Insufficient balance"}]}"#
            }
            "kucoin" => r#"{"code":"200004","msg":"Balance insufficient!"}"#,
            _ => r#"{"code":"43012","msg":"Insufficient balance","requestTime":1700000000200,"data":null}"#,
        },
    )
}

#[tokio::test]
async fn an_order_is_accepted_with_the_exchanges_own_id() {
    for name in EXCHANGES {
        let (outcome, _) = submitted(name, accepted(name)).await;
        let Outcome::Accepted(fact) = outcome else { unreachable!("{name}: {outcome:?}") };
        assert_eq!((fact.status, fact.venue_id.as_deref()), (Some(Status::Open), Some("77")), "{name}");
    }
}

#[tokio::test]
async fn an_order_is_refused_in_our_words_where_the_exchange_surely_says_no() {
    for name in EXCHANGES {
        let (outcome, _) = submitted(name, too_little(name)).await;
        let Outcome::Rejected(refusal) = outcome else { unreachable!("{name}: {outcome:?}") };
        assert_eq!(refusal.code, words::INSUFFICIENT_BALANCE, "{name}");
    }
}

#[tokio::test]
async fn whatever_is_no_sure_answer_leaves_the_order_unknown() {
    for name in EXCHANGES {
        let unsure = [
            text(200, "<html>"),
            text(502, "Bad Gateway"),
            json(503, r#"{"code":"200004","msg":"Balance insufficient!"}"#),
            json(200, "{}"),
            json(200, r#"{"code":"0","retCode":0,"data":[],"result":{}}"#),
            json(400, r#"{"code":"999999","retCode":999999,"msg":"what nobody has looked at"}"#),
            Reply::Cut(Vec::new()),
            Reply::Cut(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"code\"".to_vec()),
        ];
        for reply in unsure {
            let (outcome, _) = submitted(name, reply.clone()).await;
            assert!(matches!(outcome, Outcome::Unknown(_)), "{name}: {outcome:?} of {reply:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_about_another_order_is_none_about_ours() {
    let other = r#"{"code":"0","msg":"","data":[{"clOrdId":"another","ordId":"77","sCode":"0","sMsg":""}]}"#;
    let (outcome, _) = submitted("okx", json(200, other)).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_about_another_side_or_quantity_is_none_about_ours() {
    let said = |more: &str| {
        let order = format!(r#""orderId":"77","orderLinkId":"mabcdefghijklmnopq"{more}"#);
        json(200, &format!(r#"{{"retCode":0,"retMsg":"OK","result":{{{order}}},"time":1700000000200}}"#))
    };
    let ours = r#","symbol":"BTCUSDT","side":"Buy","qty":"0.01234""#;
    for same in [ours, r#","side":"Buy""#, r#","qty":"0""#] {
        let (outcome, _) = submitted("bybit", said(same)).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?} of {same}");
    }
    for (what, other) in [("Buy", "Sell"), ("0.01234", "0.01235")] {
        let (outcome, _) = submitted("bybit", said(&ours.replace(what, other))).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?} with {other}");
    }
}

#[tokio::test]
async fn every_cut_of_an_accepted_order_is_unknown() {
    for cut in accepted("bybit").cuts() {
        let (outcome, _) = submitted("bybit", cut.clone()).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?} of {cut:?}");
    }
}

#[tokio::test]
async fn nothing_leaves_where_nobody_listens_or_the_market_is_not_known() {
    let world = World::saying("okx", Vec::new()).await;
    let mut request = world.request(Direction::Buy, limit());
    request.market.at_venue = None;
    let outcome = world.spoken.submit(&world.login, &request).await;
    assert!(matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == words::UNKNOWN_MARKET), "{outcome:?}");
    assert_eq!(world.server.connections(), 0);

    let mut gone = world.login.clone();
    gone.site.url = Server::nobody();
    let outcome = world.spoken.submit(&gone, &world.request(Direction::Buy, limit())).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_side_for_tests_is_never_the_live_one() {
    for name in EXCHANGES {
        let world = World::saying(name, Vec::new()).await;
        let mut login = world.login.clone();
        login.site = venues::native::Site { mode: domain::vault::Mode::Testnet, url: format!("ccxt:{name}") };
        // This transport reaches nothing but this machine: what it says of the address tells how far it came.
        let outcome = world.spoken.submit(&login, &world.request(Direction::Buy, limit())).await;
        let has_servers_for_tests = name == "bybit";
        match outcome {
            Outcome::NotSent(why) => assert!(has_servers_for_tests && why.contains("may not reach"), "{name}: {why}"),
            Outcome::Rejected(refusal) => {
                assert!(!has_servers_for_tests && refusal.detail.contains("no servers of its own for tests"), "{name}");
            }
            other => unreachable!("{name}: {other:?}"),
        }
        assert!(!world.transport.take_heard().iter().any(|heard| heard.asked.contains("api-key-of-nobody")));
    }
}

#[tokio::test]
async fn who_is_asked_less_is_left_alone_as_long_as_it_says() {
    for (header, seconds) in [("7", 7), ("4000000000", 300), ("soon", 60)] {
        let reply = with(429, &[("retry-after", header)], r#"{"retCode":10006,"retMsg":"Too many visits!"}"#);
        let (outcome, world) = submitted("bybit", reply).await;
        assert!(matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == words::RATE_LIMITED), "{outcome:?}");
        let pause = world.traffic.paused(&world.login.site, NOW).unwrap();
        assert_eq!(pause.until.since(NOW).get(), seconds * 1_000, "{header}");
    }
}

/// It wants ten minutes; no exchange is left alone for longer than five at a time.
#[tokio::test]
async fn an_address_that_bybit_turns_away_asks_nothing_for_five_minutes() {
    for reply in [text(403, "access too frequent"), json(403, r#"{"retMsg":"access too frequent"}"#)] {
        let (outcome, world) = submitted("bybit", reply).await;
        assert!(matches!(&outcome, Outcome::Unknown(_)), "{outcome:?}");
        let pause = world.traffic.paused(&world.login.site, NOW).unwrap();
        assert_eq!(pause.until.since(NOW).get(), 300_000);
    }
}

#[tokio::test]
async fn an_account_that_has_nearly_used_up_what_kucoin_lets_it_ask_waits_until_that_is_whole_again() {
    for (left, waits) in [("400", None), ("399", Some(12_345)), ("0", Some(12_345))] {
        let headers =
            [("gw-ratelimit-limit", "4000"), ("gw-ratelimit-remaining", left), ("gw-ratelimit-reset", "12345")];
        let (outcome, world) = submitted("kucoin", with(200, &headers, empty("kucoin"))).await;
        assert!(!matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
        let pause = world.traffic.paused_one(&world.login.site, &world.login.key, NOW);
        assert_eq!(pause.map(|pause| pause.until.since(NOW).get()), waits, "{left}");
        assert_eq!(world.traffic.paused(&world.login.site, NOW), None, "{left}");
    }
}

#[tokio::test]
async fn what_one_account_has_asked_too_much_holds_back_no_other() {
    for (name, said) in [
        ("bybit", r#"{"retCode":10006,"retMsg":"Too many visits!"}"#),
        ("okx", r#"{"code":"50011","msg":"Requests too frequent","data":[]}"#),
        ("kucoin", r#"{"code":"429000","msg":"Too many requests"}"#),
    ] {
        let (outcome, world) = submitted(name, json(200, said)).await;
        assert!(matches!(&outcome, Outcome::Rejected(refusal) if refusal.code == words::RATE_LIMITED), "{outcome:?}");
        let (site, other) =
            (&world.login.site, VenueKey { api_key: Secret::new("b".to_owned()), ..world.login.key.clone() });
        let until = |key| Some(world.traffic.paused_one(site, key, NOW)?.until.since(NOW).get());
        assert_eq!((until(&world.login.key), until(&other)), (Some(60_000), None), "{name}");
        assert_eq!(world.traffic.paused(site, NOW), None, "{name}");
    }
}

#[tokio::test]
async fn what_is_refused_for_its_time_says_that_the_clock_may_be_off() {
    let late = || json(200, r#"{"retCode":10002,"retMsg":"invalid request, please check your timestamp"}"#);
    let world = World::saying("bybit", vec![late()]).await;
    world.spoken.balances(&world.login).await.unwrap_err();
    assert!(world.login.doubt.is_told());
    let (_, world) = submitted("bybit", late()).await;
    assert!(world.login.doubt.is_told());
    let (_, world) = submitted("bybit", too_little("bybit")).await;
    assert!(!world.login.doubt.is_told());
}

const OPEN: &str = r#"{"code":"0","msg":"","data":[{"instId":"BTC-USDT","ordId":"77","clOrdId":"mabcdefghijklmnopq","side":"buy","ordType":"limit","px":"64250.3","sz":"0.01234","accFillSz":"0","state":"live","cTime":"1700000000130","avgPx":"","fee":"0","feeCcy":"BTC"}]}"#;
const CANCELLED: &str = r#"{"code":"0","msg":"","data":[{"instId":"BTC-USDT","ordId":"77","clOrdId":"mabcdefghijklmnopq","side":"buy","ordType":"limit","px":"64250.3","sz":"0.01234","accFillSz":"0.005","state":"canceled","cTime":"1700000000130","avgPx":"64250.3","fee":"-0.000005","feeCcy":"BTC"}]}"#;
const TRADE: &str = r#"{"code":"0","msg":"","data":[{"instId":"BTC-USDT","tradeId":"9","ordId":"77","clOrdId":"mabcdefghijklmnopq","side":"buy","fillPx":"64250.3","fillSz":"0.005","fee":"-0.000005","feeCcy":"BTC","execType":"M","ts":"1700000000140","instType":"SPOT"},{"instId":"BTC-USDT","tradeId":"10","ordId":"78","side":"buy","fillPx":"64250.3","fillSz":"1","fee":"-0.001","feeCcy":"BTC","execType":"M","ts":"1700000000140","instType":"SPOT"}]}"#;
const TAKEN: &str =
    r#"{"code":"0","msg":"","data":[{"clOrdId":"mabcdefghijklmnopq","ordId":"77","sCode":"0","sMsg":""}]}"#;
pub(super) const NO_SUCH_ORDER: &str = r#"{"code":"51603","msg":"Order does not exist","data":[]}"#;
const NONE: &str = r#"{"code":"0","msg":"","data":[]}"#;

async fn okx(replies: &[&str]) -> World {
    World::saying("okx", replies.iter().map(|body| json(200, body)).collect()).await
}

#[tokio::test]
async fn an_order_is_found_with_its_own_trades_and_what_they_cost() {
    let world = okx(&[CANCELLED, TRADE]).await;
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.cumulative), (Some(Status::Cancelled), parse("0.005")));
    let fills: Vec<_> = fact.fills.iter().collect();
    let [(trade, fill)] = fills.as_slice() else { unreachable!("{fills:?}") };
    let fee = fill.fee.as_ref().unwrap();
    assert_eq!((trade.0.as_str(), fill.price, fill.quantity), ("9", parse("64250.3"), parse("0.005")));
    assert_eq!((fee.asset.as_str(), fee.amount), ("BTC", parse("0.000005")));
}

#[tokio::test]
async fn an_order_is_absent_only_where_neither_its_id_nor_any_list_knows_it() {
    let world = okx(&[NO_SUCH_ORDER, NONE, NONE, NONE, NONE]).await;
    assert_eq!(world.spoken.find_order(&world.login, &world.address()).await, Ok(None));
    assert_eq!(world.server.lines().len(), 5, "its id, three lists and its trades: {:?}", world.server.lines());

    let world = okx(&[NO_SUCH_ORDER, NONE, CANCELLED, TRADE]).await;
    let found = world.spoken.find_order(&world.login, &world.address()).await.unwrap();
    assert_eq!(found.and_then(|fact| fact.venue_id).as_deref(), Some("77"), "a list knows it");

    let world = World::saying("okx", vec![json(200, NO_SUCH_ORDER), text(503, "")]).await;
    world.spoken.find_order(&world.login, &world.address()).await.unwrap_err();
}

/// An order that rests, as it is answered by its own id.
fn resting(name: &str) -> String {
    let id = CLIENT_ID;
    match name {
        "bybit" => format!(
            r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{{"orderId":"77","orderLinkId":"{id}","symbol":"BTCUSDT","price":"64250.3","qty":"1","side":"Buy","orderStatus":"New","avgPrice":"0","leavesQty":"1","cumExecQty":"0","cumExecValue":"0","cumExecFee":"0","orderType":"Limit","timeInForce":"GTC","createdTime":"1700000000123","updatedTime":"1700000000223"}}],"category":"spot"}},"time":1700000000300}}"#
        ),
        "okx" => OPEN.to_owned(),
        "kucoin" => format!(
            r#"{{"code":"200000","data":{{"id":"77","clientOid":"{id}","symbol":"BTC-USDT","opType":"DEAL","type":"limit","side":"buy","price":"64250.3","size":"0.7","funds":"0","dealFunds":"0","dealSize":"0","remainSize":"0.7","remainFunds":"0","cancelledSize":"0","cancelledFunds":"0","fee":"0","feeCurrency":"USDT","timeInForce":"GTC","cancelExist":false,"createdAt":1700000000123,"lastUpdatedAt":1700000000223,"inOrderBook":true,"active":true}}}}"#
        ),
        _ => format!(
            r#"{{"code":"00000","msg":"success","requestTime":1700000000300,"data":[{{"userId":"1","symbol":"BTCUSDT","orderId":"77","clientOid":"{id}","price":"64250.3","size":"0.01234","orderType":"limit","side":"buy","status":"live","priceAvg":"0","baseVolume":"0","quoteVolume":"0","enterPointSource":"API","feeDetail":"","orderSource":"normal","cTime":"1700000000130","uTime":"1700000000130"}}]}}"#
        ),
    }
}

/// A list in which nothing is.
pub(super) fn empty(name: &str) -> &'static str {
    match name {
        "bybit" => r#"{"retCode":0,"retMsg":"OK","result":{"list":[],"category":"spot"},"time":1700000000300}"#,
        "okx" => NONE,
        "kucoin" => r#"{"code":"200000","data":{"items":[],"lastId":0}}"#,
        _ => r#"{"code":"00000","msg":"success","requestTime":1700000000300,"data":[]}"#,
    }
}

/// At an exchange that says this first and lists nothing.
async fn found_by_its_id(name: &'static str, first: Reply) -> (Result<Option<String>, VenueError>, usize) {
    let world = World::saying(name, [first].into_iter().chain((0..4).map(|_| json(200, empty(name)))).collect()).await;
    let address = Address { venue_id: Some("77".to_owned()), ..world.address() };
    let found = world.spoken.find_order(&world.login, &address).await;
    (found.map(|fact| fact.and_then(|fact| fact.venue_id)), world.server.lines().len())
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_asked_for_by_it_and_needs_no_list() {
    for name in EXCHANGES {
        let found = found_by_its_id(name, json(200, &resting(name))).await;
        assert_eq!(found, (Ok(Some("77".to_owned())), 1), "{name}");
        let another = resting(name).replace(r#""77""#, r#""78""#).replace(CLIENT_ID, "another");
        let (found, _) = found_by_its_id(name, json(200, &another)).await;
        // Bybit's answer is a list: what is not asked for is not what was looked for.
        assert!(found.is_err() || name == "bybit" && found == Ok(None), "{name}");
    }
}

#[tokio::test]
async fn an_order_whose_own_id_is_known_is_absent_only_where_the_exchange_says_that_it_does_not_know_it() {
    let unknown = [
        ("bybit", empty("bybit")),
        ("okx", NO_SUCH_ORDER),
        ("kucoin", r#"{"code":"100001","msg":"error.getOrder.orderNotExist"}"#),
        ("bitget", empty("bitget")),
        (
            "bitget",
            r#"{"code":"40109","msg":"The data of the order cannot be found, please confirm the order number","data":null}"#,
        ),
    ];
    for (name, said) in unknown {
        let (found, asked) = found_by_its_id(name, json(200, said)).await;
        assert_eq!((found, asked > 1), (Ok(None), true), "{name} {said}");
        let (found, _) = found_by_its_id(name, text(503, "")).await;
        assert!(found.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_cancel_is_done_once_its_end_is_seen() {
    let cancelled = async |replies: &[&str]| {
        let world = okx(replies).await;
        world.spoken.cancel(&world.login, &world.address()).await
    };
    let done = cancelled(&[TAKEN, CANCELLED, TRADE]).await;
    assert!(matches!(&done, Cancelled::Done(fact) if fact.status == Some(Status::Cancelled)), "{done:?}");
    let open = cancelled(&[TAKEN, OPEN]).await;
    assert!(matches!(open, Cancelled::Unknown(_)), "{open:?}");
    let gone = cancelled(&[r#"{"code":"1","data":[{"clOrdId":"x","ordId":"","sCode":"51400","sMsg":"Cancellation failed as the order does not exist."}],"msg":""}"#]).await;
    assert_eq!(gone, Cancelled::Gone);
}

#[tokio::test]
async fn what_is_said_holds_no_key_and_no_signature() {
    for name in EXCHANGES {
        let (_, world) = submitted(name, accepted(name)).await;
        let (heard, said) = (world.server.heard(), world.transport.take_heard());
        assert!(said[0].asked.contains(&format!("limit buy 0.01234 BTC/USDT at 64250.3 as {CLIENT_ID}")), "{said:?}");
        for (header, value) in heard[0].headers.iter().filter(|(name, _)| name.contains("sign") || name.contains("key"))
        {
            assert!(value.len() < 5 || !said[0].asked.contains(value), "{name} {header}");
        }
    }
    for name in EXCHANGES {
        let said = |world: &World, why: &str| {
            let heard = world.server.heard();
            let Some(asked) = heard.first() else { unreachable!("{name}: {why}") };
            let signed = asked.headers.iter().filter(|(name, _)| name.contains("sign") || name.contains("key"));
            let signed: Vec<&str> = signed.map(|(_, value)| value.as_str()).filter(|value| value.len() > 5).collect();
            assert!(signed.iter().all(|secret| !why.contains(secret)), "{name}: {why}");
            assert!(asked.query().is_empty() || !why.contains(asked.query()), "{name}: {why}");
        };
        // A no to the key, with all that was sent.
        let code = match name {
            "bybit" => r#""retCode":10003"#,
            "okx" => r#""code":"50111""#,
            "kucoin" => r#""code":"400003""#,
            _ => r#""code":"40006""#,
        };
        let echo = move |heard: &Heard| {
            let headers: Vec<&str> = heard.headers.iter().map(|(_, value)| value.as_str()).collect();
            json(401, &format!(r#"{{{code},"echo":"{} {}"}}"#, heard.target, headers.join(" ")))
        };
        let world = World::at(name, Server::start(echo).await);
        let outcome = world.spoken.submit(&world.login, &world.request(Direction::Buy, limit())).await;
        let Outcome::Rejected(refusal) = outcome else { unreachable!("{name}: {outcome:?}") };
        said(&world, &refusal.detail);
        let world = World::at(name, Server::start(echo).await);
        let Err(VenueError::Unavailable(why)) = world.spoken.balances(&world.login).await else { unreachable!() };
        said(&world, &why);
    }
    // Where the library knows no better it names the whole address.
    let world = World::saying("okx", vec![json(401, r#"{"code":"0"}"#)]).await;
    let Err(VenueError::Unavailable(why)) = world.spoken.find_order(&world.login, &world.address()).await else {
        unreachable!()
    };
    let asked = &world.server.heard()[0];
    assert!(why.contains(asked.path()) && !asked.query().is_empty() && !why.contains(asked.query()), "{why}");
}

/// The average price of two trades is no decimal: nothing of it is needed.
#[tokio::test]
async fn an_order_at_the_market_is_found_whatever_its_average_is() {
    let order = format!(
        r#"{{"code":"200000","data":{{"id":"77","clientOid":"{CLIENT_ID}","symbol":"BTC-USDT","opType":"DEAL","type":"market","side":"buy","price":"0","size":"0.7","funds":"0","dealFunds":"44886.58","dealSize":"0.7","remainSize":"0","remainFunds":"0","cancelledSize":"0","cancelledFunds":"0","fee":"44.88658","feeCurrency":"USDT","timeInForce":"GTC","cancelExist":false,"createdAt":1700000000123,"lastUpdatedAt":1700000000223,"inOrderBook":false,"active":false}}}}"#
    );
    let trade = |id: u32, price: &str, size: &str, fee: &str| {
        format!(
            r#"{{"id":{id},"symbol":"BTC-USDT","tradeId":{id},"orderId":"77","counterOrderId":"1","side":"buy","liquidity":"taker","forceTaker":false,"price":"{price}","size":"{size}","funds":"1","fee":"{fee}","feeRate":"0.001","feeCurrency":"USDT","stop":"","tradeType":"TRADE","type":"market","createdAt":1700000000200}}"#
        )
    };
    let trades = format!(
        r#"{{"code":"200000","data":{{"items":[{},{}],"lastId":1}}}}"#,
        trade(1, "64123.4", "0.3", "19.23702"),
        trade(2, "64123.9", "0.4", "25.649561234567891234")
    );
    let world = World::saying("kucoin", vec![json(200, &order), json(200, &trades)]).await;
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    assert_eq!((fact.status, fact.cumulative, fact.fills.len()), (Some(Status::Filled), parse("0.7"), 2));
    let fees: Vec<_> = fact.fills.values().map(|fill| fill.fee.as_ref().unwrap().amount.to_string()).collect();
    assert_eq!(fees, ["19.23702", "25.649561234568"], "what a double may not keep of a fee is told as a digit more");
}

/// Bybit calls it so, and the library calls that closed.
#[tokio::test]
async fn an_order_that_ended_with_a_part_filled_is_not_wholly_filled() {
    let order = |status: &str, done: &str| {
        format!(
            r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{{"orderId":"77","orderLinkId":"{CLIENT_ID}","symbol":"BTCUSDT","price":"64250.3","qty":"1","side":"Sell","orderStatus":"{status}","avgPrice":"64250.3","leavesQty":"0","cumExecQty":"{done}","cumExecValue":"25700.12","cumExecFee":"25.70012","orderType":"Limit","timeInForce":"GTC","createdTime":"1700000000123","updatedTime":"1700000000223"}}],"category":"spot"}},"time":1700000000300}}"#
        )
    };
    let trade = |quantity: &str| {
        format!(
            r#"{{"retCode":0,"retMsg":"OK","result":{{"list":[{{"symbol":"BTCUSDT","orderId":"77","orderLinkId":"{CLIENT_ID}","side":"Sell","orderPrice":"64250.3","orderQty":"1","orderType":"Limit","execFee":"25.70012","execId":"9","execPrice":"64250.3","execQty":"{quantity}","execType":"Trade","execValue":"25700.12","feeCurrency":"USDT","execTime":"1700000000200","isMaker":true,"feeRate":"0.001"}}],"category":"spot"}},"time":1700000000300}}"#
        )
    };
    for (word, done, status) in [("PartiallyFilledCanceled", "0.4", Status::Cancelled), ("Filled", "1", Status::Filled)]
    {
        let world = World::saying("bybit", vec![json(200, &order(word, done)), json(200, &trade(done))]).await;
        let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
        assert_eq!((fact.status, fact.cumulative), (Some(status), parse(done)), "{word}");
        assert_eq!(fact.fills.len(), 1);
    }
}

#[tokio::test]
async fn trades_are_asked_for_from_when_it_was_sent_and_no_more_than_a_week_back() {
    let since = async |later: i64| {
        let mut world = okx(&[CANCELLED, TRADE]).await;
        world.login.now = NOW.plus(Millis::seconds(later));
        let _found = world.spoken.find_order(&world.login, &world.address()).await;
        let line = world.server.lines().last().unwrap().clone();
        let begin = line.split("begin=").nth(1).unwrap().split(['&', ' ']).next().unwrap().parse::<i64>().unwrap();
        begin - NOW.millis()
    };
    assert_eq!(since(60).await, -65_000, "clocks may differ by a minute before anything tells of it");
    assert_eq!(since(8 * 86_400).await, 86_400_000 + 2_000);
}
