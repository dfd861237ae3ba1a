use crate::given::{attempt, played};
use app::commit::{Change, Replaces, Transaction};
use app::ports::Signal;
use app::receive::{KnownTokens, RawAlert, Receipt, ReceiveError, receive};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::ids::{DeliveryId, Sha, TokenId, UserId};
use domain::limits;
use domain::notice::Topic;
use domain::token::{Grant, Sender, WebhookToken};
use futures_util::future::join;
use std::cell::RefCell;
use store::trading::Trading;
use testkit::sim::{Plan, Sim};
use testkit::world::{Strictness, World};
use wire::alert::Secret;
use wire::messages::Message;

const SECRET: &str = "whk_right";

/// Where alerts are received by one process.
struct Desk {
    world: World,
    known: KnownTokens,
    /// What was taken off the queue.
    taken: RefCell<Vec<Signal>>,
}

impl Desk {
    async fn receive(&self, body: &str, seconds: i64) -> Result<Receipt, ReceiveError> {
        self.receive_from("usr_1", Some(SECRET), body, seconds).await
    }

    async fn receive_from(
        &self,
        user: &str,
        secret: Option<&str>,
        body: &str,
        seconds: i64,
    ) -> Result<Receipt, ReceiveError> {
        let (secret, body) = (secret.map(Secret::new), body.as_bytes());
        self.take(RawAlert { user, secret, body, source_ip: None, trace: "t".to_owned() }, seconds).await
    }

    /// With the right secret, from this address.
    async fn receive_at(&self, address: Option<&str>, body: &str, seconds: i64) -> Result<Receipt, ReceiveError> {
        let (secret, source_ip) = (Some(Secret::new(SECRET)), address.map(str::to_owned));
        let raw = RawAlert { user: "usr_1", secret, body: body.as_bytes(), source_ip, trace: "t".to_owned() };
        self.take(raw, seconds).await
    }

    async fn take(&self, raw: RawAlert<'_>, seconds: i64) -> Result<Receipt, ReceiveError> {
        receive(&self.world, &self.known, raw, attempt(), at(seconds)).await
    }

    /// Those too that made way.
    fn rows(&self) -> Vec<Delivery> {
        self.world.table().deliveries().cloned().collect()
    }

    fn row(&self, id: &DeliveryId) -> Delivery {
        self.rows().into_iter().find(|row| row.at.id == *id).unwrap()
    }

    async fn settle(&self, id: &DeliveryId, kind: VerdictKind) {
        let (delivery, verdict) = (Box::new(self.row(id)), Verdict::new(kind, at(0)));
        let changes = vec![Change::Verdict { delivery, verdict, due_at: None, replaces: Replaces::Undecided }];
        let settled = Transaction { stamp: attempt().clone(), at: at(0), changes };
        Trading(&self.world).commit(&settled).await.unwrap();
    }

    /// What came to the queue: it takes each decision of a delivery once.
    fn signals(&self) -> Vec<Signal> {
        let now = self.world.sim().now();
        let mut queues = self.world.queues();
        while let Some(received) = queues.signals.receive(now, |_| 0) {
            queues.signals.delete(&received.receipt);
            self.taken.borrow_mut().push(Message::decode(&received.body).unwrap().try_into().unwrap());
        }
        self.taken.borrow().clone()
    }

    /// The same: delivery and decision.
    fn sent(&self) -> Vec<(DeliveryId, u32)> {
        self.signals().into_iter().map(|signal| (signal.delivery.id, signal.decision)).collect()
    }

    /// How often anything was sent, whether the queue knew it already or not.
    fn sends(&self) -> usize {
        self.world.sim().trace().lines().filter(|line| line.ends_with(" send_signal")).count()
    }
}

fn token() -> WebhookToken {
    WebhookToken {
        id: TokenId::parse("tok_1").unwrap(),
        user: user(),
        hash: Sha::of_bytes(SECRET.as_bytes()),
        account: None,
        exchange: None,
        expires_at: Some(at(1_000_000_000)),
        grant: Grant::default(),
    }
}

/// Where this token is known.
fn knowing<T: 'static, F: Future<Output = T> + 'static>(token: &WebhookToken, work: impl FnOnce(Desk) -> F) -> T {
    let world = World::new(Sim::new(Plan::calm(), at(0), true), Strictness::default());
    world.put_token(token);
    played(&world, |world| work(Desk { world, known: KnownTokens::default(), taken: RefCell::default() }))
}

fn open<T: 'static, F: Future<Output = T> + 'static>(work: impl FnOnce(Desk) -> F) -> T {
    knowing(&token(), work)
}

/// Where it takes alerts from TradingView alone.
fn bound<T: 'static, F: Future<Output = T> + 'static>(work: impl FnOnce(Desk) -> F) -> T {
    knowing(&WebhookToken { grant: Grant { from: Some(Sender::TradingView), ..Grant::default() }, ..token() }, work)
}

fn user() -> UserId {
    UserId::parse("usr_1").unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_769_860_800_000).plus(Millis::seconds(seconds))
}

/// An entry with these members beside the required ones.
fn entry(more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"tv": {{"exchange": "PAPER", "symbol": "BTCUSDT"}},
            "execution_intent": {{"strategy": "grid", "side": "long"}}{comma} {more}}}"#
    )
}

fn clocked() -> String {
    entry(r#""sent_at": "2026-01-31T12:00:00Z""#)
}

fn named(more: &str) -> String {
    entry(&format!(r#""id": "mine"{more}"#))
}

fn accepted(answer: Result<Receipt, ReceiveError>) -> DeliveryId {
    match answer {
        Ok(Receipt::Accepted(id)) => id,
        other => unreachable!("{other:?}"),
    }
}

fn duplicate(answer: Result<Receipt, ReceiveError>) -> DeliveryId {
    match answer {
        Ok(Receipt::Duplicate { id, .. }) => id,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn the_first_receipt_is_kept_and_sent() {
    open(|desk| async move {
        let id = accepted(desk.receive(&clocked(), 0).await);
        let row = desk.row(&id);
        assert_eq!((row.decisions, row.verdict.as_ref(), row.at.first_at), (1, None, at(0)));
        assert_eq!(row.due_at, Some(at(0).plus(limits::DELIVERY_DUE)));
        assert_eq!(row.expires_at, at(0).plus(limits::AUDIT_RETENTION));
        assert_eq!(desk.sent(), [(id, 1)]);
    });
}

#[test]
fn a_static_body_at_0_5_and_120_seconds_makes_two_deliveries() {
    open(|desk| async move {
        let first = accepted(desk.receive(&entry(""), 0).await);
        assert_eq!(duplicate(desk.receive(&entry(""), 5).await), first);
        assert_eq!(desk.row(&first).repeats, 1);
        let second = accepted(desk.receive(&entry(""), 120).await);
        assert_ne!(first, second);
        assert_eq!((desk.sends(), desk.sent()), (3, vec![(first.clone(), 1), (second.clone(), 1)]));
        let kept = [desk.row(&first), desk.row(&second)].map(|row| row.repeats);
        assert_eq!((desk.rows().len(), kept), (2, [1, 0]), "what made way is kept as it was");
    });
}

#[test]
fn the_window_of_a_static_body_begins_with_the_first_receipt() {
    open(|desk| async move {
        let first = accepted(desk.receive(&entry(""), 0).await);
        for seconds in [20, 40, 45] {
            assert_eq!(duplicate(desk.receive(&entry(""), seconds).await), first);
        }
        accepted(desk.receive(&entry(""), 46).await);
    });
}

#[test]
fn static_body_of_the_future_is_no_first_receipt() {
    open(|desk| async move {
        let ahead = accepted(desk.receive(&entry(""), 46).await);
        let now = accepted(desk.receive(&entry(""), 0).await);
        assert_ne!(now, ahead, "by a clock that has been put right");
        assert_eq!(duplicate(desk.receive(&entry(""), 1).await), now, "which has taken its place");
    });
}

#[test]
fn an_alert_with_an_id_or_a_clock_is_the_same_for_seven_days() {
    let week = limits::DEDUPE.get() / 1_000;
    for body in [named(""), clocked()] {
        open(|desk| async move {
            let first = accepted(desk.receive(&body, 0).await);
            assert_eq!(duplicate(desk.receive(&body, week - 1).await), first);
            assert_eq!(desk.row(&first).repeats, 0);
            let next = accepted(desk.receive(&body, week).await);
            assert_ne!(next, first, "another delivery, and so another group");
            assert_eq!(desk.row(&next).at.first_at, at(week));
        });
    }
}

#[test]
fn a_row_without_a_verdict_is_sent_again_under_its_own_number() {
    open(|desk| async move {
        desk.world.set_down("send_signal", true);
        assert!(matches!(desk.receive(&clocked(), 0).await, Err(ReceiveError::NotKept(_))));
        desk.world.set_down("send_signal", false);
        let id = duplicate(desk.receive(&clocked(), 5).await);
        assert!(Trading(&desk.world).postpone_delivery(&desk.row(&id), 3, at(60)).await.unwrap());
        assert_eq!(duplicate(desk.receive(&clocked(), 80_000).await), id);
        assert_eq!(desk.sent(), [(id.clone(), 1), (id, 3)]);
    });
}

#[test]
fn a_row_with_a_verdict_is_not_sent_again() {
    for kind in [VerdictKind::Accepted, VerdictKind::Refused, VerdictKind::Queued] {
        open(|desk| async move {
            let id = accepted(desk.receive(&clocked(), 0).await);
            desk.settle(&id, kind).await;
            assert_eq!(duplicate(desk.receive(&clocked(), 5).await), id);
            assert_eq!((desk.sends(), desk.sent()), (1, vec![(id, 1)]));
        });
    }
}

#[test]
fn the_same_id_with_another_body_is_a_conflict_of_its_own() {
    open(|desk| async move {
        let first = accepted(desk.receive(&named(""), 0).await);
        let other = named(r#", "max_lag_seconds": 60"#);
        for seconds in [1, 2] {
            let Err(ReceiveError::Conflict { id, first: of }) = desk.receive(&other, seconds).await else {
                unreachable!("it is a conflict");
            };
            let row = desk.row(&id);
            assert_eq!((&of, row.verdict.unwrap().kind), (&first, VerdictKind::Conflict));
            assert_eq!((row.due_at, row.decisions), (None, 0), "nothing is left to be decided");
        }
        assert_eq!((desk.rows().len(), desk.sent()), (2, vec![(first.clone(), 1)]));
        assert_eq!(duplicate(desk.receive(&named(""), 3).await), first);
    });
}

#[test]
fn an_alert_is_kept_with_the_exchange_of_its_token_whether_it_names_one_or_not() {
    open(|desk| async move {
        assert!(matches!(desk.receive("buy BTCUSDT", 0).await, Err(ReceiveError::Rejected { .. })));
        let paper = Some("PAPER".parse().unwrap());
        desk.world.put_token(&WebhookToken { exchange: paper.clone(), ..token() });
        let unnamed = accepted(desk.receive("buy ETHUSDT", 30).await);
        let named = accepted(desk.receive("buy PAPER:ETHUSDT", 30).await);
        let (unnamed, named) = (desk.row(&unnamed), desk.row(&named));
        assert_eq!((unnamed.exchange, named.exchange), (paper.clone(), paper));
        assert_eq!(unnamed.lane, named.lane, "they mean the same account");
    });
}

#[test]
fn a_tokens_exchange_changes_nothing_else_of_an_alert_that_names_one() {
    let usual = WebhookToken { exchange: Some("KRAKEN".parse().unwrap()), ..token() };
    let rows = [token(), usual].map(|token| {
        knowing(&token, |desk| async move {
            let mut rows = Vec::new();
            for body in [entry(""), clocked(), named(""), "buy PAPER:BTCUSDT".to_owned()] {
                let row = desk.row(&accepted(desk.receive(&body, 0).await));
                rows.push(Delivery { exchange: None, ..row });
            }
            rows
        })
    });
    assert_eq!(rows[0], rows[1]);
}

#[test]
fn whoever_may_not_enter_is_told_nothing_and_leaves_nothing() {
    open(|desk| async move {
        for (user, secret, body) in [
            ("usr_1", Some("whk_wrong"), entry("")),
            ("usr_2", Some(SECRET), entry("")),
            ("nonsense", Some(SECRET), entry("")),
            ("usr_1", None, entry("")),
            ("usr_1", None, "not JSON".to_owned()),
            ("usr_1", None, entry(r#""secret": "whk_wrong""#)),
            ("usr_1", Some("whk_wrong"), entry(&format!(r#""secret": "{SECRET}""#))),
        ] {
            let answer = desk.receive_from(user, secret, &body, 0).await;
            assert_eq!(answer, Err(ReceiveError::Unauthorized), "{user} {body}");
        }
        assert_eq!(desk.receive(&entry(""), 1_000_000_000).await, Err(ReceiveError::Unauthorized));
        assert!(desk.rows().is_empty() && desk.sent().is_empty());
    });
}

#[test]
fn the_secret_may_stand_in_the_body_and_is_never_kept() {
    open(|desk| async move {
        let body = entry(&format!(r#""secret": "{SECRET}", "note": "{SECRET}""#));
        let id = accepted(desk.receive_from("usr_1", None, &body, 0).await);
        assert!(!desk.row(&id).body.contains(SECRET));
        assert_eq!(duplicate(desk.receive_from("usr_1", Some(SECRET), &body, 1).await), id);
    });
}

#[test]
fn a_request_is_shown_by_its_user_and_its_trace_and_never_with_its_secret() {
    let (secret, body, trace) = (Some(Secret::new(SECRET)), SECRET.as_bytes(), "t".to_owned());
    let raw = RawAlert { user: "usr_1", secret, body, source_ip: None, trace };
    assert_eq!(format!("{raw:?}"), r#"RawAlert { user: "usr_1", trace: "t", .. }"#);
}

#[test]
fn the_owner_hears_of_an_exit_that_is_rejected_and_of_no_other_alert() {
    let told = |body: &str| {
        let body = body.to_owned();
        open(|desk| async move {
            for seconds in [0, 1] {
                let answer = desk.receive(&body, seconds).await;
                assert!(matches!(answer, Err(ReceiveError::Rejected { .. })), "{body}");
            }
            let notices = desk.world.table().notices();
            notices.into_iter().map(|told| (told.topic, told.text)).collect::<Vec<_>>()
        })
    };
    for exit in [
        r#"{"tv": {"exchange": "PAPER", "symbol": 5}, "execution_intent": {"type": "exit"}}"#,
        r#"{"tv": {"exchange": "PAPER", "market_position": "flat"}}"#,
        r#"{"tv": {"exchange": "PAPER", "symbol": 5, "prev_market_position": "short", "market_position": "long"}}"#,
        r#"{"tv": {"exchange": "PAPER"}, "execution_intent": {"type": "exit"}"#,
    ] {
        let told = told(exit);
        assert_eq!(told.iter().map(|(topic, _)| *topic).collect::<Vec<_>>(), [Topic::ExitNotFollowed], "once: {exit}");
        assert!(told[0].1.contains("has closed nothing: "), "{told:?}");
    }
    assert_eq!(told(r#"{"tv": {"exchange": "PAPER", "symbol": 5, "close": "1"}}"#), []);
    assert_eq!(told(r#"{"tv": {"exchange": "PAPER", "close": "1"}, "#), []);
    for before in ["flat", "long", "sideways"] {
        let tv = format!(r#""symbol": 5, "prev_market_position": "{before}", "market_position": "long""#);
        assert_eq!(told(&format!(r#"{{"tv": {{"exchange": "PAPER", {tv}}}}}"#)), [], "{before}");
    }
}

#[test]
fn an_alert_that_cannot_be_followed_is_kept_with_its_reason_and_not_sent() {
    #[rustfmt::skip]
    let table = [
        ("buy now".to_owned(),                    "invalid_json",         vec![]),
        ("{}".to_owned(),                         "invalid_alert",        vec!["tv.exchange"]),
        (entry(r#""preset": "My own""#),            "invalid_alert",        vec!["preset"]),
        (entry(r#""ladder": {"count": 5}"#),      "invalid_alert",        vec!["ladder"]),
    ];
    for (body, code, fields) in table {
        open(|desk| async move {
            let Err(ReceiveError::Rejected { id, wrong }) = desk.receive(&body, 0).await else {
                unreachable!("{body} is rejected");
            };
            let (row, again) = (desk.row(&id), desk.receive(&body, 5).await);
            let verdict = row.verdict.unwrap();
            assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Rejected, Some(code)));
            assert_eq!(
                (wrong.code, &wrong.fields, wrong.fields.iter().map(String::as_str).collect()),
                (code, &verdict.fields, fields)
            );
            assert_eq!((row.due_at, row.decisions), (None, 0));
            assert!(matches!(again, Err(ReceiveError::Rejected { id: first, .. }) if first == id));
            assert!(desk.sent().is_empty() && desk.rows().len() == 1);
        });
    }
}

const TRADINGVIEW: Option<&str> = Some("52.89.214.238");
const ELSEWHERE: Option<&str> = Some("203.0.113.7");

#[test]
fn an_alert_from_where_its_token_takes_none_is_kept_as_refused_and_not_sent() {
    for address in [None, ELSEWHERE, Some("::ffff:52.89.214.238")] {
        bound(|desk| async move {
            let id = accepted(desk.receive_at(address, &clocked(), 0).await);
            let row = desk.row(&id);
            let verdict = row.verdict.unwrap();
            assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Refused, Some("token_from")));
            assert!(verdict.detail.unwrap().contains(address.unwrap_or("not known")));
            assert_eq!((row.due_at, row.decisions, row.source_ip.as_deref()), (None, 0, address));
            assert_eq!(duplicate(desk.receive_at(address, &clocked(), 5).await), id);
            assert!(desk.sent().is_empty() && desk.rows().len() == 1);
        });
    }
    let followed = |address: Option<&'static str>| {
        move |desk: Desk| async move {
            let id = accepted(desk.receive_at(address, &clocked(), 0).await);
            assert_eq!((desk.row(&id).verdict, desk.sent()), (None, vec![(id, 1)]), "{address:?}");
        }
    };
    bound(followed(TRADINGVIEW));
    open(followed(ELSEWHERE));
    open(followed(None));
}

#[test]
fn what_is_refused_for_where_it_comes_from_takes_no_alerts_place() {
    for body in [entry(""), clocked(), named("")] {
        bound(|desk| async move {
            let before = accepted(desk.receive_at(ELSEWHERE, &body, 0).await);
            let meant = accepted(desk.receive_at(TRADINGVIEW, &body, 1).await);
            assert_ne!(before, meant, "{body}");
            assert_eq!(duplicate(desk.receive_at(ELSEWHERE, &body, 2).await), before);
            assert_eq!(duplicate(desk.receive_at(TRADINGVIEW, &body, 3).await), meant);
            assert_eq!((desk.sends(), desk.sent()), (2, vec![(meant, 1)]), "{body}");
        });
    }
    bound(|desk| async move {
        accepted(desk.receive_at(ELSEWHERE, &named(r#", "max_lag_seconds": 60"#), 0).await);
        accepted(desk.receive_at(TRADINGVIEW, &named(""), 1).await);
    });
}

#[test]
fn what_comes_from_elsewhere_is_counted_by_itself() {
    bound(|desk| async move {
        for number in 0..limits::ALERTS_BURST_MAX {
            let address = if number % 2 == 0 { ELSEWHERE } else { None };
            desk.receive_at(address, &named(""), 0).await.unwrap();
        }
        for address in [ELSEWHERE, None] {
            let answer = desk.receive_at(address, &named(""), 0).await;
            assert_eq!(answer, Err(ReceiveError::TooFast), "it has a rate as well");
        }
        accepted(desk.receive_at(TRADINGVIEW, &named(""), 0).await);
    });
}

#[test]
fn a_receipt_that_loses_the_race_is_a_duplicate_of_the_winner() {
    open(|desk| async move {
        accepted(desk.receive(&entry(""), 0).await);
        let body = entry("");
        let (winner, loser) = join(desk.receive(&body, 119), desk.receive(&body, 120)).await;
        let winner = accepted(winner);
        assert_eq!((duplicate(loser), desk.row(&winner).at.first_at), (winner, at(119)));
        assert_eq!(desk.rows().len(), 2, "that of before has made way once");
    });
}

#[test]
fn a_token_that_sends_too_fast_leaves_no_row() {
    open(|desk| async move {
        for _ in 0..limits::ALERTS_BURST_MAX {
            desk.receive(&entry(""), 0).await.unwrap();
        }
        assert_eq!(desk.receive(&clocked(), 0).await, Err(ReceiveError::TooFast));
        assert_eq!(desk.rows().len(), 1, "nothing is kept of it");
        accepted(desk.receive(&clocked(), 1).await);
    });
}

#[test]
fn alerts_share_a_lane_when_they_may_mean_the_same_account() {
    let lane = |account: Option<&str>, body: &str| {
        let (token, body) = (WebhookToken { account: account.map(str::to_owned), ..token() }, body.to_owned());
        knowing(&token, |desk| async move {
            let id = accepted(desk.receive(&body, 0).await);
            let row = desk.row(&id);
            assert_eq!(row.lane, desk.signals()[0].lane);
            row.lane
        })
    };
    let (plain, main) = (entry(""), entry(r#""account": "main""#));
    assert_eq!(lane(None, &plain), lane(Some("default"), &plain));
    assert_eq!(lane(None, &main), lane(Some("main"), &plain));
    assert_ne!(lane(None, &main), lane(None, &plain));
    assert_ne!(lane(None, &plain), lane(None, &plain.replace("PAPER", "BINANCE")));
}
