//! Runs over rows in memory. What endpoints are asked is tried where they are served: on the local stack.

use super::*;
use app::actor::Act;
use app::ports::Secret;
use app::whales::sources::{AskedAt, NewSource, Sources};
use credentials::AesGcm;
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, UserId};
use domain::whale::{Blockchain, Watch};
use store::whale::Whales;
use testkit::kms::MemoryKms;
use testkit::world::{DEPLOYMENT, World};
use wire::whale::WhaleEventDetail;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// Nothing is published here.
struct Bus;

impl PublishWhaleAlert for Bus {
    async fn publish_whale_alert(&self, _: &WhaleEventDetail, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("nothing is seen")
    }
}

fn watcher<'a, V>(
    deps: &'a World,
    vault: &'a V,
    labels: &'a LoadedLabels,
    client: &'a Client,
) -> Watcher<'a, World, V, Bus> {
    Watcher { deps, vault, bus: &Bus, minimum: MINIMUM_USD.parse().unwrap(), labels, client }
}

fn event() -> WatchWhales {
    serde_json::from_str(include_str!("../../../events/whale-watch/minute.v1.json")).unwrap()
}

/// What a run over these sources has come to, and what their rows say then.
fn run(kms: MemoryKms, prepare: impl AsyncFnOnce(&World) + 'static) -> (Result<(), String>, Vec<Option<Watch>>) {
    let (world, runtime) = (World::calm_at(AT), tokio::runtime::Builder::new_current_thread().enable_time().build());
    let (inner, runtime) = (world.clone(), runtime.unwrap());
    let _entered = runtime.enter();
    world.sim().block_on("run", async move {
        prepare(&inner).await;
        let vault = app::vault::Vault::new(kms, inner.clone(), AesGcm, DEPLOYMENT);
        let (labels, client) = (LoadedLabels::default(), Client::new(false, LIMITS));
        let watcher = watcher(&inner, &vault, &labels, &client);
        let invocation = Invocation::begin("test", AT, AT.plus(Millis::seconds(30))).unwrap();
        let done = watcher.run(event(), &invocation).await.map(drop).map_err(|error| error.to_string());
        let mut watches = Vec::new();
        for source in Vault(&inner).list_sources().await.unwrap() {
            watches.push(Whales(&inner).load_watch(&source.id.0).await.unwrap());
        }
        (done, watches)
    })
}

/// A source whose endpoints are on this machine, which is asked on a local stack alone.
async fn keep(world: &World, kms: &MemoryKms, name: &str, enabled: bool) -> WhaleSource {
    let vault = app::vault::Vault::new(kms.clone(), (), AesGcm, DEPLOYMENT);
    let (user, attempt) = (UserId::of(&["ann"]), AttemptId::new(name.to_owned()));
    let act = Act { user: &user, attempt: &attempt, now: AT, address: None, actor: Actor::Person };
    let endpoints = ["http://127.0.0.1:1/s3cret", "http://127.0.0.1:2"].map(|url| url.parse().unwrap()).to_vec();
    let (kind, chain) = (SourceKind::JsonRpc, Blockchain::Ethereum);
    let asked_at = AskedAt { endpoints, api_key: None::<Secret> };
    let new = NewSource { name: name.to_owned(), kind, chain, enabled, reads_native: true, asked_at };
    Sources { deps: world, vault: &vault, is_local: true }.create(&new, act).await.unwrap().source
}

fn faults(watches: &[Option<Watch>]) -> Vec<&str> {
    watches.iter().map(|watch| watch.as_ref().map_or("none", |watch| &watch.fault.as_ref().unwrap().fault)).collect()
}

#[test]
fn without_an_enabled_source_nothing_is_done() {
    let kms = MemoryKms::new(true);
    let own = kms.clone();
    let (done, watches) = run(kms, async move |world| drop(keep(world, &own, "off", false).await));
    assert_eq!((done, faults(&watches)), (Ok(()), vec!["none"]));
}

#[test]
fn source_that_fails_says_so_in_its_row_and_its_key_was_opened_on_record() {
    let kms = MemoryKms::new(true);
    let own = kms.clone();
    let (done, watches) = run(kms, async move |world| {
        let source = keep(world, &own, "nodes", true).await;
        assert!(Vault(world).list_leases(&source.secret.id.0).await.unwrap().is_empty());
    });
    // Off this machine, loopback is asked nothing.
    assert_eq!((done, faults(&watches)), (Ok(()), vec!["unreachable"]));
    let again_at = watches[0].as_ref().unwrap().fault.as_ref().unwrap().again_at;
    assert!(again_at >= AT);
}

#[test]
fn what_was_sealed_for_another_source_opens_nothing() {
    let kms = MemoryKms::new(true);
    let own = kms.clone();
    let (done, watches) = run(kms, async move |world| {
        let (one, other) = (keep(world, &own, "one", false).await, keep(world, &own, "other", true).await);
        let copied = WhaleSource { secret: one.secret.clone(), version: 2, ..other.clone() };
        let audit = app::ports::Audit {
            user: UserId::of(&["ann"]),
            action: "seed".to_owned(),
            resource: "a source".to_owned(),
            reason: "a test".to_owned(),
            before: None,
            after: None,
            at: AT,
            attempt: AttemptId::new("copied".to_owned()),
            address: None,
            actor: None,
        };
        assert!(Vault(world).keep_source(&copied, Some(1), &[], &audit).await.unwrap());
    });
    let mut told = faults(&watches);
    told.sort_unstable();
    assert_eq!((done, told), (Ok(()), vec!["none", "sealed"]));
}

#[test]
fn what_is_sealed_is_moved_under_the_key_that_is_used_now_and_opens_still() {
    for rewraps in [true, false] {
        let (world, kms) = (World::calm_at(AT), MemoryKms::new(rewraps));
        let inner = world.clone();
        world.sim().block_on("reseal", async move {
            keep(&inner, &kms, "on", true).await;
            keep(&inner, &kms, "off", false).await;
            kms.rotate("second");
            let vault = app::vault::Vault::new(kms.clone(), inner.clone(), AesGcm, DEPLOYMENT);
            let (labels, client) = (LoadedLabels::default(), Client::new(false, LIMITS));
            let watcher = watcher(&inner, &vault, &labels, &client);
            let invocation = Invocation::begin("test", AT, AT.plus(Millis::seconds(30))).unwrap();
            let work = || serde_json::from_str(include_str!("../../../events/whale-watch/reseal.v1.json")).unwrap();
            for (moved, stays) in [(2, 0), (0, 2)] {
                let done = watcher.run(work(), &invocation).await.unwrap().unwrap();
                assert_eq!((done.moved, done.stays, done.failed), (moved, stays, 0), "{rewraps}: {done:?}");
            }
            for source in Vault(&inner).list_sources().await.unwrap() {
                assert_eq!(source.version, 2, "a change on the version before is refused");
                let opened = watcher.opened(&source, &invocation).await.unwrap();
                assert_eq!(opened.map(|(_, endpoints)| endpoints.len()), Some(2));
            }
        });
    }
}

#[test]
fn newer_callers_event_is_not_guessed_at() {
    let work: WatchWhales = serde_json::from_str(r#"{"v": 2, "type": "minute"}"#).unwrap();
    assert!(work.known().is_err());
}
