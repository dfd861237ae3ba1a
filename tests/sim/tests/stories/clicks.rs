//! Two clicks on "save", one within the other: an account and its key, whichever of them is right.
#![allow(clippy::unwrap_used, reason = "a test")]

use app::accounts::{AccountError, KeySaved, Keys, NewAccount, NewKey, list, start, usual_limits};
use app::actor::Act;
use app::ports::{AskKeyCheck, Secret, StoreError, VenueKey};
use app::vault::Vault;
use credentials::AesGcm;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use domain::vault::{KeyFault, Mode};
use std::cell::RefCell;
use std::rc::Rc;
use testkit::kms::MemoryKms;
use testkit::sim::Invocation;
use testkit::world::World;
use wire::key_check::{Asked, KeyCheck, KeyChecked, Probed};
use wire::text::Text;

type Saved = Result<KeySaved, AccountError>;

/// A check that takes its time, and what it comes to.
#[derive(Debug, Clone, Copy)]
struct Check {
    takes: Millis,
    fault: Option<KeyFault>,
}

/// One press of the button.
#[derive(Clone)]
struct Click {
    world: World,
    vault: Rc<Vault<MemoryKms, World, AesGcm>>,
    name: &'static str,
    check: Check,
}

impl AskKeyCheck for Click {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> Result<KeyChecked, StoreError> {
        assert!(matches!(question.asked, Asked::Probe(_)), "{question:?}");
        self.world.sim().sleep(self.check.takes).await;
        Ok(KeyChecked::Probed(Probed { fault: self.check.fault.map(Text), ..Probed::default() }))
    }

    async fn ask_key_check_later(&self, question: &KeyCheck, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{question:?}")
    }
}

impl Click {
    async fn save(self) -> Saved {
        let secret = |text: &str| Secret::new(text.to_owned());
        let key = VenueKey { api_key: secret(self.name), api_secret: secret("any"), passphrase: None };
        let new = NewAccount {
            exchange: "PAPER".parse().unwrap(),
            label: "default".to_owned(),
            mode: Mode::Paper,
            limits: usual_limits().unwrap(),
            start: start(Mode::Paper, None).unwrap(),
        };
        let (user, attempt) = (ann(), AttemptId::new(self.name));
        let act =
            Act { user: &user, attempt: &attempt, now: self.world.sim().now(), address: None, actor: Actor::Person };
        let keys = Keys { deps: &self.world, vault: &*self.vault, checks: &self, trace: "t" };
        keys.save(new, &NewKey { key, insisted: false, same_account: false }, act).await
    }
}

fn ann() -> UserId {
    UserId::of(&["ann"])
}

/// The second click comes a second after the first; what each was told, and whose key stands in the end.
fn clicked(first: Check, second: Check) -> (Saved, Saved, Option<String>) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("clicks", async move {
        let vault = Rc::new(Vault::new(MemoryKms::new(true), inner.clone(), AesGcm, "moniqo"));
        let click = |name, check| Click { world: inner.clone(), vault: vault.clone(), name, check };
        let (one, told) = (click("first-key-00000001", first), Rc::new(RefCell::new(None)));
        let (early, sim) = (told.clone(), inner.sim().clone());
        let running = Invocation { name: "first click".into(), limit: None, strikable: false, future: one.save() };
        sim.spawn(running, move |saved| *early.borrow_mut() = saved);
        sim.sleep(Millis::seconds(1)).await;
        let second = click("second-key-0000002", second).save().await;
        sim.sleep(Millis::seconds(60)).await;
        let attempt = AttemptId::new("look");
        let act = Act { user: &ann(), attempt: &attempt, now: sim.now(), address: None, actor: Actor::Person };
        let left = list(&inner, act).await.unwrap();
        assert!(left.len() <= 1, "one label is one account: {left:?}");
        let key = left.into_iter().next().and_then(|kept| kept.key).map(|key| key.masked);
        (told.take().unwrap(), second, key)
    })
}

const fn good(seconds: i64) -> Check {
    Check { takes: Millis::seconds(seconds), fault: None }
}

const fn bad(seconds: i64) -> Check {
    Check { takes: Millis::seconds(seconds), fault: Some(KeyFault::Unknown) }
}

#[test]
fn a_click_that_fails_takes_back_what_it_has_opened_and_no_key_of_another_click() {
    let (first, second, key) = clicked(bad(10), good(2));
    assert_eq!(first, Err(AccountError::Key(KeyFault::Unknown)));
    assert_eq!(second.map(|saved| saved.opened), Ok(false), "it was found by its label");
    assert_eq!(key.as_deref(), Some("seco…0002"), "and is as it was answered");
    let (first, second, key) = clicked(bad(10), bad(2));
    let refused = Err(AccountError::Key(KeyFault::Unknown));
    assert_eq!((first, second, key), (refused.clone(), refused, None), "nothing is left of either");
}

#[test]
fn a_click_whose_account_is_taken_back_by_the_one_that_has_opened_it_opens_another() {
    let (first, second, key) = clicked(bad(4), good(10));
    assert_eq!(first, Err(AccountError::Key(KeyFault::Unknown)));
    assert_eq!(second.map(|saved| saved.opened), Ok(true));
    assert_eq!(key.as_deref(), Some("seco…0002"));
}

#[test]
fn of_two_clicks_that_are_right_the_key_of_the_later_answer_stands() {
    let (first, second, key) = clicked(good(10), good(2));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(key.as_deref(), Some("firs…0001"));
}
