use super::*;
use crate::ports::Audit;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, UserId};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct Desk {
    rows: RefCell<Vec<KeptWallet>>,
    records: RefCell<Vec<Audit>>,
    races: Cell<u32>,
}

impl ListWallets for Desk {
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        Ok(self.rows.borrow().clone())
    }
}

impl KeepWallet for Desk {
    async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let mut rows = self.rows.borrow_mut();
        let is_it = |row: &KeptWallet| row.provider == wallet.provider;
        let left = self.races.get();
        self.races.set(left.saturating_sub(1));
        if left > 0 || rows.iter().find(|row| is_it(row)).map(|row| row.version) != seen {
            return Ok(false);
        }
        rows.retain(|row| !is_it(row));
        rows.push(wallet.clone());
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

static WHO: std::sync::LazyLock<(UserId, AttemptId)> =
    std::sync::LazyLock::new(|| (UserId::of(&["ann"]), AttemptId::new("try")));

fn act() -> Act<'static> {
    Act {
        user: &WHO.0,
        attempt: &WHO.1,
        now: Timestamp::from_millis(1_763_628_660_000),
        address: None,
        in_person: false,
    }
}

fn gate() -> Definition {
    Definition { name: "Gate".to_owned(), provider: "gate".to_owned(), ..Definition::built_in().unwrap().remove(1) }
}

fn id(provider: &str) -> WalletId {
    provider.parse::<Provider>().unwrap().id()
}

fn named(desk: &Desk, inactive: bool) -> String {
    let listed = done(list(desk, inactive)).unwrap();
    listed.iter().map(|wallet| wallet.provider.as_str()).collect::<Vec<_>>().join(" ")
}

fn switch(desk: &Desk, provider: &str, active: bool, seen: Option<u64>) -> Result<KeptWallet, WalletError> {
    let wished = |before: &Definition| Ok(Definition { is_active: active, ..before.clone() });
    done(change(desk, &id(provider), wished, seen, act()))
}

const BUILT_IN: &str = "binance binance_smart_chain binanceusdm bitget bitgetusdm bybit bybitusdm coinbase ethereum kraken kucoin \
                        kucoinusdm okx okxusdm paper paperusdm";
/// No address of a chain can be proven yet.
const ACTIVE: &str = "binance binanceusdm bitget bitgetusdm bybit bybitusdm coinbase kraken kucoin kucoinusdm okx okxusdm paper \
                      paperusdm";

#[test]
fn what_is_built_in_is_there_until_it_is_changed_or_taken_away() {
    let desk = Desk::default();
    assert_eq!((named(&desk, false), named(&desk, true)), (ACTIVE.to_owned(), BUILT_IN.to_owned()));
    let off = switch(&desk, "kraken", false, Some(0)).unwrap();
    assert_eq!((off.version, off.definition.name.as_str()), (1, "Kraken"));
    assert_eq!(named(&desk, false), ACTIVE.replace(" kraken", ""));
    assert_eq!(named(&desk, true), BUILT_IN);
    done(remove(&desk, &id("kraken"), Some(1), act())).unwrap();
    assert_eq!(named(&desk, true), BUILT_IN.replace(" kraken", ""));
    assert_eq!(done(find(&desk, &id("kraken"))), Err(WalletError::Unknown));
    assert_eq!(done(of_exchange(&desk, &"KRAKEN".parse().unwrap())), Ok(None));
    assert_eq!(done(remove(&desk, &id("kraken"), None, act())), Err(WalletError::Unknown));
    let records = desk.records.borrow();
    let recorded: Vec<_> = records.iter().map(|record| (record.action.as_str(), record.kind())).collect();
    assert_eq!(recorded, [("change wallet", "wallet"), ("remove wallet", "wallet")]);
}

#[test]
fn a_provider_is_defined_once_and_keeps_its_id() {
    let desk = Desk::default();
    let kept = done(create(&desk, &gate(), act())).unwrap();
    assert_eq!((kept.version, kept.id()), (1, id("gate")));
    assert_eq!(done(create(&desk, &gate(), act())), Err(WalletError::Duplicate));
    let binance = Definition { provider: "binance".to_owned(), ..gate() };
    assert_eq!(done(create(&desk, &binance, act())), Err(WalletError::Duplicate), "it is built in");
    done(remove(&desk, &id("gate"), None, act())).unwrap();
    let again = done(create(&desk, &gate(), act())).unwrap();
    assert_eq!((again.version, again.id()), (3, id("gate")), "it goes on counting");
    assert_eq!(done(of_exchange(&desk, &"GATE".parse().unwrap())), Ok(Some(again)));
}

#[test]
fn the_record_says_which_members_were_changed_though_they_are_put_back() {
    let desk = Desk::default();
    switch(&desk, "kraken", false, None).unwrap();
    switch(&desk, "kraken", true, None).unwrap();
    done(remove(&desk, &id("kraken"), None, act())).unwrap();
    let again = Definition { provider: "kraken".to_owned(), ..gate() };
    done(create(&desk, &again, act())).unwrap();
    let records = desk.records.borrow();
    let told: Vec<_> =
        records.iter().map(|record| (record.before.as_deref().unwrap(), record.after.as_deref().unwrap())).collect();
    assert_eq!(told[0], (r#"version 0: {"is_active":true}"#, r#"version 1: {"is_active":false}"#));
    assert_eq!(told[1], (r#"version 1: {"is_active":false}"#, r#"version 2: {"is_active":true}"#));
    assert!(told[2].0.contains(r#""name":"Kraken""#) && told[2].1 == "version 3: none", "{:?}", told[2]);
    assert!(told[3].0 == "version 3: none" && told[3].1.contains(r#""name":"Gate""#), "{:?}", told[3]);
}

#[test]
fn a_change_is_meant_for_a_version_keeps_the_provider_and_is_made_anew_after_a_lost_race() {
    let desk = Desk::default();
    done(create(&desk, &gate(), act())).unwrap();
    assert_eq!(switch(&desk, "gate", false, Some(7)), Err(WalletError::VersionConflict(1)));
    let other = done(change(
        &desk,
        &id("gate"),
        |before| Ok(Definition { provider: "gate2".to_owned(), ..before.clone() }),
        None,
        act(),
    ));
    assert!(matches!(other, Err(WalletError::Bad(BadMember { field, .. })) if field == "provider"));
    assert_eq!(switch(&desk, "gate", true, None).unwrap().version, 1, "nothing was to be changed");
    desk.races.set(2);
    assert_eq!(switch(&desk, "gate", false, None).unwrap().version, 2);
    desk.races.set(u32::MAX);
    assert_eq!(switch(&desk, "gate", true, None), Err(WalletError::Contended));
}

#[test]
fn there_is_an_end_of_their_number() {
    let desk = Desk::default();
    let built_in = BUILT_IN.split(' ').count();
    for number in built_in..WALLETS_MAX {
        done(create(&desk, &Definition { provider: format!("gate{number}"), ..gate() }, act())).unwrap();
    }
    assert_eq!(done(create(&desk, &gate(), act())), Err(WalletError::TooMany));
}
