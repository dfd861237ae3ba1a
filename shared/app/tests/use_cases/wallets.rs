use crate::given::{act, played};
use app::ports::KeptWallet;
use app::wallets::{self, WalletError};
use domain::clock::Timestamp;
use domain::ids::WalletId;
use domain::limits::{DECISIONS_PER_RUN_MAX, WALLETS_MAX};
use domain::wallet::Provider;
use futures_util::future::{join, join_all};
use testkit::world::World;
use wire::wallet::{BadMember, Definition};

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// Where admins keep definitions.
struct Desk(World);

impl Desk {
    async fn create(&self, definition: &Definition) -> Result<KeptWallet, WalletError> {
        wallets::create(&self.0, definition, act(NOW)).await
    }

    async fn change(
        &self,
        provider: &str,
        wished: impl Fn(&Definition) -> Definition,
        seen: Option<u64>,
    ) -> Result<KeptWallet, WalletError> {
        wallets::change(&self.0, &id(provider), |before| Ok(wished(before)), seen, act(NOW)).await
    }

    async fn switch(&self, provider: &str, active: bool, seen: Option<u64>) -> Result<KeptWallet, WalletError> {
        self.change(provider, |before| Definition { is_active: active, ..before.clone() }, seen).await
    }

    async fn rename(&self, provider: &str, name: String) -> Result<KeptWallet, WalletError> {
        self.change(provider, |before| Definition { name: name.clone(), ..before.clone() }, None).await
    }

    async fn remove(&self, provider: &str, seen: Option<u64>) -> Result<(), WalletError> {
        wallets::remove(&self.0, &id(provider), seen, act(NOW)).await
    }

    async fn find(&self, provider: &str) -> Result<KeptWallet, WalletError> {
        wallets::find(&self.0, &id(provider)).await
    }

    async fn of_exchange(&self, exchange: &str) -> Option<KeptWallet> {
        wallets::of_exchange(&self.0, &exchange.parse().unwrap()).await.unwrap()
    }

    async fn named(&self, inactive: bool) -> String {
        let listed = wallets::list(&self.0, inactive).await.unwrap();
        listed.iter().map(|wallet| wallet.provider.as_str()).collect::<Vec<_>>().join(" ")
    }
}

fn kept<F: Future<Output = ()> + 'static>(work: impl FnOnce(Desk) -> F) {
    played(&World::calm_at(NOW), |world| work(Desk(world)));
}

fn gate() -> Definition {
    Definition { name: "Gate".to_owned(), provider: "gate".to_owned(), ..Definition::built_in().unwrap().remove(1) }
}

fn id(provider: &str) -> WalletId {
    provider.parse::<Provider>().unwrap().id()
}

const BUILT_IN: &str = "binance binance_smart_chain binanceusdm bitget bitgetusdm bybit bybitusdm coinbase ethereum kraken kucoin \
                        kucoinusdm okx okxusdm paper paperusdm";
/// No address of a chain can be proven yet.
const ACTIVE: &str = "binance binanceusdm bitget bitgetusdm bybit bybitusdm coinbase kraken kucoin kucoinusdm okx okxusdm paper \
                      paperusdm";

#[test]
fn what_is_built_in_is_there_until_it_is_changed_or_taken_away() {
    kept(|desk| async move {
        assert_eq!((desk.named(false).await, desk.named(true).await), (ACTIVE.to_owned(), BUILT_IN.to_owned()));
        let off = desk.switch("kraken", false, Some(0)).await.unwrap();
        assert_eq!((off.version, off.definition.name.as_str()), (1, "Kraken"));
        assert_eq!(desk.named(false).await, ACTIVE.replace(" kraken", ""));
        assert_eq!(desk.named(true).await, BUILT_IN);
        desk.remove("kraken", Some(1)).await.unwrap();
        assert_eq!(desk.named(true).await, BUILT_IN.replace(" kraken", ""));
        assert_eq!(desk.find("kraken").await, Err(WalletError::Unknown));
        assert_eq!(desk.of_exchange("KRAKEN").await, None);
        assert_eq!(desk.remove("kraken", None).await, Err(WalletError::Unknown));
        let records: Vec<_> = desk.0.table().audits().collect();
        let recorded: Vec<_> = records.iter().map(|record| (record.action.as_str(), record.kind())).collect();
        assert_eq!(recorded, [("change wallet", "wallet"), ("remove wallet", "wallet")]);
    });
}

#[test]
fn a_provider_is_defined_once_and_keeps_its_id() {
    kept(|desk| async move {
        let kept = desk.create(&gate()).await.unwrap();
        assert_eq!((kept.version, kept.id()), (1, id("gate")));
        assert_eq!(desk.create(&gate()).await, Err(WalletError::Duplicate));
        let binance = Definition { provider: "binance".to_owned(), ..gate() };
        assert_eq!(desk.create(&binance).await, Err(WalletError::Duplicate), "it is built in");
        desk.remove("gate", None).await.unwrap();
        let again = desk.create(&gate()).await.unwrap();
        assert_eq!((again.version, again.id()), (3, id("gate")), "it goes on counting");
        assert_eq!(desk.of_exchange("GATE").await, Some(again));
    });
}

#[test]
fn the_record_says_which_members_were_changed_though_they_are_put_back() {
    kept(|desk| async move {
        desk.switch("kraken", false, None).await.unwrap();
        desk.switch("kraken", true, None).await.unwrap();
        desk.remove("kraken", None).await.unwrap();
        desk.create(&Definition { provider: "kraken".to_owned(), ..gate() }).await.unwrap();
        let records: Vec<_> = desk.0.table().audits().collect();
        let told: Vec<_> = records
            .iter()
            .map(|record| (record.before.as_deref().unwrap(), record.after.as_deref().unwrap()))
            .collect();
        assert_eq!(told[0], (r#"version 0: {"is_active":true}"#, r#"version 1: {"is_active":false}"#));
        assert_eq!(told[1], (r#"version 1: {"is_active":false}"#, r#"version 2: {"is_active":true}"#));
        assert!(told[2].0.contains(r#""name":"Kraken""#) && told[2].1 == "version 3: none", "{:?}", told[2]);
        assert!(told[3].0 == "version 3: none" && told[3].1.contains(r#""name":"Gate""#), "{:?}", told[3]);
    });
}

/// Of those that write at once one is first each time, and the others look again.
#[test]
fn a_change_is_meant_for_a_version_keeps_the_provider_and_is_made_anew_after_a_lost_race() {
    kept(|desk| async move {
        desk.create(&gate()).await.unwrap();
        assert_eq!(desk.switch("gate", false, Some(7)).await, Err(WalletError::VersionConflict(1)));
        let elsewhere = |before: &Definition| Definition { provider: "gate2".to_owned(), ..before.clone() };
        let other = desk.change("gate", elsewhere, None).await;
        assert!(matches!(other, Err(WalletError::Bad(BadMember { field, .. })) if field == "provider"));
        assert_eq!(desk.switch("gate", true, None).await.unwrap().version, 1, "nothing was to be changed");
        let named = |number: u32| desk.rename("gate", format!("Gate {number}"));
        let turns = DECISIONS_PER_RUN_MAX;
        let (rivals, last) = join(join_all((1..=turns).map(named)), named(turns + 1)).await;
        assert!(rivals.iter().all(Result::is_ok), "{rivals:?}");
        assert_eq!(last, Err(WalletError::Contended));
        let kept = desk.find("gate").await.unwrap();
        assert_eq!((kept.version, kept.definition.name), (1 + u64::from(turns), format!("Gate {turns}")));
    });
}

#[test]
fn there_is_an_end_of_their_number() {
    kept(|desk| async move {
        let built_in = BUILT_IN.split(' ').count();
        for number in built_in..WALLETS_MAX {
            desk.create(&Definition { provider: format!("gate{number}"), ..gate() }).await.unwrap();
        }
        assert_eq!(desk.create(&gate()).await, Err(WalletError::TooMany));
    });
}
