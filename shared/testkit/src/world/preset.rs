//! Presets.

use super::World;
use app::ports::{Audit, KeepPreset, KeptPreset, ListPresets, LoadPreset, Page, PageRequest, StoreError};
use domain::ids::UserId;
use domain::preset::PresetName;
use store::catalog::Catalog;

impl LoadPreset for World {
    async fn load_preset(&self, user: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError> {
        Catalog(self).load_preset(user, name).await
    }
}

impl ListPresets for World {
    async fn list_presets(&self, user: &UserId) -> Result<Vec<KeptPreset>, StoreError> {
        Catalog(self).list_presets(user).await
    }

    async fn list_preset_versions(
        &self,
        user: &UserId,
        name: &PresetName,
        page: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError> {
        Catalog(self).list_preset_versions(user, name, page).await
    }
}

impl KeepPreset for World {
    async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        Catalog(self).keep_preset(preset, seen, audit).await
    }
}
