use crate::given::{account, act, played};
use app::ports::{KeptRoute, Standing};
use app::routes::{self, Put, RouteError};
use domain::chain::HeldAddress;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::limits;
use domain::route::{Route, RouteName};
use domain::vault::{AccountState, Mode};
use futures_util::future::{join, join_all};
use testkit::world::World;

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

/// Where a user keeps routes.
struct Shelf(World);

impl Shelf {
    async fn create(&self, of: &str, route: &Route) -> Result<KeptRoute, RouteError> {
        routes::create(&self.0, &name(of), route, act(NOW)).await
    }

    async fn put(&self, to: &str, route: &Route, seen: Option<u64>) -> Result<Put, RouteError> {
        routes::put(&self.0, &name(to), route, seen, act(NOW)).await
    }

    async fn delete(&self, of: &str, seen: Option<u64>) -> Result<(), RouteError> {
        routes::delete(&self.0, &name(of), seen, act(NOW)).await
    }

    async fn find(&self, of: &str) -> Result<KeptRoute, RouteError> {
        routes::find(&self.0, &name(of), act(NOW)).await
    }

    async fn list(&self) -> Vec<KeptRoute> {
        routes::list(&self.0, act(NOW)).await.unwrap()
    }
}

/// Two accounts of one's own at the paper venue, two at Binance, of which one is for tests, and one that only looks at an address.
fn shelved<F: Future<Output = ()> + 'static>(work: impl FnOnce(Shelf) -> F) {
    let world = World::calm_at(NOW);
    for (label, exchange, mode) in ACCOUNTS {
        let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
        let held = HeldAddress { address, proven_at: None, challenge: None, fault: None };
        let address = (exchange == "ETHEREUM").then_some(held);
        let account = account(exchange, label, NOW);
        world.put_account(&account, Standing { enabled: true, validated: true });
        world.put_state(&account.id, &AccountState { mode: Some(mode), address, ..AccountState::default() });
    }
    played(&world, |world| work(Shelf(world)));
}

const ACCOUNTS: [(&str, &str, Mode); 5] = [
    ("a", "PAPER", Mode::Paper),
    ("b", "PAPER", Mode::Paper),
    ("live", "BINANCE", Mode::Live),
    ("testnet", "BINANCE", Mode::Testnet),
    ("looking", "ETHEREUM", Mode::Live),
];

fn id(label: &str) -> AccountId {
    let known = ACCOUNTS.into_iter().find(|(known, ..)| *known == label);
    known.map_or_else(|| AccountId::of(&[label]), |(label, exchange, _)| account(exchange, label, NOW).id)
}

fn name(text: &str) -> RouteName {
    text.parse().unwrap()
}

fn within(slippage: &str, accounts: &[&str], split: bool) -> Route {
    Route::new(accounts.iter().map(|of| id(of)).collect(), slippage.parse().unwrap(), split).unwrap()
}

fn among(accounts: &[&str], split: bool) -> Route {
    within("0.5", accounts, split)
}

#[test]
fn a_route_is_kept_changed_and_taken_away_on_record() {
    shelved(|shelf| async move {
        let (first, second) = (among(&["a", "b"], false), among(&["b", "a"], true));
        assert_eq!(shelf.find("best").await, Err(RouteError::Unknown), "there is none by itself");
        assert_eq!(shelf.create("best", &first).await.unwrap().at.version, 1);
        assert_eq!(shelf.create("best", &second).await, Err(RouteError::Duplicate));
        assert_eq!(shelf.put("best", &second, Some(7)).await, Err(RouteError::VersionConflict(1)));
        let changed = shelf.put("best", &second, Some(1)).await;
        assert!(matches!(changed, Ok(Put::Replaced(kept)) if kept.at.version == 2));
        assert!(matches!(shelf.put("best", &second, None).await, Ok(Put::Same(kept)) if kept.at.version == 2));
        assert_eq!(shelf.list().await.len(), 1);
        assert_eq!(shelf.delete("best", Some(1)).await, Err(RouteError::VersionConflict(2)));
        shelf.delete("best", Some(2)).await.unwrap();
        assert_eq!(shelf.delete("best", None).await, Err(RouteError::Unknown));
        let again = shelf.put("best", &first, Some(0)).await;
        assert!(matches!(again, Ok(Put::Created(kept)) if kept.at.version == 4));
        let told: Vec<_> = shelf.0.table().audits().map(|audit| (audit.action, audit.after)).collect();
        let said = |accounts: [&str; 2], version: u32, split: &str| {
            Some(format!("version {version}: {}, {} within 0.5 %{split}", id(accounts[0]), id(accounts[1])))
        };
        let expected = [
            ("create route", said(["a", "b"], 1, "")),
            ("change route", said(["b", "a"], 2, ", split")),
            ("delete route", Some("version 3, deleted".to_owned())),
            ("create route", said(["a", "b"], 4, "")),
        ];
        assert_eq!(told, expected.map(|(action, after)| (action.to_owned(), after)));
    });
}

#[test]
fn its_accounts_are_ones_own_can_trade_and_are_in_one_mode() {
    shelved(|shelf| async move {
        let refused = async |accounts: &[&str]| shelf.create("r", &among(accounts, true)).await.unwrap_err();
        assert_eq!(refused(&["a", "foreign"]).await, RouteError::NoAccount(id("foreign")));
        assert_eq!(refused(&["live", "looking"]).await, RouteError::CannotTrade(id("looking")));
        assert_eq!(refused(&["live", "testnet"]).await, RouteError::Modes(id("testnet"), id("live")));
        assert_eq!(refused(&["a", "live"]).await, RouteError::Modes(id("live"), id("a")));
        assert_eq!(shelf.list().await, []);
    });
}

#[test]
fn no_more_are_kept_than_may_be() {
    shelved(|shelf| async move {
        let route = among(&["a", "b"], true);
        for number in 0..limits::ROUTES_PER_USER_MAX {
            shelf.create(&format!("r{number}"), &route).await.unwrap();
        }
        assert_eq!(shelf.create("more", &route).await, Err(RouteError::TooMany));
        assert_eq!(shelf.put("more", &route, None).await, Err(RouteError::TooMany));
    });
}

/// Of those that write at once one is first each time, and the others look again.
#[test]
fn a_lost_race_is_decided_anew_and_not_for_ever() {
    shelved(|shelf| async move {
        let route = |number: u32| within(&format!("0.{number}"), &["a", "b"], false);
        let put = async |number| shelf.put("best", &route(number), None).await;
        let turns = limits::DECISIONS_PER_RUN_MAX;
        shelf.create("best", &among(&["b", "a"], false)).await.unwrap();
        let (rivals, last) = join(join_all((1..=turns).map(put)), put(turns + 1)).await;
        assert!(rivals.iter().all(Result::is_ok), "{rivals:?}");
        assert_eq!(last, Err(RouteError::Contended));
        let kept = shelf.find("best").await.unwrap();
        assert_eq!((kept.at.version, kept.route), (1 + u64::from(turns), route(turns)));
    });
}
