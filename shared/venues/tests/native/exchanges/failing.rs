//! What is a failure of an exchange, and what is none: five in a row spare it entries.

use super::*;
use crate::server::text;
use futures_util::future::join_all;
use venues::Timed;

const SPARED: Option<(&str, Millis)> = Some(("venue_failing", Millis::seconds(300)));

impl World {
    async fn answering(reply: &Reply) -> Self {
        Self::saying(vec![reply.clone(); 8]).await
    }

    /// Nobody ever answers.
    async fn silent() -> Self {
        Self::over(Server::start(|_| Reply::Silence).await)
    }

    fn with_secret(self, secret: &str) -> Self {
        *self.store.0.secret.lock().unwrap() = secret.to_owned();
        self
    }

    /// Whether it is spared entries.
    async fn spared_at(&self, exchange: &str) -> bool {
        let exchange = exchange.parse().unwrap();
        let held = self.venue.paused(&account(), &exchange, Urgency::Entry).await;
        held.is_some_and(|pause| pause.code == Pause::FAILING)
    }

    /// What this comes to in vain: once as many requests have arrived, time goes by.
    async fn in_vain<T>(&self, requests: usize, asked: impl Future<Output = T>) -> T {
        let arrived = async {
            while self.server.heard().len() < requests {
                tokio::task::yield_now().await;
            }
            tokio::time::pause();
        };
        let (came_to, ()) = tokio::join!(asked, arrived);
        tokio::time::resume();
        came_to
    }
}

#[tokio::test]
async fn an_exchange_that_never_answers_is_spared_entries_though_each_call_is_given_up() {
    let world = World::silent().await;
    let venue = Timed::new(world.venue.in_run(&AttemptId::new("two"), "order"));
    let (account, exchange) = (account(), binance());
    let calls = (0..5).map(|_| venue.balances(&account, &exchange));
    for answer in world.in_vain(5, join_all(calls)).await {
        assert!(answer.is_err_and(|error| error.to_string().contains("no answer within")));
    }
    assert_eq!(world.paused(Urgency::Entry).await, SPARED);
    assert_eq!(world.paused(Urgency::Exit).await, None);
}

#[tokio::test]
async fn what_was_sent_in_vain_is_told_as_sent() {
    let world = World::silent().await;
    let venue = Timed::new(world.venue.in_run(&AttemptId::new("two"), "order"));
    let outcome = world.in_vain(1, venue.submit(&order())).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    let said = venue.said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].asked.starts_with("POST /api/v3/order") && said[0].asked.contains("mabc1"), "{said:?}");
    assert!(said[0].answered.starts_with("no answer"), "{said:?}");
    assert_eq!(venue.said(), []);
}

#[tokio::test]
async fn books_that_never_come_are_waited_for_five_times_and_then_left_out() {
    let world = World::silent().await;
    let sites = Sites::of_deployment(true, Some(format!("BINANCE={}", world.server.url())));
    let books = Books::new(NoPaper, world.store.0.rows.clone(), sites);
    let all = vec![(account(), market()); 5];
    assert!(world.in_vain(5, books.read_books(&all, Urgency::Entry)).await.iter().all(Result::is_err));
    assert!(books.read_books(&all, Urgency::Entry).await.iter().all(Result::is_err));
    assert_eq!(world.server.heard().len(), 5, "nothing more is asked");
    world.in_vain(6, books.read_books(&all[..1], Urgency::Exit)).await;
    assert_eq!(world.server.heard().len(), 6, "who wants to leave asks");
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(300)));
    world.in_vain(7, books.read_books(&all[..1], Urgency::Entry)).await;
    assert_eq!(world.server.heard().len(), 7, "it is looked at again");
}

/// Whether an exchange that says this to a question five times is spared.
async fn check(exchange: &str, secret: &str, reply: Reply, spared: bool) {
    let world = World::answering(&reply).await.with_secret(secret);
    for _ in 0..5 {
        assert!(world.venue.balances(&account(), &exchange.parse().unwrap()).await.is_err(), "{exchange}: {reply:?}");
    }
    assert_eq!(world.server.heard().len(), 5, "{exchange}: {reply:?}");
    assert_eq!(world.spared_at(exchange).await, spared, "{exchange}: {reply:?}");
}

#[tokio::test]
async fn a_no_of_an_exchange_is_an_answer_and_its_failures_are_none() {
    let no = |word: &str| json(200, &format!(r#"{{"error":["{word}"]}}"#));
    let pem = crate::coinbase::pem();
    for (exchange, secret, refused) in [
        ("BINANCE", "secret", refused(-2015)),
        ("BINANCE", "secret", json(401, r#"{"code":-2014,"msg":"API-key format invalid."}"#)),
        ("BINANCE", "secret", text(404, "<html>")),
        ("KRAKEN", "c2VjcmV0", no("EAPI:Invalid key")),
        ("KRAKEN", "no base 64 at all", no("nothing is asked")),
        ("COINBASE", &pem, text(401, "Unauthorized")),
        ("BYBIT", "secret", json(200, r#"{"retCode":10003,"retMsg":"API key is invalid.","result":{}}"#)),
        ("BYBIT", "secret", text(404, "<html>")),
    ] {
        let asked = World::answering(&refused).await.with_secret(secret);
        for _ in 0..6 {
            assert!(asked.venue.balances(&account(), &exchange.parse().unwrap()).await.is_err(), "{exchange}");
        }
        assert!(!asked.spared_at(exchange).await, "{exchange}: {refused:?}");
    }
    for (exchange, secret) in
        [("BINANCE", "secret"), ("KRAKEN", "c2VjcmV0"), ("COINBASE", pem.as_str()), ("BYBIT", "secret")]
    {
        for failed in [json(503, "{}"), text(200, "<html>"), Reply::Cut(Vec::new())] {
            check(exchange, secret, failed, true).await;
        }
    }
    for (exchange, secret) in [("BINANCE", "secret"), ("KRAKEN", "c2VjcmV0"), ("COINBASE", pem.as_str())] {
        check(exchange, secret, json(200, "[1]"), true).await;
    }
    check("BINANCE", "secret", refused(-1001), true).await;
    check("KRAKEN", "c2VjcmV0", no("EService:Unavailable"), true).await;
}

#[tokio::test]
async fn an_order_that_is_answered_in_no_words_that_can_be_read_is_a_failure() {
    for reply in [json(200, "{}"), text(200, "<html>"), json(500, "")] {
        let world = World::answering(&reply).await;
        for _ in 0..5 {
            assert!(matches!(world.venue.submit(&order()).await, Outcome::Unknown(_)));
        }
        assert_eq!(world.paused(Urgency::Entry).await, SPARED);
    }
}

#[tokio::test]
async fn a_bad_key_holds_back_nobody_elses_entries() {
    let world = World::answering(&refused(-2015)).await;
    for _ in 0..4 {
        assert!(matches!(world.venue.cancel(&place()).await, Cancelled::Unknown(_)));
        assert!(world.venue.find_order(&place()).await.is_err());
    }
    assert_eq!(world.paused(Urgency::Entry).await, None);
}

#[tokio::test]
async fn what_was_not_asked_says_nothing_of_the_exchange() {
    let world = World::saying(Vec::new()).await;
    world.store.0.rows.go_to(NOW.plus(Millis::new(2_001)));
    for _ in 0..6 {
        assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
    }
    assert_eq!((world.server.heard().len(), world.paused(Urgency::Entry).await), (0, None));
}

#[tokio::test]
async fn an_exchange_that_cannot_be_reached_is_spared_entries() {
    let mut world = World::saying(Vec::new()).await;
    let sites = Sites::of_deployment(true, Some(format!("BINANCE={}", Server::nobody())));
    let vault = Arc::new(world.store.clone());
    world.venue = Exchanges::new(NoPaper, world.store.0.rows.clone(), vault, sites, "order-executor");
    for _ in 0..5 {
        assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
    }
    assert_eq!(world.paused(Urgency::Entry).await, SPARED);
}

#[tokio::test]
async fn a_check_of_a_key_tells_of_its_exchange_too() {
    let world = World::answering(&json(503, "")).await;
    let secret = || Secret::new("key".to_owned());
    let key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
    for _ in 0..5 {
        let probed = world.venue.probe(&known(&account()), Some(Mode::Live), Some(&key), NOW).await;
        assert!(matches!(probed, Err(ProbeError::Away(_))), "{probed:?}");
    }
    assert_eq!(world.paused(Urgency::Entry).await, SPARED);
}
