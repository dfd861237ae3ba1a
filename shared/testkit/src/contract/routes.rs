//! A route changes on the version that was seen; parts of an alert are kept with its verdict or not at all.

use super::{Given, Harness};
use app::commit::{Change, Replaces};
use app::ports::{Audit, CommitError, KeptRoute};
use domain::clock::Millis;
use domain::delivery::{Delivery, VerdictKind};
use domain::ids::AccountId;
use domain::limits;
use domain::preset::TradePlan;
use domain::route::{Entry, Figures, Part, ReckonedFee, Route, RouteName, RouteRef, Routing};
use store::Engine;
use store::trading::Trading;

fn name(text: &str) -> RouteName {
    text.parse().unwrap()
}

fn version(given: &Given, of: &str, version: u64) -> KeptRoute {
    let accounts = ["b", "a", "c"].map(|account| AccountId::of(&[account]));
    let slippage = version.to_string().parse().unwrap();
    KeptRoute {
        user: given.user.clone(),
        at: RouteRef { name: name(of), version },
        route: Route::new(accounts.to_vec(), slippage, version == 2).unwrap(),
        created_at: given.now,
        updated_at: given.now.plus(Millis::seconds(i64::try_from(version).unwrap())),
        updated_by: given.user.clone(),
        deleted: false,
    }
}

async fn keep<D: Engine>(store: &D, given: &Given, route: &KeptRoute, seen: Option<u64>) -> bool {
    let audit = Audit { after: Some(route.at.version.to_string()), ..given.audit("change route", &route.at.name) };
    let kept = Trading(store).keep_route(route, seen, &audit).await.unwrap();
    // Once more under its own stamp: what was kept was kept, and what was refused is refused.
    assert_eq!(Trading(store).keep_route(route, seen, &audit).await, Ok(kept));
    kept
}

pub async fn a_route_changes_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let stranger = Given::nobody(harness);
    let (first, second) = (version(&given, "best", 1), version(&given, "best", 2));
    assert_eq!(Trading(store).load_route(&given.user, &name("best")).await, Ok(None));
    assert!(keep(store, &given, &first, None).await);
    assert!(!keep(store, &given, &first, None).await, "it is there already");
    assert!(keep(store, &given, &second, Some(1)).await);
    assert!(!keep(store, &given, &version(&given, "best", 3), Some(1)).await, "another was first");
    assert_eq!(Trading(store).load_route(&given.user, &name("best")).await, Ok(Some(second)));
    assert_eq!(Trading(store).load_route(&given.user, &name("bes")).await, Ok(None));
    assert_eq!(Trading(store).load_route(&stranger.user, &name("best")).await, Ok(None));
}

pub async fn routes_are_listed_by_name_without_those_taken_away<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    for of in ["b", "c", "a"] {
        assert!(keep(store, &given, &version(&given, of, 1), None).await);
    }
    let gone = KeptRoute { deleted: true, ..version(&given, "b", 2) };
    assert!(keep(store, &given, &gone, Some(1)).await);
    assert_eq!(
        Trading(store).list_routes(&given.user).await.unwrap(),
        [version(&given, "a", 1), version(&given, "c", 1)]
    );
    assert_eq!(Trading(store).load_route(&given.user, &name("b")).await, Ok(Some(gone)));
    let again = version(&given, "b", 3);
    assert!(keep(store, &given, &again, Some(2)).await);
    assert_eq!(Trading(store).load_route(&given.user, &name("b")).await, Ok(Some(again)));
}

/// What one account does of it.
fn part(given: &Given, of: &Delivery, account: &str) -> Delivery {
    let figures = Figures {
        quantity: "0.5".parse().unwrap(),
        average: "100.5".parse().unwrap(),
        net: "100.6005".parse().unwrap(),
        worst: "101".parse().unwrap(),
        fee: Some(ReckonedFee::of(Some("0.001".parse().unwrap()), given.market.fee)),
    };
    let plan = domain::preset::Preset::built_in().unwrap().plan;
    let plan: TradePlan =
        plan.resolve(&given.market, domain::alert::Side::Long, figures.average, "1000".parse().unwrap()).unwrap();
    let entry = Entry { plan, preset: None, flags: Default::default(), figures, at: given.now };
    let route = RouteRef { name: name("best"), version: 1 };
    let part = Part { of: of.at.id.clone(), route, account: AccountId::of(&[account]), entry: Some(entry) };
    of.part(part, &given.market.key.exchange, account, given.now)
}

pub async fn parts_of_an_alert_are_kept_with_its_verdict_or_not_at_all<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let alert = given.delivery("routed", 0);
    Trading(store).put_delivery(&alert, &given.stamp()).await.unwrap();
    let parts = ["one", "other"].map(|account| part(&given, &alert, account));
    assert_ne!(parts[0].at.id, parts[1].at.id);
    let route = RouteRef { name: name("best"), version: 1 };
    let routing = Routing { route, touch: None, parts: Vec::new(), left_out: Vec::new() };
    let verdict = given.verdict(VerdictKind::Accepted).routed(routing);
    let judged = |delivery: &Delivery| Change::Verdict {
        delivery: Box::new(delivery.clone()),
        verdict: verdict.clone(),
        due_at: None,
        replaces: Replaces::Undecided,
    };
    let all = |delivery: &Delivery| {
        let parts = parts.iter().map(|part| Change::Deliver(Box::new(part.clone())));
        [judged(delivery)].into_iter().chain(parts).collect::<Vec<_>>()
    };
    let first = given.transaction(all(&alert));
    Trading(store).commit(&first).await.unwrap();
    // Its answer was lost: it is known by its stamp.
    Trading(store).commit(&first).await.unwrap();
    let kept = Trading(store).load_delivery(&alert.at).await.unwrap().unwrap();
    assert_eq!(kept.verdict, Some(verdict.clone()));
    for part in &parts {
        let kept = Trading(store).load_delivery(&part.at).await.unwrap().unwrap();
        assert_eq!((&kept, kept.due_at), (part, Some(given.now.plus(limits::DELIVERY_DUE))));
    }
    // Nobody shares it out again, and where its parts are there already its verdict is not written either.
    assert_eq!(Trading(store).commit(&given.transaction(all(&alert))).await, Err(CommitError::LostRace));
    let other = given.delivery("another", 0);
    Trading(store).put_delivery(&other, &given.stamp()).await.unwrap();
    assert_eq!(Trading(store).commit(&given.transaction(all(&other))).await, Err(CommitError::LostRace));
    assert_eq!(Trading(store).load_delivery(&other.at).await.unwrap().unwrap().verdict, None);
}
