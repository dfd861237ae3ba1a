use super::*;
use crate::ports::Audit;
use domain::ids::{AttemptId, NoticeId, SessionId, Sha, UserId};
use domain::notice::Notice;
use domain::token::{Only, Sender};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

/// Rows by their hashes, and what was put on record.
#[derive(Default)]
struct Desk {
    rows: RefCell<BTreeMap<Sha, KeptToken>>,
    records: RefCell<Vec<Audit>>,
    /// Changes that another one comes before.
    races: RefCell<u32>,
}

impl ListTokens for Desk {
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        Ok(self.rows.borrow().values().filter(|row| row.token.user == *user).cloned().collect())
    }
}

/// Notices are looked at where they are read.
impl Notify for Desk {
    async fn notify(&self, _: &Notice) -> Result<(), StoreError> {
        Ok(())
    }
    async fn take_back(&self, _: &UserId, _: &NoticeId) -> Result<(), StoreError> {
        Ok(())
    }
}

impl ChangeTokens for Desk {
    async fn change_tokens(&self, change: &TokenChange, audit: &Audit) -> Result<bool, StoreError> {
        let mut rows = self.rows.borrow_mut();
        let as_seen = |(row, seen): &(KeptToken, u64)| rows.get(&row.token.hash).map(|row| row.version) == Some(*seen);
        if self.races.replace_with(|left| left.saturating_sub(1)) > 0 || !change.changed.iter().all(as_seen) {
            return Ok(false);
        }
        for row in change.made.iter().chain(change.changed.iter().map(|(row, _)| row)) {
            rows.insert(row.token.hash.clone(), row.clone());
        }
        self.records.borrow_mut().push(audit.clone());
        Ok(true)
    }
}

/// Nothing here waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("a desk answers at once"),
    }
}

const DAY: Millis = Millis::DAY;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_763_628_660_000 + seconds * 1_000)
}

fn act<T>(seconds: i64, acts: impl FnOnce(Act<'_>) -> T) -> T {
    acts(Act {
        user: &UserId::of(&["ann"]),
        attempt: &AttemptId::new("try"),
        now: at(seconds),
        address: None,
        in_person: false,
    })
}

/// A log-in of whoever acts.
static LOGIN: LazyLock<SessionId> = LazyLock::new(|| SessionId::of(&["ann"]));

fn by(act: Act<'_>) -> InPerson<'_> {
    InPerson { act, login: &LOGIN }
}

fn secret(text: &str) -> Secret {
    Secret::new(format!("whk_{text}"))
}

fn wanted(label: &str) -> Wanted {
    Wanted { label: label.to_owned(), account: None, exchange: None, grant: Grant::default(), expires_at: None }
}

fn made(desk: &Desk, label: &str) -> Token {
    act(0, |act| done(create(desk, wanted(label), &secret(label), by(act)))).unwrap()
}

fn recorded(desk: &Desk) -> Vec<String> {
    desk.records.borrow().iter().map(|record| record.action.clone()).collect()
}

/// Whether a secret opens at this time, and what it then permits.
fn opens(desk: &Desk, text: &str, seconds: i64) -> Option<Grant> {
    let row = desk.rows.borrow().get(&secret(text).hash()).cloned()?;
    row.token.is_live(at(seconds)).then_some(row.token.grant)
}

#[test]
fn a_token_is_made_with_a_label_that_no_other_has() {
    let desk = Desk::default();
    let one = made(&desk, "one");
    assert_eq!((one.kept.version, one.kept.hint.as_deref()), (1, Some("whk_one")));
    let again = act(1, |act| done(create(&desk, wanted("one"), &secret("again"), by(act))));
    assert_eq!(again, Err(TokenError::Duplicate));
    assert_eq!(act(1, |act| done(list(&desk, act))).unwrap().len(), 1);
    assert_eq!(recorded(&desk), ["create webhook token"]);
}

#[test]
fn a_user_keeps_so_many_tokens_and_no_more() {
    let desk = Desk::default();
    for number in 0..limits::WEBHOOK_TOKENS_PER_USER_MAX {
        made(&desk, &number.to_string());
    }
    let one_more = act(0, |act| done(create(&desk, wanted("more"), &secret("more"), by(act))));
    assert_eq!(one_more, Err(TokenError::TooMany));
}

#[test]
fn a_rotated_token_has_both_secrets_until_they_no_longer_overlap() {
    let desk = Desk::default();
    let token = made(&desk, "one");
    let id = token.kept.token.id;
    let rotated = act(10, |act| done(rotate(&desk, &id, &secret("two"), DAY, Some(1), by(act)))).unwrap();
    assert_eq!((rotated.kept.token.id.clone(), rotated.kept.version), (id.clone(), 2));
    assert_eq!(rotated.former_until, Some(at(10).plus(DAY)));
    assert!(opens(&desk, "one", 86_000).is_some() && opens(&desk, "two", 86_000).is_some());
    assert!(opens(&desk, "one", 86_411).is_none() && opens(&desk, "two", 86_411).is_some());
    // Of the secrets before only the newest goes on.
    act(20, |act| done(rotate(&desk, &id, &secret("three"), DAY, None, by(act)))).unwrap();
    assert!(opens(&desk, "one", 21).is_none() && opens(&desk, "two", 21).is_some());
    assert_eq!(act(21, |act| done(list(&desk, act))).unwrap().len(), 1);
}

#[test]
fn a_secret_on_its_way_out_permits_what_its_token_does_and_ends_with_it() {
    let desk = Desk::default();
    let id = made(&desk, "one").kept.token.id;
    act(10, |act| done(rotate(&desk, &id, &secret("two"), DAY, None, by(act)))).unwrap();
    let grant = Grant { only: Some(Only::Exit), ..Grant::default() };
    let exits = |_: &KeptToken| Wanted { grant: grant.clone(), ..wanted("one") };
    let narrowed = act(20, |act| done(restrict(&desk, &id, exits, Some(2), by(act)))).unwrap();
    assert_eq!((narrowed.kept.version, &narrowed.kept.token.grant), (3, &grant));
    assert_eq!((opens(&desk, "one", 30), opens(&desk, "two", 30)), (Some(grant.clone()), Some(grant)));
    assert!(opens(&desk, "one", 86_411).is_none(), "its end stays");
    act(40, |act| done(revoke(&desk, &id, Some(3), act))).unwrap();
    assert_eq!((opens(&desk, "one", 41), opens(&desk, "two", 41)), (None, None));
    assert_eq!(act(41, |act| done(find(&desk, &id, act))), Err(TokenError::Unknown));
    assert_eq!(act(41, |act| done(revoke(&desk, &id, None, act))), Err(TokenError::Unknown));
}

#[test]
fn the_record_says_what_a_token_permitted_and_permits_though_it_is_put_back() {
    let desk = Desk::default();
    let id = made(&desk, "one").kept.token.id;
    let small = Grant {
        markets: vec!["ADA/USDT".parse().unwrap(), "BTC/USDT".parse().unwrap()],
        presets: vec!["grid".parse().unwrap()],
        order_quote_max: Some("250".parse().unwrap()),
        only: Some(Only::Exit),
        from: Some(Sender::TradingView),
    };
    let (account, exchange) = (Some("main".to_owned()), Some("KRAKEN".parse().unwrap()));
    let narrow = Wanted { account, exchange, grant: small, expires_at: Some(at(60)), ..wanted("one") };
    for wanted in [narrow.clone(), wanted("one"), narrow] {
        act(10, |act| done(restrict(&desk, &id, |_| wanted.clone(), None, by(act)))).unwrap();
    }
    act(20, |act| done(rotate(&desk, &id, &secret("two"), Millis::seconds(30), None, by(act)))).unwrap();
    act(30, |act| done(revoke(&desk, &id, None, act))).unwrap();
    let everything = |version: u64| format!("version {version}, label one, everything permitted");
    let little = |version: u64| {
        format!(
            "version {version}, label one, account main, exchange KRAKEN, markets ADA/USDT BTC/USDT, presets grid, \
             at most 250 an entry, exit only, from tradingview only, until 2025-11-20T08:52:00Z"
        )
    };
    let rotated = format!("{}, the secret before until 2025-11-20T08:51:50Z", little(5));
    let revoked = little(6).replace("08:52:00", "08:51:30") + ", revoked 2025-11-20T08:51:30Z";
    let expected = [
        (None, everything(1)),
        (Some(everything(1)), little(2)),
        (Some(little(2)), everything(3)),
        (Some(everything(3)), little(4)),
        (Some(little(4)), rotated.clone()),
        (Some(rotated), revoked),
    ];
    let records = desk.records.borrow();
    let told: Vec<_> = records.iter().map(|record| (record.before.clone(), record.after.clone().unwrap())).collect();
    assert_eq!(told, expected);
    assert!(!told.iter().any(|(_, after)| after.contains("whk_")), "and never a secret");
}

#[test]
fn a_token_changes_on_the_version_that_is_meant_and_after_a_lost_race() {
    let desk = Desk::default();
    let id = made(&desk, "one").kept.token.id;
    let other = |_: &KeptToken| wanted("other");
    let late = act(1, |act| done(restrict(&desk, &id, other, Some(7), by(act))));
    assert_eq!(late, Err(TokenError::VersionConflict(1)));
    desk.races.replace(2);
    let changed = act(1, |act| done(restrict(&desk, &id, other, None, by(act)))).unwrap();
    assert_eq!(changed.kept.label.as_deref(), Some("other"));
    let same = act(1, |act| done(restrict(&desk, &id, other, None, by(act)))).unwrap();
    assert_eq!((same.kept.version, desk.records.borrow().len()), (2, 2), "nothing was to be changed");
    desk.races.replace(u32::MAX);
    let third = |_: &KeptToken| wanted("third");
    assert_eq!(act(1, |act| done(restrict(&desk, &id, third, None, by(act)))), Err(TokenError::Contended));
}

#[test]
fn what_is_anothers_is_not_there() {
    let desk = Desk::default();
    let id = made(&desk, "one").kept.token.id;
    let bob = UserId::of(&["bob"]);
    let act = Act { user: &bob, attempt: &AttemptId::new("try"), now: at(1), address: None, in_person: false };
    assert_eq!(done(find(&desk, &id, act)), Err(TokenError::Unknown));
    assert_eq!(done(revoke(&desk, &id, None, act)), Err(TokenError::Unknown));
    assert_eq!(done(rotate(&desk, &id, &secret("two"), DAY, None, by(act))), Err(TokenError::Unknown));
}
