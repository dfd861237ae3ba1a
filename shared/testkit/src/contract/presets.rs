//! A preset changes on the version that was seen, and every version of it stays readable.

use super::{Given, Harness};
use app::ports::{Audit, KeptPreset, PageRequest};
use domain::clock::Millis;
use domain::preset::{PresetName, PresetRef};
use store::Engine;
use store::catalog::Catalog;

fn name(text: &str) -> PresetName {
    text.parse().unwrap()
}

fn version(given: &Given, of: &str, version: u64) -> KeptPreset {
    KeptPreset {
        user: given.user.clone(),
        at: PresetRef { name: name(of), version },
        document: format!(r#"{{"stop_loss_percent":{version}}}"#),
        created_at: given.now,
        updated_at: given.now.plus(Millis::seconds(i64::try_from(version).unwrap())),
        updated_by: given.user.clone(),
        deleted: false,
    }
}

async fn keep<D: Engine>(store: &D, given: &Given, preset: &KeptPreset, seen: Option<u64>) -> bool {
    let audit = Audit { after: Some(preset.at.version.to_string()), ..given.audit("change preset", &preset.at.name) };
    let kept = Catalog(store).keep_preset(preset, seen, &audit).await.unwrap();
    // Once more under its own stamp: what was kept was kept, and what was refused is refused.
    assert_eq!(Catalog(store).keep_preset(preset, seen, &audit).await, Ok(kept));
    kept
}

pub async fn a_preset_is_found_by_its_user_and_name<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let stranger = Given::nobody(harness);
    let first = version(&given, "grid", 1);
    assert_eq!(Catalog(store).load_preset(&given.user, &name("grid")).await, Ok(None));
    assert!(keep(store, &given, &first, None).await);
    assert_eq!(Catalog(store).load_preset(&given.user, &name("grid")).await, Ok(Some(first)));
    assert_eq!(Catalog(store).load_preset(&given.user, &name("gri")).await, Ok(None));
    assert_eq!(Catalog(store).load_preset(&stranger.user, &name("grid")).await, Ok(None));
}

pub async fn a_preset_changes_on_the_version_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (first, second) = (version(&given, "grid", 1), version(&given, "grid", 2));
    assert!(keep(store, &given, &first, None).await);
    assert!(!keep(store, &given, &first, None).await, "it is there already");
    assert!(keep(store, &given, &second, Some(1)).await);
    assert!(!keep(store, &given, &version(&given, "grid", 3), Some(1)).await, "another was first");
    assert_eq!(Catalog(store).load_preset(&given.user, &name("grid")).await, Ok(Some(second)));
}

pub async fn every_version_of_a_preset_stays_readable<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let versions = [version(&given, "grid", 1), version(&given, "grid", 2), version(&given, "grid", 3)];
    let mut seen = None;
    for preset in &versions {
        assert!(keep(store, &given, preset, seen).await);
        seen = Some(preset.at.version);
    }
    assert!(keep(store, &given, &version(&given, "grid-2", 1), None).await);
    let page = async |cursor| {
        let page = PageRequest { limit: 2, cursor };
        Catalog(store).list_preset_versions(&given.user, &name("grid"), &page).await.unwrap()
    };
    let newest = page(None).await;
    assert_eq!(newest.items, [versions[2].clone(), versions[1].clone()]);
    let rest = page(newest.next).await;
    assert_eq!((rest.items, rest.next), (vec![versions[0].clone()], None));
}

pub async fn presets_are_listed_by_name_without_those_taken_away<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    for of in ["b", "c", "a"] {
        assert!(keep(store, &given, &version(&given, of, 1), None).await);
    }
    let gone = KeptPreset { deleted: true, ..version(&given, "b", 2) };
    assert!(keep(store, &given, &gone, Some(1)).await);
    let listed = Catalog(store).list_presets(&given.user).await.unwrap();
    assert_eq!(listed, [version(&given, "a", 1), version(&given, "c", 1)]);
    assert_eq!(Catalog(store).load_preset(&given.user, &name("b")).await, Ok(Some(gone)));
    let again = version(&given, "b", 3);
    assert!(keep(store, &given, &again, Some(2)).await);
    assert_eq!(Catalog(store).load_preset(&given.user, &name("b")).await, Ok(Some(again)));
    assert_eq!(Catalog(store).list_presets(&given.user).await.unwrap().len(), 3);
}
