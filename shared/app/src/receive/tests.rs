use super::*;
use domain::clock::Millis;
use domain::delivery::DeliveryRef;
use domain::ids::{NoticeId, TokenId, UserId};
use domain::notice::{Notice, Topic};
use domain::token::{Sender, WebhookToken};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wire::alert::Secret;

const SECRET: &str = "whk_right";

/// A table of deliveries and a queue that answer at once.
#[derive(Default)]
struct Desk {
    token: Option<WebhookToken>,
    rows: RefCell<BTreeMap<String, Delivery>>,
    /// Rows that made way.
    former: RefCell<Vec<Delivery>>,
    signals: RefCell<Vec<Signal>>,
    notices: RefCell<Vec<Notice>>,
    queue_is_down: Cell<bool>,
    /// Another receipt's row, written just before ours can replace the old one.
    rival: RefCell<Option<Delivery>>,
    may_send: Cell<bool>,
    /// What was counted.
    counted: RefCell<Vec<TokenId>>,
}

impl Desk {
    fn new() -> Self {
        let token = WebhookToken {
            id: TokenId::parse("tok_1").unwrap(),
            user: user(),
            hash: Sha::of_bytes(SECRET.as_bytes()),
            account: None,
            exchange: None,
            expires_at: Some(at(1_000_000_000)),
            grant: domain::token::Grant::default(),
        };
        Self { token: Some(token), may_send: Cell::new(true), ..Self::default() }
    }

    fn receive(&self, body: &str, seconds: i64) -> Result<Receipt, ReceiveError> {
        self.receive_from("usr_1", Some(SECRET), body, seconds)
    }

    fn receive_from(
        &self,
        user: &str,
        secret: Option<&str>,
        body: &str,
        seconds: i64,
    ) -> Result<Receipt, ReceiveError> {
        let (secret, body) = (secret.map(Secret::new), body.as_bytes());
        self.take(RawAlert { user, secret, body, source_ip: None, trace: "t".to_owned() }, seconds)
    }

    /// With the right secret, from this address.
    fn receive_at(&self, address: Option<&str>, body: &str, seconds: i64) -> Result<Receipt, ReceiveError> {
        let (secret, source_ip) = (Some(Secret::new(SECRET)), address.map(str::to_owned));
        self.take(RawAlert { user: "usr_1", secret, body: body.as_bytes(), source_ip, trace: "t".to_owned() }, seconds)
    }

    fn take(&self, raw: RawAlert<'_>, seconds: i64) -> Result<Receipt, ReceiveError> {
        let attempt = AttemptId::new("a");
        match pin!(receive(self, raw, &attempt, at(seconds))).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => unreachable!("the desk answers at once"),
        }
    }

    fn row(&self, id: &DeliveryId) -> Delivery {
        self.rows.borrow().values().find(|row| row.at.id == *id).cloned().unwrap()
    }

    fn settle(&self, id: &DeliveryId, kind: VerdictKind) {
        let verdict = Some(Verdict::new(kind, at(0)));
        self.rows
            .borrow_mut()
            .values_mut()
            .filter(|row| row.at.id == *id)
            .for_each(|row| row.verdict = verdict.clone());
    }

    /// What was sent: delivery and decision.
    fn sent(&self) -> Vec<(DeliveryId, u32)> {
        self.signals.borrow().iter().map(|signal| (signal.delivery.id.clone(), signal.decision)).collect()
    }
}

impl FindToken for Desk {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        Ok(self.token.clone().filter(|token| token.user == *user && token.hash == *hash))
    }
}

impl LimitRate for Desk {
    fn admit(&self, token: &TokenId, _: Timestamp) -> bool {
        self.counted.borrow_mut().push(token.clone());
        self.may_send.get()
    }
}

impl Notify for Desk {
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        self.notices.borrow_mut().push(notice.clone());
        Ok(())
    }

    async fn take_back(&self, _: &UserId, _: &NoticeId) -> Result<(), StoreError> {
        Ok(())
    }
}

impl KeepDelivery for Desk {
    async fn put_delivery(&self, delivery: &Delivery, _: &AttemptId) -> Result<Kept, StoreError> {
        let mut rows = self.rows.borrow_mut();
        if let Some(found) = rows.get(delivery.at.key.as_str()) {
            return Ok(Kept::Found(Box::new(found.clone())));
        }
        rows.insert(delivery.at.key.as_str().to_owned(), delivery.clone());
        Ok(Kept::First)
    }

    async fn replace_delivery(&self, new: &Delivery, old: &Delivery, _: &AttemptId) -> Result<Kept, StoreError> {
        let written = self.rival.take();
        let lost = written.is_some();
        let written = written.unwrap_or_else(|| new.clone());
        let former = self.rows.borrow_mut().insert(new.at.key.as_str().to_owned(), written.clone());
        assert_eq!(former.as_ref(), Some(old));
        self.former.borrow_mut().extend(former);
        Ok(if lost { Kept::Found(Box::new(written)) } else { Kept::First })
    }

    async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError> {
        let mut rows = self.rows.borrow_mut();
        rows.values_mut().filter(|row| row.at == *delivery).for_each(|row| row.repeats += 1);
        Ok(())
    }
}

impl SendSignal for Desk {
    async fn send_signal(&self, signal: &Signal, _: Timestamp) -> Result<(), StoreError> {
        if self.queue_is_down.get() {
            return Err(StoreError::Unavailable("queue".to_owned()));
        }
        self.signals.borrow_mut().push(signal.clone());
        Ok(())
    }
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
    let desk = Desk::new();
    let id = accepted(desk.receive(&clocked(), 0));
    let row = desk.row(&id);
    assert_eq!((row.decisions, row.verdict.as_ref(), row.at.first_at), (1, None, at(0)));
    assert_eq!(row.due_at, Some(at(0).plus(limits::DELIVERY_DUE)));
    assert_eq!(row.expires_at, at(0).plus(limits::AUDIT_RETENTION));
    assert_eq!(desk.sent(), [(id, 1)]);
}

#[test]
fn a_static_body_at_0_5_and_120_seconds_makes_two_deliveries() {
    let desk = Desk::new();
    let first = accepted(desk.receive(&entry(""), 0));
    assert_eq!(duplicate(desk.receive(&entry(""), 5)), first);
    assert_eq!(desk.row(&first).repeats, 1);
    let second = accepted(desk.receive(&entry(""), 120));
    assert_ne!(first, second);
    assert_eq!(desk.sent(), [(first.clone(), 1), (first, 1), (second, 1)]);
    assert_eq!((desk.rows.borrow().len(), desk.former.borrow().len()), (1, 1));
}

#[test]
fn the_window_of_a_static_body_begins_with_the_first_receipt() {
    let desk = Desk::new();
    let first = accepted(desk.receive(&entry(""), 0));
    for seconds in [20, 40, 45] {
        assert_eq!(duplicate(desk.receive(&entry(""), seconds)), first);
    }
    accepted(desk.receive(&entry(""), 46));
}

#[test]
fn static_body_of_the_future_is_no_first_receipt() {
    let desk = Desk::new();
    let ahead = accepted(desk.receive(&entry(""), 46));
    assert_ne!(accepted(desk.receive(&entry(""), 0)), ahead, "by a clock that has been put right");
    assert_eq!(desk.rows.borrow().len(), 1);
}

#[test]
fn an_alert_with_an_id_or_a_clock_is_the_same_for_seven_days() {
    let week = limits::DEDUPE.get() / 1_000;
    for body in [named(""), clocked()] {
        let desk = Desk::new();
        let first = accepted(desk.receive(&body, 0));
        assert_eq!(duplicate(desk.receive(&body, week - 1)), first);
        assert_eq!(desk.row(&first).repeats, 0);
        let next = accepted(desk.receive(&body, week));
        assert_ne!(next, first, "another delivery, and so another group");
        assert_eq!(desk.row(&next).at.first_at, at(week));
    }
}

#[test]
fn a_row_without_a_verdict_is_sent_again_under_its_own_number() {
    let desk = Desk::new();
    desk.queue_is_down.set(true);
    assert!(matches!(desk.receive(&clocked(), 0), Err(ReceiveError::NotKept(_))));
    desk.queue_is_down.set(false);
    let id = duplicate(desk.receive(&clocked(), 5));
    desk.rows.borrow_mut().values_mut().for_each(|row| row.decisions = 3);
    assert_eq!(duplicate(desk.receive(&clocked(), 80_000)), id);
    assert_eq!(desk.sent(), [(id.clone(), 1), (id, 3)]);
}

#[test]
fn a_row_with_a_verdict_is_not_sent_again() {
    for kind in [VerdictKind::Accepted, VerdictKind::Refused, VerdictKind::Queued] {
        let desk = Desk::new();
        let id = accepted(desk.receive(&clocked(), 0));
        desk.settle(&id, kind);
        assert_eq!(duplicate(desk.receive(&clocked(), 5)), id);
        assert_eq!(desk.sent(), [(id, 1)]);
    }
}

#[test]
fn the_same_id_with_another_body_is_a_conflict_of_its_own() {
    let desk = Desk::new();
    let first = accepted(desk.receive(&named(""), 0));
    let other = named(r#", "max_lag_seconds": 60"#);
    for seconds in [1, 2] {
        let Err(ReceiveError::Conflict { id, first: of }) = desk.receive(&other, seconds) else {
            unreachable!("it is a conflict");
        };
        let row = desk.row(&id);
        assert_eq!((&of, row.verdict.unwrap().kind, row.due_at), (&first, VerdictKind::Conflict, None));
    }
    assert_eq!((desk.rows.borrow().len(), desk.sent()), (2, vec![(first.clone(), 1)]));
    assert_eq!(duplicate(desk.receive(&named(""), 3)), first);
}

#[test]
fn an_alert_is_kept_with_the_exchange_of_its_token_whether_it_names_one_or_not() {
    let mut desk = Desk::new();
    assert!(matches!(desk.receive("buy BTCUSDT", 0), Err(ReceiveError::Rejected { .. })));
    let paper = "PAPER".parse().unwrap();
    desk.token.as_mut().unwrap().exchange = Some(paper);
    let (unnamed, named) = (accepted(desk.receive("buy ETHUSDT", 0)), accepted(desk.receive("buy PAPER:ETHUSDT", 0)));
    let (unnamed, named) = (desk.row(&unnamed), desk.row(&named));
    let bound = desk.token.as_ref().unwrap().exchange.clone();
    assert_eq!((unnamed.exchange, named.exchange), (bound.clone(), bound));
    assert_eq!(unnamed.lane, named.lane, "they mean the same account");
}

#[test]
fn a_tokens_exchange_changes_nothing_else_of_an_alert_that_names_one() {
    let (plain, mut usual) = (Desk::new(), Desk::new());
    usual.token.as_mut().unwrap().exchange = Some("KRAKEN".parse().unwrap());
    for body in [entry(""), clocked(), named(""), "buy PAPER:BTCUSDT".to_owned()] {
        let rows = [&plain, &usual].map(|desk| {
            let row = desk.row(&accepted(desk.receive(&body, 0)));
            Delivery { exchange: None, ..row }
        });
        assert_eq!(rows[0], rows[1], "{body}");
    }
}

#[test]
fn whoever_may_not_enter_is_told_nothing_and_leaves_nothing() {
    let desk = Desk::new();
    for (user, secret, body) in [
        ("usr_1", Some("whk_wrong"), entry("")),
        ("usr_2", Some(SECRET), entry("")),
        ("nonsense", Some(SECRET), entry("")),
        ("usr_1", None, entry("")),
        ("usr_1", None, "not JSON".to_owned()),
        ("usr_1", None, entry(r#""secret": "whk_wrong""#)),
        ("usr_1", Some("whk_wrong"), entry(&format!(r#""secret": "{SECRET}""#))),
    ] {
        assert_eq!(desk.receive_from(user, secret, &body, 0), Err(ReceiveError::Unauthorized), "{user} {body}");
    }
    assert_eq!(desk.receive(&entry(""), 1_000_000_000), Err(ReceiveError::Unauthorized));
    assert!(desk.rows.borrow().is_empty() && desk.sent().is_empty());
}

#[test]
fn the_secret_may_stand_in_the_body_and_is_never_kept() {
    let desk = Desk::new();
    let body = entry(&format!(r#""secret": "{SECRET}", "note": "{SECRET}""#));
    let id = accepted(desk.receive_from("usr_1", None, &body, 0));
    assert!(!desk.row(&id).body.contains(SECRET));
    assert_eq!(duplicate(desk.receive_from("usr_1", Some(SECRET), &body, 1)), id);
}

#[test]
fn the_owner_hears_of_an_exit_that_is_rejected_and_of_no_other_alert() {
    let told = |body: &str| {
        let desk = Desk::new();
        for seconds in [0, 1] {
            assert!(matches!(desk.receive(body, seconds), Err(ReceiveError::Rejected { .. })), "{body}");
        }
        let named: BTreeMap<_, _> =
            desk.notices.take().into_iter().map(|told| (told.id, (told.topic, told.text))).collect();
        named.into_values().collect::<Vec<_>>()
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
        let desk = Desk::new();
        let Err(ReceiveError::Rejected { id, wrong }) = desk.receive(&body, 0) else {
            unreachable!("{body} is rejected");
        };
        let (row, again) = (desk.row(&id), desk.receive(&body, 5));
        let verdict = row.verdict.unwrap();
        assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Rejected, Some(code)));
        assert_eq!(
            (wrong.code, &wrong.fields, wrong.fields.iter().map(String::as_str).collect()),
            (code, &verdict.fields, fields)
        );
        assert_eq!((row.due_at, row.decisions), (None, 0));
        assert!(matches!(again, Err(ReceiveError::Rejected { id: first, .. }) if first == id));
        assert!(desk.sent().is_empty() && desk.rows.borrow().len() == 1);
    }
}

/// A token that takes alerts from TradingView alone.
fn bound() -> Desk {
    let mut desk = Desk::new();
    desk.token.as_mut().unwrap().grant.from = Some(Sender::TradingView);
    desk
}

const TRADINGVIEW: Option<&str> = Some("52.89.214.238");
const ELSEWHERE: Option<&str> = Some("203.0.113.7");

#[test]
fn an_alert_from_where_its_token_takes_none_is_kept_as_refused_and_not_sent() {
    for address in [None, ELSEWHERE, Some("::ffff:52.89.214.238")] {
        let desk = bound();
        let id = accepted(desk.receive_at(address, &clocked(), 0));
        let row = desk.row(&id);
        let verdict = row.verdict.unwrap();
        assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Refused, Some("token_from")));
        assert!(verdict.detail.unwrap().contains(address.unwrap_or("not known")));
        assert_eq!((row.due_at, row.decisions, row.source_ip.as_deref()), (None, 0, address));
        assert_eq!(duplicate(desk.receive_at(address, &clocked(), 5)), id);
        assert!(desk.sent().is_empty() && desk.rows.borrow().len() == 1);
    }
    for (desk, address) in [(bound(), TRADINGVIEW), (Desk::new(), ELSEWHERE), (Desk::new(), None)] {
        let id = accepted(desk.receive_at(address, &clocked(), 0));
        assert_eq!((desk.row(&id).verdict, desk.sent()), (None, vec![(id, 1)]), "{address:?}");
    }
}

#[test]
fn what_is_refused_for_where_it_comes_from_takes_no_alerts_place() {
    for body in [entry(""), clocked(), named("")] {
        let desk = bound();
        let before = accepted(desk.receive_at(ELSEWHERE, &body, 0));
        let meant = accepted(desk.receive_at(TRADINGVIEW, &body, 1));
        assert_ne!(before, meant, "{body}");
        assert_eq!(duplicate(desk.receive_at(ELSEWHERE, &body, 2)), before);
        assert_eq!(duplicate(desk.receive_at(TRADINGVIEW, &body, 3)), meant);
        assert_eq!(desk.sent(), [(meant.clone(), 1), (meant, 1)], "{body}");
    }
    let desk = bound();
    accepted(desk.receive_at(ELSEWHERE, &named(r#", "max_lag_seconds": 60"#), 0));
    accepted(desk.receive_at(TRADINGVIEW, &named(""), 1));
}

#[test]
fn what_comes_from_elsewhere_is_counted_by_itself() {
    let desk = bound();
    for (address, seconds) in [(TRADINGVIEW, 0), (ELSEWHERE, 0), (TRADINGVIEW, 100), (None, 100)] {
        accepted(desk.receive_at(address, &entry(""), seconds));
    }
    let counted = desk.counted.take();
    assert_eq!((&counted[0], &counted[1]), (&counted[2], &counted[3]));
    assert_ne!(counted[0], counted[1]);
    desk.may_send.set(false);
    assert_eq!(desk.receive_at(ELSEWHERE, &named(""), 0), Err(ReceiveError::TooFast), "it has a rate as well");
}

#[test]
fn a_receipt_that_loses_the_race_is_a_duplicate_of_the_winner() {
    let desk = Desk::new();
    accepted(desk.receive(&entry(""), 0));
    let winner = {
        let other = Desk::new();
        let id = accepted(other.receive(&entry(""), 119));
        other.row(&id)
    };
    desk.rival.replace(Some(winner.clone()));
    assert_eq!(duplicate(desk.receive(&entry(""), 120)), winner.at.id);
}

#[test]
fn a_token_that_sends_too_fast_leaves_no_row() {
    let desk = Desk::new();
    desk.may_send.set(false);
    assert_eq!(desk.receive(&entry(""), 0), Err(ReceiveError::TooFast));
    assert!(desk.rows.borrow().is_empty());
}

#[test]
fn alerts_share_a_lane_when_they_may_mean_the_same_account() {
    let lane = |token: Option<&str>, body: &str| {
        let mut desk = Desk::new();
        desk.token.as_mut().unwrap().account = token.map(str::to_owned);
        let id = accepted(desk.receive(body, 0));
        let row = desk.row(&id);
        assert_eq!(row.lane, desk.signals.borrow()[0].lane);
        row.lane
    };
    let (plain, main) = (entry(""), entry(r#""account": "main""#));
    assert_eq!(lane(None, &plain), lane(Some("default"), &plain));
    assert_eq!(lane(None, &main), lane(Some("main"), &plain));
    assert_ne!(lane(None, &main), lane(None, &plain));
    assert_ne!(lane(None, &plain), lane(None, &plain.replace("PAPER", "BINANCE")));
}
