//! Two keys at one exchange: what is counted of one holds back that one, what is said to an address holds back both.

use super::*;
use crate::server::text;

/// For how many seconds each of two keys is held back, after the first was answered so.
async fn check(exchange: &str, secret: &str, reply: Reply, expected: (i64, Option<i64>)) {
    let (world, there) = (World::saying(vec![reply.clone()]).await, exchange.parse::<Exchange>().unwrap());
    *world.store.0.secret.lock().unwrap() = secret.to_owned();
    assert!(world.venue.balances(&account(), &there).await.is_err(), "{exchange}: {reply:?}");
    let other = world.venue.in_run(&AttemptId::new("two"), "order");
    *world.store.0.key.lock().unwrap() = "other".to_owned();
    let left = |pause: Option<Pause>| pause.map(|pause| pause.until.since(NOW).get() / 1_000);
    let first = left(world.venue.paused(&account(), &there, Urgency::Exit).await);
    let second = left(other.paused(&account(), &there, Urgency::Exit).await);
    assert_eq!((first, second), (Some(expected.0), expected.1), "{exchange}: {reply:?}");
    assert!(world.venue.balances(&account(), &there).await.is_err());
    assert_eq!(world.server.heard().len(), 1, "{exchange}: nothing more is asked with it");
}

#[tokio::test]
async fn what_is_counted_of_one_key_holds_back_no_other() {
    let pem = crate::coinbase::pem();
    let said = |code: i64| format!(r#"{{"code":{code},"msg":"Too many."}}"#);
    let no = |word: &str| json(200, &format!(r#"{{"error":["{word}"]}}"#));
    for exchange in ["BINANCE", "BINANCEUSDM"] {
        check(exchange, "secret", json(429, &said(-1015)), (10, None)).await;
        check(exchange, "secret", json(429, &said(-1003)), (60, Some(60))).await;
        check(exchange, "secret", json(418, &said(-1003)), (120, Some(120))).await;
        check(exchange, "secret", text(403, "<html>"), (60, Some(60))).await;
    }
    for (word, seconds) in [("EOrder:Rate limit exceeded", 5), ("EGeneral:Temporary lockout", 180)] {
        check("KRAKEN", "c2VjcmV0", no(word), (seconds, None)).await;
    }
    for status in [403, 429] {
        check("KRAKEN", "c2VjcmV0", text(status, "<html>"), (60, Some(60))).await;
    }
    check("COINBASE", &pem, with(429, &[("retry-after", "30")], ""), (30, None)).await;
}

#[tokio::test]
async fn what_nobody_signs_is_counted_by_address_and_holds_back_all() {
    let told = [("date", "Tue, 14 Nov 2023 22:13:20 GMT"), ("retry-after", "30")];
    let world = World::saying(vec![with(429, &told, "")]).await;
    let coinbase = MarketKey { exchange: "COINBASE".parse().unwrap(), symbol: "BTC/USD".parse().unwrap() };
    assert!(world.venue.ticker(&account(), &coinbase).await.is_err());
    let held = world.venue.paused(&account(), &coinbase.exchange, Urgency::Exit).await;
    assert_eq!(held.map(|pause| pause.code), Some(Pause::ASKED));
}

/// What is newly told of a pause after this was asked, in seconds: once, and then nothing any more.
async fn newly(world: &World, asked: impl Future) -> Option<i64> {
    asked.await;
    let told = world.venue.newly_paused(&account()).map(|pause| pause.until.since(NOW).get() / 1_000);
    assert_eq!(world.venue.newly_paused(&account()), None, "it is told once");
    told
}

fn full() -> Reply {
    with(
        429,
        &[("retry-after", "30"), ("date", "Tue, 14 Nov 2023 22:13:20 GMT")],
        r#"{"code":-1003,"msg":"Too many."}"#,
    )
}

#[tokio::test]
async fn a_pause_is_newly_told_whatever_was_asked() {
    let new = async || World::saying(vec![full(), full()]).await;
    let (key, exchange, market) = (market().key, binance(), market());
    let contracts = Market { key: MarketKey { exchange: "BINANCEUSDM".parse().unwrap(), ..key.clone() }, ..market };
    let secret = || Secret::new("key".to_owned());
    let known_key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
    let world = new().await;
    assert_eq!(newly(&world, world.venue.submit(&order())).await, Some(30));
    let world = new().await;
    assert_eq!(newly(&world, world.venue.cancel(&place())).await, Some(30));
    let world = new().await;
    assert_eq!(newly(&world, world.venue.balances(&account(), &exchange)).await, Some(30));
    let world = new().await;
    assert_eq!(newly(&world, world.venue.ticker(&account(), &key)).await, Some(29), "by the answer's own time");
    let world = new().await;
    assert_eq!(newly(&world, world.venue.prepare(&account(), &contracts, Leverage::ONE)).await, Some(30));
    let world = new().await;
    assert_eq!(
        newly(&world, world.venue.probe(&known(&account()), Some(Mode::Live), Some(&known_key), NOW)).await,
        Some(30)
    );
}

/// Of each account that was asked for, once for each time; where nothing is left of it, nothing is told.
#[tokio::test]
async fn a_pause_that_a_book_was_answered_with_is_newly_told() {
    let world = World::saying(vec![full()]).await;
    let sites = Sites::of_deployment(true, Some(format!("BINANCE={}", world.server.url())));
    let books = Books::new(NoPaper, world.store.0.rows.clone(), sites);
    let other = AccountId::of(&["other"]);
    world.store.put_at(&other, Some(Mode::Live));
    let heard = |account: &AccountId| {
        let told = books.newly_paused(account).map(|pause| pause.until.since(NOW).get() / 1_000);
        assert_eq!(books.newly_paused(account), None, "it is told once");
        told
    };
    assert_eq!(heard(&account()), None, "nobody has asked");
    for asked in [account(), other.clone()] {
        assert!(books.read_books(&[(asked, market())], Urgency::Entry).await[0].is_err());
    }
    assert_eq!((heard(&account()), heard(&other)), (Some(29), Some(29)), "by the answer's own time");
    assert_eq!(world.server.heard().len(), 1);
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(30)));
    assert!(books.read_books(&[(account(), market())], Urgency::Entry).await[0].is_err(), "nobody answers");
    assert_eq!(heard(&account()), None);
}

#[tokio::test]
async fn what_the_accounts_row_says_is_not_new_and_what_is_longer_is() {
    for (row, told) in [(20, Some(30)), (30, None), (40, None)] {
        let world = World::saying(vec![full()]).await;
        assert!(world.venue.balances(&account(), &binance()).await.is_err());
        world.store.pause(Some(NOW.plus(Millis::seconds(row))));
        let next = world.venue.in_run(&AttemptId::new("two"), "order");
        assert!(next.balances(&account(), &binance()).await.is_err());
        let new = next.newly_paused(&account()).map(|pause| pause.until.since(NOW).get() / 1_000);
        assert_eq!(new, told, "{row}");
    }
    let world = World::saying(vec![refused(-2015)]).await;
    assert_eq!(newly(&world, world.venue.balances(&account(), &binance())).await, None);
}

#[tokio::test]
async fn a_pause_of_one_key_is_new_to_its_own_account_alone() {
    for (said, others) in [(-1015, None), (-1003, Some(60))] {
        let world = World::saying(vec![json(429, &format!(r#"{{"code":{said},"msg":"Too many."}}"#))]).await;
        assert!(world.venue.balances(&account(), &binance()).await.is_err());
        let other = world.venue.in_run(&AttemptId::new("two"), "order");
        *world.store.0.key.lock().unwrap() = "other".to_owned();
        let _left_alone = other.paused(&account(), &binance(), Urgency::Exit).await;
        let new = other.newly_paused(&account()).map(|pause| pause.until.since(NOW).get() / 1_000);
        assert_eq!(new, others, "{said}");
    }
}

#[tokio::test]
async fn from_three_fifths_of_what_is_allowed_on_a_look_can_wait_and_nothing_else() {
    for (used, expected) in [("3599", None), ("3600", Some("venue_busy"))] {
        let world =
            World::saying(vec![with(200, &[("x-mbx-used-weight-1m", used)], r#"{"balances":[],"canTrade":true}"#)])
                .await;
        let binance: Exchange = "BINANCE".parse().unwrap();
        world.venue.balances(&account(), &binance).await.unwrap();
        assert_eq!(world.paused(Urgency::Look).await.map(|(code, _)| code), expected, "{used}");
        for urgency in [Urgency::Entry, Urgency::Exit] {
            assert_eq!(world.paused(urgency).await, None, "{used}");
        }
    }
}

#[tokio::test]
async fn from_nine_tenths_of_what_is_allowed_on_exits_and_cancels_go_out_and_nothing_else() {
    let used = with(200, &[("x-mbx-used-weight-1m", "5400")], r#"{"balances":[],"canTrade":true}"#);
    let world = World::saying(vec![used, refused(-1100), refused(-1100)]).await;
    world.venue.balances(&account(), &binance()).await.unwrap();
    for urgency in [Urgency::Entry, Urgency::Look] {
        assert_eq!(world.paused(urgency).await.map(|(code, _)| code), Some("venue_full"), "{urgency:?}");
    }
    assert_eq!(world.paused(Urgency::Exit).await, None);
    assert_eq!(world.venue.newly_paused(&account()), None, "each process counts for itself");
    assert!(world.venue.find_order(&place()).await.is_err());
    assert!(world.venue.ticker(&account(), &market().key).await.is_err());
    let secret = || Secret::new("key".to_owned());
    let key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
    assert!(matches!(
        world.venue.probe(&known(&account()), Some(Mode::Live), Some(&key), NOW).await,
        Err(ProbeError::Away(_))
    ));
    assert_eq!(world.server.heard().len(), 1, "no question is asked");
    assert!(matches!(world.venue.submit(&order()).await, Outcome::Rejected(_)), "it was sent");
    world.venue.cancel(&place()).await;
    assert_eq!(world.server.heard().len(), 3);
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(40)));
    assert_eq!(world.paused(Urgency::Entry).await, None, "the minute is over");
}

#[tokio::test]
async fn looks_with_a_key_of_kraken_wait_where_most_of_its_counter_is_used_and_nothing_else_does() {
    let (answer, kraken) = (json(200, r#"{"error":[],"result":{}}"#), "KRAKEN".parse::<Exchange>().unwrap());
    let world = World::saying(vec![answer; 10]).await;
    *world.store.0.secret.lock().unwrap() = "c2VjcmV0".to_owned();
    let paused = async |urgency| world.venue.paused(&account(), &kraken, urgency).await.map(|pause| pause.code);
    for _ in 0..9 {
        world.venue.balances(&account(), &kraken).await.unwrap();
        assert_eq!(paused(Urgency::Look).await, None);
    }
    world.venue.balances(&account(), &kraken).await.unwrap();
    assert_eq!(paused(Urgency::Look).await, Some("venue_busy"), "ten of fifteen");
    assert_eq!((paused(Urgency::Entry).await, paused(Urgency::Exit).await), (None, None));
    let other = world.venue.in_run(&AttemptId::new("two"), "order");
    *world.store.0.key.lock().unwrap() = "other".to_owned();
    assert_eq!(other.paused(&account(), &kraken, Urgency::Look).await, None, "another key's");
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(4)));
    assert_eq!(paused(Urgency::Look).await, None, "it falls by one in three seconds");
}

#[tokio::test]
async fn as_many_orders_as_an_account_may_place_keep_its_entries_waiting_and_nothing_else() {
    for (exchange, most, side) in
        [("BINANCE", "100", Mode::Live), ("BINANCE", "50", Mode::Testnet), ("BINANCEUSDM", "300", Mode::Live)]
    {
        let placed = |orders: &str| with(400, &[("x-mbx-order-count-10s", orders)], r#"{"code":-1100,"msg":"No."}"#);
        let one_less = (most.parse::<u32>().unwrap() - 1).to_string();
        let world = World::saying(vec![placed(&one_less), placed(most), refused(-1100), refused(-1100)]).await;
        world.store.be_at(Some(side));
        let there: Exchange = exchange.parse().unwrap();
        let held = async |urgency| world.venue.paused(&account(), &there, urgency).await.map(|pause| pause.code);
        let one = on(&there, order());
        world.venue.submit(&one).await;
        assert_eq!(held(Urgency::Entry).await, None, "{exchange} {side}");
        world.venue.submit(&one).await;
        assert_eq!(held(Urgency::Entry).await, Some("venue_full"), "{exchange} {side}");
        assert_eq!((held(Urgency::Exit).await, held(Urgency::Look).await), (None, None), "{exchange} {side}");
        assert_eq!(world.venue.newly_paused(&account()), None, "nobody has asked to be left alone");
        world.venue.submit(&one).await;
        assert!(world.venue.balances(&account(), &there).await.is_err());
        assert_eq!(world.server.heard().len(), 4, "exits leave, and questions are asked");
        let other = world.venue.in_run(&AttemptId::new("two"), "orders and cancels");
        *world.store.0.key.lock().unwrap() = "other".to_owned();
        assert_eq!(other.paused(&account(), &there, Urgency::Entry).await, None, "another account's");
        world.store.0.rows.go_to(NOW.plus(Millis::seconds(10)));
        assert_eq!(held(Urgency::Entry).await, None, "the window is over");
    }
}

#[tokio::test]
async fn too_many_questions_with_a_key_of_kraken_hold_back_no_exit_and_no_cancel() {
    let (no, kraken) = (json(200, r#"{"error":["EAPI:Rate limit exceeded"]}"#), "KRAKEN".parse::<Exchange>().unwrap());
    let world = World::saying(vec![no; 4]).await;
    *world.store.0.secret.lock().unwrap() = "c2VjcmV0".to_owned();
    let held = async |urgency| world.venue.paused(&account(), &kraken, urgency).await.map(|pause| pause.code);
    assert!(world.venue.balances(&account(), &kraken).await.is_err());
    for urgency in [Urgency::Entry, Urgency::Look] {
        assert_eq!(held(urgency).await, Some("venue_full"), "{urgency:?}");
    }
    assert_eq!((held(Urgency::Exit).await, world.venue.newly_paused(&account())), (None, None));
    assert!(world.venue.balances(&account(), &kraken).await.is_err());
    let (whose, secret) = (known(&account()), |text: &str| Secret::new(text.to_owned()));
    let key = VenueKey { api_key: secret("key"), api_secret: secret("c2VjcmV0"), passphrase: None };
    let checked =
        world.venue.probe(&Account { exchange: kraken.clone(), ..whose }, Some(Mode::Live), Some(&key), NOW).await;
    assert!(matches!(checked, Err(ProbeError::Away(_))), "{checked:?}");
    assert_eq!(world.server.heard().len(), 1, "nothing more is asked");
    assert!(matches!(world.venue.submit(&on(&kraken, order())).await, Outcome::Rejected(_)), "it was sent");
    assert_eq!(world.server.heard().len(), 2);
    assert_eq!(held(Urgency::Exit).await, Some("venue_paused"), "an order that is refused is waited for as before");
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(10)));
    for urgency in [Urgency::Entry, Urgency::Exit] {
        assert_eq!(held(urgency).await, None, "{urgency:?}");
    }
}

/// The same order at another exchange.
fn on(exchange: &Exchange, order: Request) -> Request {
    let key = MarketKey { exchange: exchange.clone(), ..order.market.key.clone() };
    Request { market: Market { key, ..order.market.clone() }, ..order }
}
