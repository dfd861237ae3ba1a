//! Presets: the newest row of each name, and every version beside it.

use super::World;
use super::item::{Item, key};
use super::readback::paged;
use super::table::{Action, Refused};
use crate::sim::Op;
use app::ports::{Audit, KeepPreset, KeptPreset, ListPresets, LoadPreset, Page, PageRequest, StoreError};
use domain::ids::UserId;
use domain::preset::PresetName;

impl LoadPreset for World {
    async fn load_preset(&self, user: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError> {
        self.call(Op::read("load_preset"), |world| world.table().get(&key::preset(user, name)).and_then(preset)).await
    }
}

impl ListPresets for World {
    async fn list_presets(&self, user: &UserId) -> Result<Vec<KeptPreset>, StoreError> {
        self.call(Op::read("list_presets"), |world| {
            let kept: Vec<_> = world.table().prefixed(key::presets(user)).filter_map(preset).collect();
            kept.into_iter().filter(|preset| !preset.deleted).collect()
        })
        .await
    }

    async fn list_preset_versions(
        &self,
        user: &UserId,
        name: &PresetName,
        page: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError> {
        let versions = self
            .call(Op::read("list_preset_versions"), |world| {
                world.table().prefixed(key::preset_versions(user, name)).filter_map(preset).collect()
            })
            .await?;
        Ok(paged(versions, page, |preset: &KeptPreset| format!("{:012}", preset.at.version)))
    }
}

impl KeepPreset for World {
    async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_preset"), |world| {
            let newest = Action {
                key: key::preset(&preset.user, &preset.at.name),
                guard: Box::new(move |row| row.and_then(self::preset).map(|row| row.at.version) == seen),
                write: super::table::Write::Put(Item::Preset(preset.clone())),
            };
            let version = key::preset_version(&preset.user, &preset.at);
            let version = Action::put_on_absence(version, Item::Preset(preset.clone()));
            let record = Action::put(key::audit(audit), Item::Audit(audit.clone()));
            let now = world.sim().now();
            match world.table_mut().transact(vec![newest, version, record], Some(&audit.attempt), now) {
                Ok(()) => Ok(true),
                Err(Refused::Guard) => Ok(false),
                Err(Refused::Limit(what)) => {
                    world.sim().violation(&*what);
                    Err(StoreError::Unavailable(what))
                }
            }
        })
        .await
    }
}

fn preset(item: &Item) -> Option<KeptPreset> {
    if let Item::Preset(preset) = item { Some(preset.clone()) } else { None }
}
