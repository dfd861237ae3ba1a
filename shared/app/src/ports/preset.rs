//! What users keep of their own settings.

use super::{Audit, Page, PageRequest, StoreError};
use domain::ids::UserId;
use domain::preset::PresetName;

use store::Engine;
use store::catalog::Catalog;

pub use store::catalog::KeptPreset;

pub trait LoadPreset {
    /// The newest version, a deleted one too.
    async fn load_preset(&self, user: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError>;
}

pub trait ListPresets {
    /// The newest version of each by name, without the deleted ones; as they are now.
    async fn list_presets(&self, user: &UserId) -> Result<Vec<KeptPreset>, StoreError>;

    /// Every version that a name had, newest first; as they are now.
    async fn list_preset_versions(
        &self,
        user: &UserId,
        name: &PresetName,
        page: &PageRequest,
    ) -> Result<Page<KeptPreset>, StoreError>;
}

pub trait KeepPreset {
    /// Puts a version in the place of the one that was seen, beside those before it, with an audit row; false where
    /// another version stands.
    async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError>;
}

impl<E: Engine> LoadPreset for E {
    async fn load_preset(&self, user: &UserId, name: &PresetName) -> Result<Option<KeptPreset>, StoreError> {
        Catalog(self).load_preset(user, name).await
    }
}

impl<E: Engine> ListPresets for E {
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

impl<E: Engine> KeepPreset for E {
    async fn keep_preset(&self, preset: &KeptPreset, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        Catalog(self).keep_preset(preset, seen, audit).await
    }
}
