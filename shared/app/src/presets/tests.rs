use super::*;
use crate::ports::{Audit, Page, PageRequest};
use crate::trading::tests::account_at;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, UserId};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

/// Every version that was ever kept; the last of a name is the one that stands.
#[derive(Default)]
struct Shelf {
    kept: RefCell<Vec<KeptPreset>>,
    audits: RefCell<Vec<Audit>>,
    /// How often another is first.
    races: Cell<u32>,
    /// Where its user trades beside the paper venue.
    elsewhere: Cell<bool>,
}

impl ListAccounts for Shelf {
    async fn list_accounts(&self, _: &UserId) -> Result<Vec<AccountId>, StoreError> {
        Ok(vec![AccountId::of(&["one"])])
    }
}

impl LoadAccount for Shelf {
    async fn load_account(&self, _: &AccountId) -> Result<Option<Account>, StoreError> {
        Ok(Some(account_at(if self.elsewhere.get() { "BINANCE" } else { "PAPER" })))
    }
}

impl LoadPreset for Shelf {
    async fn load_preset(&self, _: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError> {
        Ok(self.kept.borrow().iter().rfind(|preset| preset.at.name == *name).cloned())
    }
}

impl ListPresets for Shelf {
    async fn list_presets(&self, user: &UserId) -> Result<Vec<KeptPreset>, StoreError> {
        let mut names: Vec<_> = self.kept.borrow().iter().map(|preset| preset.at.name.clone()).collect();
        names.sort();
        names.dedup();
        let mut newest = Vec::new();
        for name in names {
            newest.extend(self.load_preset(user, &name).await?.filter(|preset| !preset.deleted));
        }
        Ok(newest)
    }

    async fn list_preset_versions(
        &self,
        _: &UserId,
        _: &PresetName,
        _: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
}

impl KeepPreset for Shelf {
    async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        if self.races.get() > 0 {
            self.races.set(self.races.get() - 1);
            return Ok(false);
        }
        let before = self.load_preset(&preset.user, &preset.at.name).await?;
        assert_eq!(before.map(|before| before.at.version), seen);
        self.kept.borrow_mut().push(preset.clone());
        self.audits.borrow_mut().push(audit.clone());
        Ok(true)
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

fn act() -> Act<'static> {
    static WHO: LazyLock<(UserId, AttemptId)> = LazyLock::new(|| (UserId::of(&["user"]), AttemptId::new("attempt")));
    Act { user: &WHO.0, attempt: &WHO.1, now: NOW, address: None, in_person: true }
}

fn program() -> Act<'static> {
    Act { in_person: false, ..act() }
}

fn name(text: &str) -> PresetName {
    text.parse().unwrap()
}

fn stop(percent: u32) -> Document {
    Document::parse(&format!(r#"{{"stop_loss_percent": {percent}}}"#)).unwrap()
}

fn put(shelf: &Shelf, to: &str, percent: u32, seen: Option<u64>) -> Result<Put, PresetError> {
    run(super::put(shelf, &name(to), &stop(percent), seen, act()))
}

#[test]
fn each_change_is_a_version_on_record_and_the_same_again_is_none() {
    let shelf = Shelf::default();
    assert!(matches!(put(&shelf, "grid", 5, None), Ok(Put::Created(kept)) if kept.at.version == 1));
    assert!(matches!(put(&shelf, "grid", 6, Some(1)), Ok(Put::Replaced(kept)) if kept.at.version == 2));
    assert!(matches!(put(&shelf, "grid", 6, None), Ok(Put::Same(kept)) if kept.at.version == 2));
    let audits = shelf.audits.borrow();
    let told: Vec<_> = audits.iter().map(|audit| (&*audit.action, audit.after.as_deref().unwrap())).collect();
    assert_eq!(told, [("create preset", "version 1"), ("change preset", "version 2")]);
    assert_eq!((&*audits[1].resource, audits[1].before.as_deref()), ("grid", Some("version 1")));
}

#[test]
fn a_version_that_was_not_seen_is_not_written_over() {
    let shelf = Shelf::default();
    put(&shelf, "grid", 5, Some(0)).unwrap();
    assert_eq!(put(&shelf, "grid", 6, Some(0)), Err(PresetError::VersionConflict(1)));
    let gone = run(delete(&shelf, &name("grid"), Some(7), act()));
    assert_eq!(gone, Err(PresetError::VersionConflict(1)));
    assert_eq!(put(&shelf, "other", 6, Some(1)), Err(PresetError::VersionConflict(0)));
}

#[test]
fn a_name_is_taken_once_and_goes_on_counting_when_it_is_taken_again() {
    let shelf = Shelf::default();
    let create = |percent| run(create(&shelf, &name("grid"), &stop(percent), act()));
    assert_eq!(create(5).unwrap().at.version, 1);
    assert_eq!(create(6), Err(PresetError::Duplicate));
    run(delete(&shelf, &name("grid"), None, act())).unwrap();
    assert_eq!(run(find(&shelf, &name("grid"), act())), Err(PresetError::Unknown));
    assert_eq!(run(delete(&shelf, &name("grid"), None, act())), Err(PresetError::Unknown));
    assert_eq!(create(7).unwrap().at.version, 3);
}

#[test]
fn the_built_in_preset_is_there_until_its_name_is_taken() {
    let shelf = Shelf::default();
    let versions = || -> Vec<_> {
        let presets = run(list(&shelf, act())).unwrap();
        presets.into_iter().map(|preset| (preset.at.name.to_string(), preset.at.version)).collect()
    };
    put(&shelf, "grid", 5, None).unwrap();
    assert_eq!(versions(), [("default".to_owned(), 0), ("grid".to_owned(), 1)]);
    assert_eq!(run(find(&shelf, &PresetName::standard(), act())).unwrap().document, BUILT_IN);
    put(&shelf, "default", 5, Some(0)).unwrap();
    assert_eq!(versions(), [("default".to_owned(), 1), ("grid".to_owned(), 1)]);
}

#[test]
fn a_program_loosens_no_preset_that_alerts_may_name() {
    let shelf = Shelf::default();
    let written = |to: &str, document: &str| {
        let document = Document::parse(document).unwrap();
        run(super::put(&shelf, &name(to), &document, None, program())).map(drop)
    };
    put(&shelf, "grid", 4, None).unwrap();
    shelf.elsewhere.set(true);
    let looser = [
        "{}",
        r#"{"stop_loss_percent": 6}"#,
        r#"{"stop_loss_percent": 4, "minimum_profit_percent": 1}"#,
        r#"{"stop_loss_percent": 4, "retry_unproven_entry": true}"#,
    ];
    for document in looser {
        assert_eq!(written("grid", document), Err(PresetError::NotInPerson), "{document}");
    }
    assert_eq!(written("grid", r#"{"stop_loss_percent": 3, "time_limit_minutes": 60}"#), Ok(()), "tighter");
    assert_eq!(written("grid", r#"{"stop_loss_percent": 3}"#), Err(PresetError::NotInPerson), "its time limit is off");
    run(delete(&shelf, &name("grid"), None, program())).unwrap();
    let anew = run(create(&shelf, &name("grid"), &stop(9), program()));
    assert_eq!(anew, Err(PresetError::NotInPerson), "taken away and kept anew");
    put(&shelf, "default", 1, None).unwrap();
    let standard = |act| run(delete(&shelf, &PresetName::standard(), None, act));
    assert_eq!(standard(program()), Err(PresetError::NotInPerson), "the built-in one would count, which is looser");
    assert_eq!(standard(act()), Ok(()));
    assert_eq!(written("wide", "{}"), Ok(()), "which no alert names yet");
    assert_eq!(put(&shelf, "grid", 4, None).map(drop), Ok(()), "a person may");
    shelf.elsewhere.set(false);
    assert_eq!(written("grid", "{}"), Ok(()), "there is no money to lose");
}

#[test]
fn only_so_many_are_kept() {
    let shelf = Shelf::default();
    for n in 0..limits::PRESETS_PER_USER_MAX {
        put(&shelf, &format!("p{n}"), 5, None).unwrap();
    }
    assert_eq!(put(&shelf, "more", 5, None), Err(PresetError::TooMany));
    assert_eq!(run(create(&shelf, &name("more"), &stop(5), act())), Err(PresetError::TooMany));
    assert!(put(&shelf, "p0", 6, None).is_ok(), "what is kept can be changed");
    run(delete(&shelf, &name("p1"), None, act())).unwrap();
    assert!(put(&shelf, "more", 5, None).is_ok());
}

#[test]
fn a_lost_race_is_decided_anew_and_not_for_ever() {
    let shelf = Shelf::default();
    shelf.races.set(2);
    assert!(put(&shelf, "grid", 5, None).is_ok());
    shelf.races.set(u32::MAX);
    assert_eq!(put(&shelf, "grid", 6, None), Err(PresetError::Contended));
    assert_eq!(run(delete(&shelf, &name("grid"), None, act())), Err(PresetError::Contended));
}
